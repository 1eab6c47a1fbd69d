//! Making a contact over HTTP, against a bare axum handler that does one committed INSERT.

use crate::measure::{self, Report};
use api::config::SignUp;
use api::server::{Parts, Role, Server};
use api::state::Settings;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use commands::identity::SignUp as Founder;
use commands::mail::{Folder, MailSettings};
use commands::{Origin, SystemClock, SystemIds};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::testing::{TestDatabase, root_secret};
use tokio::net::TcpListener;
use uuid::Uuid;

const REQUESTS: usize = 200;
const ROUNDS: usize = 5;
const EMAIL: &str = "ben@example.org";
const PASSWORD: &str = "correct horse 7 battery";

/// What goes by between two requests of an idle machine: whatever the one before has left to do in
/// the background, on either side, is done by then.
const IDLE: Duration = Duration::from_millis(15);

/// One request at a time, on a connection that stays open: with time between them, and each as
/// soon as the one before is answered, when it competes with the projection of that one.
pub async fn create(report: &mut Report) -> anyhow::Result<()> {
    let test = TestDatabase::create().await;
    let bare = bare(&test).await?;
    let hindsight = hindsight(&test).await?;
    let client = reqwest::Client::new();
    let token = log_in(&client, &hindsight).await?;
    for (pace, pause) in [("idle", IDLE), ("back to back", Duration::ZERO)] {
        let (mut baseline, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            baseline.extend(requests(&client, &format!("{bare}/contacts"), &token, pause).await?);
            let url = format!("{hindsight}/api/v1/contacts");
            ours.extend(requests(&client, &url, &token, pause).await?);
        }
        let p50 = |times| measure::percentile(times, 0.5);
        let what = format!("HTTP create contact, {pace}, p50, against a bare handler");
        if pause == IDLE {
            report.times(&what, p50(baseline), p50(ours), 2.5);
        } else {
            report.aside(&what, p50(baseline), p50(ours));
        }
    }
    Ok(())
}

async fn requests(
    client: &reqwest::Client,
    url: &str,
    token: &str,
    pause: Duration,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(REQUESTS);
    for n in 0..REQUESTS {
        let body = json!({"first_name": "Ana", "last_name": format!("Kovač {n}"),
                          "email": format!("ana.{n}@example.org"), "city": "Berlin"});
        tokio::time::sleep(pause).await;
        let started = Instant::now();
        let answer = client.post(url).bearer_auth(token).json(&body).send().await?;
        anyhow::ensure!(
            answer.status() == StatusCode::CREATED.as_u16(),
            "{}",
            answer.text().await?
        );
        answer.bytes().await?;
        times.push(started.elapsed());
    }
    Ok(times)
}

async fn bare(test: &TestDatabase) -> anyhow::Result<String> {
    let pool = PgPool::connect_with(test.admin.clone()).await?;
    sqlx::raw_sql("CREATE TABLE bare (id uuid PRIMARY KEY, body jsonb NOT NULL)")
        .execute(&pool)
        .await?;
    let router = Router::new().route("/contacts", post(insert)).with_state(pool);
    serve(router).await
}

async fn insert(
    State(pool): State<PgPool>,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<Value>), StatusCode> {
    sqlx::query("INSERT INTO bare (id, body) VALUES ($1, $2)")
        .bind(Uuid::now_v7())
        .bind(&body)
        .execute(&pool)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok((StatusCode::CREATED, Json(body)))
}

async fn serve(router: Router) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(base)
}

async fn hindsight(test: &TestDatabase) -> anyhow::Result<String> {
    let settings = Settings {
        tls: false,
        public_url: None,
        trusted_proxies: Vec::new(),
        sign_up: SignUp::Open,
        mailbox: None,
    };
    let server = Server::start(Parts {
        database: test.database.clone(),
        root: root_secret(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        files: std::env::temp_dir().join("hindsight-bench"),
        mail: MailSettings {
            from: "Hindsight <crm@example.com>".parse()?,
            public_url: "http://127.0.0.1:8080".to_owned(),
            transport: Arc::new(Folder::new(std::env::temp_dir().join("hindsight-bench"))),
            record_for: Duration::ZERO,
        },
        settings,
        auth_attempts: 100,
        role: Role::All,
    })
    .await?;
    let founder = Founder {
        organization: "Bench".to_owned(),
        full_name: "Ben Ch".to_owned(),
        email: EMAIL.to_owned(),
        password: PASSWORD.to_owned(),
    };
    server.app.identity.sign_up(&Origin::CLI, founder).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    tokio::spawn(server.serve(listener));
    Ok(base)
}

async fn log_in(client: &reqwest::Client, base: &str) -> anyhow::Result<String> {
    let body = json!({"email": EMAIL, "password": PASSWORD, "native": true});
    let answer: Value =
        client.post(format!("{base}/api/v1/auth/login")).json(&body).send().await?.json().await?;
    let token = answer.get("access_token").and_then(Value::as_str);
    Ok(token.ok_or_else(|| anyhow::anyhow!("{answer}"))?.to_owned())
}
