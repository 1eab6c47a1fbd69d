//! Members: who belongs to the organization, for labels and for choosing an owner.

mod queries;

pub use queries::{MemberQuery, MemberRow};

use crate::runtime::{Batch, Change, ChangeKind, Failure, Mode, OnPoison, ReadModel};
use crate::sql::{Access, Column, ColumnType, Rows, Table, upsert};
use async_trait::async_trait;
use domain::access::ProfileKind;
use domain::ids::OrganizationId;
use domain::member::MemberEvent;
use domain::reach::ReachLevel;
use domain::role::Builtin;
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
    roles: Option<Vec<Uuid>>,
    profile: String,
    state: String,
    /// Whether the rights are still those from before there were roles.
    legacy: bool,
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
        };
        Self { table }
    }
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

impl Member {
    fn apply(&mut self, organization: OrganizationId, event: MemberEvent) {
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
            MemberEvent::PasswordLinkMade { .. } | MemberEvent::PasswordSet {} => {}
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
}

#[async_trait]
impl ReadModel for Members {
    fn name(&self) -> &'static str {
        "members"
    }

    fn version(&self) -> i32 {
        2
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
        let sql = "SELECT id, user_id, display_name, roles, profile, state, legacy FROM members \
                    WHERE organization_id = $1 AND id = ANY ($2)";
        let rows: Vec<Member> = batch.known(connection, sql, touched).await?;
        let mut members: BTreeMap<Uuid, Member> = rows.into_iter().map(|m| (m.id, m)).collect();
        let mut changes: BTreeMap<Uuid, Change> = BTreeMap::new();
        for entry in &batch.entries {
            let id = entry.event.stream.0;
            let event: MemberEvent = entry.event.decode().map_err(Failure::at(entry))?;
            let first = entry.event.version == 1;
            let kind = if first { ChangeKind::Created } else { ChangeKind::Changed };
            let member = members.entry(id).or_insert_with(|| Member::new(id));
            member.apply(batch.organization, event);
            let change = entry.shared_change("member", kind);
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
            rows.uuids(member.roles.as_deref());
            rows.text(Some(&member.profile));
            rows.text(Some(&member.state));
            rows.boolean(Some(member.legacy));
        }
        upsert(connection, &self.table, rows).await?;
        Ok(changes.into_values().collect())
    }
}
