//! Rows that are projected from the journal and the signals: incidents, tests, storms and account states as they stand.

use std::collections::BTreeMap;

use alarmcore::{
    AccountState, Attention, FalseCalls, FollowUp, FollowUpId, Grouped, Incident, IncidentId, Lowered, LoweringStage,
    OperatorId, Outage, Record, SignalId, SignalSource, Storm, StormId, TestId, TestSession, Timestamp, ToldSources,
    Verdict, source_told,
};
use contactid::AccountNumber;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::cards::from_json;

/// An incident as it stands.
pub(super) fn incident(sql: &Connection, id: IncidentId) -> Result<Option<Incident>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM incident WHERE id = ?1")?
        .query_row([id.get().cast_signed()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("incident", &id.to_string(), &body)).transpose()
}

/// Writes an incident as it stands now.
pub(super) fn put_incident(sql: &Connection, incident: &Incident) -> Result<(), StoreError> {
    let cause = incident.verdict.and_then(|verdict| match verdict {
        Verdict::False { cause } => Some(cause.as_str()),
        Verdict::Real { .. } | Verdict::Undetermined { .. } => None,
    });
    sql.prepare_cached(
        "INSERT INTO incident (id, account, kind, priority, stage, owner, received_at, opened_at, calling_since, taken_at,
                               first_act_at, dispatched_at, arrived_at, closed_at, changed_at, resolution, cause, zone,
                               signals, first_signal, last_signal, version, restore_due, body, correct_by, followed_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
                 ?24, ?25, ?26)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, priority = excluded.priority, stage = excluded.stage,
            owner = excluded.owner, calling_since = excluded.calling_since, taken_at = excluded.taken_at,
            first_act_at = excluded.first_act_at, dispatched_at = excluded.dispatched_at,
            arrived_at = excluded.arrived_at, closed_at = excluded.closed_at, changed_at = excluded.changed_at,
            resolution = excluded.resolution, cause = excluded.cause, zone = excluded.zone, signals = excluded.signals,
            last_signal = excluded.last_signal, version = excluded.version,
            restore_due = excluded.restore_due, body = excluded.body,
            correct_by = excluded.correct_by, followed_until = excluded.followed_until",
    )?
    .execute(params![
        incident.id.get().cast_signed(),
        incident.account.as_ref().map(|account| account.as_str()),
        incident.kind.as_str(),
        incident.priority.get(),
        incident.stage.as_str(),
        incident.owner.map(|owner| owner.get()),
        incident.received_at.millis(),
        incident.opened_at.millis(),
        incident.calling_since.map(|at| at.millis()),
        incident.taken_at.map(|at| at.millis()),
        incident.first_act_at.map(|at| at.millis()),
        incident.dispatched_at.map(|at| at.millis()),
        incident.arrived_at.map(|at| at.millis()),
        incident.closed_at.map(|at| at.millis()),
        incident.changed_at.millis(),
        incident.resolution.map(|resolution| resolution.as_str()),
        cause,
        incident.origins.first().and_then(|origin| origin.number),
        incident.signals,
        incident.first_signal.get().cast_signed(),
        incident.last_signal.get().cast_signed(),
        incident.version,
        incident.restore_due.map(|at| at.millis()),
        serde_json::to_string(incident)?,
        incident.calls.iter().filter_map(|call| call.correct_by).max().map(|at| at.millis()),
        incident.followed_until.map(|at| at.millis())
    ])?;
    Ok(())
}

/// How attentive the people at the desk are, by what is stored of them.
pub(super) fn attention(sql: &Connection) -> Result<BTreeMap<OperatorId, Attention>, StoreError> {
    let mut statement = sql.prepare_cached("SELECT operator, acted_at, missed_at FROM attention")?;
    let moment = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    let known = statement.query_map([], |row| {
        let attention = Attention { acted_at: moment(row.get(1)?), missed_at: moment(row.get(2)?) };
        Ok((OperatorId::new(row.get(0)?), attention))
    })?;
    Ok(known.collect::<Result<_, _>>()?)
}

/// Adds what was seen of their attention since.
pub(super) fn put_attention(sql: &Connection, seen: BTreeMap<OperatorId, Attention>) -> Result<(), StoreError> {
    if seen.is_empty() {
        return Ok(());
    }
    let known = attention(sql)?;
    let mut statement = sql.prepare_cached(
        "INSERT INTO attention (operator, acted_at, missed_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (operator) DO UPDATE SET acted_at = excluded.acted_at, missed_at = excluded.missed_at",
    )?;
    for (operator, seen) in seen {
        let Attention { acted_at, missed_at } = known.get(&operator).copied().unwrap_or_default().with(seen);
        let millis = |at: Option<Timestamp>| at.map(Timestamp::millis);
        statement.execute(params![operator.get(), millis(acted_at), millis(missed_at)])?;
    }
    Ok(())
}

