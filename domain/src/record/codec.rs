//! The stored form of record events. **This is storage**: see `docs/events.md`.
//!
//! | event | payload | sealed under the record's subject |
//! |---|---|---|
//! | `created` v1 | `{"fields":{name: value}}` | `{"fields":{name: value}}` |
//! | changes v1 | `{"changes":{name:{"was","now"}},"sealed":[name]}` | `{"changes":{name:{"was","now"}},"note"}` |
//! | `deleted`, `restored` v1 | `{}` | |

use super::{Change, RecordEvent, RecordType};
use crate::catalogue::{Catalogue, FieldIndex};
use crate::ids::SubjectId;
use crate::kernel::codec::{
    self, DecodeError, Encoded, EventCodec, GROUP_RECORD, Opened, PlainSegment, Upcaster,
};
use crate::value::Value;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::marker::PhantomData;

/// The version of every record event that this build writes.
const SCHEMA_VERSION: u16 = 1;

/// Rewrites from older versions of record events; none has been needed yet.
pub const UPCASTERS: &[Upcaster] = &[];

/// Values by field, sparse, in catalogue order.
#[derive(Clone, PartialEq)]
pub struct FieldSet<R: RecordType> {
    /// The fields that have a value.
    pub values: Vec<(FieldIndex, Value)>,
    record: PhantomData<R>,
}

impl<R: RecordType> FieldSet<R> {
    /// Wraps values that are in catalogue order.
    pub fn new(values: Vec<(FieldIndex, Value)>) -> Self {
        Self { values, record: PhantomData }
    }
}

impl<R: RecordType> std::fmt::Debug for FieldSet<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named = self.values.iter().map(|(field, value)| (R::Fields::def(*field).name, value));
        f.debug_map().entries(named).finish()
    }
}

/// Serializes the fields of one side, the public or the personal one, without copying them.
struct Side<'a, R, T> {
    items: &'a [T],
    personal: bool,
    record: PhantomData<R>,
}

impl<'a, R: RecordType, T> Side<'a, R, T> {
    fn new(items: &'a [T], personal: bool) -> Self {
        Self { items, personal, record: PhantomData }
    }

    fn has(&self, field: FieldIndex) -> bool {
        R::Fields::def(field).personal == self.personal
    }
}

impl<R: RecordType> Serialize for Side<'_, R, (FieldIndex, Value)> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        for (field, value) in self.items.iter().filter(|(field, _)| self.has(*field)) {
            map.serialize_entry(R::Fields::def(*field).name, value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct WasNow<'a> {
    was: &'a Option<Value>,
    now: &'a Option<Value>,
}

impl<R: RecordType> Serialize for Side<'_, R, Change> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        for change in self.items.iter().filter(|change| self.has(change.field)) {
            let pair = WasNow { was: &change.was, now: &change.now };
            map.serialize_entry(R::Fields::def(change.field).name, &pair)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct FieldsOut<T> {
    fields: T,
}

#[derive(Serialize)]
struct ChangesOut<'a, T> {
    changes: T,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sealed: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, DecodeError> {
    let mut bytes = Vec::with_capacity(1024);
    serde_json::to_writer(&mut bytes, value)
        .map_err(DecodeError::malformed("event to be written"))?;
    Ok(bytes)
}

impl<R: RecordType> EventCodec for RecordEvent<R> {
    fn encode(&self, owner: SubjectId) -> Result<Encoded, DecodeError> {
        let sealed = |bytes| PlainSegment { subject: owner, group: GROUP_RECORD, bytes };
        let personal = |field: FieldIndex| R::Fields::def(field).personal;
        let (event_type, payload, segments) = match self {
            Self::Created(set) => {
                let public = Side::<R, _>::new(&set.values, false);
                let mut segments = Vec::new();
                if set.values.iter().any(|(field, _)| personal(*field)) {
                    let private = Side::<R, _>::new(&set.values, true);
                    segments.push(sealed(json(&FieldsOut { fields: private })?));
                }
                (R::EVENTS.created, json(&FieldsOut { fields: public })?, segments)
            }
            Self::Changed { name, changes, note } => {
                let names: Vec<_> = changes
                    .iter()
                    .filter(|change| personal(change.field))
                    .map(|change| R::Fields::def(change.field).name)
                    .collect();
                let mut segments = Vec::new();
                if !names.is_empty() || note.is_some() {
                    segments.push(sealed(json(&ChangesOut {
                        changes: Side::<R, _>::new(changes, true),
                        sealed: Vec::new(),
                        note: note.as_deref(),
                    })?));
                }
                let public = ChangesOut {
                    changes: Side::<R, _>::new(changes, false),
                    sealed: names,
                    note: None,
                };
                (*name, json(&public)?, segments)
            }
            Self::Deleted => (R::EVENTS.deleted, b"{}".to_vec(), Vec::new()),
            Self::Restored => (R::EVENTS.restored, b"{}".to_vec(), Vec::new()),
        };
        Ok(Encoded { event_type, schema_version: SCHEMA_VERSION, payload, segments })
    }

