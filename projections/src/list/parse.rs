//! Reading filters from untrusted JSON.

use super::filter::{Comparison, Condition, FieldRef, Filter, SystemField, Test};
use domain::catalogue::{Catalogue, FieldDef, Form, Kind};
use domain::error::FieldError;
use domain::normalize;
use domain::patch::{self, InputRules};
use domain::picklist;
use domain::record::RecordType;
use domain::value::Value;
use serde_json::Value as Json;
use std::marker::PhantomData;
use uuid::Uuid;

const MAX_DEPTH: usize = 5;
const MAX_CONDITIONS: usize = 50;
const MAX_VALUES: usize = 200;
const MAX_TEXT: usize = 300;
/// About a thousand years.
const MAX_DAYS: i64 = 366_000;

/// Reads a filter; the pointer of a fault starts at `/filter`.
pub(super) fn filter<R: RecordType>(json: &Json) -> Result<Filter, Vec<FieldError>> {
    let mut parser = Parser::<R> { conditions: 0, record: PhantomData };
    parser.node(json, &mut String::from("filter"), 1).map_err(|fault| vec![fault])
}

struct Parser<R> {
    conditions: usize,
    record: PhantomData<R>,
}

fn fault(at: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError::new(at, code, message)
}

/// Runs `read` with `at` extended by one segment of the pointer.
fn within<T>(at: &mut String, segment: &str, read: impl FnOnce(&mut String) -> T) -> T {
    let length = at.len();
    at.push('/');
    at.push_str(segment);
    let result = read(at);
    at.truncate(length);
    result
}

impl<R: RecordType> Parser<R> {
    fn node(&mut self, json: &Json, at: &mut String, depth: usize) -> Result<Filter, FieldError> {
        if depth > MAX_DEPTH {
            return Err(fault(at, "too_deep", format!("At most {MAX_DEPTH} levels.")));
        }
        let Json::Object(members) = json else {
            return Err(fault(at, "wrong_type", "A condition is an object."));
        };
        let branch = ["all", "any"].into_iter().find(|name| members.contains_key(*name));
        let Some(name) = branch else { return self.condition(members, at).map(Filter::Is) };
        let Some(Json::Array(items)) = members.get(name).filter(|_| members.len() == 1) else {
            return Err(fault(at, "wrong_type", "`all` and `any` stand alone and hold a list."));
        };
        let mut children = Vec::with_capacity(items.len().min(MAX_CONDITIONS));
        within(at, name, |at| {
            for (index, item) in items.iter().enumerate() {
                let child = within(at, &index.to_string(), |at| self.node(item, at, depth + 1))?;
                children.push(child);
            }
            Ok(())
        })?;
        Ok(if name == "all" { Filter::All(children) } else { Filter::Any(children) })
    }

    fn condition(
        &mut self,
        members: &serde_json::Map<String, Json>,
        at: &mut String,
    ) -> Result<Condition, FieldError> {
        self.conditions += 1;
        if self.conditions > MAX_CONDITIONS {
            let message = format!("At most {MAX_CONDITIONS} conditions.");
            return Err(fault(at, "too_many", message));
        }
        if let Some(other) =
            members.keys().find(|k| !matches!(k.as_str(), "field" | "op" | "value"))
        {
            let shown: String = other.chars().take(40).collect();
            return Err(fault(at, "unknown_member", format!("There is no member `{shown}`.")));
        }
        let member = |name: &str| members.get(name).and_then(Json::as_str);
        let Some(field) = member("field").and_then(FieldRef::find::<R>) else {
            return Err(within(at, "field", |at| {
                fault(at, "unknown_field", "There is no such field.")
            }));
        };
        let Some(shape) = shape::<R>(field) else {
            return Err(within(at, "field", |at| {
                fault(at, "not_filterable", "Lists cannot be filtered by this field.")
            }));
        };
        let Some(op) = member("op") else {
            return Err(within(at, "op", |at| fault(at, "missing", "Name an operator.")));
        };
        let operand = Operand { shape, value: members.get("value") };
        let test = operand.test(op, at)?;
        Ok(Condition { field, test })
    }
}

