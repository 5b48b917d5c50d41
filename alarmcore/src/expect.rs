//! What an account is expected to send, by when, and what the centre reports of it otherwise: one rule for all kinds.

use contactid::{AccountNumber, Code, EventCode, Qualifier, Signal};
use serde::{Deserialize, Serialize};

use crate::account::{AccountCard, AccountState, AreaState, Arming, Heard, Standing};
use crate::expectation::{self, Raised, Tested};
use crate::report::{Marks, Report};
use crate::schedule::{Around, Schedule};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What an account is expected to send.
    Expected {
        /// A sign of life of its line, whatever it is.
        Heartbeat "heartbeat" "Sign of life" "线路心跳",
        /// A test report.
        Test "test" "Test report" "定期测试",
        /// A closing of a group whose hours are over.
        Closing "closing" "Closing" "布防",
        /// An opening of a group whose hours have begun.
        Opening "opening" "Opening" "撤防",
        /// What its card expects besides: a round, a way in or out, somebody who is alone.
        Event "event" "Event" "事件",
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
    /// A closing or an opening that was not in time is reported again each time so many seconds later, while it has not come and its
    /// hours still ask for it; 0 for never. Default 0.
    pub late_again_s: u32,
    /// A group that was opened outside all its hours, or whose hours were taken away since, is to be closed within so many seconds of
    /// the opening, unless hours have begun by then; 0 for by the end of its next hours. Default 3600. Who opened it in hours of their
    /// own has until the end of those.
    pub outside_close_s: u32,
}

impl Default for ExpectationRules {
    fn default() -> Self {
        Self {
            heartbeats_missed: 3,
            test_by: TestBy::AnySignal,
            test_tolerance_s: 3600,
            restart_grace_s: 300,
            late_again_s: 0,
            outside_close_s: 3600,
        }
    }
}

impl ExpectationRules {
    /// After so many seconds of silence a line is lost that promises to be heard every `interval_s`.
    pub fn silence_s(&self, interval_s: u32) -> u32 {
        interval_s.max(1).saturating_mul(self.heartbeats_missed.max(1))
    }
}

/// The token of what the centre reports of an [`Expectation`].
pub(crate) const EXPECTATION: &str = "EXPECTATION";

/// Something expected did not come, or came after all. In the order of time, then of accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Since when.
    pub at: Timestamp,
    /// Whose.
    pub account: AccountNumber,
    /// What.
    pub expected: Expected,
    /// Of which group, of what groups do.
    pub group: Option<u16>,
    /// Is it missing? Otherwise it has come after all.
    pub missing: bool,
    /// What is reported of it, where the card says.
    pub raised: Option<Raised>,
}

/// The code of three digits, checked while compiling.
pub(crate) const fn code(number: u16) -> EventCode {
    match EventCode::new(number) {
        Some(code) => code,
        None => panic!("a code has three digits"),
    }
}

impl Expected {
    /// The code under which the centre reports a silent line.
    pub(crate) const SILENT: EventCode = code(350);

    /// The Contact ID code under which the centre reports that it is missing: 350 "communication trouble", 358 "periodic
    /// communication test failed", 454 "not armed in time" or 453 "not disarmed in time" (DC-05-2016); `None` for an event, of
    /// which the card says it.
    pub const fn code(self) -> Option<EventCode> {
        match self {
            Self::Heartbeat => Some(Self::SILENT),
            Self::Test => const { Some(code(358)) },
            Self::Closing => const { Some(code(454)) },
            Self::Opening => const { Some(code(453)) },
            Self::Event => None,
        }
    }

    /// What this code reports missing.
    pub fn of(code: Code) -> Option<Self> {
        Self::ALL.iter().copied().find(|expected| expected.code().map(Code::Cid) == Some(code))
    }
}

impl Edge {
    /// What is expected of this account, or has come: what the card says of it apart.
    pub(crate) const fn new(account: AccountNumber, expected: Expected, missing: bool, at: Timestamp) -> Self {
        Self { at, account, expected, group: None, missing, raised: None }
    }

    /// The report that the centre itself makes of this edge: the [code](Expected::code) of what is missing, or the one that the
    /// card names, new or restored.
    pub fn report(&self) -> Report {
        let qualifier = if self.missing { Qualifier::New } else { Qualifier::Restore };
        let usual = self.expected.code().map(|code| Signal::new(Code::Cid(code), qualifier));
        let of_card = self.raised.as_ref().map(|raised| Signal {
            number: raised.number,
            text: Some(raised.name.as_ref()).filter(|name| !name.is_empty()).map(str::to_owned),
            ..Signal::new(raised.code, qualifier)
        });
        Report {
            received_at: self.at,
            line: "centre".into(),
            account: Some(self.account),
            token: if of_card.is_some() { EXPECTATION } else { "SUPERVISION" }.into(),
            sequence: None,
            part: 0,
            parts: 1,
            marks: Marks::SUPERVISION,
            content: 0,
            source: None,
            signal: of_card.or(usual).map(|signal| Signal { group: self.group, ..signal }),
        }
    }
}

