//! Sessions: log-in, refresh, log-out.

use super::keys::Token;
use super::{Identity, IdentityError};
use crate::error::CommandError;
use crate::request::Origin;
use chrono::{DateTime, TimeDelta, Utc};
use domain::access::Actor;
use domain::ids::{MemberId, OrganizationId, UserId};
use domain::user::{Membership, UserFact};
use std::time::Duration;
use store::vault::{NewSession, Refreshed, SessionOwner};
use uuid::Uuid;

/// A session ends when it was not refreshed for so long.
const IDLE: TimeDelta = TimeDelta::days(14);

/// A session ends after so long in any case.
const ABSOLUTE: TimeDelta = TimeDelta::days(90);

/// For so long a used token gives its successor again: the answer may have been lost, or several
/// windows may have asked at once.
const GRACE: Duration = Duration::from_secs(20);

/// Longest browser name that is kept.
const USER_AGENT: usize = 300;

/// A session that was opened or carried on.
#[derive(Clone)]
pub struct Grant {
    /// The session; goes into the access token.
    pub session: Uuid,
    /// Whose session it is, with rights as they are now.
    pub actor: Actor,
    /// Differs whenever the member's rights do.
    pub authorization_version: u32,
    /// The next refresh token: 64 hexadecimal digits, to be used once.
    pub refresh_token: String,
    /// Until when it may be used.
    pub refresh_until: DateTime<Utc>,
}

/// An open session, for its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// The session.
    pub id: Uuid,
    /// The organization it is in.
    pub organization: OrganizationId,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed.
    pub last_seen_at: DateTime<Utc>,
    /// The browser it was opened with.
    pub user_agent: Option<String>,
    /// The address it was opened from.
    pub ip: Option<String>,
}

/// What came of a log-in.
#[derive(Clone)]
pub enum Entered {
    /// A session was opened.
    In(Grant),
    /// The password was right; a code of the second factor is asked for.
    SecondFactor {
        /// To be sent back with the code; good once.
        challenge: String,
        /// Until when.
        expires_at: DateTime<Utc>,
    },
}

impl Entered {
    /// The session, if one was opened.
    pub fn granted(self) -> Option<Grant> {
        if let Self::In(grant) = self { Some(grant) } else { None }
    }
}

impl Identity {
    /// Opens a session, or asks for the second factor. The same answer, after the same work, whether
    /// the account does not exist or the password is wrong.
    pub async fn log_in(
        &self,
        origin: &Origin,
        login: &str,
        password: &str,
    ) -> Result<Entered, IdentityError> {
        // The id of nobody takes the place of an unknown user, so that the same reads are done.
        let user = self.user_by(login).await?.unwrap_or(UserId(Uuid::nil()));
        let hash = self.inner.vault.password_hash(user).await?;
        if !self.inner.passwords.verify(password, hash).await? {
            self.count_failure(origin, login).await?;
            return Err(IdentityError::WrongCredentials);
        }
        self.finish_founding(origin, user, None).await?;
        let membership = self.landing(user).await?;
        if self.has_totp(user).await? {
            return self.challenge(user).await;
        }
        Ok(Entered::In(self.open_session(origin, user, membership).await?))
    }

    /// Opens a session in a profile of a user who came by a link and a password; where a second
    /// factor is asked for, they land there once they have shown it.
    pub(super) async fn arrive(
        &self,
        origin: &Origin,
        user: UserId,
        membership: Membership,
    ) -> Result<Entered, IdentityError> {
        if self.has_totp(user).await? {
            let occasion = self.inner.commands.ids().next();
            self.enter(origin, user, occasion, membership).await?;
            return self.challenge(user).await;
        }
        Ok(Entered::In(self.open_session(origin, user, membership).await?))
    }

    /// Opens a session for a user whose identity is certain.
    pub(super) async fn open_session(
        &self,
        origin: &Origin,
        user: UserId,
        membership: Membership,
    ) -> Result<Grant, IdentityError> {
        let caller = self.caller_of(user, membership).await?;
        let commands = &self.inner.commands;
        let (now, id) = (commands.clock().now(), commands.ids().next());
        let token = self.inner.keys.token(&commands.ids().secret());
        self.note(origin, user, UserFact::LoggedIn(id)).await?;
        self.enter(origin, user, id, membership).await?;
        let session = NewSession {
            id,
            owner: SessionOwner {
                user,
                organization: membership.organization,
                member: membership.member,
            },
            token_hash: token.hash(),
            now,
            idle_until: now + IDLE,
            absolute_until: now + ABSOLUTE,
            ip: origin.ip.clone(),
            user_agent: origin.user_agent.as_ref().map(|a| a.chars().take(USER_AGENT).collect()),
        };
        self.inner.vault.open_session(&session).await?;
        Ok(Grant {
            session: id,
            actor: caller.actor,
            authorization_version: caller.authorization_version,
            refresh_token: token.reveal(),
            refresh_until: session.idle_until,
        })
    }

