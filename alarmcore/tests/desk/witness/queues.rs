//! What must hold of queues after every input: each incident is in the one that the policy says, and none waits unseen.

use alarmcore::{Family, OperatorCard};

use super::Witness;

impl Witness {
    pub(super) fn check_queues(&self) {
        let snapshot = self.desk.snapshot();
        for incident in &snapshot.incidents {
            let id = incident.id;
            let card = snapshot.accounts.iter().find(|card| Some(card.account) == incident.account);
            let queue = incident.queue.as_deref();
            if let Some(queue) = queue {
                assert!(self.policy.queues.iter().any(|rule| rule.name == queue.name), "incident {id}: {queue:?}");
            } else {
                // A card may have changed since.
                let fits = self.policy.queues.iter().find(|rule| {
                    rule.which.districts.is_empty() && rule.which.holds(incident.kind, incident.priority, card)
                });
                assert_eq!(fits, None, "incident {id} is in no queue");
            }
            let calls = incident.owner.is_none() && incident.calling_since.is_some();
            let seen = |person: &OperatorCard| snapshot.present.contains(&person.operator) && person.may_see(incident);
            let closed = queue.is_some_and(|queue| queue.is_closed_to_others());
            if closed && incident.owner.is_none() && incident.kind.family() == Family::LifeSafety {
                let rule = self.policy.queues.iter().find(|rule| queue.is_some_and(|queue| queue.name == rule.name));
                assert!(
                    rule.is_some_and(|rule| rule.life_safety_s > 0),
                    "incident {id} is life safety, and not everybody's"
                );
            }
            assert!(
                !(calls && closed) || snapshot.operators.iter().any(seen),
                "incident {id} calls and nobody sees it"
            );
        }
    }
}
