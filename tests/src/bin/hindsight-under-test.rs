//! The binary `hindsight`, built for the tests that start, stop and kill it.

use clap::Parser as _;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    api::cli::run(api::cli::Arguments::parse()).await
}
