//! What was mailed, without waiting for the mail.

use crate::answer::Answer;
use crate::client::Client;
use chrono::{DateTime, Utc};
use commands::Commands;
use commands::identity::OneTimeTokens;
use commands::{SystemClock, SystemIds};
use domain::mail::{Mail, Outcome};
use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use std::sync::Arc;
use std::time::Duration;
use store::database::PoolSizes;
use store::testing::root_secret;
use store::vault::{Purpose, Vault};
use store::{Database, LogId, PostgresLog};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

/// The token of the newest link for `purpose`: its id is in the vault, and the rest follows from
/// that by the root secret.
pub async fn token(admin: &PgConnectOptions, purpose: Purpose) -> String {
    let mut connection = PgConnection::connect_with(admin).await.expect("connects");
    let id: Uuid = sqlx::query_scalar(
        "SELECT id FROM hindsight.one_time_token WHERE purpose = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(purpose.as_str())
    .fetch_one(&mut connection)
    .await
    .expect("a token was issued");
    let sizes = PoolSizes { app: 1, projector: 1, loader: 1 };
    let database = Database::connect(admin, &root_secret(), sizes).await.expect("connects");
    let log = Arc::new(PostgresLog::try_new(database.clone(), &root_secret()).expect("a log"));
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let commands = Commands::new(log, clock, ids, &root_secret());
    let vault = Vault::new(database.app.clone());
    let text = OneTimeTokens::new(commands, vault, &root_secret()).reveal(id);
    database.close().await;
    text
}

/// What became of a mail, once that is known.
pub async fn outcome(commands: &Commands, log: LogId, mail: Uuid) -> Outcome {
    let mut appended = commands.log().appended();
    loop {
        let folded = commands.load::<Mail>(log, mail).await.expect("a mail");
        if let Some(outcome) = folded.state.outcome {
            return outcome;
        }
        // Between processes the bell is only a hint.
        let _ = tokio::time::timeout(Duration::from_secs(1), appended.changed()).await;
    }
}

/// The newest mail in a log.
pub async fn newest(admin: &PgConnectOptions, log: LogId) -> Uuid {
    let mut connection = PgConnection::connect_with(admin).await.expect("connects");
    sqlx::query_scalar(
        "SELECT stream_id FROM hindsight.event WHERE log_id = $1 AND type = 'mail.queued'
          ORDER BY position DESC LIMIT 1",
    )
    .bind(log.0)
    .fetch_one(&mut connection)
    .await
    .expect("a mail was queued")
}

/// The code that an authenticator app with this secret shows.
pub fn code(secret: &str, now: DateTime<Utc>) -> String {
    let secret = Secret::try_from_base32(secret).expect("base 32");
    let app = Builder::new().with_secret(secret).build().expect("an app");
    app.generate(now.timestamp().unsigned_abs()).to_string()
}

/// Signs up and follows the link: the answer has the tokens of a native client.
pub async fn sign_up(stranger: &Client, admin: &PgConnectOptions, body: &Value) -> Answer {
    stranger.post("/auth/signup").json(body).send().await.expect_status(202);
    let token = token(admin, Purpose::VerifyEmail).await;
    let body = json!({"token": token, "password": body["password"], "native": true});
    stranger.post("/auth/email/verify").json(&body).send().await.expect_status(200)
}
