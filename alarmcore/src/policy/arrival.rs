//! How long a unit that has accepted may take to arrive, and be silent when it is there: a part of the policy.

use serde::{Deserialize, Serialize};

/// When an incident calls its operator because the unit that accepted is not there, or is there and silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArrivalLimits {
    /// So many seconds after a unit has accepted, where its travel is not known; 0 for never, whatever is known. Default 1800 (a
    /// number of our own: what a travel that nobody knows is reckoned with).
    pub within_s: u32,
    /// So many seconds after it was expected, where its travel is known. Default 300 (a number of our own).
    pub margin_s: u32,
    /// So many seconds after anything was heard of a unit that is on the scene; 0 for never. Default 3600 (a number of our own).
    pub on_scene_s: u32,
    /// Guard is kept for so many seconds at most before somebody says so anew; 0 for any time. Default 43200: twelve hours (a number of our own).
    pub guard_s: u32,
}

impl Default for ArrivalLimits {
    fn default() -> Self {
        Self { within_s: 1800, margin_s: 300, on_scene_s: 3600, guard_s: 12 * 3600 }
    }
}
