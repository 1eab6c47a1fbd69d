//! Roles, teams, and who has which: rights are given by those who have them.
//!
//! Nobody gives, takes, makes or changes what is wider than their own rights: no permission, no
//! reach and no field that they do not have. Only owners make owners, and one always remains.

mod assign;
mod defaults;
mod members;
mod roles;
mod teams;

pub use members::Fate;

use crate::error::{CommandError, Refusal};
use crate::execute::{Commands, Done, Target};
use crate::folded::Folded;
use crate::request::{Caller, CommandRequest};
use domain::access::{Excess, Grants, Permission, Rights};
use domain::error::FieldError;
use domain::ids::OrganizationId;
use domain::role::{self, Role, Roles};
use domain::team::{self, Teams};
use std::borrow::Cow;
use std::sync::Arc;
use store::LogId;

/// Reading and changing roles and teams. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    commands: Commands,
}

impl Access {
    /// Roles and teams by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// The organization's roles as they are.
    pub async fn roles(
        &self,
        organization: OrganizationId,
    ) -> Result<Arc<Folded<Roles>>, CommandError> {
        self.commands.load(organization.into(), role::stream_id(organization)).await
    }

    /// The organization's teams as they are.
    pub async fn teams(
        &self,
        organization: OrganizationId,
    ) -> Result<Arc<Folded<Teams>>, CommandError> {
        self.commands.load(organization.into(), team::stream_id(organization)).await
    }
}

fn organization(log: LogId) -> OrganizationId {
    OrganizationId(log.0)
}

/// Refuses to give, take, make or change what is wider than the caller's rights.
fn within(caller: &Caller, grants: &Grants) -> Result<(), CommandError> {
    let excess = match caller {
        Caller::Member(actor) => grants.beyond(&actor.rights),
        Caller::User(_) => grants.beyond(&Rights::default()),
        Caller::System => return Ok(()),
    };
    if excess.is_empty() {
        return Ok(());
    }
    let fault = |excess: &Excess| FieldError {
        pointer: excess.pointer(),
        code: Cow::Borrowed("wider_than_own"),
        message: match excess {
            Excess::Permission(_) => "You do not hold this permission, or not so far.".to_owned(),
            Excess::Field(..) => "You may do less with this field yourself.".to_owned(),
        },
    };
    Err(CommandError::Refused(Refusal {
        code: Cow::Borrowed("wider_than_own"),
        detail: "Nobody gives or takes rights that they do not have themselves.".to_owned(),
        fields: excess.iter().map(fault).collect(),
    }))
}

/// The same for a role; the owners' only by owners.
fn within_role(caller: &Caller, role: &Role) -> Result<(), CommandError> {
    let owner = match caller {
        Caller::Member(actor) => actor.is_owner(),
        Caller::User(_) => false,
        Caller::System => true,
    };
    if role.is_owner() && !owner {
        let detail = "Only owners make and unmake owners.";
        return Err(CommandError::Refused(Refusal::new("owners_only", detail)));
    }
    // As wide as it would be, were it not deleted.
    within(caller, &Role { deleted: false, ..role.clone() }.grants())
}

/// Done on a stream of the whole organization.
type Changed<A> = Result<Done<A>, CommandError>;

/// The target of a command on the roles.
fn roles_of(request: &CommandRequest, if_match: Option<u32>) -> Target {
    Target::existing(role::stream_id(organization(request.log))).if_match(if_match)
}

/// The target of a command on the teams.
fn teams_of(request: &CommandRequest, if_match: Option<u32>) -> Target {
    Target::existing(team::stream_id(organization(request.log))).if_match(if_match)
}

/// Refuses a caller before anything is read.
fn demand(request: &CommandRequest, permission: Permission) -> Result<(), CommandError> {
    Ok(request.caller.demand(permission)?)
}
