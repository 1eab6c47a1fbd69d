//! A member: a user's profile in one organization, in that organization's log.

#[cfg(test)]
mod tests;

use crate::error::FieldError;
use crate::ids::{MemberId, UserId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use crate::patch;
use crate::reach::Reach;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far a member's rights reach, as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReachLevel {
    /// Every record.
    All,
    /// Records assigned to the team.
    Team,
    /// Records assigned to oneself.
    #[default]
    Own,
}

crate::stored_events! {
    /// What can have happened to a member. **This is storage.**
    pub enum MemberEvent {
        /// A user became a member. The display name belongs to the membership.
        "member.added" => Added { user: UserId, owner: bool, reach: ReachLevel } sealed { display_name: String },
        /// Their reach changed.
        "member.reach_changed" => ReachChanged { was: ReachLevel, now: ReachLevel, team: Vec<MemberId> },
    }
}

/// What may be asked of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberCommand {
    /// Make a user a member.
    Add {
        /// Which user.
        user: UserId,
        /// What they are called here.
        display_name: String,
        /// Whether they own the organization.
        owner: bool,
        /// How far their rights reach.
        reach: ReachLevel,
    },
    /// Change how far their rights reach.
    SetReach {
        /// The new level.
        level: ReachLevel,
        /// The other members of the team, for [`ReachLevel::Team`]; nothing for other levels.
        team: Vec<MemberId>,
    },
}

/// Why a command on a member was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// Nobody of that id is a member.
    #[error("There is no such member.")]
    NotFound,
    /// Somebody else has this profile.
    #[error("This member exists already.")]
    AlreadyExists,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for MemberError {
    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The user; `None` before the member was added.
    pub user: Option<UserId>,
    /// What they are called here; `None` once erased.
    pub display_name: Option<String>,
    /// Whether they own the organization.
    pub owner: bool,
    /// How far their rights reach.
    pub level: ReachLevel,
    /// The other members of their team, sorted.
    pub team: Vec<MemberId>,
}

impl Member {
    /// The reach of the member with this id.
    pub fn reach(&self, id: MemberId) -> Reach {
        match self.level {
            ReachLevel::All => Reach::All,
            ReachLevel::Own => Reach::Own(id),
            ReachLevel::Team => {
                let mut team = self.team.clone();
                team.push(id);
                team.sort_unstable();
                team.dedup();
                Reach::Team(team)
            }
        }
    }
}

impl Aggregate for Member {
    const KIND: &'static str = "member";
    type Command = MemberCommand;
    type Event = MemberEvent;
    type Error = MemberError;

    fn decide(
        &self,
        command: MemberCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<MemberEvent>, MemberError> {
        match (command, self.user) {
            (MemberCommand::Add { user, display_name, owner, reach }, None) => {
                let name = patch::required("display_name", "The name", 200, &display_name)
                    .map_err(|fault| MemberError::Invalid(vec![fault]))?;
                Ok(vec![MemberEvent::Added { user, owner, reach, display_name: Some(name) }])
            }
            // Even if their rights have changed since: they are a member.
            (MemberCommand::Add { user, .. }, Some(present)) if user == present => Ok(Vec::new()),
            (MemberCommand::Add { .. }, Some(_)) => Err(MemberError::AlreadyExists),
            (MemberCommand::SetReach { .. }, None) => Err(MemberError::NotFound),
            (MemberCommand::SetReach { level, mut team }, Some(_)) => {
                team.sort_unstable();
                team.dedup();
                if level != ReachLevel::Team {
                    team.clear();
                }
                if level == self.level && team == self.team {
                    return Ok(Vec::new());
                }
                Ok(vec![MemberEvent::ReachChanged { was: self.level, now: level, team }])
            }
        }
    }

    fn evolve(mut self, event: MemberEvent) -> Self {
        match event {
            MemberEvent::Added { user, owner, reach, display_name } => {
                self.user = Some(user);
                self.owner = owner;
                self.level = reach;
                self.display_name = display_name;
            }
            MemberEvent::ReachChanged { now, team, .. } => {
                self.level = now;
                self.team = team;
            }
        }
        self
    }

    fn reverse(&self, _event: &MemberEvent) -> Result<Reversal<MemberEvent>, NotReversible> {
        Err(NotReversible("Rights are granted and withdrawn, not undone."))
    }
}
