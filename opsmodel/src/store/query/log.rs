//! The signal log in its own order, each signal with what became of it.

use std::ops::Range;
use std::sync::LazyLock;

use alarmcore::{SignalId, Timestamp};
use contactid::{Lang, Signal};
use rusqlite::OptionalExtension;

use super::{Fate, Reader, SignalRow, spelling};
use crate::store::{
    StoreError,
    signals::{COLUMNS, LoggedSignal, logged},
};

pub(super) const RULED: &str = "SELECT signal, outcome, incident, rule, policy FROM disposition \
    INDEXED BY disposition_signal WHERE signal >= ?1 AND signal < ?2 ORDER BY signal, step";
pub(super) const LAST: &str = "SELECT coalesce(max(id), 0) FROM signal";
pub(super) const RECEIVED_AT: &str = "SELECT received_at FROM signal WHERE id = ?1";
pub(super) const UNDECIDED: &str =
    "SELECT received_at FROM signal WHERE id = coalesce((SELECT signal FROM cursor WHERE reader = 'desk'), 0) + 1";
pub(super) const RAW: &str = "SELECT raw FROM signal WHERE id = ?1";

pub(super) static STRETCH: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM signal WHERE id >= ?1 AND id < ?2 ORDER BY id"));

/// The log is in the order of arrival, and its clock may have been set back by so much at most: within that, a period
/// is found by halving, without an index.
pub(super) const CLOCK_SET_BACK_MS: i64 = 3_600_000;

/// What the desk said last of a signal.
struct Ruling {
    signal: u64,
    fate: Fate,
    incident: Option<u64>,
    rule: String,
    policy: u32,
}

