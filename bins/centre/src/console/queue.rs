//! The live queue: what waits, most urgent first.

use alarmcore::{Kind, Stage};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use opsmodel::store::query::IncidentRow;
use serde::Deserialize;

use super::frame::{Frame, Visit, show};
use super::live::latest;
use super::oops::Oops;
use super::signals::Line;
use crate::i18n::Words;
use crate::state::App;

/// What of the queue is wanted.
#[derive(Default, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    mine: bool,
    #[serde(default)]
    stage: String,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct Page {
    f: Frame,
    mine: bool,
    counts: Vec<Count>,
    tickets: Vec<Ticket>,
    ticks: Vec<Line>,
}

/// How many incidents stand where, and the address that shows only them.
struct Count {
    label: String,
    incidents: usize,
    href: String,
    chosen: bool,
    hot: bool,
}

/// An incident in a list.
pub(super) struct Ticket {
    pub(super) row: IncidentRow,
    /// What it is about, in words.
    pub(super) kind: String,
    /// Its stage, in words.
    pub(super) stage: String,
    /// The last signal, in words, with its zone or user.
    pub(super) signal: String,
    /// Seconds after which its clock turns to the first and to the second colour.
    pub(super) warning: u32,
    pub(super) critical: u32,
}

/// The groups of stages that the queue counts, with the stages in each.
const GROUPS: [(&str, &[Stage]); 5] = [
    ("new", &[Stage::New]),
    ("taken", &[Stage::Taken, Stage::Verifying]),
    ("pre-processed", &[Stage::PreProcessed]),
    ("dispatched", &[Stage::Dispatched, Stage::OnScene, Stage::FalseOnScene]),
    ("real", &[Stage::Real, Stage::OwnerNotified, Stage::HandedOff, Stage::LossListed, Stage::Recorded]),
];

fn group(stage: &str) -> &'static str {
    let of = |(_, stages): &&(&str, &[Stage])| stages.iter().any(|each| each.as_str() == stage);
    GROUPS.iter().find(of).map_or("", |(name, _)| *name)
}

/// The queue.
pub(super) async fn page(State(app): State<App>, visit: Visit, Query(wish): Query<Wish>) -> Result<Response, Oops> {
    let queue = app.query(|reader| reader.queue()).await.map_err(|problem| visit.oops(problem))?;
    let ticks = latest(&app).await.map_err(|problem| visit.oops(problem))?;
    let f = visit.frame_with("queue", &queue);
    let w = f.w;
    let mine = |row: &IncidentRow| !wish.mine || row.owner == Some(visit.session.operator);
    let href = |stage: &str| format!("/?{}stage={stage}", if wish.mine { "mine=true&" } else { "" });
    let mut counts = vec![Count {
        label: w.t("stage-all"),
        incidents: queue.rows.iter().filter(|row| mine(row)).count(),
        href: if wish.mine { "/?mine=true".to_owned() } else { "/".to_owned() },
        chosen: wish.stage.is_empty(),
        hot: false,
    }];
    counts.extend(GROUPS.map(|(name, _)| {
        let incidents = queue.rows.iter().filter(|row| mine(row) && group(&row.stage) == name).count();
        let hot = name == "new" && incidents > 0;
        Count { label: w.t(&format!("stage-{name}")), incidents, href: href(name), chosen: wish.stage == name, hot }
    }));
    let wanted = |row: &IncidentRow| mine(row) && (wish.stage.is_empty() || group(&row.stage) == wish.stage);
    let tickets = queue.rows.into_iter().filter(wanted).map(|row| Ticket::of(row, w)).collect();
    let ticks = ticks.into_iter().map(|row| Line::of(row, w)).collect();
    Ok(show(&Page { f, mine: wish.mine, counts, tickets, ticks }))
}

impl Ticket {
    pub(super) fn of(row: IncidentRow, w: &Words) -> Self {
        let (warning, critical) = ageing(row.priority, &row.stage);
        Self {
            kind: kind(&row.kind, w),
            stage: stage(&row.stage, w),
            signal: row.last_signal.clone().map(|signal| Line::of(signal, w).in_words()).unwrap_or_default(),
            warning,
            critical,
            row,
        }
    }
}

/// The label of an incident's kind.
pub(super) fn kind(word: &str, w: &Words) -> String {
    Kind::from_word(word).map_or(word, |kind| kind.label(w.lang)).to_owned()
}

/// The label of a stage.
pub(super) fn stage(word: &str, w: &Words) -> String {
    Stage::from_word(word).map_or(word, |stage| stage.label(w.lang)).to_owned()
}

/// Seconds since the first signal after which a clock turns amber and red: short until somebody has taken it, then as
/// long as handling may last. The clock itself never stops, whoever owns the incident.
pub(super) fn ageing(priority: u8, stage: &str) -> (u32, u32) {
    let new = stage == Stage::New.as_str();
    match (new, priority) {
        (true, 0..=1) => (10, 30),
        (true, 2) => (30, 60),
        (true, 3) => (60, 180),
        (true, 4..=5) => (180, 600),
        (true, _) => (600, 1800),
        (false, 0..=1) => (120, 300),
        (false, 2) => (300, 900),
        (false, 3) => (600, 1800),
        (false, _) => (1800, 7200),
    }
}
