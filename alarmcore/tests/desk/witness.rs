//! Watches a desk at work: after every input the invariants hold, and a desk restored from a snapshot says the same.

mod cancels;
mod confirm;
mod effects;
mod end_of_day;
mod feed;
mod lowered;
mod on_test;
mod queues;
mod rest;
mod sources;
mod storms;
mod units;
mod unseen;
mod workflow;

use std::collections::{BTreeMap, BTreeSet};

use alarmcore::{
    AccountNumber, Call, Claim, Claimed, ClauseId, ContactId, Desk, Dispatch, Disposition, FalseCalls,
    FalseCallsRecord, Family, FollowUpId, FollowUpRecord, Guarded, Imposed, Incident, IncidentEvent, IncidentId, Input,
    Kind, LoweredRecord, Measure, Origin, Outcome, Output, Policy, QueueKey, Received, Record, Refusal, Rule, SignalId,
    Snapshot, Standing, StormId, StormRecord, TestId, TestRecord, TestSession, Timestamp, evolve, is_life_safety,
};
use contactid::{Class, Qualifier};

/// A zone: its group and its number.
type Zone = (Option<u16>, Option<u32>);

/// A desk, and everything it ever said.
pub(crate) struct Witness {
    policy: Policy,
    desk: Desk,
    /// Once the desk has crashed and was restored: one that lives through the same and never did.
    unbroken: Option<Desk>,
    /// What was asked of strangers.
    performed: BTreeSet<String>,
    received: BTreeSet<SignalId>,
    pub(crate) dispositions: BTreeMap<SignalId, Vec<Disposition>>,
    pub(crate) records: BTreeMap<IncidentId, Vec<Record>>,
    pub(crate) tests: BTreeMap<TestId, Vec<TestRecord>>,
    pub(crate) false_calls: BTreeMap<AccountNumber, Vec<FalseCallsRecord>>,
    follow_ups: BTreeMap<FollowUpId, Vec<FollowUpRecord>>,
    pub(crate) storms: BTreeMap<StormId, Vec<StormRecord>>,
    lowered: BTreeMap<AccountNumber, Vec<LoweredRecord>>,
    /// What each signal spoke of, where it named an account.
    spoke: BTreeMap<SignalId, (AccountNumber, Class)>,
    /// When each zone of each account was set off: group and number.
    trips: Vec<(AccountNumber, Timestamp, Zone)>,
}

