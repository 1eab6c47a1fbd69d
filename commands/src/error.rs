//! Why a command was not carried out.

use crate::history::HistoryEntry;
use domain::aggregate::Rejection;
use domain::codec::DecodeError;
use domain::error::FieldError;
use std::borrow::Cow;
use store::LogError;

/// Why a command was not carried out, or a stream not read.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It does not exist, or the caller may not know that it does.
    #[error("there is no such thing")]
    NotFound,
    /// The caller may not do this, and its existence is no secret.
    #[error("not permitted")]
    Forbidden,
    /// The domain said no.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// The client decided on an older version than the present one.
    #[error("version {expected} was expected, {current} is present")]
    Stale {
        /// The version that the client had.
        expected: u32,
        /// The version that is.
        current: u32,
        /// What happened since, oldest first.
        changes: Vec<HistoryEntry>,
    },
    /// The idempotency key was used before, with another body.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// Others kept changing it meanwhile; try again after a moment.
    #[error("too many commands on the same thing at once")]
    Contended,
    /// The log could not do it.
    #[error("log")]
    Log(#[source] LogError),
}

impl From<LogError> for CommandError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl From<DecodeError> for CommandError {
    fn from(error: DecodeError) -> Self {
        Self::Log(LogError::Codec(error))
    }
}

impl From<Denied> for CommandError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Hidden => Self::NotFound,
            Denied::Forbidden => Self::Forbidden,
        }
    }
}

impl CommandError {
    /// A refusal by an aggregate. What does not exist is not found, whoever says so.
    pub fn rejected(rejection: &impl Rejection) -> Self {
        if rejection.is_not_found() {
            return Self::NotFound;
        }
        Self::Refused(Refusal {
            code: Cow::Borrowed(rejection.code()),
            detail: rejection.to_string(),
            fields: rejection.fields().to_vec(),
        })
    }

    /// A refusal for faults in fields.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self::Refused(Refusal {
            code: Cow::Borrowed("invalid"),
            detail: "Some values do not fit.".to_owned(),
            fields,
        })
    }
}

/// A refusal in words and codes that a client can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code, such as `invalid`.
    pub code: Cow<'static, str>,
    /// One sentence for people.
    pub detail: String,
    /// The fields at fault, if it is about fields.
    pub fields: Vec<FieldError>,
}

impl Refusal {
    /// A refusal that is not about a field.
    pub fn new(code: &'static str, detail: &str) -> Self {
        Self { code: Cow::Borrowed(code), detail: detail.to_owned(), fields: Vec::new() }
    }
}

/// Why a caller may not apply a command to an aggregate in its present state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// They may not even know that it exists.
    Hidden,
    /// They may see it, but not do this.
    Forbidden,
}
