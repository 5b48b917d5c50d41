//! Is the line of every account that the pack is in force for heard as often as a clause asks? So say the cards, as they stood at the end of the period.

use alarmcore::PollRule;

use super::super::what_if::accounts_at;
use super::{Failure, Measured, Reader, Scope, Span};
use crate::store::StoreError;

impl Reader {
    pub(super) fn lines_polled(&self, rule: PollRule, (span, scope): (Span, &Scope)) -> Result<Measured, StoreError> {
        let mut found = Measured::default();
        let at = span.end();
        for card in accounts_at(self, at)?.into_iter().filter(|card| scope.has(card)) {
            let failure = || Failure { at, incident: None, signal: None, account: Some(card.account), took_ms: None };
            found.case(rule.is_kept(&card), failure);
        }
        Ok(found)
    }
}
