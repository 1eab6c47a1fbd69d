//! `/{resource}/bulk`: one act on many records

use crate::imports::{finish, import};
use crate::process::{BINARY, log_in, owner};
use commands::{Caller, CommandRequest, Origin};
use domain::bulk::{Act, Intent, Plan, Selecting};
use domain::ids::{ActionId, ApiKeyId, JobId, MemberId, OrganizationId, RoleId};
use domain::reach::ReachLevel;
use futures::future::join_all;
use hindsight_tests::{Answer, Client, Process, TestApp};
use serde_json::{Value, json};
use sqlx::Connection as _;
use store::LogId;
use store::testing::TestDatabase;
use uuid::Uuid;

async fn head(app: &TestApp, by: &Client) -> u64 {
    app.app.commands.log().head(LogId(by.organization)).await.unwrap().position
}

/// So many contacts in Bern.
async fn robins(app: &TestApp, by: &Client, count: u32) {
    let rows: Vec<_> = (0..count).map(|n| format!("Robin {n},Bern\n")).collect();
    let file = format!("Full Name,City\n{}", rows.concat());
    finish(app, by, import(app, by, &file, "robins.csv").await).await.unwrap();
}

fn city(name: &str) -> Value {
    json!({"field": "city", "op": "eq", "value": name})
}

async fn bulk(by: &Client, select: Value, act: Value) -> Answer {
    by.post("/contacts/bulk").json(&json!({"select": select, "do": act})).send().await
}

async fn preview(by: &Client, select: Value, act: Value) -> (u64, u64, u64, u64) {
    let body = json!({"select": select, "do": act});
    let answer = by.post("/contacts/bulk?preview=true").json(&body).send().await;
    let answer = answer.expect_status(200);
    let count = |name: &str| answer.at(&format!("/{name}")).as_u64().unwrap();
    (count("matching"), count("permitted"), count("not_permitted"), count("not_found"))
}

/// The job of an answer, once it is over.
async fn over(app: &TestApp, by: &Client, answer: &Answer) -> Answer {
    assert_eq!(answer.status, 202, "{}", answer.body);
    let id = answer.id("/job/id");
    finish(app, by, JobId(id)).await.unwrap();
    by.get(&format!("/jobs/{id}")).send().await.expect_status(200)
}

async fn done(app: &TestApp, by: &Client, select: Value, act: Value) -> Value {
    let job = over(app, by, &bulk(by, select, act).await).await;
    assert_eq!(job.text("/state"), "done", "{}", job.body);
    job.at("/result/counts").clone()
}

/// Selected, changed, unchanged, not permitted, not found, refused.
fn numbers(counts: &Value) -> [u64; 6] {
    ["selected", "changed", "unchanged", "not_permitted", "not_found", "refused"]
        .map(|name| counts[name].as_u64().unwrap())
}

async fn total(app: &TestApp, by: &Client, filter: Value) -> u64 {
    let search = json!({"filter": filter, "limit": 1});
    let page = by.search("contacts", search, head(app, by).await).await;
    page.at("/total/value").as_u64().unwrap()
}

/// What the caller did, newest first; what anybody did, with `all`.
async fn actions(app: &TestApp, by: &Client, all: bool) -> Answer {
    let path = if all { "/actions" } else { "/actions?mine=true" };
    let position = head(app, by).await.to_string();
    by.get(path).header("hindsight-min-position", &position).send().await.expect_status(200)
}

async fn undo(app: &TestApp, by: &Client, action: Uuid) -> Value {
    let answer = by.post(&format!("/actions/{action}/undo")).send().await;
    if answer.status == 200 {
        return answer.at("/counts").clone();
    }
    over(app, by, &answer).await.at("/result/counts").clone()
}

