//! `/actions`: what was done in one gesture, and taking it back

use crate::imports::{finish, import};
use domain::ids::{JobId, OrganizationId, RoleId};
use domain::reach::ReachLevel;
use hindsight_tests::{Answer, Client, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

/// The action that an answer tells of.
fn action(answer: &Answer) -> Uuid {
    answer.header("hindsight-action").parse().unwrap()
}

async fn undo(by: &Client, action: Uuid) -> Answer {
    by.post(&format!("/actions/{action}/undo")).send().await
}

async fn preview(by: &Client, action: Uuid) -> Answer {
    by.post(&format!("/actions/{action}/undo?preview=true")).send().await
}

async fn get(by: &Client, path: &str, position: u64) -> Answer {
    let call = by.get(path).header("hindsight-min-position", &position.to_string());
    call.send().await.expect_status(200)
}

fn counts(answer: &Answer) -> (u64, u64, u64, u64, u64) {
    let count = |name: &str| answer.at(&format!("/counts/{name}")).as_u64().unwrap();
    (count("reverted"), count("partly"), count("kept"), count("unchanged"), count("refused"))
}

/// A contact with its path.
async fn contact(by: &Client, fields: Value) -> (Answer, String) {
    let made = by.create("contacts", fields).await;
    let path = format!("/contacts/{}", made.id("/id"));
    (made, path)
}

async fn change(by: &Client, path: &str, fields: Value) -> Answer {
    by.patch(path).json(&fields).send().await.expect_status(200)
}

#[tokio::test]
async fn an_edit_is_undone_and_what_was_changed_since_is_kept() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let (_, path) = contact(&olga, json!({"full_name": "Ana", "city": "Bern", "title": "A"})).await;
    let edit = change(&olga, &path, json!({"city": "Basel", "title": "B"})).await;
    change(&olga, &path, json!({"title": "C"})).await;

    let would = preview(&olga, action(&edit)).await.expect_status(200);
    assert_eq!((would.at("/preview"), would.at("/action")), (&json!(true), &Value::Null));
    assert_eq!(counts(&would), (1, 1, 0, 0, 0));
    assert_eq!(would.at("/records/0/kept"), &json!(["title"]));
    let before = olga.get(&path).send().await;
    assert_eq!(before.text("/city"), "Basel", "a preview changes nothing");

    let done = undo(&olga, action(&edit)).await.expect_status(200);
    assert_eq!(done.at("/records"), would.at("/records"));
    let now = olga.get(&path).send().await;
    assert_eq!((now.text("/city"), now.text("/title")), ("Bern".into(), "C".into()));
    let history = olga.get(&format!("{path}/history")).send().await;
    assert_eq!(history.text("/items/0/action/kind"), "undo");
    assert_eq!(history.id("/items/0/action/id"), done.id("/action"));
    assert_eq!(counts(&undo(&olga, action(&edit)).await.expect_status(200)), (0, 0, 1, 0, 0));

    undo(&olga, done.id("/action")).await.expect_status(200);
    assert_eq!(olga.get(&path).send().await.text("/city"), "Basel", "the undo was undone");
}

#[tokio::test]
async fn making_is_undone_by_deleting_and_deleting_by_restoring() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let (made, path) = contact(&olga, json!({"full_name": "Ana"})).await;
    let done = undo(&olga, action(&made)).await.expect_status(200);
    assert_eq!(olga.get(&path).send().await.at("/deleted"), true);
    undo(&olga, done.id("/action")).await.expect_status(200);
    assert_eq!(olga.get(&path).send().await.at("/deleted"), false);

    let deleted = olga.delete(&path).send().await.expect_status(200);
    let back = undo(&olga, action(&deleted)).await.expect_status(200);
    assert_eq!(olga.get(&path).send().await.at("/deleted"), false);
    let one = get(&olga, &format!("/actions/{}", back.id("/action")), back.position()).await;
    assert_eq!(one.text("/action/label"), "Undone: contact deleted", "and not: contact restored");

    change(&olga, &path, json!({"city": "Bern"})).await;
    let kept = undo(&olga, action(&made)).await.expect_status(200);
    assert_eq!(counts(&kept), (0, 0, 1, 0, 0), "what was worked on since is not thrown away");
    let same = change(&olga, &path, json!({"city": "Bern"})).await;
    assert!(same.headers.get("hindsight-action").is_none(), "nothing changed");
}

