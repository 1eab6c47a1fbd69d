//! The generic record: the life that contacts, companies and most later types share. It is
//! created, its fields change, it is deleted and restored; all of it driven by the catalogue.

mod codec;
mod decide;
mod event;
#[cfg(test)]
mod tests;

pub use codec::{FieldSet, UPCASTERS};
pub use event::{Change, RecordEvent};

use crate::catalogue::{Catalogue, FieldDef, FieldIndex};
use crate::error::FieldError;
use crate::ids::MemberId;
use crate::kernel::aggregate::Rejection;
use crate::patch::Patch;
use crate::{normalize, search};
use std::fmt::Debug;

/// A kind of record. What differs between kinds is here; everything else is generic.
pub trait RecordType: Clone + Debug + Default + PartialEq + Send + Sync + 'static {
    /// Its catalogue.
    type Fields: Catalogue;
    /// Stream kind, prefix of event names, singular wire name, such as `contact`.
    const KIND: &'static str;
    /// Path segment, table name and plural wire name, such as `contacts`.
    const PLURAL: &'static str;
    /// What people call one.
    const LABEL: &'static str;
    /// The wire names of its events. Static, so that encoding allocates nothing.
    const EVENTS: EventNames;

    /// The fields that [`RecordType::title`] and [`RecordType::sort_title`] are made of.
    const TITLE: &'static [&'static str];

    /// The fields, most telling first, of which a search shows two beside the title.
    const DETAIL: &'static [&'static str];

    /// Rules over the whole record, applied to what a command would leave behind.
    fn check(fields: &Self::Fields) -> Vec<FieldError>;

    /// What is shown where only one line fits.
    fn title(fields: &Self::Fields) -> String;

    /// What lists sort by when they sort by name, in the form of [`normalize::search_key`].
    fn sort_title(fields: &Self::Fields) -> String {
        normalize::search_key(&Self::title(fields))
    }

    /// What the search box looks at: see [`search::text`].
    fn search_text(fields: &Self::Fields) -> String {
        search::text(fields)
    }

    /// The member responsible, on which reach depends.
    fn assigned_to(fields: &Self::Fields) -> Option<MemberId>;

    /// Fills values that follow from others when a record is made (a default status, say).
    fn complete(_fields: &mut Self::Fields) {}
}

/// The fields of a record with some of them emptied: what is made of it, such as its title, tells
/// nothing about those.
pub fn without<R: RecordType>(fields: &R::Fields, hidden: &[FieldIndex]) -> R::Fields {
    let mut shown = fields.clone();
    for field in hidden {
        shown.set(*field, None);
    }
    shown
}

/// Wire names of a record type's events.
#[derive(Clone, Copy, Debug)]
pub struct EventNames {
    /// `<kind>.created`
    pub created: &'static str,
    /// `<kind>.deleted`
    pub deleted: &'static str,
    /// `<kind>.restored`
    pub restored: &'static str,
    /// `<kind>.<suffix>` for every suffix that the catalogue uses.
    pub changed: &'static [&'static str],
}

impl EventNames {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        let own = [self.created, self.deleted, self.restored];
        own.into_iter().chain(self.changed.iter().copied())
    }

    /// The wire name of a change to a field.
    pub fn of(&self, kind: &str, def: &FieldDef) -> &'static str {
        self.changed
            .iter()
            .copied()
            .find(|name| {
                name.strip_prefix(kind).and_then(|n| n.strip_prefix('.')) == Some(def.event)
            })
            .unwrap_or(self.changed[0])
    }
}

/// Where a record is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    /// Never made.
    #[default]
    Absent,
    /// In use.
    Active,
    /// In the recycle bin.
    Deleted,
}

/// The folded state of a record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record<R: RecordType> {
    /// Where it is in its life.
    pub life: Life,
    /// Its values.
    pub fields: R::Fields,
}

impl<R: RecordType> Record<R> {
    /// The member responsible.
    pub fn assigned_to(&self) -> Option<MemberId> {
        R::assigned_to(&self.fields)
    }
}

/// What may be asked of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordCommand {
    /// Make it.
    Create(Patch),
    /// Set and clear fields.
    Change {
        /// What to set and clear.
        patch: Patch,
        /// A note to keep with the change, such as why the status changed.
        note: Option<String>,
    },
    /// Put it into the recycle bin.
    Delete,
    /// Take it out of the recycle bin.
    Restore,
}

/// Why a command on a record was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It was never made.
    #[error("There is no such record.")]
    NotFound,
    /// It was made before, with other values.
    #[error("This record exists already.")]
    AlreadyExists,
    /// It is in the recycle bin.
    #[error("This record is deleted. Restore it before you change it.")]
    Deleted,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for RecordError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Deleted => "deleted",
            Self::Invalid(_) => "invalid",
        }
    }

    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(fields) = self { fields } else { &[] }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}
