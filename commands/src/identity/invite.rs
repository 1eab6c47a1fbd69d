//! Inviting people into an organization: the inviter's side.
//!
//! Whether an address has an account elsewhere can be told from nothing that an inviter sees: the
//! same is looked up, and the same is answered. Only that it belongs to this organization is said,
//! which who may invite may know.

use super::{Identity, IdentityError, seat};
use crate::error::CommandError;
use crate::execute::Target;
use crate::folded::Folded;
use crate::mail::{Language, Message, Outgoing};
use crate::request::CommandRequest;
use chrono::{DateTime, Utc};
use domain::access::{Permission, ProfileKind};
use domain::aggregate::Aggregate as _;
use domain::ids::{InvitationId, OrganizationId, RoleId, SubjectId, UserId};
use domain::invitation::{Invitation, InvitationCommand, Offer};
use domain::member::Member;
use domain::normalize;
use domain::organization::Organization;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Position;
use store::vault::{Bound, Purpose};
use uuid::Uuid;

/// An invitation as a command left it.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Its id.
    pub id: InvitationId,
    /// How it is.
    pub folded: Arc<Folded<Invitation>>,
    /// A read model at this position shows it.
    pub position: Position,
}

impl Identity {
    /// Sends somebody a link by which they become a member, with roles not wider than the caller's
    /// rights.
    pub async fn invite(
        &self,
        request: &CommandRequest,
        offer: Offer,
    ) -> Result<Invited, IdentityError> {
        let inner = &self.inner;
        demand(request, Permission::INVITATIONS_CREATE)?;
        let organization = OrganizationId(request.log.0);
        let id = InvitationId(self.id_for(request, "invitation"));
        let token = self.id_for(request, "token");
        let now = inner.commands.clock().now();
        let expires_at = now + Purpose::Invitation.lifetime();
        let create = InvitationCommand::Create { offer: offer.clone(), token, expires_at };
        let fits = Invitation::default().decide(create.clone(), now);
        fits.map_err(|error| CommandError::rejected(&error))?;
        let email = normalize::email(&offer.email).unwrap_or_default();
        // Who asks again, under the same key, gets the same answer.
        if !self.was_done(request).await? {
            self.may_offer(request, &offer).await?;
            if self.belongs(&email, organization, offer.profile).await? {
                return Err(seat::already_member());
            }
        }
        let mail = self.letter(request, (id, token, expires_at), &email, &offer.roles).await?;
        let commands = &inner.commands;
        let done = commands
            .batch(request)
            .add::<Invitation>(Target::existing(id.0), vec![create])
            .mail(self.id_for(request, "mail"), mail)
            .commit()
            .await?;
        self.invited(request, id, done.position).await
    }

    /// Sends another link in the place of the one before, which is good no longer.
    pub async fn resend_invitation(
        &self,
        request: &CommandRequest,
        id: InvitationId,
        if_match: Option<u32>,
    ) -> Result<Invited, IdentityError> {
        let inner = &self.inner;
        demand(request, Permission::INVITATIONS_CREATE)?;
        let folded = self.invitation(request, id).await?;
        let token = self.id_for(request, "token");
        let now = inner.commands.clock().now();
        let expires_at = now + Purpose::Invitation.lifetime();
        let resend = InvitationCommand::Resend { token, expires_at };
        if !self.was_done(request).await? {
            inner.access.may_give(request, folded.state.roles.iter()).await?;
            let open = folded.state.decide(resend.clone(), now);
            open.map_err(|error| CommandError::rejected(&error))?;
        }
        let email = folded.state.email.clone().ok_or(CommandError::NotFound)?;
        let roles = &folded.state.roles;
        let mail = self.letter(request, (id, token, expires_at), &email, roles).await?;
        let done = inner
            .commands
            .batch(request)
            .add::<Invitation>(Target::existing(id.0).if_match(if_match), vec![resend])
            .mail(self.id_for(request, "mail"), mail)
            .commit()
            .await?;
        self.invited(request, id, done.position).await
    }

    /// Takes an invitation back: its link is good no longer.
    pub async fn withdraw_invitation(
        &self,
        request: &CommandRequest,
        id: InvitationId,
        if_match: Option<u32>,
    ) -> Result<Invited, IdentityError> {
        let inner = &self.inner;
        demand(request, Permission::INVITATIONS_DELETE)?;
        let folded = self.invitation(request, id).await?;
        inner.access.may_give(request, folded.state.roles.iter()).await?;
        let done = inner
            .commands
            .batch(request)
            .add::<Invitation>(
                Target::existing(id.0).if_match(if_match),
                vec![InvitationCommand::Withdraw],
            )
            .commit()
            .await?;
        let subject = Some(SubjectId(id.0));
        inner.tokens.revoke(Purpose::Invitation, None, subject).await?;
        self.invited(request, id, done.position).await
    }

