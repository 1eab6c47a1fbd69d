//! Values of catalogue fields, and their JSON form in events and in the API.

use super::catalogue::Kind;
use super::money::Money;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::de::{DeserializeOwned, DeserializeSeed};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

/// Values of custom fields by the custom field's key.
pub type CustomValues = serde_json::Map<String, serde_json::Value>;

/// The value of one field. Its JSON form is given by the field's [`Kind`], without a tag.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Any kind of text: plain, e-mail, phone, URL, language.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An amount with its currency.
    Money(Money),
    /// Yes or no.
    Boolean(bool),
    /// A calendar date.
    Date(NaiveDate),
    /// A moment, in UTC.
    Time(DateTime<Utc>),
    /// A reference to a pick-list value, a member or a record.
    Ref(Uuid),
    /// References without order or repetition, kept sorted.
    Refs(Vec<Uuid>),
    /// Values of custom fields.
    Custom(CustomValues),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The values of custom fields, if it is these.
    pub fn as_custom(&self) -> Option<&CustomValues> {
        if let Self::Custom(values) = self { Some(values) } else { None }
    }

    /// The value as a JSON value.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Self::Text(v) => json!(v),
            Self::Integer(v) => json!(v),
            Self::Money(v) => json!({"amount": v.amount, "currency": v.currency}),
            Self::Boolean(v) => json!(v),
            Self::Date(v) => json!(v),
            Self::Time(v) => json!(v.to_rfc3339_opts(SecondsFormat::Micros, true)),
            Self::Ref(v) => json!(v),
            Self::Refs(v) => json!(v),
            Self::Custom(v) => serde_json::Value::Object(v.clone()),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(v) => s.serialize_str(v),
            Self::Integer(v) => s.serialize_i64(*v),
            Self::Money(v) => v.serialize(s),
            Self::Boolean(v) => s.serialize_bool(*v),
            Self::Date(v) => v.serialize(s),
            Self::Time(v) => v.write(s),
            Self::Ref(v) => v.serialize(s),
            Self::Refs(v) => v.serialize(s),
            Self::Custom(v) => v.serialize(s),
        }
    }
}

/// Reads a stored value of a kind; trusts what was validated when it was written.
impl<'de> DeserializeSeed<'de> for Kind {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        Ok(match self {
            Self::Text { .. }
            | Self::LongText { .. }
            | Self::Email
            | Self::Phone
            | Self::Url
            | Self::Language => Value::Text(String::deserialize(d)?),
            Self::Integer { .. } => Value::Integer(i64::deserialize(d)?),
            Self::Money => Value::Money(Money::deserialize(d)?),
            Self::Boolean => Value::Boolean(bool::deserialize(d)?),
            Self::Date => Value::Date(NaiveDate::deserialize(d)?),
            Self::Time => Value::Time(DateTime::<Utc>::deserialize(d)?),
            Self::Choice(_) | Self::Member | Self::Link(_) => Value::Ref(Uuid::deserialize(d)?),
            Self::Choices(_) => Value::Refs(Vec::<Uuid>::deserialize(d)?),
            Self::Custom => Value::Custom(CustomValues::deserialize(d)?),
        })
    }
}

/// A Rust type that a catalogue field may have.
pub trait FieldValue: Sized + Serialize + DeserializeOwned {
    /// Reads the stored form; trusts what was validated when it was written.
    fn read<'de, D: serde::Deserializer<'de>>(stored: D) -> Result<Self, D::Error> {
        Self::deserialize(stored)
    }
    /// Writes the stored form.
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.serialize(to)
    }
    /// The value, if `value` is of this type.
    fn from_value(value: Value) -> Option<Self>;
    /// The general form.
    fn into_value(self) -> Value;
    /// The text, if it is one.
    fn as_text(&self) -> Option<&str> {
        None
    }
}

impl FieldValue for String {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text) } else { None }
    }
    fn into_value(self) -> Value {
        Value::Text(self)
    }
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

macro_rules! field_value {
    ($($ty:ty => $variant:ident),+ $(,)?) => {$(
        impl FieldValue for $ty {
            fn from_value(value: Value) -> Option<Self> {
                if let Value::$variant(v) = value { Some(v.into()) } else { None }
            }
            fn into_value(self) -> Value { Value::$variant(self.into()) }
        }
    )+};
}

impl FieldValue for DateTime<Utc> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Time(v) = value { Some(v) } else { None }
    }
    fn into_value(self) -> Value {
        Value::Time(self)
    }
}

field_value! {
    i64 => Integer,
    Money => Money,
    bool => Boolean,
    NaiveDate => Date,
    Uuid => Ref,
    Vec<Uuid> => Refs,
    CustomValues => Custom,
    super::ids::ChoiceId => Ref,
    super::ids::MemberId => Ref,
    super::ids::CompanyId => Ref,
    super::ids::ContactId => Ref,
}
