//! Read models against a real Postgres, as the runtime roles.

mod fixture;
mod following;
mod rebuilding;
