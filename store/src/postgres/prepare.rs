//! From a command to rows: sealed, hashed, ready to be written. Runs in the caller's task, so that
//! the writer has nothing to do but write.

use super::read::AppKeys;
use crate::envelope::Meta;
use crate::port::{Append, Expected, LogError, LogId, StreamAppend};
use crate::seal::{self, HashedMeta, KeyRing, LeafHeader, NewKey, Place, SealKey};
use chrono::{DateTime, Utc};
use domain::codec::DecodeError;
use domain::ids::SubjectId;
use sqlx::PgPool;
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

/// Most streams that one command may span; beyond it a process is needed.
const MOST_STREAMS: usize = 100;

/// An event ready to be written.
#[derive(Debug)]
pub struct Row {
    pub event_type: &'static str,
    pub schema_version: i16,
    pub recorded_at: DateTime<Utc>,
    pub payload: Vec<u8>,
    pub sealed: Vec<u8>,
    pub meta: Vec<u8>,
    pub leaf: [u8; 32],
}

/// A stream's part of a command, ready to be written.
#[derive(Debug)]
pub struct PreparedStream {
    pub stream: Uuid,
    pub expected: i32,
    pub rows: Vec<Row>,
}

/// A command ready to be written.
#[derive(Debug)]
pub struct Prepared {
    pub command_id: Option<Uuid>,
    pub fingerprint: Option<[u8; 16]>,
    pub streams: Vec<PreparedStream>,
    pub new_keys: Vec<NewKey>,
    /// Bytes of all rows; what the writer bounds its batches by.
    pub size: usize,
}

/// Refuses what no adapter could append.
pub fn check(append: &Append) -> Result<(), LogError> {
    if append.streams.is_empty() || append.streams.iter().any(|s| s.events.is_empty()) {
        return Err(LogError::Malformed("no events"));
    }
    if append.streams.len() > MOST_STREAMS {
        return Err(LogError::Malformed("more than 100 streams"));
    }
    let mut seen = HashSet::with_capacity(append.streams.len());
    if !append.streams.iter().all(|s| seen.insert(s.stream)) {
        return Err(LogError::Malformed("a stream occurs twice"));
    }
    Ok(())
}

/// Seals and hashes a command's events. `doubted` after a verdict that a key exists: then every
/// subject is looked up.
pub async fn prepare(
    keys: &KeyRing,
    app: &PgPool,
    log: LogId,
    append: &Append,
    doubted: bool,
) -> Result<Prepared, LogError> {
    let subjects = append.streams.iter().flat_map(StreamAppend::subjects);
    // Whoever is born with a new stream has no key yet: no need to ask. Were it otherwise (the
    // stream exists after all), the verdict says so.
    let born = |subject: &SubjectId| {
        append.streams.iter().any(|s| s.expected == Expected::NoStream && s.stream.0 == subject.0)
    };
    let (new, known): (Vec<_>, Vec<_>) =
        subjects.collect::<HashSet<_>>().into_iter().partition(|s| !doubted && born(s));
    let (mut found, mut new_keys) = keys.for_sealing(log, known, &AppKeys(app)).await?;
    for subject in new {
        let (new, key) = keys.make(log, subject);
        new_keys.push(new);
        found.put(subject, key);
    }
    let mut size = 0;
    let mut streams = Vec::with_capacity(append.streams.len());
    for part in &append.streams {
        let prepared = stream(log, part, |subject| found.get(subject))?;
        size += prepared.rows.iter().map(Row::size).sum::<usize>();
        streams.push(prepared);
    }
    let (command_id, fingerprint) = (append.command_id, append.fingerprint);
    Ok(Prepared { command_id, fingerprint, streams, new_keys, size })
}

/// Seals and hashes one stream's events.
pub fn stream(
    log: LogId,
    append: &StreamAppend,
    key: impl Fn(SubjectId) -> Option<SealKey>,
) -> Result<PreparedStream, LogError> {
    let expected = append.expected.version();
    let too_long = || LogError::Malformed("stream too long");
    let mut rows = Vec::with_capacity(append.events.len());
    let mut shared: Option<(&Arc<Meta>, HashedMeta)> = None;
    for (version, event) in (expected + 1..).zip(&append.events) {
        let place = Place { log, stream: append.stream, version };
        let sealed = seal::seal(place, &event.segments, &key)?;
        let meta = match &shared {
            Some((of, meta)) if Arc::ptr_eq(of, &event.meta) => meta,
            _ => &shared.insert((&event.meta, hashed(&event.meta)?)).1,
        };
        let header = LeafHeader {
            log,
            stream: append.stream,
            version,
            recorded_at: event.recorded_at,
            schema_version: event.schema_version,
            event_type: event.event_type,
        };
        let leaf = seal::leaf(&header, meta, &event.payload, &sealed);
        rows.push(Row {
            event_type: event.event_type,
            schema_version: i16::try_from(event.schema_version)
                .map_err(|_| LogError::Malformed("schema version"))?,
            recorded_at: event.recorded_at,
            payload: event.payload.clone(),
            sealed,
            meta: meta.bytes().to_vec(),
            leaf,
        });
    }
    let expected = i32::try_from(expected).map_err(|_| too_long())?;
    let count = i32::try_from(rows.len()).map_err(|_| too_long())?;
    expected.checked_add(count).ok_or_else(too_long)?;
    Ok(PreparedStream { stream: append.stream.0, expected, rows })
}

fn hashed(meta: &Meta) -> Result<HashedMeta, LogError> {
    let bytes = serde_json::to_vec(meta).map_err(DecodeError::malformed("metadata"))?;
    Ok(HashedMeta::new(bytes))
}

impl Row {
    /// Bytes that it takes.
    pub fn size(&self) -> usize {
        self.payload.len() + self.sealed.len() + self.meta.len() + 128
    }
}
