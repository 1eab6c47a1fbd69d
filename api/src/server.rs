//! Putting the parts together, and serving until told to stop.

use crate::auth::token::Tokens;
use crate::cursor::Cursors;
use crate::router::{self, router};
use crate::routes::actions::UndoJobs;
use crate::routes::records::BulkJobs;
use crate::state::{App, AppState, Settings};
use crate::world::{AsOfJobs, Worlds};
use axum::Router;
use axum::serve::ListenerExt as _;
use commands::access::Access;
use commands::bulk::Bulks;
use commands::identity::{Identity, IdentityError, OneTimeTokens, Throttle};
use commands::import::{Files, ImportHandler, Imports};
use commands::intents::Intents;
use commands::jobs::{JobHandler, JobTable, Jobs};
use commands::mail::{MailSettings, Mails, TemplateError};
use commands::organization::Organizations;
use commands::picklists::Picklists;
use commands::portal::{ClientNames, Portal};
use commands::records::Records;
use commands::views::Views;
use commands::{Clock, Commands, Ids};
use projections::{BuildError, Options, Projections};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::jobs::{Followers, Outbox};
use store::postgres::PostgresLog;
use store::vault::Vault;
use store::{Database, EventLog, LogError, LogId, RootSecret};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long requests in work may take after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(20);
/// How long workers may take after that.
const WIND_UP: Duration = Duration::from_secs(10);

/// What the server is made of.
pub struct Parts {
    /// Connections by role; the durable schema is there.
    pub database: Database,
    /// The secret that all keys follow from.
    pub root: RootSecret,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and randomness.
    pub ids: Arc<dyn Ids>,
    /// Where imported files are kept.
    pub files: PathBuf,
    /// How mails are made and sent.
    pub mail: MailSettings,
    /// From the configuration.
    pub settings: Settings,
    /// Attempts to get in, per address and minute.
    pub auth_attempts: u32,
    /// What this process does.
    pub role: Role,
}

/// What a process does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Everything.
    #[default]
    All,
    /// Answers requests.
    Api,
    /// Keeps read models up to date, runs jobs and sends mails; answers only how it is doing.
    Worker,
}

