//! Invitations, by mailbox and HTTP.

use chrono::TimeDelta;
use commands::{Clock as _, SystemClock};
use domain::ids::OrganizationId;
use domain::instance::{InstanceCommand, SignUpMode};
use domain::reach::ReachLevel;
use domain::role::Builtin;
use hindsight_tests::{Answer, Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use store::vault::Purpose;
use uuid::Uuid;

const ANA: &str = "ana@example.com";

fn role(by: &Client, role: Builtin) -> Uuid {
    role.id(OrganizationId(by.organization)).0
}

fn offer(by: &Client, email: &str, to: Builtin) -> Value {
    json!({"email": email, "profile": "staff", "roles": [role(by, to)]})
}

async fn invite(by: &Client, email: &str, to: Builtin) -> Answer {
    by.post("/invitations").json(&offer(by, email, to)).send().await
}

async fn link(app: &TestApp) -> String {
    app.mailed(Purpose::Invitation).await
}

async fn look_up(app: &TestApp, token: &str) -> Answer {
    app.stranger().post("/auth/invitations/look_up").json(&json!({"token": token})).send().await
}

async fn accept(app: &TestApp, token: &str, name: Option<&str>, password: &str) -> Answer {
    let body = json!({"token": token, "full_name": name, "password": password, "native": true});
    app.stranger().post("/auth/invitations/accept").json(&body).send().await
}

async fn status(by: &Client, id: Uuid) -> String {
    let shown = by.get(&format!("/invitations/{id}")).send().await.expect_status(200);
    shown.text("/status")
}

/// A server whose clock may go on for some weeks: the log refuses times that lie in the future.
async fn long_ago() -> TestApp {
    let app = TestApp::start().await;
    app.clock.set(SystemClock.now() - TimeDelta::days(30));
    app
}

#[tokio::test]
async fn who_is_invited_makes_an_account_and_is_a_member() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let team = olga.post("/teams").json(&json!({"name": "North"})).send().await.id("/id");
    let mut body = offer(&olga, "Ana@Example.com", Builtin::Sales);
    body["team"] = json!(team);
    let made = olga.post("/invitations").json(&body).send().await.expect_status(201);
    assert_eq!(
        (made.text("/status"), made.text("/email")),
        ("pending".into(), "Ana@example.com".into())
    );
    assert_eq!(made.text("/roles/0/label"), "Sales");
    assert_eq!(made.text("/team/label"), "North");
    assert_eq!(made.text("/invited_by/label"), "Olga Owner");

    let token = link(&app).await;
    assert!(!made.body.contains(&token), "only the mail has it");
    let mail = app.newest_mail(olga.organization).await;
    assert!(mail.contains(&format!("invitation#token={token}")), "{mail}");
    for said in ["Acme", "Olga Owner", "Sales", "UTC"] {
        assert!(mail.contains(said), "{said} in {mail}");
    }
    let shown = look_up(&app, &token).await.expect_status(200);
    assert_eq!(
        shown.json,
        json!({
            "organization": "Acme", "inviter": "Olga Owner", "email": "Ana@example.com",
            "display_name": null, "profile": "staff", "roles": ["Sales"], "account": "new",
            "expires_at": made.at("/expires_at"),
        })
    );

    accept(&app, &token, None, PASSWORD).await.expect_problem(422, "invalid");
    accept(&app, &token, Some("Ana Lima"), "short").await.expect_problem(422, "invalid");
    let entered = accept(&app, &token, Some("Ana Lima"), PASSWORD).await.expect_status(200);
    let ana = olga.with_token(&entered.text("/access_token"));
    let me = ana.get("/users/me").send().await.expect_status(200);
    assert_eq!(me.id("/organization/id"), olga.organization);
    assert_eq!(
        (me.text("/display_name"), me.text("/roles/0/name")),
        ("Ana Lima".into(), "Sales".into())
    );
    let teams = olga.get(&format!("/teams/{team}")).send().await.expect_status(200);
    assert_eq!(teams.at("/members"), &json!([me.id("/member")]));
    // The address needs no further proof.
    app.log_in(ANA, PASSWORD).await;

    look_up(&app, &token).await.expect_problem(422, "link_invalid");
    accept(&app, &token, Some("Eve"), PASSWORD).await.expect_problem(422, "link_invalid");
    assert_eq!(status(&olga, made.id("/id")).await, "accepted");
    invite(&olga, ANA, Builtin::Sales).await.expect_problem(422, "already_member");
}

