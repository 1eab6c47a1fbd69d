//! `/live`

use domain::reach::ReachLevel;
use hindsight_tests::{Feed, TestApp};
use serde_json::json;

#[tokio::test]
async fn changes_are_told_to_who_may_see_them() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let eve = app.owner("Evil").await;
    let mut all = Feed::open(&olga, None).await;
    let mut own = Feed::open(&max, None).await;
    let mut other = Feed::open(&eve, None).await;
    for feed in [&mut all, &mut own, &mut other] {
        assert_eq!(feed.next().await.unwrap().0, "ready");
    }

    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let id = ana.text("/id");
    assert_eq!(all.change().await, ("created".into(), id.clone()));
    let path = format!("/contacts/{id}");
    let assign = |to| olga.patch(&path).json(&json!({"assigned_to": to})).send();
    assign(Some(max.member)).await.expect_status(200);
    assert_eq!(all.change().await, ("changed".into(), id.clone()));
    assert_eq!(own.change().await, ("created".into(), id.clone()), "it comes into sight");
    assign(None).await.expect_status(200);
    assert_eq!(own.change().await, ("gone".into(), id.clone()), "it goes out of sight");
    olga.delete(&path).send().await.expect_status(200);
    assert_eq!(all.change().await.0, "changed");
    assert_eq!(all.change().await, ("deleted".into(), id));

    let theirs = eve.create("contacts", json!({"full_name": "Eve"})).await.text("/id");
    assert_eq!(other.change().await.1, theirs, "nothing of the others came before");
}

#[tokio::test]
async fn who_was_away_is_told_to_look_again() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let before = olga.create("contacts", json!({"full_name": "Ana"})).await.position();
    let after = olga.create("contacts", json!({"full_name": "Bea"})).await.position();
    olga.search("contacts", json!({}), after).await;
    assert_eq!(Feed::open(&olga, Some(before)).await.next().await.unwrap().0, "reset");
    assert_eq!(Feed::open(&olga, Some(after)).await.next().await.unwrap().0, "ready");
    let nonsense = olga.get("/live").header("last-event-id", "x").send().await;
    nonsense.expect_problem(400, "invalid_header");
}

#[tokio::test]
async fn a_log_out_ends_the_feed() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mut feed = Feed::open(&olga, None).await;
    assert_eq!(feed.next().await.unwrap().0, "ready");
    olga.post("/auth/logout").send().await.expect_status(204);
    while feed.next().await.is_some() {}
}

#[tokio::test]
async fn a_stop_of_the_server_ends_the_feeds() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mut feed = Feed::open(&olga, None).await;
    assert_eq!(feed.next().await.unwrap().0, "ready");
    app.stop().await;
    while feed.next().await.is_some() {}
}
