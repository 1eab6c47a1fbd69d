//! What the layers below refuse, as problems.

use super::problem::ApiError;
use axum::http::StatusCode;
use commands::error::CommandError;
use commands::identity::{Barred, IdentityError};
use commands::jobs::JobError;
use commands::{HistoryEntry, Refusal};
use domain::instance::SignUpMode;
use projections::{BuildError, ReadError};
use serde_json::{Value, json};
use std::error::Error as StdError;
use std::sync::Arc;
use store::LogError;

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.code, refusal.detail, refusal.fields)
    }
}

impl From<CommandError> for ApiError {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::NotFound => Self::not_found(),
            CommandError::Forbidden => Self::forbidden("You may not do this."),
            CommandError::Refused(refusal) => refusal.into(),
            CommandError::Stale { expected, current, changes } => Self::new(
                StatusCode::CONFLICT,
                "version_conflict",
                format!("This is at version {current} by now; you saw version {expected}."),
            )
            .with_changed(changed(current, &changes)),
            CommandError::KeyReused => Self::refused(
                "idempotency_key_reused",
                "This idempotency key was used for another request.",
                Vec::new(),
            ),
            CommandError::Contended => Self::overloaded(),
            CommandError::Log(error) => error.into(),
        }
    }
}

/// What was changed meanwhile, field by field, so that a client can show both.
fn changed(version: u32, entries: &[HistoryEntry]) -> Value {
    let fields: Vec<Value> = entries
        .iter()
        .flat_map(|entry| entry.changes.iter().map(move |change| (entry, change)))
        .map(|(entry, change)| {
            json!({
                "version": entry.version,
                "field": change.field,
                "label": change.label,
                "from": change.from.as_ref().map(domain::value::Value::to_json),
                "to": change.to.as_ref().map(domain::value::Value::to_json),
            })
        })
        .collect();
    json!({ "version": version, "fields": fields })
}

impl From<LogError> for ApiError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Overloaded | LogError::Conflict { .. } => Self::overloaded(),
            LogError::NoSuchLog => Self::not_found(),
            LogError::FutureTime => {
                Self::bad_parameter("as_of", "future_time", "This moment lies in the future.")
            }
            LogError::Erased(_) => Self::refused(
                "erased",
                "This person's data has been erased; nothing can be added to it.",
                Vec::new(),
            ),
            LogError::Malformed(_)
            | LogError::Damaged(_)
            | LogError::Codec(_)
            | LogError::Database(_) => Self::failed(error),
        }
    }
}

impl From<IdentityError> for ApiError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::WrongCredentials => Self::unauthorized(
                "wrong_credentials",
                "This log-in and password do not belong together.",
            ),
            IdentityError::NoSession => {
                Self::unauthorized("no_session", "This session has ended. Log in again.")
            }
            IdentityError::Barred(barred) => Self::barred(barred),
            IdentityError::NotOpen(SignUpMode::Closed) => {
                Self::forbidden("Sign-up is closed here. Ask the operator for an account.")
            }
            IdentityError::NotOpen(SignUpMode::Open | SignUpMode::InviteOnly) => {
                Self::forbidden("Sign-up takes an invitation here.")
            }
            IdentityError::WrongCode => Self::unauthorized(
                "wrong_code",
                "This code is wrong, or was used before. Try the next one.",
            ),
            IdentityError::BadLink => Self::refused(
                "link_invalid",
                "This link is not good, or not any longer. Ask for a new one.",
                Vec::new(),
            ),
            IdentityError::TooManyAttempts { wait } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_attempts",
                "Too many attempts. Wait a moment.",
            )
            .with_retry_after(u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)),
            IdentityError::Refused(refusal) => refusal.into(),
            IdentityError::Overloaded => Self::overloaded(),
            IdentityError::Command(error) => error.into(),
            IdentityError::Seed
            | IdentityError::Hash(_)
            | IdentityError::Vault(_)
            | IdentityError::Process(_) => Self::failed(error),
        }
    }
}

impl From<JobError> for ApiError {
    fn from(error: JobError) -> Self {
        match error {
            JobError::NotFound => Self::not_found(),
            JobError::NotPossible(state) => Self::new(
                StatusCode::CONFLICT,
                "job_state",
                format!("The job is {} and does not allow that.", state.as_str()),
            ),
            JobError::Store(_) => Self::failed(error),
        }
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Invalid(faults) => {
                Self::bad_request("invalid_query", "The query is not understood.")
                    .with_errors(faults)
            }
            ReadError::NoSuchWorld | ReadError::Timeout => Self::overloaded().with_source(error),
            ReadError::Database(_) => Self::failed(error),
        }
    }
}

impl From<BuildError> for ApiError {
    fn from(error: BuildError) -> Self {
        if matches!(error, BuildError::Busy | BuildError::Cancelled) {
            return Self::overloaded().with_source(error);
        }
        Self::failed(error)
    }
}

impl From<Arc<BuildError>> for ApiError {
    fn from(error: Arc<BuildError>) -> Self {
        if matches!(*error, BuildError::Busy | BuildError::Cancelled) {
            return Self::overloaded().with_source(error);
        }
        Self::failed(error)
    }
}

/// After how many seconds it is worth while to ask whether maintenance has ended.
const MAINTENANCE: u32 = 60;

impl ApiError {
    /// Somebody known may not enter just now.
    pub fn barred(barred: Barred) -> Self {
        let (status, code, detail) = match barred {
            Barred::InstanceMaintenance => (
                StatusCode::SERVICE_UNAVAILABLE,
                "instance_maintenance",
                "Hindsight is under maintenance. Only its administrators may enter.",
            ),
            Barred::OrganizationMaintenance => (
                StatusCode::SERVICE_UNAVAILABLE,
                "organization_maintenance",
                "This organization is under maintenance. Only its owners may enter.",
            ),
            Barred::OrganizationClosed => (
                StatusCode::FORBIDDEN,
                "organization_closed",
                "This organization was closed. An administrator of the instance can open it again.",
            ),
            Barred::NoMembership => (
                StatusCode::FORBIDDEN,
                "no_membership",
                "Your account belongs to no organization that you may enter.",
            ),
        };
        let error = Self::new(status, code, detail);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return error.with_retry_after(MAINTENANCE).by_choice();
        }
        error
    }

    /// The organization does without the module that a route belongs to.
    pub fn module_disabled() -> Self {
        let detail = "This organization does without the module that this belongs to.";
        Self::new(StatusCode::NOT_FOUND, "module_disabled", detail)
    }

    /// A failure below: `503` if the database could not be reached in time, else `500`.
    pub fn failed(error: impl StdError + Send + Sync + 'static) -> Self {
        if is_unavailable(&error) {
            return Self::overloaded().with_source(error);
        }
        Self::internal(error)
    }
}

/// Whether the cause is that no connection to the database was to be had.
fn is_unavailable(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(sql) = cause.downcast_ref::<sqlx::Error>() {
            return matches!(
                sql,
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)
            );
        }
        next = cause.source();
    }
    false
}
