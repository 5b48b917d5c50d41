//! `report dead-numbers`: telephone numbers that turned out wrong or disconnected, and by when they are to be corrected.

use std::io::Write;

use opsmodel::store::query::DeadNumberRow;

use super::open_desk;
use crate::arguments::Store;
use crate::output::{Column, Sheet, column, text};
use crate::stop::Stop;

const COLUMNS: &[Column<DeadNumberRow>] = &[
    column("account", |row| row.account.to_string()),
    column("name", |row| row.name.clone()),
    column("contact", |row| row.contact.to_string()),
    column("contact_name", |row| text(&row.contact_name)),
    column("number", |row| row.number.to_string()),
    column("result", |row| row.result.code().to_owned()),
    column("since", |row| row.since.to_string()),
    column("due", |row| row.due.to_string()),
    column("incident", |row| row.incident.to_string()),
];

pub(super) fn answer(store: &Store, out: &mut dyn Write) -> Result<(), Stop> {
    let reader = open_desk(&store.data)?;
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    for row in &reader.dead_numbers()? {
        sheet.row(row)?;
    }
    Ok(sheet.end()?)
}
