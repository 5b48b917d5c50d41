//! Which unit goes: the cheapest, the next when one does not go, and a call for an operator when there is none.

use super::Desk;
use crate::account::AccountCard;
use crate::id::{IncidentId, OperatorId, UnitId};
use crate::incident::{
    Act, Command, Dispatch, Incident, IncidentEvent, RaiseReason, Refusal, UnitAnswer, decide, expire, offered, raise,
    wants_unit,
};
use crate::policy::NextUnit;
use crate::time::Timestamp;
use crate::unit::{Asked, Candidate, Choice, ChosenBy, NotSent, UnitCard, ranked};

impl Desk {
    /// Keeps the card of a unit. One that goes off duty on its way somewhere is missed from then on.
    pub(super) fn put_unit(&mut self, card: UnitCard) {
        let job = self.jobs.get(&card.unit).copied();
        let Some(incident) = job.and_then(|id| self.incidents.remove(&id)) else {
            self.units.insert(card.unit, card);
            return;
        };
        self.unindex(&incident);
        self.units.insert(card.unit, card);
        self.index(&incident);
        self.incidents.insert(incident);
    }

    /// Offers an incident to the unit that is named, or to the one that costs least; and keeps why it was this one.
    pub(super) fn send(&self, incident: &Incident, act: &Act<'_>) -> Result<Vec<IncidentEvent>, Refusal> {
        let (Command::PreProcess { unit: named, .. } | Command::Offer { unit: named }) = act.command else {
            return decide(incident, self.policy_of(incident.account), act);
        };
        let (asked, order) = self.order(incident, named.is_none());
        let chosen = named.or_else(|| cheapest(&order));
        let command = match act.command.clone() {
            Command::PreProcess { note, .. } => Command::PreProcess { unit: chosen, note },
            _ => Command::Offer { unit: chosen },
        };
        let mut events = decide(incident, self.policy_of(incident.account), &Act { command: &command, ..*act })?;
        if let Some(unit) = chosen {
            self.free(unit)?;
            let by = if named.is_some() { ChosenBy::Person } else { ChosenBy::Cost };
            if let Some(offer) = events.last_mut() {
                self.explain(offer, by, unit, asked, order);
            }
        }
        Ok(events)
    }

    /// Records events. Where a unit that was chosen by its cost does not go by them, the next one is asked in place of an
    /// operator, if the policy says so and there is one.
    pub(super) fn record_on(
        &mut self,
        id: IncidentId,
        at: Timestamp,
        by: Option<OperatorId>,
        mut events: Vec<IncidentEvent>,
    ) {
        let offer = self.next_offer(id, at, &events);
        if offer.is_some() {
            events.retain(|event| !matches!(event, IncidentEvent::Raised { reason, .. } if reason.asks_next()));
        }
        self.record(id, at, by, events);
        if let Some(offer) = offer {
            self.record(id, at, None, vec![offer]);
        }
    }

    fn next_offer(&self, id: IncidentId, at: Timestamp, events: &[IncidentEvent]) -> Option<IncidentEvent> {
        let lost = events.iter().find_map(|event| match event {
            IncidentEvent::UnitDeclined { unit, .. }
            | IncidentEvent::UnitAnswered { unit, answer: UnitAnswer::Declined, .. }
            | IncidentEvent::OfferExpired { unit }
            | IncidentEvent::UnitOutOfService { unit } => Some(*unit),
            _ => None,
        });
        let (incident, unit) = self.incidents.get(&id).zip(lost)?;
        let by_cost = incident.dispatch_of(unit).is_some_and(|dispatch| dispatch.by_cost);
        let by_itself = self.rules.centre().units.next == NextUnit::ByItself;
        if !by_cost || !by_itself || wants_unit(incident).is_err() {
            return None;
        }
        let (asked, order) = self.order(incident, false);
        let next = cheapest(&order)?;
        let mut offer = offered(self.policy_of(incident.account), at, next);
        self.explain(&mut offer, ChosenBy::Next, next, asked, order);
        Some(offer)
    }

