//! Suspended accounts, log-only agreements and recurring tests: what they keep from the operators, their ends, and whose the rows
//! of the board are.

use contactid::{AccountNumber, Signal};

use super::confirm::begins_intrusion;
use super::{Desk, Due};
use crate::disposition::{Outcome, Rule};
use crate::effect::Effect;
use crate::id::OperatorId;
use crate::lowered::{
    Lowered, LoweredCommand, LoweredEvent, LoweredRecord, LoweredRefusal, Lowering, Lowers, decide, evolve_lowered,
};
use crate::output::Output;
use crate::report::Received;
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

    /// What becomes of a signal that a suspension or an agreement covers: it is logged, whatever the policy says of it; but no intrusion
    /// where one was open when that began by itself.
    pub(super) fn log_lowered(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        let at = received.report.received_at;
        let unknown = |one: &Lowering| begins_intrusion(signal) && self.lowered_beside(number, one);
        let covers = |one: &&Lowering| one.holds(at) && one.covers(signal.code, signal.number) && !unknown(one);
        let rule = match self.lowerings(number).find(covers)?.lowers {
            Lowers::Suspension => Rule::Suspended,
            Lowers::LogOnly(_) => Rule::LogOnly,
            // It covers nothing: its tests do.
            Lowers::RecurringTest(_) => return None,
        };
        Some(self.log_covered(number, received, signal, rule))
    }
}
