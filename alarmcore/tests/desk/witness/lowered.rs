//! What an agreement keeps from the operators is what it covers, never life safety, and is shown when it is over.

use std::collections::{BTreeMap, BTreeSet};

use alarmcore::{
    AccountCard, AccountNumber, FollowUpEvent, FollowUpReason, Handling, Held, Incident, IncidentEvent, Input,
    LoweredEvent, LoweredRecord, Lowers, Origin, Output, Rule, Subject, Timestamp, evolve_lowered, is_life_safety,
};
use contactid::{Code, Qualifier, Signal};

use super::Witness;

impl Witness {
    fn card(&self, account: AccountNumber) -> Option<AccountCard> {
        self.desk.snapshot().accounts.into_iter().find(|card| card.account == account)
    }

    /// Does a suspension or agreement hide this at `at`, that hid it when it was last said, too?
    pub(super) fn is_lowered(
        &self,
        account: AccountNumber,
        code: Code,
        number: Option<u32>,
        last: Timestamp,
        at: Timestamp,
    ) -> bool {
        let lowerings = self.card(account).map(|card| card.lowerings).unwrap_or_default();
        lowerings.iter().any(|one| one.from <= last && one.holds(at) && one.covers(code, number))
    }

    /// What is late to close waits as long as somebody said; nothing else of the kind waits.
    fn check_closings(&self) {
        let snapshot = self.desk.snapshot();
        let closings = snapshot.lowered.iter().flat_map(|lowered| lowered.closings.iter());
        let asked: BTreeMap<_, _> = closings.map(|closing| (closing.signal, closing.until)).collect();
        let missed = |held: &&Held| {
            let decided = self.dispositions.get(&held.received.id).and_then(|all| all.last());
            decided.is_some_and(|decided| decided.rule == Rule::LateCloseAsked)
        };
        let held = snapshot.held.iter().filter(missed).map(|held| (held.received.id, held.until));
        assert_eq!(asked, held.collect(), "asked about, and held");
    }

    pub(super) fn check_lowered(&self, input: &Input, said: &[Output]) {
        self.check_closings();
        if let Input::Signal(received) = input {
            for output in said {
                let Output::Dispose(disposition) = output else { continue };
                let by = match disposition.rule {
                    Rule::Suspended => true,
                    Rule::LogOnly => false,
                    _ => continue,
                };
                let (report, at) = (&received.report, received.report.received_at);
                let (account, signal) = (report.account.unwrap(), report.signal.as_ref().unwrap());
                assert!(!is_life_safety(signal.class()), "an agreement withholds life safety: {disposition:?}");
                let mut lowerings = self.card(account).unwrap().lowerings.into_iter();
                let covers = lowerings.any(|one| {
                    (one.lowers == Lowers::Suspension) == by && one.holds(at) && one.covers(signal.code, signal.number)
                });
                assert!(covers, "logged by an agreement that does not cover it: {disposition:?}");
            }
            return;
        }
        // Where a signal came in the same step, the account may stand otherwise by now.
        for output in said {
            match output {
                Output::LoweredRecord(LoweredRecord { account, at, event: LoweredEvent::Ended { number }, .. }) => {
                    self.check_over(*account, *number, *at, said);
                }
                Output::LoweredRecord(LoweredRecord { account, at, event: LoweredEvent::RunOver {}, .. }) => {
                    self.check_run_over(*account, *at, said);
                }
                _ => {}
            }
        }
    }

    /// What a run hid of an intrusion that still stands is in an open incident, or something else hides it.
    fn check_run_over(&self, account: AccountNumber, at: Timestamp, said: &[Output]) {
        let (snapshot, state) = (self.desk.snapshot(), self.desk.account(&account));
        let began = self.desk.lowered(account).and_then(|lowered| lowered.runaway).map(|run| run.since);
        let (Some(since), Some(_), Some(state)) = (began, self.card(account), state) else { return };
        let ends = said.iter().filter(|output| matches!(output, Output::LoweredRecord(one) if one.account == account));
        if ends.count() > 1 {
            return;
        }
        let decided = |id| self.dispositions.get(&id).and_then(|all| all.last()).map(|last| last.rule);
        for left in &state.alarms {
            let last = left.again.map_or((left.signal, left.since), |again| (again.signal, again.at));
            let hidden = last.1 >= since && decided(last.0) == Some(Rule::RunawayLogged);
            if !hidden || self.is_lowered(account, left.code, left.number, last.1, at) {
                continue;
            }
            let here = |origin: &Origin| (origin.code, origin.number) == (left.code, left.number) && !origin.restored;
            let shows =
                |incident: &Incident| incident.origins.iter().any(here) || incident.origins.len() == Incident::ORIGINS;
            let mut open = snapshot.incidents.iter().filter(|incident| incident.account == Some(account));
            let handling = self.desk.policy_of(Some(account)).handling(&Signal::new(left.code, Qualifier::New)).0;
            let logs = matches!(handling, Handling::Log {});
            assert!(logs || open.any(shows), "a run hid {left:?} for good: {said:?}");
        }
    }

