//! Sending what is due.

use super::transport::SendError;
use super::{MailWorkError, Mails, compose, message, render};
use crate::error::{CommandError, Denied};
use crate::execute::Target;
use crate::request::{Caller, Origin};
use chrono::{DateTime, TimeDelta, Utc};
use domain::mail::{FailureReason, Letter, Mail, MailCommand, retry_after};
use std::error::Error;
use std::time::Duration;
use store::jobs::MailRef;
use tokio::time::Instant;
use uuid::Uuid;

/// How many mails a process sends at once.
const AT_ONCE: u32 = 4;

/// After so long without an outcome, another process may begin the next attempt. Much longer than
/// a transport takes to give up.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// How long to wait before an outcome that could not be recorded is recorded again.
const AGAIN: Duration = Duration::from_secs(1);

impl Mails {
    /// Takes up mails that are due, and sends them; returns how many were taken up.
    pub async fn send_due(&self, holder: Uuid) -> Result<usize, MailWorkError> {
        let now = self.now();
        let due = self.inner.outbox.claim(holder, now, now + LEASE, AT_ONCE).await?;
        let taken = due.len();
        let deliveries = due.into_iter().map(|mail| self.deliver(mail, holder));
        for delivered in futures::future::join_all(deliveries).await {
            delivered?;
        }
        Ok(taken)
    }

    fn now(&self) -> DateTime<Utc> {
        self.inner.commands.clock().now()
    }

    async fn deliver(&self, mail: MailRef, holder: Uuid) -> Result<(), MailWorkError> {
        let folded = self.inner.commands.load::<Mail>(mail.log, mail.mail).await?;
        let state = &folded.state;
        let (Some(letter), None) = (&state.letter, state.outcome) else {
            return Ok(self.inner.outbox.release(mail, holder, None).await?);
        };
        let tried_enough = state.attempts > 0 && retry_after(state.attempts).is_none();
        let made = match self.make(mail, letter, folded.created.time).await? {
            Ok(_) if tried_enough => Err(FailureReason::Interrupted),
            made => made,
        };
        let message = match made {
            Ok(message) => message,
            Err(reason) => {
                tracing::warn!(mail = %mail.mail.0, ?reason, "mail given up");
                self.record(mail, MailCommand::GiveUp(reason)).await?;
                return Ok(self.inner.outbox.release(mail, holder, None).await?);
            }
        };
        let attempt = state.attempts + 1;
        match self.tell(mail, MailCommand::StartSending { attempt }).await {
            Ok(()) => {}
            // Another process was faster. The reminder comes up again when the lease runs out.
            Err(CommandError::Refused(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let sent = self.inner.settings.transport.send(&message).await;
        let due = self.conclude(mail, attempt, sent).await?;
        Ok(self.inner.outbox.release(mail, holder, due).await?)
    }

    /// Records what came of an attempt; says when to try again.
    async fn conclude(
        &self,
        mail: MailRef,
        attempt: u32,
        sent: Result<u16, SendError>,
    ) -> Result<Option<DateTime<Utc>>, MailWorkError> {
        let SendError { permanent, reason, code } = match sent {
            Ok(code) => {
                self.record(mail, MailCommand::Succeed { attempt, code }).await?;
                tracing::info!(mail = %mail.mail.0, attempt, "mail sent");
                return Ok(None);
            }
            Err(error) => error,
        };
        let wait = if permanent { None } else { retry_after(attempt) };
        tracing::warn!(
            mail = %mail.mail.0, attempt, ?reason, code, given_up = wait.is_none(), "mail not sent"
        );
        let permanent = wait.is_none();
        self.record(mail, MailCommand::Fail { attempt, permanent, reason, code }).await?;
        Ok(wait.map(|wait| self.now() + wait))
    }

    /// The message, or why there can be none.
    async fn make(
        &self,
        mail: MailRef,
        letter: &Letter,
        queued_at: DateTime<Utc>,
    ) -> Result<Result<lettre::Message, FailureReason>, MailWorkError> {
        let inner = &self.inner;
        let settings = &inner.settings;
        let values = render::values(letter, |id| inner.tokens.reveal(id), &settings.public_url);
        let (Some(to), Some(values)) = (&letter.to, values) else {
            return Ok(Err(FailureReason::Erased));
        };
        if let (Some(token), Some((purpose, _))) = (letter.token, message::link(letter.template))
            && !inner.tokens.is_good(purpose, token).await?
        {
            return Ok(Err(FailureReason::Obsolete));
        }
        let made = inner
            .renderer
            .render(letter.template, letter.language, values)
            .map_err(Into::into)
            .and_then(|words| compose::compose(mail.mail.0, queued_at, &settings.from, to, words));
        // The error may repeat the address or a value.
        Ok(made.map_err(|_: Box<dyn Error + Send + Sync>| FailureReason::Unmakeable))
    }

    async fn tell(&self, mail: MailRef, command: MailCommand) -> Result<(), CommandError> {
        let commands = &self.inner.commands;
        let request = commands.request(mail.log, Caller::System, Origin::WORKER, "mail");
        let anybody = |_: &Mail| Ok::<(), Denied>(());
        let target = Target::existing(mail.mail);
        commands.execute::<Mail>(&request, target, anybody, |_| Ok(command.clone())).await?;
        Ok(())
    }

    /// Records an outcome, again and again while the log does not answer: what is not recorded is
    /// sent again.
    async fn record(&self, mail: MailRef, command: MailCommand) -> Result<(), CommandError> {
        let until = Instant::now() + self.inner.settings.record_for;
        loop {
            match self.tell(mail, command.clone()).await {
                Err(error @ (CommandError::Log(_) | CommandError::Contended))
                    if Instant::now() < until =>
                {
                    tracing::warn!(
                        mail = %mail.mail.0, error = &error as &dyn Error,
                        "outcome not recorded yet"
                    );
                    tokio::time::sleep(AGAIN).await;
                }
                told => return told,
            }
        }
    }
}
