//! What chaos has reached: every kind of event, every rule, every reason.

use std::collections::BTreeSet;

use alarmcore::{
    EventKind, FalseCallsEventKind, FollowUpEventKind, IncidentEvent, LoweredEventKind, Outcome, OutcomeWord, Output,
    RaiseReason, Rule, StormEventKind, TestEventKind,
};

/// What a few hundred days need not see: an authority that never ends what it was handed, until nobody waits any more.
const RARE: [EventKind; 2] = [EventKind::HandOffsFollowed, EventKind::HandOffsLeft];

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
        let unseen = EventKind::ALL.iter().copied().filter(|kind| !self.kinds.contains(kind));
        // A desk that starts anew must be as the one that never stopped: it is not told that it was away.
        let unseen: Vec<EventKind> = unseen.filter(|kind| *kind != EventKind::AnswerAwaited).collect();
        assert!(unseen.iter().all(|kind| !many && RARE.contains(kind)), "never seen: {unseen:?}");
        let unseen: BTreeSet<RaiseReason> =
            RaiseReason::ALL.iter().copied().filter(|reason| !self.reasons.contains(reason)).collect();
        // Nor need they see an authority's word on what nobody has in hand any more, nor one that was asked to cancel needed again, nor two
        // paths fail beside each other.
        let rare = [RaiseReason::AuthorityWord, RaiseReason::HandOffNeeded, RaiseReason::TwoPaths];
        assert!(unseen.iter().all(|reason| !many && rare.contains(reason)), "never seen: {unseen:?}");
        assert_eq!(self.false_calls, FalseCallsEventKind::ALL.iter().copied().collect());
        assert_eq!(self.tests, TestEventKind::ALL.iter().copied().collect());
        // A few hundred days need not see every way to be refused a test.
        let refused = self.test_refusals.len() + usize::from(!many);
        assert!(refused >= 13, "only these acts on tests were refused: {:?}", self.test_refusals);
        assert_eq!(self.follow_ups, FollowUpEventKind::ALL.iter().copied().collect());
        assert_eq!(self.follow_up_refusals.len(), 10, "only these were refused: {:?}", self.follow_up_refusals);
        let unseen: Vec<LoweredEventKind> =
            LoweredEventKind::ALL.iter().copied().filter(|kind| !self.lowered.contains(kind)).collect();
        // Nor need they see hours of a test that recurs begin while another test is on.
        assert!(unseen.iter().all(|kind| !many && *kind == LoweredEventKind::PassedOver), "never seen: {unseen:?}");
        // Nor need they see every way to ask too late; and that a site is not closed today is seldom said twice over.
        let refused = self.lowered_refusals.len() + if many { 0 } else { 3 };
        assert!(refused >= 10, "only these were refused: {:?}", self.lowered_refusals);
        assert_eq!(self.storms, StormEventKind::ALL.iter().copied().collect());
        // A few hundred days need not see an act on a storm that groups no more, or is over.
        let rare = if many { 0 } else { 2 };
        let refused = self.storm_refusals.len() + rare;
        assert!(refused >= 19, "only these acts on storms were refused: {:?}", self.storm_refusals);
        assert_eq!(self.outcomes, OutcomeWord::ALL.iter().copied().collect());
        let unseen: BTreeSet<Rule> = Rule::ALL.iter().copied().filter(|rule| !self.rules.contains(rule)).collect();
        let rare = [
            Rule::LateCloseArm,
            Rule::LateCloseClosed,
            Rule::LateCloseNotToday,
            Rule::LateCloseStillOpen,
            Rule::LateCloseStranger,
            Rule::OverrideOver,
        ];
        assert!(unseen.iter().all(|rule| !many && rare.contains(rule)), "never seen: {unseen:?}");
        assert_eq!(
            self.overrides,
            ["account", "site mall", "site-type bank", "site-type school"].map(String::from).into()
        );
        for refusal in ["calls-missing", "not-seen", "same-level"] {
            assert!(self.refusals.contains(refusal), "{refusal} was never refused");
        }
        assert!(self.refusals.len() > 37, "only these acts were refused: {:?}", self.refusals);
    }
}
