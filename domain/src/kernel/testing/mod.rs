//! Tests of decisions read: given these events, when this command, then these events or a refusal.

pub mod values;

use super::aggregate::{Aggregate, NotReversible, Rejection as _, Reversal};
use super::codec::{EventCodec, Opened};
use super::ids::SubjectId;
use chrono::DateTime;
use std::fmt::Debug;
use uuid::Uuid;

/// What happened before.
pub fn given<A: Aggregate>(events: impl IntoIterator<Item = A::Event>) -> Given<A> {
    Given { state: events.into_iter().fold(A::default(), A::evolve) }
}

/// A state from which to go on.
pub struct Given<A: Aggregate> {
    /// The fold of what happened.
    pub state: A,
}

impl<A: Aggregate> Given<A>
where
    A::Command: Clone,
    A::Event: PartialEq + Debug,
    A::Error: PartialEq,
{
    /// The command that is judged.
    pub fn when(self, command: A::Command) -> When<A> {
        let outcome = self.state.decide(command.clone(), DateTime::UNIX_EPOCH);
        When { state: self.state, command, outcome }
    }

    /// What undoing an earlier event comes to.
    #[track_caller]
    pub fn reversing(self, event: &A::Event) -> Result<Reversal<A::Event>, NotReversible> {
        self.state.reverse(event)
    }
}

/// A command and what came of it.
pub struct When<A: Aggregate> {
    state: A,
    command: A::Command,
    outcome: Result<Vec<A::Event>, A::Error>,
}

impl<A: Aggregate> When<A>
where
    A::Command: Clone,
    A::Event: PartialEq + Debug,
    A::Error: PartialEq,
{
    /// Exactly these events, and none when the command is repeated.
    #[track_caller]
    pub fn then(self, expected: &[A::Event]) -> Given<A> {
        let given = self.then_each_time(expected);
        let again = given.0.state.decide(given.1, DateTime::UNIX_EPOCH);
        assert_eq!(again, Ok(Vec::new()), "the command, repeated");
        given.0
    }

    /// Exactly these events, and again when the command is repeated.
    #[track_caller]
    pub fn then_each_time(self, expected: &[A::Event]) -> (Given<A>, A::Command) {
        let events = self.outcome.unwrap_or_else(|error| panic!("refused: {error}"));
        assert_eq!(events, expected);
        (Given { state: events.into_iter().fold(self.state, A::evolve) }, self.command)
    }

    /// Whatever came of it, the state afterwards.
    #[track_caller]
    pub fn then_state(self) -> A {
        let events = self.outcome.unwrap_or_else(|error| panic!("refused: {error}"));
        events.into_iter().fold(self.state, A::evolve)
    }

    /// Nothing: it is already so.
    #[track_caller]
    pub fn then_nothing(self) -> Given<A> {
        self.then(&[])
    }

    /// A refusal.
    #[track_caller]
    pub fn then_refused(self, expected: A::Error) {
        assert_eq!(self.outcome, Err(expected));
    }

    /// A refusal for these faults: member and code.
    #[track_caller]
    pub fn then_invalid(self, expected: &[(&str, &str)]) {
        let Err(error) = self.outcome else { panic!("accepted") };
        let faults: Vec<_> =
            error.fields().iter().map(|f| (f.pointer.as_str(), f.code.as_ref())).collect();
        assert_eq!(faults, expected);
        assert!(!error.is_not_found());
    }
}

/// The owner of every sealed segment in tests.
pub const OWNER: SubjectId = SubjectId(Uuid::from_u128(0xA11CE));

/// The event as it comes back from the log, with keys and after they were destroyed.
#[track_caller]
pub fn stored<E: EventCodec>(event: &E) -> (E, E) {
    let encoded = event.encode(OWNER).unwrap();
    let read = |opened: bool| {
        let segments: Vec<_> = encoded
            .segments
            .iter()
            .map(|s| Opened {
                subject: s.subject,
                group: s.group.to_owned(),
                bytes: opened.then(|| s.bytes.clone()),
            })
            .collect();
        E::decode(encoded.event_type, encoded.schema_version, &encoded.payload, &segments)
            .unwrap_or_else(|error| panic!("{}: {error:?}", encoded.event_type))
    };
    (read(true), read(false))
}

/// An event survives storage unchanged, and its aggregate accepts it after an erasure as well.
#[track_caller]
pub fn survives_storage<A: Aggregate>(before: A, event: &A::Event)
where
    A::Event: PartialEq + Debug,
{
    let (open, erased) = stored(event);
    assert_eq!(&open, event);
    before.evolve(erased);
}
