//! Registering as a client

use super::{
    ANA, OTHER, ana, as_client, confirm, contacts_with, count, open_registration, post, register,
    registrant,
};
use chrono::TimeDelta;
use commands::{Caller, Origin, Target};
use domain::client::member_id;
use domain::ids::{ActionId, ContactId, OrganizationId, UserId};
use domain::role::Builtin;
use domain::user::{ClientJoining, Membership, User, UserCommand};
use futures::future::join_all;
use hindsight_tests::{PASSWORD, TestApp};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::LogId;
use store::vault::Purpose;
use uuid::Uuid;

#[tokio::test]
async fn who_registers_becomes_user_contact_and_client_in_one_action() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let path = open_registration(&owner).await;
    post(&app.stranger(), &path, ana()).await.expect_status(202);
    let log_in = json!({"email": ANA, "password": PASSWORD});
    post(&app.stranger(), "/auth/login", log_in).await.expect_problem(401, "wrong_credentials");
    assert_eq!(contacts_with(&app, &owner, ANA).await.len(), 0, "nothing before the mail was read");

    let token = app.mailed(Purpose::RegistrationConfirm).await;
    let mail = app.newest_mail(owner.organization).await;
    assert!(mail.contains(&format!("confirm-registration#token={token}")), "{mail}");
    assert!(mail.contains(ANA) && !mail.contains("Lima"), "nothing that a stranger typed: {mail}");
    confirm(&app, &token, OTHER).await.expect_problem(401, "wrong_credentials");
    let ana = as_client(&app, &confirm(&app, &token, PASSWORD).await.expect_status(200)).await;
    confirm(&app, &token, PASSWORD).await.expect_problem(422, "link_invalid");

    let contacts = contacts_with(&app, &owner, ANA).await;
    let [contact] = &contacts[..] else { panic!("{contacts:?}") };
    assert_eq!(contact["status"]["label"], "Lead");
    assert_eq!(contact["traffic_source"]["label"], "Website");
    assert_eq!(contact["phone"], "+351912345678");
    assert_eq!(contact["company_name"], "Lima Lda");
    assert_eq!(contact["created_by"]["label"], "Ana Lima");
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    let record = owner.get(&path).send().await.expect_status(200);
    assert_eq!(record.at("/account"), &json!({"member": ana.member, "status": "active"}));
    let member = owner.get(&format!("/members/{}", ana.member)).send().await.expect_status(200);
    assert_eq!(member.at("/profile"), "client");
    assert_eq!(member.at("/contact"), &contact["id"]);
    let role = Builtin::Client.id(OrganizationId(owner.organization));
    assert_eq!(member.at("/roles"), &json!([{"id": role, "label": "Client"}]));

    let history = owner.get(&format!("{path}/history")).send().await.expect_status(200);
    let action = history.text("/items/0/action/id");
    let trail = owner.get(&format!("/audit?action_id={action}")).send().await.expect_status(200);
    let types: BTreeSet<_> = trail
        .at("/items")
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["type"].as_str().unwrap())
        .collect();
    let together =
        ["client_account.opened", "contact.created", "member.joined", "registration.confirmed"];
    assert!(together.iter().all(|kind| types.contains(kind)), "{types:?}");

    let back = app.log_in(ANA, PASSWORD).await;
    let me = back.get("/portal/me").send().await.expect_status(200);
    assert_eq!(
        (me.text("/organization/name"), me.text("/display_name")),
        ("Acme".into(), "Ana Lima".into())
    );
}

/// What the server has written so far: events, tokens, kept passwords.
async fn written(app: &TestApp) -> [i64; 3] {
    let mut admin = app.own_database.admin().await;
    let mut counts = [0; 3];
    for (count, sql) in counts.iter_mut().zip([
        "SELECT count(*) FROM hindsight.event
          WHERE type NOT IN ('mail.sending_started', 'mail.sent', 'mail.failed')",
        "SELECT count(*) FROM hindsight.one_time_token",
        "SELECT count(*) FROM hindsight.waiting_credential",
    ]) {
        *count = sqlx::query_scalar(sql).fetch_one(&mut admin).await.unwrap();
    }
    counts
}

#[tokio::test]
async fn neither_answer_nor_work_tells_whether_an_address_is_known() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let path = open_registration(&owner).await;
    register(&app, &path, &ana()).await;
    owner.create("contacts", json!({"full_name": "Ben", "email": "ben@example.com"})).await;
    let mut seen = Vec::new();
    for email in [ANA, "ben@example.com", &owner.email, "nobody@example.com"] {
        let mut body = ana();
        body["email"] = email.into();
        let before = written(&app).await;
        let answer = post(&app.stranger(), &path, body).await.expect_status(202);
        let after = written(&app).await;
        let work: Vec<_> = after.iter().zip(before).map(|(after, before)| after - before).collect();
        seen.push((answer.body, work));
    }
    assert!(seen.iter().all(|one| *one == (String::new(), vec![2, 1, 1])), "{seen:?}");
}

