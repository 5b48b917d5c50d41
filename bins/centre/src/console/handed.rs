//! A hand-off on the incident's page: where it stands, what is on its way, and what can be said or written down about it.

use alarmcore::{
    Command, ContactId, Effect, HandOff, HandOffState, Incident, Refusal, Rejection, Telling, TheirAnswer,
    TheirOutcome, Timestamp,
};
use opsmodel::store::query::Outgoing;

use super::moments::Names;
use super::offers::Viewer;
use super::spelling;

/// A hand-off and its possible next steps.
pub(super) struct Handed {
    pub(super) number: u16,
    pub(super) to: &'static str,
    pub(super) reference: Option<String>,
    pub(super) state: &'static str,
    /// `good`, `warn`, `bad` or nothing.
    pub(super) tone: &'static str,
    /// What is known of it besides, in words.
    pub(super) facts: Vec<String>,
    pub(super) answer: bool,
    pub(super) charge: bool,
    /// It is to be asked not to come, before the incident can be closed.
    pub(super) cancel_owed: bool,
    /// Somebody is threatened: asking them not to come needs a second person.
    pub(super) cancel_needs_two: bool,
    /// What it could be told now, by the word that the form sends.
    pub(super) tellings: Vec<(&'static str, &'static str)>,
    /// What it could have said by telephone.
    pub(super) answers: Vec<(&'static str, &'static str)>,
    pub(super) reasons: Vec<(&'static str, &'static str)>,
    pub(super) outcomes: Vec<(&'static str, &'static str)>,
    /// What is neither delivered nor given up.
    pub(super) pending: Vec<Pending>,
}

/// A message that may not have arrived.
pub(super) struct Pending {
    pub(super) sequence: u32,
    /// Why it has not, and when it is tried again, in words; nothing where people see to it.
    pub(super) fault: Option<String>,
}

impl Viewer<'_> {
    /// Every hand-off of an incident, with what is owed to ways out.
    pub(super) fn hand_offs(&self, incident: &Incident, owed: &[Outgoing], names: &Names<'_>) -> Vec<Handed> {
        incident.hand_offs.iter().map(|hand_off| self.handed(incident, hand_off, owed, names)).collect()
    }

    fn handed(&self, incident: &Incident, hand_off: &HandOff, owed: &[Outgoing], names: &Names<'_>) -> Handed {
        let (lang, number) = (names.w.lang, hand_off.number);
        let owed_here = alarmcore::owed(incident, self.policy);
        let may = |command: Command| self.may(incident, &command);
        let note = || Some("note".to_owned());
        let tell = |telling| Command::TellAuthority { number, telling, contact: Some(ContactId::new(1)), note: note() };
        let record = |answer| Command::RecordAnswer {
            number,
            answer,
            from: None,
            reason: None,
            outcome: None,
            eta_s: Some(60),
            reference: None,
            message: None,
            unread: false,
            note: None,
        };
        let answer = Command::AnswerHandOff { number, accepted: true, reference: None, note: None };
        let charge = Command::TakeCharge { number, officer: None, case_number: None };
        Handed {
            number,
            to: hand_off.to.label(lang),
            reference: hand_off.reference.clone(),
            state: hand_off.state().label(lang),
            tone: if needed(incident, hand_off).is_some() { "bad" } else { tone(hand_off) },
            facts: facts(hand_off, names),
            answer: may(answer),
            charge: may(charge),
            cancel_owed: owed_here.contains(&Refusal::CancelMissing { number }),
            cancel_needs_two: may(tell(Telling::Cancel)) && !self.alone(incident, &tell(Telling::Cancel)),
            tellings: Telling::ALL
                .iter()
                .filter(|&&telling| may(tell(telling)))
                .map(|telling| (telling.as_str(), telling.label(lang)))
                .collect(),
            answers: TheirAnswer::ALL
                .iter()
                .filter(|&&answer| may(record(answer)))
                .map(|answer| (answer.as_str(), answer.label(lang)))
                .collect(),
            reasons: Rejection::ALL.iter().map(|reason| (reason.as_str(), reason.label(lang))).collect(),
            outcomes: TheirOutcome::ALL.iter().map(|outcome| (outcome.as_str(), outcome.label(lang))).collect(),
            pending: hand_off
                .on_the_way
                .iter()
                .filter(|&&sequence| may(Command::ConfirmDelivery { number, sequence, note: None }))
                .map(|&sequence| Pending { sequence, fault: fault(owed, (number, sequence), names) })
                .collect(),
        }
    }
}

/// Why a message that goes a way out has not arrived yet.
fn fault(owed: &[Outgoing], which: (u16, u32), names: &Names<'_>) -> Option<String> {
    let is_it = |one: &&Outgoing| match one.effect {
        Effect::HandOff { number, .. } => (number, 1) == which,
        Effect::TellAuthority { number, sequence, .. } => (number, sequence) == which,
        _ => false,
    };
    let one = owed.iter().find(is_it)?;
    let again = names.w.n("outgoing-by", format!("{} {}", one.way, spelling::time(one.due_at)));
    Some(one.fault.as_ref().map_or_else(|| again.clone(), |fault| format!("{again} · {fault}")))
}

const fn tone(hand_off: &HandOff) -> &'static str {
    match hand_off.state() {
        // Whatever they say besides: they are not coming.
        state if hand_off.is_called_off() && !state.is_end() => "warn",
        HandOffState::Asked | HandOffState::Delivered => "warn",
        HandOffState::Accepted
        | HandOffState::Dispatched
        | HandOffState::OnScene
        | HandOffState::Closed
        | HandOffState::Left => "good",
        HandOffState::Rejected | HandOffState::Failed => "bad",
        HandOffState::Cancelled => "",
    }
}

/// Since when they are needed again, though they were asked to cancel, and were not asked anew.
fn needed(incident: &Incident, hand_off: &HandOff) -> Option<Timestamp> {
    hand_off.needed_since.filter(|_| incident.is_needed(hand_off.to))
}

fn facts(hand_off: &HandOff, names: &Names<'_>) -> Vec<String> {
    let (w, lang) = (names.w, names.w.lang);
    let moment = |at| spelling::moment(at, names.incident.opened_at);
    let mut facts = Vec::new();
    facts.extend(hand_off.by_machine.then(|| w.t("by-machine")));
    facts.extend(hand_off.answer_by.map(|by| w.n("answer-by", moment(by))));
    facts.extend(hand_off.rejection.map(|reason| reason.label(lang).to_owned()));
    facts.extend(hand_off.eta.filter(|_| hand_off.on_scene_at.is_none()).map(|at| w.n("eta-at", moment(at))));
    let missed = hand_off.late_at.filter(|_| hand_off.on_scene_at.is_none());
    facts.extend(missed.map(|at| w.n("eta-missed", moment(at))));
    facts.extend(hand_off.cancel_asked_at.map(|at| w.n("cancel-asked", moment(at))));
    facts.extend(needed(names.incident, hand_off).map(|at| w.n("needed-again", moment(at))));
    facts.extend(hand_off.cancel_refused_at.map(|at| w.n("cancel-refused-at", moment(at))));
    facts.extend(hand_off.outcome.map(|outcome| outcome.label(lang).to_owned()));
    facts
}
