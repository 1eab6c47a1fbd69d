//! The two calls that append: the short one for a single command on a single stream, and the one
//! for everything else.

use super::prepare::{Prepared, PreparedStream, Row};
use super::read;
use super::writer::{Verdict, WriteError};
use crate::port::{Appended, LogError, LogId, StreamId};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

#[derive(FromRow)]
struct VerdictRow {
    verdict: i16,
    first: Option<i64>,
    last: Option<i64>,
    conflict_stream: Option<Uuid>,
    actual: Option<i32>,
    fingerprint: Option<Vec<u8>>,
}

/// Appends a batch in one statement, hence in one transaction; a verdict per command.
pub async fn append(
    connection: &mut PgConnection,
    log: LogId,
    commands: &[Prepared],
) -> Result<Vec<Verdict>, sqlx::Error> {
    let rows = match commands {
        [command] if is_single(command) => {
            vec![append_one(connection, log, command, &command.streams[0]).await?]
        }
        _ => append_batch(connection, log, commands).await?,
    };
    if rows.len() != commands.len() {
        return Err(sqlx::Error::Protocol("a verdict per command was expected".into()));
    }
    Ok(rows.into_iter().zip(commands).map(|(row, command)| verdict(row, command)).collect())
}

/// One stream, one moment: what the short call takes.
fn is_single(command: &Prepared) -> bool {
    let [stream] = command.streams.as_slice() else { return false };
    stream.rows.iter().all(|row| row.recorded_at == stream.rows[0].recorded_at)
}

async fn append_one(
    connection: &mut PgConnection,
    log: LogId,
    command: &Prepared,
    stream: &PreparedStream,
) -> Result<VerdictRow, sqlx::Error> {
    let rows = &stream.rows;
    let subjects: Vec<Uuid> = command.new_keys.iter().map(|k| k.subject.0).collect();
    let secrets: Vec<&[u8]> = command.new_keys.iter().map(|k| k.secret.as_slice()).collect();
    sqlx::query_as(
        "SELECT verdict, first, last, NULL::uuid AS conflict_stream, actual, fingerprint
           FROM hindsight.append_one($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
    )
    .bind(log.0)
    .bind(command.command_id)
    .bind(command.fingerprint.as_ref().map(<[u8; 16]>::as_slice))
    .bind(stream.stream)
    .bind(stream.kind)
    .bind(stream.expected)
    .bind(column(rows, |r| r.event_type))
    .bind(column(rows, |r| r.schema_version))
    .bind(rows[0].recorded_at)
    .bind(column(rows, |r| r.payload.as_slice()))
    .bind(column(rows, |r| r.sealed.as_slice()))
    .bind(column(rows, |r| r.meta.as_slice()))
    .bind(column(rows, |r| r.leaf.as_slice()))
    .bind(subjects)
    .bind(secrets)
    .fetch_one(connection)
    .await
}

fn column<'a, T>(rows: &'a [Row], of: impl Fn(&'a Row) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// The arrays of `append_batch`, one member per stream, event or key.
#[derive(Default)]
struct Arrays<'a> {
    s_command: Vec<i32>,
    s_stream: Vec<Uuid>,
    s_kind: Vec<&'a str>,
    s_expected: Vec<i32>,
    s_events: Vec<i32>,
    e_stream: Vec<i32>,
    e_ordinal: Vec<i32>,
    rows: Vec<&'a Row>,
    k_command: Vec<i32>,
    k_subject: Vec<Uuid>,
    k_secret: Vec<&'a [u8]>,
}

impl<'a> Arrays<'a> {
    fn of(commands: &'a [Prepared]) -> Self {
        let mut a = Self::default();
        for (c, command) in (1..).zip(commands) {
            for stream in &command.streams {
                a.s_command.push(c);
                a.s_stream.push(stream.stream);
                a.s_kind.push(stream.kind);
                a.s_expected.push(stream.expected);
                let s = i32::try_from(a.s_stream.len()).unwrap_or(i32::MAX);
                for (ordinal, row) in (1..).zip(&stream.rows) {
                    a.e_stream.push(s);
                    a.e_ordinal.push(ordinal);
                    a.rows.push(row);
                }
                a.s_events.push(i32::try_from(stream.rows.len()).unwrap_or(i32::MAX));
            }
            for key in &command.new_keys {
                a.k_command.push(c);
                a.k_subject.push(key.subject.0);
                a.k_secret.push(&key.secret);
            }
        }
        a
    }

    fn column<T>(&self, of: impl Fn(&'a Row) -> T) -> Vec<T> {
        self.rows.iter().copied().map(of).collect()
    }
}

async fn append_batch(
    connection: &mut PgConnection,
    log: LogId,
    commands: &[Prepared],
) -> Result<Vec<VerdictRow>, sqlx::Error> {
    let a = Arrays::of(commands);
    let ids: Vec<Uuid> = commands.iter().map(|c| c.command_id).collect();
    let fingerprints: Vec<Option<&[u8]>> =
        commands.iter().map(|c| c.fingerprint.as_ref().map(<[u8; 16]>::as_slice)).collect();
    sqlx::query_as(
        "SELECT verdict, first, last, conflict_stream, actual, fingerprint
           FROM hindsight.append_batch($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)",
    )
    .bind(log.0)
    .bind(ids)
    .bind(fingerprints)
    .bind(&a.s_command)
    .bind(&a.s_stream)
    .bind(&a.s_kind)
    .bind(&a.s_expected)
    .bind(&a.s_events)
    .bind(&a.e_stream)
    .bind(&a.e_ordinal)
    .bind(a.column(|r| r.event_type))
    .bind(a.column(|r| r.schema_version))
    .bind(a.column(|r| r.recorded_at))
    .bind(a.column(|r| r.payload.as_slice()))
    .bind(a.column(|r| r.sealed.as_slice()))
    .bind(a.column(|r| r.meta.as_slice()))
    .bind(a.column(|r| r.leaf.as_slice()))
    .bind(&a.k_command)
    .bind(&a.k_subject)
    .bind(&a.k_secret)
    .fetch_all(connection)
    .await
}

fn verdict(row: VerdictRow, command: &Prepared) -> Verdict {
    let damaged = || WriteError::Log(LogError::Damaged("verdict"));
    match row.verdict {
        0 | 1 => Ok(Appended {
            first: row.first.ok_or_else(damaged)?.unsigned_abs(),
            last: row.last.ok_or_else(damaged)?.unsigned_abs(),
            duplicate: row.verdict == 1,
            fingerprint: read::to_fingerprint(row.fingerprint).map_err(WriteError::Log)?,
        }),
        2 => {
            let stream = row
                .conflict_stream
                .and_then(|id| command.streams.iter().find(|s| s.stream == id))
                .unwrap_or(&command.streams[0]);
            Err(WriteError::Log(LogError::Conflict {
                stream: StreamId(stream.stream),
                expected: stream.expected.unsigned_abs(),
                actual: row.actual.unwrap_or(0).unsigned_abs(),
            }))
        }
        3 => Err(WriteError::KeyExists),
        4 => Err(WriteError::Log(LogError::NoSuchLog)),
        _ => Err(damaged()),
    }
}
