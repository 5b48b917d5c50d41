//! Does every frame end somewhere? Per minute and line: received = acknowledged + supervised + refused,
//! acknowledged = stored, stored = disposed (invariant 12).

use std::collections::BTreeMap;
use std::fmt;

use alarmcore::{Marks, SignalId, Timestamp};
use rusqlite::Rows;
use serde::Serialize;

use super::log::CLOCK_SET_BACK_MS;
use super::{Fate, Reader, spelling};
use crate::store::StoreError;

/// The answer of [`Reader::conservation`](super::Reader::conservation).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conservation {
    /// One row per minute and line, in that order.
    pub minutes: Vec<LineMinute>,
    /// Every place where a sum does not hold. Empty is good.
    pub holes: Vec<Hole>,
}

/// What one line carried in one minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineMinute {
    /// Start of the minute.
    #[serde(serialize_with = "spelling::time")]
    pub minute: Timestamp,
    /// The line.
    pub line: String,
    /// Intact frames read.
    pub received: u64,
    /// Frames acknowledged whose signals are in the log.
    pub acknowledged: u64,
    /// Heartbeats: acknowledged, and deliberately not in the log.
    pub supervised: u64,
    /// Frames that were answered with a refusal or not at all.
    pub refused: u64,
    /// What came in besides and was no intact frame.
    pub noise: u64,
    /// Frames in the log that were acknowledged.
    pub stored: u64,
    /// Signals in the log, whatever their frame was answered.
    pub signals: u64,
    /// Those of them with a final disposition. These three are 0 in the spool of a receiver on its own.
    pub disposed: u64,
    /// Those of them that are held back: their final disposition comes.
    pub held: u64,
    /// Those of them that the desk has not reached yet.
    pub pending: u64,
}

/// Which sum did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// received = acknowledged + supervised + refused.
    ReceivedIsAnswered,
    /// acknowledged = stored.
    AcknowledgedIsStored,
    /// stored = disposed + held + not reached yet.
    StoredIsDisposed,
}

/// A place where frames or signals are missing, or too many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hole {
    /// Start of the minute.
    #[serde(serialize_with = "spelling::time")]
    pub minute: Timestamp,
    /// The line.
    pub line: String,
    /// The sum that does not hold.
    pub rule: Rule,
    /// Its left side.
    pub expected: u64,
    /// Its right side.
    pub found: u64,
    /// The first signal without a disposition.
    pub signal: Option<SignalId>,
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { minute, line, expected, found, .. } = self;
        match self.rule {
            Rule::ReceivedIsAnswered => write!(f, "{minute} {line}: {expected} frames received, {found} answered")?,
            Rule::AcknowledgedIsStored => {
                write!(f, "{minute} {line}: {expected} frames acknowledged, {found} in the log")?;
            }
            Rule::StoredIsDisposed => write!(f, "{minute} {line}: {expected} signals in the log, {found} disposed of")?,
        }
        match self.signal {
            Some(signal) => write!(f, ", the first without a disposition is signal {signal}"),
            None => Ok(()),
        }
    }
}

pub(super) const COUNTED: &str = "SELECT minute, line, received, acknowledged, supervised, refused, noise FROM line_count \
    WHERE minute >= ?1 AND minute <= ?2 ORDER BY minute, line";
pub(super) const LOGGED: &str =
    "SELECT id, received_at, line, answer, part, marks FROM signal WHERE id >= ?1 AND id < ?2 ORDER BY id";
pub(super) const DISPOSED: &str = "SELECT signal, outcome FROM disposition INDEXED BY disposition_signal \
    WHERE signal >= ?1 AND signal < ?2 ORDER BY signal, step";
/// Where the desk stands. One desk works on a store, so there is one cursor.
const REACHED: &str = "SELECT coalesce(max(signal), 0) FROM cursor";

/// The ends of both: the counts are ordered by minute, the log is nearly so.
pub(super) const REACH: &str = "SELECT min(first), max(last) FROM (\
    SELECT (SELECT min(minute) * 60000 FROM line_count) AS first, (SELECT max(minute) * 60000 FROM line_count) AS last \
    UNION ALL SELECT (SELECT received_at FROM signal WHERE id = (SELECT min(id) FROM signal)), \
    (SELECT received_at FROM signal WHERE id = (SELECT max(id) FROM signal)))";

const MINUTE_MS: i64 = 60_000;

