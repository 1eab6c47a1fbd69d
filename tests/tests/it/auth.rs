//! `/auth`, `/users/me` and `/sessions`

use api::config::SignUp;
use chrono::TimeDelta;
use hindsight_tests::{PASSWORD, TestApp};
use serde_json::json;
use store::vault::Purpose;

fn sign_up(email: &str) -> serde_json::Value {
    json!({"organization": "Acme", "full_name": "Ana", "email": email, "password": PASSWORD})
}

#[tokio::test]
async fn who_signs_up_owns_the_organization() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let me = olga.get("/users/me").send().await.expect_status(200);
    assert_eq!(me.text("/organization/name"), "Acme");
    assert_eq!(me.text("/display_name"), "Olga Owner");
    assert_eq!(me.text("/roles/0/name"), "Owner");
    assert_eq!(me.text("/permissions/contacts:purge"), "all");
    assert_eq!(me.at("/owner"), true);
    assert_eq!(me.at("/organization/simulated"), false);
}

#[tokio::test]
async fn an_address_has_one_account() {
    let app = TestApp::start().await;
    app.sign_up(&sign_up("ana@example.com")).await;
    let again = app.stranger().post("/auth/signup").json(&sign_up("ana@example.com")).send().await;
    again.expect_status(202);
    let verify = json!({"token": app.mailed(Purpose::VerifyEmail).await, "password": PASSWORD});
    let refused = app.stranger().post("/auth/email/verify").json(&verify).send().await;
    refused.expect_problem(422, "link_invalid");
}

#[tokio::test]
async fn a_weak_password_and_a_wrong_address_are_named_together() {
    let app = TestApp::start().await;
    let body = json!({"organization": "A", "full_name": "B", "email": "no", "password": "short"});
    let refused = app.stranger().post("/auth/signup").json(&body).send().await;
    let refused = refused.expect_problem(422, "invalid");
    let mut pointers: Vec<&str> = refused
        .at("/errors")
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/email", "/password"]);
}

#[tokio::test]
async fn nobody_signs_up_where_that_is_closed() {
    let app = TestApp::with(SignUp::Closed, 1_000).await;
    let refused = app.stranger().post("/auth/signup").json(&sign_up("ana@example.com")).send();
    refused.await.expect_problem(403, "not_permitted");
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_get_the_same_answer() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    app.sign_up(&sign_up("ana@example.com")).await;
    let log_in = |email: &str, password: &str| {
        stranger.post("/auth/login").json(&json!({"email": email, "password": password})).send()
    };
    log_in("ANA@example.com", PASSWORD).await.expect_status(200);
    let wrong = log_in("ana@example.com", "wrong password").await;
    let unknown = log_in("nobody@example.com", "wrong password").await;
    for mut answer in [wrong, unknown] {
        answer = answer.expect_problem(401, "wrong_credentials");
        assert_eq!(answer.text("/detail"), "This log-in and password do not belong together.");
    }
}

#[tokio::test]
async fn the_browsers_token_is_a_cookie_that_only_our_own_pages_may_use() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    app.sign_up(&sign_up("ana@example.com")).await;
    let credentials = json!({"email": "ana@example.com", "password": PASSWORD});
    let entered = stranger.post("/auth/login").json(&credentials).send().await.expect_status(200);
    assert!(entered.json.get("refresh_token").is_none(), "not in the body: {}", entered.body);
    let cookie = entered.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap();
    let refresh =
        |cookie: &str| stranger.post("/auth/refresh").json(&json!({})).header("cookie", cookie);
    refresh(pair).send().await.expect_problem(403, "foreign_origin");
    let foreign = refresh(pair).header("origin", "https://evil.example").send().await;
    foreign.expect_problem(403, "foreign_origin");
    let renewed = refresh(pair).header("origin", &app.base).send().await.expect_status(200);
    assert!(renewed.header("set-cookie").starts_with("hindsight_refresh="));
    renewed.text("/access_token");
    stranger.post("/auth/refresh").json(&json!({})).send().await.expect_problem(401, "no_session");
}

#[tokio::test]
async fn a_used_refresh_token_ends_its_session() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let entered = app.sign_up(&sign_up("ana@example.com")).await;
    let first = entered.text("/refresh_token");
    let refresh =
        |token: &str| stranger.post("/auth/refresh").json(&json!({"refresh_token": token})).send();
    let second = refresh(&first).await.expect_status(200).text("/refresh_token");
    let third = refresh(&second).await.expect_status(200).text("/refresh_token");
    app.pass(TimeDelta::minutes(1));
    refresh(&first).await.expect_problem(401, "no_session");
    refresh(&third).await.expect_problem(401, "no_session");
}

#[tokio::test]
async fn an_access_token_runs_out_after_ten_minutes() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    app.pass(TimeDelta::minutes(9));
    olga.get("/users/me").send().await.expect_status(200);
    app.pass(TimeDelta::minutes(2));
    olga.get("/users/me").send().await.expect_problem(401, "token_invalid");
}

#[tokio::test]
async fn a_token_must_be_there_and_be_ours() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    app.stranger().get("/users/me").send().await.expect_problem(401, "token_missing");
    let refused = olga.with_token("nonsense").get("/users/me").send().await;
    let refused = refused.expect_problem(401, "token_invalid");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    let mut parts: Vec<&str> = olga.token().split('.').collect();
    parts[2] = "AAAA";
    let forged = parts.join(".");
    olga.with_token(&forged).get("/users/me").send().await.expect_problem(401, "token_invalid");
}

#[tokio::test]
async fn a_log_out_ends_the_session_at_once() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    olga.post("/auth/logout").send().await.expect_status(204);
    olga.get("/users/me").send().await.expect_problem(401, "no_session");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_at_once() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let entered = app.sign_up(&sign_up("ana@example.com")).await;
    let here = stranger.with_token(&entered.text("/access_token"));
    let there = app.log_in("ana@example.com", PASSWORD).await;

    let sessions = here.get("/sessions").send().await.expect_status(200);
    let items = sessions.at("/items").as_array().unwrap();
    assert_eq!(items.len(), 2);
    let other = items.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/sessions/{}", other["id"].as_str().unwrap());
    here.delete(&path).send().await.expect_status(204);
    there.get("/users/me").send().await.expect_problem(401, "no_session");

    let ended = here.post("/auth/logout_all").send().await.expect_status(200);
    assert_eq!(ended.at("/sessions"), 1);
    here.get("/users/me").send().await.expect_problem(401, "no_session");
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let app = TestApp::start().await;
    let (olga, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let sessions = olga.get("/sessions").send().await.expect_status(200);
    let path = format!("/sessions/{}", sessions.text("/items/0/id"));
    eve.delete(&path).send().await.expect_problem(404, "not_found");
    olga.get("/users/me").send().await.expect_status(200);
}

#[tokio::test]
async fn too_many_attempts_are_told_when_to_come_back() {
    let app = TestApp::with(SignUp::Open, 3).await;
    let body = json!({"email": "nobody@example.com", "password": "wrong password"});
    for _ in 0..3 {
        let refused = app.stranger().post("/auth/login").json(&body).send().await;
        refused.expect_problem(401, "wrong_credentials");
    }
    let refused = app.stranger().post("/auth/login").json(&body).send().await;
    let refused = refused.expect_problem(429, "too_many_attempts");
    assert_eq!(refused.header("retry-after"), "1");
    app.pass(TimeDelta::minutes(1));
    let again = app.stranger().post("/auth/login").json(&body).send().await;
    again.expect_problem(401, "wrong_credentials");
}
