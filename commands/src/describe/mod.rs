//! Events in words.

mod access;
mod bulk;
mod facts;
mod settings;

use crate::history::{Describe, FieldChange, Refers};
use domain::catalogue::Catalogue;
use domain::record::{RecordEvent, RecordType};

impl<R: RecordType> Describe for RecordEvent<R> {
    fn summary(&self) -> String {
        match self {
            Self::Created(_) => format!("{} created", R::LABEL),
            Self::Changed { changes, .. } => {
                let labels: Vec<_> =
                    changes.iter().map(|change| R::Fields::def(change.field).label).collect();
                format!("{} changed", enumerate(&labels))
            }
            Self::Deleted => format!("{} deleted", R::LABEL),
            Self::Restored => format!("{} restored", R::LABEL),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        let change = |field, from, to| {
            let def = R::Fields::def(field);
            FieldChange::new(def.name, def.label, from, to).of(Refers::Kind(def.kind))
        };
        match self {
            Self::Created(set) => set
                .fields
                .present()
                .into_iter()
                .map(|(field, value)| change(field, None, Some(value)))
                .collect(),
            Self::Changed { changes, .. } => {
                changes.iter().map(|c| change(c.field, c.was.clone(), c.now.clone())).collect()
            }
            Self::Deleted | Self::Restored => Vec::new(),
        }
    }

    fn note(&self) -> Option<&str> {
        match self {
            Self::Changed { note, .. } => note.as_deref(),
            Self::Created(_) | Self::Deleted | Self::Restored => None,
        }
    }
}

/// `A`, `A and B`, `A, B and C`, `A, B, C and 4 more`.
pub(crate) fn enumerate<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if first.len() < 3 => format!("{} and {last}", first.join(", ")),
        [first, second, third, rest @ ..] => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}
