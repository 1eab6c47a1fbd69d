//! What has become visible: for live updates, and for reads that wait for a position.

use domain::ids::MemberId;
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgListener, PgPool};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{LogId, Position};
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was made.
    Created,
    /// Its values changed.
    Changed,
    /// It was put into the recycle bin.
    Deleted,
    /// It was taken out of the recycle bin.
    Restored,
}

/// Who a record was and is assigned to: whoever saw it before must learn that it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Before the change; `None` if nobody, or if it did not exist.
    pub before: Option<MemberId>,
    /// After the change.
    pub after: Option<MemberId>,
}

/// A change that a read model shows now. Changes of one record in one batch are one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Kind of stream, such as `contact` or `picklist`.
    pub record_type: std::borrow::Cow<'static, str>,
    /// Id of the record.
    pub id: Uuid,
    /// Its version.
    pub version: u32,
    /// Position of its last event.
    pub position: Position,
    /// What happened; the weightiest, if several things did.
    pub kind: ChangeKind,
    /// For records within reach of some only; `None` if every member may see them.
    pub assignment: Option<Assignment>,
}

/// A batch that is visible now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The log.
    #[serde(with = "log_id")]
    pub log: LogId,
    /// Everything up to here is visible.
    pub position: Position,
    /// What changed, in order of position. `None`: too much to tell between processes; look again.
    pub changes: Option<Vec<Change>>,
}

mod log_id {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use store::LogId;

    pub(super) fn serialize<S: Serializer>(log: &LogId, s: S) -> Result<S::Ok, S::Error> {
        log.0.serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<LogId, D::Error> {
        uuid::Uuid::deserialize(d).map(LogId)
    }
}

/// What goes between processes.
#[derive(Serialize, Deserialize)]
struct Message {
    process: Uuid,
    applied: Applied,
}

/// The channel between processes. It is told inside the worker's transaction, which (unlike an
/// append) waits for no disk and holds no lock that others need.
const CHANNEL: &str = "hindsight_applied";

/// A notification holds at most 8,000 bytes.
const MOST_BYTES: usize = 7_900;

/// Batches that a slow receiver may lag behind.
const CAPACITY: usize = 1_024;

/// How often a waiting read looks at the checkpoint itself.
const POLL: Duration = Duration::from_millis(50);

/// Wait before a lost connection is tried again.
const RECONNECT: Duration = Duration::from_secs(1);

/// Tells what has become visible, and remembers how far each log is.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    /// Tells this process's own notifications from others'.
    process: Uuid,
    applied: broadcast::Sender<Arc<Applied>>,
    known: Arc<Mutex<HashMap<LogId, Position>>>,
    bell: Arc<watch::Sender<u64>>,
}

impl Feed {
    #[expect(clippy::disallowed_methods, reason = "it names a running process and is kept nowhere")]
    pub(crate) fn new() -> Self {
        Self {
            process: Uuid::now_v7(),
            applied: broadcast::Sender::new(CAPACITY),
            known: Arc::default(),
            bell: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Learns how far the logs are, so that a worker need not look at each.
    pub(crate) async fn load(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(
            "SELECT log_id, position FROM hindsight.checkpoint WHERE projection_group = 'live'",
        )
        .fetch_all(pool)
        .await?;
        for (log, position) in rows {
            self.advance(LogId(log), position.unsigned_abs());
        }
        Ok(())
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<Applied>> {
        self.applied.subscribe()
    }

    /// How far a log is known to be.
    pub(crate) fn known(&self, log: LogId) -> Position {
        // The map is valid at every moment: a panic elsewhere does not spoil it.
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&log).copied().unwrap_or(0)
    }

    pub(crate) fn advance(&self, log: LogId, position: Position) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = known.entry(log).or_insert(0);
        *entry = position.max(*entry);
        drop(known);
        self.bell.send_modify(|count| *count += 1);
    }

    /// The notification for other processes.
    pub(crate) fn message(&self, applied: &Applied) -> (&'static str, String) {
        let full = Message { process: self.process, applied: applied.clone() };
        let text = serde_json::to_string(&full).ok().filter(|text| text.len() <= MOST_BYTES);
        let text = text.unwrap_or_else(|| {
            let short = Message { applied: Applied { changes: None, ..full.applied }, ..full };
            // Three numbers and two ids always serialize.
            serde_json::to_string(&short).unwrap_or_default()
        });
        (CHANNEL, text)
    }

    /// Tells all processes of what was committed already.
    pub(crate) async fn announce(
        &self,
        pool: &PgPool,
        applied: Applied,
    ) -> Result<(), sqlx::Error> {
        let (channel, message) = self.message(&applied);
        self.publish(applied);
        let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(channel).bind(message);
        notify.execute(pool).await?;
        Ok(())
    }

    /// Tells this process, after the commit.
    pub(crate) fn publish(&self, applied: Applied) {
        self.advance(applied.log, applied.position);
        // Nobody listening is no error.
        let _ = self.applied.send(Arc::new(applied));
    }

    /// Waits until everything up to `position` is visible, at most for `timeout`. Returns the
    /// position that is visible then.
    pub(crate) async fn wait_for(
        &self,
        pool: &PgPool,
        log: LogId,
        position: Position,
        timeout: Duration,
    ) -> Result<Position, sqlx::Error> {
        let deadline = Instant::now() + timeout;
        let mut bell = self.bell.subscribe();
        loop {
            bell.mark_unchanged();
            if self.known(log) >= position {
                return Ok(self.known(log));
            }
            let next_look = (Instant::now() + POLL).min(deadline);
            let rung = tokio::time::timeout_at(next_look, bell.changed()).await.is_ok();
            if !rung {
                // Another process may be the worker, and its notification may be late or lost.
                let visible = visible_position(pool, log).await?;
                self.advance(log, visible);
                if visible >= position || Instant::now() >= deadline {
                    return Ok(visible);
                }
            }
        }
    }

    /// Listens to other processes until told to stop.
    pub(crate) async fn listen(self, pool: PgPool, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                result = self.listen_once(&pool) => {
                    if let Err(error) = result {
                        tracing::debug!(%error, "stopped listening; reads poll");
                    }
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(RECONNECT) => {}
                    }
                }
            }
        }
    }

    async fn listen_once(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        // `None` means that the connection was lost: whoever waits polls.
        while let Some(notification) = listener.try_recv().await? {
            match serde_json::from_str::<Message>(notification.payload()) {
                Ok(message) if message.process == self.process => {}
                Ok(message) => self.publish(message.applied),
                Err(error) => tracing::debug!(%error, "notification of another version"),
            }
        }
        Ok(())
    }
}

/// The position up to which a log is visible.
pub(crate) async fn visible_position(pool: &PgPool, log: LogId) -> Result<Position, sqlx::Error> {
    let position: Option<i64> = sqlx::query_scalar(
        "SELECT position FROM hindsight.checkpoint \
          WHERE projection_group = 'live' AND log_id = $1",
    )
    .bind(log.0)
    .fetch_optional(pool)
    .await?;
    Ok(position.unwrap_or(0).unsigned_abs())
}
