//! `/views`: lists under a name, one's own or shared

use domain::ids::RoleId;
use domain::reach::ReachLevel;
use hindsight_tests::{Answer, Client, TestApp};
use serde_json::{Value, json};

async fn save(by: &Client, body: Value) -> Answer {
    by.post("/views").json(&body).send().await
}

fn in_bern() -> Value {
    json!({
        "record_type": "contacts", "name": "In Bern", "q": "meier",
        "filter": {"all": [{"field": "city", "op": "eq", "value": "Bern"}]},
        "sort": "-updated_at", "columns": [{"field": "city", "width": 160}, {"field": "email"}],
    })
}

async fn names(by: &Client, query: &str, position: u64) -> Vec<String> {
    let call = by.get(&format!("/views{query}"));
    let call = call.header("hindsight-min-position", &position.to_string());
    let page = call.send().await.expect_status(200);
    let items = page.at("/items").as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_view_is_saved_changed_deleted_and_restored() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = save(&olga, in_bern()).await.expect_status(201);
    let path = format!("/views/{}", made.id("/id"));
    for (pointer, value) in [
        ("/visibility", json!("private")),
        ("/own", json!(true)),
        ("/default", json!(false)),
        ("/owner/label", json!("Olga Owner")),
        ("/filter", in_bern()["filter"].clone()),
        ("/columns", json!([{"field": "city", "width": 160}, {"field": "email", "width": null}])),
        ("/incomplete", json!([])),
        ("/allowed", json!({"edit": true, "share": true, "delete": true, "restore": false})),
    ] {
        assert_eq!(made.at(pointer), &value, "{pointer}");
    }
    let change = json!({"name": "Berne", "q": null, "columns": []});
    let stale = olga.patch(&path).header("if-match", "\"7\"").json(&change).send().await;
    stale.expect_problem(409, "version_conflict");
    let changed = olga.patch(&path).header("if-match", "\"1\"").json(&change).send().await;
    let changed = changed.expect_status(200);
    assert_eq!(changed.at("/q"), &Value::Null);
    assert_eq!(changed.at("/sort"), "-updated_at");
    assert_eq!(changed.header("etag"), "\"4\"");

    let listed = olga.get("/views?record_type=contacts");
    let listed = listed.header("hindsight-min-position", &changed.position().to_string());
    let listed = listed.send().await.expect_status(200);
    let one = olga.get(&path).send().await.expect_status(200);
    assert_eq!(listed.at("/items/0"), &one.json, "the list shows what its events make of it");
    assert_eq!(names(&olga, "?record_type=companies", 0).await, [""; 0]);

    let deleted = olga.delete(&path).send().await.expect_status(200);
    assert_eq!(deleted.at("/allowed/restore"), true);
    assert_eq!(names(&olga, "", deleted.position()).await, [""; 0]);
    assert_eq!(names(&olga, "?deleted=true", 0).await, ["Berne"]);
    olga.patch(&path).json(&json!({"name": "X"})).send().await.expect_problem(422, "deleted");
    let back = olga.post(&format!("{path}/restore")).send().await.expect_status(200);
    assert_eq!(names(&olga, "", back.position()).await, ["Berne"]);
}

