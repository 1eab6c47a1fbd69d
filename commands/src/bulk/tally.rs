//! What came of a bulk act, counted up.

use crate::error::Refusal;
use domain::bulk::Counts;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// So many different reasons are told apart; more than a few mean that something else is wrong.
const MOST_REASONS: usize = 50;
/// So many refused records are named, of all reasons together.
const MOST_EXAMPLES: usize = 100;

/// Faults that tell of rights, not of values.
const OF_RIGHTS: [&str; 2] = ["may_not_assign", "assignee_out_of_reach"];

/// What came of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The act changed it.
    Changed,
    /// It was so already.
    Unchanged,
    /// It is not the actor's to change.
    NotPermitted,
    /// It is not there for the actor.
    NotFound,
    /// The rules refused it.
    Refused {
        /// Stable code, of the first field at fault if any is.
        code: String,
        /// One sentence for people.
        message: String,
        /// The field at fault.
        field: Option<String>,
    },
}

impl Effect {
    /// What a refusal of the single command means.
    pub(super) fn refused(refusal: Refusal) -> Self {
        match refusal.fields.into_iter().next() {
            Some(fault) if OF_RIGHTS.contains(&&*fault.code) => Self::NotPermitted,
            Some(fault) => Self::Refused {
                code: fault.code.into_owned(),
                message: fault.message,
                field: Some(fault.pointer.trim_start_matches('/').to_owned()),
            },
            None => Self::Refused {
                code: refusal.code.into_owned(),
                message: refusal.detail,
                field: None,
            },
        }
    }
}

/// Why some records were refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable code.
    pub code: String,
    /// The field at fault, if one is.
    pub field: Option<String>,
    /// One sentence for people, of the first of them.
    pub message: String,
    /// How many.
    pub records: u64,
    /// The first of them.
    pub examples: Vec<Uuid>,
}

/// What came of the records so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// In numbers.
    #[serde(flatten)]
    pub counts: Counts,
    /// Why records were refused.
    pub reasons: Vec<Reason>,
}

impl Tally {
    /// Counts some more.
    pub fn add(&mut self, effects: Vec<(Uuid, Effect)>) {
        for (id, effect) in effects {
            match effect {
                Effect::Changed => self.counts.changed += 1,
                Effect::Unchanged => self.counts.unchanged += 1,
                Effect::NotPermitted => self.counts.not_permitted += 1,
                Effect::NotFound => self.counts.not_found += 1,
                Effect::Refused { code, message, field } => {
                    self.counts.refused += 1;
                    self.explain(id, code, message, field);
                }
            }
        }
    }

    fn explain(&mut self, id: Uuid, code: String, message: String, field: Option<String>) {
        let named: usize = self.reasons.iter().map(|reason| reason.examples.len()).sum();
        let known = self.reasons.iter().position(|r| r.code == code && r.field == field);
        let at = known.unwrap_or(self.reasons.len());
        if at == MOST_REASONS {
            return;
        }
        if at == self.reasons.len() {
            let (records, examples) = (0, Vec::new());
            self.reasons.push(Reason { code, field, message, records, examples });
        }
        let reason = &mut self.reasons[at];
        reason.records += 1;
        if named < MOST_EXAMPLES {
            reason.examples.push(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, MOST_EXAMPLES, MOST_REASONS, Tally};
    use crate::error::{CommandError, Refusal};
    use domain::error::FieldError;
    use uuid::Uuid;

    fn refused(code: &str) -> Effect {
        Effect::Refused { code: code.to_owned(), message: "No.".to_owned(), field: None }
    }

    #[test]
    fn refused_records_are_told_by_reason_and_not_all_by_name() {
        let mut tally = Tally::default();
        let effects = (0..250).map(|n| (Uuid::from_u128(n), refused("deleted")));
        tally.add(effects.collect());
        tally.add((0..200).map(|n| (Uuid::nil(), refused(&format!("code {n}")))).collect());
        tally.add(vec![(Uuid::nil(), Effect::Changed), (Uuid::nil(), Effect::NotFound)]);
        assert_eq!((tally.counts.refused, tally.counts.changed), (450, 1));
        assert_eq!(tally.counts.total(), Some(452));
        assert_eq!(tally.reasons.len(), MOST_REASONS);
        assert_eq!(tally.reasons[0].records, 250);
        assert_eq!(tally.reasons[0].examples.len(), MOST_EXAMPLES);
        assert!(tally.reasons[1].examples.is_empty(), "a hundred together");
    }

    #[test]
    fn a_fault_about_rights_is_no_fault_of_the_values() {
        let of = |code| {
            let faults = vec![FieldError::new("assigned_to", code, "No.")];
            let error = CommandError::invalid(faults);
            let CommandError::Refused(refusal) = error else { panic!("{error}") };
            Effect::refused(refusal)
        };
        assert_eq!(of("assignee_out_of_reach"), Effect::NotPermitted);
        let field = Some("assigned_to".to_owned());
        let (code, message) = ("no_such_member".to_owned(), "No.".to_owned());
        assert_eq!(of("no_such_member"), Effect::Refused { code, message, field });
        assert_eq!(Effect::refused(Refusal::new("deleted", "No.")), refused("deleted"));
    }
}
