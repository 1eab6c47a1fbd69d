//! Two organizations: what is one's does not exist for the other, on any route.
//!
//! The routes come from the API's description, so that a new one cannot be forgotten: every
//! operation with something in its path must have its line in `SECRETS`.

use hindsight_tests::{Answer, Client, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The ids of the first organization's things, by what stands before them in a path.
async fn secrets(olga: &Client) -> BTreeMap<&'static str, Uuid> {
    let contact = olga.create("contacts", json!({"full_name": "Ana Geheim"})).await;
    let company = olga.create("companies", json!({"name": "Geheim AG"})).await;
    let tag = olga.post("/tags").json(&json!({"label": "geheim"})).send().await.expect_status(201);
    let body = json!({"label": "Geheimdienst"});
    let service = olga.post("/picklists/service/values").json(&body).send().await;
    let role = json!({"name": "Geheimrat", "permissions": {}});
    let role = olga.post("/roles").json(&role).send().await.expect_status(201);
    let team = json!({"name": "Geheimbund"});
    let team = olga.post("/teams").json(&team).send().await.expect_status(201);
    let ends = chrono::Utc::now() + chrono::TimeDelta::days(30);
    let key = json!({"name": "Geheimtür", "scopes": ["contacts:read"], "expires_at": ends});
    let key = olga.post("/api_keys").json(&key).send().await.expect_status(201);
    let session = olga.get("/sessions").send().await.expect_status(200);
    BTreeMap::from([
        ("contacts", contact.id("/id")),
        ("companies", company.id("/id")),
        ("tags", tag.id("/id")),
        ("values", service.expect_status(201).id("/id")),
        ("sessions", session.id("/items/0/id")),
        ("roles", role.id("/id")),
        ("teams", team.id("/id")),
        ("api_keys", key.id("/id")),
        ("members", olga.member),
        ("jobs", Uuid::now_v7()),
        ("organizations", olga.organization),
        ("administrators", olga.user),
    ])
}

fn body_of(operation: &str) -> Value {
    match operation {
        _ if operation.starts_with("change_") => json!({"city": "X"}),
        _ if operation.starts_with("revert_") => json!({"to_version": 1}),
        "rename_role" | "rename_team" => json!({"name": "X"}),
        "set_role_permissions" => json!({"permissions": {}}),
        "set_role_fields" => json!({"fields": {}}),
        "set_member_roles" => json!({"roles": []}),
        "set_team_members" => json!({"members": []}),
        _ if operation.starts_with("rename_") => json!({"label": "X"}),
        _ => json!({}),
    }
}

#[tokio::test]
async fn no_route_with_an_id_shows_or_changes_what_is_anothers() {
    let app = TestApp::start().await;
    let (olga, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let secrets = secrets(&olga).await;
    let description = serde_json::to_value(api::routes::description()).unwrap();
    let mut tried = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        let Some((before, _)) = path.split_once("/{id}") else { continue };
        let resource = before.rsplit('/').next().unwrap();
        let id = secrets.get(resource).unwrap_or_else(|| panic!("{path}: what has this id?"));
        let address = path
            .strip_prefix("/api/v1")
            .unwrap()
            .replace("{id}", &id.to_string())
            .replace("{list}", "service");
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            let method: Method = method.to_uppercase().parse().unwrap();
            let mut call = eve.call(method.clone(), &address);
            if method != Method::GET {
                call = call.json(&body_of(name));
            }
            let answer = call.send().await;
            assert!(!answer.body.contains("eheim"), "{name}: {}", answer.body);
            if path.contains("/instance/") {
                // For administrators of the instance, whatever the id.
                answer.expect_problem(403, "not_permitted");
            } else {
                answer.expect_problem(404, "not_found");
            }
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
    for (plural, label) in [("contacts", "Ana Geheim"), ("companies", "Geheim AG")] {
        let path = format!("/{plural}/{}", secrets[plural]);
        let still = olga.get(&path).send().await.expect_status(200);
        assert_eq!((still.text("/label").as_str(), still.at("/version")), (label, &json!(1)));
    }
}

#[tokio::test]
async fn no_route_without_an_id_tells_of_what_is_anothers() {
    let app = TestApp::start().await;
    let (olga, eve) = (app.owner("Acme Geheim").await, app.owner("Evil").await);
    let secrets = secrets(&olga).await;
    let tag = secrets["tags"];
    let position = olga.create("contacts", json!({"full_name": "Ben Geheim"})).await.position();
    olga.search("contacts", json!({}), position).await;
    let description = serde_json::to_value(api::routes::description()).unwrap();
    for (path, methods) in description["paths"].as_object().unwrap() {
        if path.contains("{id}")
            || path.contains("{key}")
            || path.contains("/live")
            || methods.get("get").is_none()
        {
            continue;
        }
        let address = path.strip_prefix("/api/v1").unwrap().replace("{list}", "service");
        let answer = eve.get(&address).send().await;
        assert!(!answer.body.contains("eheim"), "{path}: {}", answer.body);
    }
    let searches = [
        json!({"q": "geheim", "deleted": "include"}),
        json!({"filter": {"field": "tags", "op": "in", "value": [tag]}}),
        json!({"filter": {"field": "created_by", "op": "eq", "value": olga.member}}),
    ];
    for search in searches {
        let found: Answer = eve.search("contacts", search, 0).await;
        assert!(found.labels().is_empty());
    }
}

#[tokio::test]
async fn nothing_of_anothers_can_be_referred_to() {
    let app = TestApp::start().await;
    let (olga, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let secrets = secrets(&olga).await;
    for (field, value) in [
        ("company", json!(secrets["companies"])),
        ("tags", json!([secrets["tags"]])),
        ("services", json!([secrets["values"]])),
        ("assigned_to", json!(olga.member)),
    ] {
        let body = json!({"full_name": "Eve", field: value});
        let refused = eve.post("/contacts").json(&body).send().await;
        let refused = refused.expect_problem(422, "invalid");
        assert_eq!(refused.text("/errors/0/pointer"), format!("/{field}"));
    }
}
