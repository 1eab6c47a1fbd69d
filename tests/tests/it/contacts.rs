//! `/contacts`, and with it the routes of every record type

use hindsight_tests::TestApp;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_contact_is_made_found_changed_and_has_a_history() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;

    let made = olga
        .create(
            "contacts",
            json!({"first_name": "Ana", "last_name": "Meier", "email": "ANA@Example.com"}),
        )
        .await;
    let id = made.id("/id");
    assert_eq!(made.header("location"), format!("/api/v1/contacts/{id}"));
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(made.text("/label"), "Ana Meier");
    assert_eq!(made.text("/email"), "ANA@example.com");
    assert_eq!(made.text("/status/label"), "Lead");
    assert_eq!(made.text("/created_by/label"), "Olga Owner");

    let found = olga.search("contacts", json!({"q": "meier"}), made.position()).await;
    assert_eq!(found.labels(), ["Ana Meier"]);

    let changed = olga
        .patch(&format!("/contacts/{id}"))
        .header("if-match", "\"1\"")
        .header("hindsight-reason", "Asked%20by%20phone")
        .json(&json!({"last_name": "Huber", "email": null}))
        .send()
        .await
        .expect_status(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.text("/label"), "Ana Huber");
    assert!(changed.at("/email").is_null());

    let history = olga.get(&format!("/contacts/{id}/history")).send().await.expect_status(200);
    assert_eq!(history.at("/items").as_array().unwrap().len(), 2);
    assert_eq!(history.text("/items/0/type"), "contact.details_changed");
    assert_eq!(history.text("/items/0/reason"), "Asked by phone");
    assert_eq!(history.text("/items/0/actor/name"), "Olga Owner");
    assert_eq!(history.text("/items/0/changes/0/from"), "Meier");
    assert_eq!(history.text("/items/0/changes/0/to"), "Huber");
    assert_eq!(history.text("/items/1/type"), "contact.created");
}

#[tokio::test]
async fn every_record_type_lives_the_same_life() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    for (plural, fields) in
        [("contacts", json!({"full_name": "Ana Meier"})), ("companies", json!({"name": "Umbra"}))]
    {
        let made = olga.create(plural, fields).await;
        let path = format!("/{plural}/{}", made.id("/id"));
        let label = made.text("/label");
        assert_eq!(made.at("/allowed"), &json!({"edit": true, "delete": true, "restore": false}));

        let deleted = olga.delete(&path).send().await.expect_status(200);
        assert_eq!(deleted.at("/deleted"), true);
        assert_eq!(
            deleted.at("/allowed"),
            &json!({"edit": false, "delete": false, "restore": true})
        );
        let position = deleted.position();
        assert!(olga.search(plural, json!({}), position).await.labels().is_empty());
        let bin = olga.search(plural, json!({"deleted": "only"}), position).await;
        assert_eq!(bin.labels(), [label.as_str()]);
        olga.patch(&path).json(&json!({"city": "X"})).send().await.expect_problem(422, "deleted");

        let again = olga.delete(&path).send().await.expect_status(200);
        assert_eq!(again.header("etag"), deleted.header("etag"), "deleting twice adds nothing");

        let restored = olga.post(&format!("{path}/restore")).send().await.expect_status(200);
        assert_eq!(restored.at("/deleted"), false);
        let shown = olga.search(plural, json!({}), restored.position()).await;
        assert_eq!(shown.labels(), [label.as_str()]);
    }
}

