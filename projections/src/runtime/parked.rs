//! What could not be applied: kept in sight, and tried again.

use super::feed::{Applied, Feed};
use super::group::Group;
use super::model::Entry;
use super::step::{StepError, Take, Taken, take};
use crate::error::ApplyError;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::postgres::PgPool;
use std::time::Duration;
use store::{EventLog, LogId, Position, ReadLimit, StreamId};
use uuid::Uuid;

/// How often, and how long apart, a retry tries to take a checkpoint that a worker has.
const ATTEMPTS: usize = 100;
const WAIT: Duration = Duration::from_millis(20);

/// A stream (or a whole log) that a read model does not follow at the moment.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Parked {
    /// Schema of the generation.
    pub schema: String,
    /// The log.
    pub log_id: Uuid,
    /// The stream; the nil id is the whole log.
    pub stream_id: Uuid,
    /// The first event that is not applied.
    pub position: i64,
    /// What is wrong with it; never holds values.
    pub error: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Since when.
    pub parked_at: DateTime<Utc>,
    /// When it is tried next.
    pub next_attempt_at: DateTime<Utc>,
}

/// Remembers that a stream waits from `position` on.
pub(crate) async fn park(
    connection: &mut PgConnection,
    schema: &str,
    log_id: LogId,
    stream: Uuid,
    position: Position,
    error: &str,
) -> Result<(), sqlx::Error> {
    // The wait doubles from 10 s to an hour.
    sqlx::query(
        "INSERT INTO hindsight.parked AS p \
                (schema, log_id, stream_id, position, error, next_attempt_at) \
         VALUES ($1, $2, $3, $4, $5, clock_timestamp() + interval '10 seconds') \
         ON CONFLICT (schema, log_id, stream_id) DO UPDATE \
            SET position = excluded.position, error = excluded.error, attempts = p.attempts + 1, \
                next_attempt_at = clock_timestamp() \
                    + least(interval '10 seconds' * 2 ^ least(p.attempts, 20), interval '1 hour')",
    )
    .bind(schema)
    .bind(log_id.0)
    .bind(stream)
    .bind(i64::try_from(position).unwrap_or(i64::MAX))
    .bind(error)
    .execute(connection)
    .await?;
    Ok(())
}

/// Everything that is parked, or only what is due.
pub(crate) async fn list(pool: &PgPool, due: bool) -> Result<Vec<Parked>, sqlx::Error> {
    sqlx::query_as(
        "SELECT schema, log_id, stream_id, position, error, attempts, parked_at, next_attempt_at \
           FROM hindsight.parked WHERE NOT $1 OR next_attempt_at <= clock_timestamp() \
          ORDER BY parked_at, schema, log_id, stream_id LIMIT 1000",
    )
    .bind(due)
    .fetch_all(pool)
    .await
}

/// Applies what a parked stream is behind by, up to the checkpoint of its group. Whether it
/// follows again.
pub(crate) async fn retry(
    pool: &PgPool,
    log: &dyn EventLog,
    group: &Group,
    parked: &Parked,
    feed: &Feed,
) -> Result<bool, StepError> {
    let log_id = LogId(parked.log_id);
    let members = group.members.iter().filter(|(_, schema)| *schema == parked.schema).cloned();
    let alone = Group { members: members.collect(), ..group.clone() };
    let mut position = parked.position.unsigned_abs();
    loop {
        let Some(mut taken) = take_in_turn(pool, &alone, log_id).await? else { return Ok(false) };
        let waits = taken.parked.get_mut(&parked.schema);
        if !waits.is_some_and(|streams| streams.remove(&parked.stream_id)) {
            // Somebody else was quicker.
            taken.release().await?;
            return Ok(true);
        }
        let entries = missed(log, parked, position, taken.position).await?;
        let next = entries.last().map_or(taken.position, |entry| entry.event.position) + 1;
        let done = parked.stream_id != Uuid::nil() || next > taken.position;
        let changes = match taken.apply(&alone, log_id, &entries, false).await {
            Ok(changes) => changes,
            Err(failure) if failure.error.is_poison() => {
                taken.release().await?;
                again(pool, parked, position, &failure.error).await?;
                return Ok(false);
            }
            Err(failure) => return Err(failure.error.into()),
        };
        record(&mut taken, parked, (!done).then_some(next)).await?;
        let applied = Applied { log: log_id, position: taken.position, changes: Some(changes) };
        taken.finish(&alone, applied, feed).await?;
        if done {
            return Ok(true);
        }
        position = next;
    }
}

/// Takes a checkpoint, after whoever has it at the moment. `None` if that takes long, or if the
/// generations were switched.
async fn take_in_turn(
    pool: &PgPool,
    group: &Group,
    log_id: LogId,
) -> Result<Option<Taken>, sqlx::Error> {
    for _ in 0..ATTEMPTS {
        match take(pool, group, log_id).await? {
            Take::Taken(taken) => return Ok(Some(taken)),
            Take::Switched => return Ok(None),
            Take::Busy => tokio::time::sleep(WAIT).await,
        }
    }
    Ok(None)
}

/// The events that were passed over: all of a stream's, or the next of a log's.
async fn missed(
    log: &dyn EventLog,
    parked: &Parked,
    from: Position,
    upto: Position,
) -> Result<Vec<Entry>, StepError> {
    let log_id = LogId(parked.log_id);
    if parked.stream_id == Uuid::nil() {
        let events = log.read_log(log_id, from - 1, upto, ReadLimit::default()).await?;
        return Ok(events.into_iter().map(Entry::new).collect());
    }
    let mut entries = Vec::new();
    let mut after = 0;
    loop {
        const PAGE: u32 = 1_000;
        let page = log.read_stream(log_id, StreamId(parked.stream_id), after, PAGE).await?;
        let Some(last) = page.last().map(|event| event.version) else { return Ok(entries) };
        let due = page.into_iter().filter(|e| e.position >= from && e.position <= upto);
        entries.extend(due.map(Entry::new));
        after = last;
    }
}

/// Notes how far the stream has come, or that it follows again.
async fn record(
    taken: &mut Taken,
    parked: &Parked,
    next: Option<Position>,
) -> Result<(), sqlx::Error> {
    let sql = if next.is_some() {
        "UPDATE hindsight.parked SET position = $4 \
          WHERE schema = $1 AND log_id = $2 AND stream_id = $3"
    } else {
        "DELETE FROM hindsight.parked \
          WHERE schema = $1 AND log_id = $2 AND stream_id = $3 AND $4::bigint IS NULL"
    };
    sqlx::query(sql)
        .bind(&parked.schema)
        .bind(parked.log_id)
        .bind(parked.stream_id)
        .bind(next.map(|position| i64::try_from(position).unwrap_or(i64::MAX)))
        .execute(&mut *taken.transaction)
        .await?;
    Ok(())
}

async fn again(
    pool: &PgPool,
    parked: &Parked,
    position: Position,
    error: &ApplyError,
) -> Result<(), sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let log_id = LogId(parked.log_id);
    park(&mut connection, &parked.schema, log_id, parked.stream_id, position, &error.describe())
        .await
}
