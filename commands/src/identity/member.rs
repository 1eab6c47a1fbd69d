//! Members made by the command line, by fixtures and by demo data.

use super::address_book::{Login, NewUser, Secret};
use super::seat::{self, Place, Seat};
use super::sign_up::{credentials, line, refuse};
use super::{Identity, IdentityError};
use crate::error::CommandError;
use crate::execute::Commands;
use crate::request::{Caller, Origin};
use domain::access::{Actor, ProfileKind};
use domain::ids::{OrganizationId, RoleId, UserId};
use domain::member::Member;
use domain::organization::Organization;
use domain::user::{Membership, User, UserCommand};
use std::collections::BTreeSet;
use store::LogId;

/// A person to make a member.
#[derive(Clone)]
pub struct NewMember {
    /// Their address for logging in.
    pub email: String,
    /// Their name.
    pub full_name: String,
    /// Their password; ignored if the address has an account.
    pub password: String,
    /// Their roles.
    pub roles: BTreeSet<RoleId>,
}

impl Identity {
    /// Makes the person a member of an organization, and a user if their address has no account.
    /// Done again, or after a crash, it goes on where it stopped. Events of the organization take
    /// their times from `commands`, whose clock may be that of a simulated log.
    pub async fn add_member(
        &self,
        commands: &Commands,
        origin: &Origin,
        organization: OrganizationId,
        input: NewMember,
    ) -> Result<Actor, IdentityError> {
        let founded = commands.load::<Organization>(organization.into(), organization.0).await?;
        if founded.version == 0 {
            return Err(IdentityError::Command(CommandError::NotFound));
        }
        let mut faults = Vec::new();
        let name = line("full_name", &input.full_name, &mut faults);
        let email = credentials(&input.email, &input.password, &mut faults);
        refuse(faults)?;
        let user = if let Some(user) = self.user_of(&email).await? {
            user
        } else {
            let user = UserId(commands.ids().next());
            let new = NewUser {
                id: user,
                full_name: name.clone(),
                login: Login::Email(email),
                secret: Secret::Chosen(&input.password),
            };
            let caller = Caller::User(user);
            let request = commands.request(LogId::PLATFORM, caller, origin.clone(), "sign_up");
            self.register(&request, new, None).await?;
            user
        };
        let known = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let known = known.state.memberships.iter().find(|m| m.organization == organization);
        // Derived, so that doing it again after a crash does not make a second profile.
        let member = seat::derived(organization, user, ProfileKind::Staff);
        let membership = known.copied().unwrap_or(Membership { organization, member });
        if known.is_none() {
            let request =
                commands.request(organization.into(), Caller::System, origin.clone(), "add_member");
            let version = commands.load::<Member>(organization.into(), member.0).await?.version;
            let place = Place {
                display_name: name,
                profile: ProfileKind::Staff,
                roles: input.roles,
                team: None,
            };
            let (batch, seat) = (commands.batch(&request), Seat { membership, version });
            seat::taken(commands, batch, (user, seat), place).await?.commit().await?;
            let occasion = (member.0, "join");
            self.on_user(origin, user, occasion, UserCommand::Join(membership)).await?;
        }
        Ok(self.caller_of(user, membership).await?.actor)
    }
}
