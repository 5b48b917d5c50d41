//! Acts that clauses of rule packs ask for: when they become due, and when their time is over.

use super::Desk;
use super::false_calls::is_alarm;
use crate::id::IncidentId;
use crate::incident::{Authority, Incident, IncidentEvent, RaiseReason, raise};
use crate::pack::{ClauseRule, DueRule, Features, PackRule};
use crate::time::Timestamp;

impl Desk {
    /// Adds to a new incident, or one that has changed, what the rules in force now ask for.
    pub(super) fn claim(&mut self, mut incident: Box<Incident>, at: Timestamp) -> Box<Incident> {
        for event in self.claims(&incident, at) {
            incident = self.add(incident, at, event);
        }
        incident
    }

    fn claims(&self, incident: &Incident, at: Timestamp) -> Vec<IncidentEvent> {
        let policy = self.policy_of(incident.account);
        let card = self.accounts.get(&incident.account).and_then(|account| account.card.as_ref());
        let features = card.map_or(Features::default(), |card| card.features);
        let due = |ClauseRule { clause, rule, .. }: &ClauseRule| {
            let PackRule::Due(DueRule { act, to, within_s, when }) = rule else { return None };
            let claimed = incident.claims.iter().any(|claim| claim.clause == *clause);
            let refused = *to == Some(Authority::Police) && incident.is_refused_police(policy).is_some();
            if claimed || refused || !when.holds(incident, features) || incident.has_done(*act, *to) {
                return None;
            }
            let until = at.plus_secs(*within_s);
            Some(IncidentEvent::ActDue { clause: clause.clone(), act: *act, to: *to, until })
        };
        if incident.is_closed() || incident.is_false() || !is_alarm(incident) {
            return Vec::new();
        }
        policy.rules.iter().filter_map(due).collect()
    }

    /// Says on a new incident that the police do not come to its account any more.
    pub(super) fn say_withdrawn(&mut self, incident: Box<Incident>, at: Timestamp) -> Box<Incident> {
        let clause = self.response_withdrawn(incident.account).filter(|_| is_alarm(&incident));
        match clause {
            Some(clause) => self.add(incident, at, IncidentEvent::PoliceResponse { withdrawn: Some(clause) }),
            None => incident,
        }
    }

    /// The time for an act is over: the incident calls again.
    pub(super) fn claim_over(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let over = incident.claims.iter().filter(|claim| claim.is_running() && claim.until <= at);
        let mut events: Vec<IncidentEvent> =
            over.map(|claim| IncidentEvent::ActOverdue { clause: claim.clause.clone() }).collect();
        if !events.is_empty() {
            events.push(raise(
                incident,
                RaiseReason::ActOverdue,
                incident.kind,
                self.policy_of(incident.account).escalated,
            ));
        }
        self.record(id, at, None, events);
    }
}
