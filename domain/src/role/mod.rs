//! The roles of an organization: named sets of permissions with a reach each, and restricted
//! fields.
//!
//! All roles of an organization are one stream. So no two have the same name, the list of them
//! needs no read model, and one fold tells what every role granted at any moment.

mod builtin;
mod decide;
mod error;
mod resolve;
#[cfg(test)]
mod tests;

pub use builtin::Builtin;
pub use error::RoleError;
pub use resolve::rights;

use crate::access::{FieldAccess, FieldRules, Grants};
use crate::ids::{OrganizationId, RoleId};
use crate::reach::ReachLevel;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a role is called and what it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// Its name, which no other role of the organization has.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

/// Permissions by name, with their reach, as stored. Names that this build does not know are kept
/// and mean nothing.
pub type StoredPermissions = BTreeMap<String, ReachLevel>;

/// A permission that a role gained, lost, or holds with another reach now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionChange {
    /// Its name.
    pub permission: String,
    /// The reach before; `None` if it was not granted.
    pub was: Option<ReachLevel>,
    /// The reach from then on; `None` if it is not granted any more.
    pub now: Option<ReachLevel>,
}

/// A field that a role restricts otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRuleChange {
    /// Record type, singular wire name.
    pub record_type: String,
    /// Field name.
    pub field: String,
    /// The access before.
    pub was: FieldAccess,
    /// The access from then on.
    pub now: FieldAccess,
}

crate::stored_events! {
    /// What can have happened to a role. **This is storage.**
    pub enum RoleEvent {
        /// It was made, with all that it grants.
        "role.created" => Created {
            id: RoleId,
            title: Title,
            builtin: Option<Builtin>,
            permissions: StoredPermissions,
            fields: FieldRules,
        },
        /// It has another name or description.
        "role.renamed" => Renamed { id: RoleId, was: Title, now: Title },
        /// It grants other permissions.
        "role.permissions_changed" => PermissionsChanged { id: RoleId, changes: Vec<PermissionChange> },
        /// It restricts other fields.
        "role.fields_changed" => FieldsChanged { id: RoleId, changes: Vec<FieldRuleChange> },
        /// A built-in role gained what a later build gives it from the start, and about which the
        /// organization had not decided.
        "role.defaults_raised" => DefaultsRaised { id: RoleId, added: StoredPermissions },
        /// It was deleted: whoever has it has nothing from it.
        "role.deleted" => Deleted { id: RoleId },
        /// It is back, for all who had it.
        "role.restored" => Restored { id: RoleId },
    }
}

/// What may be asked of the roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleCommand {
    /// Make the built-in roles that are missing.
    AddBuiltins(OrganizationId),
    /// Make a role.
    Create {
        /// Its id.
        id: RoleId,
        /// Name and description.
        title: Title,
        /// What it grants, by name.
        permissions: StoredPermissions,
        /// The fields that it restricts.
        fields: FieldRules,
    },
    /// Call it otherwise.
    Rename {
        /// Which.
        id: RoleId,
        /// The new name and description.
        title: Title,
    },
    /// Grant exactly these permissions.
    SetPermissions {
        /// Which.
        id: RoleId,
        /// All that it shall grant, by name.
        permissions: StoredPermissions,
    },
    /// Restrict exactly these fields.
    SetFields {
        /// Which.
        id: RoleId,
        /// All that it shall restrict.
        fields: FieldRules,
    },
    /// Let the built-in roles grant what this build gives them from the start and nobody has
    /// decided about yet.
    RaiseDefaults(OrganizationId),
    /// Delete it.
    Delete(RoleId),
    /// Take it back.
    Restore(RoleId),
}

/// A role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Name and description.
    pub title: Title,
    /// Which built-in role it is, if it is one.
    pub builtin: Option<Builtin>,
    /// What it grants, by name.
    pub permissions: StoredPermissions,
    /// The fields that it restricts.
    pub fields: FieldRules,
    /// The permissions about which was decided: granted at first or later, or withdrawn. What a
    /// later build adds to a built-in role is none of these.
    pub decided: BTreeSet<String>,
    /// Whether it is deleted, and gives nothing.
    pub deleted: bool,
}

impl Role {
    /// A built-in role as it is at first.
    pub fn builtin(builtin: Builtin) -> Self {
        let grants = builtin.grants();
        let permissions = grants.stored_permissions();
        Self {
            title: Title {
                name: builtin.name().to_owned(),
                description: Some(builtin.description().to_owned()),
            },
            builtin: Some(builtin),
            decided: permissions.keys().cloned().collect(),
            permissions,
            fields: grants.fields,
            deleted: false,
        }
    }

    /// What this build gives a built-in role from the start, and nobody has decided about. The
    /// owners' role holds everything, written down or not.
    fn missing_defaults(&self) -> StoredPermissions {
        let Some(builtin) = self.builtin.filter(|_| !self.is_owner()) else {
            return StoredPermissions::new();
        };
        let mut defaults = builtin.grants().stored_permissions();
        defaults.retain(|permission, _| !self.decided.contains(permission));
        defaults
    }

    /// Whether it is the owners' role, which holds everything and never changes.
    pub fn is_owner(&self) -> bool {
        self.builtin == Some(Builtin::Owner)
    }

    /// What it grants, as far as this build knows it; nothing while it is deleted.
    pub fn grants(&self) -> Grants {
        match (self.deleted, self.is_owner()) {
            (true, _) => Grants::default(),
            (false, true) => Grants::everything(),
            (false, false) => Grants::from_stored(&self.permissions, &self.fields),
        }
    }
}

/// The folded state: all roles of an organization, deleted ones included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// By id.
    pub roles: BTreeMap<RoleId, Role>,
}

/// The stream of an organization's roles (UUIDv5 in the organization's namespace).
pub fn stream_id(organization: OrganizationId) -> Uuid {
    Uuid::new_v5(&organization.0, b"roles")
}

impl Roles {
    /// The roles of an organization. One that was founded before there were roles has the built-in
    /// ones as they are at first, until somebody changes one.
    pub fn of(&self, organization: OrganizationId) -> BTreeMap<RoleId, Role> {
        let mut roles = self.roles.clone();
        for builtin in Builtin::ALL {
            roles.entry(builtin.id(organization)).or_insert_with(|| Role::builtin(builtin));
        }
        roles
    }

    /// One of them.
    pub fn get(&self, organization: OrganizationId, id: RoleId) -> Option<Role> {
        let builtin = || Builtin::ALL.into_iter().find(|builtin| builtin.id(organization) == id);
        self.roles.get(&id).cloned().or_else(|| builtin().map(Role::builtin))
    }
}
