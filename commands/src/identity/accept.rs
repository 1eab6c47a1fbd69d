//! Accepting an invitation: the side of who was invited.
//!
//! Whoever has the link has the mailbox, so they may know whether its address has an account. The
//! link is used up first, so that of any number at once one gets in; what is in the way of that is
//! found out before, and costs nothing.

use super::seat::{Place, Seat};
use super::sign_up::{credentials, line, refuse};
use super::{Barred, Entered, Identity, IdentityError};
use crate::error::{CommandError, Refusal};
use crate::execute::Target;
use crate::folded::Folded;
use crate::request::{Caller, Origin};
use chrono::{DateTime, Utc};
use domain::access::{Actor, ProfileKind, Rights};
use domain::ids::{InvitationId, OrganizationId, UserId};
use domain::instance::SignUpMode;
use domain::invitation::{Invitation, InvitationCommand, Status};
use domain::member::Member;
use domain::organization::Organization;
use domain::user::{Membership, User, UserCommand};
use std::sync::Arc;
use store::LogId;
use store::vault::{GoodToken, Purpose};

/// How often a seat is looked for again because somebody else was faster.
const MOST_RETRIES: u32 = 5;

/// What an invitation offers, for whoever has its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prospect {
    /// The organization's name.
    pub organization: String,
    /// Who invites, as they are called there.
    pub inviter: String,
    /// Where it was sent.
    pub email: String,
    /// What they shall be called, if the inviter said so.
    pub display_name: Option<String>,
    /// As what they shall belong to it.
    pub profile: ProfileKind,
    /// The names of their roles.
    pub roles: Vec<String>,
    /// Until when the link is good.
    pub expires_at: DateTime<Utc>,
    /// Whether the address has an account, to log in with.
    pub has_account: bool,
}

/// With what somebody accepts who is not logged in.
#[derive(Clone, Copy)]
pub struct Acceptance<'a> {
    /// Their name, if their address has no account yet.
    pub full_name: Option<&'a str>,
    /// The password of their account, or of the one to be made.
    pub password: &'a str,
}

/// An invitation that is open, with the token that led to it.
struct Open {
    id: InvitationId,
    organization: OrganizationId,
    token: GoodToken,
    folded: Arc<Folded<Invitation>>,
    email: String,
}

impl Identity {
    /// What the link leads to, without using it up.
    pub async fn look_up_invitation(&self, token: &str) -> Result<Prospect, IdentityError> {
        let open = self.open_invitation(token).await?;
        let state = &open.folded.state;
        // Who sent the newest link.
        let inviter = match open.folded.updated.member {
            Some(member) => {
                let log = LogId::from(open.organization);
                let folded = self.inner.commands.load::<Member>(log, member.0).await?;
                folded.state.display_name.clone().unwrap_or_default()
            }
            None => String::new(),
        };
        Ok(Prospect {
            organization: self.name_of_organization(open.organization).await?,
            inviter,
            display_name: state.display_name.clone(),
            profile: state.profile,
            roles: self.role_names(open.organization, &state.roles).await?,
            expires_at: state.expires_at,
            has_account: self.user_of(&open.email).await?.is_some(),
            email: open.email,
        })
    }

    /// Makes whoever has the link a member and logs them in: with the account of the address, or
    /// with a new one, whose address needs no further proof. `sign_up` is who may sign up.
    pub async fn accept_invitation(
        &self,
        origin: &Origin,
        token: &str,
        acceptance: Acceptance<'_>,
        sign_up: SignUpMode,
    ) -> Result<Entered, IdentityError> {
        let inner = &self.inner;
        let open = self.open_invitation(token).await?;
        let user = if let Some(user) = self.user_of(&open.email).await? {
            if let Err(error) = self.check_password(user, acceptance.password).await {
                self.count_failure(origin, &open.email).await?;
                return Err(error);
            }
            self.seat(user, open.organization, open.folded.state.profile).await?;
            self.use_up(token).await?;
            user
        } else {
            if sign_up == SignUpMode::Closed {
                return Err(IdentityError::NotOpen(sign_up));
            }
            let mut faults = Vec::new();
            let name = acceptance.full_name.unwrap_or_default();
            let full_name = line("full_name", name, &mut faults);
            let email = credentials(&open.email, acceptance.password, &mut faults);
            refuse(faults)?;
            self.use_up(token).await?;
            let user = UserId(inner.commands.ids().next());
            let register = vec![UserCommand::Register { email: email.clone(), full_name }];
            self.register(origin, user, (&email, acceptance.password), register).await?;
            user
        };
        let membership = self.join(origin, user, &open).await?;
        self.arrive(origin, user, membership).await
    }

