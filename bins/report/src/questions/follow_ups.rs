//! `report follow-ups`: what was to be done later at any time of the period, in the order in which it was made.

use std::io::Write;

use opsmodel::store::query::FollowUpRow;

use super::{Period, open_desk};
use crate::arguments::Asked;
use crate::output::{Column, Sheet, column, detail, text};
use crate::stop::Stop;

const COLUMNS: &[Column<FollowUpRow>] = &[
    column("follow_up", |row| row.follow_up.to_string()),
    column("incident", |row| text(&row.incident)),
    column("account", |row| text(&row.account)),
    column("account_name", |row| text(&row.account_name)),
    column("reason", |row| text(&row.reason)),
    detail("priority", |row| text(&row.priority)),
    column("said_by", |row| text(&row.said_by)),
    column("answer", |row| text(&row.answer)),
    column("their_outcome", |row| text(&row.their_outcome)),
    column("said", |row| text(&row.said)),
    column("note", |row| text(&row.note)),
    detail("to_operator", |row| text(&row.to_operator)),
    column("to_name", |row| text(&row.to_name)),
    column("to_rank", |row| text(&row.to_rank)),
    column("due_at", |row| row.due_at.to_string()),
    detail("rang_at", |row| text(&row.rang_at)),
    column("called_to", |row| text(&row.called_to)),
    column("made_at", |row| row.made_at.to_string()),
    detail("by", |row| text(&row.by)),
    column("by_name", |row| text(&row.by_name)),
    column("done_at", |row| text(&row.done_at)),
    detail("done_by", |row| text(&row.done_by)),
    column("done_name", |row| text(&row.done_name)),
    column("outcome", |row| text(&row.outcome)),
];

pub(super) fn answer(period: &Period<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let Asked { store, .. } = period.asked;
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    for row in open_desk(&store.data)?.follow_ups(period.from, period.to)? {
        sheet.row(&row)?;
    }
    Ok(sheet.end()?)
}
