//! Appending, against INSERTs of the same bytes into a table of the same columns and indexes.

use crate::data;
use crate::measure::{self, Report};
use chrono::Utc;
use domain::contact::ContactEvent;
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use store::database::PoolSizes;
use store::testing::TestDatabase;
use store::{EventLog, LogId, PostgresLog};
use uuid::Uuid;

const SLICE: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

/// A row of the log, as bytes.
#[derive(Clone)]
struct Bytes {
    payload: Vec<u8>,
    sealed: Vec<u8>,
    meta: Vec<u8>,
    leaf: Vec<u8>,
}

struct Setup {
    log: PostgresLog,
    id: LogId,
    raw: PgPool,
    bytes: Bytes,
    event: Arc<ContactEvent>,
    _test: TestDatabase,
}

async fn setup() -> anyhow::Result<Setup> {
    let test = TestDatabase::with_pools(PoolSizes { app: 16, projector: 4, loader: 2 }).await;
    let log = test.log();
    let id = LogId(Uuid::now_v7());
    log.create_log(id, false).await?;
    let event = Arc::new(data::contact(7)?);
    log.append(id, data::create(&event, Utc::now())?).await?;
    let raw = PgPoolOptions::new().max_connections(64).connect_with(test.admin.clone()).await?;
    sqlx::raw_sql("CREATE TABLE baseline (LIKE hindsight.event INCLUDING ALL)")
        .execute(&raw)
        .await?;
    let (payload, sealed, meta, leaf) =
        sqlx::query_as("SELECT payload, sealed, meta, leaf FROM hindsight.event WHERE log_id = $1")
            .bind(id.0)
            .fetch_one(&raw)
            .await?;
    Ok(Setup { log, id, raw, bytes: Bytes { payload, sealed, meta, leaf }, event, _test: test })
}

/// One event a command.
pub async fn one_event(report: &mut Report) -> anyhow::Result<()> {
    for (callers, goal) in [(1, 0.5), (8, 0.7), (64, 1.2)] {
        let s = setup().await?;
        let next = Arc::new(AtomicI64::new(1));
        let (mut baseline, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            baseline.push(
                measure::rate(callers, SLICE, |_| {
                    insert_singly(s.raw.clone(), s.bytes.clone(), Arc::clone(&next))
                })
                .await?,
            );
            ours.push(
                measure::rate(callers, SLICE, |_| {
                    append_singly(s.log.clone(), s.id, Arc::clone(&s.event))
                })
                .await?,
            );
        }
        let what = format!("one-event commands, {callers} callers, against single INSERTs");
        report.rates(&what, "commands", measure::median(baseline), measure::median(ours), goal);
    }
    Ok(())
}

async fn insert_singly(raw: PgPool, b: Bytes, next: Arc<AtomicI64>) -> anyhow::Result<u64> {
    let mut connection = raw.acquire().await?;
    let (until, mut done) = (Instant::now() + SLICE, 0);
    while Instant::now() < until {
        sqlx::query(
            "INSERT INTO baseline (log_id, position, stream_id, version, type, schema_version,
                                   recorded_at, clock, payload, sealed, meta, leaf)
             VALUES ($1, $2, $3, 1, 'contact.created', 1, now(), now(), $4, $5, $6, $7)",
        )
        .bind(Uuid::nil())
        .bind(next.fetch_add(1, Ordering::Relaxed))
        .bind(Uuid::now_v7())
        .bind(&b.payload)
        .bind(&b.sealed)
        .bind(&b.meta)
        .bind(&b.leaf)
        .execute(&mut *connection)
        .await?;
        done += 1;
    }
    Ok(done)
}

async fn append_singly(
    log: PostgresLog,
    id: LogId,
    event: Arc<ContactEvent>,
) -> anyhow::Result<u64> {
    let (until, mut done) = (Instant::now() + SLICE, 0);
    while Instant::now() < until {
        log.append(id, data::create(&event, Utc::now())?).await?;
        done += 1;
    }
    Ok(done)
}