impl Reader {
    /// When the first signal was received that the desk has not disposed of; `None` when it has disposed of all.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn undecided_since(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.sql.prepare_cached(UNDECIDED)?;
        Ok(statement.query_row([], |row| spelling::moment(row, 0)).optional()?)
    }

    /// The ids between which everything lies that was received from `from` on and before `to`. Signals that were
    /// received shortly before or after may lie between them too.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn log_range(&self, from: Timestamp, to: Timestamp) -> Result<Range<u64>, StoreError> {
        let end = self.sql.prepare_cached(LAST)?.query_row([], |row| spelling::natural(row, 0))? + 1;
        let first = self.first_since(from.millis().saturating_sub(CLOCK_SET_BACK_MS), 1..end)?;
        let last = self.first_since(to.millis().saturating_add(CLOCK_SET_BACK_MS), first..end)?;
        Ok(first..last)
    }

    /// The first id in the range from which on signals were received at `millis` or later, as far as halving can see.
    fn first_since(&self, millis: i64, ids: Range<u64>) -> Result<u64, StoreError> {
        let Range { mut start, mut end } = ids;
        let mut received_at = self.sql.prepare_cached(RECEIVED_AT)?;
        while start < end {
            let middle = start + (end - start) / 2;
            let at: Option<i64> = received_at.query_row([spelling::bigint(middle)], |row| row.get(0)).optional()?;
            // A row that is gone cannot be asked; `verify` names it.
            if at.is_some_and(|at| at >= millis) { end = middle } else { start = middle + 1 }
        }
        Ok(start)
    }

    /// The signals with these ids, in the order of the log.
    ///
    /// # Errors
    /// When the files cannot be read, or a row holds what no writer wrote.
    pub fn log_rows(&self, ids: Range<u64>) -> Result<Vec<SignalRow>, StoreError> {
        let bounds = [spelling::bigint(ids.start), spelling::bigint(ids.end)];
        let mut rulings = self.rulings(bounds)?.into_iter().peekable();
        let mut statement = self.sql.prepare_cached(&STRETCH)?;
        let mut found = statement.query(bounds)?;
        let mut rows: Vec<SignalRow> = Vec::new();
        while let Some(row) = found.next()? {
            let logged = logged(row)?;
            let (id, part) = (logged.received.id.get(), u64::from(logged.received.report.part));
            let mut last = None;
            while let Some(ruling) = rulings.next_if(|ruling| ruling.signal <= id) {
                last = Some(ruling).filter(|ruling| ruling.signal == id);
            }
            let mut row = spelled(logged);
            if part > 0 && row.raw_hex.is_empty() {
                row.raw_hex = self.raw_hex(&rows, id.saturating_sub(part))?;
            }
            if let (Some(account), Some(user)) = (row.account, row.user) {
                row.user_name = self.user_name(account, user, row.received_at)?;
            }
            if self.has_desk() {
                judged(&mut row, last);
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// One signal.
    ///
    /// # Errors
    /// When the files cannot be read, or the row holds what no writer wrote.
    pub fn signal(&self, id: SignalId) -> Result<Option<SignalRow>, StoreError> {
        Ok(self.log_rows(id.get()..id.get().saturating_add(1))?.pop())
    }

    /// The frame of an event that is not its first: the log keeps it with the first.
    fn raw_hex(&self, rows: &[SignalRow], first: u64) -> Result<String, StoreError> {
        if let Some(row) = rows.iter().rev().find(|row| row.id.get() == first) {
            return Ok(row.raw_hex.clone());
        }
        let raw: Option<Vec<u8>> =
            self.sql.prepare_cached(RAW)?.query_row([spelling::bigint(first)], |row| row.get(0)).optional()?;
        Ok(raw.map(|raw| spelling::hex(&raw)).unwrap_or_default())
    }

    fn rulings(&self, bounds: [i64; 2]) -> Result<Vec<Ruling>, StoreError> {
        if !self.has_desk() {
            return Ok(Vec::new());
        }
        let mut statement = self.sql.prepare_cached(RULED)?;
        let rulings = statement.query_map(bounds, |row| {
            Ok(Ruling {
                signal: spelling::natural(row, 0)?,
                fate: spelling::word(row, 1, Fate::from_word)?,
                incident: spelling::natural_or_null(row, 2)?,
                rule: row.get(3)?,
                policy: row.get(4)?,
            })
        })?;
        Ok(rulings.collect::<Result<_, _>>()?)
    }
}

fn judged(row: &mut SignalRow, ruling: Option<Ruling>) {
    match ruling {
        None => row.disposition = Some(Fate::Pending),
        Some(ruling) => {
            row.disposition = Some(ruling.fate);
            row.incident = ruling.incident.map(alarmcore::IncidentId::new);
            row.rule = Some(ruling.rule);
            row.policy = Some(ruling.policy);
        }
    }
}

fn spelled(logged: LoggedSignal) -> SignalRow {
    let LoggedSignal { received, peer, answer, raw } = logged;
    let report = received.report;
    let signal = report.signal.as_ref();
    let wire = |text: String| Some(text).filter(|text| !text.is_empty());
    SignalRow {
        id: received.id,
        received_at: report.received_at,
        peer,
        answer: answer.word(),
        account: report.account,
        sequence: report.sequence,
        part: report.part,
        parts: report.parts,
        marks: report.marks.words().collect(),
        code: signal.map(|signal| signal.code.to_string()),
        qualifier: signal.map(|signal| signal.qualifier.digit()),
        group: signal.and_then(|signal| wire(signal.group_text())),
        number: signal.and_then(|signal| wire(signal.number_text())),
        user: signal.and_then(Signal::named_user),
        user_name: None,
        class: signal.map(|signal| signal.class()),
        address: signal.and_then(|signal| signal.address.clone()),
        text: signal.and_then(|signal| signal.text.clone()),
        device_time: signal.and_then(|signal| signal.device_time.clone()),
        name_en: signal.map(|signal| signal.name(Lang::En)),
        name_zh: signal.map(|signal| signal.name(Lang::Zh)),
        line: report.line,
        token: report.token,
        disposition: None,
        incident: None,
        rule: None,
        policy: None,
        raw_hex: spelling::hex(&raw),
    }
}
