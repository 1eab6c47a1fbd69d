//! `/contacts`

use hindsight_tests::TestApp;
use serde_json::json;

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
