//! What a desk has to be told to go on where the last one stood: read from rows, never from all signals.

use alarmcore::{FollowUpId, Held, IncidentId, Returned, SignalId, Snapshot, TestId, Timestamp};

use super::cards::from_json;
use super::{Centre, StoreError};

impl Centre {
    /// Everything that a desk starts from.
    ///
    /// # Errors
    /// When a file cannot be read, or a row holds what no writer wrote.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut snapshot = Snapshot {
            accounts: self
                .accounts()?
                .iter()
                .filter(|card| card.closed_at.is_none())
                .map(crate::crm::AccountCard::desk_card)
                .collect(),
            units: self.units()?.iter().map(crate::crm::UnitCard::desk_card).collect(),
            next_incident: IncidentId::new(self.next("SELECT max(id) FROM incident")?),
            next_follow_up: FollowUpId::new(self.next("SELECT max(id) FROM follow_up")?),
            next_test: TestId::new(self.next("SELECT max(id) FROM test_session")?),
            ..Snapshot::default()
        };
        let mut statement = self.sql.prepare_cached("SELECT account, body FROM account_state ORDER BY account")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            snapshot.states.push(from_json("account_state", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT cast(id AS text), body FROM incident INDEXED BY incident_open WHERE closed_at IS NULL
             ORDER BY incident.id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            snapshot.incidents.push(from_json("incident", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT cast(id AS text), body FROM test_session INDEXED BY test_session_open WHERE ended_at IS NULL
             ORDER BY account",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            snapshot.tests.push(from_json("test_session", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT account, ended_at, json_extract(body, '$.signals') FROM test_session INDEXED BY test_session_account
             WHERE ended_at IS NOT NULL ORDER BY account, id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            // The last of an account's tests counts.
            let account = row.get_ref(0)?.as_str()?;
            let unreadable = |_| StoreError::Unreadable {
                record: "test_session".to_owned(),
                column: "account",
                found: account.to_owned(),
            };
            let account = account.parse().map_err(unreadable)?;
            let at = Timestamp::from_millis(row.get(1)?);
            snapshot.returned.insert(account, Returned { at, signals: row.get::<_, i64>(2)?.cast_unsigned() });
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT cast(id AS text), body FROM incident INDEXED BY incident_restore_due WHERE restore_due IS NOT NULL
             UNION ALL
             SELECT cast(id AS text), body FROM incident INDEXED BY incident_followed
             WHERE followed_until IS NOT NULL AND restore_due IS NULL",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            snapshot.awaited.push(from_json("incident", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
        }
        snapshot.awaited.sort_unstable_by_key(|incident: &alarmcore::Incident| incident.id);
        let mut statement = self.sql.prepare_cached("SELECT account, body FROM false_calls ORDER BY account")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            snapshot.false_calls.push(from_json("false_calls", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT cast(id AS text), body FROM follow_up INDEXED BY follow_up_open WHERE done_at IS NULL
             ORDER BY follow_up.id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            snapshot.follow_ups.push(from_json("follow_up", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
        }
        let mut statement = self.sql.prepare_cached("SELECT signal, until FROM held_signal ORDER BY signal")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let signal = SignalId::new(row.get::<_, i64>(0)?.cast_unsigned());
            let logged = self.log.get(signal)?.ok_or(StoreError::Undisposed { signal: signal.get(), found: 1 })?;
            snapshot.held.push(Held { received: logged.received, until: Timestamp::from_millis(row.get(1)?) });
        }
        Ok(snapshot)
    }

    fn next(&self, last: &str) -> Result<u64, StoreError> {
        let last: Option<i64> = self.sql.query_row(last, [], |row| row.get(0))?;
        Ok(last.unwrap_or(0).cast_unsigned() + 1)
    }
}
