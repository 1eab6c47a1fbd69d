//! A stream as people read it: who did what when, why, and where each value comes from.

use crate::describe::enumerate;
use crate::error::CommandError;
use crate::execute::Commands;
use chrono::{DateTime, Utc};
use domain::aggregate::Aggregate;
use domain::codec::EventCodec;
use domain::ids::{ActionId, UserId};
use domain::value::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use store::{ActorRef, Channel, LogId, Position, RecordedEvent, SourceRef, StreamId};
use uuid::Uuid;

/// How many events are read at once.
const PAGE: u32 = 500;

/// What an event says, for people.
pub trait Describe: EventCodec {
    /// One line, such as `E-mail and Phone changed`.
    fn summary(&self) -> String;
    /// The fields that it changed; none where the summary says it all.
    fn changes(&self) -> Vec<FieldChange>;
    /// What the actor noted with it.
    fn note(&self) -> Option<&str> {
        None
    }
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Its wire name.
    pub field: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it was; `None` is empty, or erased.
    pub from: Option<Value>,
    /// What it is since; `None` is empty, or erased.
    pub to: Option<Value>,
}

/// One event of a stream, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// Its place in the stream, from 1.
    pub version: u32,
    /// Its place in the log, from 1.
    pub position: Position,
    /// When the server recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Wire name of the event.
    pub event_type: String,
    /// One line that says what happened.
    pub summary: String,
    /// Who did it.
    pub actor: ActorRef,
    /// For whom, if not for themselves.
    pub on_behalf_of: Option<UserId>,
    /// The gesture that it was part of.
    pub action: ActionId,
    /// What kind of gesture, such as `import`.
    pub action_kind: Cow<'static, str>,
    /// By which way it came in.
    pub channel: Channel,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// What the actor noted.
    pub note: Option<String>,
    /// The file and row that it came from.
    pub source: Option<SourceRef>,
    /// What caused it: of an imported row, the import's stream.
    pub causation: Option<Uuid>,
    /// The fields that it changed.
    pub changes: Vec<FieldChange>,
    /// Whether personal data in it was erased.
    pub erased: bool,
}

impl HistoryEntry {
    /// The entry for somebody from whom fields are hidden: without what happened to those, and
    /// without the note, which may be about them. Nothing if it is about nothing else.
    pub fn without(mut self, hidden: &[&str]) -> Option<Self> {
        let all = self.changes.len();
        self.changes.retain(|change| !hidden.contains(&change.field));
        if self.changes.len() == all {
            return Some(self);
        }
        self.note = None;
        // What made the record says no more in its summary than that.
        if self.changes.iter().any(|change| change.from.is_some()) || self.version > 1 {
            if self.changes.is_empty() {
                return None;
            }
            let labels: Vec<_> = self.changes.iter().map(|change| change.label).collect();
            self.summary = format!("{} changed", enumerate(&labels));
        }
        Some(self)
    }

    /// Reads an event of the kind `E`.
    pub fn read<E: Describe>(event: &RecordedEvent) -> Result<Self, CommandError> {
        let decoded = event.decode::<E>()?;
        let meta = event.meta()?;
        Ok(Self {
            version: event.version,
            position: event.position,
            recorded_at: event.recorded_at,
            event_type: event.event_type.clone(),
            summary: decoded.summary(),
            actor: meta.actor,
            on_behalf_of: meta.on_behalf_of,
            action: meta.action,
            action_kind: meta.action_kind,
            channel: meta.channel,
            reason: event.private_meta()?.reason,
            note: decoded.note().map(str::to_owned),
            source: meta.source,
            causation: meta.causation,
            changes: decoded.changes(),
            erased: event.is_erased(),
        })
    }
}

impl Commands {
    /// A page of a stream's history, newest first: at most `limit` entries with a version below
    /// `before`, or the newest. Who may see it was settled before.
    pub async fn history<A: Aggregate<Event: Describe>>(
        &self,
        log: LogId,
        stream: impl Into<StreamId>,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<HistoryEntry>, CommandError> {
        let stream = stream.into();
        let version = self.load::<A>(log, stream).await?.version;
        let end = before.map_or(version, |before| before.saturating_sub(1).min(version));
        let start = end.saturating_sub(limit);
        if start == end {
            return Ok(Vec::new());
        }
        let events = self.log().read_stream(log, stream, start, end - start).await?;
        events.iter().rev().map(HistoryEntry::read::<A::Event>).collect()
    }

    /// For each field that was ever set or cleared, the entry that did so last.
    pub async fn provenance<A: Aggregate<Event: Describe>>(
        &self,
        log: LogId,
        stream: impl Into<StreamId>,
    ) -> Result<BTreeMap<&'static str, HistoryEntry>, CommandError> {
        let mut origin = BTreeMap::new();
        for event in self.stream_events::<A>(log, stream.into()).await? {
            let entry = HistoryEntry::read::<A::Event>(&event)?;
            for change in &entry.changes {
                origin.insert(change.field, entry.clone());
            }
        }
        Ok(origin)
    }

    /// All events of a stream, oldest first; none if it is of another kind.
    pub(crate) async fn stream_events<A: Aggregate>(
        &self,
        log: LogId,
        stream: StreamId,
    ) -> Result<Vec<RecordedEvent>, CommandError> {
        let mut events: Vec<RecordedEvent> = Vec::new();
        loop {
            let after = events.last().map_or(0, |event| event.version);
            let page = self.log().read_stream(log, stream, after, PAGE).await?;
            let full = page.len() == PAGE as usize;
            events.extend(page.into_iter().filter(|event| event.kind() == A::KIND));
            if !full {
                return Ok(events);
            }
        }
    }
}
