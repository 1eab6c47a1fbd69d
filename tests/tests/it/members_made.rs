//! Members made without mail, and help with passwords.

use chrono::TimeDelta;
use domain::ids::OrganizationId;
use domain::instance::{InstanceCommand, SignUpMode};
use domain::reach::ReachLevel;
use domain::role::Builtin;
use hindsight_tests::{Answer, Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use store::vault::Purpose;
use uuid::Uuid;

const OTHER: &str = "another horse 8 battery";

fn role(by: &Client, role: Builtin) -> Uuid {
    role.id(OrganizationId(by.organization)).0
}

fn nick(by: &Client, to: Builtin) -> Value {
    json!({
        "display_name": "Nick Noname", "username": "Nick.N", "profile": "staff",
        "roles": [role(by, to)],
    })
}

async fn make(by: &Client, body: &Value) -> Answer {
    by.post("/members").json(body).send().await
}

/// What stands behind the `#` of a link that was answered.
fn token(answer: &Answer) -> String {
    let url = answer.text("/link/url");
    let (page, token) = url.split_once("#token=").expect("a link");
    assert!(page.ends_with("/set-password"), "{url}");
    token.to_owned()
}

async fn set(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "password": password, "native": true});
    app.stranger().post("/auth/password/set").json(&body).send().await
}

async fn enters(app: &TestApp, login: &str, password: &str) -> bool {
    let body = json!({"email": login, "password": password});
    app.stranger().post("/auth/login").json(&body).send().await.status == 200
}

#[tokio::test]
async fn a_member_without_mail_gets_a_link_to_choose_their_password() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let team = olga.post("/teams").json(&json!({"name": "North"})).send().await.id("/id");
    let mut body = nick(&olga, Builtin::Sales);
    body["team"] = json!(team);
    let made = make(&olga, &body).await.expect_status(201);
    assert_eq!(
        (made.text("/state"), made.text("/roles/0/label")),
        ("active".into(), "Sales".into())
    );
    assert_eq!(made.at("/reached_by_mail"), &json!(false));
    assert!(!enters(&app, "nick.n", PASSWORD).await);
    let token = token(&made);
    set(&app, &token, "password1").await.expect_problem(422, "invalid");
    let entered = set(&app, &token, PASSWORD).await.expect_status(200);
    let nick = olga.with_token(&entered.text("/access_token"));
    let me = nick.get("/users/me").send().await.expect_status(200);
    assert_eq!(me.id("/member"), made.id("/id"));
    assert_eq!((me.at("/email"), me.text("/full_name")), (&Value::Null, "Nick Noname".into()));
    assert!(enters(&app, "NICK.N", PASSWORD).await);
    set(&app, &token, OTHER).await.expect_problem(422, "link_invalid");
    let north = olga.get(&format!("/teams/{team}")).send().await.expect_status(200);
    assert_eq!(north.at("/members"), &json!([made.id("/id")]));
    make(&olga, &body).await.expect_problem(422, "username_taken");
}

#[tokio::test]
async fn a_link_that_was_handed_over_ends_after_a_week() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = make(&olga, &nick(&olga, Builtin::Sales)).await.expect_status(201);
    app.pass(TimeDelta::days(7));
    set(&app, &token(&made), PASSWORD).await.expect_problem(422, "link_invalid");
}

#[tokio::test]
async fn nobody_makes_a_member_with_more_than_they_have() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let admin = Builtin::Admin.id(OrganizationId(olga.organization));
    let ada = app.member_as(&olga, "Ada Admin", [admin]).await;
    make(&ada, &nick(&olga, Builtin::Owner)).await.expect_problem(422, "owners_only");
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    make(&sam, &nick(&olga, Builtin::Sales)).await.expect_problem(403, "not_permitted");
    let wrong = json!({"display_name": "", "username": "7", "profile": "client", "roles": []});
    let wrong = make(&olga, &wrong).await.expect_problem(422, "invalid");
    let codes: Vec<_> = (0..3).map(|n| wrong.text(&format!("/errors/{n}/code"))).collect();
    assert_eq!(codes, ["missing", "invalid_username", "not_for_clients"]);
    // The name is still free.
    make(&olga, &nick(&olga, Builtin::Owner)).await.expect_status(201);
    // Who was made an owner counts as one.
    olga.delete(&format!("/members/{}", olga.member)).send().await.expect_status(200);
}

