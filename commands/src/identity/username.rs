//! A username, to log in by beside the address.

use super::{Identity, IdentityError};
use crate::error::CommandError;
use crate::execute::Target;
use crate::request::{Caller, Origin};
use domain::ids::UserId;
use domain::user::{User, UserCommand, UsernameCommand, UsernameReservation, username as normal};
use store::LogId;

impl Identity {
    /// Gives a user a username, another one, or none.
    pub async fn change_username(
        &self,
        origin: &Origin,
        user: UserId,
        name: Option<&str>,
    ) -> Result<Option<String>, IdentityError> {
        let inner = &self.inner;
        let name = name.map(normal).transpose();
        let name = name.map_err(|fault| CommandError::invalid(vec![fault]))?;
        let folded = inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let was = folded.state.username.clone();
        if was == name {
            return Ok(name);
        }
        let caller = Caller::User(user);
        let request =
            inner.commands.request(LogId::PLATFORM, caller, origin.clone(), "change_username");
        let mut batch = inner
            .commands
            .batch(&request)
            .add::<User>(Target::existing(user.0), vec![UserCommand::ChangeUsername(name.clone())]);
        for (name, command) in
            [(&was, UsernameCommand::Release(user)), (&name, UsernameCommand::Reserve(user))]
        {
            if let Some(name) = name {
                let stream = Target::existing(inner.keys.username(name));
                batch = batch.add::<UsernameReservation>(stream, vec![command]);
            }
        }
        batch.commit().await?;
        Ok(name)
    }
}
