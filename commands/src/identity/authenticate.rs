//! From a session to its caller, for every request.

use super::rights::authorization_version;
use super::{Entrance, Identity, IdentityError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::access::{Actor, Rights};
use domain::ids::{MemberId, OrganizationId, RoleId, UserId};
use domain::member::Member;
use domain::organization::Organization;
use domain::role::{self, Roles};
use domain::user::{Membership, User};
use quick_cache::sync::Cache;
use std::sync::Arc;
use store::LogId;
use uuid::Uuid;

/// For how long a session's caller is remembered: so late at most does a log-out in another
/// process, or a change of rights, take effect.
pub(super) const REMEMBERED: TimeDelta = TimeDelta::seconds(2);

/// How many sessions' callers are remembered.
const SESSIONS: usize = 10_000;

/// The caller that a session stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// The session.
    pub session: Uuid,
    /// The caller, with rights as they are now.
    pub actor: Actor,
    /// Differs whenever the member's rights do.
    pub authorization_version: u32,
    /// Whether they may enter just now, and what there is.
    pub entrance: Entrance,
}

/// What a caller may know of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The user.
    pub user: UserId,
    /// Log-in address.
    pub email: Option<String>,
    /// Full name.
    pub full_name: Option<String>,
    /// The organization of the session.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: Option<String>,
    /// Whether its times are made up.
    pub simulated: bool,
    /// The profile in it.
    pub member: MemberId,
    /// What they are called in it.
    pub display_name: Option<String>,
    /// Their roles there: id and name, in order of name.
    pub roles: Vec<(RoleId, String)>,
    /// What they may do there, by whatever they came.
    pub rights: Arc<Rights>,
}

/// Callers of late.
pub(super) struct Callers(Cache<Uuid, (DateTime<Utc>, Authenticated)>);

impl Callers {
    pub(super) fn new() -> Self {
        Self(Cache::new(SESSIONS))
    }

    pub(super) fn forget(&self, session: Uuid) {
        self.0.remove(&session);
    }

    fn recall(&self, session: Uuid, now: DateTime<Utc>) -> Option<Authenticated> {
        let (learnt, caller) = self.0.get(&session)?;
        (now.signed_duration_since(learnt).abs() < REMEMBERED).then_some(caller)
    }
}

/// A caller, and the version of their rights.
pub(super) struct Known {
    pub(super) actor: Actor,
    pub(super) authorization_version: u32,
}

impl Identity {
    /// The caller behind a session, if it is open, with rights at most 2 s old.
    pub async fn authenticate(&self, session: Uuid) -> Result<Authenticated, IdentityError> {
        let now = self.inner.commands.clock().now();
        if let Some(caller) = self.inner.callers.recall(session, now) {
            return Ok(caller);
        }
        let owner = self.inner.vault.find_session(session, now).await?;
        let owner = owner.ok_or(IdentityError::NoSession)?;
        let membership = Membership { organization: owner.organization, member: owner.member };
        let Known { actor, authorization_version } = self.caller_of(owner.user, membership).await?;
        let entrance = self.entrance(&actor).await?;
        let caller = Authenticated { session, actor, authorization_version, entrance };
        self.inner.callers.0.insert(session, (now, caller.clone()));
        Ok(caller)
    }

    /// The present rights of a user in an organization.
    pub(super) async fn caller_of(
        &self,
        user: UserId,
        membership: Membership,
    ) -> Result<Known, IdentityError> {
        let Membership { organization, member } = membership;
        match self.inner.commands.actor(organization, member).await? {
            Some(actor) if actor.user == user => {
                let authorization_version = authorization_version(&actor.rights);
                Ok(Known { actor, authorization_version })
            }
            Some(_) | None => Err(IdentityError::NoSession),
        }
    }

    /// What the caller may know of themselves.
    pub async fn me(&self, actor: &Actor) -> Result<Me, IdentityError> {
        let commands = &self.inner.commands;
        let log = LogId::from(actor.organization);
        let user = commands.load::<User>(LogId::PLATFORM, actor.user.0).await?;
        let member = commands.load::<Member>(log, actor.member.0).await?;
        let roles = commands.load::<Roles>(log, role::stream_id(actor.organization)).await?;
        let named = member.state.roles(actor.organization).into_iter().filter_map(|id| {
            let role = roles.state.get(actor.organization, id).filter(|role| !role.deleted)?;
            Some((id, role.title.name))
        });
        let mut named: Vec<_> = named.collect();
        named.sort_by(|(_, one), (_, other)| one.cmp(other));
        let organization = commands.load::<Organization>(log, actor.organization.0).await?;
        let simulated = commands.log().head(log).await?.simulated;
        Ok(Me {
            user: actor.user,
            email: user.state.email.clone(),
            full_name: user.state.full_name.clone(),
            organization: actor.organization,
            organization_name: organization.state.name.clone(),
            simulated,
            member: actor.member,
            display_name: member.state.display_name.clone(),
            roles: named,
            rights: Arc::clone(&actor.rights),
        })
    }
}
