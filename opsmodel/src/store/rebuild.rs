//! Empties every projected row and fills it anew from the journal, the dispositions and the signal log.

use std::collections::BTreeMap;

use alarmcore::{
    AccountCard, AccountState, Attention, Disposition, Incident, IncidentId, OperatorId, Outcome, Received, Rule,
    SignalId, Storm, Timestamp, evolve, evolve_false_calls, evolve_follow_up, evolve_lowered, evolve_storm,
    evolve_test,
};
use contactid::AccountNumber;
use rusqlite::{Connection, Row, Rows};

use super::disposition::{DayCounts, put_row};
use super::{Centre, SignalReader, StoreError, cards, centre, journal, project};

/// How much a rebuild went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Journal entries.
    pub journal: u64,
    /// Incidents.
    pub incidents: u64,
    /// Test sessions.
    pub tests: u64,
    /// Follow-ups.
    pub follow_ups: u64,
    /// Storms.
    pub storms: u64,
    /// Signals, up to the desk's cursor.
    pub signals: u64,
}

/// How many signals are read from the log at a time.
const PAGE: usize = 4096;

impl Centre {
    /// Rebuilds every projected row from what is the truth. In one transaction: readers see the old rows, then the new.
    ///
    /// # Errors
    /// When a file cannot be read or written, or the truth has holes: see [`verify`](super::verify).
    pub fn rebuild(&mut self) -> Result<Rebuilt, StoreError> {
        let tx = self.sql.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.execute_batch(
            "DELETE FROM signal_row; DELETE FROM held_signal; DELETE FROM day_count; DELETE FROM incident;
             DELETE FROM incident_signal; DELETE FROM account_state; DELETE FROM test_session;
             DELETE FROM false_calls; DELETE FROM follow_up; DELETE FROM storm; DELETE FROM storm_line;
             DELETE FROM lowered; DELETE FROM attention; DELETE FROM source_told;",
        )?;
        let mut rebuilt = Rebuilt::default();
        incidents(&tx, &mut rebuilt)?;
        tests(&tx, &mut rebuilt)?;
        false_calls(&tx, &mut rebuilt)?;
        lowered(&tx, &mut rebuilt)?;
        follow_ups(&tx, &mut rebuilt)?;
        storms(&tx, &mut rebuilt)?;
        // Nothing is projected of clips; they are read all the same, so that a damaged record is found.
        each(&tx, "clips", &mut rebuilt, |row, _| journal::clip_record(row).map(drop))?;
        signals(&tx, &self.log, &mut rebuilt)?;
        tx.commit()?;
        Ok(rebuilt)
    }
}

/// Goes through the journal of every stream of a kind, stream by stream.
fn each(
    sql: &Connection,
    kind: &str,
    rebuilt: &mut Rebuilt,
    mut tell: impl FnMut(&Row<'_>, &mut Rebuilt) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = sql.prepare(
        "SELECT seq, stream, version, kind, shape, at, by_id, body FROM journal INDEXED BY journal_stream
         WHERE stream >= ?1 || '-' AND stream < ?1 || '.' ORDER BY stream, version",
    )?;
    let mut rows = statement.query([kind])?;
    while let Some(row) = rows.next()? {
        rebuilt.journal += 1;
        tell(row, rebuilt)?;
    }
    Ok(())
}

/// A row is written once, when the next stream begins: an incident has many records.
fn incidents(sql: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    let mut open: Option<Incident> = None;
    let mut seen: BTreeMap<OperatorId, Attention> = BTreeMap::new();
    each(sql, "incident", rebuilt, |row, rebuilt| {
        let record = journal::record(row)?;
        if let Some((operator, attention)) = Attention::of(&record) {
            let before = seen.entry(operator).or_default();
            *before = before.with(attention);
        }
        if let Some(done) = open.take_if(|incident| incident.id != record.incident) {
            project::put_incident(sql, &done)?;
        }
        rebuilt.incidents += u64::from(open.is_none());
        if let Some(evidence) = record.event.evidence() {
            project::put_incident_signal(sql, record.incident, evidence.signal)?;
        }
        let incident = evolve(open.take(), &record);
        project::tell_source(sql, &incident, &record)?;
        open = Some(incident);
        Ok(())
    })?;
    open.map_or(Ok(()), |last| project::put_incident(sql, &last))?;
    project::put_attention(sql, seen)
}

/// The same: a storm has as many records as it grouped troubles.
fn storms(sql: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    let mut open: Option<Storm> = None;
    each(sql, "storm", rebuilt, |row, rebuilt| {
        let record = journal::storm_record(row)?;
        if let Some(done) = open.take_if(|storm| storm.id != record.storm) {
            project::put_storm(sql, &done)?;
        }
        rebuilt.storms += u64::from(open.is_none());
        open = evolve_storm(open.take(), &record);
        Ok(())
    })?;
    open.map_or(Ok(()), |last| project::put_storm(sql, &last))
}

/// There are as many as a person starts: their rows are written record by record.
fn tests(sql: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    each(sql, "test", rebuilt, |row, rebuilt| {
        let record = journal::test_record(row)?;
        let before = project::test(sql, record.test)?;
        rebuilt.tests += u64::from(before.is_none());
        evolve_test(before, &record).map_or(Ok(()), |session| project::put_test(sql, &session))
    })
}

