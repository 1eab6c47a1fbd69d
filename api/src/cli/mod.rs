//! The command line. Everything that talks to a person on a terminal is here.

mod database;
mod doctor;
mod import;
mod instance;
mod logging;
mod migrate;
mod openapi;
mod rebuild;
mod serve;
mod user;

use crate::config::{Config, ConfigError};
use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::process::ExitCode;

/// Hindsight, the CRM that never forgets.
#[derive(Debug, Parser)]
#[command(name = "hindsight", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, the page and the workers.
    Serve(serve::Serve),
    /// Bring the durable schema of the database up to date.
    Migrate,
    /// Make the demo organization, if it is not there yet.
    Demo,
    /// Import records from a file.
    Import(import::Import),
    /// Rebuild a read model from the log, beside the one in use.
    Rebuild(rebuild::Rebuild),
    /// Make and reset users.
    User(user::User),
    /// Decide what holds for all organizations together.
    Instance(instance::Instance),
    /// Print the API's description.
    Openapi,
    /// Check what can be checked.
    Doctor,
}

/// Runs a command; what went wrong stands on the last line, with its causes.
pub async fn run(arguments: Arguments) -> ExitCode {
    match dispatch(arguments.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if even this cannot be written.
            let _ = writeln!(std::io::stderr(), "hindsight: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Openapi => openapi::run(),
        Command::Doctor => doctor::run().await,
        Command::Serve(serve) => serve.run(config()?).await,
        Command::Migrate => migrate::run(config()?).await,
        Command::Demo => serve::demo(config()?).await,
        Command::Import(import) => import.run(config()?).await,
        Command::Rebuild(rebuild) => rebuild.run(config()?).await,
        Command::Instance(instance) => instance.run(config()?).await,
        Command::User(user) => user.run(config()?).await,
    }
}

fn config() -> Result<Config, ConfigError> {
    Config::from_env()
}

/// Says something to whoever typed the command.
fn say(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{text}")
}
