//! Worlds of the past: one organization as it was after a position.
//!
//! Where little changed since then, the live rows that did not change are copied and only the
//! streams that did are folded again; else the log is replayed. Present rights apply: who has a
//! limited reach sees the records that they may see now, which the policies look up in the live
//! table through the view `<table>_present`.

use super::fill::{Counter, ReadAhead};
use super::generation::{Generation, Purpose};
use super::rebuild::lock_key;
use super::{Builder, Progress, bigint};
use crate::error::{BuildError, sql_state};
use crate::read::AsOf;
use crate::runtime::{
    AsOfModel, Entry, Failure, Group, Mode, ParkedStreams, ReadModel, apply, path,
};
use crate::sql::{Access, Need, Table, quoted, secure};
use domain::ids::OrganizationId;
use futures::StreamExt as _;
use futures::stream;
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::{EventLog, LogError, LogId, Position, StreamId};
use uuid::Uuid;

/// Streams that are read at the same time.
const STREAMS_AT_ONCE: usize = 6;

/// Streams that are folded and written at once.
const STREAMS_PER_CHUNK: usize = 500;

/// Above this share of changed records a replay in the order of the log is faster than reading
/// stream by stream.
const MOST_CHANGED: f64 = 0.2;

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
        let known = self.known(name).await?;
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
        if !known.intact {
            // The database crashed, which empties tables that are not in its journal.
            self.drop_world(name).await?;
            return Box::pin(self.missing(name, models)).await;
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

/// Records whose live row is not what it was.
struct Changed {
    /// All of them.
    all: Vec<Uuid>,
    /// Those that existed at the position.
    refold: Vec<Uuid>,
}

/// How to build.
enum Plan {
    Copy { live_schema: String, changed: Changed },
    Replay,
}

async fn plan(
    connection: &mut PgConnection,
    live: &HashMap<String, String>,
    model: &dyn ReadModel,
    organization: OrganizationId,
    position: Position,
) -> Result<Plan, BuildError> {
    let (Some(past), Some(schema), Some(audit)) =
        (model.as_of(), live.get(model.name()), live.get("audit"))
    else {
        return Ok(Plan::Replay);
    };
    let (at, halted): (Option<i64>, bool) = sqlx::query_as(
        "SELECT (SELECT position FROM hindsight.checkpoint \
                  WHERE projection_group = 'live' AND log_id = $1), \
                EXISTS (SELECT FROM hindsight.parked WHERE log_id = $1 AND schema = $2)",
    )
    .bind(organization.0)
    .bind(audit)
    .fetch_one(&mut *connection)
    .await?;
    // Without the whole trail there is no telling what changed.
    if halted || at.unwrap_or(0) < bigint(position) {
        return Ok(Plan::Replay);
    }
    let sql = format!(
        "SELECT stream_id, min(version) FROM {audit}.audit \
          WHERE organization_id = $1 AND position > $2 AND kind = $3 GROUP BY stream_id \
         UNION SELECT stream_id, 2 FROM hindsight.parked WHERE log_id = $1 AND schema = $4",
        audit = quoted(audit)
    );
    let rows: Vec<(Uuid, i32)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(organization.0)
        .bind(bigint(position))
        .bind(past.kind())
        .bind(schema)
        .fetch_all(&mut *connection)
        .await?;
    let all: BTreeSet<Uuid> = rows.iter().map(|(stream, _)| *stream).collect();
    // What was made after the position was not there yet.
    let refold: BTreeSet<Uuid> =
        rows.iter().filter(|(_, version)| *version > 1).map(|(stream, _)| *stream).collect();
    let sql = format!(
        "SELECT count(*) FROM {}.{} WHERE organization_id = $1",
        quoted(schema),
        quoted(&past.records().name)
    );
    let records: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(organization.0)
        .fetch_one(&mut *connection)
        .await?;
    #[allow(clippy::cast_precision_loss, reason = "a share")]
    let share = refold.len() as f64 / records.max(1) as f64;
    if share > MOST_CHANGED {
        return Ok(Plan::Replay);
    }
    let changed = Changed { all: all.into_iter().collect(), refold: refold.into_iter().collect() };
    Ok(Plan::Copy { live_schema: schema.clone(), changed })
}

/// The building of one generation of the past.
struct Work<'a> {
    builder: &'a Builder,
    generation: &'a Generation,
    organization: OrganizationId,
    position: Position,
}

