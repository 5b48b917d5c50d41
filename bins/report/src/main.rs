//! `report`: questions to the centre, answered on the command line.

mod arguments;
mod output;
mod period;
mod progress;
mod questions;
mod stop;

use std::{io, process::ExitCode};

use clap::Parser;

fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refused) => {
            let code = if refused.use_stderr() { 64 } else { 0 };
            return refused.print().map_or(ExitCode::from(74), |()| ExitCode::from(code));
        }
    };
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match questions::answer(arguments.question, chrono::Utc::now(), &mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.tell(),
    }
}
