//! Clients: how they register, accounts of contacts, the portal

mod accounts;
mod joining;
mod portal;
mod registration;

use hindsight_tests::{Answer, Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use store::LogId;
use store::vault::Purpose;

const ANA: &str = "ana@example.com";

const OTHER: &str = "another horse 8 battery";

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    client.post(path).json(&body).send().await
}

/// Lets clients register with the owner's organization; gives the path.
async fn open_registration(owner: &Client) -> String {
    let body = json!({"self_registration": true});
    let settings = owner.patch("/organization").json(&body).send().await.expect_status(200);
    format!("/public/{}/register", settings.text("/registration_key"))
}

fn ana() -> Value {
    json!({
        "full_name": "Ana Lima", "email": ANA, "password": PASSWORD, "phone": "+351 912 345 678",
        "company_name": "Lima Lda",
    })
}

async fn confirm(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "password": password, "native": true});
    post(&app.stranger(), "/auth/registration/confirm", body).await
}

/// Registers and follows the link.
async fn register(app: &TestApp, path: &str, body: &Value) -> Client {
    app.stranger().post(path).json(body).send().await.expect_status(202);
    let token = app.mailed(Purpose::RegistrationConfirm).await;
    let password = body["password"].as_str().unwrap();
    as_client(app, &confirm(app, &token, password).await.expect_status(200)).await
}

/// Whom an answer has let in, a client.
async fn as_client(app: &TestApp, granted: &Answer) -> Client {
    let mut client = app.stranger().with_token(&granted.text("/access_token"));
    let me = client.get("/users/me").send().await.expect_status(200);
    assert_eq!(me.text("/profile"), "client");
    (client.member, client.user) = (me.id("/member"), me.id("/id"));
    client
}

/// The contacts of an organization that have the address.
async fn contacts_with(app: &TestApp, owner: &Client, email: &str) -> Vec<Value> {
    let head = app.app.commands.log().head(LogId(owner.organization)).await.unwrap();
    let filter = json!({"filter": {"field": "email", "op": "eq", "value": email}});
    let page = owner.search("contacts", filter, head.position).await;
    // Lists find addresses that differ by an accent, too.
    let items = page.at("/items").as_array().unwrap();
    items.iter().filter(|item| item["email"] == email).cloned().collect()
}

async fn count(app: &TestApp, event_type: &str) -> i64 {
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT count(*) FROM hindsight.event WHERE type = $1";
    sqlx::query_scalar(sql).bind(event_type).fetch_one(&mut admin).await.unwrap()
}

fn token_of(link: &str) -> String {
    link.split_once("#token=").unwrap().1.to_owned()
}

fn registrant(email: &str) -> Value {
    json!({"full_name": "Somebody", "email": email, "password": PASSWORD})
}

/// A contact with an account, opened by the link from the mail.
async fn with_account(app: &TestApp, owner: &Client, fields: Value) -> (String, Client) {
    let id = owner.create("contacts", fields).await.id("/id");
    let path = format!("/contacts/{id}");
    let offered = post(owner, &format!("{path}/account"), json!({})).await.expect_status(200);
    assert_eq!((offered.at("/mailed"), offered.at("/link")), (&json!(true), &Value::Null));
    let token = app.mailed(Purpose::ClientAccount).await;
    let body = json!({"token": token, "password": PASSWORD, "native": true});
    let opened = post(&app.stranger(), "/auth/client_account", body).await.expect_status(200);
    (path, as_client(app, &opened).await)
}

fn of_ana() -> Value {
    json!({"full_name": "Ana Lima", "email": ANA, "notes": "pays late", "remark": "remarked"})
}