/// Why the server could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The log cannot be reached.
    #[error("log")]
    Log(#[from] LogError),
    /// The read models cannot be reached.
    #[error("read models")]
    ReadModels(#[from] BuildError),
    /// Identity cannot be set up.
    #[error("identity")]
    Identity(#[from] IdentityError),
    /// Mails cannot be made.
    #[error("mails")]
    Mails(#[from] TemplateError),
}

/// A server that has been put together; its workers run.
pub struct Server {
    /// What handlers share.
    pub app: App,
    role: Role,
    database: Database,
    workers: TaskTracker,
    /// Set when requests have been answered and workers may stop.
    winding_up: CancellationToken,
}

impl Server {
    /// Puts the parts together and starts the workers that the role asks for.
    pub async fn start(parts: Parts) -> Result<Self, StartError> {
        let Parts { database, root, clock, ids, files, mail, settings, auth_attempts, role } =
            parts;
        let log: Arc<dyn EventLog> = Arc::new(PostgresLog::try_new(database.clone(), &root)?);
        log.create_log(LogId::PLATFORM, false).await?;
        let winding_up = CancellationToken::new();
        let options = Options { work: role != Role::Api, ..Options::default() };
        let projections =
            Projections::start(database.clone(), Arc::clone(&log), options, winding_up.clone())
                .await?;
        let commands = Commands::new(log, clock, ids, &root);
        let vault = Vault::new(database.app.clone());
        let followers = Followers::new(database.app.clone());
        let throttle = Throttle::new(commands.clone(), vault.clone(), &root, auth_attempts);
        let identity =
            Identity::try_new(commands.clone(), vault.clone(), followers.clone(), &root)?;
        let tokens = OneTimeTokens::new(commands.clone(), vault, &root);
        let outbox = Outbox::new(database.app.clone());
        let mails = Mails::try_new(commands.clone(), tokens, followers.clone(), outbox, mail)?;
        let jobs = Jobs::new(JobTable::new(database.app.clone()));
        let files = Files::new(files);
        let app = Arc::new(AppState {
            settings,
            tokens: Tokens::new(&root),
            cursors: Cursors::new(&root),
            throttle,
            records: Records::new(commands.clone()),
            bulks: Bulks::new(commands.clone()),
            picklists: Picklists::new(commands.clone()),
            views: Views::new(commands.clone()),
            organizations: Organizations::new(commands.clone()),
            access: Access::new(commands.clone()),
            identity,
            mails,
            portal: Portal::new(commands.clone()),
            client_names: ClientNames::new(commands.clone(), followers.clone()),
            intents: Intents::new(commands.clone(), followers, jobs.clone()),
            imports: Imports::new(commands.clone(), files.clone(), jobs.clone()),
            jobs,
            worlds: Worlds::new(projections.clone()),
            projections,
            commands,
            stopping: CancellationToken::new(),
        });
        let server = Self { app, role, database, workers: TaskTracker::new(), winding_up };
        if role != Role::Api {
            server.start_workers(files);
        }
        server.workers.close();
        Ok(server)
    }

    fn start_workers(&self, files: Files) {
        let app = Arc::clone(&self.app);
        let stop = self.winding_up.clone();
        let handlers: Vec<Arc<dyn JobHandler>> = vec![
            Arc::new(AsOfJobs(app.worlds.clone())),
            Arc::new(UndoJobs {
                commands: app.commands.clone(),
                projections: app.projections.clone(),
            }),
            Arc::new(BulkJobs { bulks: app.bulks.clone(), projections: app.projections.clone() }),
            Arc::new(ImportHandler::new(app.commands.clone(), files)),
        ];
        self.workers.spawn(async move {
            let owner = app.commands.ids().next();
            app.jobs.run(owner, handlers, stop).await;
        });
        let app = Arc::clone(&self.app);
        let stop = self.winding_up.clone();
        self.workers.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = app.identity.follow_foundings() => {}
            }
        });
        let app = Arc::clone(&self.app);
        let stop = self.winding_up.clone();
        self.workers.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = app.identity.follow_failures() => {}
            }
        });
        let app = Arc::clone(&self.app);
        let stop = self.winding_up.clone();
        self.workers.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = app.client_names.follow() => {}
            }
        });
        let app = Arc::clone(&self.app);
        let stop = self.winding_up.clone();
        self.workers.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = app.intents.follow() => {}
            }
        });
        let app = Arc::clone(&self.app);
        let stop = self.winding_up.clone();
        self.workers.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = app.access.follow_upgrade() => {}
            }
        });
        let app = Arc::clone(&self.app);
        let stop = self.winding_up.clone();
        self.workers.spawn(async move {
            let holder = app.commands.ids().next();
            app.mails.run(holder, stop).await;
        });
    }

    /// Serves what the role answers until `app.stopping`, lets requests in work finish, then winds up.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let routes = match self.role {
            Role::All | Role::Api => router(Arc::clone(&self.app)),
            Role::Worker => router::operators(Arc::clone(&self.app)),
        };
        let served = self.answer(listener, routes).await;
        self.wind_up().await;
        served
    }

    async fn answer(&self, listener: TcpListener, routes: Router) -> std::io::Result<()> {
        let stopping = &self.app.stopping;
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "small answers may be held back");
            }
        });
        let told = stopping.clone();
        let server = axum::serve(listener, service)
            .with_graceful_shutdown(async move { told.cancelled().await })
            .into_future();
        tokio::select! {
            ended = server => ended,
            () = async {
                stopping.cancelled().await;
                tokio::time::sleep(DRAIN).await;
            } => {
                tracing::warn!("requests were still in work when the time was up");
                Ok(())
            }
        }
    }

    /// Stops the workers and closes the connections.
    pub async fn wind_up(self) {
        self.app.stopping.cancel();
        self.winding_up.cancel();
        let stopped = async {
            self.workers.wait().await;
            self.app.projections.stopped().await;
            self.database.close().await;
        };
        if tokio::time::timeout(WIND_UP, stopped).await.is_err() {
            tracing::warn!("workers were still at it when the time was up");
        }
    }
}
