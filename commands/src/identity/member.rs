//! Members made by the command line, by fixtures and by demo data.

use super::sign_up::{credentials, line, refuse};
use super::{Identity, IdentityError};
use crate::error::CommandError;
use crate::execute::{Commands, Target};
use crate::request::{Caller, Origin};
use domain::access::{Actor, ProfileKind};
use domain::ids::{MemberId, OrganizationId, RoleId, SubjectId, UserId};
use domain::member::{Member, MemberCommand};
use domain::organization::Organization;
use domain::role::Builtin;
use domain::user::{Membership, User, UserCommand};
use std::collections::BTreeSet;
use store::LogId;
use uuid::Uuid;

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
            let register = UserCommand::Register { email: email.clone(), full_name: name.clone() };
            self.register(origin, user, (&email, &input.password), vec![register]).await?;
            user
        };
        let known = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let known = known.state.memberships.iter().find(|m| m.organization == organization);
        // Derived, so that doing it again after a crash does not make a second profile.
        let member = MemberId(Uuid::new_v5(&organization.0, user.0.as_bytes()));
        let membership = known.copied().unwrap_or(Membership { organization, member });
        if known.is_none() {
            let request =
                commands.request(organization.into(), Caller::System, origin.clone(), "add_member");
            let target = Target::existing(member.0).owned_by(SubjectId(user.0));
            let owner = input.roles.contains(&Builtin::Owner.id(organization));
            let add = MemberCommand::Join {
                user,
                display_name: name,
                roles: input.roles,
                profile: ProfileKind::Staff,
                contact: None,
            };
            let mut batch = commands.batch(&request).add::<Member>(target, vec![add]);
            if owner {
                batch = commands.owner_change(batch, organization, member, true).await?;
            }
            batch.commit().await?;
            self.told(origin, user, membership).await?;
        }
        Ok(self.caller_of(user, membership).await?.actor)
    }
}
