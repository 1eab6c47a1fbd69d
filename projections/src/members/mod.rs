//! Members: who belongs to the organization, for labels and for choosing an owner.

mod queries;

pub use queries::MemberRow;

use crate::runtime::{Batch, Change, ChangeKind, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Access, Column, ColumnType, Rows, Table, upsert};
use async_trait::async_trait;
use domain::member::{MemberEvent, ReachLevel};
use sqlx::{FromRow, PgConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Keeps the table of members.
pub(crate) struct Members {
    table: Table,
}

#[derive(Clone, Debug, FromRow)]
struct Member {
    id: Uuid,
    user_id: Uuid,
    display_name: Option<String>,
    is_owner: bool,
    reach: String,
    team: Option<Vec<Uuid>>,
}

impl Members {
    pub(crate) fn new() -> Self {
        let table = Table {
            name: "members".to_owned(),
            columns: vec![
                Column::new("organization_id", ColumnType::Uuid).required(),
                Column::new("id", ColumnType::Uuid).required(),
                Column::new("user_id", ColumnType::Uuid).required(),
                Column::new("display_name", ColumnType::Text),
                Column::new("is_owner", ColumnType::Boolean).required(),
                Column::new("reach", ColumnType::Text).required(),
                Column::new("team", ColumnType::UuidArray),
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

/// The stored form of a level.
fn level(level: ReachLevel) -> &'static str {
    match level {
        ReachLevel::All => "all",
        ReachLevel::Team => "team",
        ReachLevel::Own => "own",
    }
}

#[async_trait]
impl ReadModel for Members {
    fn name(&self) -> &'static str {
        "members"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.table.clone()]
    }

    fn wants(&self, kind: &str) -> bool {
        kind == "member"
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
        let rows: Vec<Member> = sqlx::query_as(
            "SELECT id, user_id, display_name, is_owner, reach, team FROM members \
              WHERE organization_id = $1 AND id = ANY ($2)",
        )
        .bind(batch.organization.0)
        .bind(touched)
        .fetch_all(&mut *connection)
        .await?;
        let mut members: BTreeMap<Uuid, Member> = rows.into_iter().map(|m| (m.id, m)).collect();
        let mut changes: BTreeMap<Uuid, Change> = BTreeMap::new();
        for entry in &batch.entries {
            let id = entry.event.stream.0;
            let mut kind = ChangeKind::Changed;
            match entry.event.decode().map_err(Failure::at(entry))? {
                MemberEvent::Added { user, owner, reach, display_name } => {
                    kind = ChangeKind::Created;
                    let (user_id, reach) = (user.0, level(reach).to_owned());
                    let member =
                        Member { id, user_id, display_name, is_owner: owner, reach, team: None };
                    members.insert(id, member);
                }
                MemberEvent::ReachChanged { now, team, .. } => {
                    members.entry(id).and_modify(|member| {
                        level(now).clone_into(&mut member.reach);
                        member.team = Some(team.iter().map(|m| m.0).collect());
                    });
                }
            }
            let change = Change {
                record_type: "member".into(),
                id,
                version: entry.event.version,
                position: entry.event.position,
                kind,
                assignment: None,
            };
            changes
                .entry(id)
                .and_modify(|seen| *seen = Change { kind: seen.kind, ..change.clone() })
                .or_insert(change);
        }
        let mut rows = Rows::new(&self.table.columns);
        for member in members.values() {
            rows.uuid(Some(batch.organization.0));
            rows.uuid(Some(member.id));
            rows.uuid(Some(member.user_id));
            rows.text(member.display_name.as_deref());
            rows.boolean(Some(member.is_owner));
            rows.text(Some(&member.reach));
            rows.uuids(member.team.as_deref());
        }
        upsert(connection, &self.table, rows).await?;
        Ok(changes.into_values().collect())
    }
}
