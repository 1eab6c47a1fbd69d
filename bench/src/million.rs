//! A million contacts: from rows to a searchable list, rebuilt, listed, seen in the past; each
//! against what plain Postgres needs for the same.

use crate::data;
use crate::measure::{self, Report};
use chrono::Utc;
use domain::contact::ContactType;
use domain::ids::{MemberId, OrganizationId};
use domain::reach::Reach;
use futures::StreamExt as _;
use projections::{Filter, ListQuery, Options, Projections, Scope, SortKey};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgConnection};
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
    million.load(report).await?;
    million.visible(report).await?;
    million.lists(report).await?;
    million.as_of(report).await?;
    million.rebuild(report).await?;
    million.stop.cancel();
    million.projections.stopped().await;
    Ok(())
}

fn what(contacts: u64, text: &str) -> String {
    format!("{contacts} contacts: {text}")
}

impl Million {
    /// Appends all contacts in bulk and waits until the last is in the list.
    async fn load(&self, report: &mut Report) -> anyhow::Result<()> {
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
        let ours = started.elapsed();
        let baseline = self.copy_same_rows().await?;
        report.times(
            &what(self.contacts, "rows to searchable list, against COPY of the same rows"),
            baseline,
            ours,
            1.5,
        );
        Ok(())
    }

    /// Copies the very rows that we wrote into tables of the same columns and indexes, one after
    /// the other, from files on the server.
    async fn copy_same_rows(&self) -> anyhow::Result<Duration> {
        let mut admin = self.test.admin().await;
        let list = self.live_schema(&mut admin).await?;
        let mut taken = Duration::ZERO;
        for table in ["hindsight.event", "hindsight.subject_key", &format!("{list}.contacts")] {
            let name = table.replace('.', "_");
            let sql = format!(
                "COPY {table} TO '/tmp/hindsight_bench_{name}' BINARY; CREATE TABLE copy_{name} (LIKE {table} INCLUDING ALL)"
            );
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await?;
            let started = Instant::now();
            let sql = format!("COPY copy_{name} FROM '/tmp/hindsight_bench_{name}' BINARY");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await?;
            taken += started.elapsed();
            println!("COPY of {table}: {:.1} s", started.elapsed().as_secs_f64());
            sqlx::raw_sql(AssertSqlSafe(format!("DROP TABLE copy_{name}")))
                .execute(&mut admin)
                .await?;
        }
        Ok(taken)
    }

    async fn live_schema(&self, admin: &mut PgConnection) -> anyhow::Result<String> {
        let (schema,): (String,) = sqlx::query_as(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'contacts' ORDER BY schemaname DESC LIMIT 1",
        )
        .fetch_one(admin)
        .await?;
        Ok(schema)
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

    async fn lists(&self, report: &mut Report) -> anyhow::Result<()> {
        let mut admin = self.test.admin().await;
        sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut admin).await?;
        let member = |n: u128| MemberId(Uuid::from_u128(1_000 + n));
        let own = MemberId(Uuid::from_u128(data::LONELY));
        let team = (0..20).map(|n| member(n * 37)).collect();
        let filter = json!({"all": [{"field": "status", "op": "eq", "value": domain::picklist::CONTACT},
                                     {"field": "assigned_to", "op": "eq", "value": member(37)}]});
        let filter = Filter::parse::<ContactType>(&filter).map_err(|f| anyhow::anyhow!("{f:?}"))?;
        for (reach_name, reach) in
            [("all", Reach::All), ("team", Reach::Team(team)), ("own", Reach::Own(own))]
        {
            let scope = Scope::live(OrganizationId(self.id.0), reach);
            let list = async |query: &ListQuery| -> anyhow::Result<projections::Page> {
                let mut tx = self.projections.read(scope.clone()).await?;
                let page = tx.list::<ContactType>(query).await?;
                Ok(page)
            };
            let mut deep = ListQuery::default();
            for _ in 0..1_000 {
                let Some(next) =
                    list(&ListQuery { fields: nothing()?, ..deep.clone() }).await?.next
                else {
                    break;
                };
                deep.after = Some(next);
            }
            let kinds = [
                ("default sort", ListQuery::default()),
                (
                    "by name",
                    ListQuery {
                        sort: SortKey::parse::<ContactType>("name")
                            .map_err(|f| anyhow::anyhow!("{f:?}"))?,
                        ..ListQuery::default()
                    },
                ),
                (
                    "status and owner",
                    ListQuery { filter: Some(filter.clone()), ..ListQuery::default() },
                ),
                (
                    "search, one hit",
                    ListQuery { q: Some("ana.777123@example".into()), ..ListQuery::default() },
                ),
                (
                    "search, 200 hits",
                    ListQuery { q: Some("kovač-123".into()), ..ListQuery::default() },
                ),
                (
                    "search, all hit",
                    ListQuery { q: Some("example".into()), ..ListQuery::default() },
                ),
                ("1,000 pages deep", deep),
            ];
            for (kind, query) in kinds {
                let mut times = Vec::new();
                for _ in 0..60 {
                    let started = Instant::now();
                    list(&query).await?;
                    times.push(started.elapsed());
                }
                let p95 = measure::percentile(times, 0.95);
                report.bound(
                    &format!("list, reach {reach_name}, {kind}, p95"),
                    p95,
                    Duration::from_millis(20),
                );
            }
        }
        Ok(())
    }

