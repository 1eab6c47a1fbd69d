//! Passwords.

use super::{Vault, VaultError};
use chrono::{DateTime, Utc};
use domain::ids::UserId;

impl Vault {
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

    /// Keeps the hash of the password of somebody who signs up, for as long as they may take to
    /// show that the address is theirs.
    pub async fn hold_password(
        &self,
        user: UserId,
        hash: &str,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.hold_password($1, $2, $3, $4)")
            .bind(user.0)
            .bind(hash)
            .bind(now)
            .bind(expires_at)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// The hash that is kept for somebody who signs up.
    pub async fn held_password(&self, user: UserId) -> Result<Option<String>, VaultError> {
        let hash = sqlx::query_scalar("SELECT hindsight.held_password($1)")
            .bind(user.0)
            .fetch_one(&self.app)
            .await?;
        Ok(hash)
    }

    /// Makes the password that is kept for somebody who signs up the user's.
    pub async fn take_held_password(
        &self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.take_held_password($1, $2)")
            .bind(user.0)
            .bind(now)
            .execute(&self.app)
            .await?;
        Ok(())
    }
}
