//! How far processes have followed every log.

use super::JobStoreError;
use crate::port::{LogId, Position, StreamId};
use chrono::{DateTime, Utc};
use sqlx::postgres::PgPool;
use uuid::Uuid;

/// A log that has moved on since a process was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// The log.
    pub log: LogId,
    /// The last position that the process has dealt with; 0 before the first.
    pub reached: Position,
    /// Position of its last event.
    pub head: Position,
}

/// Which logs a process follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logs {
    /// The platform's.
    Platform,
    /// Those of organizations.
    Organizations,
    /// All but those whose times are made up (demo, tests).
    Real,
}

impl Logs {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Organizations => "organizations",
            Self::Real => "real",
        }
    }
}

/// An event of a type that was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its stream.
    pub stream: StreamId,
    /// Its type.
    pub event_type: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// The places that processes have reached in every log, by their names. For those that look for
/// events of few types: finding streams that have them reads no payload and opens no seal.
#[derive(Clone, Debug)]
pub struct Followers {
    app: PgPool,
}

impl Followers {
    /// The places by way of the pool of request handlers.
    pub fn new(app: PgPool) -> Self {
        Self { app }
    }

    /// Logs of these that have moved on since the process was there, at most `limit`.
    pub async fn ahead(
        &self,
        name: &str,
        logs: Logs,
        limit: u32,
    ) -> Result<Vec<Ahead>, JobStoreError> {
        let rows: Vec<(Uuid, i64, i64)> =
            sqlx::query_as("SELECT * FROM hindsight.logs_ahead($1, $2, $3)")
                .bind(name)
                .bind(logs.as_str())
                .bind(i32::try_from(limit).unwrap_or(i32::MAX))
                .fetch_all(&self.app)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(log, reached, head)| Ahead {
                log: LogId(log),
                reached: reached.unsigned_abs(),
                head: head.unsigned_abs(),
            })
            .collect())
    }

    /// The events of some types above `after` and up to `upto`, in order.
    pub async fn streams_with(
        &self,
        log: LogId,
        after: Position,
        upto: Position,
        event_types: &[&str],
    ) -> Result<Vec<Found>, JobStoreError> {
        let rows: Vec<(Uuid, String, DateTime<Utc>)> =
            sqlx::query_as("SELECT * FROM hindsight.streams_with($1, $2, $3, $4)")
                .bind(log.0)
                .bind(i64::try_from(after).unwrap_or(i64::MAX))
                .bind(i64::try_from(upto).unwrap_or(i64::MAX))
                .bind(event_types)
                .fetch_all(&self.app)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(stream, event_type, recorded_at)| Found {
                stream: StreamId(stream),
                event_type,
                recorded_at,
            })
            .collect())
    }

    /// Notes the last position of a log that a process has dealt with; never goes back.
    pub async fn advance(
        &self,
        name: &str,
        log: LogId,
        position: Position,
    ) -> Result<(), JobStoreError> {
        sqlx::query("SELECT hindsight.advance_follower($1, $2, $3)")
            .bind(name)
            .bind(log.0)
            .bind(i64::try_from(position).unwrap_or(i64::MAX))
            .execute(&self.app)
            .await?;
        Ok(())
    }
}
