//! Actions: what people did in one gesture each, over however many streams; the unit of undo.
//! Kept up by headers of events alone, like the audit trail.

mod queries;

pub use queries::{ActionQuery, ActionRow, ActionStreamRow};

use crate::audit::actor_kind;
use crate::runtime::{Batch, Change, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Access, Column, ColumnType, Index, Need, Rows, Table, upsert};
use async_trait::async_trait;
use domain::ids::{ActionId, MemberId};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Keeps the table of actions.
pub(crate) struct Actions {
    table: Table,
}

impl Actions {
    pub(crate) fn new() -> Self {
        let by = |name: &str, definition: &str| Index {
            name: format!("actions_by_{name}"),
            need: Need::Other,
            definition: definition.to_owned(),
        };
        let table = Table {
            name: "actions".to_owned(),
            columns: vec![
                Column::new("organization_id", ColumnType::Uuid).required(),
                Column::new("id", ColumnType::Uuid).required(),
                Column::new("action_kind", ColumnType::Text).required().bytewise(),
                Column::new("actor_kind", ColumnType::Text).required().bytewise(),
                Column::new("actor_member", ColumnType::Uuid),
                Column::new("causation", ColumnType::Uuid),
                Column::new("first_position", ColumnType::Bigint).required(),
                Column::new("last_position", ColumnType::Bigint).required(),
                Column::new("began_at", ColumnType::Timestamp).required(),
                Column::new("ended_at", ColumnType::Timestamp).required(),
                Column::new("first_type", ColumnType::Text).required().bytewise(),
                Column::new("kinds", ColumnType::Text).required().bytewise(),
                Column::new("streams", ColumnType::Bigint).required(),
                Column::new("last_stream", ColumnType::Uuid).required(),
            ],
            key: vec!["organization_id", "id"],
            access: Access::Organization,
            lookup: Vec::new(),
            indexes: vec![
                by("position", "(organization_id, first_position)"),
                by("actor", "(organization_id, actor_member, first_position)"),
                by("causation", "(organization_id, causation) WHERE action_kind = 'undo'"),
            ],
            tuning: Vec::new(),
        };
        Self { table }
    }
}

/// An action as it is counted up.
struct Counted {
    row: ActionRow,
    /// The stream of its last event: events of one command on one stream stand side by side, and
    /// count once wherever a batch ends.
    last_stream: Uuid,
}

#[async_trait]
impl ReadModel for Actions {
    fn name(&self) -> &'static str {
        "actions"
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
        _mode: Mode,
    ) -> Result<Vec<Change>, Failure> {
        let mut touched = Vec::with_capacity(batch.entries.len());
        for entry in &batch.entries {
            touched.push(entry.meta().map_err(Failure::at(entry))?.action.0);
        }
        touched.sort_unstable();
        touched.dedup();
        let known = queries::counted(connection, batch.organization.0, &touched).await?;
        let mut actions: BTreeMap<Uuid, Counted> =
            known.into_iter().map(|counted| (counted.row.id.0, counted)).collect();
        for entry in &batch.entries {
            let meta = entry.meta().map_err(Failure::at(entry))?;
            let (event, stream) = (&entry.event, entry.event.stream.0);
            let new = || Counted {
                row: ActionRow {
                    id: ActionId(meta.action.0),
                    kind: meta.action_kind.to_string(),
                    actor_kind: actor_kind(meta.actor.kind).to_owned(),
                    actor_member: meta.actor.member.map(|member| MemberId(member.0)),
                    causation: meta.causation,
                    first_position: event.position,
                    last_position: event.position,
                    began_at: event.recorded_at,
                    ended_at: event.recorded_at,
                    first_type: event.event_type.clone(),
                    stream_kinds: Vec::new(),
                    streams: 0,
                },
                last_stream: Uuid::nil(),
            };
            let counted = actions.entry(meta.action.0).or_insert_with(new);
            let row = &mut counted.row;
            row.last_position = event.position;
            row.ended_at = event.recorded_at;
            // The stream of an action's own intent has its id; it is nothing that was touched.
            if counted.last_stream != stream && stream != row.id.0 {
                row.streams += 1;
                counted.last_stream = stream;
            }
            if let Err(place) = row.stream_kinds.binary_search_by(|k| k.as_str().cmp(event.kind()))
            {
                row.stream_kinds.insert(place, event.kind().to_owned());
            }
        }
        let mut rows = Rows::new(&self.table.columns);
        let bigint = |number: u64| Some(i64::try_from(number).unwrap_or(i64::MAX));
        for Counted { row, last_stream } in actions.values() {
            rows.uuid(Some(batch.organization.0));
            rows.uuid(Some(row.id.0));
            rows.text(Some(&row.kind));
            rows.text(Some(&row.actor_kind));
            rows.uuid(row.actor_member.map(|member| member.0));
            rows.uuid(row.causation);
            rows.bigint(bigint(row.first_position));
            rows.bigint(bigint(row.last_position));
            rows.timestamp(Some(row.began_at));
            rows.timestamp(Some(row.ended_at));
            rows.text(Some(&row.first_type));
            rows.text(Some(&row.stream_kinds.join(" ")));
            rows.bigint(bigint(row.streams));
            rows.uuid(Some(*last_stream));
        }
        upsert(connection, &self.table, rows).await?;
        Ok(Vec::new())
    }
}
