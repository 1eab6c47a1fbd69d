//! Conditions as SQL.

use super::words::{anywhere, escaped};
use super::{Argument, Sql};
use crate::list::filter::{Comparison, Condition, FieldRef, Filter, SystemField, Test};
use crate::records::{FieldColumns, KeyForm, Layout, key_form};
use crate::sql::{ColumnType, quoted};
use domain::catalogue::{Catalogue, FieldIndex};
use domain::normalize;
use domain::record::RecordType;
use domain::value::Value;
use uuid::Uuid;

/// The field that reach depends on.
const OWNER: &str = "assigned_to";

/// The members that a filter restricts the owner to, if it does so whatever else it says.
pub(super) fn owners<R: RecordType>(filter: &Filter) -> Option<Vec<Uuid>> {
    match filter {
        Filter::All(children) => children.iter().find_map(owners::<R>),
        Filter::Is(Condition { field: FieldRef::Field(field), test: Test::Is(values) })
            if R::Fields::def(*field).name == OWNER =>
        {
            Some(values.iter().filter_map(as_id).collect())
        }
        Filter::Any(_) | Filter::Is(_) => None,
    }
}

fn as_id(value: &Value) -> Option<Uuid> {
    if let Value::Ref(id) = value { Some(*id) } else { None }
}

pub(super) fn filter<R: RecordType>(sql: &mut Sql, layout: &Layout, filter: &Filter) {
    let (children, between, none) = match filter {
        Filter::Is(condition) => return self::condition::<R>(sql, layout, condition),
        Filter::All(children) => (children, " AND ", "true"),
        Filter::Any(children) => (children, " OR ", "false"),
    };
    if children.is_empty() {
        sql.push(none);
        return;
    }
    sql.push("(");
    for (index, child) in children.iter().enumerate() {
        if index > 0 {
            sql.push(between);
        }
        self::filter::<R>(sql, layout, child);
    }
    sql.push(")");
}

fn condition<R: RecordType>(sql: &mut Sql, layout: &Layout, condition: &Condition) {
    let Condition { field, test } = condition;
    match field {
        FieldRef::Field(index) => {
            let columns = layout.field(*index);
            let column = format!("c.{}", quoted(columns.name));
            if columns.ty == ColumnType::Text {
                text::<R>(sql, *index, columns, &column, test);
            } else {
                typed(sql, columns.currency.as_deref(), &column, test);
            }
        }
        FieldRef::System(field) => {
            let column = format!("c.{}", SystemField::column(*field));
            typed(sql, None, &column, test);
        }
    }
}

/// Tests of text compare normalised forms.
fn text<R: RecordType>(
    sql: &mut Sql,
    field: FieldIndex,
    columns: &FieldColumns,
    column: &str,
    test: &Test,
) {
    let (compared, form) = match &columns.key {
        Some((name, form)) => (format!("c.{}", quoted(name)), Some(*form)),
        None => (format!("lower({column})"), None),
    };
    let normal = |text: &str| match form {
        Some(form) => key_form(form, text),
        None => text.to_lowercase(),
    };
    let normal_value = |value: &Value| normal(value.as_text().unwrap_or_default());
    match test {
        Test::Is(values) => match values.as_slice() {
            [value] => {
                sql.push(&compared).push(" = ").bind(Argument::Text(normal_value(value)));
            }
            values => {
                let texts = values.iter().map(normal_value).collect();
                sql.push(&compared).push(" = ANY (").bind(Argument::Texts(texts)).push(")");
            }
        },
        Test::Not(value) => {
            sql.push(&compared).push(" IS DISTINCT FROM ");
            sql.bind(Argument::Text(normal_value(value)));
        }
        Test::Contains(part) | Test::StartsWith(part) => {
            let lead = if matches!(test, Test::Contains(_)) { "%" } else { "" };
            let pattern = format!("{lead}{}%", escaped(&normal(part)));
            sql.push("(").push(&compared).push(" LIKE ").bind(Argument::Text(pattern));
            // What a searchable field contains, the search text contains word by word; and that
            // one has an index.
            if R::Fields::def(field).searchable && form != Some(KeyForm::Digits) {
                for word in normalize::search_key(part).split_whitespace() {
                    if word.chars().count() >= 3 {
                        sql.push(" AND c.search_text LIKE ").bind(Argument::Text(anywhere(word)));
                    }
                }
            }
            sql.push(")");
        }
        Test::Empty
        | Test::NotEmpty
        | Test::HasAny(_)
        | Test::HasAll(_)
        | Test::HasNot(_)
        | Test::Compare(..)
        | Test::Between(..)
        | Test::WithinLast(_)
        | Test::NotWithinLast(_) => typed(sql, None, column, test),
    }
}

