//! `report auto-handled`: how often each rule kept signals from the operators or lowered them, by account and user.

use std::io::Write;

use contactid::Lang;
use opsmodel::store::query::AutoHandledRow;

use super::{Period, open_desk};
use crate::output::{Column, Sheet, column, detail, text};
use crate::stop::Stop;

const ROWS: &[Column<AutoHandledRow>] = &[
    column("rule", |row| row.rule.to_string()),
    detail("rule_en", |row| row.rule.label(Lang::En).to_owned()),
    detail("rule_zh", |row| row.rule.label(Lang::Zh).to_owned()),
    column("account", |row| text(&row.account)),
    column("user", |row| text(&row.user)),
    column("user_name", |row| text(&row.user_name)),
    column("signals", |row| row.signals.to_string()),
    column("first_at", |row| row.first_at.to_string()),
    column("last_at", |row| row.last_at.to_string()),
    column("last", |row| row.last.to_string()),
];

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let store = &period.asked.store;
    let mut sheet = Sheet::new(store.format, ROWS, out)?;
    for row in open_desk(&store.data)?.auto_handled(period.from, period.to)? {
        sheet.row(&row)?;
    }
    sheet.end()?;
    Ok(())
}
