//! The server's log holds nothing personal and no secret, even at its most talkative

use hindsight_tests::{PASSWORD, Process};
use serde_json::json;
use store::testing::TestDatabase;

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_gets_into_the_log() {
    let database = TestDatabase::create().await;
    let mut process = Process::start(env!("CARGO_BIN_EXE_hindsight-under-test"), &database);
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
