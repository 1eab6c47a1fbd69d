//! What could do great harm is for people who have just shown who they are.

use chrono::TimeDelta;
use domain::ids::OrganizationId;
use domain::role::Builtin;
use hindsight_tests::{Answer, Client, PASSWORD, TestApp, events};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// The owner of a new organization who administers the instance and logged in ten minutes ago.
async fn long_here(app: &TestApp) -> Client {
    let olga = app.owner("Acme").await;
    app.make_administrator(&olga).await;
    let body = json!({"email": olga.email, "password": PASSWORD, "native": true});
    let entered = app.stranger().post("/auth/login").json(&body).send().await;
    app.pass(TimeDelta::minutes(10));
    let refresh = json!({"refresh_token": entered.expect_status(200).text("/refresh_token")});
    let renewed = app.stranger().post("/auth/refresh").json(&refresh).send().await;
    olga.with_token(&renewed.expect_status(200).text("/access_token"))
}

/// What asks for it, and what it answers afterwards.
fn dangerous(
    olga: &Client,
    (role, contact): (Uuid, Uuid),
    other: &Client,
) -> Vec<(Method, String, Value, u16)> {
    let admin = Builtin::Admin.id(OrganizationId(olga.organization)).0;
    let account = format!("/contacts/{contact}/account");
    vec![
        (Method::POST, "/roles".into(), json!({"name": "More", "permissions": {}}), 201),
        (Method::PUT, format!("/roles/{role}/permissions"), json!({"permissions": {}}), 200),
        (Method::PUT, format!("/roles/{role}/fields"), json!({"fields": {}}), 200),
        (Method::DELETE, format!("/roles/{role}"), Value::Null, 200),
        (Method::POST, format!("/roles/{role}/restore"), Value::Null, 200),
        (Method::PUT, format!("/members/{}/roles", other.member), json!({"roles": [admin]}), 200),
        (Method::POST, account.clone(), json!({}), 200),
        // Nobody has opened it.
        (Method::POST, format!("{account}/reset"), json!({}), 422),
        (Method::DELETE, account, Value::Null, 204),
        (Method::PATCH, "/instance".into(), json!({"sign_up": "closed"}), 200),
        (Method::POST, "/instance/administrators".into(), json!({"email": other.email}), 200),
        (Method::DELETE, format!("/instance/administrators/{}", other.user), Value::Null, 200),
        (Method::DELETE, format!("/members/{}", other.member), Value::Null, 200),
        (
            Method::POST,
            format!("/instance/organizations/{}/reopen", olga.organization),
            json!({}),
            200,
        ),
        (Method::POST, "/organization/close".into(), json!({"name": "Acme"}), 200),
    ]
}

async fn send(by: &Client, (method, path, body, _): &(Method, String, Value, u16)) -> Answer {
    let call = by.call(method.clone(), path);
    let call = if body.is_null() { call } else { call.json(body) };
    call.send().await
}

#[tokio::test]
async fn roles_accounts_closing_and_the_instance_ask_who_is_there() {
    let app = TestApp::start().await;
    let olga = long_here(&app).await;
    let other = app.member_as(&olga, "Otto", []).await;
    let made = app.log_in(&olga.email, PASSWORD).await;
    let body = json!({"name": "Fair", "permissions": {"contacts:read": "own"}});
    let fair = made.post("/roles").json(&body).send().await.expect_status(201).id("/id");

    let contact = made.create("contacts", json!({"full_name": "Ana"})).await.id("/id");
    let calls = dangerous(&olga, (fair, contact), &other);
    let mut admin = app.own_database.admin().await;
    let before = events(&mut admin).await;
    for call in &calls {
        send(&olga, call).await.expect_problem(403, "reauthentication_required");
    }
    assert_eq!(events(&mut admin).await, before);
    olga.get("/instance").send().await.expect_status(200);
    olga.get("/roles").send().await.expect_status(200);
    let title = json!({"name": "Fairs"});
    olga.patch(&format!("/roles/{fair}")).json(&title).send().await.expect_status(200);

    let shown = json!({"password": PASSWORD});
    olga.post("/auth/reauthenticate").json(&shown).send().await.expect_status(204);
    for call in &calls {
        send(&olga, call).await.expect_status(call.3);
    }
}

#[tokio::test]
async fn a_key_changes_no_roles_or_accounts_and_closes_nothing_whatever_its_scopes() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    app.make_administrator(&olga).await;
    let scopes =
        ["create", "update", "delete", "assign", "read"].map(|verb| format!("roles:{verb}"));
    let more = [
        "organization:close",
        "contacts:read",
        "contacts:update",
        "members:create",
        "members:update",
        "members:delete",
    ];
    let scopes: Vec<_> = scopes.into_iter().chain(more.map(str::to_owned)).collect();
    let ends = app.app.now() + TimeDelta::days(30);
    let body = json!({"name": "Wide", "scopes": scopes, "expires_at": ends});
    let key = olga.post("/api_keys").json(&body).send().await.expect_status(201).text("/key");
    let program = olga.with_token(&key);
    program.get("/roles").send().await.expect_status(200);
    let sales = Builtin::Sales.id(OrganizationId(olga.organization)).0;
    let contact = olga.create("contacts", json!({"full_name": "Ana"})).await.id("/id");
    for call in dangerous(&olga, (sales, contact), &olga) {
        let code =
            if call.1.starts_with("/instance") { "not_permitted" } else { "person_required" };
        send(&program, &call).await.expect_problem(403, code);
    }
}
