//! From a folder to a running server, and again should the server die.

use super::account::Account;
use super::binaries::Binaries;
use super::error::EmbeddedError;
use super::layout::Layout;
use super::process::Postmaster;
use super::{Durability, EmbeddedOptions, cluster, connect_options, lock, survivor};
use std::fs::File;
use std::path::Path;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long the children of a killed postmaster may take to notice and end.
const ORPHANS_PATIENCE: Duration = Duration::from_mins(1);

/// Everything that is needed to start the server of one cluster, any number of times.
#[derive(Debug)]
pub(super) struct Launcher {
    binaries: Binaries,
    account: Account,
    layout: Layout,
    settings: Vec<String>,
    /// Held as long as we may start this cluster.
    _exclusive: File,
}

impl Launcher {
    /// Takes possession of the cluster and makes it ready to start: what was left behind is
    /// stopped, what is missing is made, what is not kept is wiped.
    pub(super) async fn prepare(options: &EmbeddedOptions) -> Result<Self, EmbeddedError> {
        let account = Account::resolve()?;
        let layout = Layout::prepare(&options.data_dir, options.durability, &account)?;
        let exclusive = lock::try_lock(&layout.root.join("launcher.lock"))?
            .ok_or_else(|| EmbeddedError::AlreadyRunning(layout.root.clone()))?;
        survivor::stop(&layout).await?;
        let dead = interlock(&layout).await?;
        match options.durability {
            Durability::Durable => {}
            Durability::Ephemeral => cluster::wipe(&layout.data)?,
        }
        let written_by = cluster::written_by(&layout.data)?;
        let binaries =
            Binaries::find(written_by.map(|major| (layout.data.as_path(), major))).await?;
        if written_by.is_none() {
            cluster::create(&binaries, &account, &layout, options.durability).await?;
        }
        cluster::write_access(&layout)?;
        let settings = cluster::settings(&binaries, &account, &layout, options).await?;
        drop(dead);
        Ok(Self { binaries, account, layout, settings, _exclusive: exclusive })
    }

    /// The folder of the socket.
    pub(super) fn socket_dir(&self) -> &Path {
        &self.layout.socket_dir
    }

    /// Starts the server and waits until it answers.
    pub(super) async fn launch(&self) -> Result<Postmaster, EmbeddedError> {
        let interlock = interlock(&self.layout).await?;
        self.layout.remove_remains()?;
        let mut postmaster = Postmaster::spawn(
            &self.binaries,
            &self.account,
            &self.layout,
            &self.settings,
            interlock,
        )?;
        postmaster.ready(&connect_options(&self.layout.socket_dir)).await?;
        Ok(postmaster)
    }

    /// Keeps the server running until it is told to stop. Clients see their connections break and
    /// connect anew; nothing that was acknowledged is lost.
    pub(super) async fn supervise(
        self,
        mut postmaster: Postmaster,
        stop: CancellationToken,
    ) -> Result<(), EmbeddedError> {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return postmaster.stop().await,
                status = postmaster.exited() => {
                    tracing::error!(status = %status?, "Postgres ended; starting it again");
                }
            }
            let launched = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                launched = self.launch() => launched,
            };
            postmaster = launched.inspect_err(|error| {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "Postgres could not be started again"
                );
            })?;
        }
    }
}

/// Waits for the lock that every process of the cluster holds: with it in hand, none is alive.
async fn interlock(layout: &Layout) -> Result<File, EmbeddedError> {
    lock::lock_within(&layout.root.join("postmaster.lock"), ORPHANS_PATIENCE)
        .await?
        .ok_or_else(|| EmbeddedError::StillRunning(layout.root.clone()))
}
