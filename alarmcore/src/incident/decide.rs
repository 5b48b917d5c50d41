//! Command to events or refusal: may refuse, and changes nothing.

mod address;
mod authority;
mod branch_three;
mod branch_two;
mod dispatch;
mod unit_answer;
mod verdict;

pub(crate) use address::{address_changed, address_due};
pub(crate) use authority::{further_alarm, level_changed, needed_again, unanswered};
use branch_two::Given;
pub(crate) use dispatch::{expire, offered, wants_unit};

use super::{
    AvsLevel, CallResult, Command, ContactAnswer, Family, Field, Incident, IncidentEvent, Kind, RaiseReason, Refusal,
    Resolution, SceneFound, Settlement, Verdict, hold::hold, owed,
};
use crate::follow_up::FollowUp;
use crate::id::OperatorId;
use crate::plan;
use crate::policy::Policy;
use crate::queue::Priority;
use crate::time::Timestamp;

/// One act of a person.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: OperatorId,
    /// The second person, for what needs four eyes.
    pub second: Option<OperatorId>,
    /// What.
    pub command: &'a Command,
}

impl Act<'_> {
    /// The second person who signed, somebody else than the first; `alone` is what it is refused by where it needs one and has none.
    fn agreed(&self, alone: Option<Refusal>) -> Result<Option<OperatorId>, Refusal> {
        match (self.second, alone) {
            (Some(second), _) if second == self.by => Err(Refusal::SecondPersonMustDiffer),
            (None, Some(refusal)) => Err(refusal),
            (second, _) => Ok(second),
        }
    }
}

type Decision = Result<Vec<IncidentEvent>, Refusal>;

/// What an act makes of an incident.
///
/// What only the desk knows (does the unit exist, is it on duty and free) has to be asked before.
///
/// # Errors
/// [`Refusal`] says in the words of the centre why it is not granted.
pub fn decide(incident: &Incident, policy: &Policy, act: &Act<'_>) -> Result<Vec<IncidentEvent>, Refusal> {
    let events = answer(incident, policy, act)?;
    let mut passed = plan::passed_over(incident, &policy.plans, act.command)?;
    passed.extend(events);
    Ok(passed)
}

