//! Commands against a real database, as the runtime roles.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "tests stop where they fail"
)]

mod defaults;
mod executor;
mod identity;
mod import;
mod jobs;
mod joining;
mod mail;
mod one_time;
mod picklists;
mod records;
mod sessions;
mod smtp_server;
mod support;
mod throttle;
