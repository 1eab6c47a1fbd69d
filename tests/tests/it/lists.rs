//! Lists: `GET /contacts`, `POST /contacts/search`, `GET /contacts/total`

use hindsight_tests::{Client, TestApp};
use serde_json::{Value, json};

async fn people(olga: &Client, names: &[&str]) -> u64 {
    let mut position = 0;
    for name in names {
        let (first, last) = name.split_once(' ').unwrap();
        let fields = json!({"first_name": first, "last_name": last});
        position = olga.create("contacts", fields).await.position();
    }
    position
}

#[tokio::test]
async fn a_list_is_read_page_by_page_in_its_order() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let position = people(&olga, &["Ana D", "Bea C", "Cid B", "Dan A", "Eva A"]).await;
    let mut search = json!({"sort": "last_name,-first_name", "limit": 2});
    let mut labels = Vec::new();
    let mut totals = Vec::new();
    loop {
        let page = olga.search("contacts", search.clone(), position).await;
        labels.extend(page.labels().into_iter().map(str::to_owned));
        totals.push(page.at("/total").clone());
        match page.at("/next_cursor").as_str() {
            Some(cursor) => search["cursor"] = cursor.into(),
            None => break,
        }
    }
    assert_eq!(labels, ["Eva A", "Dan A", "Cid B", "Bea C", "Ana D"]);
    assert_eq!(totals, [json!({"value": 5, "exact": true}), Value::Null, Value::Null]);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let app = TestApp::start().await;
    let (olga, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let position = people(&olga, &["Ana A", "Bea B", "Cid C"]).await;
    let page = olga.search("contacts", json!({"sort": "last_name", "limit": 1}), position).await;
    let cursor = page.text("/next_cursor");
    let ask = |client: &Client, plural: &str, search: Value| {
        client.post(&format!("/{plural}/search")).json(&search).send()
    };
    let refuse = |answer: hindsight_tests::Answer| {
        let answer = answer.expect_problem(400, "invalid_parameter");
        assert_eq!(answer.text("/errors/0/code"), "invalid_cursor");
    };
    let same = json!({"sort": "last_name", "cursor": cursor});
    ask(&olga, "contacts", same.clone()).await.expect_status(200);
    refuse(ask(&eve, "contacts", same.clone()).await);
    refuse(ask(&olga, "companies", json!({"cursor": cursor})).await);
    refuse(ask(&olga, "contacts", json!({"sort": "first_name", "cursor": cursor})).await);
    refuse(ask(&olga, "contacts", json!({"sort": "last_name", "q": "x", "cursor": cursor})).await);
    refuse(ask(&olga, "contacts", json!({"sort": "last_name", "cursor": "forged"})).await);
}

#[tokio::test]
async fn filters_and_words_narrow_a_list_down() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    for (name, city, born) in [
        ("Ana Meier", "Bern", "1990-01-01"),
        ("Bea Müller", "Basel", "1980-01-01"),
        ("Cid Ott", "Bern", "1970-01-01"),
    ] {
        let fields = json!({"full_name": name, "city": city, "date_of_birth": born});
        olga.create("contacts", fields).await;
    }
    let last = olga.create("contacts", json!({"full_name": "Dan Ruf"})).await.position();
    let find = async |search: Value| {
        let mut search = search;
        search["sort"] = "name".into();
        let page = olga.search("contacts", search, last).await;
        page.labels().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let bern = json!({"field": "city", "op": "eq", "value": "bern"});
    assert_eq!(find(json!({"filter": bern})).await, ["Ana Meier", "Cid Ott"]);
    let old = json!({"field": "date_of_birth", "op": "lt", "value": "1985-01-01"});
    assert_eq!(find(json!({"filter": {"all": [bern, old]}})).await, ["Cid Ott"]);
    let any = find(json!({"filter": {"any": [bern, old]}})).await;
    assert_eq!(any, ["Ana Meier", "Bea Müller", "Cid Ott"]);
    let nowhere = json!({"field": "city", "op": "empty"});
    assert_eq!(find(json!({"filter": nowhere})).await, ["Dan Ruf"]);
    assert_eq!(find(json!({"q": "muller"})).await, ["Bea Müller"], "accents do not matter");
    assert_eq!(find(json!({"q": "bea nobody"})).await, Vec::<String>::new());
}

