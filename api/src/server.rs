//! Putting the parts together, and serving until told to stop.

use crate::auth::throttle::Throttle;
use crate::auth::token::Tokens;
use crate::cursor::Cursors;
use crate::router::router;
use crate::state::{App, AppState, Settings};
use axum::serve::ListenerExt as _;
use commands::identity::Identity;
use commands::jobs::Jobs;
use commands::picklists::Picklists;
use commands::records::Records;
use commands::{Clock, Commands, Ids};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::postgres::PostgresLog;
use store::vault::Vault;
use store::{Database, EventLog, LogError, LogId, RootSecret};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long requests in work may take after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(20);

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
    /// From the configuration.
    pub settings: Settings,
    /// Attempts to get in, per address and minute.
    pub auth_attempts: u32,
}

/// Builds what handlers share.
pub async fn build(parts: Parts) -> Result<App, LogError> {
    let Parts { database, root, clock, ids, settings, auth_attempts } = parts;
    let log = Arc::new(PostgresLog::try_new(database.clone(), &root)?);
    log.create_log(LogId::PLATFORM, false).await?;
    let commands = Commands::new(log, clock, ids, &root);
    let vault = Vault::new(database.app.clone());
    Ok(Arc::new(AppState {
        settings,
        tokens: Tokens::new(&root),
        cursors: Cursors::new(&root),
        throttle: Throttle::new(auth_attempts),
        records: Records::new(commands.clone()),
        picklists: Picklists::new(commands.clone()),
        identity: Identity::new(commands.clone(), vault, &root),
        jobs: Jobs::new(),
        commands,
        stopping: CancellationToken::new(),
    }))
}

/// Serves until `app.stopping`, then lets requests in work finish.
pub async fn serve(app: App, listener: TcpListener) -> std::io::Result<()> {
    let stopping = app.stopping.clone();
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
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
