//! The vault: credentials, sessions and one-time tokens, which must never be in the log.
//!
//! Everything goes through functions of the database that the runtime role may call; it cannot
//! list users, and no function returns a token, of which only hashes are kept.

mod api_key;
mod attempt;
mod credential;
mod denial;
mod failure;
mod one_time;
mod session;
mod totp;

pub use attempt::{Attempt, Limit};
pub use denial::CountedDenials;
pub use failure::FailedLogIns;
pub use one_time::{Bound, GoodToken, NewToken, Purpose};
pub use session::{NewSession, Refreshed, SessionOwner, SessionRow};
pub use totp::Totp;

use sqlx::postgres::PgPool;

/// Why the vault could not do it.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The database failed.
    #[error("database")]
    Database(#[from] sqlx::Error),
}

/// Credentials, sessions and one-time tokens of all users.
#[derive(Clone, Debug)]
pub struct Vault {
    app: PgPool,
}

impl Vault {
    /// The vault by way of the pool of request handlers.
    pub fn new(app: PgPool) -> Self {
        Self { app }
    }
}
