//! What can have happened to a record. **This is storage.**

use super::{FieldSet, RecordType};
use crate::catalogue::{Catalogue as _, FieldIndex};
use crate::value::Value;
use std::fmt;

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
#[derive(Clone, PartialEq)]
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

/// Shows fields by name, since their places change when a catalogue grows.
impl<R: RecordType> fmt::Debug for RecordEvent<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created(set) => f.debug_tuple(R::EVENTS.created).field(set).finish(),
            Self::Changed { name, changes, note } => {
                let mut event = f.debug_struct(name);
                for change in changes {
                    event.field(R::Fields::def(change.field).name, &(&change.was, &change.now));
                }
                event.field("note", note).finish()
            }
            Self::Deleted => f.write_str(R::EVENTS.deleted),
            Self::Restored => f.write_str(R::EVENTS.restored),
        }
    }
}
