//! A role as JSON.

use crate::auth::Auth;
use domain::access::{FieldAccess, FieldRules, Permission};
use domain::ids::RoleId;
use domain::reach::ReachLevel;
use domain::role::{self, Builtin, StoredPermissions};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A role.
#[derive(Serialize, ToSchema)]
pub struct Role {
    id: Uuid,
    /// Its name, which no other role has.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Which built-in role it is, if it is one.
    #[schema(value_type = Option<String>)]
    builtin: Option<Builtin>,
    /// What it grants: name of the permission to its reach. Permissions without a reach have `all`.
    #[schema(value_type = BTreeMap<String, Reach>)]
    permissions: StoredPermissions,
    /// The fields that it restricts: record type to field to what may be done with it.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, Access>>)]
    fields: FieldRules,
    /// Whether it is deleted, and gives nothing.
    deleted: bool,
    /// The version of the organization's roles, for `If-Match`: all roles have the same.
    version: u32,
    /// What the caller may do with it.
    allowed: Allowed,
}

/// What the caller may do with a role.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = RoleAllowed)]
struct Allowed {
    /// Change it.
    edit: bool,
    /// Delete it, or take it back.
    delete: bool,
    /// Give it to members, and take it away.
    assign: bool,
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// What is assigned to oneself.
    Own,
    /// What is assigned to the members of one's teams.
    Team,
    /// Everything.
    All,
}

/// What may be done with a field.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FieldAccess)]
pub enum Access {
    /// Nothing: it does not exist.
    Hidden,
    /// It is seen and cannot be changed.
    ReadOnly,
    /// Whatever one may do with the record.
    Full,
}

impl Role {
    /// A role, for a caller.
    pub fn new(auth: &Auth, id: RoleId, role: &role::Role, version: u32) -> Self {
        let rights = &auth.actor.rights;
        let whole = role::Role { deleted: false, ..role.clone() };
        let within = if role.is_owner() {
            rights.is_owner()
        } else {
            whole.grants().beyond(rights).is_empty()
        };
        let may = |permission| within && auth.actor.holds(permission);
        Self {
            id: id.0,
            name: role.title.name.clone(),
            description: role.title.description.clone(),
            builtin: role.builtin,
            permissions: whole.grants().stored_permissions(),
            fields: role.fields.clone(),
            deleted: role.deleted,
            version,
            allowed: Allowed {
                edit: !role.is_owner() && !role.deleted && may(Permission::ROLES_UPDATE),
                delete: role.builtin.is_none() && may(Permission::ROLES_DELETE),
                assign: !role.deleted && may(Permission::ROLES_ASSIGN),
            },
        }
    }
}

/// Permissions as they are sent.
pub fn permissions(sent: BTreeMap<String, Reach>) -> StoredPermissions {
    let level = |reach| match reach {
        Reach::Own => ReachLevel::Own,
        Reach::Team => ReachLevel::Team,
        Reach::All => ReachLevel::All,
    };
    sent.into_iter().map(|(name, reach)| (name, level(reach))).collect()
}

/// Restricted fields as they are sent.
pub fn fields(sent: BTreeMap<String, BTreeMap<String, Access>>) -> FieldRules {
    let access = |access| match access {
        Access::Hidden => FieldAccess::Hidden,
        Access::ReadOnly => FieldAccess::ReadOnly,
        Access::Full => FieldAccess::Full,
    };
    let rules = |rules: BTreeMap<String, Access>| {
        rules.into_iter().map(|(name, sent)| (name, access(sent))).collect()
    };
    sent.into_iter().map(|(kind, sent)| (kind, rules(sent))).collect()
}
