//! `hindsight import`

use super::database::Running;
use super::{logging, say, serve};
use crate::config::Config;
use crate::server::{Role, Server};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use commands::import::ImportError;
use commands::jobs::{Job, JobState};
use commands::{Caller, Origin};
use domain::ids::OrganizationId;
use std::path::PathBuf;
use std::time::Duration;
use uuid::Uuid;

/// Import records from a file.
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Import contacts from a CSV file.
    Contacts {
        /// The file.
        file: PathBuf,
        /// Id of the organization to import into.
        #[arg(long)]
        organization: Uuid,
    },
}

/// How often progress is looked at.
const POLL: Duration = Duration::from_millis(500);

impl Import {
    /// Imports, tells how far it is, and what came of it.
    pub async fn run(self, config: Config) -> anyhow::Result<()> {
        logging::start(config.mode)?;
        let running = Running::join(&config).await?;
        running.migrate().await?;
        let server = serve::start(&config, &running, running.connect().await?, Role::All).await?;
        let What::Contacts { file, organization } = self.what;
        let outcome = import(&server, &file, OrganizationId(organization)).await;
        server.wind_up().await;
        running.stop().await?;
        outcome
    }
}

async fn import(
    server: &Server,
    file: &std::path::Path,
    organization: OrganizationId,
) -> anyhow::Result<()> {
    let app = &server.app;
    let request = app.commands.request(organization.into(), Caller::System, Origin::CLI, "import");
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.context("this is not a file")?;
    let content = tokio::fs::File::open(file).await?;
    let (job, found) = match app.imports.start(&request, content, &name).await {
        Err(ImportError::AlreadyImported { started_at, .. }) => {
            anyhow::bail!("this file was imported before, on {}", started_at.format("%F at %R UTC"))
        }
        Err(ImportError::Unreadable(why)) => anyhow::bail!("{name} cannot be read: {why}"),
        started => started?,
    };
    say(&format!(
        "{name}: {} rows, {}, separated by {:?}",
        found.rows, found.encoding, found.delimiter
    ))?;
    for (heading, field) in &found.columns {
        say(&format!("  {heading:<30} {}", field.unwrap_or("(not imported)")))?;
    }
    let mut shown = -1;
    loop {
        let job = app.jobs.get(organization, job).await?;
        if let Some(total) = job.total.filter(|_| job.done != shown) {
            shown = job.done;
            say(&format!("  {} of {total}", job.done))?;
        }
        if job.state.is_over() {
            conclude(&job)?;
            return shown_in_lists(server, organization).await;
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Waits until lists show what was imported.
async fn shown_in_lists(server: &Server, organization: OrganizationId) -> anyhow::Result<()> {
    let app = &server.app;
    let head = app.commands.log().head(organization.into()).await?.position;
    while app.projections.wait_for(organization.into(), head, POLL).await? < head {}
    say("Lists show them.")?;
    Ok(())
}

fn conclude(job: &Job) -> anyhow::Result<()> {
    if job.state == JobState::Done {
        let result = job.result.clone().unwrap_or_default();
        say(&serde_json::to_string_pretty(&result)?)?;
        return Ok(());
    }
    anyhow::bail!(
        "the import {}: {}",
        job.state.as_str(),
        job.error.as_deref().unwrap_or("see the log")
    )
}
