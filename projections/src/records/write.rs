//! Writing a batch's records and counts.

use super::fold::{Slot, State};
use super::layout::{KeyForm, Layout, key_form};
use crate::runtime::Mode;
use crate::sql::{ColumnType, Rows, copy_in, quoted, upsert};
use domain::catalogue::Catalogue;
use domain::record::RecordType;
use domain::value::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Writes the records: many new ones by COPY, all others by UNNEST.
pub(super) async fn records<R: RecordType>(
    connection: &mut PgConnection,
    layout: &Layout,
    organization: Uuid,
    slots: &[Slot<R>],
    mode: Mode,
) -> Result<(), sqlx::Error> {
    let copy = mode.copies(slots.iter().filter(|slot| slot.is_new()).count());
    let mut fresh = Rows::new(&layout.records.columns);
    let mut others = Rows::new(&layout.records.columns);
    for slot in slots {
        let Some(state) = &slot.state else { continue };
        let rows = if copy && slot.is_new() { &mut fresh } else { &mut others };
        push(rows, layout, organization, slot.id, state);
    }
    copy_in(connection, &layout.records, fresh).await?;
    upsert(connection, &layout.records, others).await
}

fn push<R: RecordType>(
    rows: &mut Rows,
    layout: &Layout,
    organization: Uuid,
    id: Uuid,
    state: &State<R>,
) {
    let fields = &state.fields;
    rows.uuid(Some(organization));
    rows.uuid(Some(id));
    rows.integer(Some(i32::try_from(state.version).unwrap_or(i32::MAX)));
    rows.timestamp(Some(state.created_at));
    rows.uuid(state.created_by.map(Uuid::from));
    rows.timestamp(Some(state.updated_at));
    rows.uuid(state.updated_by.map(Uuid::from));
    rows.timestamp(state.deleted_at);
    rows.text(Some(&R::title(fields)));
    rows.text(Some(super::layout::bounded(&R::sort_title(fields))));
    rows.text(Some(&R::search_text(fields)));
    for (field, columns) in R::Fields::indices().zip(&layout.fields) {
        if columns.ty == ColumnType::Text {
            let text = fields.text(field);
            rows.text(text);
            if let Some((_, form)) = &columns.key {
                let key = text.map(|text| key_form(*form, text));
                // A number without digits is found by nothing.
                let empty = *form == KeyForm::Digits && key.as_deref() == Some("");
                rows.text(key.as_deref().filter(|_| !empty));
            }
        } else {
            push_value(rows, columns.ty, fields.get(field), columns.currency.is_some());
        }
    }
}

/// The catalogue guarantees that values have their field's type; anything else would be `NULL`.
fn push_value(rows: &mut Rows, ty: ColumnType, value: Option<Value>, money: bool) {
    match ty {
        ColumnType::Bigint if money => {
            let money = if let Some(Value::Money(money)) = value { Some(money) } else { None };
            rows.bigint(money.map(|money| money.amount));
            rows.text(money.as_ref().map(|money| money.currency.as_str()));
        }
        ColumnType::Bigint => {
            rows.bigint(if let Some(Value::Integer(n)) = value { Some(n) } else { None });
        }
        ColumnType::Boolean => {
            rows.boolean(if let Some(Value::Boolean(b)) = value { Some(b) } else { None });
        }
        ColumnType::Date => {
            rows.date(if let Some(Value::Date(date)) = value { Some(date) } else { None });
        }
        ColumnType::Timestamp => {
            rows.timestamp(if let Some(Value::Time(time)) = value { Some(time) } else { None });
        }
        ColumnType::Uuid => {
            rows.uuid(if let Some(Value::Ref(id)) = value { Some(id) } else { None });
        }
        ColumnType::UuidArray => {
            rows.uuids(if let Some(Value::Refs(ids)) = &value { Some(ids) } else { None });
        }
        ColumnType::Jsonb => {
            let map = if let Some(Value::Custom(map)) = value { Some(map) } else { None };
            let text = map.map(|map| serde_json::Value::Object(map).to_string());
            rows.jsonb(text.as_deref().map(str::as_bytes));
        }
        ColumnType::Text => {
            rows.text(if let Some(Value::Text(text)) = &value { Some(text) } else { None });
        }
        ColumnType::Integer => {
            let n = if let Some(Value::Integer(n)) = value { i32::try_from(n).ok() } else { None };
            rows.integer(n);
        }
    }
}

/// Adds to the number of records per pick-list value. A value that no record has, has no row.
pub(super) async fn counts<R: RecordType>(
    connection: &mut PgConnection,
    layout: &Layout,
    organization: Uuid,
    slots: &[Slot<R>],
) -> Result<(), sqlx::Error> {
    let mut deltas: BTreeMap<Uuid, i64> = BTreeMap::new();
    for slot in slots {
        slot.count_choices(|id, by| *deltas.entry(id).or_default() += by);
    }
    deltas.retain(|_, by| *by != 0);
    if deltas.is_empty() {
        return Ok(());
    }
    let table = quoted(&layout.counts.name);
    let (ids, by): (Vec<Uuid>, Vec<i64>) = deltas.into_iter().unzip();
    let sql = format!(
        "INSERT INTO {table} AS t (organization_id, choice_id, records) \
         SELECT $1, u.id, u.by FROM unnest($2::uuid[], $3::bigint[]) AS u (id, by) \
         ON CONFLICT (organization_id, choice_id) \
         DO UPDATE SET records = t.records + excluded.records"
    );
    let sum = sqlx::query(AssertSqlSafe(sql)).bind(organization).bind(&ids).bind(&by);
    sum.execute(&mut *connection).await?;
    if by.iter().any(|by| *by < 0) {
        let sql = format!(
            "DELETE FROM {table} WHERE organization_id = $1 AND choice_id = ANY ($2) AND records = 0"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(organization).bind(&ids);
        query.execute(connection).await?;
    }
    Ok(())
}
