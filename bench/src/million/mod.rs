//! A million contacts: listed, seen in the past, rebuilt; each against what plain Postgres needs
//! for the same.

mod lists;
mod past;

use crate::baseline::live_schema;
use crate::data;
use crate::measure::{self, Report};
use chrono::Utc;
use futures::StreamExt as _;
use projections::{Options, Projections};
use sqlx::AssertSqlSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::database::PoolSizes;
use store::testing::TestDatabase;
use store::{BulkAppend, EventLog, LogId, PostgresLog};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Everything that the parts work on.
struct Million {
    test: TestDatabase,
    log: PostgresLog,
    id: LogId,
    projections: Projections,
    stop: CancellationToken,
    contacts: u64,
}

/// Runs all parts on so many contacts.
pub async fn run(report: &mut Report, contacts: u64) -> anyhow::Result<()> {
    let test = TestDatabase::with_pools(PoolSizes { app: 8, projector: 6, loader: 2 }).await;
    let log = test.log();
    let id = LogId(Uuid::now_v7());
    log.create_log(id, false).await?;
    let stop = CancellationToken::new();
    let port: Arc<dyn EventLog> = Arc::new(log.clone());
    let projections =
        Projections::start(test.database.clone(), port, Options::default(), stop.clone()).await?;
    let million = Million { test, log, id, projections, stop, contacts };
    million.load().await?;
    million.visible(report).await?;
    million.lists(report).await?;
    let past = million.as_of(report).await?;
    let rebuild = million.rebuild(report).await?;
    let line = |text| what(contacts, text);
    report.times(
        &line("as of the middle of the log, first open, against the rebuild"),
        rebuild,
        past.first,
        1.0,
    );
    report.times(
        &line("as of yesterday, 1 % changed since, against the rebuild"),
        rebuild,
        past.yesterday,
        0.15,
    );
    million.stop.cancel();
    million.projections.stopped().await;
    Ok(())
}

fn what(contacts: u64, text: &str) -> String {
    format!("{contacts} contacts: {text}")
}

impl Million {
    /// Appends all contacts in bulk and waits until the last is in the list. What that costs is
    /// measured by importing a file; these rows have owners, which no file can name.
    async fn load(&self) -> anyhow::Result<()> {
        let started = Instant::now();
        let chunks = futures::stream::iter(0..self.contacts / 1_000)
            .map(|chunk| tokio::task::spawn_blocking(move || encode(chunk)))
            .buffered(2);
        let mut chunks = std::pin::pin!(chunks);
        while let Some(streams) = chunks.next().await {
            let bulk = BulkAppend { command_id: Uuid::new_v4(), streams: streams?? };
            self.log.append_bulk(self.id, bulk).await?;
        }
        println!("appended after {:.1} s", started.elapsed().as_secs_f64());
        let head = self.log.head(self.id).await?.position;
        let shown = self.projections.wait_for(self.id, head, Duration::from_mins(20)).await?;
        anyhow::ensure!(shown == head, "only {shown} of {head} are visible");
        println!("in the list after {:.1} s", started.elapsed().as_secs_f64());
        Ok(())
    }

    /// From the acknowledgement of a command to its being seen by a query.
    async fn visible(&self, report: &mut Report) -> anyhow::Result<()> {
        let mut times = Vec::new();
        for n in 0..300 {
            let event = data::contact(self.contacts + n)?;
            let appended = self.log.append(self.id, data::create(&event, Utc::now())?).await?;
            let started = Instant::now();
            self.projections.wait_for(self.id, appended.last, Duration::from_secs(5)).await?;
            times.push(started.elapsed());
        }
        let (p50, p99) =
            (measure::percentile(times.clone(), 0.5), measure::percentile(times, 0.99));
        report.bound("acknowledged to visible, p50", p50, Duration::from_millis(10));
        report.bound("acknowledged to visible, p99", p99, Duration::from_millis(50));
        Ok(())
    }

    async fn rebuild(&self, report: &mut Report) -> anyhow::Result<Duration> {
        let started = Instant::now();
        self.projections.rebuild("contacts", &|_| {}).await?;
        let ours = started.elapsed();
        let mut admin = self.test.admin().await;
        let list = live_schema(&mut admin).await?;
        let sql = format!(
            "COPY {list}.contacts TO '/tmp/hindsight_bench_rows' BINARY; CREATE TABLE copy_rows (LIKE {list}.contacts INCLUDING ALL)"
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await?;
        let started = Instant::now();
        let mut rows = 0;
        {
            let mut events = sqlx::query("SELECT payload, sealed, meta FROM hindsight.event WHERE log_id = $1 ORDER BY position")
                .bind(self.id.0)
                .fetch(&self.test.database.projector);
            while events.next().await.transpose()?.is_some() {
                rows += 1;
            }
        }
        sqlx::raw_sql("COPY copy_rows FROM '/tmp/hindsight_bench_rows' BINARY")
            .execute(&mut admin)
            .await?;
        let baseline = started.elapsed();
        println!("{rows} events read in order, rows copied: {:.1} s", baseline.as_secs_f64());
        report.times(
            &what(
                self.contacts,
                "rebuild, against the ordered read and COPY into the indexed table",
            ),
            baseline,
            ours,
            1.5,
        );
        Ok(ours)
    }
}

fn encode(chunk: u64) -> anyhow::Result<Vec<store::StreamAppend>> {
    let now = Utc::now();
    (0..1_000).map(|n| data::stream(&[&data::contact(chunk * 1_000 + n)?], now)).collect()
}