    /// Refuses to offer what the caller may not give.
    async fn may_offer(&self, request: &CommandRequest, offer: &Offer) -> Result<(), CommandError> {
        self.inner.access.may_give(request, offer.roles.iter()).await?;
        match offer.team {
            Some(team) => self.inner.access.may_add_to(request, team).await,
            None => Ok(()),
        }
    }

    /// Whether whoever has the address has such a profile of the organization.
    async fn belongs(
        &self,
        email: &str,
        organization: OrganizationId,
        profile: ProfileKind,
    ) -> Result<bool, IdentityError> {
        // The id of nobody takes the place of an unknown user, so that the same reads are done.
        let user = self.user_of(email).await?.unwrap_or(UserId(Uuid::nil()));
        match self.seat(user, organization, profile).await {
            Ok(_) => Ok(false),
            Err(IdentityError::Refused(refusal)) if refusal.code == "already_member" => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Issues a token, in the place of those before, and writes the mail that carries it.
    async fn letter(
        &self,
        request: &CommandRequest,
        (id, token, expires_at): (InvitationId, Uuid, DateTime<Utc>),
        email: &str,
        roles: &BTreeSet<RoleId>,
    ) -> Result<Outgoing, IdentityError> {
        let inner = &self.inner;
        let organization = OrganizationId(request.log.0);
        let subject = SubjectId(id.0);
        let bound = Bound { user: None, organization: Some(organization), subject: Some(subject) };
        let purpose = Purpose::Invitation;
        let token = inner.tokens.issue_as(token, purpose, bound, expires_at, true).await?;
        let role = self.role_names(organization, roles).await?;
        let role: Vec<&str> = role.iter().map(String::as_str).collect();
        let role =
            if role.is_empty() { "member".into() } else { crate::describe::enumerate(&role) };
        let message = Message::Invitation {
            token,
            organization: self.name_of_organization(organization).await?,
            inviter: self.name_of_caller(request).await?,
            role,
        };
        Ok(Outgoing { to: email.to_owned(), subject, language: Language::default(), message })
    }

    /// The names of roles that are not deleted, in order.
    pub(super) async fn role_names(
        &self,
        organization: OrganizationId,
        roles: &BTreeSet<RoleId>,
    ) -> Result<Vec<String>, IdentityError> {
        let known = self.inner.access.roles(organization).await?;
        let held = roles.iter().filter_map(|id| known.state.get(organization, *id));
        let mut names: Vec<_> =
            held.filter(|role| !role.deleted).map(|role| role.title.name).collect();
        names.sort();
        Ok(names)
    }

    /// What an organization is called.
    pub(super) async fn name_of_organization(
        &self,
        id: OrganizationId,
    ) -> Result<String, IdentityError> {
        let folded = self.inner.commands.load::<Organization>(id.into(), id.0).await?;
        Ok(folded.state.name.clone().unwrap_or_default())
    }

    /// What the caller is called in the organization; Hindsight itself, by its name.
    async fn name_of_caller(&self, request: &CommandRequest) -> Result<String, IdentityError> {
        let Some(member) = request.caller.member() else { return Ok("Hindsight".to_owned()) };
        let folded = self.inner.commands.load::<Member>(request.log, member.0).await?;
        Ok(folded.state.display_name.clone().unwrap_or_default())
    }

    /// An invitation of the caller's organization.
    async fn invitation(
        &self,
        request: &CommandRequest,
        id: InvitationId,
    ) -> Result<Arc<Folded<Invitation>>, CommandError> {
        let folded = self.inner.commands.load::<Invitation>(request.log, id.0).await?;
        if folded.version == 0 { Err(CommandError::NotFound) } else { Ok(folded) }
    }

    async fn invited(
        &self,
        request: &CommandRequest,
        id: InvitationId,
        position: Position,
    ) -> Result<Invited, IdentityError> {
        let folded = self.invitation(request, id).await?;
        Ok(Invited { id, folded, position })
    }
}

fn demand(request: &CommandRequest, permission: Permission) -> Result<(), CommandError> {
    Ok(request.caller.demand(permission)?)
}
