//! The worker of a process: finds logs that have moved and applies what is new. Any number of
//! processes may run one; the checkpoints' locks keep them apart.

use super::feed::Feed;
use super::group::{Group, live_group};
use super::model::ReadModel;
use super::parked;
use super::step::{Step, StepError, step};
use sqlx::postgres::PgPool;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{EventLog, LogId, Position, ReadLimit};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often heads are looked at although nobody rang.
const POLL: Duration = Duration::from_secs(1);

/// How long a ring waits while logs are being followed.
const BREATH: Duration = Duration::from_millis(5);

/// Logs that one process works on at the same time. Each holds a connection and reads with
/// another.
const LOGS_AT_ONCE: usize = 2;

/// Batches that a log gets before others have their turn.
const TURN: usize = 20;

/// Logs that are looked at per query.
const PAGE: u32 = 1_000;

/// The wait after a failure, doubled each time up to the greatest.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The wait before a log that somebody else has is looked at again, doubled each time up to the
/// greatest: another worker has it for moments, whoever overtakes it for long.
const BUSY_WAIT: Duration = Duration::from_millis(25);
const LONGEST_BUSY_WAIT: Duration = Duration::from_millis(400);

/// What a worker works with.
pub(crate) struct Worker {
    pub(crate) pool: PgPool,
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) models: Vec<Arc<dyn ReadModel>>,
    pub(crate) feed: Feed,
    pub(crate) batch: ReadLimit,
    pub(crate) stop: CancellationToken,
    /// The live group as it was last seen. Where generations have changed places since, the next
    /// batch finds out.
    pub(crate) live: Mutex<Option<Arc<Group>>>,
}

/// Runs until told to stop; the batches at work are finished.
pub(crate) async fn run(worker: Worker) {
    let worker = Arc::new(worker);
    let turns = Arc::new(Semaphore::new(LOGS_AT_ONCE));
    let mut bell = worker.log.appended();
    let mut busy: HashSet<LogId> = HashSet::new();
    let mut tasks: JoinSet<(LogId, bool)> = JoinSet::new();
    let mut failures: u32 = 0;
    let mut poll = tokio::time::interval(POLL);
    let mut look = true;
    // Whether a log that was being followed has moved on: its turn may have ended before that.
    let mut missed = false;
    while !worker.stop.is_cancelled() {
        if look {
            bell.mark_unchanged();
            missed = false;
            match worker.behind().await {
                Ok(behind) => {
                    failures = 0;
                    for Behind { group, log, head } in behind {
                        if !busy.insert(log) {
                            missed = true;
                            continue;
                        }
                        let (worker, turns) = (Arc::clone(&worker), Arc::clone(&turns));
                        tasks.spawn(async move {
                            (log, worker.take_turns(&turns, &group, log, head).await)
                        });
                    }
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(%error, failures, "cannot look for new events");
                    pause(&worker.stop, failures).await;
                }
            }
        }
        // Waits for the first sign of news.
        let following = !tasks.is_empty();
        look = tokio::select! {
            () = worker.stop.cancelled() => false,
            Some(done) = tasks.join_next() => match done {
                Ok((log, reached)) => {
                    busy.remove(&log);
                    missed || !reached
                }
                Err(error) => {
                    tracing::error!(%error, "a projection task died");
                    busy.clear();
                    true
                }
            },
            // The log is gone with its process; polling goes on until the stop.
            true = rung(&bell, following) => true,
            _ = poll.tick() => {
                worker.forget_live_group();
                worker.retry_due().await;
                true
            }
        };
    }
    while tasks.join_next().await.is_some() {}
}

/// Waits for a ring, without taking it as heard. While logs are being followed, mostly those that
/// ring, it waits a little longer: when their turns end, one look does for all. `false` if nobody
/// can ring any more.
async fn rung(bell: &watch::Receiver<u64>, busy: bool) -> bool {
    if bell.clone().changed().await.is_err() {
        return false;
    }
    if busy {
        tokio::time::sleep(BREATH).await;
    }
    true
}

/// How a turn ended.
enum Turn {
    /// At the head that it was to reach.
    Reached,
    /// Others have their turn; there may be more to apply.
    Over,
    /// Somebody else has the log.
    Busy,
}

/// A log that has moved on.
struct Behind {
    group: Arc<Group>,
    log: LogId,
    /// The position of its last event.
    head: Position,
}

