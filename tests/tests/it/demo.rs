//! The demo organization

use api::demo::{self, Demo, EMAIL};
use chrono::{DateTime, TimeDelta, Utc};
use hindsight_tests::{PASSWORD, TestApp};
use sqlx::PgConnection;
use uuid::Uuid;

/// A day on which the log is not in the future, the same for all who ask within a minute.
fn now() -> DateTime<Utc> {
    let day = (Utc::now() - TimeDelta::days(1)).date_naive();
    day.and_hms_opt(15, 0, 0).unwrap().and_utc()
}

/// Begins to make it and is gone after so many appends; what came of it, if it was faster.
async fn interrupted(app: &TestApp, appends: usize) -> Option<Demo> {
    let mut appended = app.app.commands.log().appended();
    let mut making = Box::pin(demo::make(&app.app));
    for _ in 0..appends {
        tokio::select! {
            biased;
            made = &mut making => return Some(made.expect("is made")),
            changed = appended.changed() => changed.expect("goes on"),
        }
    }
    None
}

/// How many events of each type an organization has.
async fn events(admin: &mut PgConnection, organization: Uuid) -> Vec<(String, i64)> {
    let sql = "SELECT type, count(*) FROM hindsight.event WHERE log_id = $1
                GROUP BY type ORDER BY type";
    sqlx::query_as(sql).bind(organization).fetch_all(admin).await.unwrap()
}

#[tokio::test]
async fn one_that_was_interrupted_anywhere_is_finished_at_the_next_start() {
    let (whole, halting) = tokio::join!(TestApp::start(), TestApp::start());
    let day = now();
    whole.clock.set(day);
    halting.clock.set(day);
    let made = demo::make(&whole.app).await.unwrap();
    let Demo::Made { organization, .. } = made else { panic!("{made:?}") };
    let expected = events(&mut whole.own_database.admin().await, organization.0).await;

    // Before it is founded, among tags, members and steps, and near the end.
    for appends in [1, 2, 3, 5, 10, 15, 30, 100, 400] {
        assert!(interrupted(&halting, appends).await.is_none(), "{appends}: was faster");
        halting.pass(TimeDelta::minutes(3));
    }
    let made = demo::make(&halting.app).await.unwrap();
    let Demo::Made { organization, password, .. } = made else { panic!("{made:?}") };
    let mut admin = halting.own_database.admin().await;
    let finished = events(&mut admin, organization.0).await;
    assert_eq!(finished, expected);
    let owner = halting.log_in(EMAIL, &password).await;
    assert_eq!(owner.organization, organization.0);
    let times: Vec<DateTime<Utc>> = sqlx::query_scalar(
        "SELECT recorded_at FROM hindsight.event WHERE log_id = $1 ORDER BY position",
    )
    .bind(organization.0)
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert!(times.is_sorted(), "the past is in order");
    assert!(matches!(demo::make(&halting.app).await.unwrap(), Demo::There));
    halting.log_in(EMAIL, &password).await;
    assert_eq!(events(&mut admin, organization.0).await, expected);
}

#[tokio::test]
async fn the_organization_of_somebody_with_that_address_is_left_alone() {
    let app = TestApp::start().await;
    let body = serde_json::json!({
        "organization": "Mine", "full_name": "Ingrid", "email": EMAIL, "password": PASSWORD,
    });
    app.sign_up(&body).await;
    let ingrid = app.log_in(EMAIL, PASSWORD).await;
    let mut admin = app.own_database.admin().await;
    let before = events(&mut admin, ingrid.organization).await;
    assert!(matches!(demo::make(&app.app).await.unwrap(), Demo::There));
    assert_eq!(events(&mut admin, ingrid.organization).await, before);
    app.log_in(EMAIL, PASSWORD).await;
}
