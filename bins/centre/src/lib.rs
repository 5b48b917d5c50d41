//! The whole alarm centre in one process: receiver, desk and web console.
//!
//! ```text
//!  panels ──▶ receiver ──▶ signals.db ──▶ desk thread ──▶ centre.db ──▶ pages and calls
//!                 intake: commit 1          commit 2  ▲                     │
//!                                                     └──── orders ─────────┘
//! ```
//!
//! One thread stores what comes in (the intake), one decides and writes (the desk), one moves write-ahead logs into their
//! files; sockets, pages and calls are asynchronous. A fault of the desk never delays or loses what the intake stores.

mod account;
pub mod acts;
mod agreed;
pub mod api;
pub mod auth;
mod backup;
mod card_review;
mod cards;
mod centre;
pub mod cli;
pub mod console;
mod demo;
pub mod desk;
mod guests;
pub mod handover;
mod i18n;
pub mod import;
mod kept;
pub mod live;
mod lock;
mod misread;
mod operators;
mod outside;
mod plan;
mod policy;
mod presence;
pub mod problem;
mod room;
mod self_watch;
mod spoken;
pub mod state;
mod supervise;
mod told;
mod units;

use cli::{AccountTask, Cli, Failure, Task, UnitTask};

/// Does what the command line asks.
///
/// # Errors
/// What went wrong, with the exit status that says so.
pub fn run(cli: Cli) -> Result<(), Failure> {
    start_log();
    match cli.task {
        None => centre::run(cli.run),
        Some(Task::Import(args)) => import::run(&args),
        Some(Task::Backup(args)) => backup::run(&args),
        Some(Task::Account(AccountTask::Set(args))) => account::set(&args),
        Some(Task::Operator(task)) => operators::command::run(&task),
        Some(Task::Unit(UnitTask::Set(args))) => units::set(&args),
        Some(Task::Plan(task)) => plan::run(&task),
        Some(Task::Policy(task)) => policy::run(&task),
        Some(Task::Outside(task)) => outside::run(&task),
    }
}

/// The log goes to standard error: standard output belongs to what scripts read.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CENTRE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for a terminal: in a file they are noise.
    let log = if std::io::IsTerminal::is_terminal(&std::io::stderr()) { log } else { log.with_ansi(false) };
    log.init();
}
