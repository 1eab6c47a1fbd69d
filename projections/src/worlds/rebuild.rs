//! Building a new generation while the present one serves.

use super::fill::Counter;
use super::generation::{Generation, Purpose};
use super::{Builder, Progress, Rebuilt};
use crate::error::BuildError;
use crate::runtime::{Group, Mode, ReadModel, may_copy};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use std::sync::Arc;

impl Builder {
    /// Builds a new generation of a read model from the log and switches to it.
    pub(crate) async fn rebuild(
        &self,
        name: &str,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Rebuilt, BuildError> {
        let model = self.model(name)?;
        let _turn = self.rebuilds.acquire().await;
        // Held open for its lock. It has no snapshot, so it keeps nothing from being cleaned up.
        let mut guard = self.pool.begin().await?;
        if !lock_name(&mut guard, name).await? {
            return Err(BuildError::Busy);
        }
        let made = self.make(std::slice::from_ref(model)).await?;
        let rebuilt = self.build_and_switch(&made, progress).await;
        let events = self.or_drop(&made, rebuilt).await?;
        guard.commit().await?;
        Ok(Rebuilt { schema: Generation::group_of(&made, Mode::Build).name, events })
    }

    /// Makes generations to be built, in the place of any that were not finished. Their names must
    /// be locked.
    pub(super) async fn make(
        &self,
        models: &[Arc<dyn ReadModel>],
    ) -> Result<Vec<Generation>, BuildError> {
        let mut made = Vec::with_capacity(models.len());
        for model in models {
            self.drop_unfinished(model.name()).await?;
        }
        let mut transaction = self.pool.begin().await?;
        for model in models {
            made.push(Generation::create(&mut transaction, model, Purpose::Building).await?);
        }
        transaction.commit().await?;
        Ok(made)
    }

    /// Drops generations whose building failed.
    pub(super) async fn or_drop<T>(
        &self,
        made: &[Generation],
        built: Result<T, BuildError>,
    ) -> Result<T, BuildError> {
        if built.is_err() {
            for Generation { model, schema } in made {
                // If this fails too, the next build drops it.
                if let Err(error) = self.drop_unfinished(model.name()).await {
                    tracing::warn!(%error, schema, "cannot drop");
                }
            }
        }
        built
    }

    async fn build_and_switch(
        &self,
        made: &[Generation],
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<u64, BuildError> {
        let group = Generation::group_of(made, Mode::Build);
        let logs = self.live_positions().await?;
        let total = logs.iter().map(|(_, position)| position).sum();
        let mut counter = Counter { progress, state: Progress { done: 0, total } };
        for (log, upto) in logs {
            self.fill(&group, log, upto, |events| counter.add(events)).await?;
        }
        let group = self.furnish(made).await?;
        // What happened meanwhile; twice, since indexing took a while and the first pass another.
        for _ in 0..2 {
            for (log, upto) in self.live_positions().await? {
                self.catch_up(&group, log, upto).await?;
            }
        }
        self.switch(&group).await?;
        Ok(counter.state.done)
    }

    /// Gives filled generations their indexes, statistics, policies and grants. The group that is
    /// returned keeps them up to date as they are then.
    pub(super) async fn furnish(&self, made: &[Generation]) -> Result<Group, BuildError> {
        for generation in made {
            generation.index_in_parallel(&self.pool).await?;
            let mut transaction = self.pool.begin().await?;
            generation.secure(&mut transaction).await?;
            transaction.commit().await?;
        }
        let mut connection = self.pool.acquire().await?;
        let may_copy = may_copy(&mut connection).await?;
        Ok(Generation::group_of(made, Mode::Live { may_copy }))
    }

    /// Drops what a rebuild left behind that did not finish.
    async fn drop_unfinished(&self, model: &str) -> Result<(), sqlx::Error> {
        let schema: Option<String> = sqlx::query_scalar(
            "SELECT schema FROM hindsight.read_model WHERE model = $1 AND state = 'building'",
        )
        .bind(model)
        .fetch_optional(&self.pool)
        .await?;
        if let Some(schema) = schema {
            let mut transaction = self.pool.begin().await?;
            Self::drop_generation(&mut transaction, &schema).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

/// Tries to lock a name until the end of the transaction.
pub(super) async fn lock_name(
    connection: &mut PgConnection,
    name: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
        .bind(lock_key(name))
        .fetch_one(connection)
        .await
}

/// The advisory lock by which a name is built once at a time.
pub(super) fn lock_key(name: &str) -> i64 {
    let hash = Sha256::digest(format!("hindsight build {name}"));
    hash.iter().take(8).fold(0, |key, byte| (key << 8) | i64::from(*byte))
}
