//! The users of a panel: who a number was, by the account's card as it then was.

use alarmcore::Timestamp;
use contactid::AccountNumber;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::{Reader, spelling};
use crate::crm::AccountCard;
use crate::store::StoreError;

/// A user of a panel, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PanelUserRow {
    /// The number that the panel reports.
    pub user: u32,
    /// Their name.
    pub name: String,
    /// Whether they may cancel an alarm.
    pub cancels: bool,
    /// Whether that waits for another person, and counts only then.
    pub cancels_unreviewed: bool,
    /// Whether they may close later than the hours.
    pub closes_late: bool,
    /// Until when they may do anything at all; `None` for always.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub until: Option<Timestamp>,
    /// The line that a form of the card has of them.
    #[serde(skip)]
    pub line: String,
}

/// Most cards list no users: of them nothing is taken apart.
pub(super) const NAME: &str = "SELECT CASE WHEN instr(after, '\"users\":') > 0 THEN \
    (SELECT json_extract(value, '$.name') FROM json_each(after, '$.users') \
     WHERE json_extract(value, '$.number') = ?3) END FROM card_history INDEXED BY card_history_card \
    WHERE card = 'account' AND key = ?1 AND at <= ?2 ORDER BY version DESC LIMIT 1";

impl Reader {
    /// The name of the user of a panel, as the account's card had it at a moment; `None` where it had none.
    pub(super) fn user_name(
        &self,
        account: AccountNumber,
        user: u32,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        if !self.has_desk() {
            return Ok(None);
        }
        let mut statement = self.sql.prepare_cached(NAME)?;
        let name = statement.query_row(params![account.as_str(), at.millis(), user], |row| row.get(0));
        Ok(name.optional()?.flatten())
    }
}

/// The users that a card lists.
pub(super) fn rows(card: &AccountCard) -> Vec<PanelUserRow> {
    let (cancelling, waiting) = (card.cancelling().unwrap_or_default(), card.waiting_to_cancel());
    let row = |user: &crate::crm::PanelUser| PanelUserRow {
        user: user.number,
        name: user.name.clone(),
        cancels: cancelling.contains(&user.number),
        cancels_unreviewed: waiting.contains(&user.number),
        closes_late: user.closes_late,
        until: user.until,
        line: user.to_string(),
    };
    card.users.iter().map(row).collect()
}
