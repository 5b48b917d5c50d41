//! `report false-calls`: the accounts whose false alarms a rule counts, and what these have brought.

use std::io::Write;

use alarmcore::{ClauseId, FalseCallsRecord, Imposed};
use contactid::AccountNumber;
use opsmodel::store::query::FalseCallsRow;
use serde::Serialize;

use super::open_desk;
use crate::arguments::Store;
use crate::output::{Column, Sheet, column, detail, text};
use crate::stop::Stop;

/// A measure that stands, or an account of which none does.
#[derive(Serialize)]
struct Row {
    account: AccountNumber,
    account_name: Option<String>,
    /// How many false alarms are kept: those of a year.
    false_alarms: usize,
    /// To how many of them the police were called.
    police: usize,
    clause: Option<ClauseId>,
    #[serde(flatten)]
    imposed: Option<Imposed>,
    /// By what a remedy was last proved.
    reference: Option<String>,
    /// How many records there are of it.
    records: usize,
}

const COLUMNS: &[Column<Row>] = &[
    column("account", |row| row.account.to_string()),
    column("account_name", |row| text(&row.account_name)),
    column("false_alarms", |row| row.false_alarms.to_string()),
    column("police", |row| row.police.to_string()),
    column("measure", |row| text(&row.imposed.map(|imposed| imposed.measure))),
    column("clause", |row| text(&row.clause)),
    column("calls", |row| text(&row.imposed.map(|imposed| imposed.calls))),
    column("since", |row| text(&row.imposed.map(|imposed| imposed.since))),
    column("until", |row| text(&row.imposed.and_then(|imposed| imposed.until))),
    column("overdue_at", |row| text(&row.imposed.and_then(|imposed| imposed.overdue_at))),
    column("reference", |row| text(&row.reference)),
    detail("records", |row| row.records.to_string()),
];

pub(super) fn answer(store: &Store, out: &mut dyn Write) -> Result<(), Stop> {
    let reader = open_desk(&store.data)?;
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    for row in reader.all_false_calls()? {
        let records = reader.false_calls_records(row.calls.account)?;
        for one in rows(row, &records) {
            sheet.row(&one)?;
        }
    }
    Ok(sheet.end()?)
}

fn rows(FalseCallsRow { account_name, calls }: FalseCallsRow, records: &[FalseCallsRecord]) -> Vec<Row> {
    let row = |clause: Option<&ClauseId>, imposed: Option<Imposed>| Row {
        account: calls.account,
        account_name: account_name.clone(),
        false_alarms: calls.calls.len(),
        police: calls.calls.iter().filter(|call| call.police).count(),
        clause: clause.cloned(),
        imposed,
        reference: calls.reference.clone(),
        records: records.len(),
    };
    if calls.standing.is_empty() {
        return vec![row(None, None)];
    }
    calls.standing.iter().map(|(clause, imposed)| row(Some(clause), Some(*imposed))).collect()
}
