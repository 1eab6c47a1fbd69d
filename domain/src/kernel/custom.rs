//! Values of custom fields: one catalogue field that holds many values by key.
//!
//! In a [`super::patch::Patch`], unlike in a record, a key may have the value `null`: it clears that
//! key. Keys that a patch does not name stay as they are.

use super::catalogue::FieldDef;
use super::error::FieldError;
use super::normalize::{self, TextFault};
use super::value::{CustomValues, Value};
use serde_json::{Number, Value as Json};

const MOST_VALUES: usize = 200;
const MOST_ITEMS: usize = 100;
const LONGEST_TEXT: usize = 10_000;
/// Greatest size of all custom values of a record together, in bytes of text.
const MOST_BYTES: usize = 100_000;
/// 2^53 - 1: browsers and spreadsheets keep no greater number exactly.
const GREATEST: f64 = 9_007_199_254_740_991.0;

/// Reads the custom values of a patch: texts, numbers, yes or no, lists of texts.
pub(super) fn parse(def: &FieldDef, input: &CustomValues) -> Result<Value, FieldError> {
    if input.len() > MOST_VALUES {
        return Err(too_many(def));
    }
    let mut clean = CustomValues::new();
    for (key, json) in input {
        let named = (1..=60).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !named {
            let message = "Keys of custom fields are lower-case letters, digits and underscores.";
            return Err(FieldError::new(def.name, "invalid_key", message));
        }
        let fault =
            |code, message: &str| FieldError::new(&format!("{}/{key}", def.name), code, message);
        clean.insert(key.clone(), value(json).map_err(|(code, message)| fault(code, message))?);
    }
    Ok(Value::Custom(clean))
}

fn value(json: &Json) -> Result<Json, (&'static str, &'static str)> {
    Ok(match json {
        Json::Null | Json::Bool(_) => json.clone(),
        Json::String(line) => text(line)?.map_or(Json::Null, Json::from),
        Json::Number(n) => number(n).ok_or((
            "out_of_range",
            "Numbers beyond 9,007,199,254,740,991 are not kept exactly.",
        ))?,
        Json::Array(items) if items.len() <= MOST_ITEMS && items.iter().all(Json::is_string) => {
            let mut kept = Vec::with_capacity(items.len());
            for item in items.iter().filter_map(Json::as_str) {
                kept.extend(text(item)?.map(Json::from));
            }
            if kept.is_empty() { Json::Null } else { kept.into() }
        }
        Json::Array(_) | Json::Object(_) => {
            let message = "Must be text, a number, yes or no, or a list of at most 100 texts.";
            return Err(("wrong_type", message));
        }
    })
}

fn text(input: &str) -> Result<Option<String>, (&'static str, &'static str)> {
    normalize::lines(input, LONGEST_TEXT).map_err(|fault| match fault {
        TextFault::TooLong => ("too_long", "At most 10,000 characters."),
        TextFault::Control => ("control_character", "Contains an invisible control character."),
    })
}

/// A number in the one form that it has, so that `1.0` is no change from `1`.
fn number(n: &Number) -> Option<Json> {
    let float = n.as_f64().filter(|float| float.abs() <= GREATEST)?;
    match float.to_string().parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) => Number::from_f64(float).map(Json::from),
    }
}

fn too_many(def: &FieldDef) -> FieldError {
    FieldError::new(def.name, "too_many", "At most 200 custom values.")
}

/// What a record has after a patch's values.
pub(crate) fn merge(present: Option<Value>, patch: CustomValues) -> Option<Value> {
    let mut values =
        if let Some(Value::Custom(values)) = present { values } else { CustomValues::new() };
    for (key, json) in patch {
        if json.is_null() {
            values.remove(&key);
        } else {
            values.insert(key, json);
        }
    }
    (!values.is_empty()).then_some(Value::Custom(values))
}

/// What is wrong with all the custom values of a record together.
pub(crate) fn check(def: &FieldDef, value: &Value) -> Option<FieldError> {
    let Value::Custom(values) = value else { return None };
    let size = |json: &Json| match json {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().filter_map(Json::as_str).map(str::len).sum(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => 8,
    };
    if values.len() > MOST_VALUES {
        Some(too_many(def))
    } else if values.values().map(size).sum::<usize>() > MOST_BYTES {
        Some(FieldError::new(def.name, "too_large", "At most 100,000 bytes of custom values."))
    } else {
        None
    }
}

/// Takes the change from `was` to `now` back out of `present`, key by key. Yields what is left, and
/// whether a key was changed since and is therefore kept.
pub(crate) fn take_back(
    present: Option<&Value>,
    was: Option<&Value>,
    now: Option<&Value>,
) -> (Option<Value>, bool) {
    fn of<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a Json> {
        if let Some(Value::Custom(values)) = value { values.get(key) } else { None }
    }
    let keys =
        [was, now].into_iter().flatten().filter_map(Value::as_custom).flat_map(CustomValues::keys);
    let mut back = CustomValues::new();
    let mut kept = false;
    for key in keys.filter(|key| of(was, key) != of(now, key)) {
        if of(present, key) == of(now, key) {
            back.insert(key.clone(), of(was, key).cloned().unwrap_or(Json::Null));
        } else {
            kept |= of(present, key) != of(was, key);
        }
    }
    (merge(present.cloned(), back), kept)
}
