//! What may be asked of an organization, and why it was refused.

use super::SettingsPatch;
use crate::error::FieldError;
use crate::ids::{MemberId, OrganizationId, UserId};
use crate::kernel::aggregate::Rejection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What may be asked of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganizationCommand {
    /// Found it.
    Found {
        /// Its id, which its log shares.
        id: OrganizationId,
        /// Its name.
        name: String,
        /// The user who becomes its owner.
        founder: UserId,
    },
    /// Give it another name.
    Rename(String),
    /// Keep account of the owners: what makes somebody an owner (or ends it: another role, leaving,
    /// deactivation) comes in the same command, so that one owner always remains.
    ChangeOwners {
        /// Who were owners before anybody kept account: the founder's profile, in organizations
        /// from before there were roles.
        before: Option<MemberId>,
        /// Who become owners.
        added: BTreeSet<MemberId>,
        /// Who are it no longer.
        removed: BTreeSet<MemberId>,
    },
    /// Change settings.
    Change {
        /// What shall be otherwise.
        patch: Box<SettingsPatch>,
        /// The key for registration, should it be opened for the first time.
        key: Uuid,
    },
    /// Let clients register by another key; the one of before is good no longer.
    ReplaceRegistrationKey(Uuid),
    /// Close it: nobody enters any more, and everything is kept.
    Close {
        /// Its name, typed by who closes it.
        name: String,
    },
    /// Open it again.
    Reopen,
}

/// Why a command on an organization was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationError {
    /// It was never founded.
    #[error("There is no such organization.")]
    NotFound,
    /// It was founded before.
    #[error("This organization exists already.")]
    AlreadyFounded,
    /// Somebody has to be responsible.
    #[error("An organization has at least one owner who may enter.")]
    LastOwner,
    /// It was closed.
    #[error("This organization is closed.")]
    Closed,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for OrganizationError {
    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::NotFound => "not_found",
            Self::AlreadyFounded => "already_exists",
            Self::LastOwner => "last_owner",
            Self::Closed => "organization_closed",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}
