//! The reservation of a username: each is one user's at most.

use crate::error::FieldError;
use crate::ids::UserId;
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};

crate::stored_events! {
    /// What can have happened to a username. Its stream's id is a keyed hash of the name, so that
    /// the log shows neither the name nor a way to test guesses. **This is storage.**
    pub enum UsernameEvent {
        /// A user took it.
        "username.reserved" => Reserved { user: UserId },
        /// It is free again.
        "username.released" => Released { user: UserId },
    }
}

/// The form in which usernames are kept and compared: lower case.
///
/// # Errors
/// If it is not 3 to 40 letters a–z, digits, dots, hyphens or underscores that begin with a letter.
/// An e-mail address is never a username, so that nobody takes the address of somebody else.
pub fn username(text: &str) -> Result<String, FieldError> {
    let name = text.trim().to_ascii_lowercase();
    let fits = (3..=40).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b));
    if fits {
        return Ok(name);
    }
    let message = "A username has 3 to 40 letters a–z, digits, dots, hyphens or underscores, and \
                   begins with a letter.";
    Err(FieldError::new("username", "invalid_username", message))
}

/// The folded state of a username: who has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsernameReservation {
    /// The user who has it.
    pub user: Option<UserId>,
}

/// What may be asked of a username.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameCommand {
    /// Take it.
    Reserve(UserId),
    /// Give it back.
    Release(UserId),
}

/// Why a command on a username was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsernameError {
    /// Somebody else has it.
    #[error("This username is taken.")]
    Taken,
}

impl Rejection for UsernameError {
    fn code(&self) -> &'static str {
        "username_taken"
    }
}

impl Aggregate for UsernameReservation {
    const KIND: &'static str = "username";
    type Command = UsernameCommand;
    type Event = UsernameEvent;
    type Error = UsernameError;

    fn decide(
        &self,
        command: UsernameCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<UsernameEvent>, UsernameError> {
        match (command, self.user) {
            (UsernameCommand::Reserve(user), None) => Ok(vec![UsernameEvent::Reserved { user }]),
            (UsernameCommand::Reserve(user), Some(holder)) if user == holder => Ok(Vec::new()),
            (UsernameCommand::Reserve(_), Some(_)) => Err(UsernameError::Taken),
            (UsernameCommand::Release(user), Some(holder)) if user == holder => {
                Ok(vec![UsernameEvent::Released { user }])
            }
            (UsernameCommand::Release(_), _) => Ok(Vec::new()),
        }
    }

    fn evolve(mut self, event: UsernameEvent) -> Self {
        match event {
            UsernameEvent::Reserved { user } => self.user = Some(user),
            UsernameEvent::Released { .. } => self.user = None,
        }
        self
    }

    fn reverse(&self, _event: &UsernameEvent) -> Result<Reversal<UsernameEvent>, NotReversible> {
        Err(NotReversible("Usernames change hands by their holders only."))
    }
}
