//! Why a command on a role was refused.

use crate::error::FieldError;
use crate::kernel::aggregate::Rejection;

/// Why a command on a role was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleError {
    /// No such role.
    #[error("There is no such role.")]
    NotFound,
    /// Another role has this id.
    #[error("This role exists already.")]
    AlreadyExists,
    /// Another role has this name.
    #[error("Another role has this name.")]
    Duplicate,
    /// It is deleted.
    #[error("This role is deleted. Restore it before you change it.")]
    Deleted,
    /// The owners' role is what it is.
    #[error("The owners' role holds everything and cannot be changed.")]
    OwnerIsFixed,
    /// Built-in roles stay.
    #[error("A built-in role can be changed, but not deleted.")]
    Builtin,
    /// As many roles as there may be.
    #[error("An organization has at most 200 roles.")]
    TooMany,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for RoleError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Duplicate => "duplicate_role",
            Self::Deleted => "deleted",
            Self::OwnerIsFixed => "owner_role_fixed",
            Self::Builtin => "builtin_role",
            Self::TooMany => "too_many_roles",
            Self::Invalid(_) => "invalid",
        }
    }

    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}
