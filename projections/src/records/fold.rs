//! Folding a batch: at most one row per record comes out.

use crate::error::ApplyError;
use crate::runtime::{Assignment, Change, ChangeKind, Entry, Failure};
use chrono::{DateTime, Utc};
use domain::catalogue::{Catalogue, Kind};
use domain::ids::MemberId;
use domain::record::{RecordEvent, RecordType};
use domain::value::Value;
use store::Position;
use uuid::Uuid;

/// A record as its row will be.
#[derive(Clone, Debug)]
pub(super) struct State<R: RecordType> {
    pub(super) fields: R::Fields,
    pub(super) version: u32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) created_by: Option<MemberId>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) updated_by: Option<MemberId>,
    pub(super) deleted_at: Option<DateTime<Utc>>,
}

impl<R: RecordType> State<R> {
    /// The pick-list values that the record counts for; none while it is deleted.
    fn choices(&self) -> Vec<Uuid> {
        if self.deleted_at.is_some() {
            return Vec::new();
        }
        let mut ids = Vec::new();
        for (field, def) in R::Fields::indices().zip(R::Fields::FIELDS) {
            match (def.kind, self.fields.get(field)) {
                (Kind::Choice(_), Some(Value::Ref(id))) => ids.push(id),
                (Kind::Choices(_), Some(Value::Refs(many))) => ids.extend(many),
                _ => {}
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// What was there before the batch, as far as it matters for what changed.
#[derive(Clone, Debug)]
struct Before {
    assigned_to: Option<MemberId>,
    deleted: bool,
    choices: Vec<Uuid>,
}

/// A record that the batch touches.
#[derive(Clone, Debug)]
pub(super) struct Slot<R: RecordType> {
    pub(super) id: Uuid,
    pub(super) state: Option<State<R>>,
    before: Option<Before>,
    position: Position,
}

impl<R: RecordType> Slot<R> {
    /// A record whose row, if it has one, is `state`.
    pub(super) fn new(id: Uuid, state: Option<State<R>>) -> Self {
        let before = state.as_ref().map(|state| Before {
            assigned_to: R::assigned_to(&state.fields),
            deleted: state.deleted_at.is_some(),
            choices: state.choices(),
        });
        Self { id, state, before, position: 0 }
    }

    /// Whether the batch made it.
    pub(super) fn is_new(&self) -> bool {
        self.before.is_none()
    }

    /// Applies an event. Versions count from 1 without gaps, which proves that none was lost,
    /// doubled or reordered on its way here.
    pub(super) fn evolve(&mut self, entry: &Entry, event: RecordEvent<R>) -> Result<(), Failure> {
        let found = entry.event.version;
        let expected = self.state.as_ref().map_or(1, |state| state.version + 1);
        let out_of_order = || Failure {
            at: Some((entry.event.stream, entry.event.position)),
            error: ApplyError::OutOfOrder { expected, found },
        };
        if found != expected {
            return Err(out_of_order());
        }
        let actor = entry.meta().map_err(Failure::at(entry))?.actor.member;
        let at = entry.event.recorded_at;
        self.position = entry.event.position;
        let Some(state) = &mut self.state else {
            let RecordEvent::Created(set) = event else { return Err(out_of_order()) };
            self.state = Some(State {
                fields: *set.fields,
                version: found,
                created_at: at,
                created_by: actor,
                updated_at: at,
                updated_by: actor,
                deleted_at: None,
            });
            return Ok(());
        };
        match event {
            RecordEvent::Created(_) => return Err(out_of_order()),
            RecordEvent::Changed { changes, .. } => {
                for change in changes {
                    state.fields.set(change.field, change.now);
                }
            }
            RecordEvent::Deleted => state.deleted_at = Some(at),
            RecordEvent::Restored => state.deleted_at = None,
        }
        state.version = found;
        state.updated_at = at;
        state.updated_by = actor;
        Ok(())
    }

    /// What changed, for who looks at it.
    pub(super) fn change(&self) -> Option<Change> {
        let state = self.state.as_ref()?;
        let was_deleted = self.before.as_ref().is_some_and(|before| before.deleted);
        let kind = match (&self.before, was_deleted, state.deleted_at.is_some()) {
            (_, false, true) => ChangeKind::Deleted,
            (None, _, false) => ChangeKind::Created,
            (Some(_), true, false) => ChangeKind::Restored,
            (Some(_), false, false) | (_, true, true) => ChangeKind::Changed,
        };
        Some(Change {
            record_type: R::KIND.into(),
            id: self.id,
            version: state.version,
            position: self.position,
            kind,
            assignment: Some(Assignment {
                before: self.before.as_ref().and_then(|before| before.assigned_to),
                after: R::assigned_to(&state.fields),
            }),
        })
    }

    /// Calls `count` with each pick-list value that the record has gained (1) or lost (-1).
    pub(super) fn count_choices(&self, mut count: impl FnMut(Uuid, i64)) {
        for id in self.before.iter().flat_map(|before| &before.choices) {
            count(*id, -1);
        }
        for id in self.state.iter().flat_map(State::choices) {
            count(id, 1);
        }
    }
}
