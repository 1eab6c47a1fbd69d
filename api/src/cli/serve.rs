//! `hindsight serve` and `hindsight demo`

use super::database::Running;
use super::{logging, say};
use crate::config::{Config, Mode};
use crate::demo::{self, Demo};
use crate::server::{Parts, Role, Server};
use crate::state::Settings;
use anyhow::Context as _;
use clap::Args;
use commands::{SystemClock, SystemIds};
use std::sync::Arc;
use std::time::Duration;
use store::Database;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long the demo waits for its last event to be shown.
const CATCH_UP: Duration = Duration::from_mins(1);

/// Serve the API, the page and the workers.
#[derive(Debug, Args)]
pub struct Serve {
    /// Make the demo organization first, if it is not there yet.
    #[arg(long)]
    demo: bool,
    /// What this process does.
    #[arg(long, value_enum, default_value_t)]
    role: Role,
    /// Leave the durable schema as it is; `hindsight migrate` has been run.
    #[arg(long)]
    no_migrate: bool,
}

impl Serve {
    /// Serves until SIGTERM or Ctrl-C.
    pub async fn run(self, config: Config) -> anyhow::Result<()> {
        logging::start(config.mode)?;
        let running = Running::start(&config).await?;
        if !self.no_migrate {
            running.migrate().await?;
        }
        let server = start(&config, &running, running.connect().await?, self.role).await?;
        stop_on_signal(server.app.stopping.clone())?;
        if self.demo {
            make_demo(&server).await?;
        }
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let place = listener.local_addr()?;
        if self.role == Role::Worker {
            say(&format!("Hindsight works; http://{place} tells how; stop it with Ctrl-C."))?;
        } else {
            let url = config.public_url.unwrap_or_else(|| format!("http://{place}"));
            say(&format!("Hindsight serves on {url}; stop it with Ctrl-C."))?;
        }
        server.serve(listener).await?;
        running.stop().await
    }
}

/// Puts the server together from the configuration.
pub async fn start(
    config: &Config,
    running: &Running,
    database: Database,
    role: Role,
) -> anyhow::Result<Server> {
    let settings = Settings {
        tls: config.tls(),
        public_url: config.public_url.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        sign_up: config.sign_up,
        mailbox: config.mail.mailbox(config.mode),
    };
    if config.mode == Mode::Prod && !config.mail.has_server() {
        tracing::warn!("HINDSIGHT_SMTP_URL is not set: mails reach nobody but the data folder");
    }
    let server = Server::start(Parts {
        database,
        root: running.root.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        files: config.data_dir.join("files"),
        mail: config.mail.settings()?,
        settings,
        auth_attempts: config.auth_attempts,
        role,
    });
    Ok(server.await?)
}

fn stop_on_signal(stopping: CancellationToken) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("told to stop");
        stopping.cancel();
    });
    Ok(())
}

/// `hindsight demo`: makes the demo organization and stops.
pub async fn demo(config: Config) -> anyhow::Result<()> {
    logging::start(config.mode)?;
    let running = Running::join(&config).await?;
    running.migrate().await?;
    let server = start(&config, &running, running.connect().await?, Role::All).await?;
    make_demo(&server).await?;
    server.wind_up().await;
    running.stop().await
}

async fn make_demo(server: &Server) -> anyhow::Result<()> {
    match demo::make(&server.app).await.context("cannot make the demo organization")? {
        Demo::There => {
            let email = demo::EMAIL;
            say(&format!(
                "The demo organization is there. Log in as {email}; if its password is lost: \
                 hindsight user reset {email}"
            ))?;
        }
        Demo::Made { password, position, organization } => {
            server.app.projections.wait_for(organization.into(), position, CATCH_UP).await?;
            say("A demo organization with a past of six months was made. Log in with")?;
            say(&format!("  e-mail        {}", demo::EMAIL))?;
            say(&format!("  password      {password}"))?;
            say(&format!("  organization  {organization}"))?;
            say("The password is shown only once.")?;
        }
    }
    Ok(())
}
