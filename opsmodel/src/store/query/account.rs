//! Accounts: found by number or name, and everything that one account's page shows.

use alarmcore::{AccountState, ContactId, OperatorId, Timestamp};
use contactid::AccountNumber;
use serde::Serialize;

use super::{IncidentRow, SignalRow, spelling};

/// An account as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountRow {
    /// Its number.
    pub account: AccountNumber,
    /// The name on its card.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its telephone number.
    pub phone: String,
    /// Version of its card.
    pub version: u32,
    /// Open incidents of it.
    pub open_incidents: u32,
    /// When it last reported an event.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub last_signal_at: Option<Timestamp>,
}

/// An account's card with its zones, the people to call, and how it stands. Codewords and keys are not in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountSheet {
    /// The card as lists show it.
    pub row: AccountRow,
    /// Its zones, by number.
    pub zones: Vec<ZoneRow>,
    /// The people to call, in the order to call them.
    pub contacts: Vec<ContactRow>,
    /// What its signals say of it; `None` before its first signal.
    pub state: Option<AccountState>,
}

/// A zone of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZoneRow {
    /// Its number on the panel.
    pub zone: u32,
    /// What it watches.
    pub name: String,
}

/// A person to call. Whether there is a codeword is told, the codeword is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactRow {
    /// Their number on the card.
    pub contact: ContactId,
    /// Their name.
    pub name: String,
    /// Their telephone number.
    pub phone: String,
    /// What they are to the account, such as keyholder.
    pub role: String,
    /// Whether they have a codeword to answer with.
    pub has_codeword: bool,
}

/// Everything that an account's page shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountPage {
    /// Card, zones, contacts and state.
    pub sheet: AccountSheet,
    /// Its last 50 signals, newest first.
    pub signals: Vec<SignalRow>,
    /// Its last 50 incidents, newest first.
    pub incidents: Vec<IncidentRow>,
    /// Changes of its card, newest first.
    pub history: Vec<CardChange>,
}

/// A change of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardChange {
    /// The version that it made.
    pub version: u32,
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// Who changed it.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// Why.
    pub reason: String,
}
