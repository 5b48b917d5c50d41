//! Recent opening and closing: an intrusion reported moments after a user came or went is most likely that user's own doing.

use contactid::{AccountNumber, Signal};

use super::Desk;
use super::cancel::is_doubtful;
use super::confirm::begins_intrusion;
use crate::account::{AreaState, Arming, is_confirmed_by_panel};
use crate::disposition::{Outcome, Rule};
use crate::incident::{Evidence, IncidentEvent, Kind, Origin};
use crate::queue::Priority;
use crate::report::{Marks, Received};
use crate::time::Timestamp;

/// What is done with an intrusion that is most likely a user's own doing.
pub(super) enum Recently {
    /// It is shown, so urgent at most.
    Lowered(Priority, Rule),
    /// It is logged.
    Logged(Outcome, Rule),
}

impl Desk {
    /// Has a user just opened or closed the area of this intrusion? What becomes part of an open alarm is never logged, and
    /// neither the panel's own word that it is confirmed nor that of a person is lowered.
    pub(super) fn recently(&self, number: AccountNumber, received: &Received, signal: &Signal) -> Option<Recently> {
        if received.report.marks.contains(Marks::MANUAL) || is_confirmed_by_panel(signal.code) {
            return None;
        }
        let (_, lowered, logged) = self.changed(number, signal, received.report.received_at)?;
        let limits = self.policy_of(Some(number)).recent;
        let open = self.target(Some(number), Kind::of(signal.class())).is_some();
        Some(match limits.log && !open {
            true => Recently::Logged(Outcome::Logged, logged),
            false => Recently::Lowered(limits.priority, lowered),
        })
    }

    /// A user closes soon after an intrusion that nothing has confirmed: most likely it was set off on the way out. The closing
    /// becomes part of the alarm and lowers it, and ends nothing.
    pub(super) fn closes_soon_after(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        let at = received.report.received_at;
        let closed =
            AreaState::after(signal, at).filter(|area| area.arming != Arming::Disarmed && area.by.is_some())?;
        if !self.admits(number, &closed) {
            return None;
        }
        let limits = self.policy_of(Some(number)).recent;
        let id = self.target(Some(number), Kind::Burglary)?;
        let incident = self.incidents.get(&id)?;
        let soon = (0..=i64::from(limits.before_closing_s)).contains(&at.secs_since(incident.received_at));
        let by_chance = |origin: &Origin| closed.holds(origin.group) && !is_confirmed_by_panel(origin.code);
        let lowers = limits.before_closing_s > 0
            && soon
            && is_doubtful(incident)
            && incident.origins.iter().all(by_chance)
            && !incident.marks.contains(Marks::MANUAL)
            && incident.priority.is_above(limits.priority);
        if !lowers {
            return None;
        }
        let joined = self.join(id, received, at, Rule::BeforeClosing);
        self.record(id, at, None, vec![IncidentEvent::Lowered { priority: limits.priority }]);
        Some((joined, Rule::BeforeClosing))
    }

    /// What an incident keeps of a signal; with the user where a rule rests on what that user just did, with its source where a rule rests on that.
    pub(super) fn evidence(&self, received: &Received, rule: Rule) -> Evidence {
        let mut evidence = Evidence::of(received);
        if rule.is_of_source() {
            evidence.source = received.report.source;
        }
        if let (true, Some(number), Some(signal)) = (rule.is_recent(), received.report.account, &received.report.signal)
        {
            evidence.user = self.changed(number, signal, evidence.received_at).and_then(|(area, ..)| area.by);
        }
        evidence
    }

    /// The area of an intrusion that was opened or closed last, if that was just now; and the rules for it.
    fn changed(&self, number: AccountNumber, signal: &Signal, at: Timestamp) -> Option<(&AreaState, Rule, Rule)> {
        let areas = &self.account(&number).filter(|_| begins_intrusion(signal))?.areas;
        let area = areas.iter().filter(|area| area.holds(signal.group)).max_by_key(|area| area.since)?;
        let limits = self.policy_of(Some(number)).recent;
        let (within_s, lowered, logged) = match area.arming {
            // An opening without a user, outside the hours, or by nobody on the card is not known to be authorised.
            Arming::Disarmed if area.by.is_none() || !self.allows(number, area) => return None,
            Arming::Disarmed => (limits.opening_s, Rule::RecentOpening, Rule::RecentOpeningLogged),
            Arming::Part | Arming::Armed if !self.admits(number, area) => return None,
            Arming::Part | Arming::Armed => (limits.closing_s, Rule::RecentClosing, Rule::RecentClosingLogged),
        };
        let since = u32::try_from(at.secs_since(area.since)).ok()?;
        (within_s > 0 && since <= within_s).then_some((area, lowered, logged))
    }
}
