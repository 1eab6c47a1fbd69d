//! Commands on pick-lists and tags.

use crate::error::CommandError;
use crate::execute::{Commands, Done, Target};
use crate::folded::Folded;
use crate::request::CommandRequest;
use domain::access::Permission;
use domain::catalogue::ListName;
use domain::error::FieldError;
use domain::ids::{ChoiceId, OrganizationId};
use domain::picklist::{self, Picklist, PicklistCommand, PicklistEvent};
use std::sync::Arc;
use store::LogId;

/// Reading and changing pick-lists. Cheap to clone.
#[derive(Clone)]
pub struct Picklists {
    commands: Commands,
}

/// The stream of a list in an organization's log.
fn target(log: LogId, list: ListName) -> Target {
    Target::existing(picklist::stream_id(OrganizationId(log.0), list))
}

/// What it takes to change a list: tags have permissions of their own.
fn permission(list: ListName, of_tags: Permission) -> Permission {
    if list == ListName::Tag { of_tags } else { Permission::PICKLISTS_UPDATE }
}

/// What it takes to do what an event says, on a list that has a value.
pub(crate) fn permission_of(list: Option<ListName>, event: &PicklistEvent) -> Permission {
    let of_tags = match event {
        PicklistEvent::ValueAdded { .. } => Permission::TAGS_CREATE,
        PicklistEvent::ValueArchived { .. } => Permission::TAGS_DELETE,
        PicklistEvent::ValueRenamed { .. } | PicklistEvent::ValueUnarchived { .. } => {
            Permission::TAGS_UPDATE
        }
    };
    list.map_or(Permission::PICKLISTS_UPDATE, |list| permission(list, of_tags))
}

fn clean(list: ListName, label: &str) -> Result<String, CommandError> {
    picklist::label(list, label).ok_or_else(|| {
        let message = "A label is one line of 1 to 100 readable characters.";
        CommandError::invalid(vec![FieldError::new("label", "invalid_label", message)])
    })
}

impl Picklists {
    /// Pick-lists by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// A list as it is. Every member may read it.
    pub async fn get(
        &self,
        organization: OrganizationId,
        list: ListName,
    ) -> Result<Arc<Folded<Picklist>>, CommandError> {
        self.commands.load(organization.into(), picklist::stream_id(organization, list)).await
    }

    /// Adds a value. A tag is made by typing it: where there is one of that label already, it is
    /// the answer (and offered again, if it was archived).
    pub async fn add(
        &self,
        request: &CommandRequest,
        list: ListName,
        label: &str,
    ) -> Result<(ChoiceId, Done<Picklist>), CommandError> {
        let label = clean(list, label)?;
        let id = ChoiceId(self.commands.ids().next());
        let by_typing = list == ListName::Tag;
        let permission = permission(list, Permission::TAGS_CREATE);
        let authorize = |_: &Picklist| request.caller.demand(permission);
        let make = |state: &Picklist| {
            Ok(match state.by_label(&label).filter(|_| by_typing) {
                Some((id, choice)) if choice.archived => PicklistCommand::Unarchive(id),
                // Adding what is there is already so.
                Some((id, choice)) => {
                    PicklistCommand::Add { list, id, label: choice.label.clone() }
                }
                None => PicklistCommand::Add { list, id, label: label.clone() },
            })
        };
        let done = self.commands.execute(request, target(request.log, list), authorize, make);
        let done = done.await?;
        let (id, _) = done.folded.state.by_label(&label).ok_or(CommandError::NotFound)?;
        Ok((id, done))
    }

    /// Changes a value's label.
    pub async fn rename(
        &self,
        request: &CommandRequest,
        list: ListName,
        id: ChoiceId,
        if_match: Option<u32>,
        label: &str,
    ) -> Result<Done<Picklist>, CommandError> {
        let command = PicklistCommand::Rename { id, label: clean(list, label)? };
        let permission = permission(list, Permission::TAGS_UPDATE);
        self.administer(request, list, if_match, permission, command).await
    }

    /// Offers a value no longer. Records that have it keep it.
    pub async fn archive(
        &self,
        request: &CommandRequest,
        list: ListName,
        id: ChoiceId,
        if_match: Option<u32>,
    ) -> Result<Done<Picklist>, CommandError> {
        let permission = permission(list, Permission::TAGS_DELETE);
        let command = PicklistCommand::Archive(id);
        self.administer(request, list, if_match, permission, command).await
    }

    /// Offers a value again.
    pub async fn unarchive(
        &self,
        request: &CommandRequest,
        list: ListName,
        id: ChoiceId,
        if_match: Option<u32>,
    ) -> Result<Done<Picklist>, CommandError> {
        let permission = permission(list, Permission::TAGS_UPDATE);
        let command = PicklistCommand::Unarchive(id);
        self.administer(request, list, if_match, permission, command).await
    }

    async fn administer(
        &self,
        request: &CommandRequest,
        list: ListName,
        if_match: Option<u32>,
        permission: Permission,
        command: PicklistCommand,
    ) -> Result<Done<Picklist>, CommandError> {
        let authorize = |_: &Picklist| request.caller.demand(permission);
        let target = target(request.log, list).if_match(if_match);
        self.commands.execute(request, target, authorize, |_| Ok(command.clone())).await
    }
}
