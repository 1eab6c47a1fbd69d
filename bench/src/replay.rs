//! Replay: read, open, decode and fold the log, against reading the same rows in order.

use crate::data;
use crate::measure::{self, Report};
use chrono::Utc;
use domain::Aggregate as _;
use domain::contact::{Contact, ContactEvent};
use futures::TryStreamExt as _;
use sqlx::Row as _;
use std::collections::HashMap;
use std::time::Instant;
use store::testing::TestDatabase;
use store::{BulkAppend, EventLog, LogId, PostgresLog, ReadLimit};
use uuid::Uuid;

const EVENTS: u64 = 100_000;
const ROUNDS: usize = 5;

/// Runs it on contacts of forty columns.
pub async fn replay(report: &mut Report) -> anyhow::Result<()> {
    let test = TestDatabase::create().await;
    let log = test.log();
    let id = LogId(Uuid::now_v7());
    log.create_log(id, false).await?;
    for chunk in 0..EVENTS / 1_000 {
        let streams = (0..1_000)
            .map(|n| data::stream(&[&data::contact(chunk * 1_000 + n)?], Utc::now()))
            .collect::<Result<_, _>>()?;
        log.append_bulk(id, BulkAppend { command_id: Uuid::new_v4(), streams }).await?;
    }
    sqlx::raw_sql("VACUUM ANALYZE hindsight.event").execute(&mut test.admin().await).await?;
    let (mut baseline, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        baseline.push(read_plainly(&test, id).await?);
        ours.push(fold(&log, id).await?);
    }
    let (baseline, ours) = (measure::median(baseline), measure::median(ours));
    report.rates(
        "replay: read, open, decode and fold, against reading the rows",
        "events",
        baseline,
        ours,
        0.8,
    );
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "a hundred thousand")]
async fn read_plainly(test: &TestDatabase, id: LogId) -> anyhow::Result<f64> {
    let started = Instant::now();
    let mut rows = sqlx::query("SELECT * FROM hindsight.event WHERE log_id = $1 ORDER BY position")
        .bind(id.0)
        .fetch(&test.database.projector);
    let mut bytes = 0;
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        bytes +=
            row.try_get::<&[u8], _>("payload")?.len() + row.try_get::<&[u8], _>("sealed")?.len();
        count += 1;
    }
    anyhow::ensure!(count == EVENTS && bytes > 0);
    Ok(EVENTS as f64 / started.elapsed().as_secs_f64())
}

#[allow(clippy::cast_precision_loss, reason = "a hundred thousand")]
async fn fold(log: &PostgresLog, id: LogId) -> anyhow::Result<f64> {
    let started = Instant::now();
    let mut folded = 0;
    let read = |after: u64| {
        let log = log.clone();
        tokio::spawn(async move {
            log.read_log(id, after, u64::MAX, ReadLimit { events: 1_000, bytes: 4 << 20 }).await
        })
    };
    let mut next = read(0);
    loop {
        let page = next.await??;
        let Some(last) = page.last() else { break };
        // The next page is on its way while this one is folded.
        next = read(last.position);
        // As a projection does: to at most one state per stream of the page.
        let mut contacts: HashMap<Uuid, Contact> = HashMap::with_capacity(page.len());
        for event in page {
            let contact = contacts.remove(&event.stream.0).unwrap_or_default();
            contacts.insert(event.stream.0, contact.evolve(event.decode::<ContactEvent>()?));
        }
        folded += contacts.len() as u64;
    }
    anyhow::ensure!(folded == EVENTS);
    Ok(EVENTS as f64 / started.elapsed().as_secs_f64())
}
