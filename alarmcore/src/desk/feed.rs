//! Auto-feed: what calls is offered to the next free operator by itself.
//!
//! An offer is no ownership. It stops no clock, hides nothing, and whoever could take the incident before still can.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::interrupt::in_hand;
use super::{Desk, Due};
use crate::attention::Attention;
use crate::id::{IncidentId, OperatorId};
use crate::incident::{FeedEnd, InQueue, Incident, IncidentEvent, Offered, Stage};
use crate::operator::OperatorCard;
use crate::queue::{Priority, QueueKey};
use crate::time::Timestamp;

/// What offers are made by. Empty where nothing is offered.
#[derive(Clone, Debug, Default)]
pub(super) struct Offers {
    /// What calls, and nobody has or is offered, in the order of the queue.
    waiting: BTreeSet<QueueKey>,
    /// Which incident somebody is offered.
    to: BTreeMap<OperatorId, IncidentId>,
    /// What keeps each of them busy, the most urgent first.
    busy: BTreeSet<(OperatorId, Priority, IncidentId)>,
    /// Something has changed since offers were last looked at.
    stale: bool,
}

/// How well an offer suits somebody: smaller is better. First those who are free, members of its queue before others, longest without
/// an act; life safety goes also to whoever is offered something less urgent, and last to whoever has something less urgent in hand, the
/// least urgent first.
type Suits = (bool, bool, Reverse<Option<Priority>>, bool, Option<Timestamp>, OperatorId);

impl Desk {
    /// Ends the offers that do not hold any more, and offers what calls, until there is nothing more to offer.
    pub(super) fn feed(&mut self, at: Timestamp) {
        let rules = self.rules.centre().feed;
        while rules.enabled && std::mem::take(&mut self.offers.stale) {
            let ends = |(to, id): (&OperatorId, &IncidentId)| {
                let incident = self.incidents.get(id)?;
                Some((*id, *to, self.suits(self.operators.get(to), incident).err()?))
            };
            let over: Vec<(IncidentId, OperatorId, FeedEnd)> = self.offers.to.iter().filter_map(ends).collect();
            for (id, to, reason) in over {
                self.record(id, at, None, vec![IncidentEvent::FeedOver { to, reason }]);
            }
            let Some((id, to)) = self.next_fed() else { continue };
            if let Some(&lower) = self.offers.to.get(&to) {
                self.record(lower, at, None, vec![IncidentEvent::FeedOver { to, reason: FeedEnd::Urgent }]);
            }
            let (until, policy) = (at.plus_secs(rules.offer_s.get()), self.rules.centre().version);
            self.record(id, at, None, vec![IncidentEvent::Fed { to, until, policy }]);
        }
    }

    /// The first in the order of the queue that somebody can be offered, and to whom it goes.
    fn next_fed(&self) -> Option<(IncidentId, OperatorId)> {
        let attentive = |card: &&OperatorCard| {
            let resting = self.attention.get(&card.operator).is_some_and(|attention| attention.missed_at.is_some());
            self.present.contains(&card.operator) && !self.silent.contains_key(&card.operator) && !resting
        };
        let there: Vec<&OperatorCard> = self.operators.values().filter(attentive).collect();
        let is_free = |card: &&OperatorCard| {
            !self.offers.to.contains_key(&card.operator) && self.most_urgent_of(card.operator).is_none()
        };
        let any_free = there.iter().any(is_free);
        // Beyond life safety, which comes first, only those who are free are asked.
        let asked = |key: &&QueueKey| any_free || key.priority == Priority::LIFE_SAFETY;
        self.offers.waiting.iter().take_while(asked).find_map(|key| {
            let incident = self.incidents.get(&key.id)?;
            let offered = |card: &OperatorCard| {
                let offered = self.offers.to.get(&card.operator).and_then(|id| self.incidents.get(id));
                let first = |lower: &Incident| {
                    incident.priority == Priority::LIFE_SAFETY && incident.priority.is_above(lower.priority)
                };
                offered.is_none_or(first).then_some(offered.is_some())
            };
            let suits = |card: &&OperatorCard| {
                let busy_with = self.suits(Some(card), incident).ok()?;
                let acted_at = self.attention.get(&card.operator).and_then(|attention| attention.acted_at);
                let other = incident.queue.as_deref().is_some_and(|queue| !card.serves(queue));
                Some((busy_with.is_some(), other, Reverse(busy_with), offered(card)?, acted_at, card.operator))
            };
            let best: Option<Suits> = there.iter().filter_map(suits).min();
            best.map(|(.., to)| (key.id, to))
        })
    }