#[tokio::test]
async fn all_that_a_filter_finds_is_changed_and_one_undo_takes_it_back() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    robins(&app, &olga, 300).await;
    olga.create("contacts", json!({"full_name": "Other", "city": "Basel"})).await;
    let (select, act) =
        (json!({"filter": city("Bern"), "q": "robin"}), json!({"set": {"city": "Chur"}}));
    assert_eq!(preview(&olga, select.clone(), act.clone()).await, (300, 300, 0, 0));
    assert_eq!(total(&app, &olga, city("Bern")).await, 300, "a preview changes nothing");

    let body = json!({"select": select, "do": act});
    let call = olga.post("/contacts/bulk").json(&body).header("hindsight-reason", "Moved");
    let answer = call.send().await;
    let job = over(&app, &olga, &answer).await;
    assert_eq!(numbers(job.at("/result/counts")), [300, 300, 0, 0, 0, 0]);
    assert_eq!((job.at("/done"), job.at("/total")), (&json!(300), &json!(300)));
    assert_eq!(total(&app, &olga, city("Chur")).await, 300);
    assert_eq!(total(&app, &olga, city("Basel")).await, 1);

    let action = answer.id("/job/id");
    assert_eq!(answer.header("hindsight-action"), action.to_string());
    assert_eq!(job.id("/result/action"), action);
    let shown = actions(&app, &olga, false).await;
    assert_eq!(shown.id("/items/0/id"), action);
    assert_eq!(shown.text("/items/0/label"), "Changed City of 300 contacts");
    assert_eq!(shown.at("/items/0/records"), 300);
    let contact = json!(["contact"]);
    assert_eq!(shown.at("/items/0/types"), &contact);
    let one = olga.search("contacts", json!({"q": "robin", "limit": 1}), 0).await;
    let path = format!("/contacts/{}", one.id("/items/0/id"));
    let history = olga.get(&format!("{path}/history")).send().await.expect_status(200);
    assert_eq!(history.text("/items/0/action/kind"), "bulk");
    assert_eq!(history.text("/items/0/reason"), "Moved");
    assert_eq!(history.text("/items/0/summary"), "City changed");

    olga.patch(&path).json(&json!({"city": "Genf"})).send().await.expect_status(200);
    let undone = undo(&app, &olga, action).await;
    assert_eq!((&undone["reverted"], &undone["kept"]), (&json!(299), &json!(1)));
    assert_eq!(total(&app, &olga, city("Bern")).await, 299);
    assert_eq!(total(&app, &olga, city("Genf")).await, 1);

    // Wherever it is told of, it is the undo of that act.
    let shown = actions(&app, &olga, false).await;
    assert_eq!(shown.text("/items/0/label"), "Undone: changed City of 300 contacts");
    assert_eq!((shown.id("/items/0/undoes"), shown.text("/items/0/kind")), (action, "undo".into()));
    assert_eq!((shown.at("/items/0/records"), shown.at("/items/0/types")), (&json!(299), &contact));
    let back = shown.id("/items/0/id");
    assert_eq!(shown.id("/items/2/undone_by"), back, "behind the change by hand");
    let trail = olga.get(&format!("/audit?action_id={back}&limit=200")).send().await;
    let trail = trail.expect_status(200);
    let entries = trail.at("/items").as_array().unwrap();
    assert_eq!(entries.len(), 200);
    for entry in entries {
        assert_eq!((&entry["action_kind"], &entry["caused_by"]), (&json!("undo"), &json!(action)));
    }
}

