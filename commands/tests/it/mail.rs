//! Mails, from the log to a server

use crate::smtp_server::{Received, SmtpServer, Then};
use crate::support::{Dying, World};
use chrono::TimeDelta;
use commands::identity::OneTimeTokens;
use commands::mail::{Folder, MailSettings, Mails, Message, Outgoing, Smtp, Transport};
use commands::{Caller, Clock as _, Commands, Origin, SystemIds, Target};
use domain::contact::Contact;
use domain::ids::{SubjectId, UserId};
use domain::mail::{FailureReason, Language, Mail, MailEvent, Outcome};
use domain::patch::Patch;
use domain::record::RecordCommand;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;
use store::jobs::{Followers, Outbox};
use store::testing::root_secret;
use store::vault::{Bound, Purpose, Vault};
use store::{EventLog, LogId, ReadLimit};
use uuid::Uuid;

const URL: &str = "https://crm.example.com";

struct Post {
    world: World,
    server: SmtpServer,
}

impl Post {
    async fn new() -> Self {
        let world = World::new().await;
        // The log refuses times that lie in the future.
        world.clock.advance(-TimeDelta::days(60));
        world.commands.log().create_log(LogId::PLATFORM, false).await.unwrap();
        Self { world, server: SmtpServer::start().await }
    }

    fn mails_on(&self, log: Arc<dyn EventLog>, transport: Arc<dyn Transport>) -> Mails {
        let app = &self.world.test.database.app;
        let ids = Arc::new(SystemIds);
        let commands = Commands::new(log, self.world.clock.clone(), ids, &root_secret());
        let tokens = OneTimeTokens::new(commands.clone(), Vault::new(app.clone()), &root_secret());
        let settings = MailSettings {
            from: "Hindsight <crm@example.com>".parse().unwrap(),
            public_url: URL.to_owned(),
            transport,
            record_for: Duration::ZERO,
        };
        let (followers, outbox) = (Followers::new(app.clone()), Outbox::new(app.clone()));
        Mails::try_new(commands, tokens, followers, outbox, settings).unwrap()
    }

    fn smtp(&self) -> Arc<dyn Transport> {
        Arc::new(Smtp::try_new(&self.server.url, "crm.example.com").unwrap())
    }

    /// A new process, with nothing cached.
    fn process(&self) -> Mails {
        self.mails_on(Arc::new(self.world.test.log()), self.smtp())
    }

    /// A process that dies at its n-th append, before or after the log has taken it.
    fn dying(&self, lives: i32, before: bool) -> Mails {
        let log = Arc::new(self.world.test.log());
        self.mails_on(Arc::new(Dying::new(log, lives, before)), self.smtp())
    }

    /// Queues a reset of the password of somebody new; returns the mail and them.
    async fn queue(&self) -> (Uuid, UserId) {
        let (mail, user) = (Uuid::now_v7(), UserId(Uuid::now_v7()));
        let tokens = self.process().tokens().clone();
        let bound = Bound { user: Some(user), ..Bound::default() };
        let token = tokens.issue(Purpose::ResetPassword, bound).await.unwrap();
        let message = Message::ResetPassword { token };
        let commands = &self.world.commands;
        let request = commands.request(LogId::PLATFORM, Caller::System, Origin::CLI, "reset");
        commands.batch(&request).mail(mail, outgoing(user, message)).commit().await.unwrap();
        (mail, user)
    }

    async fn fold(&self, mail: Uuid) -> Mail {
        let commands = self.world.other_process();
        commands.load::<Mail>(LogId::PLATFORM, mail).await.unwrap().state.clone()
    }

    async fn events(&self, mail: Uuid) -> Vec<MailEvent> {
        let log = self.world.test.log();
        let events = log.read_stream(LogId::PLATFORM, mail.into(), 0, 500).await.unwrap();
        events.iter().skip(1).map(|event| event.decode().unwrap()).collect()
    }

