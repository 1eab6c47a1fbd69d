//! A stream as people read it: who did what when, why, and where each value comes from.

use crate::describe::enumerate;
use crate::error::CommandError;
use crate::execute::Commands;
use chrono::{DateTime, Utc};
use domain::aggregate::Aggregate;
use domain::api_key::ApiKey;
use domain::bulk::Bulk;
use domain::catalogue::Kind;
use domain::client::{ClientAccount, Registration};
use domain::codec::EventCodec;
use domain::denial::Denials;
use domain::ids::{ActionId, UserId};
use domain::import::Import;
use domain::invitation::Invitation;
use domain::mail::Mail;
use domain::member::Member;
use domain::organization::Organization;
use domain::picklist::Picklist;
use domain::record::Record;
use domain::role::Roles;
use domain::team::Teams;
use domain::undo::Undoing;
use domain::value::Value;
use domain::view::View;
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
    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
    /// Which part of its stream it is about, where many things share one: of all roles, which role.
    fn part(&self) -> Option<Uuid> {
        None
    }
    /// What the actor noted with it.
    fn note(&self) -> Option<&str> {
        None
    }
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Its wire name.
    pub field: Cow<'static, str>,
    /// What people call it.
    pub label: Cow<'static, str>,
    /// What the ids among its values stand for.
    pub refers: Refers,
    /// What it was; `None` is empty, or erased.
    pub from: Option<Value>,
    /// What it is since; `None` is empty, or erased.
    pub to: Option<Value>,
}

/// What the ids among a field's values stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refers {
    /// Nothing: there are none.
    Nothing,
    /// What the kind of a record's field says.
    Kind(Kind),
    /// Members.
    Members,
    /// Roles.
    Roles,
    /// Teams.
    Teams,
}

impl FieldChange {
    /// A change of a field without ids.
    pub(crate) fn new(
        field: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        from: Option<Value>,
        to: Option<Value>,
    ) -> Self {
        Self { field: field.into(), label: label.into(), refers: Refers::Nothing, from, to }
    }

    /// A change of a text.
    pub(crate) fn text<T: Into<String>>(
        field: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        from: Option<T>,
        to: Option<T>,
    ) -> Self {
        let text = |text: T| Value::Text(text.into());
        Self::new(field, label, from.map(text), to.map(text))
    }

    /// Some went out of a set and others came in; those that stayed are not told.
    pub(crate) fn exchanged<I: Copy + Into<Uuid>>(
        field: &'static str,
        label: &'static str,
        gone: &[I],
        come: &[I],
    ) -> Self {
        let ids = |ids: &[I]| {
            let ids: Vec<Uuid> = ids.iter().map(|id| (*id).into()).collect();
            (!ids.is_empty()).then_some(Value::Refs(ids))
        };
        Self::new(field, label, ids(gone), ids(come))
    }

    /// The same with ids that stand for something.
    pub(crate) fn of(self, refers: Refers) -> Self {
        Self { refers, ..self }
    }

    /// The change alone; none, if it says nothing, since it was erased.
    pub(crate) fn told(self) -> Vec<Self> {
        if self.from.is_none() && self.to.is_none() { Vec::new() } else { vec![self] }
    }
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
    /// Which part of its stream it is about, where many things share one.
    pub part: Option<Uuid>,
    /// Whether personal data in it was erased.
    pub erased: bool,
}

impl HistoryEntry {
    /// The entry for somebody from whom fields are hidden: without what happened to those, and
    /// without the note, which may be about them. Nothing if it is about nothing else.
    pub fn without(mut self, hidden: &[&str]) -> Option<Self> {
        let all = self.changes.len();
        self.changes.retain(|change| !hidden.contains(&&*change.field));
        if self.changes.len() == all {
            return Some(self);
        }
        self.note = None;
        // What made the record says no more in its summary than that.
        if self.changes.iter().any(|change| change.from.is_some()) || self.version > 1 {
            if self.changes.is_empty() {
                return None;
            }
            let labels: Vec<_> = self.changes.iter().map(|change| &change.label).collect();
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
            part: decoded.part(),
            erased: event.is_erased(),
        })
    }

    /// Reads an event of any kind that stands in an organization's log; nothing, if this build does
    /// not know the kind.
    pub fn of(event: &RecordedEvent) -> Result<Option<Self>, CommandError> {
        let kind = event.kind();
        macro_rules! aggregates {
            ($($aggregate:ty),+ $(,)?) => {$(
                if kind == <$aggregate as Aggregate>::KIND {
                    return Self::read::<<$aggregate as Aggregate>::Event>(event).map(Some);
                }
            )+};
        }
        macro_rules! records {
            ($($record:ty),+ $(,)?) => { aggregates!($(Record<$record>),+) };
        }
        domain::for_each_record_type!(records);
        aggregates!(
            Member,
            Roles,
            Teams,
            Invitation,
            ApiKey,
            Denials,
            Organization,
            Picklist,
            View,
            Import,
            ClientAccount,
            Registration,
            Mail,
            Bulk,
            Undoing,
        );
        Ok(None)
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
    ) -> Result<BTreeMap<Cow<'static, str>, HistoryEntry>, CommandError> {
        let mut origin = BTreeMap::new();
        for event in self.stream_events::<A>(log, stream.into()).await? {
            let entry = HistoryEntry::read::<A::Event>(&event)?;
            for change in &entry.changes {
                origin.insert(change.field.clone(), entry.clone());
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
