//! Founding an organization: an intent process.
//!
//! The intent is `user.founding_started` in log 0, with every id in it. What follows is in another
//! log and can be interrupted anywhere; each step may be repeated, so anyone can finish it: the
//! request itself, the user's next log-in, or [`Identity::finish_foundings`], which follows log 0.
//! Becoming a client is a process of the same kind (`clients/join.rs`), and so is becoming a member
//! (`joining.rs`).

use super::{Identity, IdentityError};
use crate::clock::Clock;
use crate::execute::Target;
use crate::follow::{Follow, catch_up, keep_up};
use crate::request::{Caller, Origin};
use domain::access::{Actor, ProfileKind, Rights};
use domain::catalogue::ListName;
use domain::ids::{OrganizationId, SubjectId, UserId};
use domain::member::{Member, MemberCommand};
use domain::organization::{Organization, OrganizationCommand};
use domain::picklist::{self, Picklist, PicklistCommand};
use domain::role::{self, Builtin, RoleCommand, Roles};
use domain::user::{Membership, User, UserCommand};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::jobs::{Followers, Found, Logs};
use store::{LogError, LogId};
use uuid::Uuid;

/// How an organization or a person is called whose name was erased.
pub(super) const ERASED: &str = "Erased";

impl Identity {
    /// Carries out whatever foundings the user has set out for, and whatever they set out for as a
    /// client or member.
    pub(super) async fn finish_founding(
        &self,
        origin: &Origin,
        user: UserId,
        simulated: Option<Arc<dyn Clock>>,
    ) -> Result<(), IdentityError> {
        let folded = self.inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        for (membership, name) in &folded.state.founding {
            if simulated.is_none() && self.is_simulated(membership.organization).await? {
                // Its times come from whoever simulates it; ours would push its clock to today.
                continue;
            }
            let names = (name.as_deref(), folded.state.full_name.as_deref());
            self.found(origin, user, *membership, names, simulated.clone()).await?;
            let occasion = (membership.organization.0, "join");
            self.on_user(origin, user, occasion, UserCommand::Join(*membership)).await?;
        }
        self.finish_client_joinings(origin, user, &folded.state.joining).await?;
        self.finish_member_joinings(origin, user, &folded.state).await
    }

    pub(super) async fn is_simulated(
        &self,
        organization: OrganizationId,
    ) -> Result<bool, IdentityError> {
        match self.inner.commands.log().head(organization.into()).await {
            Ok(head) => Ok(head.simulated),
            Err(LogError::NoSuchLog) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the organization's log and its first streams.
    async fn found(
        &self,
        origin: &Origin,
        user: UserId,
        membership: Membership,
        (name, founder): (Option<&str>, Option<&str>),
        simulated: Option<Arc<dyn Clock>>,
    ) -> Result<(), IdentityError> {
        let Membership { organization, member } = membership;
        let commands = match simulated {
            Some(clock) => self.inner.commands.with_clock(clock),
            None => self.inner.commands.clone(),
        };
        commands.log().create_log(organization.into(), false).await?;
        let rights = Arc::new(Rights::owner([member]));
        let actor = Actor { user, member, organization, rights, key: None };
        let caller = Caller::Member(actor);
        let mut request = commands.request(organization.into(), caller, origin.clone(), "found");
        request.command_id = Some(Uuid::new_v5(&organization.0, b"found"));
        let mut batch = commands
            .batch(&request)
            .add::<Organization>(
                Target::existing(organization.0),
                vec![
                    OrganizationCommand::Found {
                        id: organization,
                        name: name.unwrap_or(ERASED).to_owned(),
                        founder: user,
                    },
                    OrganizationCommand::ChangeOwners {
                        before: None,
                        added: BTreeSet::from([member]),
                        removed: BTreeSet::new(),
                    },
                ],
            )
            .add::<Roles>(
                Target::existing(role::stream_id(organization)),
                vec![RoleCommand::AddBuiltins(organization)],
            )
            .add::<Member>(
                Target::existing(member.0).owned_by(SubjectId(user.0)),
                vec![MemberCommand::Join {
                    user,
                    display_name: founder.unwrap_or(ERASED).to_owned(),
                    roles: BTreeSet::from([Builtin::Owner.id(organization)]),
                    profile: ProfileKind::Staff,
                    contact: None,
                }],
            );
        for list in ListName::ALL {
            let target = Target::existing(picklist::stream_id(organization, list));
            batch = batch.add::<Picklist>(target, vec![PicklistCommand::AddBuiltins(list)]);
        }
        batch.commit().await?;
        Ok(())
    }

    /// Finishes every founding that was begun up to now. Safe beside the requests that do the
    /// same, and in any number of processes.
    pub async fn finish_foundings(&self) -> Result<(), IdentityError> {
        catch_up(self).await
    }

    /// Finishes foundings for as long as it is polled. May be dropped at any point.
    pub async fn follow_foundings(&self) {
        keep_up(self, self.inner.commands.log().appended()).await;
    }
}

impl Follow for Identity {
    const NAME: &'static str = "founding";
    const LOGS: Logs = Logs::Platform;
    /// What sets out for a founding, or to be a client or member.
    const TYPES: &'static [&'static str] =
        &["user.founding_started", "user.client_joining_started", "user.member_joining_started"];
    type Error = IdentityError;

    fn followers(&self) -> &Followers {
        &self.inner.followers
    }

    async fn act_upon(&self, _: LogId, found: Vec<Found>) -> Result<(), IdentityError> {
        for intent in found {
            self.finish_founding(&Origin::WORKER, UserId(intent.stream.0), None).await?;
        }
        Ok(())
    }
}
