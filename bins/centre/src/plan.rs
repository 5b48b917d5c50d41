//! Action plans as files: read, checked, printed; and who did the steps of the one that an incident follows.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use alarmcore::{Kind, OperatorId, Plan, PlanLine, Plans, Step, Then};
use anyhow::{Context as _, anyhow};
use opsmodel::store::query::Moment;

use crate::cli::{Failure, PlanTask, Stop};

/// Does what the command line says.
pub(crate) fn run(task: &PlanTask) -> Result<(), Failure> {
    let said = match task {
        PlanTask::Example => Plans::DOCUMENTED.to_owned(),
        PlanTask::Check { file } => {
            let plans = read(file)?;
            let default = if *plans == *Plans::standard() { ", the standard plans" } else { "" };
            format!("{}: version {}, {} plans{default}\n", file.display(), plans.version, plans.iter().count())
        }
        PlanTask::Show { kind, plans } => show(kind, plans.as_deref())?,
    };
    // Whoever reads it may have seen enough (`centre plan example | head`).
    let _ = std::io::stdout().write_all(said.as_bytes());
    Ok(())
}

/// The plans in `file`.
///
/// # Errors
/// [`Stop::Config`] names the file, and the line and column of what is wrong with it.
pub(crate) fn read(file: &Path) -> Result<Arc<Plans>, Failure> {
    let text = std::fs::read_to_string(file).map_err(anyhow::Error::from);
    let plans = text.and_then(|text| Ok(Plans::from_toml(&text)?));
    plans
        .map(Arc::new)
        .with_context(|| format!("the plan file {}", file.display()))
        .map_err(|error| Failure::new(Stop::Config, error))
}

/// Every plan that incidents of a kind can get, the widest first.
fn show(kind: &str, file: Option<&Path>) -> Result<String, Failure> {
    let plans = file.map_or_else(|| Ok(Plans::standard()), read)?;
    let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let kind = Kind::from_word(kind).ok_or_else(|| {
        Failure::new(Stop::Config, anyhow!("there is no kind {kind}; there are {}", known.join(", ")))
    })?;
    let general = plans.choose(kind, None, None, false, None).map(|plan| plan.id.as_str());
    let fits = |plan: &&Plan| plan.scope.kinds.contains(&kind) || general == Some(plan.id.as_str());
    let narrow =
        |plan: &&Plan| plan.scope.kinds.is_empty() && !(plan.scope.accounts.is_empty() && plan.scope.at.is_none());
    let found: Vec<String> = plans.iter().filter(|plan| fits(plan) || narrow(plan)).map(in_words).collect();
    Ok(found.join("\n"))
}

fn in_words(plan: &Plan) -> String {
    let mut text = format!("{}  {} / {}\n", plan.id, plan.en, plan.zh);
    let scope = &plan.scope;
    let mut only = Vec::new();
    only.extend((!scope.accounts.is_empty()).then(|| format!("accounts {}", list(scope.accounts.iter()))));
    only.extend((!scope.zones.is_empty()).then(|| format!("zones {}", list(scope.zones.iter()))));
    only.extend((!scope.kinds.is_empty()).then(|| format!("kinds {}", list(scope.kinds.iter()))));
    only.extend(scope.at.map(|at| format!("at {at}")));
    if !only.is_empty() {
        let _ = writeln!(text, "  for {}", only.join("; "));
    }
    for step in &plan.steps {
        let _ = writeln!(text, "  {:<12} {:<14} {}\n{:28}{}", step.id, act(step), step.en, "", step.zh);
        if !step.before.is_empty() {
            let stands = if step.forced { "must come before" } else { "warns before" };
            let _ = writeln!(text, "{:28}{stands} {}", "", list(step.before.iter()));
        }
        match &step.then {
            Then::End => {}
            Then::Next(next) => drop(writeln!(text, "{:28}then {}", "", named(plan, *next))),
            Then::Ask(question, on) => {
                for (answer, target) in on {
                    let _ = writeln!(text, "{:28}{question} is {answer}: {}", "", named(plan, *target));
                }
            }
        }
    }
    text
}

fn act(step: &Step) -> String {
    match step.to {
        Some(to) => format!("{} {to}", step.doing),
        None => step.doing.to_string(),
    }
}

fn named(plan: &Plan, place: usize) -> &str {
    plan.steps.get(place).map_or("", |step| &step.id)
}

fn list(words: impl Iterator<Item = impl ToString>) -> String {
    words.map(|word| word.to_string()).collect::<Vec<_>>().join(", ")
}

/// Who did a step, and their name: the incident knows it of calls and ticks; the time line of everything else.
pub(crate) fn doer(line: &PlanLine<'_>, moments: &[Moment]) -> Option<(OperatorId, Option<String>)> {
    let at = line.at?;
    let mut then = moments.iter().filter(|moment| moment.at == at && moment.by.is_some());
    let moment = match line.by {
        Some(by) => then.find(|moment| moment.by == Some(by)),
        None => then.next(),
    };
    match (moment, line.by) {
        (Some(moment), _) => Some((moment.by?, moment.by_name.clone())),
        (None, by) => Some((by?, None)),
    }
}
