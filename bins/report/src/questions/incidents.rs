//! `report incidents`: incidents that were opened in the period, in the order in which they were.

use std::io::Write;

use opsmodel::store::query::IncidentRow;

use super::{Period, open_desk};
use crate::output::{Column, Sheet, column, detail, text};
use crate::stop::Stop;

const PAGE: usize = 1_000;

const COLUMNS: &[Column<IncidentRow>] = &[
    column("incident", |row| row.incident.to_string()),
    column("priority", |row| row.priority.to_string()),
    column("kind", |row| row.kind.to_string()),
    column("stage", |row| row.stage.to_string()),
    column("account", |row| text(&row.account)),
    column("account_name", |row| text(&row.account_name)),
    column("owner_name", |row| text(&row.owner_name)),
    detail("owner", |row| text(&row.owner)),
    detail("received_at", |row| row.received_at.to_string()),
    column("opened_at", |row| row.opened_at.to_string()),
    detail("taken_at", |row| text(&row.taken_at)),
    detail("first_act_at", |row| text(&row.first_act_at)),
    detail("dispatched_at", |row| text(&row.dispatched_at)),
    detail("arrived_at", |row| text(&row.arrived_at)),
    column("closed_at", |row| text(&row.closed_at)),
    detail("changed_at", |row| row.changed_at.to_string()),
    column("resolution", |row| text(&row.resolution)),
    column("cause", |row| text(&row.cause)),
    column("signals", |row| row.signals.to_string()),
    detail("version", |row| row.version.to_string()),
];

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let reader = open_desk(&period.asked.store.data)?;
    let mut sheet = Sheet::new(period.asked.store.format, COLUMNS, out)?;
    let mut rows = reader.incidents_in_order(period.from, period.to, None, PAGE)?;
    while let Some(last) = rows.last() {
        for row in &rows {
            sheet.row(row)?;
        }
        rows = reader.incidents_in_order(period.from, period.to, Some(last), PAGE)?;
    }
    Ok(sheet.end()?)
}
