//! When a rule declares a storm, and what a storm does: a part of the policy.

use serde::{Deserialize, Serialize};

use crate::queue::Priority;

/// When mains, line and battery troubles of one district, mains feeder, carrier or kind of site are a storm, and what is done in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StormLimits {
    /// So many times the normal rate of the area is a storm; 0: no rule declares one. Default 10.
    pub times: u32,
    /// And never fewer different accounts than this; 0 counts as 1. Default 10.
    pub accounts: u32,
    /// Both within so many seconds, at most [`StormLimits::WINDOW_MAX_S`]. Default 60.
    pub window_s: u32,
    /// How many such troubles a thousand accounts have on a usual day. Default 20: 0.85 % lose mains, 0.7 % a path, 0.22 % have
    /// a low battery (model figures, unverified).
    pub normal_per_thousand: u32,
    /// For how many seconds a storm groups when nothing is said. Default twelve hours: so long after a power
    /// cut batteries run low (a model figure, unverified).
    pub lasts_s: u32,
    /// For how many seconds from now a person can let it group at most. Default a day.
    pub max_s: u32,
    /// Priority of the incident that stands for a group. Default 4.
    pub priority: Priority,
    /// Are customers asked first, by machine, about an intrusion in a confirmed storm? Default yes.
    pub first_contact: bool,
    /// Does life safety interrupt an operator who has something of priority 2 to 4 in hand, in a confirmed storm? Default yes.
    pub interrupt: bool,
}

impl Default for StormLimits {
    fn default() -> Self {
        Self {
            times: 10,
            accounts: 10,
            window_s: 60,
            normal_per_thousand: 20,
            lasts_s: 12 * 3600,
            max_s: 24 * 3600,
            priority: Priority::clamped(4),
            first_contact: true,
            interrupt: true,
        }
    }
}

impl StormLimits {
    /// The longest window that a rule looks at, in seconds; a longer one counts as this.
    pub const WINDOW_MAX_S: u32 = 3600;

    /// The window that a rule looks at, in seconds.
    pub(crate) fn window_s(&self) -> u32 {
        self.window_s.clamp(1, Self::WINDOW_MAX_S)
    }

    /// Are so many troubles of so many accounts a storm in an area of so many members?
    pub(crate) fn is_storm(&self, signals: u32, accounts: u32, members: u32) -> bool {
        const DAY_S: u128 = 86_400;
        let limit = u128::from(self.times) * u128::from(self.normal_per_thousand) * u128::from(members);
        self.times > 0
            && accounts >= self.accounts.max(1)
            && u128::from(signals) * 1000 * DAY_S >= limit * u128::from(self.window_s())
    }
}
