//! Keeping read models up to date: exactly once, in order, or visibly parked.
//!
//! A *group* of read models shares a checkpoint per log. A worker takes the checkpoint's row lock
//! (which is ownership and fencing in one), reads events behind it, applies them, moves it and
//! commits; so a crash at any moment leaves rows and checkpoint agreeing. Live read models are one
//! group; a generation in the making is a group of its own and runs the same code.

mod apply;
mod feed;
mod folded;
mod group;
mod model;
mod parked;
mod step;
mod worker;

pub(crate) use apply::{ParkedStreams, apply};
pub use feed::{Applied, Assignment, Change, ChangeKind};
pub(crate) use feed::{Feed, visible_position};
pub(crate) use folded::{FoldedTable, Row, made_or_changed};
pub(crate) use group::{Group, live_group, may_copy, path};
pub(crate) use model::{AsOfModel, Batch, Entry, Failure, Mode, OnPoison, ReadModel, fingerprint};
pub use parked::Parked;
pub(crate) use parked::{list as list_parked, retry as retry_parked};
pub(crate) use step::{Step, StepError, Take, step, take};
pub(crate) use worker::{Worker, run as run_worker};

/// The advisory lock that workers share (`hindsight.hold_generations`) and a switch has alone.
pub(crate) const SWITCH_LOCK: i64 = 4_869_748;
