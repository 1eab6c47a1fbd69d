//! Jobs: claimed once, steered, and carried on after a crash.

use async_trait::async_trait;
use commands::jobs::{
    Job, JobError, JobFailure, JobHandler, JobRun, JobState, JobTable, Jobs, Progress,
};
use domain::ids::{JobId, OrganizationId};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use store::testing::TestDatabase;
use tokio::sync::{Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Counts to ten, each step only when it is let, and notes the steps that it did.
struct Counting {
    let_go: Semaphore,
    steps: Mutex<Vec<i64>>,
}

impl Counting {
    fn new(steps: usize) -> Arc<Self> {
        Arc::new(Self { let_go: Semaphore::new(steps), steps: Mutex::default() })
    }

    fn done(&self) -> Vec<i64> {
        self.steps.lock().unwrap().clone()
    }
}

#[async_trait]
impl JobHandler for Counting {
    fn kind(&self) -> &'static str {
        "count"
    }

    async fn run(&self, run: &JobRun) -> Result<Value, JobFailure> {
        if run.job.params == json!("impossible") {
            return Err(JobFailure::Failed("It cannot be counted.".to_owned()));
        }
        let from = run.job.cursor.as_ref().and_then(Value::as_i64).unwrap_or(0);
        for step in from..10 {
            self.let_go.acquire().await.unwrap().forget();
            self.steps.lock().unwrap().push(step);
            let next = step + 1;
            let counts = json!({"counted": next});
            run.report(&Progress { done: next, total: Some(10), counts, cursor: json!(next) })
                .await?;
        }
        Ok(json!({"counted": 10}))
    }
}

struct Office {
    test: TestDatabase,
    jobs: Jobs,
    feed: broadcast::Receiver<Arc<Job>>,
    organization: OrganizationId,
}

impl Office {
    async fn new() -> Self {
        let test = TestDatabase::create().await;
        let jobs = Jobs::new(JobTable::new(test.database.app.clone()));
        let feed = jobs.watch();
        Self { test, jobs, feed, organization: OrganizationId(Uuid::now_v7()) }
    }

    async fn start(&self, params: Value) -> JobId {
        let id = JobId(Uuid::now_v7());
        self.jobs.start(self.organization, id, "count", &params, None).await.unwrap();
        id
    }

    /// A process that works until it is told to stop, or is aborted.
    fn process(&self, handler: &Arc<Counting>) -> (tokio::task::JoinHandle<()>, CancellationToken) {
        let (jobs, handler, shutdown) =
            (self.jobs.clone(), handler.clone(), CancellationToken::new());
        let token = shutdown.clone();
        let work = async move { jobs.run(Uuid::now_v7(), vec![handler], token).await };
        (tokio::spawn(work), shutdown)
    }

    /// Waits until the feed shows the job like this.
    async fn until(&mut self, id: JobId, wanted: impl Fn(&Job) -> bool) -> Arc<Job> {
        loop {
            let job = self.feed.recv().await.unwrap();
            if job.id == id && wanted(&job) {
                return job;
            }
        }
    }

    async fn get(&self, id: JobId) -> Job {
        self.jobs.get(self.organization, id).await.unwrap()
    }
}

#[tokio::test]
async fn a_job_is_done_by_one_of_many_processes_and_shows_its_progress() {
    let mut office = Office::new().await;
    let handler = Counting::new(10);
    let processes = [office.process(&handler), office.process(&handler), office.process(&handler)];
    let id = office.start(json!({})).await;
    let halfway = office.until(id, |job| job.done == 5).await;
    assert_eq!((halfway.state, halfway.total), (JobState::Running, Some(10)));
    let done = office.until(id, |job| job.state.is_over()).await;
    assert_eq!((done.state, done.result.clone()), (JobState::Done, Some(json!({"counted": 10}))));
    assert!(done.started_at <= done.ended_at);
    assert_eq!(handler.done(), (0..10).collect::<Vec<_>>());
    assert_eq!(*done, office.get(id).await);
    for (process, shutdown) in processes {
        shutdown.cancel();
        process.await.unwrap();
    }
    let again =
        office.jobs.start(office.organization, id, "count", &json!({}), None).await.unwrap();
    assert_eq!(again.state, JobState::Done, "the same id is the same job");
}

