//! Reading and changing the settings of an organization.

use crate::error::{CommandError, Denied, Refusal};
use crate::execute::{Commands, Done, Target};
use crate::folded::{At, Folded};
use crate::history::HistoryEntry;
use crate::request::{Caller, CommandRequest};
use domain::access::Permission;
use domain::ids::OrganizationId;
use domain::organization::{Module, Organization, OrganizationCommand, SettingsPatch};
use std::sync::Arc;
use uuid::Uuid;

/// Done on an organization.
type Changed = Result<Done<Organization>, CommandError>;

/// Reading and changing organizations. Cheap to clone.
#[derive(Clone)]
pub struct Organizations {
    commands: Commands,
}

impl Organizations {
    /// Organizations by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// An organization as it is; version 0 if there is none of that id.
    pub async fn get(&self, id: OrganizationId) -> Result<Arc<Folded<Organization>>, CommandError> {
        self.commands.load(id.into(), id.0).await
    }

    /// What happened to it, newest first.
    pub async fn history(
        &self,
        id: OrganizationId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<HistoryEntry>, CommandError> {
        self.commands.history::<Organization>(id.into(), id.0, before, limit).await
    }

    /// Changes settings.
    pub async fn change(
        &self,
        request: &CommandRequest,
        if_match: Option<u32>,
        patch: SettingsPatch,
    ) -> Changed {
        let key = self.random_key();
        let command = OrganizationCommand::Change { patch: Box::new(patch), key };
        self.run(request, if_match, Permission::ORGANIZATION_UPDATE, command).await
    }

    /// Brings back name, settings and modules as they were. Whether maintenance is on and who may
    /// register are decisions of the moment and stay.
    pub async fn revert(
        &self,
        request: &CommandRequest,
        if_match: Option<u32>,
        to_version: u32,
    ) -> Changed {
        request.caller.demand(Permission::ORGANIZATION_UPDATE)?;
        let at = At::Version(to_version);
        let then = self.commands.load_at::<Organization>(request.log, request.log.0, at).await?;
        if then.version != to_version {
            let detail = "The organization has no such version.";
            return Err(CommandError::Refused(Refusal::new("no_such_version", detail)));
        }
        let settings = &then.state.settings;
        let patch = SettingsPatch {
            name: then.state.name.clone(),
            currency: Some(settings.currency.as_str().to_owned()),
            time_zone: Some(settings.time_zone.clone()),
            locale: Some(settings.locale.clone()),
            fiscal_year_start: Some(settings.fiscal_year_start),
            modules: Some(
                then.state.modules().into_iter().map(Module::as_str).map(str::to_owned).collect(),
            ),
            maintenance: None,
            self_registration: None,
        };
        self.change(request, if_match, patch).await
    }

    /// Makes another key for the registration of clients; the one of before is good no longer.
    pub async fn replace_registration_key(
        &self,
        request: &CommandRequest,
        if_match: Option<u32>,
    ) -> Changed {
        let key = self.random_key();
        let command = OrganizationCommand::ReplaceRegistrationKey(key);
        self.run(request, if_match, Permission::ORGANIZATION_UPDATE, command).await
    }

    /// Closes it: nobody enters any more, and everything is kept. For owners.
    pub async fn close(&self, request: &CommandRequest, name: &str) -> Changed {
        let owner = match &request.caller {
            Caller::Member(actor) => actor.is_owner(),
            Caller::User(_) => false,
            Caller::System => true,
        };
        if !owner {
            return Err(CommandError::Forbidden);
        }
        let command = OrganizationCommand::Close { name: name.to_owned() };
        self.run(request, None, Permission::ORGANIZATION_CLOSE, command).await
    }

    /// Opens a closed one again, for administrators of the instance: who asks was settled before.
    pub async fn reopen(&self, request: &CommandRequest) -> Changed {
        let target = Target::existing(request.log.0);
        let exists = |state: &Organization| {
            if state.id.is_some() { Ok(()) } else { Err(Denied::Hidden) }
        };
        let reopen = |_: &Organization| Ok(OrganizationCommand::Reopen);
        self.commands.execute(request, target, exists, reopen).await
    }

    /// A key that cannot be guessed and does not tell when it was made.
    fn random_key(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.commands.ids().secret()[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    async fn run(
        &self,
        request: &CommandRequest,
        if_match: Option<u32>,
        permission: Permission,
        command: OrganizationCommand,
    ) -> Changed {
        let target = Target::existing(request.log.0).if_match(if_match);
        let authorize = |_: &Organization| request.caller.demand(permission);
        self.commands.execute(request, target, authorize, |_| Ok(command.clone())).await
    }
}