    /// Makes somebody who is logged in a member, unless the address has another account.
    pub async fn join_by_invitation(
        &self,
        origin: &Origin,
        user: UserId,
        token: &str,
    ) -> Result<Membership, IdentityError> {
        let open = self.open_invitation(token).await?;
        if self.user_of(&open.email).await?.is_some_and(|holder| holder != user) {
            let detail =
                "This invitation went to the address of another account. Log in with that.";
            return Err(IdentityError::Refused(Refusal::new("other_account", detail)));
        }
        self.seat(user, open.organization, open.folded.state.profile).await?;
        self.use_up(token).await?;
        self.join(origin, user, &open).await
    }

    async fn use_up(&self, token: &str) -> Result<(), IdentityError> {
        let used = self.inner.tokens.consume(Purpose::Invitation, token).await?;
        used.map(drop).ok_or(IdentityError::BadLink)
    }

    /// The invitation of a link, if it can be accepted just now.
    async fn open_invitation(&self, token: &str) -> Result<Open, IdentityError> {
        let inner = &self.inner;
        let token = inner.tokens.look(Purpose::Invitation, token).await?;
        let token = token.ok_or(IdentityError::BadLink)?;
        let (Some(organization), Some(id)) = (token.bound.organization, token.bound.subject) else {
            return Err(IdentityError::BadLink);
        };
        let log = LogId::from(organization);
        let folded = inner.commands.load::<Invitation>(log, id.0).await?;
        let now = inner.commands.clock().now();
        if folded.state.status(now) != Some(Status::Pending) || folded.state.token != Some(token.id)
        {
            return Err(IdentityError::BadLink);
        }
        let email = folded.state.email.clone().ok_or(IdentityError::BadLink)?;
        let settings = inner.commands.load::<Organization>(log, organization.0).await?;
        self.demand_service().await?;
        if settings.state.closed {
            return Err(IdentityError::Barred(Barred::OrganizationClosed));
        }
        if settings.state.maintenance {
            return Err(IdentityError::Barred(Barred::OrganizationMaintenance));
        }
        Ok(Open { id: InvitationId(id.0), organization, token, folded, email })
    }

    /// Makes a user a member by an invitation whose link they have used up.
    async fn join(
        &self,
        origin: &Origin,
        user: UserId,
        open: &Open,
    ) -> Result<Membership, IdentityError> {
        for _ in 0..=MOST_RETRIES {
            let seat = self.seat(user, open.organization, open.folded.state.profile).await?;
            match self.take(origin, user, open, seat).await {
                // Somebody was faster: maybe they themselves, by another invitation.
                Err(IdentityError::Command(CommandError::Stale { .. })) => {}
                Err(IdentityError::Refused(refusal)) if refusal.code.starts_with("invitation_") => {
                    return Err(IdentityError::BadLink);
                }
                Err(error) => return Err(error),
                Ok(()) => return Ok(seat.membership),
            }
        }
        Err(IdentityError::Command(CommandError::Contended))
    }

    async fn take(
        &self,
        origin: &Origin,
        user: UserId,
        open: &Open,
        seat: Seat,
    ) -> Result<(), IdentityError> {
        let commands = &self.inner.commands;
        let known = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let state = &open.folded.state;
        let name = state.display_name.clone().or_else(|| known.state.full_name.clone());
        let Membership { organization, member } = seat.membership;
        let rights = Arc::new(Rights::default());
        let actor = Actor { user, member, organization, rights, key: None };
        let request = commands.request(
            organization.into(),
            Caller::Member(actor),
            origin.clone(),
            "accept_invitation",
        );
        let place = Place {
            display_name: name.unwrap_or_default(),
            profile: state.profile,
            roles: state.roles.clone(),
            team: state.team,
        };
        let accept = InvitationCommand::Accept { token: open.token.id, user, member };
        let batch = commands.batch(&request);
        let batch = batch.add::<Invitation>(Target::existing(open.id.0), vec![accept]);
        self.take_seat(origin, batch, (user, seat), place).await?;
        Ok(())
    }
}
