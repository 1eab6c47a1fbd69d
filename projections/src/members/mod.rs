//! Members: who belongs to the organization, for labels and for choosing an owner.

mod queries;

pub use queries::{MemberQuery, MemberRow};

use crate::runtime::{Batch, ChangeKind, Entry, Failure, Row, made_or_changed};
use crate::sql::{Access, Column, ColumnType, Rows, Table};
use domain::access::ProfileKind;
use domain::ids::OrganizationId;
use domain::member::MemberEvent;
use domain::reach::ReachLevel;
use domain::role::Builtin;
use sqlx::FromRow;
use uuid::Uuid;

/// A row as it is kept.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Member {
    id: Uuid,
    user_id: Uuid,
    display_name: Option<String>,
    roles: Option<Vec<Uuid>>,
    profile: String,
    state: String,
    /// Whether the rights are still those from before there were roles.
    legacy: bool,
}

/// The built-in role that rights from before there were roles count as.
fn nearest(organization: OrganizationId, owner: bool, reach: ReachLevel) -> Vec<Uuid> {
    let role = match (owner, reach) {
        (true, _) => Builtin::Owner,
        (false, ReachLevel::All) => Builtin::Manager,
        (false, ReachLevel::Team | ReachLevel::Own) => Builtin::Sales,
    };
    vec![role.id(organization).0]
}

impl Row for Member {
    const NAME: &'static str = "members";
    const VERSION: i32 = 2;
    const KIND: &'static str = "member";
    const KNOWN: &'static str = "SELECT id, user_id, display_name, roles, profile, state, legacy \
           FROM members WHERE organization_id = $1 AND id = ANY ($2)";
    type Event = MemberEvent;

    fn table() -> Table {
        Table {
            name: "members".to_owned(),
            columns: vec![
                Column::new("organization_id", ColumnType::Uuid).required(),
                Column::new("id", ColumnType::Uuid).required(),
                Column::new("user_id", ColumnType::Uuid).required(),
                Column::new("display_name", ColumnType::Text),
                Column::new("roles", ColumnType::UuidArray),
                Column::new("profile", ColumnType::Text).required(),
                Column::new("state", ColumnType::Text).required(),
                Column::new("legacy", ColumnType::Boolean).required(),
            ],
            key: vec!["organization_id", "id"],
            access: Access::Organization,
            lookup: Vec::new(),
            indexes: Vec::new(),
            tuning: Vec::new(),
        }
    }

    /// Somebody of whom nothing is known yet.
    fn new(id: Uuid) -> Self {
        Self {
            id,
            user_id: Uuid::nil(),
            display_name: None,
            roles: None,
            profile: ProfileKind::Staff.as_str().to_owned(),
            state: "active".to_owned(),
            legacy: false,
        }
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn apply(
        &mut self,
        batch: &Batch<'_>,
        entry: &Entry,
        event: MemberEvent,
    ) -> Result<Option<ChangeKind>, Failure> {
        let organization = batch.organization;
        match event {
            MemberEvent::Added { user, owner, reach, display_name } => {
                *self = Self {
                    user_id: user.0,
                    display_name,
                    roles: Some(nearest(organization, owner, reach)),
                    legacy: true,
                    ..Self::new(self.id)
                };
            }
            MemberEvent::ReachChanged { now, .. } => {
                let owner = Some(nearest(organization, true, now));
                if self.legacy && self.roles != owner {
                    self.roles = Some(nearest(organization, false, now));
                }
            }
            MemberEvent::Joined { user, roles, profile, display_name, contact: _ } => {
                *self = Self {
                    user_id: user.0,
                    display_name,
                    roles: Some(roles.into_iter().map(Uuid::from).collect()),
                    profile: profile.as_str().to_owned(),
                    ..Self::new(self.id)
                };
            }
            MemberEvent::RolesChanged { now, .. } => {
                self.roles = Some(now.into_iter().map(Uuid::from).collect());
                self.legacy = false;
            }
            MemberEvent::Renamed { now, .. } => self.display_name = now,
            MemberEvent::Deactivated {} => "deactivated".clone_into(&mut self.state),
            MemberEvent::Reactivated {} => "active".clone_into(&mut self.state),
            MemberEvent::Removed {} => "removed".clone_into(&mut self.state),
            MemberEvent::PasswordLinkMade { .. }
            | MemberEvent::PasswordSet {}
            | MemberEvent::DefaultViewChosen { .. } => {}
        }
        Ok(Some(made_or_changed(entry)))
    }

    fn write(&self, organization: Uuid, rows: &mut Rows) {
        rows.uuid(Some(organization));
        rows.uuid(Some(self.id));
        rows.uuid(Some(self.user_id));
        rows.text(self.display_name.as_deref());
        rows.uuids(self.roles.as_deref());
        rows.text(Some(&self.profile));
        rows.text(Some(&self.state));
        rows.boolean(Some(self.legacy));
    }
}
