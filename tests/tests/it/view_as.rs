//! `Hindsight-View-As`: what a role would show

use domain::ids::OrganizationId;
use domain::reach::ReachLevel;
use domain::role::Builtin;
use hindsight_tests::{Answer, Call, Client, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

async fn role(by: &Client, body: Value) -> Uuid {
    by.post("/roles").json(&body).send().await.expect_status(201).id("/id")
}

async fn through(call: Call, role: Uuid) -> Answer {
    call.header("hindsight-view-as", &role.to_string()).send().await
}

fn builtin(client: &Client, role: Builtin) -> Uuid {
    role.id(OrganizationId(client.organization)).0
}

#[tokio::test]
async fn lists_records_histories_and_search_are_as_for_the_role() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let junior = role(
        &olga,
        json!({
            "name": "Junior", "permissions": {"contacts:read": "own", "roles:read": "all"},
            "fields": {"contact": {"email": "hidden"}},
        }),
    )
    .await;
    let secret = "secret@example.org";
    let theirs = json!({"full_name": "Robin Else", "email": secret});
    let theirs = olga.create("contacts", theirs).await;
    let own = json!({"full_name": "Robin Own", "email": secret, "assigned_to": olga.member});
    let own = olga.create("contacts", own).await;
    olga.create("companies", json!({"name": "Robin AG"})).await;
    let position = own.position().to_string();

    let list = olga.post("/contacts/search").json(&json!({}));
    let list = through(list.header("hindsight-min-position", &position), junior).await;
    assert_eq!(list.expect_status(200).labels(), ["Robin Own"]);
    let total = through(olga.get("/contacts/total"), junior).await;
    assert_eq!(total.at("/value"), 1);
    let by_mail = json!({"filter": {"field": "email", "op": "eq", "value": secret}});
    let by_mail = through(olga.post("/contacts/search").json(&by_mail), junior).await;
    by_mail.expect_problem(400, "invalid_query");
    through(olga.get("/companies"), junior).await.expect_problem(403, "not_permitted");

    let out_of_reach = format!("/contacts/{}", theirs.id("/id"));
    let within = format!("/contacts/{}", own.id("/id"));
    for tail in ["", "/history", "/provenance"] {
        let hidden = through(olga.get(&format!("{out_of_reach}{tail}")), junior).await;
        hidden.expect_problem(404, "not_found");
        let shown = through(olga.get(&format!("{within}{tail}")), junior).await;
        assert!(!shown.expect_status(200).body.contains("secret"));
    }
    let one = through(olga.get(&within), junior).await;
    assert_eq!(one.at("/allowed/edit"), false);
    let found = through(olga.get("/search?q=robin"), junior).await.expect_status(200);
    assert_eq!(found.at("/groups").as_array().unwrap().len(), 1);
    assert_eq!(found.text("/groups/0/items/0/label"), "Robin Own");
    let meta = through(olga.get("/meta"), junior).await.expect_status(200);
    let fields = meta.at("/record_types/0/fields").as_array().unwrap();
    assert!(fields.iter().all(|field| field["name"] != "email"));
    assert_eq!(meta.at("/record_types/0/may/update"), false);
    let me = through(olga.get("/users/me"), junior).await.expect_status(200);
    assert_eq!(me.at("/permissions").as_object().unwrap().len(), 2);
    let again = olga.get(&out_of_reach).send().await.expect_status(200);
    assert!(again.body.contains("secret"), "it was for those requests only");
}

#[tokio::test]
async fn nobody_sees_more_through_a_role() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let reader = json!({
        "name": "Reader", "permissions": {"contacts:read": "own", "roles:read": "all"},
    });
    let reader = role(&olga, reader).await;
    let eve = app.member_as(&olga, "Eve", [domain::ids::RoleId(reader)]).await;
    let made = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let path = format!("/contacts/{}", made.id("/id"));
    for wider in [Builtin::Owner, Builtin::Admin, Builtin::Manager] {
        let wider = builtin(&olga, wider);
        through(eve.get(&path), wider).await.expect_problem(404, "not_found");
        let list = eve.get("/contacts");
        let list = list.header("hindsight-min-position", &made.position().to_string());
        assert_eq!(through(list, wider).await.expect_status(200).labels(), [""; 0]);
        through(eve.get("/audit"), wider).await.expect_problem(403, "not_permitted");
    }
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let own = builtin(&max, Builtin::Sales);
    let refused = through(max.get("/contacts"), own).await;
    refused.expect_problem(403, "not_permitted");
}

#[tokio::test]
async fn a_reach_over_the_team_is_over_the_callers_teams() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let lead = json!({"name": "Lead", "permissions": {"contacts:read": "team"}});
    let lead = role(&olga, lead).await;
    let team = json!({"name": "North"});
    let team = olga.post("/teams").json(&team).send().await.expect_status(201).id("/id");
    let members = json!({"members": [olga.member, max.member]});
    let fill = olga.put(&format!("/teams/{team}/members")).json(&members);
    fill.send().await.expect_status(200);
    olga.create("contacts", json!({"full_name": "Nobody's"})).await;
    let of_max = json!({"full_name": "Of Max", "assigned_to": max.member});
    let position = olga.create("contacts", of_max).await.position();
    let list = olga.get("/contacts").header("hindsight-min-position", &position.to_string());
    assert_eq!(through(list, lead).await.expect_status(200).labels(), ["Of Max"]);
}

#[tokio::test]
async fn while_viewing_as_a_role_nothing_changes() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let admin = builtin(&olga, Builtin::Admin);
    let create = olga.post("/contacts").json(&json!({"full_name": "Ana"}));
    through(create, admin).await.expect_problem(403, "viewing_as");
    through(olga.post("/auth/logout_all"), admin).await.expect_problem(403, "viewing_as");
    through(olga.get("/contacts"), Uuid::now_v7()).await.expect_problem(400, "invalid_parameter");
    let malformed = olga.get("/contacts").header("hindsight-view-as", "sales").send().await;
    malformed.expect_problem(400, "invalid_header");
    let gone = role(&olga, json!({"name": "Gone", "permissions": {}})).await;
    olga.delete(&format!("/roles/{gone}")).send().await.expect_status(200);
    through(olga.get("/contacts"), gone).await.expect_problem(400, "invalid_parameter");
}
