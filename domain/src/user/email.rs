//! The reservation of a log-in address: each is one user's at most.

use crate::ids::UserId;
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};

crate::stored_events! {
    /// What can have happened to a log-in address. Its stream's id is a keyed hash of the address,
    /// so that the log shows neither the address nor a way to test guesses. **This is storage.**
    pub enum EmailEvent {
        /// A user took it.
        "email.reserved" => Reserved { user: UserId },
        /// It is free again.
        "email.released" => Released { user: UserId },
        /// Somebody asked to sign up with it though it has a user, who was told.
        "email.sign_up_repeated" => SignUpRepeated {},
        /// Somebody asked for a link to choose a new password, whether or not anybody has it.
        "email.reset_asked" => ResetAsked {},
        /// Log-ins by it failed, from one address and within one minute (of the Unix epoch).
        "email.log_ins_failed" => LogInsFailed { minute: i64, count: u32 } sealed { ip: String },
    }
}

/// The folded state of a log-in address: who has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmailReservation {
    /// The user who has it.
    pub user: Option<UserId>,
}

/// What may be asked of a log-in address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailCommand {
    /// Take it.
    Reserve(UserId),
    /// Give it back.
    Release(UserId),
    /// Record that somebody asked to sign up with it though it has a user.
    RepeatSignUp,
    /// Record that somebody asked for a link to choose a new password.
    AskReset,
    /// Record log-ins that failed.
    NoteFailures {
        /// In which minute since the Unix epoch.
        minute: i64,
        /// How many.
        count: u32,
        /// From which address.
        ip: Option<String>,
    },
}

/// Why a command on a log-in address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Somebody else has it.
    #[error("This address is taken.")]
    Taken,
}

impl Rejection for EmailError {
    fn code(&self) -> &'static str {
        "email_taken"
    }
}

impl Aggregate for EmailReservation {
    const KIND: &'static str = "email";
    type Command = EmailCommand;
    type Event = EmailEvent;
    type Error = EmailError;

    fn decide(
        &self,
        command: EmailCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<EmailEvent>, EmailError> {
        match (command, self.user) {
            (EmailCommand::Reserve(user), None) => Ok(vec![EmailEvent::Reserved { user }]),
            (EmailCommand::Reserve(user), Some(holder)) if user == holder => Ok(Vec::new()),
            (EmailCommand::Reserve(_), Some(_)) => Err(EmailError::Taken),
            (EmailCommand::Release(user), Some(holder)) if user == holder => {
                Ok(vec![EmailEvent::Released { user }])
            }
            (EmailCommand::Release(_), _) => Ok(Vec::new()),
            (EmailCommand::RepeatSignUp, _) => Ok(vec![EmailEvent::SignUpRepeated {}]),
            (EmailCommand::AskReset, _) => Ok(vec![EmailEvent::ResetAsked {}]),
            (EmailCommand::NoteFailures { minute, count, ip }, _) => {
                Ok(vec![EmailEvent::LogInsFailed { minute, count, ip }])
            }
        }
    }

    fn evolve(mut self, event: EmailEvent) -> Self {
        match event {
            EmailEvent::Reserved { user } => self.user = Some(user),
            EmailEvent::Released { .. } => self.user = None,
            EmailEvent::SignUpRepeated {}
            | EmailEvent::ResetAsked {}
            | EmailEvent::LogInsFailed { .. } => {}
        }
        self
    }

    fn reverse(&self, _event: &EmailEvent) -> Result<Reversal<EmailEvent>, NotReversible> {
        Err(NotReversible("Addresses change hands by sign-up and change of address only."))
    }
}