    fn pass(&self, time: TimeDelta) {
        self.world.clock.advance(time);
    }

    async fn waiting(&self) -> i64 {
        let mut admin = self.world.test.admin().await;
        let count = sqlx::query_scalar("SELECT count(*) FROM hindsight.mail_outbox");
        count.fetch_one(&mut admin).await.unwrap()
    }
}

/// One round of a worker.
async fn work(mails: &Mails) -> usize {
    mails.collect().await.unwrap();
    let holder = Uuid::now_v7();
    let mut taken = 0;
    loop {
        match mails.send_due(holder).await.unwrap() {
            0 => return taken,
            more => taken += more,
        }
    }
}

fn outgoing(user: UserId, message: Message) -> Outgoing {
    let (subject, language) = (SubjectId(user.0), Language::En);
    Outgoing { to: "ana@example.org".to_owned(), subject, language, message }
}

fn started(attempt: u32) -> MailEvent {
    MailEvent::SendingStarted { attempt }
}

fn sent(attempt: u32) -> MailEvent {
    MailEvent::Sent { attempt, code: 250 }
}

fn failed(attempt: u32, permanent: bool, reason: FailureReason, code: Option<u16>) -> MailEvent {
    MailEvent::Failed { attempt, permanent, reason, code }
}

#[tokio::test]
async fn a_mail_is_queued_with_what_it_is_about_and_reaches_the_server() {
    let post = Post::new().await;
    let world = &post.world;
    let mails = post.process();
    let (mail, contact) = (Uuid::now_v7(), Uuid::now_v7());
    let invitation = SubjectId(Uuid::now_v7());
    let bound = Bound { subject: Some(invitation), ..Bound::default() };
    let token = mails.tokens().issue(Purpose::Invitation, bound).await.unwrap();
    let message = Message::Invitation {
        token,
        organization: "Acme Ä <b>".to_owned(),
        inviter: "Olga Owner".to_owned(),
        role: "Sales".to_owned(),
    };
    let outgoing = Outgoing { subject: invitation, ..outgoing(UserId(Uuid::nil()), message) };
    let request = world.by(&world.owner);
    let patch: Patch = crate::support::contact_patch(&crate::support::named("Zoë"));
    let done = world
        .commands
        .batch(&request)
        .add::<Contact>(Target::new(contact), vec![RecordCommand::Create(patch)])
        .mail(mail, outgoing)
        .commit()
        .await
        .unwrap();
    let log = world.commands.log();
    let both = log.read_log(world.log(), done.position - 2, done.position, ReadLimit::default());
    let both: Vec<_> = both.await.unwrap().iter().map(|e| e.event_type.clone()).collect();
    assert_eq!(both, ["contact.created", "mail.queued"]);

    assert_eq!(work(&mails).await, 1);
    let received = post.server.received();
    let [one] = received.as_slice() else { panic!("{received:?}") };
    assert_eq!(
        (one.from.as_str(), one.to.as_slice()),
        ("crm@example.com", &["ana@example.org".to_owned()][..])
    );
    assert_eq!(one.header("Message-ID"), format!("<{mail}@example.com>"));
    assert_eq!(one.header("Auto-Submitted"), "auto-generated");
    let parsed = mail_parser::MessageParser::default().parse(&one.content).unwrap();
    assert_eq!(parsed.subject(), Some("You are invited to Acme Ä <b>"));
    assert!(parsed.body_html(0).unwrap().contains("Acme Ä &lt;b&gt;"));
    assert!(one.text().contains(&format!("{URL}/invitation#token=")));
    let good = mails.tokens().consume(Purpose::Invitation, &one.token()).await.unwrap().unwrap();
    assert_eq!(good.bound.subject, Some(invitation));
    assert_eq!(post.waiting().await, 0);
    assert_eq!(work(&post.process()).await, 0);
}

