//! The order of a list.

use super::filter::{FieldRef, SystemField};
use domain::catalogue::Catalogue;
use domain::error::FieldError;
use domain::record::RecordType;

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Least first.
    Ascending,
    /// Greatest first.
    Descending,
}

/// One sort key. Records without a value come last in both directions; the id decides between
/// equals, in the direction of the first key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// By which field.
    pub field: FieldRef,
    /// Up or down.
    pub direction: Direction,
}

const MOST_KEYS: usize = 2;

impl SortKey {
    /// Last changed first.
    pub const DEFAULT: Self =
        Self { field: FieldRef::System(SystemField::UpdatedAt), direction: Direction::Descending };

    /// Reads `-updated_at,last_name`. Sortable means indexed: other fields are refused.
    pub fn parse<R: RecordType>(text: &str) -> Result<Vec<Self>, Vec<FieldError>> {
        let fault = |message: &str| Err(vec![FieldError::new("sort", "invalid_sort", message)]);
        let mut keys: Vec<Self> = Vec::new();
        for part in text.split(',') {
            let (name, direction) = match part.strip_prefix('-') {
                Some(name) => (name, Direction::Descending),
                None => (part, Direction::Ascending),
            };
            let field = FieldRef::find::<R>(name).filter(|field| match field {
                FieldRef::Field(index) => R::Fields::def(*index).sortable,
                FieldRef::System(field) => field.is_sortable(),
            });
            let Some(field) = field else {
                return fault("Lists cannot be sorted by this field.");
            };
            if keys.iter().any(|key| key.field == field) {
                return fault("A field can be a sort key only once.");
            }
            keys.push(Self { field, direction });
        }
        if keys.len() > MOST_KEYS {
            return fault("At most two sort keys.");
        }
        Ok(keys)
    }
}
