//! The signal log as lists show it: newest first, filtered, a page at a time; or in log order, for reports.

use alarmcore::{IncidentId, SignalId, Timestamp};
use contactid::{AccountNumber, Class};
use serde::Serialize;

use super::spelling;

/// What became of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It opened an incident.
    Opened,
    /// It was added to an incident that was open already.
    Joined,
    /// It was written down and calls for nobody.
    Logged,
    /// It waits: its final disposition comes later.
    Held,
    /// It repeats a signal that was received before.
    Repeat,
    /// The desk has not reached it yet.
    Pending,
}

/// One stored signal with what became of it: the row of lists, of `report events` and of `/api`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignalRow {
    /// Its place in the log.
    pub id: SignalId,
    /// When its frame was read.
    #[serde(serialize_with = "spelling::time")]
    pub received_at: Timestamp,
    /// The line that it came by, such as `dc09-tcp`.
    pub line: String,
    /// Who sent the frame, as the line names its peers.
    pub peer: String,
    /// What the transmitter was told: `ack`, `nak`, `duh` or `none`.
    pub answer: String,
    /// Its account, where the frame names one.
    pub account: Option<AccountNumber>,
    /// The frame's token, such as `ADM-CID`.
    pub token: String,
    /// The frame's sequence number, 0 to 9999.
    pub sequence: Option<u16>,
    /// Which event of its frame this is.
    pub part: u16,
    /// How many events its frame holds.
    pub parts: u16,
    /// What is notable about the frame: `encrypted`, `stale-clock`, ...
    pub marks: Vec<&'static str>,
    /// Event code as on the wire: `130`, `BA`.
    pub code: Option<String>,
    /// 1 new or opening, 3 restore or closing, 6 still so.
    pub qualifier: Option<u8>,
    /// Group (partition) as on the wire: `01`.
    pub group: Option<String>,
    /// Zone or user as on the wire: `015`.
    pub number: Option<String>,
    /// What the code is about.
    pub class: Option<Class>,
    /// A SIA address as it was written.
    pub address: Option<String>,
    /// Free text that the panel sent along.
    pub text: Option<String>,
    /// What the code means, in English.
    pub name_en: Option<String>,
    /// What the code means, in Chinese.
    pub name_zh: Option<String>,
    /// What became of it; `None` where there is no desk (the spool of a receiver on its own).
    pub disposition: Option<Standing>,
    /// The incident that it opened or joined.
    pub incident: Option<IncidentId>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// The version of the policy that held the rule.
    pub policy: Option<u32>,
    /// The frame as it was received, in lower-case hexadecimal.
    pub raw_hex: String,
}

/// Which signals to list. Everything that is `None` is not asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignalFilter {
    /// Of this account.
    pub account: Option<AccountNumber>,
    /// Of this incident.
    pub incident: Option<IncidentId>,
    /// Of this class.
    pub class: Option<Class>,
    /// With this event code as on the wire: `130`, `BA`.
    pub code: Option<String>,
    /// Of which this became.
    pub outcome: Option<Standing>,
    /// That came by this line.
    pub line: Option<String>,
    /// In a frame with this token.
    pub token: Option<String>,
    /// Received at or after this time.
    pub from: Option<Timestamp>,
    /// Received before this time.
    pub to: Option<Timestamp>,
}

/// Some signals, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignalPage {
    /// The signals.
    pub rows: Vec<SignalRow>,
    /// Hand this in to read on; `None` at the end of the log. A page may hold fewer rows than asked for, even none,
    /// and still not be the last: a search for something rare stops after a bounded number of looks, and says here
    /// where it stopped.
    pub older: Option<SignalId>,
    /// How far back the search has come.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub searched_to: Option<Timestamp>,
}
