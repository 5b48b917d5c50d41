//! How far an incident has come in its plan: worked out from its facts, every time anew.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Doing, Plan, Plans, Question, Step, StepMark, Then};
use crate::account::Arming;
use crate::id::{ContactId, OperatorId};
use crate::incident::{CallResult, ContactAnswer, Dispatch, Incident, Verdict};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// How a step of an incident's plan stands.
    StepState {
        /// Done.
        Done "done" "Done" "已完成",
        /// Left out, with a reason or by an act that it stood before.
        Skipped "skipped" "Left out" "已跳过",
        /// The one to do now.
        Next "next" "Next" "下一步",
        /// Asked for, after others.
        Open "open" "To do" "待办",
        /// Not asked for as things stand.
        Unasked "unasked" "Not asked for" "当前不需要",
        /// Not done, and the incident is closed.
        Passed "passed" "Not done" "未执行",
    }
}

impl StepState {
    /// Is it still to be done?
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Next | Self::Open | Self::Passed)
    }
}

/// An incident's plan, and how each of its steps stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The version of the plans when the incident got it; that of the plans in force for one that never was given any.
    pub version: u32,
    /// The steps on its way, in their order, then those that are not asked for.
    pub lines: Vec<Line<'a>>,
}

/// A step, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The step.
    pub step: &'a Step,
    /// How it stands.
    pub state: StepState,
    /// When it was done or left out.
    pub at: Option<Timestamp>,
    /// By whom, where the incident keeps that.
    pub by: Option<OperatorId>,
    /// Why it is asked for: what was answered last on the way to it; nothing for one that always is. Of one that is not
    /// asked for, what would have to be answered: any of these.
    pub conditions: Vec<Condition>,
    /// What it asks, and what the answer is so far.
    pub answer: Option<(Question, Answer)>,
}

/// What must have been answered for a step to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The question.
    pub question: Question,
    /// One of these.
    pub answers: Vec<Answer>,
}

/// How far the incident has come in its plan; `None` where there is no plan for it. An incident that was opened before there
/// were plans, or whose plan is no longer there, is shown the one it would get now.
pub fn progress<'a>(incident: &Incident, plans: &'a Plans) -> Option<Progress<'a>> {
    let given = incident.plan.as_ref();
    let known = given.and_then(|given| Some((plans.get(&given.plan)?, given.version)));
    let zone = incident.origins.first().and_then(|origin| origin.number);
    let (plan, version) = match known {
        Some(known) => known,
        None => {
            let (night, on_hours) = given.map_or((false, None), |given| (given.night, given.on_hours));
            (plans.choose(incident.kind, incident.account, zone, night, on_hours)?, plans.version)
        }
    };
    let conditions = conditions(plan);
    let mut lines: BTreeMap<usize, Line<'a>> = BTreeMap::new();
    let mut way = Vec::new();
    let mut passed = BTreeSet::new();
    let mut place = Some(0);
    let mut why: Vec<Condition> = Vec::new();
    while let Some(at) = place {
        let Some(step) = plan.steps.get(at) else { break };
        if let (Doing::AskCustomer, None, Then::Ask(_, on)) = (step.doing, incident.first_contact, &step.then) {
            place = on.iter().find(|(answer, _)| *answer == Answer::NotAsked).map(|(_, target)| *target);
            if !passed.insert(at) {
                break;
            }
            continue;
        }
        if let Some(again) = lines.get_mut(&at) {
            again.state = StepState::Next;
            break;
        }
        let line = line(incident, step, why.clone());
        let settled = !line.state.is_pending();
        place = match &step.then {
            Then::End => None,
            Then::Next(next) => Some(*next),
            Then::Ask(question, on) if settled || question.is_fixed() => {
                let taken = on.iter().find(|(answer, _)| Some((*question, *answer)) == line.answer);
                why = taken
                    .map(|(answer, _)| Condition { question: *question, answers: vec![*answer] })
                    .into_iter()
                    .collect();
                taken.map(|(_, target)| *target)
            }
            Then::Ask(..) => None,
        };
        way.push(at);
        lines.insert(at, line);
    }
    let mut ordered: Vec<Line<'a>> = way.iter().filter_map(|place| lines.remove(place)).collect();
    if !ordered.iter().any(|line| line.state == StepState::Next)
        && let Some(next) = ordered.iter_mut().find(|line| line.state.is_pending())
    {
        next.state = StepState::Next;
    }
    if incident.is_closed() {
        for line in ordered.iter_mut().filter(|line| line.state.is_pending()) {
            line.state = StepState::Passed;
        }
    }
    let unasked = plan.steps.iter().enumerate().filter(|(place, _)| !way.contains(place)).map(|(place, step)| Line {
        step,
        state: StepState::Unasked,
        at: None,
        by: None,
        conditions: conditions.get(&place).cloned().unwrap_or_default(),
        answer: None,
    });
    ordered.extend(unasked);
    Some(Progress { plan, version, lines: ordered })
}

/// For each step the last questions on the ways to it, and the answers that lead there.
fn conditions(plan: &Plan) -> BTreeMap<usize, Vec<Condition>> {
    let mut found: BTreeMap<usize, Vec<Condition>> = BTreeMap::new();
    for step in &plan.steps {
        let Then::Ask(question, on) = &step.then else { continue };
        let targets: BTreeSet<usize> = on.iter().map(|(_, target)| *target).collect();
        for first in targets {
            let answers: Vec<Answer> = on.iter().filter(|(_, to)| *to == first).map(|(answer, _)| *answer).collect();
            let condition = Condition { question: *question, answers };
            // What follows it without another question hangs on the same answer.
            let mut place = Some(first);
            while let Some(at) = place {
                let known = found.entry(at).or_default();
                if known.contains(&condition) {
                    break;
                }
                known.push(condition.clone());
                place = match plan.steps.get(at).map(|step| &step.then) {
                    Some(Then::Next(next)) => Some(*next),
                    Some(Then::End | Then::Ask(..)) | None => None,
                };
            }
        }
    }
    found
}

