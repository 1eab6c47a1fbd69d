//! The binary `hindsight`.

use clap::Parser as _;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    api::cli::run(api::cli::Arguments::parse()).await
}
