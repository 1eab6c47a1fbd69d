//! Decisions on records.

use super::{Change, FieldSet, Life, Record, RecordCommand, RecordError, RecordEvent, RecordType};
use crate::catalogue::{Catalogue, FieldIndex, Kind};
use crate::error::FieldError;
use crate::kernel::aggregate::{Aggregate, NotReversible, Reversal};
use crate::kernel::custom;
use crate::normalize;
use crate::patch::{self, Patch};
use crate::value::Value;
use chrono::{DateTime, Utc};

/// Greatest length of a note, in characters.
const LONGEST_NOTE: usize = 2_000;

impl<R: RecordType> Record<R> {
    fn create(&self, patch: Patch) -> Result<Vec<RecordEvent<R>>, RecordError> {
        let mut fields = R::Fields::default();
        for (field, value) in patch {
            fields.set(field, merged(None, value));
        }
        R::complete(&mut fields);
        match self.life {
            Life::Absent => {}
            // The same command again is already so; another one would be a second record.
            Life::Active if self.fields == fields => return Ok(Vec::new()),
            Life::Active | Life::Deleted => return Err(RecordError::AlreadyExists),
        }
        let faults = faults::<R>(&fields);
        if !faults.is_empty() {
            return Err(RecordError::Invalid(faults));
        }
        Ok(vec![RecordEvent::Created(FieldSet::new(fields))])
    }

    fn change(&self, patch: Patch, note: Option<&str>) -> Result<Vec<RecordEvent<R>>, RecordError> {
        match self.life {
            Life::Absent => return Err(RecordError::NotFound),
            Life::Deleted => return Err(RecordError::Deleted),
            Life::Active => {}
        }
        let note = note.map(clean_note).transpose()?.flatten();
        let mut after = self.fields.clone();
        let mut changes = Vec::with_capacity(patch.len());
        for (field, value) in patch {
            let was = after.get(field);
            let now = merged(was.clone(), value);
            if was != now {
                after.set(field, now.clone());
                changes.push(Change { field, was, now });
            }
        }
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let faults = self.new_faults(&after);
        if !faults.is_empty() {
            return Err(RecordError::Invalid(faults));
        }
        Ok(by_event(changes, note))
    }

    /// What is wrong with `after` and was not before. What is wrong already, since a person was
    /// erased or a rule became stricter, must not keep the record from being changed.
    fn new_faults(&self, after: &R::Fields) -> Vec<FieldError> {
        let mut faults = faults::<R>(after);
        if !faults.is_empty() {
            let before = self::faults::<R>(&self.fields);
            faults.retain(|fault| !before.contains(fault));
        }
        faults
    }

    /// Takes the changes of one event back, field by field, where nothing came after.
    fn take_back(&self, changes: &[Change]) -> Result<Reversal<RecordEvent<R>>, NotReversible> {
        let mut after = self.fields.clone();
        let mut back = Vec::with_capacity(changes.len());
        let mut kept = Vec::new();
        for Change { field, was, now } in changes {
            let present = self.fields.get(*field);
            let (restored, changed_since) = if R::Fields::def(*field).kind == Kind::Custom {
                custom::take_back(present.as_ref(), was.as_ref(), now.as_ref())
            } else if present == *now {
                (was.clone(), false)
            } else {
                (present.clone(), present != *was)
            };
            if changed_since {
                kept.push(R::Fields::def(*field).name);
            }
            if restored != present {
                after.set(*field, restored.clone());
                back.push(Change { field: *field, was: present, now: restored });
            }
        }
        if !self.new_faults(&after).is_empty() {
            return Err(NotReversible("What would be left does not fit the rules."));
        }
        Ok(Reversal { events: by_event(back, None), kept })
    }

    /// The fields that no longer have the value that the record was made with.
    fn changed_since_creation(&self, created: &FieldSet<R>) -> Vec<&'static str> {
        let differs = |field: &FieldIndex| created.fields.get(*field) != self.fields.get(*field);
        R::Fields::indices().filter(differs).map(|field| R::Fields::def(field).name).collect()
    }
}

/// What a field has after a patch: the patch's value, or, of custom values, both together. In the
/// form in which it will be read back from the log, whoever made the patch: what is empty is absent.
fn merged(present: Option<Value>, patch: Option<Value>) -> Option<Value> {
    match patch {
        Some(Value::Custom(values)) => custom::merge(present, values),
        Some(Value::Refs(mut ids)) => {
            ids.sort_unstable();
            ids.dedup();
            (!ids.is_empty()).then_some(Value::Refs(ids))
        }
        Some(Value::Time(time)) => Some(Value::Time(patch::micros(time))),
        Some(Value::Text(text)) => (!text.is_empty()).then_some(Value::Text(text)),
        value => value,
    }
}

