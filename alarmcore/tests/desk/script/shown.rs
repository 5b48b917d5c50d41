//! What a desk said and how it stands, in one line each.

use std::fmt::Write as _;

use alarmcore::{AccountState, Candidate, Choice, ChosenBy, Effect, Incident, LoweredRecord, OperatorId, Timestamp};

use super::clock;

pub(super) fn brief(incident: &Incident) -> String {
    let owner = incident.owner.map_or("nobody".into(), |owner| format!("op{owner}"));
    let Incident { id, priority, kind, stage, signals, .. } = incident;
    let hold = incident.hold.map(|hold| format!(" on hold until {}", clock(hold.until))).unwrap_or_default();
    let rank = incident.escalated_to().map(|rank| format!(" escalated to {rank}")).unwrap_or_default();
    let queue = incident.queue.as_ref().map(|queue| {
        let open = queue.overflow.map(|reason| format!(", open to all: {reason}")).unwrap_or_default();
        format!(" in {}{open}", queue.name)
    });
    let queue = queue.unwrap_or_default();
    let offered =
        incident.offered.map(|offered| format!(" offered to op{} until {}", offered.to, clock(offered.until)));
    let offered = offered.unwrap_or_default();
    format!(
        "inc{id} p{priority} {kind} {stage} {owner} signals={signals} marks={}{hold}{rank}{queue}{offered}",
        incident.marks
    )
}

pub(super) fn standing(state: &AccountState) -> String {
    let areas: Vec<String> = state
        .areas
        .iter()
        .map(|area| format!("group {:?} {} by {:?} since {}", area.group, area.arming, area.by, clock(area.since)))
        .collect();
    let list = |standings: &[alarmcore::Standing]| -> Vec<String> {
        let one = |standing: &alarmcore::Standing| {
            format!("{} {:?}/{:?} since {}", standing.code, standing.group, standing.number, clock(standing.since))
        };
        standings.iter().map(one).collect()
    };
    let (alarms, bypassed, troubles) = (list(&state.alarms), list(&state.bypassed), list(&state.troubles));
    format!("areas {areas:?} alarms {alarms:?} bypassed {bypassed:?} troubles {troubles:?}")
}

pub(super) fn wanted(effect: &Effect) -> String {
    match effect {
        Effect::Alert { incident, priority } => format!("alert inc{incident} p{priority}"),
        Effect::Escalate { incident, priority, to } => format!("call {to} to inc{incident} p{priority}"),
        Effect::Offer { incident, unit, until } => {
            format!("offer inc{incident} to unit {unit} until {}", clock(*until))
        }
        Effect::Recall { incident, unit } => format!("recall unit {unit} from inc{incident}"),
        Effect::TellUnit { incident, unit, offer, version } => {
            format!("tell unit {unit} of offer {offer} of inc{incident} by v{version}")
        }
        Effect::HandOff { incident, number, to } => format!("hand-off {number} of inc{incident} to {to}"),
        Effect::FalseCalls { account, clause, measure } => format!("false calls of {account}: {measure} by {clause}"),
        Effect::FollowUpUndone { follow_up, to, priority } => format!("call {to} to follow{follow_up} p{priority}"),
        Effect::FollowUpDue { follow_up, to, priority } => {
            format!("follow{follow_up} is due p{priority}: {}", serde_json::to_string(to).unwrap())
        }
        Effect::TellAuthority { incident, number, to, sequence, telling } => {
            format!("tell {to} of hand-off {number} of inc{incident}, message {sequence}: {telling}")
        }
        Effect::Forward { account, signal, to, .. } => format!("forward signal {signal} of {account} to {to}"),
        Effect::AskClosing { account, signal, until } => {
            format!("ask about the late closing of {account}, signal {signal}, until {}", clock(*until))
        }
        Effect::FirstContact { incident } => format!("ask the customer of inc{incident}"),
        Effect::CallIn { storm } => format!("call staff in for storm{storm}"),
        Effect::LoweringEnding { account, number, until } => {
            format!("lowering {number} of {account} ends at {}", clock(*until))
        }
        Effect::OverrideEnding { end, .. } => format!("override of {} ends at {}", end.whom, clock(end.until)),
        Effect::TestEnding { test, account, until } => format!("test{test} of {account} ends at {}", clock(*until)),
    }
}

/// What each unit would have cost, where the cost decided.
pub(super) fn chosen(choice: &serde_json::Value) -> String {
    let choice: Choice = serde_json::from_value(choice.clone()).unwrap();
    if choice.by == ChosenBy::Person {
        return String::new();
    }
    let needs: Vec<&str> = choice.skills.iter().map(AsRef::as_ref).collect();
    let needs = if needs.is_empty() { String::new() } else { format!(", who can: {}", needs.join(" ")) };
    let anew = if choice.anew { ", the list begins anew" } else { "" };
    let mut text = format!("  | {} under policy {}{needs}{anew}\n", choice.by, choice.policy);
    for one in &choice.order {
        let Candidate { unit, travel_s, basis, jobs, jobs_s, area_s, out } = one;
        let out = out.map(|out| format!(" not sent: {out}")).unwrap_or_default();
        let cost = one.cost_s();
        text += &format!(
            "  |   unit {unit} {cost} = travel {travel_s} ({basis}) + {jobs} jobs {jobs_s} + area {area_s}{out}\n"
        );
    }
    text
}

/// A plan as the incident's page shows it.
pub(crate) fn checklist(found: &alarmcore::Progress<'_>) -> String {
    let mut text = format!("  | plan {} version {}\n", found.plan.id, found.version);
    for line in &found.lines {
        let at = line.at.map(|at| format!(" {}", clock(at))).unwrap_or_default();
        let by = line.by.map(|by| format!(" by op{by}")).unwrap_or_default();
        let conditions: Vec<String> = line
            .conditions
            .iter()
            .map(|condition| {
                let answers: Vec<&str> = condition.answers.iter().map(|answer| answer.as_str()).collect();
                format!(", if {} is {}", condition.question, answers.join(" or "))
            })
            .collect();
        let answer = line.answer.map(|(question, answer)| format!(" ({question}: {answer})")).unwrap_or_default();
        let forced = if line.step.forced { " forced" } else { "" };
        let condition = conditions.concat();
        writeln!(text, "  | {:8}{forced} {}{condition}{at}{by}{answer}", line.state.as_str(), line.step.id).unwrap();
    }
    text
}

/// What happened to the lowered protection of an account, on one line.
pub(super) fn lowered(record: &LoweredRecord) -> String {
    let mut facts = serde_json::to_value(&record.event).unwrap();
    facts.as_object_mut().unwrap().remove("event");
    let moments = |facts: &mut serde_json::Value| {
        for moment in ["from", "until", "since"] {
            if let Some(millis) = facts.get(moment).and_then(serde_json::Value::as_i64) {
                facts[moment] = clock(Timestamp::from_millis(millis)).into();
            }
        }
    };
    moments(&mut facts);
    ["lowering", "thing"].into_iter().filter_map(|part| facts.get_mut(part).map(moments)).for_each(drop);
    let by = match record.by {
        None => "-".into(),
        Some(OperatorId::OUTSIDE) => "outside".into(),
        Some(by) => format!("op{by}"),
    };
    let (at, account, kind) = (clock(record.at), record.account, record.event.kind());
    format!("{at} lowered{account} v{} {by} {kind} {facts}", record.version)
}
