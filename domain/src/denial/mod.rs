//! What a member was refused, in a stream per member of the organization's log.

use crate::ids::{ApiKeyId, MemberId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};
use uuid::Uuid;

crate::stored_events! {
    /// What can have been refused. **This is storage.**
    pub enum DenialEvent {
        /// Requests of a member at one route (its template, with the method) were refused within
        /// one minute of the Unix epoch.
        "access.denied" => Denied { member: MemberId, route: String, minute: i64, count: u32 },
        /// The same of a program with an API key of theirs.
        "access.key_denied" => KeyDenied {
            key: ApiKeyId, member: MemberId, route: String, minute: i64, count: u32,
        },
    }
}

/// The folded state: refusals are facts, and nothing is decided by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Denials;

/// Requests that were refused, to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDenial {
    /// Whose they were.
    pub member: MemberId,
    /// What they asked for: method and template of the path.
    pub route: String,
    /// The API key that was used, if they did not ask in person.
    pub key: Option<ApiKeyId>,
    /// In which minute since the Unix epoch.
    pub minute: i64,
    /// How many.
    pub count: u32,
}

/// The stream of a member's refusals (UUIDv5 in the member's namespace).
pub fn stream_id(member: MemberId) -> Uuid {
    Uuid::new_v5(&member.0, b"denials")
}

/// Nothing is refused here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Never {}

impl Rejection for Never {
    fn code(&self) -> &'static str {
        match *self {}
    }
}

impl Aggregate for Denials {
    const KIND: &'static str = "access";
    type Command = RecordDenial;
    type Event = DenialEvent;
    type Error = Never;

    fn decide(&self, denial: RecordDenial, _: DateTime<Utc>) -> Result<Vec<DenialEvent>, Never> {
        let RecordDenial { member, route, key, minute, count } = denial;
        Ok(vec![match key {
            None => DenialEvent::Denied { member, route, minute, count },
            Some(key) => DenialEvent::KeyDenied { key, member, route, minute, count },
        }])
    }

    fn evolve(self, event: DenialEvent) -> Self {
        match event {
            DenialEvent::Denied { .. } | DenialEvent::KeyDenied { .. } => self,
        }
    }

    fn reverse(&self, _event: &DenialEvent) -> Result<Reversal<DenialEvent>, NotReversible> {
        Err(NotReversible("What was refused was refused."))
    }
}
