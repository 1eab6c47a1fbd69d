//! All, team, own: what a member's reach lets them see and change

use domain::reach::ReachLevel;
use hindsight_tests::{Client, TestApp};
use serde_json::json;

async fn labels(client: &Client, position: u64) -> Vec<String> {
    let page = client.search("contacts", json!({"sort": "name"}), position).await;
    page.labels().into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn each_reach_shows_just_its_records_everywhere() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let mia = app.member(&olga, "Mia", ReachLevel::Own).await;
    let tom = app.member(&olga, "Tom", ReachLevel::Team).await;
    let tom = app.give_team(&tom, &[&max]).await;
    let assign = async |name: &str, to: Option<&Client>| {
        let to = to.map(|client| client.member);
        olga.create("contacts", json!({"full_name": name, "assigned_to": to})).await
    };
    assign("Of Max", Some(&max)).await;
    let of_mia = assign("Of Mia", Some(&mia)).await;
    assign("Of Tom", Some(&tom)).await;
    let last = assign("Of Nobody", None).await.position();

    assert_eq!(labels(&olga, last).await, ["Of Max", "Of Mia", "Of Nobody", "Of Tom"]);
    assert_eq!(labels(&tom, last).await, ["Of Max", "Of Tom"]);
    assert_eq!(labels(&max, last).await, ["Of Max"]);
    for (client, count) in [(&olga, 4), (&tom, 2), (&max, 1)] {
        let total = client.get("/contacts/total").send().await.expect_status(200);
        assert_eq!(total.at("/value"), count);
        let found = client.search("contacts", json!({"q": "of"}), last).await;
        assert_eq!(found.labels().len(), count);
    }

    let path = format!("/contacts/{}", of_mia.id("/id"));
    for client in [&max, &tom] {
        client.get(&path).send().await.expect_problem(404, "not_found");
        for tail in ["/history", "/provenance"] {
            client.get(&format!("{path}{tail}")).send().await.expect_problem(404, "not_found");
        }
        let change = client.patch(&path).json(&json!({"city": "X"})).send().await;
        change.expect_problem(404, "not_found");
        client.delete(&path).send().await.expect_problem(404, "not_found");
        let restore = client.post(&format!("{path}/restore")).send().await;
        restore.expect_problem(404, "not_found");
        let revert = client.post(&format!("{path}/revert")).json(&json!({"to_version": 1})).send();
        revert.await.expect_problem(404, "not_found");
    }
    mia.patch(&path).json(&json!({"city": "X"})).send().await.expect_status(200);
}

#[tokio::test]
async fn what_somebody_of_limited_reach_makes_is_theirs() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let made = max.create("contacts", json!({"full_name": "Ana"})).await;
    assert_eq!(made.id("/assigned_to/id"), max.member);
    assert_eq!(labels(&max, made.position()).await, ["Ana"]);
}

#[tokio::test]
async fn a_changed_reach_ends_the_token_that_was_issued_before() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let tom = app.member(&olga, "Tom", ReachLevel::Own).await;
    tom.get("/users/me").send().await.expect_status(200);
    app.give_team(&tom, &[]).await;
    let refused = tom.get("/users/me").send().await;
    refused.expect_problem(401, "token_outdated");
}

#[tokio::test]
async fn others_changes_of_teams_leave_the_token_of_whose_reach_is_no_team() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let tom = app.member(&olga, "Tom", ReachLevel::Own).await;
    app.give_team(&tom, &[&max]).await;
    max.get("/users/me").send().await.expect_status(200);
}
