//! Making and changing roles.

use super::{Access, Changed, demand, organization, roles_of, within, within_role};
use crate::error::CommandError;
use crate::request::CommandRequest;
use domain::access::{FieldRules, Grants, Permission};
use domain::ids::RoleId;
use domain::reach::ReachLevel;
use domain::role::{Role, RoleCommand, Roles, StoredPermissions, Title};

impl Access {
    /// Makes a role, not wider than the caller's rights.
    pub async fn create_role(
        &self,
        request: &CommandRequest,
        title: Title,
        permissions: StoredPermissions,
        fields: FieldRules,
    ) -> Result<(RoleId, crate::Done<Roles>), CommandError> {
        let id = RoleId(self.commands.ids().next());
        let grants = Grants::from_stored(&permissions, &fields);
        let name = title.name.clone();
        let command = RoleCommand::Create { id, title, permissions, fields };
        let done = self
            .on_roles(request, None, Permission::ROLES_CREATE, move |_| {
                within(&request.caller, &grants)?;
                Ok(command.clone())
            })
            .await?;
        // A repeated command gave the role another id the first time.
        let made = done.folded.state.roles.iter().rfind(|(known, role)| {
            **known == id || (done.duplicate && role.title.name == name.trim())
        });
        let id = made.map_or(id, |(id, _)| *id);
        Ok((id, done))
    }

    /// Gives a role another name and description.
    pub async fn rename_role(
        &self,
        request: &CommandRequest,
        id: RoleId,
        if_match: Option<u32>,
        title: Title,
    ) -> Changed<Roles> {
        self.change_role(request, (id, if_match), Permission::ROLES_UPDATE, move |_| {
            Ok(RoleCommand::Rename { id, title: title.clone() })
        })
        .await
    }

    /// Lets a role grant exactly these permissions. Neither before nor after may it be wider than
    /// the caller's rights.
    pub async fn set_role_permissions(
        &self,
        request: &CommandRequest,
        id: RoleId,
        if_match: Option<u32>,
        permissions: StoredPermissions,
    ) -> Changed<Roles> {
        self.change_role(request, (id, if_match), Permission::ROLES_UPDATE, move |role| {
            within(&request.caller, &Grants::from_stored(&permissions, &role.fields))?;
            Ok(RoleCommand::SetPermissions { id, permissions: permissions.clone() })
        })
        .await
    }

    /// Lets a role restrict exactly these fields. Neither before nor after may it be wider than the
    /// caller's rights.
    pub async fn set_role_fields(
        &self,
        request: &CommandRequest,
        id: RoleId,
        if_match: Option<u32>,
        fields: FieldRules,
    ) -> Changed<Roles> {
        self.change_role(request, (id, if_match), Permission::ROLES_UPDATE, move |role| {
            let permissions: &std::collections::BTreeMap<String, ReachLevel> = &role.permissions;
            within(&request.caller, &Grants::from_stored(permissions, &fields))?;
            Ok(RoleCommand::SetFields { id, fields: fields.clone() })
        })
        .await
    }

    /// Deletes a role: whoever has it has nothing from it any more.
    pub async fn delete_role(
        &self,
        request: &CommandRequest,
        id: RoleId,
        if_match: Option<u32>,
    ) -> Changed<Roles> {
        let make = move |_: &Role| Ok(RoleCommand::Delete(id));
        self.change_role(request, (id, if_match), Permission::ROLES_DELETE, make).await
    }

    /// Takes a deleted role back, for all who had it.
    pub async fn restore_role(
        &self,
        request: &CommandRequest,
        id: RoleId,
        if_match: Option<u32>,
    ) -> Changed<Roles> {
        let make = move |_: &Role| Ok(RoleCommand::Restore(id));
        self.change_role(request, (id, if_match), Permission::ROLES_DELETE, make).await
    }

    /// A command on a role that is not wider than the caller's rights.
    async fn change_role(
        &self,
        request: &CommandRequest,
        (id, if_match): (RoleId, Option<u32>),
        permission: Permission,
        make: impl Fn(&Role) -> Result<RoleCommand, CommandError> + Send + Sync,
    ) -> Changed<Roles> {
        self.on_roles(request, if_match, permission, move |roles| {
            let role = roles.get(organization(request.log), id).ok_or(CommandError::NotFound)?;
            // What cannot be changed by anybody is for the domain to refuse.
            if !role.is_owner() {
                within_role(&request.caller, &role)?;
            }
            make(&role)
        })
        .await
    }

    async fn on_roles(
        &self,
        request: &CommandRequest,
        if_match: Option<u32>,
        permission: Permission,
        make: impl Fn(&Roles) -> Result<RoleCommand, CommandError> + Send + Sync,
    ) -> Changed<Roles> {
        demand(request, permission)?;
        self.settle_builtins(request).await?;
        let authorize = |_: &Roles| request.caller.demand(permission);
        self.commands.execute(request, roles_of(request, if_match), authorize, make).await
    }

    /// Writes down the built-in roles of an organization from before there were roles, before
    /// anything changes about its roles.
    async fn settle_builtins(&self, request: &CommandRequest) -> Result<(), CommandError> {
        let organization = organization(request.log);
        if self.roles(organization).await?.version > 0 {
            return Ok(());
        }
        let mut first = request.derive("built-in roles");
        first.action_kind = "built_in_roles".into();
        let add = |_: &Roles| Ok(RoleCommand::AddBuiltins(organization));
        self.commands.execute(&first, roles_of(&first, None), |_| Ok(()), add).await?;
        Ok(())
    }
}