    /// An offer ends without an answer, or the unit that was to come has gone off duty.
    pub(super) fn offer_over(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let off = |dispatch: &&Dispatch| {
            dispatch.is_under_way() && self.units.get(&dispatch.unit).is_some_and(|card| !card.on_duty)
        };
        let policy = self.policy_of(incident.account);
        let events = match incident.dispatches.iter().find(off) {
            Some(Dispatch { unit, .. }) => vec![
                IncidentEvent::UnitOutOfService { unit: *unit },
                raise(incident, RaiseReason::UnitOutOfService, incident.kind, policy.escalated),
            ],
            None => expire(incident, policy, at),
        };
        self.record_on(id, at, None, events);
    }

    /// The unit that accepted, or the authority that said when it comes, is not there: the incident calls, and whoever takes the call
    /// decides whether another one goes, or asks.
    pub(super) fn arrival_over(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let policy = self.policy_of(incident.account);
        let missed = [
            (incident.arrive_by(policy), RaiseReason::NotArrived),
            (incident.authority_by(policy), RaiseReason::AuthorityLate),
        ];
        let late = missed.into_iter().filter(|(due, _)| due.is_some_and(|due| due <= at));
        let events = late.map(|(_, reason)| raise(incident, reason, incident.kind, policy.escalated)).collect();
        self.record(id, at, None, events);
    }

    /// Nothing was heard of a unit on the scene for too long: the incident calls, so that somebody asks how it is.
    pub(super) fn unit_silent(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let policy = self.policy_of(incident.account);
        let Some((_, unit)) = incident.ask_by(policy) else { return };
        let event = raise(incident, RaiseReason::UnitSilent, incident.kind, policy.escalated);
        self.record(id, at, None, vec![IncidentEvent::UnitSilent { unit }, event]);
    }

    /// Every unit with its cost. At the end of the list a person who asks for the cheapest begins it anew.
    fn order(&self, incident: &Incident, may_begin_anew: bool) -> (Asked<'_>, Vec<Candidate>) {
        let account: Option<&AccountCard> =
            self.accounts.get(&incident.account).and_then(|account| account.card.as_ref());
        let rules = &self.rules.centre().units;
        let needed = rules.needs.iter().filter(|need| need.which.holds(incident.kind, incident.priority, account));
        let mut asked = Asked { account, skills: needed.map(|need| &need.skill).collect(), anew: false };
        let order = ranked(self.units.values(), &asked, rules, |unit| self.standing(incident, unit, false));
        if !may_begin_anew || incident.asked.is_empty() || cheapest(&order).is_some() {
            return (asked, order);
        }
        asked.anew = true;
        let order = ranked(self.units.values(), &asked, rules, |unit| self.standing(incident, unit, true));
        (asked, order)
    }

    /// How many papers a unit owes, and why it cannot be sent to this incident.
    fn standing(&self, incident: &Incident, unit: UnitId, anew: bool) -> (u32, Option<NotSent>) {
        let owes = |one: &Incident| one.dispatch_of(unit).is_some_and(|job| !job.is_running() && job.owes_record());
        let papers = self.incidents.values().filter(|one| owes(one)).count();
        let asked = !anew && incident.asked.contains(&unit);
        let out = match self.jobs.get(&unit) {
            Some(&job) if job == incident.id && asked => Some(NotSent::Asked),
            Some(_) => Some(NotSent::Busy),
            None if owes(incident) => Some(NotSent::Owes),
            None => asked.then_some(NotSent::Asked),
        };
        (u32::try_from(papers).unwrap_or(u32::MAX), out)
    }

    fn explain(
        &self,
        offer: &mut IncidentEvent,
        by: ChosenBy,
        chosen: UnitId,
        asked: Asked<'_>,
        order: Vec<Candidate>,
    ) {
        if let IncidentEvent::UnitOffered { choice, .. } = offer {
            *choice = Some(Box::new(Choice::of(by, self.rules.centre().version, asked, chosen, order)));
        }
    }
}

/// The first that can be sent: they stand at the beginning.
fn cheapest(order: &[Candidate]) -> Option<UnitId> {
    order.first().filter(|first| first.out.is_none()).map(|first| first.unit)
}
