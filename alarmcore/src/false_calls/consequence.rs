//! What follows, under the rules in force, from the false alarms of an account and from the time.

use super::{FalseCalls, FalseCallsEvent, Imposed};
use crate::id::IncidentId;
use crate::pack::{ClauseId, ClauseRule, FalseCallRule, Measure, PackRule, ProofNeed};
use crate::policy::Policy;
use crate::time::Timestamp;

/// The rules on false calls that are in force.
fn rules(policy: &Policy) -> impl Iterator<Item = (&ClauseId, &FalseCallRule)> {
    policy.rules.iter().filter_map(|ClauseRule { clause, rule, .. }| match rule {
        PackRule::FalseCalls(rule) => Some((clause, rule)),
        PackRule::Due(_) | PackRule::Target(_) | PackRule::Register(_) | PackRule::Poll(_) | PackRule::Always(_) => {
            None
        }
    })
}

/// The next thing that follows, where this incident was just found false or none was; `None` once everything has.
pub(crate) fn consequence(
    calls: &FalseCalls,
    found: Option<IncidentId>,
    policy: &Policy,
    now: Timestamp,
) -> Option<FalseCallsEvent> {
    rules(policy).find_map(|(clause, rule)| match calls.standing.get(clause) {
        None => {
            let count = enough(calls, found, rule, now)?;
            let until = rule.within_h.map(|hours| now.plus_secs(hours * 3600));
            let (clause, measure, policy) = (clause.clone(), rule.then, policy.version);
            Some(FalseCallsEvent::Imposed { clause, measure, calls: count, until, policy })
        }
        Some(imposed) => follow(calls, clause, rule, imposed, now),
    })
}

/// How many calls there are, where they are enough. Windows go by the opening, so that nobody puts a measure off by closing late; a
/// warning that comes when the window is over would be over with it.
fn enough(calls: &FalseCalls, found: Option<IncidentId>, rule: &FalseCallRule, now: Timestamp) -> Option<u32> {
    let found = found.filter(|_| rule.then != Measure::Warn);
    let together = found.map_or(0, |incident| calls.together(rule, incident));
    let count = u32::try_from(calls.counted(rule, now).count().max(together)).unwrap_or(u32::MAX);
    (count >= rule.after).then_some(count)
}

/// What becomes of a measure that stands.
fn follow(
    calls: &FalseCalls,
    clause: &ClauseId,
    rule: &FalseCallRule,
    imposed: &Imposed,
    now: Timestamp,
) -> Option<FalseCallsEvent> {
    let lifted = |clears| FalseCallsEvent::Lifted { clause: clause.clone(), clears };
    let proved = calls.proved_at.is_some_and(|proved| proved >= imposed.since);
    match imposed.measure {
        Measure::Warn => (calls.counted(rule, now).count() < rule.after as usize).then(|| lifted(false)),
        Measure::Remedy if proved => Some(lifted(true)),
        Measure::Remedy => {
            let over = imposed.overdue_at.is_none() && imposed.until.is_some_and(|until| until <= now);
            over.then(|| FalseCallsEvent::Overdue { clause: clause.clone() })
        }
        Measure::Withdraw => {
            let proved = proved || rule.proof == ProofNeed::None;
            (proved && clean_from(calls, rule, imposed) <= now).then(|| lifted(true))
        }
    }
}

/// When the clean months are over that a withdrawal lasts at least: any false alarm begins them anew, whether the police were
/// called to it or not, because they do not come while it lasts.
fn clean_from(calls: &FalseCalls, rule: &FalseCallRule, imposed: &Imposed) -> Timestamp {
    let last = calls.calls.iter().rev().find(|call| rule.is_about(call.kind));
    rule.window.plus_months(last.map_or(imposed.since, |last| last.at), rule.clean_months)
}

/// When time alone brings something next.
pub(crate) fn next_due(calls: &FalseCalls, policy: &Policy) -> Option<Timestamp> {
    let of = |(clause, rule): (&ClauseId, &FalseCallRule)| {
        let imposed = calls.standing.get(clause)?;
        match imposed.measure {
            // Once the call that makes it enough does not count any more: the first of the last so many.
            Measure::Warn => calls.of(rule).rev().nth(rule.after as usize - 1).map(|call| rule.window.ends(call.at)),
            Measure::Remedy => imposed.until.filter(|_| imposed.overdue_at.is_none()),
            Measure::Withdraw => {
                let proved = calls.proved_at.is_some_and(|proved| proved >= imposed.since);
                (proved || rule.proof == ProofNeed::None).then(|| clean_from(calls, rule, imposed))
            }
        }
    };
    rules(policy).filter_map(of).min()
}

/// The clause by which the police do not come any more.
pub(crate) fn withdrawn(calls: &FalseCalls, policy: &Policy) -> Option<ClauseId> {
    let stands = |(clause, _): &(&ClauseId, &FalseCallRule)| {
        calls.standing.get(*clause).is_some_and(|imposed| imposed.measure == Measure::Withdraw)
    };
    rules(policy).find(stands).map(|(clause, _)| clause.clone())
}