#[tokio::test]
async fn who_has_an_account_accepts_with_its_password_or_while_logged_in() {
    let app = TestApp::start().await;
    let (olga, ben, carl) =
        (app.owner("Acme").await, app.owner("Ben's").await, app.owner("Carl's").await);
    invite(&olga, &ben.email, Builtin::Manager).await.expect_status(201);
    let token = link(&app).await;
    assert_eq!(look_up(&app, &token).await.text("/account"), "existing");
    accept(&app, &token, Some("Eve"), "a wrong password")
        .await
        .expect_problem(401, "wrong_credentials");
    let body = json!({"token": token});
    let other = carl.post("/auth/invitations/join").json(&body).send().await;
    other.expect_problem(422, "other_account");
    let entered = accept(&app, &token, None, PASSWORD).await.expect_status(200);
    let me = ben.with_token(&entered.text("/access_token"));
    let me = me.get("/users/me").send().await.expect_status(200);
    assert_eq!((me.id("/organization/id"), me.id("/id")), (olga.organization, ben.user));

    invite(&olga, &carl.email, Builtin::Sales).await.expect_status(201);
    let body = json!({"token": link(&app).await});
    let joined = carl.post("/auth/invitations/join").json(&body).send().await.expect_status(200);
    let over = json!({"member": joined.id("/member"), "native": true});
    carl.post("/auth/switch").json(&over).send().await.expect_status(200);
    let again = ben.post("/auth/invitations/join").json(&body).send().await;
    again.expect_problem(422, "link_invalid");

    // An address without an account may be one's other one.
    let dora = app.owner("Dora's").await;
    invite(&olga, "dora@work.example.com", Builtin::Sales).await.expect_status(201);
    let body = json!({"token": link(&app).await});
    dora.post("/auth/invitations/join").json(&body).send().await.expect_status(200);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_behind_an_invitation_too() {
    let app = TestApp::start().await;
    let (olga, ben) = (app.owner("Acme").await, app.owner("Ben's").await);
    let secret = ben.post("/auth/totp/enrol").send().await.expect_status(200).text("/secret");
    let code = json!({"code": hindsight_tests::code(&secret, app.app.now())});
    ben.post("/auth/totp/confirm").json(&code).send().await.expect_status(200);
    invite(&olga, &ben.email, Builtin::Sales).await.expect_status(201);
    let token = link(&app).await;
    let asked = accept(&app, &token, None, PASSWORD).await.expect_status(202);
    app.pass(TimeDelta::minutes(1));
    let code = hindsight_tests::code(&secret, app.app.now());
    let body = json!({"challenge": asked.text("/challenge"), "code": code, "native": true});
    let entered = app.stranger().post("/auth/totp/verify").json(&body).send().await;
    let there = ben.with_token(&entered.expect_status(200).text("/access_token"));
    let me = there.get("/users/me").send().await.expect_status(200);
    assert_eq!(me.id("/organization/id"), olga.organization, "they land where they were invited");
}

#[tokio::test]
async fn a_link_ends_by_time_by_another_and_by_withdrawal() {
    let app = long_ago().await;
    let olga = app.owner("Acme").await;
    let made = invite(&olga, ANA, Builtin::Sales).await.expect_status(201);
    let path = format!("/invitations/{}", made.id("/id"));
    let first = link(&app).await;
    app.pass(TimeDelta::days(6));
    look_up(&app, &first).await.expect_status(200);
    app.pass(TimeDelta::days(1));
    look_up(&app, &first).await.expect_problem(422, "link_invalid");
    accept(&app, &first, Some("Ana"), PASSWORD).await.expect_problem(422, "link_invalid");
    let olga = app.log_in(&olga.email, PASSWORD).await;
    assert_eq!(status(&olga, made.id("/id")).await, "expired");

    let resend = || olga.post(&format!("{path}/resend")).send();
    assert_eq!(resend().await.expect_status(200).text("/status"), "pending");
    let second = link(&app).await;
    look_up(&app, &second).await.expect_status(200);
    resend().await.expect_status(200);
    look_up(&app, &second).await.expect_problem(422, "link_invalid");
    let third = link(&app).await;
    let withdraw = || olga.post(&format!("{path}/withdraw")).send();
    assert_eq!(withdraw().await.expect_status(200).text("/status"), "withdrawn");
    withdraw().await.expect_status(200);
    look_up(&app, &third).await.expect_problem(422, "link_invalid");
    accept(&app, &third, Some("Ana"), PASSWORD).await.expect_problem(422, "link_invalid");
    // The account was not made either.
    invite(&olga, ANA, Builtin::Sales).await.expect_status(201);
    assert_eq!(look_up(&app, &link(&app).await).await.text("/account"), "new");
    let late = resend().await;
    late.expect_problem(422, "invitation_withdrawn");
}

#[tokio::test]
async fn of_many_who_accept_at_once_one_gets_in() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    invite(&olga, ANA, Builtin::Owner).await.expect_status(201);
    let token = link(&app).await;
    let attempts = (0..6).map(|_| accept(&app, &token, Some("Ana"), PASSWORD));
    let answers = futures::future::join_all(attempts).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1, "{answers:?}");
    for lost in answers.into_iter().filter(|answer| answer.status != 200) {
        lost.expect_problem(422, "link_invalid");
    }

    // By two invitations as well.
    let ben = app.owner("Ben's").await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        invite(&olga, &ben.email, Builtin::Sales).await.expect_status(201);
        tokens.push(link(&app).await);
    }
    let join =
        |token: &String| ben.post("/auth/invitations/join").json(&json!({"token": token})).send();
    let (one, two) = tokio::join!(join(&tokens[0]), join(&tokens[1]));
    let mut answers = [one, two];
    answers.sort_by_key(|answer| answer.status);
    let [first, second] = answers;
    first.expect_status(200);
    second.expect_problem(422, "already_member");
    let mine = ben.get("/organizations").send().await.expect_status(200);
    assert_eq!(mine.at("/items").as_array().unwrap().len(), 2);
    // Who was invited as an owner counts as one.
    let own = format!("/members/{}", olga.member);
    olga.delete(&own).send().await.expect_status(200);
}

