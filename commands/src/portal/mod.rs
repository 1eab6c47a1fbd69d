//! The portal: what clients see and change of themselves. What they do goes through the commands of
//! contacts, so that its history says who it was.

mod names;

pub use names::{ClientNames, NamesError};

use crate::error::{CommandError, Denied};
use crate::execute::{Commands, Done, Target};
use crate::folded::Folded;
use crate::identity::member_name;
use crate::request::{Caller, CommandRequest};
use domain::access::{Actor, ProfileKind};
use domain::catalogue::{Catalogue as _, FieldIndex};
use domain::client::{EDITABLE, SHOWN};
use domain::contact::{Contact, ContactFields};
use domain::error::FieldError;
use domain::ids::ContactId;
use domain::member::Member;
use domain::organization::Organization;
use domain::patch::{self, InputRules};
use domain::record::{Life, RecordCommand};
use serde_json::{Map, Value};
use std::sync::Arc;
use store::LogId;

/// Own details of clients. Cheap to clone.
#[derive(Clone)]
pub struct Portal {
    commands: Commands,
}

/// A client, for themselves.
#[derive(Clone, Debug)]
pub struct OwnDetails {
    /// The organization that serves them.
    pub organization: Arc<Folded<Organization>>,
    /// What they are called: as the contact is, which their profile follows.
    pub display_name: String,
    /// The contact that they are; more than they may see.
    pub contact: Arc<Folded<Contact>>,
    /// The name of the member who is responsible for them.
    pub contact_person: Option<String>,
}

/// The fields of their own contact that clients see.
pub fn shown() -> impl Iterator<Item = FieldIndex> {
    SHOWN.into_iter().filter_map(ContactFields::index)
}

impl Portal {
    /// The portal by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// What a client may know of themselves. Whose contact is in the recycle bin finds nothing.
    pub async fn own_details(&self, actor: &Actor) -> Result<OwnDetails, CommandError> {
        let log = LogId::from(actor.organization);
        let id = self.own_contact(log, actor).await?;
        let contact = self.commands.load::<Contact>(log, id.0).await?;
        if contact.state.life != Life::Active {
            return Err(CommandError::NotFound);
        }
        let organization = self.commands.load::<Organization>(log, actor.organization.0).await?;
        let contact_person = match contact.state.assigned_to() {
            Some(id) => {
                let assigned = self.commands.load_recent::<Member>(log, id.0).await?;
                let name = assigned.state.display_name.clone();
                name.filter(|_| assigned.state.takes_records())
            }
            None => None,
        };
        let display_name = member_name(&contact.state.fields);
        Ok(OwnDetails { organization, display_name, contact, contact_person })
    }

    /// Changes fields of a client's own contact; those of [`EDITABLE`].
    pub async fn change(
        &self,
        request: &CommandRequest,
        if_match: Option<u32>,
        fields: &Map<String, Value>,
    ) -> Result<Done<Contact>, CommandError> {
        let Caller::Member(actor) = &request.caller else { return Err(CommandError::Forbidden) };
        let faults: Vec<FieldError> = fields.keys().filter_map(|name| fault(name)).collect();
        if !faults.is_empty() {
            return Err(CommandError::invalid(faults));
        }
        let patch = patch::parse::<ContactFields>(fields, &InputRules::default());
        let patch = patch.map_err(CommandError::invalid)?;
        let id = self.own_contact(request.log, actor).await?;
        let target = Target::existing(id.0).if_match(if_match);
        let authorize = |contact: &Contact| {
            if contact.life == Life::Active { Ok(()) } else { Err(Denied::Hidden) }
        };
        let change = RecordCommand::Change { patch, note: None };
        let done = self.commands.execute(request, target, authorize, |_| Ok(change.clone())).await;
        done.map_err(conflict)
    }

    async fn own_contact(&self, log: LogId, actor: &Actor) -> Result<ContactId, CommandError> {
        let member = self.commands.load::<Member>(log, actor.member.0).await?;
        let state = &member.state;
        let client = state.profile == ProfileKind::Client && state.user == Some(actor.user);
        state.contact.filter(|_| client).ok_or(CommandError::Forbidden)
    }
}

/// What is wrong with a field that a client wants to change, before its value is looked at.
fn fault(name: &str) -> Option<FieldError> {
    if EDITABLE.contains(&name) {
        return None;
    }
    if SHOWN.contains(&name) {
        let message = "You may read this field, but not change it.";
        return Some(FieldError::new(name, "field_read_only", message));
    }
    // The name is the caller's own text: escape it for the pointer, bound its length.
    let shown: String = name.chars().take(60).collect();
    let pointer = shown.replace('~', "~0").replace('/', "~1");
    Some(FieldError::new(&pointer, "unknown_field", "There is no such field."))
}

/// A conflict tells what changed meanwhile, as far as clients see it.
fn conflict(error: CommandError) -> CommandError {
    let CommandError::Stale { expected, current, changes } = error else { return error };
    let hidden: Vec<&str> = ContactFields::FIELDS
        .iter()
        .map(|def| def.name)
        .filter(|name| !SHOWN.contains(name))
        .collect();
    let changes = changes.into_iter().filter_map(|entry| entry.without(&hidden)).collect();
    CommandError::Stale { expected, current, changes }
}