/// A hundred events a command, against one INSERT of a hundred rows; and what the parts of ours
/// take by themselves.
pub async fn hundred_events(report: &mut Report) -> anyhow::Result<()> {
    let s = setup().await?;
    let next = Arc::new(AtomicI64::new(1));
    let (mut baseline, mut ours) = (Vec::new(), Vec::new());
    let (mut encoded, mut ready) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        baseline.push(
            measure::rate(1, SLICE, |_| {
                insert_hundreds(s.raw.clone(), s.bytes.clone(), Arc::clone(&next))
            })
            .await?,
        );
        ours.push(
            measure::rate(1, SLICE, |_| append_hundreds(s.log.clone(), s.id, Arc::clone(&s.event)))
                .await?,
        );
        encoded.push(measure::rate(1, SLICE, |_| encode_hundreds(Arc::clone(&s.event))).await?);
        ready.push(
            measure::rate(1, SLICE, |_| append_ready(s.raw.clone(), s.id, s.bytes.clone())).await?,
        );
    }
    let baseline = measure::median(baseline);
    let what = "100 events in one command, against one multi-row INSERT";
    report.rates(what, "commands", baseline, measure::median(ours), 0.7);
    let time = |rate: f64| Duration::from_secs_f64(1.0 / rate.max(f64::MIN_POSITIVE));
    let mut part = |what, rates| report.aside(what, time(baseline), time(measure::median(rates)));
    part("of these 100: writing the events as JSON", encoded);
    part("of these 100: the log's own call, by sqlx, with bytes that are ready", ready);
    Ok(())
}

#[expect(clippy::unused_async, reason = "measured like the others")]
async fn encode_hundreds(event: Arc<ContactEvent>) -> anyhow::Result<u64> {
    let (until, mut done) = (Instant::now() + SLICE, 0);
    let events = vec![&*event; 100];
    while Instant::now() < until {
        std::hint::black_box(data::stream(&events, Utc::now())?);
        done += 1;
    }
    Ok(done)
}

async fn append_ready(raw: PgPool, id: LogId, b: Bytes) -> anyhow::Result<u64> {
    let mut connection = raw.acquire().await?;
    let (until, mut done) = (Instant::now() + SLICE, 0);
    while Instant::now() < until {
        let each = |of: &Vec<u8>| vec![of.clone(); 100];
        sqlx::query(
            "SELECT * FROM hindsight.append_one($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
        )
        .bind(id.0)
        .bind(None::<Uuid>)
        .bind(None::<Vec<u8>>)
        .bind(Uuid::now_v7())
        .bind(0_i32)
        .bind(vec!["contact.created"; 100])
        .bind(vec![1_i16; 100])
        .bind(Utc::now())
        .bind(each(&b.payload))
        .bind(each(&b.sealed))
        .bind(each(&b.meta))
        .bind(each(&b.leaf))
        .bind(Vec::<Uuid>::new())
        .bind(Vec::<Vec<u8>>::new())
        .execute(&mut *connection)
        .await?;
        done += 1;
    }
    Ok(done)
}

async fn insert_hundreds(raw: PgPool, b: Bytes, next: Arc<AtomicI64>) -> anyhow::Result<u64> {
    let mut connection = raw.acquire().await?;
    let (until, mut done) = (Instant::now() + SLICE, 0);
    while Instant::now() < until {
        let first = next.fetch_add(100, Ordering::Relaxed);
        let each = |of: &Vec<u8>| vec![of.clone(); 100];
        sqlx::query(
            "INSERT INTO baseline (log_id, position, stream_id, version, type, schema_version,
                                   recorded_at, clock, payload, sealed, meta, leaf)
             SELECT $1, $2 + e.n, $3, e.n, 'contact.created', 1, now(), now(), e.payload, e.sealed, e.meta, e.leaf
               FROM unnest($4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[]) WITH ORDINALITY
                    AS e (payload, sealed, meta, leaf, n)",
        )
        .bind(Uuid::nil())
        .bind(first)
        .bind(Uuid::now_v7())
        .bind(each(&b.payload))
        .bind(each(&b.sealed))
        .bind(each(&b.meta))
        .bind(each(&b.leaf))
        .execute(&mut *connection)
        .await?;
        done += 1;
    }
    Ok(done)
}

async fn append_hundreds(
    log: PostgresLog,
    id: LogId,
    event: Arc<ContactEvent>,
) -> anyhow::Result<u64> {
    let (until, mut done) = (Instant::now() + SLICE, 0);
    let events = vec![&*event; 100];
    while Instant::now() < until {
        let streams = vec![data::stream(&events, Utc::now())?];
        log.append(id, store::Append { command_id: None, fingerprint: None, streams }).await?;
        done += 1;
    }
    Ok(done)
}
