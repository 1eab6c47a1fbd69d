//! The instance: who may sign up, maintenance of everything, administrators.

use api::config::SignUp;
use chrono::TimeDelta;
use domain::instance::InstanceCommand;
use hindsight_tests::{PASSWORD, TestApp};
use serde_json::json;
use store::vault::Purpose;

fn sign_up(email: &str) -> serde_json::Value {
    json!({"organization": "Acme", "full_name": "Ana Lima", "email": email, "password": PASSWORD})
}

#[tokio::test]
async fn only_administrators_of_the_instance_decide_for_all() {
    let app = TestApp::start().await;
    let (ivo, olga) = (app.owner("Instance").await, app.owner("Acme").await);
    olga.get("/instance").send().await.expect_problem(403, "not_permitted");
    let closed = json!({"sign_up": "closed"});
    olga.patch("/instance").json(&closed).send().await.expect_problem(403, "not_permitted");
    app.make_administrator(&ivo).await;
    let instance = ivo.get("/instance").send().await.expect_status(200);
    assert_eq!(
        (instance.text("/sign_up"), instance.at("/maintenance")),
        ("open".into(), &json!(false))
    );
    assert_eq!(instance.text("/administrators/0/email"), ivo.email);

    let changed = ivo.patch("/instance").json(&closed).send().await.expect_status(200);
    assert_eq!(changed.text("/sign_up"), "closed");
    let refused = app.stranger().post("/auth/signup").json(&sign_up("a@example.com")).send().await;
    refused.expect_problem(403, "not_permitted");
    let body = json!({"name": "Further"});
    olga.post("/organizations").json(&body).send().await.expect_problem(403, "not_permitted");
    ivo.post("/organizations").json(&body).send().await.expect_status(201);
    let unknown = json!({"sign_up": "maybe"});
    ivo.patch("/instance").json(&unknown).send().await.expect_problem(422, "invalid");
}

#[tokio::test]
async fn strangers_learn_whether_they_may_sign_up_before_they_try() {
    let app = TestApp::with(SignUp::InviteOnly, 1_000).await;
    let shown = async || app.stranger().get("/public").send().await.expect_status(200).json;
    // As configured, until somebody decides otherwise.
    assert_eq!(shown().await, json!({"sign_up": "invite_only", "maintenance": false}));
    for (mode, maintenance) in [(SignUp::Open, false), (SignUp::Closed, true)] {
        let request = app.by_operator();
        let decided =
            vec![InstanceCommand::SetSignUp(mode), InstanceCommand::SetMaintenance(maintenance)];
        app.app.identity.administer(&request, None, decided).await.unwrap();
        app.pass(TimeDelta::seconds(5));
        let expected = json!({"sign_up": mode.as_str(), "maintenance": maintenance});
        assert_eq!(shown().await, expected);
    }
}

