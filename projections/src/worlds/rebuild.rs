//! Building a new generation while the present one serves.

use super::fill::Counter;
use super::generation::{Generation, Purpose};
use super::{Builder, Progress, Rebuilt};
use crate::error::BuildError;
use crate::runtime::{Mode, may_copy};
use sha2::{Digest as _, Sha256};

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
        let free: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
            .bind(lock_key(name))
            .fetch_one(&mut *guard)
            .await?;
        if !free {
            return Err(BuildError::Busy);
        }
        self.drop_unfinished(name).await?;
        let mut transaction = self.pool.begin().await?;
        let generation = Generation::create(&mut transaction, model, Purpose::Building).await?;
        transaction.commit().await?;
        match self.build_and_switch(&generation, progress).await {
            Ok(events) => {
                guard.commit().await?;
                Ok(Rebuilt { schema: generation.schema, events })
            }
            Err(error) => {
                // If this fails too, the next rebuild drops it.
                if let Err(error) = self.drop_unfinished(name).await {
                    tracing::warn!(%error, schema = generation.schema, "cannot drop");
                }
                Err(error)
            }
        }
    }

    async fn build_and_switch(
        &self,
        generation: &Generation,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<u64, BuildError> {
        let group = generation.group(Mode::Build);
        let logs = self.live_positions().await?;
        let total = logs.iter().map(|(_, position)| position).sum();
        let mut counter = Counter { progress, state: Progress { done: 0, total } };
        for (log, upto) in logs {
            self.fill(&group, log, upto, |events| counter.add(events)).await?;
        }
        let mut transaction = self.pool.begin().await?;
        generation.index(&mut transaction).await?;
        generation.secure(&mut transaction).await?;
        transaction.commit().await?;
        // What happened meanwhile; twice, since indexing took a while and the first pass another.
        let mut connection = self.pool.acquire().await?;
        let may_copy = may_copy(&mut connection).await?;
        drop(connection);
        let group = generation.group(Mode::Live { may_copy });
        for _ in 0..2 {
            for (log, upto) in self.live_positions().await? {
                self.catch_up(&group, log, upto).await?;
            }
        }
        self.switch(&group).await?;
        Ok(counter.state.done)
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

/// The advisory lock by which a name is built once at a time.
pub(super) fn lock_key(name: &str) -> i64 {
    let hash = Sha256::digest(format!("hindsight build {name}"));
    hash.iter().take(8).fold(0, |key, byte| (key << 8) | i64::from(*byte))
}
