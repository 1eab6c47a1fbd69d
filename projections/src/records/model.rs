//! The read model of one record type.

use super::fold::{Slot, State};
use super::layout::Layout;
use super::{row, write};
use crate::runtime::{AsOfModel, Batch, Change, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Table, quoted};
use async_trait::async_trait;
use domain::catalogue::{Catalogue, FieldIndex};
use domain::record::{RecordEvent, RecordType};
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;
use uuid::Uuid;

/// Keeps the tables of one record type.
pub(crate) struct RecordTable<R: RecordType> {
    layout: Arc<Layout>,
    record: PhantomData<R>,
}

impl<R: RecordType> RecordTable<R> {
    pub(crate) fn new() -> Self {
        Self { layout: Layout::of::<R>(), record: PhantomData }
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The rows of records that exist before the batch.
    async fn load(
        &self,
        connection: &mut PgConnection,
        organization: Uuid,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, State<R>>, sqlx::Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let fields: Vec<FieldIndex> = R::Fields::indices().collect();
        let sql = format!(
            "SELECT {columns} FROM unnest($2::uuid[]) AS k (id) CROSS JOIN LATERAL \
             (SELECT * FROM {table} AS t WHERE t.organization_id = $1 AND t.id = k.id LIMIT 1) AS r",
            columns = row::select_list(&self.layout, &fields, "r"),
            table = quoted(R::PLURAL),
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(organization)
            .bind(ids)
            .fetch_all(connection)
            .await?;
        rows.iter()
            .map(|row| {
                let row = row::decode(row, &self.layout, &fields)?;
                let mut values = R::Fields::default();
                for (field, value) in row.values {
                    values.set(field, Some(value));
                }
                let state = State {
                    fields: values,
                    version: row.version,
                    created_at: row.created_at,
                    created_by: row.created_by,
                    updated_at: row.updated_at,
                    updated_by: row.updated_by,
                    deleted_at: row.deleted_at,
                };
                Ok((row.id, state))
            })
            .collect()
    }
}

#[async_trait]
impl<R: RecordType> ReadModel for RecordTable<R> {
    fn name(&self) -> &'static str {
        R::PLURAL
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.layout.records.clone(), self.layout.counts.clone()]
    }

    fn wants(&self, kind: &str) -> bool {
        kind == R::KIND
    }

    fn on_poison(&self) -> OnPoison {
        OnPoison::ParkStream
    }

    fn as_of(&self) -> Option<&dyn AsOfModel> {
        Some(self)
    }

    async fn apply(
        &self,
        connection: &mut PgConnection,
        batch: &Batch<'_>,
        mode: Mode,
    ) -> Result<Vec<Change>, Failure> {
        let organization = batch.organization.0;
        // In the order of first appearance, so that what is written does not depend on hashing.
        let mut ids: Vec<Uuid> = Vec::new();
        let mut places: HashMap<Uuid, usize> = HashMap::new();
        let mut known: Vec<Uuid> = Vec::new();
        for entry in &batch.entries {
            let id = entry.event.stream.0;
            places.entry(id).or_insert_with(|| {
                ids.push(id);
                if entry.event.version > 1 {
                    known.push(id);
                }
                ids.len() - 1
            });
        }
        let mut rows = self.load(connection, organization, &known).await?;
        let mut slots: Vec<Slot<R>> =
            ids.into_iter().map(|id| Slot::new(id, rows.remove(&id))).collect();
        for entry in &batch.entries {
            let event: RecordEvent<R> = entry.event.decode().map_err(Failure::at(entry))?;
            if let Some(place) = places.get(&entry.event.stream.0) {
                slots[*place].evolve(entry, event)?;
            }
        }
        write::records(connection, &self.layout, organization, &slots, mode).await?;
        write::counts(connection, &self.layout, organization, &slots).await?;
        Ok(slots.iter().filter_map(Slot::change).collect())
    }
}
