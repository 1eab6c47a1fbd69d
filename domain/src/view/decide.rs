//! Decisions on views.

use super::{
    Arrangement, Criteria, View, ViewCommand, ViewError, ViewEvent, ViewPatch, Visibility,
};
use crate::error::FieldError;
use crate::kernel::aggregate::{Aggregate, NotReversible, Reversal};
use crate::{normalize, patch};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

const LONGEST_NAME: usize = 100;
const LONGEST_Q: usize = 200;
const LONGEST_SORT: usize = 100;
/// Of a filter as compact JSON, in bytes.
const LONGEST_FILTER: usize = 16_000;
const MOST_COLUMNS: usize = 100;
const WIDTHS: std::ops::RangeInclusive<u16> = 24..=2_000;

/// The parts of a view that people choose, read and judged.
struct Wanted {
    name: Option<String>,
    criteria: Criteria,
    arrangement: Arrangement,
    visibility: Visibility,
}

fn fault(field: &str, code: &'static str, message: &str) -> FieldError {
    FieldError::new(field, code, message)
}

fn columns(patch: &ViewPatch) -> Option<FieldError> {
    let columns = patch.columns.as_ref()?;
    if columns.len() > MOST_COLUMNS {
        return Some(fault("columns", "too_many", "At most 100 columns."));
    }
    let mut seen = BTreeSet::new();
    for (place, column) in columns.iter().enumerate() {
        if !seen.insert(&column.field) {
            let message = "A field can be a column only once.";
            return Some(fault(&format!("columns/{place}/field"), "duplicate_field", message));
        }
        if column.width.is_some_and(|width| !WIDTHS.contains(&width)) {
            let message = "Between 24 and 2,000 pixels.";
            return Some(fault(&format!("columns/{place}/width"), "out_of_range", message));
        }
    }
    None
}

impl View {
    /// What a patch makes of it.
    fn after(&self, patch: ViewPatch) -> Result<Wanted, ViewError> {
        let mut faults: Vec<FieldError> = columns(&patch).into_iter().collect();
        let mut name = self.name.clone();
        if let Some(given) = &patch.name {
            match patch::required("name", "The name", LONGEST_NAME, given) {
                Ok(text) => name = Some(text),
                Err(found) => faults.push(found),
            }
        }
        let mut criteria = self.criteria.clone();
        if let Some(given) = patch.q {
            match normalize::line(given.as_deref().unwrap_or_default(), LONGEST_Q) {
                Ok(text) => criteria.q = text,
                Err(found) => {
                    faults.push(patch::text_fault("q", "The search", LONGEST_Q, found));
                }
            }
        }
        if let Some(filter) = patch.filter {
            if filter.as_ref().is_some_and(|json| json.to_string().len() > LONGEST_FILTER) {
                faults.push(fault("filter", "too_long", "The filter is too long to be kept."));
            }
            criteria.filter = filter.filter(|json| !json.is_null());
        }
        let mut arrangement = self.arrangement.clone();
        if let Some(sort) = patch.sort {
            arrangement.sort = sort.filter(|text| !text.is_empty());
            if arrangement.sort.as_ref().is_some_and(|text| text.len() > LONGEST_SORT) {
                faults.push(fault("sort", "too_long", "At most 100 characters."));
            }
        }
        arrangement.columns = patch.columns.unwrap_or(arrangement.columns);
        let visibility = patch.visibility.unwrap_or(self.visibility);
        if faults.is_empty() {
            Ok(Wanted { name, criteria, arrangement, visibility })
        } else {
            Err(ViewError::Invalid(faults))
        }
    }

    fn present(&self) -> Result<(), ViewError> {
        if self.owner.is_none() { Err(ViewError::NotFound) } else { Ok(()) }
    }

    fn change(&self, patch: ViewPatch) -> Result<Vec<ViewEvent>, ViewError> {
        self.present()?;
        if self.deleted {
            return Err(ViewError::Deleted);
        }
        let wanted = self.after(patch)?;
        let mut events = Vec::new();
        if wanted.name != self.name {
            events.push(ViewEvent::Renamed { was: self.name.clone(), now: wanted.name });
        }
        if wanted.criteria != self.criteria {
            let (was, now) = (Some(self.criteria.clone()), Some(wanted.criteria));
            events.push(ViewEvent::Narrowed { was, now });
        }
        if wanted.arrangement != self.arrangement {
            let (was, now) = (self.arrangement.clone(), wanted.arrangement);
            events.push(ViewEvent::Arranged { was, now });
        }
        match (self.visibility, wanted.visibility) {
            (Visibility::Private, Visibility::Shared) => events.push(ViewEvent::Shared {}),
            (Visibility::Shared, Visibility::Private) => events.push(ViewEvent::Unshared {}),
            (Visibility::Private, Visibility::Private)
            | (Visibility::Shared, Visibility::Shared) => {}
        }
        Ok(events)
    }
}

