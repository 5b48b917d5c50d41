//! False alarms against the number that a clause allows in its window, and remedies against their time.

use std::collections::BTreeMap;

use alarmcore::{
    ClauseId, FalseCallRule, FalseCalls, FalseCallsEvent, FalseCallsRecord, IncidentId, Measure, Timestamp,
    evolve_false_calls,
};
use contactid::AccountNumber;

use super::super::Reader;
use super::super::response::elapsed_ms;
use super::{Failure, Measured, Scope, Span};
use crate::store::StoreError;

impl Reader {
    pub(super) fn false_calls_measured(
        &self,
        clause: &ClauseId,
        rule: &FalseCallRule,
        (span, scope): (Span, &Scope),
    ) -> Result<Measured, StoreError> {
        let mut found = Measured::default();
        let mut most = 0;
        for row in self.all_false_calls()? {
            let account = row.calls.account;
            if !scope.covers(self, Some(account), span.end())? {
                continue;
            }
            let mut records = self.false_calls_records(account)?;
            records.retain(|record| record.at <= span.as_of);
            match rule.then {
                Measure::Remedy => remedied(clause, account, &records, span, &mut found),
                Measure::Warn | Measure::Withdraw => {
                    most = counted(rule, account, &records, span, &mut found).max(most)
                }
            }
        }
        if rule.then != Measure::Remedy {
            found.figure = Some(format!("{most} / {}", rule.window));
        }
        Ok(found)
    }
}

/// A case is a false call of the period; a failure is one that counted in a window that came to the number. Gives the most that
/// counted at once.
fn counted(
    rule: &FalseCallRule,
    account: AccountNumber,
    records: &[FalseCallsRecord],
    span: Span,
    found: &mut Measured,
) -> u32 {
    let mut calls: Option<FalseCalls> = None;
    let mut over: BTreeMap<(Timestamp, IncidentId), Failure> = BTreeMap::new();
    let mut cases = 0;
    let mut most = 0;
    for record in records {
        let now = evolve_false_calls(calls.take(), record);
        if let FalseCallsEvent::Counted { incident, .. } = &record.event
            && span.holds(record.at)
        {
            let in_window: Vec<_> = now.counted(rule, record.at).copied().collect();
            if in_window.iter().any(|call| call.incident == *incident) {
                cases += 1;
                most = most.max(u32::try_from(in_window.len()).unwrap_or(u32::MAX));
            }
            for call in in_window.iter().filter(|_| in_window.len() >= rule.after as usize) {
                let failure = Failure {
                    at: call.at,
                    incident: Some(call.incident),
                    signal: None,
                    account: Some(account),
                    took_ms: None,
                };
                over.insert((call.at, call.incident), failure);
            }
        }
        calls = Some(now);
    }
    // Calls from before the period stand behind a failure in it, too.
    found.cases += cases.max(over.len() as u64);
    found.failures.extend(over.into_values());
    most
}

/// A case is a remedy that became due in the period; a failure is one that was not proved in time.
fn remedied(clause: &ClauseId, account: AccountNumber, records: &[FalseCallsRecord], span: Span, found: &mut Measured) {
    let mut last = None;
    for (place, record) in records.iter().enumerate() {
        match &record.event {
            FalseCallsEvent::Counted { incident, .. } => last = Some(*incident),
            FalseCallsEvent::Imposed { clause: imposed, until, .. } if imposed == clause && span.holds(record.at) => {
                let after = &records[place + 1..];
                let lifted = after
                    .iter()
                    .find(|later| matches!(&later.event, FalseCallsEvent::Lifted { clause: of, .. } if of == clause))
                    .map(|later| later.at);
                let over = until.is_some_and(|until| lifted.unwrap_or(span.as_of) > until);
                if lifted.is_none() && until.is_some() && !over {
                    found.open += 1;
                    continue;
                }
                found.case(lifted.is_some() && !over, || Failure {
                    at: record.at,
                    incident: last,
                    signal: None,
                    account: Some(account),
                    took_ms: lifted.map(|lifted| elapsed_ms(record.at, lifted)),
                });
            }
            FalseCallsEvent::Imposed { .. }
            | FalseCallsEvent::Proved { .. }
            | FalseCallsEvent::Overdue { .. }
            | FalseCallsEvent::Lifted { .. } => {}
        }
    }
}
