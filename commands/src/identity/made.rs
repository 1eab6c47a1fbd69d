//! Members made by who administers an organization, without mail: they get a username, and a link
//! to be handed over by which they choose their password.
//!
//! Nobody is registered with an address here, since nobody has shown that it is theirs; whoever has
//! one is invited, or adds it once they are in.

use super::seat::Place;
use super::{Identity, IdentityError, Issued};
use crate::error::CommandError;
use crate::execute::Target;
use crate::request::CommandRequest;
use domain::access::{Permission, ProfileKind};
use domain::aggregate::Aggregate as _;
use domain::error::FieldError;
use domain::ids::{MemberId, OrganizationId, RoleId, TeamId, UserId};
use domain::member::too_many_roles;
use domain::user::{User, UserCommand, UsernameCommand, UsernameReservation};
use std::collections::BTreeSet;
use store::vault::{Bound, Purpose};
use store::{LogId, Position};

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
    /// Makes a user without an address a member, with roles not wider than the caller's rights.
    /// The user is made first, under ids that follow from the command's, so that the same command
    /// goes on where a crash left it.
    pub async fn make_member(
        &self,
        request: &CommandRequest,
        input: NewAccount,
    ) -> Result<MadeMember, IdentityError> {
        let inner = &self.inner;
        let commands = &inner.commands;
        let demanded = request.caller.demand(Permission::MEMBERS_CREATE);
        demanded.map_err(CommandError::from)?;
        let register = UserCommand::RegisterByUsername {
            full_name: input.display_name.clone(),
            username: input.username.clone(),
        };
        let now = commands.clock().now();
        let mut faults: Vec<_> = too_many_roles(&input.roles).into_iter().collect();
        match User::default().decide(register.clone(), now) {
            Err(domain::user::UserError::Invalid(more)) => faults.extend(more),
            Err(error) => return Err(CommandError::rejected(&error).into()),
            Ok(_) => {}
        }
        if input.profile == ProfileKind::Client {
            let message = "A client's account is made from their contact.";
            faults.push(FieldError::new("profile", "not_for_clients", message));
        }
        if input.team.is_some() && input.profile != ProfileKind::Staff {
            faults.push(FieldError::new("team", "staff_only", "Only staff are in teams."));
        }
        super::sign_up::refuse(faults)?;
        if !self.was_done(request).await? {
            inner.access.may_give(request, input.roles.iter()).await?;
            if let Some(team) = input.team {
                inner.access.may_add_to(request, team).await?;
            }
        }
        let organization = OrganizationId(request.log.0);
        let user = UserId(self.id_for(request, "user"));
        self.reserve(request, user, &input.username, register).await?;
        let purpose = Purpose::SetPassword;
        let bound =
            Bound { user: Some(user), organization: Some(organization), ..Bound::default() };
        let (token, expires_at) = (self.id_for(request, "token"), now + purpose.lifetime());
        let link = inner.tokens.issue_as(token, purpose, bound, expires_at, true).await?;
        let seat = match self.seat(user, organization, input.profile).await {
            Ok(seat) => seat,
            // The same command, again.
            Err(error) => return self.made_before(request, user, link).await?.ok_or(error),
        };
        let place = Place {
            display_name: input.display_name,
            profile: input.profile,
            roles: input.roles,
            team: input.team,
        };
        let position =
            self.take_seat(&request.origin, commands.batch(request), (user, seat), place).await?;
        Ok(MadeMember { member: seat.membership.member, position, link })
    }

    /// The answer of the first time.
    async fn made_before(
        &self,
        request: &CommandRequest,
        user: UserId,
        link: Issued,
    ) -> Result<Option<MadeMember>, IdentityError> {
        let commands = &self.inner.commands;
        let Some(id) = request.command_id else { return Ok(None) };
        let Some(before) = commands.log().find_command(request.log, id).await? else {
            return Ok(None);
        };
        if before.fingerprint != request.fingerprint {
            return Err(IdentityError::Command(CommandError::KeyReused));
        }
        let known = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let mut memberships = known.state.memberships.iter();
        let membership = memberships.rfind(|m| m.organization.0 == request.log.0);
        let member = membership.map(|membership| membership.member);
        Ok(member.map(|member| MadeMember { member, position: before.last, link }))
    }

    /// Makes the user and takes their username, by whoever asks.
    async fn reserve(
        &self,
        request: &CommandRequest,
        user: UserId,
        username: &str,
        register: UserCommand,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let platform = request.for_user(user);
        let name = domain::user::username(username);
        let name = name.map_err(|fault| CommandError::invalid(vec![fault]))?;
        let stream = Target::existing(inner.keys.username(&name));
        inner
            .commands
            .batch(&platform)
            .add::<UsernameReservation>(stream, vec![UsernameCommand::Reserve(user)])
            .add::<User>(Target::existing(user.0), vec![register])
            .commit()
            .await?;
        Ok(())
    }
}
