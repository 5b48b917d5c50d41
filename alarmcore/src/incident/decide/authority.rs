//! What passes between the centre and an authority after a hand-off: deliveries, answers, updates, cancel requests.

use super::{Act, Decision, raise, written};
use crate::id::{ContactId, OperatorId, SignalId};
use crate::incident::{
    Answer, Authority, AvsReason, Family, Field, HandOff, HandOffState, Incident, IncidentEvent, RaiseReason, Refusal,
    Rejection, Standing, Telling, TheirOutcome,
};
use crate::policy::Policy;
use crate::time::Timestamp;

/// An answer of an authority, as it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard<'a> {
    pub(super) number: u16,
    pub(super) answer: Answer,
    pub(super) from: Option<Authority>,
    pub(super) reason: Option<Rejection>,
    pub(super) reference: &'a Option<String>,
    pub(super) eta_s: Option<u32>,
    pub(super) outcome: Option<TheirOutcome>,
    pub(super) message: &'a Option<String>,
    pub(super) unread: bool,
    pub(super) note: &'a Option<String>,
}

/// What a machine says twice or too late is written down and changes nothing; a person is told so.
pub(super) fn hear(incident: &Incident, policy: &Policy, by: OperatorId, heard: Heard<'_>) -> Decision {
    let unread = heard.unread && by == OperatorId::OUTSIDE;
    let Heard { number, answer, .. } = if unread { Heard { answer: Answer::Told, ..heard } } else { heard };
    let hand_off = find(incident, number)?;
    if heard.from.is_some_and(|from| from != hand_off.to) {
        return Err(Refusal::NoSuchHandOff { number });
    }
    let message = written(heard.message);
    let standing = match unread {
        true => hand_off.standing_unread(message.as_deref()),
        false => hand_off.standing(answer, message.as_deref()),
    };
    if standing == Standing::Late && by != OperatorId::OUTSIDE {
        return Err(stands(hand_off));
    }
    if answer == Answer::Eta && heard.eta_s.is_none() {
        return Err(Refusal::FieldMissing { field: Field::Eta });
    }
    let counted = standing == Standing::Taken;
    let mut events = vec![IncidentEvent::AuthorityAnswered {
        number,
        answer,
        standing,
        reason: (answer == Answer::Rejected).then_some(heard.reason.unwrap_or(Rejection::Other)),
        outcome: (answer == Answer::Closed).then_some(heard.outcome.unwrap_or(TheirOutcome::Other)),
        eta_s: heard.eta_s.filter(|_| answer == Answer::Eta),
        reference: written(heard.reference),
        message,
        note: written(heard.note),
    }];
    if standing == Standing::Unread {
        // It may say that they do not take it. Of what they have done with, it says no more than any word of theirs.
        let priority = if hand_off.state().is_end() { incident.priority } else { policy.escalated };
        let calls = || raise(incident, RaiseReason::AuthorityUnread, incident.kind, priority);
        events.extend((!incident.is_closed()).then(calls));
        return Ok(events);
    }
    // Nobody went, or people are in danger: an operator has to hear that the authority has done with it.
    let was_there = matches!(hand_off.state(), HandOffState::Dispatched | HandOffState::OnScene);
    let alone = answer == Answer::Closed && (!was_there || incident.kind.family() == Family::LifeSafety);
    let had = hand_off.is_had(answer);
    let unexpected = standing == Standing::Late && is_word(answer, heard.outcome, hand_off.state().is_end());
    if by == OperatorId::OUTSIDE && !incident.is_closed() && (had || unexpected) && standing != Standing::Repeated {
        // They come or say something, and nobody here thought that they had it.
        events.push(raise(incident, RaiseReason::AuthorityWord, incident.kind, incident.priority));
    } else if incident.is_closed() && incident.is_false() && counted && had {
        // Nobody comes for nothing, as where it is found false.
        events.extend((answer != Answer::OnScene).then(|| told(hand_off, Telling::Cancel, None, None, None)));
    } else if counted && !incident.is_closed() {
        events.extend(match answer {
            Answer::Rejected => Some(raise(incident, RaiseReason::HandOffRejected, incident.kind, policy.escalated)),
            // Nobody comes to what nobody has found false: as where they reject it, unless that is what was asked for.
            Answer::Cancelled
                if !incident.is_false() && (!hand_off.is_called_off() || incident.is_due(hand_off.to, policy)) =>
            {
                Some(raise(incident, RaiseReason::HandOffRejected, incident.kind, policy.escalated))
            }
            // Whoever wrote it down has read it.
            Answer::Told | Answer::CancelRefused if by == OperatorId::OUTSIDE => {
                Some(raise(incident, RaiseReason::AuthorityWord, incident.kind, incident.priority))
            }
            Answer::Closed if alone && by == OperatorId::OUTSIDE => {
                Some(raise(incident, RaiseReason::AuthorityWord, incident.kind, policy.escalated))
            }
            Answer::Accepted
            | Answer::Dispatched
            | Answer::OnScene
            | Answer::Eta
            | Answer::Told
            | Answer::Cancelled
            | Answer::CancelRefused
            | Answer::Closed => None,
        });
    }
    Ok(events)
}

