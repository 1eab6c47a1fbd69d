//! Another address to log in by: confirmed at the new one, told to the old one.

use super::{Identity, IdentityError};
use crate::error::CommandError;
use crate::execute::Target;
use crate::mail::{Language, Message, Outgoing};
use crate::request::{Caller, Origin};
use domain::error::FieldError;
use domain::ids::{SubjectId, UserId};
use domain::normalize;
use domain::user::{EmailCommand, EmailReservation, User, UserCommand};
use store::LogId;
use store::vault::{Bound, GoodToken, Purpose};

impl Identity {
    /// Sends a link to the new address. If somebody has it, they are told, and nobody else is.
    pub async fn ask_email_change(
        &self,
        origin: &Origin,
        user: UserId,
        email: &str,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let commands = &inner.commands;
        let email = normalize::email(email).ok_or_else(|| {
            let message = "This is not an e-mail address.";
            CommandError::invalid(vec![FieldError::new("email", "invalid_email", message)])
        })?;
        let address = inner.keys.address(&email);
        let holder = self.user_of(&email).await?;
        let subject = Some(SubjectId(address.0));
        let bound = Bound { user: Some(user), subject, ..Bound::default() };
        let token = inner.tokens.issue(Purpose::VerifyEmail, bound).await?;
        let caller = Caller::User(user);
        let request = commands.request(LogId::PLATFORM, caller, origin.clone(), "change_email");
        let mail = |subject: UserId, message| Outgoing {
            to: email.clone(),
            subject: SubjectId(subject.0),
            language: Language::default(),
            message,
        };
        let batch = commands.batch(&request);
        let batch = if let Some(holder) = holder {
            let address = Target::existing(address);
            batch
                .add::<EmailReservation>(address, vec![EmailCommand::RepeatSignUp])
                .mail(commands.ids().next(), mail(holder, Message::AccountExists))
        } else {
            let asked = vec![UserCommand::AskEmail(email.clone())];
            batch
                .add::<User>(Target::existing(user.0), asked)
                .mail(commands.ids().next(), mail(user, Message::VerifyEmail { token }))
        };
        batch.commit().await?;
        Ok(())
    }

    /// Lets a user log in by the address that the link was sent to, and no longer by the one before.
    pub(super) async fn change_email(
        &self,
        origin: &Origin,
        (good, token): (GoodToken, &str),
        user: (UserId, &User),
        password: &str,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let commands = &inner.commands;
        let (user, state) = user;
        let next = state.next_email.clone().ok_or(IdentityError::BadLink)?;
        let address = inner.keys.address(&next);
        if good.bound.subject != Some(SubjectId(address.0)) {
            // They asked for yet another address since.
            return Err(IdentityError::BadLink);
        }
        self.check_password(user, password).await?;
        inner.tokens.consume(Purpose::VerifyEmail, token).await?.ok_or(IdentityError::BadLink)?;
        let caller = Caller::User(user);
        let request = commands.request(LogId::PLATFORM, caller, origin.clone(), "change_email");
        let mut batch = commands
            .batch(&request)
            .add::<User>(Target::existing(user.0), vec![UserCommand::ChangeEmail(next)]);
        let before = state.email.as_deref().map(|email| (email, inner.keys.address(email)));
        match before {
            // Only written otherwise.
            Some((_, same)) if same == address => {}
            _ => {
                let reserve = vec![EmailCommand::Reserve(user)];
                batch = batch.add::<EmailReservation>(Target::existing(address), reserve);
            }
        }
        if let Some((email, stream)) = before.filter(|(_, stream)| *stream != address) {
            let message = Message::EmailChanged { changed_at: commands.clock().now() };
            let outgoing = Outgoing {
                to: email.to_owned(),
                subject: SubjectId(user.0),
                language: Language::default(),
                message,
            };
            let release = vec![EmailCommand::Release(user)];
            batch = batch
                .add::<EmailReservation>(Target::existing(stream), release)
                .mail(commands.ids().next(), outgoing);
        }
        batch.commit().await?;
        Ok(())
    }
}
