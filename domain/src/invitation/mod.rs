//! An invitation into an organization, in that organization's log.
//!
//! It names the token that its link carries by id only. Whether it is still open is a question of
//! its state and of the time: nothing happens when it expires.

mod command;
#[cfg(test)]
mod tests;

pub use command::{InvitationCommand, InvitationError, Offer};

use crate::access::ProfileKind;
use crate::ids::{MemberId, RoleId, TeamId, UserId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Reversal};
use crate::member;
use crate::{normalize, patch};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

crate::stored_events! {
    /// What can have happened to an invitation. **This is storage.**
    pub enum InvitationEvent {
        /// Somebody was invited. The token is named by its id, by which nobody gets in.
        "invitation.created" => Created {
            profile: ProfileKind,
            roles: BTreeSet<RoleId>,
            team: Option<TeamId>,
            token: Uuid,
            expires_at: DateTime<Utc>,
        } sealed { email: String, display_name: String },
        /// They were sent another link; the one of before is good no longer.
        "invitation.resent" => Resent { token: Uuid, expires_at: DateTime<Utc> },
        /// It was taken back.
        "invitation.withdrawn" => Withdrawn {},
        /// They became a member by it.
        "invitation.accepted" => Accepted { user: UserId, member: MemberId },
    }
}

/// Where an invitation is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InvitationState {
    /// Nobody was invited by it.
    #[default]
    Absent,
    /// It waits for an answer, until it expires.
    Pending,
    /// Somebody became a member by it.
    Accepted,
    /// It was taken back.
    Withdrawn,
}

/// How an invitation stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It can be accepted.
    Pending,
    /// Somebody became a member by it.
    Accepted,
    /// It was taken back.
    Withdrawn,
    /// Nobody answered in time; it may be sent again.
    Expired,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Withdrawn, Self::Expired];

    /// Wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// Where it was sent; `None` once erased.
    pub email: Option<String>,
    /// What they shall be called here, if the inviter said so.
    pub display_name: Option<String>,
    /// As what they shall belong to the organization.
    pub profile: ProfileKind,
    /// The roles that they shall have.
    pub roles: BTreeSet<RoleId>,
    /// The team that they shall be in.
    pub team: Option<TeamId>,
    /// Id of the token of the newest link.
    pub token: Option<Uuid>,
    /// Until when that link is good.
    pub expires_at: DateTime<Utc>,
    /// Who became a member by it.
    pub member: Option<MemberId>,
    /// Where it is in its life.
    pub state: InvitationState,
}

impl Invitation {
    /// How it stands at this moment; `None` if there is none.
    pub fn status(&self, now: DateTime<Utc>) -> Option<Status> {
        Some(match self.state {
            InvitationState::Absent => return None,
            InvitationState::Pending if self.expires_at <= now => Status::Expired,
            InvitationState::Pending => Status::Pending,
            InvitationState::Accepted => Status::Accepted,
            InvitationState::Withdrawn => Status::Withdrawn,
        })
    }

    fn pending(&self) -> Result<(), InvitationError> {
        match self.state {
            InvitationState::Absent => Err(InvitationError::NotFound),
            InvitationState::Pending => Ok(()),
            InvitationState::Accepted => Err(InvitationError::Accepted),
            InvitationState::Withdrawn => Err(InvitationError::Withdrawn),
        }
    }
}

impl Aggregate for Invitation {
    const KIND: &'static str = "invitation";
    type Command = InvitationCommand;
    type Event = InvitationEvent;
    type Error = InvitationError;

    fn decide(
        &self,
        command: InvitationCommand,
        now: DateTime<Utc>,
    ) -> Result<Vec<InvitationEvent>, InvitationError> {
        match command {
            InvitationCommand::Create { offer, token, expires_at } => {
                if self.token == Some(token) {
                    return Ok(Vec::new());
                }
                if self.state != InvitationState::Absent {
                    return Err(InvitationError::AlreadyExists);
                }
                let Offer { email, display_name, profile, roles, team } = offer.cleaned()?;
                Ok(vec![InvitationEvent::Created {
                    profile,
                    roles,
                    team,
                    token,
                    expires_at,
                    email: Some(email),
                    display_name,
                }])
            }
            InvitationCommand::Resend { token, expires_at } => {
                self.pending()?;
                let same = self.token == Some(token);
                let resent = InvitationEvent::Resent { token, expires_at };
                Ok(if same { Vec::new() } else { vec![resent] })
            }
            InvitationCommand::Withdraw => match self.state {
                InvitationState::Withdrawn => Ok(Vec::new()),
                InvitationState::Absent | InvitationState::Pending | InvitationState::Accepted => {
                    self.pending().map(|()| vec![InvitationEvent::Withdrawn {}])
                }
            },
            InvitationCommand::Accept { member, .. } if self.member == Some(member) => {
                Ok(Vec::new())
            }
            InvitationCommand::Accept { token, user, member } => {
                self.pending()?;
                if self.token != Some(token) || self.expires_at <= now {
                    return Err(InvitationError::Expired);
                }
                Ok(vec![InvitationEvent::Accepted { user, member }])
            }
        }
    }

    fn evolve(mut self, event: InvitationEvent) -> Self {
        match event {
            InvitationEvent::Created {
                profile,
                roles,
                team,
                token,
                expires_at,
                email,
                display_name,
            } => Self {
                email,
                display_name,
                profile,
                roles,
                team,
                token: Some(token),
                expires_at,
                member: None,
                state: InvitationState::Pending,
            },
            InvitationEvent::Resent { token, expires_at } => {
                self.token = Some(token);
                self.expires_at = expires_at;
                self
            }
            InvitationEvent::Withdrawn {} => Self { state: InvitationState::Withdrawn, ..self },
            InvitationEvent::Accepted { member, .. } => {
                Self { state: InvitationState::Accepted, member: Some(member), ..self }
            }
        }
    }

    fn reverse(
        &self,
        _event: &InvitationEvent,
    ) -> Result<Reversal<InvitationEvent>, NotReversible> {
        Err(NotReversible("Who was invited was told so. Withdraw the invitation instead."))
    }
}

impl Offer {
    /// What was typed, in the form in which it is kept; or all its faults.
    fn cleaned(self) -> Result<Self, InvitationError> {
        let mut faults = Vec::new();
        let email = normalize::email(&self.email).unwrap_or_else(|| {
            faults.push(command::not_an_address());
            String::new()
        });
        let name = self.display_name.as_deref();
        let name = name.map(|name| patch::required("display_name", "The name", 200, name));
        let display_name = name.transpose().map_err(|fault| faults.push(fault)).unwrap_or(None);
        faults.extend(member::too_many_roles(&self.roles));
        if self.profile == ProfileKind::Client {
            faults.push(command::no_clients());
        }
        if self.team.is_some() && self.profile != ProfileKind::Staff {
            faults.push(command::no_team());
        }
        if faults.is_empty() {
            Ok(Self { email, display_name, ..self })
        } else {
            Err(InvitationError::Invalid(faults))
        }
    }
}
