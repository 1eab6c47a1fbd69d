//! The caller of a request.

use super::grants::FieldAccess;
use super::permission::Permission;
use super::rights::Rights;
use crate::ids::{ApiKeyId, MemberId, OrganizationId, UserId};
use crate::reach::Reach;
use std::sync::Arc;

/// The authenticated caller of a request, with rights as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// Their profile in the organization.
    pub member: MemberId,
    /// The organization they act in.
    pub organization: OrganizationId,
    /// What they may do; if they come by an API key, no more than it allows.
    pub rights: Arc<Rights>,
    /// The API key that they come by, if they do.
    pub key: Option<ApiKeyId>,
}

impl Actor {
    /// Whether they hold a permission, with whatever reach.
    pub fn holds(&self, permission: Permission) -> bool {
        self.rights.level(permission).is_some()
    }

    /// Whether they may do it to something assigned to `assigned_to`.
    pub fn may(&self, permission: Permission, assigned_to: Option<MemberId>) -> bool {
        self.rights.permit(permission, self.member, assigned_to)
    }

    /// How far a permission reaches; `None` if they do not hold it.
    pub fn reach(&self, permission: Permission) -> Option<Reach> {
        self.rights.reach(permission, self.member)
    }

    /// Whether they act as an owner of the organization.
    pub fn is_owner(&self) -> bool {
        self.rights.is_owner()
    }

    /// What they may do with a field of the records of a type (singular wire name).
    pub fn field(&self, kind: &str, name: &str) -> FieldAccess {
        self.rights.field(kind, name)
    }
}
