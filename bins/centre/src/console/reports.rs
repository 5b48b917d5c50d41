//! Reports on a page: how fast the centre answered, what was false, and whether every frame ended somewhere.

use alarmcore::Timestamp;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use contactid::Class;
use opsmodel::store::query::{
    Conservation, FalseAlarmGroup, FalseAlarms, HandOffFigures, HandlingFigures, Measure, Percentiles, Phase,
};
use serde::Deserialize;

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use super::spelling;
use crate::state::App;

/// Which period.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    days: Option<u32>,
}

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

#[derive(Template)]
#[template(path = "reports.html")]
struct Page {
    f: Frame,
    days: u32,
    incidents: usize,
    signals: u64,
    response: Vec<Measured>,
    handling: Vec<Handled>,
    hand_offs: Vec<Handed>,
    false_alarms: FalseAlarms,
    causes: Vec<Bar>,
    accounts: Vec<FalseAlarmGroup>,
    classes: Vec<Bar>,
    lines: Vec<Flow>,
    conservation: Conservation,
}

/// A row of the response table.
struct Measured {
    priority: u8,
    measure: String,
    incidents: usize,
    reached: usize,
    figures: [String; 4],
    /// The median's share of the slowest median, in per cent.
    bar: u64,
}

/// How long one phase of one kind of incident took, in words.
struct Handled {
    kind: &'static str,
    phase: String,
    cases: usize,
    /// Half and nine of ten of the cases took no longer.
    figures: [String; 2],
}

/// The hand-offs to one authority by one way, in words.
struct Handed {
    row: HandOffFigures,
    to: &'static str,
    way: String,
    /// Half of the answers, and 95 of 100, took no longer.
    figures: [String; 2],
}

/// A labelled bar; `share` is in per cent of the longest.
struct Bar {
    label: String,
    count: u64,
    share: u64,
}

/// A line's sums over the period.
#[derive(Default)]
struct Flow {
    line: String,
    received: u64,
    acknowledged: u64,
    supervised: u64,
    refused: u64,
    stored: u64,
    disposed: u64,
    held: u64,
    pending: u64,
}

/// The reports of the last days.
pub(super) async fn page(State(app): State<App>, visit: Visit, Query(wish): Query<Wish>) -> Result<Response, Oops> {
    let f = visit.frame(&app, "reports").await?;
    let days = wish.days.unwrap_or(1).clamp(1, 90);
    let to = Timestamp::from_millis(f.now + 1);
    let from = spelling::midnight(Timestamp::from_millis(f.now - i64::from(days - 1) * DAY_MS));
    let answers = app.query(move |reader| {
        let counts = reader.counts(from, to)?;
        // Conservation counts the log itself. A page asks for the last hour; `report conservation` asks for any period.
        let conservation = reader.conservation(Timestamp::from_millis(from.millis().max(to.millis() - HOUR_MS)), to)?;
        Ok((
            reader.response(from, to)?,
            reader.handling(from, to)?,
            reader.hand_offs(from, to)?,
            reader.false_alarms(from, to)?,
            counts,
            conservation,
        ))
    });
    let (response, handling, hand_offs, false_alarms, counts, conservation) =
        answers.await.map_err(|problem| visit.oops(problem))?;
    let slowest = response.percentiles.iter().filter_map(|row| row.p50_ms).max().unwrap_or(0).max(1);
    let causes = false_alarms.by_cause.iter().map(|group| {
        let label = group.cause.map_or_else(|| f.w.t("unknown"), |cause| cause.label(f.w.lang).to_owned());
        (label, u64::from(group.incidents))
    });
    let mut by_class: Vec<(String, u64)> = Vec::new();
    for count in &counts {
        let label = Class::ALL
            .iter()
            .find(|class| class.as_str() == count.class)
            .map_or(count.class.as_str(), |class| class.label(f.w.lang));
        match by_class.iter_mut().find(|(known, _)| known == label) {
            Some((_, signals)) => *signals += count.signals,
            None => by_class.push((label.to_owned(), count.signals)),
        }
    }
    by_class.sort_by_key(|(_, signals)| std::cmp::Reverse(*signals));
    Ok(show(&Page {
        days,
        incidents: response.rows.len(),
        signals: by_class.iter().map(|(_, signals)| signals).sum(),
        response: response
            .percentiles
            .iter()
            .filter(|row| row.reached > 0 || row.measure == Measure::Taken)
            .map(|row| measured(row, slowest, &f))
            .collect(),
        handling: handling.figures.iter().map(|row| handled(row, &f)).collect(),
        hand_offs: hand_offs.figures.into_iter().map(|row| handed(row, &f)).collect(),
        causes: bars(causes.collect()),
        accounts: false_alarms.by_account.iter().take(10).cloned().collect(),
        classes: bars(by_class),
        lines: flows(&conservation),
        false_alarms,
        conservation,
        f,
    }))
}

fn handed(row: HandOffFigures, f: &Frame) -> Handed {
    Handed {
        to: row.to.label(f.w.lang),
        way: row.way.clone().unwrap_or_else(|| f.w.t("hand-offs-manual")),
        figures: [row.answer_p50_ms, row.answer_p95_ms].map(took),
        row,
    }
}

fn handled(row: &HandlingFigures, f: &Frame) -> Handled {
    Handled {
        kind: row.kind.label(f.w.lang),
        phase: f.w.t(match row.phase {
            Phase::InHand => "phase-in-hand",
            Phase::InHandAsked => "phase-in-hand-asked",
            Phase::Worked => "phase-worked",
            Phase::WorkedAsked => "phase-worked-asked",
            Phase::WorkedAgreed => "phase-worked-agreed",
            Phase::OfferedLeft => "phase-offered-left",
            Phase::AcceptedArrived => "phase-accepted-arrived",
            Phase::AcceptedLeft => "phase-accepted-left",
            Phase::ArrivedLeft => "phase-arrived-left",
        }),
        cases: row.cases,
        figures: [row.p50_ms, row.p90_ms].map(took),
    }
}

fn took(ms: Option<u64>) -> String {
    ms.map_or_else(|| "—".to_owned(), spelling::took)
}

fn measured(row: &Percentiles, slowest: u64, f: &Frame) -> Measured {
    Measured {
        priority: row.priority,
        measure: f.w.t(match row.measure {
            Measure::Taken => "measure-taken",
            Measure::FirstAct => "measure-first-act",
            Measure::Dispatch => "measure-dispatch",
            Measure::Close => "measure-close",
        }),
        incidents: row.incidents,
        reached: row.reached,
        figures: [row.p50_ms, row.p80_ms, row.p95_ms, row.p985_ms].map(took),
        bar: row.p50_ms.unwrap_or(0) * 100 / slowest,
    }
}

fn bars(rows: Vec<(String, u64)>) -> Vec<Bar> {
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    rows.into_iter().map(|(label, count)| Bar { label, count, share: count * 100 / most }).collect()
}

fn flows(conservation: &Conservation) -> Vec<Flow> {
    let mut flows: Vec<Flow> = Vec::new();
    for minute in &conservation.minutes {
        let place = flows.iter().position(|flow| flow.line == minute.line).unwrap_or_else(|| {
            flows.push(Flow { line: minute.line.clone(), ..Flow::default() });
            flows.len() - 1
        });
        let flow = &mut flows[place];
        flow.received += minute.received;
        flow.acknowledged += minute.acknowledged;
        flow.supervised += minute.supervised;
        flow.refused += minute.refused;
        flow.stored += minute.stored;
        flow.disposed += minute.disposed;
        flow.held += minute.held;
        flow.pending += minute.pending;
    }
    flows
}
