//! Members made by who administers an organization, without mail: they get a username, and a link
//! to be handed over by which they choose their password.
//!
//! Nobody is registered with an address here, since nobody has shown that it is theirs; whoever has
//! one is invited, or adds it once they are in.

use super::address_book::{Login, NewUser, Secret};
use super::sign_up::refuse;
use super::{Identity, IdentityError, Issued, seat};
use crate::error::CommandError;
use crate::request::CommandRequest;
use chrono::{DateTime, Utc};
use domain::access::{Permission, ProfileKind};
use domain::aggregate::Aggregate as _;
use domain::error::FieldError;
use domain::ids::{MemberId, OrganizationId, RoleId, TeamId, UserId};
use domain::member::{Member, too_many_roles};
use domain::user::{MemberJoining, Membership, User, UserCommand, UserError, username};
use std::collections::BTreeSet;
use store::Position;
use store::vault::{Bound, Purpose};

/// Somebody to make a member and a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// What they are called.
    pub display_name: String,
    /// What they log in by.
    pub username: String,
    /// As what they belong to the organization; not as a client.
    pub profile: ProfileKind,
    /// Their roles.
    pub roles: BTreeSet<RoleId>,
    /// The team that they are in; for staff.
    pub team: Option<TeamId>,
}

/// A member who was made.
#[derive(Clone, Copy, Debug)]
pub struct MadeMember {
    /// Their profile.
    pub member: MemberId,
    /// A read model at this position shows it.
    pub position: Position,
    /// The token by which they choose their password, to be handed over.
    pub link: Issued,
}

impl Identity {
    /// Makes a user without an address a member, with roles not wider than the caller's rights. They
    /// set out to be one as they become a user, under ids that follow from the command's, so that it
    /// is finished after a crash, and the same command again gives the same answer.
    pub async fn make_member(
        &self,
        request: &CommandRequest,
        input: NewAccount,
    ) -> Result<MadeMember, IdentityError> {
        let inner = &self.inner;
        let commands = &inner.commands;
        let demanded = request.caller.demand(Permission::MEMBERS_CREATE);
        demanded.map_err(CommandError::from)?;
        let username = input.fitting(commands.clock().now())?;
        let organization = OrganizationId(request.log.0);
        let user = UserId(self.id_for(request, "user"));
        let fingerprint = request.fingerprint;
        let platform = CommandRequest { fingerprint, ..request.for_user(user) };
        if !self.was_done(&platform).await? {
            inner.access.may_give(request, input.roles.iter()).await?;
            if let Some(team) = input.team {
                inner.access.may_add_to(request, team).await?;
            }
        }
        let NewAccount { display_name: full_name, profile, roles, team, .. } = input;
        // Nobody knows them yet, so that no profile of theirs stands in the way.
        let member = seat::derived(organization, user, profile);
        let intent = MemberJoining {
            membership: Membership { organization, member },
            profile,
            roles,
            team,
            invitation: None,
            by: request.caller.member(),
            reason: request.reason.clone(),
            action: request.action,
        };
        let (login, secret) = (Login::Username(username), Secret::Later);
        let new = NewUser { id: user, full_name, login, secret };
        let intent = UserCommand::StartMemberJoining(intent);
        self.register(&platform, new, Some(intent)).await?;
        self.finish_founding(&request.origin, user, None).await?;
        let purpose = Purpose::SetPassword;
        let bound =
            Bound { user: Some(user), organization: Some(organization), ..Bound::default() };
        let expires_at = commands.clock().now() + purpose.lifetime();
        let token = self.id_for(request, "token");
        let link = inner.tokens.issue_as(token, purpose, bound, expires_at, true).await?;
        let made = commands.load::<Member>(request.log, member.0).await?;
        if made.version == 0 {
            return Err(IdentityError::Command(CommandError::NotFound));
        }
        Ok(MadeMember { member, position: made.position, link })
    }
}

impl NewAccount {
    /// The username in the form in which it is kept; or everything that does not fit.
    fn fitting(&self, now: DateTime<Utc>) -> Result<String, IdentityError> {
        let register = UserCommand::RegisterByUsername {
            full_name: self.display_name.clone(),
            username: self.username.clone(),
        };
        let mut faults: Vec<_> = too_many_roles(&self.roles).into_iter().collect();
        match User::default().decide(register, now) {
            Err(UserError::Invalid(more)) => faults.extend(more),
            Err(error) => return Err(CommandError::rejected(&error).into()),
            Ok(_) => {}
        }
        if self.profile == ProfileKind::Client {
            let message = "A client's account is made from their contact.";
            faults.push(FieldError::new("profile", "not_for_clients", message));
        }
        if self.team.is_some() && self.profile != ProfileKind::Staff {
            faults.push(FieldError::new("team", "staff_only", "Only staff are in teams."));
        }
        refuse(faults)?;
        username(&self.username).map_err(|fault| CommandError::invalid(vec![fault]).into())
    }
}
