//! `report storm`: the catch-up ledger of every storm that went on in the period, a line for each account and kind of trouble.

use std::io::Write;

use opsmodel::store::query::{StormLine, StormRow};
use serde::Serialize;

use super::{Period, open_desk};
use crate::arguments::Asked;
use crate::output::{Column, Sheet, column, detail, text};
use crate::stop::Stop;

/// A line of a ledger; of a storm that grouped nothing, the storm alone.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    storm: StormRow,
    line: Option<StormLine>,
}

impl Row {
    fn of(&self, what: impl Fn(&StormLine) -> String) -> String {
        self.line.as_ref().map(what).unwrap_or_default()
    }
}

const COLUMNS: &[Column<Row>] = &[
    column("storm", |row| row.storm.storm.to_string()),
    column("area", |row| format!("{} {}", row.storm.area.of, row.storm.area.name).trim_end().to_owned()),
    column("state", |row| row.storm.state.to_string()),
    detail("declared_at", |row| row.storm.declared_at.to_string()),
    detail("declared_by", |row| text(&row.storm.by_name)),
    detail("confirmed_at", |row| text(&row.storm.confirmed_at)),
    detail("ended_at", |row| text(&row.storm.ended_at)),
    detail("ended_by", |row| text(&row.storm.ended_by_name)),
    detail("second", |row| text(&row.storm.second_name)),
    column("account", |row| row.of(|line| line.account.to_string())),
    column("account_name", |row| row.of(|line| text(&line.account_name))),
    column("kind", |row| row.of(|line| line.kind.to_string())),
    column("since", |row| row.of(|line| line.since.to_string())),
    column("signals", |row| row.of(|line| line.signals.to_string())),
    detail("first", |row| row.of(|line| line.first.to_string())),
    detail("last", |row| row.of(|line| line.last.to_string())),
    column("caught_up", |row| row.of(|line| text(&line.how))),
    column("at", |row| row.of(|line| text(&line.settled_at))),
    column("by_name", |row| row.of(|line| text(&line.by_name))),
    column("reference", |row| row.of(|line| text(&line.reference))),
];

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let Asked { store, .. } = period.asked;
    let reader = open_desk(&store.data)?;
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    for storm in reader.storms(period.from, period.to)? {
        let lines = reader.storm_lines(storm.storm)?;
        if lines.is_empty() {
            sheet.row(&Row { storm: storm.clone(), line: None })?;
        }
        for line in lines {
            sheet.row(&Row { storm: storm.clone(), line: Some(line) })?;
        }
    }
    Ok(sheet.end()?)
}
