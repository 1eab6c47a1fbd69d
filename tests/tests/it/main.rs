//! The API from outside; each module mirrors a part of its routes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

mod contacts;