/// What it makes of it as far as its plan has nothing to say.
fn answer(incident: &Incident, policy: &Policy, act: &Act<'_>) -> Decision {
    // What an authority says after the closing is still heard.
    if incident.is_closed() && !(act.command.is_heard() && incident.followed_until.is_some()) {
        return Err(Refusal::AlreadyClosed { incident: incident.id });
    }
    if !act.command.is_anyones() {
        match incident.owner {
            None => return Err(Refusal::NotTaken),
            Some(owner) if owner != act.by => return Err(Refusal::NotYours { owner }),
            Some(_) => {}
        }
    }
    if act.command.ends() {
        incident.looked_at()?;
    }
    match act.command {
        Command::Take => take(incident, act.by, false),
        Command::TakeOver => take(incident, act.by, true),
        Command::Release { note } => Ok(vec![IncidentEvent::Released { note: written(note) }]),
        Command::Hold { reason, minutes, note } => hold(incident, &policy.hold, *reason, *minutes, note),
        Command::Resume => match incident.hold {
            Some(_) => Ok(vec![IncidentEvent::Resumed {}]),
            None => Err(Refusal::NotOnHold),
        },
        Command::Call { contact, result, number, numbers, compared, again_at, note } => {
            let again_at = again(act.at, *result, *again_at)?;
            let correct_by = number.filter(|_| result.is_dead()).and_then(|_| policy.calls.correct_by(act.at));
            let (contact, result, number, note) = (*contact, *result, *number, written(note));
            let (numbers, compared) = (*numbers, *compared);
            let called =
                IncidentEvent::Called { contact, result, number, numbers, compared, correct_by, again_at, note };
            Ok(call(incident, called, result))
        }
        Command::Observe { source, saw, note } => {
            alarm(incident)?;
            Ok(vec![IncidentEvent::Observed { source: *source, saw: *saw, note: written(note) }])
        }
        Command::SetLevel { level, note } => set_level(incident, *level, note),
        Command::VerifyFalse { cause, note } => verdict::verify_false(incident, act, *cause, note),
        Command::PreProcess { unit, note } => verdict::pre_process(incident, policy, act.at, *unit, note),
        Command::SceneFalse { cause, note } => verdict::scene_false(incident, act, *cause, note),
        Command::EndUndetermined { end, contact, unit, until, check_at, note } => {
            let given = Given { contact: *contact, unit: *unit, until: *until, check_at: *check_at };
            branch_two::end(incident, &policy.arrival, act, (*end, given), note)
        }
        Command::ConfirmReal { basis, note } => verdict::confirm_real(incident, *basis, note),
        Command::Overturn { cause, note } => verdict::overturn(incident, act, *cause, note),
        Command::Offer { unit } => dispatch::offer(incident, policy, act.at, *unit),
        Command::Withdraw { unit, note } => dispatch::withdraw(incident, *unit, note),
        Command::Accept { unit } => dispatch::accept(incident, *unit),
        Command::Decline { unit, note } => dispatch::decline(incident, policy, *unit, note),
        Command::Depart { unit } => dispatch::depart(incident, *unit),
        Command::Arrive { unit } => dispatch::arrive(incident, *unit),
        Command::ReportScene { unit, doors, windows, entry_signs, persons, photos, note } => {
            dispatch::was_there(incident, *unit)?;
            let (doors, windows, entry_signs, persons) = (*doors, *windows, *entry_signs, *persons);
            let found = SceneFound { doors, windows, entry_signs, persons, photos: photos.clone(), note: note.clone() };
            Ok(unit_answer::report(incident, policy, act.by, *unit, &found))
        }
        Command::Leave { unit } => dispatch::leave(incident, *unit),
        Command::RecordDispatch { unit, people, findings, signed_by } => {
            dispatch::record(incident, *unit, people, findings, signed_by)
        }
        Command::NotifyOwner { contact, note } => branch_three::notify_owner(incident, *contact, note),
        Command::OwnerArrived => branch_three::owner_arrived(incident),
        Command::RecordWish { police, insurer, loss_minor, currency, note } => {
            let currency = currency.unwrap_or(policy.currency);
            branch_three::record_wish(incident, *police, *insurer, *loss_minor, currency, note)
        }
        Command::HandOff { to, reference, note } => {
            branch_three::hand_off(incident, policy, act.at, *to, reference, note)
        }
        Command::AnswerHandOff { number, accepted, reference, note } => {
            branch_three::answer_hand_off(incident, policy, *number, *accepted, reference, note)
        }
        Command::TakeCharge { number, officer, case_number } => {
            branch_three::take_charge(incident, *number, officer, case_number)
        }
        Command::ConfirmDelivery { number, sequence, note } => authority::delivered(incident, *number, *sequence, note),
        Command::FailDelivery { number, sequence, note } => {
            authority::failed(incident, policy, *number, *sequence, note)
        }
        Command::TellAuthority { number, telling, contact, note } => {
            authority::tell(incident, act, *number, *telling, *contact, note)
        }
        Command::RecordAnswer { number, answer, from, reason, outcome, eta_s, reference, message, unread, note } => {
            let (number, answer, from, reason, outcome, eta_s) = (*number, *answer, *from, *reason, *outcome, *eta_s);
            let unread = *unread;
            let heard =
                authority::Heard { number, answer, from, reason, reference, eta_s, outcome, message, unread, note };
            authority::hear(incident, policy, act.by, heard)
        }
        Command::ListLoss { item, quantity, value_minor, currency, evidence } => {
            let currency = currency.unwrap_or(policy.currency);
            branch_three::list_loss(incident, item, *quantity, *value_minor, currency, evidence)
        }
        Command::SignLosses { signed_by } => branch_three::sign_losses(incident, signed_by),
        Command::RecordCase { note } => branch_three::record_case(incident, note),
        Command::Settle { settlement, note } => settle(incident, *settlement, note),
        Command::Close { note } => close(incident, policy, note),
        Command::TickStep { step, note } => plan::tick(incident, &policy.plans, step, written(note)),
        Command::SkipStep { step, note } => {
            plan::skip(incident, &policy.plans, (act.by, act.second), step, written(note))
        }
        Command::FailOffer { unit, offer, note } => dispatch::fail_offer(incident, policy, *unit, *offer, note),
        Command::FailRecall { unit, offer, note } => dispatch::fail_recall(incident, policy, *unit, *offer, note),
        Command::ConfirmOffer { unit, offer } => dispatch::confirm_offer(incident, *unit, *offer),
        Command::TellUnit { unit, note } => dispatch::tell(incident, *unit, note),
        Command::FailTelling { unit, offer, note } => dispatch::fail_telling(incident, policy, *unit, *offer, note),
        Command::RecordUnitAnswer { unit, offer, answer, message, speaks, note, scene } => {
            let (unit, offer, answer, speaks, scene) = (*unit, *offer, *answer, *speaks, scene.as_deref());
            let said = unit_answer::Said { unit, offer, answer, message, speaks, note, scene };
            unit_answer::hear(incident, policy, (act.by, act.at), said)
        }
        Command::AnswerContact { answer, note } => answer_contact(incident, act.by, *answer, note),
        Command::Note { note } => match filled(note) {
            None => Err(Refusal::FieldMissing { field: Field::Note }),
            note => Ok(vec![IncidentEvent::Noted { note }]),
        },
    }
}

/// When they are called again: within the time that any follow-up may be due in, and not under a number that is dead.
fn again(at: Timestamp, result: CallResult, again_at: Option<Timestamp>) -> Result<Option<Timestamp>, Refusal> {
    let latest = at.plus_secs(FollowUp::MINUTES * 60);
    match again_at {
        Some(_) if result.is_dead() => Err(Refusal::CallAgainDead),
        Some(again_at) if again_at <= at || again_at > latest => Err(Refusal::CallAgainTime),
        again_at => Ok(again_at),
    }
}

