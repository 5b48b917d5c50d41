//! `report events`: every stored signal, in the order of the log.

use std::io::Write;

use alarmcore::Rule;
use contactid::AccountNumber;
use opsmodel::store::query::SignalRow;

use super::{Period, open};
use crate::output::{Column, Sheet, column, detail, text};
use crate::progress::Progress;
use crate::stop::Stop;

/// How many signals are read at once: enough to be quick, few enough to hold nobody up.
const STRETCH: u64 = 1_000;

const COLUMNS: &[Column<SignalRow>] = &[
    column("id", |row| row.id.to_string()),
    column("received_at", |row| row.received_at.to_string()),
    detail("line", |row| row.line.clone()),
    detail("peer", |row| row.peer.clone()),
    column("answer", |row| row.answer.to_owned()),
    column("account", |row| text(&row.account)),
    detail("token", |row| row.token.clone()),
    detail("sequence", |row| text(&row.sequence)),
    detail("part", |row| row.part.to_string()),
    detail("parts", |row| row.parts.to_string()),
    detail("marks", |row| row.marks.join("+")),
    column("code", |row| text(&row.code)),
    column("qualifier", |row| text(&row.qualifier)),
    column("group", |row| text(&row.group)),
    column("number", |row| text(&row.number)),
    detail("user", |row| text(&row.user)),
    column("user_name", |row| text(&row.user_name)),
    detail("class", |row| text(&row.class)),
    detail("address", |row| text(&row.address)),
    detail("text", |row| text(&row.text)),
    column("name_en", |row| text(&row.name_en)),
    column("name_zh", |row| text(&row.name_zh)),
    column("disposition", |row| text(&row.disposition)),
    column("incident", |row| text(&row.incident)),
    detail("rule", |row| text(&row.rule)),
    detail("policy", |row| text(&row.policy)),
    detail("raw_hex", |row| row.raw_hex.clone()),
];

/// Which of them are wanted.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// Those of one account.
    pub(super) account: Option<AccountNumber>,
    /// Those that are out of order.
    pub(super) irregular: bool,
}

impl Wanted {
    fn holds(self, row: &SignalRow) -> bool {
        let rule = row.rule.as_deref().and_then(Rule::from_word);
        let irregular = rule.is_some_and(Rule::is_of_schedule) || row.marks.contains(&"supervision");
        (self.account.is_none() || row.account == self.account) && (!self.irregular || irregular)
    }
}

pub(super) fn answer(period: &Period<'_>, wanted: Wanted, out: &mut dyn Write) -> Result<(), Stop> {
    let reader = open(&period.asked.store.data)?;
    let ids = reader.log_range(period.from, period.to)?;
    let mut progress = Progress::new(ids.end - ids.start, "signals");
    let mut sheet = Sheet::new(period.asked.store.format, COLUMNS, out)?;
    let mut start = ids.start;
    while start < ids.end {
        let end = ids.end.min(start + STRETCH);
        for row in reader.log_rows(start..end)? {
            if period.holds(row.received_at) && wanted.holds(&row) {
                sheet.row(&row)?;
            }
        }
        progress.advance(end - start);
        start = end;
    }
    Ok(sheet.end()?)
}
