//! What becomes due, and the indexes that incidents and held signals are found by.

use std::collections::BTreeMap;

use contactid::{AccountNumber, Qualifier};

use super::away::anew_at;
use super::confirm::begins_intrusion;
use super::queues::overflow_due;
use super::{Desk, Due};
use crate::account::is_intrusion;
use crate::disposition::Rule;
use crate::id::{IncidentId, SignalId, UnitId};
use crate::incident::{Dispatch, DispatchState, Incident, IncidentEvent, Kind, RaiseReason, escalate, raise};
use crate::policy::{Handling, Policy};
use crate::presence::Absence;
use crate::queue::Priority;
use crate::report::Received;
use crate::snapshot::Held;
use crate::time::Timestamp;
use crate::unit::UnitCard;

impl Desk {
    /// Lets everything happen that is due by now, each at its own moment: how often the caller looks makes no difference.
    pub(super) fn advance(&mut self, now: Timestamp) {
        while let Some(&(at, due)) = self.deadlines.first().filter(|(at, _)| *at <= now) {
            self.deadlines.remove(&(at, due));
            match due {
                Due::Held(id) => self.wait_over(id, at),
                Due::Anew(id) => self.await_anew(id, at),
                Due::Offer(id) => self.offer_over(id, at),
                Due::Arrival(id) => self.arrival_over(id, at),
                Due::Silent(id) => self.unit_silent(id, at),
                Due::Rest(id) => self.rest_over(id, at),
                Due::Address(id) => self.address_over(id, at),
                Due::Guard(id) => self.guard_due(id, at),
                Due::Test(account) => self.test_due(account, at),
                Due::Restore(id) => self.restore_due(id, at),
                Due::Hold(id) => self.record(id, at, None, vec![IncidentEvent::HoldOver {}]),
                Due::Escalation(id) => self.escalation_due(id, at),
                Due::FollowUp(id) => self.follow_up_due(id, at),
                Due::Silence(operator) => self.gone(operator, at, Absence::Silent),
                Due::Claim(id) => self.claim_over(id, at),
                Due::FalseCalls(account) => self.false_calls_due(account, at),
                Due::HandOff(id) => self.hand_off_due(id, at),
                Due::Follow(id) => self.follow_over(id, at),
                Due::Storm(id) => self.storm_due(id, at),
                Due::Lowered(account) => self.lowered_due(account, at),
                Due::OverrideEnding(place) => self.override_ending(place, at),
                Due::Override(place) => self.override_over(place, at),
                Due::Quiet(account) => self.run_over(account, at),
                Due::Overflow(id) => self.spill(id, at),
                Due::Feed(id) => self.feed_over(id, at),
                Due::Rested(operator) => self.rested(operator),
            }
            self.feed(at);
            if self.deadlines.first().is_none_or(|(next, _)| *next > at) {
                self.settle_hidden(at);
            }
        }
        self.settle_hidden(now);
    }

    /// A held signal did not restore or was not cancelled, or nobody answered: it is shown after all.
    fn wait_over(&mut self, id: SignalId, at: Timestamp) {
        let account = self.held.get(&id).and_then(|held| held.received.report.account);
        match account.filter(|account| self.closing_of(Some(*account), id).is_some()) {
            Some(account) => self.closing_due(account, id, at),
            None => {
                let cancel = self.held.get(&id).is_some_and(|held| held.waits_by() == Rule::CancelWait);
                let rule = if cancel { Rule::CancelWaitOver } else { Rule::RestoreWaitOver };
                self.show_held(id, at, rule);
            }
        }
    }

    /// A held signal is shown after all, by this incident.
    pub(super) fn show_held(&mut self, id: SignalId, at: Timestamp, rule: Rule) -> Option<IncidentId> {
        let Held { received, .. } = self.release(id)?;
        self.show_released(&received, at, rule, None)
    }

