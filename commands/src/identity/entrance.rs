//! Whether a caller may enter just now: maintenance and closed organizations.

use super::{Identity, IdentityError};
use domain::access::Actor;
use domain::organization::{Module, Organization};
use std::collections::BTreeSet;
use store::LogId;

/// Why somebody may not enter, though they are who they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The whole instance is under maintenance, and they are no administrator of it.
    InstanceMaintenance,
    /// The organization is under maintenance, and they are not one of its owners.
    OrganizationMaintenance,
    /// The organization was closed.
    OrganizationClosed,
    /// They belong to no organization that they may enter.
    NoMembership,
}

/// What a caller finds when they come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// Why they may not enter, if so.
    pub barred: Option<Barred>,
    /// Whether they are an administrator of the instance.
    pub administrator: bool,
    /// What the organization has.
    pub modules: BTreeSet<Module>,
}

impl Identity {
    /// What this caller finds.
    pub(super) async fn entrance(&self, actor: &Actor) -> Result<Entrance, IdentityError> {
        let instance = self.instance().await?;
        let log = LogId::from(actor.organization);
        let organization =
            self.inner.commands.load::<Organization>(log, actor.organization.0).await?;
        let organization = &organization.state;
        // A program works within one organization, whoever's key it has.
        let administrator =
            actor.key.is_none() && instance.state.administrators.contains(&actor.user);
        let barred = if instance.state.maintenance && !administrator {
            Some(Barred::InstanceMaintenance)
        } else if organization.closed {
            Some(Barred::OrganizationClosed)
        } else if organization.maintenance && !actor.is_owner() && !administrator {
            Some(Barred::OrganizationMaintenance)
        } else {
            None
        };
        Ok(Entrance { barred, administrator, modules: organization.modules() })
    }
}
