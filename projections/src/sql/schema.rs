//! Making, securing and dropping the schema of one generation of a read model.

use super::quoted;
use super::table::{Access, Table};
use crate::read::scope::{LIVE_POLICY, ORGANIZATION_POLICY, OWNER_POLICY};
use sqlx::{AssertSqlSafe, PgConnection};
use std::fmt::Write as _;

/// How durable the tables are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// Survives a crash of the database.
    Logged,
    /// Empty after a crash; half the cost. For what is built again when asked for.
    Unlogged,
}

/// Makes the schema and its tables, without indexes, grants and policies. The path of the
/// transaction leads to it from then on.
pub(crate) async fn create(
    connection: &mut PgConnection,
    schema: &str,
    tables: &[Table],
    storage: Storage,
) -> Result<(), sqlx::Error> {
    let mut sql = format!(
        "CREATE SCHEMA {name}; SET LOCAL search_path = {name}, ext, pg_temp",
        name = quoted(schema)
    );
    for table in tables {
        // Writing to a String cannot fail.
        let _ = write!(sql, ";\n{}", table.create_sql(storage == Storage::Unlogged));
    }
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}

/// Forces row-level security on a table and grants what the runtime roles need. `condition` says
/// which rows request handlers see, where it is not the usual one.
pub(crate) async fn secure(
    connection: &mut PgConnection,
    schema: &str,
    table: &Table,
    condition: Option<&str>,
) -> Result<(), sqlx::Error> {
    let condition = condition.unwrap_or(match table.access {
        Access::Reach => LIVE_POLICY,
        Access::Organization => ORGANIZATION_POLICY,
        Access::Owner => OWNER_POLICY,
    });
    let mut sql = format!(
        "GRANT USAGE ON SCHEMA {schema} TO hindsight_app, hindsight_searcher;
         ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
         CREATE POLICY projector ON {table} TO hindsight_projector USING (true) WITH CHECK (true);
         CREATE POLICY app ON {table} FOR SELECT TO hindsight_app USING ({condition});
         GRANT SELECT ON {table} TO hindsight_app",
        schema = quoted(schema),
        table = quoted(&table.name),
    );
    if !table.lookup.is_empty() {
        let columns: Vec<_> = table.lookup.iter().map(|c| quoted(c)).collect();
        // The searcher's queries carry explicit predicates; under a policy they would lose every
        // index whose operator is not leakproof.
        let _ = write!(
            sql,
            "; CREATE POLICY searcher ON {table} FOR SELECT TO hindsight_searcher USING (true);
             GRANT SELECT ({columns}) ON {table} TO hindsight_searcher",
            columns = columns.join(", "),
            table = quoted(&table.name),
        );
    }
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}

/// Drops a schema and all that is in it.
pub(crate) async fn drop_schema(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), sqlx::Error> {
    let sql = format!("DROP SCHEMA IF EXISTS {} CASCADE", quoted(schema));
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}