#[tokio::test]
async fn the_only_contact_with_the_address_becomes_theirs_unless_somebody_has_it() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let path = open_registration(&owner).await;
    let made = async |name: &str, email: &str| {
        owner.create("contacts", json!({"full_name": name, "email": email})).await.id("/id")
    };
    let one = made("Ana of Acme's", ANA).await;
    // Found alike, but another mailbox.
    made("Ána", "ána@example.com").await;
    let first = register(&app, &path, &ana()).await;
    let me = first.get("/portal/me").send().await.expect_status(200);
    assert_eq!(me.text("/display_name"), "Ana of Acme's", "what staff wrote stays");
    assert_eq!(contacts_with(&app, &owner, ANA).await.len(), 1);
    let record = owner.get(&format!("/contacts/{one}")).send().await.expect_status(200);
    assert_eq!(record.text("/account/status"), "active");

    // Once more, by whoever is a client already: nothing new.
    let again = register(&app, &path, &ana()).await;
    assert_eq!(again.member, first.member);
    assert_eq!(contacts_with(&app, &owner, ANA).await.len(), 1);

    // Somebody logs in by the address of a contact that another has.
    let ben = register(&app, &path, &registrant("ben@example.com")).await;
    let bens = contacts_with(&app, &owner, "ben@example.com").await[0]["id"].clone();
    let bens = format!("/contacts/{}", bens.as_str().unwrap());
    owner.patch(&bens).json(&json!({"email": "cid@example.com"})).send().await.expect_status(200);
    let cid = register(&app, &path, &registrant("cid@example.com")).await;
    assert_ne!(cid.member, ben.member);
    assert_eq!(contacts_with(&app, &owner, "cid@example.com").await.len(), 2, "not Ben's");

    // Of two nobody can say whose they are.
    for name in ["Dea", "Dean"] {
        made(name, "dea@example.com").await;
    }
    register(&app, &path, &registrant("dea@example.com")).await;
    assert_eq!(contacts_with(&app, &owner, "dea@example.com").await.len(), 3);
}

