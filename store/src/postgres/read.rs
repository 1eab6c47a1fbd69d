//! Reading: rows of the log become opened events.

use crate::envelope::RecordedEvent;
use crate::port::{Appended, Head, LogError, LogId, Position, ReadLimit, StreamId};
use crate::seal::{self, KeyRing, KeySource, Keys, Place, Secrets};
use chrono::{DateTime, Utc};
use domain::ids::SubjectId;
use sqlx::postgres::PgRow;
use sqlx::{FromRow as _, PgPool};
use uuid::Uuid;

/// Reads subjects' secrets as a request handler, through the granted function.
pub struct AppKeys<'a>(pub &'a PgPool);

/// Reads subjects' secrets as a worker, from the table.
struct WorkerKeys<'a>(&'a PgPool);

impl KeySource for AppKeys<'_> {
    async fn secrets(&self, log: LogId, subjects: &[SubjectId]) -> Result<Secrets, LogError> {
        let sql = "SELECT subject_id, secret FROM hindsight.read_subject_keys($1, $2)";
        secrets(self.0, sql, log, subjects).await
    }
}

impl KeySource for WorkerKeys<'_> {
    async fn secrets(&self, log: LogId, subjects: &[SubjectId]) -> Result<Secrets, LogError> {
        let sql = "SELECT k.subject_id, k.secret FROM unnest($2) AS p (subject)
                    CROSS JOIN LATERAL (SELECT * FROM hindsight.subject_key k
                                         WHERE k.log_id = $1 AND k.subject_id = p.subject LIMIT 1) k";
        secrets(self.0, sql, log, subjects).await
    }
}

async fn secrets(
    pool: &PgPool,
    sql: &'static str,
    log: LogId,
    subjects: &[SubjectId],
) -> Result<Secrets, LogError> {
    let ids: Vec<Uuid> = subjects.iter().map(|s| s.0).collect();
    let rows: Vec<(Uuid, Option<Vec<u8>>)> =
        sqlx::query_as(sql).bind(log.0).bind(ids).fetch_all(pool).await?;
    rows.into_iter()
        .map(|(subject, secret)| {
            let secret = secret.as_deref().map(to_secret).transpose()?;
            Ok((SubjectId(subject), secret))
        })
        .collect()
}

/// The columns of an event, borrowed from the row that was received: position, stream, version,
/// type, schema version, time, payload, sealed part, metadata, and the secret of the subject that
/// has the stream's id, where the query brings it.
type EventColumns<'r> =
    (i64, Uuid, i32, &'r str, i16, DateTime<Utc>, &'r [u8], &'r [u8], &'r [u8], Option<&'r [u8]>);

/// The end of a log.
pub async fn head(pool: &PgPool, log: LogId) -> Result<Head, LogError> {
    let row: Option<(i64, Option<DateTime<Utc>>, bool)> = sqlx::query_as(
        "SELECT position, CASE WHEN isfinite(clock) THEN clock END, simulated
           FROM hindsight.read_head($1)",
    )
    .bind(log.0)
    .fetch_optional(pool)
    .await?;
    row.map(to_head).ok_or(LogError::NoSuchLog)
}

fn to_head((position, clock, simulated): (i64, Option<DateTime<Utc>>, bool)) -> Head {
    Head {
        position: position.unsigned_abs(),
        clock: clock.unwrap_or(DateTime::UNIX_EPOCH),
        simulated,
    }
}

/// All logs in order of id.
pub async fn logs(
    pool: &PgPool,
    after: Option<LogId>,
    limit: u32,
) -> Result<Vec<(LogId, Head)>, LogError> {
    type LogRow = (Uuid, i64, Option<DateTime<Utc>>, bool);
    let rows: Vec<LogRow> = sqlx::query_as(
        "SELECT log_id, position, CASE WHEN isfinite(clock) THEN clock END, simulated
           FROM hindsight.head WHERE $1::uuid IS NULL OR log_id > $1 ORDER BY log_id LIMIT $2",
    )
    .bind(after.map(|log| log.0))
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(log, p, c, s)| (LogId(log), to_head((p, c, s)))).collect())
}

/// Where a command's events are.
pub async fn command(
    pool: &PgPool,
    log: LogId,
    command: Uuid,
) -> Result<Option<Appended>, LogError> {
    let row: Option<(i64, i64, Option<Vec<u8>>)> =
        sqlx::query_as("SELECT first, last, fingerprint FROM hindsight.find_command($1, $2)")
            .bind(log.0)
            .bind(command)
            .fetch_optional(pool)
            .await?;
    row.map(|(first, last, fingerprint)| {
        Ok(Appended {
            first: first.unsigned_abs(),
            last: last.unsigned_abs(),
            duplicate: true,
            fingerprint: to_fingerprint(fingerprint)?,
        })
    })
    .transpose()
}

