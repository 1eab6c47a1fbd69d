//! The mechanisms every aggregate is built with.

pub mod access;
pub mod aggregate;
pub mod catalogue;
pub mod codec;
pub(crate) mod custom;
pub mod error;
pub mod ids;
mod kind;
pub mod money;
pub mod normalize;
pub mod patch;
mod phone;
pub mod reach;
pub mod search;
mod stored_events;
#[cfg(test)]
pub(crate) mod testing;
pub mod value;
pub(crate) mod written;

pub use aggregate::{Aggregate, NotReversible, Reversal};
pub use catalogue::{Catalogue, FieldDef, FieldIndex, Kind};
pub use codec::{DecodeError, Encoded, EventCodec, Opened, PlainSegment};
pub use error::FieldError;
pub use value::Value;
