//! The teams of an organization: whose records a member sees whose reach is the team.
//!
//! All teams of an organization are one stream, so that one fold tells who was in which team at
//! any moment, without asking every team.

#[cfg(test)]
mod tests;

use crate::error::FieldError;
use crate::ids::{MemberId, OrganizationId, TeamId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use crate::{normalize, patch};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

crate::stored_events! {
    /// What can have happened to a team. **This is storage.**
    pub enum TeamEvent {
        /// It was made.
        "team.created" => Created { id: TeamId, name: String },
        /// It has another name.
        "team.renamed" => Renamed { id: TeamId, was: String, now: String },
        /// Members came and went.
        "team.members_changed" => MembersChanged { id: TeamId, added: Vec<MemberId>, removed: Vec<MemberId> },
        /// It was deleted: nobody reaches anything by it.
        "team.deleted" => Deleted { id: TeamId },
        /// It is back, with the members that it had.
        "team.restored" => Restored { id: TeamId },
    }
}

/// What may be asked of the teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamCommand {
    /// Make a team.
    Create {
        /// Its id.
        id: TeamId,
        /// Its name.
        name: String,
    },
    /// Call it otherwise.
    Rename {
        /// Which.
        id: TeamId,
        /// The new name.
        name: String,
    },
    /// Let it have exactly these members.
    SetMembers {
        /// Which.
        id: TeamId,
        /// Its members.
        members: BTreeSet<MemberId>,
    },
    /// Let a new member in, if it is still there and has room: who joins the organization is not
    /// kept out of it by what became of a team.
    Welcome {
        /// Which.
        id: TeamId,
        /// Who.
        member: MemberId,
    },
    /// Delete it.
    Delete(TeamId),
    /// Take it back.
    Restore(TeamId),
}

/// Why a command on a team was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TeamError {
    /// No such team.
    #[error("There is no such team.")]
    NotFound,
    /// Another team has this id.
    #[error("This team exists already.")]
    AlreadyExists,
    /// Another team has this name.
    #[error("Another team has this name.")]
    Duplicate,
    /// It is deleted.
    #[error("This team is deleted. Restore it before you change it.")]
    Deleted,
    /// As many teams as there may be.
    #[error("An organization has at most 500 teams.")]
    TooMany,
    /// As many members as a team may have.
    #[error("A team has at most 500 members.")]
    TooLarge,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for TeamError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Duplicate => "duplicate_team",
            Self::Deleted => "deleted",
            Self::TooMany => "too_many_teams",
            Self::TooLarge => "team_too_large",
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

const MOST_TEAMS: usize = 500;
const MOST_MEMBERS: usize = 500;

/// A team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// Its name, which no other team of the organization has.
    pub name: String,
    /// Who is in it.
    pub members: BTreeSet<MemberId>,
    /// Whether it is deleted, and nobody reaches anything by it.
    pub deleted: bool,
}

/// The folded state: all teams of an organization, deleted ones included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Teams {
    /// By id.
    pub teams: BTreeMap<TeamId, Team>,
}

/// The stream of an organization's teams (UUIDv5 in the organization's namespace).
pub fn stream_id(organization: OrganizationId) -> Uuid {
    Uuid::new_v5(&organization.0, b"teams")
}

fn clean(name: &str) -> Result<String, TeamError> {
    patch::required("name", "The name", 100, name).map_err(|fault| TeamError::Invalid(vec![fault]))
}

impl Teams {
    /// The members of all teams that a member is in, themselves included if they are in any.
    pub fn mates(&self, member: MemberId) -> BTreeSet<MemberId> {
        let of = self.teams.values().filter(|t| !t.deleted && t.members.contains(&member));
        of.flat_map(|team| team.members.iter().copied()).collect()
    }

    fn find(&self, id: TeamId) -> Result<&Team, TeamError> {
        self.teams.get(&id).ok_or(TeamError::NotFound)
    }

    fn changeable(&self, id: TeamId) -> Result<&Team, TeamError> {
        let team = self.find(id)?;
        if team.deleted { Err(TeamError::Deleted) } else { Ok(team) }
    }

