//! A new password with the help of who administers an organization.
//!
//! A password opens everything that its user has: every profile, here and elsewhere. So whoever has
//! an address gets a link there, and nobody else sees it. What lets the helper in, too (a link to
//! hand over, a password that they choose) is for users of this organization alone, none of whose
//! profiles has wider rights than the helper's.

use super::{Identity, IdentityError, Issued, password};
use crate::error::{CommandError, Refusal};
use crate::execute::Target;
use crate::mail::{Language, Message, Outgoing};
use crate::request::CommandRequest;
use domain::access::Permission;
use domain::ids::{MemberId, OrganizationId, SubjectId, UserId};
use domain::member::{Member, MemberCommand};
use domain::user::{User, UserFact};
use store::LogId;
use store::vault::{Bound, Purpose};

/// What came of asking for a link for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Help {
    /// It is on its way to their address.
    Mailed,
    /// They have no address: it is to be handed over.
    Link(Issued),
}

/// What who may help a user with their password should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whether they are asked for a second factor.
    pub second_factor: bool,
    /// Whether a link can be mailed to them.
    pub has_address: bool,
}

impl Identity {
    /// What who may help a user should know.
    pub async fn account(&self, user: UserId) -> Result<Account, IdentityError> {
        let known = self.inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let second_factor = self.has_totp(user).await?;
        Ok(Account { second_factor, has_address: known.state.email.is_some() })
    }

    /// Has a link for a new password sent to a member; or made, if they have no address.
    pub async fn help_with_password(
        &self,
        request: &CommandRequest,
        member: MemberId,
    ) -> Result<Help, IdentityError> {
        let inner = &self.inner;
        let user = self.helped(request, member).await?;
        let known = inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let Some(email) = known.state.email.clone() else {
            self.has_nothing_more(request, user, &known.state).await?;
            let organization = Some(OrganizationId(request.log.0));
            let bound = Bound { user: Some(user), organization, ..Bound::default() };
            let link = inner.tokens.issue(Purpose::SetPassword, bound).await?;
            self.note_help(request, member, MemberCommand::NotePasswordLink { mailed: false })
                .await?;
            return Ok(Help::Link(link));
        };
        self.note_help(request, member, MemberCommand::NotePasswordLink { mailed: true }).await?;
        let bound = Bound { user: Some(user), ..Bound::default() };
        let token = inner.tokens.issue(Purpose::ResetPassword, bound).await?;
        // In log 0: who reads the organization's mails must not learn the user's address.
        let platform = request.for_user(user);
        let outgoing = Outgoing {
            to: email,
            subject: SubjectId(user.0),
            language: Language::default(),
            message: Message::ResetPassword { token },
        };
        let id = inner.commands.ids().next();
        inner.commands.batch(&platform).mail(id, outgoing).commit().await?;
        Ok(Help::Mailed)
    }

    /// Sets the password of a member who has nothing but this organization, ends their sessions and
    /// tells them by mail, if they have an address.
    pub async fn set_password_for(
        &self,
        request: &CommandRequest,
        member: MemberId,
        new: &str,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let user = self.helped(request, member).await?;
        let known = inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        self.has_nothing_more(request, user, &known.state).await?;
        let email = known.state.email.as_deref().unwrap_or_default();
        super::sign_up::refuse(password::fault(new, email).into_iter().collect())?;
        self.note_help(request, member, MemberCommand::NotePassword).await?;
        let by = request.for_user(user);
        self.set_password_by(&by, user, new, UserFact::PasswordSet).await?;
        self.log_out_everywhere(&request.origin, user).await?;
        Ok(())
    }

    /// The user behind a member whom the caller may help.
    async fn helped(
        &self,
        request: &CommandRequest,
        member: MemberId,
    ) -> Result<UserId, IdentityError> {
        let inner = &self.inner;
        if request.caller.member() == Some(member) {
            let detail = "Change your own password: that asks for the present one.";
            return Err(IdentityError::Refused(Refusal::new("own_password", detail)));
        }
        let folded = inner.commands.load::<Member>(request.log, member.0).await?;
        let user = folded.state.user.ok_or(CommandError::NotFound)?;
        inner.access.may_touch(request, member, &folded, Permission::MEMBERS_UPDATE).await?;
        Ok(user)
    }

    /// Refuses to let the caller into what is not theirs to give: other organizations of the user,
    /// the instance, or a profile here with wider rights than the caller's.
    pub(super) async fn has_nothing_more(
        &self,
        request: &CommandRequest,
        user: UserId,
        state: &User,
    ) -> Result<(), IdentityError> {
        let profiles = self.profiles(user).await?;
        let elsewhere = profiles.iter().any(|p| p.membership.organization.0 != request.log.0)
            || !state.founding.is_empty()
            || self.instance().await?.state.administrators.contains(&user);
        if elsewhere {
            let detail = "This account opens more than this organization. Only its owner can \
                          choose its password.";
            return Err(IdentityError::Refused(Refusal::new("belongs_elsewhere", detail)));
        }
        for profile in profiles {
            let member = profile.membership.member;
            if request.caller.member() == Some(member) {
                continue;
            }
            let folded = self.inner.commands.load::<Member>(request.log, member.0).await?;
            let access = &self.inner.access;
            access.may_touch(request, member, &folded, Permission::MEMBERS_UPDATE).await?;
        }
        Ok(())
    }

    async fn note_help(
        &self,
        request: &CommandRequest,
        member: MemberId,
        command: MemberCommand,
    ) -> Result<(), IdentityError> {
        let note = self.inner.commands.batch(request);
        note.add::<Member>(Target::existing(member.0), vec![command]).commit().await?;
        Ok(())
    }
}
