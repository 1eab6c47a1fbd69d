//! The server's process: started, awaited, stopped.

use super::account::Account;
use super::binaries::Binaries;
use super::error::EmbeddedError;
use super::layout::Layout;
use rustix::io::Errno;
use rustix::process::{Pid, Signal};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::Instant;

/// Replaying the log after a crash may take minutes.
const START_PATIENCE: Duration = Duration::from_mins(10);
/// An orderly end writes out the cache.
const STOP_PATIENCE: Duration = Duration::from_mins(1);
/// A hasty end only kills.
const ABORT_PATIENCE: Duration = Duration::from_secs(10);
/// A log longer than this is set aside at the next start.
const LONGEST_LOG: u64 = 8 << 20;

/// A running postmaster. Dropped, it is asked to end in order, and not waited for.
#[derive(Debug)]
pub(super) struct Postmaster {
    child: Child,
    log: PathBuf,
    /// Where in the log this start begins.
    log_start: u64,
}

impl Postmaster {
    /// Starts the server. `interlock` is the locked `postmaster.lock`, which the server and all
    /// its children inherit as their standard input, and hold as long as one of them lives.
    pub(super) fn spawn(
        binaries: &Binaries,
        account: &Account,
        layout: &Layout,
        settings: &[String],
        interlock: File,
    ) -> Result<Self, EmbeddedError> {
        let (log, log_start) = open_log(&layout.log)?;
        let stderr = log.try_clone().map_err(EmbeddedError::io("open", &layout.log))?;
        let mut command: Command = binaries.command("postgres", account);
        command
            .arg("-D")
            .arg(&layout.data)
            .args(settings.iter().flat_map(|setting| ["-c", setting]))
            .stdin(interlock)
            .stdout(log)
            .stderr(stderr)
            // Ctrl-C in a terminal is for us; we stop the server when we are done with it.
            .process_group(0);
        let child = command.spawn().map_err(EmbeddedError::io("run", "postgres"))?;
        Ok(Self { child, log: layout.log.clone(), log_start })
    }

    /// Waits until the server accepts connections.
    pub(super) async fn ready(&mut self, connect: &PgConnectOptions) -> Result<(), EmbeddedError> {
        let deadline = Instant::now() + START_PATIENCE;
        let connect = connect.clone().database("postgres");
        while Instant::now() < deadline {
            match PgConnection::connect_with(&connect).await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(error) if is_starting(&error) => {}
                Err(error) => return Err(error.into()),
            }
            let pause = tokio::time::timeout(Duration::from_millis(20), self.exited());
            if let Ok(status) = pause.await {
                let status = status?;
                return Err(EmbeddedError::DidNotStart(format!("{status}: {}", self.last_words())));
            }
        }
        Err(EmbeddedError::DidNotStart(format!("no answer: {}", self.last_words())))
    }

    /// Waits until the server ends by itself.
    pub(super) async fn exited(&mut self) -> Result<ExitStatus, EmbeddedError> {
        self.child.wait().await.map_err(EmbeddedError::io("wait for", "postgres"))
    }

    /// Stops the server: in order, else in haste (the next start then replays the log), else by
    /// force.
    pub(super) async fn stop(mut self) -> Result<(), EmbeddedError> {
        for (how, patience) in [(Signal::INT, STOP_PATIENCE), (Signal::QUIT, ABORT_PATIENCE)] {
            let Some(pid) = self.pid() else { return Ok(()) };
            signal(pid, how)?;
            if let Ok(status) = tokio::time::timeout(patience, self.exited()).await {
                return status.map(drop);
            }
        }
        self.child.kill().await.map_err(EmbeddedError::io("kill", "postgres"))
    }

    /// The process id, until the end was seen.
    fn pid(&self) -> Option<Pid> {
        self.child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw)
    }

    /// What the server said last, on one line.
    fn last_words(&self) -> String {
        let mut said = String::new();
        let read = File::open(&self.log).and_then(|mut log| {
            log.seek(SeekFrom::Start(self.log_start))?;
            log.read_to_string(&mut said)
        });
        let lines: Vec<_> = said.lines().collect();
        match read {
            Ok(_) => lines[lines.len().saturating_sub(4)..].join("; "),
            Err(error) => format!("its log cannot be read ({error})"),
        }
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        if let Some(pid) = self.pid()
            && let Err(error) = signal(pid, Signal::INT)
        {
            tracing::error!(%error, "Postgres could not be stopped");
        }
    }
}

/// Sends a signal; a process that has just ended needs none.
pub(super) fn signal(pid: Pid, signal: Signal) -> Result<(), EmbeddedError> {
    match rustix::process::kill_process(pid, signal) {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(EmbeddedError::io("signal", "postgres")(error.into())),
    }
}

/// Whether a refused connection means "not yet": no socket, or `cannot_connect_now` (57P03).
fn is_starting(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_))
        || error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("57P03"))
}

fn open_log(path: &Path) -> Result<(File, u64), EmbeddedError> {
    let length = fs::metadata(path).map_or(0, |metadata| metadata.len());
    if length > LONGEST_LOG {
        fs::rename(path, path.with_extension("log.old"))
            .map_err(EmbeddedError::io("rename", path))?;
    }
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(EmbeddedError::io("open", path))?;
    Ok((log, if length > LONGEST_LOG { 0 } else { length }))
}
