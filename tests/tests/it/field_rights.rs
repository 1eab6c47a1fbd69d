//! Hidden and read-only fields

use commands::Clock as _;
use domain::ids::RoleId;
use domain::reach::ReachLevel;
use hindsight_tests::{Answer, Client, TestApp};
use serde_json::{Value, json};

/// A member who sees all contacts, but not their e-mail address, and may not change their notes.
async fn junior(app: &TestApp, owner: &Client) -> Client {
    let role = owner
        .post("/roles")
        .json(&json!({
            "name": "Junior",
            "permissions": {
                "contacts:read": "all", "contacts:create": "all", "contacts:update": "all",
                "companies:read": "all", "members:read": "all",
            },
            "fields": {
                "contact": {"email": "hidden", "notes": "read_only"},
                "company": {"name": "hidden"},
            },
        }))
        .send()
        .await
        .expect_status(201);
    app.member_as(owner, "Eve", [RoleId(role.id("/id"))]).await
}

fn fault(answer: &Answer) -> (String, String) {
    (answer.text("/errors/0/pointer"), answer.text("/errors/0/code"))
}

fn no_trace(answer: &Answer) {
    assert!(!answer.body.contains("secret"), "{}", answer.body);
    assert!(!answer.body.contains("\"email\""), "{}", answer.body);
}

#[tokio::test]
async fn a_hidden_field_is_in_no_answer() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let eve = junior(&app, &olga).await;
    let company = olga.create("companies", json!({"name": "Secret Ltd"})).await.id("/id");
    let named = olga
        .create(
            "contacts",
            json!({"full_name": "Ana", "email": "secret@example.org", "company": company}),
        )
        .await;
    let path = format!("/contacts/{}", named.id("/id"));
    let nameless = olga.create("contacts", json!({"email": "secret2@example.org"})).await;

    let page = eve.search("contacts", json!({"sort": "created_at"}), nameless.position()).await;
    assert_eq!(page.labels(), ["Ana", "Unnamed contact"], "a title tells nothing hidden");
    assert_eq!(page.at("/items/0/company/label"), "Unnamed company");
    no_trace(&page);
    let change = json!({"email": "secret3@example.org"});
    olga.patch(&path).json(&change).send().await.expect_status(200);
    let both = json!({"email": "secret4@example.org", "city": "Faro"});
    olga.patch(&path).json(&both).send().await.expect_status(200);
    app.pass(chrono::TimeDelta::seconds(1));
    let now = app.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    for tail in [
        String::new(),
        "?version=1".to_owned(),
        format!("?as_of={now}"),
        "/history".to_owned(),
        "/provenance".to_owned(),
    ] {
        let answer = eve.get(&format!("{path}{tail}")).send().await.expect_status(200);
        no_trace(&answer);
    }
    let history = eve.get(&format!("{path}/history")).send().await.expect_status(200);
    let summaries: Vec<_> = history.at("/items").as_array().unwrap().iter().collect();
    assert_eq!(summaries.len(), 2, "what happened to the hidden field alone did not happen");
    assert_eq!(history.text("/items/0/summary"), "City changed");

    let change = eve.patch(&path).header("if-match", "\"1\"").json(&json!({"city": "Lagos"}));
    let conflict = change.send().await.expect_problem(409, "version_conflict");
    no_trace(&conflict);
    let changed = eve.patch(&path).json(&json!({"city": "Lagos"})).send().await;
    no_trace(&changed.expect_status(200));
    let meta = eve.get("/meta").send().await.expect_status(200);
    let fields = meta.at("/record_types/0/fields").as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name);
    assert_eq!(field("email"), None);
    assert_eq!(field("notes").unwrap()["read_only"], true);
    assert_eq!(field("city").unwrap()["read_only"], false);
}

#[tokio::test]
async fn a_hidden_field_cannot_be_asked_about() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let eve = junior(&app, &olga).await;
    let ana = json!({"full_name": "Ana", "email": "secret@example.org"});
    let position = olga.create("contacts", ana).await.position();

    let filter = json!({"field": "email", "op": "eq", "value": "secret@example.org"});
    let nested = json!({"any": [{"all": [filter]}]});
    for search in [
        json!({"filter": filter}),
        json!({"filter": nested}),
        json!({"sort": "-email"}),
        json!({"sort": "name"}),
        json!({"fields": "city,email"}),
    ] {
        let answer = eve.post("/contacts/search").json(&search).send().await;
        let answer = answer.expect_problem(400, "invalid_query");
        assert!(["unknown_field", "invalid_sort"].contains(&&*fault(&answer).1), "{search}");
        olga.post("/contacts/search").json(&search).send().await.expect_status(200);
    }
    for (client, found) in [(&olga, 1), (&eve, 0)] {
        let page = client.search("contacts", json!({"q": "secret"}), position).await;
        assert_eq!(page.labels().len(), found);
        assert_eq!(page.at("/total/value"), found);
        assert_eq!(page.at("/next_cursor"), &Value::Null);
        let total = client.get("/contacts/total?q=secret").send().await.expect_status(200);
        assert_eq!(total.at("/value"), found);
        let page = client.search("contacts", json!({"q": "an"}), position).await;
        assert_eq!(page.labels(), ["Ana"]);
    }
}

