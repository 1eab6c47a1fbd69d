//! Worlds: the live one, generations in the making, and the past.

mod as_of;
mod bootstrap;
mod evict;
mod fill;
mod generation;
mod indexes;
mod overtake;
mod rebuild;
mod switch;

pub use evict::AsOfLimits;

use crate::error::BuildError;
use crate::projections::Options;
use crate::runtime::{Feed, ReadModel, StepError};
use sqlx::postgres::PgPool;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use store::{Database, EventLog, Position, ReadLimit};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// How far a build has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Events that have been read, or rows that have been taken over.
    pub done: u64,
    /// How many there are.
    pub total: u64,
}

/// What a rebuild came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// The schema that is live now.
    pub schema: String,
    /// Events that were read.
    pub events: u64,
}

/// Makes and drops generations.
#[derive(Clone)]
pub(crate) struct Builder {
    pool: PgPool,
    log: Arc<dyn EventLog>,
    models: Arc<[Arc<dyn ReadModel>]>,
    feed: Feed,
    limits: AsOfLimits,
    chunk: ReadLimit,
    far_behind: u64,
    stop: CancellationToken,
    /// One rebuild and one as-of build at a time in each process: each holds several connections,
    /// and workers need theirs.
    rebuilds: Arc<Semaphore>,
    pasts: Arc<Semaphore>,
    /// Indexes of as-of worlds that are known to exist.
    indexed: Arc<Mutex<HashSet<String>>>,
}

impl Builder {
    pub(crate) fn new(
        database: &Database,
        log: &Arc<dyn EventLog>,
        models: &Arc<[Arc<dyn ReadModel>]>,
        feed: &Feed,
        options: &Options,
        stop: &CancellationToken,
    ) -> Self {
        Self {
            pool: database.projector.clone(),
            log: Arc::clone(log),
            models: Arc::clone(models),
            feed: feed.clone(),
            limits: options.as_of,
            chunk: options.chunk,
            far_behind: options.far_behind,
            stop: stop.clone(),
            rebuilds: Arc::new(Semaphore::new(1)),
            pasts: Arc::new(Semaphore::new(1)),
            indexed: Arc::default(),
        }
    }

    fn model(&self, name: &str) -> Result<&Arc<dyn ReadModel>, BuildError> {
        self.models.iter().find(|model| model.name() == name).ok_or(BuildError::NoSuchModel)
    }
}

pub(crate) fn step_error(error: StepError) -> BuildError {
    match error {
        StepError::Log(error) => BuildError::Log(error),
        StepError::Database(error) => BuildError::Database(error),
        StepError::Apply(error) => BuildError::Apply(error),
    }
}

fn bigint(position: Position) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