#[tokio::test]
async fn named_records_are_each_changed_or_left_and_the_reasons_told() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let eve = app.owner("Evil").await;
    let theirs = eve.create("contacts", json!({"full_name": "Secret"})).await.id("/id");
    let make = async |fields: Value| olga.create("contacts", fields).await.id("/id");
    let (ana, ben) = (
        make(json!({"full_name": "Ana"})).await,
        make(json!({"full_name": "Ben", "city": "Chur"})).await,
    );
    let (gone, nameless) =
        (make(json!({"full_name": "Cid"})).await, make(json!({"email": "d@example.org"})).await);
    olga.delete(&format!("/contacts/{gone}")).send().await.expect_status(200);
    let ids = json!({"ids": [ana, ben, ana, gone, theirs, Uuid::now_v7()]});
    let set = json!({"set": {"city": "Chur"}});
    assert_eq!(preview(&olga, ids.clone(), set.clone()).await, (2, 2, 0, 3));
    let counts = done(&app, &olga, ids, set).await;
    assert_eq!(numbers(&counts), [5, 1, 1, 0, 2, 1]);
    assert_eq!(counts["reasons"][0]["code"], "deleted");
    assert_eq!(counts["reasons"][0]["examples"], json!([gone]));

    let clear = json!({"set": {"first_name": null, "last_name": null, "email": null}});
    let counts = done(&app, &olga, json!({"ids": [nameless]}), clear).await;
    assert_eq!(numbers(&counts), [1, 0, 0, 0, 0, 1], "{counts}");
    let empty = over(
        &app,
        &olga,
        &bulk(&olga, json!({"ids": [ben]}), json!({"set": {"city": "Chur"}})).await,
    )
    .await;
    assert_eq!(empty.at("/result/action"), &Value::Null, "nothing to undo");
    let shown = actions(&app, &olga, false).await;
    assert_eq!(shown.id("/items/0/id"), empty.id("/id"));
    assert_eq!(shown.at("/items/0/undo/possible"), false);
    let none = json!({"ids": [theirs, Uuid::now_v7()]});
    let refused = bulk(&olga, none, json!({"delete": true})).await.expect_problem(422, "invalid");
    assert_eq!(refused.text("/errors/0/code"), "nothing_selected");
    let refused = bulk(&olga, json!({"filter": city("Nowhere")}), json!({"delete": true})).await;
    assert_eq!(refused.expect_problem(422, "invalid").text("/errors/0/pointer"), "/select");
}

#[tokio::test]
async fn lists_get_values_and_lose_them_and_what_is_deleted_comes_back() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let tag = async |label: &str| {
        olga.post("/tags").json(&json!({"label": label})).send().await.expect_status(201).id("/id")
    };
    let (old, new) = (tag("Old").await, tag("New").await);
    let make = async |tags: Value| {
        olga.create("companies", json!({"name": "Acme", "tags": tags})).await.id("/id")
    };
    let (both, none) = (make(json!([old, new])).await, make(json!([])).await);
    let tags = async |id: Uuid| {
        let company = olga.get(&format!("/companies/{id}")).send().await.expect_status(200);
        let ids = company.at("/tags").as_array().into_iter().flatten();
        ids.map(|tag| tag["id"].as_str().unwrap().parse().unwrap()).collect::<Vec<Uuid>>()
    };
    let act = async |what: Value| {
        let body = json!({"select": {"filter": null}, "do": what});
        let answer = olga.post("/companies/bulk").json(&body).send().await;
        numbers(over(&app, &olga, &answer).await.at("/result/counts"))
    };
    assert_eq!(act(json!({"add": {"tags": [new]}})).await, [2, 1, 1, 0, 0, 0]);
    assert_eq!((tags(both).await.len(), tags(none).await), (2, vec![new]));
    assert_eq!(act(json!({"remove": {"tags": [old, new]}})).await, [2, 2, 0, 0, 0, 0]);
    assert_eq!((tags(both).await, tags(none).await), (vec![], vec![]));
    assert_eq!(act(json!({"delete": true})).await, [2, 2, 0, 0, 0, 0]);
    let shown = actions(&app, &olga, false).await;
    assert_eq!(shown.text("/items/0/label"), "Deleted 2 companies");
    let left = olga.search("companies", json!({}), head(&app, &olga).await).await;
    assert!(left.labels().is_empty());
    let all = json!({"select": {"filter": null}, "do": {"delete": true}});
    let refused = olga.post("/companies/bulk").json(&all).send().await;
    refused.expect_problem(422, "invalid");
    assert_eq!(act(json!({"restore": true})).await, [2, 2, 0, 0, 0, 0]);
}

