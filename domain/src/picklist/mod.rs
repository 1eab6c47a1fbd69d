//! Pick-lists: statuses, tags, services, traffic sources, industries. One stream per list; records
//! refer to values by id, never by their words.

#[cfg(test)]
mod tests;

use crate::catalogue::ListName;
use crate::ids::{ChoiceId, OrganizationId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use crate::normalize;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Status Lead, the one that a new contact has.
pub const LEAD: Uuid = builtin_id(ListName::Status, 1);
/// Status Contact, the one that imported contacts have.
pub const CONTACT: Uuid = builtin_id(ListName::Status, 3);
/// Status Customer.
pub const CUSTOMER: Uuid = builtin_id(ListName::Status, 4);

/// Ids of built-in values are the same in every organization: version 8 (RFC 9562, custom), the
/// list in the middle, the value at the end.
const fn builtin_id(list: ListName, number: u128) -> Uuid {
    Uuid::from_u128(0x4869_6e64_7369_8000_8000_0000_0000_0000 | ((list as u128) << 16) | number)
}

/// The values that a new organization starts with: key and label.
pub const fn builtin(list: ListName) -> &'static [(&'static str, &'static str)] {
    match list {
        ListName::Status => &[
            ("lead", "Lead"),
            ("prospect", "Prospect"),
            ("contact", "Contact"),
            ("customer", "Customer"),
        ],
        ListName::Tag => &[],
        ListName::Service => &[
            ("consulting", "Consulting"),
            ("support", "Support"),
            ("training", "Training"),
            ("development", "Development"),
        ],
        ListName::TrafficSource => &[
            ("website", "Website"),
            ("referral", "Referral"),
            ("partner", "Partner"),
            ("social", "Social media"),
            ("advertising", "Advertising"),
            ("event", "Event"),
            ("cold_call", "Cold call"),
            ("other", "Other"),
        ],
        ListName::Industry => &[
            ("agriculture", "Agriculture"),
            ("construction", "Construction"),
            ("education", "Education"),
            ("finance", "Finance"),
            ("health", "Health care"),
            ("hospitality", "Hospitality"),
            ("manufacturing", "Manufacturing"),
            ("media", "Media"),
            ("public_sector", "Public sector"),
            ("real_estate", "Real estate"),
            ("retail", "Retail"),
            ("technology", "Technology"),
            ("transport", "Transport and logistics"),
            ("other", "Other"),
        ],
    }
}

/// The built-in value of a list with this key; the same id in every organization.
pub fn builtin_by_key(list: ListName, key: &str) -> Option<Uuid> {
    (1..)
        .zip(builtin(list))
        .find(|(_, (known, _))| *known == key)
        .map(|(number, _)| builtin_id(list, number))
}

/// The stream of a list in an organization (UUIDv5 in the organization's namespace).
pub fn stream_id(organization: OrganizationId, list: ListName) -> Uuid {
    Uuid::new_v5(&organization.0, format!("picklist:{}", list.as_str()).as_bytes())
}

/// A value of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What people read.
    pub label: String,
    /// Stable name of a built-in value, by which rules and filters may refer to it.
    pub key: Option<String>,
    /// Kept for the records that have it, but no longer offered.
    pub archived: bool,
}

/// The folded state of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picklist {
    /// Which list it is; unknown before its first value.
    pub list: Option<ListName>,
    /// Values by id.
    pub choices: BTreeMap<ChoiceId, Choice>,
}

impl Picklist {
    /// The value with this label, whatever its case.
    pub fn by_label(&self, label: &str) -> Option<(ChoiceId, &Choice)> {
        let wanted = normalize::search_key(label);
        self.choices
            .iter()
            .find(|(_, choice)| normalize::search_key(&choice.label) == wanted)
            .map(|(id, choice)| (*id, choice))
    }

    /// The built-in value with this key.
    pub fn by_key(&self, key: &str) -> Option<ChoiceId> {
        self.choices.iter().find(|(_, c)| c.key.as_deref() == Some(key)).map(|(id, _)| *id)
    }
}

/// What may be asked of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PicklistCommand {
    /// Fill a new organization's list with the built-in values.
    AddBuiltins(ListName),
    /// Add a value; the id is the server's.
    Add {
        /// The list that this stream is.
        list: ListName,
        /// Id of the new value.
        id: ChoiceId,
        /// Its label, to be cleaned by [`label`].
        label: String,
    },
    /// Change a value's label.
    Rename {
        /// Which value.
        id: ChoiceId,
        /// The new label, to be cleaned by [`label`].
        label: String,
    },
    /// Offer a value no longer.
    Archive(ChoiceId),
    /// Offer a value again.
    Unarchive(ChoiceId),
}

crate::stored_events! {
    /// What can have happened to a list. **This is storage.**
    pub enum PicklistEvent {
        /// A value was added.
        "picklist.value_added" => ValueAdded { list: ListName, id: ChoiceId, label: String, key: Option<String> },
        /// A value's label changed.
        "picklist.value_renamed" => ValueRenamed { list: ListName, id: ChoiceId, was: String, now: String },
        /// A value is no longer offered.
        "picklist.value_archived" => ValueArchived { list: ListName, id: ChoiceId },
        /// A value is offered again.
        "picklist.value_unarchived" => ValueUnarchived { list: ListName, id: ChoiceId },
    }
}

/// Why a command on a list was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PicklistError {
    /// No such value.
    #[error("There is no such value in this list.")]
    NotFound,
    /// Another value has this label.
    #[error("The list has this value already.")]
    Duplicate,
    /// Nothing readable, or too much of it.
    #[error("A label has 1 to 100 readable characters.")]
    InvalidLabel,
    /// The list is as long as it may get.
    #[error("A list holds at most 5,000 values.")]
    Full,
}

