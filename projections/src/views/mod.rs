//! Saved views: whose they are and what they look for.

mod queries;

pub use queries::{ViewQuery, ViewRow};

use crate::runtime::{Batch, ChangeKind, Entry, Failure, Row};
use crate::sql::{Access, Column, ColumnType, Rows, Table};
use chrono::DateTime;
use domain::aggregate::Aggregate as _;
use domain::ids::MemberId;
use domain::normalize;
use domain::view::{View, ViewEvent, Visibility};
use uuid::Uuid;

impl Row for ViewRow {
    const NAME: &'static str = "views";
    const VERSION: i32 = 1;
    const KIND: &'static str = View::KIND;
    const KNOWN: &'static str = queries::BY_IDS;
    type Event = ViewEvent;

    fn table() -> Table {
        Table {
            name: "views".to_owned(),
            columns: vec![
                Column::new("organization_id", ColumnType::Uuid).required(),
                Column::new("id", ColumnType::Uuid).required(),
                Column::new("version", ColumnType::Integer).required(),
                Column::new("record_type", ColumnType::Text).required().bytewise(),
                Column::new("owner_id", ColumnType::Uuid).required(),
                Column::new("shared", ColumnType::Boolean).required(),
                Column::new("deleted", ColumnType::Boolean).required(),
                Column::new("name", ColumnType::Text),
                Column::new("name_key", ColumnType::Text).required().bytewise(),
                // As text, just as they were saved: jsonb would refuse some characters.
                Column::new("criteria", ColumnType::Text).required(),
                Column::new("arrangement", ColumnType::Text).required(),
                Column::new("created_at", ColumnType::Timestamp).required(),
                Column::new("updated_at", ColumnType::Timestamp).required(),
            ],
            key: vec!["organization_id", "id"],
            access: Access::Owner,
            lookup: Vec::new(),
            indexes: Vec::new(),
            tuning: Vec::new(),
        }
    }

    fn new(id: Uuid) -> Self {
        Self {
            id,
            version: 0,
            view: View { owner: Some(MemberId(Uuid::nil())), ..View::default() },
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn apply(
        &mut self,
        _batch: &Batch<'_>,
        entry: &Entry,
        event: ViewEvent,
    ) -> Result<Option<ChangeKind>, Failure> {
        let was_shared = self.view.visibility == Visibility::Shared;
        self.view = std::mem::take(&mut self.view).evolve(event);
        self.version = entry.event.version;
        self.updated_at = entry.event.recorded_at;
        if self.version == 1 {
            self.created_at = self.updated_at;
        }
        // Of what is private nobody else is told.
        let told = was_shared || self.view.visibility == Visibility::Shared;
        Ok(told.then_some(match (self.version, self.view.deleted) {
            (1, _) => ChangeKind::Created,
            (_, true) => ChangeKind::Deleted,
            (_, false) => ChangeKind::Changed,
        }))
    }

    fn write(&self, organization: Uuid, rows: &mut Rows) {
        let state = &self.view;
        let name = state.name.as_deref();
        rows.uuid(Some(organization));
        rows.uuid(Some(self.id));
        rows.integer(Some(i32::try_from(self.version).unwrap_or(i32::MAX)));
        rows.text(Some(&state.record_type));
        rows.uuid(Some(state.owner.map_or(Uuid::nil(), |owner| owner.0)));
        rows.boolean(Some(state.visibility == Visibility::Shared));
        rows.boolean(Some(state.deleted));
        rows.text(name);
        rows.text(Some(&normalize::search_key(name.unwrap_or_default())));
        // Texts, numbers and lists of them always serialise.
        rows.text(Some(&serde_json::to_string(&state.criteria).unwrap_or_default()));
        rows.text(Some(&serde_json::to_string(&state.arrangement).unwrap_or_default()));
        rows.timestamp(Some(self.created_at));
        rows.timestamp(Some(self.updated_at));
    }
}