#[tokio::test]
async fn recent_actions_are_ones_own_newest_first() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let (first, path) = contact(&max, json!({"full_name": "Ana"})).await;
    let second = change(&max, &path, json!({"city": "Bern"})).await;
    let (theirs, _) = contact(&olga, json!({"full_name": "Ben"})).await;
    let done = undo(&max, action(&second)).await.expect_status(200);
    let page = get(&max, "/actions?mine=true&limit=2", done.position()).await;
    let ids = |page: &Answer| {
        let items = page.at("/items").as_array().unwrap().iter();
        items.map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect::<Vec<Uuid>>()
    };
    assert_eq!(ids(&page), [done.id("/action"), action(&second)]);
    assert_eq!(page.id("/items/0/undoes"), action(&second));
    assert_eq!(page.id("/items/1/undone_by"), done.id("/action"));
    assert_eq!(page.at("/items/1/undo/possible"), false);
    assert_eq!(page.text("/items/1/label"), "Contact details changed");
    assert_eq!(page.text("/items/0/label"), "Undone: contact details changed");
    assert_eq!(page.text("/items/1/actor/name"), "Max");
    let rest = format!("/actions?mine=true&limit=2&cursor={}", page.text("/next_cursor"));
    assert_eq!(ids(&get(&max, &rest, 0).await)[0], action(&first));

    max.get("/actions").send().await.expect_problem(403, "not_permitted");
    let all = get(&olga, "/actions", done.position()).await;
    assert!(ids(&all).contains(&action(&theirs)) && ids(&all).contains(&action(&first)));
    let one = get(&max, &format!("/actions/{}", action(&first)), done.position()).await;
    assert_eq!(
        (one.text("/action/kind"), one.text("/records/0/label")),
        ("create".into(), "Ana".into())
    );
    let again = undo(&max, done.id("/action")).await.expect_status(200);
    let page = get(&max, "/actions?mine=true&limit=3", again.position()).await;
    assert_eq!(page.text("/items/0/label"), "Redone: contact details changed");
    assert_eq!(page.id("/items/0/undoes"), done.id("/action"));
    assert_eq!(page.at("/items/2/undone_by"), &Value::Null, "the undo is not in force any more");
    assert_eq!(page.id("/items/1/undone_by"), again.id("/action"));
}

#[tokio::test]
async fn nobody_undoes_what_they_might_not_do_by_hand() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let role = json!({
        "name": "Reader", "fields": {"contact": {"email": "hidden", "notes": "read_only"}},
        "permissions": {"contacts:read": "all", "contacts:update": "own"},
    });
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let eve = app.member_as(&olga, "Eve", [RoleId(role.id("/id"))]).await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let (_, path) = contact(&olga, json!({"full_name": "Ana", "city": "Bern"})).await;
    let edit = change(&olga, &path, json!({"city": "Basel"})).await;
    undo(&max, action(&edit)).await.expect_problem(404, "not_found");
    max.get(&format!("/actions/{}", action(&edit))).send().await.expect_problem(404, "not_found");
    let refused = undo(&eve, action(&edit)).await.expect_problem(422, "not_reversible");
    assert_eq!(refused.text("/detail"), "You may not change it back.");
    let (fresh, _) = contact(&olga, json!({"full_name": "Ben"})).await;
    let refused = undo(&eve, action(&fresh)).await.expect_problem(422, "not_reversible");
    assert_eq!(refused.text("/detail"), "You may not change it back.");

    change(&olga, &path, json!({"assigned_to": eve.member})).await;
    undo(&eve, action(&edit)).await.expect_status(200);
    for (secret, told) in [
        (json!({"email": "secret@example.org", "city": "Rom"}), "fields that you may not change"),
        (json!({"notes": "new"}), "but not change it"),
    ] {
        let edit = change(&olga, &path, secret).await;
        let refused = undo(&eve, action(&edit)).await.expect_problem(422, "not_reversible");
        assert!(refused.text("/detail").contains(told), "{}", refused.body);
        assert!(!refused.body.contains("email"), "{}", refused.body);
    }
    change(&olga, &path, json!({"assigned_to": olga.member})).await;
    let back = change(&olga, &path, json!({"assigned_to": eve.member})).await;
    let refused = undo(&eve, action(&back)).await.expect_problem(422, "not_reversible");
    assert_eq!(refused.text("/detail"), "You may not assign records to others.");
}

