//! Sign-up by those whom nobody knows: they are users once they have shown that the address is
//! theirs.
//!
//! Signing up tells nobody whether the address has a user: the answer is the same, and so is what
//! is done: a password hashed and kept, a token issued, two streams appended to. The mail tells its
//! reader. Each sign-up stands for itself, with its own link and its own password, which the link
//! asks for again: so nobody can sign up for somebody else, or keep them from signing up.

use super::address_book::{Login, NewUser, Secret};
use super::{Grant, Identity, IdentityError, SignUp};
use crate::execute::Target;
use crate::mail::{Language, Message, Outgoing};
use crate::request::{Caller, Origin};
use domain::ids::{MemberId, OrganizationId, SubjectId, UserId};
use domain::instance::SignUpMode;
use domain::user::{EmailCommand, EmailReservation, Membership, SigningUp, User, UserCommand};
use store::LogId;
use store::vault::{Bound, Purpose};

/// What came of a link from a mail that asked whether an address is theirs.
#[derive(Clone)]
pub enum Verified {
    /// They are a user now, and logged in.
    SignedUp(Box<Grant>),
    /// They log in by this address from now on.
    EmailChanged,
}

impl Identity {
    /// Sends a link to whoever has the address: to go on with, or to tell that they have an account.
    pub async fn begin_sign_up(&self, origin: &Origin, input: SignUp) -> Result<(), IdentityError> {
        let SignUp { organization, full_name, email, password } = input.cleaned()?;
        let inner = &self.inner;
        let commands = &inner.commands;
        let user = UserId(commands.ids().next());
        let holder = self.user_of(&email).await?;
        let hash = inner.passwords.hash(&password).await?;
        let bound = Bound { user: Some(user), ..Bound::default() };
        let token = inner.tokens.issue(Purpose::VerifyEmail, bound).await?;
        let now = commands.clock().now();
        inner.vault.hold_password(user, &hash, now, token.expires_at).await?;
        let request =
            commands.request(LogId::PLATFORM, Caller::User(user), origin.clone(), "sign_up");
        let mail = |subject: UserId, message| Outgoing {
            to: email.clone(),
            subject: SubjectId(subject.0),
            language: Language::default(),
            message,
        };
        let batch = commands.batch(&request);
        let batch = if let Some(holder) = holder {
            let address = Target::existing(inner.keys.address(&email));
            batch
                .add::<EmailReservation>(address, vec![EmailCommand::RepeatSignUp])
                .mail(commands.ids().next(), mail(holder, Message::AccountExists))
        } else {
            let asked = SigningUp { email: email.clone(), full_name, organization };
            batch
                .add::<User>(Target::existing(user.0), vec![UserCommand::SignUp(asked)])
                .mail(commands.ids().next(), mail(user, Message::VerifyEmail { token }))
        };
        batch.commit().await?;
        Ok(())
    }

    /// Makes whoever has the link, and the password that they signed up with, a user, founds their
    /// organization and opens a session. Or, if they are a user, lets them log in by the address.
    ///
    /// Who was mailed before sign-up was closed is not a user yet and is refused: closing it means
    /// that from then on there are no new strangers. The link is kept, for as long as it is good.
    pub async fn verify_email(
        &self,
        origin: &Origin,
        token: &str,
        password: &str,
        configured: SignUpMode,
    ) -> Result<Verified, IdentityError> {
        let inner = &self.inner;
        let commands = &inner.commands;
        let good = inner.tokens.look(Purpose::VerifyEmail, token).await?;
        let good = good.ok_or(IdentityError::BadLink)?;
        let user = good.bound.user.ok_or(IdentityError::BadLink)?;
        let folded = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        if folded.state.registered {
            let user = (user, &folded.state);
            self.change_email(origin, (good, token), user, password).await?;
            return Ok(Verified::EmailChanged);
        }
        let asked = folded.state.signing_up.clone().ok_or(IdentityError::BadLink)?;
        self.demand_open_sign_up(configured).await?;
        let hash = inner.vault.held_password(user).await?;
        if !inner.passwords.verify(password, hash).await? {
            return Err(IdentityError::WrongCredentials);
        }
        inner.tokens.consume(Purpose::VerifyEmail, token).await?.ok_or(IdentityError::BadLink)?;
        let membership = Membership {
            organization: OrganizationId(commands.ids().next()),
            member: MemberId(commands.ids().next()),
        };
        let SigningUp { email, full_name, organization } = asked;
        let caller = Caller::User(user);
        let request = commands.request(LogId::PLATFORM, caller, origin.clone(), "verify_email");
        let (login, secret) = (Login::Email(email), Secret::Kept);
        let new = NewUser { id: user, full_name, login, secret };
        let intent = UserCommand::StartFounding { membership, name: organization };
        self.register(&request, new, Some(intent)).await?;
        self.finish_founding(origin, user, None).await?;
        let grant = self.open_session(origin, user, membership).await?;
        Ok(Verified::SignedUp(Box::new(grant)))
    }
}
