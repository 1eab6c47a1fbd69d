//! `/audit`

use domain::ids::RoleId;
use domain::reach::ReachLevel;
use hindsight_tests::{Answer, Client, TestApp};
use serde_json::{Value, json};

/// A page of the trail that shows what happened up to `position`.
async fn trail(by: &Client, query: &str, position: u64) -> Answer {
    let call = by.get(&format!("/audit?{query}"));
    let call = call.header("hindsight-min-position", &position.to_string());
    call.send().await.expect_status(200)
}

/// A member who reads the trail, and of records what their role says besides.
async fn auditor(
    app: &TestApp,
    owner: &Client,
    role: &str,
    mut permissions: Value,
    fields: Value,
) -> Client {
    permissions["audit:read"] = json!("all");
    let name = format!("{role} auditor");
    let role = json!({"name": role, "permissions": permissions, "fields": fields});
    let role = owner.post("/roles").json(&role).send().await.expect_status(201);
    app.member_as(owner, &name, [RoleId(role.id("/id"))]).await
}

fn change<'a>(answer: &'a Answer, item: usize, field: &str) -> &'a Value {
    let changes = answer.at(&format!("/items/{item}/history/changes")).as_array().unwrap();
    changes.iter().find(|change| change["field"] == field).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn the_trail_holds_everything_that_happened_and_what_it_is_called_now() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ana = olga.create("contacts", json!({"first_name": "Ana", "last_name": "Geheim"})).await;
    let path = format!("/contacts/{}", ana.id("/id"));
    let renamed = json!({"last_name": "Lima", "assigned_to": olga.member});
    olga.patch(&path).json(&renamed).send().await.expect_status(200);
    let gone = olga.delete(&path).send().await.expect_status(200);
    let record = format!("record_id={}", ana.id("/id"));
    let newest = trail(&olga, &format!("{record}&limit=1"), gone.position()).await;
    assert_eq!(newest.text("/items/0/type"), "contact.deleted");
    assert_eq!(newest.at("/items/0/actor_id"), &json!(olga.member));
    assert_eq!(newest.text("/items/0/actor_name"), "Olga Owner");
    assert_eq!(newest.text("/items/0/label"), "Ana Lima");
    assert_eq!(newest.at("/items/0/deleted"), &json!(true));
    let next = format!("{record}&cursor={}", newest.text("/next_cursor"));
    let older = trail(&olga, &next, 0).await;
    let types: Vec<_> = (0..3).map(|n| older.text(&format!("/items/{n}/type"))).collect();
    assert_eq!(types, ["contact.assigned", "contact.details_changed", "contact.created"]);
    assert!(older.at("/next_cursor").is_null());
    let history = olga.get(&format!("{path}/history")).send().await.expect_status(200);
    for item in 0..3 {
        let told = older.at(&format!("/items/{item}/history"));
        assert_eq!(told, history.at(&format!("/items/{}", item + 1)), "as in its history");
    }
    assert_eq!(change(&older, 0, "assigned_to")["to"]["label"], "Olga Owner");
    let all = olga.get("/audit").send().await.expect_status(200);
    assert!(all.at("/items").as_array().unwrap().len() > 5, "the founding is part of it");
}

#[tokio::test]
async fn roles_teams_lists_and_members_are_told_by_name_with_what_changed() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let grants = json!({"contacts:read": "team", "contacts:create": "all"});
    let role = json!({"name": "Scout", "permissions": grants, "fields": {}});
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let team = olga.post("/teams").json(&json!({"name": "North"})).send().await.expect_status(201);
    let members = format!("/teams/{}/members", team.id("/id"));
    let filled = olga.put(&members).json(&json!({"members": [max.member]})).send().await;
    let path = format!("/roles/{}", role.id("/id"));
    olga.delete(&path).send().await.expect_status(200);
    let tag = olga.post("/tags").json(&json!({"label": "vip"})).send().await.expect_status(201);
    let position = tag.position().max(filled.expect_status(200).position());

    let roles = trail(&olga, "type=role.created&limit=1", position).await;
    assert_eq!(roles.text("/items/0/label"), "Scout");
    assert_eq!(roles.at("/items/0/part_id"), &json!(role.id("/id")));
    assert_eq!(roles.at("/items/0/deleted"), &json!(true));
    let granted = change(&roles, 0, "contacts:read");
    assert_eq!((&granted["label"], &granted["to"]), (&json!("Contacts: See"), &json!("team")));
    let teams = trail(&olga, "record_type=team", position).await;
    assert_eq!(teams.text("/items/0/label"), "North");
    assert_eq!(change(&teams, 0, "members")["to"][0]["label"], "Max");
    assert_eq!(change(&teams, 1, "name")["to"], "North");
    let lists = trail(&olga, "type=picklist.value_added&limit=1", position).await;
    assert_eq!(lists.text("/items/0/label"), "Tags: Vip");
    let joined = trail(&olga, &format!("record_id={}", max.member), position).await;
    assert_eq!(joined.text("/items/0/label"), "Max");
    assert_eq!(change(&joined, 0, "roles")["to"][0]["label"], "Manager");
}