#[tokio::test]
async fn views_and_pick_lists_are_undone_and_rights_are_not() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let view = json!({"record_type": "contacts", "name": "In Bern"});
    let view = olga.post("/views").json(&view).send().await.expect_status(201);
    let path = format!("/views/{}", view.id("/id"));
    let rename = json!({"name": "Berne"});
    let renamed = olga.patch(&path).json(&rename).send().await.expect_status(200);
    undo(&max, action(&renamed)).await.expect_problem(404, "not_found");
    undo(&olga, action(&renamed)).await.expect_status(200);
    assert_eq!(olga.get(&path).send().await.text("/name"), "In Bern");

    let tag = olga.post("/tags").json(&json!({"label": "vip"})).send().await.expect_status(201);
    let tag = format!("/tags/{}", tag.id("/id"));
    olga.patch(&tag).json(&json!({"label": "Very"})).send().await.expect_status(200);
    let newest = async |position: u64| {
        get(&olga, "/actions?mine=true&limit=1", position).await.id("/items/0/id")
    };
    let head = app.app.commands.log().head(OrganizationId(olga.organization).into());
    let position = head.await.unwrap().position;
    let rename = newest(position).await;
    let refused = undo(&max, rename).await.expect_problem(422, "not_reversible");
    assert_eq!(refused.text("/detail"), "You may not change it back.");
    undo(&olga, rename).await.expect_status(200);
    let tags = olga.get("/tags").send().await.expect_status(200);
    assert_eq!(tags.text("/values/0/label"), "Vip");

    let role = json!({"name": "Fair", "permissions": {}});
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let position = role.position();
    let made = newest(position).await;
    let refused = undo(&olga, made).await.expect_problem(422, "not_reversible");
    assert_eq!(refused.text("/detail"), "Rights are granted and withdrawn, not undone.");
    let one = get(&olga, &format!("/actions/{made}"), position).await;
    assert_eq!(one.at("/action/undo/possible"), false);
}

#[tokio::test]
async fn an_undo_sent_again_is_the_same_undo() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let (_, path) = contact(&olga, json!({"full_name": "Ana", "city": "Bern"})).await;
    let edit = change(&olga, &path, json!({"city": "Basel"})).await;
    let send = || {
        let call = olga.post(&format!("/actions/{}/undo", action(&edit)));
        call.header("idempotency-key", "once").header("hindsight-reason", "Mistaken").send()
    };
    let first = send().await.expect_status(200);
    let version = olga.get(&path).send().await.at("/version").clone();
    let second = send().await.expect_status(200);
    assert_eq!(first.json, second.json);
    assert_eq!(olga.get(&path).send().await.at("/version"), &version);
    let history = olga.get(&format!("{path}/history")).send().await;
    assert_eq!(history.text("/items/0/reason"), "Mistaken");
    undo(&olga, Uuid::now_v7()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_whole_import_is_undone_by_a_job() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let rows: Vec<_> = (0..130).map(|n| format!("Robin {n},Bern\n")).collect();
    let file = format!("Full Name,City\n{}", rows.concat());
    let job = import(&app, &olga, &file, "robins.csv").await;
    finish(&app, &olga, job).await.unwrap();
    let log = store::LogId(olga.organization);
    let head = async || app.app.commands.log().head(log).await.unwrap().position;
    let page = olga.search("contacts", json!({"q": "robin", "limit": 1}), head().await).await;
    let path = format!("/contacts/{}", page.id("/items/0/id"));
    change(&olga, &path, json!({"city": "Basel"})).await;
    let history = olga.get(&format!("{path}/history")).send().await;
    let action = history.id("/items/1/action/id");

    let finished = async |answer: Answer| {
        let job = JobId(answer.expect_status(202).id("/job/id"));
        finish(&app, &olga, job).await.unwrap();
        let job = olga.get(&format!("/jobs/{}", job.0)).send().await.expect_status(200);
        assert_eq!(job.text("/state"), "done");
        job.at("/result").clone()
    };
    let would = finished(preview(&olga, action).await).await;
    assert_eq!((&would["counts"]["reverted"], &would["counts"]["kept"]), (&json!(129), &json!(1)));
    assert_eq!(would["action"], Value::Null);
    let mistaken = olga.post(&format!("/actions/{action}/undo"));
    let mistaken = mistaken.header("hindsight-reason", "Mistaken").send().await;
    let done = finished(mistaken).await;
    assert_eq!(done["counts"], would["counts"]);
    let left = olga.search("contacts", json!({"q": "robin"}), head().await).await;
    assert_eq!(left.at("/total/value"), 1);
    let undone: Uuid = done["action"].as_str().unwrap().parse().unwrap();
    let one = get(&olga, &format!("/actions/{undone}"), head().await).await;
    assert_eq!((one.at("/action/records"), one.at("/more")), (&json!(129), &json!(true)));
    assert_eq!(one.at("/action/types"), &json!(["contact"]));
    let label = one.text("/action/label");
    assert!(label.starts_with("Undone: import started and 13"), "{label}");
    let robin = format!("/contacts/{}/history", one.id("/records/0/id"));
    let history = olga.get(&robin).send().await.expect_status(200);
    assert_eq!(
        (history.text("/items/0/reason"), history.text("/items/0/actor/kind")),
        ("Mistaken".into(), "user".into())
    );
    let back = finished(undo(&olga, undone).await).await;
    assert_eq!(back["counts"]["reverted"], 129);
    let all = olga.search("contacts", json!({"q": "robin"}), head().await).await;
    assert_eq!(all.at("/total/value"), 130);
}
