//! An organization's settings, modules, maintenance and end.

use chrono::TimeDelta;
use domain::reach::ReachLevel;
use hindsight_tests::{Client, PASSWORD, TestApp};
use serde_json::{Value, json};

async fn change(client: &Client, changes: Value) -> hindsight_tests::Answer {
    client.patch("/organization").json(&changes).send().await
}

#[tokio::test]
async fn settings_are_changed_by_those_who_may_and_stand_in_the_history() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let before = olga.get("/organization").send().await.expect_status(200);
    assert_eq!((before.text("/currency"), before.text("/time_zone")), ("EUR".into(), "UTC".into()));
    let etag = before.header("etag").to_owned();

    let wanted = json!({"time_zone": "Europe/Zurich", "currency": "chf", "fiscal_year_start": 7});
    change(&sam, wanted.clone()).await.expect_problem(403, "not_permitted");
    let call = || olga.patch("/organization").json(&wanted).header("if-match", &etag);
    let done = call().header("idempotency-key", "a").send().await.expect_status(200);
    assert_eq!((done.text("/currency"), done.at("/fiscal_year_start")), ("CHF".into(), &json!(7)));
    let again = call().header("idempotency-key", "a").send().await.expect_status(200);
    assert_eq!(again.header("etag"), done.header("etag"));
    call().send().await.expect_problem(409, "version_conflict");

    let seen = sam.get("/organization").send().await.expect_status(200);
    assert_eq!(seen.text("/time_zone"), "Europe/Zurich");
    let history = olga.get("/organization/history?limit=1").send().await.expect_status(200);
    assert_eq!(history.text("/items/0/type"), "organization.settings_changed");
    assert_eq!(history.text("/items/0/actor/name"), "Olga Owner");
    let changes = history.at("/items/0/changes").as_array().unwrap();
    let zone = changes.iter().find(|change| change["field"] == "time_zone").unwrap();
    assert_eq!((&zone["from"], &zone["to"]), (&json!("UTC"), &json!("Europe/Zurich")));
    let cursor = history.text("/next_cursor");
    let older = olga.get(&format!("/organization/history?cursor={cursor}")).send().await;
    older.expect_status(200).text("/items/0/type");

    let to: u32 = etag.trim_matches('"').parse().unwrap();
    let body = json!({"to_version": to});
    let back = olga.post("/organization/revert").json(&body).send().await.expect_status(200);
    assert_eq!((back.text("/currency"), back.text("/time_zone")), ("EUR".into(), "UTC".into()));
    let body = json!({"to_version": 999});
    let none = olga.post("/organization/revert").json(&body).send().await;
    none.expect_problem(422, "no_such_version");
}

#[tokio::test]
async fn settings_that_do_not_fit_are_named_and_nothing_is_changed() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let wrong = json!({"name": "Apex", "time_zone": "Mars/Olympus", "modules": ["weather"]});
    let refused = change(&olga, wrong).await.expect_problem(422, "invalid");
    let at = |at: usize| refused.text(&format!("/errors/{at}/pointer"));
    assert_eq!([at(0), at(1)], ["/time_zone", "/modules"]);
    let seen = olga.get("/organization").send().await.expect_status(200);
    assert_eq!(seen.text("/name"), "Acme");
    change(&olga, json!({"colour": "red"})).await.expect_problem(422, "invalid");
}

#[tokio::test]
async fn the_routes_of_a_disabled_module_are_not_there() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let opened = change(&olga, json!({"self_registration": true})).await.expect_status(200);
    let key = opened.text("/registration_key");
    let address = format!("/public/{key}");
    let page = app.stranger().get(&address).send().await.expect_status(200);
    assert_eq!(page.text("/name"), "Acme");

    let others: Vec<_> = opened.at("/all_modules").as_array().unwrap().clone();
    let others: Vec<_> = others.into_iter().filter(|name| name != "portal").collect();
    change(&olga, json!({"modules": others})).await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    app.stranger().get(&address).send().await.expect_problem(404, "module_disabled");
    let replace = || olga.post("/organization/registration_key").json(&json!({})).send();
    replace().await.expect_problem(404, "module_disabled");
    let meta = olga.get("/meta").send().await.expect_status(200);
    assert!(!meta.at("/modules").as_array().unwrap().contains(&json!("portal")));

    change(&olga, json!({"modules": opened.at("/all_modules")})).await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let replaced = replace().await.expect_status(200).text("/registration_key");
    assert_ne!(replaced, key);
    app.stranger().get(&address).send().await.expect_problem(404, "not_found");
    app.stranger().get(&format!("/public/{replaced}")).send().await.expect_status(200);
    change(&olga, json!({"self_registration": false})).await.expect_status(200);
    let shut = app.stranger().get(&format!("/public/{replaced}")).send().await;
    shut.expect_problem(404, "not_found");
    app.stranger().get("/public/nonsense").send().await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn under_maintenance_only_owners_enter() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mia = app.member(&olga, "Mia Manager", ReachLevel::All).await;
    let eve = app.owner("Other").await;
    change(&olga, json!({"maintenance": true})).await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let refused = mia.get("/meta").send().await.expect_problem(503, "organization_maintenance");
    assert_eq!(refused.header("retry-after"), "60");
    let me = mia.get("/users/me").send().await.expect_status(200);
    assert_eq!(me.text("/barred"), "organization_maintenance");
    olga.get("/meta").send().await.expect_status(200);
    eve.get("/meta").send().await.expect_status(200);
    change(&olga, json!({"maintenance": false})).await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    mia.get("/meta").send().await.expect_status(200);
}

#[tokio::test]
async fn a_closed_organization_lets_nobody_in_until_it_is_opened_again() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mia = app.member(&olga, "Mia Manager", ReachLevel::All).await;
    let close = |client: &Client, name: &str| {
        client.post("/organization/close").json(&json!({"name": name})).send()
    };
    close(&mia, "Acme").await.expect_status(403);
    close(&olga, "Akme").await.expect_problem(422, "invalid");
    close(&olga, "Acme").await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    for member in [&olga, &mia] {
        member.get("/meta").send().await.expect_problem(403, "organization_closed");
        let body = json!({"email": member.email, "password": PASSWORD});
        let refused = app.stranger().post("/auth/login").json(&body).send().await;
        refused.expect_problem(403, "organization_closed");
    }
    let ivo = app.owner("Instance").await;
    app.make_administrator(&ivo).await;
    let path = format!("/instance/organizations/{}/reopen", olga.organization);
    ivo.post(&path).json(&json!({})).send().await.expect_status(200);
    app.log_in(&olga.email, PASSWORD).await.get("/meta").send().await.expect_status(200);
    let nowhere = format!("/instance/organizations/{}/reopen", uuid::Uuid::now_v7());
    ivo.post(&nowhere).json(&json!({})).send().await.expect_problem(404, "not_found");
}
