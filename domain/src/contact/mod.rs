//! A contact: a person the organization deals with.

mod fields;
#[cfg(test)]
mod tests;

pub use fields::ContactFields;

use crate::error::FieldError;
use crate::ids::{ChoiceId, MemberId};
use crate::normalize;
use crate::picklist;
use crate::record::{EventNames, Record, RecordEvent, RecordType};

/// The record type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactType;

impl ContactType {
    /// The name as a card index has it: "last, first". A full name that stands alone is not
    /// split; without any name, the company, the e-mail address or the number stands in.
    pub fn sort_name(fields: &ContactFields) -> String {
        match (&fields.last_name, &fields.first_name) {
            (Some(last), Some(first)) => format!("{last}, {first}"),
            (Some(last), None) => last.clone(),
            (None, first) => [
                &fields.full_name,
                first,
                &fields.company_name,
                &fields.email,
                &fields.phone,
                &fields.mobile,
            ]
            .into_iter()
            .find_map(Clone::clone)
            .unwrap_or_default(),
        }
    }
}

/// The folded state of a contact.
pub type Contact = Record<ContactType>;
/// What can have happened to a contact.
pub type ContactEvent = RecordEvent<ContactType>;

impl RecordType for ContactType {
    type Fields = ContactFields;
    const KIND: &'static str = "contact";
    const PLURAL: &'static str = "contacts";
    const LABEL: &'static str = "Contact";
    const EVENTS: EventNames = EventNames {
        created: "contact.created",
        deleted: "contact.deleted",
        restored: "contact.restored",
        changed: &[
            "contact.details_changed",
            "contact.tags_changed",
            "contact.assigned",
            "contact.status_changed",
        ],
    };

    const TITLE: &'static [&'static str] =
        &["first_name", "last_name", "full_name", "email", "company_name", "phone", "mobile"];

    const DETAIL: &'static [&'static str] = &["company", "company_name", "email", "phone", "city"];

    fn check(fields: &ContactFields) -> Vec<FieldError> {
        let named = fields.first_name.is_some()
            || fields.last_name.is_some()
            || fields.full_name.is_some()
            || fields.email.is_some()
            || fields.phone.is_some()
            || fields.mobile.is_some()
            || fields.company_name.is_some();
        if named {
            Vec::new()
        } else {
            let message = "Give at least a name, a company, an e-mail address or a phone number.";
            vec![FieldError::new("full_name", "name_missing", message)]
        }
    }

    fn title(fields: &ContactFields) -> String {
        let parts: Vec<&str> = [&fields.first_name, &fields.last_name]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        fields
            .full_name
            .clone()
            .or_else(|| (!parts.is_empty()).then(|| parts.join(" ")))
            .or_else(|| fields.email.clone())
            .or_else(|| fields.company_name.clone())
            .or_else(|| fields.phone.clone())
            .or_else(|| fields.mobile.clone())
            .unwrap_or_else(|| "Unnamed contact".to_owned())
    }

    fn sort_title(fields: &ContactFields) -> String {
        normalize::search_key(&Self::sort_name(fields))
    }

    fn assigned_to(fields: &ContactFields) -> Option<MemberId> {
        fields.assigned_to
    }

    fn complete(fields: &mut ContactFields) {
        fields.status.get_or_insert(ChoiceId(picklist::LEAD));
        fields.is_active.get_or_insert(true);
        fields.do_not_contact.get_or_insert(false);
    }
}
