//! What an account is expected to send, and what is missing: the lines of its page.

use alarmcore::{ExpectationRules, Expected, Timestamp, expected};
use opsmodel::store::query::AccountSheet;

use super::frame::Frame;

/// Something that is expected, or missing.
pub(super) struct Awaited {
    pub(super) label: &'static str,
    /// By when it is expected, or since when it is missing.
    pub(super) at: Timestamp,
    pub(super) missing: bool,
}

impl Awaited {
    /// What is missing, then what is expected next, the nearest first.
    pub(super) fn of(sheet: &AccountSheet, rules: &ExpectationRules, f: &Frame) -> Vec<Self> {
        let Some(state) = &sheet.state else { return Vec::new() };
        let line = |expected: Expected, at, missing| Self { label: expected.label(f.w.lang), at, missing };
        let missing = Expected::ALL.iter().filter_map(|&what| Some(line(what, state.missed_since(what)?, true)));
        let mut next = expected(&sheet.desk_card(), state, rules);
        next.retain(|edge| edge.missing);
        next.sort_unstable();
        missing.chain(next.into_iter().map(|edge| line(edge.expected, edge.at, false))).collect()
    }
}
