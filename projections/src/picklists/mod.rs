//! Pick-lists: the values of every list, for labels and choices.

mod queries;

pub use queries::ChoiceRow;

use crate::runtime::{Batch, ChangeKind, Entry, Failure, Row};
use crate::sql::{Access, Column, ColumnType, Rows, Table};
use domain::picklist::PicklistEvent;
use sqlx::FromRow;
use uuid::Uuid;

/// A row as it is kept.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Choice {
    id: Uuid,
    list: String,
    key: Option<String>,
    label: String,
    archived: bool,
    position: i64,
}

impl Row for Choice {
    const NAME: &'static str = "picklists";
    const VERSION: i32 = 1;
    const KIND: &'static str = "picklist";
    const KNOWN: &'static str = "SELECT id, list, key, label, archived, position \
           FROM picklist_values WHERE organization_id = $1 AND id = ANY ($2)";
    type Event = PicklistEvent;

    fn table() -> Table {
        Table {
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
        }
    }

    /// A list is one stream, each of its values a row.
    fn about(_entry: &Entry, event: &PicklistEvent) -> Uuid {
        match event {
            PicklistEvent::ValueAdded { id, .. }
            | PicklistEvent::ValueRenamed { id, .. }
            | PicklistEvent::ValueArchived { id, .. }
            | PicklistEvent::ValueUnarchived { id, .. } => id.0,
        }
    }

    fn new(id: Uuid) -> Self {
        let (list, label) = (String::new(), String::new());
        Self { id, list, key: None, label, archived: false, position: 0 }
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn apply(
        &mut self,
        _batch: &Batch<'_>,
        entry: &Entry,
        event: PicklistEvent,
    ) -> Result<Option<ChangeKind>, Failure> {
        match event {
            PicklistEvent::ValueAdded { list, label, key, .. } => {
                let position = i64::try_from(entry.event.position).unwrap_or(i64::MAX);
                let list = list.as_str().to_owned();
                *self = Self { list, key, label, position, ..Self::new(self.id) };
            }
            PicklistEvent::ValueRenamed { now, .. } => self.label = now,
            PicklistEvent::ValueArchived { .. } => self.archived = true,
            PicklistEvent::ValueUnarchived { .. } => self.archived = false,
        }
        Ok(Some(ChangeKind::Changed))
    }

    fn write(&self, organization: Uuid, rows: &mut Rows) {
        rows.uuid(Some(organization));
        rows.uuid(Some(self.id));
        rows.text(Some(&self.list));
        rows.text(self.key.as_deref());
        rows.text(Some(&self.label));
        rows.boolean(Some(self.archived));
        rows.bigint(Some(self.position));
    }
}
