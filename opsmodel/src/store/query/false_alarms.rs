//! False alarms: by cause, by account, by zone.

use std::{cmp::Reverse, collections::BTreeMap};

use alarmcore::{Cause, Timestamp};
use contactid::AccountNumber;
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::StoreError;

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
    /// Why they were false.
    pub cause: Option<Cause>,
    /// Whose they were.
    pub account: Option<AccountNumber>,
    /// The zone that reported first.
    pub zone: Option<u32>,
    /// How many.
    pub incidents: u32,
}

pub(super) const CLOSED: &str = "SELECT account, zone, cause FROM incident INDEXED BY incident_closed \
    WHERE closed_at IS NOT NULL AND closed_at >= ?1 AND closed_at < ?2";

impl Reader {
    /// False alarms among the incidents that were closed from `from` on and before `to`.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn false_alarms(&self, from: Timestamp, to: Timestamp) -> Result<FalseAlarms, StoreError> {
        let mut statement = self.sql.prepare_cached(CLOSED)?;
        let mut closed = statement.query([from.millis(), to.millis()])?;
        let mut answer = FalseAlarms {
            closed: 0,
            false_alarms: 0,
            by_cause: Vec::new(),
            by_account: Vec::new(),
            by_zone: Vec::new(),
        };
        let (mut causes, mut accounts, mut zones) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        while let Some(row) = closed.next()? {
            answer.closed += 1;
            // Only what was closed as false has a cause.
            let Some(cause) = spelling::word_or_null(row, 2, Cause::from_word)? else { continue };
            answer.false_alarms += 1;
            let account = spelling::account_or_null(row, 0)?;
            let zone = row.get(1)?;
            *causes.entry((Some(cause), None, None)).or_default() += 1;
            *accounts.entry((None, account, None)).or_default() += 1;
            *zones.entry((None, account, zone)).or_default() += 1;
        }
        (answer.by_cause, answer.by_account, answer.by_zone) = (ranked(causes), ranked(accounts), ranked(zones));
        Ok(answer)
    }
}

type Shared = (Option<Cause>, Option<AccountNumber>, Option<u32>);

/// The most frequent first; equals in the order of what they share.
fn ranked(groups: BTreeMap<Shared, u32>) -> Vec<FalseAlarmGroup> {
    let mut ranked: Vec<_> = groups
        .into_iter()
        .map(|((cause, account, zone), incidents)| FalseAlarmGroup { cause, account, zone, incidents })
        .collect();
    ranked.sort_by_key(|group| Reverse(group.incidents));
    ranked
}
