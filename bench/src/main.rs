//! Benchmarks against raw Postgres: each runs its baseline in the same process, on the same
//! cluster, in turns, and prints medians and the ratio. `make bench` runs them all.
#![allow(clippy::print_stdout, reason = "a benchmark is there to print")]
#![allow(clippy::disallowed_methods, reason = "it makes its own ids and times")]

mod append;
mod data;
mod http;
mod measure;
mod million;
mod replay;

use clap::{Parser, Subcommand};
use measure::Report;

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

#[derive(Subcommand, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// Commands of one event, by 1, 8 and 64 callers.
    Append,
    /// Commands of a hundred events.
    Hundred,
    /// Reading, decoding and folding the log.
    Replay,
    /// Making a contact over HTTP.
    Http,
    /// Loading, listing, rebuilding and the past of many contacts.
    Million {
        /// How many, in thousands.
        #[arg(default_value_t = 1_000)]
        thousands: u64,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let which = Options::parse().which;
    let mut report = Report::start();
    if which.is_none_or(|w| w == Which::Append) {
        append::one_event(&mut report).await?;
    }
    if which.is_none_or(|w| w == Which::Hundred) {
        append::hundred_events(&mut report).await?;
    }
    if which.is_none_or(|w| w == Which::Replay) {
        replay::replay(&mut report).await?;
    }
    if which.is_none_or(|w| w == Which::Http) {
        http::create(&mut report).await?;
    }
    if let Some(thousands) = match which {
        None => Some(1_000),
        Some(Which::Million { thousands }) => Some(thousands),
        Some(Which::Append | Which::Hundred | Which::Replay | Which::Http) => None,
    } {
        million::run(&mut report, thousands * 1_000).await?;
    }
    report.print();
    Ok(())
}
