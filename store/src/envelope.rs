//! What stands around every event: who, when, why, in which action, caused by what.

use crate::port::{LogId, Position, StreamId};
use chrono::{DateTime, Utc};
use domain::codec::{
    self, DecodeError, EventCodec, GROUP_ORIGIN, GROUP_REASON, Opened, PlainSegment,
};
use domain::ids::{ActionId, ApiKeyId, FileId, MemberId, SubjectId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of actor it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person.
    User,
    /// A program with an API key.
    ApiKey,
    /// Hindsight itself.
    System,
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRef {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The user, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The user's profile in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The API key, for a program. Events from before this was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ApiKeyId>,
}

impl ActorRef {
    /// Hindsight itself.
    pub const SYSTEM: Self = Self { kind: ActorKind::System, user: None, member: None, key: None };
}

/// By which way a command came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The HTTP API.
    Api,
    /// The command line.
    Cli,
    /// A background process.
    Worker,
}

/// The file and row that a record came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRef {
    /// The uploaded file.
    pub file: FileId,
    /// Its row, counted from 1 as a spreadsheet shows it, the heading included.
    pub row: u64,
}

/// Public metadata of an event. **This is storage**: add members only as options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Who did it.
    pub actor: ActorRef,
    /// For whom, if not for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UserId>,
    /// What the person did in one gesture; the unit of undo.
    pub action: ActionId,
    /// What kind of gesture, such as `edit`, `import`, `revert`.
    pub action_kind: std::borrow::Cow<'static, str>,
    /// By which way it came in.
    pub channel: Channel,
    /// The event, command or job that caused this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<Uuid>,
    /// What all that belongs together shares, such as a request or a process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Uuid>,
    /// The file and row it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceRef>,
}

/// Personal metadata; sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrivateMeta {
    /// Why, in the actor's words; sealed under the record's subject.
    pub reason: Option<String>,
    /// The actor's address; sealed under the actor.
    pub ip: Option<String>,
    /// The actor's browser; sealed under the actor.
    pub user_agent: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Reason {
    reason: String,
}

#[derive(Serialize, Deserialize)]
struct Origin {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
}

impl PrivateMeta {
    /// The segments to seal with an event of the record `owner`.
    pub fn segments(
        &self,
        owner: SubjectId,
        meta: &Meta,
    ) -> Result<Vec<PlainSegment>, DecodeError> {
        let mut segments = Vec::new();
        if let Some(reason) = &self.reason {
            let bytes = serde_json::to_vec(&Reason { reason: reason.clone() })
                .map_err(DecodeError::malformed("reason"))?;
            segments.push(PlainSegment { subject: owner, group: GROUP_REASON, bytes });
        }
        if let (Some(user), true) =
            (meta.actor.user, self.ip.is_some() || self.user_agent.is_some())
        {
            let origin = Origin { ip: self.ip.clone(), user_agent: self.user_agent.clone() };
            let bytes = serde_json::to_vec(&origin).map_err(DecodeError::malformed("origin"))?;
            segments.push(PlainSegment { subject: SubjectId(user.0), group: GROUP_ORIGIN, bytes });
        }
        Ok(segments)
    }
}

/// An event as it came out of the log, opened as far as keys exist.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedEvent {
    /// Its log.
    pub log: LogId,
    /// Its place in the log.
    pub position: Position,
    /// Its stream.
    pub stream: StreamId,
    /// Its place in the stream, from 1.
    pub version: u32,
    /// Wire name.
    pub event_type: String,
    /// Version of the payload's format.
    pub schema_version: u16,
    /// When the server recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Public JSON.
    pub payload: Vec<u8>,
    /// Personal data, opened or erased.
    pub segments: Vec<Opened>,
    /// Public metadata as stored; see [`RecordedEvent::meta`].
    pub meta: Vec<u8>,
}

impl RecordedEvent {
    /// The kind of its stream: the part of the wire name before the dot.
    pub fn kind(&self) -> &str {
        self.event_type.split('.').next().unwrap_or(&self.event_type)
    }

    /// Decodes the event.
    pub fn decode<E: EventCodec>(&self) -> Result<E, DecodeError> {
        E::decode(&self.event_type, self.schema_version, &self.payload, &self.segments)
    }

    /// Decodes the public metadata.
    pub fn meta(&self) -> Result<Meta, DecodeError> {
        serde_json::from_slice(&self.meta).map_err(DecodeError::malformed("metadata"))
    }

    /// Decodes the personal metadata; what is erased or absent is `None`.
    pub fn private_meta(&self) -> Result<PrivateMeta, DecodeError> {
        let mut private = PrivateMeta::default();
        if let Some(bytes) = codec::segment(&self.segments, GROUP_REASON) {
            let reason: Reason =
                serde_json::from_slice(bytes).map_err(DecodeError::malformed("reason"))?;
            private.reason = Some(reason.reason);
        }
        if let Some(bytes) = codec::segment(&self.segments, GROUP_ORIGIN) {
            let origin: Origin =
                serde_json::from_slice(bytes).map_err(DecodeError::malformed("origin"))?;
            private.ip = origin.ip;
            private.user_agent = origin.user_agent;
        }
        Ok(private)
    }

    /// Whether any of its personal data has been erased.
    pub fn is_erased(&self) -> bool {
        self.segments.iter().any(|segment| segment.bytes.is_none())
    }
}
