//! The accounts of contacts, which staff gives and takes

use super::{ANA, OTHER, as_client, contacts_with, count, of_ana, post, token_of, with_account};
use chrono::TimeDelta;
use commands::{Caller, Origin, Target};
use domain::client::member_id;
use domain::ids::{ActionId, ContactId, OrganizationId, UserId};
use domain::reach::ReachLevel;
use domain::user::{ClientJoining, Membership, User, UserCommand};
use hindsight_tests::{PASSWORD, TestApp};
use serde_json::{Value, json};
use store::LogId;
use store::vault::Purpose;
use uuid::Uuid;

#[tokio::test]
async fn an_account_that_somebody_else_has_by_now_is_given_up() {
    let app = TestApp::start().await;
    let (owner, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let (path, ana) = with_account(&app, &owner, of_ana()).await;
    let contact: Uuid = path.trim_start_matches("/contacts/").parse().unwrap();
    let organization = OrganizationId(owner.organization);
    let user = UserId(eve.user);
    let member = member_id(organization, user);
    let commands = &app.app.commands;
    let request = commands.request(LogId::PLATFORM, Caller::User(user), Origin::CLI, "late");
    let start = UserCommand::StartClientJoining(ClientJoining {
        membership: Membership { organization, member },
        contact: ContactId(contact),
        registration: None,
        action: ActionId(Uuid::now_v7()),
    });
    let batch = commands.batch(&request).add::<User>(Target::existing(user.0), vec![start]);
    batch.commit().await.unwrap();
    app.app.identity.finish_foundings().await.unwrap();
    let known = commands.load::<User>(LogId::PLATFORM, user.0).await.unwrap();
    assert!(known.state.joining.is_empty());
    assert!(!known.state.memberships.contains(&Membership { organization, member }));
    let record = owner.get(&path).send().await.expect_status(200);
    assert_eq!(record.at("/account/member"), &json!(ana.member));
}

#[tokio::test]
async fn a_contact_is_offered_an_account_and_opens_it_by_the_link() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let id = owner.create("contacts", of_ana()).await;
    assert_eq!(id.at("/account"), &Value::Null);
    let path = format!("/contacts/{}", id.id("/id"));
    let account = format!("{path}/account");
    post(&owner, &format!("{account}/reset"), json!({})).await.expect_problem(422, "no_account");
    post(&owner, &account, json!({})).await.expect_status(200);
    let first = app.mailed(Purpose::ClientAccount).await;
    post(&owner, &account, json!({})).await.expect_status(200);
    let second = app.mailed(Purpose::ClientAccount).await;
    let mail = app.newest_mail(owner.organization).await;
    assert!(mail.contains(&format!("client-account#token={second}")), "{mail}");
    let record = owner.get(&path).send().await.expect_status(200);
    assert_eq!(record.at("/account"), &json!({"member": null, "status": "offered"}));

    let stranger = app.stranger();
    let look = async |token: &str| {
        post(&stranger, "/auth/client_account/look", json!({"token": token})).await
    };
    look(&first).await.expect_problem(422, "link_invalid");
    let offer = look(&second).await.expect_status(200);
    assert_eq!(offer.json, json!({"organization": "Acme", "email": ANA, "known": false}));
    let open = async |token: &str, password: &str| {
        let body = json!({"token": token, "password": password, "native": true});
        post(&stranger, "/auth/client_account", body).await
    };
    open(&first, PASSWORD).await.expect_problem(422, "link_invalid");
    open(&second, "short").await.expect_problem(422, "invalid");
    let ana = as_client(&app, &open(&second, PASSWORD).await.expect_status(200)).await;
    open(&second, PASSWORD).await.expect_problem(422, "link_invalid");
    post(&owner, &account, json!({})).await.expect_problem(422, "account_exists");
    assert_eq!(contacts_with(&app, &owner, ANA).await.len(), 1);
    ana.get("/portal/me").send().await.expect_status(200);
    app.log_in(ANA, PASSWORD).await.get("/portal/me").send().await.expect_status(200);
}

