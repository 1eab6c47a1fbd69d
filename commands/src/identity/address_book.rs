//! From a log-in address to its user, and a new user with their address.

use super::{Identity, IdentityError};
use crate::error::CommandError;
use crate::execute::Target;
use crate::request::{Caller, Origin};
use domain::ids::UserId;
use domain::normalize;
use domain::user::{EmailCommand, EmailReservation, User, UserCommand, UsernameReservation};
use store::LogId;

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

    /// Makes a user: password into the vault first, then address, registration and whatever else
    /// `first` says, as one command. A crash in between leaves a hash that belongs to nobody.
    pub(super) async fn register(
        &self,
        origin: &Origin,
        user: UserId,
        (email, password): (&str, &str),
        first: Vec<UserCommand>,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let hash = inner.passwords.hash(password).await?;
        let commands = &inner.commands;
        commands.log().create_log(LogId::PLATFORM, false).await?;
        inner.vault.set_password(user, &hash, commands.clock().now()).await?;
        let caller = Caller::User(user);
        let request = commands.request(LogId::PLATFORM, caller, origin.clone(), "sign_up");
        let registered = commands
            .batch(&request)
            .add::<EmailReservation>(
                Target::existing(inner.keys.address(email)),
                vec![EmailCommand::Reserve(user)],
            )
            .add::<User>(Target::new(user.0), first)
            .commit()
            .await;
        if let Err(CommandError::Refused(_)) = registered {
            inner.vault.drop_password(user).await?;
        }
        registered?;
        Ok(())
    }
}
