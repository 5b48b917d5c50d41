//! What a desk has to be told to go on where the last one stood: read from rows, never from all signals.

use std::collections::{BTreeMap, BTreeSet};

use alarmcore::{
    AccountState, Area, AreaOf, Calmed, Failure, FollowUpId, Held, IncidentId, OverrideEnd, Received, Returned,
    SignalId, SignalSource, Snapshot, Storm, StormId, StormLimits, TestId, TestSession, Timestamp, UnseenTrips,
};

use contactid::AccountNumber;

use super::cards::from_json;
use super::{Centre, StoreError, hidden, project};

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
            operators: self.operators()?.iter().filter_map(crate::crm::OperatorCard::desk_card).collect(),
            units: self.units()?.iter().map(crate::crm::UnitCard::desk_card).collect(),
            next_incident: IncidentId::new(self.next("SELECT max(id) FROM incident")?),
            next_follow_up: FollowUpId::new(self.next("SELECT max(id) FROM follow_up")?),
            next_test: TestId::new(self.next("SELECT max(id) FROM test_session")?),
            next_storm: StormId::new(self.next("SELECT max(id) FROM storm")?),
            storms: self.open_storms()?,
            attention: project::attention(&self.sql)?,
            told_sources: project::told_sources(&self.sql)?,
            failures: self.failures()?,
            calmed: self.calmed()?,
            ended: self.ended()?,
            warned: self.warned()?,
            ..Snapshot::default()
        };
        let mut statement = self.sql.prepare_cached("SELECT account, body FROM account_state ORDER BY account")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            snapshot.states.push(from_json("account_state", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
        }
        snapshot.unseen = self.unseen(&snapshot.states)?;
        snapshot.hidden = hidden::now(&self.sql, &snapshot.states)?;
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
            "SELECT account, body FROM test_session INDEXED BY test_session_account
             WHERE ended_at IS NOT NULL ORDER BY account, id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            // The last of an account's tests counts.
            let test: TestSession = from_json("test_session", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?;
            let Some(at) = test.ended_at else { continue };
            let (signals, tested_s) = (test.signals.unwrap_or_default(), test.tested_s(at));
            snapshot.returned.insert(test.account, Returned { at, signals, scope: test.scope, tested_s });
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
        let mut statement = self.sql.prepare_cached("SELECT account, body FROM lowered ORDER BY account")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            snapshot.lowered.push(from_json("lowered", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
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

    /// Where the last signal of each account came from: for a desk whose policy tells of another one.
    ///
    /// # Errors
    /// When a file cannot be read, or a row holds what no writer wrote.
    pub fn last_sources(&self) -> Result<BTreeMap<AccountNumber, SignalSource>, StoreError> {
        let mut sources = BTreeMap::new();
        for state in self.snapshot()?.states {
            let last = state.last_signal.map(|last| self.log.get(last.signal)).transpose()?.flatten();
            sources.extend(last.and_then(|logged| Some((state.account, logged.received.report.source?))));
        }
        Ok(sources)
    }

    /// The storms that are not over, with their ledgers.
    fn open_storms(&self) -> Result<Vec<Storm>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT cast(id AS text), body FROM storm INDEXED BY storm_open WHERE ended_at IS NULL ORDER BY storm.id",
        )?;
        let mut lines = self.sql.prepare_cached("SELECT account, body FROM storm_line WHERE storm = ?1")?;
        let mut rows = statement.query([])?;
        let mut storms = Vec::new();
        while let Some(row) = rows.next()? {
            let mut storm: Storm = from_json("storm", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?;
            let mut rows = lines.query([storm.id.get().cast_signed()])?;
            while let Some(row) = rows.next()? {
                storm.ledger.put(from_json("storm_line", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
            }
            storms.push(storm);
        }
        Ok(storms)
    }

    /// The troubles that were counted towards storms, those that lie not longer before the latest than any rule looks back.
    fn failures(&self) -> Result<Vec<Failure>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT signal FROM disposition INDEXED BY disposition_counted WHERE counted = 1
             AND at > (SELECT max(at) FROM disposition INDEXED BY disposition_counted WHERE counted = 1) - ?1",
        )?;
        let window_ms = i64::from(StormLimits::WINDOW_MAX_S) * 1000;
        let mut rows = statement.query([window_ms])?;
        let mut failures = Vec::new();
        while let Some(row) = rows.next()? {
            let signal = SignalId::new(row.get::<_, i64>(0)?.cast_unsigned());
            let logged = self.log.get(signal)?;
            let report = logged.ok_or(StoreError::Undisposed { signal: signal.get(), found: 1 })?.received.report;
            failures.extend(report.account.map(|account| Failure { at: report.received_at, signal, account }));
        }
        failures.sort_unstable_by_key(|failure| (failure.at, failure.signal));
        Ok(failures)
    }

    /// The trips that nobody was shown, of zones that have not begun anew since.
    fn unseen(&self, states: &[AccountState]) -> Result<Vec<UnseenTrips>, StoreError> {
        let Some(first) = states.iter().flat_map(|state| &state.trips).map(|trips| trips.first).min() else {
            return Ok(Vec::new());
        };
        let mut statement = self.sql.prepare_cached(
            "SELECT signal FROM disposition INDEXED BY disposition_unseen WHERE unseen = 1 AND signal >= ?1 ORDER BY signal",
        )?;
        let mut rows = statement.query([first.get().cast_signed()])?;
        let mut hidden: BTreeMap<AccountNumber, Vec<Received>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let signal = SignalId::new(row.get::<_, i64>(0)?.cast_unsigned());
            let logged = self.log.get(signal)?;
            let received = logged.ok_or(StoreError::Undisposed { signal: signal.get(), found: 1 })?.received;
            if let Some(account) = received.report.account {
                hidden.entry(account).or_default().push(received);
            }
        }
        let of =
            |state: &AccountState| hidden.get(&state.account).map(|all| state.unseen(all.iter())).unwrap_or_default();
        Ok(states.iter().flat_map(of).collect())
    }

    /// When overrides ended, as far as the desk has come.
    fn ended(&self) -> Result<BTreeSet<Timestamp>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT at FROM override_over")?;
        let ended = statement.query_map([], |row| Ok(Timestamp::from_millis(row.get(0)?)))?;
        Ok(ended.collect::<Result<_, _>>()?)
    }

    /// Of which ends of overrides somebody was warned.
    fn warned(&self) -> Result<BTreeSet<OverrideEnd>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT until, whom FROM override_warned")?;
        let end = |row: &rusqlite::Row<'_>| {
            let whom: String = row.get(1)?;
            Ok(OverrideEnd { until: Timestamp::from_millis(row.get(0)?), whom: whom.into() })
        };
        let warned = statement.query_map([], end)?;
        Ok(warned.collect::<Result<_, _>>()?)
    }

    /// When a storm of each area last stopped grouping.
    fn calmed(&self) -> Result<Vec<Calmed>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT area_of, area_name, max(calm_at) FROM storm INDEXED BY storm_calm WHERE calm_at IS NOT NULL
             GROUP BY area_of, area_name",
        )?;
        let mut rows = statement.query([])?;
        let mut calmed = Vec::new();
        while let Some(row) = rows.next()? {
            let (of, name): (String, String) = (row.get(0)?, row.get(1)?);
            let unreadable =
                || StoreError::Unreadable { record: "storm".to_owned(), column: "area_of", found: of.clone() };
            let of = AreaOf::from_word(&of).ok_or_else(unreadable)?;
            calmed.push(Calmed { area: Area { of, name: name.into() }, at: Timestamp::from_millis(row.get(2)?) });
        }
        Ok(calmed)
    }

    fn next(&self, last: &str) -> Result<u64, StoreError> {
        let last: Option<i64> = self.sql.query_row(last, [], |row| row.get(0))?;
        Ok(last.unwrap_or(0).cast_unsigned() + 1)
    }
}
