//! How many records a list has, as far as that can be known quickly.

use super::query::ListQuery;
use super::sql::Builder;
use crate::error::ReadError;
use crate::read::{ReadTx, Scope};
use domain::record::RecordType;
use sqlx::Row as _;
use sqlx::postgres::PgPool;

/// A number of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The number, or the best that is known.
    pub value: u64,
    /// Whether it is exact. If not, it is "10,000 and more" or an estimate.
    pub exact: bool,
}

/// Totals are exact up to here.
const MOST: i64 = 10_000;

/// Counts for at most 100 ms; then asks the planner.
pub(crate) async fn total<R: RecordType>(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
) -> Result<Total, ReadError> {
    let mut transaction = ReadTx::begin(pool, scope.clone()).await?;
    let builder = Builder::<R>::new(query, scope);
    if builder.rechecks() {
        return transaction.masked_total::<R>(query).await;
    }
    transaction.become_searcher().await?;
    transaction.run("SET LOCAL statement_timeout = '100ms'").await?;
    let counted = builder.count(MOST + 1).query().fetch_one(transaction.connection()).await;
    match counted.map_err(ReadError::from) {
        Ok(row) => {
            let count: i64 = row.try_get(0)?;
            let value = count.min(MOST).unsigned_abs();
            Ok(Total { value, exact: count <= MOST })
        }
        Err(ReadError::Timeout) => {
            drop(transaction);
            estimate(ReadTx::begin(pool, scope.clone()).await?, &builder).await
        }
        Err(error) => Err(error),
    }
}

/// The planner's guess; it does not run the query.
async fn estimate<R: RecordType>(
    mut transaction: ReadTx,
    builder: &Builder<'_, R>,
) -> Result<Total, ReadError> {
    let mut sql = builder.all();
    sql.text.insert_str(0, "EXPLAIN (FORMAT JSON) ");
    transaction.become_searcher().await?;
    let row = sql.query().fetch_one(transaction.connection()).await?;
    let plan: serde_json::Value = row.try_get(0)?;
    let rows = plan.pointer("/0/Plan/Plan Rows").and_then(serde_json::Value::as_u64);
    Ok(Total { value: rows.unwrap_or(0), exact: false })
}
