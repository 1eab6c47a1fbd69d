//! Pick-lists: the values of every list, for labels and choices.

mod queries;

pub use queries::ChoiceRow;

use crate::runtime::{Batch, Change, ChangeKind, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Access, Column, ColumnType, Rows, Table, upsert};
use async_trait::async_trait;
use domain::ids::ChoiceId;
use domain::picklist::PicklistEvent;
use sqlx::{FromRow, PgConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Keeps the table of values.
pub(crate) struct Picklists {
    table: Table,
}

#[derive(Clone, Debug, FromRow)]
struct Choice {
    id: Uuid,
    list: String,
    key: Option<String>,
    label: String,
    archived: bool,
    position: i64,
}

impl Picklists {
    pub(crate) fn new() -> Self {
        let table = Table {
            name: "picklist_values".to_owned(),
            columns: vec![
                Column::new("organization_id", ColumnType::Uuid).required(),
                Column::new("id", ColumnType::Uuid).required(),
                Column::new("list", ColumnType::Text).required().bytewise(),
                Column::new("key", ColumnType::Text),
                Column::new("label", ColumnType::Text).required(),
                Column::new("archived", ColumnType::Boolean).required(),
                // Where in the log it was added: the order in which people made them.
                Column::new("position", ColumnType::Bigint).required(),
            ],
            key: vec!["organization_id", "id"],
            access: Access::Organization,
            lookup: Vec::new(),
            indexes: Vec::new(),
            tuning: Vec::new(),
        };
        Self { table }
    }
}

fn changed(event: &PicklistEvent) -> ChoiceId {
    match event {
        PicklistEvent::ValueAdded { id, .. }
        | PicklistEvent::ValueRenamed { id, .. }
        | PicklistEvent::ValueArchived { id, .. }
        | PicklistEvent::ValueUnarchived { id, .. } => *id,
    }
}

#[async_trait]
impl ReadModel for Picklists {
    fn name(&self) -> &'static str {
        "picklists"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.table.clone()]
    }

    fn wants(&self, kind: &str) -> bool {
        kind == "picklist"
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
            let event: PicklistEvent = entry.event.decode().map_err(Failure::at(entry))?;
            events.push((*entry, event));
        }
        let touched: Vec<Uuid> = events.iter().map(|(_, event)| changed(event).0).collect();
        let sql = "SELECT id, list, key, label, archived, position FROM picklist_values \
                    WHERE organization_id = $1 AND id = ANY ($2)";
        let rows: Vec<Choice> = batch.known(connection, sql, touched).await?;
        let mut choices: BTreeMap<Uuid, Choice> = rows.into_iter().map(|c| (c.id, c)).collect();
        let mut changes: BTreeMap<Uuid, Change> = BTreeMap::new();
        for (entry, event) in events {
            let id = changed(&event).0;
            match event {
                PicklistEvent::ValueAdded { list, label, key, .. } => {
                    let position = i64::try_from(entry.event.position).unwrap_or(i64::MAX);
                    let list = list.as_str().to_owned();
                    choices.insert(id, Choice { id, list, key, label, archived: false, position });
                }
                PicklistEvent::ValueRenamed { now, .. } => {
                    choices.entry(id).and_modify(|choice| choice.label = now);
                }
                PicklistEvent::ValueArchived { .. } => {
                    choices.entry(id).and_modify(|choice| choice.archived = true);
                }
                PicklistEvent::ValueUnarchived { .. } => {
                    choices.entry(id).and_modify(|choice| choice.archived = false);
                }
            }
            let change = entry.shared_change("picklist", ChangeKind::Changed);
            changes.insert(change.id, change);
        }
        let mut rows = Rows::new(&self.table.columns);
        for choice in choices.values() {
            rows.uuid(Some(batch.organization.0));
            rows.uuid(Some(choice.id));
            rows.text(Some(&choice.list));
            rows.text(choice.key.as_deref());
            rows.text(Some(&choice.label));
            rows.boolean(Some(choice.archived));
            rows.bigint(Some(choice.position));
        }
        upsert(connection, &self.table, rows).await?;
        Ok(changes.into_values().collect())
    }
}
