//! Audit: the headers of every event. Values stay in the log and are decoded for the page shown.

mod queries;

pub use queries::{AuditPage, AuditQuery, AuditRow};

use crate::runtime::{Batch, Change, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Access, Column, ColumnType, Index, Need, Rows, Table, copy_in, upsert};
use async_trait::async_trait;
use sqlx::PgConnection;
use store::ActorKind;

/// Keeps the table of headers.
pub(crate) struct Audit {
    table: Table,
}

impl Audit {
    pub(crate) fn new() -> Self {
        let by = |name: &str, definition: &str| Index {
            name: format!("audit_by_{name}"),
            need: Need::Other,
            definition: definition.to_owned(),
        };
        let table = Table {
            name: "audit".to_owned(),
            columns: vec![
                Column::new("organization_id", ColumnType::Uuid).required(),
                Column::new("position", ColumnType::Bigint).required(),
                Column::new("stream_id", ColumnType::Uuid).required(),
                Column::new("version", ColumnType::Integer).required(),
                Column::new("kind", ColumnType::Text).required().bytewise(),
                Column::new("event_type", ColumnType::Text).required().bytewise(),
                Column::new("action_id", ColumnType::Uuid).required(),
                Column::new("action_kind", ColumnType::Text).required().bytewise(),
                Column::new("actor_kind", ColumnType::Text).required().bytewise(),
                Column::new("actor_user", ColumnType::Uuid),
                Column::new("actor_member", ColumnType::Uuid),
                Column::new("recorded_at", ColumnType::Timestamp).required(),
            ],
            key: vec!["organization_id", "position"],
            access: Access::Organization,
            lookup: Vec::new(),
            indexes: vec![
                by("stream", "(organization_id, stream_id, position)"),
                by("action", "(organization_id, action_id, position)"),
                by("actor", "(organization_id, actor_member, position)"),
                by("type", "(organization_id, event_type, position)"),
            ],
            tuning: Vec::new(),
        };
        Self { table }
    }
}

pub(crate) fn actor_kind(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::User => "user",
        ActorKind::ApiKey => "api_key",
        ActorKind::System => "system",
    }
}

#[async_trait]
impl ReadModel for Audit {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.table.clone()]
    }

    fn wants(&self, _kind: &str) -> bool {
        true
    }

    fn on_poison(&self) -> OnPoison {
        OnPoison::HaltLog
    }

    async fn apply(
        &self,
        connection: &mut PgConnection,
        batch: &Batch<'_>,
        mode: Mode,
    ) -> Result<Vec<Change>, Failure> {
        let mut rows = Rows::new(&self.table.columns);
        for entry in &batch.entries {
            let meta = entry.meta().map_err(Failure::at(entry))?;
            let event = &entry.event;
            rows.uuid(Some(batch.organization.0));
            rows.bigint(Some(i64::try_from(event.position).unwrap_or(i64::MAX)));
            rows.uuid(Some(event.stream.0));
            rows.integer(Some(i32::try_from(event.version).unwrap_or(i32::MAX)));
            rows.text(Some(event.kind()));
            rows.text(Some(&event.event_type));
            rows.uuid(Some(meta.action.0));
            rows.text(Some(&meta.action_kind));
            rows.text(Some(actor_kind(meta.actor.kind)));
            rows.uuid(meta.actor.user.map(|user| user.0));
            rows.uuid(meta.actor.member.map(|member| member.0));
            rows.timestamp(Some(event.recorded_at));
        }
        if mode.copies(batch.entries.len()) {
            copy_in(connection, &self.table, rows).await?;
        } else {
            upsert(connection, &self.table, rows).await?;
        }
        Ok(Vec::new())
    }
}