/// The strange sources of each account that operators were told of lately.
pub(super) fn told_sources(sql: &Connection) -> Result<BTreeMap<AccountNumber, ToldSources>, StoreError> {
    let mut statement = sql.prepare_cached("SELECT account, source, at FROM source_told")?;
    let mut rows = statement.query([])?;
    let mut all: BTreeMap<AccountNumber, ToldSources> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (account, source): (String, String) = (row.get(0)?, row.get(1)?);
        let unreadable = |column, found: &str| StoreError::Unreadable {
            record: "source_told".to_owned(),
            column,
            found: found.to_owned(),
        };
        let number = account.parse().map_err(|_| unreadable("account", &account))?;
        let from = SignalSource::of_peer(&source).ok_or_else(|| unreadable("source", &source))?;
        all.entry(number).or_default().tell(from, Timestamp::from_millis(row.get(2)?));
    }
    Ok(all)
}

/// What this record tells an operator of a source, if it tells of one.
pub(super) fn tell_source(sql: &Connection, incident: &Incident, record: &Record) -> Result<(), StoreError> {
    let (Some(account), Some((source, at))) = (incident.account, source_told(record)) else { return Ok(()) };
    sql.prepare_cached(
        "INSERT INTO source_told (account, source, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (account, source) DO UPDATE SET at = max(at, excluded.at)",
    )?
    .execute(params![account.as_str(), source.to_string(), at.millis()])?;
    // What is long over goes, whatever the order in which records are read.
    let kept_ms = i64::from(ToldSources::KEPT_S) * 1000;
    sql.prepare_cached(
        "DELETE FROM source_told WHERE account = ?1
         AND at < (SELECT max(at) FROM source_told WHERE account = ?1) - ?2",
    )?
    .execute(params![account.as_str(), kept_ms])?;
    Ok(())
}

