//! `/picklists` and `/tags`

use domain::reach::ReachLevel;
use hindsight_tests::TestApp;
use serde_json::{Value, json};

fn labels(list: &Value) -> Vec<&str> {
    list["values"].as_array().unwrap().iter().map(|v| v["label"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_new_organization_has_the_built_in_values() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let lists = olga.get("/picklists").send().await.expect_status(200);
    let items = lists.at("/items").as_array().unwrap();
    let names: Vec<&str> = items.iter().map(|list| list["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["status", "tag", "service", "traffic_source", "industry"]);
    assert_eq!(labels(&items[0]), ["Lead", "Prospect", "Contact", "Customer"]);
    olga.get("/picklists/nonsense").send().await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_tag_is_made_by_typing_titled_counted_renamed_and_archived() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let add = |label: &str| max.post("/tags").json(&json!({"label": label})).send();
    let made = add("vip client").await.expect_status(201);
    assert_eq!(made.text("/label"), "Vip Client");
    let id = made.id("/id");
    assert_eq!(add("VIP CLIENT").await.expect_status(201).id("/id"), id, "it is there already");

    let ana = olga.create("contacts", json!({"full_name": "Ana", "tags": [id]})).await;
    assert_eq!(ana.text("/tags/0/label"), "Vip Client");
    let filter = json!({"filter": {"field": "tags", "op": "in", "value": [id]}});
    assert_eq!(olga.search("contacts", filter, ana.position()).await.labels(), ["Ana"]);
    let position = ana.position().to_string();
    let tags = olga.get("/tags").header("hindsight-min-position", &position).send().await;
    let tags = tags.expect_status(200);
    assert_eq!(tags.at("/values/0/records"), &json!({"contacts": 1, "companies": 0}));

    let path = format!("/tags/{id}");
    max.patch(&path).json(&json!({"label": "x"})).send().await.expect_problem(403, "not_permitted");
    let renamed = olga.patch(&path).json(&json!({"label": "key account"})).send().await;
    let renamed = renamed.expect_status(200);
    assert_eq!(renamed.text("/label"), "Key Account");
    let shown = olga.search("contacts", json!({}), renamed.position()).await;
    assert_eq!(shown.text("/items/0/tags/0/label"), "Key Account");

    let archived = olga.post(&format!("{path}/archive")).send().await.expect_status(200);
    assert_eq!(archived.at("/archived"), true);
    let body = json!({"full_name": "Bea", "tags": [id]});
    olga.post("/contacts").json(&body).send().await.expect_problem(422, "invalid");
    let kept = olga.get(&format!("/contacts/{}", ana.id("/id"))).send().await.expect_status(200);
    assert_eq!(kept.text("/tags/0/label"), "Key Account", "who has it keeps it");
    let back = olga.post(&format!("{path}/unarchive")).send().await.expect_status(200);
    assert_eq!(back.at("/archived"), false);
}

#[tokio::test]
async fn values_of_other_lists_are_for_administrators() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let body = json!({"label": "Audits"});
    let path = "/picklists/service/values";
    max.post(path).json(&body).send().await.expect_problem(403, "not_permitted");
    let made = olga.post(path).json(&body).send().await.expect_status(201);
    olga.post(path).json(&body).send().await.expect_problem(422, "duplicate_value");
    let path = format!("{path}/{}", made.id("/id"));
    let stale = olga.patch(&path).header("if-match", "\"1\"").json(&json!({"label": "X"})).send();
    stale.await.expect_problem(409, "version_conflict");
    let list = olga.get("/picklists/service").send().await.expect_status(200);
    assert_eq!(made.header("etag"), list.header("etag"));
    assert!(labels(&list.json).contains(&"Audits"));
    // A value of one list is none of another.
    let elsewhere = format!("/picklists/industry/values/{}", made.id("/id"));
    let refused = olga.patch(&elsewhere).json(&json!({"label": "X"})).send().await;
    refused.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_label_must_be_readable() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    for label in ["", "   ", "a\u{0}b", "\u{202e}evil", &"x".repeat(101)] {
        let refused = olga.post("/tags").json(&json!({"label": label})).send().await;
        let refused = refused.expect_problem(422, "invalid");
        assert_eq!(refused.text("/errors/0/pointer"), "/label");
    }
}
