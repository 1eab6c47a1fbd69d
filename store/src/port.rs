//! The port: what any event log must be able to do.

use crate::envelope::{Meta, PrivateMeta, RecordedEvent};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::codec::{DecodeError, EventCodec, PlainSegment};
use domain::ids::{OrganizationId, SubjectId};
use std::sync::Arc;
use uuid::Uuid;

/// A log: an organization's, or the platform's. Positions in it are contiguous from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogId(pub Uuid);

impl LogId {
    /// Log 0: users, log-in addresses, facts about sessions.
    pub const PLATFORM: Self = Self(Uuid::nil());
}

impl From<OrganizationId> for LogId {
    fn from(id: OrganizationId) -> Self {
        Self(id.0)
    }
}

/// A stream: one aggregate's events. Versions in it are contiguous from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub Uuid);

impl From<Uuid> for StreamId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

/// Place of an event in its log, from 1; 0 is before the first event.
pub type Position = u64;

/// What the stream must look like for the append to be accepted. There is no "any": a decision
/// was made on some state, and only on that state does it hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The stream does not exist.
    NoStream,
    /// The stream's last event has this version.
    Exact(u32),
}

impl Expected {
    /// The version that the stream must have; 0 is none.
    pub const fn version(self) -> u32 {
        match self {
            Self::NoStream => 0,
            Self::Exact(version) => version,
        }
    }

    /// The expectation for a stream whose fold ended at `version`.
    pub const fn at(version: u32) -> Self {
        if version == 0 { Self::NoStream } else { Self::Exact(version) }
    }
}

/// An event to be appended: encoded, not yet sealed.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Wire name.
    pub event_type: &'static str,
    /// Version of the payload's format.
    pub schema_version: u16,
    /// Public JSON.
    pub payload: Vec<u8>,
    /// Personal data, of the event and of its metadata.
    pub segments: Vec<PlainSegment>,
    /// Public metadata: who, which action, caused by what.
    pub meta: Arc<Meta>,
    /// When the server recorded it.
    pub recorded_at: DateTime<Utc>,
}

impl NewEvent {
    /// Encodes `event` with its metadata. `owner` is the subject of the record that the stream is.
    pub fn encode<E: EventCodec>(
        event: &E,
        owner: SubjectId,
        meta: Arc<Meta>,
        private: &PrivateMeta,
        recorded_at: DateTime<Utc>,
    ) -> Result<Self, DecodeError> {
        let encoded = event.encode(owner)?;
        let mut segments = encoded.segments;
        segments.extend(private.segments(owner, &meta)?);
        Ok(Self {
            event_type: encoded.event_type,
            schema_version: encoded.schema_version,
            payload: encoded.payload,
            segments,
            meta,
            recorded_at,
        })
    }
}

/// Events for one stream.
#[derive(Clone, Debug)]
pub struct StreamAppend {
    /// The stream.
    pub stream: StreamId,
    /// The state that the decision was made on.
    pub expected: Expected,
    /// At least one event.
    pub events: Vec<NewEvent>,
}

impl StreamAppend {
    /// Whose personal data the events hold; repeats included.
    pub fn subjects(&self) -> impl Iterator<Item = SubjectId> + '_ {
        self.events.iter().flat_map(|e| &e.segments).map(|segment| segment.subject)
    }
}

/// A command's events: appended all or not at all, and exactly once.
#[derive(Clone, Debug)]
pub struct Append {
    /// Unique per log: a second append with it is a duplicate. `None` where nobody will ever send
    /// it again; the adapter's own retries are safe either way.
    pub command_id: Option<Uuid>,
    /// Keyed hash of the request's body, so that a reused key with another body is noticed.
    pub fingerprint: Option<[u8; 16]>,
    /// 1 to 100 streams, each at most once.
    pub streams: Vec<StreamAppend>,
}

/// Many new streams at once (an import's chunk): appended by the fastest path there is.
#[derive(Clone, Debug)]
pub struct BulkAppend {
    /// Unique per log; a second append with it is a duplicate.
    pub command_id: Uuid,
    /// New streams, expected not to exist.
    pub streams: Vec<StreamAppend>,
}

