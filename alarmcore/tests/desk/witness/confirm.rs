//! What must hold when further zones confirm an intrusion: as many of them as the rules ask for were set off within the time.

use std::collections::BTreeSet;

use alarmcore::{IncidentEvent, Input, Output, RaiseReason};
use contactid::{Class, Qualifier};

use super::Witness;

impl Witness {
    pub(super) fn check_confirmed(&mut self, input: &Input, said: &[Output]) {
        let Input::Signal(received) = input else { return };
        let (Some(account), Some(signal)) = (received.report.account, &received.report.signal) else { return };
        let intrusion = matches!(signal.class(), Class::Burglary | Class::Tamper | Class::General);
        if intrusion && signal.qualifier == Qualifier::New {
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
}
