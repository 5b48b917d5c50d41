//! Acts that a clause asked for on the incidents of the period: done within its time?

use alarmcore::{ClauseId, DueRule, Incident};

use super::super::response::elapsed_ms;
use super::{Failure, Measured, Span};

pub(super) fn measure(clause: &ClauseId, rule: &DueRule, span: Span, incidents: &[Incident]) -> Measured {
    let limit_ms = u64::from(rule.within_s) * 1000;
    let mut found = Measured::default();
    for incident in incidents {
        for claim in incident.claims.iter().filter(|claim| claim.clause == *clause) {
            let took_ms = claim.done_at.map(|done| elapsed_ms(claim.since, done));
            let over = claim.overdue_at.is_some() || elapsed_ms(claim.since, span.as_of) > limit_ms;
            match took_ms {
                Some(ms) => found.case(ms <= limit_ms, || Failure::of(incident, claim.since, took_ms)),
                // What was found false in time, or closed, is not asked for any more.
                None if claim.overdue_at.is_none() && (incident.is_false() || incident.is_closed()) => {}
                None if over => found.case(false, || Failure::of(incident, claim.since, None)),
                None => found.open += 1,
            }
        }
    }
    found
}
