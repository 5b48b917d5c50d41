//! Late to close: the people of the site are asked before an operator is, and what they answer is done.

use contactid::{AccountNumber, Qualifier, Signal};

use super::{Desk, Due};
use crate::disposition::{Outcome, Rule};
use crate::effect::Effect;
use crate::expect::{EXPECTATION, Expected};
use crate::id::SignalId;
use crate::incident::{IncidentEvent, Kind};
use crate::lowered::{ClosingAnswer, ClosingEnd, ClosingStage, LateClosing, LoweredEvent, LoweredRecord};
use crate::output::Output;
use crate::report::{Marks, Received};
use crate::snapshot::Held;
use crate::time::Timestamp;

impl Desk {
    /// A closing that the centre itself misses, and that an operator would be shown: where the policy and the card say so, its
    /// people are asked first.
    pub(super) fn ask_closing(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
        kind: Kind,
    ) -> Option<(Outcome, Rule)> {
        let within_s = self.policy_of(Some(number)).late_close.answer_within_s;
        if within_s == 0 || missed_closing(received) != Some(Qualifier::New) {
            return None;
        }
        // Reported once more while somebody is asked, or has answered: the question stands, and its end shows it.
        let asked = self.lowered.get(&number).and_then(|lowered| {
            let mut closings = lowered.closings.iter();
            closings.find(|closing| closing.group == signal.group)
        });
        match asked.map(|closing| closing.stage) {
            Some(ClosingStage::NotToday) => return Some((Outcome::Logged, Rule::LateCloseNotToday)),
            Some(ClosingStage::Asked | ClosingStage::Extended) => return Some((Outcome::Logged, Rule::LateCloseAsked)),
            None => {}
        }
        let key = Some(number);
        let may_answer = |account: &super::Account| {
            account.card.as_ref().is_some_and(|card| !card.late_closers.is_empty()) && account.may_hold()
        };
        if !self.accounts.get(&key).is_some_and(|account| may_answer(account)) || self.target(key, kind).is_some() {
            return None;
        }
        let (at, group) = (received.report.received_at, signal.group);
        let until = at.plus_secs(within_s);
        let asked = LoweredEvent::ClosingAsked { signal: received.id, group, since: at, until };
        self.record_lowered(number, at, None, asked);
        self.keep(Held { received: received.clone(), until });
        Some((Outcome::Held { until }, Rule::LateCloseAsked))
    }

    /// The late closing that this held signal reported.
    pub(super) fn closing_of(&self, account: Option<AccountNumber>, signal: SignalId) -> Option<&LateClosing> {
        self.lowered.get(&account?)?.closing(signal)
    }

    /// The wait for an answer, or for the time that it was extended to, is over.
    pub(super) fn closing_due(&mut self, account: AccountNumber, signal: SignalId, at: Timestamp) {
        let Some(closing) = self.closing_of(Some(account), signal) else { return };
        let card = self.accounts.get(&Some(account)).and_then(|account| account.card.as_ref());
        let schedule = card.and_then(|card| card.schedule.as_ref());
        let in_hours = schedule.and_then(|schedule| schedule.is_within(closing.group, at)).unwrap_or_default();
        let rules = &self.policy_of(Some(account)).late_close;
        let anew = self.asked_anew(closing, rules.answer_within_s, at);
        let event = anew.unwrap_or_else(|| closing.over(rules, in_hours, at));
        self.record_lowered(account, at, None, event);
    }

    /// A group that was missed is closed: nobody waits for it any more.
    pub(super) fn closing_came(&mut self, account: AccountNumber, received: &Received) {
        if missed_closing(received) != Some(Qualifier::Restore) {
            return;
        }
        let group = received.report.signal.as_ref().and_then(|signal| signal.group);
        let late = self.lowered.get(&account).and_then(|lowered| {
            let closing = lowered.closings.iter().find(|closing| closing.group == group)?;
            Some(closing.signal)
        });
        if let Some(signal) = late {
            let end = ClosingEnd::Closed;
            let over = LoweredEvent::ClosingOver { signal, end, contact: None, message: None, note: None };
            self.record_lowered(account, received.report.received_at, None, over);
        }
    }

    /// Does what an event about a late closing asks for.
    pub(super) fn do_closing(&mut self, account: AccountNumber, at: Timestamp, event: LoweredEvent) {
        let (signal, rule, note) = match event {
            LoweredEvent::ClosingAsked { signal, until, .. } => {
                self.wait_until(signal, until);
                return self.outputs.push_back(Output::Perform(Effect::AskClosing { account, signal, until }));
            }
            LoweredEvent::ClosingAnswered { signal, answer, until, note, .. } => match (answer, until) {
                (ClosingAnswer::Extend | ClosingAnswer::NotToday, Some(until)) => {
                    return self.wait_until(signal, until);
                }
                (ClosingAnswer::Arm, _) | (ClosingAnswer::Extend | ClosingAnswer::NotToday, None) => {
                    (signal, Rule::LateCloseArm, note)
                }
            },
            LoweredEvent::ClosingOver { signal, end, note, .. } => match end {
                ClosingEnd::Closed => return self.log_held(signal, at, Rule::LateCloseClosed),
                ClosingEnd::NextHours => return self.log_held(signal, at, Rule::LateCloseNotToday),
                ClosingEnd::Unanswered => (signal, Rule::LateCloseUnanswered, note),
                ClosingEnd::StillOpen => (signal, Rule::LateCloseStillOpen, note),
                ClosingEnd::Stranger => (signal, Rule::LateCloseStranger, note),
                ClosingEnd::Unsent => (signal, Rule::LateCloseUnsent, note),
            },
            _ => return,
        };
        let incident = self.show_held(signal, at, rule);
        // What they say beside it, the operator reads where the incident is.
        if let (Some(incident), note @ Some(_)) = (incident, note) {
            self.record(incident, at, None, vec![IncidentEvent::Noted { note }]);
        }
    }

    /// What was answered in the past, as it is recorded: it happens again where the same question stands.
    pub(crate) fn retell_closing(&mut self, record: &LoweredRecord) {
        self.advance(record.at);
        let (LoweredEvent::ClosingAnswered { signal, .. } | LoweredEvent::ClosingOver { signal, .. }) = record.event
        else {
            return;
        };
        if self.closing_of(Some(record.account), signal).is_some() {
            self.record_lowered(record.account, record.at, record.by, record.event.clone());
        }
    }

    /// A held signal waits longer, or not so long.
    fn wait_until(&mut self, signal: SignalId, until: Timestamp) {
        let Some(held) = self.held.get_mut(&signal) else { return };
        self.deadlines.remove(&(held.until, Due::Held(signal)));
        held.until = until;
        self.deadlines.insert((until, Due::Held(signal)));
    }

    fn log_held(&mut self, signal: SignalId, at: Timestamp, rule: Rule) {
        if let Some(held) = self.release(signal) {
            self.dispose(&held.received, at, Outcome::Logged, rule);
        }
    }
}

/// Does the centre itself say that a closing is missing, or has come?
fn missed_closing(received: &Received) -> Option<Qualifier> {
    let report = &received.report;
    let of_hours = report.marks.contains(Marks::SUPERVISION) && report.token != EXPECTATION;
    let signal = report.signal.as_ref().filter(|_| of_hours)?;
    (Expected::of(signal.code) == Some(Expected::Closing)).then_some(signal.qualifier)
}
