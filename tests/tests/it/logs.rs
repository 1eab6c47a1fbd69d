//! The server's log: nothing personal and no secret, even at its most talkative; and no alarm where
//! nothing is broken

use crate::process::{BINARY, owner};
use hindsight_tests::{PASSWORD, Process};
use serde_json::{Value, json};
use store::testing::TestDatabase;

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_gets_into_the_log() {
    let database = TestDatabase::create().await;
    let mut process = Process::start(BINARY, &database);
    let stranger = process.stranger();
    let body = json!({
        "organization": "Canaryorg", "full_name": "Canaryname",
        "email": "canarymail@example.com", "password": PASSWORD,
    });
    let entered = process.sign_up(&body).await;
    let (token, refresh) = (entered.text("/access_token"), entered.text("/refresh_token"));
    let client = process.client(&token);
    let wrong = json!({"email": "canarymail@example.com", "password": "canarywrong pass"});
    stranger.post("/auth/login").json(&wrong).send().await.expect_status(401);

    let fields = json!({"full_name": "Canaryperson", "email": "canary.person@example.com"});
    let made = client.post("/contacts").header("hindsight-reason", "Canaryreason").json(&fields);
    let made = made.header("user-agent", "Canaryagent").send().await.expect_status(201);
    let path = format!("/contacts/{}", made.id("/id"));
    let change = json!({"notes": "Canarynote", "email": "canarybroken"});
    client.patch(&path).json(&change).send().await.expect_status(422);
    client.get("/contacts?q=Canaryquery").send().await.expect_status(200);
    client.get("/contacts?canaryparameter=x").send().await.expect_status(400);
    client.get("/Canarypath").send().await.expect_status(404);
    client.get(&format!("{path}?version=Canaryversion")).send().await.expect_status(400);
    client.search("contacts", json!({"q": "Canarysearch"}), made.position()).await;
    client.post("/contacts").raw("{\"full_name\": \"Canarytorn").send().await.expect_status(400);
    let session = json!({"refresh_token": refresh});
    stranger.post("/auth/refresh").json(&session).send().await.expect_status(200);

    let offer = client.post("/auth/totp/enrol").send().await.expect_status(200);
    let seed = offer.text("/secret");
    let first = hindsight_tests::code(&seed, chrono::Utc::now());
    let confirm = client.post("/auth/totp/confirm").json(&json!({"code": first})).send().await;
    let recovery = confirm.expect_status(200).text("/recovery_codes/0");
    let ends = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let key = json!({"name": "Canarykey", "scopes": ["contacts:read"], "expires_at": ends});
    let key = client.post("/api_keys").json(&key).send().await.expect_status(201).text("/key");
    process.client(&key).get("/contacts").send().await.expect_status(200);
    let forgot = json!({"email": "canarymail@example.com"});
    stranger.post("/auth/password/forgot").json(&forgot).send().await.expect_status(202);
    let link = process.mailed(store::vault::Purpose::ResetPassword).await;
    let reset = json!({"token": link, "password": "canary horse 7 battery"});
    stranger.post("/auth/password/reset").json(&reset).send().await.expect_status(204);

    process.terminate();
    process.wait();
    let logged = process.logged();
    assert!(logged.contains("/api/v1/contacts/{id}"), "routes are logged: {logged}");
    assert!(logged.contains(made.header("x-request-id")), "requests are named");
    let lower = logged.to_lowercase();
    let secrets = [&token, &refresh, &seed, &recovery, &key, &link].map(|s| s.to_lowercase());
    for secret in secrets.iter().map(String::as_str).chain(["canary", PASSWORD]) {
        let found = lower
            .find(secret)
            .map(|at| lower.get(at.saturating_sub(300)..at + 100).unwrap_or_default().to_owned());
        assert_eq!(found, None, "{secret} is in the log");
    }
}

/// The level, code and route under which each answer of this status was logged.
fn answered(process: &Process, status: u16) -> Vec<(String, Value, Value)> {
    let lines = process.logged();
    let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let of_status = lines.filter(|line| line["status"] == status);
    of_status
        .map(|line| {
            let level = line["level"].as_str().expect("a level").to_owned();
            (level, line["code"].clone(), line["route"].clone())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_is_no_error_in_the_log_and_a_database_that_is_gone_is_one() {
    let database = TestDatabase::create().await;
    let quiet = [("RUST_LOG", "info")];
    let mut process = Process::start_set(BINARY, &database, &quiet);
    let olga = owner(&process).await;
    let on = json!({"maintenance": true, "self_registration": true});
    let changed = olga.patch("/organization").json(&on).send().await.expect_status(200);
    let stranger = process.stranger();
    let door = format!("/public/{}", changed.text("/registration_key"));
    // What the process remembers of the organization is a moment old.
    while stranger.get(&door).send().await.status != 503 {
        tokio::task::yield_now().await;
    }
    Process::operate(BINARY, &database, &["instance", "maintenance", "on"]);
    let page = || stranger.get("//").header("accept", "text/html").send();
    while page().await.status != 503 {
        tokio::task::yield_now().await;
    }
    stranger.get("//").send().await.expect_problem(503, "instance_maintenance");

    let mut admin = database.admin().await;
    let away = "ALTER TABLE hindsight.head RENAME TO head_away";
    sqlx::query(away).execute(&mut admin).await.expect("renames");
    stranger.get("//readyz").send().await.expect_status(500);
    process.terminate();
    process.wait();

    let told = answered(&process, 503);
    for code in [json!("organization_maintenance"), json!("instance_maintenance"), Value::Null] {
        assert!(told.iter().any(|(_, told, _)| *told == code), "{code}: {told:?}");
    }
    assert!(told.iter().all(|(level, ..)| level == "INFO"), "{told:?}");
    let failed = answered(&process, 500);
    assert!(failed.iter().any(|(level, _, route)| level == "ERROR" && route == "/readyz"));
}