/// A signal that an incident holds evidence of.
pub(super) fn put_incident_signal(sql: &Connection, incident: IncidentId, signal: SignalId) -> Result<(), StoreError> {
    sql.prepare_cached("INSERT INTO incident_signal (incident, signal) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute([incident.get().cast_signed(), signal.get().cast_signed()])?;
    Ok(())
}

/// A test session as it stands.
pub(super) fn test(sql: &Connection, id: TestId) -> Result<Option<TestSession>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM test_session WHERE id = ?1")?
        .query_row([id.get().cast_signed()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("test_session", &id.to_string(), &body)).transpose()
}

/// Writes a test session as it stands now.
pub(super) fn put_test(sql: &Connection, session: &TestSession) -> Result<(), StoreError> {
    sql.prepare_cached(
        "INSERT INTO test_session (id, account, started_at, until, ended_at, version, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET until = excluded.until, ended_at = excluded.ended_at,
            version = excluded.version, body = excluded.body",
    )?
    .execute(params![
        session.id.get().cast_signed(),
        session.account.as_str(),
        session.started_at.millis(),
        session.until.millis(),
        session.ended_at.map(|at| at.millis()),
        session.version,
        serde_json::to_string(session)?
    ])?;
    Ok(())
}

/// The false alarms of an account as they stand.
pub(super) fn false_calls(sql: &Connection, account: AccountNumber) -> Result<Option<FalseCalls>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM false_calls WHERE account = ?1")?
        .query_row([account.as_str()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("false_calls", account.as_str(), &body)).transpose()
}

/// Writes the false alarms of an account as they stand now.
pub(super) fn put_false_calls(sql: &Connection, calls: &FalseCalls) -> Result<(), StoreError> {
    sql.prepare_cached(
        "INSERT INTO false_calls (account, standing, version, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account) DO UPDATE SET standing = excluded.standing, version = excluded.version,
            body = excluded.body",
    )?
    .execute(params![
        calls.account.as_str(),
        i64::try_from(calls.standing.len()).unwrap_or(i64::MAX),
        calls.version,
        serde_json::to_string(calls)?
    ])?;
    Ok(())
}

/// What is kept of the lowered protection of an account.
pub(super) fn lowered(sql: &Connection, account: AccountNumber) -> Result<Option<Lowered>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM lowered WHERE account = ?1")?
        .query_row([account.as_str()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("lowered", account.as_str(), &body)).transpose()
}

/// Writes what is kept of the lowered protection of an account as it stands now.
pub(super) fn put_lowered(sql: &Connection, lowered: &Lowered) -> Result<(), StoreError> {
    let running = lowered.stages.values().filter(|stage| **stage != LoweringStage::Ended).count();
    sql.prepare_cached(
        "INSERT INTO lowered (account, open, version, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account) DO UPDATE SET open = excluded.open, version = excluded.version, body = excluded.body",
    )?
    .execute(params![
        lowered.account.as_str(),
        i64::try_from(
            running + lowered.assigned.len() + lowered.closings.len() + usize::from(lowered.running().is_some())
        )
        .unwrap_or(i64::MAX),
        lowered.version,
        serde_json::to_string(lowered)?
    ])?;
    Ok(())
}

/// A storm as it stands, without its ledger.
pub(super) fn storm(sql: &Connection, id: StormId) -> Result<Option<Storm>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM storm WHERE id = ?1")?
        .query_row([id.get().cast_signed()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("storm", &id.to_string(), &body)).transpose()
}

/// A line of a storm's ledger.
pub(super) fn storm_line(sql: &Connection, storm: StormId, outage: Outage) -> Result<Option<Grouped>, StoreError> {
    let Outage { account, kind } = outage;
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM storm_line WHERE storm = ?1 AND account = ?2 AND kind = ?3")?
        .query_row(params![storm.get().cast_signed(), account.as_str(), kind.as_str()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("storm_line", &format!("{storm} {account} {kind}"), &body)).transpose()
}

/// Writes a storm as it stands now, and the lines of its ledger that are at hand.
pub(super) fn put_storm(sql: &Connection, storm: &Storm) -> Result<(), StoreError> {
    let id = storm.id.get().cast_signed();
    let mut head = storm.clone();
    let ledger = std::mem::take(&mut head.ledger);
    sql.prepare_cached(
        "INSERT INTO storm (id, area_of, area_name, declared_at, calm_at, ended_at, version, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET calm_at = excluded.calm_at, ended_at = excluded.ended_at,
            version = excluded.version, body = excluded.body",
    )?
    .execute(params![
        id,
        head.area.of.as_str(),
        &*head.area.name,
        head.declared_at.millis(),
        head.calm_at.map(|at| at.millis()),
        head.ended_at.map(|at| at.millis()),
        head.version,
        serde_json::to_string(&head)?
    ])?;
    let mut put = sql.prepare_cached(
        "INSERT INTO storm_line (storm, account, kind, settled, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (storm, account, kind) DO UPDATE SET settled = excluded.settled, body = excluded.body",
    )?;
    for line in ledger.lines() {
        let Outage { account, kind } = line.outage;
        let settled = i64::from(line.settled.is_some());
        put.execute(params![id, account.as_str(), kind.as_str(), settled, serde_json::to_string(line)?])?;
    }
    Ok(())
}

/// A follow-up as it stands.
pub(super) fn follow_up(sql: &Connection, id: FollowUpId) -> Result<Option<FollowUp>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM follow_up WHERE id = ?1")?
        .query_row([id.get().cast_signed()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("follow_up", &id.to_string(), &body)).transpose()
}

/// Writes a follow-up as it stands now.
pub(super) fn put_follow_up(sql: &Connection, follow_up: &FollowUp) -> Result<(), StoreError> {
    sql.prepare_cached(
        "INSERT INTO follow_up (id, made_at, due_at, done_at, version, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, done_at = excluded.done_at,
            version = excluded.version, body = excluded.body",
    )?
    .execute(params![
        follow_up.id.get().cast_signed(),
        follow_up.made_at.millis(),
        follow_up.due_at.millis(),
        follow_up.done_at.map(|at| at.millis()),
        follow_up.version,
        serde_json::to_string(follow_up)?
    ])?;
    Ok(())
}

/// Writes an account's state as it stands now.
pub(super) fn put_state(sql: &Connection, state: &AccountState) -> Result<(), StoreError> {
    sql.prepare_cached(
        "INSERT INTO account_state (account, last_signal, last_signal_at, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account) DO UPDATE SET last_signal = excluded.last_signal,
            last_signal_at = excluded.last_signal_at, body = excluded.body",
    )?
    .execute(params![
        state.account.as_str(),
        state.last_signal.map(|heard| heard.signal.get().cast_signed()),
        state.last_signal.map(|heard| heard.at.millis()),
        serde_json::to_string(state)?
    ])?;
    Ok(())
}
