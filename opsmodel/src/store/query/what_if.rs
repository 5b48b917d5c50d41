//! What would have been under other rules: the past as the store keeps it, read for [`alarmcore::WhatIf`].
//!
//! Only the truth is read (signals, journal, dispositions, card history), so that a rebuilt store answers alike; a stretch at
//! a time, so that no long transaction keeps a running centre from moving its write-ahead log into its file. What is written
//! meanwhile is not seen: every table is read up to where it ended at the beginning.

mod cards;
mod journal;
mod start;

use std::collections::BTreeMap;
use std::ops::Range;

use alarmcore::{
    Decided, Differences, IncidentId, OutcomeWord, Past, Policy, Received, Rule, SignalId, Snapshot, Timestamp, WhatIf,
};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::{Reader, log, spelling};
use crate::store::{StoreError, signals::logged};
use cards::Cards;
#[cfg(test)]
pub(super) use cards::HISTORY;
pub(super) use cards::accounts_at;
#[cfg(test)]
pub(super) use journal::ENTRIES;
use journal::Told;

/// What differs, and over what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The first moment of it.
    #[serde(serialize_with = "spelling::time")]
    pub from: Timestamp,
    /// Before this moment; the last one that is recorded where no end was asked for.
    #[serde(serialize_with = "spelling::time")]
    pub to: Timestamp,
    /// The versions of the policies that decided at the time, and about how many signals each.
    pub recorded: BTreeMap<u32, u64>,
    /// What differs.
    pub differences: Differences,
    /// The recorded number of each of its incidents; `None` of one that is not recorded.
    pub numbers: Vec<Option<IncidentId>>,
}

/// How many signals or entries are read at once.
const STRETCH: u64 = 4096;

pub(super) const FIRST: &str =
    "SELECT id FROM signal WHERE id >= ?1 AND id < ?2 AND received_at >= ?3 ORDER BY id LIMIT 1";
pub(super) const LAST: &str =
    "SELECT id FROM signal WHERE id >= ?1 AND id < ?2 AND received_at < ?3 ORDER BY id DESC LIMIT 1";
pub(super) const CURSOR: &str = "SELECT signal FROM cursor WHERE reader = 'desk'";
pub(super) const DECIDED: &str = "SELECT signal, at, outcome, until, rule, policy, unweighed, unseen FROM disposition \
    INDEXED BY disposition_signal WHERE signal >= ?1 AND signal < ?2 ORDER BY signal, step";

/// A decision of the past.
pub(super) struct Decision {
    signal: u64,
    at: Timestamp,
    until: Option<Timestamp>,
    policy: u32,
    unweighed: bool,
    unseen: bool,
    pub(super) decided: Decided,
}

impl Reader {
    /// Lets the signals and acts from `from` on and before `to` happen again, under the policy `old` and under `new`, and says
    /// what differs. Starts from how things stood at `from`: every signal before it is folded, whatever the policy. `told`
    /// hears how many signals were read.
    ///
    /// # Errors
    /// When the files cannot be read, or a row holds what no writer wrote.
    pub fn what_if(
        &self,
        (from, to): (Timestamp, Timestamp),
        (old, new): (Policy, Policy),
        told: &mut dyn FnMut(u64),
    ) -> Result<Compared, StoreError> {
        // The journal's end before the desk's cursor: then every signal that an entry speaks of is among those read.
        let journal_end = self.journal_end()?;
        let ids = self.stretch_of(from, to)?;
        let journal = Told::read(self, (from, to), ids.start, journal_end)?;
        let mut cards = Cards::read(self, (from, to))?;
        let start = start::Start::read(self, &cards, from, ids.start, told)?;
        let end = to.min(journal.last.max(self.received_at(ids.end - 1)?).max(from));
        let hidden = start.hidden(self, from, &journal.shown)?;
        let snapshot = Snapshot {
            hidden,
            incidents: journal.open,
            next_incident: journal.next_incident,
            tests: journal.tests,
            returned: journal.returned,
            false_calls: journal.false_calls,
            next_test: journal.next_test,
            storms: journal.storms,
            calmed: journal.calmed,
            next_storm: journal.next_storm,
            // What an override hid until it ended before the period was shown then.
            ended: [&old, &new].into_iter().flat_map(ends).filter(|end| *end <= from).collect(),
            ..start.snapshot(&cards, from)
        };
        let held = self.became(snapshot.held.iter().map(|held| held.received.id), to)?;
        let mut what_if = WhatIf::new(snapshot, &held, old, new);
        let mut acts = journal.acts.into_iter().peekable();
        let mut recorded = BTreeMap::new();
        let mut first = ids.start;
        while first < ids.end {
            let next = ids.end.min(first + STRETCH);
            for (received, decisions) in self.judged(first..next)? {
                let (id, at) = (received.id.get(), received.report.received_at);
                while let Some(act) = acts.next_if(|act| act.comes_before(id, at)) {
                    cards.up_to(act.at, |past| what_if.hear(&past));
                    what_if.hear(&act.act);
                }
                cards.up_to(at, |past| what_if.hear(&past));
                let last = decisions.into_iter().rfind(|decision| decision.at < to);
                if let Some(last) = &last {
                    *recorded.entry(last.policy).or_default() += 1;
                }
                what_if.hear(&Past::Signal(received, last.map(|last| last.decided)));
            }
            told(next - first);
            first = next;
        }
        for act in acts {
            cards.up_to(act.at, |past| what_if.hear(&past));
            what_if.hear(&act.act);
        }
        let from = if from.millis() == i64::MIN { self.received_at(ids.start)?.min(end) } else { from };
        let differences = what_if.end(end, &journal.truth);
        let numbers = differences.incidents.iter().map(|one| journal.numbers.get(&one.opening).copied()).collect();
        Ok(Compared { from, to: end, recorded, differences, numbers })
    }

