//! `/audit`

use domain::reach::ReachLevel;
use hindsight_tests::TestApp;
use serde_json::json;

#[tokio::test]
async fn the_trail_holds_everything_that_happened_and_values_stay_out_of_it() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ana = olga.create("contacts", json!({"full_name": "Ana Geheim"})).await;
    let path = format!("/contacts/{}", ana.id("/id"));
    let gone = olga.delete(&path).send().await.expect_status(200);
    let trail = olga
        .get(&format!("/audit?record_id={}&limit=1", ana.id("/id")))
        .header("hindsight-min-position", &gone.position().to_string())
        .send()
        .await
        .expect_status(200);
    assert_eq!(trail.text("/items/0/type"), "contact.deleted");
    assert_eq!(trail.at("/items/0/actor_id"), &json!(olga.member));
    assert!(!trail.body.contains("Geheim"));
    let next =
        format!("/audit?record_id={}&limit=1&cursor={}", ana.id("/id"), trail.text("/next_cursor"));
    let older = olga.get(&next).send().await.expect_status(200);
    assert_eq!(older.text("/items/0/type"), "contact.created");
    assert!(older.at("/next_cursor").is_null());
    let all = olga.get("/audit").send().await.expect_status(200);
    assert!(all.at("/items").as_array().unwrap().len() > 5, "the founding is part of it");
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
