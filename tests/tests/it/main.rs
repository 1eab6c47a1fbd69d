//! The API from outside; each module mirrors a part of its routes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

mod actions;
mod api_keys;
mod architecture;
mod audit;
mod auth;
mod bad_input;
mod bulk;
mod clients;
mod contacts;
mod credentials;
mod demo;
mod field_rights;
mod idempotency;
mod imports;
mod instance;
mod invitations;
mod jobs;
mod lists;
mod live;
mod logs;
mod mail;
mod matrix;
mod members;
mod members_made;
mod meta;
mod openapi;
mod organization;
mod past;
mod picklists;
mod process;
mod profiles;
mod reach;
mod recent;
mod rights;
mod roles;
mod search;
mod shell;
mod side_by_side;
#[allow(dead_code, reason = "the tests of commands use all of it")]
#[path = "../../../commands/tests/it/smtp_server.rs"]
mod smtp_server;
mod view_as;
mod views;
