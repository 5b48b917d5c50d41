//! Which plan an incident gets: when it is opened, and when it becomes one of another kind.

use super::Desk;
use crate::account::Arming;
use crate::incident::{Evidence, Incident, IncidentEvent, Kind};
use crate::plan::PlanGiven;
use crate::time::Timestamp;
use contactid::AccountNumber;

impl Desk {
    /// Adds its plan to an event that opens an incident or makes one of another kind of it.
    pub(super) fn give_plan(&mut self, incident: Option<&Incident>, event: &mut IncidentEvent, at: Timestamp) {
        match event {
            IncidentEvent::Opened { account, kind, evidence, plan, .. } => {
                let night = self.is_night(at);
                *plan = self.plan_for(*account, *kind, evidence.number, Site::of(self, *account, evidence, at, night));
            }
            IncidentEvent::Raised { kind, plan, .. } => {
                let Some(incident) = incident.filter(|incident| incident.kind != *kind) else { return };
                let zone = incident.origins.last().and_then(|origin| origin.number);
                *plan = self.plan_for(incident.account, *kind, zone, Site::then(incident));
            }
            _ => {}
        }
    }

    /// Is it night? The clocks of a time zone are asked twice a day, not at each alarm.
    fn is_night(&mut self, at: Timestamp) -> bool {
        if !self.night.holds(at) {
            let (is_night, until) = self.rules.centre().plans.is_night_until(at);
            self.night = Night { is_night, from: at, until };
        }
        self.night.is_night
    }

    fn plan_for(&self, account: Option<AccountNumber>, kind: Kind, zone: Option<u32>, site: Site) -> Option<PlanGiven> {
        let Site { armed, on_hours, night } = site;
        let plans = &self.rules.centre().plans;
        let plan = plans.choose(kind, account, zone, night, on_hours)?;
        Some(PlanGiven { plan: plan.id.clone(), version: plans.version, armed, on_hours, night })
    }
}

/// Whether it is night, as it was worked out last: so it is from then until the given moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Night {
    is_night: bool,
    from: Timestamp,
    until: Timestamp,
}

impl Night {
    fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// How the site stands.
struct Site {
    armed: Option<Arming>,
    on_hours: Option<bool>,
    night: bool,
}

impl Site {
    /// When a signal comes: its own area, or the only one.
    fn of(desk: &Desk, account: Option<AccountNumber>, evidence: &Evidence, at: Timestamp, night: bool) -> Self {
        let known = desk.accounts.get(&account);
        let areas =
            known.and_then(|known| known.state.as_ref()).map(|state| state.areas.as_slice()).unwrap_or_default();
        let own = areas.iter().find(|area| area.group == evidence.group);
        let area = own.or(areas.first().filter(|_| areas.len() == 1));
        let schedule = known.and_then(|known| known.card.as_ref()?.schedule.as_ref());
        Self {
            armed: area.map(|area| area.arming),
            on_hours: schedule.and_then(|schedule| schedule.is_within(evidence.group, at)),
            night,
        }
    }

    /// When an incident got the plan that it has.
    fn then(incident: &Incident) -> Self {
        let given = incident.plan.as_ref();
        Self {
            armed: given.and_then(|given| given.armed),
            on_hours: given.and_then(|given| given.on_hours),
            night: given.is_some_and(|given| given.night),
        }
    }
}
