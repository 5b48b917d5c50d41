//! The demo: a small town's centre with a few days behind it, and panels that go on reporting.

mod history;
mod panels;
mod town;

use std::path::Path;

use alarmcore::{Policy, Timestamp};
use opsmodel::crm::Change;
use opsmodel::store::{Centre, SignalLog};

use crate::desk::now;

pub(crate) use panels::play;

/// The password of the demo's three operators. It opens a demo on loopback and nothing else.
pub(crate) const PASSWORD: &str = "linjiang-110";
/// Who they are.
pub(crate) const LOGINS: &str = "limin or zhanghao (operators) or chenjing (supervisor)";

/// Fills the store in `dir` with the town and its history; one that holds accounts already is left as it is.
///
/// # Errors
/// The store does not take it.
pub(crate) fn fill(dir: &Path, log: &mut SignalLog) -> anyhow::Result<()> {
    let mut centre = Centre::open(dir)?;
    if !centre.accounts()?.is_empty() {
        return Ok(());
    }
    let now = now();
    // Whoever asks what was known of a panel when it reported finds its card.
    let at = Timestamp::from_millis(now.millis() - history::REACHES_BACK_MS);
    let change = Change { by: None, at, origin: "demo".into(), reason: "demo".into() };
    let town = town::read()?;
    town.write(&mut centre, PASSWORD, &change)?;
    drop(centre);
    history::tell(dir, log, &town, &Policy::default(), now)
}
