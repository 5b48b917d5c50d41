//! The dispatch board and the list that one shift hands to the next.

use alarmcore::{IncidentId, Timestamp, UnitId};
use contactid::AccountNumber;
use serde::Serialize;

use super::{IncidentRow, spelling};

/// A guard unit and what it is out for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitRow {
    /// Its number.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Whether it can be sent.
    pub on_duty: bool,
    /// The incident that it is offered, on its way to, or at.
    pub incident: Option<IncidentId>,
    /// Whose incident that is.
    pub account: Option<AccountNumber>,
    /// The address to go to.
    pub address: Option<String>,
    /// How far it is: `offered`, `accepted`, `en-route`, `on-scene`; `None` when it is free.
    pub step: Option<String>,
    /// Since when.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub since: Option<Timestamp>,
}

/// What the next shift must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// The last journal entry that this answer knows of.
    pub as_of: u64,
    /// Open incidents, in the order of the queue.
    pub open: Vec<IncidentRow>,
    /// Accounts that are not as they should be, by account, then by reason in the order of [`HandoverReason`].
    pub accounts: Vec<HandoverAccount>,
}

/// Something about an account that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandoverAccount {
    /// The account.
    pub account: AccountNumber,
    /// The name on its card, where there is one.
    pub name: Option<String>,
    /// What is the matter.
    pub reason: HandoverReason,
    /// Which zone, or which trouble; `None` where the account as a whole is meant.
    pub what: Option<String>,
    /// Since when, where it is known.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub since: Option<Timestamp>,
}

/// Why an account is on the hand-over list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandoverReason {
    /// A zone reported an alarm and no restore.
    Unrestored,
    /// A zone is bypassed.
    Bypassed,
    /// It runs on its battery: mains power is off.
    OnBattery,
    /// Its battery is low or missing.
    BatteryLow,
    /// A fault that was reported and not restored.
    Trouble,
    /// Its heartbeats have stopped.
    LinkLost,
}
