//! Writing rows: by COPY where a table is being built, by UNNEST where it is in use.

use super::buffer::Rows;
use super::quoted;
use super::table::{ColumnType, Table};
use sqlx::{AssertSqlSafe, PgConnection};

/// Adds rows by binary COPY. Not possible once row-level security is forced on the table.
pub(crate) async fn copy_in(
    connection: &mut PgConnection,
    table: &Table,
    rows: Rows,
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "COPY {} ({}) FROM STDIN (FORMAT binary)",
        quoted(&table.name),
        table.column_list()
    );
    rows.into_copy().send(connection, &sql).await?;
    Ok(())
}

/// Adds rows, or replaces those that have the same key.
pub(crate) async fn upsert(
    connection: &mut PgConnection,
    table: &Table,
    rows: Rows,
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = sqlx::query(AssertSqlSafe(upsert_sql(table)));
    for array in rows.into_arrays() {
        query = query.bind(array);
    }
    query.execute(connection).await?;
    Ok(())
}

fn upsert_sql(table: &Table) -> String {
    let mut selected = Vec::with_capacity(table.columns.len());
    let mut arrays = Vec::with_capacity(table.columns.len());
    let mut names = Vec::with_capacity(table.columns.len());
    let mut updates = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let name = quoted(&column.name);
        let (cast, array) = match column.ty {
            ColumnType::UuidArray => ("::uuid[]", "text"),
            ColumnType::Uuid
            | ColumnType::Text
            | ColumnType::Bigint
            | ColumnType::Integer
            | ColumnType::Boolean
            | ColumnType::Date
            | ColumnType::Timestamp
            | ColumnType::Jsonb => ("", column.ty.sql()),
        };
        selected.push(format!("u.c{at}{cast}"));
        arrays.push(format!("${}::{array}[]", at + 1));
        names.push(format!("c{at}"));
        if !table.key.contains(&column.name.as_str()) {
            updates.push(format!("{name} = excluded.{name}"));
        }
    }
    let conflict = if updates.is_empty() {
        "DO NOTHING".to_owned()
    } else {
        format!("DO UPDATE SET {}", updates.join(", "))
    };
    format!(
        "INSERT INTO {table} ({columns}) SELECT {selected} FROM unnest({arrays}) AS u ({names}) \
         ON CONFLICT ({key}) {conflict}",
        table = quoted(&table.name),
        columns = table.column_list(),
        selected = selected.join(", "),
        arrays = arrays.join(", "),
        names = names.join(", "),
        key = table.key.join(", "),
    )
}
