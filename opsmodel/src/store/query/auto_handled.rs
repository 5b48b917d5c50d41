//! What rules did in place of an operator: how often each kept signals away or lowered them, and for whom.

use std::collections::BTreeMap;

use alarmcore::{AccountNumber, Rule, SignalId, Timestamp};
use contactid::{Class, Signal};
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::StoreError;

/// Signals that are read at once.
const STRETCH: u64 = 4096;
/// So long before the period it is looked for who opened or closed last.
const LEAD_S: u32 = 3600;

/// How often a rule handled signals of an account by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AutoHandledRow {
    /// The rule: one that [is automatic](Rule::is_automatic).
    pub rule: Rule,
    /// The account.
    pub account: Option<AccountNumber>,
    /// Who had opened or closed last, or has cancelled or closed, where the rule rests on that and it is known.
    pub user: Option<u32>,
    /// Their name, as the account's card had it at the last of them.
    pub user_name: Option<String>,
    /// How many signals.
    pub signals: u64,
    /// When the first of them was received.
    #[serde(serialize_with = "spelling::time")]
    pub first_at: Timestamp,
    /// When the last was.
    #[serde(serialize_with = "spelling::time")]
    pub last_at: Timestamp,
    /// The last of them: what to ask `explain` about.
    pub last: SignalId,
}

impl Reader {
    /// How often each rule kept signals that were received from `from` on and before `to` from the operators, lowered them or
    /// ended their wait by circumstances: by rule, account and user. What became of a signal last counts.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn auto_handled(&self, from: Timestamp, to: Timestamp) -> Result<Vec<AutoHandledRow>, StoreError> {
        let ids =
            self.stretch_of(Timestamp::from_millis(from.millis().saturating_sub(i64::from(LEAD_S) * 1000)), to)?;
        let mut users: BTreeMap<AccountNumber, Option<u32>> = BTreeMap::new();
        let mut rows: BTreeMap<(Rule, Option<AccountNumber>, Option<u32>), AutoHandledRow> = BTreeMap::new();
        let mut first = ids.start;
        while first < ids.end {
            let next = ids.end.min(first + STRETCH);
            for (received, decisions) in self.judged(first..next)? {
                let report = received.report;
                let at = report.received_at;
                let signal = report.signal.as_ref();
                if let (Some(account), Some(signal)) = (report.account, signal.filter(|signal| is_by_user(signal))) {
                    users.insert(account, signal.named_user());
                }
                let rule = decisions.last().map(|decision| decision.decided.rule).filter(|rule| rule.is_automatic());
                let Some(rule) = rule.filter(|_| from <= at && at < to) else { continue };
                let user = match rule {
                    Rule::BeforeClosing | Rule::CancelAllowed | Rule::CancelInTime => {
                        signal.and_then(Signal::named_user)
                    }
                    rule if rule.is_recent() => {
                        report.account.and_then(|account| users.get(&account).copied().flatten())
                    }
                    _ => None,
                };
                let row = rows.entry((rule, report.account, user)).or_insert(AutoHandledRow {
                    rule,
                    account: report.account,
                    user,
                    user_name: None,
                    signals: 0,
                    first_at: at,
                    last_at: at,
                    last: received.id,
                });
                row.signals += 1;
                (row.last_at, row.last) = (at, received.id);
            }
            first = next;
        }
        let named = |row: AutoHandledRow| {
            let user_name = match (row.account, row.user) {
                (Some(account), Some(user)) => self.user_name(account, user, row.last_at)?,
                _ => None,
            };
            Ok(AutoHandledRow { user_name, ..row })
        };
        rows.into_values().map(named).collect()
    }
}

fn is_by_user(signal: &Signal) -> bool {
    signal.class() == Class::OpenClose
}
