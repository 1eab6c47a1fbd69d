//! Several servers on one database

use chrono::TimeDelta;
use hindsight_tests::{Feed, Process, TestApp};
use serde_json::json;
use store::testing::TestDatabase;

use crate::process::{BINARY, owner};

#[tokio::test]
async fn what_one_server_acknowledges_the_other_shows() {
    let a = TestApp::start().await;
    let b = a.beside().await;
    let olga = a.owner("Acme").await;
    let there = olga.at(&b.base);
    let mut feed = Feed::open(&there, None).await;
    assert_eq!(feed.next().await.expect("goes on").0, "ready");

    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let shown = there.search("contacts", json!({}), ana.position()).await;
    assert_eq!(shown.labels(), ["Ana"]);
    assert_eq!(feed.change().await, ("created".into(), ana.text("/id")));
    b.stop().await;
    a.stop().await;
}

#[tokio::test]
async fn a_log_out_at_one_server_is_one_at_the_other_within_five_seconds() {
    let a = TestApp::start().await;
    let b = a.beside().await;
    let olga = a.owner("Acme").await;
    let there = olga.at(&b.base);
    there.get("/users/me").send().await.expect_status(200);
    olga.post("/auth/logout").send().await.expect_status(204);
    a.pass(TimeDelta::seconds(5));
    assert_eq!(there.get("/users/me").send().await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_one_server_is_killed_the_other_goes_on_projecting() {
    let database = TestDatabase::create().await;
    let mut a = Process::start(BINARY, &database);
    let b = Process::start(BINARY, &database);
    let olga = owner(&a).await;
    let there = olga.at(&b.base);
    let mut feed = Feed::open(&there, None).await;
    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    assert_eq!(feed.change().await.1, ana.text("/id"));
    a.kill();
    a.wait();
    for name in ["Bea", "Cleo"] {
        let made = there.create("contacts", json!({"full_name": name})).await;
        assert_eq!(feed.change().await.1, made.text("/id"), "the feed tells what is visible");
    }
    let shown = there.search("contacts", json!({"sort": "name"}), 0).await;
    assert_eq!(shown.labels(), ["Ana", "Bea", "Cleo"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_tells_operators_how_it_is_and_answers_nothing_else() {
    let database = TestDatabase::create().await;
    let mut worker = Process::start_with(BINARY, &database, &["--role", "worker"]);
    let stranger = worker.stranger();
    stranger.get("//healthz").send().await.expect_status(200);
    let ready = stranger.get("//readyz").send().await;
    // Either is true of a worker that has just been started.
    assert!(ready.status == 200 || ready.json["code"] == "building", "{}", ready.body);
    stranger.get("//metrics").send().await.expect_status(200);
    for path in ["//", "//docs", "/users/me", "/meta"] {
        stranger.get(path).send().await.expect_problem(404, "no_such_route");
    }
    worker.terminate();
    assert!(worker.wait().success(), "{}", worker.logged());
}
