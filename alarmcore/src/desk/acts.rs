//! Acts of people, and how events become records, incidents and effects.

use super::Desk;
use crate::attention::Attention;
use crate::effect::Effect;
use crate::id::{ContactId, IncidentId, OperatorId, UnitId};
use crate::incident::{
    Act, Command, Incident, IncidentEvent, RaiseReason, Record, Refusal, decide, evolve, needed_again,
};
use crate::output::Output;
use crate::source::source_told;
use crate::time::Timestamp;

impl Desk {
    pub(super) fn act(
        &mut self,
        at: Timestamp,
        by: OperatorId,
        id: IncidentId,
        command: &Command,
        second: Option<OperatorId>,
    ) {
        self.advance(at);
        // Adapters do not sit at the desk.
        if by != OperatorId::OUTSIDE {
            self.acted(by, at);
        }
        match self.granted(id, &Act { at, by, second, command }) {
            Ok(events) => match self.take_awaited(id) {
                Some(closed) => self.record_followed(closed, at, by, events),
                None => {
                    let called = called(&events);
                    let events = self.resumed(id, by, events);
                    let promised = called.map(|(contact, _)| self.promised(id, contact)).unwrap_or_default();
                    let threatened = events.iter().any(is_duress_word);
                    self.record_on(id, at, Some(by), events);
                    let account = self.incidents.get(&id).and_then(|incident| incident.account);
                    if let Some(number) = account.filter(|_| threatened) {
                        self.threaten_others(number, id, at);
                        self.show_threatened(number, at);
                    }
                    if let Some((_, again_at)) = called {
                        self.call_again(id, (at, by), promised, again_at);
                    }
                }
            },
            Err(refusal) => self.outputs.push_back(Output::Refuse(refusal)),
        }
    }

    fn granted(&self, id: IncidentId, act: &Act<'_>) -> Result<Vec<IncidentEvent>, Refusal> {
        let followed = || self.awaited.get(&id).map(Box::as_ref).filter(|_| act.command.is_heard());
        let Some(incident) = self.incidents.get(&id).or_else(followed) else {
            let was_there = id.get() > 0 && id < self.next_incident;
            return Err(match was_there {
                true => Refusal::AlreadyClosed { incident: id },
                false => Refusal::NoSuchIncident { incident: id },
            });
        };
        self.is_theirs(incident, act.by, act.command)?;
        match act.command {
            Command::PreProcess { .. } | Command::Offer { .. } => self.send(incident, act),
            Command::Accept { unit } | Command::RecordUnitAnswer { unit, .. } => {
                let events = decide(incident, self.policy_of(incident.account), act)?;
                // Who could not be told by machine may have got another job since.
                let untold = incident.dispatch_of(*unit).is_some_and(|dispatch| incident.may_have_it(dispatch));
                if untold && !act.command.is_help() {
                    self.free(*unit)?;
                }
                Ok(events)
            }
            _ => decide(incident, self.policy_of(incident.account), act),
        }
    }

    /// Who was interrupted and goes on says so by acting.
    fn resumed(&self, id: IncidentId, by: OperatorId, mut events: Vec<IncidentEvent>) -> Vec<IncidentEvent> {
        let interrupted = self.incidents.get(&id).filter(|incident| incident.interrupted.is_some());
        let goes_on = |event: &IncidentEvent| {
            !matches!(
                event,
                IncidentEvent::Released { .. } | IncidentEvent::TakenOver { .. } | IncidentEvent::Noted { .. }
            )
        };
        if interrupted.is_some_and(|incident| incident.owner == Some(by)) && events.first().is_some_and(goes_on) {
            events.insert(0, IncidentEvent::Continued {});
        }
        events
    }

    /// Two incidents never have the same unit.
    pub(super) fn free(&self, unit: UnitId) -> Result<(), Refusal> {
        match (self.units.get(&unit), self.jobs.get(&unit)) {
            (None, _) => Err(Refusal::NoSuchUnit { unit }),
            (Some(card), _) if !card.on_duty => Err(Refusal::UnitOffDuty { unit }),
            (Some(_), Some(&incident)) => Err(Refusal::UnitBusy { unit, incident }),
            (Some(_), None) => Ok(()),
        }
    }

