//! Runaway: a panel that says more than a working one would takes no operator's time, and hides no danger to people.

use contactid::{AccountNumber, Class, Qualifier, Signal};

use super::{Desk, Due};
use crate::account::{Pace, is_confirmed_by_panel};
use crate::disposition::{Outcome, Rule};
use crate::follow_up::{Assignee, FollowUpEvent, FollowUpReason, Subject};
use crate::id::IncidentId;
use crate::incident::Kind;
use crate::lowered::{Lowered, LoweredEvent};
use crate::policy::is_life_safety;
use crate::report::{Marks, Received};
use crate::time::Timestamp;

impl Desk {
    /// How many signals this account sent without a silence, where that is more than a working panel sends. What the centre
    /// itself reports of it is none of them.
    fn runaway(&self, number: AccountNumber, received: &Received) -> Option<u32> {
        let (limits, marks) = (self.policy_of(Some(number)).runaway, received.report.marks);
        if marks.contains(Marks::SUPERVISION) || marks.contains(Marks::MANUAL) {
            return None;
        }
        let too_long = |run: u32| (limits.signals > 0 && run >= limits.signals).then_some(run);
        // Hardly a signal comes further than this, and each asks twice.
        let run = too_long(self.account(&number)?.pace.run(limits.silence_s))?;
        // Of a suspended account nothing but life safety calls anybody.
        if self.is_suspended(number, received.report.received_at) {
            return None;
        }
        // Whoever tests makes a panel say much: that is no run, and none of one that comes after it.
        let untested = u32::try_from(self.sent_untested(number)?).unwrap_or(u32::MAX);
        too_long(run.min(untested))
    }

    /// What becomes of an ordinary signal of a panel that has run away already. A restore still settles what is held: the
    /// desk promised to show that, unless it restores. The panel's own word that an intrusion is confirmed, and a cancel by somebody who
    /// may not, are no ordinary signals until an open incident tells of them.
    pub(super) fn log_runaway(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
        weighs: bool,
    ) -> Option<(Outcome, Rule)> {
        // What comes from a strange source begins no run and ends none: it is of one only while that goes on.
        if is_life_safety(signal.class())
            || (!weighs && !self.runs.contains_key(&number))
            || self.runaway(number, received)? <= self.policy_of(Some(number)).runaway.signals
            || (is_confirmed_by_panel(signal.code) && self.holder(Some(number), signal).is_none())
            || self.raises(number, signal, received.report.received_at)
        {
            return None;
        }
        let ends = signal.qualifier == Qualifier::Restore && signal.class() != Class::OpenClose;
        let settled = if ends { self.settle_held(Some(number), received, signal) } else { None };
        Some(settled.unwrap_or((Outcome::Logged, Rule::RunawayLogged)))
    }

    /// The signal that makes a run too long opens an incident of its own beside whatever else it does. When people have
    /// closed that and the panel runs on, it is opened again each time the run has doubled.
    pub(super) fn call_runaway(&mut self, number: AccountNumber, received: &Received) -> Option<(Outcome, Rule)> {
        let (run, limits) = (self.runaway(number, received)?, self.policy_of(Some(number)).runaway);
        let begins = !self.runs.contains_key(&number);
        let doubled = run.is_multiple_of(limits.signals) && (run / limits.signals).is_power_of_two();
        if !begins && !doubled {
            return None;
        }
        let at = received.report.received_at;
        let Some(incident) = self.target(Some(number), Kind::Runaway) else {
            let outcome = self.show(Some(number), received, at, Kind::Runaway, limits.priority, Rule::Runaway);
            if let Some(incident) = outcome.incident() {
                self.ran_away(number, at, incident);
            }
            return Some((outcome, Rule::Runaway));
        };
        // That of an earlier run is not closed yet, and tells of this one, too.
        if begins {
            self.ran_away(number, at, incident);
        }
        None
    }

    /// Writes down that a panel runs away, by this incident. Its beginning orders a repair: one of each run, and none while
    /// somebody still has that of an earlier one.
    fn ran_away(&mut self, number: AccountNumber, at: Timestamp, incident: IncidentId) {
        let limits = self.policy_of(Some(number)).runaway;
        let last = self.lowered.get(&number).and_then(|lowered| lowered.runaway);
        let runs = last.is_some_and(|last| last.runs());
        let ordered = last.and_then(|last| last.order).filter(|order| runs || self.follow_ups.contains_key(order));
        let orders = ordered.is_none() && !runs && limits.repair_within_s > 0;
        let order = if orders { Some(self.next_follow_up) } else { ordered };
        if let Some(order) = order.filter(|_| orders) {
            let (subject, to) = (Subject::Incident(incident), Assignee::Rank(limits.repair_by));
            let (due_at, reason) = (at.plus_secs(limits.repair_within_s), Some(FollowUpReason::Runaway));
            let priority = self.urgency_of(subject);
            let made = FollowUpEvent::Created { subject, to, due_at, reason, said: None, priority, note: None };
            self.record_follow_up(order, at, None, made);
        }
        self.record_lowered(number, at, None, LoweredEvent::RanAway { incident, order });
        self.await_silence(number);
    }

    /// It was silent for so long that it runs away no more; or it is on test. What it said meanwhile and still stands is shown, unless
    /// that was never hidden: life safety, what the centre itself misses, and what an open incident or a wait holds.
    pub(super) fn run_over(&mut self, number: AccountNumber, at: Timestamp) {
        let Some(until) = self.runs.remove(&number) else { return };
        self.deadlines.remove(&(until, Due::Quiet(number)));
        let since = self.lowered.get(&number).and_then(Lowered::running).map(|running| running.since);
        self.record_lowered(number, at, None, LoweredEvent::RunOver {});
        let (Some(since), Some(state)) = (since, self.account(&number)) else { return };
        let said = state.alarms.iter().chain(&state.troubles).filter(|one| !is_life_safety(one.class));
        let unseen = self.unseen(number, said.copied());
        self.bring_back(number, since, |code, of| unseen.contains(&(code, of)), at, Rule::RunawayOver);
    }

    /// A panel that runs away has said something more, or its card or rules are others.
    pub(super) fn runs_on(&mut self, number: AccountNumber) {
        if self.runs.contains_key(&number) {
            self.await_silence(number);
        }
    }

    /// All panels that ran away when the desk stopped.
    pub(super) fn await_silences(&mut self) {
        let runs = |lowered: &Lowered| lowered.running().map(|_| lowered.account);
        for number in self.lowered.values().filter_map(runs).collect::<Vec<_>>() {
            self.await_silence(number);
        }
    }

    /// Settles when this panel will have been silent for long enough.
    fn await_silence(&mut self, number: AccountNumber) {
        let silence_s = self.policy_of(Some(number)).runaway.silence_s.min(Pace::LONGEST_S);
        let Some(last) = self.account(&number).and_then(|state| state.last_signal) else { return };
        let until = last.at.plus_secs(silence_s);
        if let Some(before) = self.runs.insert(number, until) {
            self.deadlines.remove(&(before, Due::Quiet(number)));
        }
        self.deadlines.insert((until, Due::Quiet(number)));
    }
}