#[tokio::test]
async fn administrators_come_and_go() {
    let app = TestApp::start().await;
    let (ivo, olga) = (app.owner("Instance").await, app.owner("Acme").await);
    app.make_administrator(&ivo).await;
    let body = json!({"email": olga.email});
    ivo.post("/instance/administrators").json(&body).send().await.expect_status(200);
    let body = json!({"email": "nobody@example.com"});
    let nobody = ivo.post("/instance/administrators").json(&body).send().await;
    nobody.expect_problem(422, "invalid");
    app.pass(TimeDelta::seconds(5));
    let path = format!("/instance/administrators/{}", ivo.user);
    olga.delete(&path).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    ivo.get("/instance").send().await.expect_problem(403, "not_permitted");
    olga.delete(&path).send().await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn under_maintenance_of_the_instance_only_its_administrators_enter() {
    let app = TestApp::start().await;
    let (ivo, olga) = (app.owner("Instance").await, app.owner("Acme").await);
    app.make_administrator(&ivo).await;
    let on = json!({"maintenance": true});
    ivo.patch("/instance").json(&on).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let refused = olga.get("/meta").send().await.expect_problem(503, "instance_maintenance");
    assert_eq!(refused.header("retry-after"), "60");
    let refused = app.stranger().post("/auth/signup").json(&sign_up("a@example.com")).send().await;
    refused.expect_problem(503, "instance_maintenance");

    let stranger = app.stranger();
    let page = stranger.get("//").header("accept", "text/html").send().await.expect_status(503);
    assert_eq!(page.header("retry-after"), "60");
    assert!(page.body.contains("under maintenance"), "{}", page.body);
    stranger.get("//").send().await.expect_problem(503, "instance_maintenance");
    stranger.get("//healthz").send().await.expect_status(200);
    stranger.get("//readyz").send().await.expect_status(200);

    let ivo = app.log_in(&ivo.email, PASSWORD).await;
    ivo.get("/meta").send().await.expect_status(200);
    let off = json!({"maintenance": false});
    ivo.patch("/instance").json(&off).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    olga.get("/meta").send().await.expect_status(200);
}

#[tokio::test]
async fn an_administrator_who_reloads_a_page_under_maintenance_gets_back_to_it() {
    let app = TestApp::start().await;
    let ivo = app.owner("Instance").await;
    app.make_administrator(&ivo).await;
    let on = json!({"maintenance": true});
    ivo.patch("/instance").json(&on).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let open = async |address: &str| {
        app.stranger().get(&format!("//{address}")).header("accept", "text/html").send().await
    };
    for (page, query, door) in [
        ("contacts", "q=ana&sort=-name", "?administrator&amp;q=ana&amp;sort=-name"),
        ("contacts/17", "tab='history'", "?administrator&amp;tab=%27history%27"),
        ("portal", "", "?administrator"),
    ] {
        let closed = open(&format!("{page}?{query}")).await.expect_status(503);
        assert!(closed.body.contains(&format!("<a href=\"{door}\">")), "{}", closed.body);
        let way = format!("{page}{}", door.replace("&amp;", "&"));
        let shell = open(&way).await.expect_status(200);
        assert!(shell.body.contains("<div id=\"root\">"), "{way}: {}", shell.body);
    }
}

#[tokio::test]
async fn sign_up_by_invitation_alone_lets_no_stranger_in() {
    let app = TestApp::with(SignUp::InviteOnly, 1_000).await;
    let refused = app.stranger().post("/auth/signup").json(&sign_up("a@example.com")).send().await;
    refused.expect_problem(403, "not_permitted");
}

#[tokio::test]
async fn who_confirms_a_sign_up_is_held_to_what_holds_then_and_keeps_the_link() {
    let app = TestApp::start().await;
    let (ivo, olga) = (app.owner("Instance").await, app.owner("Acme").await);
    app.make_administrator(&ivo).await;
    let asked = app.stranger().post("/auth/signup").json(&sign_up("ana@example.com")).send().await;
    asked.expect_status(202);
    let token = app.mailed(Purpose::VerifyEmail).await;
    let change = async |changes: serde_json::Value| {
        let ivo = app.log_in(&ivo.email, PASSWORD).await;
        ivo.patch("/instance").json(&changes).send().await.expect_status(200);
        app.pass(TimeDelta::seconds(5));
    };
    let confirm = async |token: &str| {
        let body = json!({"token": token, "password": PASSWORD});
        app.stranger().post("/auth/email/verify").json(&body).send().await
    };

    change(json!({"maintenance": true})).await;
    for token in [&*token, "garbage"] {
        let refused = confirm(token).await.expect_problem(503, "instance_maintenance");
        assert_eq!(refused.header("retry-after"), "60");
    }
    change(json!({"maintenance": false, "sign_up": "closed"})).await;
    confirm(&token).await.expect_problem(403, "not_permitted");
    // Who is a user goes on as before.
    let olga = app.log_in(&olga.email, PASSWORD).await;
    let body = json!({"email": "olga@example.net"});
    olga.post("/auth/email/change").json(&body).send().await.expect_status(202);
    confirm(&app.mailed(Purpose::VerifyEmail).await).await.expect_status(204);

    change(json!({"sign_up": "open"})).await;
    confirm(&token).await.expect_status(200);
    confirm(&token).await.expect_problem(422, "link_invalid");
}

#[tokio::test]
async fn the_pages_that_mails_link_to_are_closed_by_the_instances_maintenance_alone() {
    let app = TestApp::start().await;
    let (ivo, olga) = (app.owner("Instance").await, app.owner("Acme").await);
    app.make_administrator(&ivo).await;
    let pages =
        ["verify-email", "reset-password", "invitation", "set-password", "confirm-registration"];
    let open = async |path: &str| {
        app.stranger().get(&format!("//{path}")).header("accept", "text/html").send().await
    };
    let on = json!({"maintenance": true});
    olga.patch("/organization").json(&on).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    for page in pages {
        let shell = open(page).await.expect_status(200);
        assert!(shell.body.contains("<div id=\"root\">"), "{page}: {}", shell.body);
    }
    ivo.patch("/instance").json(&on).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    for page in pages {
        let closed = open(page).await.expect_status(503);
        assert_eq!(closed.header("retry-after"), "60");
        assert!(closed.body.contains("under maintenance"), "{page}: {}", closed.body);
    }
    open("app/icon.svg").await.expect_status(200);
}