impl Aggregate for View {
    const KIND: &'static str = "view";
    type Command = ViewCommand;
    type Event = ViewEvent;
    type Error = ViewError;

    fn decide(
        &self,
        command: ViewCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<ViewEvent>, ViewError> {
        match command {
            ViewCommand::Create { record_type, owner, mut patch } => {
                // A view without a name is refused as one whose name is missing.
                patch.name.get_or_insert_default();
                let Wanted { name, criteria, arrangement, visibility } =
                    Self::default().after(patch)?;
                let made = Self {
                    record_type: record_type.clone(),
                    owner: Some(owner),
                    visibility,
                    name: name.clone(),
                    criteria: criteria.clone(),
                    arrangement: arrangement.clone(),
                    deleted: false,
                };
                if *self == made {
                    return Ok(Vec::new());
                }
                if self.owner.is_some() {
                    return Err(ViewError::AlreadyExists);
                }
                let criteria = Some(criteria);
                Ok(vec![ViewEvent::Created {
                    record_type,
                    owner,
                    visibility,
                    arrangement,
                    name,
                    criteria,
                }])
            }
            ViewCommand::Change(patch) => self.change(patch),
            ViewCommand::Delete => {
                self.present()?;
                Ok(if self.deleted { Vec::new() } else { vec![ViewEvent::Deleted {}] })
            }
            ViewCommand::Restore => {
                self.present()?;
                Ok(if self.deleted { vec![ViewEvent::Restored {}] } else { Vec::new() })
            }
        }
    }

    fn evolve(mut self, event: ViewEvent) -> Self {
        match event {
            ViewEvent::Created { record_type, owner, visibility, arrangement, name, criteria } => {
                return Self {
                    record_type,
                    owner: Some(owner),
                    visibility,
                    name,
                    criteria: criteria.unwrap_or_default(),
                    arrangement,
                    deleted: false,
                };
            }
            ViewEvent::Renamed { now, .. } => self.name = now,
            ViewEvent::Narrowed { now, .. } => self.criteria = now.unwrap_or_default(),
            ViewEvent::Arranged { now, .. } => self.arrangement = now,
            ViewEvent::Shared {} => self.visibility = Visibility::Shared,
            ViewEvent::Unshared {} => self.visibility = Visibility::Private,
            ViewEvent::Deleted {} => self.deleted = true,
            ViewEvent::Restored {} => self.deleted = false,
        }
        self
    }

    fn reverse(&self, event: &ViewEvent) -> Result<Reversal<ViewEvent>, NotReversible> {
        if self.owner.is_none() {
            return Err(NotReversible("The view does not exist."));
        }
        let mut reversal = Reversal { events: Vec::new(), kept: Vec::new() };
        match event {
            ViewEvent::Created { .. } | ViewEvent::Restored {} => {
                reversal.events.extend((!self.deleted).then_some(ViewEvent::Deleted {}));
            }
            ViewEvent::Deleted {} => {
                reversal.events.extend(self.deleted.then_some(ViewEvent::Restored {}));
            }
            _ if self.deleted => {
                return Err(NotReversible("The view is deleted; restore it first."));
            }
            ViewEvent::Renamed { was, now } => {
                // What was erased cannot be brought back.
                if was.is_some() && self.name == *now {
                    let (was, now) = (now.clone(), was.clone());
                    reversal.events.push(ViewEvent::Renamed { was, now });
                } else if self.name != *was {
                    reversal.kept.push("name");
                }
            }
            ViewEvent::Narrowed { was, now } => {
                let present = Some(&self.criteria);
                if was.is_some() && present == now.as_ref() {
                    let (was, now) = (now.clone(), was.clone());
                    reversal.events.push(ViewEvent::Narrowed { was, now });
                } else if present != was.as_ref() {
                    reversal.kept.push("filter");
                }
            }
            ViewEvent::Arranged { was, now } => {
                if self.arrangement == *now {
                    let (was, now) = (now.clone(), was.clone());
                    reversal.events.push(ViewEvent::Arranged { was, now });
                } else if self.arrangement != *was {
                    reversal.kept.push("columns");
                }
            }
            ViewEvent::Shared {} => {
                let shared = self.visibility == Visibility::Shared;
                reversal.events.extend(shared.then_some(ViewEvent::Unshared {}));
            }
            ViewEvent::Unshared {} => {
                let private = self.visibility == Visibility::Private;
                reversal.events.extend(private.then_some(ViewEvent::Shared {}));
            }
        }
        Ok(reversal)
    }
}
