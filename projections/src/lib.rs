//! What is shown: read models that follow from the log, and the queries over them.
//!
//! Everything here can be dropped and built again from the log, while the system serves, and comes
//! out identical. Nothing else writes these tables, and they have no migrations: a read model
//! whose tables or handler changed is a new generation with a schema of its own, built beside the
//! old one and switched to when it has caught up.
//!
//! - `runtime` applies events: batches, checkpoints, parking, any number of processes.
//! - `records` is the read model of every record type, derived from its catalogue; `picklists`,
//!   `members`, `views`, `actions` and `audit` are the others.
//! - `worlds` makes generations: the live ones, rebuilds with a switch, and as-of worlds.
//! - `read` binds a transaction to a world, an organization and a reach; `list` runs lists in it.
//!
//! # What this crate must not do
//! Decide anything, append anything, or answer anybody without a [`Scope`].
//!
//! # How to add a read model
//! A record type needs only its line in `domain::registry`. Another read model is a folder with its
//! queries on [`ReadTx`] and a line in `registry`; most are one table whose rows are folded from the
//! events of one kind of stream, which is an implementation of `runtime::Row`, and any other is one
//! of `runtime::ReadModel`.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "a test makes its own ids and times"))]

mod actions;
mod audit;
mod error;
mod invitations;
mod list;
mod members;
mod picklists;
mod projections;
mod read;
mod records;
mod registry;
mod runtime;
mod sql;
mod views;
mod worlds;

pub use actions::{ActionQuery, ActionRow, ActionStreamRow};
pub use audit::{AuditPage, AuditQuery, AuditRow};
pub use error::{ApplyError, BuildError, ReadError};
pub use invitations::{InvitationPage, InvitationQuery, InvitationRow};
pub use list::{
    Comparison, Condition, Deleted, Direction, FieldRef, FieldSelection, Filter, Ids, KeyValue,
    Keyset, ListQuery, MAX_LIMIT, Named, Page, SortKey, SystemField, Test, Total, operators,
};
pub use members::{MemberQuery, MemberRow};
pub use picklists::ChoiceRow;
pub use projections::{Options, Projections};
pub use read::{AsOf, ReadTx, Scope, World};
pub use records::{RecordRow, match_key};
pub use runtime::{Applied, Assignment, Change, ChangeKind, Parked};
pub use views::{ViewQuery, ViewRow};
pub use worlds::{AsOfLimits, Progress, Rebuilt};
