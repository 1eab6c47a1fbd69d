//! Filling a generation from the log: reading ahead while rows are written.

use super::{Builder, Progress, step_error};
use crate::error::BuildError;
use crate::runtime::{Applied, Entry, Failure, Group, Step, Take, step, take};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use std::sync::Arc;
use store::{EventLog, LogError, LogId, Position, ReadLimit, StreamId};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

/// Chunks that wait to be written; bounds memory together with their size.
const AHEAD: usize = 2;

/// Streams that are read at the same time.
const STREAMS_AT_ONCE: usize = 6;

/// Streams whose events make one chunk.
const STREAMS_PER_CHUNK: usize = 500;

/// Chunks of streams that wait to be written: some tens of megabytes, read while a table is copied.
const STREAMS_AHEAD: usize = 16;

/// Reads a log ahead of who writes.
pub(super) struct ReadAhead {
    chunks: mpsc::Receiver<Result<Vec<Entry>, LogError>>,
    _reader: AbortOnDropHandle<()>,
}

impl ReadAhead {
    /// Starts to read behind `after`, up to and including `upto`.
    pub(super) fn start(
        log: Arc<dyn EventLog>,
        log_id: LogId,
        after: Position,
        upto: Position,
        chunk: ReadLimit,
    ) -> Self {
        let (sender, chunks) = mpsc::channel(AHEAD);
        let reader = tokio::spawn(async move {
            let mut after = after;
            while after < upto {
                let chunk = log.read_log(log_id, after, upto, chunk).await;
                let chunk =
                    chunk.map(|events| events.into_iter().map(Entry::new).collect::<Vec<_>>());
                let last = chunk.as_ref().ok().and_then(|entries| entries.last());
                let last = last.map(|entry| entry.event.position);
                // A closed channel: whoever writes has failed, and says so.
                if sender.send(chunk).await.is_err() {
                    return;
                }
                match last {
                    Some(last) => after = last,
                    None => return,
                }
            }
        });
        Self { chunks, _reader: AbortOnDropHandle::new(reader) }
    }

    /// Starts to read streams up to a position, each of them whole in one chunk.
    pub(super) fn streams(
        log: Arc<dyn EventLog>,
        log_id: LogId,
        streams: Vec<StreamId>,
        upto: Position,
    ) -> Self {
        let (sender, chunks) = mpsc::channel(STREAMS_AHEAD);
        let reader = tokio::spawn(async move {
            for streams in streams.chunks(STREAMS_PER_CHUNK) {
                let chunk = stream::iter(streams.to_vec())
                    .map(|id| read_until(log.as_ref(), log_id, id, upto))
                    .buffered(STREAMS_AT_ONCE)
                    .try_concat()
                    .await;
                // An empty chunk would be taken for the end.
                if chunk.as_ref().is_ok_and(Vec::is_empty) {
                    continue;
                }
                if sender.send(chunk).await.is_err() {
                    return;
                }
            }
        });
        Self { chunks, _reader: AbortOnDropHandle::new(reader) }
    }

    /// The next entries; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Entry>>, BuildError> {
        match self.chunks.recv().await {
            None => Ok(None),
            Some(chunk) => {
                let entries = chunk?;
                Ok((!entries.is_empty()).then_some(entries))
            }
        }
    }
}

/// The events of a stream up to a position.
async fn read_until(
    log: &dyn EventLog,
    log_id: LogId,
    stream: StreamId,
    position: Position,
) -> Result<Vec<Entry>, LogError> {
    const PAGE: u32 = 500;
    let mut entries = Vec::new();
    let mut after = 0;
    loop {
        let page = log.read_stream(log_id, stream, after, PAGE).await?;
        let full = page.len() == PAGE as usize;
        after = page.last().map_or(after, |event| event.version);
        let before = entries.len();
        let events = page.len();
        entries.extend(page.into_iter().filter(|e| e.position <= position).map(Entry::new));
        if !full || entries.len() - before < events {
            return Ok(entries);
        }
    }
}

impl Builder {
    /// Brings a generation's group to `upto` in one log, in large chunks.
    pub(super) async fn fill(
        &self,
        group: &Group,
        log_id: LogId,
        upto: Position,
        mut progress: impl FnMut(u64),
    ) -> Result<(), BuildError> {
        let Take::Taken(taken) = take(&self.pool, group, log_id).await? else {
            return Err(BuildError::Busy);
        };
        let mut at = taken.position;
        taken.transaction.commit().await?;
        let mut chunks = ReadAhead::start(Arc::clone(&self.log), log_id, at, upto, self.chunk);
        while let Some(entries) = chunks.next().await? {
            if self.stop.is_cancelled() {
                return Err(BuildError::Cancelled);
            }
            at = self.write_chunk(group, log_id, at, &entries).await?;
            progress(entries.len() as u64);
        }
        Ok(())
    }

    async fn write_chunk(
        &self,
        group: &Group,
        log_id: LogId,
        at: Position,
        entries: &[Entry],
    ) -> Result<Position, BuildError> {
        let last = entries.last().map_or(at, |entry| entry.event.position);
        for careful in [false, true] {
            let Take::Taken(mut taken) = take(&self.pool, group, log_id).await? else {
                return Err(BuildError::Busy);
            };
            if taken.position != at {
                return Err(BuildError::Busy);
            }
            match taken.apply(group, log_id, entries, careful).await {
                Ok(_) => {
                    let applied = Applied { log: log_id, position: last, changes: None };
                    taken.finish(group, applied, &self.feed).await?;
                    return Ok(last);
                }
                Err(Failure { error, .. }) if error.is_poison() && !careful => {
                    taken.release().await?;
                }
                Err(Failure { error, .. }) => return Err(BuildError::Apply(error)),
            }
        }
        Ok(at)
    }

    /// Brings a group whose tables are in use to `upto` in one log, batch by batch.
    pub(super) async fn catch_up(
        &self,
        group: &Group,
        log_id: LogId,
        upto: Position,
    ) -> Result<(), BuildError> {
        loop {
            let log = self.log.as_ref();
            let done =
                step(&self.pool, log, group, log_id, upto, ReadLimit::default(), &self.feed).await;
            match done.map_err(step_error)? {
                Step::Applied(position) if position < upto => {}
                Step::Applied(_) | Step::UpToDate(_) => return Ok(()),
                Step::Busy | Step::Switched => return Err(BuildError::Busy),
            }
        }
    }

    /// How far the live read models are in every log.
    pub(super) async fn live_positions(&self) -> Result<Vec<(LogId, Position)>, sqlx::Error> {
        let rows: Vec<(uuid::Uuid, i64)> = sqlx::query_as(
            "SELECT log_id, position FROM hindsight.checkpoint \
              WHERE projection_group = 'live' ORDER BY log_id",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(log, position)| (LogId(log), position.unsigned_abs())).collect())
    }
}

/// Adds up progress over several logs.
pub(super) struct Counter<'a> {
    pub(super) progress: &'a (dyn Fn(Progress) + Send + Sync),
    pub(super) state: Progress,
}

impl Counter<'_> {
    pub(super) fn add(&mut self, events: u64) {
        self.state.done += events;
        (self.progress)(self.state);
    }
}
