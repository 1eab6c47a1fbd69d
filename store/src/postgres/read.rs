//! Reading: rows of the log become opened events.

use crate::envelope::RecordedEvent;
use crate::port::{Appended, Head, LogError, LogId, Position, ReadLimit, StreamId};
use crate::seal::{self, KeyRing, KeySource, Place, Secrets};
use chrono::{DateTime, Utc};
use domain::ids::SubjectId;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgRow};
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
        let (mut found, rest) = neighbours(self.0, log, subjects).await?;
        if !rest.is_empty() {
            let sql = "SELECT k.subject_id, k.secret FROM unnest($2) AS p (subject)
                  CROSS JOIN LATERAL (SELECT * FROM hindsight.subject_key k
                                       WHERE k.log_id = $1 AND k.subject_id = p.subject LIMIT 1) k";
            found.extend(secrets(self.0, sql, log, rest).await?);
        }
        Ok(found)
    }
}

/// From how many subjects on their neighbourhood is read first.
const MANY: usize = 64;

/// The secrets of all subjects between the first and the last, as long as there are hardly more of
/// them than are looked for, and the subjects that were not reached. What was made one after the
/// other, as by an import, has ids one after the other, and then one walk along the index takes a
/// third of the time of as many searches.
async fn neighbours<'a>(
    pool: &PgPool,
    log: LogId,
    subjects: &'a [SubjectId],
) -> Result<(Secrets, &'a [SubjectId]), LogError> {
    let (Some(first), Some(last)) = (subjects.first(), subjects.last()) else {
        return Ok((Vec::new(), subjects));
    };
    // The milliseconds that an id of version 7 begins with. Few between them bound how many other
    // subjects can be, whichever way the database takes through them.
    let made = |subject: &SubjectId| subject.0.as_u128() >> 80;
    if subjects.len() < MANY || made(last) - made(first) > subjects.len() as u128 {
        return Ok((Vec::new(), subjects));
    }
    let most = subjects.len() + subjects.len() / 4;
    let rows: Vec<SecretRow> = sqlx::query_as(
        "SELECT subject_id, secret FROM hindsight.subject_key
          WHERE log_id = $1 AND subject_id BETWEEN $2 AND $3 ORDER BY subject_id LIMIT $4",
    )
    .bind(log.0)
    .bind(first.0)
    .bind(last.0)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(pool)
    .await?;
    let reached = match rows.last() {
        Some((reached, _)) if rows.len() == most => {
            subjects.partition_point(|subject| subject.0 <= *reached)
        }
        _ => subjects.len(),
    };
    let mut found = to_secrets(rows)?;
    found.retain(|(subject, _)| subjects.binary_search(subject).is_ok());
    Ok((found, &subjects[reached..]))
}

async fn secrets(
    pool: &PgPool,
    sql: &'static str,
    log: LogId,
    subjects: &[SubjectId],
) -> Result<Secrets, LogError> {
    let ids: Vec<Uuid> = subjects.iter().map(|s| s.0).collect();
    to_secrets(sqlx::query_as(sql).bind(log.0).bind(ids).fetch_all(pool).await?)
}

/// A subject and their secret as stored.
type SecretRow = (Uuid, Option<Vec<u8>>);

fn to_secrets(rows: Vec<SecretRow>) -> Result<Secrets, LogError> {
    rows.into_iter()
        .map(|(subject, secret)| {
            let secret = secret
                .map(|s| s.try_into().map_err(|_| LogError::Damaged("subject's secret")))
                .transpose()?;
            Ok((SubjectId(subject), secret))
        })
        .collect()
}

/// The places of the byte columns in a row of the log; see [`opened`] for the others. By place,
/// since looking names up took as long as reading the values.
const PAYLOAD: usize = 6;
const SEALED: usize = 7;
const META: usize = 8;

fn bytes(row: &PgRow, place: usize) -> Result<&[u8], LogError> {
    Ok(row.try_get(place)?)
}

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
        "SELECT position, stream_id, version, type, schema_version, recorded_at, payload, sealed, meta
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

/// The events at these positions.
pub async fn events(
    pool: &PgPool,
    keys: &KeyRing,
    log: LogId,
    positions: &[Position],
) -> Result<Vec<RecordedEvent>, LogError> {
    if positions.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<i64> =
        positions.iter().map(|place| i64::try_from(*place).unwrap_or(i64::MAX)).collect();
    let rows = sqlx::query(
        "SELECT position, stream_id, version, type, schema_version, recorded_at, payload, sealed, meta
           FROM hindsight.read_events($1, $2)",
    )
    .bind(log.0)
    .bind(places)
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
    let mut size = 0;
    {
        // Positions have no gaps, so the range says how many rows come; streaming bounds memory.
        let last = after.saturating_add(u64::from(limit.events)).min(upto);
        let mut found = sqlx::query(
            "SELECT position, stream_id, version, type, schema_version, recorded_at, payload, sealed, meta
               FROM hindsight.event
              WHERE log_id = $1 AND position > $2 AND position <= $3 ORDER BY position",
        )
        .bind(log.0)
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(i64::try_from(last).unwrap_or(i64::MAX))
        .fetch(pool);
        while let Some(row) = found.try_next().await? {
            for place in [PAYLOAD, SEALED, META] {
                size += bytes(&row, place)?.len();
            }
            rows.push(row);
            if size >= limit.bytes as usize {
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
    keys: &KeyRing,
    source: &impl KeySource,
    log: LogId,
    rows: Vec<PgRow>,
) -> Result<Vec<RecordedEvent>, LogError> {
    let mut subjects = Vec::with_capacity(rows.len());
    for row in &rows {
        seal::subjects(bytes(row, SEALED)?, &mut subjects)?;
    }
    let keys = keys.for_opening(log, subjects, source).await?;
    rows.into_iter()
        .map(|row| {
            let stream = StreamId(row.try_get(1)?);
            let version = row.try_get::<i32, _>(2)?.unsigned_abs();
            let place = Place { log, stream, version };
            Ok(RecordedEvent {
                log,
                position: row.try_get::<i64, _>(0)?.unsigned_abs(),
                stream,
                version,
                event_type: row.try_get(3)?,
                schema_version: row.try_get::<i16, _>(4)?.unsigned_abs(),
                recorded_at: row.try_get(5)?,
                payload: bytes(&row, PAYLOAD)?.to_vec(),
                segments: seal::open(place, bytes(&row, SEALED)?, |subject| keys.get(subject))?,
                meta: bytes(&row, META)?.to_vec(),
            })
        })
        .collect()
}
