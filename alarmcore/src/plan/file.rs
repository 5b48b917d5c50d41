//! Plans as one TOML file: read and checked, with the place of every fault.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use contactid::AccountNumber;
use serde::Deserialize;
use toml::Spanned;

use super::check::{Defect, Place, check, left_out};
use super::{Answer, At, Doing, Guarded, Plan, PlanScope, Plans, Question, Step, Then};
use crate::incident::{Authority, Kind};
use crate::policy::{PolicyError, fault, nearest_of};
use crate::schedule::Schedule;

/// The standard plans, read once.
static STANDARD: LazyLock<Arc<Plans>> =
    LazyLock::new(|| Arc::new(Plans::from_toml(Plans::DOCUMENTED).unwrap_or_default()));

/// How many different contacts a `call` step tries, where it does not say.
const TRIES: u32 = 2;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPlans {
    #[serde(default = "first")]
    version: u32,
    night: Option<Spanned<String>>,
    #[serde(default)]
    plan: Vec<Spanned<WrittenPlan>>,
}

const fn first() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPlan {
    id: Spanned<String>,
    en: String,
    zh: String,
    #[serde(default)]
    kinds: BTreeSet<Kind>,
    #[serde(default)]
    accounts: BTreeSet<AccountNumber>,
    #[serde(default)]
    zones: BTreeSet<u32>,
    at: Option<At>,
    #[serde(default)]
    step: Vec<WrittenStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStep {
    id: Spanned<String>,
    en: String,
    zh: String,
    act: Spanned<Doing>,
    to: Option<Spanned<Authority>>,
    tries: Option<Spanned<u32>>,
    before: Option<Spanned<BTreeSet<Guarded>>>,
    forced: Option<Spanned<bool>>,
    next: Option<Spanned<String>>,
    ask: Option<Spanned<Question>>,
    on: Option<Spanned<BTreeMap<Spanned<String>, Spanned<String>>>>,
}

/// A fault before its place has become a line.
struct Fault {
    at: usize,
    why: String,
    nearest: Option<String>,
}

fn wrong<T>(at: usize, why: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { at, why: why.into(), nearest: None })
}

impl Plans {
    /// The documented file with the standard plans.
    pub const DOCUMENTED: &'static str = include_str!("../../plans.toml");

    /// The standard plans.
    pub fn standard() -> Arc<Self> {
        Arc::clone(&STANDARD)
    }

    /// Reads and checks the text of a plan file.
    ///
    /// ```
    /// let text = r#"
    /// [[plan]]
    /// id = "any"
    /// en = "Anything"
    /// zh = "任何警情"
    /// [[plan.step]]
    /// id = "call"
    /// en = "Call the site"
    /// zh = "电话联系现场"
    /// act = "call"
    /// ask = "reached"
    /// on = { reached = "close", not-reached = "clsoe" }
    /// [[plan.step]]
    /// id = "close"
    /// en = "Close"
    /// zh = "消警"
    /// act = "close"
    /// "#;
    /// let error = alarmcore::Plans::from_toml(text).unwrap_err();
    /// assert_eq!((error.line, error.fault.as_str()), (12, "there is no step `clsoe` in this plan"));
    /// assert_eq!(alarmcore::Plans::from_toml(&text.replace("clsoe", "close"))?.get("any").map(|plan| plan.steps.len()), Some(2));
    /// # Ok::<(), alarmcore::PolicyError>(())
    /// ```
    ///
    /// # Errors
    /// The first fault, with its line and column: what cannot be read, a step that is not there, is dead, goes in circles or
    /// ends nothing, a branch that leaves out a case, a forced step that would hold up aid where people are in danger, kinds
    /// of incidents without a plan, two plans for the same.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let written: WrittenPlans = toml::from_str(text).map_err(|error| PolicyError::of(text, &error))?;
        compile(written).map_err(|found| {
            let error = fault(text, found.at.min(text.len()), &found.why);
            PolicyError { nearest: found.nearest, ..error }
        })
    }
}

