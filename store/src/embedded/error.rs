//! Why a private Postgres could not run, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private Postgres could not be started or stopped. Each message is one for an operator.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No server binaries were found anywhere.
    #[error(
        "no Postgres server is installed: install one (Debian: apt-get install postgresql; \
         macOS: brew install postgresql), or set PG_BIN_DIR to the folder of its binaries, \
         or DATABASE_URL to a server that runs"
    )]
    NotInstalled,
    /// `PG_BIN_DIR` points elsewhere.
    #[error("PG_BIN_DIR is {}, where there is no postgres and initdb", .0.display())]
    NoBinaries(PathBuf),
    /// The binaries did not say which version they are.
    #[error("{} does not run as a Postgres server", .0.display())]
    Unusable(PathBuf),
    /// Older than what we are tested with.
    #[error(
        "Postgres {found} in {} is too old: version {} or later is needed",
        .dir.display(), super::binaries::OLDEST_MAJOR
    )]
    TooOld {
        /// Where it was found.
        dir: PathBuf,
        /// Its major version.
        found: u32,
    },
    /// The data can only be read by binaries of the major version that wrote it.
    #[error(
        "the data in {} was written by Postgres {written_by}, and only version {found} was found: \
         install postgresql-{written_by}, or set PG_BIN_DIR to its binaries",
        .data.display()
    )]
    OtherVersion {
        /// The folder of the data.
        data: PathBuf,
        /// The major version that wrote it.
        written_by: u32,
        /// The major version that was found.
        found: u32,
    },
    /// Another launcher holds the lock.
    #[error("another process runs the database in {}", .0.display())]
    AlreadyRunning(PathBuf),
    /// Postgres does not run as root, and whom it runs as cannot reach its data.
    #[error(
        "Postgres does not run as root, so it runs as user {user}, who may not enter {}: \
         choose another data folder (HINDSIGHT_DATA_DIR, for example /var/lib/hindsight), \
         or start as an ordinary user",
        .folder.display()
    )]
    Unreachable {
        /// The first folder on the way that may not be entered.
        folder: PathBuf,
        /// Whom the server would run as.
        user: String,
    },
    /// The data, or a folder that must be ours alone, belongs to somebody else.
    #[error(
        "{} is not a folder of user {user}, whom Postgres would run as, but belongs to user id \
         {owner}: start as that user, give it away by chown -R, or choose another data folder \
         (HINDSIGHT_DATA_DIR)",
        .folder.display()
    )]
    NotOurs {
        /// The folder.
        folder: PathBuf,
        /// Its owner.
        owner: u32,
        /// Whom the server would run as.
        user: String,
    },
    /// Root, on a machine without users.
    #[error("Postgres does not run as root, and there is no user postgres or nobody to run it as")]
    NoAccount,
    /// What an earlier launcher left behind does not end.
    #[error("an earlier Postgres still runs in {} and does not end", .0.display())]
    StillRunning(PathBuf),
    /// `initdb` failed.
    #[error("a new cluster could not be made: {0}")]
    Initdb(String),
    /// The server ended, or never answered, while it started.
    #[error("Postgres did not start: {0}")]
    DidNotStart(String),
    /// The operating system refused.
    #[error("cannot {doing} {}", .path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },
    /// The server runs, but refused a statement.
    #[error("the new database could not be prepared")]
    Sql(#[from] sqlx::Error),
}

impl EmbeddedError {
    /// Says what was tried with which file, for `map_err`.
    pub(super) fn io(
        doing: &'static str,
        path: impl AsRef<Path>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::Io { doing, path, source }
    }
}