    /// The same of one that is held no more; so urgent, where its class or code does not say it.
    pub(super) fn show_released(
        &mut self,
        received: &Received,
        at: Timestamp,
        rule: Rule,
        priority: Option<Priority>,
    ) -> Option<IncidentId> {
        let key = received.report.account;
        let signal = received.report.signal.as_ref()?;
        if signal.qualifier == Qualifier::Restore && is_intrusion(signal.class()) {
            let (outcome, rule) = self.join_begun(key, received, signal, at);
            self.dispose(received, at, outcome, rule);
            return outcome.incident();
        }
        let priority = priority.unwrap_or_else(|| match self.policy_of(key).handling(signal).0 {
            Handling::Hold { priority, .. } | Handling::Show { priority } => priority,
            // The rules changed while it was held. It was promised to be shown, so it is.
            Handling::Log {} => Priority::LEAST,
        });
        let outcome = self.show(key, received, at, Kind::of(signal.class()), priority, rule);
        self.dispose(received, at, outcome, rule);
        // Whoever has just come or gone may well walk past two detectors.
        let weighs =
            |number: &AccountNumber| begins_intrusion(signal) && self.recently(*number, received, signal).is_none();
        if let Some(number) = key.filter(weighs) {
            self.confirm(number, received, signal, (outcome, rule), received.report.received_at, at);
        }
        outcome.incident()
    }

    fn escalation_due(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let events = escalate(incident, self.policy_of(incident.account), at);
        // By rules that hold since lately it may have been due before what has happened: it is written down after that.
        let at = at.max(incident.changed_at);
        self.record(id, at, None, events);
    }

    /// Nobody goes on with what somebody has in hand: it calls, and the chain goes on from there.
    fn rest_over(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let event = raise(incident, RaiseReason::LeftToRest, incident.kind, incident.priority);
        self.record(id, at, None, vec![event]);
    }

    /// The guard is to be asked how things stand: its operator, or any, is called.
    fn guard_due(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let event = raise(incident, RaiseReason::GuardCheck, incident.kind, incident.priority);
        self.record(id, at, None, vec![event]);
    }

    /// Keeps a signal until it restores or its wait is over.
    pub(super) fn keep(&mut self, mut held: Held) {
        let (id, account) = (held.received.id, held.received.report.account);
        // Somebody may have said since that it is to wait longer.
        held.until = self.closing_of(account, id).map_or(held.until, |closing| closing.until);
        self.deadlines.insert((held.until, Due::Held(id)));
        self.accounts.entry(account).or_default().held.push(id);
        self.held.insert(id, held);
    }

    /// Lets go of a held signal.
    pub(super) fn release(&mut self, id: SignalId) -> Option<Held> {
        let held = self.held.remove(&id)?;
        self.deadlines.remove(&(held.until, Due::Held(id)));
        if let Some(account) = self.accounts.get_mut(&held.received.report.account) {
            account.held.retain(|other| *other != id);
        }
        Some(held)
    }

    /// Puts an incident among the open ones, with everything it is found by.
    pub(super) fn admit(&mut self, incident: Box<Incident>) {
        self.accounts.entry(incident.account).or_default().open.push(incident.id);
        self.index(&incident);
        self.incidents.insert(incident);
    }

    /// Takes an incident off the indexes before it changes.
    pub(super) fn unindex(&mut self, incident: &Incident) {
        for deadline in deadlines(incident, self.rules.of(incident.account), &self.units, self.started) {
            self.deadlines.remove(&deadline);
        }
        if let Some(due) = self.address_deadline(incident) {
            self.deadlines.remove(&due);
        }
        if incident.rule == Rule::UnknownAccount {
            self.unknown.remove(&incident.id);
        }
        for dispatch in incident.dispatches.iter().filter(|dispatch| dispatch.is_running()) {
            self.jobs.remove(&dispatch.unit);
        }
        self.unindex_offers(incident);
    }

    /// Puts it back after it changed.
    pub(super) fn index(&mut self, incident: &Incident) {
        self.deadlines.extend(deadlines(incident, self.rules.of(incident.account), &self.units, self.started));
        self.deadlines.extend(self.address_deadline(incident));
        if incident.rule == Rule::UnknownAccount {
            self.unknown.insert(incident.id);
        }
        for dispatch in incident.dispatches.iter().filter(|dispatch| dispatch.is_running()) {
            self.jobs.insert(dispatch.unit, incident.id);
        }
        self.index_offers(incident);
    }