/// What the centre reports of an account unless another signal of it comes first, with the moment of each: what is due, and
/// what was missing and has come. Heartbeats are not among it: they are no signals, and [`Supervision`](crate::Supervision)
/// counts them by itself.
///
/// Before the first signal of an account nothing is expected of it, and of a group nothing before it was first opened or
/// closed. A group is to be closed by the end of its hours when it is open, and to be opened by their beginning when it is
/// closed; one that is armed in part is neither. One that was opened outside all its hours is to be closed as the rules say. What is missed once is missed again only with the next hours, unless the rules
/// say that it is reported again while it is so. What the card
/// [expects](crate::Expectation) besides is paused while a test, a suspension or a log-only
/// agreement covers what would be reported of it; life safety only by a test that names it.
pub fn expected(
    card: &AccountCard,
    state: &AccountState,
    rules: &ExpectationRules,
    tested: &Tested,
    now: Timestamp,
) -> Vec<Edge> {
    let mut edges: Vec<Edge> = test(card, state, rules).into_iter().collect();
    for area in &state.areas {
        come(card, state, area, &mut edges);
        if let Some(schedule) = &card.schedule {
            due(schedule, card, state, area, (rules, now), &mut edges);
        }
    }
    let of_card = card.expectations();
    expectation::edges(card, of_card, state, tested, now, &mut edges);
    edges
}

/// What was missing of a group, and has come: of a group that stood so nothing would be missing, whatever the clocks said.
fn come(card: &AccountCard, state: &AccountState, area: &AreaState, edges: &mut Vec<Edge>) {
    let group = area.group;
    for (expected, not_yet) in [(Expected::Closing, Arming::Disarmed), (Expected::Opening, Arming::Armed)] {
        if let Some(missed) = state.missed_since(expected, group).filter(|_| area.arming != not_yet) {
            let at = area.since.max(missed);
            edges.push(Edge { group, ..Edge::new(card.account, expected, false, at) });
        }
    }
}

/// What a group has to do next, and until when it is in time.
fn due(
    schedule: &Schedule,
    card: &AccountCard,
    state: &AccountState,
    area: &AreaState,
    (rules, now): (&ExpectationRules, Timestamp),
    edges: &mut Vec<Edge>,
) {
    let group = area.group;
    let Some(Around { last, current, next }) = schedule.around(group, now) else { return };
    let (expected, dues) = match area.arming {
        Arming::Part => return,
        // Open since before the end of the hours that are over, or in those to come.
        Arming::Disarmed => {
            let last = last.filter(|last| current.is_none() && area.since <= schedule.latest(last.closes));
            (Expected::Closing, [last, current, next].map(|span| span.map(|span| schedule.latest(span.closes))))
        }
        // Closed since before these hours began: whoever closed in them had opened.
        Arming::Armed => {
            let current = current.filter(|current| area.since < schedule.earliest(current.opens));
            (Expected::Opening, [None, current, next].map(|span| span.map(|span| schedule.latest(span.opens))))
        }
    };
    let missed = state.missed_since(expected, group);
    let outside = (expected == Expected::Closing).then(|| outside(schedule, area, rules)).flatten();
    let dues = dues.into_iter().flatten().chain(outside);
    let due = dues.filter(|due| missed.is_none_or(|since| since < *due)).min();
    let again = missed.filter(|_| rules.late_again_s > 0).map(|missed| missed.plus_secs(rules.late_again_s));
    let again =
        again.filter(|again| match (expected, schedule.around(group, *again).and_then(|around| around.current)) {
            // Hours that have begun ask nobody to close, and those that are over nobody to open.
            (Expected::Closing, current) => current.is_none(),
            (_, current) => current.is_some_and(|current| *again < current.closes),
        });
    let due = due.into_iter().chain(again).min();
    edges.extend(due.map(|at| Edge { group, ..Edge::new(card.account, expected, true, at) }));
}

/// Until when a group is to be closed that was opened outside all its hours: by the end of those of whoever opened it, or else after
/// the time that the rules give. Hours that have begun by then ask nobody to close, and their own end is in the plan.
fn outside(schedule: &Schedule, opened: &AreaState, rules: &ExpectationRules) -> Option<Timestamp> {
    let in_hours = |at| schedule.is_within(opened.group, at).unwrap_or(true);
    if in_hours(opened.since) {
        return None;
    }
    let own = opened.by.and_then(|user| schedule.around_user(user, opened.since)).and_then(|around| around.current);
    let after = (rules.outside_close_s > 0).then(|| opened.since.plus_secs(rules.outside_close_s));
    own.map(|own| schedule.latest(own.closes)).or(after).filter(|due| !in_hours(*due))
}

fn test(card: &AccountCard, state: &AccountState, rules: &ExpectationRules) -> Option<Edge> {
    let heard = match rules.test_by {
        TestBy::AnySignal => state.last_signal,
        TestBy::Test => state.last_test,
    };
    let edge = |missing, at| Edge::new(card.account, Expected::Test, missing, at);
    let Heard { signal, at: heard } = heard?;
    match state.missed(Expected::Test, None) {
        // What a replay makes has no place among the signals of the log: there the moment says what came later.
        Some(missed) => {
            let later = if missed.signal.is_anew() { heard >= missed.since } else { signal > missed.signal };
            later.then(|| edge(false, heard.max(missed.since)))
        }
        None => {
            let interval_s = card.test_interval_s?;
            let late_s = interval_s.saturating_add(rules.test_tolerance_s.min(interval_s));
            Some(edge(true, heard.plus_secs(late_s)))
        }
    }
}

impl AccountState {
    /// Since when this has been missing of this group; `None` if it is not.
    pub fn missed_since(&self, expected: Expected, group: Option<u16>) -> Option<Timestamp> {
        self.missed(expected, group).map(|missed| missed.since)
    }

    fn missed(&self, expected: Expected, group: Option<u16>) -> Option<&Standing> {
        self.missed.iter().find(|missed| Expected::of(missed.code) == Some(expected) && missed.group == group)
    }
}
