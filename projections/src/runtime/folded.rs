//! Read models of one table whose rows are folded: what is known of the rows that a batch touches
//! is read, each event is applied to its row, and the rows are written.

use super::feed::{Change, ChangeKind};
use super::model::{Batch, Entry, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Rows, Table, upsert};
use async_trait::async_trait;
use domain::codec::EventCodec;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A row that events fold into.
pub(crate) trait Row:
    for<'r> FromRow<'r, PgRow> + Clone + Send + Sync + Unpin + 'static
{
    /// Name of the read model.
    const NAME: &'static str;
    /// Raise it when it folds otherwise than before.
    const VERSION: i32;
    /// The kind of stream whose events it is folded from; what changes are told of.
    const KIND: &'static str;
    /// The rows of the organization (`$1`) with these ids (`$2`).
    const KNOWN: &'static str;
    /// Its events.
    type Event: EventCodec + Send;

    /// The table.
    fn table() -> Table;

    /// Which row an event is about: that of its stream, as a rule.
    fn about(entry: &Entry, _event: &Self::Event) -> Uuid {
        entry.event.stream.0
    }

    /// The row of an id of which nothing is known yet.
    fn new(id: Uuid) -> Self;

    /// Its id.
    fn id(&self) -> Uuid;

    /// Applies an event, and says what that means to those who look at it; nothing, if nobody is
    /// to be told.
    fn apply(
        &mut self,
        batch: &Batch<'_>,
        entry: &Entry,
        event: Self::Event,
    ) -> Result<Option<ChangeKind>, Failure>;

    /// Writes its columns, those of the organization and the id included.
    fn write(&self, organization: Uuid, rows: &mut Rows);
}

/// Keeps the table of a kind of rows.
pub(crate) struct FoldedTable<R> {
    table: Table,
    rows: std::marker::PhantomData<fn() -> R>,
}

impl<R: Row> FoldedTable<R> {
    pub(crate) fn new() -> Self {
        Self { table: R::table(), rows: std::marker::PhantomData }
    }
}

/// Whether the first event of a stream made the thing, or a later one changed it.
pub(crate) fn made_or_changed(entry: &Entry) -> ChangeKind {
    if entry.event.version == 1 { ChangeKind::Created } else { ChangeKind::Changed }
}

#[async_trait]
impl<R: Row> ReadModel for FoldedTable<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn version(&self) -> i32 {
        R::VERSION
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.table.clone()]
    }

    fn wants(&self, kind: &str) -> bool {
        kind == R::KIND
    }

    fn on_poison(&self) -> OnPoison {
        OnPoison::ParkStream
    }

    async fn apply(
        &self,
        connection: &mut PgConnection,
        batch: &Batch<'_>,
        _mode: Mode,
    ) -> Result<Vec<Change>, Failure> {
        let mut events = Vec::with_capacity(batch.entries.len());
        for entry in &batch.entries {
            let event: R::Event = entry.event.decode().map_err(Failure::at(entry))?;
            events.push((R::about(entry, &event), *entry, event));
        }
        let touched = events.iter().map(|(id, ..)| *id).collect();
        let known: Vec<R> = batch.known(connection, R::KNOWN, touched).await?;
        let mut rows: BTreeMap<Uuid, R> = known.into_iter().map(|row| (row.id(), row)).collect();
        let mut changes: BTreeMap<Uuid, Change> = BTreeMap::new();
        for (id, entry, event) in events {
            let row = rows.entry(id).or_insert_with(|| R::new(id));
            let Some(kind) = row.apply(batch, entry, event)? else { continue };
            let change = entry.shared_change(R::KIND, kind);
            // What is new to those who look stays new, whatever else became of it in the batch.
            changes
                .entry(change.id)
                .and_modify(|seen| {
                    let new = seen.kind == ChangeKind::Created && kind == ChangeKind::Changed;
                    *seen = Change { kind: if new { seen.kind } else { kind }, ..change.clone() };
                })
                .or_insert(change);
        }
        let mut written = Rows::new(&self.table.columns);
        for row in rows.values() {
            row.write(batch.organization.0, &mut written);
        }
        upsert(connection, &self.table, written).await?;
        Ok(changes.into_values().collect())
    }
}
