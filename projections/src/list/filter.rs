//! What a list is narrowed down to, typed and validated.

use domain::catalogue::{Catalogue, FieldDef, FieldIndex};
use domain::error::FieldError;
use domain::record::RecordType;
use domain::value::Value;
use uuid::Uuid;

/// What every record has beside the fields of its catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemField {
    /// Its id, for asking again for certain records; only for filtering.
    Id,
    /// The title, in the order of a card index; only for sorting.
    Name,
    /// When it was made.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// When it was put into the recycle bin.
    DeletedAt,
    /// The member who made it.
    CreatedBy,
    /// The member who last changed it.
    UpdatedBy,
}

impl SystemField {
    /// Every one of them.
    pub const ALL: [Self; 7] = [
        Self::Id,
        Self::Name,
        Self::CreatedAt,
        Self::UpdatedAt,
        Self::DeletedAt,
        Self::CreatedBy,
        Self::UpdatedBy,
    ];

    /// Name in filters and sort keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::DeletedAt => "deleted_at",
            Self::CreatedBy => "created_by",
            Self::UpdatedBy => "updated_by",
        }
    }

    /// Whether lists can be sorted by it.
    pub const fn is_sortable(self) -> bool {
        match self {
            Self::Name | Self::CreatedAt | Self::UpdatedAt => true,
            Self::Id | Self::DeletedAt | Self::CreatedBy | Self::UpdatedBy => false,
        }
    }

    /// What filters may ask of it.
    pub fn operators(self) -> &'static [&'static str] {
        super::parse::system_def(self).map_or(&[], operators)
    }

    pub(crate) const fn column(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "sort_title",
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::DeletedAt => "deleted_at",
            Self::CreatedBy => "created_by",
            Self::UpdatedBy => "updated_by",
        }
    }
}

/// What filters may ask of a field; none if lists cannot be filtered by it.
pub fn operators(def: &'static FieldDef) -> &'static [&'static str] {
    super::parse::operators(def)
}

/// A field of a record type, or one that every record has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldRef {
    /// From the catalogue.
    Field(FieldIndex),
    /// From outside the catalogue.
    System(SystemField),
}

impl FieldRef {
    /// The field of that name; the catalogue comes first.
    pub fn find<R: RecordType>(name: &str) -> Option<Self> {
        R::Fields::index(name).map(Self::Field).or_else(|| {
            SystemField::ALL.into_iter().find(|field| field.as_str() == name).map(Self::System)
        })
    }

    /// Its name in the API.
    pub fn name<R: RecordType>(self) -> &'static str {
        match self {
            Self::Field(index) => R::Fields::def(index).name,
            Self::System(field) => field.as_str(),
        }
    }
}

/// An order between a field and a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
}

/// What is asked of one field. Empty fields pass only [`Test::Empty`], [`Test::Not`],
/// [`Test::HasNot`] and [`Test::NotWithinLast`].
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It has no value.
    Empty,
    /// It has a value.
    NotEmpty,
    /// It is one of these (`eq`, `in`); text whatever its case and accents.
    Is(Vec<Value>),
    /// It is something else (`ne`), or empty.
    Not(Value),
    /// Its text contains this.
    Contains(String),
    /// Its text starts with this.
    StartsWith(String),
    /// It has at least one of these pick-list values (`in`).
    HasAny(Vec<Uuid>),
    /// It has all of these pick-list values (`eq`, `contains`).
    HasAll(Vec<Uuid>),
    /// It does not have this pick-list value (`ne`).
    HasNot(Uuid),
    /// It stands in this order to a value.
    Compare(Comparison, Value),
    /// It lies between two values, both included.
    Between(Value, Value),
    /// It lies within the last so many days, up to now.
    WithinLast(i32),
    /// It lies further back than so many days, or is empty.
    NotWithinLast(i32),
}

/// One field and what is asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Which field.
    pub field: FieldRef,
    /// What is asked.
    pub test: Test,
}

/// A tree of conditions.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All must hold; none of them always holds.
    All(Vec<Self>),
    /// At least one must hold.
    Any(Vec<Self>),
    /// A leaf.
    Is(Condition),
}

impl Filter {
    /// Reads the API's JSON form. Pointers in faults are relative to the query, such as
    /// `/filter/all/0/value`.
    pub fn parse<R: RecordType>(json: &serde_json::Value) -> Result<Self, Vec<FieldError>> {
        super::parse::filter::<R>(json)
    }
}