    /// Names are compared as people read them. Those of deleted teams are free.
    fn is_taken(&self, name: &str, but_by: TeamId) -> bool {
        let key = normalize::search_key(name);
        self.teams.iter().any(|(id, team)| {
            *id != but_by && !team.deleted && normalize::search_key(&team.name) == key
        })
    }

    fn set(mut self, id: TeamId, change: impl FnOnce(&mut Team)) -> Self {
        if let Some(team) = self.teams.get_mut(&id) {
            change(team);
        }
        self
    }
}

impl Aggregate for Teams {
    const KIND: &'static str = "team";
    type Command = TeamCommand;
    type Event = TeamEvent;
    type Error = TeamError;

    fn decide(
        &self,
        command: TeamCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<TeamEvent>, TeamError> {
        match command {
            TeamCommand::Create { id, name } => {
                let name = clean(&name)?;
                match self.teams.get(&id) {
                    Some(team) if team.name == name => return Ok(Vec::new()),
                    Some(_) => return Err(TeamError::AlreadyExists),
                    None => {}
                }
                if self.is_taken(&name, id) {
                    return Err(TeamError::Duplicate);
                }
                if self.teams.len() >= MOST_TEAMS {
                    return Err(TeamError::TooMany);
                }
                Ok(vec![TeamEvent::Created { id, name }])
            }
            TeamCommand::Rename { id, name } => {
                let now = clean(&name)?;
                let was = self.changeable(id)?.name.clone();
                if self.is_taken(&now, id) {
                    return Err(TeamError::Duplicate);
                }
                if was == now {
                    return Ok(Vec::new());
                }
                Ok(vec![TeamEvent::Renamed { id, was, now }])
            }
            TeamCommand::SetMembers { id, members } => {
                let present = &self.changeable(id)?.members;
                let added: Vec<_> = members.difference(present).copied().collect();
                let removed: Vec<_> = present.difference(&members).copied().collect();
                if added.is_empty() && removed.is_empty() {
                    return Ok(Vec::new());
                }
                if members.len() > MOST_MEMBERS && !added.is_empty() {
                    return Err(TeamError::TooLarge);
                }
                Ok(vec![TeamEvent::MembersChanged { id, added, removed }])
            }
            TeamCommand::Welcome { id, member } => {
                let open = |team: &&Team| {
                    !team.deleted
                        && !team.members.contains(&member)
                        && team.members.len() < MOST_MEMBERS
                };
                let (added, removed) = (vec![member], Vec::new());
                let joined = TeamEvent::MembersChanged { id, added, removed };
                Ok(self.teams.get(&id).filter(open).map(|_| joined).into_iter().collect())
            }
            TeamCommand::Delete(id) => {
                let deleted = self.find(id)?.deleted;
                Ok(if deleted { Vec::new() } else { vec![TeamEvent::Deleted { id }] })
            }
            TeamCommand::Restore(id) => match self.find(id)? {
                team if !team.deleted => Ok(Vec::new()),
                team if self.is_taken(&team.name, id) => Err(TeamError::Duplicate),
                _ => Ok(vec![TeamEvent::Restored { id }]),
            },
        }
    }

    fn evolve(mut self, event: TeamEvent) -> Self {
        match event {
            TeamEvent::Created { id, name } => {
                self.teams.insert(id, Team { name, ..Team::default() });
                self
            }
            TeamEvent::Renamed { id, now, .. } => self.set(id, |team| team.name = now),
            TeamEvent::MembersChanged { id, added, removed } => self.set(id, |team| {
                team.members.extend(added);
                team.members.retain(|member| !removed.contains(member));
            }),
            TeamEvent::Deleted { id } => self.set(id, |team| team.deleted = true),
            TeamEvent::Restored { id } => self.set(id, |team| team.deleted = false),
        }
    }

    fn reverse(&self, _event: &TeamEvent) -> Result<Reversal<TeamEvent>, NotReversible> {
        Err(NotReversible("Rights are granted and withdrawn, not undone."))
    }
}
