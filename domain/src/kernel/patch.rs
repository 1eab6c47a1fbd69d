//! Patches: what a caller wants set or cleared, parsed and validated against a catalogue.

pub(crate) use super::written::language as language_tag;

use super::catalogue::{Catalogue, FieldDef, FieldIndex, Kind};
use super::error::FieldError;
use super::money::Money;
use super::normalize::{self, TextFault};
use super::value::Value;
use super::{custom, written};
use serde::Deserialize as _;
use uuid::Uuid;

pub use super::written::micros;

/// Fields to set (`Some`) or clear (`None`), each at most once, in catalogue order. Custom values
/// are set one by one: those that a patch does not name stay, a `null` among them clears one.
pub type Patch = Vec<(FieldIndex, Option<Value>)>;

/// A caller learns nothing more from the hundred-and-first fault.
const MOST_FAULTS: usize = 100;

/// What input is read by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputRules {
    /// ISO 3166 region of telephone numbers without a country code.
    pub phone_region: Option<String>,
}

/// Reads a JSON object of field values. Every fault is reported, not only the first, up to 100.
pub fn parse<C: Catalogue>(
    input: &serde_json::Map<String, serde_json::Value>,
    rules: &InputRules,
) -> Result<Patch, Vec<FieldError>> {
    let mut patch = Patch::with_capacity(input.len());
    let mut faults = Vec::new();
    for (name, json) in input {
        if faults.len() >= MOST_FAULTS {
            break;
        }
        let Some(index) = C::index(name) else {
            // The name is the caller's own text: escape it for the pointer, bound its length.
            let shown: String = name.chars().take(60).collect();
            let pointer = shown.replace('~', "~0").replace('/', "~1");
            faults.push(FieldError::new(&pointer, "unknown_field", "There is no such field."));
            continue;
        };
        match value(C::def(index), json, rules) {
            Ok(value) => patch.push((index, value)),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    patch.sort_by_key(|(index, _)| *index);
    Ok(patch)
}

/// Reads one JSON value for a field; `null` and blank text clear it.
pub fn value(
    def: &FieldDef,
    json: &serde_json::Value,
    rules: &InputRules,
) -> Result<Option<Value>, FieldError> {
    use serde_json::Value as Json;
    let wrong = |expected: &str| {
        FieldError::new(def.name, "wrong_type", format!("{} must be {expected}.", def.label))
    };
    match (def.kind, json) {
        (_, Json::Null) => Ok(None),
        (Kind::Integer { min, max }, Json::Number(n)) => {
            let n = n.as_i64().ok_or_else(|| wrong("a whole number"))?;
            integer(def, n, min, max).map(Some)
        }
        (Kind::Integer { .. }, _) => Err(wrong("a whole number")),
        (Kind::Money, Json::Object(_)) => {
            let money = Money::deserialize(json)
                .map_err(|_| wrong("an amount in minor units with a currency"))?;
            amount(def, money).map(Some)
        }
        (Kind::Money, _) => Err(wrong("an amount in minor units with a currency")),
        (Kind::Boolean, Json::Bool(b)) => Ok(Some(Value::Boolean(*b))),
        (Kind::Boolean, _) => Err(wrong("true or false")),
        (Kind::Choices(_), Json::Array(items)) => {
            let mut ids = items
                .iter()
                .map(|item| item.as_str().and_then(|s| Uuid::parse_str(s).ok()))
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| wrong("a list of ids"))?;
            ids.sort_unstable();
            ids.dedup();
            if ids.len() > 100 {
                return Err(FieldError::new(def.name, "too_many", "At most 100 values."));
            }
            Ok((!ids.is_empty()).then_some(Value::Refs(ids)))
        }
        (Kind::Choices(_), _) => Err(wrong("a list of ids")),
        (Kind::Custom, Json::Object(map)) => custom::parse(def, map).map(Some),
        (Kind::Custom, _) => Err(wrong("an object")),
        (_, Json::String(text)) => text_value(def, text, rules),
        (_, Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            Err(wrong("text"))
        }
    }
}

/// Reads text for a field of any kind, as import files bring it. Blank clears.
pub fn text_value(
    def: &FieldDef,
    text: &str,
    rules: &InputRules,
) -> Result<Option<Value>, FieldError> {
    let fault = |code, message: String| Err(FieldError::new(def.name, code, message));
    let multiline = matches!(def.kind, Kind::LongText { .. });
    let max = def.kind.max().unwrap_or(if def.kind == Kind::Url { 2_000 } else { 300 });
    let copied = (matches!(def.kind, Kind::Email | Kind::Phone | Kind::Url) && text.len() < 4_000)
        .then(|| normalize::without_direction(text));
    let text = copied.as_deref().unwrap_or(text);
    let clean = if multiline { normalize::lines(text, max) } else { normalize::line(text, max) };
    let text = match clean {
        Ok(None) => return Ok(None),
        Ok(Some(text)) => text,
        Err(found) => return Err(text_fault(def.name, def.label, max, found)),
    };
    let value = match def.kind {
        Kind::Text { .. } | Kind::LongText { .. } => Value::Text(text),
        Kind::Email => match normalize::email(&text) {
            Some(email) => Value::Text(email),
            None => return fault("invalid_email", "This is not an e-mail address.".into()),
        },
        Kind::Phone => match normalize::phone(&text, rules.phone_region.as_deref()) {
            Some(phone) => Value::Text(phone),
            None => return fault("invalid_phone", "This is not a telephone number.".into()),
        },
        Kind::Url => match written::url(&text) {
            Some(url) => Value::Text(url),
            None => return fault("invalid_url", "This is not a web address.".into()),
        },
        Kind::Language => match written::language(&text) {
            Some(tag) => Value::Text(tag),
            None => {
                return fault("invalid_language", "Use a language tag such as de or pt-BR.".into());
            }
        },
        Kind::Integer { min, max } => match written::integer(&text) {
            Some(n) => integer(def, n, min, max)?,
            None => return fault("invalid_number", "This is not a whole number.".into()),
        },
        Kind::Money => match written::money(&text) {
            Some(money) => amount(def, money)?,
            None => {
                return fault("invalid_money", "Write an amount such as 1200.50 EUR.".into());
            }
        },
        Kind::Boolean => match text.to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" | "x" => Value::Boolean(true),
            "false" | "f" | "no" | "n" | "off" | "0" => Value::Boolean(false),
            _ => return fault("invalid_boolean", "Write yes or no.".into()),
        },
        Kind::Date => match written::date(&text) {
            Some(date) => Value::Date(date),
            None => return fault("invalid_date", "Write the date as 2026-12-31.".into()),
        },
        Kind::Time => match written::time(&text) {
            Some(time) => Value::Time(time),
            None => return fault("invalid_time", "Write the time as 2026-12-31T23:59:00Z.".into()),
        },
        Kind::Choice(_) | Kind::Member | Kind::Link(_) => match Uuid::parse_str(&text) {
            Ok(id) => Value::Ref(id),
            Err(_) => return fault("invalid_id", "This is not an id.".into()),
        },
        Kind::Choices(_) => match Uuid::parse_str(&text) {
            Ok(id) => Value::Refs(vec![id]),
            Err(_) => return fault("invalid_id", "This is not an id.".into()),
        },
        Kind::Custom => return fault("wrong_type", format!("{} must be an object.", def.label)),
    };
    Ok(Some(value))
}