/// Does this say something that somebody must know though it changes nothing: that they come, or go on, after the end, that they do not
/// come after all, or words?
const fn is_word(answer: Answer, outcome: Option<TheirOutcome>, ended: bool) -> bool {
    match answer {
        Answer::Told | Answer::CancelRefused | Answer::Rejected => true,
        Answer::Closed => matches!(outcome, Some(TheirOutcome::Real)),
        Answer::Dispatched | Answer::OnScene | Answer::Eta => ended,
        Answer::Accepted | Answer::Cancelled => false,
    }
}

/// A message of ours has arrived. To say so again is refused, and harmless.
pub(super) fn delivered(incident: &Incident, number: u16, sequence: u32, note: &Option<String>) -> Decision {
    on_the_way(incident, number, sequence)?;
    Ok(vec![IncidentEvent::HandOffDelivered { number, sequence, note: written(note) }])
}

/// A message of ours could not be delivered: nobody is coming, or they come without knowing. That calls an operator.
pub(super) fn failed(
    incident: &Incident,
    policy: &Policy,
    number: u16,
    sequence: u32,
    note: &Option<String>,
) -> Decision {
    on_the_way(incident, number, sequence)?;
    let mut events = vec![IncidentEvent::HandOffFailed { number, sequence, note: written(note) }];
    if !incident.is_closed() {
        events.push(raise(incident, RaiseReason::HandOffFailed, incident.kind, policy.escalated));
    }
    Ok(events)
}

/// Tells an authority more, or asks it something.
pub(super) fn tell(
    incident: &Incident,
    act: &Act<'_>,
    number: u16,
    telling: Telling,
    contact: Option<ContactId>,
    note: &Option<String>,
) -> Decision {
    let hand_off = find(incident, number)?;
    if hand_off.state().is_end() {
        return Err(stands(hand_off));
    }
    let (note, mut second) = (written(note), None);
    match telling {
        Telling::FurtherAlarm | Telling::Level if hand_off.is_called_off() => {
            return Err(Refusal::AskedToCancel { number });
        }
        // Whoever is threatened says that all is well. What two people or the scene have found false is called off by one.
        Telling::Cancel => {
            let two = incident.needs_two() && !incident.is_false();
            second = act.agreed(two.then_some(Refusal::DuressGiven))?;
        }
        Telling::KeyHolder if contact.is_none() => return Err(Refusal::FieldMissing { field: Field::Contact }),
        Telling::Note if note.is_none() => return Err(Refusal::FieldMissing { field: Field::Note }),
        Telling::FurtherAlarm
        | Telling::Level
        | Telling::Site
        | Telling::KeyHolder
        | Telling::Note
        | Telling::AskEta => {}
    }
    let signal = (telling == Telling::FurtherAlarm).then_some(incident.last_signal);
    let mut told = told(hand_off, telling, contact, signal, note);
    if let IncidentEvent::AuthorityTold { second: signed, .. } = &mut told {
        *signed = second;
    }
    Ok(vec![told])
}

/// A zone that was quiet until now is in alarm: machines that have the incident are told by themselves. Who was asked to cancel is
/// not: they would have to guess whether that still holds.
pub(crate) fn further_alarm(incident: &Incident, signal: SignalId) -> Vec<IncidentEvent> {
    let wants = |hand_off: &&HandOff| hand_off.is_told();
    let tell = |hand_off| told(hand_off, Telling::FurtherAlarm, None, Some(signal), None);
    incident.hand_offs.iter().filter(wants).map(tell).collect()
}