    /// Trades a refresh token for the next one. A token that was used before ends its session:
    /// either its thief or its owner is at it, and nobody can tell which.
    pub async fn refresh(&self, origin: &Origin, token: &str) -> Result<Grant, IdentityError> {
        let inner = &self.inner;
        let token = Token::parse(token)?.hash();
        let seed = inner.commands.ids().secret();
        let successor = inner.keys.token(&seed).hash();
        let now = inner.commands.clock().now();
        let refreshed = inner.vault.refresh(&token, &seed, &successor, now, GRACE, now + IDLE);
        match refreshed.await? {
            Refreshed::Traded { session, owner, seed, idle_until } => {
                let membership =
                    Membership { organization: owner.organization, member: owner.member };
                let caller = self.caller_of(owner.user, membership).await?;
                Ok(Grant {
                    session,
                    actor: caller.actor,
                    authorization_version: caller.authorization_version,
                    refresh_token: inner.keys.token(&seed).reveal(),
                    refresh_until: idle_until,
                })
            }
            Refreshed::Reused { session, user } => {
                inner.callers.forget(session);
                self.note(origin, user, UserFact::TokenReused(session)).await?;
                Err(IdentityError::NoSession)
            }
            Refreshed::Unknown => Err(IdentityError::NoSession),
        }
    }

    /// Ends a session of the user. One that is not open, or not theirs, is left as it is.
    pub async fn log_out(
        &self,
        origin: &Origin,
        user: UserId,
        session: Uuid,
    ) -> Result<(), IdentityError> {
        let now = self.inner.commands.clock().now();
        let owner = self.inner.vault.find_session(session, now).await?;
        if owner.is_some_and(|owner| owner.user == user) {
            self.note(origin, user, UserFact::LoggedOut(session)).await?;
            self.inner.vault.revoke_sessions(user, Some(session), now).await?;
            self.inner.callers.forget(session);
        }
        Ok(())
    }

    /// Gives whoever has the address a new password, for the operator, and ends their sessions.
    pub async fn reset_password(
        &self,
        origin: &Origin,
        email: &str,
        password: &str,
    ) -> Result<(), IdentityError> {
        let mut faults = Vec::new();
        let email = super::sign_up::credentials(email, password, &mut faults);
        super::sign_up::refuse(faults)?;
        let Some(user) = self.user_of(&email).await? else {
            return Err(IdentityError::Command(CommandError::NotFound));
        };
        let hash = self.inner.passwords.hash(password).await?;
        self.note(origin, user, UserFact::PasswordSet).await?;
        self.inner.vault.set_password(user, &hash, self.inner.commands.clock().now()).await?;
        // Who lost the password may have lost the second factor with it.
        self.disable_totp(origin, user).await?;
        self.log_out_everywhere(origin, user).await?;
        Ok(())
    }

    /// Ends all sessions of the user; returns how many there were.
    pub async fn log_out_everywhere(
        &self,
        origin: &Origin,
        user: UserId,
    ) -> Result<u64, IdentityError> {
        let now = self.inner.commands.clock().now();
        for session in self.sessions(user).await? {
            self.note(origin, user, UserFact::LoggedOut(session.id)).await?;
        }
        let ended = self.inner.vault.revoke_sessions(user, None, now).await?;
        for session in &ended {
            self.inner.callers.forget(*session);
        }
        Ok(ended.len() as u64)
    }

    /// Ends the sessions of a user in one of their profiles.
    pub async fn end_sessions_in(
        &self,
        origin: &Origin,
        user: UserId,
        organization: OrganizationId,
        member: MemberId,
    ) -> Result<(), IdentityError> {
        let now = self.inner.commands.clock().now();
        for session in self.sessions(user).await? {
            if session.organization != organization {
                continue;
            }
            let owner = self.inner.vault.find_session(session.id, now).await?;
            if owner.is_some_and(|owner| owner.member == member) {
                self.log_out(origin, user, session.id).await?;
            }
        }
        Ok(())
    }

    /// The open sessions of a user, newest first; the newest 200.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<SessionInfo>, IdentityError> {
        let now = self.inner.commands.clock().now();
        let rows = self.inner.vault.sessions(user, now).await?;
        Ok(rows
            .into_iter()
            .map(|row| SessionInfo {
                id: row.id,
                organization: OrganizationId(row.organization_id),
                created_at: row.created_at,
                last_seen_at: row.last_seen_at,
                user_agent: row.user_agent,
                ip: row.ip,
            })
            .collect())
    }
}