fn compile(written: WrittenPlans) -> Result<Plans, Fault> {
    let night = written.night.map(|night| match Schedule::from_str(night.get_ref()) {
        Ok(schedule) => Ok(schedule),
        Err(error) => wrong(night.span().start, error.to_string()),
    });
    let mut plans = Plans { version: written.version, night: night.transpose()?, plans: Vec::new() };
    let mut places = Vec::new();
    for spanned in written.plan {
        let at = spanned.span().start;
        let (plan, steps) = read_plan(at, spanned.into_inner())?;
        if plans.get(&plan.id).is_some() {
            return wrong(steps.plan, format!("plan `{}` stands here twice", plan.id));
        }
        plans.plans.push(plan);
        if let Some(rival) = plans.rival(plans.plans.len() - 1) {
            return wrong(
                steps.plan,
                format!("plan `{}` is for the same incidents: make one of them narrower", rival.id),
            );
        }
        places.push(steps);
    }
    for (plan, places) in plans.plans.iter().zip(&places) {
        let kinds = plans.kinds_of(&plan.scope);
        check(plan, &kinds).map_err(|Defect { place, why }| Fault { at: places.of(place), why, nearest: None })?;
    }
    let without = plans.without_plan();
    if !without.is_empty() {
        let kinds: Vec<&str> = without.iter().map(|kind| kind.as_str()).collect();
        return wrong(0, format!("no plan for {}: name them in one, or add a plan without `kinds`", kinds.join(", ")));
    }
    Ok(plans)
}

/// Where the words of a plan stand.
struct Places {
    plan: usize,
    steps: Vec<StepPlaces>,
}

struct StepPlaces {
    id: usize,
    act: usize,
    ask: usize,
    before: usize,
}

impl Places {
    fn of(&self, place: Place) -> usize {
        let of = |step: usize, word: fn(&StepPlaces) -> usize| self.steps.get(step).map_or(self.plan, word);
        match place {
            Place::Step(step) => of(step, |places| places.id),
            Place::Act(step) => of(step, |places| places.act),
            Place::Ask(step) => of(step, |places| places.ask),
            Place::Before(step) => of(step, |places| places.before),
        }
    }
}

fn read_plan(at: usize, written: WrittenPlan) -> Result<(Plan, Places), Fault> {
    let WrittenPlan { id, en, zh, kinds, accounts, zones, at: time, step } = written;
    let at = id.span().start.max(at);
    if step.is_empty() {
        return wrong(at, format!("plan `{}` has no step", id.get_ref()));
    }
    let ids: Vec<String> = step.iter().map(|step| step.id.get_ref().clone()).collect();
    let mut places = Places { plan: at, steps: Vec::new() };
    let mut steps = Vec::new();
    for (place, written) in step.into_iter().enumerate() {
        if ids[..place].contains(written.id.get_ref()) {
            return wrong(
                written.id.span().start,
                format!("step `{}` stands in this plan twice", written.id.get_ref()),
            );
        }
        let start = |span: Option<core::ops::Range<usize>>| span.map_or(written.id.span().start, |span| span.start);
        places.steps.push(StepPlaces {
            id: written.id.span().start,
            act: written.act.span().start,
            ask: start(written.ask.as_ref().map(Spanned::span)),
            before: start(written.before.as_ref().map(Spanned::span)),
        });
        steps.push(read_step(written, &ids)?);
    }
    let scope = PlanScope { kinds, accounts, zones, at: time };
    Ok((Plan { id: id.into_inner(), en, zh, scope, steps }, places))
}

