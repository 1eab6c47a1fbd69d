//! Why reading or building a read model failed.

use domain::codec::DecodeError;
use domain::error::FieldError;
use store::{LogError, Position};

/// The SQLSTATE of an error that came from the database.
pub(crate) fn sql_state(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.map(std::borrow::Cow::into_owned)
}

/// Why a read failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The query does not fit the catalogue; the caller's fault, field by field.
    #[error("malformed query")]
    Invalid(Vec<FieldError>),
    /// The as-of world is no longer there; open it again.
    #[error("no such world")]
    NoSuchWorld,
    /// The query took longer than a request may.
    #[error("the query took too long")]
    Timeout,
    /// The database failed.
    #[error("database")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        match sql_state(&error).as_deref() {
            // The statement timeout.
            Some("57014") => Self::Timeout,
            // Raised by hindsight.enter; or no such schema, no such table: the world was dropped
            // between the look at its row and the query.
            Some("HS200" | "3F000" | "42P01") => Self::NoSuchWorld,
            _ => Self::Database(error),
        }
    }
}

/// Why a world could not be built, switched to or opened.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There is no read model of that name.
    #[error("no such read model")]
    NoSuchModel,
    /// The position lies beyond the end of the log.
    #[error("position {asked} is beyond the log's end {head}")]
    BeyondHead {
        /// What was asked for.
        asked: Position,
        /// The end of the log.
        head: Position,
    },
    /// Another process builds it at this moment.
    #[error("being built elsewhere")]
    Busy,
    /// It was told to stop.
    #[error("cancelled")]
    Cancelled,
    /// Events could not be applied.
    #[error("apply")]
    Apply(#[source] ApplyError),
    /// The log failed.
    #[error("log")]
    Log(#[from] LogError),
    /// The database failed.
    #[error("database")]
    Database(#[from] sqlx::Error),
}

/// Why a batch could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// This build cannot read the event.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// An event of the stream is missing before this one, or it came twice.
    #[error("event has version {found}, expected {expected}")]
    OutOfOrder {
        /// What comes next.
        expected: u32,
        /// What came.
        found: u32,
    },
    /// The database failed, or refused what came out of the fold.
    #[error("database")]
    Database(#[from] sqlx::Error),
}

impl ApplyError {
    /// Whether the events are at fault, so that trying again does not help.
    pub(crate) fn is_poison(&self) -> bool {
        match self {
            Self::Decode(_) | Self::OutOfOrder { .. } => true,
            // Classes 22 (data), 23 (integrity) and 54 (limits): what was to be written does not fit.
            Self::Database(error) => sql_state(error).is_some_and(|code| {
                ["22", "23", "54"].into_iter().any(|class| code.starts_with(class))
            }),
        }
    }

    /// The fault in words that hold no values, for the table of parked streams.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Decode(_) | Self::OutOfOrder { .. } => self.to_string(),
            Self::Database(error) => {
                format!("database error {}", sql_state(error).as_deref().unwrap_or("unknown"))
            }
        }
    }
}
