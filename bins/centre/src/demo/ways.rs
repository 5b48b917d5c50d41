//! The other ends of the demo's ways out: a command centre of the police, a gateway to customers and staff, and another centre that
//! gets the signals of banks. All of them are simulated within this process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use opsmodel::store::SignalLog;
use receiver::{Intake, Receiver};
use simulator::psap::{Course, Psap, Word, serve_files};

use crate::outside::Config;

/// How long the police or a customer takes for each answer.
const TAKES: Duration = Duration::from_secs(4);

/// Where the folders and the other centre's log are.
fn folder(data: &Path) -> PathBuf {
    data.join("outside")
}

/// The ways out, as `demo/outside.toml` says them.
///
/// # Errors
/// The file, which is part of the program, cannot be read.
pub(crate) fn config(data: &Path) -> anyhow::Result<Config> {
    Config::parse(include_str!("../../demo/outside.toml"), &folder(data)).context("the demo's outside.toml")
}

/// Opens the other centre, and lets the way to it lead there. Must be called within a tokio runtime.
///
/// # Errors
/// Its log or its port cannot be opened.
pub(crate) fn open(data: &Path, config: &mut Config) -> anyhow::Result<County> {
    let intake = Intake::start(SignalLog::open(&folder(data).join("county"))?, |_| {});
    let local = receiver::Config::new(([127, 0, 0, 1], 0).into());
    let receiver = Receiver::bind(local, Arc::default(), Arc::default(), &intake)?;
    config.lead("county", receiver.local_addr());
    Ok(County { receiver, _intake: intake })
}

/// Another centre's receiver: it stores and acknowledges.
pub(crate) struct County {
    receiver: Receiver,
    _intake: Intake,
}

/// Plays all of them until the task is dropped.
pub(crate) async fn play(data: PathBuf, county: County) {
    let police =
        Course { says: vec![Word::Accepted, Word::Dispatched, Word::Eta(300)], delay: TAKES, ..Course::default() };
    let town = Course { contact: "all-well".into(), staff: "coming".into(), delay: TAKES, ..Course::default() };
    let by_files = |name: &str, course| {
        let here = folder(&data).join(name);
        serve_files(Psap::new(course, |line| tracing::debug!("demo: {line}")), here.join("out"), here.join("in"))
    };
    let (police, town) = (by_files("110", police), by_files("messages", town));
    // Each of them goes on until the end, unless its folder fails.
    let (police, town, ()) = tokio::join!(police, town, county.receiver.serve(std::future::pending()));
    for ended in [police, town] {
        if let Err(error) = ended {
            tracing::error!("a way out of the demo: {error}");
        }
    }
}
