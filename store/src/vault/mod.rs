//! The vault: credentials, sessions and one-time tokens, which must never be in the log.
//!
//! Everything goes through functions of the database that the runtime role may call; it cannot
//! list users, and no function returns a token, of which only hashes are kept.

mod one_time;
mod session;

pub use one_time::{Bound, GoodToken, NewToken, Purpose};
pub use session::{NewSession, Refreshed, SessionOwner, SessionRow};

use chrono::{DateTime, Utc};
use domain::ids::UserId;
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

    /// Keeps a password's hash (a PHC string) in place of the one before.
    pub async fn set_password(
        &self,
        user: UserId,
        hash: &str,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.set_password($1, $2, $3)")
            .bind(user.0)
            .bind(hash)
            .bind(now)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// The hash of a user's password, if they have one.
    pub async fn password_hash(&self, user: UserId) -> Result<Option<String>, VaultError> {
        let hash = sqlx::query_scalar("SELECT hindsight.password_hash($1)")
            .bind(user.0)
            .fetch_one(&self.app)
            .await?;
        Ok(hash)
    }

    /// Forgets a password, whose user did not come to be.
    pub async fn drop_password(&self, user: UserId) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.drop_password($1)").bind(user.0).execute(&self.app).await?;
        Ok(())
    }
}
