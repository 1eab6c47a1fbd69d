//! Accepting an invitation: the side of who was invited.
//!
//! Whoever has the link has the mailbox, so they may know whether its address has an account. They set
//! out to be a member (`joining.rs`), and the invitation lets one in, of any number at once. The link
//! is used up last: a crash before costs nothing, and what it interrupts is finished.

use super::address_book::{Login, NewUser, Secret};
use super::joining::ACCEPT;
use super::sign_up::{credentials, line, refuse};
use super::{Barred, Entered, Identity, IdentityError};
use crate::error::Refusal;
use crate::execute::Target;
use crate::folded::Folded;
use crate::request::Origin;
use chrono::{DateTime, Utc};
use domain::access::ProfileKind;
use domain::ids::{ActionId, InvitationId, OrganizationId, UserId};
use domain::instance::SignUpMode;
use domain::invitation::{Invitation, Status};
use domain::member::Member;
use domain::organization::Organization;
use domain::user::{MemberJoining, Membership, User, UserCommand};
use std::sync::Arc;
use store::LogId;
use store::vault::Purpose;
use uuid::Uuid;

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
    /// The token's id.
    token: Uuid,
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
        let open = self.open_invitation(token).await?;
        let Acceptance { full_name, password } = acceptance;
        let action = ActionId(self.inner.commands.ids().next());
        let user = if let Some(user) = self.user_of(&open.email).await? {
            self.check_owner(origin, user, (&open.email, password)).await?;
            self.set_out_as_member(origin, user, (token, &open), action).await?;
            user
        } else {
            if sign_up == SignUpMode::Closed {
                return Err(IdentityError::NotOpen(sign_up));
            }
            let mut faults = Vec::new();
            let full_name = line("full_name", full_name.unwrap_or_default(), &mut faults);
            let email = credentials(&open.email, password, &mut faults);
            refuse(faults)?;
            let user = UserId(self.inner.commands.ids().next());
            let intent = self.intent(user, (token, &open), action).await?;
            let (login, secret) = (Login::Email(email), Secret::Chosen(password));
            let new = NewUser { id: user, full_name, login, secret };
            let request = self.joining_request(origin, user, action, ACCEPT);
            match self.register(&request, new, Some(intent)).await {
                // Somebody was faster, by this link or another.
                Err(IdentityError::Refused(_)) => return Err(IdentityError::BadLink),
                registered => registered?,
            }
            user
        };
        let membership = self.settle(origin, user, (token, &open)).await?;
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
        self.refuse_other(&open.email, user).await?;
        let action = ActionId(self.inner.commands.ids().next());
        self.set_out_as_member(origin, user, (token, &open), action).await?;
        self.settle(origin, user, (token, &open)).await
    }

    /// Refuses who is not the user of an address, if it has one.
    pub(super) async fn refuse_other(
        &self,
        email: &str,
        user: UserId,
    ) -> Result<(), IdentityError> {
        if self.user_of(email).await?.is_some_and(|holder| holder != user) {
            let detail = "This link went to the address of another account. Log in with that.";
            return Err(IdentityError::Refused(Refusal::new("other_account", detail)));
        }
        Ok(())
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
        Ok(Open { id: InvitationId(id.0), organization, token: token.id, folded, email })
    }

    /// What a user sets out for who accepts.
    async fn intent(
        &self,
        user: UserId,
        (token, open): (&str, &Open),
        action: ActionId,
    ) -> Result<UserCommand, IdentityError> {
        let invitation = &open.folded.state;
        let seat = match self.seat(user, open.organization, invitation.profile).await {
            Ok(seat) => seat,
            Err(refusal) => {
                // By this very link, a moment ago?
                self.open_invitation(token).await?;
                return Err(refusal);
            }
        };
        Ok(UserCommand::StartMemberJoining(MemberJoining {
            membership: seat.membership,
            profile: invitation.profile,
            roles: invitation.roles.clone(),
            team: invitation.team,
            invitation: Some((open.id, open.token)),
            by: None,
            reason: None,
            action,
        }))
    }

    /// Records that a user whom there is sets out to be a member.
    async fn set_out_as_member(
        &self,
        origin: &Origin,
        user: UserId,
        link: (&str, &Open),
        action: ActionId,
    ) -> Result<(), IdentityError> {
        let intent = self.intent(user, link, action).await?;
        let request = self.joining_request(origin, user, action, ACCEPT);
        let batch = self.inner.commands.batch(&request);
        batch.add::<User>(Target::existing(user.0), vec![intent]).commit().await?;
        Ok(())
    }

    /// Makes a user a member who set out for it, and uses the link up.
    async fn settle(
        &self,
        origin: &Origin,
        user: UserId,
        (token, open): (&str, &Open),
    ) -> Result<Membership, IdentityError> {
        self.finish_founding(origin, user, None).await?;
        let commands = &self.inner.commands;
        let (log, organization) = (LogId::from(open.organization), open.organization);
        let invitation = commands.load::<Invitation>(log, open.id.0).await?;
        let Some(member) = invitation.state.member else {
            // By another invitation, if not withdrawn or sent again meanwhile.
            self.seat(user, organization, open.folded.state.profile).await?;
            return Err(IdentityError::BadLink);
        };
        let joined = commands.load::<Member>(log, member.0).await?;
        if joined.state.user != Some(user) {
            return Err(IdentityError::BadLink);
        }
        self.use_up(token).await?;
        Ok(Membership { organization, member })
    }
}
