//! What records look like in answers.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A thing that a record refers to: its id and what people call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reference {
    /// Its id.
    pub id: Uuid,
    /// Its present name; empty if it is not the caller's to see or was erased.
    pub label: String,
}

/// What the caller may do with a record in its present state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Allowed {
    /// Change fields, revert.
    pub edit: bool,
    /// Put into the recycle bin.
    pub delete: bool,
    /// Take out of the recycle bin.
    pub restore: bool,
}

/// The member of a contact's body that tells of its account.
pub const ACCOUNT: &str = "account";

/// The account of a contact, with which the person enters the client portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactAccount {
    /// The membership; `null` as long as the account is only offered.
    pub member: Option<Uuid>,
    /// `offered`, `active`, or `deactivated`.
    pub status: &'static str,
}