#[tokio::test]
async fn an_account_is_taken_away_and_given_again_while_history_stays() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let (path, ana) = with_account(&app, &owner, of_ana()).await;
    let account = format!("{path}/account");
    ana.patch("/portal/me").json(&json!({"city": "Porto"})).send().await.expect_status(200);
    owner.delete(&account).send().await.expect_status(204);
    owner.delete(&account).send().await.expect_problem(422, "no_account");
    app.pass(TimeDelta::seconds(5));
    ana.get("/portal/me").send().await.expect_problem(401, "no_session");
    let log_in = json!({"email": ANA, "password": PASSWORD});
    post(&app.stranger(), "/auth/login", log_in).await.expect_problem(403, "no_membership");
    let record = owner.get(&path).send().await.expect_status(200);
    assert_eq!(record.at("/account"), &Value::Null);
    let history = owner.get(&format!("{path}/history")).send().await.expect_status(200);
    assert_eq!(history.text("/items/0/actor/name"), "Ana Lima");

    // An offer is taken back, too.
    post(&owner, &account, json!({})).await.expect_status(200);
    let withdrawn = app.mailed(Purpose::ClientAccount).await;
    owner.delete(&account).send().await.expect_status(204);
    let body = json!({"token": withdrawn, "password": PASSWORD, "native": true});
    post(&app.stranger(), "/auth/client_account", body.clone())
        .await
        .expect_problem(422, "link_invalid");
    post(&owner, &account, json!({})).await.expect_status(200);
    let token = app.mailed(Purpose::ClientAccount).await;
    let open = async |password: &str| {
        let body = json!({"token": token, "password": password, "native": true});
        post(&app.stranger(), "/auth/client_account", body).await
    };
    // The user is still there, with their password.
    open(OTHER).await.expect_problem(401, "wrong_credentials");
    let again = as_client(&app, &open(PASSWORD).await.expect_status(200)).await;
    assert_eq!((again.user, again.member), (ana.user, ana.member));

    // Removed as any member is, they have no account either, and may be offered one.
    owner.delete(&format!("/members/{}", ana.member)).send().await.expect_status(200);
    let record = owner.get(&path).send().await.expect_status(200);
    assert_eq!(record.at("/account"), &Value::Null);
    post(&owner, &account, json!({})).await.expect_status(200);
    let token = app.mailed(Purpose::ClientAccount).await;
    let body = json!({"token": token, "password": PASSWORD, "native": true});
    post(&app.stranger(), "/auth/client_account", body).await.expect_status(200);
    let record = owner.get(&path).send().await.expect_status(200);
    assert_eq!(record.at("/account"), &json!({"member": ana.member, "status": "active"}));
    let off = format!("/members/{}/deactivate", ana.member);
    post(&owner, &off, json!({})).await.expect_status(200);
    let record = owner.get(&path).send().await.expect_status(200);
    assert_eq!(record.text("/account/status"), "deactivated");
}

#[tokio::test]
async fn a_contact_without_an_address_gets_a_link_by_hand_and_a_username() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let id = owner.create("contacts", json!({"full_name": "Bea"})).await.id("/id");
    let account = format!("/contacts/{id}/account");
    let key = "offer-to-bea";
    let offer = || owner.post(&account).header("idempotency-key", key).json(&json!({}));
    let offered = offer().send().await.expect_status(200);
    assert_eq!(offered.at("/mailed"), &json!(false));
    assert_eq!(offer().send().await.expect_status(200).at("/link"), offered.at("/link"));
    assert!(offered.text("/link").contains("/client-account#token="));
    let token = token_of(&offered.text("/link"));
    let stranger = app.stranger();
    let open = async |body: Value| {
        let mut whole = json!({"token": token, "password": PASSWORD, "native": true});
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        post(&stranger, "/auth/client_account", whole).await
    };
    open(json!({})).await.expect_problem(422, "invalid");
    let bea = as_client(&app, &open(json!({"username": "Bea.B"})).await.expect_status(200)).await;
    bea.get("/portal/me").send().await.expect_status(200);
    let log_in = async |password: &str| {
        let body = json!({"email": "bea.b", "password": password, "native": true});
        post(&stranger, "/auth/login", body).await
    };
    log_in(PASSWORD).await.expect_status(200);

    let reset = post(&owner, &format!("{account}/reset"), json!({})).await.expect_status(200);
    assert!(reset.text("/link").contains("/set-password#token="));
    let body = json!({"token": token_of(&reset.text("/link")), "password": OTHER});
    post(&stranger, "/auth/password/reset", body).await.expect_status(204);
    log_in(PASSWORD).await.expect_problem(401, "wrong_credentials");
    log_in(OTHER).await.expect_status(200);

    // With an organization of their own, such a link would lead there, too.
    let (identity, user) = (&app.app.identity, UserId(bea.user));
    identity.found_further(&Origin::CLI, user, "Bea's", None).await.unwrap();
    let refused = post(&owner, &format!("{account}/reset"), json!({})).await;
    refused.expect_problem(422, "belongs_elsewhere");
}

