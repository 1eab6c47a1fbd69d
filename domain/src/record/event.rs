//! What can have happened to a record. **This is storage.**

use super::{FieldSet, RecordType};
use crate::catalogue::FieldIndex;
use crate::value::Value;

/// A field's value before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which field.
    pub field: FieldIndex,
    /// What it was; `None` is empty (or erased).
    pub was: Option<Value>,
    /// What it is since; `None` is empty (or erased).
    pub now: Option<Value>,
}

/// An event of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordEvent<R: RecordType> {
    /// It was made with these values.
    Created(FieldSet<R>),
    /// Fields changed.
    Changed {
        /// Wire name, one of the type's [`super::EventNames::changed`].
        name: &'static str,
        /// Each changed field once, in catalogue order.
        changes: Vec<Change>,
        /// What the actor noted; sealed.
        note: Option<String>,
    },
    /// It was put into the recycle bin.
    Deleted,
    /// It was taken out again.
    Restored,
}
