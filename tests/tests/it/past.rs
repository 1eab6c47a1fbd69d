//! `as_of`: the past of records and lists

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use commands::Clock as _;
use domain::reach::ReachLevel;
use hindsight_tests::TestApp;
use serde_json::json;

fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[tokio::test]
async fn a_record_and_a_list_are_shown_as_they_were() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ana = olga.create("contacts", json!({"full_name": "Ana", "city": "Bern"})).await;
    app.pass(TimeDelta::minutes(1));
    let then = text(app.clock.now());
    app.pass(TimeDelta::minutes(1));
    let path = format!("/contacts/{}", ana.id("/id"));
    let change = json!({"full_name": "Anna", "city": "Basel"});
    olga.patch(&path).json(&change).send().await.expect_status(200);
    let bea = olga.create("contacts", json!({"full_name": "Bea"})).await;

    let was = olga.get(&format!("{path}?as_of={then}")).send().await.expect_status(200);
    assert_eq!((was.text("/full_name"), was.text("/city")), ("Ana".into(), "Bern".into()));
    let missing = olga.get(&format!("/contacts/{}?as_of={then}", bea.id("/id"))).send().await;
    missing.expect_problem(404, "not_found");

    let search = json!({"as_of": then});
    let list = olga.search("contacts", search, bea.position()).await;
    assert_eq!(list.labels(), ["Ana"]);
    assert_eq!(list.at("/total"), &json!({"value": 1, "exact": true}));
    assert_eq!(list.position(), ana.position());
    let by_city =
        |city: &str| json!({"as_of": then, "filter": {"field": "city", "op": "eq", "value": city}});
    assert_eq!(olga.search("contacts", by_city("Bern"), 0).await.labels(), ["Ana"]);
    assert!(olga.search("contacts", by_city("Basel"), 0).await.labels().is_empty());

    let history = olga.get(&format!("{path}/history?as_of={then}")).send().await;
    assert_eq!(history.expect_status(200).at("/items").as_array().unwrap().len(), 1);
    let total = olga.get(&format!("/contacts/total?as_of={then}")).send().await;
    assert_eq!(total.expect_status(200).at("/value"), 1);
}

#[tokio::test]
async fn the_past_shows_what_was_deleted_since() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    app.pass(TimeDelta::minutes(1));
    let then = text(app.clock.now());
    app.pass(TimeDelta::minutes(1));
    let path = format!("/contacts/{}", ana.id("/id"));
    let gone = olga.delete(&path).send().await.expect_status(200);
    assert!(olga.search("contacts", json!({}), gone.position()).await.labels().is_empty());
    let list = olga.search("contacts", json!({"as_of": then}), 0).await;
    assert_eq!(list.labels(), ["Ana"]);
    assert_eq!(list.at("/items/0/deleted"), false);
}

#[tokio::test]
async fn the_past_is_seen_with_present_rights() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let fields = json!({"full_name": "Ana", "assigned_to": max.member});
    let ana = olga.create("contacts", fields).await;
    app.pass(TimeDelta::minutes(1));
    let then = text(app.clock.now());
    app.pass(TimeDelta::minutes(1));
    assert_eq!(max.search("contacts", json!({"as_of": then}), 0).await.labels(), ["Ana"]);
    let path = format!("/contacts/{}", ana.id("/id"));
    let taken = json!({"assigned_to": olga.member});
    let taken = olga.patch(&path).json(&taken).send().await.expect_status(200);
    assert!(max.search("contacts", json!({}), taken.position()).await.labels().is_empty());
    let past = max.search("contacts", json!({"as_of": then}), taken.position()).await;
    assert!(past.labels().is_empty(), "it was theirs then, but is not now");
    let one = max.get(&format!("{path}?as_of={then}")).send().await;
    one.expect_problem(404, "not_found");
}

#[tokio::test]
async fn the_future_and_nonsense_are_refused() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let path = format!("/contacts/{}", ana.id("/id"));
    let future = olga.get(&format!("{path}?as_of=2999-01-01T00:00:00Z")).send().await;
    let future = future.expect_problem(400, "invalid_parameter");
    assert_eq!(future.text("/errors/0/code"), "future_time");
    let search = json!({"as_of": "2999-01-01T00:00:00Z"});
    let list = olga.post("/contacts/search").json(&search).send().await;
    list.expect_problem(400, "invalid_parameter");
    let nonsense = olga.get(&format!("{path}?as_of=yesterday")).send().await;
    nonsense.expect_problem(400, "invalid_parameter");
    let both = olga.get(&format!("{path}?as_of=2020-01-01T00:00:00Z&version=1")).send().await;
    both.expect_problem(400, "invalid_parameter");
    let before_all = json!({"as_of": "1999-01-01T00:00:00Z"});
    assert!(olga.search("contacts", before_all, 0).await.labels().is_empty());
}

#[tokio::test]
async fn who_does_not_want_to_wait_gets_a_job_to_watch() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    olga.create("contacts", json!({"full_name": "Ana"})).await;
    app.pass(TimeDelta::minutes(1));
    let search = json!({"as_of": text(app.clock.now())});
    app.pass(TimeDelta::minutes(1));
    let ask = |wait: &str| olga.post("/contacts/search").header("prefer", wait).json(&search);
    let told = ask("wait=0").send().await.expect_status(202);
    assert_eq!(told.text("/job/kind"), "as_of");
    let path = format!("/jobs/{}", told.text("/job/id"));
    let events = olga.get(&format!("{path}/events")).send().await.expect_status(200);
    assert!(events.body.contains("\"state\":\"done\""), "{}", events.body);
    assert_eq!(olga.get(&path).send().await.expect_status(200).text("/state"), "done");
    let list = ask("wait=20").send().await.expect_status(200);
    assert_eq!(list.labels(), ["Ana"]);
}
