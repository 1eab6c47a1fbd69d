//! Benchmarks against raw Postgres: each runs its baseline in the same process, on the same
//! cluster, in turns, and prints medians and the ratio. `make bench` runs them all.
#![allow(clippy::print_stdout, reason = "a benchmark is there to print")]
#![allow(clippy::disallowed_methods, reason = "it makes its own ids and times")]

mod append;
mod baseline;
mod data;
mod http;
mod import;
mod measure;
mod million;
mod replay;

use clap::{Parser, Subcommand};
use measure::Report;
use std::process::ExitCode;

/// The allocator of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Benchmarks of Hindsight.
#[derive(Parser)]
struct Options {
    /// Which; all of them if none is named.
    #[command(subcommand)]
    which: Option<Which>,
}

#[derive(Subcommand, Clone, PartialEq, Eq)]
enum Which {
    /// Commands of one event, by 1, 8 and 64 callers.
    Append,
    /// Commands of a hundred events.
    Hundred,
    /// Reading, decoding and folding the log.
    Replay,
    /// Making a contact over HTTP.
    Http,
    /// From a file of many contacts to a searchable list.
    Import {
        /// How many, in thousands.
        #[arg(default_value_t = FULL)]
        thousands: u64,
    },
    /// Listing, rebuilding and the past of many contacts.
    Million {
        /// How many, in thousands.
        #[arg(default_value_t = FULL)]
        thousands: u64,
    },
    /// `hindsight` itself, as a process to be measured.
    #[command(hide = true, disable_help_flag = true)]
    Hindsight {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// A million.
const FULL: u64 = 1_000;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let which = match Options::parse().which {
        Some(Which::Hindsight { arguments }) => {
            let arguments = std::iter::once("hindsight".to_owned()).chain(arguments);
            return Ok(api::cli::run(api::cli::Arguments::parse_from(arguments)).await);
        }
        Some(which) => vec![which],
        None => vec![
            Which::Append,
            Which::Hundred,
            Which::Replay,
            Which::Http,
            Which::Import { thousands: FULL },
            Which::Million { thousands: FULL },
        ],
    };
    let mut report = Report::start();
    for which in which {
        match which {
            Which::Append => append::one_event(&mut report).await?,
            Which::Hundred => append::hundred_events(&mut report).await?,
            Which::Replay => replay::replay(&mut report).await?,
            Which::Http => http::create(&mut report).await?,
            Which::Import { thousands } => import::run(&mut report, thousands * 1_000).await?,
            Which::Million { thousands } => million::run(&mut report, thousands * 1_000).await?,
            Which::Hindsight { .. } => {}
        }
    }
    report.print();
    Ok(ExitCode::SUCCESS)
}