    /// Adds events to an open incident, says them, and says what they ask of the outside.
    pub(super) fn record(&mut self, id: IncidentId, at: Timestamp, by: Option<OperatorId>, events: Vec<IncidentEvent>) {
        let Some(mut incident) = self.incidents.remove(&id) else { return };
        self.unindex(&incident);
        let mut raised = events.iter().any(|event| matches!(event, IncidentEvent::Raised { .. }));
        let taken =
            events.iter().any(|event| matches!(event, IncidentEvent::Taken {} | IncidentEvent::TakenOver { .. }));
        let (knew, mut reached, mut told) = (incident.units_know(), false, None);
        for mut event in events {
            self.give_plan(Some(&incident), &mut event, at);
            let (origins, levels, needed) = (incident.origins.len(), incident.avs.len(), incident.needed());
            let joined = match &event {
                IncidentEvent::SignalJoined { evidence, .. } => Some(evidence.signal),
                _ => None,
            };
            let may_need = event.may_need_again();
            reached |= matches!(event, IncidentEvent::UnitAnswered { .. } | IncidentEvent::OfferDelivered { .. });
            incident = self.add_by(incident, at, by, event);
            if may_need && incident.needed() > needed {
                let calls = needed_again(&incident);
                incident = self.add_by(incident, at, by, calls);
                raised = true;
            }
            if let Some(signal) = joined.filter(|_| incident.origins.len() > origins) {
                incident = self.tell_further(incident, signal, at);
            }
            if incident.avs.len() > levels {
                incident = self.tell_level(incident, at);
            }
            told = joined.or(told);
        }
        if knew.is_some() && (reached || incident.units_know() != knew) {
            incident = self.tell_units(incident, told, at);
        }
        if raised {
            incident = self.enqueue(incident, at);
        }
        incident = self.claim(incident, at);
        if incident.is_closed() {
            let incident = self.await_restore(incident, at);
            let incident = self.follow_hand_offs(incident, at);
            self.dismiss(&incident);
            self.count_false(&incident, at);
            self.keep_awaited(incident);
            self.resume_after(id, by, true, at);
        } else {
            self.index(&incident);
            self.incidents.insert(incident);
            if taken {
                self.resume_after(id, by, false, at);
            }
            self.spill(id, at);
            if raised {
                self.interrupt_for(id, at);
            }
        }
    }

    /// A new incident, from the event that opens it.
    pub(super) fn open(&mut self, at: Timestamp, mut event: IncidentEvent) -> IncidentId {
        self.give_plan(None, &mut event, at);
        let id = self.next_incident;
        self.next_incident = IncidentId::new(id.get() + 1);
        let record = Record { incident: id, version: 1, at, by: None, event };
        let incident = Box::new(evolve(None, &record));
        self.say(&incident, record);
        let incident = self.say_withdrawn(incident, at);
        let incident = self.enqueue(incident, at);
        let incident = self.claim(incident, at);
        self.admit(incident);
        self.spill(id, at);
        self.ask_customer(id, at);
        self.interrupt_for(id, at);
        id
    }

    /// Adds one event to an incident, and says it.
    pub(super) fn add_by(
        &mut self,
        mut incident: Box<Incident>,
        at: Timestamp,
        by: Option<OperatorId>,
        event: IncidentEvent,
    ) -> Box<Incident> {
        let record = Record { incident: incident.id, version: incident.version + 1, at, by, event };
        incident.evolve(&record);
        self.say(&incident, record);
        incident
    }

    pub(super) fn say(&mut self, incident: &Incident, record: Record) {
        let effect = effect(incident, &record);
        if let Some((operator, attention)) = Attention::of(&record) {
            self.attend(operator, attention);
        }
        if let (Some(account), Some((source, at))) = (incident.account, source_told(&record)) {
            self.told_sources.entry(account).or_default().tell(source, at);
        }
        self.shows(incident, &record);
        self.outputs.push_back(Output::Record(record));
        self.outputs.extend(effect.map(Output::Perform));
    }
}

/// Was the duress word said?
const fn is_duress_word(event: &IncidentEvent) -> bool {
    matches!(event, IncidentEvent::Raised { reason: RaiseReason::DuressCode, .. })
}

/// Who was called, and when they are to be called again.
fn called(events: &[IncidentEvent]) -> Option<(ContactId, Option<Timestamp>)> {
    events.iter().find_map(|event| match event {
        IncidentEvent::Called { contact, again_at, .. } => Some((*contact, *again_at)),
        _ => None,
    })
}

/// What an event asks of the outside.
fn effect(incident: &Incident, record: &Record) -> Option<Effect> {
    let id = incident.id;
    match record.event {
        IncidentEvent::Opened { priority, .. } | IncidentEvent::Raised { priority, .. } => {
            Some(Effect::Alert { incident: id, priority })
        }
        IncidentEvent::OwnerLost { .. } if incident.hold.is_some() => None,
        IncidentEvent::OwnerLost { .. } | IncidentEvent::HoldOver {} | IncidentEvent::Overflowed { .. } => {
            Some(Effect::Alert { incident: id, priority: incident.priority })
        }
        IncidentEvent::Escalated { to, .. } => Some(Effect::Escalate { incident: id, priority: incident.priority, to }),
        IncidentEvent::UnitOffered { unit, until, .. } => Some(Effect::Offer { incident: id, unit, until }),
        IncidentEvent::UnitWithdrawn { unit, .. }
        | IncidentEvent::UnitOutOfService { unit }
        | IncidentEvent::OfferExpired { unit } => Some(Effect::Recall { incident: id, unit }),
        IncidentEvent::UnitTold { unit, offer, .. } => incident.reaches_by_machine(offer).then_some(Effect::TellUnit {
            incident: id,
            unit,
            offer,
            version: record.version,
        }),
        IncidentEvent::ContactAsked { .. } => Some(Effect::FirstContact { incident: id }),
        // Whoever goes on by themselves need not be called back.
        IncidentEvent::Continued {} if record.by.is_none() => {
            Some(Effect::Alert { incident: id, priority: incident.priority })
        }
        IncidentEvent::HandedOff { number, to, .. } => Some(Effect::HandOff { incident: id, number, to }),
        IncidentEvent::AuthorityTold { number, sequence, telling, .. } => {
            let hand_off = incident.hand_offs.iter().find(|hand_off| hand_off.number == number)?;
            Some(Effect::TellAuthority { incident: id, number, to: hand_off.to, sequence, telling })
        }
        _ => None,
    }
}
