//! Read models against a real Postgres, as the runtime roles.

mod fixture;
mod following;
mod isolation;
mod listing;
mod parking;
mod past;
mod plans;
mod rebuilding;