#[tokio::test]
async fn a_member_is_called_as_the_contact_is() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let (path, ana) = with_account(&app, &owner, of_ana()).await;
    let changed = owner.patch(&path).json(&json!({"full_name": "Ana de Lima"})).send().await;
    changed.expect_status(200);
    app.app.client_names.carry_over().await.unwrap();
    let called = async || {
        let path = format!("/members/{}", ana.member);
        owner.get(&path).send().await.expect_status(200).text("/display_name")
    };
    assert_eq!(called().await, "Ana de Lima");
    let history = owner.get(&format!("{path}/history")).send().await.expect_status(200);
    let action = history.text("/items/0/action/id");
    let head = app.app.commands.log().head(LogId(owner.organization)).await.unwrap().position;
    let trail = owner
        .get(&format!("/audit?action_id={action}"))
        .header("hindsight-min-position", &head.to_string())
        .send()
        .await
        .expect_status(200);
    assert!(trail.body.contains("member.renamed"), "one action: {}", trail.body);

    ana.patch("/portal/me")
        .json(&json!({"full_name": "Ana Lopes"}))
        .send()
        .await
        .expect_status(200);
    app.app.client_names.carry_over().await.unwrap();
    assert_eq!(called().await, "Ana Lopes");
    let otherwise = owner.patch(&format!("/members/{}", ana.member));
    let otherwise = otherwise.json(&json!({"display_name": "A."})).send().await;
    otherwise.expect_problem(422, "named_by_contact");
    let renamed = count(&app, "member.renamed").await;
    owner.patch(&path).json(&json!({"city": "Faro"})).send().await.expect_status(200);
    app.app.client_names.carry_over().await.unwrap();
    assert_eq!(count(&app, "member.renamed").await, renamed, "another field is no other name");
}

#[tokio::test]
async fn clients_change_and_reset_their_password_and_staff_sends_them_a_link() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let (path, ana) = with_account(&app, &owner, of_ana()).await;
    let change = json!({"current_password": PASSWORD, "password": OTHER});
    post(&ana, "/auth/password/change", change).await.expect_status(204);
    let stranger = app.stranger();
    let follow = async |password: &str| {
        let token = app.mailed(Purpose::ResetPassword).await;
        let body = json!({"token": token, "password": password});
        post(&stranger, "/auth/password/reset", body).await.expect_status(204);
        app.log_in(ANA, password).await
    };
    post(&stranger, "/auth/password/forgot", json!({"email": ANA})).await.expect_status(202);
    follow(PASSWORD).await;
    // The link goes to the address that was shown to be theirs, whatever the contact's is now.
    let elsewhere = json!({"email": "eve@example.com"});
    owner.patch(&path).json(&elsewhere).send().await.expect_status(200);
    let reset = post(&owner, &format!("{path}/account/reset"), json!({})).await.expect_status(200);
    assert_eq!((reset.at("/mailed"), reset.at("/link")), (&json!(true), &Value::Null));
    follow(OTHER).await.get("/portal/me").send().await.expect_status(200);
}

#[tokio::test]
async fn who_may_not_change_a_contact_or_members_gives_and_takes_no_accounts() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let (path, _) = with_account(&app, &owner, of_ana()).await;
    let account = format!("{path}/account");
    let role = json!({
        "name": "Desk",
        "permissions": {
            "contacts:read": "own", "contacts:update": "own", "members:create": "all",
            "members:update": "all", "members:delete": "all",
        },
    });
    let role = post(&owner, "/roles", role).await.expect_status(201).id("/id");
    let desk = app.member_as(&owner, "Dora Desk", [domain::ids::RoleId(role)]).await;
    let sales = app.member(&owner, "Sam", ReachLevel::Own).await;
    for (who, status, code) in [(&desk, 404, "not_found"), (&sales, 403, "not_permitted")] {
        post(who, &account, json!({})).await.expect_problem(status, code);
        post(who, &format!("{account}/reset"), json!({})).await.expect_problem(status, code);
        who.delete(&account).send().await.expect_problem(status, code);
    }
    owner.patch(&path).json(&json!({"assigned_to": desk.member})).send().await.expect_status(200);
    desk.delete(&account).send().await.expect_status(204);
}

#[tokio::test]
async fn staff_fills_no_mailbox_by_offers_and_resets() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let id = owner.create("contacts", json!({"full_name": "Bea", "email": ANA})).await.id("/id");
    let account = format!("/contacts/{id}/account");
    for _ in 0..6 {
        post(&owner, &account, json!({})).await.expect_status(200);
    }
    post(&owner, &account, json!({})).await.expect_problem(429, "too_many_attempts");
    let (path, _) =
        with_account(&app, &owner, json!({"full_name": "Cid", "email": "cid@example.com"})).await;
    let reset = format!("{path}/account/reset");
    for _ in 0..3 {
        post(&owner, &reset, json!({})).await.expect_status(200);
    }
    post(&owner, &reset, json!({})).await.expect_problem(429, "too_many_attempts");
}
