//! `report sources`: signals that came from where the card of their account did not allow, by account and source.

use std::io::Write;

use opsmodel::store::query::StrangeSourceRow;

use super::{Period, open_desk};
use crate::output::{Column, Sheet, column, text};
use crate::stop::Stop;

const ROWS: &[Column<StrangeSourceRow>] = &[
    column("account", |row| row.account.to_string()),
    column("source", |row| row.source.to_string()),
    column("signals", |row| row.signals.to_string()),
    column("first_at", |row| row.first_at.to_string()),
    column("last_at", |row| row.last_at.to_string()),
    column("last", |row| row.last.to_string()),
    column("allowed", |row| row.allowed.clone()),
    column("told_at", |row| text(&row.told_at)),
];

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let store = &period.asked.store;
    let mut sheet = Sheet::new(store.format, ROWS, out)?;
    for row in open_desk(&store.data)?.strange_sources(period.from, period.to)? {
        sheet.row(&row)?;
    }
    sheet.end()?;
    Ok(())
}
