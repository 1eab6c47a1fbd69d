//! Log-ins that failed, counted until their minute is over.

use super::{Vault, VaultError};
use crate::port::StreamId;
use uuid::Uuid;

/// Log-ins at one account, from one address, within one minute, that failed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FailedLogIns {
    /// The stream of the log-in address that was tried.
    pub stream_id: Uuid,
    /// The minute since the Unix epoch.
    pub minute: i64,
    /// The caller's address; empty if it is not known.
    pub ip: String,
    /// How many.
    pub count: i32,
}

impl Vault {
    /// Counts a log-in that failed.
    pub async fn log_in_failed(
        &self,
        stream: StreamId,
        minute: i64,
        ip: &str,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.log_in_failed($1, $2, $3)")
            .bind(stream.0)
            .bind(minute)
            .bind(ip)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// Counts of minutes before `minute`, oldest first; at most 100.
    pub async fn failed_log_ins(&self, minute: i64) -> Result<Vec<FailedLogIns>, VaultError> {
        let sql = "SELECT stream_id, minute, ip, count FROM hindsight.failed_log_ins($1, 100)";
        Ok(sqlx::query_as(sql).bind(minute).fetch_all(&self.app).await?)
    }

    /// Forgets a count that the log has now.
    pub async fn forget_failed_log_ins(&self, counted: &FailedLogIns) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.forget_failed_log_in($1, $2, $3)")
            .bind(counted.stream_id)
            .bind(counted.minute)
            .bind(&counted.ip)
            .execute(&self.app)
            .await?;
        Ok(())
    }
}
