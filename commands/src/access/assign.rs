//! Giving members roles, and taking them away.

use super::members::Change;
use super::{Access, demand, organization, within_role};
use crate::error::CommandError;
use crate::execute::{Batch, BatchDone, Commands, Target};
use crate::request::CommandRequest;
use domain::access::Permission;
use domain::error::FieldError;
use domain::ids::{MemberId, OrganizationId, RoleId};
use domain::organization::{Organization, OrganizationCommand};
use domain::user::User;
use std::collections::BTreeSet;
use store::LogId;

impl Access {
    /// Gives a member exactly these roles. Each that they gain or lose must not be wider than the
    /// caller's rights; only owners make and unmake owners, and one always remains.
    pub async fn assign_roles(
        &self,
        request: &CommandRequest,
        member: MemberId,
        if_match: Option<u32>,
        roles: BTreeSet<RoleId>,
    ) -> Result<BatchDone, CommandError> {
        demand(request, Permission::ROLES_ASSIGN)?;
        self.change_member(request, member, if_match, Change::Roles(roles)).await
    }

    /// Refuses roles that do not exist or are wider than the caller's rights.
    pub async fn may_give(
        &self,
        request: &CommandRequest,
        roles: impl Iterator<Item = &RoleId> + Send,
    ) -> Result<(), CommandError> {
        let organization = organization(request.log);
        let known = self.roles(organization).await?;
        for id in roles {
            let Some(role) = known.state.get(organization, *id) else {
                let message = format!("There is no role {id}.");
                let fault = FieldError::new("roles", "no_such_role", message);
                return Err(CommandError::invalid(vec![fault]));
            };
            within_role(&request.caller, &role)?;
        }
        Ok(())
    }
}

impl Commands {
    /// Adds to a batch that a member who may enter becomes an owner, or is it no longer (by another
    /// role, by leaving, by deactivation). The batch is refused with `last_owner` if nobody would
    /// remain.
    pub async fn owner_change<'a>(
        &'a self,
        batch: Batch<'a>,
        id: OrganizationId,
        member: MemberId,
        becomes: bool,
    ) -> Result<Batch<'a>, CommandError> {
        let (who, nobody) = (BTreeSet::from([member]), BTreeSet::new());
        let (added, removed) = if becomes { (who, nobody) } else { (nobody, who) };
        let organization = self.load::<Organization>(id.into(), id.0).await?;
        let mut before = None;
        // From before there were roles: the founder was the one owner.
        if let (true, Some(founder)) =
            (organization.state.owners.is_empty(), organization.state.founder)
        {
            let user = self.load::<User>(LogId::PLATFORM, founder.0).await?;
            let memberships = user.state.memberships.iter();
            before = memberships.filter(|m| m.organization == id).map(|m| m.member).next();
        }
        let change = OrganizationCommand::ChangeOwners { before, added, removed };
        Ok(batch.add::<Organization>(Target::existing(id.0), vec![change]))
    }
}
