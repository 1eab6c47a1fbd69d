//! Claiming and running jobs.

use super::{Job, JobState, Jobs, Progress};
use crate::error::CommandError;
use async_trait::async_trait;
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use store::LogError;
use store::jobs::{JobStoreError, Release};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many jobs a process runs at once.
const AT_ONCE: usize = 2;

/// How often a process looks for jobs that others queued.
const POLL: Duration = Duration::from_secs(1);

/// How long an interrupted job waits before it is tried again.
const PAUSE: Duration = Duration::from_secs(5);

/// How long a handler may take to its next report when the process is to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does the work of one kind of job.
#[async_trait]
pub trait JobHandler: Send + Sync + 'static {
    /// The kind, such as `import`.
    fn kind(&self) -> &'static str;

    /// Does the work, from the job's cursor on, and returns the result. It may be dropped at any
    /// point, and the work since its last report may be done again, by another process.
    async fn run(&self, run: &JobRun) -> Result<Value, JobFailure>;
}

/// Why a run ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum JobFailure {
    /// Pausing or cancelling was asked for, the process is to end, or another has the job now.
    #[error("stopped")]
    Stopped,
    /// It cannot be done; for people.
    #[error("{0}")]
    Failed(String),
    /// Something failed that may pass: the job goes on later, from its last report.
    #[error("interrupted")]
    Interrupted(#[source] Box<dyn Error + Send + Sync>),
}

impl From<JobStoreError> for JobFailure {
    fn from(error: JobStoreError) -> Self {
        Self::Interrupted(Box::new(error))
    }
}

impl From<CommandError> for JobFailure {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused(refusal) => Self::Failed(refusal.detail),
            CommandError::NotFound | CommandError::Forbidden => {
                Self::Failed("Who began this may not go on any more.".to_owned())
            }
            CommandError::Log(LogError::Overloaded | LogError::Database(_))
            | CommandError::Contended => Self::Interrupted(Box::new(error)),
            CommandError::Stale { .. } | CommandError::KeyReused | CommandError::Log(_) => {
                tracing::error!(error = &error as &dyn Error, "job failed");
                Self::Failed("It could not be appended to the log.".to_owned())
            }
        }
    }
}

impl From<LogError> for JobFailure {
    fn from(error: LogError) -> Self {
        CommandError::from(error).into()
    }
}

/// One run of a job, as its handler sees it.
pub struct JobRun {
    /// The job as it was claimed.
    pub job: Job,
    jobs: Jobs,
    owner: Uuid,
    lease: Duration,
    shutdown: CancellationToken,
}

impl JobRun {
    /// Notes how far the work has come. [`JobFailure::Stopped`] asks the handler to return.
    pub async fn report(&self, progress: &Progress) -> Result<(), JobFailure> {
        let reported =
            self.jobs.table.report(self.job.id, self.owner, self.lease, progress).await?;
        let Some(job) = reported else { return Err(JobFailure::Stopped) };
        self.jobs.tell(&job);
        let stop = job.state != JobState::Running || self.shutdown.is_cancelled();
        if stop { Err(JobFailure::Stopped) } else { Ok(()) }
    }

    /// Ends when a handler that was asked to stop has had time enough to.
    async fn lose_patience(&self) {
        self.shutdown.cancelled().await;
        tokio::time::sleep(PATIENCE).await;
    }

    /// Renews the lease for as long as it is this process's.
    async fn keep(&self) {
        loop {
            tokio::time::sleep(self.lease / 3).await;
            match self.jobs.table.renew(self.job.id, self.owner, self.lease).await {
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(error) => {
                    let error: &dyn Error = &error;
                    tracing::warn!(job = %self.job.id, error, "lease not renewed");
                }
            }
        }
    }

    async fn release(&self, release: Release) {
        match self.jobs.table.release(self.job.id, self.owner, &release).await {
            Ok(Some(job)) => self.jobs.tell(&job),
            Ok(None) => tracing::info!(job = %self.job.id, "another process has the job"),
            Err(error) => {
                let error: &dyn Error = &error;
                tracing::error!(job = %self.job.id, error, "job not released; its lease runs out");
            }
        }
    }
}

/// Runs the jobs of one process.
pub(super) struct Runner {
    jobs: Jobs,
    owner: Uuid,
    lease: Duration,
    handlers: BTreeMap<&'static str, Arc<dyn JobHandler>>,
}

impl Runner {
    pub(super) fn new(
        jobs: Jobs,
        owner: Uuid,
        lease: Duration,
        handlers: Vec<Arc<dyn JobHandler>>,
    ) -> Self {
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        Self { jobs, owner, lease, handlers }
    }

    pub(super) async fn run(&self, shutdown: CancellationToken) {
        let kinds: Vec<_> = self.handlers.keys().copied().collect();
        let mut running = JoinSet::new();
        while !shutdown.is_cancelled() {
            while running.len() < AT_ONCE {
                match self.jobs.table.claim(&kinds, self.owner, self.lease).await {
                    Ok(Some(job)) => self.spawn(&mut running, job, &shutdown),
                    Ok(None) => break,
                    Err(error) => {
                        let error: &dyn Error = &error;
                        tracing::error!(error, "jobs cannot be claimed");
                        break;
                    }
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = self.jobs.bell.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                Some(_) = running.join_next() => {}
            }
        }
        // Every run ends by giving its job back.
        while running.join_next().await.is_some() {}
    }

    fn spawn(&self, running: &mut JoinSet<()>, job: Job, shutdown: &CancellationToken) {
        let Some(handler) = self.handlers.get(job.kind.as_str()).cloned() else { return };
        let (jobs, owner, lease) = (self.jobs.clone(), self.owner, self.lease);
        let shutdown = shutdown.clone();
        running.spawn(async move {
            let run = JobRun { job, jobs, owner, lease, shutdown };
            run.jobs.tell(&run.job);
            let ended = tokio::select! {
                ended = handler.run(&run) => ended,
                () = run.keep() => return,
                () = run.lose_patience() => Err(JobFailure::Stopped),
            };
            run.release(match ended {
                Ok(result) => Release::Done(result),
                Err(JobFailure::Failed(why)) => Release::Failed(why),
                Err(JobFailure::Stopped) => Release::Again(Duration::ZERO),
                Err(JobFailure::Interrupted(error)) => {
                    let error: &dyn Error = &*error;
                    tracing::warn!(job = %run.job.id, error, "job interrupted");
                    Release::Again(PAUSE)
                }
            })
            .await;
        });
    }
}