impl Witness {
    pub(crate) fn new(policy: Policy) -> Self {
        let desk = Desk::new(policy.clone());
        let (received, dispositions, records, tests, false_calls) = Default::default();
        let (follow_ups, storms, spoke, lowered, trips) = Default::default();
        let (unbroken, performed) = Default::default();
        Self {
            policy,
            desk,
            unbroken,
            performed,
            received,
            dispositions,
            records,
            tests,
            false_calls,
            follow_ups,
            storms,
            lowered,
            spoke,
            trips,
        }
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Gives the desk one input.
    pub(crate) fn handle(&mut self, input: Input) -> Vec<Output> {
        let must_call = self.must_call(&input);
        let acted_on = match &input {
            Input::Act { incident, .. } => self.desk.incident(*incident).cloned(),
            _ => None,
        };
        let tests: Vec<TestSession> = self.desk.tests().cloned().collect();
        let strange = sources::Before::of(&self.desk, &input);
        self.desk.handle(input.clone());
        let said = drain(&mut self.desk);
        if let Some(unbroken) = &mut self.unbroken {
            unbroken.handle(input.clone());
            assert_eq!(said, drain(unbroken), "a desk that crashed says something else than one that never did");
        }
        self.check_effects(&said);
        self.note(&input, &said);
        let tested = self.is_tested(&input);
        self.check(&said, must_call && !tested);
        self.check_tested(&input, &said, tested);
        self.check_tests(&input, &said, &tests);
        self.check_lowered(&input, &said);
        self.check_workflow(&input);
        self.check_seen(&said);
        self.check_cancels(&said);
        self.check_four_eyes(&said);
        self.check_queues();
        self.check_feed(&said);
        self.check_confirmed(&input, &said);
        self.check_strange(strange, &input, &said);
        check_plan(&input, &said, acted_on.as_ref());
        let now = match &input {
            Input::Time(at) | Input::Act { at, .. } => Some(*at),
            _ => None,
        };
        self.check_units(now, &said);
        self.check_claims(now);
        said
    }

    /// The same, and a desk made from a stored snapshot hears it too: they must say the same, and stand alike afterwards.
    pub(crate) fn handle_after_restart(&mut self, input: Input) -> Vec<Output> {
        let stored = serde_json::to_string(&self.desk.snapshot()).unwrap();
        let snapshot: Snapshot = serde_json::from_str(&stored).unwrap();
        let mut restarted = Desk::restore(self.policy.clone(), snapshot);
        restarted.handle(input.clone());
        let said_again = drain(&mut restarted);
        let said = self.handle(input);
        assert_eq!(said, said_again, "a restarted desk says something else");
        assert_eq!(self.desk.snapshot(), restarted.snapshot(), "a restarted desk stands elsewhere");
        said
    }

    /// The centre was away, and is started.
    pub(crate) fn start(&mut self, at: Timestamp) {
        let snapshot = Snapshot { started: Some(at), ..self.desk.snapshot() };
        self.desk = Desk::restore(self.policy.clone(), snapshot);
    }

    /// The process ends while the desk says what comes of this input, after so many words: nothing of it was stored. For the rest
    /// of the day a desk made from the store goes on, beside one that never stopped.
    pub(crate) fn crash(&mut self, input: &Input, after: usize) {
        let stored = serde_json::to_string(&self.desk.snapshot()).unwrap();
        let restored = || Desk::restore(self.policy.clone(), serde_json::from_str::<Snapshot>(&stored).unwrap());
        let mut dying = restored();
        dying.handle(input.clone());
        for _ in 0..after {
            let _ = dying.poll();
        }
        drop(dying);
        let stopped = std::mem::replace(&mut self.desk, restored());
        self.unbroken.get_or_insert(stopped);
        self.check_unbroken();
    }

    fn check_unbroken(&self) {
        let Some(unbroken) = &self.unbroken else { return };
        assert_eq!(self.desk.snapshot(), unbroken.snapshot(), "a desk that crashed stands elsewhere");
    }

    /// Is this a life-safety signal that no operator has been told of yet?
    fn must_call(&self, input: &Input) -> bool {
        let Input::Signal(received) = input else { return false };
        let Some(signal) = &received.report.signal else { return false };
        let begins = is_life_safety(signal.class()) && signal.qualifier != Qualifier::Restore;
        let repeats = received.report.account.and_then(|account| self.desk.account(&account)).is_some_and(|state| {
            let again = state.repeat_of(&received.report, self.policy.repeat_window_s).is_some();
            again || state.duplicate_of(&received.report).is_some()
        });
        begins && !repeats
    }

    /// No test outlives its limit, and what it hid is shown when it is over.
    fn check_tests(&self, input: &Input, said: &[Output], before: &[TestSession]) {
        let now = match input {
            Input::Signal(received) => Some(received.report.received_at),
            Input::Act { at, .. }
            | Input::Test { at, .. }
            | Input::FalseCalls { at, .. }
            | Input::FollowUp { at, .. }
            | Input::Lowered { at, .. }
            | Input::Storm { at, .. }
            | Input::Operator { at, .. }
            | Input::Person { at, .. }
            | Input::Time(at) => Some(*at),
            Input::Account(_) | Input::AccountClosed(_) | Input::Unit(_) => None,
        };
        for open in self.desk.tests() {
            assert!(now.is_none_or(|now| open.until > now), "test {} outlives its limit", open.id);
        }
        // Where a signal came in the same step, the account may stand otherwise by now.
        let signal = matches!(input, Input::Signal(_));
        for over in
            before.iter().filter(|test| !signal && self.desk.test(test.account).is_none_or(|now| now.id != test.id))
        {
            let Some(state) = self.desk.account(&over.account) else { continue };
            let snapshot = self.desk.snapshot();
            if !snapshot.accounts.iter().any(|card| card.account == over.account) {
                continue;
            }
            let shown = |standing: &&Standing| {
                let last = standing.again.map_or(standing.since, |again| again.at);
                last >= over.started_at && over.scope.covers(standing.code, standing.number)
            };
            for left in state.alarms.iter().filter(shown) {
                let here =
                    |origin: &Origin| (origin.code, origin.number) == (left.code, left.number) && !origin.restored;
                let open = snapshot.incidents.iter().filter(|incident| incident.account == Some(over.account));
                let named = open.clone().any(|incident| incident.origins.iter().any(here));
                let full = open.clone().any(|incident| incident.origins.len() == Incident::ORIGINS);
                let last = left.again.map_or(left.since, |again| again.at);
                let lowered = self.is_lowered(over.account, left.code, left.number, last, over.until);
                // Whoever acted in the same step may have closed what it came back to.
                let told = said.iter().any(|output| match output {
                    Output::Record(Record { event: IncidentEvent::SignalJoined { evidence, .. }, .. }) => {
                        (evidence.code, evidence.number) == (Some(left.code), left.number)
                    }
                    _ => false,
                });
                assert!(named || full || lowered || told, "test {} hid {left:?} for good: {said:?}", over.id);
            }
        }
    }

    fn note(&mut self, input: &Input, said: &[Output]) {
        if let Input::Signal(received) = input {
            assert!(self.received.insert(received.id), "the script gives a signal twice");
            if let (Some(account), Some(signal)) = (received.report.account, &received.report.signal) {
                self.spoke.insert(received.id, (account, signal.class()));
            }
            let decided = |output: &&Output| matches!(output, Output::Dispose(of) if of.signal == received.id);
            assert_eq!(said.iter().filter(decided).count(), 1, "signal {} is not decided at once", received.id);
        }
        for output in said {
            match output {
                Output::Record(record) => {
                    let stream = self.records.entry(record.incident).or_default();
                    assert_eq!(record.version as usize, stream.len() + 1, "a gap in the stream of {}", record.incident);
                    stream.push(record.clone());
                }
                Output::Dispose(disposition) => {
                    self.check_withheld(input, disposition);
                    self.dispositions.entry(disposition.signal).or_default().push(disposition.clone());
                }
                Output::TestRecord(record) => {
                    let stream = self.tests.entry(record.test).or_default();
                    assert_eq!(
                        record.version as usize,
                        stream.len() + 1,
                        "a gap in the stream of test {}",
                        record.test
                    );
                    stream.push(record.clone());
                }
                Output::FalseCallsRecord(record) => {
                    let stream = self.false_calls.entry(record.account).or_default();
                    assert_eq!(
                        record.version as usize,
                        stream.len() + 1,
                        "a gap in the false calls of {}",
                        record.account
                    );
                    stream.push(record.clone());
                }
                Output::FollowUpRecord(record) => {
                    let stream = self.follow_ups.entry(record.follow_up).or_default();
                    assert_eq!(record.version as usize, stream.len() + 1, "a gap in follow-up {}", record.follow_up);
                    stream.push(record.clone());
                }
                Output::StormRecord(record) => {
                    let stream = self.storms.entry(record.storm).or_default();
                    assert_eq!(record.version as usize, stream.len() + 1, "a gap in storm {}", record.storm);
                    stream.push(record.clone());
                }
                Output::LoweredRecord(record) => {
                    self.check_order(record);
                    let stream = self.lowered.entry(record.account).or_default();
                    assert_eq!(record.version as usize, stream.len() + 1, "a gap in lowered {}", record.account);
                    stream.push(record.clone());
                }
                Output::Touched(_)
                | Output::OverridesOver(_)
                | Output::OverrideWarned(_)
                | Output::RefuseLowered(_)
                | Output::RefuseFollowUp(_)
                | Output::Perform(_)
                | Output::Refuse(_)
                | Output::RefuseTest(_)
                | Output::RefuseFalseCalls(_)
                | Output::RefuseStorm(_)
                | Output::Wait(_) => {}
            }
        }
    }

    fn check(&self, said: &[Output], urgent: bool) {
        let called = said.iter().any(|output| match output {
            Output::Record(record) => matches!(
                record.event,
                alarmcore::IncidentEvent::Opened { .. } | alarmcore::IncidentEvent::Raised { .. }
            ),
            _ => false,
        });
        let shown = said.iter().any(|output| match output {
            Output::Dispose(disposition) => disposition.outcome.incident().is_some(),
            _ => false,
        });
        assert!((called && shown) || !urgent, "a life-safety signal called nobody: {said:?}");
        let keys: Vec<QueueKey> = self.desk.queue().iter().map(|incident| incident.queue_key()).collect();
        assert!(keys.is_sorted(), "the queue is out of order");
    }

    /// No rule withholds life safety, and none withholds anything that an operator was never told of.
    fn check_withheld(&self, input: &Input, disposition: &Disposition) {
        let Input::Signal(received) = input else { return };
        let Some(signal) = received.report.signal.as_ref().filter(|_| received.id == disposition.signal) else {
            return;
        };
        if is_life_safety(signal.class()) && signal.qualifier != Qualifier::Restore {
            self.check_danger(received, disposition);
        }
        if disposition.outcome != Outcome::Logged {
            return;
        }
        let told = |suits: &dyn Fn(&IncidentEvent) -> bool| {
            let of_account = |records: &&Vec<Record>| match records.first().map(|record| &record.event) {
                Some(IncidentEvent::Opened { account, .. }) => *account == received.report.account,
                _ => false,
            };
            self.records.values().filter(of_account).flatten().any(|record| suits(&record.event))
        };
        let place = (Some(signal.code), Some(signal.qualifier), signal.group, signal.number);
        let ran_away = || told(&|event| matches!(event, IncidentEvent::Opened { kind: Kind::Runaway, .. }));
        let tripped = |event: &IncidentEvent| match event {
            IncidentEvent::Opened { evidence: of, .. } | IncidentEvent::SignalJoined { evidence: of, .. } => {
                (of.code, of.qualifier, of.group, of.number) == place
            }
            _ => false,
        };
        let known = match disposition.rule {
            Rule::RunawayLogged => {
                let lowered = received.report.account.and_then(|account| self.desk.lowered(account));
                ran_away() && lowered.is_some_and(|lowered| lowered.running().is_some())
            }
            Rule::SwingerLogged => told(&tripped),
            Rule::RecentOpeningLogged | Rule::RecentClosingLogged => {
                let state = received.report.account.and_then(|account| self.desk.account(&account));
                let just_now = |since| (0..=600).contains(&disposition.at.secs_since(since));
                state.is_some_and(|state| state.areas.iter().any(|area| just_now(area.since)))
            }
            _ => return,
        };
        assert!(known, "nobody was told of what a rule withholds: {disposition:?}");
        assert!(!is_life_safety(signal.class()), "a rule withholds life safety: {disposition:?}");
    }

    /// People are in danger, card or no card: what is shown of it has the clocks and the ways of life safety, and what is not is
    /// the repeat of a frame whose incident is still open.
    fn check_danger(&self, received: &Received, disposition: &Disposition) {
        let serious = |incident: &Incident| incident.kind.family() == Family::LifeSafety;
        let rule = disposition.rule;
        let of_line = rule.is_of_line();
        match &disposition.outcome {
            Outcome::Repeat { .. } => {
                let mut open = self.desk.queue().into_iter();
                let signal = received.report.signal.as_ref().expect("people are in danger by what it says");
                let of = |origin: &Origin| {
                    (origin.code, origin.group, origin.number) == (signal.code, signal.group, signal.number)
                };
                let holds = |incident: &Incident| serious(incident) && incident.origins.iter().any(of);
                let known = open.any(|incident| incident.account == received.report.account && holds(incident));
                assert!(known && disposition.rule == Rule::Repeat, "life safety is hidden: {disposition:?}");
            }
            Outcome::Opened { incident } | Outcome::Joined { incident } if !of_line => {
                let incident = self.desk.incident(*incident).expect("it was shown in this step");
                assert!(serious(incident), "{disposition:?} is shown as {incident:?}");
            }
            Outcome::Opened { .. } | Outcome::Joined { .. } | Outcome::Logged | Outcome::Held { .. } => {}
        }
    }

    /// At the end of a day: nothing is lost, and the journal alone gives every incident.
    pub(crate) fn close(&self) {
        self.check_unbroken();
        self.check_conservation();
        self.check_folds();
        self.check_test_folds();
        self.check_false_calls();
        self.check_follow_ups();
        self.check_lowered_folds();
        self.check_storms();
        self.check_nothing_rests();
    }

    /// What clauses ask for is done or overdue in time, and open alarms know whether the police come to their account.
    fn check_claims(&self, now: Option<Timestamp>) {
        for incident in self.desk.queue() {
            let waits = |claim: &&Claimed| claim.is_running() && !incident.is_false();
            for claim in incident.claims.iter().filter(waits) {
                // What has just come to nothing, when its time was over, is told of at the next look, which is at once.
                let told = |now| claim.until > now || incident.changed_at == now;
                assert!(now.is_none_or(told), "nobody is told of {claim:?} of {}", incident.id);
            }
            let spoken_to = |at, site: bool| {
                let of = |call: &&Call| match site {
                    true => call.result.is_reached() && call.contact == ContactId::SITE,
                    false => call.result.reaches_user(),
                };
                incident.calls.iter().filter(|call| call.at == at).any(|call| of(&call))
            };
            for (claim, at) in incident.claims.iter().filter_map(|claim| Some((claim, claim.done_at?))) {
                let done = match claim.act {
                    Claim::HandOff => {
                        incident.hand_offs.iter().any(|one| Some(one.to) == claim.to && workflow::comes(incident, one))
                    }
                    Claim::Send => {
                        let accepted = incident.dispatches.iter().any(|dispatch| dispatch.accepted_at == Some(at));
                        accepted && incident.dispatches.iter().any(Dispatch::is_sent)
                    }
                    Claim::Call => spoken_to(at, false) || incident.owner_notified_at == Some(at),
                    Claim::CallSite => spoken_to(at, true),
                };
                assert!(done, "{claim:?} of {} is done by nothing", incident.id);
            }
            let withdrawn = |calls: &FalseCalls| {
                let by = |(clause, imposed): (&ClauseId, &Imposed)| {
                    (imposed.measure == Measure::Withdraw).then(|| clause.clone())
                };
                calls.standing.iter().find_map(by)
            };
            let stands = incident.account.and_then(|account| withdrawn(self.desk.false_calls(account)?));
            // A trouble that becomes life safety need not: to that the police always come.
            let other = incident.kind.family() != Family::Alarm;
            assert!(other || incident.withdrawn == stands, "{} does not know of {stands:?}", incident.id);
        }
    }
}

/// Where people are in danger no step of a plan holds up aid; elsewhere a forced step is named.
fn check_plan(input: &Input, said: &[Output], before: Option<&Incident>) {
    let (Input::Act { command, .. }, Some(before)) = (input, before) else { return };
    let Some(act) = Guarded::of(command) else { return };
    let stopped = said.iter().any(|output| matches!(output, Output::Refuse(Refusal::StepFirst { .. })));
    let danger = before.kind.family() == Family::LifeSafety;
    assert!(!(stopped && danger && act.brings_aid()), "a plan holds up aid: {said:?}");
}

fn fold(records: impl IntoIterator<Item = Record>) -> Incident {
    records.into_iter().fold(None, |incident, record| Some(evolve(incident, &record))).unwrap()
}

fn drain(desk: &mut Desk) -> Vec<Output> {
    let mut said = Vec::new();
    loop {
        let output = desk.poll();
        let last = matches!(output, Output::Wait(_));
        said.push(output);
        if last {
            return said;
        }
    }
}
