//! What becomes of members: other names, deactivation, leaving.

use super::{Access, organization};
use crate::error::{CommandError, Refusal};
use crate::execute::{BatchDone, Target};
use crate::folded::Folded;
use crate::request::CommandRequest;
use domain::access::{Permission, ProfileKind};
use domain::ids::{MemberId, OrganizationId, RoleId, SubjectId};
use domain::member::{Member, MemberCommand};
use domain::role::Builtin;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How often a command is decided again because somebody else was faster.
const MOST_RETRIES: u32 = 5;

/// What becomes of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They may not enter for the time being.
    Deactivated,
    /// They may enter again.
    Reactivated,
    /// They leave, or are made to. Their name stays with what they did.
    Removed,
}

impl Fate {
    const fn command(self) -> MemberCommand {
        match self {
            Self::Deactivated => MemberCommand::Deactivate,
            Self::Reactivated => MemberCommand::Reactivate,
            Self::Removed => MemberCommand::Remove,
        }
    }

    const fn permission(self) -> Permission {
        match self {
            Self::Deactivated | Self::Reactivated => Permission::MEMBERS_UPDATE,
            Self::Removed => Permission::MEMBERS_DELETE,
        }
    }
}

/// A change of what a member may do.
pub(super) enum Change {
    /// Whether they may enter.
    Fate(Fate),
    /// The roles that they have from now on.
    Roles(BTreeSet<RoleId>),
}

impl Change {
    fn command(&self, organization: OrganizationId) -> MemberCommand {
        match self {
            Self::Fate(fate) => fate.command(),
            Self::Roles(roles) => MemberCommand::SetRoles { organization, roles: roles.clone() },
        }
    }

    /// Whether the member may enter as an owner: before, and after.
    fn owner(&self, organization: OrganizationId, member: &Member) -> (bool, bool) {
        let (active, owner) = (member.is_active(), member.is_owner(organization));
        let after = match self {
            Self::Fate(fate) => owner && *fate == Fate::Reactivated,
            Self::Roles(roles) => active && roles.contains(&Builtin::Owner.id(organization)),
        };
        (active && owner, after)
    }
}

impl Access {
    /// Calls a member otherwise: oneself, or whoever has no wider rights than the caller. Clients are
    /// called as their contacts are.
    pub async fn rename_member(
        &self,
        request: &CommandRequest,
        member: MemberId,
        if_match: Option<u32>,
        name: &str,
    ) -> Result<BatchDone, CommandError> {
        let folded = self.known(request, member).await?;
        self.may_touch(request, member, &folded, Permission::MEMBERS_UPDATE).await?;
        if folded.state.profile == ProfileKind::Client {
            let detail = "A client is called as their contact is. Change the contact's name.";
            return Err(CommandError::Refused(Refusal::new("named_by_contact", detail)));
        }
        let rename = vec![MemberCommand::Rename(name.to_owned())];
        let target = target(&folded, member)?.if_match(if_match);
        self.commands.batch(request).add::<Member>(target, rename).commit().await
    }

    /// Deactivates, reactivates or removes whoever has no wider rights than the caller; anybody may
    /// leave. One owner who may enter always remains.
    pub async fn decide_on_member(
        &self,
        request: &CommandRequest,
        member: MemberId,
        if_match: Option<u32>,
        fate: Fate,
    ) -> Result<BatchDone, CommandError> {
        self.change_member(request, member, if_match, Change::Fate(fate)).await
    }

    /// Changes what a member may do. Their rights, and whether an owner goes or comes, are read off
    /// one version: it must be the one that is appended to, and everything is decided again where
    /// somebody was faster.
    pub(super) async fn change_member(
        &self,
        request: &CommandRequest,
        member: MemberId,
        if_match: Option<u32>,
        change: Change,
    ) -> Result<BatchDone, CommandError> {
        let id = organization(request.log);
        for _ in 0..=MOST_RETRIES {
            let folded = self.known(request, member).await?;
            match &change {
                Change::Fate(fate) => {
                    self.may_touch(request, member, &folded, fate.permission()).await?;
                }
                Change::Roles(roles) => {
                    let was = folded.state.roles(id);
                    let moved = roles.symmetric_difference(&was);
                    self.may_give(request, moved).await?;
                }
            }
            let expected = if_match.unwrap_or(folded.version);
            let target = target(&folded, member)?.if_match(Some(expected));
            let commands = vec![change.command(id)];
            let mut batch = self.commands.batch(request).add::<Member>(target, commands);
            let (was_owner, is_owner) = change.owner(id, &folded.state);
            if was_owner != is_owner {
                batch = self.commands.owner_change(batch, id, member, is_owner).await?;
            }
            match batch.commit().await {
                Err(CommandError::Stale { .. }) if if_match.is_none() => {}
                other => return other,
            }
        }
        Err(CommandError::Contended)
    }

    async fn known(
        &self,
        request: &CommandRequest,
        member: MemberId,
    ) -> Result<Arc<Folded<Member>>, CommandError> {
        let folded = self.commands.load::<Member>(request.log, member.0).await?;
        if folded.version == 0 { Err(CommandError::NotFound) } else { Ok(folded) }
    }

    /// Refuses whoever lacks the permission, or would touch somebody with wider rights. Oneself may
    /// always be touched.
    pub(crate) async fn may_touch(
        &self,
        request: &CommandRequest,
        member: MemberId,
        folded: &Folded<Member>,
        permission: Permission,
    ) -> Result<(), CommandError> {
        if request.caller.member() == Some(member) {
            return Ok(());
        }
        request.caller.demand(permission)?;
        let roles = folded.state.roles(organization(request.log));
        self.may_give(request, roles.iter()).await
    }
}

fn target(folded: &Folded<Member>, member: MemberId) -> Result<Target, CommandError> {
    let user = folded.state.user.ok_or(CommandError::NotFound)?;
    Ok(Target::existing(member.0).owned_by(SubjectId(user.0)))
}
