//! When a row of the board is spoken of before it ends or should have been seen to: one rule for all of them.

use super::LoweredKind;
use crate::policy::{LoweredRules, Policy};
use crate::test_session::TestLimits;
use crate::time::Timestamp;

/// So long before its end somebody is warned; halfway through what is shorter than twice that.
const fn lead(warn_before_s: u32, seconds: u32) -> u32 {
    if warn_before_s < seconds / 2 { warn_before_s } else { seconds / 2 }
}

impl LoweredRules {
    /// When to warn of what ends, or should have been seen to, at `until`; never where these rules say so. Of what nobody knows since
    /// when, only its end decides.
    pub fn warn_at(&self, since: Option<Timestamp>, until: Timestamp) -> Option<Timestamp> {
        let lasts = since.map_or(u32::MAX, |since| {
            u32::try_from((until.millis() - since.millis()).max(0) / 1000).unwrap_or(u32::MAX)
        });
        let lead = lead(self.warn_before_s, lasts);
        (lead > 0).then(|| Timestamp::from_millis(until.millis() - i64::from(lead) * 1000))
    }
}

impl TestLimits {
    /// When to warn of a test that ends `seconds` after `from`.
    pub(crate) fn warn_at(&self, from: Timestamp, seconds: u32) -> Timestamp {
        from.plus_secs(seconds - lead(self.warn_before_s, seconds))
    }
}

impl Policy {
    /// When a row of the board of this kind is spoken of that is there since `since` and ends, or should have been seen to, at `until`. Of
    /// a test: of one that was never extended; [the test itself](crate::TestSession::warn_at) says it of each.
    ///
    /// ```
    /// use alarmcore::{LoweredKind, Policy, Timestamp};
    ///
    /// let (policy, since) = (Policy::default(), Timestamp::from_millis(0));
    /// let before_end = |kind, seconds: u32| {
    ///     let until = since.plus_secs(seconds);
    ///     policy.warn_at(kind, since, until).map(|at| (until.millis() - at.millis()) / 60_000)
    /// };
    /// assert_eq!(before_end(LoweredKind::OnTest, 7200), Some(15));
    /// assert_eq!(before_end(LoweredKind::Suspended, 7 * 86_400), Some(24 * 60));
    /// assert_eq!(before_end(LoweredKind::Silent, 3600), Some(30));
    /// ```
    pub fn warn_at(&self, kind: LoweredKind, since: Timestamp, until: Timestamp) -> Option<Timestamp> {
        match kind {
            LoweredKind::OnTest => {
                let seconds = u32::try_from((until.millis() - since.millis()).max(0) / 1000).unwrap_or(u32::MAX);
                Some(self.on_test.warn_at(since, seconds))
            }
            // The policy says when it ends, and not since when it is in force.
            LoweredKind::Overridden => self.lowered.warn_at(None, until),
            LoweredKind::Silent
            | LoweredKind::TestMode
            | LoweredKind::Bypassed
            | LoweredKind::LateTest
            | LoweredKind::PathFailed
            | LoweredKind::Unreviewed
            | LoweredKind::DeadNumber
            | LoweredKind::Suspended
            | LoweredKind::LogOnly
            | LoweredKind::RecurringTest
            | LoweredKind::LateClosing
            | LoweredKind::NotClosed
            | LoweredKind::Runaway => self.lowered.warn_at(Some(since), until),
        }
    }
}
