//! `/search`: the same words over all records

use chrono::SecondsFormat;
use commands::Clock as _;
use domain::ids::RoleId;
use domain::reach::ReachLevel;
use hindsight_tests::{Answer, Client, TestApp};
use serde_json::{Value, json};

async fn search(by: &Client, body: Value, position: u64) -> Answer {
    let call = by.post("/search").json(&body);
    let call = call.header("hindsight-min-position", &position.to_string());
    call.send().await.expect_status(200)
}

/// Type and labels of each group.
fn found(answer: &Answer) -> Vec<(&str, Vec<&str>)> {
    let groups = answer.at("/groups").as_array().unwrap().iter();
    groups
        .map(|group| {
            let items = group["items"].as_array().unwrap().iter();
            let labels = items.map(|item| item["label"].as_str().unwrap()).collect();
            (group["type"].as_str().unwrap(), labels)
        })
        .collect()
}

#[tokio::test]
async fn words_find_records_of_all_types_while_they_are_typed() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let company = json!({"name": "Meier AG", "city": "Bern"});
    let company = olga.create("companies", company).await.id("/id");
    let eva = json!({"full_name": "Eva Meier", "company": company, "email": "eva@example.com"});
    let eva = olga.create("contacts", eva).await;
    let last = olga.create("contacts", json!({"full_name": "Max Rot"})).await.position();

    let both = search(&olga, json!({"q": "meier"}), last).await;
    assert_eq!(found(&both), [("contact", vec!["Eva Meier"]), ("company", vec!["Meier AG"])]);
    assert_eq!(both.id("/groups/0/items/0/id"), eva.id("/id"));
    assert_eq!(both.text("/groups/0/items/0/detail"), "Meier AG · eva@example.com");
    assert_eq!(both.text("/groups/1/items/0/detail"), "Bern");
    assert_eq!(both.text("/groups/1/label"), "Companies");
    assert_eq!(found(&search(&olga, json!({"q": "ev me"}), last).await).len(), 1);
    assert_eq!(found(&search(&olga, json!({"q": "mei eva@"}), last).await).len(), 1);
    for nothing in ["", " ", "+", "meier rot"] {
        assert_eq!(search(&olga, json!({"q": nothing}), last).await.at("/groups"), &json!([]));
    }
    let same = olga.get("/search?q=meier").send().await.expect_status(200);
    assert_eq!(same.json, both.json);
    olga.get("/search").send().await.expect_problem(400, "invalid_parameter");
    olga.get("/search?q=a&limit=51").send().await.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn a_group_says_whether_there_is_more() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mut position = 0;
    for n in 0..3 {
        let name = json!({"full_name": format!("Robin {n}")});
        position = olga.create("contacts", name).await.position();
    }
    for (limit, more) in [(2, true), (3, false)] {
        let answer = search(&olga, json!({"q": "robin", "limit": limit}), position).await;
        assert_eq!(found(&answer)[0].1.len(), limit);
        assert_eq!(answer.at("/groups/0/more"), more);
    }
}

#[tokio::test]
async fn nobody_finds_more_than_they_see() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let role = json!({
        "name": "Junior", "fields": {"contact": {"email": "hidden"}},
        "permissions": {"contacts:read": "all"},
    });
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let eve = app.member_as(&olga, "Eve", [RoleId(role.id("/id"))]).await;
    let nobody = app.member_as(&olga, "Nora", []).await;
    olga.create("companies", json!({"name": "Robin AG"})).await;
    let hidden = json!({"full_name": "Zoe", "email": "robin@example.org"});
    olga.create("contacts", hidden).await;
    let own = json!({
        "full_name": "Robin", "email": "secret@example.org", "assigned_to": max.member,
    });
    let last = olga.create("contacts", own).await.position();

    let robin = json!({"q": "robin"});
    let all = search(&olga, robin.clone(), last).await;
    assert_eq!(found(&all), [("contact", vec!["Robin", "Zoe"]), ("company", vec!["Robin AG"])]);
    let of_max = search(&max, robin.clone(), last).await;
    assert_eq!(found(&of_max), [("contact", vec!["Robin"])]);
    let of_eve = search(&eve, robin.clone(), last).await;
    assert_eq!(found(&of_eve), [("contact", vec!["Robin"])]);
    assert!(!of_eve.body.contains("example.org"), "{}", of_eve.body);
    assert_eq!(found(&search(&nobody, robin, last).await), []);
}

#[tokio::test]
async fn the_past_is_searched_as_it_was() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = olga.create("contacts", json!({"full_name": "Robin"})).await;
    app.pass(chrono::TimeDelta::seconds(1));
    let then = app.clock.now().to_rfc3339_opts(SecondsFormat::Micros, true);
    app.pass(chrono::TimeDelta::seconds(1));
    let path = format!("/contacts/{}", made.id("/id"));
    let change = json!({"full_name": "Sascha"});
    let last = olga.patch(&path).json(&change).send().await.expect_status(200).position();
    assert_eq!(found(&search(&olga, json!({"q": "robin"}), last).await), []);
    let past = olga.post("/search").header("prefer", "wait=20");
    let past = past.json(&json!({"q": "robin", "as_of": then})).send().await.expect_status(200);
    assert_eq!(found(&past), [("contact", vec!["Robin"])]);
}
