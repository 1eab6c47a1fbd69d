//! Showing once more who one is, and choosing another password.

use super::sign_up::refuse;
use super::{Identity, IdentityError, password};
use crate::execute::Target;
use crate::mail::{Language, Message, Outgoing};
use crate::request::{Caller, CommandRequest, Origin};
use chrono::TimeDelta;
use domain::ids::{SubjectId, UserId};
use domain::user::{User, UserCommand, UserFact};
use store::LogId;
use store::vault::Purpose;
use uuid::Uuid;

/// For so long after somebody showed who they are, a session may do what is dangerous.
const RECENT: TimeDelta = TimeDelta::minutes(10);

/// By what somebody shows who they are.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// Their password.
    Password(&'a str),
    /// A code of their second factor, or a recovery code.
    Code(&'a str),
}

impl Identity {
    /// Marks the session as that of somebody who has just shown who they are.
    pub async fn reauthenticate(
        &self,
        origin: &Origin,
        user: UserId,
        session: Uuid,
        proof: Proof<'_>,
    ) -> Result<(), IdentityError> {
        match proof {
            Proof::Password(password) => self.check_password(user, password).await?,
            Proof::Code(code) => self.check_code(origin, user, code).await?,
        }
        self.note(origin, user, UserFact::Reauthenticated(session)).await?;
        let now = self.inner.commands.clock().now();
        Ok(self.inner.vault.session_authenticated(session, user, now).await?)
    }

    /// Whether the session's user showed within the last ten minutes who they are.
    pub async fn is_recent(&self, session: Uuid) -> Result<bool, IdentityError> {
        let now = self.inner.commands.clock().now();
        let shown = self.inner.vault.session_authenticated_at(session).await?;
        Ok(shown.is_some_and(|shown| now - shown < RECENT))
    }

    pub(super) async fn check_password(
        &self,
        user: UserId,
        password: &str,
    ) -> Result<(), IdentityError> {
        let hash = self.inner.vault.password_hash(user).await?;
        if self.inner.passwords.verify(password, hash).await? {
            Ok(())
        } else {
            Err(IdentityError::WrongCredentials)
        }
    }

    /// Refuses whoever does not know the password of the user who has the address; that counts as a
    /// failed log-in.
    pub(super) async fn check_owner(
        &self,
        origin: &Origin,
        user: UserId,
        (email, password): (&str, &str),
    ) -> Result<(), IdentityError> {
        let checked = self.check_password(user, password).await;
        if matches!(checked, Err(IdentityError::WrongCredentials)) {
            self.count_failure(origin, email).await?;
        }
        checked
    }

    /// Puts another password in the place of the present one, which must be shown, ends the user's
    /// other sessions and tells them by mail.
    pub async fn change_password(
        &self,
        origin: &Origin,
        (user, session): (UserId, Uuid),
        present: &str,
        new: &str,
    ) -> Result<(), IdentityError> {
        self.check_password(user, present).await?;
        self.set_password(origin, user, new, UserFact::PasswordSet).await?;
        let inner = &self.inner;
        for other in self.sessions(user).await?.into_iter().filter(|other| other.id != session) {
            self.note(origin, user, UserFact::LoggedOut(other.id)).await?;
        }
        let now = inner.commands.clock().now();
        for ended in inner.vault.revoke_other_sessions(user, session, now).await? {
            inner.callers.forget(ended);
        }
        Ok(())
    }

    /// Sets a password that fits, records `fact` and tells the user by mail.
    pub(super) async fn set_password(
        &self,
        origin: &Origin,
        user: UserId,
        new: &str,
        fact: UserFact,
    ) -> Result<(), IdentityError> {
        let caller = Caller::User(user);
        let request =
            self.inner.commands.request(LogId::PLATFORM, caller, origin.clone(), "set_password");
        self.set_password_by(&request, user, new, fact).await
    }

    /// The same by whoever `request`, on log 0, comes from.
    pub(super) async fn set_password_by(
        &self,
        request: &CommandRequest,
        user: UserId,
        new: &str,
        fact: UserFact,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let folded = inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let email = folded.state.email.clone();
        refuse(password::fault(new, email.as_deref().unwrap_or_default()).into_iter().collect())?;
        let hash = inner.passwords.hash(new).await?;
        let now = inner.commands.clock().now();
        let batch = inner
            .commands
            .batch(request)
            .add::<User>(Target::existing(user.0), vec![UserCommand::Note(fact)]);
        let batch = match email {
            Some(to) => batch.mail(
                inner.commands.ids().next(),
                Outgoing {
                    to,
                    subject: SubjectId(user.0),
                    language: Language::default(),
                    message: Message::PasswordChanged { changed_at: now },
                },
            ),
            None => batch,
        };
        batch.commit().await?;
        inner.vault.set_password(user, &hash, now).await?;
        for links in [Purpose::ResetPassword, Purpose::SetPassword] {
            inner.tokens.revoke(links, Some(user), None).await?;
        }
        Ok(())
    }
}
