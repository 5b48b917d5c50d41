//! Tests of accounts: those that are not over, those of one account, and those of a period.

use alarmcore::{ContactId, IncidentId, OperatorId, Scope, TestEnd, TestId, TestReason, TestSession, Timestamp};
use contactid::AccountNumber;
use rusqlite::{Params, Row, params};
use serde::Serialize;

use super::{Reader, spelling};
use crate::crm::AccountCard;
use crate::store::StoreError;

/// A test of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestRow {
    /// Its number.
    pub test: TestId,
    /// The account.
    pub account: AccountNumber,
    /// The name on its card.
    pub account_name: Option<String>,
    /// What is tested.
    pub scope: Scope,
    /// The open incident with people in danger that it goes on beside, as whoever agreed to it last knew: any other suspends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub danger: Option<IncidentId>,
    /// What the card expects and nobody misses while it is tested, by name.
    pub pauses: Vec<String>,
    /// Why.
    pub reason: TestReason,
    /// Who asked for it, where that is somebody on the call list.
    pub contact: Option<ContactId>,
    /// Their name, or that of whoever else asked for it; `None` once it is erased.
    pub asked_by: Option<String>,
    /// Did whoever asked say the right codeword?
    pub proved: bool,
    /// Who else agreed to it; of a recurring test, who approved it.
    pub second: Option<OperatorId>,
    /// Their name.
    pub second_name: Option<String>,
    /// The number on the card of the recurring test that it came of.
    pub agreed: Option<u32>,
    /// What else was noted at its beginning; of a recurring test, why it was agreed to.
    pub note: Option<String>,
    /// Who put the account on test; of a recurring test, who proposed it.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// Since when.
    #[serde(serialize_with = "spelling::time")]
    pub started_at: Timestamp,
    /// For how many seconds the account was on test before, where that ended so lately that this goes on from it.
    pub before_s: u32,
    /// When it ends, or would have ended, by itself.
    #[serde(serialize_with = "spelling::time")]
    pub until: Timestamp,
    /// When it is, or was, to be said that it ends soon.
    #[serde(serialize_with = "spelling::time")]
    pub warn_at: Timestamp,
    /// When it was said that it ends soon.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub warned_at: Option<Timestamp>,
    /// When it ended.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub ending: Option<TestEnd>,
}

macro_rules! test_rows {
    ($index:literal, $rest:literal) => {
        concat!(
            "SELECT t.body, a.body, o.name, n.body, s.name FROM test_session AS t INDEXED BY ",
            $index,
            " LEFT JOIN account AS a ON a.account = t.account ",
            "LEFT JOIN journal AS j INDEXED BY journal_stream ON j.stream = 'test-' || t.id AND j.version = 1 ",
            "LEFT JOIN operator AS o ON o.id = j.by_id ",
            "LEFT JOIN operator AS s ON s.id = json_extract(t.body, '$.second') LEFT JOIN note AS n ON n.seq = j.seq WHERE ",
            $rest
        )
    };
}

pub(super) const OPEN: &str = test_rows!("test_session_open", "t.ended_at IS NULL ORDER BY t.until, t.id");
pub(super) const OF_ACCOUNT: &str =
    test_rows!("test_session_account", "t.account = ?1 ORDER BY t.started_at DESC, t.id DESC LIMIT ?2");
pub(super) const OF_PERIOD: &str = test_rows!(
    "test_session_started",
    "t.started_at < ?2 AND (t.ended_at IS NULL OR t.ended_at >= ?1) ORDER BY t.started_at, t.id"
);

impl Reader {
    /// The tests that are not over, the next to end first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn open_tests(&self) -> Result<Vec<TestRow>, StoreError> {
        self.test_rows(OPEN, [])
    }

    /// The last tests of an account, newest first: one that is not over is the first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn tests_of(&self, account: AccountNumber, limit: usize) -> Result<Vec<TestRow>, StoreError> {
        self.test_rows(OF_ACCOUNT, params![account.as_str(), spelling::limit(limit)])
    }

    /// The tests that went on at any time from `from` on and before `to`, in the order in which they began.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn tests(&self, from: Timestamp, to: Timestamp) -> Result<Vec<TestRow>, StoreError> {
        self.test_rows(OF_PERIOD, [from.millis(), to.millis()])
    }

    fn test_rows(&self, statement: &str, of: impl Params) -> Result<Vec<TestRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(statement)?;
        let mut rows: Vec<TestRow> = statement.query_map(of, test_row)?.collect::<Result<_, _>>()?;
        if rows.iter().any(|row| row.agreed.is_some()) {
            let people = self.people()?;
            let name = |id: Option<OperatorId>| id.and_then(|id| people.get(&id).cloned());
            for row in rows.iter_mut().filter(|row| row.agreed.is_some()) {
                (row.by_name, row.second_name) = (name(row.by), name(row.second));
            }
        }
        Ok(rows)
    }
}

/// What the card expects and nobody misses while the test covers it.
fn paused(card: &AccountCard, session: &TestSession) -> Vec<String> {
    let paused = card.expected().iter().filter(|expectation| expectation.is_covered(&session.scope));
    paused.map(|expectation| expectation.name().to_owned()).collect()
}

fn test_row(row: &Row<'_>) -> rusqlite::Result<TestRow> {
    let session: TestSession = spelling::json(row, 0)?;
    let card: Option<AccountCard> = spelling::json_or_null(row, 1)?;
    let mut text = spelling::json_or_null::<alarmcore::FreeText>(row, 3)?.unwrap_or_default().0;
    let mut contacts = card.iter().flat_map(|card| &card.contacts);
    let contact = contacts.find(|contact| session.contact == Some(contact.id)).map(|contact| contact.name.clone());
    let agreed = card.as_ref().and_then(|card| card.agreed().iter().find(|one| session.agreed == Some(one.number)));
    let (by, second) = (agreed.and_then(|one| one.by), agreed.and_then(|one| one.approved).map(|approved| approved.by));
    let why = agreed.map(|one| one.reason.clone());
    Ok(TestRow {
        test: session.id,
        account: session.account,
        asked_by: contact.or_else(|| text.remove("asked_by")),
        pauses: card.iter().flat_map(|card| paused(card, &session)).collect(),
        account_name: card.map(|card| card.name),
        scope: session.scope,
        danger: session.danger,
        reason: session.reason,
        contact: session.contact,
        proved: session.proved,
        second: session.second.or(second),
        second_name: row.get(4)?,
        agreed: session.agreed,
        note: text.remove("note").or(why),
        by: session.by.or(by),
        by_name: row.get(2)?,
        started_at: session.started_at,
        before_s: session.before_s,
        until: session.until,
        warn_at: session.warn_at,
        warned_at: session.warned_at,
        ended_at: session.ended_at,
        ending: session.ending,
    })
}
