//! `report pack`: what was kept of each clause of a rule pack in the period, and what stands behind each failure.

use std::io::Write;

use alarmcore::{Finding, Lang, Mark, Pack, Timestamp};
use opsmodel::store::query::{ClauseRow, Failure};

use super::{Period, open_desk};
use crate::output::{Column, Format, Sheet, column, detail, text};
use crate::stop::Stop;

/// So many failures of a clause are listed, unless all are asked for.
const LISTED: usize = 20;

/// Which pack, and how.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) as_of: Option<Timestamp>,
    pub(super) all: bool,
}

const ROWS: &[Column<ClauseRow>] = &[
    detail("pack", |row| row.pack.clone()),
    column("clause", |row| row.clause.to_string()),
    column("mark", |row| row.mark.to_string()),
    column("finding", |row| row.finding.to_string()),
    column("why", |row| text(&row.why)),
    column("measures", |row| row.measures.clone()),
    column("target", |row| row.target.clone()),
    column("figure", |row| row.figure.clone()),
    column("cases", |row| row.cases.to_string()),
    column("failed", |row| row.failed.to_string()),
    column("open", |row| row.open.to_string()),
    column("behind", behind),
    detail("text", |row| row.text.clone()),
    detail("text_zh", |row| row.text_zh.clone()),
];

/// What stands behind the failures, each by the narrowest that is known of it, and how many are not listed.
fn behind(row: &ClauseRow) -> String {
    let named = |failure: &Failure| match (failure.incident, failure.signal) {
        (Some(incident), _) => format!("incident {incident}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => failure.account.map_or(failure.at.to_string(), |account| format!("account {account}")),
    };
    let mut named: Vec<String> = row.failures.iter().map(named).collect();
    let more = row.failed.saturating_sub(row.failures.len() as u64);
    named.extend((more > 0).then(|| format!("{more} more")));
    named.join(", ")
}

/// A table ends with what the marks in it mean.
pub(super) fn answer(period: &Period<'_>, wanted: &Wanted<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let read = |file: &str| std::fs::read_to_string(file).map_err(|error| error.to_string());
    let pack = Pack::named(wanted.name, &read).map_err(Stop::Pack)?;
    let store = &period.asked.store;
    let listed = if wanted.all { usize::MAX } else { LISTED };
    let report = open_desk(&store.data)?.pack(&pack, (period.from, period.to), wanted.as_of, listed)?;
    let mut sheet = Sheet::new(store.format, ROWS, out)?;
    for row in &report.clauses {
        sheet.row(row)?;
    }
    sheet.end()?;
    if store.format == Format::Table {
        let whose = report.whose.join(", ");
        let whose = if whose.is_empty() { whose } else { format!(" of {whose}") };
        writeln!(out, "{}{whose}, as of {}: {}", report.pack, report.as_of, sums(&report.clauses))?;
        for mark in Mark::ALL.iter().filter(|mark| report.clauses.iter().any(|row| row.mark == **mark)) {
            writeln!(out, "{mark}: {}", mark.label(Lang::En))?;
        }
    }
    Ok(())
}

/// How many clauses came to each finding.
fn sums(clauses: &[ClauseRow]) -> String {
    let count = |finding: &Finding| clauses.iter().filter(|row| row.finding == *finding).count();
    let sums = Finding::ALL.iter().map(|finding| (finding, count(finding))).filter(|(_, count)| *count > 0);
    sums.map(|(finding, count)| format!("{count} {finding}")).collect::<Vec<_>>().join(", ")
}
