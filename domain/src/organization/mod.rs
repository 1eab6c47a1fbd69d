//! An organization: the first stream of its own log.

use crate::ids::{OrganizationId, UserId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};

crate::stored_events! {
    /// What can have happened to an organization. **This is storage.**
    pub enum OrganizationEvent {
        /// It was founded by a signed-up user.
        "organization.founded" => Founded { id: OrganizationId, name: String, founder: UserId },
        /// It was renamed.
        "organization.renamed" => Renamed { was: String, now: String },
    }
}

/// What may be asked of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganizationCommand {
    /// Found it.
    Found {
        /// Its id, which its log shares.
        id: OrganizationId,
        /// Its name.
        name: String,
        /// The user who becomes its owner.
        founder: UserId,
    },
    /// Give it another name.
    Rename(String),
}

/// Why a command on an organization was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationError {
    /// It was never founded.
    #[error("There is no such organization.")]
    NotFound,
    /// It was founded before.
    #[error("This organization exists already.")]
    AlreadyFounded,
}

impl Rejection for OrganizationError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyFounded => "already_exists",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its name, once founded.
    pub name: Option<String>,
}

impl Aggregate for Organization {
    const KIND: &'static str = "organization";
    type Command = OrganizationCommand;
    type Event = OrganizationEvent;
    type Error = OrganizationError;

    fn decide(
        &self,
        command: OrganizationCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<OrganizationEvent>, OrganizationError> {
        match (command, &self.name) {
            (OrganizationCommand::Found { id, name, founder }, None) => {
                Ok(vec![OrganizationEvent::Founded { id, name, founder }])
            }
            (OrganizationCommand::Found { name, .. }, Some(present)) if *present == name => {
                Ok(Vec::new())
            }
            (OrganizationCommand::Found { .. }, Some(_)) => Err(OrganizationError::AlreadyFounded),
            (OrganizationCommand::Rename(_), None) => Err(OrganizationError::NotFound),
            (OrganizationCommand::Rename(now), Some(was)) if *was == now => Ok(Vec::new()),
            (OrganizationCommand::Rename(now), Some(was)) => {
                Ok(vec![OrganizationEvent::Renamed { was: was.clone(), now }])
            }
        }
    }

    fn evolve(mut self, event: &OrganizationEvent) -> Self {
        match event {
            OrganizationEvent::Founded { name, .. }
            | OrganizationEvent::Renamed { now: name, .. } => {
                self.name = Some(name.clone());
            }
        }
        self
    }

    fn reverse(
        &self,
        event: &OrganizationEvent,
    ) -> Result<Reversal<OrganizationEvent>, NotReversible> {
        match event {
            OrganizationEvent::Founded { .. } => {
                Err(NotReversible("An organization is closed, not undone."))
            }
            OrganizationEvent::Renamed { was, now } if self.name.as_ref() == Some(now) => {
                let events =
                    vec![OrganizationEvent::Renamed { was: now.clone(), now: was.clone() }];
                Ok(Reversal { events, kept: Vec::new() })
            }
            OrganizationEvent::Renamed { .. } => {
                Ok(Reversal { events: Vec::new(), kept: vec!["name"] })
            }
        }
    }
}
