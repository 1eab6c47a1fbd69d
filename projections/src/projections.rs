//! The crate's front door.

use crate::error::{BuildError, ReadError};
use crate::list::{ListQuery, Total, total};
use crate::read::{AsOf, ReadTx, Scope};
use crate::registry::read_models;
use crate::runtime::{
    Applied, Feed, Group, Parked, ReadModel, Worker, list_parked, live_group, retry_parked,
    run_worker,
};
use crate::worlds::{self, AsOfLimits, Builder, Progress, Rebuilt};
use domain::ids::OrganizationId;
use domain::record::RecordType;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Database, EventLog, LogId, Position, ReadLimit};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What a process does with read models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether it keeps them up to date, or only reads them.
    pub work: bool,
    /// How much is applied in one transaction while following the log.
    pub batch: ReadLimit,
    /// How much is applied at once while building a generation.
    pub chunk: ReadLimit,
    /// So many events behind, and more than have been applied in all logs, a log is not followed
    /// but overtaken: new generations of everything are built, which takes less time.
    pub far_behind: u64,
    /// What as-of worlds may take.
    pub as_of: AsOfLimits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            work: true,
            batch: ReadLimit::default(),
            chunk: ReadLimit { events: 5_000, bytes: 6 << 20 },
            far_behind: 100_000,
            as_of: AsOfLimits::default(),
        }
    }
}

/// Read models: reading them, waiting for them, building them. Cheap to clone.
#[derive(Clone)]
pub struct Projections {
    database: Database,
    log: Arc<dyn EventLog>,
    models: Arc<[Arc<dyn ReadModel>]>,
    feed: Feed,
    builder: Builder,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl std::fmt::Debug for Projections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Projections").field("feed", &self.feed).finish_non_exhaustive()
    }
}

impl Projections {
    /// Makes the live read models of a new installation, starts the workers, and, where this build
    /// has other versions than the live ones, starts to build those. Stops when `stop` is
    /// cancelled; [`Projections::stopped`] waits for that.
    pub async fn start(
        database: Database,
        log: Arc<dyn EventLog>,
        options: Options,
        stop: CancellationToken,
    ) -> Result<Self, BuildError> {
        let models: Arc<[Arc<dyn ReadModel>]> = read_models().into();
        let feed = Feed::new();
        let builder = Builder::new(&database, &log, &models, &feed, &options, &stop);
        let outdated = builder.bootstrap().await?;
        feed.load(&database.projector).await?;
        let tasks = TaskTracker::new();
        let this = Self { database, log, models, feed, builder, stop, tasks };
        let listen = this.feed.clone().listen(this.database.app.clone(), this.stop.clone());
        this.tasks.spawn(listen);
        if options.work {
            this.work(outdated, options.batch);
        }
        this.tasks.close();
        Ok(this)
    }

    fn work(&self, outdated: Vec<&'static str>, batch: ReadLimit) {
        self.tasks.spawn(run_worker(Worker {
            pool: self.database.projector.clone(),
            live: Mutex::default(),
            log: Arc::clone(&self.log),
            models: self.models.to_vec(),
            feed: self.feed.clone(),
            batch,
            stop: self.stop.clone(),
        }));
        self.tasks.spawn(self.builder.clone().sweep());
        self.tasks.spawn(self.builder.clone().overtake_when_far_behind());
        let builder = self.builder.clone();
        self.tasks.spawn(async move {
            for model in outdated {
                match builder.rebuild(model, &|_| {}).await {
                    Ok(rebuilt) => tracing::info!(schema = rebuilt.schema, "switched"),
                    Err(BuildError::Busy) => tracing::info!(model, "another process builds it"),
                    Err(error) => {
                        let error = &error as &(dyn std::error::Error + 'static);
                        tracing::error!(error, model, "cannot build the new version");
                    }
                }
            }
        });
    }

    /// Waits until everything has stopped, after the token was cancelled.
    pub async fn stopped(&self) {
        self.tasks.wait().await;
    }

    /// Whether the live read models are all of this build's versions. Until then a process is not
    /// ready to serve.
    pub async fn is_ready(&self) -> Result<bool, ReadError> {
        Ok(self.live_group().await?.is_some())
    }

    async fn live_group(&self) -> Result<Option<Group>, sqlx::Error> {
        let mut connection = self.database.app.acquire().await?;
        live_group(&mut connection, &self.models).await
    }

    /// What becomes visible from now on, here or in other processes.
    pub fn applied(&self) -> broadcast::Receiver<Arc<Applied>> {
        self.feed.subscribe()
    }

    /// Waits until everything up to `position` is visible, at most for `timeout`. Returns what is
    /// visible then, which is less after a timeout. Works whichever process is the worker.
    pub async fn wait_for(
        &self,
        log: LogId,
        position: Position,
        timeout: Duration,
    ) -> Result<Position, ReadError> {
        Ok(self.feed.wait_for(&self.database.app, log, position, timeout).await?)
    }

    /// Begins to read.
    pub async fn read(&self, scope: Scope) -> Result<ReadTx, ReadError> {
        ReadTx::begin(&self.database.reader, scope).await
    }

    /// Counts what a list finds, for at most 100 ms; beyond that, or beyond 10,000, it guesses.
    pub async fn total<R: RecordType>(
        &self,
        scope: &Scope,
        query: &ListQuery,
    ) -> Result<Total, ReadError> {
        total::<R>(&self.database.reader, scope, query).await
    }

    /// Makes the indexes that a list in an as-of world needs and no list needed before. Nothing to
    /// do in the present.
    pub async fn prepare_list<R: RecordType>(
        &self,
        scope: &Scope,
        query: &ListQuery,
    ) -> Result<(), BuildError> {
        self.builder.prepare_list::<R>(scope, query).await
    }

    /// Builds a new generation of a read model from the log, while the present one serves, and
    /// switches to it. `Busy` if that is being done already.
    pub async fn rebuild(
        &self,
        model: &str,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Rebuilt, BuildError> {
        self.builder.rebuild(model, progress).await
    }

    /// Drops retired generations at once, without the grace that the regular sweep leaves to reads
    /// that are still in them.
    pub async fn drop_retired(&self) -> Result<(), BuildError> {
        Ok(self.builder.drop_retired("0").await?)
    }

    /// The names of all read models, for [`Projections::rebuild`].
    pub fn names(&self) -> Vec<&'static str> {
        self.models.iter().map(|model| model.name()).collect()
    }

    /// Opens the world of one organization as it was after `position`, with these read models of
    /// record types; builds what is not there yet. Everything else in it is as it is now.
    pub async fn open_as_of(
        &self,
        organization: OrganizationId,
        position: Position,
        models: &[&str],
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<AsOf, BuildError> {
        self.builder.open_as_of(organization, position, models, progress).await
    }

    /// What could not be applied.
    pub async fn parked(&self) -> Result<Vec<Parked>, ReadError> {
        Ok(list_parked(&self.database.app, false).await?)
    }

    /// Tries what is parked again, without waiting until it is due. Returns how many follow again.
    pub async fn retry_parked(&self) -> Result<usize, BuildError> {
        let Some(group) = self.live_group().await? else { return Ok(0) };
        let mut following = 0;
        for parked in list_parked(&self.database.projector, false).await? {
            if group.members.iter().any(|(_, schema)| *schema == parked.schema) {
                let pool = &self.database.projector;
                let log = self.log.as_ref();
                let follows = retry_parked(pool, log, &group, &parked, &self.feed).await;
                following += usize::from(follows.map_err(worlds::step_error)?);
            }
        }
        Ok(following)
    }
}