fn read_step(written: WrittenStep, ids: &[String]) -> Result<Step, Fault> {
    let WrittenStep { id, en, zh, act, to, tries, before, forced, next, ask, on } = written;
    let doing = *act.get_ref();
    match (&to, doing) {
        (None, Doing::HandOff) => {
            return wrong(act.span().start, "`hand-off` needs `to`: police, fire, ambulance or insurer");
        }
        (Some(to), other) if other != Doing::HandOff => return wrong(to.span().start, "`to` belongs to `hand-off`"),
        _ => {}
    }
    let tries = match (tries, doing) {
        (Some(tries), Doing::Call) if *tries.get_ref() > 0 => tries.into_inner(),
        (Some(tries), Doing::Call) => return wrong(tries.span().start, "at least 1 contact is tried"),
        (Some(tries), _) => return wrong(tries.span().start, "`tries` belongs to `call`"),
        (None, Doing::Call) => TRIES,
        (None, _) => 0,
    };
    if let (Some(forced), None) = (&forced, &before) {
        return wrong(forced.span().start, "`forced` needs `before`: the acts that are refused until the step is done");
    }
    let then = match (next, ask, on) {
        (Some(next), None, None) => Then::Next(find(&next, ids)?),
        (None, Some(ask), Some(on)) => read_branch(ask.into_inner(), on, ids)?,
        (None, None, None) => Then::End,
        (_, Some(ask), None) => return wrong(ask.span().start, "`ask` needs `on`: the step for each answer"),
        (_, None, Some(on)) => return wrong(on.span().start, "`on` needs `ask`: the question that it answers"),
        (Some(next), Some(_), Some(_)) => return wrong(next.span().start, "either `next`, or `ask` and `on`"),
    };
    Ok(Step {
        id: id.into_inner(),
        en,
        zh,
        doing,
        to: to.map(Spanned::into_inner),
        tries,
        before: before.map(Spanned::into_inner).unwrap_or_default(),
        forced: forced.is_some_and(Spanned::into_inner),
        then,
    })
}

/// Every answer to the question has its step, `else` that of those not named.
fn read_branch(
    question: Question,
    on: Spanned<BTreeMap<Spanned<String>, Spanned<String>>>,
    ids: &[String],
) -> Result<Then, Fault> {
    let at = on.span().start;
    let mut said = Vec::new();
    let mut otherwise = None;
    for (answer, target) in on.into_inner() {
        let target = find(&target, ids)?;
        if answer.get_ref() == "else" {
            otherwise = Some((answer.span().start, target));
            continue;
        }
        let known = question.answers();
        match known.iter().find(|known| known.as_str() == answer.get_ref()) {
            Some(answer) => said.push((*answer, target)),
            None => {
                let words: Vec<&str> = known.iter().map(|known| known.as_str()).collect();
                let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                let why = format!("`{}` is no answer to `{question}`: {}, `else`", answer.get_ref(), listed.join(", "));
                return Err(Fault { at: answer.span().start, why, nearest: nearest_of(answer.get_ref(), &words) });
            }
        }
    }
    let missing: Vec<Answer> = left_out(question, &said);
    match otherwise {
        Some((at, _)) if missing.is_empty() => return wrong(at, "every answer is named: `else` is dead"),
        Some((_, target)) => said.extend(missing.into_iter().map(|answer| (answer, target))),
        None if missing.is_empty() => {}
        None => {
            let words: Vec<String> = missing.iter().map(|answer| format!("`{answer}`")).collect();
            return wrong(at, format!("`{question}` can also be {}: name it, or say `else`", words.join(", ")));
        }
    }
    said.sort_by_key(|(answer, _)| question.answers().iter().position(|known| known == answer));
    Ok(Then::Ask(question, said))
}

fn find(id: &Spanned<String>, ids: &[String]) -> Result<usize, Fault> {
    ids.iter().position(|known| known == id.get_ref()).ok_or_else(|| {
        let words: Vec<&str> = ids.iter().map(String::as_str).collect();
        let why = format!("there is no step `{}` in this plan", id.get_ref());
        Fault { at: id.span().start, why, nearest: nearest_of(id.get_ref(), &words) }
    })
}