#[tokio::test]
async fn who_has_an_account_becomes_a_client_beside_what_they_are() {
    let app = TestApp::start().await;
    let (owner, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let path = open_registration(&owner).await;
    let mut body = registrant(&eve.email);
    body["password"] = OTHER.into();
    post(&app.stranger(), &path, body).await.expect_status(202);
    let token = app.mailed(Purpose::RegistrationConfirm).await;
    // What a stranger chose is not the password of the account.
    confirm(&app, &token, OTHER).await.expect_problem(401, "wrong_credentials");
    let client = as_client(&app, &confirm(&app, &token, PASSWORD).await.expect_status(200)).await;
    assert_eq!(client.user, eve.user);
    client.get("/portal/me").send().await.expect_status(200);
    let over = json!({"organization": eve.organization, "native": true});
    let over = post(&client, "/auth/switch", over).await.expect_status(200);
    let staff = client.with_token(&over.text("/access_token"));
    staff.get("/contacts").send().await.expect_status(200);
    staff.get("/portal/me").send().await.expect_problem(403, "not_permitted");
}

#[tokio::test]
async fn a_link_and_a_password_are_no_second_factor() {
    let app = TestApp::start().await;
    let (owner, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let enrolled = post(&eve, "/auth/totp/enrol", json!({})).await.expect_status(200);
    let code = hindsight_tests::code(&enrolled.text("/secret"), app.app.now());
    post(&eve, "/auth/totp/confirm", json!({"code": code})).await.expect_status(200);
    let path = open_registration(&owner).await;
    post(&app.stranger(), &path, registrant(&eve.email)).await.expect_status(202);
    let token = app.mailed(Purpose::RegistrationConfirm).await;
    let asked = confirm(&app, &token, PASSWORD).await.expect_status(202);
    assert!(asked.json.get("access_token").is_none(), "{}", asked.body);
    app.pass(TimeDelta::seconds(30));
    let code = hindsight_tests::code(&enrolled.text("/secret"), app.app.now());
    let body = json!({"challenge": asked.text("/challenge"), "code": code, "native": true});
    post(&app.stranger(), "/auth/totp/verify", body).await.expect_status(200);
    assert_eq!(contacts_with(&app, &owner, &eve.email).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_confirmations_at_once_make_one_contact() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let path = open_registration(&owner).await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        post(&app.stranger(), &path, ana()).await.expect_status(202);
        tokens.push(app.mailed(Purpose::RegistrationConfirm).await);
    }
    // Each link twice.
    let all = tokens.iter().chain(&tokens).map(|token| confirm(&app, token, PASSWORD));
    let answers = join_all(all).await;
    let (good, bad): (Vec<_>, Vec<_>) = answers.into_iter().partition(|a| a.status == 200);
    assert_eq!((good.len(), bad.len()), (3, 3), "{bad:?}");
    for answer in bad {
        answer.expect_problem(422, "link_invalid");
    }
    assert_eq!(contacts_with(&app, &owner, ANA).await.len(), 1);
    assert_eq!(count(&app, "client_account.opened").await, 1);
    assert_eq!(count(&app, "member.joined").await, 2, "the owner's and Ana's");
}

#[tokio::test]
async fn what_a_crash_left_unfinished_is_finished() {
    let app = TestApp::start().await;
    let (owner, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let path = open_registration(&owner).await;
    post(&app.stranger(), &path, registrant(&eve.email)).await.expect_status(202);
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT stream_id FROM hindsight.event WHERE type = 'registration.asked'";
    let registration: Uuid = sqlx::query_scalar(sql).fetch_one(&mut admin).await.unwrap();
    let organization = OrganizationId(owner.organization);
    let user = UserId(eve.user);
    let member = member_id(organization, user);
    // The intent is there, and nothing of what follows from it.
    let commands = &app.app.commands;
    let request = commands.request(LogId::PLATFORM, Caller::User(user), Origin::CLI, "crash");
    let start = UserCommand::StartClientJoining(ClientJoining {
        membership: Membership { organization, member },
        contact: ContactId(Uuid::now_v7()),
        registration: Some(registration),
        action: ActionId(Uuid::now_v7()),
    });
    let batch = commands.batch(&request).add::<User>(Target::existing(user.0), vec![start]);
    batch.commit().await.unwrap();
    for _ in 0..2 {
        app.app.identity.finish_foundings().await.unwrap();
    }
    assert_eq!(contacts_with(&app, &owner, &eve.email).await.len(), 1);
    let known = commands.load::<User>(LogId::PLATFORM, user.0).await.unwrap();
    assert!(known.state.joining.is_empty());
    assert!(known.state.memberships.contains(&Membership { organization, member }));
    let over = json!({"member": member.0, "native": true});
    let over = post(&eve, "/auth/switch", over).await.expect_status(200);
    let client = eve.with_token(&over.text("/access_token"));
    client.get("/portal/me").send().await.expect_status(200);
}

#[tokio::test]
async fn where_nobody_may_register_nobody_does() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let path = open_registration(&owner).await;
    post(&app.stranger(), &path, ana()).await.expect_status(202);
    let token = app.mailed(Purpose::RegistrationConfirm).await;
    let set = async |body: Value| {
        owner.patch("/organization").json(&body).send().await.expect_status(200);
    };
    set(json!({"self_registration": false})).await;
    post(&app.stranger(), &path, registrant("ben@example.com"))
        .await
        .expect_problem(404, "not_found");
    confirm(&app, &token, PASSWORD).await.expect_problem(403, "registration_closed");
    set(json!({"self_registration": true, "modules": []})).await;
    post(&app.stranger(), &path, registrant("ben@example.com"))
        .await
        .expect_problem(404, "module_disabled");
    confirm(&app, &token, PASSWORD).await.expect_problem(404, "module_disabled");
    set(json!({"modules": ["portal"], "maintenance": true})).await;
    confirm(&app, &token, PASSWORD).await.expect_problem(503, "organization_maintenance");
    set(json!({"maintenance": false})).await;
    let ana = as_client(&app, &confirm(&app, &token, PASSWORD).await.expect_status(200)).await;
    ana.get("/portal/me").send().await.expect_status(200);
    set(json!({"modules": []})).await;
    app.pass(TimeDelta::seconds(5));
    ana.get("/portal/me").send().await.expect_problem(404, "module_disabled");
    let unknown = "/public/AAAA/register";
    post(&app.stranger(), unknown, registrant("dea@example.com"))
        .await
        .expect_problem(404, "not_found");
    assert_eq!(count(&app, "registration.asked").await, 1);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_a_mailbox_is_not_filled() {
    let app = TestApp::start().await;
    let path = open_registration(&app.owner("Acme").await).await;
    let bad = json!({
        "full_name": "", "email": "ana", "password": "password", "phone": "x".repeat(60),
    });
    let refused = post(&app.stranger(), &path, bad).await.expect_problem(422, "invalid");
    let named: BTreeSet<_> = refused
        .at("/errors")
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["pointer"].as_str().unwrap().to_owned())
        .collect();
    let all = ["/email", "/full_name", "/password", "/phone"].map(str::to_owned);
    assert_eq!(named, BTreeSet::from(all));
    for _ in 0..3 {
        post(&app.stranger(), &path, ana()).await.expect_status(202);
    }
    let late = post(&app.stranger(), &path, ana()).await.expect_problem(429, "too_many_attempts");
    assert!(late.header("retry-after").parse::<u32>().unwrap() > 0);
    post(&app.stranger(), &path, registrant("ben@example.com")).await.expect_status(202);
}
