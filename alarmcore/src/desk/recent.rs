//! Recent opening and closing: an intrusion reported moments after a user came or went is most likely that user's own doing.

use contactid::{AccountNumber, Signal};

use super::Desk;
use super::confirm::begins_intrusion;
use crate::account::{AreaState, Arming, is_confirmed_by_panel};
use crate::disposition::{Outcome, Rule};
use crate::incident::{Evidence, Kind};
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

    /// What an incident keeps of a signal; with the user where a rule rests on what that user just did.
    pub(super) fn evidence(&self, received: &Received, rule: Rule) -> Evidence {
        let mut evidence = Evidence::of(received);
        if let (true, Some(number), Some(signal)) = (rule.is_recent(), received.report.account, &received.report.signal)
        {
            evidence.user = self.changed(number, signal, evidence.received_at).and_then(|(area, ..)| area.by);
        }
        evidence
    }

    /// Was an intrusion at that moment most likely a user's own doing?
    pub(super) fn has_just_changed(&self, number: AccountNumber, signal: &Signal, at: Timestamp) -> bool {
        self.changed(number, signal, at).is_some()
    }

    /// The area of an intrusion that was opened or closed last, if that was just now; and the rules for it.
    fn changed(&self, number: AccountNumber, signal: &Signal, at: Timestamp) -> Option<(&AreaState, Rule, Rule)> {
        let areas = &self.account(&number).filter(|_| begins_intrusion(signal))?.areas;
        let area = areas.iter().filter(|area| area.holds(signal.group)).max_by_key(|area| area.since)?;
        let limits = self.policy_of(Some(number)).recent;
        let (within_s, lowered, logged) = match area.arming {
            // An opening without a user, or outside the hours, is not known to be authorised.
            Arming::Disarmed if area.by.is_none() || !self.allows(number, area) => return None,
            Arming::Disarmed => (limits.opening_s, Rule::RecentOpening, Rule::RecentOpeningLogged),
            Arming::Part | Arming::Armed => (limits.closing_s, Rule::RecentClosing, Rule::RecentClosingLogged),
        };
        let since = u32::try_from(at.secs_since(area.since)).ok()?;
        (within_s > 0 && since <= within_s).then_some((area, lowered, logged))
    }
}
