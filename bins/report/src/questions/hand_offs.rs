//! `report hand-offs`: when the authorities were asked, by which way, what they answered and how fast.

use std::io::Write;

use opsmodel::store::query::{HandOffFigures, HandOffRow};

use super::{Period, open_desk};
use crate::output::{Column, column, detail, rows_and_figures, text};
use crate::stop::Stop;

/// The way of those that people telephoned.
const MANUAL: &str = "manual";

const ROWS: &[Column<HandOffRow>] = &[
    column("incident", |row| row.incident.to_string()),
    column("number", |row| row.number.to_string()),
    column("account", |row| text(&row.account)),
    detail("kind", |row| row.kind.to_string()),
    column("to", |row| row.to.to_string()),
    column("way", |row| row.way.clone().unwrap_or_else(|| MANUAL.into())),
    column("asked_at", |row| row.asked_at.to_string()),
    detail("delivered_at", |row| text(&row.delivered_at)),
    detail("answered_at", |row| text(&row.answered_at)),
    column("accepted", |row| text(&row.accepted)),
    column("rejection", |row| text(&row.rejection)),
    detail("dispatched_at", |row| text(&row.dispatched_at)),
    detail("on_scene_at", |row| text(&row.on_scene_at)),
    column("state", |row| row.state.to_string()),
    detail("ended_at", |row| text(&row.ended_at)),
    column("outcome", |row| text(&row.outcome)),
    column("reference", |row| text(&row.reference)),
    detail("messages", |row| row.messages.to_string()),
    detail("failures", |row| row.failures.to_string()),
    column("answer_ms", |row| text(&row.answer_ms)),
    column("on_scene_ms", |row| text(&row.on_scene_ms)),
];

const SUMMARY: &[Column<HandOffFigures>] = &[
    column("to", |row| row.to.to_string()),
    column("way", |row| row.way.clone().unwrap_or_else(|| MANUAL.into())),
    column("asked", |row| row.asked.to_string()),
    column("accepted", |row| row.accepted.to_string()),
    column("rejected", |row| row.rejected.to_string()),
    column("failed", |row| row.failed.to_string()),
    column("open", |row| row.open.to_string()),
    column("answer_p50_ms", |row| text(&row.answer_p50_ms)),
    column("answer_p95_ms", |row| text(&row.answer_p95_ms)),
    column("on_scene_p50_ms", |row| text(&row.on_scene_p50_ms)),
    column("on_scene_p95_ms", |row| text(&row.on_scene_p95_ms)),
];

/// A table ends with the figures; JSON and CSV are of one shape, and `--summary` says which.
pub(super) fn answer(period: &Period<'_>, summary: bool, out: &mut dyn Write) -> Result<(), Stop> {
    let format = period.asked.store.format;
    let found = open_desk(&period.asked.store.data)?.hand_offs(period.from, period.to)?;
    rows_and_figures((format, summary), (ROWS, &found.rows), (SUMMARY, &found.figures), out)?;
    Ok(())
}
