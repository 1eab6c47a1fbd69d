//! A bounded cache of folded states, of any kind of aggregate.

use crate::folded::Folded;
use domain::aggregate::Aggregate;
use quick_cache::sync::Cache;
use std::any::Any;
use std::sync::Arc;
use store::{LogId, StreamId};

/// How many streams are kept folded. A rich contact takes about 2 KB.
const STREAMS: usize = 20_000;

/// Folded states by stream. What it holds may be older than the stream, never wrong: whoever uses
/// it either reads what came after, or appends on the condition that nothing did.
pub(crate) struct FoldCache(Cache<(LogId, StreamId), Arc<dyn Any + Send + Sync>>);

impl FoldCache {
    pub(crate) fn new() -> Self {
        Self(Cache::new(STREAMS))
    }

    pub(crate) fn get<A: Aggregate>(&self, log: LogId, stream: StreamId) -> Option<Arc<Folded<A>>> {
        self.0.get(&(log, stream))?.downcast().ok()
    }

    /// Keeps `folded`, unless a newer fold is there already.
    pub(crate) fn put<A: Aggregate>(&self, log: LogId, folded: &Arc<Folded<A>>) {
        let known = self.get::<A>(log, folded.stream).map_or(0, |known| known.version);
        if folded.version > known {
            self.0.insert((log, folded.stream), folded.clone());
        }
    }
}
