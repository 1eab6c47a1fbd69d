//! Attempts to get in, counted for all processes.

use super::{Vault, VaultError};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// How often somebody may try, and how long they wait beyond that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// So many attempts need not wait.
    pub free: u32,
    /// One attempt is forgotten in this time.
    pub refill: Duration,
    /// How long the first attempt beyond must wait; each further one twice as long.
    pub base: Duration,
    /// The longest wait.
    pub most: Duration,
}

/// An attempt: under which keys it counts.
#[derive(Clone, Debug, Default)]
pub struct Attempt {
    /// The caller's network.
    pub network: Option<([u8; 32], Limit)>,
    /// The account that is tried.
    pub account: Option<([u8; 32], Limit)>,
    /// The account from this network: takes the account's place where it was entered before.
    pub familiar: Option<[u8; 32]>,
}

impl Vault {
    /// Counts an attempt. If it comes too early it is not counted; then says from when on one is
    /// welcome.
    pub async fn attempt(
        &self,
        attempt: &Attempt,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, VaultError> {
        let keys: Vec<_> = attempt.network.iter().chain(&attempt.account).collect();
        let column = |of: fn(&Limit) -> Duration| -> Vec<Duration> {
            keys.iter().map(|(_, limit)| of(limit)).collect()
        };
        let until = sqlx::query_scalar("SELECT hindsight.attempt($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(keys.iter().map(|(key, _)| &key[..]).collect::<Vec<_>>())
            .bind(keys.iter().map(|(_, limit)| f64::from(limit.free)).collect::<Vec<_>>())
            .bind(column(|limit| limit.refill))
            .bind(column(|limit| limit.base))
            .bind(column(|limit| limit.most))
            .bind(attempt.account.as_ref().map(|(key, _)| &key[..]))
            .bind(attempt.familiar.as_ref().map(|key| &key[..]))
            .bind(now)
            .fetch_one(&self.app)
            .await?;
        Ok(until)
    }

    /// Whoever made the attempt was right: the account's count begins anew, and the network is
    /// familiar to it.
    pub async fn attempt_succeeded(
        &self,
        attempt: &Attempt,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.attempt_succeeded($1, $2, $3)")
            .bind(attempt.account.as_ref().map(|(key, _)| &key[..]))
            .bind(attempt.familiar.as_ref().map(|key| &key[..]))
            .bind(now)
            .execute(&self.app)
            .await?;
        Ok(())
    }
}
