//! Sign-up by mail, forgotten and changed passwords, recent authentication, second factors

use chrono::{TimeDelta, Utc};
use commands::Clock as _;
use futures::future::join_all;
use hindsight_tests::{Answer, Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use store::vault::Purpose;

const ANA: &str = "ana@example.com";
const OTHER: &str = "another horse 8 battery";

fn ana() -> Value {
    json!({"organization": "Acme", "full_name": "Ana", "email": ANA, "password": PASSWORD})
}

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    client.post(path).json(&body).send().await
}

async fn log_in(app: &TestApp, password: &str) -> Answer {
    let body = json!({"email": ANA, "password": password, "native": true});
    post(&app.stranger(), "/auth/login", body).await
}

/// Ana, logged in.
async fn as_ana(app: &TestApp) -> Client {
    app.stranger().with_token(&app.sign_up(&ana()).await.text("/access_token"))
}

/// What the server has written so far: events of the platform's log, tokens, kept passwords.
async fn written(app: &TestApp) -> [i64; 3] {
    let mut admin = app.own_database.admin().await;
    let mut counts = [0; 3];
    for (count, sql) in counts.iter_mut().zip([
        "SELECT count(*) FROM hindsight.event WHERE log_id = '00000000-0000-0000-0000-000000000000'
            AND type <> 'mail.sending_started' AND type <> 'mail.sent' AND type <> 'mail.failed'",
        "SELECT count(*) FROM hindsight.one_time_token",
        "SELECT count(*) FROM hindsight.waiting_credential",
    ]) {
        *count = sqlx::query_scalar(sql).fetch_one(&mut admin).await.unwrap();
    }
    counts
}

/// How many events of a type there are.
async fn events(app: &TestApp, event_type: &str) -> i64 {
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT count(*) FROM hindsight.event WHERE type = $1";
    sqlx::query_scalar(sql).bind(event_type).fetch_one(&mut admin).await.unwrap()
}

#[tokio::test]
async fn neither_answer_nor_work_tells_whether_an_address_has_an_account() {
    let app = TestApp::start().await;
    app.sign_up(&ana()).await;
    let stranger = app.stranger();
    let mut seen = Vec::new();
    for email in [ANA, "nobody@example.com"] {
        let mut body = ana();
        body["email"] = email.into();
        for (path, body) in
            [("/auth/signup", body), ("/auth/password/forgot", json!({"email": email}))]
        {
            let before = written(&app).await;
            let answer = post(&stranger, path, body).await.expect_status(202);
            let after = written(&app).await;
            let work: Vec<_> =
                after.iter().zip(before).map(|(after, before)| after - before).collect();
            seen.push((path, answer.body, work));
        }
    }
    assert_eq!(seen[0], seen[2]);
    assert_eq!(seen[1], seen[3]);
    assert_eq!((&seen[0].2, &seen[1].2), (&vec![2, 1, 1], &vec![2, 1, 0]));
    assert_eq!(events(&app, "email.sign_up_repeated").await, 1);
}

