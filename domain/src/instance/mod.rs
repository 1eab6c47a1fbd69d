//! The instance: what is decided for all organizations together; one stream of log 0.

#[cfg(test)]
mod tests;

use crate::ids::UserId;
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The stream's id, the same everywhere: of a name in the DNS name space that nobody else uses.
pub fn stream_id() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, b"hindsight instance")
}

/// Who may sign up. The names are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUpMode {
    /// Anybody may, and founds an organization.
    Open,
    /// Whoever was invited into an organization.
    InviteOnly,
    /// Nobody; operators and administrators make users.
    Closed,
}

impl SignUpMode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::InviteOnly, Self::Closed];

    /// Wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InviteOnly => "invite_only",
            Self::Closed => "closed",
        }
    }

    /// The mode of that wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

crate::stored_events! {
    /// What can have happened to the instance. **This is storage.**
    pub enum InstanceEvent {
        /// Others may sign up. What was, is absent as long as the configuration had decided.
        "instance.sign_up_changed" => SignUpChanged { was: Option<SignUpMode>, now: SignUpMode },
        /// Only administrators of the instance may enter.
        "instance.maintenance_started" => MaintenanceStarted {},
        /// Everybody may enter again.
        "instance.maintenance_ended" => MaintenanceEnded {},
        /// A user became administrator of the instance.
        "instance.administrator_added" => AdministratorAdded { user: UserId },
        /// A user is administrator of the instance no longer.
        "instance.administrator_removed" => AdministratorRemoved { user: UserId },
    }
}

/// What may be asked of the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstanceCommand {
    /// Say who may sign up.
    SetSignUp(SignUpMode),
    /// Let only administrators enter, or everybody again.
    SetMaintenance(bool),
    /// Make a user administrator.
    AddAdministrator(UserId),
    /// Let a user be administrator no longer. The last may go: operators can make another.
    RemoveAdministrator(UserId),
}

/// Why a command on the instance was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// Nothing is refused for what the instance is; who may ask is another matter.
    #[error("This cannot be.")]
    Never,
}

impl Rejection for InstanceError {
    fn code(&self) -> &'static str {
        "instance"
    }
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instance {
    /// Who may sign up, if that was ever said; otherwise the configuration decides.
    pub sign_up: Option<SignUpMode>,
    /// Whether only administrators may enter.
    pub maintenance: bool,
    /// The administrators.
    pub administrators: BTreeSet<UserId>,
}

impl Aggregate for Instance {
    const KIND: &'static str = "instance";
    type Command = InstanceCommand;
    type Event = InstanceEvent;
    type Error = InstanceError;

    fn decide(
        &self,
        command: InstanceCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<InstanceEvent>, InstanceError> {
        let event = match command {
            InstanceCommand::SetSignUp(now) => (self.sign_up != Some(now))
                .then_some(InstanceEvent::SignUpChanged { was: self.sign_up, now }),
            InstanceCommand::SetMaintenance(true) => {
                (!self.maintenance).then_some(InstanceEvent::MaintenanceStarted {})
            }
            InstanceCommand::SetMaintenance(false) => {
                self.maintenance.then_some(InstanceEvent::MaintenanceEnded {})
            }
            InstanceCommand::AddAdministrator(user) => (!self.administrators.contains(&user))
                .then_some(InstanceEvent::AdministratorAdded { user }),
            InstanceCommand::RemoveAdministrator(user) => self
                .administrators
                .contains(&user)
                .then_some(InstanceEvent::AdministratorRemoved { user }),
        };
        Ok(event.into_iter().collect())
    }

    fn evolve(mut self, event: InstanceEvent) -> Self {
        match event {
            InstanceEvent::SignUpChanged { now, .. } => self.sign_up = Some(now),
            InstanceEvent::MaintenanceStarted {} => self.maintenance = true,
            InstanceEvent::MaintenanceEnded {} => self.maintenance = false,
            InstanceEvent::AdministratorAdded { user } => {
                self.administrators.insert(user);
            }
            InstanceEvent::AdministratorRemoved { user } => {
                self.administrators.remove(&user);
            }
        }
        self
    }

    fn reverse(&self, _event: &InstanceEvent) -> Result<Reversal<InstanceEvent>, NotReversible> {
        Err(NotReversible("What administrators decide is decided again, not undone."))
    }
}
