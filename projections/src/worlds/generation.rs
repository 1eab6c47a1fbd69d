//! One generation of a read model: its schema and its row.

use super::Builder;
use crate::runtime::{Group, Mode, ReadModel, fingerprint, path};
use crate::sql::{Storage, create, drop_schema, quoted, secure};
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, PgConnection};
use std::sync::Arc;

/// What a generation is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose<'a> {
    /// To be live at once; only in an empty installation.
    Live,
    /// To become live.
    Building,
    /// To show the past in this world.
    AsOf(&'a str),
}

/// A generation that was made.
#[derive(Clone)]
pub(super) struct Generation {
    pub(super) model: Arc<dyn ReadModel>,
    pub(super) schema: String,
}

impl Generation {
    /// Makes schema, tables and row. The path of the transaction leads to the schema afterwards.
    pub(super) async fn create(
        connection: &mut PgConnection,
        model: &Arc<dyn ReadModel>,
        purpose: Purpose<'_>,
    ) -> Result<Self, sqlx::Error> {
        let number: i64 = sqlx::query_scalar("SELECT nextval('hindsight.generation')")
            .fetch_one(&mut *connection)
            .await?;
        let schema = format!("{}_v{}_g{number}", model.name(), model.version());
        let (state, world) = match purpose {
            Purpose::Live => ("live", None),
            Purpose::Building => ("building", None),
            Purpose::AsOf(world) => ("as_of", Some(world)),
        };
        sqlx::query(
            "INSERT INTO hindsight.read_model \
                    (schema, model, version, fingerprint, generation, state, world) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&schema)
        .bind(model.name())
        .bind(model.version())
        .bind(fingerprint(model.as_ref()))
        .bind(number)
        .bind(state)
        .bind(world)
        .execute(&mut *connection)
        .await?;
        let storage = match purpose {
            Purpose::Live | Purpose::Building => Storage::Logged,
            Purpose::AsOf(_) => Storage::Unlogged,
        };
        create(connection, &schema, &model.tables(), storage).await?;
        Ok(Self { model: Arc::clone(model), schema })
    }

    /// The group that fills it.
    pub(super) fn group(&self, mode: Mode) -> Group {
        Group { name: self.schema.clone(), members: vec![self.member()], mode }
    }

    /// The group that fills several at the same time.
    pub(super) fn group_of(generations: &[Self], mode: Mode) -> Group {
        let name = generations.first().map(|first| first.schema.clone()).unwrap_or_default();
        Group { name, members: generations.iter().map(Self::member).collect(), mode }
    }

    fn member(&self) -> (Arc<dyn ReadModel>, String) {
        (Arc::clone(&self.model), self.schema.clone())
    }

    /// Makes the secondary indexes.
    pub(super) async fn index(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        self.index_part(connection, 0, 1).await
    }

    /// Makes each `of`th secondary index, from `part` on.
    async fn index_part(
        &self,
        connection: &mut PgConnection,
        part: usize,
        of: usize,
    ) -> Result<(), sqlx::Error> {
        self.enter(connection).await?;
        for table in self.model.tables() {
            for index in table.indexes.iter().skip(part).step_by(of) {
                let sql = table.index_sql(index);
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
            }
        }
        Ok(())
    }

    /// Makes the secondary indexes over two connections side by side, then statistics. The tables
    /// must be committed.
    pub(super) async fn index_in_parallel(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let half = async |part| {
            let mut transaction = pool.begin().await?;
            self.index_part(&mut transaction, part, 2).await?;
            transaction.commit().await
        };
        futures::try_join!(half(0), half(1))?;
        let mut transaction = pool.begin().await?;
        self.enter(&mut transaction).await?;
        for table in self.model.tables() {
            let sql = format!("ANALYZE {}", quoted(&table.name));
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await?;
        }
        transaction.commit().await
    }

    /// Forces row-level security and lets the runtime roles in.
    pub(super) async fn secure(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        self.enter(connection).await?;
        for table in self.model.tables() {
            secure(connection, &self.schema, &table, None).await?;
        }
        Ok(())
    }

    /// Lets the path lead to it for the rest of the transaction, and lets indexes be built fast.
    pub(super) async fn enter(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query(
            "SELECT set_config('search_path', $1, true), \
                    set_config('maintenance_work_mem', '256MB', true)",
        )
        .bind(path([self.schema.as_str()].into_iter()))
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl Builder {
    /// Drops a generation: schema, row, checkpoints, what is parked in it.
    pub(super) async fn drop_generation(
        connection: &mut PgConnection,
        schema: &str,
    ) -> Result<(), sqlx::Error> {
        drop_schema(connection, schema).await?;
        sqlx::query("DELETE FROM hindsight.checkpoint WHERE projection_group = $1")
            .bind(schema)
            .execute(&mut *connection)
            .await?;
        sqlx::query("DELETE FROM hindsight.read_model WHERE schema = $1")
            .bind(schema)
            .execute(connection)
            .await?;
        Ok(())
    }
}
