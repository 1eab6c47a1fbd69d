//! Who acts, and with which rights.

use super::ids::{MemberId, OrganizationId, UserId};
use super::reach::Reach;

/// What a permission allows on a kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// See records.
    Read,
    /// Make new records.
    Create,
    /// Change records, restore versions included.
    Update,
    /// Delete and restore records.
    Delete,
}

/// The authenticated caller of a request, with rights as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// Their profile in the organization.
    pub member: MemberId,
    /// The organization they act in.
    pub organization: OrganizationId,
    /// How far their rights reach. (One reach for every permission until roles exist.)
    pub reach: Reach,
    /// Whether they may change settings such as pick-lists.
    pub admin: bool,
}

impl Actor {
    /// Whether the actor may apply `verb` to a record assigned to `assigned_to`.
    /// Creating is always possible: a limited reach assigns the new record to its maker.
    pub fn may(&self, verb: Verb, assigned_to: Option<MemberId>) -> bool {
        match verb {
            Verb::Create => true,
            Verb::Read | Verb::Update | Verb::Delete => self.reach.permits(assigned_to),
        }
    }
}
