//! Saved views: whose they are and what they look for.

mod queries;

pub use queries::{ViewQuery, ViewRow};

use crate::runtime::{Batch, Change, ChangeKind, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Access, Column, ColumnType, Rows, Table, upsert};
use async_trait::async_trait;
use domain::aggregate::Aggregate as _;
use domain::ids::MemberId;
use domain::normalize;
use domain::view::{View, ViewEvent, Visibility};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Keeps the table of views.
pub(crate) struct Views {
    table: Table,
}

impl Views {
    pub(crate) fn new() -> Self {
        let table = Table {
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
        };
        Self { table }
    }

    fn row(&self, organization: Uuid, views: &BTreeMap<Uuid, ViewRow>) -> Rows {
        let mut rows = Rows::new(&self.table.columns);
        for view in views.values() {
            let state = &view.view;
            let name = state.name.as_deref();
            rows.uuid(Some(organization));
            rows.uuid(Some(view.id));
            rows.integer(Some(i32::try_from(view.version).unwrap_or(i32::MAX)));
            rows.text(Some(&state.record_type));
            rows.uuid(Some(state.owner.map_or(Uuid::nil(), |owner| owner.0)));
            rows.boolean(Some(state.visibility == Visibility::Shared));
            rows.boolean(Some(state.deleted));
            rows.text(name);
            rows.text(Some(&normalize::search_key(name.unwrap_or_default())));
            // Texts, numbers and lists of them always serialise.
            rows.text(Some(&serde_json::to_string(&state.criteria).unwrap_or_default()));
            rows.text(Some(&serde_json::to_string(&state.arrangement).unwrap_or_default()));
            rows.timestamp(Some(view.created_at));
            rows.timestamp(Some(view.updated_at));
        }
        rows
    }
}

#[async_trait]
impl ReadModel for Views {
    fn name(&self) -> &'static str {
        "views"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.table.clone()]
    }

    fn wants(&self, kind: &str) -> bool {
        kind == View::KIND
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
        let touched: Vec<Uuid> = batch.entries.iter().map(|entry| entry.event.stream.0).collect();
        let known = queries::by_ids(connection, batch.organization.0, &touched).await?;
        let mut views: BTreeMap<Uuid, ViewRow> =
            known.into_iter().map(|view| (view.id, view)).collect();
        let mut changes: BTreeMap<Uuid, Change> = BTreeMap::new();
        for entry in &batch.entries {
            let (id, at) = (entry.event.stream.0, entry.event.recorded_at);
            let event: ViewEvent = entry.event.decode().map_err(Failure::at(entry))?;
            let view = views.entry(id).or_insert_with(|| ViewRow {
                id,
                version: 0,
                view: View { owner: Some(MemberId(Uuid::nil())), ..View::default() },
                created_at: at,
                updated_at: at,
            });
            let was_shared = view.view.visibility == Visibility::Shared;
            view.view = std::mem::take(&mut view.view).evolve(event);
            view.version = entry.event.version;
            view.updated_at = at;
            // Of what is private nobody else is told.
            if was_shared || view.view.visibility == Visibility::Shared {
                let kind = match (entry.event.version, view.view.deleted) {
                    (1, _) => ChangeKind::Created,
                    (_, true) => ChangeKind::Deleted,
                    (_, false) => ChangeKind::Changed,
                };
                changes.insert(
                    id,
                    Change {
                        record_type: View::KIND.into(),
                        id,
                        version: entry.event.version,
                        position: entry.event.position,
                        kind,
                        assignment: None,
                    },
                );
            }
        }
        upsert(connection, &self.table, self.row(batch.organization.0, &views)).await?;
        Ok(changes.into_values().collect())
    }
}
