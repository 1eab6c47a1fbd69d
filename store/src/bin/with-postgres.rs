//! Runs a command beside a private Postgres of its own.
//!
//! ```text
//! with-postgres [--data DIR] [--durable] -- COMMAND ARGS…
//! ```
//!
//! The superuser's URL is in `HINDSIGHT_TEST_DATABASE_URL`. The cluster is stopped when the command
//! ends, whose exit code is ours (128 + n if signal n ended it). An interruption is passed on to
//! the command and all its children, and then awaited in the same way.
//!
//! The cluster is wiped at every start and never flushed to the disk, unless `--durable`: then it
//! is run, and kept, as `hindsight serve` would. Its folder is `test-postgres` (`bench-postgres`)
//! in cargo's target folder, or in the one for temporary files if Postgres may not enter the
//! first, as when root's clone is in `/root`.

use rustix::process::{Pid, Signal};
use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};
use store::embedded::{self, EmbeddedError, EmbeddedOptions, EmbeddedPostgres};
use tokio::process::Command;
use tokio::signal::unix::{self, SignalKind};

const USAGE: &str = "usage: with-postgres [--data DIR] [--durable] -- COMMAND ARGS…";

#[derive(Debug)]
struct Arguments {
    data: Option<PathBuf>,
    durable: bool,
    command: OsString,
    rest: Vec<OsString>,
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let (mut data, mut durable) = (None, false);
        loop {
            match arguments.next()?.to_str()? {
                "--data" => data = Some(PathBuf::from(arguments.next()?)),
                "--durable" => durable = true,
                "--" => break,
                _ => return None,
            }
        }
        let command = arguments.next()?;
        Some(Self { data, durable, command, rest: arguments.collect() })
    }

    fn options(&self) -> EmbeddedOptions {
        let name = if self.durable { "bench-postgres" } else { "test-postgres" };
        let data = self.data.clone().unwrap_or_else(|| default_folder(name));
        if self.durable { EmbeddedOptions::durable(data) } else { EmbeddedOptions::ephemeral(data) }
    }
}

fn default_folder(name: &str) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let folder = target.join(name);
    let Err(fault) = embedded::check_reachable(&folder) else { return folder };
    // Two clones must not share one cluster.
    let clone = env::current_dir().unwrap_or_default();
    let clone = clone.to_string_lossy().replace(['/', ' '], "-");
    let instead = env::temp_dir().join(format!("hindsight{clone}")).join(name);
    // Whatever else is wrong is said by the start itself.
    if let EmbeddedError::Unreachable { folder, user } = fault {
        let (instead, folder) = (instead.display(), folder.display());
        eprintln!("with-postgres: the data is in {instead}: user {user} may not enter {folder}");
    }
    instead
}

/// The signals that ask us to end.
struct Interruptions([unix::Signal; 3]);

impl Interruptions {
    fn listen() -> std::io::Result<Self> {
        let [int, term, hup] =
            [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        Ok(Self([unix::signal(int)?, unix::signal(term)?, unix::signal(hup)?]))
    }

    async fn next(&mut self) -> Signal {
        let [int, term, hup] = &mut self.0;
        tokio::select! {
            _ = int.recv() => Signal::INT,
            _ = term.recv() => Signal::TERM,
            _ = hup.recv() => Signal::HUP,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(arguments) = Arguments::parse(env::args_os().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("with-postgres: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let mut interruptions = Interruptions::listen()?;
    let options = arguments.options();
    let postgres = tokio::select! {
        started = EmbeddedPostgres::start(&options) => started?,
        signal = interruptions.next() => return Ok(code_of_signal(signal.as_raw())),
    };
    let status = run_command(arguments, &postgres.url(), &mut interruptions).await;
    postgres.stop().await?;
    Ok(exit_code(status?))
}

async fn run_command(
    arguments: &Arguments,
    url: &str,
    interruptions: &mut Interruptions,
) -> Result<ExitStatus, Box<dyn Error>> {
    let mut command = Command::new(&arguments.command);
    command
        .args(&arguments.rest)
        .env("HINDSIGHT_TEST_DATABASE_URL", url)
        // So that an interruption reaches grandchildren too: cargo does not pass it on.
        .process_group(0);
    let mut child = command.spawn().map_err(|error| {
        format!("cannot run {}: {error}", Path::new(&arguments.command).display())
    })?;
    let group = child.id().map(i32::try_from).transpose()?.and_then(Pid::from_raw);
    loop {
        tokio::select! {
            status = child.wait() => return Ok(status?),
            signal = interruptions.next() => {
                if let Some(group) = group {
                    rustix::process::kill_process_group(group, signal)?;
                }
            }
        }
    }
}

fn exit_code(status: ExitStatus) -> ExitCode {
    match (status.code(), status.signal()) {
        (Some(code), _) => u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from),
        (None, Some(signal)) => code_of_signal(signal),
        (None, None) => ExitCode::FAILURE,
    }
}

/// As shells say it.
fn code_of_signal(signal: i32) -> ExitCode {
    u8::try_from(128 + signal).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}
