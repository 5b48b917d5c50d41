//! What must hold when further zones confirm an intrusion: as many of them as the rules ask for were set off within the time.

use std::collections::BTreeSet;

use alarmcore::{Held, IncidentEvent, Input, Outcome, Output, RaiseReason, Rule, Storm};
use contactid::{Class, Qualifier};

use super::Witness;

fn is_intrusion(class: Class) -> bool {
    matches!(class, Class::Burglary | Class::Tamper | Class::General)
}

impl Witness {
    pub(super) fn check_confirmed(&mut self, input: &Input, said: &[Output]) {
        self.check_pre_alarms(input, said);
        let Input::Signal(received) = input else { return };
        let (Some(account), Some(signal)) = (received.report.account, &received.report.signal) else { return };
        if is_intrusion(signal.class()) && signal.qualifier == Qualifier::New {
            self.trips.push((account, received.report.received_at, (signal.group, signal.number)));
        }
        for output in said {
            let Output::Record(record) = output else { continue };
            if !matches!(record.event, IncidentEvent::Raised { reason: RaiseReason::CrossZone, .. }) {
                continue;
            }
            let rules = self.policy.confirm;
            let zones: BTreeSet<_> = self
                .trips
                .iter()
                .filter(|(of, at, _)| *of == account && record.at.secs_since(*at) <= i64::from(rules.within_s))
                .map(|(_, _, zone)| zone)
                .collect();
            assert!(zones.len() >= usize::from(rules.zones.get()), "{zones:?} confirm incident {}", record.incident);
        }
    }

    /// What waits of an intrusion is settled by nothing but a cancel, and waits no longer once it is confirmed; nor does the panel's
    /// own word wait.
    fn check_pre_alarms(&self, input: &Input, said: &[Output]) {
        let by_panel = match input {
            Input::Signal(received) => received.report.signal.as_ref().filter(|signal| {
                signal.qualifier == Qualifier::New && ["139", "BV"].contains(&signal.code.to_string().as_str())
            }),
            _ => None,
        };
        for output in said {
            match output {
                Output::Dispose(of) => {
                    let Some((account, class)) = self.spoke.get(&of.signal) else { continue };
                    let settled = of.rule == Rule::RestoreWaitRestored;
                    assert!(!settled || !is_intrusion(*class), "a restore settles an intrusion of {account}: {of:?}");
                    let held = by_panel.is_some() && matches!(of.outcome, Outcome::Held { .. });
                    assert!(!held, "the panel's own word waits: {of:?}");
                }
                Output::Record(record) => {
                    let IncidentEvent::Raised { reason, .. } = &record.event else { continue };
                    let Some(incident) = self.desk.incident(record.incident) else { continue };
                    if reason.confirming_keys().is_empty() || incident.is_false() {
                        continue;
                    }
                    let snapshot = self.desk.snapshot();
                    let card = snapshot.accounts.iter().find(|card| Some(card.account) == incident.account);
                    let by_path = matches!(reason, RaiseReason::PathFault | RaiseReason::TwoPaths);
                    let over = |storm: &Storm| {
                        storm.groups()
                            && storm.declared_at < record.at
                            && card.is_some_and(|card| storm.area.holds(card))
                    };
                    assert!(!by_path || !self.desk.storms().any(over), "a storm's line confirms: {incident:?}");
                    let mut held = snapshot.held.iter().filter(|held| held.received.report.account == incident.account);
                    let begins = |held: &Held| {
                        held.received.report.signal.as_ref().is_some_and(|signal| is_intrusion(signal.class()))
                    };
                    assert!(!held.any(begins), "confirmed, and something of it waits: {incident:?}");
                }
                _ => {}
            }
        }
    }
}
