//! Opening the world that a read asks for: the present, or a moment of the past, which may have
//! to be put together first.

use crate::auth::Auth;
use crate::extract::ReadHeaders;
use crate::http::ApiResult;
use crate::state::AppState;
use chrono::{DateTime, Utc};
use commands::jobs::{Job, JobFailure, JobHandler, JobRun};
use domain::ids::{JobId, OrganizationId};
use domain::record::RecordType;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use projections::{AsOf, BuildError, Progress, Projections, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use store::Position;
use tokio::sync::watch;

/// How long a request waits for the past before it is told of the job instead, unless it says.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a read waits for the position that it asks for.
const CATCH_UP: Duration = Duration::from_secs(1);
/// How often a job tells how far it is.
const REPORT: Duration = Duration::from_millis(500);

/// What a read looks at.
pub enum Opened {
    /// It can be read.
    Ready(Scope),
    /// It is being put together.
    Building(Box<Job>),
}

/// One organization's past, as far as one read model goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Past {
    organization: OrganizationId,
    position: Position,
    model: String,
}

type Outcome = Shared<BoxFuture<'static, Result<AsOf, Arc<BuildError>>>>;

/// A build that is under way in this process.
struct Build {
    outcome: Outcome,
    progress: watch::Receiver<Progress>,
    /// The job that tells of it, once somebody did not want to wait.
    job: OnceLock<JobId>,
}

/// The builds of this process: one for each past, however many ask for it.
#[derive(Clone)]
pub struct Worlds {
    projections: Projections,
    builds: Arc<Mutex<HashMap<Past, Arc<Build>>>>,
}

impl Worlds {
    /// Worlds by way of `projections`.
    pub fn new(projections: Projections) -> Self {
        Self { projections, builds: Arc::default() }
    }

    /// The build of a past: the one under way, or a new one.
    fn build(&self, past: &Past) -> Arc<Build> {
        // The map is whole at every moment, whatever panicked.
        let mut builds = self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(build) = builds.get(past) {
            return Arc::clone(build);
        }
        let (told, progress) = watch::channel(Progress { done: 0, total: 0 });
        let (worlds, wanted) = (self.clone(), past.clone());
        // A task of its own: whoever asked may go away, the others still want it.
        let task = tokio::spawn(async move {
            let report = move |progress| {
                told.send_replace(progress);
            };
            let opened = worlds
                .projections
                .open_as_of(wanted.organization, wanted.position, &[&wanted.model], &report)
                .await;
            worlds.builds.lock().unwrap_or_else(PoisonError::into_inner).remove(&wanted);
            opened.map_err(Arc::new)
        });
        let outcome =
            async move { task.await.unwrap_or_else(|_| Err(Arc::new(BuildError::Cancelled))) };
        let build =
            Arc::new(Build { outcome: outcome.boxed().shared(), progress, job: OnceLock::new() });
        builds.insert(past.clone(), Arc::clone(&build));
        build
    }
}

impl AppState {
    /// Opens what a read asks for, and waits until it shows the position that was asked for.
    pub async fn open<R: RecordType>(
        &self,
        auth: &Auth,
        as_of: Option<DateTime<Utc>>,
        headers: ReadHeaders,
    ) -> ApiResult<Opened> {
        let scope = auth.reading::<R>()?;
        let Some(time) = as_of else {
            self.catch_up(auth, headers).await?;
            return Ok(Opened::Ready(scope));
        };
        let past = Past {
            organization: auth.actor.organization,
            position: self.position_at(auth, time).await?,
            model: R::PLURAL.to_owned(),
        };
        let build = self.worlds.build(&past);
        match tokio::time::timeout(headers.patience.unwrap_or(PATIENCE), build.outcome.clone())
            .await
        {
            Ok(Ok(as_of)) => Ok(Opened::Ready(scope.within(as_of))),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => {
                let id = *build.job.get_or_init(|| JobId(self.commands.ids().next()));
                let by = Some(auth.actor.member);
                let job = self.jobs.start(past.organization, id, KIND, &json!(past), by).await?;
                Ok(Opened::Building(Box::new(job)))
            }
        }
    }
}

impl AppState {
    /// Waits until the present shows the position that a read asks for, or for a second.
    pub async fn catch_up(&self, auth: &Auth, headers: ReadHeaders) -> ApiResult<()> {
        if let Some(position) = headers.min_position {
            self.projections.wait_for(auth.log(), position, CATCH_UP).await?;
        }
        Ok(())
    }
}

/// Name of the kind of job.
const KIND: &str = "as_of";

/// Tells of builds as jobs; in a process that has not begun one, begins it.
pub struct AsOfJobs(pub Worlds);

#[async_trait::async_trait]
impl JobHandler for AsOfJobs {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, run: &JobRun) -> Result<Value, JobFailure> {
        let past: Past = serde_json::from_value(run.job.params.clone())
            .map_err(|error| JobFailure::Failed(error.to_string()))?;
        let build = self.0.build(&past);
        let mut outcome = build.outcome.clone();
        loop {
            tokio::select! {
                opened = &mut outcome => {
                    return match opened {
                        Ok(_) => Ok(json!({ "position": past.position })),
                        Err(error) => Err(JobFailure::Failed(error.to_string())),
                    };
                }
                () = tokio::time::sleep(REPORT) => {
                    let progress = *build.progress.borrow();
                    run.report(&wire(progress)).await?;
                }
            }
        }
    }
}

fn wire(progress: Progress) -> commands::jobs::Progress {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    commands::jobs::Progress {
        done: number(progress.done),
        total: (progress.total > 0).then(|| number(progress.total)),
        counts: Value::Null,
        cursor: Value::Null,
    }
}