#[tokio::test]
async fn an_earlier_version_is_shown_and_brought_back() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = olga.create("contacts", json!({"full_name": "Ana", "city": "Bern"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    let change = |body| olga.patch(&path).json(&body).send();
    change(json!({"full_name": "Anna", "city": "Basel"})).await.expect_status(200);
    change(json!({"country": "Switzerland"})).await.expect_status(200);

    let first = olga.get(&format!("{path}?version=1")).send().await.expect_status(200);
    assert_eq!((first.text("/full_name"), first.text("/city")), ("Ana".into(), "Bern".into()));
    assert_eq!(first.header("etag"), "\"1\"");
    assert!(first.json.get("allowed").is_none(), "the past cannot be changed");
    olga.get(&format!("{path}?version=9")).send().await.expect_problem(404, "not_found");

    let reverted = olga
        .post(&format!("{path}/revert"))
        .json(&json!({"to_version": 1, "fields": ["city"]}))
        .send()
        .await
        .expect_status(200);
    assert_eq!(reverted.text("/city"), "Bern");
    assert_eq!(reverted.text("/full_name"), "Anna", "only the field that was asked for");
    assert_eq!(reverted.text("/country"), "Switzerland");
    assert_eq!(reverted.header("etag"), "\"4\"");
    let history = olga.get(&format!("{path}/history")).send().await.expect_status(200);
    assert_eq!(history.text("/items/0/action/kind"), "revert");
}

#[tokio::test]
async fn every_value_tells_where_it_comes_from() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = olga.create("contacts", json!({"full_name": "Ana", "city": "Bern"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    olga.patch(&path).json(&json!({"city": "Basel"})).send().await.expect_status(200);
    let origins = olga.get(&format!("{path}/provenance")).send().await.expect_status(200);
    assert_eq!(origins.at("/fields/full_name/version"), 1);
    assert_eq!(origins.at("/fields/city/version"), 2);
    assert_eq!(origins.text("/fields/city/actor/name"), "Olga Owner");
}

#[tokio::test]
async fn a_status_change_keeps_its_note_and_names_both_values() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let lists = olga.get("/picklists/status").send().await.expect_status(200);
    let customer = lists
        .at("/values")
        .as_array()
        .unwrap()
        .iter()
        .find(|value| value["key"] == "customer")
        .unwrap()["id"]
        .clone();
    let made = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    let body = json!({"status": customer, "note": "Signed today."});
    olga.patch(&path).json(&body).send().await.expect_status(200);
    let history = olga.get(&format!("{path}/history")).send().await.expect_status(200);
    assert_eq!(history.text("/items/0/type"), "contact.status_changed");
    assert_eq!(history.text("/items/0/note"), "Signed today.");
    assert_eq!(history.text("/items/0/changes/0/from/label"), "Lead");
    assert_eq!(history.text("/items/0/changes/0/to/label"), "Customer");
}

#[tokio::test]
async fn a_stale_version_is_told_what_was_changed_meanwhile() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    let change =
        |body, version: &str| olga.patch(&path).header("if-match", version).json(&body).send();
    change(json!({"city": "Bern"}), "\"1\"").await.expect_status(200);
    let refused = change(json!({"city": "Basel"}), "\"1\"").await;
    let refused = refused.expect_problem(409, "version_conflict");
    assert_eq!(refused.at("/changed/version"), 2);
    assert_eq!(refused.text("/changed/fields/0/label"), "City");
    assert_eq!(refused.text("/changed/fields/0/to"), "Bern");
    // Without saying which version one saw, the last one wins.
    let change = olga.patch(&path).json(&json!({"city": "Basel"})).send().await;
    assert_eq!(change.expect_status(200).text("/city"), "Basel");
}

#[tokio::test]
async fn a_change_that_changes_nothing_adds_nothing() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = olga.create("contacts", json!({"full_name": "Ana", "city": "Bern"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    let same = olga.patch(&path).json(&json!({"city": " Bern "})).send().await.expect_status(200);
    assert_eq!(same.header("etag"), "\"1\"");
}

#[tokio::test]
async fn a_long_history_is_read_page_by_page() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    for number in 0..6 {
        let body = json!({"city": format!("City {number}")});
        olga.patch(&path).json(&body).send().await.expect_status(200);
    }
    let mut versions = Vec::new();
    let mut next = format!("{path}/history?limit=3");
    loop {
        let page = olga.get(&next).send().await.expect_status(200);
        let items = page.at("/items").as_array().unwrap().clone();
        versions.extend(items.iter().map(|item| item["version"].as_u64().unwrap()));
        match page.at("/next_cursor").as_str() {
            Some(cursor) => next = format!("{path}/history?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(versions, [7, 6, 5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn a_link_shows_the_name_of_what_it_links_to() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let umbra = olga.create("companies", json!({"name": "Umbra Ltd"})).await.id("/id");
    let made = olga.create("contacts", json!({"full_name": "Ana", "company": umbra})).await;
    assert_eq!(made.text("/company/label"), "Umbra Ltd");
    let found = olga.search("contacts", json!({}), made.position()).await;
    assert_eq!(found.text("/items/0/company/label"), "Umbra Ltd");
    let body = json!({"full_name": "Ana", "company": Uuid::now_v7()});
    let refused = olga.post("/contacts").json(&body).send().await.expect_problem(422, "invalid");
    assert_eq!(refused.text("/errors/0/pointer"), "/company");
}
