//! `report on-test`: the accounts that were on test at any time of the period, in the order in which their tests began.

use std::io::Write;

use opsmodel::store::query::TestRow;
use serde::Serialize;

use super::{Period, open_desk};
use crate::arguments::Asked;
use crate::output::{Column, Sheet, column, detail, text};
use crate::stop::Stop;

/// A test, and by how much it outlived its limit.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    test: TestRow,
    /// Milliseconds after its limit; `None` while it goes on.
    over_ms: Option<i64>,
}

const COLUMNS: &[Column<Row>] = &[
    column("test", |row| row.test.test.to_string()),
    column("account", |row| row.test.account.to_string()),
    column("account_name", |row| text(&row.test.account_name)),
    column("reason", |row| row.test.reason.to_string()),
    column("scope", |row| super::lowered::scope(&row.test.scope)),
    column("asked_by", |row| text(&row.test.asked_by)),
    column("proved", |row| row.test.proved.to_string()),
    column("second_name", |row| text(&row.test.second_name)),
    column("by_name", |row| text(&row.test.by_name)),
    detail("by", |row| text(&row.test.by)),
    detail("second", |row| text(&row.test.second)),
    detail("contact", |row| text(&row.test.contact)),
    detail("agreed", |row| text(&row.test.agreed)),
    detail("note", |row| text(&row.test.note)),
    column("started_at", |row| row.test.started_at.to_string()),
    column("until", |row| row.test.until.to_string()),
    detail("warned_at", |row| text(&row.test.warned_at)),
    column("ended_at", |row| text(&row.test.ended_at)),
    column("ending", |row| text(&row.test.ending)),
    column("over_ms", |row| text(&row.over_ms)),
];

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let Asked { store, .. } = period.asked;
    let reader = open_desk(&store.data)?;
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    for test in reader.tests(period.from, period.to)? {
        let over_ms = test.ended_at.map(|at| (at.millis() - test.until.millis()).max(0));
        sheet.row(&Row { test, over_ms })?;
    }
    Ok(sheet.end()?)
}
