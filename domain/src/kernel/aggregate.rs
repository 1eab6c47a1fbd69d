//! The shape of every aggregate: decide, evolve, reverse.

use super::codec::EventCodec;
use chrono::{DateTime, Utc};

/// A consistency boundary: one stream of events, folded into a state that decides on commands.
///
/// `Default` is the state before the first event.
pub trait Aggregate: Clone + Default + Send + Sync + 'static {
    /// The stream's kind and the prefix of its event names, such as `contact`.
    const KIND: &'static str;
    /// What may be asked.
    type Command: Send;
    /// What has happened; this is what is stored.
    type Event: EventCodec + Clone + Send + Sync;
    /// Why a command was refused.
    type Error: Rejection;

    /// Judges a command. No events means that it is already so: a repeated command adds nothing.
    fn decide(
        &self,
        command: Self::Command,
        now: DateTime<Utc>,
    ) -> Result<Vec<Self::Event>, Self::Error>;

    /// Applies what happened. Total: it cannot fail and looks at nothing but the event, whose
    /// values it takes over.
    fn evolve(self, event: Self::Event) -> Self;

    /// The events that take `event` back from the present state, or why that cannot be.
    fn reverse(&self, event: &Self::Event) -> Result<Reversal<Self::Event>, NotReversible>;
}

/// What undoing one event comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Reversal<E> {
    /// Events to append; none if everything was changed since, or is already so.
    pub events: Vec<E>,
    /// Names of the fields that were changed since and are therefore kept.
    pub kept: Vec<&'static str>,
}

/// Why an event cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotReversible(pub &'static str);

/// A refusal by the domain, with a stable code and the fields at fault.
pub trait Rejection: std::error::Error + Send + Sync + 'static {
    /// Stable code, such as `contact_deleted`.
    fn code(&self) -> &'static str;
    /// Faults by field, empty if the refusal is not about a field.
    fn fields(&self) -> &[super::error::FieldError] {
        &[]
    }
    /// Whether the refusal means that the record does not exist.
    fn is_not_found(&self) -> bool {
        false
    }
}
