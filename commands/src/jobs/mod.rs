//! Jobs: the one mechanism for whatever takes longer than a request.

use async_trait::async_trait;
use domain::ids::{JobId, MemberId, OrganizationId};
use serde_json::Value;
use std::sync::Arc;
pub use store::jobs::{Job, JobState};
use tokio::sync::broadcast;

/// Does the work of one kind of job.
#[async_trait]
pub trait JobHandler: Send + Sync + 'static {
    /// The kind, such as `import`.
    fn kind(&self) -> &'static str;

    /// Does the work, from the job's cursor on. Whatever it appends must be idempotent: after a
    /// crash, the work since the last report is done again.
    async fn run(&self, run: &JobRun) -> Result<Value, JobFailure>;
}

/// One run of a job, as its handler sees it.
pub struct JobRun {
    /// The job as it was claimed.
    pub job: Job,
}

/// Why a run ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum JobFailure {
    /// Pausing or cancelling was asked for, or another process has the job now.
    #[error("stopped")]
    Stopped,
    /// It cannot be done; for people.
    #[error("{0}")]
    Failed(String),
}

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
    Store(#[from] store::jobs::JobStoreError),
}

/// Starts, shows and steers jobs, and runs them. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {}

impl Jobs {
    /// A new job, queued. With an id that exists already, the existing job.
    pub async fn start(
        &self,
        organization: OrganizationId,
        id: JobId,
        kind: &'static str,
        params: Value,
        by: Option<MemberId>,
    ) -> Result<Job, JobError> {
        todo!()
    }
    /// A job of the organization.
    pub async fn get(&self, organization: OrganizationId, id: JobId) -> Result<Job, JobError> {
        todo!()
    }
    /// The organization's jobs, newest first; at most `limit` made before `before`.
    pub async fn list(
        &self,
        organization: OrganizationId,
        before: Option<JobId>,
        limit: u32,
    ) -> Result<Vec<Job>, JobError> {
        todo!()
    }
    /// Stops it after the present step, to be resumed later.
    pub async fn pause(&self, organization: OrganizationId, id: JobId) -> Result<Job, JobError> {
        todo!()
    }
    /// Goes on where it stopped.
    pub async fn resume(&self, organization: OrganizationId, id: JobId) -> Result<Job, JobError> {
        todo!()
    }
    /// Ends it after the present step.
    pub async fn cancel(&self, organization: OrganizationId, id: JobId) -> Result<Job, JobError> {
        todo!()
    }
    /// Progress of this process's jobs as it happens; for others, poll [`Jobs::get`].
    pub fn watch(&self) -> broadcast::Receiver<Arc<Job>> {
        todo!()
    }
}
