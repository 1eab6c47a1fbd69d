//! What a member's roles and teams come to.

use super::catalogue::{catalogue, of_kinds, record_fields};
use super::grants::{FieldAccess, FieldRules, Grants};
use super::permission::Permission;
use crate::catalogue::{Catalogue as _, FieldIndex};
use crate::ids::MemberId;
use crate::reach::{Reach, ReachLevel};
use crate::record::RecordType;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// As what a person belongs to an organization.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ProfileKind {
    /// One of its people.
    #[default]
    Staff,
    /// A person whom it serves, in the client portal.
    Client,
    /// A supplier, who sees its own record.
    Vendor,
}

impl ProfileKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Staff, Self::Client, Self::Vendor];

    /// Wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Client => "client",
            Self::Vendor => "vendor",
        }
    }

    /// The kind of that wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What a member may do, of all their roles together. Several roles allow what any of them allows,
/// with the widest reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rights {
    owner: bool,
    profile: ProfileKind,
    permissions: BTreeMap<Permission, ReachLevel>,
    /// The members whose records a team's reach covers, sorted; nobody if no reach is the team.
    team: Vec<MemberId>,
    fields: FieldRules,
}

impl Rights {
    /// What `roles` come to. `team` are the members of one's teams, oneself included or not.
    ///
    /// A field is hidden only if every role by which one reads that type hides it, and read-only
    /// only if every role by which one changes it (or, if there is none, by which one makes it)
    /// does not let one write it. Only staff has the permissions of staff.
    pub fn resolve(
        profile: ProfileKind,
        roles: &[Grants],
        team: impl IntoIterator<Item = MemberId>,
    ) -> Self {
        let team = team.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut rights = Self { profile, team, ..Self::default() };
        if profile != ProfileKind::Staff {
            return rights;
        }
        for (permission, level) in roles.iter().flat_map(|role| &role.permissions) {
            let held = rights.permissions.entry(*permission).or_insert(*level);
            *held = (*held).max(*level);
        }
        // So that other people's teams change nothing for whom no reach is the team.
        if !rights.permissions.values().any(|level| *level == ReachLevel::Team) {
            rights.team.clear();
        }
        for (kind, [read, create, update]) in of_kinds() {
            let by = |permission| {
                roles.iter().filter(|role| role.grants_any(&[permission])).collect::<Vec<_>>()
            };
            let readers = by(read);
            let mut writers = by(update);
            if writers.is_empty() {
                writers = by(create);
            }
            let named = roles.iter().filter_map(|role| role.fields.get(kind));
            let mut restricted = BTreeMap::new();
            for name in named.flat_map(BTreeMap::keys) {
                let all = |roles: &[&Grants], below: FieldAccess| {
                    !roles.is_empty() && roles.iter().all(|role| role.field(kind, name) < below)
                };
                if all(&readers, FieldAccess::ReadOnly) {
                    restricted.insert(name.clone(), FieldAccess::Hidden);
                } else if all(&writers, FieldAccess::Full) {
                    restricted.insert(name.clone(), FieldAccess::ReadOnly);
                }
            }
            if !restricted.is_empty() {
                rights.fields.insert(kind.to_owned(), restricted);
            }
        }
        rights
    }

    /// The rights of an owner: everything.
    pub fn owner(team: impl IntoIterator<Item = MemberId>) -> Self {
        let all = [Grants::everything()];
        Self { owner: true, ..Self::resolve(ProfileKind::Staff, &all, team) }
    }

    /// Whether they are an owner's.
    pub fn is_owner(&self) -> bool {
        self.owner
    }

    /// As what the member belongs to the organization.
    pub fn profile(&self) -> ProfileKind {
        self.profile
    }

    /// The members whose records a team's reach covers, sorted.
    pub fn team(&self) -> &[MemberId] {
        &self.team
    }

