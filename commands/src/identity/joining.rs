//! Becoming a member: an intent process.
//!
//! The intent (`user.member_joining_started`) stands in log 0, in the same append as the registration
//! of the user, if they are new. The membership follows in the organization's log. Whoever finds that
//! unfinished finishes it, as they finish foundings (`founding.rs`).

use super::founding::ERASED;
use super::seat::{self, Place, Seat};
use super::{Identity, IdentityError};
use crate::error::{CommandError, Denied};
use crate::execute::Target;
use crate::request::{Caller, CommandRequest, Origin};
use domain::access::{Actor, Rights};
use domain::ids::{ActionId, UserId};
use domain::invitation::{Invitation, InvitationCommand};
use domain::member::Member;
use domain::user::{MemberJoining, Membership, User, UserCommand};
use std::sync::Arc;
use store::LogId;
use uuid::Uuid;

/// How often something is decided again because somebody else was faster.
const MOST_RETRIES: u32 = 5;

/// What kind of action it is to come by an invitation.
pub(super) const ACCEPT: &str = "accept_invitation";

/// What kind of action it is to make somebody a member.
pub(super) const MAKE: &str = "make_member";

impl Identity {
    /// The request of a user in log 0 that belongs to the action of a joining.
    pub(super) fn joining_request(
        &self,
        origin: &Origin,
        user: UserId,
        action: ActionId,
        kind: &'static str,
    ) -> CommandRequest {
        let (log, caller) = (LogId::PLATFORM, Caller::User(user));
        let request = self.inner.commands.request(log, caller, origin.clone(), kind);
        CommandRequest { action, ..request }
    }

    /// Records what became of what a user set out for, once.
    pub(super) async fn end_joining(
        &self,
        request: CommandRequest,
        user: UserId,
        end: UserCommand,
    ) -> Result<(), IdentityError> {
        let command_id = Some(Uuid::new_v5(&request.action.0, b"end"));
        let request = CommandRequest { command_id, ..request };
        let registered = |state: &User| {
            if state.registered { Ok(()) } else { Err(Denied::Hidden) }
        };
        let target = Target::existing(user.0);
        let commands = &self.inner.commands;
        commands.execute::<User>(&request, target, registered, |_| Ok(end.clone())).await?;
        Ok(())
    }

    /// Makes the user a member wherever they set out to be one.
    pub(super) async fn finish_member_joinings(
        &self,
        origin: &Origin,
        user: UserId,
        known: &User,
    ) -> Result<(), IdentityError> {
        for joining in &known.member_joining {
            let kind = if joining.invitation.is_some() { ACCEPT } else { MAKE };
            let full_name = known.full_name.as_deref().unwrap_or(ERASED);
            let end = if self.become_member(origin, (user, full_name), joining, kind).await? {
                UserCommand::Join(joining.membership)
            } else {
                UserCommand::DropMemberJoining(joining.action)
            };
            let request = self.joining_request(origin, user, joining.action, kind);
            self.end_joining(request, user, end).await?;
        }
        Ok(())
    }

    /// Makes the membership. `false` if the organization says no, such as by an invitation that is
    /// not open any more.
    async fn become_member(
        &self,
        origin: &Origin,
        (user, full_name): (UserId, &str),
        joining: &MemberJoining,
        kind: &'static str,
    ) -> Result<bool, IdentityError> {
        let commands = &self.inner.commands;
        let Membership { organization, member } = joining.membership;
        let log = LogId::from(organization);
        let by = match joining.by {
            Some(by) => {
                let by_user = commands.load::<Member>(log, by.0).await?.state.user;
                (by_user.ok_or(CommandError::NotFound)?, by)
            }
            None => (user, member),
        };
        let rights = Arc::new(Rights::default());
        let actor = Actor { user: by.0, member: by.1, organization, rights, key: None };
        let mut request = commands.request(log, Caller::Member(actor), origin.clone(), kind);
        request.action = joining.action;
        request.reason.clone_from(&joining.reason);
        request.command_id = Some(Uuid::new_v5(&joining.action.0, b"member"));
        for _ in 0..=MOST_RETRIES {
            let present = commands.load::<Member>(log, member.0).await?;
            if present.state.belongs() {
                return Ok(true);
            }
            let mut place = Place {
                display_name: full_name.to_owned(),
                profile: joining.profile,
                roles: joining.roles.clone(),
                team: joining.team,
            };
            let mut batch = commands.batch(&request);
            if let Some((id, token)) = joining.invitation {
                let invitation = commands.load::<Invitation>(log, id.0).await?;
                if let Some(name) = &invitation.state.display_name {
                    place.display_name.clone_from(name);
                }
                let accept = vec![InvitationCommand::Accept { token, user, member }];
                batch = batch.add::<Invitation>(Target::existing(id.0), accept);
            }
            let seat = Seat { membership: joining.membership, version: present.version };
            let batch = seat::taken(commands, batch, (user, seat), place).await?;
            match batch.commit().await {
                Ok(_) => return Ok(true),
                Err(CommandError::Stale { .. }) => {}
                Err(CommandError::Refused(_) | CommandError::NotFound) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Err(IdentityError::Command(CommandError::Contended))
    }
}
