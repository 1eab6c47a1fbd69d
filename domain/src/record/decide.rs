//! Decisions on records.

use super::{Change, FieldSet, Life, Record, RecordCommand, RecordError, RecordEvent, RecordType};
use crate::catalogue::Catalogue;
use crate::kernel::aggregate::{Aggregate, NotReversible, Reversal};
use crate::patch::Patch;
use chrono::{DateTime, Utc};

impl<R: RecordType> Record<R> {
    fn create(&self, patch: Patch) -> Result<Vec<RecordEvent<R>>, RecordError> {
        let mut fields = R::Fields::default();
        for (field, value) in patch {
            fields.set(field, value);
        }
        R::complete(&mut fields);
        match self.life {
            Life::Absent => {}
            // The same command again is already so; another one would be a second record.
            Life::Active if self.fields == fields => return Ok(Vec::new()),
            Life::Active | Life::Deleted => return Err(RecordError::AlreadyExists),
        }
        let faults = R::check(&fields);
        if !faults.is_empty() {
            return Err(RecordError::Invalid(faults));
        }
        Ok(vec![RecordEvent::Created(FieldSet::new(fields.present()))])
    }

    fn change(&self, patch: Patch, note: Option<&str>) -> Result<Vec<RecordEvent<R>>, RecordError> {
        match self.life {
            Life::Absent => return Err(RecordError::NotFound),
            Life::Deleted => return Err(RecordError::Deleted),
            Life::Active => {}
        }
        let mut after = self.fields.clone();
        let mut changes = Vec::with_capacity(patch.len());
        for (field, now) in patch {
            let was = after.get(field);
            if was != now {
                after.set(field, now.clone());
                changes.push(Change { field, was, now });
            }
        }
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let faults = R::check(&after);
        if !faults.is_empty() {
            return Err(RecordError::Invalid(faults));
        }
        Ok(by_event(changes, note))
    }
}

/// One event per event name that the catalogue gives to the changed fields, in the order in which
/// [`super::EventNames::changed`] lists them. The note goes with the most specific, the last.
fn by_event<R: RecordType>(changes: Vec<Change>, note: Option<&str>) -> Vec<RecordEvent<R>> {
    let mut rest = changes;
    let mut events = Vec::new();
    for name in R::EVENTS.changed.iter().copied() {
        let (mine, others): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|c| R::EVENTS.of(R::KIND, R::Fields::def(c.field)) == name);
        rest = others;
        if !mine.is_empty() {
            events.push(RecordEvent::Changed { name, changes: mine, note: None });
        }
    }
    if let (Some(note), Some(RecordEvent::Changed { note: slot, .. })) = (note, events.last_mut()) {
        *slot = Some(note.to_owned());
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

    fn evolve(mut self, event: &RecordEvent<R>) -> Self {
        match event {
            RecordEvent::Created(set) => {
                self.life = Life::Active;
                for (field, value) in &set.values {
                    self.fields.set(*field, Some(value.clone()));
                }
            }
            RecordEvent::Changed { changes, .. } => {
                for change in changes {
                    self.fields.set(change.field, change.now.clone());
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
            (RecordEvent::Created(_) | RecordEvent::Restored, Life::Active) => {
                reversal.events.push(RecordEvent::Deleted);
            }
            (RecordEvent::Deleted, Life::Deleted) => reversal.events.push(RecordEvent::Restored),
            (RecordEvent::Created(_) | RecordEvent::Restored, Life::Deleted)
            | (RecordEvent::Deleted, Life::Active) => {}
            (RecordEvent::Changed { .. }, Life::Deleted) => {
                return Err(NotReversible("The record is deleted; restore it first."));
            }
            (RecordEvent::Changed { changes, .. }, Life::Active) => {
                let mut after = self.fields.clone();
                let mut back = Vec::new();
                for change in changes {
                    let present = self.fields.get(change.field);
                    if present == change.now {
                        after.set(change.field, change.was.clone());
                        if present != change.was {
                            back.push(Change {
                                field: change.field,
                                was: present,
                                now: change.was.clone(),
                            });
                        }
                    } else if present != change.was {
                        reversal.kept.push(R::Fields::def(change.field).name);
                    }
                }
                if !back.is_empty() && !R::check(&after).is_empty() {
                    return Err(NotReversible("What would be left does not fit the rules."));
                }
                reversal.events = by_event(back, None);
            }
        }
        Ok(reversal)
    }
}