#[tokio::test]
async fn words_find_page_by_page_what_is_shown() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let eve = junior(&app, &olga).await;
    let mut position = 0;
    for n in 0..6 {
        // Every other one has the word only where it is hidden.
        let contact = if n % 2 == 0 {
            json!({"full_name": format!("Robin {n}")})
        } else {
            json!({"full_name": format!("Other {n}"), "email": format!("robin{n}@example.org")})
        };
        position = olga.create("contacts", contact).await.position();
    }
    let mut search = json!({"q": "robin", "sort": "created_at", "limit": 2});
    let first = eve.search("contacts", search.clone(), position).await;
    assert_eq!(first.labels(), ["Robin 0", "Robin 2"]);
    assert_eq!(first.at("/total/value"), 3);
    search["cursor"] = first.at("/next_cursor").clone();
    let second = eve.search("contacts", search, position).await;
    assert_eq!(second.labels(), ["Robin 4"]);
    assert_eq!(second.at("/next_cursor"), &Value::Null);
}

#[tokio::test]
async fn what_one_may_not_write_is_refused_with_its_name() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let eve = junior(&app, &olga).await;
    let made = olga.create("contacts", json!({"full_name": "Ana", "notes": "old"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    let expect = async |call: hindsight_tests::Call, body: Value, pointer: &str, code: &str| {
        let refused = call.json(&body).send().await.expect_problem(422, "invalid");
        assert_eq!(fault(&refused), (pointer.to_owned(), code.to_owned()));
    };
    let hidden = json!({"email": "new@example.org"});
    expect(eve.patch(&path), hidden.clone(), "/email", "unknown_field").await;
    expect(eve.patch(&path), json!({"notes": "new"}), "/notes", "field_read_only").await;
    expect(
        eve.post("/contacts"),
        json!({"full_name": "B", "notes": "n"}),
        "/notes",
        "field_read_only",
    )
    .await;
    expect(eve.post("/contacts"), hidden, "/email", "unknown_field").await;
    eve.patch(&path).json(&json!({"notes": "old", "city": "Rom"})).send().await.expect_status(200);

    let change = json!({"notes": "new", "email": "a@example.org"});
    olga.patch(&path).json(&change).send().await.expect_status(200);
    let revert = |body: Value| eve.post(&format!("{path}/revert")).json(&body).send();
    let refused = revert(json!({"to_version": 1})).await.expect_problem(422, "invalid");
    assert_eq!(fault(&refused), ("/notes".to_owned(), "field_read_only".to_owned()));
    let fields = json!({"to_version": 1, "fields": ["email"]});
    let refused = revert(fields).await.expect_problem(422, "invalid");
    assert_eq!(fault(&refused).1, "unknown_field");
    let fields = json!({"to_version": 1, "fields": ["city"]});
    assert_eq!(revert(fields).await.expect_status(200).at("/city"), &Value::Null);
}

#[tokio::test]
async fn the_label_of_a_link_is_judged_by_the_reach_over_what_is_linked() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let role = olga
        .post("/roles")
        .json(&json!({
            "name": "People only",
            "permissions": {"contacts:read": "all", "companies:read": "own"},
        }))
        .send()
        .await
        .expect_status(201);
    let eve = app.member_as(&olga, "Eve", [RoleId(role.id("/id"))]).await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let company = olga.create("companies", json!({"name": "Far Ltd"})).await.id("/id");
    let ana = json!({"full_name": "Ana", "company": company});
    let made = olga.create("contacts", ana).await;
    let path = format!("/contacts/{}", made.id("/id"));
    for (client, label) in [(&max, "Far Ltd"), (&eve, "")] {
        let page = client.search("contacts", json!({}), made.position()).await;
        assert_eq!(page.at("/items/0/company/label"), label);
        let one = client.get(&path).send().await.expect_status(200);
        assert_eq!(one.at("/company/label"), label);
    }
}
