//! An API key: lets a program do some of what a member may. Its secret is in the vault.

#[cfg(test)]
mod tests;

use crate::access::Permission;
use crate::error::FieldError;
use crate::ids::{MemberId, UserId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use crate::patch;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The longest life of a key.
const LONGEST: TimeDelta = TimeDelta::days(366);

crate::stored_events! {
    /// What can have happened to an API key. **This is storage.**
    pub enum ApiKeyEvent {
        /// A member made it. `scopes` are names of permissions, sorted.
        "api_key.created" => Created {
            user: UserId, member: MemberId, scopes: BTreeSet<String>, expires_at: DateTime<Utc>,
        } sealed { name: String },
        /// It was used, for the first time on a day (UTC).
        "api_key.used" => Used { day: NaiveDate },
        /// It is good no longer.
        "api_key.revoked" => Revoked {},
    }
}

/// What a member wants a key to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Whose rights it has at most: the user.
    pub user: UserId,
    /// The same: the profile.
    pub member: MemberId,
    /// What it is called.
    pub name: String,
    /// The permissions that it passes on, if its member holds them.
    pub scopes: BTreeSet<String>,
    /// When it ends, in a year at the latest.
    pub expires_at: DateTime<Utc>,
}

/// What may be asked of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiKeyCommand {
    /// Make it.
    Create(NewKey),
    /// Record that it was used on a day.
    Use(NaiveDate),
    /// Let it be good no longer.
    Revoke,
}

/// Why a command on a key was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyError {
    /// No such key.
    #[error("There is no such API key.")]
    NotFound,
    /// Another key has this id.
    #[error("This API key exists already.")]
    AlreadyExists,
    /// It is revoked.
    #[error("This API key is revoked.")]
    Revoked,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for ApiKeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Revoked => "api_key_revoked",
            Self::Invalid(_) => "invalid",
        }
    }

    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiKey {
    /// Whose it is; `None` before it was made.
    pub owner: Option<(UserId, MemberId)>,
    /// What it is called; `None` once erased.
    pub name: Option<String>,
    /// Names of the permissions that it passes on.
    pub scopes: BTreeSet<String>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// The last day on which it was used.
    pub used_on: Option<NaiveDate>,
    /// Whether it is good no longer.
    pub revoked: bool,
}

impl ApiKey {
    /// The permissions that it passes on. A name that this build does not know means nothing.
    pub fn permissions(&self) -> BTreeSet<Permission> {
        self.scopes.iter().filter_map(|name| Permission::parse(name)).collect()
    }
}

impl NewKey {
    fn created(self, now: DateTime<Utc>) -> Result<ApiKeyEvent, ApiKeyError> {
        let mut faults = Vec::new();
        let name = patch::required("name", "The name", 100, &self.name);
        let name = name.map_err(|fault| faults.push(fault)).ok();
        if self.scopes.is_empty() || self.scopes.iter().any(|s| Permission::parse(s).is_none()) {
            let message = "Name permissions, such as contacts:read; at least one.";
            faults.push(FieldError::new("scopes", "no_such_permission", message));
        }
        if self.expires_at <= now || self.expires_at > now + LONGEST {
            let message = "A key ends in the future, in a year at the latest.";
            faults.push(FieldError::new("expires_at", "out_of_range", message));
        }
        if !faults.is_empty() {
            return Err(ApiKeyError::Invalid(faults));
        }
        let Self { user, member, scopes, expires_at, .. } = self;
        Ok(ApiKeyEvent::Created { user, member, scopes, expires_at, name })
    }
}

impl Aggregate for ApiKey {
    const KIND: &'static str = "api_key";
    type Command = ApiKeyCommand;
    type Event = ApiKeyEvent;
    type Error = ApiKeyError;

    fn decide(
        &self,
        command: ApiKeyCommand,
        now: DateTime<Utc>,
    ) -> Result<Vec<ApiKeyEvent>, ApiKeyError> {
        let Some(owner) = self.owner else {
            return match command {
                ApiKeyCommand::Create(key) => Ok(vec![key.created(now)?]),
                ApiKeyCommand::Use(_) | ApiKeyCommand::Revoke => Err(ApiKeyError::NotFound),
            };
        };
        match command {
            ApiKeyCommand::Create(key) if (key.user, key.member) == owner => Ok(Vec::new()),
            ApiKeyCommand::Create(_) => Err(ApiKeyError::AlreadyExists),
            ApiKeyCommand::Use(_) if self.revoked => Err(ApiKeyError::Revoked),
            ApiKeyCommand::Use(day) if self.used_on.is_some_and(|used| used >= day) => {
                Ok(Vec::new())
            }
            ApiKeyCommand::Use(day) => Ok(vec![ApiKeyEvent::Used { day }]),
            ApiKeyCommand::Revoke if self.revoked => Ok(Vec::new()),
            ApiKeyCommand::Revoke => Ok(vec![ApiKeyEvent::Revoked {}]),
        }
    }

    fn evolve(mut self, event: ApiKeyEvent) -> Self {
        match event {
            ApiKeyEvent::Created { user, member, scopes, expires_at, name } => {
                self.owner = Some((user, member));
                self.scopes = scopes;
                self.expires_at = Some(expires_at);
                self.name = name;
            }
            ApiKeyEvent::Used { day } => self.used_on = Some(day),
            ApiKeyEvent::Revoked {} => self.revoked = true,
        }
        self
    }

    fn reverse(&self, _event: &ApiKeyEvent) -> Result<Reversal<ApiKeyEvent>, NotReversible> {
        Err(NotReversible("Keys are made and revoked, not undone."))
    }
}