/// A fingerprint as stored.
pub fn to_fingerprint(bytes: Option<Vec<u8>>) -> Result<Option<[u8; 16]>, LogError> {
    bytes.map(|b| b.try_into().map_err(|_| LogError::Damaged("fingerprint"))).transpose()
}

/// Events of a stream above a version.
pub async fn stream(
    pool: &PgPool,
    keys: &KeyRing,
    log: LogId,
    stream: StreamId,
    after: u32,
    limit: u32,
) -> Result<Vec<RecordedEvent>, LogError> {
    let rows = sqlx::query(
        "SELECT position, stream_id, version, type, schema_version, recorded_at, payload, sealed,
                meta, NULL::bytea AS secret
           FROM hindsight.read_stream($1, $2, $3, $4)",
    )
    .bind(log.0)
    .bind(stream.0)
    .bind(i32::try_from(after).unwrap_or(i32::MAX))
    .bind(i32::try_from(limit).unwrap_or(i32::MAX))
    .fetch_all(pool)
    .await?;
    opened(keys, &AppKeys(pool), log, rows).await
}

/// Events of a log above a position, up to another, within a limit of number and bytes.
pub async fn log(
    pool: &PgPool,
    keys: &KeyRing,
    log: LogId,
    after: Position,
    upto: Position,
    limit: ReadLimit,
) -> Result<Vec<RecordedEvent>, LogError> {
    use futures::TryStreamExt as _;
    let mut rows = Vec::new();
    let mut bytes = 0;
    {
        // Positions have no gaps, so the range says how many rows come; streaming bounds memory.
        let last = after.saturating_add(u64::from(limit.events)).min(upto);
        // Most of what is sealed is the record's own person's: their secret comes with the event.
        let mut found = sqlx::query(
            "SELECT position, stream_id, version, type, schema_version, recorded_at, payload, sealed,
                    meta, CASE WHEN octet_length(sealed) > 0 THEN (
                        SELECT k.secret FROM hindsight.subject_key k
                         WHERE k.log_id = e.log_id AND k.subject_id = e.stream_id LIMIT 1) END AS secret
               FROM hindsight.event e
              WHERE log_id = $1 AND position > $2 AND position <= $3 ORDER BY position",
        )
        .bind(log.0)
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(i64::try_from(last).unwrap_or(i64::MAX))
        .fetch(pool);
        while let Some(row) = found.try_next().await? {
            let (.., payload, sealed, meta, _) = EventColumns::from_row(&row)?;
            bytes += payload.len() + sealed.len() + meta.len();
            rows.push(row);
            if bytes >= limit.bytes as usize {
                break;
            }
        }
    }
    opened(keys, &WorkerKeys(pool), log, rows).await
}

/// The last position whose time is at most `time`.
pub async fn position_at(
    pool: &PgPool,
    log: LogId,
    time: DateTime<Utc>,
) -> Result<Position, LogError> {
    let (position,): (Option<i64>,) = sqlx::query_as("SELECT hindsight.position_at($1, $2)")
        .bind(log.0)
        .bind(time)
        .fetch_one(pool)
        .await?;
    position.map(i64::unsigned_abs).ok_or(LogError::FutureTime)
}

async fn opened(
    ring: &KeyRing,
    source: &impl KeySource,
    log: LogId,
    rows: Vec<PgRow>,
) -> Result<Vec<RecordedEvent>, LogError> {
    let mut subjects = Vec::new();
    for row in &rows {
        let (_, stream, .., sealed, _, secret) = EventColumns::from_row(row)?;
        let own = secret.map(|_| SubjectId(stream));
        subjects.extend(seal::subjects(sealed)?.into_iter().filter(|s| Some(*s) != own));
    }
    let keys = ring.for_opening(log, subjects, source).await?;
    rows.iter().map(|row| open(ring, &keys, log, EventColumns::from_row(row)?)).collect()
}

fn open(
    ring: &KeyRing,
    keys: &Keys,
    log: LogId,
    columns: EventColumns<'_>,
) -> Result<RecordedEvent, LogError> {
    let (position, stream, version, event_type, schema_version, recorded_at, ..) = columns;
    let (.., payload, sealed, meta, secret) = columns;
    let secret = secret.map(to_secret).transpose()?;
    let key = |subject: SubjectId| match secret {
        Some(secret) if subject.0 == stream => Some(ring.derive(log, subject, &secret)),
        _ => keys.get(subject),
    };
    let place = Place { log, stream: StreamId(stream), version: version.unsigned_abs() };
    Ok(RecordedEvent {
        log,
        position: position.unsigned_abs(),
        stream: place.stream,
        version: place.version,
        event_type: event_type.to_owned(),
        schema_version: schema_version.unsigned_abs(),
        recorded_at,
        payload: payload.to_vec(),
        segments: seal::open(place, sealed, key)?,
        meta: meta.to_vec(),
    })
}

fn to_secret(bytes: &[u8]) -> Result<[u8; 32], LogError> {
    bytes.try_into().map_err(|_| LogError::Damaged("subject's secret"))
}
