//! The demo: a small town's centre with a few days behind it, and panels that go on reporting.

mod history;
mod panels;
mod sound;
mod town;
mod ways;

use std::path::Path;

use alarmcore::{OperatorId, Policy, Timestamp};
use anyhow::Context as _;
use opsmodel::crm::Change;
use opsmodel::store::{Centre, SignalLog};

use crate::desk::now;

pub(crate) use panels::play;
pub(crate) use ways::{config as outside, open as open_ways, play as play_ways};

/// The password of the demo's three operators. It opens a demo on loopback and nothing else.
pub(crate) const PASSWORD: &str = "linjiang-110";
/// Who they are.
pub(crate) const LOGINS: &str = "limin or zhanghao (operators) or chenjing (supervisor)";

/// The rules that the demo works by, as `demo/policy.toml` says them.
///
/// # Errors
/// The file, which is part of the program, cannot be read.
pub(crate) fn policy() -> anyhow::Result<Policy> {
    Policy::from_toml(include_str!("../demo/policy.toml")).context("the demo's policy.toml")
}

/// So long ago an operator changed a card.
const CHANGED_BEFORE_MS: i64 = 90 * 60_000;

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
    town.write(&mut centre, PASSWORD, now, &change)?;
    // One change of a card waits for its review.
    let (by, at) = (Some(OperatorId::new(2)), Timestamp::from_millis(now.millis() - CHANGED_BEFORE_MS));
    let change = Change { by, at, origin: "demo".into(), reason: "店主来电更换号码".into() };
    town.change(&mut centre, &change)?;
    // And what the one proposed, the other has agreed to.
    let proposed = Change { reason: "仓库烟感每周试验".into(), ..change };
    let agreed = Change { by: Some(OperatorId::new(3)), reason: String::new(), ..proposed.clone() };
    town.agree(&mut centre, &proposed, &agreed)?;
    drop(centre);
    history::tell(dir, log, &town, (&policy()?, outside(dir)?), now)
}
