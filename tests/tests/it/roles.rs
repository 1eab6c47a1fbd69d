//! `/roles`, `/teams` and who has which

use chrono::TimeDelta;
use domain::ids::{OrganizationId, RoleId};
use domain::reach::ReachLevel;
use domain::role::Builtin;
use hindsight_tests::{Answer, Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

fn builtin(client: &Client, role: Builtin) -> Uuid {
    role.id(OrganizationId(client.organization)).0
}

async fn assign(by: &Client, member: &Client, roles: &[Uuid]) -> hindsight_tests::Answer {
    let path = format!("/members/{}/roles", member.member);
    by.put(&path).json(&json!({"roles": roles})).send().await
}

#[tokio::test]
async fn a_role_is_made_changed_assigned_deleted_and_restored() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let roles = olga.get("/roles").send().await.expect_status(200);
    let names: Vec<_> = roles.at("/items").as_array().unwrap().iter().map(|r| &r["name"]).collect();
    assert_eq!(names, ["Owner", "Admin", "Manager", "Sales", "Analyst", "Auditor", "Client"]);

    let body = json!({"name": "Fair", "permissions": {"contacts:read": "own"}});
    let made = olga.post("/roles").json(&body).send().await.expect_status(201);
    let id = made.id("/id");
    let path = format!("/roles/{id}");
    let again = olga.post("/roles").json(&body).send().await;
    again.expect_problem(422, "duplicate_role");
    let eve = app.member_as(&olga, "Eve", []).await;
    eve.get("/contacts").send().await.expect_problem(403, "not_permitted");
    assign(&olga, &eve, &[id]).await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let eve = app.log_in(&eve.email, PASSWORD).await;
    eve.get("/contacts").send().await.expect_status(200);
    eve.post("/contacts")
        .json(&json!({"full_name": "A"}))
        .send()
        .await
        .expect_problem(403, "not_permitted");

    let stale = olga.patch(&path).header("if-match", "\"1\"").json(&json!({"name": "Fairs"}));
    stale.send().await.expect_problem(409, "version_conflict");
    let renamed = olga.patch(&path).json(&json!({"name": "Fairs"})).send().await;
    assert_eq!(renamed.expect_status(200).text("/name"), "Fairs");
    let wanted = json!({"permissions": {"contacts:create": "all", "contacts:read": "own"}});
    let granted = olga.put(&format!("{path}/permissions")).json(&wanted).send().await;
    assert_eq!(granted.expect_status(200).at("/permissions"), &wanted["permissions"]);
    app.pass(TimeDelta::seconds(5));
    eve.get("/contacts").send().await.expect_problem(401, "token_outdated");
    let eve = app.log_in(&eve.email, PASSWORD).await;
    eve.create("contacts", json!({"full_name": "A"})).await;

    olga.delete(&path).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let eve = app.log_in(&eve.email, PASSWORD).await;
    eve.get("/contacts").send().await.expect_problem(403, "not_permitted");
    olga.post(&format!("{path}/restore")).send().await.expect_status(200);
    let sales = format!("/roles/{}", builtin(&olga, Builtin::Sales));
    olga.delete(&sales).send().await.expect_problem(422, "builtin_role");
    let owner = format!("/roles/{}", builtin(&olga, Builtin::Owner));
    let rename = olga.patch(&owner).json(&json!({"name": "Boss"})).send().await;
    rename.expect_problem(422, "owner_role_fixed");
    let unknown = json!({"permissions": {"contacts:fly": "all"}});
    let refused = olga.put(&format!("{path}/permissions")).json(&unknown).send().await;
    let refused = refused.expect_problem(422, "invalid");
    assert_eq!(refused.text("/errors/0/pointer"), "/permissions/contacts:fly");
}

