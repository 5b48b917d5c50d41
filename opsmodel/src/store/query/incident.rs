//! One incident: where it stands, whose it is, what came in, and what was done.

use alarmcore::{Incident, IncidentId, OperatorId, Timestamp};
use contactid::AccountNumber;
use serde::Serialize;

use super::{AccountSheet, SignalRow, spelling};

/// An incident as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentRow {
    /// Its number.
    pub incident: IncidentId,
    /// 1 (life safety) to 10.
    pub priority: u8,
    /// What it is about, as `alarmcore` spells it.
    pub kind: String,
    /// Where it stands, as `alarmcore` spells it.
    pub stage: String,
    /// Whose it is; `None` for reports that name no account.
    pub account: Option<AccountNumber>,
    /// The name on the account's card, where there is one.
    pub account_name: Option<String>,
    /// Who has taken it.
    pub owner: Option<OperatorId>,
    /// Their name.
    pub owner_name: Option<String>,
    /// When it was opened.
    #[serde(serialize_with = "spelling::time")]
    pub opened_at: Timestamp,
    /// When something last happened to it: ageing on pages counts from here or from `opened_at`.
    #[serde(serialize_with = "spelling::time")]
    pub changed_at: Timestamp,
    /// When it was closed.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub closed_at: Option<Timestamp>,
    /// How it ended, as `alarmcore` spells it.
    pub resolution: Option<String>,
    /// Why it was false, as `alarmcore` spells it.
    pub cause: Option<String>,
    /// How many signals it holds.
    pub signals: u32,
    /// Version of its stream of events: what an operator's act is checked against.
    pub version: u32,
    /// The last signal that it holds.
    pub last_signal: Option<SignalRow>,
}

/// Everything that an incident's page shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentPage {
    /// The incident as lists show it.
    pub row: IncidentRow,
    /// The incident as the desk sees it.
    pub incident: Incident,
    /// Its account's card with zones, contacts and state, where there is a card.
    pub account: Option<AccountSheet>,
    /// Its signals, oldest first; of more than 500 the last 500.
    pub signals: Vec<SignalRow>,
    /// The last 20 signals of its account, newest first, whatever became of them.
    pub recent: Vec<SignalRow>,
    /// Its time line, oldest first.
    pub moments: Vec<Moment>,
}

/// One event of an incident's time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Its place in the journal.
    pub seq: u64,
    /// Its place in the incident's stream.
    pub version: u32,
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// Who did it; `None` when the centre did.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// What happened, as `alarmcore` spells the event.
    pub kind: String,
    /// The event with its facts.
    pub event: serde_json::Value,
    /// What was written down with it; `None` where nothing was, or where it has been erased.
    pub note: Option<String>,
}
