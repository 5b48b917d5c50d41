//! What has not restored: an incident is closed while its zone or trouble still stands, and somebody is reminded once.

use contactid::Qualifier;

use super::{Desk, Due};
use crate::account::Standing;
use crate::disposition::Rule;
use crate::id::IncidentId;
use crate::incident::{Evidence, Incident, IncidentEvent, Kind, Resolution};
use crate::report::Marks;
use crate::time::Timestamp;

impl Desk {
    /// Remembers a closed incident of which something still stands, where the policy asks for that. A reminder is not
    /// reminded of.
    pub(super) fn await_restore(&mut self, incident: Box<Incident>, at: Timestamp) -> Box<Incident> {
        let within_s = self.policy_of(incident.account).unrestored.within_s;
        // What was merged into a group stands in the ledger of its storm.
        let merged = incident.resolution == Some(Resolution::Merged);
        if within_s == 0 || merged || incident.kind == Kind::Unrestored || self.stands(&incident).is_none() {
            return incident;
        }
        let until = at.plus_secs(within_s);
        self.add(incident, at, IncidentEvent::RestoreAwaited { until })
    }

    /// Keeps a closed incident until its restore is due and no authority is awaited; lets go of any other.
    pub(super) fn keep_awaited(&mut self, incident: Box<Incident>) {
        let restore = incident.restore_due.map(|until| (until, Due::Restore(incident.id)));
        let follow = incident.followed_until.map(|until| (until, Due::Follow(incident.id)));
        if restore.is_some() || follow.is_some() {
            self.deadlines.extend(restore.into_iter().chain(follow).chain(cancel_due(&incident)));
            self.awaited.insert(incident.id, incident);
        }
    }

    /// Takes a closed incident out of those that are kept, before it changes.
    pub(super) fn take_awaited(&mut self, id: IncidentId) -> Option<Box<Incident>> {
        let incident = self.awaited.remove(&id)?;
        if let Some(due) = cancel_due(&incident) {
            self.deadlines.remove(&due);
        }
        Some(incident)
    }

    /// The time for it is over: it has restored, or an open incident shows it, or a new one tells that it has not.
    pub(super) fn restore_due(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.take_awaited(id) else { return };
        let follow_up = self.stands(&incident).filter(|standing| !self.is_shown(&incident, standing));
        let follow_up = follow_up.map(|standing| self.remind(&incident, &standing, at));
        let incident = self.add(incident, at, IncidentEvent::RestoreDue { follow_up });
        self.keep_awaited(incident);
    }

    /// What began before the incident was closed, is part of it, and still stands: the first of it.
    fn stands(&self, incident: &Incident) -> Option<Standing> {
        let state = self.account(&incident.account?)?;
        let is_part = |standing: &&Standing| {
            incident.closed_at.is_some_and(|closed| standing.since <= closed)
                && incident.origins.iter().any(|origin| origin.place() == standing.place())
        };
        state.alarms.iter().chain(&state.troubles).find(is_part).copied()
    }

    /// Does an open incident of the account show it already?
    fn is_shown(&self, closed: &Incident, standing: &Standing) -> bool {
        let shows = |incident: &Incident| incident.origins.iter().any(|origin| origin.place() == standing.place());
        self.newest(closed.account, shows).is_some()
    }

    fn remind(&mut self, closed: &Incident, standing: &Standing, at: Timestamp) -> IncidentId {
        let evidence = Evidence {
            signal: standing.signal,
            received_at: standing.since,
            code: Some(standing.code),
            qualifier: Some(Qualifier::New),
            group: standing.group,
            number: standing.number,
            marks: Marks::NONE,
            user: None,
            source: None,
        };
        let rule = Rule::RestoreOverdue;
        if let Some(open) = self.target(closed.account, Kind::Unrestored) {
            self.record(open, at, None, vec![IncidentEvent::SignalJoined { evidence, rule }]);
            return open;
        }
        let (account, kind) = (closed.account, Kind::Unrestored);
        let (priority, policy) = (self.policy_of(account).unrestored.priority, self.rules.centre().version);
        self.open(at, IncidentEvent::Opened { account, kind, priority, evidence, rule, policy, plan: None })
    }

    /// Adds what the centre itself notes to an incident that is not among the open ones.
    pub(super) fn add(&mut self, incident: Box<Incident>, at: Timestamp, event: IncidentEvent) -> Box<Incident> {
        self.add_by(incident, at, None, event)
    }
}

/// When an authority has not answered the cancel request of a closed incident in time.
fn cancel_due(incident: &Incident) -> Option<(Timestamp, Due)> {
    // What has happened since it was due is written down first.
    incident.cancel_due().map(|due| (due.max(incident.changed_at), Due::HandOff(incident.id)))
}