impl Reader {
    /// What each line carried in each minute that begins in the period, and where the sums do not hold. Takes a walk
    /// through the log of the period.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn conservation(&self, from: Timestamp, to: Timestamp) -> Result<Conservation, StoreError> {
        let _snapshot = self.snapshot()?;
        // The desk's file first: a signal that is stored meanwhile is then pending, never missing.
        let reached = self.reached()?;
        // Whole minutes: half of one never adds up.
        let [from, to] = [from, to].map(next_minute);
        let mut minutes = self.counted(from, to)?;
        let mut undisposed = BTreeMap::new();
        self.logged(from, to, reached, &mut minutes, &mut undisposed)?;
        let holes = minutes.values().flat_map(|minute| holes(minute, reached.is_some(), &undisposed)).collect();
        Ok(Conservation { minutes: minutes.into_values().collect(), holes })
    }

    /// From when to when the log and its counts reach at most: what to ask for in parts, when all of it is asked for.
    /// `None` for a store that never received anything.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn reach(&self) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        let (first, last): (Option<i64>, Option<i64>) =
            self.sql.prepare_cached(REACH)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let at = |millis: i64, slack| Timestamp::from_millis(millis.saturating_add(slack));
        Ok(first
            .zip(last)
            .map(|(first, last)| (at(first, -CLOCK_SET_BACK_MS), at(last, CLOCK_SET_BACK_MS + MINUTE_MS))))
    }

    /// The last signal that the desk has read; `None` when there is no desk.
    fn reached(&self) -> Result<Option<u64>, StoreError> {
        if !self.has_desk() {
            return Ok(None);
        }
        Ok(Some(self.sql.prepare_cached(REACHED)?.query_row([], |row| spelling::natural(row, 0))?))
    }

    fn counted(&self, from: Timestamp, to: Timestamp) -> Result<BTreeMap<Key, LineMinute>, StoreError> {
        let minutes = [from.millis().div_euclid(MINUTE_MS), to.millis().saturating_sub(1).div_euclid(MINUTE_MS)];
        let mut statement = self.sql.prepare_cached(COUNTED)?;
        let counted = statement.query_map(minutes, |row| {
            let (minute, line): (i64, String) = (row.get(0)?, row.get(1)?);
            let counts = LineMinute {
                received: spelling::natural(row, 2)?,
                acknowledged: spelling::natural(row, 3)?,
                supervised: spelling::natural(row, 4)?,
                refused: spelling::natural(row, 5)?,
                noise: spelling::natural(row, 6)?,
                ..LineMinute::empty(minute, &line)
            };
            Ok(((minute, line), counts))
        })?;
        Ok(counted.collect::<Result<_, _>>()?)
    }

    /// Walks log and dispositions side by side, both in the order of the log.
    fn logged(
        &self,
        from: Timestamp,
        to: Timestamp,
        reached: Option<u64>,
        minutes: &mut BTreeMap<Key, LineMinute>,
        undisposed: &mut BTreeMap<Key, SignalId>,
    ) -> Result<(), StoreError> {
        let ids = self.log_range(from, to)?;
        let bounds = [spelling::bigint(ids.start), spelling::bigint(ids.end)];
        let mut log = self.sql.prepare_cached(LOGGED)?;
        let mut log = log.query(bounds)?;
        let mut disposed = match reached {
            Some(_) => Some(self.sql.prepare_cached(DISPOSED)?),
            None => None,
        };
        let mut disposed = match &mut disposed {
            Some(statement) => Some(statement.query(bounds)?),
            None => None,
        };
        let mut ahead = next_disposed(&mut disposed)?;
        while let Some(row) = log.next()? {
            let id = spelling::natural(row, 0)?;
            let mut last = None;
            while let Some((signal, fate)) = ahead.filter(|(signal, _)| *signal <= id) {
                last = Some(fate).filter(|_| signal == id);
                ahead = next_disposed(&mut disposed)?;
            }
            let received_at = spelling::moment(row, 1)?;
            if received_at < from || received_at >= to {
                continue;
            }
            let line: String = row.get(2)?;
            let minute = received_at.millis().div_euclid(MINUTE_MS);
            let key = (minute, line);
            let counts = minutes.entry(key.clone()).or_insert_with(|| LineMinute::empty(minute, &key.1));
            counts.signals += 1;
            let answered = row.get_ref(3)?.as_str().is_ok_and(|answer| answer == "ack");
            let first: bool = row.get::<_, i64>(4)? == 0;
            let marks = Marks::from_bits(row.get(5)?);
            // What the centre makes itself never was a frame.
            let own = marks.contains(Marks::SUPERVISION) || marks.contains(Marks::MANUAL);
            if answered && first && !own {
                counts.stored += 1;
            }
            match last {
                Some(Fate::Held) => counts.held += 1,
                Some(_) => counts.disposed += 1,
                None if reached.is_some_and(|reached| id > reached) => counts.pending += 1,
                None => {
                    undisposed.entry(key).or_insert(SignalId::new(id));
                }
            }
        }
        Ok(())
    }
}

/// The moment itself if a minute begins there, or else when the next one does.
fn next_minute(at: Timestamp) -> Timestamp {
    let past = at.millis().rem_euclid(MINUTE_MS);
    let wait = if past == 0 { 0 } else { MINUTE_MS - past };
    Timestamp::from_millis(at.millis().saturating_add(wait))
}

/// Minutes since the epoch, and the line.
type Key = (i64, String);

fn next_disposed(rows: &mut Option<Rows<'_>>) -> Result<Option<(u64, Fate)>, StoreError> {
    let Some(rows) = rows else { return Ok(None) };
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((spelling::natural(row, 0)?, spelling::word(row, 1, Fate::from_word)?)))
}

impl LineMinute {
    fn empty(minute: i64, line: &str) -> Self {
        Self {
            minute: Timestamp::from_millis(minute.saturating_mul(MINUTE_MS)),
            line: line.to_owned(),
            received: 0,
            acknowledged: 0,
            supervised: 0,
            refused: 0,
            noise: 0,
            stored: 0,
            signals: 0,
            disposed: 0,
            held: 0,
            pending: 0,
        }
    }
}

fn holes(counts: &LineMinute, desk: bool, undisposed: &BTreeMap<Key, SignalId>) -> Vec<Hole> {
    let answered = counts.acknowledged + counts.supervised + counts.refused;
    let mut sums = vec![
        (Rule::ReceivedIsAnswered, counts.received, answered),
        (Rule::AcknowledgedIsStored, counts.acknowledged, counts.stored),
    ];
    if desk {
        sums.push((Rule::StoredIsDisposed, counts.signals, counts.disposed + counts.held + counts.pending));
    }
    let key = (counts.minute.millis().div_euclid(MINUTE_MS), counts.line.clone());
    sums.into_iter()
        .filter(|(_, expected, found)| expected != found)
        .map(|(rule, expected, found)| Hole {
            minute: counts.minute,
            line: counts.line.clone(),
            rule,
            expected,
            found,
            signal: undisposed.get(&key).copied().filter(|_| rule == Rule::StoredIsDisposed),
        })
        .collect()
}
