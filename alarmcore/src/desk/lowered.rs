//! Suspended accounts, log-only agreements and recurring tests: what they keep from the operators, their ends, and whose the rows
//! of the board are.

use std::sync::Arc;

use contactid::{AccountNumber, Code, Qualifier, Signal};

use super::{Desk, Due};
use crate::account::Standing;
use crate::disposition::{Outcome, Rule};
use crate::effect::Effect;
use crate::id::OperatorId;
use crate::incident::Kind;
use crate::lowered::{
    Lowered, LoweredCommand, LoweredEvent, LoweredRecord, LoweredRefusal, Lowering, Lowers, decide, evolve_lowered,
};
use crate::output::Output;
use crate::policy::Handling;
use crate::report::Received;
use crate::restore::Place;
use crate::time::Timestamp;

impl Desk {
    pub(super) fn lowered_act(
        &mut self,
        at: Timestamp,
        by: OperatorId,
        account: AccountNumber,
        command: &LoweredCommand,
    ) {
        self.advance(at);
        let card = self.accounts.get(&Some(account)).and_then(|account| account.card.as_ref());
        let granted = match card {
            Some(card) => {
                let rules = &self.policy_of(Some(account)).late_close;
                decide(self.lowered.get(&account), (card, rules), (at, by), command)
            }
            None => Err(LoweredRefusal::NoSuchAccount { account }),
        };
        match granted {
            Ok(event) => self.record_lowered(account, at, Some(by), event),
            Err(refusal) => self.outputs.push_back(Output::RefuseLowered(refusal)),
        }
    }

    /// A suspension or an agreement begins, ends soon, or is over; or a recurring test begins.
    pub(super) fn lowered_due(&mut self, account: AccountNumber, at: Timestamp) {
        self.lowered_due.remove(&account);
        while let Some((due, event)) = self.next_lowered(account).filter(|(due, _)| *due <= at) {
            let event = match event {
                LoweredEvent::Recurred { number, until } if self.tests.contains_key(&account) => {
                    LoweredEvent::PassedOver { number, until }
                }
                event => event,
            };
            self.record_lowered(account, due, None, event);
        }
        self.plan_lowered(account);
    }

    pub(super) fn record_lowered(
        &mut self,
        account: AccountNumber,
        at: Timestamp,
        by: Option<OperatorId>,
        event: LoweredEvent,
    ) {
        let before = self.lowered.remove(&account);
        let version = before.as_ref().map_or(0, |lowered| lowered.version) + 1;
        let record = LoweredRecord { account, version, at, by, event };
        self.lowered.insert(account, evolve_lowered(before, &record));
        let event = record.event.clone();
        self.outputs.push_back(Output::LoweredRecord(record));
        match event {
            LoweredEvent::Warned { number, until } => {
                self.outputs.push_back(Output::Perform(Effect::LoweringEnding { account, number, until }));
            }
            LoweredEvent::Ended { number } => {
                let over = self.lowerings(account).find(|one| one.number == number).cloned();
                let rule = over.as_ref().map(|over| &over.lowers).and_then(|lowers| match lowers {
                    Lowers::Suspension => Some(Rule::SuspendedOver),
                    Lowers::LogOnly(_) => Some(Rule::LogOnlyOver),
                    Lowers::RecurringTest(_) => None,
                });
                match (over, rule) {
                    (Some(over), Some(rule)) => {
                        self.bring_back(account, over.from, |code, number| over.covers(code, number), at, rule);
                    }
                    (Some(over), None) => self.end_recurring(account, over.number, at),
                    (None, _) => {}
                }
                self.expected_otherwise(account);
            }
            // What is expected of it stands still meanwhile.
            LoweredEvent::Began { .. } => self.expected_otherwise(account),
            LoweredEvent::Recurred { number, until } => self.begin_recurring(account, number, at, until),
            LoweredEvent::PassedOver { .. }
            | LoweredEvent::Assigned { .. }
            | LoweredEvent::Unassigned { .. }
            | LoweredEvent::RanAway { .. }
            | LoweredEvent::OverrideOver { .. }
            | LoweredEvent::RunOver {} => {}
            LoweredEvent::ClosingAsked { .. }
            | LoweredEvent::ClosingAnswered { .. }
            | LoweredEvent::ClosingOver { .. } => self.do_closing(account, at, event),
        }
        self.plan_lowered(account);
    }

    fn next_lowered(&self, account: AccountNumber) -> Option<(Timestamp, LoweredEvent)> {
        let lowered = self.lowered.get(&account);
        let card = self.accounts.get(&Some(account)).and_then(|account| account.card.as_ref());
        card.filter(|card| !card.lowerings.is_empty()).and_then(|card| {
            let rules = &self.rules.centre().lowered;
            match lowered {
                Some(lowered) => lowered.next(card, rules),
                None => Lowered::new(account).next(card, rules),
            }
        })
    }

    /// Settles when time alone changes something next, after the card or what is kept of it has changed.
    pub(super) fn plan_lowered(&mut self, account: AccountNumber) {
        if let Some(before) = self.lowered_due.remove(&account) {
            self.deadlines.remove(&(before, Due::Lowered(account)));
        }
        if let Some((at, _)) = self.next_lowered(account) {
            self.lowered_due.insert(account, at);
            self.deadlines.insert((at, Due::Lowered(account)));
        }
    }

