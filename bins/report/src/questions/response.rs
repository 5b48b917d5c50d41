//! `report response`: how fast incidents were answered: first view, first act, dispatch, close, and the time on hold apart.

use std::io::Write;

use opsmodel::store::query::{Percentiles, ResponseRow};

use super::{Period, open_desk};
use crate::output::{Column, column, detail, rows_and_figures, text};
use crate::stop::Stop;

const ROWS: &[Column<ResponseRow>] = &[
    column("incident", |row| row.incident.to_string()),
    column("account", |row| text(&row.account)),
    column("kind", |row| row.kind.to_string()),
    column("priority", |row| row.priority.to_string()),
    column("received_at", |row| row.received_at.to_string()),
    detail("taken_at", |row| text(&row.taken_at)),
    detail("first_act_at", |row| text(&row.first_act_at)),
    detail("dispatched_at", |row| text(&row.dispatched_at)),
    detail("closed_at", |row| text(&row.closed_at)),
    column("taken_ms", |row| text(&row.taken_ms)),
    column("first_act_ms", |row| text(&row.first_act_ms)),
    column("dispatch_ms", |row| text(&row.dispatch_ms)),
    column("close_ms", |row| text(&row.close_ms)),
    column("holds", |row| row.holds.to_string()),
    column("held_ms", |row| row.held_ms.to_string()),
];

const SUMMARY: &[Column<Percentiles>] = &[
    column("priority", |row| row.priority.to_string()),
    column("measure", |row| row.measure.as_str().to_owned()),
    column("incidents", |row| row.incidents.to_string()),
    column("reached", |row| row.reached.to_string()),
    column("p50_ms", |row| text(&row.p50_ms)),
    column("p80_ms", |row| text(&row.p80_ms)),
    column("p95_ms", |row| text(&row.p95_ms)),
    column("p985_ms", |row| text(&row.p985_ms)),
];

/// A table ends with the percentiles; JSON and CSV are of one shape, and `--summary` says which.
pub(super) fn answer(period: &Period<'_>, summary: bool, out: &mut dyn Write) -> Result<(), Stop> {
    let format = period.asked.store.format;
    let response = open_desk(&period.asked.store.data)?.response(period.from, period.to)?;
    rows_and_figures((format, summary), (ROWS, &response.rows), (SUMMARY, &response.percentiles), out)?;
    Ok(())
}