impl Work<'_> {
    fn group(&self) -> Group {
        self.generation.group(Mode::Build)
    }

    /// Takes over the live rows that are what they were, and folds the others again.
    async fn copy(
        &self,
        connection: &mut PgConnection,
        past: &dyn AsOfModel,
        live_schema: &str,
        changed: &Changed,
        mut counter: Counter<'_>,
    ) -> Result<(), BuildError> {
        // No row of this table is looked up before all are there: an index built at the end is
        // cheaper than one kept meanwhile.
        let table = past.records();
        let name = quoted(&table.name);
        let sql = format!("ALTER TABLE {name} DROP CONSTRAINT {}", quoted(&table.key_name()));
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        past.copy_unchanged(connection, live_schema, self.organization, &changed.all).await?;
        counter.add(1);
        let log: LogId = self.organization.into();
        for streams in changed.refold.chunks(STREAMS_PER_CHUNK) {
            if self.builder.stop.is_cancelled() {
                return Err(BuildError::Cancelled);
            }
            let mut entries = Vec::new();
            // By value: a future that borrows from the iterator cannot be proven to be `Send`.
            let source = self.builder.log.as_ref();
            let position = self.position;
            let mut reads = stream::iter(streams.to_vec())
                .map(|id| read_until(source, log, StreamId(id), position))
                .buffered(STREAMS_AT_ONCE);
            while let Some(read) = reads.next().await {
                entries.extend(read?);
            }
            self.write(connection, &entries).await?;
            counter.add(streams.len() as u64);
        }
        let sql = format!("ALTER TABLE {name} ADD PRIMARY KEY ({})", table.key.join(", "));
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        Ok(())
    }

    async fn replay(
        &self,
        connection: &mut PgConnection,
        mut counter: Counter<'_>,
    ) -> Result<(), BuildError> {
        let log = Arc::clone(&self.builder.log);
        let mut chunks =
            ReadAhead::start(log, self.organization.into(), 0, self.position, self.builder.chunk);
        while let Some(entries) = chunks.next().await? {
            if self.builder.stop.is_cancelled() {
                return Err(BuildError::Cancelled);
            }
            self.write(connection, &entries).await?;
            counter.add(entries.len() as u64);
        }
        Ok(())
    }

    /// Writes rows; what cannot be applied is parked, as in the present.
    async fn write(
        &self,
        connection: &mut PgConnection,
        entries: &[Entry],
    ) -> Result<(), BuildError> {
        let log: LogId = self.organization.into();
        // Entries of a parked stream are all in this chunk or fail again in the next one.
        let mut parked = ParkedStreams::new();
        apply(connection, &self.group(), log, entries, &mut parked, true)
            .await
            .map_err(|Failure { error, .. }| BuildError::Apply(error))?;
        Ok(())
    }

    /// The least of indexes, rights, statistics.
    async fn finish(
        &self,
        connection: &mut PgConnection,
        live_schema: &str,
    ) -> Result<(), sqlx::Error> {
        self.generation.enter(connection).await?;
        for table in self.generation.model.tables() {
            for index in table.indexes.iter().filter(|index| index.need == first_sort()) {
                let sql = table.index_sql(index);
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
            }
            // Only what lists look at; the other columns would take several times as long.
            let columns: Vec<String> = table.lookup.iter().map(|name| quoted(name)).collect();
            if !columns.is_empty() {
                let sql = format!("ANALYZE {} ({})", quoted(&table.name), columns.join(", "));
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
            }
            let condition = match table.access {
                Access::Organization => None,
                Access::Reach => Some(present_policy(connection, &table, live_schema).await?),
            };
            let schema = &self.generation.schema;
            secure(connection, schema, &table, condition.as_deref()).await?;
        }
        Ok(())
    }
}

/// The index that almost every list uses.
fn first_sort() -> Need {
    Need::Sort("updated_at".to_owned())
}

/// Makes the view of the present and the policy that looks into it.
async fn present_policy(
    connection: &mut PgConnection,
    table: &Table,
    live_schema: &str,
) -> Result<String, sqlx::Error> {
    let view = quoted(&format!("{}_present", table.name));
    let sql = format!(
        "CREATE VIEW {view} WITH (security_invoker) AS \
             SELECT organization_id, id, assigned_to FROM {live}.{name}; \
         GRANT SELECT ON {view} TO hindsight_app, hindsight_searcher",
        live = quoted(live_schema),
        name = quoted(&table.name),
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    // The view runs with the reader's rights, so that the live table's policy decides.
    Ok(format!(
        "organization_id = current_setting('hindsight.organization')::uuid \
         AND CASE current_setting('hindsight.reach') WHEN 'all' THEN true \
             ELSE EXISTS (SELECT FROM {view} AS p \
                 WHERE p.organization_id = {name}.organization_id AND p.id = {name}.id) END",
        name = quoted(&table.name),
    ))
}

/// The events of a stream up to a position.
async fn read_until(
    log: &dyn EventLog,
    log_id: LogId,
    stream: StreamId,
    position: Position,
) -> Result<Vec<Entry>, LogError> {
    const PAGE: u32 = 500;
    let mut entries = Vec::new();
    let mut after = 0;
    loop {
        let page = log.read_stream(log_id, stream, after, PAGE).await?;
        let full = page.len() == PAGE as usize;
        after = page.last().map_or(after, |event| event.version);
        let before = entries.len();
        let events = page.len();
        entries.extend(page.into_iter().filter(|e| e.position <= position).map(Entry::new));
        if !full || entries.len() - before < events {
            return Ok(entries);
        }
    }
}
