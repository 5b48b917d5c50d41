//! False alarms: by cause, by account, by zone.

use contactid::AccountNumber;
use serde::Serialize;

/// The answer of [`Reader::false_alarms`](super::Reader::false_alarms): incidents closed in the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FalseAlarms {
    /// Incidents closed in the period, however they ended.
    pub closed: u32,
    /// Those of them that were false.
    pub false_alarms: u32,
    /// By cause; the most frequent first.
    pub by_cause: Vec<FalseAlarmGroup>,
    /// By account; the most frequent first.
    pub by_account: Vec<FalseAlarmGroup>,
    /// By account and zone of the signal that opened the incident; the most frequent first.
    pub by_zone: Vec<FalseAlarmGroup>,
}

/// How many false alarms have something in common; the parts that they do not have in common are `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FalseAlarmGroup {
    /// Why they were false, as `alarmcore` spells it.
    pub cause: Option<String>,
    /// Whose they were.
    pub account: Option<AccountNumber>,
    /// The zone that reported first, as on the wire.
    pub zone: Option<String>,
    /// How many.
    pub incidents: u32,
}
