//! Building one generation of the past.

use super::plan::Changed;
use crate::error::BuildError;
use crate::records::SEARCH_TEXT;
use crate::runtime::{AsOfModel, Entry, Failure, Mode, ParkedStreams, apply};
use crate::sql::{Access, Need, Table, quoted, secure};
use crate::worlds::Builder;
use crate::worlds::fill::{Counter, ReadAhead};
use crate::worlds::generation::Generation;
use domain::ids::OrganizationId;
use sqlx::{AssertSqlSafe, PgConnection};
use std::sync::Arc;
use store::{LogId, Position, StreamId};

/// The building of one generation of the past.
pub(super) struct Work<'a> {
    pub(super) builder: &'a Builder,
    pub(super) generation: &'a Generation,
    pub(super) organization: OrganizationId,
    pub(super) position: Position,
}

impl Work<'_> {
    /// Takes over the live rows that are what they were, and folds the others again.
    pub(super) async fn copy(
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
        let log = Arc::clone(&self.builder.log);
        let streams = changed.refold.iter().copied().map(StreamId).collect();
        let mut reads = ReadAhead::streams(log, self.organization.into(), streams, self.position);
        past.copy_unchanged(connection, live_schema, self.organization, &changed.all).await?;
        counter.add(1);
        let mut parked = ParkedStreams::new();
        while let Some(entries) = reads.next().await? {
            if self.builder.stop.is_cancelled() {
                return Err(BuildError::Cancelled);
            }
            self.write(connection, &entries, &mut parked).await?;
            // Each stream is whole in its chunk.
            counter.add(entries.iter().filter(|entry| entry.event.version == 1).count() as u64);
        }
        let sql = format!("ALTER TABLE {name} ADD PRIMARY KEY ({})", table.key.join(", "));
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        Ok(())
    }

    pub(super) async fn replay(
        &self,
        connection: &mut PgConnection,
        mut counter: Counter<'_>,
    ) -> Result<(), BuildError> {
        let mut parked = ParkedStreams::new();
        let log = Arc::clone(&self.builder.log);
        let mut chunks =
            ReadAhead::start(log, self.organization.into(), 0, self.position, self.builder.chunk);
        while let Some(entries) = chunks.next().await? {
            if self.builder.stop.is_cancelled() {
                return Err(BuildError::Cancelled);
            }
            self.write(connection, &entries, &mut parked).await?;
            counter.add(entries.len() as u64);
        }
        Ok(())
    }

    /// Writes rows; what cannot be applied is parked, as in the present.
    async fn write(
        &self,
        connection: &mut PgConnection,
        entries: &[Entry],
        parked: &mut ParkedStreams,
    ) -> Result<(), BuildError> {
        let log: LogId = self.organization.into();
        apply(connection, &self.generation.group(Mode::Build), log, entries, parked, true)
            .await
            .map_err(|Failure { error, .. }| BuildError::Apply(error))?;
        Ok(())
    }

    /// The least of indexes, rights, statistics.
    pub(super) async fn finish(
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
            analyze(connection, &table).await?;
            let condition = match table.access {
                Access::Organization | Access::Owner => None,
                Access::Reach => Some(present_policy(connection, &table, live_schema).await?),
            };
            let schema = &self.generation.schema;
            secure(connection, schema, &table, condition.as_deref()).await?;
        }
        Ok(())
    }
}

/// Statistics of what lists look at. Those of words are as fine as ever, since the way to them is
/// chosen by their estimates; the others need not be for a world that lives for an hour, and would
/// take longer than all indexes together.
async fn analyze(connection: &mut PgConnection, table: &Table) -> Result<(), sqlx::Error> {
    let (words, others): (Vec<String>, Vec<String>) =
        table.lookup.iter().map(|name| quoted(name)).partition(|name| *name == quoted(SEARCH_TEXT));
    for (columns, target) in [(words, "DEFAULT"), (others, "30")] {
        if !columns.is_empty() {
            let sql = format!(
                "SET LOCAL default_statistics_target = {target}; ANALYZE {} ({})",
                quoted(&table.name),
                columns.join(", ")
            );
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        }
    }
    Ok(())
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
