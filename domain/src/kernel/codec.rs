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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, Value, json};
    use std::borrow::Cow;
    use uuid::Uuid;

    /// A lamp that was hung had a room's number first, then its name, then its name and floor.
    const LAMP: &[Upcaster] = &[
        Upcaster { event_type: "lamp.hung", from: 1, rewrite: name_the_room },
        Upcaster { event_type: "lamp.hung", from: 2, rewrite: add_the_floor },
        Upcaster { event_type: "lamp.lit", from: 1, rewrite: Map::clear },
    ];

    fn name_the_room(payload: &mut Map<String, Value>) {
        if let Some(number) = payload.remove("number") {
            payload.insert("room".into(), format!("Room {number}").into());
        }
    }

    fn add_the_floor(payload: &mut Map<String, Value>) {
        payload.insert("floor".into(), 0.into());
    }

    fn brought_up(event_type: &str, version: u16, payload: &Value) -> (u16, Value) {
        let bytes = payload.to_string();
        let (version, bytes) = upcast(LAMP, event_type, version, bytes.as_bytes()).unwrap();
        (version, serde_json::from_slice(&bytes).unwrap())
    }

    #[test]
    fn an_old_version_is_brought_up_step_by_step() {
        let newest = json!({"room": "Room 7", "floor": 0});
        assert_eq!(brought_up("lamp.hung", 1, &json!({"number": 7})), (3, newest.clone()));
        assert_eq!(brought_up("lamp.hung", 2, &json!({"room": "Room 7"})), (3, newest));
        assert_eq!(brought_up("lamp.lit", 1, &json!({"by": "hand"})), (2, json!({})));
    }

    #[test]
    fn the_newest_version_and_unknown_events_pass_untouched() {
        for (event_type, version) in [("lamp.hung", 3), ("lamp.hung", 9), ("lamp.sold", 1)] {
            let (after, bytes) = upcast(LAMP, event_type, version, b"not even JSON").unwrap();
            assert_eq!(after, version);
            assert!(matches!(bytes, Cow::Borrowed(b"not even JSON")));
        }
    }

    #[test]
    fn an_old_version_that_is_no_object_is_malformed() {
        for payload in [&b"[]"[..], b"", b"{"] {
            let error = upcast(LAMP, "lamp.hung", 1, payload).unwrap_err();
            assert!(matches!(error, DecodeError::Malformed { what: "old payload", .. }), "{error}");
        }
    }

    #[test]
    fn an_event_that_no_build_wrote_is_named() {
        assert_eq!(
            DecodeError::unknown("lamp.sold", 4).to_string(),
            "unknown event lamp.sold version 4"
        );
    }

    #[test]
    fn of_several_segments_the_right_one_is_read() {
        let opened = |group: &str, bytes: Option<&[u8]>| Opened {
            subject: SubjectId(Uuid::nil()),
            group: group.into(),
            bytes: bytes.map(Into::into),
        };
        let segments = [opened(GROUP_REASON, Some(b"why")), opened(GROUP_RECORD, Some(b"what"))];
        assert_eq!(segment(&segments, GROUP_RECORD), Some(&b"what"[..]));
        assert_eq!(segment(&segments, GROUP_ORIGIN), None);
        assert_eq!(segment(&[opened(GROUP_RECORD, None)], GROUP_RECORD), None);
        let shown = format!("{segments:?} {:?}", opened(GROUP_RECORD, None));
        assert!(!shown.contains("why") && shown.contains("erased"), "{shown}");
    }
}
