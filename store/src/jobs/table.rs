//! The job table, by way of the database's functions.

use super::{Job, JobState, JobStoreError};
use domain::ids::{JobId, MemberId, OrganizationId};
use serde_json::Value;
use sqlx::postgres::PgPool;
use std::time::Duration;
use uuid::Uuid;

/// How far a job has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// How much is done, in the kind's own unit.
    pub done: i64,
    /// How much there is to do, once known.
    pub total: Option<i64>,
    /// What came of it so far.
    pub counts: Value,
    /// Where to go on after an interruption.
    pub cursor: Value,
}

/// How a process gives a job back.
#[derive(Clone, Debug, PartialEq)]
pub enum Release {
    /// Done, with a result.
    Done(Value),
    /// Failed, for a reason that people can read.
    Failed(String),
    /// Not done: paused or cancelled, if that was asked for; else to be taken up again after a
    /// while.
    Again(Duration),
}

/// Jobs of all organizations. Every function that a request may call names the organization.
#[derive(Clone, Debug)]
pub struct JobTable {
    app: PgPool,
}

impl JobTable {
    /// The table by way of the pool of request handlers.
    pub fn new(app: PgPool) -> Self {
        Self { app }
    }

    /// A new job, queued; or the one that has the id already. `None` if another organization's has.
    pub async fn start(
        &self,
        organization: OrganizationId,
        id: JobId,
        kind: &str,
        params: &Value,
        by: Option<MemberId>,
    ) -> Result<Option<Job>, JobStoreError> {
        let job = sqlx::query_as("SELECT * FROM hindsight.start_job($1, $2, $3, $4, $5)")
            .bind(organization.0)
            .bind(id.0)
            .bind(kind)
            .bind(params)
            .bind(by.map(|by| by.0))
            .fetch_optional(&self.app)
            .await?;
        Ok(job)
    }

    /// A job of the organization.
    pub async fn read(
        &self,
        organization: OrganizationId,
        id: JobId,
    ) -> Result<Option<Job>, JobStoreError> {
        let job = sqlx::query_as("SELECT * FROM hindsight.read_job($1, $2)")
            .bind(organization.0)
            .bind(id.0)
            .fetch_optional(&self.app)
            .await?;
        Ok(job)
    }

    /// The organization's jobs with an id below `before`, newest first.
    pub async fn list(
        &self,
        organization: OrganizationId,
        before: Option<JobId>,
        limit: u32,
    ) -> Result<Vec<Job>, JobStoreError> {
        let jobs = sqlx::query_as("SELECT * FROM hindsight.list_jobs($1, $2, $3)")
            .bind(organization.0)
            .bind(before.map(|before| before.0))
            .bind(i32::try_from(limit).unwrap_or(i32::MAX))
            .fetch_all(&self.app)
            .await?;
        Ok(jobs)
    }

    /// Moves a job to another state, if it is in one of `from`.
    pub async fn steer(
        &self,
        organization: OrganizationId,
        id: JobId,
        from: &[JobState],
        to: JobState,
    ) -> Result<Option<Job>, JobStoreError> {
        let from: Vec<&str> = from.iter().map(|state| state.as_str()).collect();
        let job = sqlx::query_as("SELECT * FROM hindsight.steer_job($1, $2, $3, $4)")
            .bind(organization.0)
            .bind(id.0)
            .bind(&from)
            .bind(to.as_str())
            .fetch_optional(&self.app)
            .await?;
        Ok(job)
    }

    /// Claims the oldest job of one of the kinds that nobody holds.
    pub async fn claim(
        &self,
        kinds: &[&str],
        owner: Uuid,
        lease: Duration,
    ) -> Result<Option<Job>, JobStoreError> {
        let job = sqlx::query_as("SELECT * FROM hindsight.claim_job($1, $2, $3)")
            .bind(kinds)
            .bind(owner)
            .bind(lease)
            .fetch_optional(&self.app)
            .await?;
        Ok(job)
    }

    /// Keeps the lease; `None` if another process has it.
    pub async fn renew(
        &self,
        id: JobId,
        owner: Uuid,
        lease: Duration,
    ) -> Result<Option<Job>, JobStoreError> {
        let job = sqlx::query_as("SELECT * FROM hindsight.renew_job($1, $2, $3)")
            .bind(id.0)
            .bind(owner)
            .bind(lease)
            .fetch_optional(&self.app)
            .await?;
        Ok(job)
    }

    /// Notes progress and keeps the lease; `None` if another process has it.
    pub async fn report(
        &self,
        id: JobId,
        owner: Uuid,
        lease: Duration,
        progress: &Progress,
    ) -> Result<Option<Job>, JobStoreError> {
        let job = sqlx::query_as("SELECT * FROM hindsight.report_job($1, $2, $3, $4, $5, $6, $7)")
            .bind(id.0)
            .bind(owner)
            .bind(lease)
            .bind(progress.done)
            .bind(progress.total)
            .bind(&progress.counts)
            .bind(&progress.cursor)
            .fetch_optional(&self.app)
            .await?;
        Ok(job)
    }

    /// Gives the lease back; `None` if another process has it.
    pub async fn release(
        &self,
        id: JobId,
        owner: Uuid,
        release: &Release,
    ) -> Result<Option<Job>, JobStoreError> {
        let (state, after, result, error) = match release {
            Release::Done(result) => (JobState::Done, Duration::ZERO, Some(result), None),
            Release::Failed(error) => (JobState::Failed, Duration::ZERO, None, Some(error)),
            Release::Again(after) => (JobState::Queued, *after, None, None),
        };
        let job = sqlx::query_as("SELECT * FROM hindsight.release_job($1, $2, $3, $4, $5, $6)")
            .bind(id.0)
            .bind(owner)
            .bind(state.as_str())
            .bind(after)
            .bind(result)
            .bind(error)
            .fetch_optional(&self.app)
            .await?;
        Ok(job)
    }
}
