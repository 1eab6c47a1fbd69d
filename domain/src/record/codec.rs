//! The stored form of record events. **This is storage**: see `docs/events.md`.
//!
//! | event | payload | sealed under the record's subject |
//! |---|---|---|
//! | `created` v1 | `{"fields":{name: value}}` | `{"fields":{name: value}}` |
//! | changes v1 | `{"changes":{name:{"was","now"}},"sealed":[name]}` | `{"changes":{name:{"was","now"}},"note"}` |
//! | `deleted`, `restored` v1 | `{}` | |

use super::{Change, RecordEvent, RecordType};
use crate::catalogue::{Catalogue, FieldIndex, Stored};
use crate::ids::SubjectId;
use crate::kernel::codec::{
    self, DecodeError, Encoded, EventCodec, GROUP_RECORD, Opened, PlainSegment, Upcaster,
};
use crate::value::Value;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::marker::PhantomData;

/// The version of every record event that this build writes.
const SCHEMA_VERSION: u16 = 1;

/// Rewrites from older versions of record events; none has been needed yet.
pub const UPCASTERS: &[Upcaster] = &[];

/// The values that a record was made with.
#[derive(Clone, PartialEq)]
pub struct FieldSet<R: RecordType> {
    /// Its fields; those without a value are not stored.
    pub fields: Box<R::Fields>,
}

impl<R: RecordType> FieldSet<R> {
    /// These fields.
    pub fn new(fields: R::Fields) -> Self {
        Self { fields: Box::new(fields) }
    }

    /// The fields of one side, the public or the personal one, that have a value.
    fn side(&self, personal: bool) -> impl Iterator<Item = FieldIndex> {
        R::Fields::indices().filter(move |field| {
            R::Fields::def(*field).personal == personal && self.fields.has(*field)
        })
    }
}

impl<R: RecordType> std::fmt::Debug for FieldSet<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let present = self.fields.present();
        let named = present.iter().map(|(field, value)| (R::Fields::def(*field).name, value));
        f.debug_map().entries(named).finish()
    }
}

/// Serializes the fields of one side, the public or the personal one, without copying them.
struct Side<'a, T: ?Sized> {
    items: &'a T,
    personal: bool,
}

impl<R: RecordType> Serialize for Side<'_, FieldSet<R>> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        for field in self.items.side(self.personal) {
            let value = Stored(&*self.items.fields, field);
            map.serialize_entry(R::Fields::def(field).name, &value)?;
        }
        map.end()
    }
}

/// Changes of a record type.
struct Changes<'a, R>(&'a [Change], PhantomData<R>);

#[derive(Serialize)]
struct WasNow<'a> {
    was: &'a Option<Value>,
    now: &'a Option<Value>,
}

impl<R: RecordType> Serialize for Side<'_, Changes<'_, R>> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        let mine = |change: &&Change| R::Fields::def(change.field).personal == self.personal;
        for change in self.items.0.iter().filter(mine) {
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
        let (event_type, payload, segments) = match self {
            Self::Created(set) => {
                let public = Side { items: set, personal: false };
                let mut segments = Vec::new();
                if set.side(true).next().is_some() {
                    let private = Side { items: set, personal: true };
                    segments.push(sealed(json(&FieldsOut { fields: private })?));
                }
                (R::EVENTS.created, json(&FieldsOut { fields: public })?, segments)
            }
            Self::Changed { name, changes, note } => {
                let names: Vec<_> = changes
                    .iter()
                    .map(|change| R::Fields::def(change.field))
                    .filter(|def| def.personal)
                    .map(|def| def.name)
                    .collect();
                let items = &Changes::<R>(changes, PhantomData);
                let mut segments = Vec::new();
                if !names.is_empty() || note.is_some() {
                    segments.push(sealed(json(&ChangesOut {
                        changes: Side { items, personal: true },
                        sealed: Vec::new(),
                        note: note.as_deref(),
                    })?));
                }
                let public = ChangesOut {
                    changes: Side { items, personal: false },
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
            let mut fields = Box::<R::Fields>::default();
            read_into("created event", &payload, FieldsIn(&mut *fields))?;
            if let Some(bytes) = private {
                read_into("sealed fields", bytes, FieldsIn(&mut *fields))?;
            }
            return Ok(Self::Created(FieldSet { fields }));
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
    read_into(what, bytes, PhantomData)
}

fn read_into<'de, T: DeserializeSeed<'de>>(
    what: &'static str,
    bytes: &'de [u8],
    into: T,
) -> Result<T::Value, DecodeError> {
    // Checked once as a whole, not string by string.
    let text = std::str::from_utf8(bytes).map_err(serde::de::Error::custom);
    let read = |text: &'de str| {
        let mut json = serde_json::Deserializer::from_str(text);
        let value = into.deserialize(&mut json)?;
        json.end()?;
        Ok(value)
    };
    text.and_then(read).map_err(DecodeError::malformed(what))
}

/// Reads `{"fields":{name: value}}` into fields.
struct FieldsIn<'a, C>(&'a mut C);

impl<'de, C: Catalogue> DeserializeSeed<'de> for FieldsIn<'_, C> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de, C: Catalogue> Visitor<'de> for FieldsIn<'_, C> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key != "fields" {
                map.next_value::<IgnoredAny>()?;
            } else if found {
                return Err(serde::de::Error::duplicate_field("fields"));
            } else {
                map.next_value_seed(Values(&mut *self.0))?;
                found = true;
            }
        }
        if found { Ok(()) } else { Err(serde::de::Error::missing_field("fields")) }
    }
}

/// Reads `{name: value}` into fields.
struct Values<'a, C>(&'a mut C);

impl<'de, C: Catalogue> DeserializeSeed<'de> for Values<'_, C> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de, C: Catalogue> Visitor<'de> for Values<'_, C> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut next = 0;
        while let Some(field) = map.next_key_seed(FieldKey::<C>(next, PhantomData))? {
            next = field.at() + 1;
            map.next_value_seed(ValueOf(&mut *self.0, field))?;
        }
        Ok(())
    }
}

/// Reads a value into its field.
struct ValueOf<'a, C>(&'a mut C, FieldIndex);

impl<'de, C: Catalogue> DeserializeSeed<'de> for ValueOf<'_, C> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        self.0.read(self.1, d)
    }
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
struct FieldKey<C>(usize, PhantomData<C>);

impl<'de, C: Catalogue> DeserializeSeed<'de> for FieldKey<C> {
    type Value = FieldIndex;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<FieldIndex, D::Error> {
        d.deserialize_identifier(self)
    }
}

impl<C: Catalogue> Visitor<'_> for FieldKey<C> {
    type Value = FieldIndex;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<FieldIndex, E> {
        C::index_from(self.0, name).ok_or_else(|| E::custom(format_args!("unknown field {name}")))
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
                while let Some(field) =
                    map.next_key_seed(FieldKey::<R::Fields>(next, PhantomData))?
                {
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
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
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
