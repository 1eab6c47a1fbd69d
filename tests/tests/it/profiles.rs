//! Several organizations and profiles of one user.

use hindsight_tests::{PASSWORD, TestApp};
use serde_json::json;

#[tokio::test]
async fn a_user_founds_further_organizations_and_goes_over_to_them() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let found = || {
        let call = olga.post("/organizations").json(&json!({"name": "Branch"}));
        call.header("idempotency-key", "branch").send()
    };
    let branch = found().await.expect_status(201);
    assert_eq!(found().await.expect_status(201).json, branch.json, "the same attempt");
    let other = olga.post("/organizations").json(&json!({"name": "Other"}));
    let reused = other.header("idempotency-key", "branch").send().await;
    reused.expect_problem(422, "idempotency_key_reused");
    let nameless = olga.post("/organizations").json(&json!({"name": " "})).send().await;
    nameless.expect_problem(422, "invalid");

    let mine = olga.get("/organizations").send().await.expect_status(200);
    let names: Vec<_> =
        mine.at("/items").as_array().unwrap().iter().map(|item| item["name"].clone()).collect();
    assert_eq!(names, ["Acme", "Branch"]);
    assert_eq!(mine.at("/items/0/current"), true);

    let body = json!({"organization": branch.id("/organization"), "native": true});
    let over = olga.post("/auth/switch").json(&body).send().await.expect_status(200);
    let there = olga.with_token(&over.text("/access_token"));
    let me = there.get("/users/me").send().await.expect_status(200);
    assert_eq!((me.text("/organization/name"), me.at("/owner")), ("Branch".into(), &json!(true)));
    olga.get("/users/me").send().await.expect_problem(401, "no_session");
    let again = app.log_in(&olga.email, PASSWORD).await;
    assert_eq!(again.organization, branch.id("/organization"), "where they were last");
}

#[tokio::test]
async fn nobody_goes_over_to_what_is_not_theirs() {
    let app = TestApp::start().await;
    let (olga, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    for body in [json!({"organization": olga.organization}), json!({"member": olga.member})] {
        let refused = eve.post("/auth/switch").json(&body).send().await;
        refused.expect_problem(404, "not_found");
    }
    let both = json!({"organization": eve.organization, "member": eve.member});
    for body in [both, json!({})] {
        let refused = eve.post("/auth/switch").json(&body).send().await;
        refused.expect_problem(422, "one_of_two");
    }
    eve.get("/users/me").send().await.expect_status(200);
}

#[tokio::test]
async fn a_log_in_lands_elsewhere_when_the_last_organization_is_closed() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let branch = olga.post("/organizations").json(&json!({"name": "Branch"})).send().await;
    let branch = branch.expect_status(201).id("/organization");
    olga.post("/organization/close").json(&json!({"name": "Acme"})).send().await.expect_status(200);
    app.pass(chrono::TimeDelta::seconds(5));
    let body = json!({"organization": olga.organization});
    let shut = olga.post("/auth/switch").json(&body).send().await;
    shut.expect_problem(403, "organization_closed");
    assert_eq!(app.log_in(&olga.email, PASSWORD).await.organization, branch);
}

#[tokio::test]
async fn a_key_leads_to_no_session_no_other_organization_and_not_to_the_instance() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    app.make_administrator(&olga).await;
    let ends = app.app.now() + chrono::TimeDelta::days(9);
    let key = json!({"name": "Website", "scopes": ["contacts:read"], "expires_at": ends});
    let key = olga.post("/api_keys").json(&key).send().await.expect_status(201).text("/key");
    let program = olga.with_token(&key);
    let over = json!({"member": olga.member, "native": true});
    let over = program.post("/auth/switch").json(&over).send().await;
    over.expect_problem(403, "person_required");
    program.get("/organizations").send().await.expect_problem(403, "person_required");
    let found = program.post("/organizations").json(&json!({"name": "Branch"})).send().await;
    found.expect_problem(403, "person_required");
    program.get("/instance").send().await.expect_problem(403, "not_permitted");
    olga.get("/instance").send().await.expect_status(200);
}
