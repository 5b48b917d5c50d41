//! `report lowered`: everything that lowers the protection of an account, as the board of the console shows it.

use std::io::Write;

use alarmcore::{Scope, Zones};
use opsmodel::store::query::LoweredRow;

use super::open_desk;
use crate::arguments::Store;
use crate::output::{Column, Sheet, column, detail, text};
use crate::stop::Stop;

const COLUMNS: &[Column<LoweredRow>] = &[
    column("account", |row| text(&row.account)),
    column("name", |row| text(&row.name)),
    column("kind", |row| row.kind.as_str().to_owned()),
    column("code", |row| text(&row.code)),
    column("number", |row| text(&row.number)),
    column("scope", |row| row.scope.as_ref().map(scope).unwrap_or_default()),
    column("pauses", |row| row.pauses.join("; ")),
    column("since", |row| row.since.to_string()),
    column("until", |row| text(&row.until)),
    column("deadline", |row| text(&row.deadline)),
    column("warn_at", |row| text(&row.warn_at)),
    column("owner_rank", |row| row.owner_rank.as_str().to_owned()),
    column("owner_name", |row| text(&row.owner_name)),
    detail("owner", |row| text(&row.owner)),
    column("by_name", |row| text(&row.by_name)),
    detail("by", |row| text(&row.by)),
    column("user", |row| text(&row.user)),
    column("user_name", |row| text(&row.user_name)),
    column("asked_by", |row| text(&row.asked_by)),
    column("reason", |row| text(&row.reason)),
    column("what", |row| text(&row.what_en)),
    column("why", |row| text(&row.why)),
    column("agreement", |row| text(&row.agreement)),
    column("approved_by_name", |row| text(&row.approved_by_name)),
    column("assigned_by_name", |row| text(&row.assigned_by_name)),
    column("assigned_at", |row| text(&row.assigned_at)),
    detail("approved_by", |row| text(&row.approved_by)),
    detail("assigned_by", |row| text(&row.assigned_by)),
    column("contact_name", |row| text(&row.contact_name)),
    column("result", |row| row.result.map_or("", |result| result.as_str()).to_owned()),
    detail("incident", |row| text(&row.incident)),
    detail("follow_up", |row| text(&row.follow_up)),
    detail("test", |row| text(&row.test)),
];

pub(super) fn answer(store: &Store, out: &mut dyn Write) -> Result<(), Stop> {
    let reader = open_desk(&store.data)?;
    let in_force = reader.policies()?.pop();
    let policy = in_force.map(|in_force| in_force.policy).unwrap_or_default();
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    for row in &reader.lowered(&policy)? {
        sheet.row(row)?;
    }
    Ok(sheet.end()?)
}

/// What a test covers: `whole`, `listed 3 4` or `all-except 7`, then the classes that are named.
pub(super) fn scope(scope: &Scope) -> String {
    let word = match scope.zones {
        Zones::Whole => "whole",
        Zones::Listed(_) => "listed",
        Zones::AllExcept(_) => "all-except",
    };
    let zones = scope.zones.named().into_iter().flatten().map(u32::to_string);
    let classes = scope.classes.iter().map(|class| contactid::Class::from(*class));
    let classes = classes.chain(scope.life_safety.iter().copied()).map(|class| class.as_str().to_owned());
    let words: Vec<String> = std::iter::once(word.to_owned()).chain(zones).chain(classes).collect();
    words.join(" ")
}
