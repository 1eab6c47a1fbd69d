//! A saved view: what a list was narrowed down to, in which order and with which columns, under a
//! name. It belongs to the member who made it, who may share it with the staff.
//!
//! Whether a filter or a column fits the record type's catalogue is judged where lists are read:
//! the aggregate keeps them as they were asked for.

mod decide;
#[cfg(test)]
mod tests;

use crate::error::FieldError;
use crate::ids::MemberId;
use crate::kernel::aggregate::Rejection;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Who sees a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Its owner alone.
    #[default]
    Private,
    /// Every member of staff who sees records of its type.
    Shared,
}

impl Visibility {
    /// Wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Shared => "shared",
        }
    }
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name of the field.
    pub field: String,
    /// Width in CSS pixels, if somebody set one.
    pub width: Option<u16>,
}

/// What a list is narrowed down to. May hold what is personal: sealed in events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    /// Conditions, in the form of lists.
    pub filter: Option<Json>,
    /// Words.
    pub q: Option<String>,
}

/// How a list is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrangement {
    /// Sort keys, in the form of lists.
    pub sort: Option<String>,
    /// Its columns in order; none is the type's usual ones.
    pub columns: Vec<Column>,
}

crate::stored_events! {
    /// What can have happened to a view. **This is storage.**
    pub enum ViewEvent {
        /// It was saved.
        "view.created" => Created {
            record_type: String,
            owner: MemberId,
            visibility: Visibility,
            arrangement: Arrangement,
        } sealed { name: String, criteria: Criteria },
        /// It has another name.
        "view.renamed" => Renamed {} sealed { was: String, now: String },
        /// It narrows the list down otherwise.
        "view.narrowed" => Narrowed {} sealed { was: Criteria, now: Criteria },
        /// It lays the list out otherwise.
        "view.arranged" => Arranged { was: Arrangement, now: Arrangement },
        /// All of the staff sees it.
        "view.shared" => Shared {},
        /// Its owner alone sees it.
        "view.unshared" => Unshared {},
        /// It was deleted.
        "view.deleted" => Deleted {},
        /// It is back.
        "view.restored" => Restored {},
    }
}

/// What shall be otherwise; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewPatch {
    /// Its name.
    pub name: Option<String>,
    /// Conditions, or none.
    pub filter: Option<Option<Json>>,
    /// Words, or none.
    pub q: Option<Option<String>>,
    /// Sort keys, or the usual ones.
    pub sort: Option<Option<String>>,
    /// Its columns.
    pub columns: Option<Vec<Column>>,
    /// Who sees it.
    pub visibility: Option<Visibility>,
}

/// What may be asked of a view.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    /// Save it.
    Create {
        /// Plural wire name of the type of its records, such as `contacts`.
        record_type: String,
        /// Whose it is.
        owner: MemberId,
        /// Everything else.
        patch: ViewPatch,
    },
    /// Change it.
    Change(ViewPatch),
    /// Delete it.
    Delete,
    /// Take it back.
    Restore,
}

/// Why a command on a view was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// No such view.
    #[error("There is no such view.")]
    NotFound,
    /// Another view has this id.
    #[error("This view exists already.")]
    AlreadyExists,
    /// It is deleted.
    #[error("This view is deleted. Restore it before you change it.")]
    Deleted,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for ViewError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Deleted => "deleted",
            Self::Invalid(_) => "invalid",
        }
    }

    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Plural wire name of the type of its records; empty before it was saved.
    pub record_type: String,
    /// Whose it is; `None` before it was saved.
    pub owner: Option<MemberId>,
    /// Who sees it.
    pub visibility: Visibility,
    /// Its name; `None` once erased.
    pub name: Option<String>,
    /// What it narrows the list down to.
    pub criteria: Criteria,
    /// How it lays the list out.
    pub arrangement: Arrangement,
    /// Whether it is deleted.
    pub deleted: bool,
}