    /// May this incident be offered to this person, and how urgent is what they have in hand meanwhile?
    fn suits(&self, card: Option<&OperatorCard>, incident: &Incident) -> Result<Option<Priority>, FeedEnd> {
        let card = card.filter(|card| !card.supervisor || self.rules.centre().feed.supervisors);
        let theirs = |card: &&OperatorCard| {
            incident.queue.as_deref().is_none_or(|queue| card.serves(queue) || self.is_for_others(incident, queue))
        };
        let card = card.filter(theirs).ok_or(FeedEnd::NotTheirs)?;
        if !self.present.contains(&card.operator) {
            return Err(FeedEnd::Gone);
        }
        if card.paused {
            return Err(FeedEnd::Paused);
        }
        let busy = self.most_urgent_of(card.operator);
        let goes_on = |busy: Priority| incident.priority != Priority::LIFE_SAFETY || !incident.priority.is_above(busy);
        if busy.is_some_and(goes_on) { Err(FeedEnd::Busy) } else { Ok(busy) }
    }

    /// May what waits in this queue be offered to whoever is no member? In one that everybody sees, life safety is, and anything while no
    /// member is there: it must not wait for somebody who may not come.
    fn is_for_others(&self, incident: &Incident, queue: &InQueue) -> bool {
        let member = |card: &OperatorCard| self.present.contains(&card.operator) && card.serves(queue);
        let seen = incident.priority == Priority::LIFE_SAFETY || !self.operators.values().any(member);
        queue.overflow.is_some() || (!queue.exclusive && seen)
    }

    /// The most urgent of what keeps somebody busy.
    fn most_urgent_of(&self, operator: OperatorId) -> Option<Priority> {
        let least = (operator, Priority::LIFE_SAFETY, IncidentId::new(0));
        let (whose, priority, _) = self.offers.busy.range(least..).next()?;
        (*whose == operator).then_some(*priority)
    }

    /// An offer was not taken in time.
    pub(super) fn feed_over(&mut self, id: IncidentId, at: Timestamp) {
        let Some(Offered { to, .. }) = self.incidents.get(&id).and_then(|incident| incident.offered) else { return };
        self.record(id, at, None, vec![IncidentEvent::FeedOver { to, reason: FeedEnd::NotTaken }]);
    }

    /// Somebody acted, or let an offer pass.
    pub(super) fn attend(&mut self, operator: OperatorId, attention: Attention) {
        let before = self.attention.get(&operator).copied().unwrap_or_default();
        let after = before.with(attention);
        let (rested, rests) = (self.rests(operator, before), self.rests(operator, after));
        self.deadlines.remove(&rested);
        if after.missed_at.is_some() {
            self.deadlines.insert(rests);
        }
        self.attention.insert(operator, after);
        self.offers.stale = true;
    }

    /// Whoever let an offer pass is asked again.
    pub(super) fn rested(&mut self, operator: OperatorId) {
        if let Some(attention) = self.attention.get_mut(&operator) {
            attention.missed_at = None;
        }
        self.offers.stale = true;
    }

    fn rests(&self, operator: OperatorId, attention: Attention) -> (Timestamp, Due) {
        let rest_s = self.rules.centre().feed.rest_s.get();
        (attention.missed_at.unwrap_or_default().plus_secs(rest_s), Due::Rested(operator))
    }

    /// Somebody came, went, or can do something else.
    pub(super) fn look_at_offers(&mut self) {
        self.offers.stale = true;
    }

    /// Notes what an incident means for offers.
    pub(super) fn index_offers(&mut self, incident: &Incident) {
        if !self.rules.centre().feed.enabled {
            return;
        }
        match (incident.offered, waits(incident)) {
            (Some(Offered { to, .. }), _) => drop(self.offers.to.insert(to, incident.id)),
            (None, true) => drop(self.offers.waiting.insert(incident.queue_key())),
            (None, false) => {}
        }
        self.offers.busy.extend(busy(incident));
        self.offers.stale = true;
    }

    /// Forgets it.
    pub(super) fn unindex_offers(&mut self, incident: &Incident) {
        if !self.rules.centre().feed.enabled {
            return;
        }
        if let Some(Offered { to, .. }) = incident.offered {
            self.offers.to.remove(&to);
        }
        self.offers.waiting.remove(&incident.queue_key());
        if let Some(busy) = busy(incident) {
            self.offers.busy.remove(&busy);
        }
        self.offers.stale = true;
    }
}

/// Does it call, and nobody has it?
const fn waits(incident: &Incident) -> bool {
    incident.owner.is_none() && incident.calling_since.is_some()
}

/// Whom it keeps busy: they verify it, see to it that aid comes, or are called back to it.
fn busy(incident: &Incident) -> Option<(OperatorId, Priority, IncidentId)> {
    let owner = incident.owner?;
    let goes_on = incident.hold.is_none() && incident.interrupted.is_none();
    let called = incident.calling_since.is_some() || incident.stage == Stage::Real;
    (in_hand(incident) || (goes_on && called)).then_some((owner, incident.priority, incident.id))
}
