//! A long backlog is overtaken by new generations, and nobody can tell but by the time it takes.

use crate::fixture::{Fixture, named};
use crate::rebuilding::{Everyday, another_process, assert_rebuilds_equal, with_tags};
use domain::contact::ContactType;
use domain::ids::OrganizationId;
use projections::Options;
use rand::RngExt as _;
use std::time::Duration;
use store::ReadLimit;
use uuid::Uuid;

/// Workers that take as long as they can, so that overtaking them is worth it.
const SLOW: ReadLimit = ReadLimit { events: 1, bytes: 1 };

fn overtaking() -> Options {
    Options { far_behind: 50, batch: SLOW, ..Options::default() }
}

async fn with_a_backlog(events: usize) -> (Fixture, Everyday) {
    let mut fixture = Fixture::new().await;
    let elsewhere = fixture.organization;
    fixture.create_contact(Uuid::now_v7(), named("Elsewhere")).await;
    fixture.found(OrganizationId(Uuid::now_v7())).await;
    assert_ne!(fixture.organization, elsewhere);
    with_tags(&mut fixture).await;
    fixture.follow().await.reach(&fixture).await;
    let mut life = Everyday::new(rand::random());
    for _ in 0..events {
        life.step(&mut fixture).await;
    }
    (fixture, life)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_backlog_is_overtaken_by_new_generations_of_everything() {
    let (mut fixture, mut life) = with_a_backlog(300).await;
    let before = fixture.live_schema("audit").await;
    let following = fixture.follow_with(overtaking()).await;
    let mut applied = following.projections.applied();
    following.reach(&fixture).await;
    assert_ne!(fixture.live_schema("audit").await, before, "it was overtaken");
    let head = fixture.head().await;
    while applied.recv().await.expect("is told").position < head {}
    for _ in 0..10 {
        life.step(&mut fixture).await;
    }
    following.reach(&fixture).await;
    assert_eq!(following.projections.parked().await.expect("a list"), []);
    assert_rebuilds_equal(&fixture, &following.projections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_and_other_organizations_go_on_while_a_log_is_overtaken() {
    let (mut fixture, _) = with_a_backlog(300).await;
    let behind = fixture.organization;
    let following = fixture.follow_with(overtaking()).await;
    fixture.found(OrganizationId(Uuid::now_v7())).await;
    for n in 0..20 {
        fixture.create_contact(Uuid::now_v7(), named(&format!("N{n}"))).await;
        following.reach(&fixture).await;
        let mut tx = following.read(fixture.everything()).await;
        let page = tx.list::<ContactType>(&projections::ListQuery::default()).await;
        assert_eq!(page.expect("a list").rows.len(), n + 1);
    }
    fixture.organization = behind;
    following.reach(&fixture).await;
    assert_rebuilds_equal(&fixture, &following.projections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_overtaken_is_followed() {
    let (fixture, _) = with_a_backlog(600).await;
    let mut admin = fixture.test.admin().await;
    let full = "CREATE FUNCTION public.disk_full() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$;
        CREATE EVENT TRIGGER disk_full ON ddl_command_end WHEN TAG IN ('CREATE INDEX')
        EXECUTE FUNCTION public.disk_full()";
    sqlx::raw_sql(full).execute(&mut admin).await.expect("a full disk");
    let live = fixture.live_schema("audit").await;
    let before = generations(&mut admin).await;
    let following = fixture.follow_with(overtaking()).await;
    following.reach(&fixture).await;
    assert_eq!(fixture.live_schema("audit").await, live, "it was followed");
    // Whoever tried again and again would hold the log, and never follow it.
    let models = sqlx::query_scalar("SELECT count(*) FROM hindsight.read_model");
    let models: i64 = models.fetch_one(&mut admin).await.expect("a number");
    assert_eq!(generations(&mut admin).await, before + models, "tried once");
    sqlx::raw_sql("DROP EVENT TRIGGER disk_full").execute(&mut admin).await.expect("room");
    assert_rebuilds_equal(&fixture, &following.projections).await;
}

/// How many generations were ever begun.
async fn generations(admin: &mut sqlx::PgConnection) -> i64 {
    let last = sqlx::query_scalar("SELECT last_value FROM hindsight.generation");
    last.fetch_one(admin).await.expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_while_overtaking_leaves_nothing_lost_and_nothing_in_the_way() {
    let (mut fixture, mut life) = with_a_backlog(200).await;
    for _ in 0..6 {
        let (doomed, _projections) = another_process(&fixture, overtaking()).await;
        let micros = life.random.random_range(0..400_000);
        tokio::time::sleep(Duration::from_micros(micros)).await;
        doomed.shutdown_background();
        life.step(&mut fixture).await;
    }
    let following = fixture.follow_with(life.options()).await;
    following.reach(&fixture).await;
    assert_eq!(following.projections.parked().await.expect("a list"), []);
    assert_rebuilds_equal(&fixture, &following.projections).await;
}