    /// Yesterday, with one in a hundred changed since: simulated by changing them now.
    async fn as_of(&self, report: &mut Report) -> anyhow::Result<()> {
        let before = self.log.head(self.id).await?.position;
        let half = before / 2;
        let organization = OrganizationId(self.id.0);
        let open = async |position: u64| -> anyhow::Result<Duration> {
            let started = Instant::now();
            self.projections.open_as_of(organization, position, &["contacts"], &|_| {}).await?;
            Ok(started.elapsed())
        };
        let changed = self.change_every_hundredth().await?;
        let head = self.log.head(self.id).await?.position;
        self.projections.wait_for(self.id, head, Duration::from_mins(10)).await?;
        println!("{changed} contacts changed");
        let yesterday = open(before).await?;
        let again = open(before).await?;
        let first = open(half).await?;
        report.bound("as of: opened again", again, Duration::from_millis(20));
        println!("as of yesterday: {yesterday:?}; as of the middle of the log: {first:?}");
        report.note("as of yesterday, 1 % changed since", yesterday);
        report.note("as of the middle of the log, first open", first);
        Ok(())
    }

    async fn change_every_hundredth(&self) -> anyhow::Result<usize> {
        let rows: Vec<(Uuid,)> = sqlx::query_as(
            "SELECT stream_id FROM hindsight.event WHERE log_id = $1 AND position % 100 = 0 AND version = 1",
        )
        .bind(self.id.0)
        .fetch_all(&mut self.test.admin().await)
        .await?;
        let changed = rows.len();
        futures::stream::iter(rows)
            .map(|(stream,)| async move {
                self.log.append(self.id, data::change(stream)?).await.map_err(anyhow::Error::from)
            })
            .buffer_unordered(64)
            .for_each(|done| async move {
                if let Err(error) = done {
                    println!("not changed: {error}");
                }
            })
            .await;
        Ok(changed)
    }

    async fn rebuild(&self, report: &mut Report) -> anyhow::Result<()> {
        let started = Instant::now();
        self.projections.rebuild("contacts", &|_| {}).await?;
        let ours = started.elapsed();
        let mut admin = self.test.admin().await;
        let list = self.live_schema(&mut admin).await?;
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
        report.note("rebuild", ours);
        Ok(())
    }
}

fn nothing() -> anyhow::Result<projections::FieldSelection> {
    projections::FieldSelection::parse::<ContactType>("email").map_err(|f| anyhow::anyhow!("{f:?}"))
}

fn encode(chunk: u64) -> anyhow::Result<Vec<store::StreamAppend>> {
    let now = Utc::now();
    (0..1_000).map(|n| data::stream(&[&data::contact(chunk * 1_000 + n)?], now)).collect()
}
