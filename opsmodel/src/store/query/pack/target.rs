//! How long something took, of the incidents that were opened in the period.

use alarmcore::{Incident, Resolution, Span as Measure, TargetRule, Timestamp};

use super::super::nearest_rank;
use super::super::response::elapsed_ms;
use super::{Failure, Measured, Span};

/// From when until when, and whether it can still be done. `None` where nothing is measured of this incident.
fn stretch(rule: &TargetRule, incident: &Incident) -> Option<(Timestamp, Option<Timestamp>)> {
    match rule.span {
        // Danger that joined an incident was shown as it came.
        Measure::Shown => Some((incident.counted_from(), Some(incident.opened_at.max(incident.counted_from())))),
        // What a storm's group shows instead was never anybody's to act on.
        Measure::FirstAct if incident.resolution == Some(Resolution::Merged) => None,
        Measure::FirstAct => Some((incident.counted_from(), incident.answered_at())),
        Measure::Forwarded => {
            let confirmed = incident.decided_at.filter(|_| incident.is_real())?;
            let handed = incident.hand_offs.iter().filter(|hand_off| rule.is_to(hand_off.to) && hand_off.is_made());
            Some((confirmed, handed.map(|hand_off| hand_off.at).min()))
        }
    }
}

/// What was done too late failed, and so did what was not done and has no time left; what still has time is open.
pub(super) fn measure(rule: &TargetRule, span: Span, incidents: &[Incident]) -> Measured {
    let limit_ms = u64::from(rule.within_s) * 1000;
    let mut found = Measured { per_mille: Some(rule.per_mille), ..Measured::default() };
    let mut took = Vec::new();
    for incident in incidents.iter().filter(|incident| rule.is_about(incident.kind)) {
        let Some((since, done)) = stretch(rule, incident) else { continue };
        let took_ms = done.map(|done| elapsed_ms(since, done));
        let waited_ms = took_ms.unwrap_or_else(|| elapsed_ms(since, span.as_of));
        if took_ms.is_none() && waited_ms <= limit_ms && !incident.is_closed() {
            found.open += 1;
            continue;
        }
        // Whatever was not done took longer than anything that was.
        took.push(took_ms.unwrap_or(u64::MAX));
        found.case(took_ms.is_some_and(|ms| ms <= limit_ms), || Failure::of(incident, since, took_ms));
    }
    took.sort_unstable();
    let rank = nearest_rank(&took, rule.per_mille as usize).filter(|ms| *ms < u64::MAX);
    let rank = rank.map_or_else(|| "—".to_owned(), |ms| format!("{}.{} s", ms / 1000, ms % 1000 / 100));
    found.figure =
        Some(format!("{} ≤ {} s; {} ≤ {rank}", found.share(), rule.within_s, alarmcore::percent(rule.per_mille)));
    found
}
