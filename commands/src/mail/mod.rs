//! Mails: queued in the log, sent by workers, none lost, none sent twice knowingly.
//!
//! A mail is a stream ([`domain::mail`]) of the organization's log, or of log 0. It is queued in the
//! same command as what it is about, so that there is never one without the other:
//!
//! ```ignore
//! let bound = Bound { organization: Some(organization), subject: Some(invitation.into()), user: None };
//! let token = mails.tokens().issue(Purpose::Invitation, bound).await?;
//! let message = Message::Invitation { token, organization: name, inviter, role };
//! let outgoing = Outgoing { to: email, subject: invitation.into(), language: Language::En, message };
//! commands
//!     .batch(&request) // request.log: the organization's log, or LogId::PLATFORM
//!     .add::<Invitation>(Target::new(invitation), vec![InvitationCommand::Invite { .. }])
//!     .mail(commands.ids().next(), outgoing)
//!     .commit()
//!     .await?;
//! ```
//!
//! Later, with what the reader of the mail sent back:
//! `mails.tokens().look(Purpose::Invitation, text)` to show it, `consume` to use it up.
//!
//! # How a mail is sent
//! [`Mails::run`] follows every log for `mail.queued` and keeps a reminder per mail. Whoever takes a
//! reminder appends `mail.sending_started`; only one process can, and only that one sends. Then it
//! appends `mail.sent` or `mail.failed`, and tries again later if that may help.
//!
//! # What a crash does
//! Before `mail.sending_started`: nothing was sent, another process sends it. After it: nobody can
//! know whether the server took the mail, even if it died just before the log was told. When the
//! lease runs out the mail is sent again, with the same `Message-ID`, `Date` and content, by which
//! mail programs recognise a copy. It is never sent again once `mail.sent` is in the log.
//!
//! # What a mail never holds
//! A picture from elsewhere, a tracking link, a link that a stranger wrote. Whatever people typed
//! is cleaned first (`clean.rs`), and HTML is escaped by the template engine.
//!
//! # How to add a mail
//! A variant of [`Template`] and of [`Message`], and its two files in every language's folder of
//! `commands/templates/mail`. The compiler and the tests ask for the rest.

mod clean;
mod collect;
mod compose;
mod message;
mod queue;
mod render;
mod send;
mod transport;

pub use compose::Mailbox;
pub use domain::mail::{Language, Template};
pub use message::Message;
pub use queue::Outgoing;
pub use transport::{Folder, SendError, Smtp, SmtpUrlError, Transport};

use crate::error::CommandError;
use crate::execute::Commands;
use crate::identity::OneTimeTokens;
use crate::news::{POLL, news};
use render::Renderer;
use std::sync::Arc;
use std::time::Duration;
use store::jobs::{Followers, JobStoreError, Outbox};
use store::vault::VaultError;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long mails on their way may take when the process is to end.
const PATIENCE: Duration = Duration::from_secs(8);

/// How mails are made and sent.
#[derive(Clone)]
pub struct MailSettings {
    /// From whom they are.
    pub from: Mailbox,
    /// Where browsers reach the server, such as `https://crm.example.com`: what links begin with.
    pub public_url: String,
    /// By which way they go.
    pub transport: Arc<dyn Transport>,
    /// For how long a worker that has sent a mail goes on trying to record it, if the log does not
    /// answer. Less than five minutes, after which another would send it again.
    pub record_for: Duration,
}

/// Why mails could not be worked on. What is wrong with a single mail is in its stream instead.
#[derive(Debug, thiserror::Error)]
pub enum MailWorkError {
    /// The outbox or a place in a log could not be read or written.
    #[error("outbox")]
    Store(#[from] JobStoreError),
    /// The log failed.
    #[error("command")]
    Command(#[from] CommandError),
    /// The vault failed.
    #[error("vault")]
    Vault(#[from] VaultError),
}

/// A template cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("template")]
pub struct TemplateError(#[source] minijinja::Error);

/// Collects and sends mails. Cheap to clone.
#[derive(Clone)]
pub struct Mails {
    inner: Arc<Inner>,
}

struct Inner {
    commands: Commands,
    tokens: OneTimeTokens,
    followers: Followers,
    outbox: Outbox,
    renderer: Renderer,
    settings: MailSettings,
}

impl Mails {
    /// Mails by way of `commands`.
    ///
    /// # Errors
    /// If a template cannot be read, which a test rules out.
    pub fn try_new(
        commands: Commands,
        tokens: OneTimeTokens,
        followers: Followers,
        outbox: Outbox,
        settings: MailSettings,
    ) -> Result<Self, TemplateError> {
        let renderer = Renderer::try_new().map_err(TemplateError)?;
        let inner = Inner { commands, tokens, followers, outbox, renderer, settings };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The tokens that links carry.
    pub fn tokens(&self) -> &OneTimeTokens {
        &self.inner.tokens
    }

    /// The link that a mail of this template would carry, for one that is shown instead of sent.
    pub fn link(&self, template: Template, token: Uuid) -> Option<String> {
        let (_, page) = message::link(template)?;
        let token = self.inner.tokens.reveal(token);
        Some(message::address(&self.inner.settings.public_url, page, &token))
    }

    /// Collects and sends mails until `shutdown`. Any number of processes may do so; `holder` is an
    /// id of this process alone.
    pub async fn run(&self, holder: Uuid, shutdown: CancellationToken) {
        let mut appended = self.inner.commands.log().appended();
        while !shutdown.is_cancelled() {
            let worked = tokio::select! {
                worked = self.work(holder, &shutdown) => worked,
                () = async {
                    shutdown.cancelled().await;
                    tokio::time::sleep(PATIENCE).await;
                } => {
                    tracing::warn!("mails were on their way when the time was up");
                    return;
                }
            };
            if let Err(error) = worked {
                tracing::error!(error = &error as &dyn std::error::Error, "mails are stuck");
                wait(&shutdown, tokio::time::sleep(POLL)).await;
            }
            wait(&shutdown, news(&mut appended)).await;
        }
    }

    /// Collects what was queued and sends what is due.
    async fn work(&self, holder: Uuid, shutdown: &CancellationToken) -> Result<(), MailWorkError> {
        self.collect().await?;
        while !shutdown.is_cancelled() && self.send_due(holder).await? > 0 {}
        Ok(())
    }
}

async fn wait<T>(shutdown: &CancellationToken, until: impl Future<Output = T>) {
    tokio::select! {
        () = shutdown.cancelled() => {}
        _ = until => {}
    }
}
