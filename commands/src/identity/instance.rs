//! Deciding for all organizations together.

use super::{Barred, Identity, IdentityError};
use crate::error::{CommandError, Denied};
use crate::execute::Target;
use crate::folded::Folded;
use crate::request::{Caller, CommandRequest};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::UserId;
use domain::instance::{self, Instance, InstanceCommand, SignUpMode};
use domain::user::User;
use std::sync::{Arc, Mutex, PoisonError};
use store::LogId;

/// For how long the instance is remembered: it is asked for with every page.
const REMEMBERED: TimeDelta = TimeDelta::seconds(2);

type Remembered = Option<(DateTime<Utc>, Arc<Folded<Instance>>)>;

/// The instance as it was a moment ago.
#[derive(Default)]
pub(super) struct Recent(Mutex<Remembered>);

impl Recent {
    fn recall(&self, now: DateTime<Utc>) -> Option<Arc<Folded<Instance>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (learnt, instance) = known.as_ref()?;
        (now.signed_duration_since(*learnt).abs() < REMEMBERED).then(|| Arc::clone(instance))
    }

    fn learn(&self, now: DateTime<Utc>, instance: &Arc<Folded<Instance>>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((now, Arc::clone(instance)));
    }
}

impl Identity {
    /// The instance as it is, or was 2 s ago at most.
    pub async fn instance(&self) -> Result<Arc<Folded<Instance>>, IdentityError> {
        let now = self.inner.commands.clock().now();
        if let Some(known) = self.inner.instance.recall(now) {
            return Ok(known);
        }
        let folded = self.inner.commands.load(LogId::PLATFORM, instance::stream_id()).await?;
        self.inner.instance.learn(now, &folded);
        Ok(folded)
    }

    /// Who may sign up: as was last said, or else as configured.
    pub async fn sign_up_mode(&self, configured: SignUpMode) -> Result<SignUpMode, IdentityError> {
        Ok(self.instance().await?.state.sign_up.unwrap_or(configured))
    }

    /// Refuses everybody while the instance is under maintenance.
    pub async fn demand_service(&self) -> Result<(), IdentityError> {
        if self.instance().await?.state.maintenance {
            return Err(IdentityError::Barred(Barred::InstanceMaintenance));
        }
        Ok(())
    }

    /// Refuses strangers where sign-up is not open to them.
    pub async fn demand_open_sign_up(&self, configured: SignUpMode) -> Result<(), IdentityError> {
        match self.sign_up_mode(configured).await? {
            SignUpMode::Open => Ok(()),
            mode @ (SignUpMode::InviteOnly | SignUpMode::Closed) => {
                Err(IdentityError::NotOpen(mode))
            }
        }
    }

    /// Carries out commands on the instance, all or none: for its administrators, and for
    /// operators at the command line.
    pub async fn administer(
        &self,
        request: &CommandRequest,
        if_match: Option<u32>,
        commands: Vec<InstanceCommand>,
    ) -> Result<Arc<Folded<Instance>>, IdentityError> {
        let inner = &self.inner;
        let may = |state: &Instance| match &request.caller {
            Caller::System => Ok(()),
            Caller::User(user) if state.administrators.contains(user) => Ok(()),
            Caller::User(_) | Caller::Member(_) => Err(Denied::Forbidden),
        };
        let present = inner.commands.load(LogId::PLATFORM, instance::stream_id()).await?;
        may(&present.state).map_err(|denied| IdentityError::Command(denied.into()))?;
        for command in &commands {
            if let InstanceCommand::AddAdministrator(user) = command {
                let user = inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
                if !user.state.registered {
                    return Err(IdentityError::Command(CommandError::NotFound));
                }
            }
        }
        // Who may is settled; that they still may when it is appended, the version says.
        let expected = if_match.or((present.version > 0).then_some(present.version));
        let target = Target::existing(instance::stream_id()).if_match(expected);
        let done = inner.commands.batch(request).add::<Instance>(target, commands).commit().await;
        match done {
            Ok(_) => {}
            Err(CommandError::Stale { .. }) if if_match.is_none() => {
                return Err(IdentityError::Command(CommandError::Contended));
            }
            Err(error) => return Err(error.into()),
        }
        let now = inner.commands.clock().now();
        let folded = inner.commands.load(LogId::PLATFORM, instance::stream_id()).await?;
        inner.instance.learn(now, &folded);
        Ok(folded)
    }

    /// The user who has an address; for operators and administrators, never for strangers.
    pub async fn find_user(&self, email: &str) -> Result<Option<UserId>, IdentityError> {
        match domain::normalize::email(email) {
            Some(email) => self.user_of(&email).await,
            None => Ok(None),
        }
    }
}
