//! The alarm centre's command.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match centre::run(centre::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
