//! From a log-in address or username to its user, and a new user with theirs.

use super::{Identity, IdentityError};
use crate::error::CommandError;
use crate::execute::Target;
use crate::request::CommandRequest;
use domain::ids::UserId;
use domain::normalize;
use domain::user::{
    EmailCommand, EmailReservation, User, UserCommand, UsernameCommand, UsernameReservation,
};
use std::iter;
use store::LogId;

/// What a new user logs in by.
pub(super) enum Login {
    /// An address, which they have shown to be theirs.
    Email(String),
    /// A username, in the form in which it is kept.
    Username(String),
}

/// Where the password of a new user comes from.
#[derive(Clone, Copy)]
pub(super) enum Secret<'a> {
    /// They chose this one.
    Chosen(&'a str),
    /// The one that was kept for them since they asked to be a user.
    Kept,
    /// They choose one later, by a link.
    Later,
}

/// Somebody to make a user.
pub(super) struct NewUser<'a> {
    pub(super) id: UserId,
    pub(super) full_name: String,
    pub(super) login: Login,
    pub(super) secret: Secret<'a>,
}

impl Identity {
    /// Whether the address has an account; for operators, never for strangers.
    pub async fn has_account(&self, email: &str) -> Result<bool, IdentityError> {
        match normalize::email(email) {
            Some(email) => Ok(self.user_of(&email).await?.is_some()),
            None => Ok(false),
        }
    }

    /// The user who logs in by this: an address or, without an `@`, a username.
    pub(super) async fn user_by(&self, login: &str) -> Result<Option<UserId>, IdentityError> {
        if login.contains('@') {
            return self.user_of(login).await;
        }
        let name = login.trim().to_ascii_lowercase();
        let stream = self.inner.keys.username(&name);
        let reservation = self.inner.commands.load::<UsernameReservation>(LogId::PLATFORM, stream);
        Ok(reservation.await?.state.user)
    }

    /// The user who has the address.
    pub(super) async fn user_of(&self, email: &str) -> Result<Option<UserId>, IdentityError> {
        let stream = self.inner.keys.address(email);
        let reservation = self.inner.commands.load::<EmailReservation>(LogId::PLATFORM, stream);
        Ok(reservation.await?.state.user)
    }

    /// Makes a user: password into the vault first, then the name to log in by, registration and
    /// whatever they set out for, as one command. A crash in between leaves a hash that belongs to
    /// nobody.
    pub(super) async fn register(
        &self,
        request: &CommandRequest,
        new: NewUser<'_>,
        intent: Option<UserCommand>,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let NewUser { id: user, full_name, login, secret } = new;
        let now = inner.commands.clock().now();
        match secret {
            Secret::Chosen(password) => {
                let hash = inner.passwords.hash(password).await?;
                inner.vault.set_password(user, &hash, now).await?;
            }
            Secret::Kept => inner.vault.take_held_password(user, now).await?,
            Secret::Later => {}
        }
        let batch = inner.commands.batch(request);
        let (batch, register) = match login {
            Login::Email(email) => {
                let address = Target::existing(inner.keys.address(&email));
                let reserve = vec![EmailCommand::Reserve(user)];
                let register = UserCommand::Register { email, full_name };
                (batch.add::<EmailReservation>(address, reserve), register)
            }
            Login::Username(username) => {
                let stream = Target::existing(inner.keys.username(&username));
                let reserve = vec![UsernameCommand::Reserve(user)];
                let register = UserCommand::RegisterByUsername { username, full_name };
                (batch.add::<UsernameReservation>(stream, reserve), register)
            }
        };
        let first = iter::once(register).chain(intent).collect();
        let registered = batch.add::<User>(Target::existing(user.0), first).commit().await;
        if let (Err(CommandError::Refused(_)), Secret::Chosen(_) | Secret::Kept) =
            (&registered, secret)
        {
            // Somebody else with the same address, or name, was faster.
            inner.vault.drop_password(user).await?;
        }
        registered?;
        Ok(())
    }
}