#[tokio::test]
async fn of_two_who_change_a_role_at_once_one_is_told_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let admin = Builtin::Admin.id(OrganizationId(olga.organization));
    let ada = app.member_as(&olga, "Ada", [admin]).await;
    let ben = app.member_as(&olga, "Ben", [admin]).await;
    let body = json!({"name": "Fair", "permissions": {"contacts:read": "own"}});
    let role = olga.post("/roles").json(&body).send().await.expect_status(201).id("/id");
    let (path, permissions) = (format!("/roles/{role}"), format!("/roles/{role}/permissions"));
    // Each sees the role, adds a permission, and sends all of them back.
    let with = |seen: &Answer, permission: &str| {
        let mut wanted = seen.at("/permissions").clone();
        wanted[permission] = json!("all");
        json!({"permissions": wanted})
    };
    let steps = [("contacts:create", "tags:create"), ("contacts:import", "members:read")];
    for (hers, his) in steps {
        let seen = ada.get(&path).send().await.expect_status(200);
        let etag = seen.header("etag");
        let put = |by: &Client, permission: &str| {
            let call = by.put(&permissions).header("if-match", etag);
            call.json(&with(&seen, permission)).send()
        };
        let (one, other) = tokio::join!(put(&ada, hers), put(&ben, his));
        let (loser, missing, refused) = match (one.status, other.status) {
            (200, 409) => (&ben, his, other),
            (409, 200) => (&ada, hers, one),
            both => panic!("{both:?}: {} {}", one.body, other.body),
        };
        refused.expect_problem(409, "version_conflict");
        let seen = loser.get(&path).send().await.expect_status(200);
        let again = loser.put(&permissions).header("if-match", seen.header("etag"));
        again.json(&with(&seen, missing)).send().await.expect_status(200);
    }
    let end = olga.get(&path).send().await.expect_status(200);
    let held: Vec<_> = end.at("/permissions").as_object().unwrap().keys().collect();
    let all =
        ["contacts:create", "contacts:import", "contacts:read", "members:read", "tags:create"];
    assert_eq!(held, all);
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_have() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let clerk = olga
        .post("/roles")
        .json(&json!({
            "name": "Clerk",
            "permissions": {
                "roles:read": "all", "roles:create": "all", "roles:update": "all",
                "roles:delete": "all", "roles:assign": "all", "contacts:read": "own",
                "teams:create": "all", "teams:update": "all",
            },
            "fields": {"contact": {"email": "hidden"}},
        }))
        .send()
        .await
        .expect_status(201);
    let eve = app.member_as(&olga, "Eve", [RoleId(clerk.id("/id"))]).await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let (sales, admin, owner) = (
        builtin(&olga, Builtin::Sales),
        builtin(&olga, Builtin::Admin),
        builtin(&olga, Builtin::Owner),
    );
    let own = clerk.id("/id");
    assign(&eve, &eve, &[own, admin]).await.expect_problem(422, "wider_than_own");
    assign(&eve, &eve, &[own, owner]).await.expect_problem(422, "owners_only");
    assign(&eve, &max, &[]).await.expect_problem(422, "wider_than_own");
    assign(&eve, &olga, &[]).await.expect_problem(422, "owners_only");
    let make = |permissions: Value, fields: Value| {
        let body = json!({"name": "New", "permissions": permissions, "fields": fields});
        eve.post("/roles").json(&body).send()
    };
    let wider = make(json!({"contacts:read": "team"}), json!({"contact": {"email": "hidden"}}));
    let wider = wider.await.expect_problem(422, "wider_than_own");
    assert_eq!(wider.text("/errors/0/pointer"), "/permissions/contacts:read");
    let shows = make(json!({"contacts:read": "own"}), json!({}));
    let shows = shows.await.expect_problem(422, "wider_than_own");
    assert_eq!(shows.text("/errors/0/pointer"), "/fields/contact/email");
    make(json!({"contacts:read": "own"}), json!({"contact": {"email": "hidden"}}))
        .await
        .expect_status(201);
    let path = format!("/roles/{sales}/permissions");
    let none = eve.put(&path).json(&json!({"permissions": {}})).send().await;
    none.expect_problem(422, "wider_than_own");
    let team = eve.post("/teams").json(&json!({"name": "Mine"})).send().await.expect_status(201);
    let path = format!("/teams/{}/members", team.id("/id"));
    let both = json!({"members": [eve.member, max.member]});
    eve.put(&path).json(&both).send().await.expect_problem(422, "wider_than_own");
    olga.put(&path).json(&both).send().await.expect_status(200);
}

#[tokio::test]
async fn one_owner_always_remains() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let owner = builtin(&olga, Builtin::Owner);
    assign(&olga, &olga, &[]).await.expect_problem(422, "last_owner");
    assign(&olga, &max, &[owner]).await.expect_status(200);
    assign(&olga, &olga, &[]).await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    let max = app.log_in(&max.email, PASSWORD).await;
    assign(&max, &max, &[]).await.expect_problem(422, "last_owner");
}

#[tokio::test]
async fn the_catalogue_says_what_there_is_to_grant() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let catalogue = max.get("/roles/permissions").send().await.expect_status(200);
    assert_eq!(catalogue.text("/resources/0/name"), "contacts");
    assert_eq!(catalogue.text("/resources/0/permissions/0/name"), "contacts:read");
    assert_eq!(catalogue.at("/resources/0/permissions/0/takes_reach"), true);
    assert_eq!(catalogue.at("/resources/0/permissions/0/held"), "all");
    assert_eq!(catalogue.at("/resources/0/permissions/7/held"), &Value::Null);
    let ana = app.member(&olga, "Ana", ReachLevel::Own).await;
    ana.get("/roles").send().await.expect_problem(403, "not_permitted");
}