    /// The permissions that are held, with their reach.
    pub fn permissions(&self) -> impl Iterator<Item = (Permission, ReachLevel)> + '_ {
        self.permissions.iter().map(|(permission, level)| (*permission, *level))
    }

    /// With which reach a permission is held, if it is.
    pub fn level(&self, permission: Permission) -> Option<ReachLevel> {
        self.permissions.get(&permission).copied()
    }

    /// How far a permission reaches for `member`, whose rights these are.
    pub fn reach(&self, permission: Permission, member: MemberId) -> Option<Reach> {
        Some(match self.level(permission)? {
            ReachLevel::All => Reach::All,
            ReachLevel::Own => Reach::Own(member),
            ReachLevel::Team => {
                let mut team = self.team.clone();
                if let Err(place) = team.binary_search(&member) {
                    team.insert(place, member);
                }
                Reach::Team(team)
            }
        })
    }

    /// Whether `member`, whose rights these are, may do it to something assigned to `assigned_to`.
    pub fn permit(
        &self,
        permission: Permission,
        member: MemberId,
        assigned_to: Option<MemberId>,
    ) -> bool {
        match self.level(permission) {
            None => false,
            Some(ReachLevel::All) => true,
            Some(ReachLevel::Own) => assigned_to == Some(member),
            Some(ReachLevel::Team) => {
                assigned_to.is_some_and(|m| m == member || self.team.binary_search(&m).is_ok())
            }
        }
    }

    /// What may be done with a field of the records of a type (singular wire name).
    pub fn field(&self, kind: &str, name: &str) -> FieldAccess {
        self.fields.get(kind).and_then(|fields| fields.get(name)).copied().unwrap_or_default()
    }

    /// The fields of a type that are hidden or read-only.
    pub fn restricted(&self, kind: &str) -> impl Iterator<Item = (&'static str, FieldAccess)> + '_ {
        let rules = self.fields.get(kind);
        let defs = record_fields(kind).filter(|_| rules.is_some()).unwrap_or_default();
        defs.iter().filter_map(move |def| Some((def.name, *rules?.get(def.name)?)))
    }

    /// The hidden fields of the records of type `R`.
    pub fn hidden<R: RecordType>(&self) -> Vec<FieldIndex> {
        let hidden = self.restricted(R::KIND).filter(|(_, access)| *access == FieldAccess::Hidden);
        hidden.filter_map(|(name, _)| R::Fields::index(name)).collect()
    }

    /// The same, but for nothing else than `permissions`: the rights of an API key are never wider
    /// than those of its member. Being an owner is not passed on.
    pub fn limited_to(&self, permissions: &BTreeSet<Permission>) -> Self {
        let mut limited = Self { owner: false, ..self.clone() };
        limited.permissions.retain(|permission, _| permissions.contains(permission));
        limited
    }

    /// What is left if these rights come by no other role than one that grants `role`: of each
    /// permission the narrower reach, of each field the lesser access. Never wider than these
    /// rights. `team` are the members of one's teams.
    pub fn narrowed_to(&self, role: &Grants, team: impl IntoIterator<Item = MemberId>) -> Self {
        let role = Self::resolve(self.profile, std::slice::from_ref(role), team);
        let mut narrowed = Self { owner: false, ..self.clone() };
        narrowed.permissions = self
            .permissions
            .iter()
            .filter_map(|(permission, own)| {
                Some((*permission, (*own).min(role.level(*permission)?)))
            })
            .collect();
        // Without a reach over the team of one's own, what is left of it is the role's, out of all.
        if narrowed.team.is_empty() {
            narrowed.team.clone_from(&role.team);
        }
        for (kind, fields) in role.fields {
            let restricted = narrowed.fields.entry(kind).or_default();
            for (name, access) in fields {
                let own = restricted.entry(name).or_default();
                *own = access.min(*own);
            }
        }
        narrowed
    }

    /// Every permission there is, with the reach that is held.
    pub fn matrix(&self) -> impl Iterator<Item = (Permission, Option<ReachLevel>)> + '_ {
        catalogue().iter().map(|def| (def.permission, self.level(def.permission)))
    }
}