/// What is wrong with a record: by its type's own rules and by those of custom values.
fn faults<R: RecordType>(fields: &R::Fields) -> Vec<FieldError> {
    let mut faults = R::check(fields);
    for (field, def) in R::Fields::indices().zip(R::Fields::FIELDS) {
        if def.kind == Kind::Custom {
            faults.extend(fields.get(field).and_then(|value| custom::check(def, &value)));
        }
    }
    faults
}

fn clean_note(note: &str) -> Result<Option<String>, RecordError> {
    normalize::lines(note, LONGEST_NOTE).map_err(|fault| {
        RecordError::Invalid(vec![patch::text_fault("note", "The note", LONGEST_NOTE, fault)])
    })
}

/// One event per event name that the catalogue gives to the changed fields, in the order in which
/// [`super::EventNames::changed`] lists them. The note goes with the most specific, the last.
fn by_event<R: RecordType>(mut changes: Vec<Change>, note: Option<String>) -> Vec<RecordEvent<R>> {
    let mut events = Vec::new();
    for name in R::EVENTS.changed.iter().copied() {
        let mine: Vec<_> = changes
            .extract_if(.., |c| R::EVENTS.of(R::KIND, R::Fields::def(c.field)) == name)
            .collect();
        if !mine.is_empty() {
            events.push(RecordEvent::Changed { name, changes: mine, note: None });
        }
    }
    if let Some(RecordEvent::Changed { note: slot, .. }) = events.last_mut() {
        *slot = note;
    }
    events
}

impl<R: RecordType> Aggregate for Record<R> {
    const KIND: &'static str = R::KIND;
    type Command = RecordCommand;
    type Event = RecordEvent<R>;
    type Error = RecordError;

    fn decide(
        &self,
        command: RecordCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<RecordEvent<R>>, RecordError> {
        match (command, self.life) {
            (RecordCommand::Create(patch), _) => self.create(patch),
            (RecordCommand::Change { patch, note }, _) => self.change(patch, note.as_deref()),
            (RecordCommand::Delete | RecordCommand::Restore, Life::Absent) => {
                Err(RecordError::NotFound)
            }
            (RecordCommand::Delete, Life::Active) => Ok(vec![RecordEvent::Deleted]),
            (RecordCommand::Restore, Life::Deleted) => Ok(vec![RecordEvent::Restored]),
            (RecordCommand::Delete, Life::Deleted) | (RecordCommand::Restore, Life::Active) => {
                Ok(Vec::new())
            }
        }
    }

    fn evolve(mut self, event: RecordEvent<R>) -> Self {
        match event {
            RecordEvent::Created(set) => {
                self.life = Life::Active;
                self.fields = *set.fields;
            }
            RecordEvent::Changed { changes, .. } => {
                for change in changes {
                    self.fields.set(change.field, change.now);
                }
            }
            RecordEvent::Deleted => self.life = Life::Deleted,
            RecordEvent::Restored => self.life = Life::Active,
        }
        self
    }

    fn reverse(&self, event: &RecordEvent<R>) -> Result<Reversal<RecordEvent<R>>, NotReversible> {
        let mut reversal = Reversal { events: Vec::new(), kept: Vec::new() };
        match (event, self.life) {
            (_, Life::Absent) => return Err(NotReversible("The record does not exist.")),
            (RecordEvent::Created(created), Life::Active) => {
                // What somebody has worked on since is not thrown away with the import it came by.
                reversal.kept = self.changed_since_creation(created);
                if reversal.kept.is_empty() {
                    reversal.events.push(RecordEvent::Deleted);
                }
            }
            (RecordEvent::Restored, Life::Active) => reversal.events.push(RecordEvent::Deleted),
            (RecordEvent::Deleted, Life::Deleted) => reversal.events.push(RecordEvent::Restored),
            (RecordEvent::Created(_) | RecordEvent::Restored, Life::Deleted)
            | (RecordEvent::Deleted, Life::Active) => {}
            (RecordEvent::Changed { .. }, Life::Deleted) => {
                return Err(NotReversible("The record is deleted; restore it first."));
            }
            (RecordEvent::Changed { changes, .. }, Life::Active) => {
                return self.take_back(changes);
            }
        }
        Ok(reversal)
    }
}