/// What operators a field has, and how its values are read.
#[derive(Clone, Copy)]
enum Shape {
    Text(&'static FieldDef),
    Ordered(&'static FieldDef),
    Boolean(&'static FieldDef),
    Reference(&'static FieldDef),
    Set(&'static FieldDef),
}

/// The catalogue entries that system fields would have.
const TIME: FieldDef = FieldDef::new("Time", Kind::Time);
const MEMBER: FieldDef = FieldDef::new("Member", Kind::Member);
/// As of a link: an id, whatever has it.
const RECORD: FieldDef = FieldDef::new("Record", Kind::Link("record"));

/// What filters may ask of a field; none if it is not filterable.
pub(super) fn operators(def: &'static FieldDef) -> &'static [&'static str] {
    match shape_of(def) {
        None => &[],
        Some(Shape::Text(_)) => {
            &["eq", "ne", "in", "contains", "starts_with", "empty", "not_empty"]
        }
        Some(Shape::Ordered(def)) if is_moment(def) => &[
            "eq",
            "ne",
            "in",
            "gt",
            "gte",
            "lt",
            "lte",
            "between",
            "within_last",
            "not_within_last",
            "empty",
            "not_empty",
        ],
        Some(Shape::Ordered(_)) => {
            &["eq", "ne", "in", "gt", "gte", "lt", "lte", "between", "empty", "not_empty"]
        }
        Some(Shape::Boolean(_)) => &["eq", "ne", "empty", "not_empty"],
        Some(Shape::Reference(_)) => &["eq", "ne", "in", "empty", "not_empty"],
        Some(Shape::Set(_)) => &["eq", "ne", "in", "contains", "empty", "not_empty"],
    }
}

/// The catalogue entry that a system field would have; the name is only for sorting.
pub(super) fn system_def(field: SystemField) -> Option<&'static FieldDef> {
    match field {
        SystemField::CreatedAt | SystemField::UpdatedAt | SystemField::DeletedAt => Some(&TIME),
        SystemField::CreatedBy | SystemField::UpdatedBy => Some(&MEMBER),
        SystemField::Id => Some(&RECORD),
        SystemField::Name => None,
    }
}

fn shape<R: RecordType>(field: FieldRef) -> Option<Shape> {
    match field {
        FieldRef::Field(index) => shape_of(R::Fields::def(index)),
        FieldRef::System(field) => system_def(field).and_then(shape_of),
    }
}

fn shape_of(def: &'static FieldDef) -> Option<Shape> {
    if !def.filterable {
        return None;
    }
    match def.kind.form() {
        Form::Text if matches!(def.kind, Kind::LongText { .. }) => None,
        Form::Text => Some(Shape::Text(def)),
        Form::Integer | Form::Money | Form::Date | Form::Time => Some(Shape::Ordered(def)),
        Form::Boolean => Some(Shape::Boolean(def)),
        Form::Id => Some(Shape::Reference(def)),
        Form::Ids => Some(Shape::Set(def)),
        Form::Object => None,
    }
}

struct Operand<'a> {
    shape: Shape,
    value: Option<&'a Json>,
}

impl Operand<'_> {
    fn test(&self, op: &str, at: &mut String) -> Result<Test, FieldError> {
        let empty = match op {
            "empty" => Some(Test::Empty),
            "not_empty" => Some(Test::NotEmpty),
            _ => None,
        };
        if let Some(test) = empty {
            return if self.value.is_none_or(Json::is_null) {
                Ok(test)
            } else {
                Err(within(at, "value", |at| {
                    fault(at, "not_expected", "This operator takes no value.")
                }))
            };
        }
        let value = self.value.unwrap_or(&Json::Null);
        let found = within(at, "value", |at| match (self.shape, op) {
            (Shape::Text(def), "eq") => Ok(Some(Test::Is(vec![one(def, value, at)?]))),
            (Shape::Text(_), "contains") => Ok(Some(Test::Contains(text(value, at)?))),
            (Shape::Text(_), "starts_with") => Ok(Some(Test::StartsWith(text(value, at)?))),
            (Shape::Ordered(def) | Shape::Boolean(def) | Shape::Reference(def), "eq") => {
                Ok(Some(Test::Is(vec![one(def, value, at)?])))
            }
            (
                Shape::Text(def)
                | Shape::Ordered(def)
                | Shape::Boolean(def)
                | Shape::Reference(def),
                "ne",
            ) => Ok(Some(Test::Not(one(def, value, at)?))),
            (Shape::Text(def) | Shape::Ordered(def) | Shape::Reference(def), "in") => {
                many(value, at, |item, at| one(def, item, at)).map(|v| Some(Test::Is(v)))
            }
            (Shape::Set(def), "in") => {
                many(value, at, |item, at| reference(def, item, at)).map(|v| Some(Test::HasAny(v)))
            }
            (Shape::Set(def), "eq" | "contains") => {
                let ids = if value.is_array() {
                    many(value, at, |item, at| reference(def, item, at))?
                } else {
                    vec![reference(def, value, at)?]
                };
                Ok(Some(Test::HasAll(ids)))
            }
            (Shape::Set(def), "ne") => Ok(Some(Test::HasNot(reference(def, value, at)?))),
            (Shape::Ordered(def), "gt" | "gte" | "lt" | "lte") => {
                let comparison = match op {
                    "gt" => Comparison::Gt,
                    "gte" => Comparison::Gte,
                    "lt" => Comparison::Lt,
                    _ => Comparison::Lte,
                };
                Ok(Some(Test::Compare(comparison, one(def, value, at)?)))
            }
            (Shape::Ordered(def), "between") => between(def, value, at).map(Some),
            (Shape::Ordered(def), "within_last") if is_moment(def) => {
                days(value, at).map(|days| Some(Test::WithinLast(days)))
            }
            (Shape::Ordered(def), "not_within_last") if is_moment(def) => {
                days(value, at).map(|days| Some(Test::NotWithinLast(days)))
            }
            _ => Ok(None),
        })?;
        found.ok_or_else(|| {
            within(at, "op", |at| {
                fault(at, "unknown_operator", "This field does not have this operator.")
            })
        })
    }
}

fn is_moment(def: &FieldDef) -> bool {
    matches!(def.kind, Kind::Date | Kind::Time)
}

fn many<T>(
    value: &Json,
    at: &mut String,
    mut read: impl FnMut(&Json, &mut String) -> Result<T, FieldError>,
) -> Result<Vec<T>, FieldError> {
    let Json::Array(items) = value else {
        return Err(fault(at, "wrong_type", "Give a list of values."));
    };
    if items.is_empty() || items.len() > MAX_VALUES {
        return Err(fault(at, "too_many", format!("Give 1 to {MAX_VALUES} values.")));
    }
    items
        .iter()
        .enumerate()
        .map(|(index, item)| within(at, &index.to_string(), |at| read(item, at)))
        .collect()
}

fn between(def: &'static FieldDef, value: &Json, at: &mut String) -> Result<Test, FieldError> {
    let mut bounds = many(value, at, |item, at| one(def, item, at))?.into_iter();
    match (bounds.next(), bounds.next(), bounds.next()) {
        (Some(from), Some(to), None) => {
            if let (Value::Money(a), Value::Money(b)) = (&from, &to)
                && a.currency != b.currency
            {
                let message = "Both amounts must have the same currency.";
                return Err(fault(at, "mixed_currencies", message));
            }
            Ok(Test::Between(from, to))
        }
        _ => Err(fault(at, "wrong_type", "Give two values, from and to.")),
    }
}

fn days(value: &Json, at: &str) -> Result<i32, FieldError> {
    value
        .as_i64()
        .filter(|days| (1..=MAX_DAYS).contains(days))
        .and_then(|days| i32::try_from(days).ok())
        .ok_or_else(|| fault(at, "wrong_type", "Give a number of days."))
}

fn text(value: &Json, at: &str) -> Result<String, FieldError> {
    let text = value.as_str().and_then(|text| normalize::line(text, MAX_TEXT).ok().flatten());
    text.ok_or_else(|| fault(at, "wrong_type", format!("Give 1 to {MAX_TEXT} characters.")))
}

fn reference(def: &FieldDef, value: &Json, at: &str) -> Result<Uuid, FieldError> {
    let text = value.as_str().unwrap_or_default();
    Uuid::parse_str(text)
        .ok()
        .or_else(|| def.kind.list().and_then(|list| picklist::builtin_by_key(list, text)))
        .ok_or_else(|| match def.kind.list() {
            Some(_) => fault(at, "wrong_type", "Give an id, or the key of a built-in value."),
            None => fault(at, "wrong_type", "Give an id."),
        })
}

/// One value of the field's kind. Text is taken as it is: who looks for half an address should
/// find nothing rather than be told that it is no address.
fn one(def: &'static FieldDef, value: &Json, at: &str) -> Result<Value, FieldError> {
    match def.kind.form() {
        Form::Text => text(value, at).map(Value::Text),
        Form::Id => reference(def, value, at).map(Value::Ref),
        Form::Ids | Form::Object => {
            Err(fault(at, "not_filterable", "Lists cannot be filtered by this field."))
        }
        Form::Integer => value
            .as_i64()
            .map(Value::Integer)
            .ok_or_else(|| fault(at, "wrong_type", "Give a whole number.")),
        Form::Money | Form::Boolean | Form::Date | Form::Time => {
            match patch::value(def, value, &InputRules::default()) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(fault(at, "missing", "Give a value.")),
                Err(found) => Err(FieldError { pointer: format!("/{at}"), ..found }),
            }
        }
    }
}
