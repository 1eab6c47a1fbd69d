//! A bounded cache of folded states, of any kind of aggregate.

use crate::folded::Folded;
use chrono::{DateTime, TimeDelta, Utc};
use domain::aggregate::Aggregate;
use quick_cache::sync::Cache;
use std::any::Any;
use std::sync::Arc;
use store::{LogId, StreamId};

/// How many streams are kept folded. A rich contact takes about 2 KB.
const STREAMS: usize = 20_000;

/// For so long a state counts as recent, although another process may have changed it since.
const RECENT: TimeDelta = TimeDelta::seconds(2);

/// Folded states by stream. What it holds may be older than the stream, never wrong: whoever uses
/// it reads what came after, or appends on the condition that nothing did, or is content with what
/// another process changed at most [`RECENT`] ago.
pub(crate) struct FoldCache(Cache<(LogId, StreamId), Known>);

#[derive(Clone)]
struct Known {
    folded: Arc<dyn Any + Send + Sync>,
    /// When it was the present state.
    at: DateTime<Utc>,
}

impl FoldCache {
    pub(crate) fn new() -> Self {
        Self(Cache::new(STREAMS))
    }

    pub(crate) fn get<A: Aggregate>(&self, log: LogId, stream: StreamId) -> Option<Arc<Folded<A>>> {
        self.0.get(&(log, stream))?.folded.downcast().ok()
    }

    /// The state, if it was the present one a moment ago.
    pub(crate) fn recent<A: Aggregate>(
        &self,
        log: LogId,
        stream: StreamId,
        now: DateTime<Utc>,
    ) -> Option<Arc<Folded<A>>> {
        let Known { folded, at } = self.0.get(&(log, stream))?;
        (now.signed_duration_since(at).abs() < RECENT).then_some(folded)?.downcast().ok()
    }

    /// Keeps `folded`, the present state at `now`, unless a newer fold is there already.
    pub(crate) fn put<A: Aggregate>(
        &self,
        log: LogId,
        folded: &Arc<Folded<A>>,
        now: DateTime<Utc>,
    ) {
        let known = self.get::<A>(log, folded.stream).map_or(0, |known| known.version);
        if folded.version >= known.max(1) {
            self.0.insert((log, folded.stream), Known { folded: folded.clone(), at: now });
        }
    }

    /// Drops the state of a stream that has just changed.
    pub(crate) fn forget(&self, log: LogId, stream: StreamId) {
        self.0.remove(&(log, stream));
    }
}
