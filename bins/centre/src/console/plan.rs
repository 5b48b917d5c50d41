//! The plan of an incident as a checklist: what comes next with its key, what is done by whom, why the rest is asked or not.

use alarmcore::{Answer, Condition, Doing, Incident, PlanLine, Plans, Question, Step, StepState, Timestamp, progress};
use opsmodel::store::query::Moment;

use super::offers::Viewer;
use crate::i18n::Words;
use crate::plan::doer;

/// The panel of the plan.
pub(super) struct Checklist {
    pub(super) name: String,
    pub(super) version: u32,
    /// The version of the text that is shown, where it is not that of the plan that the incident got.
    pub(super) text: Option<u32>,
    /// On its way, in the order of the plan.
    pub(super) asked: Vec<Row>,
    /// Not asked for as things stand.
    pub(super) unasked: Vec<Row>,
    pub(super) done: usize,
}

/// A step.
pub(super) struct Row {
    pub(super) step: String,
    pub(super) what: String,
    /// The state's stable word, and its label.
    pub(super) state: &'static str,
    pub(super) label: &'static str,
    pub(super) at: Option<Timestamp>,
    pub(super) by: Option<String>,
    /// Why it is asked for or is not.
    pub(super) why: Option<String>,
    /// What the question after it was answered.
    pub(super) answer: Option<String>,
    /// The acts that wait for it.
    pub(super) before: Option<String>,
    pub(super) forced: bool,
    /// The key that opens its act on this page.
    pub(super) key: &'static str,
    pub(super) tick: bool,
    pub(super) skip: bool,
}

impl Viewer<'_> {
    /// The incident's plan by these texts, and how far it has come; `None` where there is none for it.
    pub(super) fn checklist(
        &self,
        incident: &Incident,
        plans: &Plans,
        moments: &[Moment],
        w: &Words,
    ) -> Option<Checklist> {
        let found = progress(incident, plans)?;
        let mine = incident.owner == Some(self.operator) && !incident.is_closed();
        let rows: Vec<Row> = found.lines.iter().map(|line| row(line, moments, mine, w)).collect();
        let done = rows.iter().filter(|row| row.state == StepState::Done.as_str()).count();
        let (unasked, mut asked): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| row.state == StepState::Unasked.as_str());
        // What is to do stands first.
        asked.sort_by_key(|row| row.at.is_some());
        let (name, version) = (found.plan.label(w.lang).to_owned(), found.version);
        let text = Some(plans.version).filter(|text| *text != version);
        Some(Checklist { name, version, text, asked, unasked, done })
    }
}

fn row(line: &PlanLine<'_>, moments: &[Moment], mine: bool, w: &Words) -> Row {
    let Step { id, doing, before, forced, .. } = line.step;
    let pending = matches!(line.state, StepState::Next | StepState::Open);
    let acts: Vec<&str> = before.iter().map(|act| act.label(w.lang)).collect();
    let stands = if *forced { "plan-forced" } else { "plan-warns" };
    let by = doer(line, moments).map(|(by, name)| name.unwrap_or_else(|| by.to_string()));
    let conditions: Vec<String> = line.conditions.iter().map(|condition| in_words(condition, w)).collect();
    let asked = if line.state == StepState::Unasked { "plan-only-if" } else { "plan-because" };
    Row {
        step: id.clone(),
        what: line.step.label(w.lang).to_owned(),
        state: line.state.as_str(),
        label: line.state.label(w.lang),
        at: line.at,
        by: by.filter(|_| line.at.is_some()),
        why: (!conditions.is_empty()).then(|| w.n(asked, conditions.join(" / "))),
        answer: line.answer.filter(|_| !pending && line.state != StepState::Unasked).map(|answer| said(answer, w)),
        before: (pending && !acts.is_empty()).then(|| w.n(stands, acts.join(" / "))),
        forced: *forced,
        key: if line.state == StepState::Next { key(*doing) } else { "" },
        tick: mine && pending && doing.is_told(),
        skip: mine && pending,
    }
}

fn said((question, answer): (Question, Answer), w: &Words) -> String {
    format!("{}: {}", question.label(w.lang), answer.label(w.lang))
}

fn in_words(condition: &Condition, w: &Words) -> String {
    let answers: Vec<&str> = condition.answers.iter().map(|answer| answer.label(w.lang)).collect();
    format!("{}: {}", condition.question.label(w.lang), answers.join(" / "))
}

/// The key of the form that does it; nothing where the page has none, or several.
const fn key(doing: Doing) -> &'static str {
    match doing {
        Doing::Take => "t",
        Doing::Call | Doing::Codeword => "c",
        Doing::OfferUnit => "2",
        Doing::UnitAccepted => "u",
        Doing::RecordScene => "s",
        Doing::RecordDispatch => "r",
        Doing::HandOff => "h",
        Doing::NotifyOwner => "o",
        Doing::RecordWish => "w",
        Doing::SignLosses => "i",
        Doing::RecordCase => "f",
        Doing::VerifyFalse | Doing::Settle => "1",
        Doing::Close => "e",
        Doing::AskCustomer | Doing::Decide | Doing::Tick | Doing::Escalate => "",
    }
}
