//! What a storm does to signals and incidents of its area: grouped, shown again, asked about first.

use contactid::{AccountNumber, Qualifier, Signal};

use super::Desk;
use super::storm::is_outage;
use crate::account::Standing;
use crate::disposition::{Outcome, Rule};
use crate::id::{IncidentId, SignalId, StormId};
use crate::incident::{Evidence, Incident, IncidentEvent, Kind, Stage};
use crate::policy::Handling;
use crate::queue::Priority;
use crate::report::{Marks, Received};
use crate::snapshot::Held;
use crate::storm::{Grouped, Outage, StormEvent};
use crate::time::Timestamp;

impl Desk {
    /// What becomes of a trouble of an account that a storm is over: the first of its kind opens the incident that stands for
    /// all, the others stand in the ledger. What an incident of the account shows already goes there.
    pub(super) fn group(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        if !self.is_failure(received, signal) {
            return None;
        }
        self.count_failure(number, received);
        let (storm, kind) = (self.storm_over(number)?, Kind::of(signal.class()));
        if self.target(Some(number), kind).is_some() {
            return None;
        }
        let evidence = Evidence::of(received);
        let outcome = self.group_as(storm, Outage { account: number, kind }, evidence, received.report.received_at);
        Some((outcome, Rule::StormGrouped))
    }

    fn group_as(&mut self, storm: StormId, outage: Outage, evidence: Evidence, at: Timestamp) -> Outcome {
        let (signal, since, kind) = (evidence.signal, evidence.received_at, outage.kind);
        self.record_storm(storm, at, None, vec![StormEvent::Grouped { outage, signal, since }]);
        if self.group_of(storm, kind).is_some() {
            return Outcome::Logged;
        }
        let (priority, rule, policy) =
            (self.rules.centre().storm.priority, Rule::StormGrouped, self.rules.centre().version);
        let incident =
            self.open(at, IncidentEvent::Opened { account: None, kind, priority, evidence, rule, policy, plan: None });
        self.record(incident, at, None, vec![IncidentEvent::Grouped { storm }]);
        Outcome::Opened { incident }
    }

    /// What waited for its restore or for an operator when the storm was declared belongs to it.
    pub(super) fn gather(&mut self, storm: StormId, at: Timestamp) {
        let ours = |number: Option<AccountNumber>| number.filter(|number| self.storm_over(*number) == Some(storm));
        let held = |held: &Held| {
            let report = &held.received.report;
            let signal = report.signal.as_ref().filter(|signal| is_outage(signal.class()))?;
            Some((held.received.id, Outage { account: ours(report.account)?, kind: Kind::of(signal.class()) }))
        };
        let waiting: Vec<(SignalId, Outage)> = self.held.values().filter_map(held).collect();
        let untouched = |incident: &Incident| {
            let alone = incident.owner.is_none() && incident.taken_at.is_none() && incident.calls.is_empty();
            let outage = matches!(incident.kind, Kind::Power | Kind::Battery | Kind::Communication);
            let account = ours(incident.account).filter(|_| alone && outage)?;
            Some((incident.id, Outage { account, kind: incident.kind }))
        };
        let incidents: Vec<(IncidentId, Outage)> = self.incidents.values().filter_map(untouched).collect();
        for (signal, outage) in waiting {
            let Some(Held { received, .. }) = self.release(signal) else { continue };
            let outcome = self.group_as(storm, outage, Evidence::of(&received), at);
            self.dispose(&received, at, outcome, Rule::StormGrouped);
        }
        for (id, outage) in incidents {
            let Some(evidence) = self.incidents.get(&id).map(first_evidence) else { continue };
            self.group_as(storm, outage, evidence, at);
            if let Some(into) = self.group_of(storm, outage.kind) {
                self.record(id, at, None, vec![IncidentEvent::Merged { into, storm }]);
            }
        }
    }

    /// The storm was none: what it grouped and still stands is shown as if it came now.
    pub(super) fn show_grouped(&mut self, storm: StormId, at: Timestamp) {
        let left: Vec<Outage> = match self.storms.get(&storm) {
            Some(storm) => storm.ledger.left().map(|Grouped { outage, .. }| *outage).collect(),
            None => return,
        };
        for outage in left {
            let Outage { account, kind } = outage;
            let Some(received) = self.still(outage) else { continue };
            let Some(signal) = &received.report.signal else { continue };
            let priority = match self.policy_of(Some(account)).handling(signal).0 {
                Handling::Show { priority } | Handling::Hold { priority, .. } => priority,
                // The rules changed in the meantime. It is shown all the same: nobody has seen it yet.
                Handling::Log {} => Priority::LEAST,
            };
            let shown = self.show(Some(account), &received, at, kind, priority, Rule::StormDismissed);
            if let Some(incident) = shown.incident() {
                self.record_storm(storm, at, None, vec![StormEvent::Shown { outage, incident }]);
            }
        }
    }

    /// What stands of an account that is served, as the signal that reported it last.
    fn still(&self, outage: Outage) -> Option<Received> {
        let account = self.accounts.get(&Some(outage.account)).filter(|account| account.card.is_some())?;
        let standing = account.state.as_ref()?.standing_since(Timestamp::from_millis(i64::MIN));
        let of_kind = |standing: &&Standing| is_outage(standing.class) && Kind::of(standing.class) == outage.kind;
        standing.iter().find(of_kind).map(|standing| standing.received(outage.account))
    }

    /// A person has confirmed the storm: customers with an intrusion that nobody has looked at yet are asked first.
    pub(super) fn ask_first(&mut self, storm: StormId, at: Timestamp) {
        let of_storm = |incident: &&Incident| {
            incident.stage == Stage::New
                && incident.account.is_some_and(|account| self.storm_over(account) == Some(storm))
        };
        let waiting: Vec<IncidentId> = self.incidents.values().filter(of_storm).map(|incident| incident.id).collect();
        for incident in waiting {
            self.ask_customer(incident, at);
        }
    }

    /// In a confirmed storm the customer is asked by machine about an intrusion, before a person is. The answer is evidence.
    pub(super) fn ask_customer(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id).filter(|_| self.rules.centre().storm.first_contact) else {
            return;
        };
        let intrusion = matches!(incident.kind, Kind::Burglary | Kind::Tamper | Kind::General);
        if !intrusion || incident.first_contact.is_some() {
            return;
        }
        let storm = incident.account.and_then(|account| self.storm_over(account));
        let confirmed = |storm: &StormId| self.storms.get(storm).is_some_and(|storm| storm.is_confirmed());
        if let Some(storm) = storm.filter(confirmed) {
            self.record(id, at, None, vec![IncidentEvent::ContactAsked { storm }]);
        }
    }
}

/// The evidence that an incident was opened by, as far as the incident itself remembers it.
fn first_evidence(incident: &Incident) -> Evidence {
    let origin = incident.origins.first();
    Evidence {
        signal: incident.first_signal,
        received_at: incident.received_at,
        code: origin.map(|origin| origin.code),
        qualifier: origin.map(|_| Qualifier::New),
        group: origin.and_then(|origin| origin.group),
        number: origin.and_then(|origin| origin.number),
        marks: Marks::NONE,
        user: None,
        source: None,
    }
}
