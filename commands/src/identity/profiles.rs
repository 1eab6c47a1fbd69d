//! The profiles of one user: in several organizations, or several in one.

use super::{Barred, Grant, Identity, IdentityError};
use crate::error::{CommandError, Denied};
use crate::execute::Target;
use crate::request::{Caller, IdempotencyKey, Origin};
use domain::access::ProfileKind;
use domain::ids::{MemberId, OrganizationId, UserId};
use domain::member::Member;
use domain::organization::Organization;
use domain::user::{Membership, User, UserCommand};
use store::LogId;
use uuid::Uuid;

/// A profile of a user, for them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "independent properties")]
pub struct Profile {
    /// Where it is.
    pub membership: Membership,
    /// The organization's name.
    pub organization_name: Option<String>,
    /// What they are called there.
    pub display_name: Option<String>,
    /// As what they belong to it.
    pub kind: ProfileKind,
    /// Whether they are one of its owners.
    pub owner: bool,
    /// Whether they may enter for the time being.
    pub active: bool,
    /// Whether only owners may enter.
    pub maintenance: bool,
    /// Whether it was closed.
    pub closed: bool,
}

/// Which profile to go over to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This one.
    Member(MemberId),
    /// The one in this organization; of several, the first that they may enter.
    Organization(OrganizationId),
}

impl Identity {
    /// The profiles of a user, in the order in which they came to have them; those that they were
    /// removed from are none.
    pub async fn profiles(&self, user: UserId) -> Result<Vec<Profile>, IdentityError> {
        let commands = &self.inner.commands;
        let known = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let mut profiles = Vec::new();
        for membership in &known.state.memberships {
            let Membership { organization: id, member } = *membership;
            let folded = commands.load::<Member>(id.into(), member.0).await?;
            let organization = commands.load::<Organization>(id.into(), id.0).await?;
            let (state, organization) = (&folded.state, &organization.state);
            if !state.belongs() {
                continue;
            }
            profiles.push(Profile {
                membership: *membership,
                organization_name: organization.name.clone(),
                display_name: state.display_name.clone(),
                kind: state.profile,
                owner: state.is_owner(id),
                active: state.is_active(),
                maintenance: organization.maintenance,
                closed: organization.closed,
            });
        }
        Ok(profiles)
    }

    /// Where a log-in lands: the profile used last, or the first other that may be entered.
    pub(super) async fn landing(&self, user: UserId) -> Result<Membership, IdentityError> {
        let known = self.inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let last = known.state.landing();
        let profiles = self.profiles(user).await?;
        let open = |profile: &&Profile| profile.active && !profile.closed;
        let same = profiles.iter().filter(open).find(|p| Some(p.membership) == last);
        if let Some(profile) = same.or_else(|| profiles.iter().find(open)) {
            return Ok(profile.membership);
        }
        let closed = profiles.iter().any(|profile| profile.active && profile.closed);
        let barred = if closed { Barred::OrganizationClosed } else { Barred::NoMembership };
        Err(IdentityError::Barred(barred))
    }

    /// Remembers that a session of the user begins in this profile.
    pub(super) async fn enter(
        &self,
        origin: &Origin,
        user: UserId,
        session: Uuid,
        membership: Membership,
    ) -> Result<(), IdentityError> {
        let known = self.inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        if known.state.landing() == Some(membership) {
            return Ok(());
        }
        let occasion = (session, "enter_profile");
        self.on_user(origin, user, occasion, UserCommand::Enter(membership)).await
    }

    /// Ends a session and opens one in another profile of the same user.
    pub async fn switch(
        &self,
        origin: &Origin,
        user: UserId,
        session: Uuid,
        choice: Choice,
    ) -> Result<Grant, IdentityError> {
        let profiles = self.profiles(user).await?;
        let chosen =
            profiles.iter().filter(|profile| profile.active).find(|profile| match choice {
                Choice::Member(member) => profile.membership.member == member,
                Choice::Organization(id) => profile.membership.organization == id,
            });
        let chosen = chosen.ok_or(IdentityError::Command(CommandError::NotFound))?;
        if chosen.closed {
            return Err(IdentityError::Barred(Barred::OrganizationClosed));
        }
        let grant = self.open_session(origin, user, chosen.membership).await?;
        self.log_out(origin, user, session).await?;
        Ok(grant)
    }

    /// Founds a further organization of a user, whose owner they are.
    pub async fn found_further(
        &self,
        origin: &Origin,
        user: UserId,
        name: &str,
        key: Option<&IdempotencyKey<'_>>,
    ) -> Result<Membership, IdentityError> {
        let commands = &self.inner.commands;
        let kind = "found_organization";
        let mut request =
            commands.request(LogId::PLATFORM, Caller::User(user), origin.clone(), kind);
        if let Some(key) = key {
            request = commands.keyed(request, key);
        }
        // Derived from the key, so that the same command again names the same organization.
        let id = |what: &[u8]| match request.command_id {
            Some(command) => Uuid::new_v5(&command, what),
            None => commands.ids().next(),
        };
        let membership = Membership {
            organization: OrganizationId(id(b"organization")),
            member: MemberId(id(b"member")),
        };
        let start = UserCommand::StartFounding { membership, name: name.to_owned() };
        let registered = |state: &User| {
            if state.registered { Ok(()) } else { Err(Denied::Hidden) }
        };
        let target = Target::existing(user.0);
        commands.execute::<User>(&request, target, registered, |_| Ok(start.clone())).await?;
        self.finish_founding(origin, user, None).await?;
        Ok(membership)
    }
}
