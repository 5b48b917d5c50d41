//! `report handling`: how long incidents were in hand and units were out, by kind.

use std::io::Write;

use opsmodel::store::query::HandlingFigures;

use super::{Period, open_desk};
use crate::output::{Column, Sheet, column, text};
use crate::stop::Stop;

const COLUMNS: &[Column<HandlingFigures>] = &[
    column("kind", |row| row.kind.to_string()),
    column("phase", |row| row.phase.as_str().to_owned()),
    column("cases", |row| row.cases.to_string()),
    column("mean_ms", |row| text(&row.mean_ms)),
    column("p50_ms", |row| text(&row.p50_ms)),
    column("p90_ms", |row| text(&row.p90_ms)),
];

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let handling = open_desk(&period.asked.store.data)?.handling(period.from, period.to)?;
    let mut sheet = Sheet::new(period.asked.store.format, COLUMNS, out)?;
    handling.figures.iter().try_for_each(|row| sheet.row(row))?;
    Ok(sheet.end()?)
}
