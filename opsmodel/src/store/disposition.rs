//! What became of each signal: one chained row per decision, the look-up row that lists read, and the counts per day.

use std::collections::BTreeMap;

use alarmcore::{Disposition, Outcome, Received};
use contactid::Class;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::chain::{DISPOSITION, Field, Tail};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The writing end of the dispositions inside a commit.
pub(super) struct Decisions<'c> {
    sql: &'c Connection,
    tail: Tail<'c>,
    /// The signals of the batch: numbered without a gap.
    received: &'c [Received],
    /// Which of them have their first disposition.
    disposed: Vec<bool>,
    days: DayCounts,
}

impl<'c> Decisions<'c> {
    pub(super) fn open(sql: &'c Connection, received: &'c [Received]) -> Result<Self, StoreError> {
        Ok(Self {
            sql,
            tail: Tail::open(sql, &DISPOSITION)?,
            received,
            disposed: vec![false; received.len()],
            days: DayCounts::default(),
        })
    }

    pub(super) fn append(&mut self, disposition: &Disposition) -> Result<(), StoreError> {
        let step = match self.first_of(disposition) {
            Some(received) => {
                put_row(self.sql, received, disposition)?;
                self.days.add(received, disposition.outcome, 1);
                1
            }
            None => {
                self.settle(disposition)?;
                2
            }
        };
        let (until, of) = match disposition.outcome {
            Outcome::Held { until } => (Some(until.millis()), None),
            Outcome::Repeat { of } => (None, Some(of.get().cast_signed())),
            Outcome::Opened { .. } | Outcome::Joined { .. } | Outcome::Logged => (None, None),
        };
        self.tail.append(&[
            Field::Int(disposition.signal.get().cast_signed()),
            Field::Int(step),
            Field::Int(disposition.at.millis()),
            Field::Text(disposition.outcome.word().as_str()),
            Field::int(disposition.outcome.incident().map(|incident| incident.get().cast_signed())),
            Field::int(until),
            Field::int(of),
            Field::Text(disposition.rule.as_str()),
            Field::Int(disposition.policy.into()),
            Field::text(disposition.overridden.as_deref()),
            Field::int(disposition.unweighed.then_some(1)),
            Field::int(disposition.counted.then_some(1)),
            Field::int(disposition.unseen.then_some(1)),
        ])?;
        Ok(())
    }

    /// The signal, if it is of this batch and this is its first disposition.
    fn first_of(&mut self, disposition: &Disposition) -> Option<&'c Received> {
        let place = disposition.signal.get().checked_sub(self.received.first()?.id.get())? as usize;
        let disposed = self.disposed.get_mut(place)?;
        (!std::mem::replace(disposed, true)).then(|| &self.received[place])
    }

    /// The final disposition of a signal that was held.
    fn settle(&mut self, disposition: &Disposition) -> Result<(), StoreError> {
        let signal = disposition.signal.get();
        let held: Option<(String, i64, String)> = self
            .sql
            .prepare_cached("SELECT account, received_at, class FROM held_signal WHERE signal = ?1")?
            .query_row([signal.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((account, received_at, class)) = held.filter(|_| disposition.outcome.is_final()) else {
            return Err(StoreError::Undisposed { signal, found: 2 });
        };
        self.sql.prepare_cached("DELETE FROM held_signal WHERE signal = ?1")?.execute([signal.cast_signed()])?;
        self.sql
            .prepare_cached(
                "UPDATE signal_row SET outcome = ?4, incident = ?5, rule = ?6, policy = ?7
                 WHERE account = ?1 AND received_at = ?2 AND signal = ?3",
            )?
            .execute(params![
                account,
                received_at,
                signal.cast_signed(),
                disposition.outcome.word().as_str(),
                disposition.outcome.incident().map(|incident| incident.get().cast_signed()),
                disposition.rule.as_str(),
                disposition.policy
            ])?;
        let day = received_at.div_euclid(DAY_MS);
        *self.days.0.entry((day, class.clone(), "held")).or_default() -= 1;
        *self.days.0.entry((day, class, disposition.outcome.word().as_str())).or_default() += 1;
        Ok(())
    }

    /// Refuses a batch that leaves one of its signals without a disposition.
    pub(super) fn close(self) -> Result<(), StoreError> {
        if let Some(place) = self.disposed.iter().position(|disposed| !disposed) {
            return Err(StoreError::Undisposed { signal: self.received[place].id.get(), found: 0 });
        }
        self.tail.close()?;
        self.days.write(self.sql)
    }
}

/// Writes the look-up row of a signal, as one disposition of it says.
pub(super) fn put_row(sql: &Connection, received: &Received, disposition: &Disposition) -> Result<(), StoreError> {
    let report = &received.report;
    let signal = report.signal.as_ref();
    let account = report.account.as_ref().map_or("", |account| account.as_str());
    let class = class_of(received);
    sql.prepare_cached(
        "INSERT INTO signal_row (account, received_at, signal, line, token, sequence, marks, code, qualifier, grp, number,
                                 class, outcome, incident, rule, policy)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        account,
        report.received_at.millis(),
        received.id.get().cast_signed(),
        report.line,
        report.token,
        report.sequence,
        report.marks.bits(),
        signal.map(|signal| signal.code.to_string()),
        signal.map(|signal| signal.qualifier.digit()),
        signal.and_then(|signal| signal.group),
        signal.and_then(|signal| signal.number),
        class.as_str(),
        disposition.outcome.word().as_str(),
        disposition.outcome.incident().map(|incident| incident.get().cast_signed()),
        disposition.rule.as_str(),
        disposition.policy
    ])?;
    if let Outcome::Held { until } = disposition.outcome {
        sql.prepare_cached(
            "INSERT INTO held_signal (signal, account, received_at, class, at, until, rule, policy)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            received.id.get().cast_signed(),
            account,
            report.received_at.millis(),
            class.as_str(),
            disposition.at.millis(),
            until.millis(),
            disposition.rule.as_str(),
            disposition.policy
        ])?;
    }
    Ok(())
}

fn class_of(received: &Received) -> Class {
    received.report.signal.as_ref().map_or(Class::Other, contactid::Signal::class)
}

/// Changes of `day_count`, added up over a commit.
#[derive(Default)]
pub(super) struct DayCounts(BTreeMap<(i64, String, &'static str), i64>);

impl DayCounts {
    pub(super) fn add(&mut self, received: &Received, outcome: Outcome, n: i64) {
        let day = received.report.received_at.millis().div_euclid(DAY_MS);
        *self.0.entry((day, class_of(received).as_str().to_owned(), outcome.word().as_str())).or_default() += n;
    }

    pub(super) fn write(self, sql: &Connection) -> Result<(), StoreError> {
        let mut put = sql.prepare_cached(
            "INSERT INTO day_count (day, class, outcome, n) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (day, class, outcome) DO UPDATE SET n = day_count.n + excluded.n",
        )?;
        let mut drop_empty =
            sql.prepare_cached("DELETE FROM day_count WHERE day = ?1 AND class = ?2 AND outcome = ?3 AND n = 0")?;
        for ((day, class, outcome), n) in &self.0 {
            put.execute(params![day, class, outcome, n])?;
            if *n <= 0 {
                drop_empty.execute(params![day, class, outcome])?;
            }
        }
        Ok(())
    }
}
