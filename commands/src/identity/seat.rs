//! Which profile somebody would have who joins an organization.

use super::{Identity, IdentityError};
use crate::error::{CommandError, Refusal};
use crate::execute::{Batch, Commands, Target};
use domain::access::ProfileKind;
use domain::ids::{MemberId, OrganizationId, RoleId, SubjectId, TeamId, UserId};
use domain::member::{Member, MemberCommand};
use domain::role::Builtin;
use domain::team::{self, TeamCommand, Teams};
use domain::user::{Membership, User};
use std::collections::BTreeSet;
use store::LogId;
use uuid::Uuid;

/// A profile that is free to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    /// Where it is: new, or that of somebody who left and comes back.
    pub(super) membership: Membership,
    /// The version of its stream.
    pub(super) version: u32,
}

/// As what somebody takes their seat.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// What they are called.
    pub(super) display_name: String,
    /// As what they belong to the organization.
    pub(super) profile: ProfileKind,
    /// Their roles.
    pub(super) roles: BTreeSet<RoleId>,
    /// The team that they are in.
    pub(super) team: Option<TeamId>,
}

pub(super) fn already_member() -> IdentityError {
    let detail = "They belong to the organization already.";
    IdentityError::Refused(Refusal::new("already_member", detail))
}

impl Identity {
    /// The profile that a user would have. Ids are derived, so that of many who take the same seat
    /// at once one does.
    ///
    /// # Errors
    /// `already_member` if they have a profile of that kind.
    pub(super) async fn seat(
        &self,
        user: UserId,
        organization: OrganizationId,
        profile: ProfileKind,
    ) -> Result<Seat, IdentityError> {
        let commands = &self.inner.commands;
        let log = LogId::from(organization);
        let known = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let mut free = None;
        for membership in &known.state.memberships {
            if membership.organization != organization {
                continue;
            }
            let folded = commands.load::<Member>(log, membership.member.0).await?;
            if folded.state.profile != profile {
                continue;
            }
            if folded.state.belongs() {
                return Err(already_member());
            }
            free = Some(Seat { membership: *membership, version: folded.version });
        }
        if let Some(seat) = free {
            return Ok(seat);
        }
        let member = derived(organization, user, profile);
        let folded = commands.load::<Member>(log, member.0).await?;
        if folded.state.belongs() {
            return Err(already_member());
        }
        let membership = Membership { organization, member };
        Ok(Seat { membership, version: folded.version })
    }
}

/// Adds to a batch what lets a user take a seat, if it is as it was found: an owner counts as one, and
/// a team lets them in.
pub(super) async fn taken<'a>(
    commands: &'a Commands,
    batch: Batch<'a>,
    (user, seat): (UserId, Seat),
    place: Place,
) -> Result<Batch<'a>, CommandError> {
    let Membership { organization, member } = seat.membership;
    let Place { display_name, profile, roles, team } = place;
    let owner = roles.contains(&Builtin::Owner.id(organization));
    let target = Target::existing(member.0).owned_by(SubjectId(user.0));
    let join = MemberCommand::Join { user, display_name, roles, profile, contact: None };
    let mut batch = batch.add::<Member>(target.if_match(Some(seat.version)), vec![join]);
    if owner {
        batch = commands.owner_change(batch, organization, member, true).await?;
    }
    if let Some(id) = team {
        let target = Target::existing(team::stream_id(organization));
        batch = batch.add::<Teams>(target, vec![TeamCommand::Welcome { id, member }]);
    }
    Ok(batch)
}

/// The id of a user's profile of a kind, if they have no older one.
pub(super) fn derived(
    organization: OrganizationId,
    user: UserId,
    profile: ProfileKind,
) -> MemberId {
    let user = user.0.as_bytes().as_slice();
    let name = match profile {
        // As it was before there were others.
        ProfileKind::Staff => user.to_vec(),
        ProfileKind::Vendor | ProfileKind::Client => [user, profile.as_str().as_bytes()].concat(),
    };
    MemberId(Uuid::new_v5(&organization.0, &name))
}
