//! Taking back what an action did to one stream.

use super::{Commands, Done, Target};
use crate::error::{CommandError, Denied, Refusal};
use crate::history::Describe;
use crate::request::CommandRequest;
use domain::aggregate::Aggregate;
use domain::ids::ActionId;
use std::sync::Mutex;

/// What undoing an action came to on one stream.
#[derive(Clone, Debug)]
pub struct Undone<A> {
    /// The state after it.
    pub done: Done<A>,
    /// Fields that were changed since the action and are therefore kept.
    pub kept: Vec<&'static str>,
}

impl Commands {
    /// Takes back, as a new action, what `action` did to the stream; the last event first.
    pub async fn undo<A: Aggregate<Event: Describe>>(
        &self,
        request: &CommandRequest,
        target: Target,
        authorize: impl Fn(&A) -> Result<(), Denied> + Send + Sync,
        action: ActionId,
    ) -> Result<Undone<A>, CommandError> {
        let events = self.events_of::<A>(request.log, target.stream, action).await?;
        let kept = Mutex::new(Vec::new());
        let done = self
            .run(request, target, &authorize, &|state: &A, _| {
                let mut after = state.clone();
                let mut reversed = Vec::new();
                let mut fields = Vec::new();
                for event in events.iter().rev() {
                    let reversal = after.reverse(event).map_err(|why| {
                        CommandError::Refused(Refusal::new("not_reversible", why.0))
                    })?;
                    after = reversal.events.iter().cloned().fold(after, A::evolve);
                    reversed.extend(reversal.events);
                    fields.extend(reversal.kept);
                }
                fields.sort_unstable();
                fields.dedup();
                *kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = fields;
                Ok(reversed)
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
