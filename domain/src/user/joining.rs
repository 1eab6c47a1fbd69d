//! What users set out for who are to belong to an organization: the intents of processes that span
//! its log and log 0.

use super::{Membership, User, UserEvent};
use crate::access::ProfileKind;
use crate::ids::{ActionId, ContactId, InvitationId, MemberId, RoleId, TeamId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What somebody set out for who wants to be a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientJoining {
    /// Their future profile.
    pub membership: Membership,
    /// The contact that they are: one there is, or the id of one to be made.
    pub contact: ContactId,
    /// The registration that it began with; otherwise the account was offered to them.
    pub registration: Option<Uuid>,
    /// The action that all of it belongs to.
    pub action: ActionId,
}

/// What somebody set out for who is to be a member: they accepted an invitation, or somebody makes
/// them one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberJoining {
    /// Their future profile.
    pub membership: Membership,
    /// As what they shall belong to the organization; not as a client.
    pub profile: ProfileKind,
    /// The roles that they shall have.
    pub roles: BTreeSet<RoleId>,
    /// The team that they shall be in, if it is still there.
    pub team: Option<TeamId>,
    /// The invitation that they accepted, and the id of the token of its link.
    pub invitation: Option<(InvitationId, Uuid)>,
    /// Who makes them a member; `None` if they come by themselves.
    pub by: Option<MemberId>,
    /// Why, in the words of who makes them one.
    pub reason: Option<String>,
    /// The action that all of it belongs to.
    pub action: ActionId,
}

impl From<ClientJoining> for UserEvent {
    fn from(joining: ClientJoining) -> Self {
        let ClientJoining { membership, contact, registration, action } = joining;
        let Membership { organization, member } = membership;
        Self::ClientJoiningStarted { organization, member, contact, registration, action }
    }
}

impl From<MemberJoining> for UserEvent {
    fn from(joining: MemberJoining) -> Self {
        let MemberJoining { membership, profile, roles, team, invitation, by, reason, action } =
            joining;
        let Membership { organization, member } = membership;
        let (invitation, token) = invitation.unzip();
        Self::MemberJoiningStarted {
            organization,
            member,
            profile,
            roles,
            team,
            invitation,
            token,
            by,
            action,
            reason,
        }
    }
}

impl User {
    /// Whether they set out to have this profile.
    pub fn is_joining(&self, membership: Membership) -> bool {
        self.joining.iter().any(|joining| joining.membership == membership)
            || self.member_joining.iter().any(|joining| joining.membership == membership)
    }

    /// They have it: what they set out for is done.
    pub(super) fn joined(mut self, membership: Membership) -> Self {
        self.founding.retain(|(founded, _)| *founded != membership);
        self.joining.retain(|joining| joining.membership != membership);
        self.member_joining.retain(|joining| joining.membership != membership);
        // Who was removed comes back to the same profile.
        if !self.memberships.contains(&membership) {
            self.memberships.push(membership);
        }
        self
    }
}
