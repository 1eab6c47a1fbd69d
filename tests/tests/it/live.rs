//! `/live`

use chrono::TimeDelta;
use domain::ids::RoleId;
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
async fn whoever_begins_with_the_description_misses_nothing_until_they_listen() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await.position();
    olga.search("contacts", json!({}), ana).await;
    let described = olga.get("/meta").send().await.expect_status(200).position();
    assert_eq!(described, ana);
    assert_eq!(Feed::open(&olga, Some(described)).await.next().await.unwrap().0, "ready");
    let bea = olga.create("contacts", json!({"full_name": "Bea"})).await.position();
    olga.search("contacts", json!({}), bea).await;
    assert_eq!(Feed::open(&olga, Some(described)).await.next().await.unwrap().0, "reset");
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

/// The next event is of this name.
async fn expect(feed: &mut Feed, name: &str) {
    assert_eq!(feed.next().await.expect("goes on").0, name);
}

#[tokio::test]
async fn under_a_changed_role_nothing_is_told_of_what_one_may_no_longer_see() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let body = json!({"name": "Desk", "permissions": {"contacts:read": "all"}});
    let role = olga.post("/roles").json(&body).send().await.expect_status(201).id("/id");
    let eve = app.member_as(&olga, "Eve", [RoleId(role)]).await;
    let theirs = olga.create("contacts", json!({"full_name": "Ana"})).await;
    olga.search("contacts", json!({}), theirs.position()).await;
    let mut feed = Feed::open(&eve, None).await;
    expect(&mut feed, "ready").await;

    let narrow = json!({"permissions": {"contacts:read": "own"}});
    let path = format!("/roles/{role}/permissions");
    olga.put(&path).json(&narrow).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let path = format!("/contacts/{}", theirs.id("/id"));
    let change = olga.patch(&path).json(&json!({"city": "Rome"})).send().await.expect_status(200);
    olga.search("contacts", json!({}), change.position()).await;
    // What was in sight is not any more: look again.
    loop {
        match feed.next().await.expect("goes on") {
            (name, _) if name == "reset" => break,
            (_, told) => assert_ne!(told["id"], json!(theirs.id("/id")), "{told}"),
        }
    }
    let own = olga.create("contacts", json!({"full_name": "Bo", "assigned_to": eve.member})).await;
    assert_eq!(feed.change().await, ("created".into(), own.text("/id")), "nothing came before");

    let none = json!({"roles": []});
    let path = format!("/members/{}/roles", eve.member);
    olga.put(&path).json(&none).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let path = format!("/contacts/{}", own.id("/id"));
    olga.delete(&path).send().await.expect_status(200);
    loop {
        match feed.next().await.expect("goes on") {
            (name, _) if name == "reset" => break,
            (_, told) => assert_ne!(told["id"], json!(own.id("/id")), "{told}"),
        }
    }
}

#[tokio::test]
async fn the_feed_of_a_program_goes_on_until_its_key_is_revoked() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ends = app.app.now() + TimeDelta::days(30);
    let body = json!({"name": "Sync", "scopes": ["contacts:read"], "expires_at": ends});
    let made = olga.post("/api_keys").json(&body).send().await.expect_status(201);
    let program = olga.with_token(&made.text("/key"));
    let mut feed = Feed::open(&program, None).await;
    expect(&mut feed, "ready").await;
    for name in ["Ana", "Bea"] {
        let made = olga.create("contacts", json!({"full_name": name})).await;
        assert_eq!(feed.change().await, ("created".into(), made.text("/id")));
        app.pass(TimeDelta::seconds(5));
    }
    let path = format!("/api_keys/{}", made.id("/id"));
    olga.delete(&path).send().await.expect_status(204);
    app.pass(TimeDelta::seconds(5));
    let hidden = olga.create("contacts", json!({"full_name": "Cid"})).await;
    while let Some((_, told)) = feed.next().await {
        assert_ne!(told["id"], json!(hidden.id("/id")));
    }
}

#[tokio::test]
async fn who_may_not_enter_any_more_is_told_nothing_more() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let mut feed = Feed::open(&max, None).await;
    expect(&mut feed, "ready").await;
    let on = json!({"maintenance": true});
    olga.patch("/organization").json(&on).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let hidden = olga.create("contacts", json!({"full_name": "Ana"})).await;
    while let Some((_, told)) = feed.next().await {
        assert_ne!(told["id"], json!(hidden.id("/id")));
    }
}