#[tokio::test]
async fn the_same_command_again_makes_one_member_and_shows_the_same_link() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let send =
        |body: Value| olga.post("/members").header("idempotency-key", "nick").json(&body).send();
    let first = send(nick(&olga, Builtin::Sales)).await.expect_status(201);
    let again = send(nick(&olga, Builtin::Sales)).await.expect_status(201);
    assert_eq!((first.id("/id"), token(&first)), (again.id("/id"), token(&again)));
    let other = send(nick(&olga, Builtin::Manager)).await;
    other.expect_problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn where_sign_up_is_closed_administrators_of_the_instance_make_members() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let request = app.by_system(OrganizationId(store::LogId::PLATFORM.0));
    let set = vec![InstanceCommand::SetSignUp(SignUpMode::Closed)];
    app.app.identity.administer(&request, None, set).await.expect("sets");
    app.pass(TimeDelta::seconds(5));
    make(&olga, &nick(&olga, Builtin::Sales)).await.expect_problem(403, "not_permitted");
    app.make_administrator(&olga).await;
    make(&olga, &nick(&olga, Builtin::Sales)).await.expect_status(201);
}

#[tokio::test]
async fn who_has_an_address_gets_the_link_there_and_nobody_else_sees_it() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let path = format!("/members/{}/password/reset", sam.member);
    let sent = olga.post(&path).send().await.expect_status(202);
    assert_eq!(sent.body, "");
    let token = app.mailed(Purpose::ResetPassword).await;
    let body = json!({"token": token, "password": OTHER});
    app.stranger().post("/auth/password/reset").json(&body).send().await.expect_status(204);
    assert!(enters(&app, &sam.email, OTHER).await);
    for _ in 0..2 {
        olga.post(&path).send().await.expect_status(202);
    }
    olga.post(&path).send().await.expect_problem(429, "too_many_attempts");

    let head = app.app.commands.log().head(store::LogId(olga.organization)).await.unwrap();
    let trail = olga.get(&format!("/audit?record_id={}", sam.member));
    let trail = trail.header("hindsight-min-position", &head.position.to_string()).send().await;
    assert_eq!(trail.text("/items/0/type"), "member.password_link_made");
    assert_eq!(trail.id("/items/0/actor_id"), olga.member);
    // Who reads the organization's mails does not learn the address.
    let mut admin = app.own_database.admin().await;
    let mails: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM hindsight.event WHERE log_id = $1 AND type = 'mail.queued'",
    )
    .bind(olga.organization)
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(mails, 0);
}

#[tokio::test]
async fn who_has_no_address_gets_a_link_by_who_asked_for_it() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = make(&olga, &nick(&olga, Builtin::Sales)).await.expect_status(201);
    let first = token(&made);
    let path = format!("/members/{}/password/reset", made.id("/id"));
    let link = olga.post(&path).send().await.expect_status(200);
    set(&app, &first, PASSWORD).await.expect_problem(422, "link_invalid");
    set(&app, &token(&link), PASSWORD).await.expect_status(200);
    assert!(enters(&app, "nick.n", PASSWORD).await);
}