    fn check_over(&self, account: AccountNumber, number: u32, at: Timestamp, said: &[Output]) {
        let lowerings = self.card(account).unwrap().lowerings;
        let over = lowerings.iter().find(|one| one.number == number).unwrap();
        let (snapshot, state) = (self.desk.snapshot(), self.desk.account(&account));
        let test = self.desk.test(account);
        for left in state.into_iter().flat_map(|state| &state.alarms) {
            let last = left.again.map_or(left.since, |again| again.at);
            let covered = over.from <= last && last <= at && over.covers(left.code, left.number);
            let tested = test.is_some_and(|test| test.started_at <= last && test.scope.covers(left.code, left.number));
            // Something else that was over later in the same step may have hidden it until then.
            let ends = said.iter().filter(|output| {
                matches!(output, Output::LoweredRecord(record) if matches!(record.event, LoweredEvent::Ended { .. }))
            });
            if !covered || tested || ends.count() > 1 || self.is_lowered(account, left.code, left.number, last, at) {
                continue;
            }
            let here = |origin: &Origin| (origin.code, origin.number) == (left.code, left.number) && !origin.restored;
            let mut open = snapshot.incidents.iter().filter(|incident| incident.account == Some(account));
            let shows =
                |incident: &Incident| incident.origins.iter().any(here) || incident.origins.len() == Incident::ORIGINS;
            assert!(open.any(shows), "{over:?} hid {left:?} for good: {said:?}");
        }
    }

    /// The journal alone gives what is kept of lowered protection.
    pub(super) fn check_lowered_folds(&self) {
        for (account, records) in &self.lowered {
            let bare = records.iter().cloned().map(|mut record| {
                record.event.take_text();
                record
            });
            let folded = bare.fold(None, |before, record| Some(evolve_lowered(before, &record)));
            assert_eq!(folded.as_ref(), self.desk.lowered(*account), "the journal gives another account");
            self.check_runs(records);
        }
    }

    /// The repair order of an earlier run stands for one that begins only while nobody has done it: as the desk heard of the two, for what
    /// a person does and what a panel says have clocks of their own.
    pub(super) fn check_order(&self, record: &LoweredRecord) {
        let LoweredEvent::RanAway { order: Some(order), .. } = record.event else { return };
        let before = self.lowered.get(&record.account).into_iter().flatten().rev();
        let mut runs = before.filter_map(|one| match one.event {
            LoweredEvent::RanAway { .. } => Some(true),
            LoweredEvent::RunOver {} => Some(false),
            _ => None,
        });
        if runs.next() != Some(true) {
            let done = self.follow_ups[&order].iter().any(|one| matches!(one.event, FollowUpEvent::Done { .. }));
            assert!(!done, "a run without a repair order: {record:?}");
        }
    }

    /// Of every run comes one repair order, which is made with its first record, or is that of an earlier run.
    fn check_runs(&self, records: &[LoweredRecord]) {
        let (mut run, mut orders) = (None, BTreeSet::new());
        for record in records {
            match record.event {
                LoweredEvent::RanAway { order: None, .. } => {
                    assert_eq!(self.policy.runaway.repair_within_s, 0, "a run without a repair order");
                    return;
                }
                LoweredEvent::RanAway { order: Some(order), .. } => {
                    assert_eq!(run.unwrap_or(order), order, "a second repair order of one run");
                    let made = &self.follow_ups[&order];
                    let by_rule =
                        matches!(made[0].event, FollowUpEvent::Created { reason: Some(FollowUpReason::Runaway), .. });
                    assert!(by_rule && made[0].by.is_none(), "{made:?}");
                    orders.insert(order);
                    run = Some(order);
                }
                LoweredEvent::RunOver {} => assert!(run.take().is_some(), "a run is over that never began"),
                _ => {}
            }
        }
        let made = self.follow_ups.values().filter(|made| match &made[0].event {
            FollowUpEvent::Created {
                subject: Subject::Incident(incident),
                reason: Some(FollowUpReason::Runaway),
                ..
            } => {
                let first = self.records[incident].first().map(|record| &record.event);
                matches!(first, Some(IncidentEvent::Opened { account, .. }) if *account == Some(records[0].account))
            }
            _ => false,
        });
        assert_eq!(made.count(), orders.len(), "a repair order that no run asked for");
    }
}
