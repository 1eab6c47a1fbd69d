//! A rebuild comes out as the live read model is, byte for byte, whatever happened on the way.

use crate::fixture::{Fixture, contact, id};
use domain::company::Company;
use domain::contact::{Contact, ContactType};
use domain::record::{Life, RecordCommand};
use projections::{Options, Projections};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use store::database::PoolSizes;
use store::postgres::PostgresLog;
use store::testing::root_secret;
use store::{Database, EventLog, ReadLimit};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const TAGS: u128 = 6;

/// Commands at random: contacts and companies are made, changed, deleted, restored.
pub struct Everyday {
    pub random: StdRng,
    contacts: Vec<(Uuid, Contact)>,
    companies: Vec<(Uuid, Company)>,
}

impl Everyday {
    pub fn new(seed: u64) -> Self {
        println!("seed {seed}");
        Self { random: StdRng::seed_from_u64(seed), contacts: Vec::new(), companies: Vec::new() }
    }

    /// Batches and chunks of any size.
    pub fn options(&mut self) -> Options {
        let mut limit = || ReadLimit {
            events: self.random.random_range(1..40),
            bytes: self.random.random_range(1..60_000),
        };
        Options { batch: limit(), chunk: limit(), ..Options::default() }
    }

    fn values(&mut self) -> serde_json::Value {
        let random = &mut self.random;
        let tags: Vec<Uuid> =
            (0..TAGS).filter(|_| random.random_bool(0.3)).map(|n| id(900 + n)).collect();
        let n: u32 = random.random_range(0..1_000);
        json!({
            "first_name": format!("First{n}"), "last_name": format!("Läst {}", n % 17),
            "email": if n.is_multiple_of(3) { None } else { Some(format!("p{n}@example.com")) },
            "phone": if n.is_multiple_of(4) { Some(format!("+4930{n:07}")) } else { None },
            "tags": if tags.is_empty() { None } else { Some(tags) },
            "assigned_to": if n.is_multiple_of(5) { None } else { Some(id(u128::from(n % 5))) },
            "annual_revenue": {"amount": n, "currency": "EUR"},
            "custom": {"n": n},
        })
    }

    pub async fn step(&mut self, fixture: &mut Fixture) {
        let fresh = self.contacts.len() < 3 || self.random.random_bool(0.3);
        if self.random.random_bool(0.15) {
            let (id, mut company) = (Uuid::now_v7(), Company::default());
            let n: u32 = self.random.random_range(0..100);
            let patch = crate::fixture::record::<domain::company::CompanyType>(
                &json!({"name": format!("Company {n}"), "employees_count": n}),
            );
            fixture.command(id, &mut company, RecordCommand::Create(patch)).await;
            self.companies.push((id, company));
        } else if fresh {
            let (id, mut state) = (Uuid::now_v7(), Contact::default());
            let patch = contact(&self.values());
            fixture.command(id, &mut state, RecordCommand::Create(patch)).await;
            self.contacts.push((id, state));
        } else {
            let at = self.random.random_range(0..self.contacts.len());
            let values = self.values();
            let (id, state) = &mut self.contacts[at];
            let command = match (state.life, self.random.random_range(0..4)) {
                (Life::Deleted, _) => RecordCommand::Restore,
                (_, 0) => RecordCommand::Delete,
                _ => RecordCommand::Change { patch: contact(&values), note: None },
            };
            fixture.command(*id, state, command).await;
        }
    }
}

pub async fn with_tags(fixture: &mut Fixture) {
    for n in 0..TAGS {
        fixture.add_tag(id(900 + n), &format!("Tag {n}")).await;
    }
    for n in 0..3 {
        fixture.save_view(id(950 + n), &format!("View {n}")).await;
        fixture.invite(id(960 + n), &format!("guest{n}@example.org")).await;
    }
}

/// Read models with a runtime and connections of their own, which can be torn down.
pub async fn another_process(fixture: &Fixture, options: Options) -> (Runtime, Projections) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let admin = fixture.test.admin.clone();
    let started = runtime.spawn(async move {
        let sizes = PoolSizes { app: 4, projector: 6, loader: 1 };
        let secret = root_secret();
        let database = Database::connect(&admin, &secret, sizes).await.expect("connects");
        let log = PostgresLog::try_new(database.clone(), &secret).expect("opens");
        let (log, stop): (Arc<dyn EventLog>, _) = (Arc::new(log), CancellationToken::new());
        Projections::start(database, log, options, stop).await.expect("starts")
    });
    let projections = started.await.expect("starts");
    (runtime, projections)
}