/// Taking one's own incident again answers its call, when it calls again. What was escalated, anybody may take from an owner
/// who does not act.
fn take(incident: &Incident, by: OperatorId, over: bool) -> Decision {
    match incident.owner {
        None => Ok(vec![IncidentEvent::Taken {}]),
        Some(owner) if owner == by && incident.calling_since.is_some() => Ok(vec![IncidentEvent::Taken {}]),
        Some(owner) if owner == by => Err(Refusal::AlreadyYours),
        Some(from) if over || incident.escalated_to().is_some() => Ok(vec![IncidentEvent::TakenOver { from }]),
        Some(by) => Err(Refusal::AlreadyTaken { by }),
    }
}

/// The duress code on a call makes a hold-up of whatever it was.
fn call(incident: &Incident, called: IncidentEvent, result: CallResult) -> Vec<IncidentEvent> {
    let mut events = vec![called];
    if result == CallResult::DuressCode {
        events.push(raise(incident, RaiseReason::DuressCode, Kind::HoldUp, Priority::LIFE_SAFETY));
    }
    events
}

/// By hand the level goes anywhere, with a reason that somebody can be asked about.
fn set_level(incident: &Incident, level: AvsLevel, note: &Option<String>) -> Decision {
    alarm(incident)?;
    if incident.avs_level() == level {
        return Err(Refusal::SameLevel { level });
    }
    match written(note) {
        None => Err(Refusal::FieldMissing { field: Field::Note }),
        note => Ok(vec![IncidentEvent::LevelSet { level, note }]),
    }
}

/// The answer to the first contact closes nothing. Whoever wants help is heard at once, also who has said before that all is well; and
/// what else they add calls, unless a person wrote it down. That nobody was reached says nothing once they have answered.
fn answer_contact(incident: &Incident, by: OperatorId, answer: ContactAnswer, note: &Option<String>) -> Decision {
    let known = incident.first_contact.ok_or(Refusal::NotAsked)?.answer;
    let note = written(note);
    // Whether the same is said in the same words, whoever has the words knows: nothing is decided by them here.
    if known.is_some() && answer == ContactAnswer::Silent {
        return Err(Refusal::AlreadyAnswered);
    }
    let adds = known.is_some() && by == OperatorId::OUTSIDE;
    let calls = match answer {
        ContactAnswer::Help if known != Some(ContactAnswer::Help) => {
            Some(raise(incident, RaiseReason::HelpWanted, Kind::HoldUp, Priority::LIFE_SAFETY))
        }
        _ => adds.then(|| raise(incident, RaiseReason::CustomerWord, incident.kind, incident.priority)),
    };
    Ok([IncidentEvent::ContactAnswered { answer, note }].into_iter().chain(calls).collect())
}

fn settle(incident: &Incident, settlement: Option<Settlement>, note: &Option<String>) -> Decision {
    if incident.kind.family() != Family::Service {
        return Err(Refusal::NeedsABranch { kind: incident.kind });
    }
    let settlement = settlement.ok_or(Refusal::SettlementMissing)?;
    let resolution = if settlement == Settlement::Test { Resolution::Test } else { Resolution::Settled };
    Ok(vec![
        IncidentEvent::Settled { settlement, note: written(note) },
        IncidentEvent::Closed { resolution, note: None },
    ])
}

fn close(incident: &Incident, policy: &Policy, note: &Option<String>) -> Decision {
    if let Some(first) = owed(incident, policy).into_iter().next() {
        return Err(first);
    }
    let resolution = match incident.verdict {
        Some(Verdict::False { cause }) => cause.resolution(),
        Some(Verdict::Real { .. }) => Resolution::Real,
        Some(Verdict::Undetermined { end }) => end.resolution(),
        None => return Err(Refusal::VerdictMissing),
    };
    Ok(vec![IncidentEvent::Closed { resolution, note: written(note) }])
}

/// Makes the incident call for an operator again, never less urgently than it did, and never for less grave a danger: see
/// [`Kind::raised_by`]. With another kind it gets another plan, which the desk adds.
pub(crate) fn raise(incident: &Incident, reason: RaiseReason, kind: Kind, priority: Priority) -> IncidentEvent {
    let kind = incident.kind.raised_by(kind);
    IncidentEvent::Raised { reason, kind, priority: priority.min(incident.priority), plan: None }
}

/// Refuses what only alarms have: the branches.
fn alarm(incident: &Incident) -> Result<(), Refusal> {
    match incident.kind.family() {
        Family::Service => Err(Refusal::NotAnAlarm { kind: incident.kind }),
        Family::LifeSafety | Family::Alarm => Ok(()),
    }
}

/// The text, if anything is written in it.
fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The same of a field that may be left out.
pub(crate) fn written(text: &Option<String>) -> Option<String> {
    text.as_deref().and_then(filled)
}