fn warn(log: LogId, error: &(dyn std::error::Error + 'static), failures: u32) {
    tracing::warn!(error, log = %log.0, failures, "cannot apply; will try again");
    metrics::counter!("hindsight_projection_failures_total").increment(1);
}

async fn pause(stop: &CancellationToken, failures: u32) {
    let wait = FIRST_WAIT.saturating_mul(1 << failures.min(10)).min(LONGEST_WAIT);
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(wait) => {}
    }
}

impl Worker {
    async fn live_group(&self) -> Result<Option<Arc<Group>>, sqlx::Error> {
        let known = self.live.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_some() {
            return Ok(known);
        }
        let mut connection = self.pool.acquire().await?;
        let group = live_group(&mut connection, &self.models).await?.map(Arc::new);
        self.live.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&group);
        Ok(group)
    }

    fn forget_live_group(&self) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// The logs whose heads are beyond what is visible.
    async fn behind(&self) -> Result<Vec<Behind>, StepError> {
        let mut behind = Vec::new();
        let mut group = None;
        let mut after = None;
        let mut lag = 0;
        loop {
            let page = self.log.logs(after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (log, head) in page {
                let known = self.feed.known(log);
                // The platform's log has no read models.
                if head.position <= known || log == LogId::PLATFORM {
                    continue;
                }
                lag += head.position - known;
                if group.is_none() {
                    group = self.live_group().await?;
                }
                let Some(group) = &group else {
                    tracing::debug!("the live read models are of another version");
                    return Ok(Vec::new());
                };
                behind.push(Behind { group: Arc::clone(group), log, head: head.position });
            }
        }
        #[allow(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!("hindsight_projection_lag_events").set(lag as f64);
        Ok(behind)
    }

    /// Follows a log for a turn, as soon as nobody else has it. Returns whether it reached `head`.
    async fn take_turns(
        &self,
        turns: &Semaphore,
        group: &Group,
        log: LogId,
        head: Position,
    ) -> bool {
        let mut wait = BUSY_WAIT;
        loop {
            let turn = turns.acquire().await;
            let ended = self.follow(group, log, head).await;
            drop(turn);
            match ended {
                Turn::Reached => return true,
                Turn::Over => return false,
                Turn::Busy => {}
            }
            tokio::select! {
                () = self.stop.cancelled() => return false,
                () = tokio::time::sleep(wait) => {}
            }
            wait = (wait * 2).min(LONGEST_BUSY_WAIT);
        }
    }

    /// Applies batches of a log until it is at `head`, or the turn is over.
    async fn follow(&self, group: &Group, log: LogId, head: Position) -> Turn {
        let mut failures = 0;
        for _ in 0..TURN {
            if self.stop.is_cancelled() {
                return Turn::Over;
            }
            match self.step(group, log).await {
                Ok(Step::Applied(position)) => {
                    failures = 0;
                    metrics::counter!("hindsight_projection_batches_total").increment(1);
                    tracing::trace!(log = %log.0, position, "applied");
                    if position >= head {
                        return Turn::Reached;
                    }
                }
                Ok(Step::UpToDate(position)) => {
                    self.feed.advance(log, position);
                    return Turn::Reached;
                }
                Ok(Step::Busy) => return Turn::Busy,
                Ok(Step::Switched) => {
                    self.forget_live_group();
                    return Turn::Over;
                }
                Err(error) => {
                    failures += 1;
                    warn(log, &error, failures);
                    pause(&self.stop, failures).await;
                }
            }
        }
        Turn::Over
    }

    async fn step(&self, group: &Group, log: LogId) -> Result<Step, StepError> {
        let log_port = self.log.as_ref();
        step(&self.pool, log_port, group, log, Position::MAX, self.batch, &self.feed).await
    }

    /// Tries what is parked and due again.
    async fn retry_due(&self) {
        if let Err(error) = self.try_due().await {
            let error = &error as &(dyn std::error::Error + 'static);
            tracing::warn!(error, "cannot retry parked streams");
        }
    }

    async fn try_due(&self) -> Result<(), StepError> {
        let due = parked::list(&self.pool, true).await?;
        #[allow(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!("hindsight_projection_parked_due").set(due.len() as f64);
        if due.is_empty() {
            return Ok(());
        }
        let Some(group) = self.live_group().await? else { return Ok(()) };
        for parked in due {
            if group.members.iter().any(|(_, schema)| *schema == parked.schema) {
                parked::retry(&self.pool, self.log.as_ref(), &group, &parked, &self.feed).await?;
            }
        }
        Ok(())
    }
}
