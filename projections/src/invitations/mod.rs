//! Invitations: who was invited into the organization, and what became of it.

mod queries;

pub use queries::{InvitationPage, InvitationQuery, InvitationRow};

use crate::runtime::{Batch, ChangeKind, Entry, Failure, Row, made_or_changed};
use crate::sql::{Access, Column, ColumnType, Index, Need, Rows, Table};
use chrono::{DateTime, Utc};
use domain::access::ProfileKind;
use domain::invitation::InvitationEvent;
use sqlx::FromRow;
use uuid::Uuid;

/// A row as it is kept. Whether an open one has expired is asked when it is read.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Invitation {
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

impl Row for Invitation {
    const NAME: &'static str = "invitations";
    const VERSION: i32 = 1;
    const KIND: &'static str = "invitation";
    const KNOWN: &'static str = "SELECT id, email, display_name, profile, roles, team, state, \
           member, invited_by, position, created_at, expires_at \
           FROM invitations WHERE organization_id = $1 AND id = ANY ($2)";
    type Event = InvitationEvent;

    fn table() -> Table {
        Table {
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
        }
    }

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

    fn id(&self) -> Uuid {
        self.id
    }

    fn apply(
        &mut self,
        _batch: &Batch<'_>,
        entry: &Entry,
        event: InvitationEvent,
    ) -> Result<Option<ChangeKind>, Failure> {
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
        Ok(Some(made_or_changed(entry)))
    }

    fn write(&self, organization: Uuid, rows: &mut Rows) {
        rows.uuid(Some(organization));
        rows.uuid(Some(self.id));
        rows.text(self.email.as_deref());
        rows.text(self.display_name.as_deref());
        rows.text(Some(&self.profile));
        rows.uuids(self.roles.as_deref());
        rows.uuid(self.team);
        rows.text(Some(&self.state));
        rows.uuid(self.member);
        rows.uuid(self.invited_by);
        rows.bigint(Some(self.position));
        rows.timestamp(Some(self.created_at));
        rows.timestamp(Some(self.expires_at));
    }
}
