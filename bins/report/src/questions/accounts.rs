//! `report accounts`: accounts with what is open on each.

use std::io::Write;

use opsmodel::store::query::AccountRow;

use super::open_desk;
use crate::arguments::Store;
use crate::output::{Column, Sheet, column, detail, text};
use crate::stop::Stop;

const PAGE: usize = 1_000;

const COLUMNS: &[Column<AccountRow>] = &[
    column("account", |row| row.account.to_string()),
    column("name", |row| row.name.clone()),
    column("address", |row| row.address.clone()),
    column("phone", |row| row.phone.clone()),
    detail("version", |row| row.version.to_string()),
    detail("closed_at", |row| text(&row.closed_at)),
    column("open_incidents", |row| row.open_incidents.to_string()),
    column("last_signal_at", |row| text(&row.last_signal_at)),
];

pub(super) fn answer(store: &Store, search: &str, out: &mut dyn Write) -> Result<(), Stop> {
    let reader = open_desk(&store.data)?;
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    let mut after = None;
    loop {
        let rows = reader.accounts(search, after, PAGE)?;
        let Some(last) = rows.last() else { break };
        after = Some(last.account);
        for row in &rows {
            sheet.row(row)?;
        }
    }
    Ok(sheet.end()?)
}
