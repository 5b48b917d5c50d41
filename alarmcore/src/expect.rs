//! What an account is expected to send, by when, and what the centre reports of it otherwise: one rule for all kinds.

use contactid::{AccountNumber, Code, EventCode, Qualifier, Signal};
use serde::{Deserialize, Serialize};

use crate::account::{AccountCard, AccountState, Standing};
use crate::report::{Marks, Report};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What an account is expected to send.
    Expected {
        /// A sign of life of its line, whatever it is.
        Heartbeat "heartbeat" "Sign of life" "线路心跳",
        /// A test report.
        Test "test" "Test report" "定期测试",
    }
}

words! {
    /// What counts as a test report.
    TestBy {
        /// Any signal of the panel: whoever reports an opening has shown that the way is open.
        AnySignal "any-signal" "Any signal" "任何信号",
        /// Signals of the class test alone.
        Test "test" "Test reports only" "仅测试报告",
    }
}

/// The rules of what is expected: a part of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExpectationRules {
    /// How many heartbeats in a row may be missing before a line counts as lost; 0 counts as 1. Default 3.
    pub heartbeats_missed: u32,
    /// What counts as a test report. Default any signal.
    pub test_by: TestBy,
    /// How much later than its interval a test may come, in seconds, and never more than the interval itself.
    /// Default 3600: the panel that tests every 24 hours is missed after 25.
    pub test_tolerance_s: u32,
    /// For how long after its own start the centre reports nothing but heartbeats missing, in seconds. Default 300: panels
    /// that found nobody try again for some minutes.
    pub restart_grace_s: u32,
}

impl Default for ExpectationRules {
    fn default() -> Self {
        Self { heartbeats_missed: 3, test_by: TestBy::AnySignal, test_tolerance_s: 3600, restart_grace_s: 300 }
    }
}

/// Something expected did not come, or came after all. In the order of time, then of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Since when.
    pub at: Timestamp,
    /// Whose.
    pub account: AccountNumber,
    /// What.
    pub expected: Expected,
    /// Is it missing? Otherwise it has come after all.
    pub missing: bool,
}

/// The code of three digits, checked while compiling.
const fn code(number: u16) -> EventCode {
    match EventCode::new(number) {
        Some(code) => code,
        None => panic!("a code has three digits"),
    }
}

impl Expected {
    /// The Contact ID code under which the centre reports that it is missing: 350 "communication trouble" or 358 "periodic
    /// communication test failed" (DC-05-2016).
    pub const fn code(self) -> EventCode {
        match self {
            Self::Heartbeat => const { code(350) },
            Self::Test => const { code(358) },
        }
    }

    /// What this code reports missing.
    pub(crate) fn of(code: Code) -> Option<Self> {
        Self::ALL.iter().copied().find(|expected| code == Code::Cid(expected.code()))
    }
}

impl Edge {
    /// The report that the centre itself makes of this edge: the [code](Expected::code) of what is missing, new or restored.
    pub fn report(&self) -> Report {
        let qualifier = if self.missing { Qualifier::New } else { Qualifier::Restore };
        Report {
            received_at: self.at,
            line: "centre".into(),
            account: Some(self.account),
            token: "SUPERVISION".into(),
            sequence: None,
            part: 0,
            parts: 1,
            marks: Marks::SUPERVISION,
            content: 0,
            signal: Some(Signal::new(Code::Cid(self.expected.code()), qualifier)),
        }
    }
}

/// What the centre reports of an account unless another signal of it comes first, with the moment of each: what is due, and
/// what was missing and has come. Heartbeats are not among it: they are no signals, and [`Supervision`](crate::Supervision)
/// counts them by itself.
///
/// Before the first signal of an account nothing is expected of it.
pub fn expected(card: &AccountCard, state: &AccountState, rules: &ExpectationRules) -> Vec<Edge> {
    test(card, state, rules).into_iter().collect()
}

fn test(card: &AccountCard, state: &AccountState, rules: &ExpectationRules) -> Option<Edge> {
    let heard = match rules.test_by {
        TestBy::AnySignal => state.last_signal,
        TestBy::Test => state.last_test,
    };
    let edge = |missing, at| Edge { at, account: card.account, expected: Expected::Test, missing };
    let heard = heard?.at;
    match state.missed_since(Expected::Test) {
        Some(since) => (heard > since).then(|| edge(false, heard)),
        None => {
            let interval_s = card.test_interval_s?;
            let late_s = interval_s.saturating_add(rules.test_tolerance_s.min(interval_s));
            Some(edge(true, heard.plus_secs(late_s)))
        }
    }
}

impl AccountState {
    /// Since when this has been missing; `None` if it is not.
    pub fn missed_since(&self, expected: Expected) -> Option<Timestamp> {
        let stands = |missed: &&Standing| Expected::of(missed.code) == Some(expected);
        self.missed.iter().find(stands).map(|missed| missed.since)
    }
}
