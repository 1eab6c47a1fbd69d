//! The adapter on Postgres: one database, one locked head row per log.

mod append;
mod bulk;
pub mod copy;
mod prepare;
mod read;
mod wake;
mod writer;

use crate::database::Database;
use crate::envelope::RecordedEvent;
use crate::port::{
    Append, Appended, BulkAppend, EventLog, Head, LogError, LogId, Position, ReadLimit, StreamId,
};
use crate::seal::KeyRing;
use crate::secret::RootSecret;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use tokio::sync::watch;
use uuid::Uuid;
use wake::Wake;
use writer::Writers;

/// How many subjects' keys a process remembers.
const KEYS_REMEMBERED: usize = 50_000;

/// How often a command is sealed anew because another process made a key at the same time.
const RESEALS: usize = 3;

/// The log on Postgres. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PostgresLog {
    database: Database,
    keys: Arc<KeyRing>,
    writers: Writers,
    wake: Wake,
}

impl PostgresLog {
    /// Opens the log. Must be called inside a Tokio runtime.
    pub fn try_new(database: Database, root: &RootSecret) -> Result<Self, LogError> {
        let keys = Arc::new(KeyRing::new(root, KEYS_REMEMBERED)?);
        let wake = Wake::start(database.app.clone());
        let writers = Writers::new(database.app.clone(), wake.clone());
        Ok(Self { database, keys, writers, wake })
    }
}

#[async_trait]
impl EventLog for PostgresLog {
    fn appends_several_streams(&self) -> bool {
        true
    }

    async fn create_log(&self, log: LogId, simulated: bool) -> Result<(), LogError> {
        sqlx::query("SELECT hindsight.create_log($1, $2)")
            .bind(log.0)
            .bind(simulated)
            .execute(&self.database.app)
            .await?;
        Ok(())
    }

    async fn append(&self, log: LogId, append: Append) -> Result<Appended, LogError> {
        prepare::check(&append)?;
        for attempt in 0..RESEALS {
            let doubted = attempt > 0;
            let prepared =
                prepare::prepare(&self.keys, &self.database.app, log, &append, doubted).await?;
            let secrets = prepared.new_keys.clone();
            match self.writers.append(log, prepared).await {
                Err(writer::WriteError::KeyExists) => {
                    for new in secrets {
                        self.keys.forget(log, new.subject);
                    }
                }
                Err(writer::WriteError::Log(error)) => return Err(error),
                Ok(appended) => {
                    if !appended.duplicate {
                        for new in secrets {
                            self.keys.learn(log, new.subject, Some(new.secret));
                        }
                    }
                    return Ok(appended);
                }
            }
        }
        Err(LogError::Overloaded)
    }

    async fn append_bulk(&self, log: LogId, bulk: BulkAppend) -> Result<Appended, LogError> {
        let appended =
            bulk::append(&self.database.loader, &self.database.app, &self.keys, log, bulk).await?;
        self.wake.appended();
        Ok(appended)
    }

    async fn find_command(&self, log: LogId, command: Uuid) -> Result<Option<Appended>, LogError> {
        read::command(&self.database.app, log, command).await
    }

    async fn read_stream(
        &self,
        log: LogId,
        stream: StreamId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, LogError> {
        read::stream(&self.database.app, &self.keys, log, stream, after, limit).await
    }

    async fn read_log(
        &self,
        log: LogId,
        after: Position,
        upto: Position,
        limit: ReadLimit,
    ) -> Result<Vec<RecordedEvent>, LogError> {
        read::log(&self.database.follower, &self.keys, log, after, upto, limit).await
    }

    async fn read_events(
        &self,
        log: LogId,
        positions: &[Position],
    ) -> Result<Vec<RecordedEvent>, LogError> {
        read::events(&self.database.app, &self.keys, log, positions).await
    }

    async fn head(&self, log: LogId) -> Result<Head, LogError> {
        read::head(&self.database.app, log).await
    }

    async fn logs(&self, after: Option<LogId>, limit: u32) -> Result<Vec<(LogId, Head)>, LogError> {
        read::logs(&self.database.follower, after, limit).await
    }

    async fn position_at(&self, log: LogId, time: DateTime<Utc>) -> Result<Position, LogError> {
        read::position_at(&self.database.app, log, time).await
    }

    fn appended(&self) -> watch::Receiver<u64> {
        self.wake.receiver()
    }
}

#[cfg(test)]
mod tests;
