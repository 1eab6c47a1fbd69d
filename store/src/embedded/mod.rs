//! A private Postgres for those who bring none: real binaries, started and stopped with us.
//!
//! [`EmbeddedPostgres::start`] finds installed server binaries (`binaries`), makes a cluster on
//! the first start (`cluster`), stops what a killed predecessor left behind (`survivor`), runs the
//! server in a process group of its own (`process`) and starts it again should it die
//! (`supervisor`). As root the server runs as user `postgres`, since Postgres refuses root
//! (`account`). Nobody reaches it over the network: it listens on a Unix socket in a folder that
//! only its user may enter (`layout`).
//!
//! # Invariants
//! - One launcher per cluster, by a lock on `launcher.lock`.
//! - Every process of a running cluster holds the lock on `postmaster.lock` (it inherits the file
//!   as its standard input). Whoever gets that lock knows that the cluster is dead, whatever
//!   process ids say: zombies, reused ids and other containers cannot deceive it.
//! - A durable and an ephemeral cluster live in different folders, so that a test run can never
//!   wipe, or weaken, data that somebody keeps.

mod account;
mod binaries;
mod cluster;
mod error;
mod layout;
mod lock;
mod process;
mod supervisor;
mod survivor;

pub use error::EmbeddedError;

use sqlx::postgres::PgConnectOptions;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use supervisor::Launcher;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The superuser of the cluster, who may enter from the socket without a password.
const ADMIN: &str = "hindsight_admin";
/// The database that is made on the first start.
const DATABASE: &str = "hindsight";
/// Only part of the socket's name: nothing listens on a network.
const PORT: u16 = 5432;

/// Whether the data must survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Kept between starts; a commit that was acknowledged is on the disk.
    Durable,
    /// For tests: wiped at every start and never flushed to the disk.
    Ephemeral,
}

/// How to run the private Postgres.
#[derive(Clone, Debug)]
pub struct EmbeddedOptions {
    /// The folder that holds the cluster, in `postgres` (or `ephemeral-postgres`) within.
    pub data_dir: PathBuf,
    /// Whether the data is kept.
    pub durability: Durability,
    /// Postgres' own cache, in MiB.
    pub shared_buffers_mib: u32,
    /// The greatest number of connections at a time.
    pub max_connections: u16,
}

impl EmbeddedOptions {
    /// For a server on a small machine: two cores and a few GB of memory.
    pub fn durable(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            durability: Durability::Durable,
            shared_buffers_mib: 256,
            max_connections: 100,
        }
    }

    /// For tests, of which many run side by side, each with pools of its own.
    pub fn ephemeral(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            durability: Durability::Ephemeral,
            shared_buffers_mib: 128,
            max_connections: 300,
        }
    }
}

/// A running private Postgres. Dropping it asks the server to stop, without waiting for that.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    socket_dir: PathBuf,
    stop: CancellationToken,
    supervisor: JoinHandle<Result<(), EmbeddedError>>,
}

impl EmbeddedPostgres {
    /// Starts the server, after a first start in about two seconds, else in a fraction of one, and
    /// makes the database if it is missing. It is started again should it die.
    ///
    /// # Errors
    /// If there are no usable binaries, if another launcher runs this cluster, or if the folder or
    /// the data in it cannot be used; each with what to do about it.
    pub async fn start(options: &EmbeddedOptions) -> Result<Self, EmbeddedError> {
        let launcher = Launcher::prepare(options).await?;
        let socket_dir = launcher.socket_dir().to_owned();
        let postmaster = launcher.launch().await?;
        cluster::create_database(&connect_options(&socket_dir)).await?;
        let stop = CancellationToken::new();
        let supervisor = tokio::spawn(launcher.supervise(postmaster, stop.clone()));
        Ok(Self { socket_dir, stop, supervisor })
    }

    /// How to connect to the server that another process runs, by the folder that
    /// [`EmbeddedError::AlreadyRunning`] names.
    pub fn options_of_another(root: &Path) -> PgConnectOptions {
        connect_options(&layout::socket_dir(root))
    }

    /// How to connect as the superuser to the database `hindsight`.
    pub fn connect_options(&self) -> PgConnectOptions {
        connect_options(&self.socket_dir)
    }

    /// The same as a URL that both sqlx and libpq (`psql`) understand.
    pub fn url(&self) -> String {
        let socket = percent_encode(&self.socket_dir);
        format!("postgres://{ADMIN}@localhost:{PORT}/{DATABASE}?host={socket}")
    }

    /// Stops the server and waits until it has: connections are cut, what is committed is kept.
    ///
    /// # Errors
    /// If the server could not be stopped, or had died before and could not be started again.
    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        self.stop.cancel();
        match (&mut self.supervisor).await {
            Ok(outcome) => outcome,
            Err(join) => Err(EmbeddedError::io("supervise Postgres", "")(join.into())),
        }
    }
}

impl Drop for EmbeddedPostgres {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Whether a server could use the folder: as root, `postgres` must be able to reach it.
///
/// # Errors
/// If it could not, with the folder that is in the way.
pub fn check_reachable(data_dir: &Path) -> Result<(), EmbeddedError> {
    layout::check_reachable(data_dir, &account::Account::resolve()?)
}

fn connect_options(socket_dir: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_dir)
        .port(PORT)
        .username(ADMIN)
        .database(DATABASE)
}

fn percent_encode(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    path.as_os_str().as_bytes().iter().fold(String::new(), |mut url, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                url.push(char::from(*byte));
            }
            // Writing to a String cannot fail.
            byte => _ = write!(url, "%{byte:02X}"),
        }
        url
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_url_means_the_same_as_the_options() {
        let socket_dir = PathBuf::from("/srv/a b/100%/ü?host=x&y#z");
        let postgres = EmbeddedPostgres {
            socket_dir: socket_dir.clone(),
            stop: CancellationToken::new(),
            supervisor: tokio::spawn(async { Ok(()) }),
        };
        let parsed: PgConnectOptions = postgres.url().parse().unwrap();
        assert_eq!(parsed.get_socket(), Some(&socket_dir));
        assert_eq!(parsed.get_socket(), postgres.connect_options().get_socket());
        assert_eq!(parsed.get_username(), "hindsight_admin");
        assert_eq!(parsed.get_database(), Some("hindsight"));
    }
}
