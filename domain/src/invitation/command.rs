//! What may be asked of an invitation, and why it was refused.

use crate::access::ProfileKind;
use crate::error::FieldError;
use crate::ids::{MemberId, RoleId, TeamId, UserId};
use crate::kernel::aggregate::Rejection;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What somebody is invited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Their address.
    pub email: String,
    /// What they shall be called here, if not as they say themselves.
    pub display_name: Option<String>,
    /// As what they shall belong to the organization. Clients come by their contacts instead.
    pub profile: ProfileKind,
    /// The roles that they shall have.
    pub roles: BTreeSet<RoleId>,
    /// The team that they shall be in; for staff.
    pub team: Option<TeamId>,
}

/// What may be asked of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationCommand {
    /// Invite somebody.
    Create {
        /// To what.
        offer: Offer,
        /// Id of the token that the link carries.
        token: Uuid,
        /// Until when it is good.
        expires_at: DateTime<Utc>,
    },
    /// Send another link in the place of the one before.
    Resend {
        /// Id of its token.
        token: Uuid,
        /// Until when it is good.
        expires_at: DateTime<Utc>,
    },
    /// Take it back.
    Withdraw,
    /// Become a member by it.
    Accept {
        /// Id of the token of the link that they came by.
        token: Uuid,
        /// Who comes.
        user: UserId,
        /// Their profile here.
        member: MemberId,
    },
}

/// Why a command on an invitation was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// There is no such invitation.
    #[error("There is no such invitation.")]
    NotFound,
    /// Another invitation has this id.
    #[error("This invitation exists already.")]
    AlreadyExists,
    /// It was accepted.
    #[error("This invitation was accepted.")]
    Accepted,
    /// It was taken back.
    #[error("This invitation was withdrawn. Invite them again.")]
    Withdrawn,
    /// Its link is good no longer.
    #[error("This link is good no longer.")]
    Expired,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for InvitationError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Accepted => "invitation_accepted",
            Self::Withdrawn => "invitation_withdrawn",
            Self::Expired => "link_invalid",
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

pub(super) fn not_an_address() -> FieldError {
    FieldError::new("email", "invalid_email", "This is not an e-mail address.")
}

pub(super) fn no_clients() -> FieldError {
    let message = "Clients are not invited: they register, or get an account from their contact.";
    FieldError::new("profile", "not_for_clients", message)
}

pub(super) fn no_team() -> FieldError {
    FieldError::new("team", "staff_only", "Only staff are in teams.")
}
