//! Queues: in which one an incident is, who may take it, and when it is everybody's because nobody of the queue takes it.

use super::Desk;
use crate::id::{IncidentId, OperatorId};
use crate::incident::{Command, Family, InQueue, Incident, IncidentEvent, OverflowReason, Refusal};
use crate::operator::OperatorCard;
use crate::policy::{Policy, QueueRule};
use crate::time::Timestamp;

impl Desk {
    /// Keeps the card of a person. What only they could take, and now cannot, is everybody's.
    pub(super) fn put_operator(&mut self, at: Timestamp, card: OperatorCard) {
        self.advance(at);
        self.operators.insert(card.operator, card);
        self.look_at_offers();
        self.spill_all(at);
    }

    /// Puts a new incident, or one that has become something else, into its queue.
    pub(super) fn enqueue(&mut self, incident: Box<Incident>, at: Timestamp) -> Box<Incident> {
        if incident.is_closed() {
            return incident;
        }
        let card = self.accounts.get(&incident.account).and_then(|account| account.card.as_ref());
        let policy = self.rules.centre();
        let rule = policy.queues.iter().find(|rule| rule.which.holds(incident.kind, incident.priority, card));
        let language = card.and_then(|card| card.areas.names()?.language.clone()).filter(|_| rule.is_some());
        let overflow = incident.queue.as_ref().and_then(|queue| queue.overflow);
        let wanted = rule.map(|rule| InQueue {
            name: rule.name.clone(),
            exclusive: rule.exclusive,
            skills: rule.skills.clone(),
            language: language.clone(),
            overflow,
        });
        if incident.queue.as_deref() == wanted.as_ref() {
            return incident;
        }
        let event = IncidentEvent::Queued {
            queue: rule.map(|rule| rule.name.clone()),
            exclusive: rule.is_some_and(|rule| rule.exclusive),
            skills: rule.map(|rule| rule.skills.clone()).unwrap_or_default(),
            language,
            policy: policy.version,
        };
        self.add(incident, at, event)
    }

    /// Nobody acts on what they are not shown, and only members and supervisors take what is for them. Of whom nothing is known,
    /// everything is granted.
    pub(super) fn is_theirs(&self, incident: &Incident, by: OperatorId, command: &Command) -> Result<(), Refusal> {
        let (Some(queue), Some(card)) = (&incident.queue, self.operators.get(&by)) else { return Ok(()) };
        let granted = match command {
            Command::Take => card.may_take(incident),
            _ => card.may_see(incident),
        };
        if granted { Ok(()) } else { Err(Refusal::OtherQueue { queue: queue.name.clone() }) }
    }

    /// What waits in an exclusive queue, and need not or must not wait longer, is everybody's.
    pub(super) fn spill(&mut self, id: IncidentId, at: Timestamp) {
        let reason = self.incidents.get(&id).and_then(|incident| self.overflows(incident, at));
        if let Some(reason) = reason {
            self.record(id, at, None, vec![IncidentEvent::Overflowed { reason }]);
        }
    }

    /// Somebody has gone, or can do something else: what waits only for those who are not there is everybody's.
    pub(super) fn spill_all(&mut self, at: Timestamp) {
        let closed = self.incidents.values().filter(|incident| waits_for_members(incident));
        let closed: Vec<IncidentId> = closed.map(|incident| incident.id).collect();
        for id in closed {
            self.spill(id, at);
        }
    }

    fn overflows(&self, incident: &Incident, at: Timestamp) -> Option<OverflowReason> {
        let queue = incident.queue.as_deref().filter(|_| waits_for_members(incident))?;
        let life_safety = is_life_safety(incident);
        if overflow_due(incident, self.rules.centre()).is_some_and(|due| due <= at) {
            return Some(if life_safety { OverflowReason::LifeSafety } else { OverflowReason::Waited });
        }
        let there = |card: &OperatorCard| self.present.contains(&card.operator) && card.serves(queue);
        (!self.operators.values().any(there)).then_some(OverflowReason::NobodyThere)
    }
}

/// Does it call, and only members see it? Life safety that nobody has must not go unseen while it is on hold, either.
fn waits_for_members(incident: &Incident) -> bool {
    let closed = incident.queue.as_ref().is_some_and(|queue| queue.is_closed_to_others());
    closed && incident.owner.is_none() && (incident.calling_since.is_some() || is_life_safety(incident))
}

fn is_life_safety(incident: &Incident) -> bool {
    incident.kind.family() == Family::LifeSafety
}

/// When what waits in an exclusive queue is everybody's.
pub(super) fn overflow_due(incident: &Incident, policy: &Policy) -> Option<Timestamp> {
    let queue = incident.queue.as_deref().filter(|_| waits_for_members(incident))?;
    let rule: Option<&QueueRule> = policy.queues.iter().find(|rule| rule.name == queue.name);
    let wait = |rule: &QueueRule| if is_life_safety(incident) { rule.life_safety_s } else { rule.overflow_s };
    let since = incident.calling_since.or_else(|| is_life_safety(incident).then_some(incident.changed_at));
    // A queue that the policy does not know any more keeps nothing from anybody.
    since.map(|since| since.plus_secs(rule.map_or(0, wait)))
}
