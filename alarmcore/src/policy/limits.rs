//! The numbers of the rules that look at more than one signal: runaway panels.

use serde::{Deserialize, Serialize};

use crate::queue::Priority;

/// When a panel runs away: what it says from then on is logged only, life safety excepted, until it has been silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunawayLimits {
    /// So many signals of one account without a silence make a runaway; 0 for never. Default 30.
    pub signals: u32,
    /// How long a silence is, in seconds, at most [`Pace::LONGEST_S`](crate::Pace::LONGEST_S): it ends a run. Default
    /// 1800.
    pub silence_s: u32,
    /// Priority of the incident. Default 3.
    pub priority: Priority,
}

impl Default for RunawayLimits {
    fn default() -> Self {
        Self { signals: 30, silence_s: 30 * 60, priority: Priority::clamped(3) }
    }
}