#[tokio::test]
async fn a_private_view_exists_for_nobody_else() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let made = save(&max, in_bern()).await.expect_status(201);
    let path = format!("/views/{}", made.id("/id"));
    assert_eq!(names(&max, "", made.position()).await, ["In Bern"]);
    assert_eq!(names(&olga, "", made.position()).await, [""; 0]);
    let change = json!({"name": "Mine"});
    olga.get(&path).send().await.expect_problem(404, "not_found");
    olga.patch(&path).json(&change).send().await.expect_problem(404, "not_found");
    olga.delete(&path).send().await.expect_problem(404, "not_found");
    let restore = olga.post(&format!("{path}/restore")).send().await;
    restore.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_shared_view_is_everybodys_to_see_and_somebodys_to_change() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mia = app.member(&olga, "Mia", ReachLevel::All).await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let mut body = in_bern();
    body["visibility"] = json!("shared");
    save(&max, body.clone()).await.expect_problem(403, "not_permitted");
    let own = save(&max, in_bern()).await.expect_status(201);
    let share = json!({"visibility": "shared"});
    let of_max = format!("/views/{}", own.id("/id"));
    max.patch(&of_max).json(&share).send().await.expect_problem(403, "not_permitted");

    let shared = save(&mia, body).await.expect_status(201);
    let path = format!("/views/{}", shared.id("/id"));
    let seen = max.get(&path).send().await.expect_status(200);
    assert_eq!((seen.at("/own"), seen.at("/allowed/edit")), (&json!(false), &json!(false)));
    assert_eq!(seen.text("/owner/label"), "Mia");
    assert_eq!(names(&max, "", shared.position()).await, ["In Bern"; 2]);
    let change = json!({"name": "Berne"});
    max.patch(&path).json(&change).send().await.expect_problem(403, "not_permitted");
    olga.patch(&path).json(&change).send().await.expect_status(200);
    let keep = json!({"visibility": "private"});
    olga.patch(&path).json(&keep).send().await.expect_problem(403, "not_permitted");
    let kept = mia.patch(&path).json(&keep).send().await.expect_status(200);
    olga.get(&path).send().await.expect_problem(404, "not_found");
    assert_eq!(names(&max, "", kept.position()).await, ["In Bern"]);
}

#[tokio::test]
async fn a_view_fits_the_catalogue() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    for (member, value, pointer, code) in [
        ("record_type", json!("members"), "/record_type", "no_such_record_type"),
        ("name", json!(" "), "/name", "missing"),
        ("sort", json!("notes"), "/sort", "invalid_sort"),
        (
            "filter",
            json!({"any": [{"field": "none", "op": "eq", "value": 1}]}),
            "/filter/any/0/field",
            "unknown_field",
        ),
        (
            "filter",
            json!({"field": "city", "op": "eq", "value": "a\u{0}b"}),
            "/filter/value",
            "wrong_type",
        ),
        ("columns", json!([{"field": "none"}]), "/columns/0/field", "unknown_field"),
        ("columns", json!([{"field": "city", "width": 3}]), "/columns/0/width", "out_of_range"),
    ] {
        let mut body = in_bern();
        body[member] = value;
        let refused = save(&olga, body).await.expect_problem(422, "invalid");
        assert_eq!(refused.text("/errors/0/pointer"), pointer);
        assert_eq!(refused.text("/errors/0/code"), code);
    }
    let created_at = json!({
        "record_type": "companies", "name": "New", "columns": [{"field": "created_at"}],
    });
    save(&olga, created_at).await.expect_status(201);
}

#[tokio::test]
async fn a_view_tells_nothing_of_hidden_fields() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let role = json!({
        "name": "Junior", "fields": {"contact": {"email": "hidden"}},
        "permissions": {"contacts:read": "all", "views:create": "all"},
    });
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let eve = app.member_as(&olga, "Eve", [RoleId(role.id("/id"))]).await;
    let secret = json!({
        "record_type": "contacts", "name": "Theirs", "visibility": "shared",
        "filter": {"all": [{"field": "email", "op": "eq", "value": "secret@example.org"}]},
        "sort": "email", "columns": [{"field": "email"}, {"field": "city"}],
    });
    let made = save(&olga, secret.clone()).await.expect_status(201);
    let companies = json!({"record_type": "companies", "name": "Firms", "visibility": "shared"});
    let firms = save(&olga, companies).await.expect_status(201);
    let seen = eve.get(&format!("/views/{}", made.id("/id"))).send().await.expect_status(200);
    assert_eq!(seen.at("/incomplete"), &json!(["filter", "sort", "columns"]));
    assert_eq!(seen.at("/columns"), &json!([{"field": "city", "width": null}]));
    let listed = eve.get("/views").header("hindsight-min-position", &firms.position().to_string());
    let listed = listed.send().await.expect_status(200);
    assert_eq!(listed.at("/items/0"), &seen.json);
    assert_eq!(listed.at("/items").as_array().unwrap().len(), 1, "she does not read companies");
    for answer in [&seen, &listed] {
        assert!(!answer.body.contains("email") && !answer.body.contains("secret"));
    }
    let unknown = format!("/views/{}", firms.id("/id"));
    eve.get(&unknown).send().await.expect_problem(404, "not_found");
    let mut own = secret;
    own["visibility"] = json!("private");
    let refused = save(&eve, own).await.expect_problem(422, "invalid");
    assert_eq!(refused.text("/errors/0/code"), "unknown_field");
}

