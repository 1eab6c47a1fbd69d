//! What may be asked of a member, and why it was refused.

use crate::access::ProfileKind;
use crate::error::FieldError;
use crate::ids::{ContactId, OrganizationId, RoleId, UserId, ViewId};
use crate::kernel::aggregate::Rejection;
use std::collections::BTreeSet;

/// What may be asked of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberCommand {
    /// Make a user a member.
    Join {
        /// Which user.
        user: UserId,
        /// What they are called here.
        display_name: String,
        /// Their roles.
        roles: BTreeSet<RoleId>,
        /// As what they belong to the organization.
        profile: ProfileKind,
        /// The contact that they are; for clients, and only for them.
        contact: Option<ContactId>,
    },
    /// Give them exactly these roles.
    SetRoles {
        /// The organization, from which built-in roles have their ids.
        organization: OrganizationId,
        /// All that they shall have.
        roles: BTreeSet<RoleId>,
    },
    /// Call them otherwise here.
    Rename(String),
    /// Let them not enter for the time being.
    Deactivate,
    /// Let them enter again.
    Reactivate,
    /// Let them leave.
    Remove,
    /// Record that somebody had a link for a new password made for them.
    NotePasswordLink {
        /// Whether it was mailed to them, instead of shown to who asked for it.
        mailed: bool,
    },
    /// Record that somebody set their password.
    NotePassword,
    /// Show them the list of a record type through a view from the start, or through none.
    ChooseView {
        /// Plural wire name of the type.
        record_type: String,
        /// The view.
        view: Option<ViewId>,
    },
}

/// Why a command on a member was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// Nobody of that id is a member.
    #[error("There is no such member.")]
    NotFound,
    /// Somebody else has this profile.
    #[error("This member exists already.")]
    AlreadyExists,
    /// They left.
    #[error("This member was removed.")]
    Removed,
    /// A client is a contact, and nobody else is.
    #[error("A client's profile belongs to a contact, and no other profile does.")]
    ContactMismatch,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for MemberError {
    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Removed => "member_removed",
            Self::ContactMismatch => "contact_mismatch",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}
