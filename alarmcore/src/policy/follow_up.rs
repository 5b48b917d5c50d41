//! Who is called when a follow-up is due and not done: a part of the policy.

use serde::{Deserialize, Serialize};

use crate::follow_up::{FollowUp, FollowUpReason};
use crate::queue::Priority;

/// Who is called when a follow-up is due and not done, until it is done, or is given to somebody else or another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FollowUpRules {
    /// Only follow-ups that are so urgent, or more. Default 3 (a number of our own).
    pub priority: Priority,
    /// How urgent one is that a person makes about an account, or about an incident that is closed and not awaited any more. Default 3 (a
    /// number of our own).
    pub otherwise: Priority,
    /// So many seconds after it rang any operator is called; 0 for not. Default 120 (a number of our own).
    pub operator_after_s: u32,
    /// So many seconds after it rang a supervisor is called; 0 for not. Default 300 (a number of our own).
    pub supervisor_after_s: u32,
    /// So many seconds after it rang the manager is called; 0 for not. Default 900 (a number of our own).
    pub manager_after_s: u32,
    /// Whoever was called last is called again after each so many seconds; 0 for not. Default 900 (a number of our own).
    pub again_s: u32,
    /// What a rule made of what an authority said or did not, and that is as urgent as life safety, is put off by so many seconds at most;
    /// 0 for as any. Default 900 (a number of our own).
    pub put_off_life_safety_s: u32,
    /// The same of what is less urgent. Default 14400: four hours (a number of our own).
    pub put_off_s: u32,
}

impl Default for FollowUpRules {
    fn default() -> Self {
        Self {
            priority: Priority::clamped(3),
            otherwise: Priority::clamped(3),
            operator_after_s: 120,
            supervisor_after_s: 300,
            manager_after_s: 900,
            again_s: 900,
            put_off_life_safety_s: 900,
            put_off_s: 4 * 3600,
        }
    }
}

impl FollowUpRules {
    /// By how many minutes this may be put off at most.
    pub(crate) fn put_off_minutes(&self, open: &FollowUp) -> u32 {
        let seconds = match open.urgency() {
            Priority::LIFE_SAFETY => self.put_off_life_safety_s,
            _ => self.put_off_s,
        };
        let bound = open.reason.is_some_and(FollowUpReason::is_of_an_authority) && seconds > 0;
        if bound { (seconds / 60).clamp(1, FollowUp::MINUTES) } else { FollowUp::MINUTES }
    }
}
