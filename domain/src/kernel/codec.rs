//! How events become bytes and come back. **This is storage**: what is written here is written
//! for ever. A change of format is a new schema version and an upcaster, never an edit.

use super::ids::SubjectId;

/// An event in the form the log keeps: public bytes, and private bytes grouped by whose they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// Wire name, such as `contact.created`.
    pub event_type: &'static str,
    /// Version of the payload's format, from 1.
    pub schema_version: u16,
    /// Compact JSON that holds nothing personal.
    pub payload: Vec<u8>,
    /// What must be sealed before it is stored.
    pub segments: Vec<PlainSegment>,
}

/// Personal data of one subject, before sealing.
#[derive(Clone, PartialEq, Eq)]
pub struct PlainSegment {
    /// Whose data it is.
    pub subject: SubjectId,
    /// Which part of the event it belongs to; bound into the seal.
    pub group: &'static str,
    /// Compact JSON.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for PlainSegment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PlainSegment({} {}, {} bytes)", self.subject, self.group, self.bytes.len())
    }
}

/// A segment read back from the log: opened, or erased for ever.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// Whose data it is.
    pub subject: SubjectId,
    /// Which part of the event it belongs to.
    pub group: String,
    /// The plaintext; `None` once the subject's key is destroyed.
    pub bytes: Option<Vec<u8>>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = if self.bytes.is_some() { "open" } else { "erased" };
        write!(f, "Opened({} {}, {state})", self.subject, self.group)
    }
}

/// The group of a record's own personal fields.
pub const GROUP_RECORD: &str = "record";
/// The group of the reason that the actor gave; part of the metadata.
pub const GROUP_REASON: &str = "reason";
/// The group of the address and user agent of the actor; part of the metadata.
pub const GROUP_ORIGIN: &str = "origin";

/// The plaintext of the first segment of `group`, `None` if there is none or it is erased.
pub fn segment<'a>(segments: &'a [Opened], group: &str) -> Option<&'a [u8]> {
    segments.iter().find(|s| s.group == group).and_then(|s| s.bytes.as_deref())
}

/// An event type that can be written to and read from the log.
pub trait EventCodec: Sized {
    /// The stored form; `owner` is the subject of the record that the event belongs to.
    fn encode(&self, owner: SubjectId) -> Result<Encoded, DecodeError>;

    /// Reads any version ever released. An erased segment yields the event without its values.
    fn decode(
        event_type: &str,
        schema_version: u16,
        payload: &[u8],
        segments: &[Opened],
    ) -> Result<Self, DecodeError>;
}

/// A stored event that this build cannot read. Processing halts: skipping it would lose history.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No such event type, or no such version of it.
    #[error("unknown event {event_type} version {schema_version}")]
    Unknown {
        /// Wire name as stored.
        event_type: String,
        /// Schema version as stored.
        schema_version: u16,
    },
    /// The bytes do not have the form of their type and version.
    #[error("malformed {what}")]
    Malformed {
        /// What could not be read or written.
        what: &'static str,
        /// The parser's own finding.
        #[source]
        source: serde_json::Error,
    },
}

impl DecodeError {
    /// An event type that nobody here knows.
    pub fn unknown(event_type: &str, schema_version: u16) -> Self {
        Self::Unknown { event_type: event_type.to_owned(), schema_version }
    }

    /// Wraps a JSON error with what was being read.
    pub fn malformed(what: &'static str) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| Self::Malformed { what, source }
    }
}

/// A pure rewrite of one stored version of a payload into the next.
#[derive(Clone, Copy)]
pub struct Upcaster {
    /// Wire name it applies to.
    pub event_type: &'static str,
    /// The version it reads; it yields this plus one.
    pub from: u16,
    /// The rewrite.
    pub rewrite: fn(&mut serde_json::Map<String, serde_json::Value>),
}

/// Brings `payload` up to the newest version that `upcasters` lead to. Bytes that need no rewrite
/// are returned as they are, unparsed.
pub fn upcast<'a>(
    upcasters: &[Upcaster],
    event_type: &str,
    mut version: u16,
    payload: &'a [u8],
) -> Result<(u16, std::borrow::Cow<'a, [u8]>), DecodeError> {
    let mut parsed: Option<serde_json::Map<String, serde_json::Value>> = None;
    while let Some(step) =
        upcasters.iter().find(|u| u.event_type == event_type && u.from == version)
    {
        let map = match parsed.take() {
            Some(map) => parsed.insert(map),
            None => parsed.insert(
                serde_json::from_slice(payload).map_err(DecodeError::malformed("old payload"))?,
            ),
        };
        (step.rewrite)(map);
        version += 1;
    }
    match parsed {
        None => Ok((version, payload.into())),
        Some(map) => Ok((
            version,
            serde_json::to_vec(&map).map_err(DecodeError::malformed("upcast payload"))?.into(),
        )),
    }
}
