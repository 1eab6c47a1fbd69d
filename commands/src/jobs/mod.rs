//! Jobs: the one mechanism for whatever takes longer than a request.
//!
//! A job is a row. Any process that knows its kind may claim it, for a lease that it keeps
//! renewing; when the process dies, the lease runs out and another goes on from the last reported
//! cursor. What a handler does between two reports may therefore happen twice, and must be
//! idempotent.
//!
//! # How to add a kind of job
//! Implement [`JobHandler`] and hand it to [`Jobs::new`].

mod runner;

pub use runner::{JobFailure, JobHandler, JobRun};
pub use store::jobs::{Job, JobState, JobTable, Progress};

use domain::ids::{JobId, MemberId, OrganizationId};
use runner::Runner;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use store::jobs::JobStoreError;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// For how long a process holds a job without a sign of life.
const LEASE: Duration = Duration::from_secs(30);

/// How many changes a slow watcher may lag behind.
const FEED: usize = 256;

/// Why a job could not be read or steered.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// No such job in this organization.
    #[error("no such job")]
    NotFound,
    /// Its state does not allow it.
    #[error("the job is {0:?}")]
    NotPossible(JobState),
    /// The database failed.
    #[error("database")]
    Store(#[from] JobStoreError),
}

/// Starts, shows and steers jobs, and runs them. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    table: JobTable,
    feed: broadcast::Sender<Arc<Job>>,
    bell: Arc<Notify>,
}

impl Jobs {
    /// Jobs in `table`.
    pub fn new(table: JobTable) -> Self {
        Self { table, feed: broadcast::Sender::new(FEED), bell: Arc::new(Notify::new()) }
    }

    /// A new job, queued. With an id that exists already, it is that job.
    pub async fn start(
        &self,
        organization: OrganizationId,
        id: JobId,
        kind: &'static str,
        params: &Value,
        by: Option<MemberId>,
    ) -> Result<Job, JobError> {
        let job = self.table.start(organization, id, kind, params, by).await?;
        self.bell.notify_one();
        job.ok_or(JobError::NotFound)
    }

    /// A job of the organization.
    pub async fn get(&self, organization: OrganizationId, id: JobId) -> Result<Job, JobError> {
        self.table.read(organization, id).await?.ok_or(JobError::NotFound)
    }

    /// The organization's jobs with an id below `before`, newest first.
    pub async fn list(
        &self,
        organization: OrganizationId,
        before: Option<JobId>,
        limit: u32,
    ) -> Result<Vec<Job>, JobError> {
        Ok(self.table.list(organization, before, limit).await?)
    }

    /// Stops it after the present step, to be resumed later.
    pub async fn pause(&self, organization: OrganizationId, id: JobId) -> Result<Job, JobError> {
        let from = [JobState::Queued, JobState::Running];
        self.steer(organization, id, &from, JobState::Paused).await
    }

    /// Goes on where it stopped, for whichever reason.
    pub async fn resume(&self, organization: OrganizationId, id: JobId) -> Result<Job, JobError> {
        let from = [JobState::Paused, JobState::Failed, JobState::Cancelled];
        self.steer(organization, id, &from, JobState::Queued).await
    }

    /// Ends it after the present step. What it did stays.
    pub async fn cancel(&self, organization: OrganizationId, id: JobId) -> Result<Job, JobError> {
        let idle = [JobState::Queued, JobState::Paused];
        match self.steer(organization, id, &idle, JobState::Cancelled).await {
            Err(JobError::NotPossible(JobState::Running)) => {
                let running = [JobState::Running];
                self.steer(organization, id, &running, JobState::Cancelling).await
            }
            other => other,
        }
    }

    async fn steer(
        &self,
        organization: OrganizationId,
        id: JobId,
        from: &[JobState],
        to: JobState,
    ) -> Result<Job, JobError> {
        match self.table.steer(organization, id, from, to).await? {
            Some(job) => {
                self.tell(&job);
                self.bell.notify_one();
                Ok(job)
            }
            None => Err(JobError::NotPossible(self.get(organization, id).await?.state)),
        }
    }

    /// Changes of jobs that this process made, as they happen. For those of other processes, poll
    /// [`Jobs::get`].
    pub fn watch(&self) -> broadcast::Receiver<Arc<Job>> {
        self.feed.subscribe()
    }

    fn tell(&self, job: &Job) {
        // That nobody watches is fine.
        let _ = self.feed.send(Arc::new(job.clone()));
    }

    /// Claims and runs jobs of the handlers' kinds until `shutdown`; what runs then is given back
    /// for another process to go on with. `owner` is an id of this process alone.
    pub async fn run(
        &self,
        owner: Uuid,
        handlers: Vec<Arc<dyn JobHandler>>,
        shutdown: CancellationToken,
    ) {
        Runner::new(self.clone(), owner, LEASE, handlers).run(shutdown).await;
    }
}
