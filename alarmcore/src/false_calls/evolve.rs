//! Event to the false alarms of an account: changes, and never refuses.

use super::{FalseCall, FalseCalls, FalseCallsEvent, FalseCallsRecord, Imposed};

/// Adds one record to the false alarms of an account.
pub fn evolve_false_calls(calls: Option<FalseCalls>, record: &FalseCallsRecord) -> FalseCalls {
    let mut calls = calls.unwrap_or(FalseCalls::new(record.account));
    calls.version = record.version;
    let at = record.at;
    match &record.event {
        FalseCallsEvent::Counted { incident, opened_at, kind, police, called_at, .. } => {
            let (incident, at, called_at) = (*incident, *opened_at, *called_at);
            let call = FalseCall { incident, at, kind: *kind, police: *police, called_at };
            let place = calls.calls.partition_point(|other| other.at <= call.at);
            calls.calls.insert(place, call);
            calls.calls.retain(|call| at.secs_since(call.at) <= FalseCalls::KEPT_S);
            let beyond = calls.calls.len().saturating_sub(FalseCalls::KEPT);
            drop(calls.calls.drain(..beyond));
        }
        FalseCallsEvent::Imposed { clause, measure, calls: counted, until, .. } => {
            let imposed = Imposed { measure: *measure, since: at, calls: *counted, until: *until, overdue_at: None };
            calls.standing.insert(clause.clone(), imposed);
        }
        FalseCallsEvent::Proved { reference, .. } => {
            calls.proved_at = Some(at);
            calls.reference = Some(reference.clone());
        }
        FalseCallsEvent::Overdue { clause } => {
            if let Some(imposed) = calls.standing.get_mut(clause) {
                imposed.overdue_at = Some(at);
            }
        }
        FalseCallsEvent::Lifted { clause, clears } => {
            calls.standing.remove(clause);
            if *clears {
                calls.cleared_at = Some(at);
            }
        }
    }
    calls
}
