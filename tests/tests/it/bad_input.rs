//! Whatever comes in, a clear problem goes out

use hindsight_tests::TestApp;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn what_is_no_json_or_of_another_form_is_told_apart() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let deep = format!("{{\"custom\": {}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let table: [(&str, u16, &str); 12] = [
        ("", 400, "malformed_json"),
        ("{", 400, "malformed_json"),
        ("{\"full_name\": \"Ana\"} trailing", 400, "malformed_json"),
        ("{\"full_name\": NaN}", 400, "malformed_json"),
        ("{\"full_name\": \"\\ud800\"}", 400, "malformed_json"),
        (&deep, 400, "malformed_json"),
        ("[]", 422, "invalid"),
        ("null", 422, "invalid"),
        ("\"Ana\"", 422, "invalid"),
        ("{\"nonsense\": 1}", 422, "invalid"),
        ("{\"full_name\": 5}", 422, "invalid"),
        ("{\"full_name\": {\"$ne\": 1}}", 422, "invalid"),
    ];
    for (body, status, code) in table {
        let refused = olga.post("/contacts").raw(body.to_owned()).send().await;
        let shown: String = body.chars().take(40).collect();
        assert_eq!(
            (refused.status, refused.json["code"].as_str()),
            (status, Some(code)),
            "{shown}"
        );
        refused.expect_problem(status, code);
    }
    let bytes = olga.post("/contacts").raw(vec![0xff, 0xfe, 0x00]).send().await;
    bytes.expect_problem(400, "malformed_json");
}

#[tokio::test]
async fn values_that_do_not_fit_are_named_all_at_once() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let long = "x".repeat(101);
    let table = [
        ("first_name", json!(long), "too_long"),
        ("last_name", json!("a\u{0}b"), "control_character"),
        ("city", json!("\u{202e}evil"), "control_character"),
        ("email", json!("not an address"), "invalid_email"),
        ("phone", json!("no number"), "invalid_phone"),
        ("website", json!("javascript:alert(1)"), "invalid_url"),
        ("date_of_birth", json!("2026-02-30"), "invalid_date"),
        ("relevant_date", json!("0000-00-00"), "invalid_date"),
        ("last_contacted_at", json!("+999999-01-01T00:00:00Z"), "invalid_time"),
        ("employees_count", json!(-1), "out_of_range"),
        ("annual_revenue", json!({"amount": -1, "currency": "EUR"}), "out_of_range"),
        ("funding", json!({"amount": 1, "currency": "EURO"}), "wrong_type"),
        ("is_active", json!("maybe"), "wrong_type"),
        ("status", json!("48696e64-7369-8000-8000-00000000ffff"), "no_such_choice"),
        ("tags", json!("not a list"), "wrong_type"),
        ("custom", json!({"nested": {"deep": {}}}), "wrong_type"),
    ];
    for (field, value, code) in &table {
        let body = json!({"full_name": "Ana", *field: value});
        let refused = olga.post("/contacts").json(&body).send().await;
        let refused = refused.expect_problem(422, "invalid");
        let error = &refused.json["errors"][0];
        let pointer = error["pointer"].as_str().unwrap();
        assert!(pointer.starts_with(&format!("/{field}")), "{field}: {error}");
        assert_eq!(error["code"], *code, "{field}: {error}");
    }
    let mut body = json!({"full_name": "Ana"});
    for (field, value, _) in table.iter().filter(|(field, ..)| *field != "status") {
        body[*field] = value.clone();
    }
    let refused = olga.post("/contacts").json(&body).send().await.expect_problem(422, "invalid");
    assert_eq!(refused.at("/errors").as_array().unwrap().len(), table.len() - 1);
    let position = olga.create("contacts", json!({"full_name": "Bea"})).await.position();
    let all = olga.search("contacts", json!({}), position).await;
    assert_eq!(all.labels(), ["Bea"], "nothing was written");
}

#[tokio::test]
async fn what_is_too_large_or_of_another_type_is_not_read() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let huge = json!({"full_name": "x".repeat(10 << 20)}).to_string();
    let refused = olga.post("/contacts").raw(huge).send().await;
    refused.expect_problem(413, "too_large");
    let below = json!({"full_name": "x".repeat(900_000)}).to_string();
    olga.post("/contacts").raw(below).send().await.expect_problem(422, "invalid");
    let form = olga
        .call(Method::POST, "/contacts")
        .header("content-type", "application/x-www-form-urlencoded")
        .send()
        .await;
    form.expect_problem(415, "unsupported_media_type");
    let none = olga.post("/contacts").send().await;
    none.expect_problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn strange_addresses_and_headers_are_refused() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let path = format!("/contacts/{}", ana.id("/id"));
    olga.get("/contacts/nonsense").send().await.expect_problem(400, "invalid_id");
    olga.get("/contacts/%00").send().await.expect_problem(400, "invalid_id");
    olga.get("/contacts/%ff").send().await.expect_problem(400, "invalid_id");
    olga.get("/tags/nonsense/archive").send().await.expect_problem(405, "method_not_allowed");
    olga.post("/tags/nonsense/archive").send().await.expect_problem(400, "invalid_id");
    for (name, value) in [
        ("if-match", "7"),
        ("if-match", "*"),
        ("if-match", "\"0\""),
        ("idempotency-key", "with space"),
        ("idempotency-key", &"x".repeat(201)),
        ("hindsight-reason", "%zz"),
        ("hindsight-reason", "%E2%80%AEevil"),
    ] {
        let call = olga.patch(&path).header(name, value).json(&json!({"city": "X"}));
        call.send().await.expect_problem(400, "invalid_header");
    }
    for value in ["x", "-1", "1.5", "9007199254740993"] {
        let call = olga.get("/contacts").header("hindsight-min-position", value);
        call.send().await.expect_problem(400, "invalid_header");
    }
    let unchanged = olga.get(&path).send().await.expect_status(200);
    assert_eq!(unchanged.at("/version"), 1);
}

#[tokio::test]
async fn text_of_all_scripts_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    for name in
        ["Zoë Ærøskøbing", "שרה כהן", "محمد العربي", "山田 太郎", "O'Brien <b>&\"", "👩‍👩‍👧 Family"]
    {
        let made = olga.create("contacts", json!({"full_name": name})).await;
        assert_eq!(made.text("/full_name"), name);
        let found = olga.search("contacts", json!({"q": name}), made.position()).await;
        assert!(found.labels().contains(&name), "{name} is found");
    }
}
