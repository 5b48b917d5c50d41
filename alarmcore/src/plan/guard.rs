//! What a plan says to an act: forced steps refuse it until they are done, warnings let it pass and are recorded.

use super::{Guarded, Plans, StepState, progress};
use crate::id::OperatorId;
use crate::incident::{Command, Family, Field, Incident, IncidentEvent, Refusal};

impl Guarded {
    /// The act that a command is, if steps can stand before it.
    pub const fn of(command: &Command) -> Option<Self> {
        Some(match command {
            Command::VerifyFalse { .. } => Self::VerifyFalse,
            Command::PreProcess { .. } => Self::PreProcess,
            Command::Offer { .. } => Self::Offer,
            Command::SceneFalse { .. } => Self::SceneFalse,
            Command::EndUndetermined { .. } => Self::EndUndetermined,
            Command::ConfirmReal { .. } => Self::ConfirmReal,
            Command::HandOff { .. } => Self::HandOff,
            Command::Settle { .. } => Self::Settle,
            Command::Close { .. } => Self::Close,
            _ => return None,
        })
    }
}

/// What the incident's plan makes of an act that would be granted otherwise: the steps that it passes over.
///
/// Where people are in danger, nothing stands before an act that brings aid: there a forced step only warns.
///
/// # Errors
/// [`Refusal::StepFirst`] names the first forced step that is not done.
pub fn passed_over(incident: &Incident, plans: &Plans, command: &Command) -> Result<Vec<IncidentEvent>, Refusal> {
    let Some(act) = Guarded::of(command) else { return Ok(Vec::new()) };
    let Some(found) = progress(incident, plans) else { return Ok(Vec::new()) };
    let aid = incident.kind.family() == Family::LifeSafety && act.brings_aid();
    let mut passed = Vec::new();
    for line in found.lines.iter().filter(|line| line.state.is_pending() && line.step.before.contains(&act)) {
        let step = line.step.id.clone();
        if line.step.forced && !aid {
            return Err(Refusal::StepFirst { step, en: line.step.en.clone(), zh: line.step.zh.clone() });
        }
        passed.push(IncidentEvent::StepSkipped { step, passed: Some(act), second: None, note: None });
    }
    Ok(passed)
}

/// Somebody says that a step is done. What an act fulfils is done by that act and not by saying so.
pub(crate) fn tick(
    incident: &Incident,
    plans: &Plans,
    step: &str,
    note: Option<String>,
) -> Result<Vec<IncidentEvent>, Refusal> {
    let step = step.to_owned();
    let found = progress(incident, plans);
    let line = found.iter().flat_map(|found| &found.lines).find(|line| line.step.id == step);
    let Some(line) = line else { return Err(Refusal::NoSuchStep { step }) };
    if !line.step.doing.is_told() {
        return Err(Refusal::StepNeedsAct { step });
    }
    match line.state {
        StepState::Done => Err(Refusal::StepDone { step }),
        StepState::Unasked => Err(Refusal::StepNotAsked { step }),
        StepState::Skipped | StepState::Next | StepState::Open | StepState::Passed => {
            Ok(vec![IncidentEvent::StepTicked { step, note }])
        }
    }
}

/// Somebody leaves a step out and says why; a forced one only with a second person.
pub(crate) fn skip(
    incident: &Incident,
    plans: &Plans,
    (by, second): (OperatorId, Option<OperatorId>),
    step: &str,
    note: Option<String>,
) -> Result<Vec<IncidentEvent>, Refusal> {
    let step = step.to_owned();
    let found = progress(incident, plans);
    let line = found.iter().flat_map(|found| &found.lines).find(|line| line.step.id == step);
    let Some(line) = line else { return Err(Refusal::NoSuchStep { step }) };
    match line.state {
        StepState::Done | StepState::Skipped => return Err(Refusal::StepDone { step }),
        StepState::Unasked => return Err(Refusal::StepNotAsked { step }),
        StepState::Next | StepState::Open | StepState::Passed => {}
    }
    let Some(note) = note else { return Err(Refusal::FieldMissing { field: Field::Note }) };
    let second = match (line.step.forced, second) {
        (false, _) => None,
        (true, None) => return Err(Refusal::SecondPersonMissing),
        (true, Some(second)) if second == by => return Err(Refusal::SecondPersonMustDiffer),
        (true, Some(second)) => Some(second),
    };
    Ok(vec![IncidentEvent::StepSkipped { step, passed: None, second, note: Some(note) }])
}
