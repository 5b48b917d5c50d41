//! `report offers`: which incidents were offered to whom, how each offer ended, and how soon it was taken.

use std::io::Write;

use opsmodel::store::query::{OfferFigures, OfferRow};

use super::{Period, open_desk};
use crate::output::{Column, column, detail, rows_and_figures, text};
use crate::stop::Stop;

const ROWS: &[Column<OfferRow>] = &[
    column("incident", |row| row.incident.to_string()),
    detail("to", |row| row.to.to_string()),
    column("to_name", |row| text(&row.to_name)),
    column("at", |row| row.at.to_string()),
    detail("until", |row| row.until.to_string()),
    column("ended_at", |row| text(&row.ended_at)),
    column("taken", |row| row.taken.to_string()),
    column("reason", |row| text(&row.reason)),
    column("taken_ms", |row| text(&row.taken_ms)),
];

const SUMMARY: &[Column<OfferFigures>] = &[
    detail("to", |row| row.to.to_string()),
    column("to_name", |row| text(&row.to_name)),
    column("offered", |row| row.offered.to_string()),
    column("taken", |row| row.taken.to_string()),
    column("not_taken", |row| row.not_taken.to_string()),
    column("otherwise", |row| row.otherwise.to_string()),
    column("taken_p50_ms", |row| text(&row.taken_p50_ms)),
    column("taken_p95_ms", |row| text(&row.taken_p95_ms)),
];

/// A table ends with the figures; JSON and CSV are of one shape, and `--summary` says which.
pub(super) fn answer(period: &Period<'_>, summary: bool, out: &mut dyn Write) -> Result<(), Stop> {
    let format = period.asked.store.format;
    let found = open_desk(&period.asked.store.data)?.offers(period.from, period.to)?;
    rows_and_figures((format, summary), (ROWS, &found.rows), (SUMMARY, &found.figures), out)?;
    Ok(())
}
