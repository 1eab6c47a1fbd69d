//! One step of a worker: one batch of one log, one transaction.

use super::apply::{ParkedStreams, apply};
use super::feed::{Applied, Change, Feed};
use super::group::Group;
use super::model::{Entry, Failure};
use crate::error::{ApplyError, sql_state};
use sqlx::postgres::{PgPool, Postgres};
use sqlx::{AssertSqlSafe, PgConnection, Transaction};
use store::{EventLog, LogError, LogId, Position, ReadLimit};
use uuid::Uuid;

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Applied up to this position.
    Applied(Position),
    /// There was nothing behind this position.
    UpToDate(Position),
    /// Another worker has the checkpoint.
    Busy,
    /// The live generations are others than the group's: load it again.
    Switched,
}

/// Why a step failed. Trying again later is right for all of these.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    #[error("log")]
    Log(#[from] LogError),
    #[error("apply")]
    Apply(#[from] ApplyError),
    #[error("database")]
    Database(#[from] sqlx::Error),
}

/// A checkpoint whose row this transaction has locked.
pub(crate) struct Taken {
    pub(crate) transaction: Transaction<'static, Postgres>,
    pub(crate) position: Position,
    pub(crate) parked: ParkedStreams,
}

/// What trying to take a checkpoint came to.
pub(crate) enum Take {
    Taken(Taken),
    Busy,
    Switched,
}

/// Applies the next batch of a log, up to `upto`, to a group.
pub(crate) async fn step(
    pool: &PgPool,
    log: &dyn EventLog,
    group: &Group,
    log_id: LogId,
    upto: Position,
    limit: ReadLimit,
    feed: &Feed,
) -> Result<Step, StepError> {
    // Savepoints cost a round trip each: they are for batches that are known to need them.
    for careful in [false, true] {
        let mut taken = match take(pool, group, log_id).await? {
            Take::Taken(taken) => taken,
            Take::Busy => return Ok(Step::Busy),
            Take::Switched => return Ok(Step::Switched),
        };
        let after = taken.position;
        let events = log.read_log(log_id, after, upto, limit).await?;
        let Some(last) = events.last().map(|event| event.position) else {
            taken.release().await?;
            return Ok(Step::UpToDate(after));
        };
        let entries: Vec<Entry> = events.into_iter().map(Entry::new).collect();
        match taken.apply(group, log_id, &entries, careful).await {
            Ok(changes) => {
                let applied = Applied { log: log_id, position: last, changes: Some(changes) };
                taken.finish(group, applied, feed).await?;
                return Ok(Step::Applied(last));
            }
            Err(Failure { error, .. }) if error.is_poison() && !careful => {
                taken.release().await?;
            }
            Err(Failure { error, .. }) => return Err(error.into()),
        }
    }
    // Being careful, poison is parked and never returned.
    Ok(Step::Busy)
}

/// Tries to lock a checkpoint, making it if it is new. The path then leads to the group's tables.
pub(crate) async fn take(pool: &PgPool, group: &Group, log_id: LogId) -> Result<Take, sqlx::Error> {
    // What was applied but not yet on disk is applied again after a crash, since the checkpoint
    // is lost with it: no reason to wait for the disk.
    let mut begin = "BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL jit = off".to_owned();
    if group.is_live() {
        // While generations change places, nobody applies; and nobody holds a connection waiting.
        begin.push_str("; SELECT hindsight.hold_generations()");
    }
    let mut transaction = match pool.begin_with(AssertSqlSafe(begin)).await {
        Ok(transaction) => transaction,
        Err(error) if sql_state(&error).as_deref() == Some(HELD) => return Ok(Take::Busy),
        Err(error) => return Err(error),
    };
    let mut found = lock(&mut transaction, group, log_id).await?;
    if found.is_none() {
        let made = sqlx::query(
            "INSERT INTO hindsight.checkpoint (projection_group, log_id) VALUES ($1, $2) \
             ON CONFLICT DO NOTHING",
        )
        .bind(&group.name)
        .bind(log_id.0)
        .execute(&mut *transaction)
        .await?;
        if made.rows_affected() == 1 {
            found = lock(&mut transaction, group, log_id).await?;
        }
    }
    let Some(Locked { position, members, schemas, streams, .. }) = found else {
        transaction.rollback().await?;
        return Ok(Take::Busy);
    };
    if usize::try_from(members) != Ok(group.members.len()) {
        transaction.rollback().await?;
        return Ok(Take::Switched);
    }
    let mut parked = ParkedStreams::new();
    for (schema, stream) in schemas.into_iter().zip(streams) {
        parked.entry(schema).or_default().insert(stream);
    }
    Ok(Take::Taken(Taken { transaction, position: position.unsigned_abs(), parked }))
}

/// What `hindsight.hold_generations` raises while they change places.
const HELD: &str = "HS201";

#[derive(sqlx::FromRow)]
struct Locked {
    position: i64,
    #[allow(dead_code, reason = "selected for its effect")]
    path: String,
    members: i64,
    schemas: Vec<String>,
    streams: Vec<Uuid>,
}

async fn lock(
    connection: &mut PgConnection,
    group: &Group,
    log_id: LogId,
) -> Result<Option<Locked>, sqlx::Error> {
    let schemas: Vec<&str> = group.members.iter().map(|(_, schema)| schema.as_str()).collect();
    sqlx::query_as(
        "SELECT c.position, set_config('search_path', $3, true) AS path, \
                (SELECT count(*) FROM hindsight.read_model m \
                  WHERE m.schema = ANY ($4) AND m.state <> 'retired') AS members, \
                ARRAY(SELECT p.schema FROM hindsight.parked p \
                       WHERE p.log_id = $2 AND p.schema = ANY ($4) \
                       ORDER BY p.schema, p.stream_id) AS schemas, \
                ARRAY(SELECT p.stream_id FROM hindsight.parked p \
                       WHERE p.log_id = $2 AND p.schema = ANY ($4) \
                       ORDER BY p.schema, p.stream_id) AS streams \
           FROM hindsight.checkpoint c \
          WHERE c.projection_group = $1 AND c.log_id = $2 FOR UPDATE OF c SKIP LOCKED",
    )
    .bind(&group.name)
    .bind(log_id.0)
    .bind(group.path())
    .bind(schemas)
    .fetch_optional(connection)
    .await
}

impl Taken {
    pub(crate) async fn apply(
        &mut self,
        group: &Group,
        log_id: LogId,
        entries: &[Entry],
        careful: bool,
    ) -> Result<Vec<Change>, Failure> {
        apply(&mut self.transaction, group, log_id, entries, &mut self.parked, careful).await
    }

    /// Gives the checkpoint back as it was. Merely dropping it would do so a moment later, and
    /// whoever came at once would find it taken.
    pub(crate) async fn release(self) -> Result<(), sqlx::Error> {
        self.transaction.rollback().await
    }

    /// Moves the checkpoint, commits, and tells who waits.
    pub(crate) async fn finish(
        mut self,
        group: &Group,
        applied: Applied,
        feed: &Feed,
    ) -> Result<(), sqlx::Error> {
        let (channel, message) =
            if group.is_live() { feed.message(&applied) } else { ("", String::new()) };
        sqlx::query(
            "WITH moved AS (UPDATE hindsight.checkpoint SET position = $3 \
                             WHERE projection_group = $1 AND log_id = $2 RETURNING position) \
             SELECT CASE WHEN $4 <> '' THEN pg_notify($4, $5) END FROM moved",
        )
        .bind(&group.name)
        .bind(applied.log.0)
        .bind(i64::try_from(applied.position).unwrap_or(i64::MAX))
        .bind(channel)
        .bind(message)
        .execute(&mut *self.transaction)
        .await?;
        self.transaction.commit().await?;
        if group.is_live() {
            feed.publish(applied);
        }
        Ok(())
    }
}