    /// Those on the card of an account that is served.
    pub(super) fn lowerings(&self, account: AccountNumber) -> impl Iterator<Item = &Lowering> {
        let card = self.accounts.get(&Some(account)).and_then(|account| account.card.as_ref());
        card.into_iter().flat_map(|card| card.lowerings.iter())
    }

    /// Is the account suspended at this moment?
    pub(super) fn is_suspended(&self, account: AccountNumber, at: Timestamp) -> bool {
        self.lowerings(account).any(|one| one.lowers == Lowers::Suspension && one.holds(at))
    }

    /// What becomes of a signal that a suspension or an agreement covers: it is logged, whatever the policy says of it.
    pub(super) fn log_lowered(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        let at = received.report.received_at;
        let covers = |one: &&Lowering| one.holds(at) && one.covers(signal.code, signal.number);
        let rule = match self.lowerings(number).find(covers)?.lowers {
            Lowers::Suspension => Rule::Suspended,
            Lowers::LogOnly(_) => Rule::LogOnly,
            // It covers nothing: its tests do.
            Lowers::RecurringTest(_) => return None,
        };
        Some(self.log_covered(number, received, signal, rule))
    }

    /// What was reported of an account before `at` and still stands, and what its rules do with each: without what they show, and
    /// what an earlier end has shown.
    pub(super) fn hidden_until(&self, account: AccountNumber, at: Timestamp) -> Vec<(Standing, Handling)> {
        let since = self.lowered.get(&account).and_then(|lowered| lowered.shown_until);
        let Some(state) = self.account(&account).filter(|_| since.is_none_or(|since| since < at)) else {
            return Vec::new();
        };
        let from = since.unwrap_or(Timestamp::from_millis(i64::MIN));
        let before = state.standing_since(from).into_iter().filter(|one| one.last().at < at);
        let with = before.map(|one| (one, self.handling_of(account, &one)));
        with.filter(|(_, handling)| !matches!(handling, Handling::Show { .. })).collect()
    }

    fn handling_of(&self, account: AccountNumber, standing: &Standing) -> Handling {
        self.policy_of(Some(account)).handling(&Signal::new(standing.code, Qualifier::New)).0
    }

    /// An override is over, and the rules that lay under it hold: what it hid of what these show, or hold, is shown; once, also where the
    /// desk starts anew after the end. What it held waits no longer where these show it, and what an open incident holds is shown
    /// already.
    pub(super) fn show_hidden(
        &mut self,
        account: AccountNumber,
        name: &Arc<str>,
        hidden: Vec<(Standing, Handling)>,
        at: Timestamp,
    ) {
        let more = |(one, before): &(Standing, Handling)| before.hides_more_than(self.handling_of(account, one));
        let hid: Vec<Standing> = hidden.into_iter().filter(more).map(|(one, _)| one).collect();
        if hid.is_empty() {
            return;
        }
        self.record_lowered(account, at, None, LoweredEvent::OverrideOver { name: name.clone(), until: at });
        for one in &hid {
            if matches!(self.handling_of(account, one), Handling::Show { .. }) {
                self.show_held(one.signal, at, Rule::OverrideOver);
            }
        }
        let unseen = self.unseen(account, hid.iter().copied());
        let since = hid.iter().map(|one| one.last().at).min().unwrap_or(at);
        self.bring_back(account, since, |code, number| unseen.contains(&(code, number)), at, Rule::OverrideOver);
    }

    /// Those of them that neither an open incident nor a wait holds.
    pub(super) fn unseen(
        &self,
        account: AccountNumber,
        standing: impl Iterator<Item = Standing>,
    ) -> Vec<(Code, Option<u32>)> {
        let known = self.accounts.get(&Some(account));
        let held = known.into_iter().flat_map(|known| &known.held).copied().collect::<Vec<_>>();
        let open = known.into_iter().flat_map(|known| &known.open).filter_map(|id| self.incidents.get(id));
        let stands = open.flat_map(|one| &one.origins).filter(|origin| !origin.restored);
        let shown: Vec<Place> = stands.map(|origin| origin.place()).collect();
        let unseen = |one: &Standing| !shown.contains(&one.place()) && !held.contains(&one.signal);
        standing.filter(unseen).map(|one| (one.code, one.number)).collect()
    }

    /// What something hid that is over now, and what is still so, is shown as if it came now; unless something else hid it
    /// too and still does: then the end of that shows it.
    pub(super) fn bring_back(
        &mut self,
        number: AccountNumber,
        since: Timestamp,
        hid: impl Fn(Code, Option<u32>) -> bool,
        at: Timestamp,
        rule: Rule,
    ) {
        let key = Some(number);
        let account = self.accounts.get(&key).filter(|account| account.card.is_some());
        let Some(state) = account.and_then(|account| account.state.as_ref()) else { return };
        for standing in state.standing_since(since) {
            let (code, of, last) = (standing.code, standing.number, standing.last().at);
            let tested =
                self.tests.get(&number).is_some_and(|test| test.started_at <= last && test.scope.covers(code, of));
            let lowered = self.lowerings(number).any(|one| one.from <= last && one.holds(at) && one.covers(code, of));
            if !hid(code, of) || tested || lowered {
                continue;
            }
            let received = standing.received(number);
            let Some(signal) = &received.report.signal else { continue };
            let (Handling::Show { priority } | Handling::Hold { priority, .. }) =
                self.policy_of(key).handling(signal).0
            else {
                continue;
            };
            self.show(key, &received, at, Kind::of(standing.class), priority, rule);
        }
    }
}
