//! A company: the organisation that contacts and customers belong to.

mod fields;
#[cfg(test)]
mod tests;

pub use fields::CompanyFields;

use crate::error::FieldError;
use crate::ids::MemberId;
use crate::record::{EventNames, Record, RecordEvent, RecordType};

/// The record type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyType;

/// The folded state of a company.
pub type Company = Record<CompanyType>;
/// What can have happened to a company.
pub type CompanyEvent = RecordEvent<CompanyType>;

impl RecordType for CompanyType {
    type Fields = CompanyFields;
    const KIND: &'static str = "company";
    const PLURAL: &'static str = "companies";
    const LABEL: &'static str = "Company";
    const EVENTS: EventNames = EventNames {
        created: "company.created",
        deleted: "company.deleted",
        restored: "company.restored",
        changed: &["company.details_changed", "company.tags_changed", "company.assigned"],
    };

    const TITLE: &'static [&'static str] = &["name"];

    const DETAIL: &'static [&'static str] = &["city", "email", "phone", "website"];

    fn check(fields: &CompanyFields) -> Vec<FieldError> {
        if fields.name.is_some() {
            Vec::new()
        } else {
            vec![FieldError::new("name", "name_missing", "A company needs a name.")]
        }
    }

    fn title(fields: &CompanyFields) -> String {
        fields.name.clone().unwrap_or_else(|| "Unnamed company".to_owned())
    }

    fn assigned_to(fields: &CompanyFields) -> Option<MemberId> {
        fields.assigned_to
    }
}