#[tokio::test]
async fn each_record_is_judged_by_the_reach_over_it() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let role = json!({"name": "Careful", "permissions": {
        "contacts:read": "all", "contacts:update": "own", "contacts:assign": "own",
        "members:read": "all",
    }});
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let eve = app.member_as(&olga, "Eve", [RoleId(role.id("/id"))]).await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    for (name, to) in [("A", eve.member), ("B", max.member), ("C", olga.member)] {
        olga.create("contacts", json!({"full_name": name, "assigned_to": to})).await;
    }
    let (all, set) = (json!({"filter": null}), json!({"set": {"city": "Chur"}}));
    for (client, expected) in [(&olga, (3, 3, 0, 0)), (&eve, (3, 1, 2, 0)), (&max, (1, 1, 0, 0))] {
        assert_eq!(preview(client, all.clone(), set.clone()).await, expected);
    }
    assert_eq!(numbers(&done(&app, &eve, all.clone(), set.clone()).await), [3, 1, 0, 2, 0, 0]);
    assert_eq!(numbers(&done(&app, &max, all.clone(), set).await), [1, 1, 0, 0, 0, 0]);
    bulk(&eve, all.clone(), json!({"delete": true})).await.expect_problem(403, "not_permitted");

    let away = bulk(&eve, all.clone(), json!({"assign_to": max.member})).await;
    let away = away.expect_problem(422, "invalid");
    assert_eq!(away.text("/errors/0/pointer"), "/do/assign_to");
    let mine = json!({"assign_to": eve.member});
    assert_eq!(preview(&eve, all.clone(), mine.clone()).await, (3, 1, 2, 0));
    assert_eq!(numbers(&done(&app, &eve, all.clone(), mine).await), [3, 0, 1, 2, 0, 0]);
    // Out of their own sight, and counted all the same.
    let given = done(&app, &olga, all, json!({"assign_to": max.member})).await;
    assert_eq!(numbers(&given), [3, 2, 1, 0, 0, 0]);
    let shown = actions(&app, &olga, false).await;
    assert_eq!(shown.text("/items/0/label"), "Assigned 2 contacts");
}

#[tokio::test]
async fn a_program_does_no_more_by_a_job_than_at_once() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let ends = app.app.now() + chrono::TimeDelta::days(30);
    let scopes = json!(["contacts:read", "contacts:update"]);
    let key = json!({"name": "Robot", "scopes": scopes, "expires_at": ends});
    let key = olga.post("/api_keys").json(&key).send().await.expect_status(201);
    let robot = olga.with_token(&key.text("/key"));
    let all = json!({"filter": null});
    bulk(&robot, all.clone(), json!({"delete": true})).await.expect_problem(403, "not_permitted");
    let assign = json!({"assign_to": olga.member});
    bulk(&robot, all.clone(), assign).await.expect_problem(403, "not_permitted");
    let set = bulk(&robot, all, json!({"set": {"city": "Chur"}})).await;
    assert_eq!(over(&app, &olga, &set).await.at("/counts/changed"), 1);
    let history = olga.get(&format!("/contacts/{}/history", made.id("/id"))).send().await;
    assert_eq!(history.text("/items/0/actor/kind"), "api_key");
}

#[tokio::test]
async fn an_act_sent_again_is_the_same_act() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    robins(&app, &olga, 3).await;
    let send = |act: Value| {
        let call = olga.post("/contacts/bulk").header("idempotency-key", "once");
        call.json(&json!({"select": {"filter": city("Bern")}, "do": act})).send()
    };
    let first = send(json!({"delete": true})).await;
    over(&app, &olga, &first).await;
    // By now the filter finds nothing any more.
    let second = send(json!({"delete": true})).await.expect_status(202);
    assert_eq!(second.id("/job/id"), first.id("/job/id"));
    assert_eq!(second.text("/job/state"), "done");
    let other = send(json!({"set": {"city": "Chur"}})).await;
    other.expect_problem(422, "idempotency_key_reused");
    let shown = actions(&app, &olga, false).await;
    let bulks = shown.at("/items").as_array().unwrap().iter();
    assert_eq!(bulks.filter(|action| action["kind"] == "bulk").count(), 1);
}