    fn decode(
        event_type: &str,
        schema_version: u16,
        payload: &[u8],
        segments: &[Opened],
    ) -> Result<Self, DecodeError> {
        let (version, payload) = codec::upcast(UPCASTERS, event_type, schema_version, payload)?;
        if version != SCHEMA_VERSION {
            return Err(DecodeError::unknown(event_type, schema_version));
        }
        let private = codec::segment(segments, GROUP_RECORD);
        if event_type == R::EVENTS.created {
            let mut values = read::<FieldsIn<R>>("created event", &payload)?.fields.values;
            if let Some(bytes) = private {
                values.extend(read::<FieldsIn<R>>("sealed fields", bytes)?.fields.values);
                values.sort_by_key(|(field, _)| *field);
            }
            return Ok(Self::Created(FieldSet::new(values)));
        }
        if let Some(name) = R::EVENTS.changed.iter().copied().find(|name| *name == event_type) {
            return decode_changed::<R>(name, &payload, private);
        }
        match event_type {
            t if t == R::EVENTS.deleted => Ok(Self::Deleted),
            t if t == R::EVENTS.restored => Ok(Self::Restored),
            _ => Err(DecodeError::unknown(event_type, schema_version)),
        }
    }
}

fn decode_changed<R: RecordType>(
    name: &'static str,
    payload: &[u8],
    private: Option<&[u8]>,
) -> Result<RecordEvent<R>, DecodeError> {
    let public = read::<ChangesIn<R>>("change event", payload)?;
    let mut changes = public.changes.0;
    let mut note = None;
    match private {
        Some(bytes) => {
            let sealed = read::<ChangesIn<R>>("sealed changes", bytes)?;
            changes.extend(sealed.changes.0);
            note = sealed.note;
        }
        // Erased: that the fields changed stays known, the values do not.
        None => changes.extend(public.sealed.iter().filter_map(|name| {
            R::Fields::index(name).map(|field| Change { field, was: None, now: None })
        })),
    }
    changes.sort_by_key(|change| change.field);
    Ok(RecordEvent::Changed { name, changes, note })
}

fn read<'de, T: Deserialize<'de>>(what: &'static str, bytes: &'de [u8]) -> Result<T, DecodeError> {
    // Checked once as a whole, not string by string.
    let text = std::str::from_utf8(bytes).map_err(serde::de::Error::custom);
    text.and_then(serde_json::from_str).map_err(DecodeError::malformed(what))
}

#[derive(Deserialize)]
#[serde(bound = "")]
struct FieldsIn<R: RecordType> {
    fields: FieldSet<R>,
}

#[derive(Deserialize)]
#[serde(bound = "")]
struct ChangesIn<R: RecordType> {
    changes: ChangeList<R>,
    #[serde(default)]
    sealed: Vec<String>,
    #[serde(default)]
    note: Option<String>,
}

struct ChangeList<R>(Vec<Change>, PhantomData<R>);

/// Resolves a map key to a field, the first guess being the one at this place. A field that no
/// build knows is a format that it cannot read.
struct FieldKey<R>(usize, PhantomData<R>);

impl<'de, R: RecordType> DeserializeSeed<'de> for FieldKey<R> {
    type Value = FieldIndex;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<FieldIndex, D::Error> {
        d.deserialize_identifier(self)
    }
}

impl<R: RecordType> Visitor<'_> for FieldKey<R> {
    type Value = FieldIndex;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<FieldIndex, E> {
        R::Fields::index_from(self.0, name)
            .ok_or_else(|| E::custom(format_args!("unknown field {name}")))
    }
}

impl<'de, R: RecordType> Deserialize<'de> for FieldSet<R> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Fields<R>(PhantomData<R>);
        impl<'de, R: RecordType> Visitor<'de> for Fields<R> {
            type Value = FieldSet<R>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of fields")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldSet<R>, A::Error> {
                let mut values = Vec::with_capacity(R::Fields::FIELDS.len());
                let mut next = 0;
                while let Some(field) = map.next_key_seed(FieldKey::<R>(next, PhantomData))? {
                    next = field.at() + 1;
                    values.push((field, map.next_value_seed(R::Fields::def(field).kind)?));
                }
                Ok(FieldSet::new(values))
            }
        }
        d.deserialize_map(Fields(PhantomData))
    }
}

impl<'de, R: RecordType> Deserialize<'de> for ChangeList<R> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Changes<R>(PhantomData<R>);
        impl<'de, R: RecordType> Visitor<'de> for Changes<R> {
            type Value = ChangeList<R>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of changes")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ChangeList<R>, A::Error> {
                let mut changes = Vec::new();
                let mut next = 0;
                while let Some(field) = map.next_key_seed(FieldKey::<R>(next, PhantomData))? {
                    next = field.at() + 1;
                    changes.push(map.next_value_seed(ChangeSeed::<R>(field, PhantomData))?);
                }
                Ok(ChangeList(changes, PhantomData))
            }
        }
        d.deserialize_map(Changes(PhantomData))
    }
}

/// Reads `{"was":…,"now":…}` for a field whose kind is known.
struct ChangeSeed<R>(FieldIndex, PhantomData<R>);

impl<'de, R: RecordType> DeserializeSeed<'de> for ChangeSeed<R> {
    type Value = Change;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Change, D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de, R: RecordType> Visitor<'de> for ChangeSeed<R> {
    type Value = Change;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("was and now")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Change, A::Error> {
        let mut change = Change { field: self.0, was: None, now: None };
        let kind = || Nullable(R::Fields::def(self.0).kind);
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match key.as_ref() {
                "was" => change.was = map.next_value_seed(kind())?,
                "now" => change.now = map.next_value_seed(kind())?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(change)
    }
}

/// A value of a kind, or `null`.
struct Nullable(crate::catalogue::Kind);

impl<'de> DeserializeSeed<'de> for Nullable {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Option<Value>, D::Error> {
        d.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Nullable {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Option<Value>, D::Error> {
        self.0.deserialize(d).map(Some)
    }
}