#[tokio::test]
async fn a_password_is_set_for_who_has_nothing_but_this_organization() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let set = |by: &Client, of: Uuid, password: &str| {
        by.put(&format!("/members/{of}/password")).json(&json!({"password": password})).send()
    };
    set(&olga, sam.member, "password1").await.expect_problem(422, "invalid");
    set(&olga, sam.member, OTHER).await.expect_status(204);
    app.pass(TimeDelta::seconds(5));
    sam.get("/meta").send().await.expect_problem(401, "no_session");
    assert!(enters(&app, &sam.email, OTHER).await);
    assert!(!enters(&app, &sam.email, PASSWORD).await);

    set(&olga, olga.member, OTHER).await.expect_problem(422, "own_password");
    set(&olga, Uuid::now_v7(), OTHER).await.expect_problem(404, "not_found");
    let sam = app.log_in(&sam.email, OTHER).await;
    set(&sam, olga.member, OTHER).await.expect_problem(403, "not_permitted");
    app.pass(TimeDelta::minutes(11));
    let olga = app.log_in(&olga.email, PASSWORD).await;
    app.pass(TimeDelta::minutes(9));
    let key = |by: &Client| by.get("/users/me").send();
    key(&olga).await.expect_status(200);
    set(&olga, sam.member, OTHER).await.expect_status(204);
}

#[tokio::test]
async fn help_with_a_password_asks_for_recent_authentication() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let body = json!({
        "email": olga.email, "password": PASSWORD, "native": true,
    });
    let session = app.stranger().post("/auth/login").json(&body).send().await.expect_status(200);
    app.pass(TimeDelta::minutes(10));
    let body = json!({"refresh_token": session.text("/refresh_token")});
    let fresh = app.stranger().post("/auth/refresh").json(&body).send().await.expect_status(200);
    let olga = olga.with_token(&fresh.text("/access_token"));
    let path = format!("/members/{}/password", sam.member);
    for call in [
        olga.put(&path).json(&json!({"password": OTHER})),
        olga.post(&format!("{path}/reset")),
        olga.post("/members").json(&nick(&olga, Builtin::Sales)),
        olga.post("/invitations")
            .json(&json!({"email": "a@example.com", "profile": "staff", "roles": []})),
    ] {
        call.send().await.expect_problem(403, "reauthentication_required");
    }
}

#[tokio::test]
async fn nobody_is_let_into_what_is_not_theirs_to_give() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let admin = Builtin::Admin.id(OrganizationId(olga.organization));
    let ada = app.member_as(&olga, "Ada Admin", [admin]).await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let set = |by: &Client, of: Uuid| {
        by.put(&format!("/members/{of}/password")).json(&json!({"password": OTHER})).send()
    };
    set(&ada, olga.member).await.expect_problem(422, "owners_only");
    let reset = ada.post(&format!("/members/{}/password/reset", olga.member)).send().await;
    reset.expect_problem(422, "owners_only");

    // Somebody with another organization, with a mail address or without.
    sam.post("/organizations").json(&json!({"name": "Sam's"})).send().await.expect_status(201);
    set(&olga, sam.member).await.expect_problem(422, "belongs_elsewhere");
    let made = make(&olga, &nick(&olga, Builtin::Sales)).await.expect_status(201);
    let entered = self::set(&app, &token(&made), PASSWORD).await.expect_status(200);
    let nick = olga.with_token(&entered.text("/access_token"));
    nick.post("/organizations").json(&json!({"name": "Nick's"})).send().await.expect_status(201);
    let path = format!("/members/{}/password/reset", made.id("/id"));
    olga.post(&path).send().await.expect_problem(422, "belongs_elsewhere");

    // An administrator of the instance.
    let ivo = app.member(&olga, "Ivo", ReachLevel::Own).await;
    app.make_administrator(&ivo).await;
    set(&olga, ivo.member).await.expect_problem(422, "belongs_elsewhere");

    // An owner who is a vendor as well.
    let vendor = json!({"email": olga.email, "profile": "vendor", "roles": []});
    ada.post("/invitations").json(&vendor).send().await.expect_status(201);
    let body = json!({"token": app.mailed(Purpose::Invitation).await});
    let joined = olga.post("/auth/invitations/join").json(&body).send().await.expect_status(200);
    set(&ada, joined.id("/member")).await.expect_problem(422, "owners_only");
    assert!(enters(&app, &olga.email, PASSWORD).await);
}
