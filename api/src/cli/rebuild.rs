//! `hindsight rebuild MODEL`

use super::database::Running;
use super::{logging, say, serve};
use crate::config::Config;
use crate::server::Role;
use anyhow::Context as _;
use clap::Args;
use projections::Progress;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rebuild a read model from the log, beside the one in use, and switch to it.
#[derive(Debug, Args)]
pub struct Rebuild {
    /// Its name, such as `contacts`.
    model: String,
}

/// Of how many parts progress is told.
const PARTS: u64 = 10;

impl Rebuild {
    /// Rebuilds while others serve.
    pub async fn run(self, config: Config) -> anyhow::Result<()> {
        logging::start(config.mode)?;
        let running = Running::join(&config).await?;
        let server = start_reader(&config, &running).await?;
        let told = AtomicU64::new(0);
        let progress = move |progress: Progress| {
            let part = progress.done * PARTS / progress.total.max(1);
            if told.fetch_max(part, Ordering::Relaxed) < part {
                tracing::info!(done = progress.done, total = progress.total, "rebuilding");
            }
        };
        let names = server.app.projections.names().join(", ");
        let rebuilt = server
            .app
            .projections
            .rebuild(&self.model, &progress)
            .await
            .with_context(|| format!("cannot rebuild {:?}; there are {names}", self.model))?;
        say(&format!("{} events read; live in {} now.", rebuilt.events, rebuilt.schema))?;
        server.wind_up().await;
        running.stop().await
    }
}

/// A server that answers nobody and leaves the workers' work to others.
async fn start_reader(config: &Config, running: &Running) -> anyhow::Result<crate::server::Server> {
    serve::start(config, running, running.connect().await?, Role::Api).await
}
