//! A mail: asked for by a command, sent by a worker, every attempt in its stream.
//!
//! Mails of an organization are streams of its log, mails of the platform (verification, reset)
//! streams of log 0. Who sends an attempt is settled by its `mail.sending_started`: only one worker
//! can append it, and only that one sends. An attempt whose outcome nobody recorded (a crash) is
//! followed by the next one.

mod event;
mod retry;
#[cfg(test)]
mod tests;

pub use event::{FailureReason, Language, MailEvent, Template};
pub use retry::retry_after;

use crate::ids::SubjectId;
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is to be sent, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Which mail it is.
    pub template: Template,
    /// The language it is written in.
    pub language: Language,
    /// Whose personal data the address and the values are.
    pub subject: SubjectId,
    /// The one-time token whose link it carries; never the token itself.
    pub token: Option<Uuid>,
    /// The recipient's address; `None` once erased.
    pub to: Option<String>,
    /// The template's values by name; `None` once erased.
    pub values: Option<BTreeMap<String, String>>,
}

/// What may be asked of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailCommand {
    /// Send it as soon as can be.
    Queue(Letter),
    /// Begin an attempt, the next after all that were begun.
    StartSending {
        /// Its number, from 1.
        attempt: u32,
    },
    /// The server has taken it.
    Succeed {
        /// The attempt.
        attempt: u32,
        /// The server's answer, such as 250.
        code: u16,
    },
    /// An attempt failed.
    Fail {
        /// The attempt.
        attempt: u32,
        /// Whether no other will follow.
        permanent: bool,
        /// Why.
        reason: FailureReason,
        /// The server's answer, if it gave one.
        code: Option<u16>,
    },
    /// It cannot be sent, or need not be any more.
    GiveUp(FailureReason),
}

/// Why a command on a mail was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// No such mail.
    #[error("There is no such mail.")]
    NotFound,
    /// Another mail has this id.
    #[error("This mail exists already.")]
    AlreadyQueued,
    /// Somebody else began this attempt, or it is not the next one.
    #[error("This attempt is somebody else's.")]
    AlreadyStarted,
    /// It was sent, or given up.
    #[error("This mail is done with.")]
    Over,
    /// The attempt was never begun.
    #[error("There was no such attempt.")]
    NoSuchAttempt,
}

impl Rejection for MailError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyQueued => "already_exists",
            Self::AlreadyStarted => "attempt_started",
            Self::Over => "mail_over",
            Self::NoSuchAttempt => "no_such_attempt",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A server has taken it.
    Sent,
    /// It will not be tried again.
    GivenUp(FailureReason),
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// What is to be sent; `None` before it was queued.
    pub letter: Option<Letter>,
    /// How many attempts were begun.
    pub attempts: u32,
    /// Attempts begun whose outcome is not known: on their way, or lost in a crash.
    pub open: Vec<u32>,
    /// What became of it; `None` while there is something to do.
    pub outcome: Option<Outcome>,
}

impl Mail {
    /// Whether an attempt's outcome may be recorded; `false` if it was before.
    fn awaits(&self, attempt: u32) -> Result<bool, MailError> {
        if attempt == 0 || attempt > self.attempts {
            return Err(MailError::NoSuchAttempt);
        }
        Ok(self.open.contains(&attempt))
    }

    fn close(&mut self, attempt: u32) {
        self.open.retain(|open| *open != attempt);
    }
}

impl Aggregate for Mail {
    const KIND: &'static str = "mail";
    type Command = MailCommand;
    type Event = MailEvent;
    type Error = MailError;

    fn decide(
        &self,
        command: MailCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<MailEvent>, MailError> {
        let Some(present) = &self.letter else {
            return match command {
                MailCommand::Queue(letter) => Ok(vec![letter.queued()]),
                MailCommand::StartSending { .. }
                | MailCommand::Succeed { .. }
                | MailCommand::Fail { .. }
                | MailCommand::GiveUp(_) => Err(MailError::NotFound),
            };
        };
        Ok(match command {
            MailCommand::Queue(letter) if letter == *present => Vec::new(),
            MailCommand::Queue(_) => return Err(MailError::AlreadyQueued),
            // Not "already so": whoever repeats it must not take the attempt for theirs.
            MailCommand::StartSending { .. } if self.outcome.is_some() => {
                return Err(MailError::Over);
            }
            MailCommand::StartSending { attempt } if attempt != self.attempts + 1 => {
                return Err(MailError::AlreadyStarted);
            }
            MailCommand::StartSending { attempt } => vec![MailEvent::SendingStarted { attempt }],
            MailCommand::Succeed { attempt, code } => {
                if self.awaits(attempt)? {
                    vec![MailEvent::Sent { attempt, code }]
                } else {
                    Vec::new()
                }
            }
            MailCommand::Fail { attempt, permanent, reason, code } => {
                if self.awaits(attempt)? {
                    vec![MailEvent::Failed { attempt, permanent, reason, code }]
                } else {
                    Vec::new()
                }
            }
            MailCommand::GiveUp(_) if self.outcome.is_some() => Vec::new(),
            MailCommand::GiveUp(reason) => vec![MailEvent::Failed {
                attempt: self.attempts,
                permanent: true,
                reason,
                code: None,
            }],
        })
    }

    fn evolve(mut self, event: MailEvent) -> Self {
        match event {
            MailEvent::Queued { template, language, subject, token, to, values } => {
                self.letter = Some(Letter { template, language, subject, token, to, values });
            }
            MailEvent::SendingStarted { attempt } => {
                self.attempts = attempt;
                self.open.push(attempt);
            }
            MailEvent::Sent { attempt, .. } => {
                self.close(attempt);
                self.outcome = Some(Outcome::Sent);
            }
            MailEvent::Failed { attempt, permanent, reason, .. } => {
                self.close(attempt);
                if permanent && self.outcome != Some(Outcome::Sent) {
                    self.outcome = Some(Outcome::GivenUp(reason));
                }
            }
        }
        self
    }

    fn reverse(&self, _event: &MailEvent) -> Result<Reversal<MailEvent>, NotReversible> {
        Err(NotReversible("What was sent cannot be called back."))
    }
}

impl Letter {
    fn queued(self) -> MailEvent {
        MailEvent::Queued {
            template: self.template,
            language: self.language,
            subject: self.subject,
            token: self.token,
            to: self.to,
            values: self.values,
        }
    }
}