fn line<'a>(incident: &Incident, step: &'a Step, conditions: Vec<Condition>) -> Line<'a> {
    let mark = incident.steps.iter().rev().find(|mark| mark.step == step.id);
    let (state, at, by) = match (done(incident, step), mark) {
        (Some((at, by)), _) => (StepState::Done, Some(at), by),
        (None, Some(StepMark { skipped: true, at, by, .. })) => (StepState::Skipped, Some(*at), *by),
        (None, _) => (StepState::Open, None, None),
    };
    let answer = match &step.then {
        Then::Ask(question, _) => Some((*question, answer(incident, *question))),
        Then::Next(_) | Then::End => None,
    };
    Line { step, state, at, by, conditions, answer }
}

/// When the facts of the incident fulfilled a step, and who did it, where it keeps that.
fn done(incident: &Incident, step: &Step) -> Option<(Timestamp, Option<OperatorId>)> {
    let calls = || incident.calls.iter();
    let compared = |result| matches!(result, CallResult::CodeOk | CallResult::WrongCode | CallResult::DuressCode);
    let plain = |at: Option<Timestamp>| Some((at?, None));
    let dispatched = || incident.dispatches.iter();
    match step.doing {
        Doing::Take => plain(incident.taken_at),
        Doing::Call => {
            let mut tried: Vec<ContactId> = Vec::new();
            calls()
                .find(|call| {
                    if !tried.contains(&call.contact) {
                        tried.push(call.contact);
                    }
                    compared(call.result) || tried.len() as u64 >= u64::from(step.tries)
                })
                .map(|call| (call.at, call.by))
        }
        Doing::AskCustomer => plain(incident.first_contact.map(|contact| contact.at)),
        Doing::Codeword => calls().find(|call| compared(call.result)).map(|call| (call.at, call.by)),
        Doing::OfferUnit => plain(incident.dispatched_at),
        Doing::UnitAccepted => {
            plain(dispatched().filter(|dispatch| dispatch.is_sent()).filter_map(|dispatch| dispatch.accepted_at).min())
        }
        Doing::RecordScene => plain(dispatched().filter_map(|dispatch| dispatch.reported_at).min()),
        Doing::RecordDispatch => plain(dispatched().filter_map(|dispatch| dispatch.recorded_at).max()),
        Doing::HandOff => plain(
            incident
                .hand_offs
                .iter()
                .find(|hand_off| Some(hand_off.to) == step.to && incident.serves(hand_off))
                .map(|hand_off| hand_off.at),
        ),
        Doing::NotifyOwner => plain(incident.owner_notified_at),
        Doing::RecordWish => plain(incident.wish.map(|wish| wish.at)),
        Doing::SignLosses => plain(incident.losses_signed_at),
        Doing::RecordCase => plain(incident.case_recorded_at),
        Doing::Decide => plain(incident.decided_at),
        Doing::VerifyFalse | Doing::Settle | Doing::Close => plain(incident.closed_at),
        Doing::Tick | Doing::Escalate => {
            let mark = incident.steps.iter().find(|mark| mark.step == step.id && !mark.skipped)?;
            Some((mark.at, mark.by))
        }
    }
}

/// What the facts of the incident answer.
fn answer(incident: &Incident, question: Question) -> Answer {
    let yes = |yes: bool| if yes { Answer::Yes } else { Answer::No };
    let given = incident.plan.as_ref();
    let said = |wanted: CallResult| incident.calls.iter().any(|call| call.result == wanted);
    let (right, wrong, duress) = (said(CallResult::CodeOk), said(CallResult::WrongCode), said(CallResult::DuressCode));
    match question {
        Question::Armed => match given.and_then(|given| given.armed) {
            Some(Arming::Disarmed) => Answer::Open,
            Some(Arming::Part) => Answer::Part,
            Some(Arming::Armed) => Answer::Closed,
            None => Answer::Unknown,
        },
        Question::Hours => match given.and_then(|given| given.on_hours) {
            Some(true) => Answer::OnHours,
            Some(false) => Answer::OffHours,
            None => Answer::Unknown,
        },
        Question::Time => match given.is_some_and(|given| given.night) {
            true => Answer::Night,
            false => Answer::Day,
        },
        Question::Confirmed => yes(incident.confirmed.is_some()),
        Question::Cancelled => yes(incident.cancelled.is_some()),
        Question::Accepted => yes(incident.dispatches.iter().any(Dispatch::is_sent)),
        Question::Reached => match right || wrong || duress {
            true => Answer::Reached,
            false => Answer::NotReached,
        },
        Question::Codeword => match (duress, right, wrong) {
            (true, ..) => Answer::Duress,
            (false, true, _) => Answer::Right,
            (false, false, true) => Answer::Wrong,
            (false, false, false) => Answer::None,
        },
        Question::Customer => match incident.first_contact.map(|contact| contact.answer) {
            None => Answer::NotAsked,
            Some(Some(ContactAnswer::AllWell)) => Answer::AllWell,
            Some(Some(ContactAnswer::Help)) => Answer::Help,
            Some(Some(ContactAnswer::Away)) => Answer::Away,
            Some(Some(ContactAnswer::Silent) | None) => Answer::Silent,
        },
        Question::Verdict => match incident.verdict {
            Some(Verdict::Real { .. }) => Answer::Real,
            Some(Verdict::False { .. }) => Answer::False,
            Some(Verdict::Undetermined { .. }) => Answer::Undetermined,
            None => Answer::None,
        },
    }
}