#[tokio::test]
async fn what_is_out_of_reach_or_hidden_is_told_without_names_and_values() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let secret = json!({"full_name": "Ana Geheim", "email": "secret@example.org"});
    let ana = olga.create("contacts", secret).await;
    let path = format!("/contacts/{}", ana.id("/id"));
    let change = json!({"email": "secret2@example.org"});
    olga.patch(&path).json(&change).send().await.expect_status(200);
    let both = json!({"email": "secret3@example.org", "city": "Faro"});
    let changed = olga.patch(&path).json(&both).send().await.expect_status(200);
    let record = format!("record_id={}", ana.id("/id"));

    let none = auditor(&app, &olga, "Trail", json!({}), json!({})).await;
    let seen = trail(&none, &record, changed.position()).await;
    assert_eq!(seen.at("/items").as_array().unwrap().len(), 3, "that it happened is told");
    for item in 0..3 {
        assert!(seen.at(&format!("/items/{item}/label")).is_null());
        assert!(seen.at(&format!("/items/{item}/history")).is_null());
    }
    let everything = trail(&none, "limit=200", changed.position()).await;
    assert!(!everything.body.contains("Geheim") && !everything.body.contains("secret"));
    let roles = trail(&none, "record_type=role", changed.position()).await;
    assert!(!roles.body.contains("Trail"), "roles are not theirs to see");

    let hidden = json!({"contact": {"email": "hidden"}});
    let reads = json!({"contacts:read": "all"});
    let some = auditor(&app, &olga, "Half", reads, hidden).await;
    let seen = trail(&some, &record, changed.position()).await;
    assert_eq!(seen.text("/items/0/history/summary"), "City changed");
    assert!(seen.at("/items/1/history").is_null(), "it was about the hidden field alone");
    assert_eq!(seen.text("/items/2/label"), "Ana Geheim");
    assert!(!seen.body.contains("secret") && !seen.body.contains("\"email\""), "{}", seen.body);

    let own = auditor(&app, &olga, "Own", json!({"contacts:read": "own"}), json!({})).await;
    let seen = trail(&own, &record, changed.position()).await;
    assert!(!seen.body.contains("Geheim") && seen.at("/items/0/history").is_null());
    let mine = olga.patch(&path).json(&json!({"assigned_to": own.member})).send().await;
    let seen = trail(&own, &record, mine.expect_status(200).position()).await;
    assert_eq!(seen.text("/items/3/label"), "Ana Geheim", "present rights count");
}

#[tokio::test]
async fn a_span_of_time_and_a_kind_narrow_it_down_and_undos_name_their_cause() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    app.pass(chrono::TimeDelta::minutes(1));
    let at = |app: &TestApp| {
        use commands::Clock as _;
        app.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
    };
    let start = at(&app);
    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    app.pass(chrono::TimeDelta::minutes(1));
    let end = at(&app);
    olga.create("contacts", json!({"full_name": "Ben"})).await;
    let acme = olga.create("companies", json!({"name": "Acme"})).await;
    let action = acme.header("hindsight-action").to_owned();
    let undo = olga.post(&format!("/actions/{action}/undo")).send().await.expect_status(200);

    let within = trail(&olga, &format!("from={start}&to={end}"), undo.position()).await;
    assert_eq!(within.at("/items").as_array().unwrap().len(), 1);
    assert_eq!(within.at("/items/0/record_id"), &json!(ana.id("/id")));
    let later = trail(&olga, &format!("from={end}&record_type=contact"), 0).await;
    assert_eq!(later.text("/items/0/label"), "Ben");
    assert_eq!(later.at("/items").as_array().unwrap().len(), 1);
    let companies = trail(&olga, "record_type=company", 0).await;
    assert_eq!(companies.at("/items").as_array().unwrap().len(), 2);
    assert_eq!(companies.text("/items/0/caused_by"), action);
    assert_eq!(companies.text("/items/0/action_kind"), "undo");
    let never = trail(&olga, "from=2999-01-01T00:00:00Z", 0).await;
    assert_eq!(never.at("/items"), &json!([]));
}

#[tokio::test]
async fn the_trail_is_for_administrators_of_their_own_organization() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    max.get("/audit").send().await.expect_problem(403, "not_permitted");
    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let eve = app.owner("Evil").await;
    let trail = eve.get(&format!("/audit?record_id={}", ana.id("/id"))).send().await;
    assert!(trail.expect_status(200).at("/items").as_array().unwrap().is_empty());
}