/// The level of AVS-01 is not what the police were told, who have the incident by machine and may be on their way: they are told by
/// themselves. That nothing was found is asked as a cancel request, which a person decides.
pub(crate) fn level_changed(incident: &Incident, policy: &Policy) -> Vec<IncidentEvent> {
    let told_of = incident.avs.last().filter(|change| policy.avs.enabled && change.reason != AvsReason::FoundFalse);
    let wants = |hand_off: &&HandOff| told_of.is_some() && hand_off.to == Authority::Police && hand_off.is_told();
    incident.hand_offs.iter().filter(wants).map(|hand_off| told(hand_off, Telling::Level, None, None, None)).collect()
}

/// What was handed off is false: whoever has it by machine and may be on the way is asked to cancel.
pub(super) fn cancelled(incident: &Incident) -> Vec<IncidentEvent> {
    let wants = |hand_off: &&HandOff| hand_off.by_machine && hand_off.wants_cancel();
    incident.hand_offs.iter().filter(wants).map(|hand_off| told(hand_off, Telling::Cancel, None, None, None)).collect()
}

/// Danger came, or it was found real, after they were asked to cancel, and nobody is asked anew: that calls an operator.
pub(crate) fn needed_again(incident: &Incident) -> IncidentEvent {
    raise(incident, RaiseReason::HandOffNeeded, incident.kind, incident.priority)
}

/// Time passes: hand-offs that nobody answered call the operator, and so does a fire that nobody has handed off.
pub(crate) fn unanswered(incident: &Incident, policy: &Policy, now: Timestamp) -> Vec<IncidentEvent> {
    let due = incident.hand_offs.iter().filter(|hand_off| hand_off.answer_due().is_some_and(|by| by <= now));
    let mut events: Vec<IncidentEvent> =
        due.map(|hand_off| IncidentEvent::HandOffUnanswered { number: hand_off.number }).collect();
    if !events.is_empty() {
        events.push(raise(incident, RaiseReason::HandOffUnanswered, incident.kind, policy.escalated));
    }
    if incident.fire_due(policy).is_some_and(|due| due <= now) {
        events.push(raise(incident, RaiseReason::FireNotHandedOff, incident.kind, policy.escalated));
    }
    events
}

impl Incident {
    /// When a fire that is not handed off calls again, by NFPA 72 as the policy has it.
    pub(crate) fn fire_due(&self, policy: &Policy) -> Option<Timestamp> {
        let within_s = policy.hand_off.fire_within_s;
        self.fire_since.filter(|_| within_s > 0).map(|since| since.plus_secs(within_s))
    }

    /// When somebody is to be called because an authority has not answered, or a fire is not handed off.
    pub(crate) fn hand_off_due(&self, policy: &Policy) -> Option<Timestamp> {
        let unanswered = self.hand_offs.iter().filter_map(HandOff::answer_due);
        unanswered.chain(self.fire_due(policy)).min()
    }

    /// When people are to know of a closed incident that an authority comes, as far as we know, and has not answered our cancel request.
    pub(crate) fn cancel_due(&self) -> Option<Timestamp> {
        self.hand_offs.iter().filter_map(HandOff::cancel_due).min()
    }

    /// Has an authority it that is reached by machine? Its last word, and what it says twice, may come after our own closing.
    pub(crate) fn is_theirs(&self) -> bool {
        self.hand_offs.iter().any(|hand_off| hand_off.by_machine)
    }
}

pub(super) fn told(
    hand_off: &HandOff,
    telling: Telling,
    contact: Option<ContactId>,
    signal: Option<SignalId>,
    note: Option<String>,
) -> IncidentEvent {
    let (number, sequence) = (hand_off.number, hand_off.sent.max(1) + 1);
    IncidentEvent::AuthorityTold { number, sequence, telling, contact, signal, second: None, note }
}

fn on_the_way(incident: &Incident, number: u16, sequence: u32) -> Result<(), Refusal> {
    let hand_off = find(incident, number)?;
    if hand_off.on_the_way.contains(&sequence) { Ok(()) } else { Err(stands(hand_off)) }
}

fn find(incident: &Incident, number: u16) -> Result<&HandOff, Refusal> {
    let found = incident.hand_offs.iter().find(|hand_off| hand_off.number == number);
    found.ok_or(Refusal::NoSuchHandOff { number })
}

fn stands(hand_off: &HandOff) -> Refusal {
    Refusal::HandOffStands { number: hand_off.number, state: hand_off.state() }
}
