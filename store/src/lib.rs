//! What happened: the append-only log, and the vault for what must never be in it.
//!
//! [`EventLog`] is the port: contiguous, gap-free logs, one per organization and log 0 for the
//! platform. [`postgres`] is the adapter; another one must pass the same `conformance` suite.
//! Personal data is sealed per person before it reaches an adapter's table ([`seal`]).
//!
//! # What this crate must not do
//! Decide anything (that is `domain`), shape anything for reading (that is `projections`), or let
//! an event be changed: no statement here updates or deletes one, and the database refuses it.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "a test makes its own ids and times"))]

#[cfg(any(test, feature = "testing"))]
pub mod conformance;
pub mod database;
pub mod embedded;
pub mod envelope;
pub mod jobs;
pub mod port;
pub mod postgres;
pub mod seal;
pub mod secret;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod vault;

pub use database::{Database, DatabaseError};
pub use envelope::{ActorKind, ActorRef, Channel, Meta, PrivateMeta, RecordedEvent, SourceRef};
pub use port::{
    Append, Appended, BulkAppend, EventLog, Expected, Head, LogError, LogId, NewEvent, Position,
    ReadLimit, StreamAppend, StreamId,
};
pub use postgres::PostgresLog;
pub use secret::RootSecret;
