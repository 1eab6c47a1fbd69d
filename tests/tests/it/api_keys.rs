//! `/api_keys`, and what a program with a key may do

use chrono::{DateTime, TimeDelta, Utc};
use commands::{Clock as _, Target};
use domain::ids::OrganizationId;
use domain::member::{Member, MemberCommand};
use domain::reach::ReachLevel;
use domain::role::Builtin;
use hindsight_tests::{Answer, Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

fn in_days(app: &TestApp, days: i64) -> DateTime<Utc> {
    app.clock.now() + TimeDelta::days(days)
}

async fn make(app: &TestApp, owner: &Client, scopes: Value) -> Answer {
    let body = json!({"name": "Website", "scopes": scopes, "expires_at": in_days(app, 30)});
    owner.post("/api_keys").json(&body).send().await
}

/// A program with a key of the owner's.
async fn program(app: &TestApp, owner: &Client, scopes: Value) -> Client {
    owner.with_token(&make(app, owner, scopes).await.expect_status(201).text("/key"))
}

#[tokio::test]
async fn a_key_does_what_its_scopes_allow_and_its_history_names_it() {
    let app = TestApp::start().await;
    app.clock.set(Utc::now() - TimeDelta::days(60));
    let olga = app.owner("Acme").await;
    let program = program(&app, &olga, json!(["contacts:create", "contacts:read"])).await;
    let made = program.create("contacts", json!({"full_name": "Ben"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    program.get(&path).send().await.expect_status(200);
    let change = json!({"city": "Rome"});
    assert_eq!(program.patch(&path).json(&change).send().await.status, 403);
    assert_eq!(program.get("/audit").send().await.status, 403);
    let history = olga.get(&format!("{path}/history")).send().await.expect_status(200);
    assert_eq!(history.text("/items/0/actor/kind"), "api_key");
    program.get("/users/me").send().await.expect_status(200);

    // Once a day, however often.
    program.get(&path).send().await.expect_status(200);
    app.pass(TimeDelta::days(1));
    for _ in 0..2 {
        program.get(&path).send().await.expect_status(200);
    }
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT count(*) FROM hindsight.event WHERE type = 'api_key.used'";
    let used: i64 = sqlx::query_scalar(sql).fetch_one(&mut admin).await.unwrap();
    assert_eq!(used, 2);
}

#[tokio::test]
async fn a_key_is_for_no_credentials_and_makes_no_keys() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let scopes = json!(["api_keys:create", "api_keys:read", "api_keys:revoke", "contacts:read"]);
    let program = program(&app, &olga, scopes).await;
    let refused = make(&app, &program, json!(["contacts:read"])).await;
    refused.expect_problem(403, "person_required");
    for path in ["/api_keys", "/sessions", "/auth/totp"] {
        program.get(path).send().await.expect_problem(403, "person_required");
    }
    for (path, body) in [
        ("/auth/logout", json!({})),
        ("/auth/logout_all", json!({})),
        ("/auth/password/change", json!({"current_password": PASSWORD, "password": "x y z 1 2 3"})),
        ("/auth/reauthenticate", json!({"password": PASSWORD})),
        ("/auth/username", json!({"username": "olga"})),
        ("/auth/totp/enrol", json!({})),
    ] {
        let refused = program.post(path).json(&body).send().await;
        refused.expect_problem(403, "person_required");
    }
}

#[tokio::test]
async fn a_key_ends_when_it_is_revoked_when_it_expires_and_with_its_member() {
    let app = TestApp::start().await;
    app.clock.set(Utc::now() - TimeDelta::days(60));
    let olga = app.owner("Acme").await;
    let revoked = make(&app, &olga, json!(["contacts:read"])).await.expect_status(201);
    let program = olga.with_token(&revoked.text("/key"));
    program.get("/contacts").send().await.expect_status(200);
    let list = olga.get("/api_keys").send().await.expect_status(200);
    assert_eq!(
        (list.text("/items/0/name"), list.id("/items/0/id")),
        ("Website".into(), revoked.id("/id"))
    );
    assert!(!list.body.contains(&revoked.text("/key")));
    let path = format!("/api_keys/{}", revoked.id("/id"));
    let eve = app.owner("Evil").await;
    eve.delete(&path).send().await.expect_problem(404, "not_found");
    olga.delete(&path).send().await.expect_status(204);
    app.pass(TimeDelta::seconds(3));
    program.get("/contacts").send().await.expect_problem(401, "token_invalid");
    assert_eq!(olga.get("/api_keys").send().await.at("/items"), &json!([]));

    let program = self::program(&app, &olga, json!(["contacts:read"])).await;
    let mut forged = program.token().to_owned();
    forged.replace_range(40..41, if &forged[40..41] == "0" { "1" } else { "0" });
    let refused = program.with_token(&forged).get("/contacts").send().await;
    refused.expect_problem(401, "token_invalid");
    app.pass(TimeDelta::days(30));
    program.get("/contacts").send().await.expect_problem(401, "token_invalid");

    let organization = OrganizationId(olga.organization);
    let admin = Builtin::Admin.id(organization);
    let ada = app.member_as(&olga, "Ada", [admin]).await;
    let program = self::program(&app, &ada, json!(["contacts:read"])).await;
    program.get("/contacts").send().await.expect_status(200);
    let request = app.by_system(organization);
    let member = Target::existing(ada.member);
    app.app
        .commands
        .batch(&request)
        .add::<Member>(member, vec![MemberCommand::Deactivate])
        .commit()
        .await
        .unwrap();
    app.pass(TimeDelta::seconds(3));
    program.get("/contacts").send().await.expect_problem(401, "token_invalid");
}

#[tokio::test]
async fn of_the_keys_of_others_is_told_to_those_who_may_see_them() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let organization = OrganizationId(olga.organization);
    let made = make(&app, &olga, json!(["contacts:read"])).await.expect_status(201);
    let revoke = |by: &Client, id: Uuid| by.delete(&format!("/api_keys/{id}")).send();
    let sam = app.member(&olga, "Sam", ReachLevel::Own).await;
    let theirs = revoke(&sam, made.id("/id")).await.expect_problem(404, "not_found");
    let none = revoke(&sam, Uuid::now_v7()).await.expect_problem(404, "not_found");
    assert_eq!(theirs.text("/detail"), none.text("/detail"));
    let auditor = app.member_as(&olga, "Aude", [Builtin::Auditor.id(organization)]).await;
    let seen = auditor.get("/api_keys").send().await.expect_status(200);
    assert_eq!(seen.id("/items/0/id"), made.id("/id"));
    revoke(&auditor, made.id("/id")).await.expect_problem(403, "not_permitted");
    let program = olga.with_token(&made.text("/key"));
    program.get("/contacts").send().await.expect_status(200);
    let ada = app.member_as(&olga, "Ada", [Builtin::Admin.id(organization)]).await;
    revoke(&ada, made.id("/id")).await.expect_status(204);
}

#[tokio::test]
async fn what_a_program_was_refused_names_its_key() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let organization = OrganizationId(olga.organization);
    let one = make(&app, &olga, json!(["contacts:read"])).await.expect_status(201);
    let two = make(&app, &olga, json!(["contacts:read"])).await.expect_status(201);
    for (key, times) in [(&one, 1), (&two, 2)] {
        for _ in 0..times {
            let program = olga.with_token(&key.text("/key"));
            program.get("/audit").send().await.expect_problem(403, "not_permitted");
        }
    }
    app.pass(TimeDelta::minutes(1));
    app.app.identity.tell_denials().await.unwrap();
    app.app.identity.tell_denials().await.unwrap();
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT convert_from(payload, 'UTF8')::jsonb FROM hindsight.event
                WHERE type = 'access.key_denied' ORDER BY payload";
    let told: Vec<Value> = sqlx::query_scalar(sql).fetch_all(&mut admin).await.unwrap();
    let told: Vec<_> =
        told.iter().map(|told| (told["key"].clone(), told["count"].clone())).collect();
    let of = |key: &Answer, count: i32| (json!(key.id("/id")), json!(count));
    assert_eq!(told, [of(&one, 1), of(&two, 2)]);
    let head = app.app.commands.log().head(organization.into()).await.unwrap().position;
    let audited = olga.get("/audit?limit=5").header("hindsight-min-position", &head.to_string());
    assert!(audited.send().await.body.contains("access.key_denied"));
}

#[tokio::test]
async fn a_key_is_made_by_who_may_and_never_wider_than_they_are() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    make(&app, &olga, json!(["contacts:fly"])).await.expect_problem(422, "invalid");
    make(&app, &olga, json!([])).await.expect_problem(422, "invalid");
    let body = json!({"name": "W", "scopes": ["contacts:read"], "expires_at": in_days(&app, 400)});
    let refused = olga.post("/api_keys").json(&body).send().await;
    refused.expect_problem(422, "invalid");
    let sam = app.member(&olga, "Sam", ReachLevel::Own).await;
    assert_eq!(make(&app, &sam, json!(["contacts:read"])).await.status, 403);

    let organization = OrganizationId(olga.organization);
    let ada = app.member_as(&olga, "Ada", [Builtin::Admin.id(organization)]).await;
    let program = program(&app, &ada, json!(["contacts:read", "organization:close"])).await;
    let me = program.get("/users/me").send().await.expect_status(200);
    assert_eq!(me.at("/owner"), false);
    let held: Vec<_> = me.at("/permissions").as_object().unwrap().keys().collect();
    assert_eq!(held, ["contacts:read"], "an admin cannot close, so their key cannot");

    app.pass(TimeDelta::minutes(10));
    let again = app.log_in(&olga.email, PASSWORD).await;
    app.pass(TimeDelta::minutes(9));
    make(&app, &again, json!(["contacts:read"])).await.expect_status(201);
}
