//! Invitations: who was invited into the organization, and what became of it.

mod queries;

pub use queries::{InvitationPage, InvitationQuery, InvitationRow};

use crate::runtime::{Batch, Change, ChangeKind, Entry, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Access, Column, ColumnType, Index, Need, Rows, Table, upsert};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::access::ProfileKind;
use domain::invitation::InvitationEvent;
use sqlx::{FromRow, PgConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Keeps the table of invitations.
pub(crate) struct Invitations {
    table: Table,
}

/// A row as it is kept. Whether an open one has expired is asked when it is read.
#[derive(Clone, Debug, FromRow)]
struct Invitation {
    id: Uuid,
    email: Option<String>,
    display_name: Option<String>,
    profile: String,
    roles: Option<Vec<Uuid>>,
    team: Option<Uuid>,
    state: String,
    member: Option<Uuid>,
    invited_by: Option<Uuid>,
    /// Of its first event; newest first is by this.
    position: i64,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Invitations {
    pub(crate) fn new() -> Self {
        let table = Table {
            name: "invitations".to_owned(),
            columns: vec![
                Column::new("organization_id", ColumnType::Uuid).required(),
                Column::new("id", ColumnType::Uuid).required(),
                Column::new("email", ColumnType::Text),
                Column::new("display_name", ColumnType::Text),
                Column::new("profile", ColumnType::Text).required(),
                Column::new("roles", ColumnType::UuidArray),
                Column::new("team", ColumnType::Uuid),
                Column::new("state", ColumnType::Text).required(),
                Column::new("member", ColumnType::Uuid),
                Column::new("invited_by", ColumnType::Uuid),
                Column::new("position", ColumnType::Bigint).required(),
                Column::new("created_at", ColumnType::Timestamp).required(),
                Column::new("expires_at", ColumnType::Timestamp).required(),
            ],
            key: vec!["organization_id", "id"],
            access: Access::Organization,
            lookup: Vec::new(),
            indexes: vec![Index {
                name: "invitations_by_position".to_owned(),
                need: Need::Other,
                definition: "(organization_id, position)".to_owned(),
            }],
            tuning: Vec::new(),
        };
        Self { table }
    }
}

impl Invitation {
    fn new(id: Uuid) -> Self {
        Self {
            id,
            email: None,
            display_name: None,
            profile: ProfileKind::Staff.as_str().to_owned(),
            roles: None,
            team: None,
            state: String::new(),
            member: None,
            invited_by: None,
            position: 0,
            created_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH,
        }
    }

    fn apply(&mut self, entry: &Entry, event: InvitationEvent) -> Result<(), Failure> {
        match event {
            InvitationEvent::Created {
                profile,
                roles,
                team,
                expires_at,
                email,
                display_name,
                token: _,
            } => {
                let meta = entry.meta().map_err(Failure::at(entry))?;
                *self = Self {
                    email,
                    display_name,
                    profile: profile.as_str().to_owned(),
                    roles: Some(roles.into_iter().map(Uuid::from).collect()),
                    team: team.map(Uuid::from),
                    state: "pending".to_owned(),
                    invited_by: meta.actor.member.map(|member| member.0),
                    position: i64::try_from(entry.event.position).unwrap_or(i64::MAX),
                    created_at: entry.event.recorded_at,
                    expires_at,
                    ..Self::new(self.id)
                };
            }
            InvitationEvent::Resent { expires_at, token: _ } => self.expires_at = expires_at,
            InvitationEvent::Withdrawn {} => "withdrawn".clone_into(&mut self.state),
            InvitationEvent::Accepted { member, user: _ } => {
                "accepted".clone_into(&mut self.state);
                self.member = Some(member.0);
            }
        }
        Ok(())
    }
}

#[async_trait]
impl ReadModel for Invitations {
    fn name(&self) -> &'static str {
        "invitations"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.table.clone()]
    }

    fn wants(&self, kind: &str) -> bool {
        kind == "invitation"
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
        let rows: Vec<Invitation> = sqlx::query_as(
            "SELECT id, email, display_name, profile, roles, team, state, member, invited_by, \
                    position, created_at, expires_at FROM invitations \
              WHERE organization_id = $1 AND id = ANY ($2)",
        )
        .bind(batch.organization.0)
        .bind(touched)
        .fetch_all(&mut *connection)
        .await?;
        let mut known: BTreeMap<Uuid, Invitation> = rows.into_iter().map(|i| (i.id, i)).collect();
        let mut changes: BTreeMap<Uuid, Change> = BTreeMap::new();
        for entry in &batch.entries {
            let id = entry.event.stream.0;
            let event: InvitationEvent = entry.event.decode().map_err(Failure::at(entry))?;
            known.entry(id).or_insert_with(|| Invitation::new(id)).apply(entry, event)?;
            let first = entry.event.version == 1;
            let change = Change {
                record_type: "invitation".into(),
                id,
                version: entry.event.version,
                position: entry.event.position,
                kind: if first { ChangeKind::Created } else { ChangeKind::Changed },
                assignment: None,
            };
            changes
                .entry(id)
                .and_modify(|seen| *seen = Change { kind: seen.kind, ..change.clone() })
                .or_insert(change);
        }
        let mut rows = Rows::new(&self.table.columns);
        for invitation in known.values() {
            rows.uuid(Some(batch.organization.0));
            rows.uuid(Some(invitation.id));
            rows.text(invitation.email.as_deref());
            rows.text(invitation.display_name.as_deref());
            rows.text(Some(&invitation.profile));
            rows.uuids(invitation.roles.as_deref());
            rows.uuid(invitation.team);
            rows.text(Some(&invitation.state));
            rows.uuid(invitation.member);
            rows.uuid(invitation.invited_by);
            rows.bigint(Some(invitation.position));
            rows.timestamp(Some(invitation.created_at));
            rows.timestamp(Some(invitation.expires_at));
        }
        upsert(connection, &self.table, rows).await?;
        Ok(changes.into_values().collect())
    }
}
