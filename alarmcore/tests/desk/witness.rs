//! Watches a desk at work: after every input the invariants hold, and a desk restored from a snapshot says the same.

use std::collections::{BTreeMap, BTreeSet};

use alarmcore::{
    AccountNumber, AnswerStanding, Authority, Claimed, ClauseId, Desk, Disposition, Escalated, FalseCalls,
    FalseCallsEvent, FalseCallsRecord, Family, FollowUpEvent, FollowUpId, FollowUpRecord, Guarded, Held, Imposed,
    Incident, IncidentEvent, IncidentId, Input, Kind, Measure, Missing, Origin, Outcome, Output, Policy, QueueKey,
    Received, Record, Refusal, Rule, SceneEnd, SignalId, Snapshot, Standing, TestEnd, TestId, TestRecord, TestSession,
    TheirAnswer, Timestamp, evolve, evolve_false_calls, evolve_follow_up, evolve_test, is_life_safety,
};
use contactid::Qualifier;

/// A desk, and everything it ever said.
pub(crate) struct Witness {
    policy: Policy,
    desk: Desk,
    received: BTreeSet<SignalId>,
    pub(crate) dispositions: BTreeMap<SignalId, Vec<Disposition>>,
    pub(crate) records: BTreeMap<IncidentId, Vec<Record>>,
    pub(crate) tests: BTreeMap<TestId, Vec<TestRecord>>,
    pub(crate) false_calls: BTreeMap<AccountNumber, Vec<FalseCallsRecord>>,
    follow_ups: BTreeMap<FollowUpId, Vec<FollowUpRecord>>,
}