    /// An account has other rules from now on: what becomes due of its open incidents does so by these.
    pub(super) fn settle_rules(&mut self, number: AccountNumber) {
        let Self { rules, accounts, incidents, units, started, deadlines: dues, .. } = self;
        let Some(account) = accounts.get(&Some(number)).filter(|_| rules.may_differ()) else { return };
        let open = || account.open.iter().filter_map(|id| incidents.get(id));
        for due in open().flat_map(|incident| deadlines(incident, rules.of(Some(number)), units, *started)) {
            dues.remove(&due);
        }
        match &account.card {
            Some(card) => rules.settle(card),
            None => rules.close(number),
        }
        dues.extend(open().flat_map(|incident| deadlines(incident, rules.of(Some(number)), units, *started)));
        if let Some(calls) = self.false_calls.remove(&number) {
            self.keep_false_calls(calls);
        }
    }

    /// Forgets a closed incident, and an account of which nothing else is known.
    pub(super) fn dismiss(&mut self, incident: &Incident) {
        let Some(account) = self.accounts.get_mut(&incident.account) else { return };
        account.open.retain(|id| *id != incident.id);
        if account.open.is_empty() && account.held.is_empty() && account.card.is_none() && account.state.is_none() {
            self.accounts.remove(&incident.account);
        }
    }
}

/// What becomes due of an open incident.
fn deadlines(
    incident: &Incident,
    policy: &Policy,
    units: &BTreeMap<UnitId, UnitCard>,
    started: Option<Timestamp>,
) -> impl Iterator<Item = (Timestamp, Due)> {
    let id = incident.id;
    let anew = anew_at(incident, policy, started).map(|due| (due, Due::Anew(id)));
    let offer = offer_until(incident, units).map(|until| (until, Due::Offer(id)));
    // By rules that hold since lately it may have been due before what has happened.
    let arrival = [incident.arrive_by(policy), incident.authority_by(policy)].into_iter().flatten().min();
    let arrival = arrival.map(|due| (due.max(incident.changed_at), Due::Arrival(id)));
    let silent = incident.ask_by(policy).map(|(due, _)| (due.max(incident.changed_at), Due::Silent(id)));
    let rest = incident.rests_until(policy).map(|due| (due.max(incident.changed_at), Due::Rest(id)));
    let hold = incident.hold.map(|hold| (hold.until, Due::Hold(id)));
    let escalation = incident.escalation_due(policy).map(|at| (at, Due::Escalation(id)));
    let guard = incident.guard.and_then(|guard| guard.due).map(|due| (due, Due::Guard(id)));
    let claim = claim_until(incident).map(|until| (until, Due::Claim(id)));
    let hand_off = incident.hand_off_due(policy).map(|due| (due, Due::HandOff(id)));
    let overflow = overflow_due(incident, policy).map(|due| (due, Due::Overflow(id)));
    let feed = incident.offered.map(|offered| (offered.until, Due::Feed(id)));
    [anew, offer, arrival, silent, rest, hold, escalation, guard, claim, hand_off, overflow, feed].into_iter().flatten()
}

/// When the first act that a clause asks for is overdue. What was found false and is not any more may be so at once.
fn claim_until(incident: &Incident) -> Option<Timestamp> {
    let running = incident.claims.iter().filter(|claim| claim.is_running() && !incident.is_false());
    running.map(|claim| claim.until.max(incident.changed_at)).min()
}

/// When the offer ends, or the unit that is to come went off duty.
fn offer_until(incident: &Incident, units: &BTreeMap<UnitId, UnitCard>) -> Option<Timestamp> {
    let ends = |dispatch: &Dispatch| {
        let off = units.get(&dispatch.unit).filter(|card| !card.on_duty);
        let off = off.map(|card| card.off_duty_since.unwrap_or_default().max(incident.changed_at));
        let until = (dispatch.state == DispatchState::Offered).then_some(dispatch.until);
        [off, until].into_iter().flatten().min()
    };
    incident.dispatches.iter().filter(|dispatch| dispatch.is_under_way()).filter_map(ends).min()
}
