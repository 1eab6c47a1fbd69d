//! Overtaking: where more events wait than were ever applied, as after a large import, new
//! generations of everything are filled without indexes and indexed once, which takes less time
//! than to keep the indexes of tables in use with every batch.
//!
//! Meanwhile the checkpoint of that log is held, so that no worker does the same work the slow way;
//! other logs are followed as ever. Readers see the old generations until all are switched at once.
//! A crash lets go of the checkpoint, and workers go on where they were.

use super::Builder;
use super::generation::Generation;
use super::rebuild::lock_name;
use crate::error::{BuildError, sql_state};
use crate::runtime::{Applied, Group, Mode, live_group, visible_position};
use sqlx::PgConnection;
use std::time::Duration;
use store::{LogId, Position};
use tokio::time::MissedTickBehavior;

/// How often is looked whether a log is far behind.
const POLL: Duration = Duration::from_secs(1);

/// After a failure, such as a full disk, workers have the log to themselves for so long, and twice as
/// long after each further one: who tries again and again holds the log and gets nowhere.
const FIRST_PAUSE: Duration = Duration::from_mins(1);
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// How often is looked whether it has come to rest.
const LOOK: Duration = Duration::from_millis(500);

/// A log that grows by fewer events from look to look has come to rest.
const REST: u64 = 1_000;

/// Logs that are looked at per query.
const PAGE: u32 = 1_000;

impl Builder {
    /// Looks for logs that are far behind, and overtakes them, until told to stop.
    pub(crate) async fn overtake_when_far_behind(self) {
        let mut look = tokio::time::interval(POLL);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pause = FIRST_PAUSE;
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                _ = look.tick() => {}
            }
            let overtaken = match self.far_behind().await {
                Ok(None) => continue,
                Ok(Some(log)) => self.overtake(log).await,
                Err(error) => Err(error),
            };
            match overtaken {
                Ok(()) => pause = FIRST_PAUSE,
                Err(BuildError::Busy | BuildError::Cancelled) => {}
                Err(error) => {
                    let error = &error as &(dyn std::error::Error + 'static);
                    tracing::warn!(error, ?pause, "cannot overtake; workers follow");
                    look.reset_after(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// The log that is furthest behind, if that is far enough.
    async fn far_behind(&self) -> Result<Option<LogId>, BuildError> {
        let (mut applied, mut furthest) = (0, (0, LogId::PLATFORM));
        let mut after = None;
        loop {
            let page = self.log.logs(after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            // The platform's log has no read models.
            for (log, head) in page.into_iter().filter(|(log, _)| *log != LogId::PLATFORM) {
                let known = self.feed.known(log);
                applied += known;
                furthest = furthest.max((head.position.saturating_sub(known), log));
            }
        }
        let (behind, log) = furthest;
        Ok((behind >= self.far_behind.max(applied)).then_some(log))
    }

    /// Builds new generations of all models and switches to them.
    pub(crate) async fn overtake(&self, log: LogId) -> Result<(), BuildError> {
        let Ok(_turn) = self.rebuilds.try_acquire() else { return Err(BuildError::Busy) };
        // Held open for its locks.
        let mut guard = self.pool.begin().await?;
        for model in self.models.iter() {
            if !lock_name(&mut guard, model.name()).await? {
                return Err(BuildError::Busy);
            }
        }
        if live_group(&mut guard, &self.models).await?.is_none() {
            return Err(BuildError::Busy);
        }
        let Some(applied) = hold(&mut guard, log).await? else { return Err(BuildError::Busy) };
        let head = self.log.head(log).await?.position;
        if head.saturating_sub(applied) < self.far_behind {
            return Ok(());
        }
        tracing::info!(log = %log.0, behind = head - applied, "overtaking");
        let made = self.make(&self.models).await?;
        let built = self.fill_and_furnish(&made, log).await;
        let group = self.or_drop(&made, built).await?;
        // Workers may have the log again; the switch keeps them still.
        sqlx::raw_sql("ROLLBACK TO SAVEPOINT held").execute(&mut *guard).await?;
        let switched = self.switch(&group).await;
        self.or_drop(&made, switched).await?;
        guard.commit().await?;
        let position = visible_position(&self.pool, log).await?;
        self.feed.announce(&self.pool, Applied { log, position, changes: None }).await?;
        tracing::info!(log = %log.0, position, "overtaken");
        Ok(())
    }

    async fn fill_and_furnish(&self, made: &[Generation], log: LogId) -> Result<Group, BuildError> {
        let group = Generation::group_of(made, Mode::Build);
        for (other, upto) in self.live_positions().await? {
            if other != log {
                self.fill(&group, other, upto, |_| {}).await?;
            }
        }
        self.fill_until_rest(&group, log).await?;
        let group = self.furnish(made).await?;
        // What happened meanwhile; twice, since indexing took a while and the first pass another.
        for _ in 0..2 {
            for (other, upto) in self.live_positions().await? {
                let upto = if other == log { self.log.head(log).await?.position } else { upto };
                self.catch_up(&group, other, upto).await?;
            }
        }
        Ok(group)
    }

    /// Fills until a log has come to rest: indexes come after what is still being imported.
    async fn fill_until_rest(&self, group: &Group, log: LogId) -> Result<(), BuildError> {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut filled: Position = 0;
        loop {
            look.tick().await;
            let head = self.log.head(log).await?.position;
            let grown = head - filled;
            self.fill(group, log, head, |_| {}).await?;
            filled = head;
            if grown < REST {
                return Ok(());
            }
        }
    }
}

/// Takes the live checkpoint of a log from the workers, until the transaction returns to the
/// savepoint `held`. `None` if there is none, or if it is not to be had.
async fn hold(connection: &mut PgConnection, log: LogId) -> Result<Option<Position>, sqlx::Error> {
    sqlx::raw_sql("SAVEPOINT held; SET LOCAL lock_timeout = '2s'")
        .execute(&mut *connection)
        .await?;
    let held: Result<Option<i64>, sqlx::Error> = sqlx::query_scalar(
        "SELECT position FROM hindsight.checkpoint \
          WHERE projection_group = 'live' AND log_id = $1 FOR UPDATE",
    )
    .bind(log.0)
    .fetch_optional(connection)
    .await;
    match held {
        Ok(position) => Ok(position.map(i64::unsigned_abs)),
        Err(error) if sql_state(&error).as_deref() == Some("55P03") => Ok(None),
        Err(error) => Err(error),
    }
}