#[tokio::test]
async fn rows_are_asked_for_again_by_their_ids_as_far_as_they_still_match() {
    let app = TestApp::start().await;
    let (olga, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let ana = olga.create("contacts", json!({"first_name": "Ana", "city": "Bern"})).await;
    let bea = olga.create("contacts", json!({"first_name": "Bea", "city": "Basel"})).await;
    let position = olga.create("contacts", json!({"first_name": "Cid"})).await.position();
    let bern = json!({"field": "city", "op": "eq", "value": "Bern"});
    let again = json!({"field": "id", "op": "in", "value": [ana.text("/id"), bea.text("/id")]});
    let both = olga.search("contacts", json!({"filter": again, "sort": "name"}), position).await;
    assert_eq!(both.labels(), ["Ana", "Bea"]);
    let matching = json!({"filter": {"all": [bern, again]}});
    assert_eq!(olga.search("contacts", matching, position).await.labels(), ["Ana"]);
    let foreign = eve.post("/contacts/search").json(&json!({"filter": again})).send().await;
    assert!(foreign.expect_status(200).labels().is_empty());
}

#[tokio::test]
async fn the_query_string_does_what_the_body_does() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let position = people(&olga, &["Ana A", "Bea B"]).await.to_string();
    let filter =
        "%7B%22field%22%3A%22first_name%22%2C%22op%22%3A%22eq%22%2C%22value%22%3A%22Bea%22%7D";
    let page = olga
        .get(&format!("/contacts?filter={filter}&limit=10"))
        .header("hindsight-min-position", &position)
        .send()
        .await
        .expect_status(200);
    assert_eq!(page.labels(), ["Bea B"]);
    let total = olga.get(&format!("/contacts/total?filter={filter}")).send().await;
    assert_eq!(total.expect_status(200).json, json!({"value": 1, "exact": true}));
}

#[tokio::test]
async fn rows_carry_the_fields_that_were_asked_for() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let position = people(&olga, &["Ana A"]).await;
    let page = olga.search("contacts", json!({"fields": "last_name,email"}), position).await;
    let row = page.at("/items/0").as_object().unwrap();
    assert_eq!(row["last_name"], "A");
    assert_eq!(row["email"], Value::Null);
    assert!(!row.contains_key("first_name"));
    assert_eq!(row["label"], "Ana A");
}

#[tokio::test]
async fn what_cannot_be_asked_is_named() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    for (search, pointer) in [
        (json!({"limit": 0}), "/limit"),
        (json!({"limit": 201}), "/limit"),
        (json!({"sort": "notes"}), "/sort"),
        (json!({"sort": "first_name,last_name,email"}), "/sort"),
        (json!({"fields": "nonsense"}), "/fields"),
        (json!({"filter": {"field": "nonsense", "op": "eq", "value": 1}}), "/filter/field"),
        (json!({"filter": {"field": "city", "op": "gt", "value": "x"}}), "/filter/op"),
        (
            json!({"filter": {"all": [{"field": "is_active", "op": "eq", "value": "x"}]}}),
            "/filter/all/0/value",
        ),
        (json!({"q": "x".repeat(201)}), "/q"),
    ] {
        let refused = olga.post("/contacts/search").json(&search).send().await;
        let refused = refused.expect_problem(400, "invalid_query");
        assert_eq!(refused.text("/errors/0/pointer"), pointer, "{search}");
    }
    olga.get("/contacts?limt=10").send().await.expect_problem(400, "invalid_parameter");
    olga.get("/contacts?filter=%7B").send().await.expect_problem(400, "invalid_parameter");
}
