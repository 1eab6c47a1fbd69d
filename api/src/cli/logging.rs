//! The server's log: JSON lines for machines, plain ones for a developer's terminal.

use crate::config::Mode;
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// What is logged unless `RUST_LOG` says otherwise. sqlx would log statements with their values.
const DEFAULT: &str = "info,sqlx=error";

/// Starts logging to standard error, so that standard output is what a command has to say.
pub fn start(mode: Mode) -> anyhow::Result<()> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(text) if !text.trim().is_empty() => EnvFilter::try_new(text)?,
        Ok(_) | Err(_) => EnvFilter::new(DEFAULT),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if mode == Mode::Dev && std::io::stderr().is_terminal() {
        builder.compact().try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
    started.map_err(|error| anyhow::anyhow!(error))?;
    // The place tells what is needed; the message may hold what somebody typed.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
    }));
    Ok(())
}
