//! `RecurringTest`: an account, or a part of it, that is put on test again and again, in hours that two people agreed to.

use contactid::{Class, Lang};
use serde::{Deserialize, Serialize};

use super::{Lowered, LoweredEvent, Lowering, Lowers};
use crate::schedule::TestHours;
use crate::test_session::{Scope, TestReason};
use crate::time::Timestamp;

/// What is tested, when, and why. Each of its hours is a test like others: it is recorded, warns before its end, ends by itself, can be
/// ended before and extended by a person, and shows at its end what it hid and still stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecurringTest {
    /// When.
    pub hours: TestHours,
    /// What is tested.
    #[serde(default)]
    pub scope: Scope,
    /// Why.
    pub test_reason: TestReason,
}

/// Why no test can recur so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("{}", self.label(Lang::En))]
pub enum RecurringFault {
    /// A test would last too long.
    TooLong {
        /// How many minutes the longest would last.
        found: u32,
        /// How many it may.
        at_most: u32,
    },
    /// A class named as life safety that is none.
    NotLifeSafety(Class),
}

impl RecurringFault {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::TooLong { found, at_most }, Lang::En) => {
                format!("hours of {found} minutes: a test may last {at_most} minutes at most")
            }
            (Self::TooLong { found, at_most }, Lang::Zh) => {
                format!("时段长 {found} 分钟:每次测试最长 {at_most} 分钟")
            }
            (Self::NotLifeSafety(class), Lang::En) => format!("{} is not a life-safety class", class.label(Lang::En)),
            (Self::NotLifeSafety(class), Lang::Zh) => format!("{}不属于人身安全类", class.label(Lang::Zh)),
        }
    }
}

impl RecurringTest {
    /// Can a test recur so, when each may last so many seconds?
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, at_most_s: u32) -> Result<(), RecurringFault> {
        let (found, at_most) = (self.hours.longest(), at_most_s / 60);
        if found > at_most {
            return Err(RecurringFault::TooLong { found, at_most });
        }
        self.scope.misplaced().map_or(Ok(()), |class| Err(RecurringFault::NotLifeSafety(class)))
    }
}

impl Lowered {
    /// When a recurring test that has begun comes next, by the time alone: hours that begin before it is agreed to do not count.
    pub(super) fn next_test(&self, one: &Lowering) -> Option<(Timestamp, LoweredEvent)> {
        let Lowers::RecurringTest(test) = &one.lowers else { return None };
        let before = Timestamp::from_millis(one.from.millis() - 1);
        let after = self.recurred.get(&one.number).copied().unwrap_or(before).max(before);
        let (opens, closes) = test.hours.next(after)?;
        Some((opens, LoweredEvent::Recurred { number: one.number, until: closes.min(one.until) }))
    }
}