/// Tests of everything else. Amounts compare only within their currency.
fn typed(sql: &mut Sql, currency: Option<&str>, column: &str, test: &Test) {
    let in_currency = |sql: &mut Sql, value: &Value| {
        if let (Some(currency), Value::Money(money)) = (currency, value) {
            let code = Argument::Text(money.currency.as_str().to_owned());
            sql.push(" AND c.").push(&quoted(currency)).push(" = ").bind(code);
        }
    };
    let compare = |sql: &mut Sql, operator: &str, value: &Value| {
        sql.push("(").push(column).push(operator).bind(argument(value));
        in_currency(sql, value);
        sql.push(")");
    };
    match test {
        Test::Empty => {
            sql.push(column).push(" IS NULL");
        }
        Test::NotEmpty => {
            sql.push(column).push(" IS NOT NULL");
        }
        Test::Is(values) => match (values.as_slice(), list(values)) {
            ([value], _) => compare(sql, " = ", value),
            (_, Some(list)) => {
                sql.push(column).push(" = ANY (").bind(list).push(")");
            }
            (values, None) => {
                sql.push("(false");
                for value in values {
                    sql.push(" OR ");
                    compare(sql, " = ", value);
                }
                sql.push(")");
            }
        },
        Test::Not(value) => {
            compare(sql, " = ", value);
            sql.push(" IS NOT TRUE");
        }
        Test::HasAny(ids) => {
            sql.push(column).push(" && ").bind(Argument::Uuids(ids.clone()));
        }
        Test::HasAll(ids) => {
            sql.push(column).push(" @> ").bind(Argument::Uuids(ids.clone()));
        }
        Test::HasNot(id) => {
            sql.push("(").push(column).push(" @> ").bind(Argument::Uuids(vec![*id]));
            sql.push(") IS NOT TRUE");
        }
        Test::Compare(comparison, value) => {
            let operator = match comparison {
                Comparison::Gt => " > ",
                Comparison::Gte => " >= ",
                Comparison::Lt => " < ",
                Comparison::Lte => " <= ",
            };
            compare(sql, operator, value);
        }
        Test::Between(from, to) => {
            sql.push("(").push(column).push(" BETWEEN ").bind(argument(from)).push(" AND ");
            sql.bind(argument(to));
            in_currency(sql, from);
            sql.push(")");
        }
        Test::WithinLast(days) => within_last(sql, column, *days),
        // Only text contains text.
        Test::Contains(_) | Test::StartsWith(_) => {
            sql.push("false");
        }
        Test::NotWithinLast(days) => {
            sql.push("(");
            within_last(sql, column, *days);
            sql.push(") IS NOT TRUE");
        }
    }
}

/// The database's clock decides: it is the one that recorded the times.
fn within_last(sql: &mut Sql, column: &str, days: i32) {
    sql.push(column).push(" BETWEEN now() - make_interval(days => ");
    sql.bind(Argument::Integer(days)).push(") AND now()");
}

/// Values of one type as one array; `None` where each needs a test of its own.
fn list(values: &[Value]) -> Option<Argument> {
    macro_rules! all {
        ($variant:ident) => {
            values
                .iter()
                .map(|value| if let Value::$variant(v) = value { Some(v.clone()) } else { None })
                .collect::<Option<Vec<_>>>()
        };
    }
    all!(Ref)
        .map(Argument::Uuids)
        .or_else(|| all!(Integer).map(Argument::Bigints))
        .or_else(|| all!(Date).map(Argument::Dates))
        .or_else(|| all!(Time).map(Argument::Times))
}

fn argument(value: &Value) -> Argument {
    match value {
        Value::Text(v) => Argument::Text(v.clone()),
        Value::Integer(v) => Argument::Bigint(*v),
        Value::Money(v) => Argument::Bigint(v.amount),
        Value::Boolean(v) => Argument::Boolean(*v),
        Value::Date(v) => Argument::Date(*v),
        Value::Time(v) => Argument::Time(*v),
        Value::Ref(v) => Argument::Uuid(*v),
        Value::Refs(v) => Argument::Uuids(v.clone()),
        Value::Custom(v) => Argument::Text(serde_json::Value::Object(v.clone()).to_string()),
    }
}