#[tokio::test]
async fn nobody_is_a_user_before_the_address_is_shown_to_be_theirs() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    post(&stranger, "/auth/signup", ana()).await.expect_status(202);
    log_in(&app, PASSWORD).await.expect_problem(401, "wrong_credentials");
    let token = app.mailed(Purpose::VerifyEmail).await;
    let verify = |password: &str| {
        let body = json!({"token": token, "password": password});
        let stranger = stranger.clone();
        async move { post(&stranger, "/auth/email/verify", body).await }
    };
    // Who signed up with somebody else's address gets no further than its owner lets them.
    verify("somebody else's").await.expect_problem(401, "wrong_credentials");
    let reset = json!({"token": token, "password": OTHER});
    post(&stranger, "/auth/password/reset", reset).await.expect_problem(422, "link_invalid");
    verify(PASSWORD).await.expect_status(200);
    verify(PASSWORD).await.expect_problem(422, "link_invalid");
    log_in(&app, PASSWORD).await.expect_status(200);

    let mut late = ana();
    late["email"] = "late@example.com".into();
    post(&stranger, "/auth/signup", late).await.expect_status(202);
    let token = app.mailed(Purpose::VerifyEmail).await;
    app.pass(TimeDelta::days(3));
    let body = json!({"token": token, "password": PASSWORD});
    post(&stranger, "/auth/email/verify", body).await.expect_problem(422, "link_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_sign_up_with_an_address_one_becomes_its_user() {
    let app = TestApp::start().await;
    let mut links = Vec::new();
    for _ in 0..3 {
        post(&app.stranger(), "/auth/signup", ana()).await.expect_status(202);
        links.push(app.mailed(Purpose::VerifyEmail).await);
    }
    let verified = links.iter().map(|token| {
        let body = json!({"token": token, "password": PASSWORD, "native": true});
        let stranger = app.stranger();
        async move { post(&stranger, "/auth/email/verify", body).await }
    });
    let answers = join_all(verified).await;
    let (entered, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((entered.len(), refused.len()), (1, 2));
    for answer in refused {
        answer.expect_problem(422, "email_taken");
    }
    assert_eq!(events(&app, "user.registered").await, 1);
    assert_eq!(events(&app, "organization.founded").await, 1);
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_link_once_and_ends_all_sessions() {
    let app = TestApp::start().await;
    let ana = as_ana(&app).await;
    let stranger = app.stranger();
    post(&stranger, "/auth/password/forgot", json!({"email": " ANA@Example.com"}))
        .await
        .expect_status(202);
    let token = app.mailed(Purpose::ResetPassword).await;
    let reset = |token: &str, password: &str| {
        let body = json!({"token": token, "password": password});
        let stranger = stranger.clone();
        async move { post(&stranger, "/auth/password/reset", body).await }
    };
    reset(&token, "short").await.expect_problem(422, "invalid");
    let verify = json!({"token": token, "password": PASSWORD});
    post(&stranger, "/auth/email/verify", verify).await.expect_problem(422, "link_invalid");
    reset(&token, OTHER).await.expect_status(204);
    reset(&token, OTHER).await.expect_problem(422, "link_invalid");
    ana.get("/users/me").send().await.expect_problem(401, "no_session");
    log_in(&app, PASSWORD).await.expect_problem(401, "wrong_credentials");
    log_in(&app, OTHER).await.expect_status(200);
    assert_eq!(events(&app, "user.password_reset").await, 1);

    post(&stranger, "/auth/password/forgot", json!({"email": ANA})).await.expect_status(202);
    let token = app.mailed(Purpose::ResetPassword).await;
    app.pass(TimeDelta::hours(1));
    reset(&token, PASSWORD).await.expect_problem(422, "link_invalid");
    reset("nonsense", PASSWORD).await.expect_problem(422, "link_invalid");
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_other_sessions_end() {
    let app = TestApp::start().await;
    let ana = as_ana(&app).await;
    let elsewhere = app.log_in(ANA, PASSWORD).await;
    let change = |present: &str, new: &str| {
        let body = json!({"current_password": present, "password": new});
        let ana = ana.clone();
        async move { post(&ana, "/auth/password/change", body).await }
    };
    change("wrong password", OTHER).await.expect_problem(401, "wrong_credentials");
    change(PASSWORD, "password1").await.expect_problem(422, "invalid");
    let mails = events(&app, "mail.queued").await;
    change(PASSWORD, OTHER).await.expect_status(204);
    assert_eq!(events(&app, "mail.queued").await, mails + 1, "they are told");
    ana.get("/users/me").send().await.expect_status(200);
    elsewhere.get("/users/me").send().await.expect_problem(401, "no_session");
    log_in(&app, PASSWORD).await.expect_problem(401, "wrong_credentials");
    log_in(&app, OTHER).await.expect_status(200);
}

#[tokio::test]
async fn what_is_dangerous_asks_who_is_there() {
    let app = TestApp::start().await;
    let entered = app.sign_up(&ana()).await;
    app.pass(TimeDelta::minutes(10));
    let refresh = json!({"refresh_token": entered.text("/refresh_token")});
    let renewed = post(&app.stranger(), "/auth/refresh", refresh).await.expect_status(200);
    let ana = app.stranger().with_token(&renewed.text("/access_token"));
    let name = json!({"username": "Ana.Lima"});
    let refused = post(&ana, "/auth/username", name.clone()).await;
    refused.expect_problem(403, "reauthentication_required");
    let wrong = post(&ana, "/auth/reauthenticate", json!({"password": OTHER})).await;
    wrong.expect_problem(401, "wrong_credentials");
    post(&ana, "/auth/reauthenticate", json!({})).await.expect_problem(422, "invalid");
    post(&ana, "/auth/username", name.clone()).await.expect_status(403);
    post(&ana, "/auth/reauthenticate", json!({"password": PASSWORD})).await.expect_status(204);
    let named = post(&ana, "/auth/username", name.clone()).await.expect_status(200);
    assert_eq!(named.text("/username"), "ana.lima");

    let by_name = json!({"email": "ANA.lima", "password": PASSWORD});
    post(&app.stranger(), "/auth/login", by_name.clone()).await.expect_status(200);
    let eve = app.owner("Evil").await;
    post(&eve, "/auth/username", name).await.expect_problem(422, "username_taken");
    post(&ana, "/auth/username", json!({"username": null})).await.expect_status(200);
    let refused = post(&app.stranger(), "/auth/login", by_name).await;
    refused.expect_problem(401, "wrong_credentials");
}

/// The code that an app with this secret shows now.
fn code(app: &TestApp, secret: &str) -> String {
    hindsight_tests::code(secret, app.clock.now())
}

/// Sets up a second factor; its secret and the recovery codes.
async fn enrol(app: &TestApp, ana: &Client) -> (String, Vec<String>) {
    let offer = ana.post("/auth/totp/enrol").send().await.expect_status(200);
    assert!(
        offer.text("/uri").starts_with("otpauth://totp/Hindsight:ana%40example.com?"),
        "{}",
        offer.body
    );
    assert!(offer.text("/qr_svg").contains("<svg"));
    let secret = offer.text("/secret");
    let refused = post(ana, "/auth/totp/confirm", json!({"code": "000000"})).await;
    assert!(refused.status == 401 || code(app, &secret) == "000000", "{}", refused.body);
    let body = json!({"code": code(app, &secret)});
    let done = post(ana, "/auth/totp/confirm", body).await.expect_status(200);
    let codes = done.at("/recovery_codes").as_array().unwrap();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

/// The challenge that a log-in answers with.
async fn challenge(app: &TestApp) -> String {
    let asked = log_in(app, PASSWORD).await.expect_status(202);
    assert!(asked.json.get("access_token").is_none());
    asked.text("/challenge")
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_second_factor_a_log_in_takes_a_code_and_each_code_is_good_once() {
    let app = TestApp::start().await;
    let ana = as_ana(&app).await;
    let (secret, recovery) = enrol(&app, &ana).await;
    assert_eq!(recovery.len(), 10);
    let enter = |challenge: String, code: String| {
        let body = json!({"challenge": challenge, "code": code, "native": true});
        let stranger = app.stranger();
        async move { post(&stranger, "/auth/totp/verify", body).await }
    };
    let used = code(&app, &secret);
    enter(challenge(&app).await, used.clone()).await.expect_problem(401, "wrong_code");
    app.pass(TimeDelta::seconds(30));
    // However many come with a code at once, one gets in.
    let fresh = code(&app, &secret);
    let mut tries = Vec::new();
    for _ in 0..4 {
        tries.push(enter(challenge(&app).await, fresh.clone()));
    }
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    app.pass(TimeDelta::seconds(30));
    enter(challenge(&app).await, used).await.expect_problem(401, "wrong_code");
    let asked = challenge(&app).await;
    let late = code(&app, &secret);
    app.pass(TimeDelta::minutes(5));
    enter(asked, late).await.expect_problem(422, "link_invalid");

    let once = recovery[0].to_uppercase().replace('-', " ");
    enter(challenge(&app).await, once.clone()).await.expect_status(200);
    enter(challenge(&app).await, once).await.expect_problem(401, "wrong_code");
    let ana = app.stranger().with_token(
        &enter(challenge(&app).await, code(&app, &secret))
            .await
            .expect_status(200)
            .text("/access_token"),
    );
    let state = ana.get("/auth/totp").send().await.expect_status(200);
    assert_eq!((state.at("/enabled"), state.at("/recovery_codes_left")), (&true.into(), &9.into()));
    let renewed = ana.post("/auth/totp/recovery_codes").send().await.expect_status(200);
    enter(challenge(&app).await, recovery[1].clone()).await.expect_problem(401, "wrong_code");
    enter(challenge(&app).await, renewed.text("/recovery_codes/0")).await.expect_status(200);
    ana.post("/auth/totp/enrol").send().await.expect_problem(422, "totp_enabled");
    ana.post("/auth/totp/disable").send().await.expect_status(204);
    log_in(&app, PASSWORD).await.expect_status(200);

    let mut admin = app.own_database.admin().await;
    let kept: Vec<String> = sqlx::query_scalar(
        "SELECT to_jsonb(t)::text FROM hindsight.totp t
          UNION ALL SELECT to_jsonb(r)::text FROM hindsight.recovery_code r
          UNION ALL SELECT convert_from(payload, 'UTF8') FROM hindsight.event",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert!(!kept.concat().contains(&secret));
}

#[tokio::test]
async fn guesses_of_codes_and_of_passwords_must_wait_longer_and_longer() {
    let app = TestApp::start().await;
    let ana = as_ana(&app).await;
    for _ in 0..10 {
        log_in(&app, "wrong password").await.expect_problem(401, "wrong_credentials");
    }
    let refused = log_in(&app, PASSWORD).await.expect_problem(429, "too_many_attempts");
    app.pass(TimeDelta::seconds(refused.header("retry-after").parse().unwrap()));
    log_in(&app, PASSWORD).await.expect_status(200);

    let (secret, _) = enrol(&app, &ana).await;
    let asked = challenge(&app).await;
    let enter = |code: String| {
        let body = json!({"challenge": asked, "code": code});
        let stranger = app.stranger();
        async move { post(&stranger, "/auth/totp/verify", body).await }
    };
    app.pass(TimeDelta::seconds(30));
    for _ in 0..5 {
        enter("not a code".to_owned()).await.expect_problem(401, "wrong_code");
    }
    let refused = enter(code(&app, &secret)).await.expect_problem(429, "too_many_attempts");
    app.pass(TimeDelta::seconds(refused.header("retry-after").parse().unwrap()));
    enter(code(&app, &secret)).await.expect_status(200);
}

#[tokio::test]
async fn a_mailbox_is_not_filled_by_strangers() {
    let app = TestApp::start().await;
    for path in ["/auth/signup", "/auth/password/forgot", "/auth/signup"] {
        let body = if path == "/auth/signup" { ana() } else { json!({"email": ANA}) };
        post(&app.stranger(), path, body).await.expect_status(202);
    }
    let refused = post(&app.stranger(), "/auth/signup", ana()).await;
    assert_eq!(refused.expect_problem(429, "too_many_attempts").header("retry-after"), "60");
}

#[tokio::test]
async fn failed_log_ins_are_told_to_the_log_once_per_account_address_and_minute() {
    let app = TestApp::start().await;
    app.sign_up(&ana()).await;
    for email in [ANA, ANA, "nobody@example.com"] {
        let body = json!({"email": email, "password": "wrong password"});
        post(&app.stranger(), "/auth/login", body).await.expect_status(401);
    }
    app.app.identity.tell_failures().await.unwrap();
    assert_eq!(events(&app, "email.log_ins_failed").await, 0, "the minute is not over");
    app.pass(TimeDelta::minutes(1));
    app.app.identity.tell_failures().await.unwrap();
    app.app.identity.tell_failures().await.unwrap();
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT convert_from(payload, 'UTF8')::jsonb ->> 'count' FROM hindsight.event
                WHERE type = 'email.log_ins_failed' ORDER BY 1";
    let counts: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut admin).await.unwrap();
    assert_eq!(counts, ["1", "2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_windows_that_refresh_at_once_go_on_with_one_token() {
    let app = TestApp::start().await;
    let token = app.sign_up(&ana()).await.text("/refresh_token");
    let stranger = app.stranger();
    let refreshed =
        (0..64).map(|_| post(&stranger, "/auth/refresh", json!({"refresh_token": token})));
    let mut successors: Vec<_> = join_all(refreshed)
        .await
        .into_iter()
        .map(|answer| answer.expect_status(200).text("/refresh_token"))
        .collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT count(*) FROM hindsight.refresh_token WHERE used_at IS NULL";
    let live: i64 = sqlx::query_scalar(sql).fetch_one(&mut admin).await.unwrap();
    assert_eq!(live, 1);
    assert!(app.clock.now() < Utc::now());
}

#[tokio::test]
async fn another_address_is_used_once_its_mail_was_read_and_the_old_one_is_told() {
    let app = TestApp::start().await;
    let ana = as_ana(&app).await;
    let eve = app.owner("Evil").await;
    // Somebody else's address: the same answer, and nothing comes of it.
    post(&ana, "/auth/email/change", json!({"email": eve.email})).await.expect_status(202);
    let verify = |token: String, password: &str| {
        let body = json!({"token": token, "password": password});
        let stranger = app.stranger();
        async move { post(&stranger, "/auth/email/verify", body).await }
    };
    let token = app.mailed(Purpose::VerifyEmail).await;
    verify(token, PASSWORD).await.expect_problem(422, "link_invalid");

    let new = "ana@example.net";
    post(&ana, "/auth/email/change", json!({"email": new})).await.expect_status(202);
    log_in(&app, PASSWORD).await.expect_status(200);
    let token = app.mailed(Purpose::VerifyEmail).await;
    verify(token.clone(), OTHER).await.expect_problem(401, "wrong_credentials");
    let mails = events(&app, "mail.queued").await;
    verify(token.clone(), PASSWORD).await.expect_status(204);
    verify(token, PASSWORD).await.expect_problem(422, "link_invalid");
    assert_eq!(events(&app, "mail.queued").await, mails + 1);
    log_in(&app, PASSWORD).await.expect_problem(401, "wrong_credentials");
    let by_new = json!({"email": new, "password": PASSWORD});
    post(&app.stranger(), "/auth/login", by_new).await.expect_status(200);
    // The old address is free again.
    app.sign_up(&self::ana()).await;
}

#[tokio::test]
async fn refusals_are_told_to_the_organization_once_per_member_route_and_minute() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam", domain::reach::ReachLevel::Own).await;
    for path in ["/audit", "/audit", "/audit?limit=5"] {
        assert_eq!(sam.get(path).send().await.status, 403);
    }
    olga.get("/audit").send().await.expect_status(200);
    app.pass(TimeDelta::minutes(1));
    app.app.identity.tell_denials().await.unwrap();
    app.app.identity.tell_denials().await.unwrap();
    let mut admin = app.own_database.admin().await;
    let sql = "SELECT log_id, convert_from(payload, 'UTF8')::jsonb FROM hindsight.event
                WHERE type = 'access.denied'";
    let told: Vec<(uuid::Uuid, Value)> = sqlx::query_as(sql).fetch_all(&mut admin).await.unwrap();
    assert_eq!(told.len(), 1);
    let (log, denied) = &told[0];
    assert_eq!(*log, olga.organization);
    assert_eq!(denied["member"], sam.member.to_string());
    assert_eq!((&denied["route"], &denied["count"]), (&"GET /api/v1/audit".into(), &3.into()));
}
