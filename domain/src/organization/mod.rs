//! An organization: the first stream of its own log.

mod command;
mod decide;
mod settings;
#[cfg(test)]
mod tests;

pub use command::{OrganizationCommand, OrganizationError};
pub use settings::{Module, SettingChange, Settings, SettingsPatch};

use crate::ids::{MemberId, OrganizationId, UserId};
use std::collections::BTreeSet;
use uuid::Uuid;

crate::stored_events! {
    /// What can have happened to an organization. **This is storage.**
    pub enum OrganizationEvent {
        /// It was founded by a signed-up user.
        "organization.founded" => Founded { id: OrganizationId, name: String, founder: UserId },
        /// It was renamed.
        "organization.renamed" => Renamed { was: String, now: String },
        /// Members who may enter became owners, or are it no longer.
        "organization.owners_changed" => OwnersChanged { added: Vec<MemberId>, removed: Vec<MemberId> },
        /// How it counts money, time and words was changed.
        "organization.settings_changed" => SettingsChanged { changes: Vec<SettingChange> },
        /// It has other modules.
        "organization.modules_changed" => ModulesChanged {
            enabled: BTreeSet<Module>,
            disabled: BTreeSet<Module>,
        },
        /// Only owners may enter.
        "organization.maintenance_started" => MaintenanceStarted {},
        /// All members may enter again.
        "organization.maintenance_ended" => MaintenanceEnded {},
        /// Anybody may register as a client.
        "organization.registration_opened" => RegistrationOpened {},
        /// Nobody may register as a client.
        "organization.registration_closed" => RegistrationClosed {},
        /// Clients register by another key.
        "organization.registration_key_replaced" => RegistrationKeyReplaced {
            was: Option<Uuid>,
            now: Uuid,
        },
        /// It was closed: nobody enters, everything is kept.
        "organization.closed" => Closed {},
        /// It was opened again.
        "organization.reopened" => Reopened {},
    }
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its id, once founded.
    pub id: Option<OrganizationId>,
    /// The user who founded it.
    pub founder: Option<UserId>,
    /// Its name, once founded.
    pub name: Option<String>,
    /// The owners who may enter; nobody in an organization from before there were roles, as long
    /// as they do not change.
    pub owners: BTreeSet<MemberId>,
    /// How it counts money, time and words.
    pub settings: Settings,
    /// Whether only owners may enter.
    pub maintenance: bool,
    /// Whether anybody may register as a client.
    pub self_registration: bool,
    /// What the address for that holds beside the organization's id, once it was ever open.
    pub registration_key: Option<Uuid>,
    /// Whether it was closed.
    pub closed: bool,
    disabled: BTreeSet<Module>,
}

impl Organization {
    /// Whether it has a module.
    pub fn has(&self, module: Module) -> bool {
        !self.disabled.contains(&module)
    }

    /// The modules that it has.
    pub fn modules(&self) -> BTreeSet<Module> {
        Module::ALL.into_iter().filter(|module| self.has(*module)).collect()
    }
}
