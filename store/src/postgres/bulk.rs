//! Bulk append: many new streams by binary COPY, under the head's lock and hence in order with
//! everything else.

use super::copy::CopyBuffer;
use super::prepare::{self, PreparedStream};
use super::read::{self, AppKeys};
use crate::port::{Appended, BulkAppend, Expected, LogError, LogId, StreamAppend};
use crate::seal::{KeyRing, NewKey};
use chrono::{DateTime, Utc};
use domain::ids::SubjectId;
use sqlx::{PgConnection, PgPool};
use std::collections::{HashMap, HashSet};

/// Most events in one call: what holds the head's lock for about 25 ms.
pub const MOST_EVENTS: usize = 2_000;

const EVENT: &str =
    "COPY hindsight.event (log_id, stream_id, position, recorded_at, clock, version,
    schema_version, type, payload, sealed, meta, leaf) FROM STDIN BINARY";
const KEY: &str = "COPY hindsight.subject_key (log_id, subject_id, secret) FROM STDIN BINARY";

/// Appends new streams. A stream that exists already fails the whole call.
pub async fn append(
    loader: &PgPool,
    app: &PgPool,
    keys: &KeyRing,
    log: LogId,
    bulk: BulkAppend,
) -> Result<Appended, LogError> {
    let events: usize = bulk.streams.iter().map(|s| s.events.len()).sum();
    if events == 0 || events > MOST_EVENTS {
        return Err(LogError::Malformed("a bulk append has 1 to 2,000 events"));
    }
    if bulk.streams.iter().any(|s| s.expected != Expected::NoStream || s.events.is_empty()) {
        return Err(LogError::Malformed("a bulk append makes new streams"));
    }
    if let Some(before) = read::command(app, log, bulk.command_id).await? {
        return Ok(before);
    }
    let (streams, new_keys) = prepare_streams(app, keys, log, &bulk).await?;
    let mut tx = loader.begin().await?;
    let appended = write(&mut tx, log, &bulk, &streams, &new_keys).await;
    match appended {
        Ok(appended) => {
            tx.commit().await?;
            Ok(appended)
        }
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

/// Seals everything. A new stream's own subject is new with it, which saves asking for its key.
async fn prepare_streams(
    app: &PgPool,
    keys: &KeyRing,
    log: LogId,
    bulk: &BulkAppend,
) -> Result<(Vec<PreparedStream>, Vec<NewKey>), LogError> {
    let own: HashSet<SubjectId> = bulk.streams.iter().map(|s| SubjectId(s.stream.0)).collect();
    let mentioned: HashSet<SubjectId> =
        bulk.streams.iter().flat_map(StreamAppend::subjects).collect();
    let others = mentioned.iter().copied().filter(|s| !own.contains(s));
    let (found, mut new_keys) = keys.for_sealing(log, others, &AppKeys(app)).await?;
    let mut made = HashMap::with_capacity(own.len());
    for subject in mentioned.intersection(&own) {
        let (new, key) = keys.make(log, *subject);
        new_keys.push(new);
        made.insert(*subject, key);
    }
    let streams = bulk
        .streams
        .iter()
        .map(|s| prepare::stream(log, s, |id| made.get(&id).copied().or_else(|| found.get(id))))
        .collect::<Result<_, _>>()?;
    Ok((streams, new_keys))
}

async fn write(
    tx: &mut PgConnection,
    log: LogId,
    bulk: &BulkAppend,
    streams: &[PreparedStream],
    new_keys: &[NewKey],
) -> Result<Appended, LogError> {
    let head: Option<(i64, Option<DateTime<Utc>>, bool)> = sqlx::query_as(
        "SELECT position, CASE WHEN isfinite(clock) THEN clock END, simulated
           FROM hindsight.head WHERE log_id = $1 FOR UPDATE",
    )
    .bind(log.0)
    .fetch_optional(&mut *tx)
    .await?;
    let (base, mut clock, _) = head.ok_or(LogError::NoSuchLog)?;
    // Looked for again under the lock: a process that was taken for dead may have just appended it.
    let before: Option<(i64, i64)> = sqlx::query_as(
        "SELECT first, last FROM hindsight.command WHERE log_id = $1 AND command_id = $2",
    )
    .bind(log.0)
    .bind(bulk.command_id)
    .fetch_optional(&mut *tx)
    .await?;
    if let Some((first, last)) = before {
        return Ok(Appended {
            first: first.unsigned_abs(),
            last: last.unsigned_abs(),
            duplicate: true,
            fingerprint: None,
        });
    }

    let mut event = CopyBuffer::new(12);
    let mut position = base;
    for part in streams {
        for (version, row) in (1..).zip(&part.rows) {
            position += 1;
            let now = clock.map_or(row.recorded_at, |c| c.max(row.recorded_at));
            clock = Some(now);
            event.row();
            event.uuid(log.0);
            event.uuid(part.stream);
            event.int8(position);
            event.time(row.recorded_at);
            event.time(now);
            event.int4(version);
            event.int2(row.schema_version);
            event.text(row.event_type);
            event.bytes(&row.payload);
            event.bytes(&row.sealed);
            event.bytes(&row.meta);
            event.bytes(&row.leaf);
        }
    }
    let mut key = CopyBuffer::new(3);
    for new in new_keys {
        key.row();
        key.uuid(log.0);
        key.uuid(new.subject.0);
        key.bytes(&new.secret);
    }
    key.send(tx, KEY).await?;
    event.send(tx, EVENT).await?;
    sqlx::query(
        "INSERT INTO hindsight.command (log_id, command_id, first, last, recorded_at)
         VALUES ($1, $2, $3, $4, clock_timestamp())",
    )
    .bind(log.0)
    .bind(bulk.command_id)
    .bind(base + 1)
    .bind(position)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "UPDATE hindsight.head SET position = $2, clock = greatest(clock, $3) WHERE log_id = $1",
    )
    .bind(log.0)
    .bind(position)
    .bind(clock)
    .execute(&mut *tx)
    .await?;
    Ok(Appended {
        first: (base + 1).unsigned_abs(),
        last: position.unsigned_abs(),
        duplicate: false,
        fingerprint: None,
    })
}
