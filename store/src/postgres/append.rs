//! The two calls that append: the short one for a single command on a single stream, and the one
//! for everything else.

use super::prepare::{Prepared, PreparedStream, Row};
use super::read;
use super::writer::{Verdict, WriteError};
use crate::port::{Appended, LogError, LogId, StreamId};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

#[derive(FromRow)]
struct VerdictRow {
    /// Index from 1 within the batch; 0 for the whole batch.
    command: i32,
    verdict: i16,
    first: Option<i64>,
    last: Option<i64>,
    conflict_stream: Option<Uuid>,
    actual: Option<i32>,
    fingerprint: Option<Vec<u8>>,
}

/// Appends a batch; a verdict per command. One statement is one transaction.
pub async fn append(
    connection: &mut PgConnection,
    log: LogId,
    commands: &[Prepared],
) -> Result<Vec<Verdict>, sqlx::Error> {
    if let [command] = commands
        && is_single(command)
    {
        let row = append_one(connection, log, command, &command.streams[0]).await?;
        return Ok(vec![verdict(row, command)]);
    }
    let mut verdicts: Vec<Option<Verdict>> = commands.iter().map(|_| None).collect();
    loop {
        // Who lost is told so; the others go again, all or none. Each turn has fewer.
        let open: Vec<usize> = (0..commands.len()).filter(|i| verdicts[*i].is_none()).collect();
        if open.is_empty() {
            break;
        }
        let batch: Vec<&Prepared> = open.iter().map(|i| &commands[*i]).collect();
        for row in append_batch(connection, log, &batch).await? {
            if let Some(base) = row.first.filter(|_| row.command == 0) {
                let mut first = base.unsigned_abs();
                for i in &open {
                    let events =
                        commands[*i].streams.iter().map(|s| s.rows.len() as u64).sum::<u64>();
                    let (last, fingerprint) = (first + events - 1, commands[*i].fingerprint);
                    verdicts[*i] =
                        Some(Ok(Appended { first, last, duplicate: false, fingerprint }));
                    first = last + 1;
                }
            } else if let Some(i) = usize::try_from(row.command - 1).ok().and_then(|c| open.get(c))
            {
                verdicts[*i] = Some(verdict(row, &commands[*i]));
            }
        }
        if open.iter().all(|i| verdicts[*i].is_none()) {
            return Err(sqlx::Error::Protocol("a batch without a verdict".into()));
        }
    }
    Ok(verdicts.into_iter().flatten().collect())
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
        "SELECT 1 AS command, verdict, first, last, NULL::uuid AS conflict_stream, actual, fingerprint
           FROM hindsight.append_one($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
    )
    .bind(log.0)
    .bind(command.command_id)
    .bind(command.fingerprint.as_ref().map(<[u8; 16]>::as_slice))
    .bind(stream.stream)
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

/// An index or a number of things in a batch, which is far below 2^31.
fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// The arrays of `append_batch`, one member per stream, event or key.
#[derive(Default)]
struct Arrays<'a> {
    c_id: Vec<Option<Uuid>>,
    c_fingerprint: Vec<Option<&'a [u8]>>,
    c_first: Vec<i32>,
    c_events: Vec<i32>,
    s_command: Vec<i32>,
    s_stream: Vec<Uuid>,
    s_expected: Vec<i32>,
    s_first: Vec<i32>,
    e_stream: Vec<i32>,
    e_ordinal: Vec<i32>,
    e_clock: Vec<DateTime<Utc>>,
    rows: Vec<&'a Row>,
    k_command: Vec<i32>,
    k_subject: Vec<Uuid>,
    k_secret: Vec<&'a [u8]>,
}

impl<'a> Arrays<'a> {
    fn of(commands: &[&'a Prepared]) -> Self {
        let mut a = Self::default();
        for (c, command) in (1..).zip(commands) {
            a.c_id.push(command.command_id);
            a.c_fingerprint.push(command.fingerprint.as_ref().map(<[u8; 16]>::as_slice));
            let before = a.rows.len();
            a.c_first.push(count(before + 1));
            for stream in &command.streams {
                a.s_command.push(c);
                a.s_stream.push(stream.stream);
                a.s_expected.push(stream.expected);
                a.s_first.push(count(a.rows.len() + 1));
                let s = count(a.s_stream.len());
                for (ordinal, row) in (1..).zip(&stream.rows) {
                    let clock =
                        a.e_clock.last().map_or(row.recorded_at, |c| row.recorded_at.max(*c));
                    a.e_stream.push(s);
                    a.e_ordinal.push(ordinal);
                    a.e_clock.push(clock);
                    a.rows.push(row);
                }
            }
            a.c_events.push(count(a.rows.len() - before));
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
    commands: &[&Prepared],
) -> Result<Vec<VerdictRow>, sqlx::Error> {
    let a = Arrays::of(commands);
    sqlx::query_as(
        "SELECT command, verdict, first, last, conflict_stream, actual, fingerprint
           FROM hindsight.append_batch($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)",
    )
    .bind(log.0)
    .bind(&a.c_id)
    .bind(&a.c_fingerprint)
    .bind(&a.c_first)
    .bind(&a.c_events)
    .bind(&a.s_command)
    .bind(&a.s_stream)
    .bind(&a.s_expected)
    .bind(&a.s_first)
    .bind(&a.e_stream)
    .bind(&a.e_ordinal)
    .bind(a.column(|r| r.event_type))
    .bind(a.column(|r| r.schema_version))
    .bind(a.column(|r| r.recorded_at))
    .bind(&a.e_clock)
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
