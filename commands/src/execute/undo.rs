//! Taking back what an action did to one stream.

use super::{Commands, Done, Target};
use crate::error::{CommandError, Denied, Refusal};
use crate::folded::Folded;
use crate::history::Describe;
use crate::request::CommandRequest;
use domain::aggregate::{Aggregate, NotReversible};
use domain::ids::ActionId;
use std::sync::{Arc, Mutex};

/// What undoing an action came to on one stream.
#[derive(Clone, Debug)]
pub struct Undone<A> {
    /// The state after it.
    pub done: Done<A>,
    /// Fields that were changed since the action and are therefore kept.
    pub kept: Vec<&'static str>,
}

/// What undoing an action would come to on one stream.
#[derive(Clone, Debug)]
pub(crate) struct Reversed<A: Aggregate> {
    /// Events that would be appended.
    pub events: Vec<A::Event>,
    /// Fields that were changed since the action and would therefore be kept.
    pub kept: Vec<&'static str>,
}

impl<A: Aggregate> Reversed<A> {
    /// Takes `events` back from a state, the last one first.
    fn of(state: &A, events: &[A::Event]) -> Result<Self, NotReversible> {
        let mut after = state.clone();
        let mut reversed = Self { events: Vec::new(), kept: Vec::new() };
        for event in events.iter().rev() {
            let reversal = after.reverse(event)?;
            after = reversal.events.iter().cloned().fold(after, A::evolve);
            reversed.events.extend(reversal.events);
            reversed.kept.extend(reversal.kept);
        }
        reversed.kept.sort_unstable();
        reversed.kept.dedup();
        Ok(reversed)
    }
}

fn refusal(why: &NotReversible) -> CommandError {
    CommandError::Refused(Refusal::new("not_reversible", why.0))
}

impl Commands {
    /// What undoing `action` would come to on the stream as it is.
    pub(crate) async fn reversal<A: Aggregate>(
        &self,
        log: store::LogId,
        stream: store::StreamId,
        action: ActionId,
    ) -> Result<(Arc<Folded<A>>, Result<Reversed<A>, NotReversible>), CommandError> {
        let events = self.events_of::<A>(log, stream, action).await?;
        let folded = self.load::<A>(log, stream).await?;
        let reversed = Reversed::of(&folded.state, &events);
        Ok((folded, reversed))
    }

    /// Takes back, as a new action, what `action` did to the stream; the last event first.
    pub async fn undo<A: Aggregate<Event: Describe>>(
        &self,
        request: &CommandRequest,
        target: Target,
        authorize: impl Fn(&A) -> Result<(), Denied> + Send + Sync,
        action: ActionId,
    ) -> Result<Undone<A>, CommandError> {
        self.undo_if(request, target, authorize, action, |_, _| Ok(())).await
    }

    /// The same, if `check` accepts the events that it comes to.
    pub(crate) async fn undo_if<A: Aggregate<Event: Describe>>(
        &self,
        request: &CommandRequest,
        target: Target,
        authorize: impl Fn(&A) -> Result<(), Denied> + Send + Sync,
        action: ActionId,
        check: impl Fn(&A, &[A::Event]) -> Result<(), CommandError> + Send + Sync,
    ) -> Result<Undone<A>, CommandError> {
        let events = self.events_of::<A>(request.log, target.stream, action).await?;
        let kept = Mutex::new(Vec::new());
        let done = self
            .run(request, target, &authorize, &|state: &A, _| {
                let reversed = Reversed::of(state, &events).map_err(|why| refusal(&why))?;
                check(state, &reversed.events)?;
                *kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = reversed.kept;
                Ok(reversed.events)
            })
            .await?;
        let kept = kept.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(Undone { done, kept })
    }

    /// The events that an action left in a stream, oldest first.
    async fn events_of<A: Aggregate>(
        &self,
        log: store::LogId,
        stream: store::StreamId,
        action: ActionId,
    ) -> Result<Vec<A::Event>, CommandError> {
        let mut found = Vec::new();
        for event in self.stream_events::<A>(log, stream).await? {
            if event.meta()?.action == action {
                found.push(event.decode()?);
            }
        }
        Ok(found)
    }
}
