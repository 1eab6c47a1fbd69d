//! How one asks: HTTP routes, authentication, problems, the API's description, live changes; and
//! the binary `hindsight`.
//!
//! # What this crate must not do
//! Hold a rule of the business (that is `domain`), SQL (that is `store` and `projections`), or a
//! loop over records.
//!
//! # How to add an endpoint
//! One file in [`routes`] with the request's type, the handler and an [`openapi::Endpoint`] that
//! ties path, handler and documentation together; one line in the `mod.rs` beside it; one test in
//! `tests/` that mirrors the path. `hindsight openapi > api/openapi.json` brings the committed
//! description up to date.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "a test makes its own ids and times"))]

pub mod auth;
pub mod cli;
pub mod config;
pub mod cursor;
pub mod demo;
pub mod extract;
pub mod http;
pub mod openapi;
pub mod password;
pub mod router;
pub mod routes;
pub mod server;
pub mod state;
pub mod world;
