//! What is true: the pure core of Hindsight.
//!
//! This crate holds the aggregates (what may happen to a contact, a company, a pick-list) and the
//! value objects they are made of. It is synchronous and deterministic: no clock, no randomness,
//! no I/O, no SQL, no HTTP. Time and new ids come in as arguments.
//!
//! # How to add a field
//! One line in the record type's `fields.rs`. Struct, patch, validation, labels, import aliases,
//! filters, sorting, sealing, read-model column and API schema follow from it. Tests then ask for a
//! golden sample with it and, depending on its sealing, for its name in `docs/events.md`. The place
//! of a field ([`catalogue::FieldIndex`]) holds within one build and is never stored.
//!
//! # How to add a record type
//! One folder with `fields.rs` (its [`catalogue!`]) and a `mod.rs` that implements
//! [`record::RecordType`], and one line in [`registry`]. A type with verbs of its own implements
//! [`kernel::Aggregate`] itself.

pub mod api_key;
pub mod bulk;
pub mod client;
pub mod company;
pub mod contact;
pub mod denial;
#[cfg(test)]
mod golden;
pub mod import;
pub mod instance;
pub mod invitation;
pub mod kernel;
pub mod mail;
pub mod member;
pub mod organization;
pub mod picklist;
pub mod record;
pub mod registry;
pub mod role;
pub mod team;
pub mod undo;
pub mod user;
pub mod view;

pub use kernel::{
    Aggregate, access, aggregate, catalogue, codec, error, ids, money, normalize, patch, reach,
    search, value,
};