#[tokio::test]
async fn nobody_invites_to_more_than_they_have() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let admin = role(&olga, Builtin::Admin);
    let ada = app
        .member_as(&olga, "Ada Admin", [Builtin::Admin.id(OrganizationId(olga.organization))])
        .await;
    invite(&ada, ANA, Builtin::Owner).await.expect_problem(422, "owners_only");
    invite(&ada, ANA, Builtin::Admin).await.expect_status(201);
    let made = invite(&olga, "otto@example.com", Builtin::Owner).await.expect_status(201);
    for what in ["resend", "withdraw"] {
        let path = format!("/invitations/{}/{what}", made.id("/id"));
        ada.post(&path).send().await.expect_problem(422, "owners_only");
    }

    // Someone who may invite, and nothing else.
    let recruiter = json!({
        "name": "Recruiter",
        "permissions": {"invitations:create": "all", "invitations:read": "all"},
    });
    let recruiter = olga.post("/roles").json(&recruiter).send().await.expect_status(201).id("/id");
    let rita = app.member_as(&olga, "Rita", [recruiter.into()]).await;
    let body = |roles: Value| json!({"email": ANA, "profile": "staff", "roles": roles});
    let send = |body: Value| rita.post("/invitations").json(&body).send();
    send(body(json!([admin]))).await.expect_problem(422, "wider_than_own");
    send(body(json!([recruiter]))).await.expect_status(201);
    let unknown = send(body(json!([Uuid::now_v7()]))).await.expect_problem(422, "invalid");
    assert_eq!(unknown.text("/errors/0/code"), "no_such_role");
    let team = olga.post("/teams").json(&json!({"name": "North"})).send().await.id("/id");
    let mut into = body(json!([]));
    into["team"] = json!(team);
    send(into).await.expect_problem(403, "not_permitted");
    let path = format!("/invitations/{}/withdraw", made.id("/id"));
    rita.post(&path).send().await.expect_problem(403, "not_permitted");
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    invite(&sam, ANA, Builtin::Sales).await.expect_problem(403, "not_permitted");
    sam.get("/invitations").send().await.expect_problem(403, "not_permitted");
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let body = json!({"email": "ana", "display_name": " ", "profile": "client", "roles": []});
    let wrong = olga.post("/invitations").json(&body).send().await.expect_problem(422, "invalid");
    let codes: Vec<_> = (0..3).map(|n| wrong.text(&format!("/errors/{n}/code"))).collect();
    assert_eq!(codes, ["invalid_email", "missing", "not_for_clients"]);
    let body = json!({"email": ANA, "profile": "boss", "roles": []});
    let wrong = olga.post("/invitations").json(&body).send().await.expect_problem(422, "invalid");
    assert_eq!(wrong.text("/errors/0/pointer"), "/profile");
    let nobody = format!("/invitations/{}", Uuid::now_v7());
    olga.get(&nobody).send().await.expect_problem(404, "not_found");
    olga.post(&format!("{nobody}/resend")).send().await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn an_inviter_is_not_told_whether_an_address_has_an_account() {
    let app = TestApp::start().await;
    let (olga, ben) = (app.owner("Acme").await, app.owner("Ben's").await);
    let known = invite(&olga, &ben.email, Builtin::Sales).await.expect_status(201);
    let unknown = invite(&olga, ANA, Builtin::Sales).await.expect_status(201);
    let anonymous = |answer: &Answer| {
        let mut json = answer.json.clone();
        for own in ["id", "email"] {
            json[own].take();
        }
        json
    };
    assert_eq!(anonymous(&known), anonymous(&unknown));
}

