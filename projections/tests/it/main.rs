//! Read models against a real Postgres, as the runtime roles.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests stop where they fail, and print their seeds"
)]

mod fixture;
mod following;
mod isolation;
mod listing;
mod overtaking;
mod parking;
mod past;
mod plans;
mod rebuilding;
