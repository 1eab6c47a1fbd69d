//! A new password for those who forgot theirs, by a link from a mail.
//!
//! Whether the address has a user can be told neither from the answer nor from the time it takes:
//! for nobody's address the same is done, a token issued and a mail queued, but the mail goes to
//! nobody, and its token is good for nothing, so that the worker gives it up.

use super::{Entered, Identity, IdentityError};
use crate::execute::Target;
use crate::mail::{Language, Message, Outgoing};
use crate::request::{Caller, Origin};
use domain::ids::{SubjectId, UserId};
use domain::normalize;
use domain::user::{EmailCommand, EmailReservation, User, UserFact};
use store::LogId;
use store::vault::{Bound, Purpose};

/// An address that no mail can be sent to (RFC 2606).
const NOBODY: &str = "nobody@example.invalid";

impl Identity {
    /// Sends whoever has the address a link to choose a new password.
    pub async fn forgot_password(&self, origin: &Origin, email: &str) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let stranger = UserId(inner.commands.ids().next());
        let email = normalize::email(email).unwrap_or_else(|| NOBODY.to_owned());
        let (user, to, purpose) = match self.user_of(&email).await? {
            Some(user) => (user, email.clone(), Purpose::ResetPassword),
            // A token for something that its mail is not about is no good to the worker.
            None => (stranger, NOBODY.to_owned(), Purpose::SecondFactor),
        };
        let bound = Bound { user: Some(user), ..Bound::default() };
        let token = inner.tokens.issue(purpose, bound).await?;
        let caller = Caller::User(stranger);
        let request =
            inner.commands.request(LogId::PLATFORM, caller, origin.clone(), "forgot_password");
        let outgoing = Outgoing {
            to,
            subject: SubjectId(user.0),
            language: Language::default(),
            message: Message::ResetPassword { token },
        };
        inner
            .commands
            .batch(&request)
            .add::<EmailReservation>(
                Target::existing(inner.keys.address(&email)),
                vec![EmailCommand::AskReset],
            )
            .mail(inner.commands.ids().next(), outgoing)
            .commit()
            .await?;
        Ok(())
    }

    /// Sets the password of whoever has the link, tells them by mail and ends all their sessions.
    pub async fn reset_by_link(
        &self,
        origin: &Origin,
        token: &str,
        password: &str,
    ) -> Result<(), IdentityError> {
        let links = [Purpose::ResetPassword, Purpose::SetPassword];
        self.set_by_link(origin, &links, token, password).await?;
        Ok(())
    }

    /// Sets the password of whoever was handed the link, and logs them in.
    pub async fn set_first_password(
        &self,
        origin: &Origin,
        token: &str,
        password: &str,
    ) -> Result<Entered, IdentityError> {
        let user = self.set_by_link(origin, &[Purpose::SetPassword], token, password).await?;
        let membership = self.landing(user).await?;
        self.arrive(origin, user, membership).await
    }

    async fn set_by_link(
        &self,
        origin: &Origin,
        purposes: &[Purpose],
        token: &str,
        password: &str,
    ) -> Result<UserId, IdentityError> {
        let inner = &self.inner;
        for purpose in purposes.iter().copied() {
            let Some(good) = inner.tokens.look(purpose, token).await? else { continue };
            let user = good.bound.user.ok_or(IdentityError::BadLink)?;
            let folded = inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
            if !folded.state.registered {
                return Err(IdentityError::BadLink);
            }
            // A password that does not fit must not cost the link.
            let email = folded.state.email.as_deref().unwrap_or_default();
            super::sign_up::refuse(super::password::fault(password, email).into_iter().collect())?;
            inner.tokens.consume(purpose, token).await?.ok_or(IdentityError::BadLink)?;
            self.set_password(origin, user, password, UserFact::PasswordReset).await?;
            self.log_out_everywhere(origin, user).await?;
            return Ok(user);
        }
        Err(IdentityError::BadLink)
    }
}