pub async fn assert_rebuilds_equal(fixture: &Fixture, projections: &Projections) {
    for model in projections.names() {
        let before = fixture.live_schema(model).await;
        let live = fixture.contents(&before).await;
        assert!(model == "members" || !live.is_empty(), "{model} has rows");
        let rebuilt = projections.rebuild(model, &|_| {}).await.expect(model);
        assert_ne!(rebuilt.schema, before);
        assert_eq!(fixture.live_schema(model).await, rebuilt.schema, "the switch is made");
        let contents = fixture.contents(&rebuilt.schema).await;
        for (a, b) in live.iter().zip(&contents) {
            assert_eq!(a, b, "{model}");
        }
        assert_eq!(live.len(), contents.len(), "{model}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_equals_what_grew_event_by_event() {
    let mut fixture = Fixture::new().await;
    with_tags(&mut fixture).await;
    let mut life = Everyday::new(rand::random());
    let following = fixture.follow_with(life.options()).await;
    for step in 0..120 {
        life.step(&mut fixture).await;
        if step % 7 == 0 {
            following.reach(&fixture).await;
        }
    }
    following.reach(&fixture).await;
    assert_rebuilds_equal(&fixture, &following.projections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_delayed_workers_apply_every_event_exactly_once() {
    let mut fixture = Fixture::new().await;
    with_tags(&mut fixture).await;
    let mut life = Everyday::new(rand::random());
    for _ in 0..12 {
        // Workers of several processes race, and one is torn down in the middle of whatever it does.
        let (doomed, _projections) = another_process(&fixture, life.options()).await;
        for _ in 0..life.random.random_range(1..15) {
            life.step(&mut fixture).await;
        }
        let micros = life.random.random_range(0..8_000);
        tokio::time::sleep(Duration::from_micros(micros)).await;
        doomed.shutdown_background();
    }
    let following = fixture.follow_with(life.options()).await;
    following.reach(&fixture).await;
    let parked = following.projections.parked().await.expect("a list");
    assert_eq!(parked, [], "nothing was lost, doubled or reordered");
    assert_rebuilds_equal(&fixture, &following.projections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_that_is_killed_leaves_nothing_in_the_way_of_the_next() {
    let mut fixture = Fixture::new().await;
    with_tags(&mut fixture).await;
    let mut life = Everyday::new(rand::random());
    let following = fixture.follow().await;
    for _ in 0..40 {
        life.step(&mut fixture).await;
    }
    following.reach(&fixture).await;
    for _ in 0..6 {
        let (doomed, projections) = another_process(&fixture, life.options()).await;
        doomed.spawn(async move { projections.rebuild("contacts", &|_| {}).await });
        tokio::time::sleep(Duration::from_millis(life.random.random_range(0..120))).await;
        doomed.shutdown_background();
        life.step(&mut fixture).await;
    }
    // The database may need a moment to notice that the last one is gone.
    while matches!(
        following.projections.rebuild("contacts", &|_| {}).await,
        Err(projections::BuildError::Busy)
    ) {}
    following.reach(&fixture).await;
    assert_rebuilds_equal(&fixture, &following.projections).await;
    let mut admin = fixture.admin().await;
    let building: i64 =
        sqlx::query_scalar("SELECT count(*) FROM hindsight.read_model WHERE state = 'building'")
            .fetch_one(&mut admin)
            .await
            .expect("counts");
    assert_eq!(building, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_switches_while_events_and_reads_go_on() {
    let mut fixture = Fixture::new().await;
    with_tags(&mut fixture).await;
    let following = fixture.follow().await;
    let mut life = Everyday::new(rand::random());
    for _ in 0..30 {
        life.step(&mut fixture).await;
    }
    following.reach(&fixture).await;
    let projections = following.projections.clone();
    let rebuild = tokio::spawn(async move {
        for _ in 0..3 {
            projections.rebuild("contacts", &|_| {}).await.expect("rebuilds");
        }
    });
    while !rebuild.is_finished() {
        life.step(&mut fixture).await;
        let mut tx = following.read(fixture.everything()).await;
        let page = tx.list::<ContactType>(&projections::ListQuery::default()).await;
        assert!(!page.expect("a list").rows.is_empty(), "reads never see a half-built world");
    }
    rebuild.await.expect("rebuilds");
    following.reach(&fixture).await;
    assert_rebuilds_equal(&fixture, &following.projections).await;
}

#[tokio::test]
async fn counts_agree_with_the_rows_beside_them() {
    let mut fixture = Fixture::new().await;
    with_tags(&mut fixture).await;
    let following = fixture.follow().await;
    let mut life = Everyday::new(rand::random());
    for _ in 0..80 {
        life.step(&mut fixture).await;
    }
    following.reach(&fixture).await;
    let schema = fixture.live_schema("contacts").await;
    let mut admin = fixture.admin().await;
    let sql = format!(
        "SELECT count(*) FROM (SELECT choice_id, records FROM {schema}.contacts_per_choice) c \
           FULL JOIN (SELECT u.id AS choice_id, count(*) AS records FROM {schema}.contacts t, \
                 LATERAL unnest(ARRAY[t.status, t.industry, t.traffic_source] || t.tags || t.services) AS u (id) \
                WHERE t.deleted_at IS NULL AND u.id IS NOT NULL GROUP BY u.id) r \
             USING (choice_id) WHERE c.records IS DISTINCT FROM r.records"
    );
    let apart: i64 =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut admin).await.expect("counts");
    assert_eq!(apart, 0);
}