#[tokio::test]
async fn what_is_not_understood_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await.id("/id");
    let tag = olga.post("/tags").json(&json!({"label": "Vip"})).send().await.id("/id");
    let (ids, set) = (json!({"ids": [ana]}), json!({"set": {"city": "Chur"}}));
    for (select, act, pointer, code) in [
        (json!({}), &set, "/select", "one_selection"),
        (json!({"ids": [ana], "q": "ana"}), &set, "/select", "one_selection"),
        (json!({"ids": []}), &set, "/select/ids", "missing"),
        (json!({"ids": [ana], "deleted": "only"}), &set, "/select/deleted", "unknown_field"),
        (json!({"ids": ["x"]}), &set, "/select/ids/0", "wrong_type"),
        (ids.clone(), &json!({}), "/do", "one_act"),
        (ids.clone(), &json!({"set": {"city": "A"}, "delete": true}), "/do", "one_act"),
        (ids.clone(), &json!({"delete": false}), "/do/delete", "wrong_type"),
        (ids.clone(), &json!({"erase": true}), "/do/erase", "unknown_field"),
        (ids.clone(), &json!({"set": {}}), "/do/set", "missing"),
        (ids.clone(), &json!({"set": {"shoe": 1}}), "/do/set/shoe", "unknown_field"),
        (ids.clone(), &json!({"set": {"email": "no"}}), "/do/set/email", "invalid_email"),
        (ids.clone(), &json!({"set": {"status": tag}}), "/do/set/status", "no_such_choice"),
        (ids.clone(), &json!({"add": {"tags": [ana]}}), "/do/add/tags", "no_such_choice"),
        (ids.clone(), &json!({"add": {"tags": []}}), "/do/add/tags", "missing"),
        (ids.clone(), &json!({"remove": {"city": "A"}}), "/do/remove/city", "no_list"),
        (ids.clone(), &json!({"assign_to": ana}), "/do/assign_to", "no_such_member"),
    ] {
        let refused = bulk(&olga, select, act.clone()).await.expect_problem(422, "invalid");
        let fault = (refused.text("/errors/0/pointer"), refused.text("/errors/0/code"));
        assert_eq!(fault, (pointer.to_owned(), code.to_owned()), "{act}");
    }
    let more = json!({"select": ids, "do": set, "sort": "city"});
    let refused = olga.post("/contacts/bulk").json(&more).send().await;
    refused.expect_problem(422, "invalid");
    let strange = json!({"filter": {"field": "shoe", "op": "eq", "value": 1}});
    let refused = bulk(&olga, strange, set).await.expect_problem(400, "invalid_query");
    assert_eq!(refused.text("/errors/0/pointer"), "/select/filter/field");
}

#[tokio::test]
async fn a_hidden_field_neither_selects_nor_is_set() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let role = json!({
        "name": "Junior", "permissions": {"contacts:read": "all", "contacts:update": "all"},
        "fields": {"contact": {"email": "hidden", "notes": "read_only"}},
    });
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let eve = app.member_as(&olga, "Eve", [RoleId(role.id("/id"))]).await;
    olga.create("contacts", json!({"full_name": "Ana", "email": "secret@example.org"})).await;
    olga.create("contacts", json!({"full_name": "Secret Sam"})).await;
    let set = json!({"set": {"city": "Chur"}});
    let by_email = json!({"field": "email", "op": "starts_with", "value": "secret"});
    for suffix in ["", "?preview=true"] {
        let body = json!({"select": {"filter": {"any": [by_email]}}, "do": set});
        let refused = eve.post(&format!("/contacts/bulk{suffix}")).json(&body).send().await;
        let refused = refused.expect_problem(400, "invalid_query");
        assert_eq!(refused.text("/errors/0/pointer"), "/select/filter/any/0/field");
    }
    let words = json!({"q": "secret"});
    assert_eq!(preview(&olga, words.clone(), set.clone()).await.0, 2);
    assert_eq!(preview(&eve, words.clone(), set.clone()).await.0, 1, "words find what is shown");
    assert_eq!(numbers(&done(&app, &eve, words, set).await), [1, 1, 0, 0, 0, 0]);
    bulk(&eve, json!({"q": "example.org"}), json!({"set": {"city": "Rom"}}))
        .await
        .expect_problem(422, "invalid");
    for (field, code) in [("email", "unknown_field"), ("notes", "field_read_only")] {
        let act = json!({"set": {field: "a@example.org"}});
        let refused = bulk(&eve, json!({"filter": null}), act).await;
        let refused = refused.expect_problem(422, "invalid");
        assert_eq!(refused.text("/errors/0/code"), code);
    }
    done(&app, &olga, json!({"filter": null}), json!({"set": {"email": "a@example.org"}})).await;
    let role = json!({
        "name": "Watcher", "permissions": {"contacts:read": "all", "audit:read": "all"},
        "fields": {"contact": {"email": "hidden"}},
    });
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let amy = app.member_as(&olga, "Amy", [RoleId(role.id("/id"))]).await;
    for (client, label) in [(&olga, "Changed E-mail of 2 contacts"), (&amy, "Changed 2 contacts")] {
        let shown = actions(&app, client, true).await;
        let bulk = shown.at("/items").as_array().unwrap().iter().find(|a| a["kind"] == "bulk");
        assert_eq!(bulk.unwrap()["label"], label);
    }
}

