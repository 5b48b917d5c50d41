//! How the people at the desk work together: holds, owners who are gone, and who is called when nobody acts.

use serde::{Deserialize, Serialize};

use crate::incident::{Family, Missing, Rank};
use crate::queue::Priority;

/// For how long an incident may be on hold before it calls again, in seconds; 0 for not at all. A hold stops no clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoldLimits {
    /// Life safety and whatever has priority 1, and only once somebody has done something about it. Default 120 (a number
    /// of our own).
    pub life_safety_s: u32,
    /// Other alarms. Default 900.
    pub alarm_s: u32,
    /// Troubles. Default 28800: a shift.
    pub service_s: u32,
}

impl Default for HoldLimits {
    fn default() -> Self {
        Self { life_safety_s: 120, alarm_s: 15 * 60, service_s: 8 * 3600 }
    }
}

/// When an owner counts as gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnershipLimits {
    /// So many seconds after the last sign of an operator their incidents go back to the queue. Default 20: within the half
    /// minute that is asked for, with time for a page that is loaded anew.
    pub absent_s: u32,
}

impl Default for OwnershipLimits {
    fn default() -> Self {
        Self { absent_s: 20 }
    }
}

/// One step of the chain: who is called when something has been missing for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationStep {
    /// Only incidents of this family; of all when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// Only incidents that are at least so urgent; of all when nothing is said.
    #[serde(default = "least")]
    pub priority: Priority,
    /// What is missing.
    pub missing: Missing,
    /// For how many seconds.
    pub after_s: u32,
    /// Who is called.
    pub to: Rank,
}

const fn least() -> Priority {
    Priority::LEAST
}

impl EscalationStep {
    pub(crate) const fn new(family: Family, missing: Missing, after_s: u32, to: Rank) -> Self {
        Self { family: Some(family), priority: Priority::LEAST, missing, after_s, to }
    }

    /// The chain of a small centre.
    pub(super) fn standard() -> Vec<Self> {
        let (life, alarm, service) = (Family::LifeSafety, Family::Alarm, Family::Service);
        vec![
            Self::new(life, Missing::Take, 30, Rank::Operator),
            Self::new(life, Missing::Take, 60, Rank::Supervisor),
            Self::new(life, Missing::Take, 120, Rank::Manager),
            Self::new(life, Missing::Act, 60, Rank::Operator),
            Self::new(life, Missing::Act, 90, Rank::Supervisor),
            Self::new(life, Missing::Act, 180, Rank::Manager),
            Self::new(alarm, Missing::Take, 90, Rank::Operator),
            Self::new(alarm, Missing::Take, 180, Rank::Supervisor),
            Self::new(alarm, Missing::Take, 600, Rank::Manager),
            Self::new(alarm, Missing::Act, 180, Rank::Operator),
            Self::new(alarm, Missing::Act, 300, Rank::Supervisor),
            Self::new(service, Missing::Take, 900, Rank::Supervisor),
        ]
    }
}
