//! One act on many records: the first event is the intent, the next ones fix which records it is
//! about, the last says what came of it. The records' own streams tell what was done to each.
//!
//! Its stream has the id of its action and of the job that carries it out.

#[cfg(test)]
mod tests;

use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// Most ids in one event.
pub const PAGE: usize = 1_000;

/// What is done to each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Fields get values, or none.
    Set,
    /// Lists get more values.
    Add,
    /// Lists lose values.
    Remove,
    /// Somebody becomes responsible, or nobody.
    Assign,
    /// It goes into the recycle bin.
    Delete,
    /// It comes out of the recycle bin.
    Restore,
}

/// How the records were told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selecting {
    /// One by one.
    Ids,
    /// All that a list finds.
    Filter,
}

/// What may hold something personal: sealed, and of no use if it was erased.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// Conditions, in the form of lists.
    pub filter: Option<Json>,
    /// Words.
    pub q: Option<String>,
    /// What the act is given: values by field, ids by field, or an id.
    pub values: Json,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The type of the records, such as `contact`.
    pub record_type: String,
    /// What is done.
    pub act: Act,
    /// Names of the fields that it is about.
    pub fields: Vec<String>,
    /// How the records were told.
    pub by: Selecting,
    /// The rest; `None` once erased.
    pub intent: Option<Intent>,
}

crate::stored_events! {
    /// What can have happened to a bulk act. **This is storage.**
    pub enum BulkEvent {
        /// It was asked for.
        "bulk.started" => Started {
            record_type: String, act: Act, fields: Vec<String>, by: Selecting,
        } sealed { intent: Intent },
        /// It is about these records, too: in order of their ids, behind those before.
        "bulk.records_selected" => RecordsSelected { ids: Vec<Uuid> },
        /// It is about so many records and no others.
        "bulk.selection_fixed" => SelectionFixed { records: u64 },
        /// Each of them was dealt with.
        "bulk.completed" => Completed {
            changed: u64, unchanged: u64, not_permitted: u64, not_found: u64, refused: u64,
        },
    }
}

/// What came of a bulk act, in numbers of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Changed by it.
    pub changed: u64,
    /// So already.
    pub unchanged: u64,
    /// Not for the actor to change.
    pub not_permitted: u64,
    /// Not there for the actor.
    pub not_found: u64,
    /// Refused by the rules.
    pub refused: u64,
}

impl Counts {
    /// All together; `None` is beyond counting.
    pub fn total(&self) -> Option<u64> {
        let rest = [self.unchanged, self.not_permitted, self.not_found, self.refused];
        rest.into_iter().try_fold(self.changed, u64::checked_add)
    }
}

/// What may be asked of a bulk act.
#[derive(Clone, Debug, PartialEq)]
pub enum BulkCommand {
    /// Begin, on these records in order of their ids, or on what is to be selected.
    Start(Plan, Vec<Uuid>),
    /// Select these as well, in order of their ids.
    Select(Vec<Uuid>),
    /// Select no more.
    Fix,
    /// Say what came of it.
    Complete(Counts),
}

/// Why a command on a bulk act was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BulkError {
    /// It never began.
    #[error("There is no such bulk act.")]
    NotFound,
    /// It began with something else.
    #[error("This bulk act was started before.")]
    AlreadyStarted,
    /// The records are settled, or not settled yet.
    #[error("It is about other records.")]
    OtherSelection,
    /// Records would be lost, or counted twice.
    #[error("The records that were dealt with are not those that were selected.")]
    DoesNotReconcile,
}

impl Rejection for BulkError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyStarted => "already_started",
            Self::OtherSelection => "other_selection",
            Self::DoesNotReconcile => "does_not_reconcile",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// The folded state; the ids are read page by page where they are needed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bulk {
    /// What was asked for, once it was.
    pub plan: Option<Plan>,
    /// How many records were selected so far.
    pub selected: u64,
    /// The last of them.
    pub last: Option<Uuid>,
    /// Whether it is about no others.
    pub fixed: bool,
    /// What came of it, once it is over.
    pub outcome: Option<Counts>,
}

