//! A read-only transaction bound to a scope.

use super::scope::{Scope, World};
use crate::error::ReadError;
use sqlx::postgres::{PgPool, PgRow, Postgres};
use sqlx::{AssertSqlSafe, Encode, FromRow, PgConnection, Transaction, Type};
use store::Position;

/// One snapshot of one world, seen with one caller's eyes. Everything read through it is
/// consistent, the position included. Dropping it ends it.
#[derive(Debug)]
pub struct ReadTx {
    transaction: Transaction<'static, Postgres>,
    scope: Scope,
}

impl ReadTx {
    /// Begins, and binds the connection to the scope for this transaction only.
    pub async fn begin(pool: &PgPool, scope: Scope) -> Result<Self, ReadError> {
        let transaction = pool.begin_with(AssertSqlSafe(scope.begin())).await?;
        Ok(Self { transaction, scope })
    }

    /// What it is bound to.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The position that this snapshot shows.
    pub async fn position(&mut self) -> Result<Position, ReadError> {
        if let World::AsOf(as_of) = &self.scope.world {
            return Ok(as_of.position());
        }
        let position: Option<i64> = sqlx::query_scalar(
            "SELECT position FROM hindsight.checkpoint \
              WHERE projection_group = 'live' AND log_id = $1",
        )
        .bind(self.scope.organization.0)
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(position.unwrap_or(0).unsigned_abs())
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// The rows that a query gives for the organization, which is its `$1`; `$2` is `bind`.
    pub(crate) async fn of_organization<'q, T, B>(
        &mut self,
        sql: &'static str,
        bind: B,
    ) -> Result<Vec<T>, ReadError>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
        B: Encode<'q, Postgres> + Type<Postgres> + Send + 'q,
    {
        let query = sqlx::query_as(sql).bind(self.scope.organization.0).bind(bind);
        Ok(query.fetch_all(&mut *self.transaction).await?)
    }

    /// Becomes the role that finds ids by lookup columns. It is not bound by the policies: its
    /// queries come from the builder of lists only, with explicit predicates.
    pub(crate) async fn become_searcher(&mut self) -> Result<(), ReadError> {
        self.run("SET LOCAL ROLE hindsight_searcher").await
    }

    /// Becomes itself again.
    pub(crate) async fn become_app(&mut self) -> Result<(), ReadError> {
        self.run("SET LOCAL ROLE NONE").await
    }

    pub(crate) async fn run(&mut self, sql: &'static str) -> Result<(), ReadError> {
        sqlx::raw_sql(sql).execute(&mut *self.transaction).await?;
        Ok(())
    }
}
