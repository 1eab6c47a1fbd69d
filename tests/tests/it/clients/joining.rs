//! Becoming a client with the account that one is logged in with, and where nobody makes another

use super::{
    ANA, OTHER, as_client, confirm, contacts_with, of_ana, open_registration, post, registrant,
};
use domain::ids::OrganizationId;
use domain::instance::{InstanceCommand, SignUpMode};
use hindsight_tests::{Answer, Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use store::LogId;
use store::vault::Purpose;

const REGISTRATION: &str = "/auth/registration/join";
const ACCOUNT: &str = "/auth/client_account/join";

async fn join(by: &Client, path: &str, token: &str) -> Answer {
    post(by, path, json!({"token": token})).await
}

/// Goes over to the profile of an answer, which is a client's.
async fn over(app: &TestApp, by: &Client, joined: &Answer) -> Client {
    let body = json!({"member": joined.id("/member"), "native": true});
    as_client(app, &post(by, "/auth/switch", body).await.expect_status(200)).await
}

/// Registers with an address; the token of the link.
async fn registered(app: &TestApp, path: &str, email: &str) -> String {
    let mut body = registrant(email);
    body["password"] = OTHER.into();
    post(&app.stranger(), path, body).await.expect_status(202);
    app.mailed(Purpose::RegistrationConfirm).await
}

/// Offers a new contact an account; the token of the link.
async fn offered(app: &TestApp, owner: &Client, fields: Value) -> String {
    let id = owner.create("contacts", fields).await.id("/id");
    post(owner, &format!("/contacts/{id}/account"), json!({})).await.expect_status(200);
    app.mailed(Purpose::ClientAccount).await
}

#[tokio::test]
async fn who_is_logged_in_becomes_a_client_by_the_link_alone() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let (eve, ben) = (app.owner("Evil").await, app.owner("Ben's").await);
    let path = open_registration(&owner).await;
    let token = registered(&app, &path, &eve.email).await;
    join(&app.stranger(), REGISTRATION, &token).await.expect_problem(401, "token_missing");
    join(&ben, REGISTRATION, &token).await.expect_problem(422, "other_account");
    let joined = join(&eve, REGISTRATION, &token).await.expect_status(200);
    assert_eq!(joined.id("/organization"), owner.organization);
    join(&eve, REGISTRATION, &token).await.expect_problem(422, "link_invalid");
    // The session stays where it was.
    eve.get("/contacts").send().await.expect_status(200);
    let client = over(&app, &eve, &joined).await;
    assert_eq!(client.user, eve.user);
    client.get("/portal/me").send().await.expect_status(200);
    assert_eq!(contacts_with(&app, &owner, &eve.email).await.len(), 1);

    // An address without an account may be one's other one.
    let token = registered(&app, &path, "ben@work.example.com").await;
    let joined = join(&ben, REGISTRATION, &token).await.expect_status(200);
    let there = over(&app, &ben, &joined).await;
    // Registering once more changes nothing.
    let token = registered(&app, &path, &ben.email).await;
    let again = join(&there, REGISTRATION, &token).await.expect_status(200);
    assert_eq!(again.id("/member"), joined.id("/member"));
    assert_eq!(contacts_with(&app, &owner, &ben.email).await.len(), 0);
}

#[tokio::test]
async fn who_is_logged_in_takes_an_offered_account_by_the_link_alone() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let (eve, ben) = (app.owner("Evil").await, app.owner("Ben's").await);
    let token = offered(&app, &owner, json!({"full_name": "Eve", "email": eve.email})).await;
    join(&ben, ACCOUNT, &token).await.expect_problem(422, "other_account");
    let joined = join(&eve, ACCOUNT, &token).await.expect_status(200);
    join(&eve, ACCOUNT, &token).await.expect_problem(422, "link_invalid");
    let client = over(&app, &eve, &joined).await;
    let me = client.get("/portal/me").send().await.expect_status(200);
    assert_eq!(me.text("/display_name"), "Eve");
    // One user is one client here.
    let token = offered(&app, &owner, json!({"full_name": "Eve again"})).await;
    join(&client, ACCOUNT, &token).await.expect_problem(422, "already_client");
    // A link that was handed over is good for whoever has it.
    let joined = join(&ben, ACCOUNT, &token).await.expect_status(200);
    over(&app, &ben, &joined).await;
}

#[tokio::test]
async fn where_sign_up_is_closed_clients_are_those_who_have_an_account() {
    let app = TestApp::start().await;
    let (owner, eve) = (app.owner("Acme").await, app.owner("Evil").await);
    let path = open_registration(&owner).await;
    let mode = async |mode| {
        let request = app.by_system(OrganizationId(LogId::PLATFORM.0));
        let set = vec![InstanceCommand::SetSignUp(mode)];
        app.app.identity.administer(&request, None, set).await.unwrap();
        app.pass(chrono::TimeDelta::seconds(5));
    };
    mode(SignUpMode::Closed).await;
    // The answer to who registers tells nothing of who has an account.
    let known = registered(&app, &path, &eve.email).await;
    let unknown = registered(&app, &path, ANA).await;
    confirm(&app, &unknown, OTHER).await.expect_problem(403, "not_permitted");
    confirm(&app, &known, PASSWORD).await.expect_status(200);
    let token = offered(&app, &owner, of_ana()).await;
    let open = async |token: &str| {
        let body = json!({"token": token, "password": PASSWORD, "native": true});
        post(&app.stranger(), "/auth/client_account", body).await
    };
    open(&token).await.expect_problem(403, "not_permitted");
    let log_in = json!({"email": ANA, "password": PASSWORD});
    post(&app.stranger(), "/auth/login", log_in).await.expect_problem(401, "wrong_credentials");

    // Organizations decide about their clients; the links were not used up.
    mode(SignUpMode::InviteOnly).await;
    open(&token).await.expect_status(200);
    let ben = registered(&app, &path, "ben@example.com").await;
    confirm(&app, &ben, OTHER).await.expect_status(200);
}
