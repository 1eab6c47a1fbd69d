//! How far processes have followed the platform's log.

use super::JobStoreError;
use sqlx::postgres::PgPool;

/// The places that processes have reached, by their names.
#[derive(Clone, Debug)]
pub struct Processes {
    app: PgPool,
}

impl Processes {
    /// The places by way of the pool of request handlers.
    pub fn new(app: PgPool) -> Self {
        Self { app }
    }

    /// The last position that a process has dealt with; 0 before the first.
    pub async fn position(&self, name: &str) -> Result<u64, JobStoreError> {
        let position: i64 = sqlx::query_scalar("SELECT hindsight.process_position($1)")
            .bind(name)
            .fetch_one(&self.app)
            .await?;
        Ok(u64::try_from(position).unwrap_or(0))
    }

    /// Notes the last position that a process has dealt with; never goes back.
    pub async fn advance(&self, name: &str, position: u64) -> Result<(), JobStoreError> {
        sqlx::query("SELECT hindsight.advance_process($1, $2)")
            .bind(name)
            .bind(i64::try_from(position).unwrap_or(i64::MAX))
            .execute(&self.app)
            .await?;
        Ok(())
    }
}
