//! Who sees to what lowers the protection of an account, and by when.

use serde::{Deserialize, Serialize};

use crate::incident::Rank;

/// Who sees to what lowers the protection of an account, and by when. What ends by itself is due when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoweredRules {
    /// Within how long.
    pub within_s: LoweredTimes,
    /// Who: the person at hand of this rank.
    pub owner: LoweredOwners,
    /// How long before its end, or before it should have been seen to, everything but a test is spoken of, in seconds; halfway through
    /// what is shorter than twice this; 0 for never. Default 86400: a day. Of a suspension, a log-only agreement, a recurring test and an
    /// override of the policy somebody is warned then.
    pub warn_before_s: u32,
    /// How long they may last.
    pub longest_s: LoweredLongest,
}

impl Default for LoweredRules {
    fn default() -> Self {
        Self {
            within_s: LoweredTimes::default(),
            owner: LoweredOwners::default(),
            warn_before_s: 24 * 3600,
            longest_s: LoweredLongest::default(),
        }
    }
}

/// For how many seconds protection may be lowered by agreement at most; then it is to be agreed anew. Numbers of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoweredLongest {
    /// A suspension. Default 7776000: ninety days.
    pub suspended: u32,
    /// A log-only agreement. Default 31622400: a year.
    pub log_only: u32,
    /// An agreement to test again and again. Default 31622400: a year.
    pub recurring_test: u32,
}

impl Default for LoweredLongest {
    fn default() -> Self {
        let day = 24 * 3600;
        Self { suspended: 90 * day, log_only: 366 * day, recurring_test: 366 * day }
    }
}

/// Within how many seconds, counted from when it began, protection is to be restored; 0 for whenever. The defaults are numbers
/// of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoweredTimes {
    /// A silent line. Default 3600.
    pub silent: u32,
    /// A test at the panel. Default 14400.
    pub test_mode: u32,
    /// A bypassed zone. Default 86400.
    pub bypassed: u32,
    /// A test report that did not come. Default 86400.
    pub late_test: u32,
    /// A path that failed. Default 86400.
    pub path_failed: u32,
    /// A change of a card that nobody has reviewed. Default 28800: a shift.
    pub unreviewed: u32,
    /// A site that is open after its hours. Default 3600.
    pub not_closed: u32,
    /// A panel that runs away. Default 86400: as its repair.
    pub runaway: u32,
}

impl Default for LoweredTimes {
    fn default() -> Self {
        let (hour, day) = (3600, 24 * 3600);
        Self {
            silent: hour,
            test_mode: 4 * hour,
            bypassed: day,
            late_test: day,
            path_failed: day,
            unreviewed: 8 * hour,
            not_closed: hour,
            runaway: day,
        }
    }
}

/// Who sees to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoweredOwners {
    /// A test by the centre: whoever began it, and else this rank. Default an operator.
    pub on_test: Rank,
    /// A silent line. Default an operator.
    pub silent: Rank,
    /// A test at the panel. Default an operator.
    pub test_mode: Rank,
    /// A bypassed zone. Default an operator.
    pub bypassed: Rank,
    /// A test report that did not come. Default a supervisor, who sends a technician.
    pub late_test: Rank,
    /// A path that failed. Default a supervisor.
    pub path_failed: Rank,
    /// A change of a card that nobody has reviewed: somebody else than whoever made it. Default a supervisor.
    pub unreviewed: Rank,
    /// A telephone number that turned out dead, due as [`CallLimits`](crate::CallLimits) says. Default an operator.
    pub dead_number: Rank,
    /// A suspension of the account. Default a supervisor.
    pub suspended: Rank,
    /// A log-only agreement. Default a supervisor.
    pub log_only: Rank,
    /// A late closing of which somebody was asked. Default an operator.
    pub late_closing: Rank,
    /// A site that is open after its hours, where nobody is asked any more. Default an operator.
    pub not_closed: Rank,
    /// A panel that runs away. Default a supervisor, who sends a technician.
    pub runaway: Rank,
    /// An override of the policy that logs or holds what the centre shows, where it names a person: that one, and else this rank.
    /// Default a supervisor.
    pub overridden: Rank,
}

impl Default for LoweredOwners {
    fn default() -> Self {
        let (operator, supervisor) = (Rank::Operator, Rank::Supervisor);
        Self {
            on_test: operator,
            silent: operator,
            test_mode: operator,
            bypassed: operator,
            late_test: supervisor,
            path_failed: supervisor,
            unreviewed: supervisor,
            dead_number: operator,
            suspended: supervisor,
            log_only: supervisor,
            late_closing: operator,
            not_closed: operator,
            runaway: supervisor,
            overridden: supervisor,
        }
    }
}
