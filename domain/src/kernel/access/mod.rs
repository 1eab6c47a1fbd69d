//! Who acts, and with which rights.
//!
//! A [`Permission`] is `resource:action` from one static catalogue. Roles grant permissions, each
//! with a reach, and may restrict fields ([`Grants`]). What the roles and teams of a member come to
//! is [`Rights`]; an [`Actor`] is somebody who acts with them.

mod actor;
mod catalogue;
mod grants;
mod permission;
mod rights;
#[cfg(test)]
mod tests;

pub use actor::Actor;
pub use catalogue::{PermissionDef, Resource, catalogue, on_kind, record_fields, resources};
pub use grants::{Excess, FieldAccess, FieldRules, Grants};
pub use permission::{Permission, Verb};
pub use rights::{ProfileKind, Rights};