#[tokio::test]
async fn no_token_and_no_address_is_readable_in_the_log() {
    let post = Post::new().await;
    post.queue().await;
    work(&post.process()).await;
    let token = post.server.received()[0].token();
    let mut admin = post.world.test.admin().await;
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT payload || meta, sealed FROM hindsight.event WHERE type LIKE 'mail.%'",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(rows.len(), 3);
    for (open, sealed) in rows {
        for secret in [token.as_str(), &token[22..], "ana@example.org"] {
            for bytes in [&open, &sealed] {
                let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
                assert!(!found, "{}", String::from_utf8_lossy(bytes));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_workers_send_each_mail_once() {
    let post = Post::new().await;
    let mut queued = BTreeSet::new();
    for _ in 0..20 {
        let (mail, _) = post.queue().await;
        queued.insert(format!("<{mail}@example.com>"));
    }
    let workers = (0..4).map(|_| {
        let mails = post.process();
        tokio::spawn(async move { work(&mails).await })
    });
    let mut taken = 0;
    for worker in workers.collect::<Vec<_>>() {
        taken += worker.await.unwrap();
    }
    assert_eq!(taken, 20);
    let received = post.server.received();
    let ids: BTreeSet<_> = received.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((received.len(), ids), (20, queued));
    assert_eq!(post.waiting().await, 0);
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again_until_it_is_up() {
    let mut post = Post::new().await;
    let address = post.server.url.strip_prefix("smtp://").unwrap().to_owned();
    let closed = SmtpServer::start().await;
    drop(std::mem::replace(&mut post.server, closed));
    let down = format!("smtp://{address}");
    let mails = post.mails_on(
        Arc::new(post.world.test.log()),
        Arc::new(Smtp::try_new(&down, "crm.example.com").unwrap()),
    );
    let (mail, _) = post.queue().await;
    assert_eq!(work(&mails).await, 1);
    assert_eq!(work(&mails).await, 0, "not yet due again");
    post.pass(TimeDelta::minutes(1));
    assert_eq!(work(&mails).await, 1);
    post.server = SmtpServer::on(&address).await;
    post.pass(TimeDelta::minutes(4));
    assert_eq!(work(&mails).await, 0, "the second pause is longer");
    post.pass(TimeDelta::minutes(1));
    assert_eq!(work(&mails).await, 1);
    assert_eq!(post.server.received().len(), 1);
    let down = |attempt| failed(attempt, false, FailureReason::Unreachable, None);
    let expected = [started(1), down(1), started(2), down(2), started(3), sent(3)];
    assert_eq!(post.events(mail).await, expected);
}

#[tokio::test]
async fn what_a_server_puts_off_is_sent_later_and_what_it_refuses_never() {
    let post = Post::new().await;
    let mails = post.process();
    for then in [Then::RefuseRecipient(450), Then::RefuseContent(451)] {
        post.server.will([then]);
        let (mail, _) = post.queue().await;
        work(&mails).await;
        assert_eq!(post.fold(mail).await.outcome, None, "{then:?}");
        post.pass(TimeDelta::minutes(2));
        work(&mails).await;
        assert_eq!(post.fold(mail).await.outcome, Some(Outcome::Sent), "{then:?}");
    }
    assert_eq!(post.server.received().len(), 2);
    for (then, code) in [(Then::RefuseRecipient(550), 550), (Then::RefuseContent(554), 554)] {
        post.server.will([then]);
        let (mail, _) = post.queue().await;
        work(&mails).await;
        let refused = failed(1, true, FailureReason::Refused, Some(code));
        assert_eq!(post.events(mail).await, [started(1), refused]);
    }
    post.pass(TimeDelta::days(30));
    assert_eq!(work(&mails).await, 0);
    assert_eq!((post.server.received().len(), post.waiting().await), (2, 0));
}

#[tokio::test]
async fn a_server_that_wants_another_password_does_not_cost_a_mail() {
    let post = Post::new().await;
    post.server.will([Then::RefuseRecipient(530)]);
    let (mail, _) = post.queue().await;
    work(&post.process()).await;
    let refused = failed(1, false, FailureReason::Refused, Some(530));
    assert_eq!(post.events(mail).await, [started(1), refused]);
}

#[tokio::test]
async fn a_mail_that_no_server_takes_is_given_up_after_days() {
    let post = Post::new().await;
    post.server.will([Then::RefuseContent(451); 100]);
    // An invitation: its link is good for a week, so that patience ends first.
    let (mail, mails) = (Uuid::now_v7(), post.process());
    let bound = Bound { subject: Some(SubjectId(mail)), ..Bound::default() };
    let token = mails.tokens().issue(Purpose::SetPassword, bound).await.unwrap();
    let (organization, administrator) = ("Acme".to_owned(), "Olga".to_owned());
    let message = Message::SetPassword { token, organization, administrator };
    let commands = &post.world.commands;
    let request = commands.request(LogId::PLATFORM, Caller::System, Origin::CLI, "x");
    let outgoing = outgoing(UserId(mail), message);
    commands.batch(&request).mail(mail, outgoing).commit().await.unwrap();
    let began = post.world.clock.now();
    while post.fold(mail).await.outcome.is_none() {
        work(&mails).await;
        post.pass(TimeDelta::minutes(30));
    }
    let took = post.world.clock.now() - began;
    assert!(took > TimeDelta::days(2) && took < TimeDelta::days(4), "{took}");
    let state = post.fold(mail).await;
    assert_eq!(state.outcome, Some(Outcome::GivenUp(FailureReason::Refused)));
    assert_eq!(state.attempts, 13);
    assert_eq!(post.waiting().await, 0);
}

#[tokio::test]
async fn a_crash_anywhere_loses_no_mail_and_only_an_unknown_outcome_is_repeated() {
    // What a worker appends: that it begins, and that it was sent. It dies at either, just before
    // or just after the log has taken it.
    for (lives, before, received) in [(1, true, 1), (1, false, 1), (2, true, 2), (2, false, 1)] {
        let post = Post::new().await;
        let (mail, _) = post.queue().await;
        let dying = post.dying(lives, before);
        dying.collect().await.unwrap();
        dying.send_due(Uuid::now_v7()).await.unwrap_err();
        let next = post.process();
        assert_eq!(work(&next).await, 0, "the dead one's lease still runs");
        post.pass(TimeDelta::minutes(5));
        assert_eq!(work(&next).await, 1);
        let case = format!("{lives} {before}");
        assert_eq!(post.fold(mail).await.outcome, Some(Outcome::Sent), "{case}");
        let copies = post.server.received();
        assert_eq!(copies.len(), received, "{case}");
        let contents: BTreeSet<_> = copies.iter().map(|copy| copy.content.clone()).collect();
        assert_eq!(contents.len(), 1, "copies are the same to the byte: {case}");
        assert_eq!(post.waiting().await, 0);
    }
}

#[tokio::test]
async fn a_server_that_goes_away_after_taking_a_mail_gets_it_again_with_the_same_id() {
    let post = Post::new().await;
    post.server.will([Then::HangUp]);
    let (mail, _) = post.queue().await;
    let mails = post.process();
    work(&mails).await;
    post.pass(TimeDelta::minutes(1));
    work(&mails).await;
    let ids: Vec<_> =
        post.server.received().iter().map(|m: &Received| m.header("Message-ID")).collect();
    assert_eq!(ids, vec![format!("<{mail}@example.com>"); 2]);
    let lost = failed(1, false, FailureReason::Unreachable, None);
    assert_eq!(post.events(mail).await, [started(1), lost, started(2), sent(2)]);
}

#[tokio::test]
async fn a_server_that_falls_silent_does_not_hold_up_a_worker() {
    let post = Post::new().await;
    post.server.will([Then::FallSilent]);
    let (mail, _) = post.queue().await;
    let smtp = Smtp::try_new(&post.server.url, "crm.example.com").unwrap();
    let smtp = Arc::new(smtp.with_patience(Duration::from_millis(500)));
    work(&post.mails_on(Arc::new(post.world.test.log()), smtp)).await;
    let silent = failed(1, false, FailureReason::Unreachable, None);
    assert_eq!(post.events(mail).await, [started(1), silent]);
}

#[tokio::test]
async fn the_outbox_can_be_made_again_from_the_log() {
    let post = Post::new().await;
    let mails = post.process();
    let (first, _) = post.queue().await;
    work(&mails).await;
    let (second, _) = post.queue().await;
    mails.collect().await.unwrap();
    assert_eq!(post.waiting().await, 1);
    let mut admin = post.world.test.admin().await;
    for sql in ["DELETE FROM hindsight.mail_outbox", "DELETE FROM hindsight.follower"] {
        sqlx::query(sql).execute(&mut admin).await.unwrap();
    }
    work(&mails).await;
    let ids: Vec<_> = post.server.received().iter().map(|m| m.header("Message-ID")).collect();
    assert_eq!(ids, [format!("<{first}@example.com>"), format!("<{second}@example.com>")]);
    assert_eq!(post.waiting().await, 0);
}

#[tokio::test]
async fn a_mail_whose_link_was_withdrawn_used_or_expired_is_not_sent() {
    let post = Post::new().await;
    let mails = post.process();
    let (withdrawn, ana) = post.queue().await;
    mails.tokens().revoke(Purpose::ResetPassword, Some(ana), None).await.unwrap();
    let (expired, _) = post.queue().await;
    post.pass(TimeDelta::hours(1));
    work(&mails).await;
    let obsolete = failed(0, true, FailureReason::Obsolete, None);
    assert_eq!(post.events(withdrawn).await, std::slice::from_ref(&obsolete));
    assert_eq!(post.events(expired).await, [obsolete]);
    assert_eq!((post.server.received().len(), post.waiting().await), (0, 0));
}

#[tokio::test]
async fn nobody_who_was_erased_gets_mail() {
    let post = Post::new().await;
    let (mail, ana) = post.queue().await;
    let mut admin = post.world.test.admin().await;
    let erase = "UPDATE hindsight.subject_key SET secret = NULL, destroyed_at = now() \
                 WHERE subject_id = $1";
    sqlx::query(erase).bind(ana.0).execute(&mut admin).await.unwrap();
    work(&post.process()).await;
    let erased = failed(0, true, FailureReason::Erased, None);
    assert_eq!(post.events(mail).await, [erased]);
    assert_eq!(post.server.received().len(), 0);
}

#[tokio::test]
async fn a_simulated_organization_sends_no_mail() {
    let post = Post::new().await;
    let log = LogId(Uuid::now_v7());
    let commands = &post.world.commands;
    commands.log().create_log(log, true).await.unwrap();
    let request = commands.request(log, Caller::System, Origin::CLI, "demo");
    let outgoing = outgoing(UserId(Uuid::now_v7()), Message::AccountExists);
    commands.batch(&request).mail(Uuid::now_v7(), outgoing).commit().await.unwrap();
    assert_eq!(work(&post.process()).await, 0);
    assert_eq!(post.waiting().await, 0);
}

#[tokio::test]
async fn an_address_that_no_server_takes_is_given_up_at_once() {
    let post = Post::new().await;
    let (mail, user) = (Uuid::now_v7(), UserId(Uuid::now_v7()));
    let commands = &post.world.commands;
    let request = commands.request(LogId::PLATFORM, Caller::System, Origin::CLI, "x");
    let hostile = "ana@example.org>\r\nRCPT TO:<victim@example.org".to_owned();
    let outgoing = Outgoing { to: hostile, ..outgoing(user, Message::AccountExists) };
    commands.batch(&request).mail(mail, outgoing).commit().await.unwrap();
    work(&post.process()).await;
    let unmakeable = failed(0, true, FailureReason::Unmakeable, None);
    assert_eq!(post.events(mail).await, [unmakeable]);
    assert_eq!(post.server.transcript(), Vec::<String>::new());
}

#[tokio::test]
async fn a_running_worker_is_woken_by_a_new_mail_and_stops_when_told() {
    let post = Post::new().await;
    let mails = post.mails_on(post.world.commands.log().clone(), post.smtp());
    let stop = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn({
        let (mails, stop) = (mails.clone(), stop.clone());
        async move { mails.run(Uuid::now_v7(), stop).await }
    });
    let (mail, _) = post.queue().await;
    let mut appended = post.world.commands.log().appended();
    while post.fold(mail).await.outcome.is_none() {
        appended.changed().await.unwrap();
    }
    stop.cancel();
    running.await.unwrap();
    assert_eq!(post.server.received().len(), 1);
}

#[tokio::test]
async fn without_a_server_mails_are_files_that_only_their_owner_reads() {
    let post = Post::new().await;
    let folder = std::env::temp_dir().join(format!("hindsight-mail-{}", Uuid::now_v7()));
    let to_folder = || -> Arc<dyn Transport> { Arc::new(Folder::new(folder.clone())) };
    let (mail, _) = post.queue().await;
    let log = Arc::new(Dying::new(Arc::new(post.world.test.log()), 2, true));
    let dying = post.mails_on(log, to_folder());
    dying.collect().await.unwrap();
    dying.send_due(Uuid::now_v7()).await.unwrap_err();
    post.pass(TimeDelta::minutes(5));
    work(&post.mails_on(Arc::new(post.world.test.log()), to_folder())).await;
    assert_eq!(post.fold(mail).await.outcome, Some(Outcome::Sent));
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap()).collect();
    let names: Vec<_> = files.iter().map(|f| f.file_name().into_string().unwrap()).collect();
    assert_eq!(names, [format!("{mail}.eml")], "sent twice, written once");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&files[0].path())), (0o700, 0o600));
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn the_folder_keeps_the_newest_mails_and_whatever_is_no_mail() {
    let post = Post::new().await;
    let folder = std::env::temp_dir().join(format!("hindsight-mail-{}", Uuid::now_v7()));
    let two = NonZeroUsize::new(2).unwrap();
    let transport = Arc::new(Folder::new(folder.clone()).keeping(two));
    let mails = post.mails_on(Arc::new(post.world.test.log()), transport);
    let mut queued = Vec::new();
    for _ in 0..4 {
        let (mail, _) = post.queue().await;
        queued.push(format!("{mail}.eml"));
        work(&mails).await;
        std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    }
    let names = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().file_name());
    let names: BTreeSet<_> = names.map(|name| name.into_string().unwrap()).collect();
    let kept = [&queued[2], &queued[3], "notes.txt"].map(str::to_owned);
    assert_eq!(names, BTreeSet::from(kept));
    std::fs::remove_dir_all(folder).unwrap();
}

/// By hand, against a server that others wrote: `HINDSIGHT_TEST_SMTP_URL=smtp://127.0.0.1:2525
/// cargo test -p commands --test it foreign -- --ignored`.
#[tokio::test]
#[ignore = "needs a mail server that is not ours"]
async fn a_foreign_server_takes_a_mail() {
    let post = Post::new().await;
    let url = std::env::var("HINDSIGHT_TEST_SMTP_URL").expect("names a server");
    let server = Arc::new(Smtp::try_new(&url, "crm.example.com").unwrap());
    let mails = post.mails_on(Arc::new(post.world.test.log()), server);
    let (mail, _) = post.queue().await;
    work(&mails).await;
    assert_eq!(post.events(mail).await, [started(1), sent(1)]);
}
