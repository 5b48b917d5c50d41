//! Follow-ups: those that are not done, and those of a period.

use alarmcore::{
    AccountNumber, Assignee, Authority, FollowUp, FollowUpId, FollowUpReason, FreeText, IncidentId, OperatorId,
    Priority, Rank, Subject, TheirAnswer, TheirOutcome, Timestamp,
};
use rusqlite::{Params, Row};
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::StoreError;

/// A follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FollowUpRow {
    /// Its number.
    pub follow_up: FollowUpId,
    /// The incident it is about.
    pub incident: Option<IncidentId>,
    /// Or the account; that of the incident, where it has one.
    pub account: Option<AccountNumber>,
    /// The name on the account's card.
    pub account_name: Option<String>,
    /// Why a rule made it, where one did: what is to be done is in its words.
    pub reason: Option<FollowUpReason>,
    /// How urgent it is, where that is known.
    pub priority: Option<u8>,
    /// The authority that said what it is about, or could not be told.
    pub said_by: Option<Authority>,
    /// What it answered; `None` where it is about what did not reach it.
    pub answer: Option<TheirAnswer>,
    /// What it closed it with.
    pub their_outcome: Option<TheirOutcome>,
    /// Its words, or why it was not reached; `None` once they are erased.
    pub said: Option<String>,
    /// What is to be done; `None` once it is erased.
    pub note: Option<String>,
    /// Whose it is.
    pub to_operator: Option<OperatorId>,
    /// Their name.
    pub to_name: Option<String>,
    /// Or anybody of this rank.
    pub to_rank: Option<Rank>,
    /// When it is due.
    #[serde(serialize_with = "spelling::time")]
    pub due_at: Timestamp,
    /// When it rang.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub rang_at: Option<Timestamp>,
    /// The highest rank that was called because it was not done.
    pub called_to: Option<Rank>,
    /// When it was made.
    #[serde(serialize_with = "spelling::time")]
    pub made_at: Timestamp,
    /// Who made it.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// When it was done.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub done_at: Option<Timestamp>,
    /// Who did it.
    pub done_by: Option<OperatorId>,
    /// Their name.
    pub done_name: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
}

macro_rules! follow_up_rows {
    ($index:literal, $rest:literal) => {
        concat!(
            "SELECT f.body, coalesce(json_extract(f.body, '$.subject.account'), i.account), a.name, t.name, o.name, d.name, ",
            "n.body, m.body, json_extract(i.body, '$.hand_offs[' || (json_extract(f.body, '$.said.number') - 1) || '].to'), ",
            "w.body FROM follow_up AS f INDEXED BY ",
            $index,
            " LEFT JOIN incident AS i ON i.id = json_extract(f.body, '$.subject.incident') ",
            "LEFT JOIN account AS a ON a.account = coalesce(json_extract(f.body, '$.subject.account'), i.account) ",
            "LEFT JOIN operator AS t ON t.id = json_extract(f.body, '$.to.operator') ",
            "LEFT JOIN operator AS o ON o.id = json_extract(f.body, '$.by') ",
            "LEFT JOIN operator AS d ON d.id = json_extract(f.body, '$.done_by') ",
            "LEFT JOIN journal AS j INDEXED BY journal_stream ON j.stream = 'follow-up-' || f.id AND j.version = 1 ",
            "LEFT JOIN note AS n ON n.seq = j.seq ",
            "LEFT JOIN journal AS k INDEXED BY journal_stream ON f.done_at IS NOT NULL AND k.stream = 'follow-up-' || f.id ",
            "AND k.version = f.version LEFT JOIN note AS m ON m.seq = k.seq ",
            "LEFT JOIN journal AS s INDEXED BY journal_stream ON s.stream = 'incident-' || json_extract(f.body, '$.subject.incident') ",
            "AND s.version = json_extract(f.body, '$.said.record') LEFT JOIN note AS w ON w.seq = s.seq WHERE ",
            $rest
        )
    };
}

pub(super) const OPEN: &str = follow_up_rows!("follow_up_open", "f.done_at IS NULL ORDER BY f.due_at, f.id");
pub(super) const OF_PERIOD: &str = follow_up_rows!(
    "follow_up_made",
    "f.made_at < ?2 AND (f.done_at IS NULL OR f.done_at >= ?1) ORDER BY f.made_at, f.id"
);

/// Those that are due, as far as the desk has said so, and not done.
pub(super) const DUE: &str = "SELECT count(*) FROM follow_up INDEXED BY follow_up_open WHERE done_at IS NULL \
    AND json_extract(body, '$.rang_at') IS NOT NULL";

impl Reader {
    /// How many follow-ups are due and not done.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub(super) fn follow_ups_due(&self) -> Result<u64, StoreError> {
        Ok(self.sql.prepare_cached(DUE)?.query_row([], |row| spelling::natural(row, 0))?)
    }

    /// The follow-ups that are not done, the next one due first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn open_follow_ups(&self) -> Result<Vec<FollowUpRow>, StoreError> {
        self.follow_up_rows(OPEN, [])
    }

    /// The follow-ups that were open at any time from `from` on and before `to`, in the order in which they were made.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn follow_ups(&self, from: Timestamp, to: Timestamp) -> Result<Vec<FollowUpRow>, StoreError> {
        self.follow_up_rows(OF_PERIOD, [from.millis(), to.millis()])
    }

    fn follow_up_rows(&self, statement: &str, of: impl Params) -> Result<Vec<FollowUpRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(statement)?;
        Ok(statement.query_map(of, follow_up_row)?.collect::<Result<_, _>>()?)
    }
}

fn follow_up_row(row: &Row<'_>) -> rusqlite::Result<FollowUpRow> {
    let follow_up: FollowUp = spelling::json(row, 0)?;
    let called_to = follow_up.called_to();
    let FollowUp { id, subject, to, due_at, rang_at, by, reason, said, priority, made_at, done_at, done_by, .. } =
        follow_up;
    let note = |column| -> rusqlite::Result<Option<String>> {
        Ok(spelling::json_or_null::<FreeText>(row, column)?.and_then(|mut text| text.0.remove("note")))
    };
    let (to_operator, to_rank) = match to {
        Assignee::Operator(operator) => (Some(operator), None),
        Assignee::Rank(rank) => (None, Some(rank)),
    };
    Ok(FollowUpRow {
        follow_up: id,
        incident: match subject {
            Subject::Incident(incident) => Some(incident),
            Subject::Account(_) => None,
        },
        account: spelling::account_or_null(row, 1)?,
        account_name: row.get(2)?,
        reason,
        priority: priority.map(Priority::get),
        said_by: row.get::<_, Option<String>>(8)?.and_then(|word| Authority::from_word(&word)),
        answer: said.and_then(|said| said.answer),
        their_outcome: said.and_then(|said| said.outcome),
        said: note(9)?,
        note: note(6)?,
        to_operator,
        to_name: row.get(3)?,
        to_rank,
        due_at,
        rang_at,
        called_to,
        made_at,
        by,
        by_name: row.get(4)?,
        done_at,
        done_by,
        done_name: row.get(5)?,
        outcome: note(7)?,
    })
}
