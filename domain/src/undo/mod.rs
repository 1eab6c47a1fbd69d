//! Taking back what an action did to many things, which takes a while. The stream is the intent,
//! and has the id of the undo's own action and of the job that carries it out; what it did to each
//! thing is in the things' own streams. What is taken back at once needs no intent.

use crate::ids::ActionId;
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};

crate::stored_events! {
    /// What can have happened to an undo. **This is storage.**
    pub enum UndoEvent {
        /// It was asked for.
        "undo.started" => Started { action: ActionId },
    }
}

/// What may be asked of an undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoCommand {
    /// Begin to take this action back.
    Start(ActionId),
}

/// Why a command on an undo was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// It began with another action.
    #[error("This undo was started before.")]
    AlreadyStarted,
}

impl Rejection for UndoError {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyStarted => "already_started",
        }
    }
}

/// The folded state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undoing {
    /// The action that is taken back, once that was asked for.
    pub action: Option<ActionId>,
}

impl Aggregate for Undoing {
    const KIND: &'static str = "undo";
    type Command = UndoCommand;
    type Event = UndoEvent;
    type Error = UndoError;

    fn decide(
        &self,
        UndoCommand::Start(action): UndoCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<UndoEvent>, UndoError> {
        match self.action {
            None => Ok(vec![UndoEvent::Started { action }]),
            Some(present) if present == action => Ok(Vec::new()),
            Some(_) => Err(UndoError::AlreadyStarted),
        }
    }

    fn evolve(self, event: UndoEvent) -> Self {
        match event {
            UndoEvent::Started { action } => Self { action: Some(action) },
        }
    }

    fn reverse(&self, _event: &UndoEvent) -> Result<Reversal<UndoEvent>, NotReversible> {
        Err(NotReversible("An undo is undone thing by thing."))
    }
}

#[cfg(test)]
mod tests {
    use super::{UndoCommand, UndoError, UndoEvent, Undoing};
    use crate::ids::ActionId;
    use crate::kernel::aggregate::Aggregate as _;
    use chrono::DateTime;
    use uuid::Uuid;

    #[test]
    fn an_undo_is_of_one_action_however_often_it_is_asked_for() {
        let (one, other) = (ActionId(Uuid::from_u128(1)), ActionId(Uuid::from_u128(2)));
        let decide =
            |state: Undoing, action| state.decide(UndoCommand::Start(action), DateTime::default());
        let events = decide(Undoing::default(), one).unwrap();
        assert_eq!(events, [UndoEvent::Started { action: one }]);
        let undo = events.into_iter().fold(Undoing::default(), Undoing::evolve);
        assert_eq!(undo.action, Some(one));
        assert_eq!(decide(undo, one), Ok(Vec::new()), "the same again is already so");
        assert_eq!(decide(undo, other), Err(UndoError::AlreadyStarted));
        assert!(undo.reverse(&UndoEvent::Started { action: one }).is_err());
    }
}
