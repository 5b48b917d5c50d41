//! `/api/incidents/{incident}/plan`: the plan that an incident follows, and how far it has come.

use alarmcore::{Answer, Authority, Condition, Doing, OperatorId, PlanLine, Question, StepState, Timestamp, progress};
use axum::Json;
use axum::extract::{Path, State};
use opsmodel::store::query::Moment;
use serde::Serialize;

use super::incidents::{no_incident, number};
use crate::auth::Session;
use crate::plan::doer;
use crate::problem::Problem;
use crate::state::App;

/// A plan as an incident follows it.
#[derive(Serialize)]
pub(super) struct IncidentPlan {
    plan: String,
    /// The version of the plans when the incident got it.
    version: u32,
    /// The version of the text that is shown: of a closed incident that which it got, where it is known.
    text_version: u32,
    en: String,
    zh: String,
    /// Is it what the incident got, or what it would get now, because it never got one?
    given: bool,
    /// Those on its way in their order, then those not asked for.
    steps: Vec<PlanStep>,
}

#[derive(Serialize)]
struct PlanStep {
    step: String,
    state: StepState,
    en: String,
    zh: String,
    act: Doing,
    to: Option<Authority>,
    forced: bool,
    before: Vec<&'static str>,
    at: Option<String>,
    by: Option<OperatorId>,
    by_name: Option<String>,
    conditions: Vec<PlanCondition>,
    question: Option<Question>,
    answer: Option<Answer>,
}

#[derive(Serialize)]
struct PlanCondition {
    question: Question,
    answers: Vec<Answer>,
}

/// The plan of one incident.
pub(super) async fn plan(
    State(app): State<App>,
    _session: Session,
    Path(incident): Path<String>,
) -> Result<Json<IncidentPlan>, Problem> {
    let incident = number(&incident)?;
    let found = app.query(move |reader| {
        let Some(page) = reader.incident(incident)? else { return Ok(None) };
        let then = reader.plan_as_it_was(&page.incident)?;
        Ok(Some((page, then)))
    });
    let (page, then) = found.await?.ok_or_else(no_incident)?;
    let plans = then.as_ref().unwrap_or(app.settings.policy.plans.as_ref());
    let found = progress(&page.incident, plans);
    let found = found.ok_or_else(|| Problem::not_found("plan", "预案"))?;
    Ok(Json(IncidentPlan {
        plan: found.plan.id.clone(),
        version: found.version,
        text_version: plans.version,
        en: found.plan.en.clone(),
        zh: found.plan.zh.clone(),
        given: page.incident.plan.as_ref().is_some_and(|given| given.plan == found.plan.id),
        steps: found.lines.iter().map(|line| step(line, &page.moments)).collect(),
    }))
}

fn step(line: &PlanLine<'_>, moments: &[Moment]) -> PlanStep {
    let (by, by_name) = doer(line, moments).map_or((None, None), |(by, name)| (Some(by), name));
    let condition =
        |Condition { question, answers }: &Condition| PlanCondition { question: *question, answers: answers.clone() };
    PlanStep {
        step: line.step.id.clone(),
        state: line.state,
        en: line.step.en.clone(),
        zh: line.step.zh.clone(),
        act: line.step.doing,
        to: line.step.to,
        forced: line.step.forced,
        before: line.step.before.iter().map(|act| act.as_str()).collect(),
        at: line.at.map(|at: Timestamp| at.to_string()),
        by,
        by_name,
        conditions: line.conditions.iter().map(condition).collect(),
        question: line.answer.map(|(question, _)| question),
        answer: line.answer.map(|(_, answer)| answer),
    }
}
