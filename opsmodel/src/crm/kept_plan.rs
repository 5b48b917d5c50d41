//! `KeptPlan`: an action plan as it is written down when it comes into force.

use alarmcore::Plan;
use serde::{Deserialize, Serialize};

/// An action plan, and the version of the plans that it was in force in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPlan {
    /// The version of the plans.
    pub version: u32,
    /// All of its text.
    pub plan: Plan,
}