/// The circumstances of somebody who does a thing behind the scenes, up to where they died.
async fn dying(
    app: &TestApp,
    by: &Client,
    key: Option<Uuid>,
    kind: &'static str,
) -> CommandRequest {
    let organization = OrganizationId(by.organization);
    let (member, commands) = (MemberId(by.member), &app.app.commands);
    let actor = commands.actor_by(organization, member, key.map(ApiKeyId)).await.unwrap().unwrap();
    let reason = Some("Spring cleaning".to_owned());
    let request = commands.request(organization.into(), Caller::Member(actor), Origin::CLI, kind);
    CommandRequest { command_id: Some(request.action.0), reason, ..request }
}

/// The intent of an act on everything, and no job.
async fn intend(app: &TestApp, request: &CommandRequest, act: Act) -> Uuid {
    let plan = Plan {
        record_type: "contact".to_owned(),
        act,
        fields: Vec::new(),
        by: Selecting::Filter,
        intent: Some(Intent::default()),
    };
    app.app.bulks.start(request, plan, Vec::new()).await.unwrap().folded.stream.0
}

/// A job that is queued by nobody but whoever looks after what was set out for.
async fn found(app: &TestApp, by: &Client, id: Uuid) -> Answer {
    let organization = OrganizationId(by.organization);
    while app.app.jobs.get(organization, JobId(id)).await.is_err() {
        tokio::task::yield_now().await;
    }
    finish(app, by, JobId(id)).await.unwrap();
    by.get(&format!("/jobs/{id}")).send().await.expect_status(200)
}

#[tokio::test]
async fn what_was_set_out_for_by_a_server_that_died_is_carried_out_by_another() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mut paths = Vec::new();
    for name in ["Ana", "Ben"] {
        let made = olga.create("contacts", json!({"full_name": name})).await;
        paths.push(format!("/contacts/{}", made.id("/id")));
    }
    let deleted = async || {
        let mut deleted = 0;
        for path in &paths {
            deleted += u32::from(olga.get(path).send().await.at("/deleted") == true);
        }
        deleted
    };

    // By a program that may not do it, it is as little done as if it had lived.
    let ends = app.app.now() + chrono::TimeDelta::days(30);
    let scopes = json!(["contacts:read", "contacts:update"]);
    let key = json!({"name": "Robot", "scopes": scopes, "expires_at": ends});
    let key = olga.post("/api_keys").json(&key).send().await.expect_status(201).id("/id");
    let robot = dying(&app, &olga, Some(key), commands::bulk::KIND).await;
    let job = found(&app, &olga, intend(&app, &robot, Act::Delete).await).await;
    assert_eq!((job.text("/state"), deleted().await), ("failed".into(), 0), "{}", job.body);

    let act =
        intend(&app, &dying(&app, &olga, None, commands::bulk::KIND).await, Act::Delete).await;
    let job = found(&app, &olga, act).await;
    assert_eq!((job.text("/state"), deleted().await), ("done".into(), 2), "{}", job.body);
    assert_eq!(job.id("/created_by"), olga.member);

    let request = dying(&app, &olga, None, commands::undo::KIND).await;
    let request = CommandRequest { causation: Some(act), ..request };
    let undo = commands::undo::Undo::new(app.app.commands.clone());
    // As a request does: what an undo is about, the read models must show by then.
    actions(&app, &olga, false).await;
    undo.start(&request, ActionId(act)).await.unwrap();
    let job = found(&app, &olga, request.action.0).await;
    assert_eq!((job.text("/state"), deleted().await), ("done".into(), 0), "{}", job.body);
    let history = olga.get(&format!("{}/history", paths[0])).send().await.expect_status(200);
    for entry in 0..2 {
        assert_eq!(history.text(&format!("/items/{entry}/reason")), "Spring cleaning");
    }
    let shown = actions(&app, &olga, false).await;
    assert_eq!(shown.text("/items/0/label"), "Undone: deleted 2 contacts");
}

