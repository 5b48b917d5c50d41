//! For how long an incident that somebody has in hand may rest: a part of the policy.

use serde::{Deserialize, Serialize};

/// When an incident calls its owner again because nobody goes on with it, in seconds after anybody last did or said anything of it; 0 for
/// never. All numbers are our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestLimits {
    /// Life safety. Default 300.
    pub life_safety_s: u32,
    /// Other alarms. Default 900.
    pub alarm_s: u32,
    /// Troubles. Default 28800: a shift.
    pub service_s: u32,
    /// What was found false or left as it is, and what an authority has taken since danger last came: so long, or as long as the others where that is longer.
    /// Default 3600.
    pub settled_s: u32,
}

impl Default for RestLimits {
    fn default() -> Self {
        Self { life_safety_s: 300, alarm_s: 15 * 60, service_s: 8 * 3600, settled_s: 3600 }
    }
}
