//! Worlds of the past: one organization as it was after a position.
//!
//! Where little changed since then, the live rows that did not change are copied and only the
//! streams that did are folded again; else the log is replayed. Present rights apply: who has a
//! limited reach sees the records that they may see now, which the policies look up in the live
//! table through the view `<table>_present`.

mod plan;
mod work;

use super::fill::Counter;
use super::generation::{Generation, Purpose};
use super::rebuild::lock_key;
use super::{Builder, Progress, bigint};
use crate::error::{BuildError, sql_state};
use crate::read::AsOf;
use crate::runtime::{ReadModel, path};
use crate::sql::quoted;
use domain::ids::OrganizationId;
use plan::{Plan, plan};
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::HashMap;
use std::sync::Arc;
use store::Position;
use work::Work;

/// Two transactions cannot have come one after the other.
const SERIALIZATION_FAILURE: &str = "40001";

/// A world that exists, as far as opening it goes.
struct Known {
    schemas: HashMap<String, String>,
    intact: bool,
}

/// Reports progress.
type Report<'a> = &'a (dyn Fn(Progress) + Send + Sync);

impl Builder {
    /// Opens a world; builds the read models that it does not have yet.
    pub(crate) async fn open_as_of(
        &self,
        organization: OrganizationId,
        position: Position,
        models: &[&str],
        progress: Report<'_>,
    ) -> Result<AsOf, BuildError> {
        let name = format!("asof_{}_{position}", organization.0.simple());
        let as_of = AsOf { name: name.clone(), position };
        if self.missing(&name, models).await?.is_empty() {
            return Ok(as_of);
        }
        let head = self.log.head(organization.into()).await?.position;
        if position > head {
            return Err(BuildError::BeyondHead { asked: position, head });
        }
        let _turn = self.pasts.acquire().await;
        self.evict(Some(&name)).await?;
        for model in self.missing(&name, models).await? {
            match self.build(&name, &model, organization, position, progress).await {
                // Another process has made the world meanwhile, which our snapshot cannot see.
                Err(BuildError::Database(error))
                    if sql_state(&error).as_deref() == Some(SERIALIZATION_FAILURE) =>
                {
                    self.build(&name, &model, organization, position, progress).await?;
                }
                result => result?,
            }
        }
        Ok(as_of)
    }

    /// The models that a world lacks. Remembers that it was used.
    async fn missing(
        &self,
        name: &str,
        models: &[&str],
    ) -> Result<Vec<Arc<dyn ReadModel>>, BuildError> {
        let mut known = self.known(name).await?;
        if !known.intact {
            // The database crashed, which empties tables that are not in its journal.
            self.drop_world(name).await?;
            known.schemas.clear();
        }
        let mut missing = Vec::new();
        for asked in models {
            let model = self.model(asked)?;
            if model.as_of().is_none() {
                return Err(BuildError::NoSuchModel);
            }
            if !known.schemas.contains_key(model.name()) {
                missing.push(Arc::clone(model));
            }
        }
        Ok(missing)
    }

    async fn known(&self, name: &str) -> Result<Known, sqlx::Error> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "WITH used AS (UPDATE hindsight.world SET last_used_at = clock_timestamp() \
                            WHERE name = $1 AND last_used_at < clock_timestamp() - interval '10 s') \
             SELECT model, schema FROM hindsight.read_model WHERE world = $1",
        )
        .bind(name)
        .fetch_all(&self.pool)
        .await?;
        let schemas: HashMap<String, String> = rows.into_iter().collect();
        let mut intact = true;
        for schema in schemas.values() {
            let sql = format!("SELECT EXISTS (SELECT FROM {}.intact)", quoted(schema));
            let alive: bool = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.pool).await?;
            intact &= alive;
        }
        Ok(Known { schemas, intact })
    }

    /// Builds one model in one transaction: a crash leaves nothing.
    async fn build(
        &self,
        world: &str,
        model: &Arc<dyn ReadModel>,
        organization: OrganizationId,
        position: Position,
        progress: Report<'_>,
    ) -> Result<(), BuildError> {
        let Some(past) = model.as_of() else { return Err(BuildError::NoSuchModel) };
        // One snapshot: the live rows, their checkpoint and the trail of changes belong together.
        let mut transaction = self
            .pool
            .begin_with(
                "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL synchronous_commit = off; \
                 SET LOCAL jit = off",
            )
            .await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(lock_key(world))
            .execute(&mut *transaction)
            .await?;
        if self.missing(world, &[model.name()]).await?.is_empty() {
            // Another process was quicker; its work is behind our snapshot.
            transaction.rollback().await?;
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO hindsight.world (name, log_id, position, path) VALUES ($1, $2, $3, '') \
             ON CONFLICT DO NOTHING",
        )
        .bind(world)
        .bind(organization.0)
        .bind(bigint(position))
        .execute(&mut *transaction)
        .await?;
        let live = live_schemas(&mut transaction).await?;
        let generation = Generation::create(&mut transaction, model, Purpose::AsOf(world)).await?;
        generation.enter(&mut transaction).await?;
        sqlx::raw_sql("CREATE UNLOGGED TABLE intact AS SELECT true AS intact")
            .execute(&mut *transaction)
            .await?;
        let plan = plan(&mut transaction, &live, model.as_ref(), organization, position).await?;
        let work = Work { builder: self, generation: &generation, organization, position };
        match plan {
            Plan::Copy { live_schema, changed } => {
                let total = changed.refold.len() as u64 + 1;
                let counter = Counter { progress, state: Progress { done: 0, total } };
                work.copy(&mut transaction, past, &live_schema, &changed, counter).await?;
            }
            Plan::Replay => {
                let counter = Counter { progress, state: Progress { done: 0, total: position } };
                work.replay(&mut transaction, counter).await?;
            }
        }
        let live_schema = live.get(model.name()).ok_or(BuildError::NoSuchModel)?;
        work.finish(&mut transaction, live_schema).await?;
        self.write_path(&mut transaction, world, &live).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The world's own schemas, then the live ones for everything else; and what it takes.
    async fn write_path(
        &self,
        connection: &mut PgConnection,
        world: &str,
        live: &HashMap<String, String>,
    ) -> Result<(), sqlx::Error> {
        let own: Vec<String> = sqlx::query_scalar(
            "SELECT schema FROM hindsight.read_model WHERE world = $1 ORDER BY generation",
        )
        .bind(world)
        .fetch_all(&mut *connection)
        .await?;
        let rest = self.models.iter().filter_map(|model| live.get(model.name()));
        let path = path(own.iter().chain(rest).map(String::as_str));
        sqlx::query(
            "UPDATE hindsight.world SET path = $2, bytes = ( \
                 SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c \
                  WHERE c.relkind = 'r' \
                    AND c.relnamespace IN (SELECT n.oid FROM pg_namespace n WHERE n.nspname = ANY ($3))) \
              WHERE name = $1",
        )
        .bind(world)
        .bind(path)
        .bind(own)
        .execute(connection)
        .await?;
        Ok(())
    }
}

async fn live_schemas(
    connection: &mut PgConnection,
) -> Result<HashMap<String, String>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT model, schema FROM hindsight.read_model WHERE state = 'live'")
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().collect())
}
