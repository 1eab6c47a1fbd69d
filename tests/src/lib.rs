//! A server to test against: the real router on a real socket, a real database, workers running.
//!
//! Tests mirror the routes (`tests/tests/it/`). They wait on the positions that commands return;
//! none sleeps.
#![allow(
    clippy::missing_panics_doc,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests stop where they fail"
)]

mod answer;
mod app;
mod client;
mod feed;
pub mod mailed;
mod process;
mod written;

pub use answer::Answer;
pub use app::{PASSWORD, TestApp};
pub use client::{Call, Client};
pub use feed::Feed;
pub use mailed::code;
pub use process::Process;
pub use written::events;
