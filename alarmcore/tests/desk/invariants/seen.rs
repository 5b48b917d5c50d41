//! What chaos has reached: every kind of event, every rule, every reason.

use std::collections::BTreeSet;

use alarmcore::{
    EventKind, FalseCallsEventKind, FollowUpEventKind, IncidentEvent, LoweredEventKind, Outcome, OutcomeWord, Output,
    RaiseReason, Rule, StormEventKind, TestEventKind,
};

/// Of everything of one sort, so many need not be seen in the few days of a plain run: which they are is chance. Many days see all.
const SPARED: usize = 5;

/// What one seed's day came to.
#[derive(Default)]
pub(super) struct Seen {
    kinds: BTreeSet<EventKind>,
    outcomes: BTreeSet<OutcomeWord>,
    rules: BTreeSet<Rule>,
    reasons: BTreeSet<RaiseReason>,
    refusals: BTreeSet<String>,
    tests: BTreeSet<TestEventKind>,
    test_refusals: BTreeSet<String>,
    overrides: BTreeSet<String>,
    false_calls: BTreeSet<FalseCallsEventKind>,
    follow_ups: BTreeSet<FollowUpEventKind>,
    follow_up_refusals: BTreeSet<String>,
    storms: BTreeSet<StormEventKind>,
    lowered: BTreeSet<LoweredEventKind>,
    lowered_refusals: BTreeSet<String>,
    storm_refusals: BTreeSet<String>,
}

impl Seen {
    /// Counts one thing that the desk said.
    pub(super) fn note(&mut self, output: Output) {
        match output {
            Output::Record(record) => {
                if let IncidentEvent::Raised { reason, .. } = record.event {
                    self.reasons.insert(reason);
                }
                if let IncidentEvent::Opened { rule, .. } | IncidentEvent::SignalJoined { rule, .. } = record.event {
                    self.rules.insert(rule);
                }
                self.kinds.insert(record.event.kind());
            }
            Output::FollowUpRecord(record) => drop(self.follow_ups.insert(record.event.kind())),
            Output::RefuseFollowUp(refusal) => {
                let body = serde_json::to_value(&refusal).unwrap();
                self.follow_up_refusals.insert(body["refusal"].as_str().unwrap().to_owned());
            }
            Output::TestRecord(record) => drop(self.tests.insert(record.event.kind())),
            Output::RefuseTest(refusal) => {
                let body = serde_json::to_value(&refusal).unwrap();
                self.test_refusals.insert(body["refusal"].as_str().unwrap().to_owned());
            }
            Output::FalseCallsRecord(record) => drop(self.false_calls.insert(record.event.kind())),
            Output::RefuseFalseCalls(_) => {}
            Output::Dispose(disposition) => {
                self.outcomes.insert(disposition.outcome.word());
                self.rules.insert(disposition.rule);
                self.overrides.extend(disposition.overridden.map(|name| name.to_string()));
                assert!(!matches!(disposition.outcome, Outcome::Held { until } if until <= disposition.at));
            }
            Output::Refuse(refusal) => {
                let body = serde_json::to_value(&refusal).unwrap();
                self.refusals.insert(body["refusal"].as_str().unwrap().to_owned());
            }
            Output::StormRecord(record) => drop(self.storms.insert(record.event.kind())),
            Output::RefuseStorm(refusal) => {
                let body = serde_json::to_value(&refusal).unwrap();
                self.storm_refusals.insert(body["refusal"].as_str().unwrap().to_owned());
            }
            Output::LoweredRecord(record) => drop(self.lowered.insert(record.event.kind())),
            Output::RefuseLowered(refusal) => {
                let body = serde_json::to_value(&refusal).unwrap();
                self.lowered_refusals.insert(body["refusal"].as_str().unwrap().to_owned());
            }
            Output::Touched(_)
            | Output::OverridesOver(_)
            | Output::OverrideWarned(_)
            | Output::Perform(_)
            | Output::Wait(_) => {}
        }
    }

    pub(super) fn with(mut self, mut other: Self) -> Self {
        self.kinds.append(&mut other.kinds);
        self.outcomes.append(&mut other.outcomes);
        self.rules.append(&mut other.rules);
        self.reasons.append(&mut other.reasons);
        self.refusals.append(&mut other.refusals);
        self.tests.append(&mut other.tests);
        self.test_refusals.append(&mut other.test_refusals);
        self.overrides.append(&mut other.overrides);
        self.false_calls.append(&mut other.false_calls);
        self.follow_ups.append(&mut other.follow_ups);
        self.follow_up_refusals.append(&mut other.follow_up_refusals);
        self.storms.append(&mut other.storms);
        self.lowered.append(&mut other.lowered);
        self.lowered_refusals.append(&mut other.lowered_refusals);
        self.storm_refusals.append(&mut other.storm_refusals);
        self
    }

    /// Has every kind of thing been seen? `many` seeds see also what is rare.
    pub(super) fn is_everything(&self, many: bool) {
        let spared = if many { 0 } else { SPARED };
        // A desk that starts anew must be as the one that never stopped: it is not told that it was away.
        let kinds = EventKind::ALL.iter().copied().filter(|kind| *kind != EventKind::AnswerAwaited);
        saw(&self.kinds, kinds, spared);
        saw(&self.reasons, RaiseReason::ALL.iter().copied(), spared);
        saw(&self.rules, Rule::ALL.iter().copied(), spared + usize::from(!many));
        saw(&self.outcomes, OutcomeWord::ALL.iter().copied(), 0);
        saw(&self.false_calls, FalseCallsEventKind::ALL.iter().copied(), 0);
        saw(&self.follow_ups, FollowUpEventKind::ALL.iter().copied(), 0);
        saw(&self.storms, StormEventKind::ALL.iter().copied(), 0);
        // A test that is longer than it was to be, and hours of one that recurs while another is on, are rare.
        saw(&self.tests, TestEventKind::ALL.iter().copied(), usize::from(!many));
        saw(&self.lowered, LoweredEventKind::ALL.iter().copied(), usize::from(!many));
        let overrides = ["account", "site mall", "site-type bank", "site-type school"];
        saw(&self.overrides, overrides.map(String::from).into_iter(), 0);
        let refused = [
            (&self.refusals, 38, 0),
            (&self.test_refusals, 14, 1),
            (&self.follow_up_refusals, 10, 0),
            (&self.lowered_refusals, 10, 3),
            (&self.storm_refusals, 19, 2),
        ];
        for (refused, least, spared) in refused {
            let least = if many { least } else { least - spared };
            assert!(refused.len() >= least, "only these acts were refused: {refused:?}");
        }
        for refusal in ["calls-missing", "not-seen", "same-level"] {
            assert!(self.refusals.contains(refusal), "{refusal} was never refused");
        }
    }
}

/// Of `all` no more than so many were never seen.
fn saw<T: Ord + core::fmt::Debug>(seen: &BTreeSet<T>, all: impl Iterator<Item = T>, spared: usize) {
    let unseen: Vec<T> = all.filter(|one| !seen.contains(one)).collect();
    assert!(unseen.len() <= spared, "never seen: {unseen:?}");
}
