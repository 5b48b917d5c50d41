//! What stands and nobody was shown: of the last signal that told of it, what the desk decided, and whether an incident shows it since.

use alarmcore::{AccountState, Hidden, Logged, OutcomeWord, Rule, SignalId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// The last decision of a signal before a moment.
pub(super) const DECIDED: &str = "SELECT outcome, of, rule, overridden FROM disposition INDEXED BY disposition_signal \
    WHERE signal = ?1 AND at < ?2 ORDER BY step DESC LIMIT 1";
/// Whether an incident shows a signal.
pub(super) const SHOWN: &str =
    "SELECT 1 FROM incident_signal INDEXED BY incident_signal_signal WHERE signal = ?1 LIMIT 1";

/// What stands of accounts and nobody was shown by now.
pub(super) fn now(sql: &Connection, states: &[AccountState]) -> Result<Vec<Hidden>, StoreError> {
    let end = Timestamp::from_millis(i64::MAX);
    let mut shown = sql.prepare_cached(SHOWN)?;
    let mut all = Vec::new();
    for state in states {
        all.extend(
            state.hidden(|last| logged(sql, last, end, |signal| Ok(shown.exists([signal.get().cast_signed()])?)))?,
        );
    }
    Ok(all)
}

/// What was decided of a signal before `end`, where it was only logged and is not shown: of a frame that was sent again, what was decided
/// of the first.
pub(super) fn logged(
    sql: &Connection,
    last: SignalId,
    end: Timestamp,
    mut is_shown: impl FnMut(SignalId) -> Result<bool, StoreError>,
) -> Result<Option<Logged>, StoreError> {
    let mut statement = sql.prepare_cached(DECIDED)?;
    let mut signal = last;
    loop {
        let decided = statement.query_row(params![signal.get().cast_signed(), end.millis()], |row| {
            let of: Option<i64> = row.get(1)?;
            let of = of.map(|of| SignalId::new(of.cast_unsigned()));
            Ok((row.get::<_, String>(0)?, of, row.get::<_, String>(2)?, row.get::<_, Option<String>>(3)?))
        });
        let Some((outcome, of, rule, overridden)) = decided.optional()? else { return Ok(None) };
        if let Some(of) = of.filter(|of| *of < signal) {
            signal = of;
            continue;
        }
        let rule = Rule::from_word(&rule).filter(|rule| Logged::is_by(*rule));
        let Some(rule) = rule.filter(|_| outcome == OutcomeWord::Logged.as_str()) else { return Ok(None) };
        if is_shown(last)? || is_shown(signal)? {
            return Ok(None);
        }
        return Ok(Some(Logged { signal, rule, overridden: overridden.map(Into::into) }));
    }
}
