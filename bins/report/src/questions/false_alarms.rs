//! `report false-alarms`: incidents closed as false in the period, counted.

use std::io::Write;

use opsmodel::store::query::FalseAlarmGroup;

use super::{Period, open_desk};
use crate::arguments::By;
use crate::output::{Column, Sheet, column, text};
use crate::stop::Stop;

const COLUMNS: &[Column<FalseAlarmGroup>] = &[
    column("cause", |row| text(&row.cause)),
    column("account", |row| text(&row.account)),
    column("zone", |row| text(&row.zone)),
    column("incidents", |row| row.incidents.to_string()),
];

pub(super) fn answer(period: &Period<'_>, by: By, out: &mut dyn Write) -> Result<(), Stop> {
    let found = open_desk(&period.asked.store.data)?.false_alarms(period.from, period.to)?;
    let groups = match by {
        By::Cause => &found.by_cause,
        By::Zone => &found.by_zone,
        By::Account => &found.by_account,
    };
    let mut sheet = Sheet::new(period.asked.store.format, COLUMNS, out)?;
    for group in groups {
        sheet.row(group)?;
    }
    Ok(sheet.end()?)
}
