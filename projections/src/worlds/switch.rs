//! Switching the live world to a new generation.

use super::Builder;
use crate::error::{BuildError, sql_state};
use crate::runtime::{Group, ReadModel, SWITCH_LOCK, path};
use sqlx::PgConnection;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How long workers are kept waiting at most, each time it is tried.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '2s'";

const ATTEMPTS: u32 = 10;

/// Wait before the next attempt, times the number of attempts.
const WAIT: Duration = Duration::from_millis(200);

impl Builder {
    /// Brings a group to where the live one is and lets it take its place. Only a group of all
    /// models may be ahead of it, since the live ones share their positions.
    pub(super) async fn switch(&self, group: &Group) -> Result<(), BuildError> {
        for attempt in 1..=ATTEMPTS {
            match self.try_switch(group).await {
                Ok(()) => return Ok(()),
                Err(BuildError::Busy) => {}
                Err(BuildError::Database(error))
                    if sql_state(&error).as_deref() == Some(LOCK_NOT_AVAILABLE) => {}
                Err(error) => return Err(error),
            }
            tracing::debug!(attempt, group = group.name, "could not switch yet");
            tokio::select! {
                () = self.stop.cancelled() => return Err(BuildError::Cancelled),
                () = tokio::time::sleep(WAIT * attempt) => {}
            }
        }
        Err(BuildError::Busy)
    }

    async fn try_switch(&self, group: &Group) -> Result<(), BuildError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::raw_sql(LOCK_TIMEOUT).execute(&mut *transaction).await?;
        // Waits for the batches at work; from here on the live checkpoints stand still.
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(SWITCH_LOCK)
            .execute(&mut *transaction)
            .await?;
        for (log, upto) in self.live_positions().await? {
            self.catch_up(group, log, upto).await?;
        }
        if group.members.len() == self.models.len() {
            // Nothing live is left behind: what the group is ahead in, it is ahead in for all.
            sqlx::query(
                "UPDATE hindsight.checkpoint l SET position = n.position \
                   FROM hindsight.checkpoint n \
                  WHERE l.projection_group = 'live' AND n.projection_group = $1 \
                    AND n.log_id = l.log_id AND n.position > l.position",
            )
            .bind(&group.name)
            .execute(&mut *transaction)
            .await?;
        }
        let apart: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM hindsight.checkpoint l \
               LEFT JOIN hindsight.checkpoint n \
                 ON n.log_id = l.log_id AND n.projection_group = $1 \
              WHERE l.projection_group = 'live' AND l.position <> coalesce(n.position, 0)",
        )
        .bind(&group.name)
        .fetch_one(&mut *transaction)
        .await?;
        if apart > 0 {
            return Err(BuildError::Busy);
        }
        for (model, schema) in &group.members {
            sqlx::query(
                "UPDATE hindsight.read_model SET state = 'retired', retired_at = clock_timestamp() \
                  WHERE model = $1 AND state = 'live'",
            )
            .bind(model.name())
            .execute(&mut *transaction)
            .await?;
            sqlx::query("UPDATE hindsight.read_model SET state = 'live' WHERE schema = $1")
                .bind(schema)
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query("DELETE FROM hindsight.checkpoint WHERE projection_group = $1")
            .bind(&group.name)
            .execute(&mut *transaction)
            .await?;
        write_live_path(&mut transaction, &self.models).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// `lock_not_available`: the lock timeout.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// Writes the path of the live world from the rows of the live generations.
pub(super) async fn write_live_path(
    connection: &mut PgConnection,
    models: &[Arc<dyn ReadModel>],
) -> Result<(), sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT model, schema FROM hindsight.read_model WHERE state = 'live'")
            .fetch_all(&mut *connection)
            .await?;
    let live: HashMap<String, String> = rows.into_iter().collect();
    let schemas = models.iter().filter_map(|model| live.get(model.name()));
    sqlx::query("UPDATE hindsight.world SET path = $1 WHERE name = 'live'")
        .bind(path(schemas.map(String::as_str)))
        .execute(connection)
        .await?;
    Ok(())
}
