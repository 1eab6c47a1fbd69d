//! Clients: persons whom an organization serves, as they register, have an account, and see
//! themselves in the portal. A client is always a contact.

mod account;
mod details;
mod registration;
#[cfg(test)]
mod tests;

pub use account::{
    ClientAccount, ClientAccountCommand, ClientAccountError, ClientAccountEvent, Holder, Offer,
    account_stream,
};
pub use details::{EDITABLE, SHOWN};
pub use registration::{
    Registrant, Registration, RegistrationCommand, RegistrationError, RegistrationEvent,
};

use crate::ids::{MemberId, OrganizationId, UserId};
use uuid::Uuid;

/// The profile of a user as a client of an organization: one at most, the same one again if they
/// come back (UUIDv5 in the organization's namespace).
pub fn member_id(organization: OrganizationId, user: UserId) -> MemberId {
    MemberId(Uuid::new_v5(&organization.0, format!("client:{}", user.0).as_bytes()))
}
