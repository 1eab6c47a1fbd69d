//! An organization with one of everything, whose texts all hold a word to be known by.

use crate::imports::{finish, import};
use hindsight_tests::{Client, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

/// In every text of the other organization, and nowhere else.
pub const CANARY: &str = "canary";

/// In the texts of our records that are assigned to nobody.
pub const OBSCURED: &str = "obscured";

/// One organization.
pub struct Side {
    pub owner: Client,
    pub ids: Ids,
}

/// An id of each kind.
#[derive(Clone, Debug)]
pub struct Ids {
    pub contact: Uuid,
    pub company: Uuid,
    pub tag: Uuid,
    pub status: Uuid,
    pub service: Uuid,
    pub industry: Uuid,
    pub traffic_source: Uuid,
    pub role: Uuid,
    pub team: Uuid,
    pub view: Uuid,
    pub key: Uuid,
    pub session: Uuid,
    pub member: Uuid,
    pub job: Uuid,
    pub invitation: Uuid,
    pub organization: Uuid,
    /// The owner's profile.
    pub owner: Uuid,
    /// The owner.
    pub user: Uuid,
    pub action: Uuid,
    pub contacts_cursor: String,
    pub companies_cursor: String,
}

/// Makes an organization: `word` is in the texts of its settings, `secret` in those of its records.
pub async fn settle(app: &TestApp, word: &str, secret: &str) -> Side {
    let email = format!("{word}-{}@example.com", Uuid::now_v7().simple());
    let body = json!({
        "organization": format!("{word} Ltd"), "full_name": format!("Olga {word}"),
        "email": email, "password": hindsight_tests::PASSWORD,
    });
    app.sign_up(&body).await;
    let other = app.log_in(&email, hindsight_tests::PASSWORD).await;
    let sessions = other.get("/sessions").send().await.expect_status(200);
    let items = sessions.at("/items").as_array().unwrap();
    let session = items.iter().find(|item| item["current"] == true).unwrap()["id"].clone();
    let owner = app.log_in(&email, hindsight_tests::PASSWORD).await;

    let member = app.member_as(&owner, &format!("Mona {word}"), []).await.member;
    let value = async |list: &str| {
        let body = json!({"label": format!("{word} {list}")});
        let path = format!("/picklists/{list}/values");
        owner.post(&path).json(&body).send().await.expect_status(201).id("/id")
    };
    let (status, service) = (value("status").await, value("service").await);
    let (industry, traffic_source) = (value("industry").await, value("traffic_source").await);
    let made = async |path: &str, body: Value| {
        owner.post(path).json(&body).send().await.expect_status(201).id("/id")
    };
    let tag = made("/tags", json!({"label": format!("{word} tag")})).await;
    let role = json!({"name": format!("{word} role"), "description": word, "permissions": {}});
    let role = made("/roles", role).await;
    let team = made("/teams", json!({"name": format!("{word} team")})).await;
    let view = json!({
        "record_type": "contacts", "name": format!("{word} view"), "visibility": "shared",
        "q": word, "filter": {"field": "city", "op": "eq", "value": word},
    });
    let view = made("/views", view).await;
    let ends = app.app.now() + chrono::TimeDelta::days(30);
    let key =
        json!({"name": format!("{word} key"), "scopes": ["contacts:read"], "expires_at": ends});
    let key = made("/api_keys", key).await;
    let invitation = json!({
        "email": format!("ivy.{word}@example.com"), "display_name": format!("Ivy {word}"),
        "profile": "staff", "roles": [role], "team": team,
    });
    let invitation = made("/invitations", invitation).await;
    let company = json!({
        "name": format!("{secret} AG"), "city": secret, "notes": secret, "tags": [tag],
        "industry": industry, "email": format!("{secret}@example.com"),
    });
    let company = made("/companies", company).await;
    let contact = json!({
        "full_name": format!("Ana {secret}"), "city": secret, "notes": secret, "tags": [tag],
        "company": company, "status": status, "services": [service], "industry": industry,
        "traffic_source": traffic_source, "email": format!("ana.{secret}@example.com"),
        "external_id": secret, "website": format!("https://{secret}.example.com"),
    });
    let contact = owner.post("/contacts").header("hindsight-reason", secret).json(&contact);
    let contact = contact.send().await.expect_status(201);
    owner.create("contacts", json!({"full_name": format!("Ben {secret}")})).await;
    owner.create("companies", json!({"name": format!("{secret} GmbH")})).await;
    let file = format!("First Name,Last Name,Email\nCid,{secret},broken {secret}\nDea,{secret},\n");
    let job = import(app, &owner, &file, &format!("{secret}.csv")).await;
    finish(app, &owner, job).await.unwrap();

    let position = app.app.commands.log().head(store::LogId(owner.organization)).await.unwrap();
    let cursor = async |plural: &str| {
        let page = owner.search(plural, json!({"limit": 1}), position.position).await;
        page.text("/next_cursor")
    };
    let (contacts_cursor, companies_cursor) = (cursor("contacts").await, cursor("companies").await);
    let path = format!("/contacts/{}/history", contact.id("/id"));
    let history = owner.get(&path).send().await.expect_status(200);
    let ids = Ids {
        contact: contact.id("/id"),
        company,
        tag,
        status,
        service,
        industry,
        traffic_source,
        role,
        team,
        view,
        key,
        session: session.as_str().unwrap().parse().unwrap(),
        member,
        job: job.0,
        invitation,
        organization: owner.organization,
        owner: owner.member,
        user: owner.user,
        action: history.id("/items/0/action/id"),
        contacts_cursor,
        companies_cursor,
    };
    Side { owner, ids }
}