#[tokio::test]
async fn views_come_page_by_page_in_order_of_name() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mut position = 0;
    for name in ["Öl", "b", "A"] {
        let body = json!({"record_type": "contacts", "name": name});
        position = save(&olga, body).await.expect_status(201).position();
    }
    let page = olga.get("/views?limit=2");
    let page = page.header("hindsight-min-position", &position.to_string());
    let page = page.send().await.expect_status(200);
    assert_eq!(page.at("/items/1/name"), "b");
    let rest = format!("?limit=2&cursor={}", page.text("/next_cursor"));
    assert_eq!(names(&olga, &rest, 0).await, ["Öl"]);
}

#[tokio::test]
async fn each_member_chooses_the_view_that_a_list_begins_with() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let shared = json!({"record_type": "contacts", "name": "For all", "visibility": "shared"});
    let view = save(&olga, shared).await.expect_status(201);
    let (path, id) = (format!("/views/{}", view.id("/id")), view.at("/id").clone());
    let begin = format!("{path}/default");
    let default = async |by: &Client| {
        let meta = by.get("/meta").send().await.expect_status(200);
        let types = meta.at("/record_types").as_array().unwrap();
        types.iter().find(|each| each["plural"] == "contacts").unwrap()["default_view"].clone()
    };
    let chosen = max.put(&begin).send().await.expect_status(200);
    assert_eq!(chosen.at("/default"), &json!(true));
    assert_eq!((default(&max).await, default(&olga).await), (id.clone(), Value::Null));
    let call = max.get("/views").header("hindsight-min-position", &view.position().to_string());
    assert_eq!(call.send().await.expect_status(200).at("/items/0/default"), &json!(true));
    assert_eq!(olga.get(&path).send().await.expect_status(200).at("/default"), &json!(false));

    let private = json!({"record_type": "contacts", "name": "Mine alone"});
    let private = save(&olga, private).await.expect_status(201);
    let other = format!("/views/{}/default", private.id("/id"));
    max.put(&other).send().await.expect_problem(404, "not_found");
    max.delete(&other).send().await.expect_problem(404, "not_found");
    assert_eq!(default(&max).await, id, "it is as it was");
    let gone = olga.delete(&path).send().await.expect_status(200);
    let call = max.get("/views").header("hindsight-min-position", &gone.position().to_string());
    assert_eq!(call.send().await.expect_status(200).at("/items"), &json!([]));
    olga.put(&begin).send().await.expect_problem(422, "deleted");
    let forgotten = max.delete(&begin).send().await.expect_status(200);
    assert_eq!(forgotten.at("/default"), &json!(false));
    assert_eq!(default(&max).await, Value::Null);
}

#[tokio::test]
async fn the_history_of_a_view_is_for_whoever_sees_it() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let view = save(&olga, in_bern()).await.expect_status(201);
    let path = format!("/views/{}", view.id("/id"));
    let history = format!("{path}/history");
    max.get(&history).send().await.expect_problem(404, "not_found");
    let change = json!({"name": "Berne", "filter": null, "visibility": "shared"});
    let change = olga.patch(&path).header("hindsight-reason", "Too long").json(&change);
    change.send().await.expect_status(200);
    let page = max.get(&format!("{history}?limit=3")).send().await.expect_status(200);
    assert_eq!(page.text("/items/0/summary"), "View shared");
    assert_eq!(page.text("/items/1/type"), "view.narrowed");
    assert!(page.at("/items/1/changes/0/from").is_null(), "filters are named, not told");
    assert_eq!(page.at("/items/2/changes/0/to"), &json!("Berne"));
    assert_eq!(page.text("/items/2/actor/name"), "Olga Owner");
    let older = format!("{history}?cursor={}", page.text("/next_cursor"));
    let older = max.get(&older).send().await.expect_status(200);
    assert_eq!(older.text("/items/0/type"), "view.created");
    assert!(older.at("/next_cursor").is_null());
}
