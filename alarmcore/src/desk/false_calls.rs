//! False alarms counted as incidents close, what they bring, and whether the police still come.

use contactid::AccountNumber;

use super::{Desk, Due};
use crate::disposition::Rule;
use crate::effect::Effect;
use crate::false_calls::{
    FalseCalls, FalseCallsCommand, FalseCallsEvent, FalseCallsRecord, consequence, decide, evolve_false_calls,
    next_due, withdrawn,
};
use crate::id::{IncidentId, OperatorId};
use crate::incident::{Authority, Family, HandOff, Incident, IncidentEvent, Resolution};
use crate::output::Output;
use crate::pack::{ClauseId, PackRule};
use crate::time::Timestamp;

impl Desk {
    pub(super) fn false_calls_act(
        &mut self,
        at: Timestamp,
        by: OperatorId,
        account: AccountNumber,
        command: &FalseCallsCommand,
    ) {
        self.advance(at);
        match decide(account, self.false_calls.get(&account), command) {
            Ok(event) => self.record_false_calls(account, at, Some(by), event),
            Err(refusal) => self.outputs.push_back(Output::RefuseFalseCalls(refusal)),
        }
    }

    /// What a person did about false alarms, as it is recorded: it happens again wherever some are counted.
    pub(crate) fn retell_false_calls(&mut self, record: &FalseCallsRecord) {
        self.advance(record.at);
        if self.false_calls.contains_key(&record.account) {
            self.record_false_calls(record.account, record.at, record.by, record.event.clone());
        }
    }

    /// Counts a closed incident that was false, where a rule on false calls is in force. Tests of the equipment are none, and
    /// nobody answers for an account that has no card.
    pub(super) fn count_false(&mut self, incident: &Incident, at: Timestamp) {
        let ruled =
            self.policy_of(incident.account).rules.iter().any(|rule| matches!(rule.rule, PackRule::FalseCalls(_)));
        let (Some(account), true) = (incident.account, incident.is_false() && ruled) else { return };
        if incident.resolution == Some(Resolution::Test) || incident.rule == Rule::UnknownAccount {
            return;
        }
        let called = |hand_off: &HandOff| hand_off.to == Authority::Police && hand_off.is_made();
        let called_at = incident.hand_offs.iter().filter(|hand_off| called(hand_off)).map(|hand_off| hand_off.at).max();
        let event = FalseCallsEvent::Counted {
            incident: incident.id,
            opened_at: incident.opened_at,
            kind: incident.kind,
            police: called_at.is_some(),
            called_at,
            policy: self.rules.centre().version,
        };
        self.record_false_calls(account, at, None, event);
    }

    /// A warning ends, a remedy is overdue, a withdrawal is over.
    pub(super) fn false_calls_due(&mut self, account: AccountNumber, at: Timestamp) {
        let Some(calls) = self.false_calls.remove(&account) else { return };
        let calls = self.follow(calls, None, at);
        self.keep_false_calls(calls);
    }

    fn record_false_calls(
        &mut self,
        account: AccountNumber,
        at: Timestamp,
        by: Option<OperatorId>,
        event: FalseCallsEvent,
    ) {
        let before = self.false_calls.remove(&account);
        let found = match &event {
            FalseCallsEvent::Counted { incident, .. } => Some(*incident),
            _ => None,
        };
        let calls = self.say_false_calls(account, before, at, by, event);
        let calls = self.follow(calls, found, at);
        self.keep_false_calls(calls);
    }

    /// Everything that follows under the rules in force, where this incident was just found false or none was, and what it means for
    /// open incidents.
    fn follow(&mut self, mut calls: FalseCalls, found: Option<IncidentId>, at: Timestamp) -> FalseCalls {
        let account = calls.account;
        let before = withdrawn(&calls, self.policy_of(Some(account)));
        while let Some(event) = consequence(&calls, found, self.policy_of(Some(account)), at) {
            calls = self.say_false_calls(account, Some(calls), at, None, event);
        }
        let after = withdrawn(&calls, self.policy_of(Some(account)));
        if before != after {
            let open = self.accounts.get(&Some(account)).map(|account| account.open.clone()).unwrap_or_default();
            // Where a clause holds for the account only since lately, it may be due of long ago.
            let alarm = |id: IncidentId| {
                let incident = self.incidents.get(&id).filter(|incident| is_alarm(incident))?;
                Some((id, at.max(incident.changed_at)))
            };
            for (id, at) in open.into_iter().filter_map(alarm).collect::<Vec<_>>() {
                self.record(id, at, None, vec![IncidentEvent::PoliceResponse { withdrawn: after.clone() }]);
            }
        }
        calls
    }

    fn say_false_calls(
        &mut self,
        account: AccountNumber,
        before: Option<FalseCalls>,
        at: Timestamp,
        by: Option<OperatorId>,
        event: FalseCallsEvent,
    ) -> FalseCalls {
        let version = before.as_ref().map_or(0, |calls| calls.version) + 1;
        let tells = match &event {
            FalseCallsEvent::Imposed { clause, .. } | FalseCallsEvent::Overdue { clause } => Some(clause.clone()),
            FalseCallsEvent::Counted { .. } | FalseCallsEvent::Proved { .. } | FalseCallsEvent::Lifted { .. } => None,
        };
        let record = FalseCallsRecord { account, version, at, by, event };
        let calls = evolve_false_calls(before, &record);
        self.outputs.push_back(Output::FalseCallsRecord(record));
        let imposed = tells.and_then(|clause| Some((calls.standing.get(&clause)?.measure, clause)));
        if let Some((measure, clause)) = imposed {
            self.outputs.push_back(Output::Perform(Effect::FalseCalls { account, clause, measure }));
        }
        calls
    }

    /// Keeps the false alarms of an account, and when time alone brings something next.
    pub(super) fn keep_false_calls(&mut self, calls: FalseCalls) {
        let account = calls.account;
        if let Some(before) = self.false_calls_due.remove(&account) {
            self.deadlines.remove(&(before, Due::FalseCalls(account)));
        }
        if let Some(at) = next_due(&calls, self.policy_of(Some(account))) {
            self.false_calls_due.insert(account, at);
            self.deadlines.insert((at, Due::FalseCalls(account)));
        }
        self.false_calls.insert(account, calls);
    }

    /// The clause by which the police do not come to this account any more.
    pub(super) fn response_withdrawn(&self, account: Option<AccountNumber>) -> Option<ClauseId> {
        withdrawn(self.false_calls.get(&account?)?, self.policy_of(account))
    }
}

pub(super) fn is_alarm(incident: &Incident) -> bool {
    incident.kind.family() != Family::Service
}
