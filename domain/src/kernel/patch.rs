//! Patches: what a caller wants set or cleared, parsed and validated against a catalogue.

use super::catalogue::{Catalogue, FieldDef, FieldIndex, Kind};
use super::error::FieldError;
use super::money::{Currency, Money};
use super::normalize::{self, TextFault};
use super::value::Value;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use uuid::Uuid;

/// Fields to set (`Some`) or clear (`None`), each at most once, in catalogue order.
pub type Patch = Vec<(FieldIndex, Option<Value>)>;

/// What input is read by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputRules {
    /// ISO 3166 region of telephone numbers without a country code.
    pub phone_region: Option<String>,
}

/// Reads a JSON object of field values. Every fault is reported, not only the first.
pub fn parse<C: Catalogue>(
    input: &serde_json::Map<String, serde_json::Value>,
    rules: &InputRules,
) -> Result<Patch, Vec<FieldError>> {
    let mut patch = Patch::with_capacity(input.len());
    let mut faults = Vec::new();
    for (name, json) in input {
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
            let money: Money = serde_json::from_value(json.clone())
                .map_err(|_| wrong("an amount in minor units with a currency"))?;
            not_negative(def, money).map(Some)
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
        (Kind::Custom, Json::Object(map)) => custom(def, map),
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
    let (max, multiline) = match def.kind {
        Kind::Text { max } => (max, false),
        Kind::LongText { max } => (max, true),
        Kind::Url => (2000, false),
        Kind::Email
        | Kind::Phone
        | Kind::Language
        | Kind::Integer { .. }
        | Kind::Money
        | Kind::Boolean
        | Kind::Date
        | Kind::Time
        | Kind::Choice(_)
        | Kind::Choices(_)
        | Kind::Member
        | Kind::Link(_)
        | Kind::Custom => (300, false),
    };
    let clean = if multiline { normalize::lines(text, max) } else { normalize::line(text, max) };
    let text = match clean {
        Ok(None) => return Ok(None),
        Ok(Some(text)) => text,
        Err(TextFault::TooLong) => {
            return fault("too_long", format!("{} has more than {max} characters.", def.label));
        }
        Err(TextFault::Control) => {
            return fault(
                "control_character",
                format!("{} contains an invisible control character.", def.label),
            );
        }
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
        Kind::Url => match url(&text) {
            Some(url) => Value::Text(url),
            None => return fault("invalid_url", "This is not a web address.".into()),
        },
        Kind::Language => match language(&text) {
            Some(tag) => Value::Text(tag),
            None => {
                return fault("invalid_language", "Use a language tag such as de or pt-BR.".into());
            }
        },
        Kind::Integer { min, max } => {
            let digits = text.replace([',', ' ', '_', '\''], "");
            match digits.parse() {
                Ok(n) => integer(def, n, min, max)?,
                Err(_) => return fault("invalid_number", "This is not a whole number.".into()),
            }
        }
        Kind::Money => match money_text(&text) {
            Some(money) => not_negative(def, money)?,
            None => {
                return fault("invalid_money", "Write an amount such as 1200.50 EUR.".into());
            }
        },
        Kind::Boolean => match text.to_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "x" => Value::Boolean(true),
            "false" | "no" | "n" | "0" => Value::Boolean(false),
            _ => return fault("invalid_boolean", "Write yes or no.".into()),
        },
        Kind::Date => match NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
            Ok(date) if (1000..=9999).contains(&date.year()) => Value::Date(date),
            _ => return fault("invalid_date", "Write the date as 2026-12-31.".into()),
        },
        Kind::Time => match DateTime::parse_from_rfc3339(&text) {
            Ok(time) if (1000..=9999).contains(&time.year()) => {
                Value::Time(micros(time.with_timezone(&Utc)))
            }
            _ => return fault("invalid_time", "Write the time as 2026-12-31T23:59:00Z.".into()),
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

/// Times are kept to the microsecond, which is what Postgres keeps.
pub fn micros(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time)
}

fn integer(def: &FieldDef, n: i64, min: i64, max: i64) -> Result<Value, FieldError> {
    if (min..=max).contains(&n) {
        Ok(Value::Integer(n))
    } else {
        let message = format!("{} must lie between {min} and {max}.", def.label);
        Err(FieldError::new(def.name, "out_of_range", message))
    }
}

fn not_negative(def: &FieldDef, money: Money) -> Result<Value, FieldError> {
    // 2^53 - 1: the greatest integer that JSON readers in browsers keep exactly.
    if (0..=9_007_199_254_740_991).contains(&money.amount) {
        Ok(Value::Money(money))
    } else {
        let message = format!("{} must not be negative or absurdly large.", def.label);
        Err(FieldError::new(def.name, "out_of_range", message))
    }
}

/// `1200`, `1200.5` or `1,200.50`, with a currency code before or after; two decimals at most.
fn money_text(text: &str) -> Option<Money> {
    let mut currency = None;
    let mut number = None;
    for part in text.split(' ') {
        match Currency::parse(part) {
            Some(code) if currency.is_none() => currency = Some(code),
            _ if number.is_none() => number = Some(part.replace(',', "")),
            _ => return None,
        }
    }
    let number = number?;
    let (whole, cents) = number.split_once('.').unwrap_or((&number, ""));
    if cents.len() > 2 || !cents.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    let amount = whole.checked_mul(100)?.checked_add(cents)?;
    Some(Money { amount, currency: currency? })
}

/// A web address; `www.example.com` gets its scheme.
fn url(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let full = if lower.starts_with("http://") || lower.starts_with("https://") {
        text.to_owned()
    } else if text.contains("://") {
        return None;
    } else {
        format!("https://{text}")
    };
    let rest = full.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit_once('@').map_or(host, |(_, h)| h);
    let name = host.split(':').next()?;
    let ok = name.contains('.')
        && !full.contains(' ')
        && name.split('.').all(|l| {
            !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        });
    ok.then_some(full)
}

fn language(text: &str) -> Option<String> {
    let ok = text.len() <= 35
        && text.split('-').enumerate().all(|(i, part)| {
            (1..=8).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric())
                && (i > 0 || (2..=3).contains(&part.len()))
        });
    ok.then(|| text.to_owned())
}

