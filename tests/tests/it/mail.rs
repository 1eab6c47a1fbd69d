//! Mails that a running server sends, and the development mailbox

use crate::smtp_server::SmtpServer;
use commands::identity::OneTimeTokens;
use commands::mail::{Language, Message, Outgoing};
use commands::{Caller, Commands, Origin, SystemClock, SystemIds};
use domain::ids::{SubjectId, UserId};
use domain::mail::Outcome;
use hindsight_tests::mailed::outcome;
use hindsight_tests::{Process, TestApp};
use std::sync::Arc;
use store::testing::{TestDatabase, root_secret};
use store::vault::{Bound, Purpose, Vault};
use store::{EventLog, LogId};
use uuid::Uuid;

const BINARY: &str = env!("CARGO_BIN_EXE_hindsight-under-test");
const ADDRESS: &str = "canarymail@example.org";

/// Queues the reset of a password; returns the mail and its token.
async fn queue(commands: &Commands, tokens: &OneTimeTokens) -> (Uuid, String) {
    let (mail, user) = (Uuid::now_v7(), UserId(Uuid::now_v7()));
    let bound = Bound { user: Some(user), ..Bound::default() };
    let token = tokens.issue(Purpose::ResetPassword, bound).await.unwrap();
    let outgoing = Outgoing {
        to: ADDRESS.to_owned(),
        subject: SubjectId(user.0),
        language: Language::En,
        message: Message::ResetPassword { token },
    };
    let request = commands.request(LogId::PLATFORM, Caller::System, Origin::CLI, "reset");
    commands.batch(&request).mail(mail, outgoing).commit().await.unwrap();
    (mail, tokens.reveal(token.id))
}

fn another_process(database: &TestDatabase) -> (Commands, OneTimeTokens) {
    let log: Arc<dyn EventLog> = Arc::new(database.log());
    let commands = Commands::new(log, Arc::new(SystemClock), Arc::new(SystemIds), &root_secret());
    let vault = Vault::new(database.database.app.clone());
    let tokens = OneTimeTokens::new(commands.clone(), vault, &root_secret());
    (commands, tokens)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_smtp_sends_mails_and_logs_neither_address_nor_token() {
    let database = TestDatabase::create().await;
    let server = SmtpServer::start().await;
    let mut process = Process::start_set(
        BINARY,
        &database,
        &[
            ("HINDSIGHT_SMTP_URL", server.url.as_str()),
            ("HINDSIGHT_MAIL_FROM", "Hindsight <crm@example.com>"),
            ("HINDSIGHT_PUBLIC_URL", "https://crm.example.com"),
        ],
    );
    let (commands, tokens) = another_process(&database);
    let (mail, token) = queue(&commands, &tokens).await;
    assert_eq!(outcome(&commands, LogId::PLATFORM, mail).await, Outcome::Sent);
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, [ADDRESS]);
    assert_eq!(received[0].token(), token);
    assert_eq!(server.transcript()[0], "EHLO crm.example.com");
    process.terminate();
    assert!(process.wait().success());
    let logged = process.logged();
    assert!(logged.contains("mail sent"), "{logged}");
    for secret in [ADDRESS, "canarymail", &token, &token[22..]] {
        assert!(!logged.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_prod_there_is_no_mailbox_though_mails_are_kept() {
    let database = TestDatabase::create().await;
    let process = Process::start_set(BINARY, &database, &[("HINDSIGHT_ENV", "prod")]);
    let (commands, tokens) = another_process(&database);
    let (mail, _) = queue(&commands, &tokens).await;
    assert_eq!(outcome(&commands, LogId::PLATFORM, mail).await, Outcome::Sent);
    for path in ["//dev/mailbox", &format!("//dev/mailbox/{mail}/source")] {
        process.stranger().get(path).send().await.expect_problem(404, "no_such_route");
    }
    assert!(process.log.with_file_name("mail").join(format!("{mail}.eml")).is_file());
}

#[tokio::test]
async fn the_development_mailbox_lists_mails_and_shows_each() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let empty = stranger.get("//dev/mailbox").send().await.expect_status(200);
    assert!(empty.body.contains("No mail yet"), "{}", empty.body);

    let commands = &app.app.commands;
    let (mail, token) = queue(commands, app.app.mails.tokens()).await;
    assert_eq!(outcome(commands, LogId::PLATFORM, mail).await, Outcome::Sent);
    let list = stranger.get("//dev/mailbox").send().await.expect_status(200);
    assert!(list.body.contains(&format!("/dev/mailbox/{mail}")), "{}", list.body);
    assert!(list.body.contains("Choose a new password") && list.body.contains(ADDRESS));
    assert!(!list.body.contains(&token));
    assert!(list.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(list.header("cache-control"), "no-store");

    let shown = stranger.get(&format!("//dev/mailbox/{mail}")).send().await.expect_status(200);
    assert!(shown.body.contains(&token), "{}", shown.body);
    let source = format!("//dev/mailbox/{mail}/source");
    let source = stranger.get(&source).send().await.expect_status(200);
    assert!(source.header("content-disposition").starts_with("attachment"));
    assert!(source.body.contains("Auto-Submitted: auto-generated"));
    stranger.get("//dev/mailbox/style.css").send().await.expect_status(200);
    let nobody = format!("//dev/mailbox/{}", Uuid::now_v7());
    stranger.get(&nobody).send().await.expect_problem(404, "not_found");
    let outside = "//dev/mailbox/..%2F..%2Fsecret";
    stranger.get(outside).send().await.expect_problem(400, "invalid_id");
}
