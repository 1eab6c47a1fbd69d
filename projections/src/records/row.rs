//! A record as its table has it.

use super::layout::{FieldColumns, Layout, TITLE};
use crate::sql::{ColumnType, quoted};
use chrono::{DateTime, NaiveDate, Utc};
use domain::catalogue::FieldIndex;
use domain::ids::MemberId;
use domain::money::{Currency, Money};
use domain::value::Value;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

/// A record as a read model shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordRow {
    /// Id; the stream's too.
    pub id: Uuid,
    /// Version of the stream, for `ETag`.
    pub version: u32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who made it; `None` if it was Hindsight itself.
    pub created_by: Option<MemberId>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Who changed it.
    pub updated_by: Option<MemberId>,
    /// When it was put into the recycle bin, if it is there.
    pub deleted_at: Option<DateTime<Utc>>,
    /// What is shown where only one line fits.
    pub title: String,
    /// The selected fields that have a value, in catalogue order.
    pub values: Vec<(FieldIndex, Value)>,
}

const SYSTEM: [&str; 8] =
    ["id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at", TITLE];

/// The select list that [`decode`] reads; `alias` is the table's.
pub(crate) fn select_list(layout: &Layout, fields: &[FieldIndex], alias: &str) -> String {
    let mut columns: Vec<String> = SYSTEM.iter().map(|name| format!("{alias}.{name}")).collect();
    for field in fields {
        let field = layout.field(*field);
        columns.push(format!("{alias}.{}", quoted(field.name)));
        columns.extend(field.currency.iter().map(|name| format!("{alias}.{}", quoted(name))));
    }
    columns.join(", ")
}

/// Reads a row of [`select_list`].
pub(crate) fn decode(
    row: &PgRow,
    layout: &Layout,
    fields: &[FieldIndex],
) -> Result<RecordRow, sqlx::Error> {
    let mut values = Vec::with_capacity(fields.len());
    let mut at = SYSTEM.len();
    for field in fields {
        let columns = layout.field(*field);
        if let Some(value) = value(row, at, columns)? {
            values.push((*field, value));
        }
        at += 1 + usize::from(columns.currency.is_some());
    }
    let version: i32 = row.try_get(1)?;
    Ok(RecordRow {
        id: row.try_get(0)?,
        version: version.unsigned_abs(),
        created_at: row.try_get(2)?,
        created_by: row.try_get::<Option<Uuid>, _>(3)?.map(MemberId),
        updated_at: row.try_get(4)?,
        updated_by: row.try_get::<Option<Uuid>, _>(5)?.map(MemberId),
        deleted_at: row.try_get(6)?,
        title: row.try_get(7)?,
        values,
    })
}

fn value(row: &PgRow, at: usize, columns: &FieldColumns) -> Result<Option<Value>, sqlx::Error> {
    Ok(match columns.ty {
        ColumnType::Text => row.try_get::<Option<String>, _>(at)?.map(Value::Text),
        ColumnType::Bigint if columns.currency.is_some() => {
            let amount: Option<i64> = row.try_get(at)?;
            let currency: Option<&str> = row.try_get(at + 1)?;
            amount
                .zip(currency.and_then(Currency::parse))
                .map(|(amount, currency)| Value::Money(Money { amount, currency }))
        }
        ColumnType::Bigint => row.try_get::<Option<i64>, _>(at)?.map(Value::Integer),
        ColumnType::Integer => {
            row.try_get::<Option<i32>, _>(at)?.map(|n| Value::Integer(i64::from(n)))
        }
        ColumnType::Boolean => row.try_get::<Option<bool>, _>(at)?.map(Value::Boolean),
        ColumnType::Date => row.try_get::<Option<NaiveDate>, _>(at)?.map(Value::Date),
        ColumnType::Timestamp => row.try_get::<Option<DateTime<Utc>>, _>(at)?.map(Value::Time),
        ColumnType::Uuid => row.try_get::<Option<Uuid>, _>(at)?.map(Value::Ref),
        ColumnType::UuidArray => row.try_get::<Option<Vec<Uuid>>, _>(at)?.map(Value::Refs),
        ColumnType::Jsonb => match row.try_get::<Option<serde_json::Value>, _>(at)? {
            Some(serde_json::Value::Object(map)) => Some(Value::Custom(map)),
            Some(_) | None => None,
        },
    })
}