#[tokio::test]
async fn invitations_are_listed_by_how_they_stand() {
    let app = long_ago().await;
    let olga = app.owner("Acme").await;
    let mut ids = Vec::new();
    for n in 0..4 {
        let olga = app.log_in(&olga.email, PASSWORD).await;
        let made = invite(&olga, &format!("one{n}@example.com"), Builtin::Sales).await;
        ids.push(made.expect_status(201).id("/id"));
        app.pass(TimeDelta::days(1));
    }
    let olga = app.log_in(&olga.email, PASSWORD).await;
    let withdrawn = olga.post(&format!("/invitations/{}/withdraw", ids[1])).send().await;
    app.pass(TimeDelta::days(4));
    let olga = app.log_in(&olga.email, PASSWORD).await;
    let position = withdrawn.expect_status(200).position().to_string();
    let list = async |query: &str| {
        let list = olga.get(&format!("/invitations{query}"));
        let list = list.header("hindsight-min-position", &position).send().await;
        list.expect_status(200)
    };
    let found = |answer: &Answer| -> Vec<Uuid> {
        let items = answer.at("/items").as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
    };
    assert_eq!(found(&list("").await), [ids[3], ids[2], ids[1], ids[0]]);
    assert_eq!(found(&list("?status=expired").await), [ids[0]]);
    assert_eq!(found(&list("?status=withdrawn").await), [ids[1]]);
    assert_eq!(found(&list("?status=pending").await), [ids[3], ids[2]]);
    let page = list("?limit=3").await;
    assert_eq!(page.text("/items/0/invited_by/label"), "Olga Owner");
    let rest = list(&format!("?limit=3&cursor={}", page.text("/next_cursor"))).await;
    assert_eq!((found(&rest), rest.at("/next_cursor")), (vec![ids[0]], &Value::Null));
    let wrong = olga.get("/invitations?status=open").send().await;
    wrong.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn the_same_command_again_invites_once() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let send =
        |body: Value| olga.post("/invitations").header("idempotency-key", "ana").json(&body).send();
    let body = offer(&olga, ANA, Builtin::Sales);
    let first = send(body.clone()).await.expect_status(201);
    let again = send(body).await.expect_status(201);
    assert_eq!(first.json, again.json);
    let other = send(offer(&olga, "eve@example.com", Builtin::Sales)).await;
    other.expect_problem(422, "idempotency_key_reused");
    let all = olga.get("/invitations");
    let all = all.header("hindsight-min-position", &first.position().to_string()).send().await;
    assert_eq!(all.at("/items").as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_address_is_not_flooded() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = invite(&olga, ANA, Builtin::Sales).await.expect_status(201);
    let resend = || olga.post(&format!("/invitations/{}/resend", made.id("/id"))).send();
    for _ in 0..5 {
        resend().await.expect_status(200);
    }
    resend().await.expect_problem(429, "too_many_attempts");
    invite(&olga, "ben@example.com", Builtin::Sales).await.expect_status(201);
}

#[tokio::test]
async fn the_invited_get_in_where_strangers_do_not_unless_nobody_does() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mode = async |mode| {
        let request = app.by_system(OrganizationId(store::LogId::PLATFORM.0));
        let set = vec![InstanceCommand::SetSignUp(mode)];
        app.app.identity.administer(&request, None, set).await.expect("sets");
        app.pass(TimeDelta::seconds(5));
    };
    mode(SignUpMode::Closed).await;
    invite(&olga, ANA, Builtin::Sales).await.expect_status(201);
    let token = link(&app).await;
    let refused = accept(&app, &token, Some("Ana"), PASSWORD).await;
    refused.expect_problem(403, "not_permitted");
    mode(SignUpMode::InviteOnly).await;
    accept(&app, &token, Some("Ana"), PASSWORD).await.expect_status(200);
}