fn pages(ids: &[Uuid]) -> impl Iterator<Item = BulkEvent> + '_ {
    ids.chunks(PAGE).map(|ids| BulkEvent::RecordsSelected { ids: ids.to_vec() })
}

impl Bulk {
    fn start(&self, plan: Plan, ids: &[Uuid]) -> Result<Vec<BulkEvent>, BulkError> {
        if let Some(present) = &self.plan {
            return if *present == plan { Ok(Vec::new()) } else { Err(BulkError::AlreadyStarted) };
        }
        let Plan { record_type, act, fields, by, intent } = plan;
        let mut events = vec![BulkEvent::Started { record_type, act, fields, by, intent }];
        if by == Selecting::Ids {
            events.extend(pages(ids));
            events.push(BulkEvent::SelectionFixed { records: ids.len() as u64 });
        }
        Ok(events)
    }

    /// Ids that were selected already are passed over: whoever goes on after a crash may name
    /// them again.
    fn select(&self, ids: &[Uuid]) -> Result<Vec<BulkEvent>, BulkError> {
        if self.fixed {
            return Err(BulkError::OtherSelection);
        }
        let new: Vec<Uuid> = ids.iter().copied().filter(|id| Some(*id) > self.last).collect();
        if new.is_sorted_by(|a, b| a < b) {
            Ok(pages(&new).collect())
        } else {
            Err(BulkError::OtherSelection)
        }
    }

    fn complete(&self, counts: Counts) -> Result<Vec<BulkEvent>, BulkError> {
        if self.outcome == Some(counts) {
            return Ok(Vec::new());
        }
        if !self.fixed || self.outcome.is_some() || counts.total() != Some(self.selected) {
            return Err(BulkError::DoesNotReconcile);
        }
        let Counts { changed, unchanged, not_permitted, not_found, refused } = counts;
        Ok(vec![BulkEvent::Completed { changed, unchanged, not_permitted, not_found, refused }])
    }
}

impl Aggregate for Bulk {
    const KIND: &'static str = "bulk";
    type Command = BulkCommand;
    type Event = BulkEvent;
    type Error = BulkError;

    fn decide(
        &self,
        command: BulkCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<BulkEvent>, BulkError> {
        match (command, &self.plan) {
            (BulkCommand::Start(plan, ids), _) => self.start(plan, &ids),
            (BulkCommand::Select(_) | BulkCommand::Fix | BulkCommand::Complete(_), None) => {
                Err(BulkError::NotFound)
            }
            (BulkCommand::Select(ids), Some(_)) => self.select(&ids),
            (BulkCommand::Fix, Some(_)) if self.fixed => Ok(Vec::new()),
            (BulkCommand::Fix, Some(_)) => {
                Ok(vec![BulkEvent::SelectionFixed { records: self.selected }])
            }
            (BulkCommand::Complete(counts), Some(_)) => self.complete(counts),
        }
    }

    fn evolve(mut self, event: BulkEvent) -> Self {
        match event {
            BulkEvent::Started { record_type, act, fields, by, intent } => {
                self.plan = Some(Plan { record_type, act, fields, by, intent });
            }
            BulkEvent::RecordsSelected { ids } => {
                self.selected += ids.len() as u64;
                self.last = ids.last().copied().or(self.last);
            }
            BulkEvent::SelectionFixed { .. } => self.fixed = true,
            BulkEvent::Completed { changed, unchanged, not_permitted, not_found, refused } => {
                self.outcome =
                    Some(Counts { changed, unchanged, not_permitted, not_found, refused });
            }
        }
        self
    }

    fn reverse(&self, _event: &BulkEvent) -> Result<Reversal<BulkEvent>, NotReversible> {
        Err(NotReversible("A bulk act is undone record by record."))
    }
}
