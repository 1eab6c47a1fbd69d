//! `Idempotency-Key`

use hindsight_tests::TestApp;
use serde_json::json;

#[tokio::test]
async fn the_same_key_and_body_give_the_same_answer_and_happen_once() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let create = || {
        olga.post("/contacts").header("idempotency-key", "k-1").json(&json!({"full_name": "Ana"}))
    };
    let first = create().send().await.expect_status(201);
    let path = format!("/contacts/{}", first.id("/id"));
    olga.patch(&path).json(&json!({"city": "Bern"})).send().await.expect_status(200);
    let again = create().send().await.expect_status(201);
    assert_eq!(again.id("/id"), first.id("/id"));
    assert_eq!(again.header("etag"), "\"1\"", "the answer is what it was then");
    assert!(again.at("/city").is_null());
    let all = olga.search("contacts", json!({}), again.position() + 1).await;
    assert_eq!(all.labels(), ["Ana"]);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let create = |name: &str| {
        let body = json!({"full_name": name});
        olga.post("/contacts").header("idempotency-key", "k-1").json(&body).send()
    };
    create("Ana").await.expect_status(201);
    create("Eve").await.expect_problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn a_key_is_the_callers_and_the_routes_own() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", domain::reach::ReachLevel::All).await;
    let body = json!({"full_name": "Ana"});
    let create = |client: &hindsight_tests::Client| {
        client.post("/contacts").header("idempotency-key", "k-1").json(&body)
    };
    let one = create(&olga).send().await.expect_status(201);
    let two = create(&max).send().await.expect_status(201);
    assert_ne!(one.id("/id"), two.id("/id"));
    let company = json!({"name": "Ana"});
    let other = olga.post("/companies").header("idempotency-key", "k-1").json(&company).send();
    other.await.expect_status(201);
}

#[tokio::test]
async fn many_at_once_with_one_key_make_one_record() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let body = json!({"full_name": "Ana"});
    let calls =
        (0..8).map(|_| olga.post("/contacts").header("idempotency-key", "once").json(&body).send());
    let answers = futures::future::join_all(calls).await;
    let ids: std::collections::BTreeSet<_> =
        answers.into_iter().map(|answer| answer.expect_status(201).id("/id")).collect();
    assert_eq!(ids.len(), 1);
}