fn custom(
    def: &FieldDef,
    map: &serde_json::Map<String, serde_json::Value>,
) -> Result<Option<Value>, FieldError> {
    let fault = |key: &str, code, message: &str| {
        FieldError::new(&format!("{}/{key}", def.name), code, message)
    };
    if map.len() > 200 {
        return Err(FieldError::new(def.name, "too_many", "At most 200 custom values."));
    }
    let mut clean = serde_json::Map::new();
    for (key, json) in map {
        let key_ok = (1..=60).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !key_ok {
            return Err(FieldError::new(
                def.name,
                "invalid_key",
                "Keys of custom fields are lower-case letters, digits and underscores.",
            ));
        }
        let text = |s: &str| {
            normalize::lines(s, 10_000).map_err(|found| match found {
                TextFault::TooLong => fault(key, "too_long", "At most 10,000 characters."),
                TextFault::Control => {
                    fault(key, "control_character", "Contains an invisible control character.")
                }
            })
        };
        match json {
            serde_json::Value::Null => {}
            serde_json::Value::String(s) => {
                if let Some(s) = text(s)? {
                    clean.insert(key.clone(), s.into());
                }
            }
            serde_json::Value::Array(items)
                if items.len() <= 100 && items.iter().all(serde_json::Value::is_string) =>
            {
                let mut kept = Vec::new();
                for item in items.iter().filter_map(serde_json::Value::as_str) {
                    kept.extend(text(item)?.map(serde_json::Value::from));
                }
                clean.insert(key.clone(), kept.into());
            }
            serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
                clean.insert(key.clone(), json.clone());
            }
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                let message = "Must be text, a number, yes or no, or a list of texts.";
                return Err(fault(key, "wrong_type", message));
            }
        }
    }
    Ok((!clean.is_empty()).then_some(Value::Custom(clean)))
}
