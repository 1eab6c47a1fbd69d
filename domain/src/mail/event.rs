//! What is stored of a mail.

use crate::ids::SubjectId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

crate::stored_events! {
    /// What can have happened to a mail. **This is storage.** The words of servers are not kept:
    /// they like to repeat addresses. Their numbers say enough.
    pub enum MailEvent {
        /// It is to be sent.
        "mail.queued" => Queued {
            template: Template, language: Language, subject: SubjectId, token: Option<Uuid>
        } sealed { to: String, values: BTreeMap<String, String> },
        /// An attempt began. What follows it may or may not have reached the server.
        "mail.sending_started" => SendingStarted { attempt: u32 },
        /// The server has taken it.
        "mail.sent" => Sent { attempt: u32, code: u16 },
        /// An attempt failed; `permanent` if no other follows.
        "mail.failed" => Failed {
            attempt: u32, permanent: bool, reason: FailureReason, code: Option<u16>
        },
    }
}

/// Which mail. **Stored by name**; the values that each needs are in `commands::mail::Message`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// Asks a new user whether the address is theirs.
    VerifyEmail,
    /// A link for a new password.
    ResetPassword,
    /// Tells that the password was changed.
    PasswordChanged,
    /// Tells the address before that another one is used to log in.
    EmailChanged,
    /// Tells that somebody tried to sign up with an address that has an account.
    AccountExists,
    /// Invites into an organization.
    Invitation,
    /// A link for the first password of a member whom an administrator made.
    SetPassword,
    /// Asks who registered as a client whether the address is theirs.
    RegistrationConfirm,
    /// Offers a contact an account.
    ClientAccount,
}

impl Template {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::PasswordChanged,
        Self::EmailChanged,
        Self::AccountExists,
        Self::Invitation,
        Self::SetPassword,
        Self::RegistrationConfirm,
        Self::ClientAccount,
    ];

    /// The name in the log and of its files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::EmailChanged => "email_changed",
            Self::AccountExists => "account_exists",
            Self::Invitation => "invitation",
            Self::SetPassword => "set_password",
            Self::RegistrationConfirm => "registration_confirm",
            Self::ClientAccount => "client_account",
        }
    }
}

/// A language that mails are written in. **Stored by name.**
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::En];

    /// Its code (ISO 639-1), in the log and of its folder.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
        }
    }
}

/// Why an attempt failed, or why there will be none. **Stored by name.**
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The server said no.
    Refused,
    /// No connection, a broken one, or no answer in time.
    Unreachable,
    /// No secure connection could be agreed on.
    Tls,
    /// The mails' folder could not be written.
    Folder,
    /// The mail could not be made: an address that no server takes, values that do not fit.
    Unmakeable,
    /// The recipient was erased.
    Erased,
    /// The link it carries is used, withdrawn or expired.
    Obsolete,
    /// Every process that began an attempt ended before it was known what came of it.
    Interrupted,
}