/// One line of text that must be there, for aggregates without a catalogue.
pub(crate) fn required(
    field: &str,
    label: &str,
    max: usize,
    input: &str,
) -> Result<String, FieldError> {
    match normalize::line(input, max) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(FieldError::new(field, "missing", format!("{label} is missing."))),
        Err(found) => Err(text_fault(field, label, max, found)),
    }
}

/// Says what is wrong with a text of at most `max` characters.
pub(crate) fn text_fault(field: &str, label: &str, max: usize, found: TextFault) -> FieldError {
    match found {
        TextFault::TooLong => {
            FieldError::new(field, "too_long", format!("{label} has more than {max} characters."))
        }
        TextFault::Control => {
            let message = format!("{label} contains an invisible control character.");
            FieldError::new(field, "control_character", message)
        }
    }
}

fn integer(def: &FieldDef, n: i64, min: i64, max: i64) -> Result<Value, FieldError> {
    if (min..=max).contains(&n) {
        Ok(Value::Integer(n))
    } else {
        let message = format!("{} must lie between {min} and {max}.", def.label);
        Err(FieldError::new(def.name, "out_of_range", message))
    }
}

fn amount(def: &FieldDef, money: Money) -> Result<Value, FieldError> {
    // 2^53 - 1: the greatest integer that JSON readers in browsers keep exactly.
    if !(0..=9_007_199_254_740_991).contains(&money.amount) {
        let message = format!("{} must not be negative or absurdly large.", def.label);
        return Err(FieldError::new(def.name, "out_of_range", message));
    }
    if !money.currency.is_current() {
        let message = "There is no such currency; use a code such as EUR (ISO 4217).";
        return Err(FieldError::new(def.name, "unknown_currency", message));
    }
    Ok(Value::Money(money))
}
