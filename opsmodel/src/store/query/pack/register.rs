//! Was something written down as often as a clause asks? Reckoned in stretches of UTC, whole ones only.

use alarmcore::{Register, RegisterRule, Timestamp, WhyNot};
use rusqlite::params;

use super::super::{Reader, spelling};
use super::{Failure, Measured, Outcome, Scope, Span};
use crate::store::StoreError;

/// Tests that came in from panels; those that the centre makes of itself, once a day, with a look at its clock.
pub(in crate::store::query) const TESTED: &str = "SELECT received_at, account FROM signal_row INDEXED BY signal_row_class \
    WHERE class = 'test' AND received_at >= ?1 AND received_at < ?2 AND (line = 'centre') = ?3 ORDER BY received_at";

impl Reader {
    pub(super) fn register_measured(
        &self,
        rule: RegisterRule,
        (span, scope): (Span, &Scope),
        first: Timestamp,
    ) -> Result<Outcome, StoreError> {
        let stretch_ms = i64::from(rule.every_h) * 3_600_000;
        // Before anything was stored there was no centre that could have written something down.
        let from = span.from.max(first).millis();
        let begin = from.div_euclid(stretch_ms) + i64::from(from.rem_euclid(stretch_ms) != 0);
        let end = span.end().millis().div_euclid(stretch_ms);
        if begin >= end {
            return Ok(Err(WhyNot::TooShort));
        }
        let [from, to] = [begin, end].map(|stretch| Timestamp::from_millis(stretch * stretch_ms));
        let written = self.written_down(rule.register, (from, to), scope)?;
        let mut kept: Vec<i64> = written.iter().map(|at| at.millis().div_euclid(stretch_ms)).collect();
        kept.sort_unstable();
        let mut found = Measured::default();
        for stretch in begin..end {
            let at = Timestamp::from_millis(stretch * stretch_ms);
            let missed = || Failure { at, incident: None, signal: None, account: None, took_ms: None };
            found.case(kept.binary_search(&stretch).is_ok(), missed);
        }
        found.figure = Some(format!("{}/{} × {} h", found.cases - found.failed(), found.cases, rule.every_h));
        Ok(Ok(found))
    }

    fn written_down(
        &self,
        register: Register,
        (from, to): (Timestamp, Timestamp),
        scope: &Scope,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let own = match register {
            Register::CommunicationTest => false,
            Register::ClockCheck => true,
            Register::HandOver => {
                let signed = self.signed_handovers(usize::MAX)?.into_iter().map(|signed| signed.at);
                return Ok(signed.filter(|at| from <= *at && *at < to).collect());
            }
        };
        let mut statement = self.sql.prepare_cached(TESTED)?;
        let tested = statement.query_map(params![from.millis(), to.millis(), own], |row| {
            Ok((spelling::moment(row, 0)?, spelling::account_or_null(row, 1)?))
        })?;
        let mut written = Vec::new();
        for row in tested {
            let (at, account) = row?;
            // Shifts and the clock are the whole centre's; a test is one panel's.
            if own || scope.covers(self, account, at)? {
                written.push(at);
            }
        }
        Ok(written)
    }
}