/// Keeps everybody from appending, for as long as the answer lives.
async fn hold(admin: &mut sqlx::PgConnection) -> sqlx::Transaction<'_, sqlx::Postgres> {
    let mut transaction = admin.begin().await.unwrap();
    sqlx::query("SELECT FROM hindsight.head FOR UPDATE").execute(&mut *transaction).await.unwrap();
    transaction
}

#[tokio::test]
async fn a_cancelled_act_keeps_what_it_did_and_can_be_undone() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    robins(&app, &olga, 1_200).await;
    let mut news = app.app.jobs.watch();
    let mut admin = app.own_database.admin().await;
    let started =
        bulk(&olga, json!({"filter": city("Bern")}), json!({"set": {"city": "Chur"}})).await;
    let id = started.expect_status(202).id("/job/id");
    while !news.recv().await.is_ok_and(|job| job.id.0 == id && job.done > 0) {}
    let held = hold(&mut admin).await;
    let path = format!("/jobs/{id}");
    let undo_now = olga.post(&format!("/actions/{id}/undo")).send().await;
    assert!(matches!(undo_now.status, 409 | 503), "{}", undo_now.body);
    olga.post(&format!("{path}/cancel")).send().await.expect_status(200);
    held.rollback().await.unwrap();
    finish(&app, &olga, JobId(id)).await.unwrap();
    let job = olga.get(&path).send().await;
    assert_eq!(job.text("/state"), "cancelled");
    let changed = job.at("/counts/changed").as_u64().unwrap();
    assert!((1..1_200).contains(&changed), "{changed}");
    assert_eq!(total(&app, &olga, city("Chur")).await, changed);
    assert_eq!(undo(&app, &olga, id).await["reverted"], changed);
    assert_eq!(total(&app, &olga, city("Bern")).await, 1_200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_was_killed_in_between_goes_on_and_does_nothing_twice() {
    let database = TestDatabase::create().await;
    let mut process = Process::start(BINARY, &database);
    let olga = owner(&process).await;
    for some in (0..600_u32).collect::<Vec<_>>().chunks(20) {
        let made = some.iter().map(|n| {
            olga.create("contacts", json!({"full_name": format!("Robin {n}"), "city": "Bern"}))
        });
        join_all(made).await;
    }
    let last = olga.create("contacts", json!({"full_name": "Last"})).await.position();
    olga.search("contacts", json!({}), last).await;
    let started =
        bulk(&olga, json!({"filter": city("Bern")}), json!({"set": {"city": "Chur"}})).await;
    let id = started.expect_status(202).id("/job/id");
    let path = format!("/jobs/{id}");
    while olga.get(&path).send().await.at("/done") == 0 {
        tokio::task::yield_now().await;
    }
    let mut admin = database.admin().await;
    let held = hold(&mut admin).await;
    process.kill();
    process.wait();
    held.rollback().await.unwrap();
    // As if its lease had run out.
    let gone = "UPDATE hindsight.job SET lease_until = '-infinity'";
    sqlx::query(gone).execute(&mut admin).await.unwrap();
    let half: (i64, String) = sqlx::query_as("SELECT done, state FROM hindsight.job WHERE id = $1")
        .bind(id)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert!(half.0 < 600 && half.1 == "running", "it was killed in between: {half:?}");

    let again = Process::start(BINARY, &database);
    let olga = log_in(&again).await;
    let events = olga.get(&format!("{path}/events")).send().await.expect_status(200);
    assert!(events.body.contains("\"state\":\"done\""));
    let job = olga.get(&path).send().await;
    assert_eq!(numbers(job.at("/result/counts")), [600, 600, 0, 0, 0, 0]);
    let changes: (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(DISTINCT stream_id) FROM hindsight.event
          WHERE type = 'contact.details_changed'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(changes, (600, 600), "each once");
}
