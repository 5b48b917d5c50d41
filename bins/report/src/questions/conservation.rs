//! `report conservation`: whether every frame ended somewhere.

use std::io::Write;

use opsmodel::store::query::LineMinute;

use super::{Period, open};
use crate::output::{Column, Sheet, column, detail};
use crate::progress::Waiting;
use crate::stop::Stop;

const COLUMNS: &[Column<LineMinute>] = &[
    column("minute", |row| row.minute.to_string()),
    column("line", |row| row.line.clone()),
    column("received", |row| row.received.to_string()),
    column("acknowledged", |row| row.acknowledged.to_string()),
    column("supervised", |row| row.supervised.to_string()),
    column("refused", |row| row.refused.to_string()),
    detail("noise", |row| row.noise.to_string()),
    column("stored", |row| row.stored.to_string()),
    column("signals", |row| row.signals.to_string()),
    column("disposed", |row| row.disposed.to_string()),
    column("held", |row| row.held.to_string()),
    column("pending", |row| row.pending.to_string()),
];

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let reader = open(&period.asked.store.data)?;
    let waiting = Waiting::new("walking the log");
    let found = reader.conservation(period.from, period.to)?;
    drop(waiting);
    let mut sheet = Sheet::new(period.asked.store.format, COLUMNS, out)?;
    for minute in &found.minutes {
        sheet.row(minute)?;
    }
    sheet.end()?;
    for hole in &found.holes {
        eprintln!("report: hole: {hole}");
    }
    if found.holes.is_empty() { Ok(()) } else { Err(Stop::Bad) }
}
