//! Clients: registration, accounts of contacts, the portal

use chrono::TimeDelta;
use commands::{Caller, Origin, Target};
use domain::client::member_id;
use domain::ids::{ActionId, ContactId, OrganizationId, UserId};
use domain::mail::Mail;
use domain::reach::ReachLevel;
use domain::role::Builtin;
use domain::user::{ClientJoining, Membership, User, UserCommand};
use futures::future::join_all;
use hindsight_tests::{Answer, Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::LogId;
use store::vault::Purpose;
use uuid::Uuid;

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

/// The newest mail in an organization's log, once it was sent, as the development mailbox shows it.
async fn mailbox(app: &TestApp, owner: &Client) -> String {
    let log = LogId(owner.organization);
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT stream_id FROM hindsight.event WHERE log_id = $1 AND type = 'mail.queued'
                ORDER BY position DESC LIMIT 1";
    let mail: Uuid = sqlx::query_scalar(sql).bind(log.0).fetch_one(&mut admin).await.unwrap();
    let commands = &app.app.commands;
    let mut appended = commands.log().appended();
    while commands.load::<Mail>(log, mail).await.unwrap().state.outcome.is_none() {
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), appended.changed()).await;
    }
    let shown = app.stranger().get(&format!("//dev/mailbox/{mail}")).send().await;
    shown.expect_status(200).body
}

fn token_of(link: &str) -> String {
    link.split_once("#token=").unwrap().1.to_owned()
}

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
    let mail = mailbox(&app, &owner).await;
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

fn registrant(email: &str) -> Value {
    json!({"full_name": "Somebody", "email": email, "password": PASSWORD})
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
    let mail = mailbox(&app, &owner).await;
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
    refused.expect_problem(422, "other_profiles");
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
async fn clients_see_and_change_their_own_details_and_nothing_of_what_staff_notes() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let sam = app.member(&owner, "Sam Sales", ReachLevel::Own).await;
    let (path, ana) = with_account(&app, &owner, of_ana()).await;
    let tag = post(&owner, "/tags", json!({"label": "difficult"})).await.expect_status(201);
    let staff = json!({"assigned_to": sam.member, "tags": [tag.id("/id")]});
    owner.patch(&path).json(&staff).send().await.expect_status(200);

    let me = ana.get("/portal/me").send().await.expect_status(200);
    assert_eq!(me.text("/contact_person"), "Sam Sales");
    assert_eq!(me.text("/details/email"), ANA);
    for secret in ["pays late", "remarked", "ifficult", "Lead", &sam.member.to_string()] {
        assert!(!me.body.contains(secret), "{secret}: {}", me.body);
    }
    let change = |body: Value| ana.patch("/portal/me").json(&body);
    let seen = me.header("etag").to_owned();
    let moved = json!({"city": "Porto", "mobile": "+351912345678", "language": "pt"});
    let done = change(moved).header("if-match", &seen).send().await.expect_status(200);
    assert_eq!(
        (done.text("/details/city"), done.text("/details/language")),
        ("Porto".into(), "pt".into())
    );
    let history = owner.get(&format!("{path}/history")).send().await.expect_status(200);
    assert_eq!(history.text("/items/0/actor/name"), "Ana Lima");
    assert_eq!(history.at("/items/0/actor/id"), &json!(ana.member));

    owner
        .patch(&path)
        .json(&json!({"notes": "secretly", "street": "Rua 1"}))
        .send()
        .await
        .expect_status(200);
    let late = change(json!({"city": "Faro"})).header("if-match", done.header("etag")).send().await;
    let late = late.expect_problem(409, "version_conflict");
    assert!(late.body.contains("Rua 1") && !late.body.contains("secretly"), "{}", late.body);

    for (body, code) in [
        (json!({"email": "eve@example.com"}), "field_read_only"),
        (json!({"notes": "nice"}), "unknown_field"),
        (json!({"assigned_to": null}), "unknown_field"),
        (json!({"account": null}), "unknown_field"),
        (json!({"language": 7}), "wrong_type"),
    ] {
        let refused = change(body).send().await.expect_problem(422, "invalid");
        assert_eq!(refused.text("/errors/0/code"), code);
    }
    for path in ["/contacts", "/meta", "/members", "/organization", "/live", &path] {
        ana.get(path).send().await.expect_problem(403, "not_permitted");
    }
    owner.get("/portal/me").send().await.expect_problem(403, "not_permitted");
    owner.delete(&path).send().await.expect_status(200);
    ana.get("/portal/me").send().await.expect_problem(404, "not_found");
    change(json!({"city": "Faro"})).send().await.expect_problem(404, "not_found");
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