    /// How many signals [`Reader::what_if`] reads for this period.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn what_if_reads(&self, from: Timestamp, to: Timestamp) -> Result<u64, StoreError> {
        Ok(self.stretch_of(from, to)?.end - 1)
    }

    /// The signals of a period: from the first that was received in it to the last, as far as the desk has come. A clock that
    /// was set back between them takes none out.
    pub(super) fn stretch_of(&self, from: Timestamp, to: Timestamp) -> Result<Range<u64>, StoreError> {
        let cursor = self.sql.prepare_cached(CURSOR)?.query_row([], |row| spelling::natural(row, 0)).optional()?;
        let all = cursor.unwrap_or(0) + 1;
        let wide = self.log_range(from, to)?;
        let (low, high) = (wide.start.min(all), wide.end.min(all));
        let find = |statement, at: Timestamp| -> Result<Option<u64>, StoreError> {
            let bounds = params![spelling::bigint(low), spelling::bigint(high), at.millis()];
            Ok(self.sql.prepare_cached(statement)?.query_row(bounds, |row| spelling::natural(row, 0)).optional()?)
        };
        let start = find(FIRST, from)?.unwrap_or(high);
        Ok(start..find(LAST, to)?.map_or(start, |last| last + 1).max(start))
    }

    /// When a signal was received; the beginning of time for none.
    fn received_at(&self, id: u64) -> Result<Timestamp, StoreError> {
        let mut statement = self.sql.prepare_cached(log::RECEIVED_AT)?;
        let at = statement.query_row([spelling::bigint(id)], |row| spelling::moment(row, 0)).optional()?;
        Ok(at.unwrap_or(Timestamp::from_millis(i64::MIN)))
    }

    /// Signals with all that was decided about each.
    pub(super) fn judged(&self, ids: Range<u64>) -> Result<Vec<(Received, Vec<Decision>)>, StoreError> {
        let bounds = [spelling::bigint(ids.start), spelling::bigint(ids.end)];
        let mut decisions = self.decisions(bounds)?.into_iter().peekable();
        let mut statement = self.sql.prepare_cached(&log::STRETCH)?;
        let mut rows = statement.query(bounds)?;
        let mut judged = Vec::new();
        while let Some(row) = rows.next()? {
            let received = logged(row)?.received;
            let mut of = Vec::new();
            while let Some(decision) = decisions.next_if(|decision| decision.signal <= received.id.get()) {
                of.extend(Some(decision).filter(|decision| decision.signal == received.id.get()));
            }
            judged.push((received, of));
        }
        Ok(judged)
    }

    fn decisions(&self, bounds: [i64; 2]) -> Result<Vec<Decision>, StoreError> {
        let mut statement = self.sql.prepare_cached(DECIDED)?;
        let decisions = statement.query_map(bounds, |row| {
            let (outcome, rule) =
                (spelling::word(row, 2, OutcomeWord::from_word)?, spelling::word(row, 4, Rule::from_word)?);
            Ok(Decision {
                signal: spelling::natural(row, 0)?,
                at: spelling::moment(row, 1)?,
                until: spelling::moment_or_null(row, 3)?,
                policy: row.get(5)?,
                unweighed: row.get::<_, Option<i64>>(6)?.is_some(),
                unseen: row.get::<_, Option<i64>>(7)?.is_some(),
                decided: Decided { outcome, rule },
            })
        })?;
        Ok(decisions.collect::<Result<_, _>>()?)
    }

    /// What became before `to` of signals that were held at the start.
    fn became(
        &self,
        held: impl Iterator<Item = SignalId>,
        to: Timestamp,
    ) -> Result<BTreeMap<SignalId, Decided>, StoreError> {
        let mut became = BTreeMap::new();
        for id in held {
            let one = spelling::bigint(id.get());
            let last = self.decisions([one, one + 1])?.into_iter().rfind(|decision| decision.at < to);
            became.extend(last.map(|last| (id, last.decided)));
        }
        Ok(became)
    }
}

/// When the overrides of a policy end.
fn ends(policy: &Policy) -> impl Iterator<Item = Timestamp> {
    policy.overrides.iter().filter_map(|one| one.until)
}
