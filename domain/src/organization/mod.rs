//! An organization: the first stream of its own log.

#[cfg(test)]
mod tests;

use crate::error::FieldError;
use crate::ids::{MemberId, OrganizationId, UserId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use crate::patch;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

crate::stored_events! {
    /// What can have happened to an organization. **This is storage.**
    pub enum OrganizationEvent {
        /// It was founded by a signed-up user.
        "organization.founded" => Founded { id: OrganizationId, name: String, founder: UserId },
        /// It was renamed.
        "organization.renamed" => Renamed { was: String, now: String },
        /// Members who may enter became owners, or are it no longer.
        "organization.owners_changed" => OwnersChanged { added: Vec<MemberId>, removed: Vec<MemberId> },
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
    /// Keep account of the owners: what makes somebody an owner (or ends it: another role, leaving,
    /// deactivation) comes in the same command, so that one owner always remains.
    ChangeOwners {
        /// Who were owners before anybody kept account: the founder's profile, in organizations
        /// from before there were roles.
        before: Option<MemberId>,
        /// Who become owners.
        added: BTreeSet<MemberId>,
        /// Who are it no longer.
        removed: BTreeSet<MemberId>,
    },
}

/// Why a command on an organization was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationError {
    /// It was never founded.
    #[error("There is no such organization.")]
    NotFound,
    /// It was founded before.
    #[error("This organization exists already.")]
    AlreadyFounded,
    /// Somebody has to be responsible.
    #[error("An organization has at least one owner who may enter.")]
    LastOwner,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for OrganizationError {
    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::NotFound => "not_found",
            Self::AlreadyFounded => "already_exists",
            Self::LastOwner => "last_owner",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its id, once founded.
    pub id: Option<OrganizationId>,
    /// The user who founded it.
    pub founder: Option<UserId>,
    /// Its name, once founded.
    pub name: Option<String>,
    /// The owners who may enter; nobody in an organization from before there were roles, as long
    /// as they do not change.
    pub owners: BTreeSet<MemberId>,
}

fn clean(name: &str) -> Result<String, OrganizationError> {
    patch::required("name", "The name", 200, name)
        .map_err(|fault| OrganizationError::Invalid(vec![fault]))
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
                Ok(vec![OrganizationEvent::Founded { id, name: clean(&name)?, founder }])
            }
            // Even if it was renamed since: this founder has founded it.
            (OrganizationCommand::Found { id, founder, .. }, Some(_))
                if (self.id, self.founder) == (Some(id), Some(founder)) =>
            {
                Ok(Vec::new())
            }
            (OrganizationCommand::Found { .. }, Some(_)) => Err(OrganizationError::AlreadyFounded),
            (OrganizationCommand::ChangeOwners { before, added, removed }, Some(_)) => {
                let mut present = self.owners.clone();
                if present.is_empty() {
                    present.extend(before);
                }
                let mut now: BTreeSet<_> = present.difference(&removed).copied().collect();
                now.extend(&added);
                if now.is_empty() {
                    return Err(OrganizationError::LastOwner);
                }
                let added: Vec<_> = now.difference(&self.owners).copied().collect();
                let removed: Vec<_> = self.owners.difference(&now).copied().collect();
                if added.is_empty() && removed.is_empty() {
                    return Ok(Vec::new());
                }
                Ok(vec![OrganizationEvent::OwnersChanged { added, removed }])
            }
            (OrganizationCommand::ChangeOwners { .. } | OrganizationCommand::Rename(_), None) => {
                Err(OrganizationError::NotFound)
            }
            (OrganizationCommand::Rename(now), Some(was)) => {
                let now = clean(&now)?;
                if *was == now {
                    return Ok(Vec::new());
                }
                Ok(vec![OrganizationEvent::Renamed { was: was.clone(), now }])
            }
        }
    }

    fn evolve(mut self, event: OrganizationEvent) -> Self {
        match event {
            OrganizationEvent::Founded { id, name, founder } => {
                self.id = Some(id);
                self.founder = Some(founder);
                self.name = Some(name);
            }
            OrganizationEvent::Renamed { now, .. } => self.name = Some(now),
            OrganizationEvent::OwnersChanged { added, removed } => {
                self.owners.extend(added);
                self.owners.retain(|owner| !removed.contains(owner));
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
            OrganizationEvent::OwnersChanged { .. } => {
                Err(NotReversible("Rights are granted and withdrawn, not undone."))
            }
            OrganizationEvent::Renamed { was, now } if self.name.as_ref() == Some(now) => {
                let events =
                    vec![OrganizationEvent::Renamed { was: now.clone(), now: was.clone() }];
                Ok(Reversal { events, kept: Vec::new() })
            }
            OrganizationEvent::Renamed { was, .. } => {
                let kept = if self.name.as_ref() == Some(was) { Vec::new() } else { vec!["name"] };
                Ok(Reversal { events: Vec::new(), kept })
            }
        }
    }
}