impl Witness {
    pub(crate) fn new(policy: Policy) -> Self {
        let desk = Desk::new(policy.clone());
        let (received, dispositions, records, tests, false_calls, follow_ups) = Default::default();
        Self { policy, desk, received, dispositions, records, tests, false_calls, follow_ups }
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Gives the desk one input.
    pub(crate) fn handle(&mut self, input: Input) -> Vec<Output> {
        let tested = self.is_tested(&input);
        let urgent = self.must_call(&input) && !tested;
        let acted_on = match &input {
            Input::Act { incident, .. } => self.desk.incident(*incident).cloned(),
            _ => None,
        };
        let tests: Vec<TestSession> = self.desk.tests().cloned().collect();
        self.desk.handle(input.clone());
        let said = drain(&mut self.desk);
        self.note(&input, &said);
        self.check(&said, urgent);
        self.check_tested(&input, &said, tested);
        self.check_tests(&input, &said, &tests);
        self.check_workflow(&input);
        check_plan(&input, &said, acted_on.as_ref());
        let now = match &input {
            Input::Time(at) | Input::Act { at, .. } => Some(*at),
            _ => None,
        };
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

    /// Is this a life-safety signal that no operator has been told of yet?
    fn must_call(&self, input: &Input) -> bool {
        let Input::Signal(received) = input else { return false };
        let Some(signal) = &received.report.signal else { return false };
        let begins = is_life_safety(signal.class()) && signal.qualifier != Qualifier::Restore;
        let repeats = received
            .report
            .account
            .and_then(|account| self.desk.account(&account))
            .is_some_and(|state| state.repeat_of(&received.report, self.policy.repeat_window_s).is_some());
        begins && !repeats
    }

    /// Does a test cover this signal, that is not over when it comes?
    fn is_tested(&self, input: &Input) -> bool {
        let Input::Signal(Received { report, .. }) = input else { return false };
        let (Some(account), Some(signal)) = (report.account, &report.signal) else { return false };
        let test = self.desk.test(account).filter(|test| test.until > report.received_at);
        test.is_some_and(|test| test.scope.covers(signal.code, signal.number))
    }

    /// What a test covers opens nothing but for its line; what it does not cover is never logged by it.
    fn check_tested(&self, input: &Input, said: &[Output], tested: bool) {
        let Input::Signal(received) = input else { return };
        for output in said {
            let Output::Dispose(disposition) = output else { continue };
            let rule = disposition.rule;
            if disposition.signal != received.id {
                continue;
            }
            let line = matches!(rule, Rule::Undeciphered | Rule::Unread | Rule::PlainDespiteKey);
            let joins =
                matches!(rule, Rule::RestoreJoined | Rule::CancelJoined | Rule::CancelAllowed | Rule::CancelStranger);
            let logged = matches!(
                rule,
                Rule::OnTest
                    | Rule::UnknownAccount
                    | Rule::RestoreWaitRestored
                    | Rule::CancelLogged
                    | Rule::CancelInTime
                    | Rule::Repeat
            );
            assert!(!tested || line || joins || logged, "on test, and still decided by {rule}");
            assert!(tested || rule != Rule::OnTest, "logged by a test that does not cover it");
        }
    }

    /// Nothing calls or is laid aside for longer than the rules say, and life safety is laid aside only after an act.
    fn check_workflow(&self, input: &Input) {
        let limits = self.policy.hold;
        for incident in self.desk.queue() {
            let id = incident.id;
            if let Some(hold) = incident.hold {
                let urgent = incident.kind.family() == Family::LifeSafety;
                assert!(incident.calling_since.is_none(), "incident {id} is on hold and calls");
                assert!(!urgent || incident.unacted_since.is_none(), "incident {id} was laid aside before any act");
                let lasts = hold.until.secs_since(hold.since);
                assert!(lasts > 0 && lasts <= i64::from(limits.of(incident)), "incident {id} is on hold for {lasts} s");
            } else {
                let calls = incident.calling_since.is_some();
                assert!(calls || incident.owner.is_some(), "incident {id} is nobody's, and calls nobody");
            }
            let Input::Time(now) = input else { continue };
            assert!(incident.hold.is_none_or(|hold| hold.until > *now), "incident {id} was not woken");
            for step in &self.policy.escalation {
                let fits = step.family.is_none_or(|family| family == incident.kind.family())
                    && step.priority >= incident.priority;
                let since = match step.missing {
                    Missing::Take => incident.calling_since,
                    Missing::Act => incident.unacted_since,
                };
                let due = since.is_some_and(|since| since.plus_secs(step.after_s) <= *now);
                let done =
                    |done: &Escalated| (done.to, done.missing, done.after_s) == (step.to, step.missing, step.after_s);
                assert!(
                    !(fits && due) || incident.escalated.iter().any(done),
                    "incident {id} was not escalated: {step:?}"
                );
            }
        }
    }

    /// No test outlives its limit, and what it hid is shown when it is over.
    fn check_tests(&self, input: &Input, said: &[Output], before: &[TestSession]) {
        let now = match input {
            Input::Signal(received) => Some(received.report.received_at),
            Input::Act { at, .. }
            | Input::Test { at, .. }
            | Input::FalseCalls { at, .. }
            | Input::FollowUp { at, .. }
            | Input::Operator { at, .. }
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
                assert!(named || full, "test {} hid {left:?} for good: {said:?}", over.id);
            }
        }
    }

    fn note(&mut self, input: &Input, said: &[Output]) {
        if let Input::Signal(received) = input {
            assert!(self.received.insert(received.id), "the script gives a signal twice");
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
                Output::Touched(_)
                | Output::RefuseFollowUp(_)
                | Output::Perform(_)
                | Output::Refuse(_)
                | Output::RefuseTest(_)
                | Output::RefuseFalseCalls(_)
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
            Rule::RunawayLogged => ran_away(),
            // The first trips may have been among what the panel said when it ran away.
            Rule::SwingerLogged => told(&tripped) || ran_away(),
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

    /// At the end of a day: nothing is lost, and the journal alone gives every incident.
    pub(crate) fn close(&self) {
        self.check_conservation();
        self.check_folds();
        self.check_test_folds();
        self.check_false_calls();
        self.check_follow_ups();
    }

    /// The journal alone gives the false calls of every account; none is counted twice, and each was closed as false.
    fn check_false_calls(&self) {
        for (account, records) in &self.false_calls {
            let folded = records.iter().fold(None, |calls, record| Some(evolve_false_calls(calls, record)));
            assert_eq!(folded.as_ref(), self.desk.false_calls(*account), "the journal gives other false calls");
            let mut counted = BTreeSet::new();
            for record in records {
                let FalseCallsEvent::Counted { incident, .. } = record.event else { continue };
                assert!(counted.insert(incident), "incident {incident} is counted twice");
                let closed = fold(self.records[&incident].clone());
                assert!(closed.is_closed() && closed.is_false(), "incident {incident} was not false");
            }
        }
    }

    /// What clauses ask for is done or overdue in time, and open alarms know whether the police come to their account.
    fn check_claims(&self, now: Option<Timestamp>) {
        for incident in self.desk.queue() {
            let waits = |claim: &&Claimed| claim.is_running() && !incident.is_false();
            for claim in incident.claims.iter().filter(waits) {
                assert!(now.is_none_or(|now| claim.until > now), "nobody is told of {claim:?} of {}", incident.id);
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

    /// The journal alone gives every follow-up: each rang once for each time it was due, and is there until it is done.
    fn check_follow_ups(&self) {
        for (id, records) in &self.follow_ups {
            let bare = records.iter().cloned().map(|mut record| {
                record.event.take_text();
                record
            });
            let folded = bare.fold(None, |before, record| evolve_follow_up(before, &record)).unwrap();
            let open = self.desk.follow_ups().find(|open| open.id == *id);
            assert_eq!(open, Some(&folded).filter(|folded| folded.done_at.is_none()), "follow-up {id}");
            let rang = records.iter().filter(|record| matches!(record.event, FollowUpEvent::Rang {}));
            assert!(rang.clone().all(|record| record.by.is_none()));
            assert_eq!(
                rang.map(|record| record.at).next_back(),
                folded.rang_at.or(rang_before(records)),
                "{records:?}"
            );
        }
    }

    /// The journal alone gives every test; each ended by its limit, and no limit was lifted beyond the policy's.
    fn check_test_folds(&self) {
        for (id, records) in &self.tests {
            let bare = records.iter().cloned().map(|mut record| {
                record.event.take_text();
                record
            });
            let fold = |session, record: TestRecord| evolve_test(session, &record);
            let folded = records.iter().cloned().fold(None, fold).unwrap();
            assert_eq!(Some(&folded), bare.fold(None, fold).as_ref(), "free text decides something");
            match folded.ended_at {
                None => assert_eq!(self.desk.test(folded.account), Some(&folded), "the journal gives another test"),
                Some(at) => {
                    assert!(at <= folded.until, "test {id} ended after its limit");
                    assert!(folded.ending != Some(TestEnd::AtLimit) || at == folded.until, "test {id} ended elsewhen");
                }
            }
            let lasts = folded.until.secs_since(folded.started_at);
            assert!(lasts <= i64::from(self.policy.on_test.supervisor_max_s), "test {id} may last {lasts} s");
        }
    }

    /// Invariant 12: every signal has exactly one final disposition, or is held and has none.
    fn check_conservation(&self) {
        let held: BTreeSet<SignalId> =
            self.desk.snapshot().held.iter().map(|Held { received, .. }| received.id).collect();
        for id in &self.received {
            let of = self.dispositions.get(id).map(Vec::as_slice).unwrap_or_default();
            let finals = of.iter().filter(|disposition| disposition.outcome.is_final()).count();
            assert_eq!(finals, usize::from(!held.contains(id)), "signal {id} has {finals} final dispositions: {of:?}");
            assert!(of.len() <= 2, "signal {id} was decided too often: {of:?}");
            for disposition in of {
                if let Outcome::Repeat { of } = disposition.outcome {
                    assert!(of < *id && self.received.contains(&of), "signal {id} repeats one that never was");
                }
            }
        }
    }

    /// The journal alone, with or without its free text, gives every incident exactly; and people end incidents, not rules.
    fn check_folds(&self) {
        for (id, records) in &self.records {
            let folded = fold(records.clone());
            let without_text = fold(records.iter().cloned().map(|mut record| {
                record.event.take_text();
                record
            }));
            assert_eq!(folded, without_text, "free text decides something");
            match self.desk.incident(*id) {
                Some(live) => assert_eq!(&folded, live, "the journal gives another incident"),
                None => assert!(folded.is_closed(), "incident {id} is gone, and not closed"),
            }
            if folded.is_closed() {
                let mut closings = records.iter().filter(|record| matches!(record.event, IncidentEvent::Closed { .. }));
                assert!(closings.all(|record| record.by.is_some()), "incident {id} was closed by nobody");
                assert!(
                    folded.kind.family() == Family::Service || folded.verdict.is_some(),
                    "an alarm was closed without a verdict"
                );
            }
            if folded.is_closed() && folded.scene_end() == Some(SceneEnd::HandedToPolice) {
                assert!(folded.is_accepted_by(Authority::Police), "handed to police who did not take it");
            }
            if let Some(guard) = folded.guard.filter(|_| folded.is_closed()) {
                let left = folded.dispatch_of(guard.unit).and_then(|dispatch| dispatch.left_at);
                assert!(left.is_some_and(|left| left >= guard.until), "incident {id} was closed, and its guard gone");
            }
            let confirms =
                |record: &&Record| matches!(record.event, IncidentEvent::Raised { reason, .. } if reason.confirms());
            let confirmed = records.iter().filter(confirms).count();
            assert_eq!(
                confirmed,
                usize::from(folded.confirmed.is_some()),
                "incident {id} has more confirmations than it stands for"
            );
            assert!(confirmed == 0 || folded.kind.family() != Family::Service, "a trouble is confirmed");
            check_hand_offs(records, &folded);
            assert!(folded.kind != Kind::UnknownAccount || folded.signals as usize <= self.received.len());
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

/// A hand-off comes to one end at most, which nothing changes; a message counts once; and whoever it fails for is told.
fn check_hand_offs(records: &[Record], folded: &Incident) {
    let mut ends = BTreeMap::new();
    let mut counted = BTreeSet::new();
    let mut folding = None;
    for (place, record) in records.iter().enumerate() {
        let so_far = evolve(folding.take(), record);
        for hand_off in &so_far.hand_offs {
            let end = hand_off.state().is_end().then(|| hand_off.state());
            let before = ends.insert(hand_off.number, end).flatten();
            assert!(before.is_none() || before == end, "hand-off {} ended twice", hand_off.number);
        }
        let calls = |next: Option<&Record>| match next.map(|next| &next.event) {
            Some(IncidentEvent::Raised { .. }) => true,
            _ => so_far.is_closed(),
        };
        match &record.event {
            IncidentEvent::AuthorityAnswered { number, answer, standing, message, .. } => {
                let counts = *standing == AnswerStanding::Taken;
                if let Some(message) = message.as_ref().filter(|_| counts) {
                    assert!(counted.insert((*number, message.clone())), "message {message} counted twice");
                }
                let rejects = counts && *answer == TheirAnswer::Rejected;
                assert!(!rejects || calls(records.get(place + 1)), "a rejection called nobody");
            }
            IncidentEvent::HandOffFailed { .. } | IncidentEvent::HandOffUnanswered { .. } => {
                let next = records[place + 1..]
                    .iter()
                    .find(|next| !matches!(next.event, IncidentEvent::HandOffUnanswered { .. }));
                assert!(calls(next), "a failed hand-off called nobody");
            }
            _ => {}
        }
        folding = Some(so_far);
    }
    let open = folded.hand_offs.iter().filter(|hand_off| !hand_off.state().is_end());
    let followed = folded.followed_until.is_some();
    assert!(!folded.is_closed() || followed || open.count() == 0, "a closed incident has hand-offs that never end");
}

fn fold(records: impl IntoIterator<Item = Record>) -> Incident {
    records.into_iter().fold(None, |incident, record| Some(evolve(incident, &record))).unwrap()
}

/// When it rang for a time that it does not have any more.
fn rang_before(records: &[FollowUpRecord]) -> Option<Timestamp> {
    records.iter().rev().find(|record| matches!(record.event, FollowUpEvent::Rang {})).map(|record| record.at)
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
