//! What it costs to send a unit, and who is asked when one does not go: a part of the policy.

use std::num::NonZeroU32;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Which;
use crate::words::words;

/// The cost of a unit in seconds: its travel, its jobs in hand, and another area. The cheapest is the nearest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnitRules {
    /// Straight lines are travelled at so many kilometres an hour. Default 30: a town's streets (a number of our own).
    pub speed_kmh: NonZeroU32,
    /// So many seconds of travel where neither a card says them nor both positions are known. Default 1800.
    pub unknown_travel_s: u32,
    /// So many seconds for each job that a unit has in hand. Default 600.
    pub per_job_s: u32,
    /// So many seconds where the account is not in a district that the unit is contracted for. Default 900.
    pub another_area_s: u32,
    /// What is done when a unit that the desk chose does not go. Default: the next one is asked by itself.
    pub next: NextUnit,
    /// The skills that some incidents ask for. Default none.
    pub needs: Vec<UnitNeed>,
}

impl Default for UnitRules {
    fn default() -> Self {
        Self {
            speed_kmh: const { NonZeroU32::new(30).expect("more than nought") },
            unknown_travel_s: 1800,
            per_job_s: 600,
            another_area_s: 900,
            next: NextUnit::ByItself,
            needs: Vec::new(),
        }
    }
}

words! {
    /// What is done when a unit that the desk chose declines, does not answer, or goes off duty on its way.
    NextUnit {
        /// The next one is asked by itself; an operator is called at the end of the list.
        ByItself "by-itself" "Next unit by itself" "自动通知下一单位",
        /// An operator is called.
        Ask "ask" "Ask an operator" "询问接警员",
    }
}

/// A skill that a unit must have for some incidents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitNeed {
    /// The skill, as the cards of units name it.
    pub skill: Arc<str>,
    /// For which incidents; for all where nothing is said.
    #[serde(default, rename = "for")]
    pub which: Which,
}
