//! What one role gives.

use super::catalogue::{catalogue, of_kinds};
use super::permission::Permission;
use super::rights::Rights;
use crate::reach::ReachLevel;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What may be done with a field of the records that one sees.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum FieldAccess {
    /// Nothing: to the caller the field does not exist.
    Hidden,
    /// It is seen and cannot be changed.
    ReadOnly,
    /// Whatever one may do with the record.
    #[default]
    Full,
}

/// Restricted fields: record type (singular wire name) to field to what may be done with it. What
/// is not named is not restricted.
pub type FieldRules = BTreeMap<String, BTreeMap<String, FieldAccess>>;

/// What one role gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Permissions with their reach; those without one count as [`ReachLevel::All`].
    pub permissions: BTreeMap<Permission, ReachLevel>,
    /// Restricted fields.
    pub fields: FieldRules,
}

/// What makes a role wider than somebody's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excess {
    /// A permission that they do not hold, or not with that reach.
    Permission(Permission),
    /// A field that the role restricts less.
    Field(String, String),
}

impl Grants {
    /// Everything there is.
    pub fn everything() -> Self {
        let permissions = catalogue().iter().map(|def| (def.permission, ReachLevel::All)).collect();
        Self { permissions, fields: FieldRules::new() }
    }

    /// Grants as they are stored: permissions that this build does not know mean nothing to it.
    pub fn from_stored(permissions: &BTreeMap<String, ReachLevel>, fields: &FieldRules) -> Self {
        let known = |(name, level): (&String, &ReachLevel)| {
            let permission = Permission::parse(name)?;
            let level = if permission.takes_reach() { *level } else { ReachLevel::All };
            Some((permission, level))
        };
        Self { permissions: permissions.iter().filter_map(known).collect(), fields: fields.clone() }
    }

    /// The form in which they are stored.
    pub fn stored_permissions(&self) -> BTreeMap<String, ReachLevel> {
        self.permissions.iter().map(|(p, level)| (p.to_string(), *level)).collect()
    }

    /// The same with every reach that is narrower than `level` raised to it.
    pub fn reaching(mut self, level: ReachLevel) -> Self {
        for held in self.permissions.values_mut() {
            *held = level.max(*held);
        }
        self
    }

    /// The access to a field.
    pub fn field(&self, kind: &str, name: &str) -> FieldAccess {
        self.fields.get(kind).and_then(|fields| fields.get(name)).copied().unwrap_or_default()
    }

    pub(super) fn grants_any(&self, permissions: &[Permission]) -> bool {
        permissions.iter().any(|permission| self.permissions.contains_key(permission))
    }

    /// What these grants have beyond somebody's rights. Nobody may give, take, make or change a
    /// role that has any of it. Owners hold everything.
    pub fn beyond(&self, rights: &Rights) -> BTreeSet<Excess> {
        if rights.is_owner() {
            return BTreeSet::new();
        }
        let wider = self.permissions.iter().filter(|(permission, level)| {
            rights.level(**permission).is_none_or(|own| own < **level)
        });
        let mut excess: BTreeSet<_> = wider.map(|(p, _)| Excess::Permission(*p)).collect();
        for (kind, [read, create, update]) in of_kinds() {
            let reads = self.grants_any(&[read]);
            let writes = self.grants_any(&[create, update]);
            for (name, own) in rights.restricted(kind) {
                let given = self.field(kind, name);
                let shown = reads && own == FieldAccess::Hidden && given != FieldAccess::Hidden;
                let written = writes && own < FieldAccess::Full && given == FieldAccess::Full;
                if shown || written {
                    excess.insert(Excess::Field(kind.to_owned(), name.to_owned()));
                }
            }
        }
        excess
    }
}

impl Ord for Excess {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.pointer().cmp(&other.pointer())
    }
}

impl PartialOrd for Excess {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Excess {
    /// Where it stands in a role, as a JSON pointer.
    pub fn pointer(&self) -> String {
        match self {
            Self::Permission(permission) => format!("/permissions/{permission}"),
            Self::Field(kind, field) => format!("/fields/{kind}/{field}"),
        }
    }
}
