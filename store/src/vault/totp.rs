//! Second factors: seeds, used time steps, recovery codes.

use super::{Vault, VaultError};
use chrono::{DateTime, Utc};
use domain::ids::UserId;

/// What is kept of a user's second factor.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Totp {
    /// The seed, sealed.
    pub seed: Vec<u8>,
    /// Whether a code is asked for; until it is confirmed by a code, it is only offered.
    pub enabled: bool,
}

impl Vault {
    /// Keeps a sealed seed until a code confirms it; `false` if a confirmed one is there.
    pub async fn offer_totp(&self, user: UserId, seed: &[u8]) -> Result<bool, VaultError> {
        self.on_totp("SELECT hindsight.offer_totp($1, $2)", user, seed).await
    }

    async fn on_totp(
        &self,
        sql: &'static str,
        user: UserId,
        bytes: &[u8],
    ) -> Result<bool, VaultError> {
        Ok(sqlx::query_scalar(sql).bind(user.0).bind(bytes).fetch_one(&self.app).await?)
    }

    /// A user's second factor, if they have or are offered one.
    pub async fn totp(&self, user: UserId) -> Result<Option<Totp>, VaultError> {
        let found = sqlx::query_as("SELECT seed, enabled FROM hindsight.find_totp($1)");
        Ok(found.bind(user.0).fetch_optional(&self.app).await?)
    }

    /// Uses up the code of a time step; `false` if it, or a later one, was used before.
    pub async fn use_totp_step(
        &self,
        user: UserId,
        seed: &[u8],
        step: u64,
    ) -> Result<bool, VaultError> {
        let fresh = sqlx::query_scalar("SELECT hindsight.use_totp_step($1, $2, $3)")
            .bind(user.0)
            .bind(seed)
            .bind(i64::try_from(step).unwrap_or(i64::MAX))
            .fetch_one(&self.app)
            .await?;
        Ok(fresh)
    }

    /// Asks the user for a code from now on; these are the hashes of their recovery codes.
    pub async fn enable_totp(
        &self,
        user: UserId,
        hashes: &[[u8; 32]],
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.enable_totp($1, $2, $3)")
            .bind(user.0)
            .bind(hashes.iter().map(|hash| &hash[..]).collect::<Vec<_>>())
            .bind(now)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// Puts these recovery codes in the place of all before.
    pub async fn set_recovery_codes(
        &self,
        user: UserId,
        hashes: &[[u8; 32]],
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.set_recovery_codes($1, $2)")
            .bind(user.0)
            .bind(hashes.iter().map(|hash| &hash[..]).collect::<Vec<_>>())
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// Forgets seed and recovery codes.
    pub async fn disable_totp(&self, user: UserId) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.disable_totp($1)").bind(user.0).execute(&self.app).await?;
        Ok(())
    }

    /// Uses up a recovery code; `false` if there is none of this hash, or it was used.
    pub async fn use_recovery_code(
        &self,
        user: UserId,
        hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<bool, VaultError> {
        let fresh = sqlx::query_scalar("SELECT hindsight.use_recovery_code($1, $2, $3)")
            .bind(user.0)
            .bind(&hash[..])
            .bind(now)
            .fetch_one(&self.app)
            .await?;
        Ok(fresh)
    }

    /// How many recovery codes a user has left.
    pub async fn recovery_codes_left(&self, user: UserId) -> Result<u64, VaultError> {
        let left: i64 = sqlx::query_scalar("SELECT hindsight.recovery_codes_left($1)")
            .bind(user.0)
            .fetch_one(&self.app)
            .await?;
        Ok(left.unsigned_abs())
    }
}
