//! What must hold of units after every input: no two incidents have one, and what the cost chose is what costs least.

use std::collections::BTreeMap;

use alarmcore::{ChosenBy, IncidentEvent, IncidentId, Output, Timestamp, UnitId};

use super::Witness;

impl Witness {
    pub(super) fn check_units(&self, now: Option<Timestamp>, said: &[Output]) {
        let mut jobs: BTreeMap<UnitId, IncidentId> = BTreeMap::new();
        for incident in self.desk.queue() {
            let mut coming = 0;
            for dispatch in incident.dispatches.iter().filter(|dispatch| dispatch.is_running()) {
                let other = jobs.insert(dispatch.unit, incident.id);
                assert_eq!(other, None, "unit {} has incident {} too", dispatch.unit, incident.id);
                coming += u32::from(dispatch.is_under_way());
            }
            let missed = incident.arrive_by(self.desk.policy_of(incident.account));
            assert!(
                missed.is_none_or(|due| now.is_none_or(|now| due > now || incident.changed_at == now)),
                "nobody is told that who accepted incident {} is not there",
                incident.id
            );
            let late = incident.authority_by(self.desk.policy_of(incident.account));
            assert!(
                late.is_none_or(|due| now.is_none_or(|now| due > now || incident.changed_at == now)),
                "nobody is told that an authority is not at incident {} as it said",
                incident.id
            );
            let silent = incident.ask_by(self.desk.policy_of(incident.account));
            assert!(
                silent.is_none_or(|(due, _)| now.is_none_or(|now| due > now || incident.changed_at == now)),
                "nobody is told that nothing is heard of who is on the scene of incident {}",
                incident.id
            );
            assert!(coming <= 1, "two units are on their way to incident {}", incident.id);
        }
        self.check_said_by_units(said);
        for output in said {
            let Output::Record(record) = output else { continue };
            let IncidentEvent::UnitOffered { unit, choice, .. } = &record.event else { continue };
            let choice = choice.as_deref().expect("every offer says how its unit was chosen");
            assert_eq!(record.by.is_none(), choice.by == ChosenBy::Next, "{record:?}");
            let chosen = choice.cost_of(*unit).expect("the chosen unit is in the order");
            let fit = choice.order.iter().filter(|one| one.out.is_none());
            let least = fit.map(|one| (one.cost_s(), one.unit)).min();
            assert!(
                choice.by == ChosenBy::Person || least == Some((chosen.cost_s(), chosen.unit)),
                "unit {unit} costs more than {least:?}: {choice:?}"
            );
        }
    }
    /// What a unit says by machine is heard once, and of its own offer.
    fn check_said_by_units(&self, said: &[Output]) {
        for output in said {
            let Output::Record(record) = output else { continue };
            let IncidentEvent::UnitAnswered { unit, offer, message, .. } = &record.event else { continue };
            let incident = self.desk.incident(record.incident).expect("only of an open one is anything heard");
            let dispatch = &incident.dispatches[usize::from(*offer) - 1];
            assert_eq!(dispatch.unit, *unit, "heard of another unit's offer: {record:?}");
            let times = dispatch.heard.iter().filter(|known| *known == message).count();
            assert_eq!(times, 1, "heard twice: {record:?}");
        }
    }
}