/// The same of false alarms.
fn false_calls(sql: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    each(sql, "false-calls", rebuilt, |row, _| {
        let record = journal::false_calls_record(row)?;
        let before = project::false_calls(sql, record.account)?;
        project::put_false_calls(sql, &evolve_false_calls(before, &record))
    })
}

/// The same of lowered protection.
fn lowered(sql: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    each(sql, "lowered", rebuilt, |row, _| {
        let record = journal::lowered_record(row)?;
        let before = project::lowered(sql, record.account)?;
        project::put_lowered(sql, &evolve_lowered(before, &record))
    })
}

/// The same of follow-ups.
fn follow_ups(sql: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    each(sql, "follow-up", rebuilt, |row, rebuilt| {
        let record = journal::follow_up_record(row)?;
        let before = project::follow_up(sql, record.follow_up)?;
        rebuilt.follow_ups += u64::from(before.is_none());
        evolve_follow_up(before, &record).map_or(Ok(()), |follow_up| project::put_follow_up(sql, &follow_up))
    })
}

fn signals(sql: &Connection, log: &SignalReader, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    let cursor = centre::cursor(sql)?;
    let mut statement = sql.prepare(
        "SELECT signal, at, outcome, incident, until, of, rule, policy, overridden, unweighed, counted, unseen
         FROM disposition INDEXED BY disposition_signal ORDER BY signal, step",
    )?;
    let mut decisions = Decided { rows: statement.query([])?, next: None };
    decisions.advance()?;
    let mut states: BTreeMap<AccountNumber, AccountState> = BTreeMap::new();
    let served = cards::account::all(sql)?.into_iter().filter(|card| card.closed_at.is_none());
    let cards: BTreeMap<AccountNumber, AccountCard> = served.map(|card| (card.account, card.desk_card())).collect();
    let mut days = DayCounts::default();
    let mut read = SignalId::new(0);
    while read < cursor {
        let page = log.after(read, PAGE)?;
        if page.is_empty() {
            return Err(StoreError::CursorConflict { expected: cursor.get(), found: read.get() });
        }
        for received in page.iter().map(|logged| &logged.received).take_while(|received| received.id <= cursor) {
            let (last, unweighed) = decisions.of(received)?;
            put_row(sql, received, &last)?;
            days.add(received, last.outcome, 1);
            // The desk keeps no state of an account that had no card when it reported.
            if let Some(account) = received.report.account.filter(|_| last.rule != Rule::UnknownAccount) {
                let state = states.entry(account).or_insert_with(|| match cards.get(&account) {
                    Some(card) => AccountState::of(card),
                    None => AccountState::new(account),
                });
                if unweighed { state.apply_strange(received) } else { state.apply(received) }
            }
            read = received.id;
            rebuilt.signals += 1;
        }
    }
    for state in states.values() {
        project::put_state(sql, state)?;
    }
    days.write(sql)
}

/// All dispositions in the order of their signals.
struct Decided<'s> {
    rows: Rows<'s>,
    next: Option<Disposition>,
}

impl Decided<'_> {
    fn advance(&mut self) -> Result<(), StoreError> {
        self.next = self.rows.next()?.map(disposition).transpose()?;
        Ok(())
    }

    /// The last word on a signal, and whether it weighed nothing.
    fn of(&mut self, received: &Received) -> Result<(Disposition, bool), StoreError> {
        let (mut last, mut unweighed) = (None, false);
        while let Some(next) = self.next.take_if(|next| next.signal == received.id) {
            unweighed |= next.unweighed;
            last = Some(next);
            self.advance()?;
        }
        last.map(|last| (last, unweighed)).ok_or(StoreError::Undisposed { signal: received.id.get(), found: 0 })
    }
}

fn disposition(row: &Row<'_>) -> Result<Disposition, StoreError> {
    let signal: i64 = row.get(0)?;
    let unreadable = |column, found| StoreError::Unreadable { record: format!("signal {signal}"), column, found };
    let (word, rule): (String, String) = (row.get(2)?, row.get(6)?);
    let number = |column: usize| -> Result<u64, rusqlite::Error> { Ok(row.get::<_, i64>(column)?.cast_unsigned()) };
    let outcome = match word.as_str() {
        "opened" => Outcome::Opened { incident: IncidentId::new(number(3)?) },
        "joined" => Outcome::Joined { incident: IncidentId::new(number(3)?) },
        "logged" => Outcome::Logged,
        "held" => Outcome::Held { until: Timestamp::from_millis(row.get(4)?) },
        "repeat" => Outcome::Repeat { of: SignalId::new(number(5)?) },
        _ => return Err(unreadable("outcome", word)),
    };
    Ok(Disposition {
        signal: SignalId::new(signal.cast_unsigned()),
        at: Timestamp::from_millis(row.get(1)?),
        outcome,
        rule: Rule::from_word(&rule).ok_or_else(|| unreadable("rule", rule))?,
        policy: row.get(7)?,
        overridden: row.get::<_, Option<String>>(8)?.map(Into::into),
        unweighed: row.get::<_, Option<i64>>(9)?.is_some(),
        counted: row.get::<_, Option<i64>>(10)?.is_some(),
        unseen: row.get::<_, Option<i64>>(11)?.is_some(),
    })
}
