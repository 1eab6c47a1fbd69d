//! What may be asked: commands are authorized, decided, and appended exactly once.
//!
//! [`Commands`] carries out a command on one aggregate, or on several at once. On it stand the
//! services: [`records::Records`] for every catalogued record type, [`bulk::Bulks`] for many of
//! them at once, [`picklists::Picklists`],
//! [`views::Views`], [`undo::Undo`], [`identity::Identity`], [`access::Access`] for roles and teams,
//! [`portal::Portal`] for clients, [`import::Imports`], [`mail::Mails`], and [`jobs::Jobs`], the one
//! mechanism for whatever
//! takes longer than a request.
//!
//! # What this crate must not do
//! Know HTTP, SQL or a read model. It decides on folded streams only; what it keeps beside the log
//! (credentials, sessions, jobs) it keeps through `store`.
//!
//! # How to add a command
//! The verb goes into its aggregate in `domain`. Here it is a call of [`Commands::execute`] with
//! who may do it and how the command follows from the state; a service of its own only if it must
//! look at other streams first.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "a test makes its own ids and times"))]

pub mod access;
pub mod bulk;
mod cache;
pub mod clock;
mod describe;
pub mod error;
pub mod execute;
pub mod folded;
mod follow;
pub mod history;
pub mod identity;
pub mod import;
pub mod intents;
pub mod jobs;
pub mod mail;
mod news;
pub mod organization;
pub mod picklists;
pub mod portal;
pub mod records;
mod request;
pub mod undo;
pub mod views;

pub use clock::{Clock, Ids, SettableClock, SystemClock, SystemIds};
pub use error::{CommandError, Denied, Refusal};
pub use execute::{Batch, BatchDone, Commands, Done, Target, Undone};
pub use folded::{At, Folded};
pub use history::{FieldChange, HistoryEntry, Refers};
pub use request::{Caller, CommandRequest, IdempotencyKey, Origin, Stamp};
