//! `report conservation`: whether every frame ended somewhere.

use std::io::Write;

use alarmcore::Timestamp;
use opsmodel::store::query::LineMinute;

use super::{Period, open};
use crate::output::{Column, Sheet, column, detail};
use crate::progress::Progress;
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

/// What is asked of the store at once: a day, so that a report over years holds no more than that.
const PART_MS: i64 = 86_400_000;

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let reader = open(&period.asked.store.data)?;
    let (mut from, to) = match reader.reach()? {
        Some((first, last)) => (period.from.max(first).millis(), period.to.min(last).millis()),
        None => (0, 0),
    };
    let mut sheet = Sheet::new(period.asked.store.format, COLUMNS, out)?;
    let days = to.saturating_sub(from).max(0) / PART_MS + 1;
    let mut progress = Progress::new(days.unsigned_abs(), "days");
    let mut whole = true;
    while from < to {
        let end = to.min((from.div_euclid(PART_MS) + 1) * PART_MS);
        let found = reader.conservation(Timestamp::from_millis(from), Timestamp::from_millis(end))?;
        for minute in &found.minutes {
            sheet.row(minute)?;
        }
        for hole in &found.holes {
            eprintln!("report: hole: {hole}");
            whole = false;
        }
        progress.advance(1);
        from = end;
    }
    sheet.end()?;
    if whole { Ok(()) } else { Err(Stop::Bad) }
}