#[tokio::test]
async fn nobody_joins_what_is_closed() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    invite(&olga, ANA, Builtin::Sales).await.expect_status(201);
    let token = link(&app).await;
    let maintain = |on: bool| olga.patch("/organization").json(&json!({"maintenance": on})).send();
    maintain(true).await.expect_status(200);
    accept(&app, &token, Some("Ana"), PASSWORD)
        .await
        .expect_problem(503, "organization_maintenance");
    maintain(false).await.expect_status(200);
    look_up(&app, &token).await.expect_status(200);
    olga.post("/organization/close").json(&json!({"name": "Acme"})).send().await.expect_status(200);
    accept(&app, &token, Some("Ana"), PASSWORD).await.expect_problem(403, "organization_closed");
}

#[tokio::test]
async fn who_left_is_invited_back_into_the_same_profile() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    sam.delete(&format!("/members/{}", sam.member)).send().await.expect_status(200);
    let mut body = offer(&olga, &sam.email, Builtin::Manager);
    body["display_name"] = json!("Sam the Manager");
    olga.post("/invitations").json(&body).send().await.expect_status(201);
    let entered = accept(&app, &link(&app).await, None, PASSWORD).await.expect_status(200);
    let me = sam.with_token(&entered.text("/access_token"));
    let me = me.get("/users/me").send().await.expect_status(200);
    assert_eq!(me.id("/member"), sam.member);
    assert_eq!(
        (me.text("/display_name"), me.text("/roles/0/name")),
        ("Sam the Manager".into(), "Manager".into())
    );
    // Beside it, they may be a vendor.
    let vendor = json!({"email": sam.email, "profile": "vendor", "roles": []});
    olga.post("/invitations").json(&vendor).send().await.expect_status(201);
    accept(&app, &link(&app).await, None, PASSWORD).await.expect_status(200);
}

#[tokio::test]
async fn the_log_tells_of_invitations_and_of_no_token() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let made = invite(&olga, ANA, Builtin::Sales).await.expect_status(201);
    let token = link(&app).await;
    let entered = accept(&app, &token, Some("Ana"), PASSWORD).await.expect_status(200);
    let ana = olga.with_token(&entered.text("/access_token"));
    let me = ana.get("/users/me").send().await.expect_status(200);
    let head = app.app.commands.log().head(store::LogId(olga.organization)).await.unwrap();
    let trail = olga.get(&format!("/audit?record_id={}", made.id("/id")));
    let trail = trail.header("hindsight-min-position", &head.position.to_string()).send().await;
    let events: Vec<_> = trail.at("/items").as_array().unwrap().iter().collect();
    assert_eq!(
        (events[0]["type"].as_str(), events[1]["type"].as_str()),
        (Some("invitation.accepted"), Some("invitation.created"))
    );
    assert_eq!(events[0]["actor_id"], json!(me.id("/member")));
    assert_eq!(events[1]["actor_id"], json!(olga.member));
    let mut admin = app.own_database.admin().await;
    let payloads: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT payload, sealed, meta FROM hindsight.event")
            .fetch_all(&mut admin)
            .await
            .unwrap();
    for (payload, sealed, meta) in payloads {
        for bytes in [payload, sealed, meta] {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(&token) && !text.contains(ANA) && !text.contains(PASSWORD));
        }
    }
}