impl Rejection for PicklistError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Duplicate => "duplicate_value",
            Self::InvalidLabel => "invalid_label",
            Self::Full => "list_full",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// Cleans a label; tags are titled. `None` if nothing readable is left, or more than 100
/// characters.
pub fn label(list: ListName, input: &str) -> Option<String> {
    let text = normalize::line(input, 100).ok()??;
    Some(if list == ListName::Tag { normalize::title_case(&text) } else { text })
}

const MOST_VALUES: usize = 5_000;

impl Picklist {
    fn find(&self, id: ChoiceId) -> Result<(ListName, &Choice), PicklistError> {
        self.list.zip(self.choices.get(&id)).ok_or(PicklistError::NotFound)
    }

    fn set(mut self, id: ChoiceId, change: impl FnOnce(&mut Choice)) -> Self {
        if let Some(choice) = self.choices.get_mut(&id) {
            change(choice);
        }
        self
    }
}

impl Aggregate for Picklist {
    const KIND: &'static str = "picklist";
    type Command = PicklistCommand;
    type Event = PicklistEvent;
    type Error = PicklistError;

    fn decide(
        &self,
        command: PicklistCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<PicklistEvent>, PicklistError> {
        match command {
            PicklistCommand::AddBuiltins(list) => Ok((1..)
                .zip(builtin(list))
                .map(|(number, (key, label))| (ChoiceId(builtin_id(list, number)), key, label))
                .filter(|(id, _, label)| {
                    !self.choices.contains_key(id) && self.by_label(label).is_none()
                })
                .map(|(id, key, label)| PicklistEvent::ValueAdded {
                    list,
                    id,
                    label: (*label).to_owned(),
                    key: Some((*key).to_owned()),
                })
                .collect()),
            PicklistCommand::Add { list, id, label } => {
                let label = self::label(list, &label).ok_or(PicklistError::InvalidLabel)?;
                if self.choices.get(&id).is_some_and(|choice| choice.label == label) {
                    return Ok(Vec::new());
                }
                if self.choices.contains_key(&id) || self.by_label(&label).is_some() {
                    return Err(PicklistError::Duplicate);
                }
                if self.choices.len() >= MOST_VALUES {
                    return Err(PicklistError::Full);
                }
                Ok(vec![PicklistEvent::ValueAdded { list, id, label, key: None }])
            }
            PicklistCommand::Rename { id, label } => {
                let (list, choice) = self.find(id)?;
                let label = self::label(list, &label).ok_or(PicklistError::InvalidLabel)?;
                if choice.label == label {
                    return Ok(Vec::new());
                }
                if self.by_label(&label).is_some_and(|(other, _)| other != id) {
                    return Err(PicklistError::Duplicate);
                }
                let was = choice.label.clone();
                Ok(vec![PicklistEvent::ValueRenamed { list, id, was, now: label }])
            }
            PicklistCommand::Archive(id) => {
                let (list, choice) = self.find(id)?;
                let event = PicklistEvent::ValueArchived { list, id };
                Ok(if choice.archived { Vec::new() } else { vec![event] })
            }
            PicklistCommand::Unarchive(id) => {
                let (list, choice) = self.find(id)?;
                let event = PicklistEvent::ValueUnarchived { list, id };
                Ok(if choice.archived { vec![event] } else { Vec::new() })
            }
        }
    }

    fn evolve(mut self, event: PicklistEvent) -> Self {
        match event {
            PicklistEvent::ValueAdded { list, id, label, key } => {
                self.list = Some(list);
                let choice = Choice { label, key, archived: false };
                self.choices.insert(id, choice);
                self
            }
            PicklistEvent::ValueRenamed { id, now, .. } => {
                self.set(id, |choice| choice.label = now)
            }
            PicklistEvent::ValueArchived { id, .. } => self.set(id, |c| c.archived = true),
            PicklistEvent::ValueUnarchived { id, .. } => self.set(id, |c| c.archived = false),
        }
    }

    fn reverse(&self, event: &PicklistEvent) -> Result<Reversal<PicklistEvent>, NotReversible> {
        let gone = |_| NotReversible("The value does not exist.");
        let mut reversal = Reversal { events: Vec::new(), kept: Vec::new() };
        match event {
            // A value may be in use; taking it back means to offer it no longer.
            PicklistEvent::ValueAdded { list, id, .. }
            | PicklistEvent::ValueUnarchived { list, id } => {
                if !self.find(*id).map_err(gone)?.1.archived {
                    reversal.events.push(PicklistEvent::ValueArchived { list: *list, id: *id });
                }
            }
            PicklistEvent::ValueArchived { list, id } => {
                if self.find(*id).map_err(gone)?.1.archived {
                    reversal.events.push(PicklistEvent::ValueUnarchived { list: *list, id: *id });
                }
            }
            PicklistEvent::ValueRenamed { list, id, was, now } => {
                let present = &self.find(*id).map_err(gone)?.1.label;
                if present == now {
                    if self.by_label(was).is_some_and(|(other, _)| other != *id) {
                        return Err(NotReversible("Another value has the earlier label now."));
                    }
                    reversal.events.push(PicklistEvent::ValueRenamed {
                        list: *list,
                        id: *id,
                        was: now.clone(),
                        now: was.clone(),
                    });
                } else if present != was {
                    reversal.kept.push("label");
                }
            }
        }
        Ok(reversal)
    }
}