#[tokio::test]
async fn a_paused_job_goes_on_where_it_stopped() {
    let mut office = Office::new().await;
    let handler = Counting::new(3);
    let (_process, _shutdown) = office.process(&handler);
    let id = office.start(json!({})).await;
    office.until(id, |job| job.done == 3).await;
    office.jobs.pause(office.organization, id).await.unwrap();
    handler.let_go.add_permits(1);
    office.until(id, |job| job.done == 4 && job.state == JobState::Paused).await;
    handler.let_go.add_permits(10);
    office.jobs.resume(office.organization, id).await.unwrap();
    office.until(id, |job| job.state == JobState::Done).await;
    assert_eq!(handler.done(), (0..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cancelled_job_stops_after_its_step_and_may_be_resumed() {
    let mut office = Office::new().await;
    let handler = Counting::new(2);
    let (_process, _shutdown) = office.process(&handler);
    let id = office.start(json!({})).await;
    office.until(id, |job| job.done == 2).await;
    let job = office.jobs.cancel(office.organization, id).await.unwrap();
    assert_eq!(job.state, JobState::Cancelling);
    handler.let_go.add_permits(1);
    let job = office.until(id, |job| job.state == JobState::Cancelled).await;
    assert_eq!(job.done, 3);
    let refused = office.jobs.pause(office.organization, id).await;
    assert!(matches!(refused, Err(JobError::NotPossible(JobState::Cancelled))), "{refused:?}");
    handler.let_go.add_permits(7);
    office.jobs.resume(office.organization, id).await.unwrap();
    office.until(id, |job| job.state == JobState::Done).await;
    assert_eq!(handler.done(), (0..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_job_survives_its_process() {
    let mut office = Office::new().await;
    let handler = Counting::new(4);
    let (process, _shutdown) = office.process(&handler);
    let id = office.start(json!({})).await;
    office.until(id, |job| job.done == 4).await;
    process.abort();
    let _ = process.await;
    // Nobody else may have it before the lease has run out.
    let heir = Counting::new(6);
    let (_process, _shutdown) = office.process(&heir);
    let other = office.start(json!("impossible")).await;
    office.until(other, |job| job.state == JobState::Failed).await;
    assert_eq!(heir.done(), [0; 0]);
    sqlx::query("UPDATE hindsight.job SET lease_until = clock_timestamp() - interval '1 second' WHERE state = 'running'")
        .execute(&mut office.test.admin().await)
        .await
        .unwrap();
    office.until(id, |job| job.state == JobState::Done).await;
    assert_eq!(heir.done(), (4..10).collect::<Vec<_>>(), "from the last report on");
}

#[tokio::test]
async fn a_process_that_is_shut_down_hands_its_job_on_at_once() {
    let mut office = Office::new().await;
    let handler = Counting::new(4);
    let (process, shutdown) = office.process(&handler);
    let id = office.start(json!({})).await;
    office.until(id, |job| job.done == 4).await;
    shutdown.cancel();
    handler.let_go.add_permits(6);
    process.await.unwrap();
    assert_eq!(handler.done(), (0..5).collect::<Vec<_>>(), "the step at hand is finished");
    let heir = Counting::new(5);
    let (_process, _shutdown) = office.process(&heir);
    office.until(id, |job| job.state == JobState::Done).await;
    assert_eq!(heir.done(), (5..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_job_that_kills_its_processes_is_given_up() {
    let mut office = Office::new().await;
    let id = office.start(json!({})).await;
    let mut admin = office.test.admin().await;
    sqlx::query("UPDATE hindsight.job SET attempts = 5, state = 'running', lease_until = clock_timestamp() - interval '1 second'")
        .execute(&mut admin)
        .await
        .unwrap();
    let (_process, _shutdown) = office.process(&Counting::new(10));
    let other = office.start(json!({})).await;
    office.until(other, |job| job.state == JobState::Done).await;
    let job = office.get(id).await;
    assert_eq!((job.state, job.done), (JobState::Failed, 0));
    assert!(job.error.is_some());
}

#[tokio::test]
async fn another_organizations_job_does_not_exist() {
    let office = Office::new().await;
    let id = office.start(json!({})).await;
    let foreign = OrganizationId(Uuid::now_v7());
    let jobs = &office.jobs;
    assert!(matches!(jobs.get(foreign, id).await, Err(JobError::NotFound)));
    for steered in [
        jobs.pause(foreign, id).await,
        jobs.resume(foreign, id).await,
        jobs.cancel(foreign, id).await,
    ] {
        assert!(matches!(steered, Err(JobError::NotFound)), "{steered:?}");
    }
    assert!(matches!(
        jobs.start(foreign, id, "count", &json!({}), None).await,
        Err(JobError::NotFound)
    ));
    assert!(jobs.list(foreign, None, 10).await.unwrap().is_empty());
    assert_eq!(jobs.list(office.organization, None, 10).await.unwrap().len(), 1);
    assert_eq!(office.get(id).await.state, JobState::Queued);
    let table: Result<Vec<(Uuid,)>, _> =
        sqlx::query_as("SELECT id FROM hindsight.job").fetch_all(&office.test.database.app).await;
    assert!(table.is_err(), "the runtime role reads jobs by their functions only");
}
