//! A cancel at the panel: evidence, weighed by who gave it. It never ends an incident, and people in danger are not weighed.

use contactid::{AccountNumber, Class, Signal};

use super::Desk;
use crate::account::is_intrusion;
use crate::disposition::{Outcome, Rule};
use crate::id::{IncidentId, SignalId};
use crate::incident::{Family, Incident, IncidentEvent, Kind, RaiseReason, raise};
use crate::queue::Priority;
use crate::report::Received;
use crate::snapshot::Held;
use crate::time::Timestamp;

/// Who cancelled, as the account's card knows it.
enum Canceller {
    /// The card keeps no list.
    Unlisted,
    /// Somebody on the list.
    Allowed,
    /// Somebody who is not on it or whose time there is over, or whom the panel does not name.
    Stranger,
}

impl Desk {
    /// A cancel joins the open alarm of its account. What is held of an intrusion is settled by a user on the list, and shown
    /// at once when anybody else wants it gone. From a strange source nobody cancels; whoever may not raises it all the same.
    pub(super) fn cancel(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
        weighs: bool,
    ) -> (Outcome, Rule) {
        let at = received.report.received_at;
        let canceller = self.canceller(number, signal, at);
        let settled = match canceller {
            Canceller::Allowed if weighs => self.settle_cancelled(number, at),
            Canceller::Unlisted | Canceller::Allowed => false,
            Canceller::Stranger => {
                self.show_cancelled(number, at);
                false
            }
        };
        let Some(id) = self.target(Some(number), Kind::General) else {
            let rule = match settled {
                true => Rule::CancelInTime,
                false if weighs => Rule::CancelLogged,
                false => Rule::NotWeighed,
            };
            return (Outcome::Logged, rule);
        };
        let (rule, weighed) = match canceller {
            Canceller::Unlisted | Canceller::Allowed if !weighs => (Rule::NotWeighed, None),
            Canceller::Unlisted => (Rule::CancelJoined, None),
            Canceller::Allowed => (Rule::CancelAllowed, self.lowered_by_cancel(id, at)),
            Canceller::Stranger => {
                let rule = if weighs { Rule::CancelStranger } else { Rule::NotWeighed };
                (rule, self.raised_by_stranger(id))
            }
        };
        let outcome = self.join(id, received, at, rule);
        self.record(id, at, None, weighed.into_iter().collect());
        (outcome, rule)
    }

    /// Would this cancel by somebody who may not raise anything? Not where nothing waits and the open alarm was raised so already.
    pub(super) fn raises(&self, number: AccountNumber, signal: &Signal, at: Timestamp) -> bool {
        if signal.class() != Class::Cancel || !matches!(self.canceller(number, signal, at), Canceller::Stranger) {
            return false;
        }
        let stranger = self.policy_of(Some(number)).cancel.stranger;
        let untold = |incident: &Incident| incident.cancelled.is_none() || stranger.is_above(incident.priority);
        let open = self.target(Some(number), Kind::General).and_then(|id| self.incidents.get(&id));
        open.is_some_and(untold) || self.held_of(Some(number)).any(|(_, held)| is_intrusion(held.class()))
    }

    fn canceller(&self, number: AccountNumber, signal: &Signal, at: Timestamp) -> Canceller {
        let Some(card) = self.accounts.get(&Some(number)).and_then(|account| account.card.as_ref()) else {
            return Canceller::Unlisted;
        };
        let user = signal.named_user();
        // Whoever may do nothing any more is a stranger, whether a list is kept or not.
        match &card.cancel_users {
            _ if card.is_over(user, at) => Canceller::Stranger,
            None => Canceller::Unlisted,
            Some(users) if user.is_some_and(|user| users.contains(&user)) => Canceller::Allowed,
            Some(_) => Canceller::Stranger,
        }
    }

    /// What lowers an alarm that a user on the list cancels in time: only one of an intrusion that nothing has confirmed.
    fn lowered_by_cancel(&self, id: IncidentId, at: Timestamp) -> Option<IncidentEvent> {
        let incident = self.incidents.get(&id)?;
        let limits = self.policy_of(incident.account).cancel;
        let lower = limits.priority;
        let in_time = at.secs_since(incident.received_at) <= i64::from(limits.within_s);
        let weighs = limits.within_s > 0 && in_time && incident.priority.is_above(lower) && is_doubtful(incident);
        weighs.then_some(IncidentEvent::Lowered { priority: lower })
    }

    /// Whoever cancels without being allowed to may force somebody, or be forced.
    fn raised_by_stranger(&self, id: IncidentId) -> Option<IncidentEvent> {
        let incident = self.incidents.get(&id)?;
        let stranger = self.policy_of(incident.account).cancel.stranger;
        Some(raise(incident, RaiseReason::StrangerCancelled, incident.kind, stranger))
    }

    /// What waits is only logged, because a user on the list has cancelled it.
    fn settle_cancelled(&mut self, number: AccountNumber, at: Timestamp) -> bool {
        let settled = self.release_intrusions(number);
        for Held { received, .. } in &settled {
            self.dispose(received, at, Outcome::Logged, Rule::CancelInTime);
        }
        !settled.is_empty()
    }

    /// What waits is shown, because somebody wants it gone who may not.
    fn show_cancelled(&mut self, number: AccountNumber, at: Timestamp) {
        let priority = self.policy_of(Some(number)).cancel.stranger;
        self.show_intrusions(number, at, Rule::CancelStranger, Some(priority));
    }

    /// Whoever is threatened may be forced to cancel, or to ask for a test: nothing of an intrusion waits for the one, or is hidden by the other.
    pub(super) fn show_threatened(&mut self, number: AccountNumber, at: Timestamp) {
        self.show_intrusions(number, at, Rule::CancelWaitThreat, None);
        self.show_tested(number, at);
    }

    /// Everything of an intrusion that is held is shown before its wait is over.
    pub(super) fn show_intrusions(
        &mut self,
        number: AccountNumber,
        at: Timestamp,
        rule: Rule,
        priority: Option<Priority>,
    ) {
        for Held { received, .. } in self.release_intrusions(number) {
            self.show_released(&received, at, rule, priority);
        }
    }

    /// Lets go of everything of an intrusion that is held, with the restores that wait along.
    fn release_intrusions(&mut self, number: AccountNumber) -> Vec<Held> {
        let held = self.held_of(Some(number)).filter(|(_, signal)| is_intrusion(signal.class()));
        let intrusions: Vec<SignalId> = held.map(|(held, _)| held.received.id).collect();
        intrusions.into_iter().filter_map(|id| self.release(id)).collect()
    }
}

/// Is it an alarm of an intrusion, of which nobody and nothing has said yet that it is real, or that people are in danger?
pub(super) fn is_doubtful(incident: &Incident) -> bool {
    incident.kind.family() == Family::Alarm
        && incident.origins.iter().all(|origin| is_intrusion(origin.class))
        && incident.confirmed.is_none()
        && incident.verdict.is_none()
        && !incident.is_under_duress()
}
