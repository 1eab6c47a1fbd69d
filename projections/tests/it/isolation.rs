//! Nobody sees another organization's rows, or rows beyond their reach, by any way.

use crate::fixture::{Fixture, id};
use domain::contact::ContactType;
use domain::ids::{MemberId, OrganizationId};
use domain::reach::Reach;
use projections::{Deleted, FieldSelection, ListQuery, Scope};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

#[tokio::test]
async fn predicate_policy_and_definition_of_reach_agree_on_random_records() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    let members: Vec<Uuid> = (1..6).map(id).collect();
    let mut records = Vec::new();
    let first = fixture.organization;
    for organization in [first, OrganizationId(Uuid::now_v7())] {
        if organization != first {
            fixture.found(organization).await;
        }
        for _ in 0..60 {
            let owner = members.choose(&mut random).filter(|_| random.random_bool(0.8)).copied();
            let record = Uuid::now_v7();
            let contact = json!({"first_name": "Ada", "assigned_to": owner});
            fixture.create_contact(record, contact).await;
            records.push((organization, record, owner.map(MemberId)));
        }
        following.reach(&fixture).await;
    }
    let all: Vec<Uuid> = records.iter().map(|(_, id, _)| *id).collect();
    for _ in 0..40 {
        let some = random.random_range(0..4);
        let team = members.sample(&mut random, some).copied().map(MemberId).collect();
        let one = MemberId(*members.choose(&mut random).expect("some"));
        for reach in [Reach::All, Reach::Team(team), Reach::Own(one)] {
            for organization in [first, fixture.organization] {
                let permitted: BTreeSet<Uuid> = records
                    .iter()
                    .filter(|(owner, _, assigned)| {
                        *owner == organization && reach.permits(*assigned)
                    })
                    .map(|(_, id, _)| *id)
                    .collect();
                let scope = Scope::live(organization, reach.clone());
                let mut tx = following.read(scope).await;
                // By the policy alone: the ids are asked for whoever they belong to.
                let visible = tx.visible::<ContactType>(&all).await.unwrap();
                assert_eq!(visible.into_iter().collect::<BTreeSet<_>>(), permitted, "policy");
                // By the predicate alone: what the searcher finds is not seen by any policy.
                let found = tx.list_ids::<ContactType>(&ListQuery::default(), None, 1_000).await;
                let found: BTreeSet<_> = found.unwrap().ids.into_iter().collect();
                assert_eq!(found, permitted, "ids");
                let query = ListQuery { limit: 200, ..ListQuery::default() };
                let rows = tx.list::<ContactType>(&query).await.unwrap().rows;
                let listed: BTreeSet<Uuid> = rows.iter().map(|row| row.id).collect();
                assert_eq!(listed, permitted, "list");
            }
        }
    }
}

#[tokio::test]
async fn every_table_of_a_world_forces_row_level_security() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(1), json!({"first_name": "Ada"})).await;
    following.reach(&fixture).await;
    let at = fixture.head().await;
    let organization = fixture.organization;
    following
        .projections
        .open_as_of(organization, at, &["contacts", "companies"], &|_| {})
        .await
        .expect("opens");
    following.projections.rebuild("audit", &|_| {}).await.expect("rebuilds");
    let mut admin = fixture.admin().await;
    let unguarded: Vec<String> = sqlx::query_scalar(
        "SELECT c.relnamespace::regnamespace || '.' || c.relname FROM pg_class c \
           JOIN hindsight.read_model m ON m.schema = c.relnamespace::regnamespace::text \
          WHERE c.relkind = 'r' AND c.relname <> 'intact' \
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
    )
    .fetch_all(&mut admin)
    .await
    .expect("tables");
    assert_eq!(unguarded, Vec::<String>::new());
}

#[tokio::test]
async fn without_a_scope_the_runtime_roles_read_nothing() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(1), json!({"first_name": "Ada", "notes": "x"})).await;
    following.reach(&fixture).await;
    let schema = fixture.live_schema("contacts").await;
    let app = &fixture.test.database.app;
    let read = |sql: String| async move {
        sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(app).await.map(|rows| rows.len())
    };
    let bare = read(format!("SELECT id FROM {schema}.contacts")).await;
    assert!(bare.is_err(), "the policy needs its settings");
    let sql = format!("SELECT id FROM {schema}.intact");
    assert!(read(sql).await.is_err(), "there is nothing beside the tables");
    // The searcher sees lookup columns only.
    let mut tx = app.begin().await.expect("begins");
    sqlx::query("SET LOCAL ROLE hindsight_searcher").execute(&mut *tx).await.expect("becomes");
    let sql = format!("SELECT notes FROM {schema}.contacts");
    let notes = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *tx).await;
    assert!(notes.is_err(), "notes are no lookup column");
    tx.rollback().await.expect("rolls back");
    // And nobody who reads writes.
    for table in ["contacts", "contacts_per_choice"] {
        let sql = format!("DELETE FROM {schema}.{table}");
        assert!(read(sql).await.is_err(), "{table} can be deleted from");
    }
}

#[tokio::test]
async fn a_connection_never_carries_a_scope_into_the_next_request() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(1), json!({"first_name": "Ada"})).await;
    following.reach(&fixture).await;
    for _ in 0..20 {
        let mut tx = following.read(fixture.everything()).await;
        let row = tx.get::<ContactType>(id(1), &FieldSelection::All).await.unwrap();
        assert!(row.is_some());
        drop(tx);
        let setting: Option<String> =
            sqlx::query_scalar("SELECT current_setting('hindsight.organization', true)")
                .fetch_one(&fixture.test.database.app)
                .await
                .expect("reads");
        assert_eq!(setting.unwrap_or_default(), "");
    }
    let stranger = Scope::live(OrganizationId(Uuid::now_v7()), Reach::All);
    let mut tx = following.read(stranger).await;
    let query = ListQuery { deleted: Deleted::Include, ..ListQuery::default() };
    assert_eq!(tx.list::<ContactType>(&query).await.unwrap().rows, []);
}