/// Where a command's events are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Position of the first event.
    pub first: Position,
    /// Position of the last event.
    pub last: Position,
    /// Whether they were there before: this command was carried out already.
    pub duplicate: bool,
    /// The fingerprint that the command was first carried out with.
    pub fingerprint: Option<[u8; 16]>,
}

/// The end of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Position of the last event; 0 if there is none.
    pub position: Position,
    /// Greatest time recorded so far, or asked for by an as-of.
    pub clock: DateTime<Utc>,
    /// Whether its times are made up (demo, tests).
    pub simulated: bool,
}

/// How much to read at once. At least one event is returned if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLimit {
    /// Most events.
    pub events: u32,
    /// Most bytes of payload, sealed part and metadata.
    pub bytes: u32,
}

impl Default for ReadLimit {
    fn default() -> Self {
        Self { events: 1_000, bytes: 1 << 20 }
    }
}

/// Why the log could not do it.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Somebody else appended to the stream first.
    #[error("stream {stream:?} is at version {actual}, expected {expected}")]
    Conflict {
        /// The stream.
        stream: StreamId,
        /// What the command was decided on.
        expected: u32,
        /// What the stream is at.
        actual: u32,
    },
    /// The person whose data the event holds has been erased.
    #[error("subject {0} is erased")]
    Erased(SubjectId),
    /// The log does not exist.
    #[error("no such log")]
    NoSuchLog,
    /// A time in the future, or before the log's clock where that is not allowed.
    #[error("time is in the future")]
    FutureTime,
    /// More waits than the log can take; try again after a moment.
    #[error("the log is overloaded")]
    Overloaded,
    /// The command is malformed: no events, a stream twice, too many streams.
    #[error("malformed command: {0}")]
    Malformed(&'static str),
    /// What was stored cannot be read: wrong key, damaged bytes.
    #[error("stored event cannot be read: {0}")]
    Damaged(&'static str),
    /// An event could not be encoded or its metadata not decoded.
    #[error("event codec")]
    Codec(#[from] DecodeError),
    /// The database failed.
    #[error("database")]
    Database(#[from] sqlx::Error),
}

/// An ordered, append-only store of events.
#[async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// Whether one command can span several streams; where not, callers use an intent process.
    fn appends_several_streams(&self) -> bool;

    /// Makes a log. Making it again is already so. A simulated log takes its times from outside.
    async fn create_log(&self, log: LogId, simulated: bool) -> Result<(), LogError>;

    /// Appends a command's events, or says where they are if it was carried out before.
    async fn append(&self, log: LogId, append: Append) -> Result<Appended, LogError>;

    /// Appends many new streams by the fastest path, in chunks that let other commands through.
    async fn append_bulk(&self, log: LogId, bulk: BulkAppend) -> Result<Appended, LogError>;

    /// Where the events of a command are, if it was carried out.
    async fn find_command(&self, log: LogId, command: Uuid) -> Result<Option<Appended>, LogError>;

    /// Events of a stream with a version above `after`, in order.
    async fn read_stream(
        &self,
        log: LogId,
        stream: StreamId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, LogError>;

    /// Events of a log with a position above `after` and at most `upto`, in order.
    async fn read_log(
        &self,
        log: LogId,
        after: Position,
        upto: Position,
        limit: ReadLimit,
    ) -> Result<Vec<RecordedEvent>, LogError>;

    /// The events at these positions of a log, in order; where there is none, there is none.
    async fn read_events(
        &self,
        log: LogId,
        positions: &[Position],
    ) -> Result<Vec<RecordedEvent>, LogError>;

    /// The end of a log.
    async fn head(&self, log: LogId) -> Result<Head, LogError>;

    /// All logs with an id above `after`, with their heads, in order of id.
    async fn logs(&self, after: Option<LogId>, limit: u32) -> Result<Vec<(LogId, Head)>, LogError>;

    /// The last position whose time is at most `time`, for good: later events get later times.
    async fn position_at(&self, log: LogId, time: DateTime<Utc>) -> Result<Position, LogError>;

    /// A receiver that changes whenever this process appended something, to any log. Only a hint:
    /// who tails a log also polls its head.
    fn appended(&self) -> tokio::sync::watch::Receiver<u64>;
}
