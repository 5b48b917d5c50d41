//! How far what the clauses of a rule pack ask for was kept over a period, from what is stored.
//!
//! Every number is one that another report gives too: the times of incidents are those of the report on response, hand-offs
//! those of the report on hand-offs, sums those of conservation. A moment `as_of` bounds what is known: whatever happened after
//! it has not happened yet.

mod always;
mod due;
mod false_calls;
mod poll;
mod register;
mod scope;
mod target;

use alarmcore::{
    Clause, ClauseId, Finding, Incident, IncidentId, Mark, Pack, PackRule, Policy, Record, SignalId, Timestamp, WhyNot,
    evolve, percent,
};
use contactid::{AccountNumber, Lang};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

#[cfg(test)]
pub(super) use always::{CLOSED, ENDED};
#[cfg(test)]
pub(super) use register::TESTED;

use scope::Scope;

use super::false_calls::RECORDS;
use super::{Reader, spelling};
use crate::store::{StoreError, journal};

/// The answer of [`Reader::pack`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackReport {
    /// The pack with its version, as `uk-npcc@1`.
    pub pack: String,
    /// From when on: not before anything was stored.
    #[serde(serialize_with = "spelling::time")]
    pub from: Timestamp,
    /// Before when: not after what is known.
    #[serde(serialize_with = "spelling::time")]
    pub to: Timestamp,
    /// What was known then counts, and nothing later.
    #[serde(serialize_with = "spelling::time")]
    pub as_of: Timestamp,
    /// The overrides of the policy that name the pack, where it is not in force for the whole centre: what is measured by account or
    /// incident is that of the accounts that they cover.
    pub whose: Vec<String>,
    /// One row per clause, in the order of the pack.
    pub clauses: Vec<ClauseRow>,
}

/// What was found of one clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseRow {
    /// The pack with its version.
    pub pack: String,
    /// The clause.
    pub clause: ClauseId,
    /// How well it is established what it asks.
    pub mark: Mark,
    /// What it asks, in English.
    pub text: String,
    /// The same in Chinese.
    pub text_zh: String,
    /// What was found.
    pub finding: Finding,
    /// Why nothing was.
    pub why: Option<WhyNot>,
    /// What was measured, in English; nothing where nothing can be.
    pub measures: String,
    /// The same in Chinese.
    pub measures_zh: String,
    /// What is asked for, in figures.
    pub target: String,
    /// What was found, in the same figures.
    pub figure: String,
    /// How often that was asked of the centre: incidents, hand-offs, stretches of time, signals, accounts or false calls.
    pub cases: u64,
    /// How often it was not kept.
    pub failed: u64,
    /// How often its time still runs; not among the cases.
    pub open: u64,
    /// What was not kept, the first first; as many of them as were asked for.
    pub failures: Vec<Failure>,
}

/// One case in which a clause was not kept: what stands behind it. What is `None` has no part in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// The incident.
    pub incident: Option<IncidentId>,
    /// The signal.
    pub signal: Option<SignalId>,
    /// Whose it is.
    pub account: Option<AccountNumber>,
    /// How long it took, in milliseconds; `None` as well where it was not done.
    pub took_ms: Option<u64>,
}

impl Failure {
    fn of(incident: &Incident, at: Timestamp, took_ms: Option<u64>) -> Self {
        Self { at, incident: Some(incident.id), signal: None, account: incident.account, took_ms }
    }
}

/// What a measure found, before it is held against the clause.
#[derive(Default)]
struct Measured {
    /// In the target's figures; nothing for the share of what was kept.
    figure: Option<String>,
    /// How much of a thousand must be kept; `None` for all of it.
    per_mille: Option<u32>,
    cases: u64,
    open: u64,
    failures: Vec<Failure>,
}

impl Measured {
    fn case(&mut self, kept: bool, failure: impl FnOnce() -> Failure) {
        self.cases += 1;
        if !kept {
            self.failures.push(failure());
        }
    }

    fn failed(&self) -> u64 {
        self.failures.len() as u64
    }

    fn is_kept(&self) -> bool {
        let kept = self.cases.saturating_sub(self.failed());
        kept * 1000 >= self.cases * u64::from(self.per_mille.unwrap_or(1000))
    }

    /// The share that was kept, rounded down: what is not all of it never reads as 100 %.
    fn share(&self) -> String {
        let kept = self.cases.saturating_sub(self.failed());
        percent(u32::try_from(kept * 1000 / self.cases.max(1)).unwrap_or(0))
    }
}

/// What is measured, or why it cannot be.
type Outcome = Result<Measured, WhyNot>;

/// Which period, and what is known.
#[derive(Clone, Copy)]
struct Span {
    from: Timestamp,
    to: Timestamp,
    as_of: Timestamp,
}

impl Span {
    fn holds(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to && at <= self.as_of
    }

    /// Where what can be measured ends: before this moment.
    fn end(self) -> Timestamp {
        self.to.min(Timestamp::from_millis(self.as_of.millis().saturating_add(1)))
    }
}

pub(super) const OPENED: &str = "SELECT body FROM incident INDEXED BY incident_opened \
    WHERE opened_at >= ?1 AND opened_at < ?2 ORDER BY opened_at, id";
/// The ends of what is stored: journal and log are in the order in which they were written.
pub(super) const FIRST_LAST: &str = "SELECT (SELECT at FROM journal WHERE seq = (SELECT min(seq) FROM journal)), \
    (SELECT received_at FROM signal WHERE id = (SELECT min(id) FROM signal)), \
    (SELECT at FROM journal WHERE seq = (SELECT max(seq) FROM journal)), \
    (SELECT received_at FROM signal WHERE id = (SELECT max(id) FROM signal))";

impl Reader {
    /// How far the clauses of a pack were kept from `from` on and before `to`. What happened after `as_of` is not known;
    /// `None` is the last moment that is stored. Of each clause at most `listed` failures are listed, all are counted.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn pack(
        &self,
        pack: &Pack,
        (from, to): (Timestamp, Timestamp),
        as_of: Option<Timestamp>,
        listed: usize,
    ) -> Result<PackReport, StoreError> {
        let (first, last) = self.ends()?.unwrap_or_default();
        let span = Span { from, to, as_of: as_of.unwrap_or(last) };
        let scope = Scope::of(self.policy_at(span.end())?, &pack.id);
        let mut incidents = Vec::new();
        for incident in self.opened_as_it_was(span)? {
            if scope.covers(self, incident.account, incident.opened_at)? {
                incidents.push(incident);
            }
        }
        let mut clauses = Vec::new();
        for clause in &pack.clauses {
            let found = match (&clause.rule, clause.unmeasured) {
                (Some(rule), _) => self.measure(clause, rule, (span, &scope), first, &incidents)?,
                (None, why) => Err(why.unwrap_or(WhyNot::NotSaid)),
            };
            clauses.push(row(&pack.stamp(), clause, found, listed));
        }
        let from = from.max(first);
        let (pack, to, whose) = (pack.stamp(), span.end().max(from), scope.names());
        Ok(PackReport { pack, from, to, as_of: span.as_of, whose, clauses })
    }

    fn measure(
        &self,
        clause: &Clause,
        rule: &PackRule,
        (span, scope): (Span, &Scope),
        first: Timestamp,
        incidents: &[Incident],
    ) -> Result<Outcome, StoreError> {
        let found = match rule {
            PackRule::Due(_) | PackRule::FalseCalls(_) if !self.was_in_force(&clause.id, span)? => {
                return Ok(Err(WhyNot::NotInForce));
            }
            PackRule::Due(due) => due::measure(&clause.id, due, span, incidents),
            PackRule::FalseCalls(rule) => self.false_calls_measured(&clause.id, rule, (span, scope))?,
            PackRule::Target(target) => target::measure(target, span, incidents),
            PackRule::Register(register) => return self.register_measured(*register, (span, scope), first),
            PackRule::Poll(poll) => self.lines_polled(*poll, (span, scope))?,
            PackRule::Always(always) => self.always_measured(clause, always.holds, (span, scope), incidents)?,
        };
        Ok(if found.cases == 0 && found.open == 0 { Err(WhyNot::NothingHappened) } else { Ok(found) })
    }

    /// Did a policy in force at any time of the period have the rule of this clause?
    fn was_in_force(&self, clause: &ClauseId, span: Span) -> Result<bool, StoreError> {
        let policies = self.policies()?;
        let own = |policy: &Policy| {
            policy.overrides.iter().any(|one| one.changes.rules.iter().any(|rule| rule.clause == *clause))
        };
        let has = |policy: &Policy| policy.rule_of(clause).is_some() || own(policy);
        let ends = policies.iter().skip(1).map(|next| next.since).chain([Timestamp::from_millis(i64::MAX)]);
        let within = |(in_force, end): (&super::PolicyInForce, Timestamp)| {
            in_force.since < span.end() && end > span.from && has(&in_force.policy)
        };
        Ok(policies.iter().zip(ends).any(within))
    }

    /// The incidents that were opened in the period, as they stood then.
    fn opened_as_it_was(&self, span: Span) -> Result<Vec<Incident>, StoreError> {
        let mut statement = self.sql.prepare_cached(OPENED)?;
        let found =
            statement.query_map(params![span.from.millis(), span.end().millis()], |row| spelling::json(row, 0))?;
        let now: Vec<Incident> = found.collect::<Result<_, _>>()?;
        let then = |incident: Incident| {
            if incident.changed_at <= span.as_of {
                return Ok(Some(incident));
            }
            self.as_it_was(incident.id, |record| record.at <= span.as_of)
        };
        now.into_iter().filter_map(|incident| then(incident).transpose()).collect()
    }

    /// An incident as the records make it that are `known`, up to the first that is not.
    fn as_it_was(&self, id: IncidentId, known: impl Fn(&Record) -> bool) -> Result<Option<Incident>, StoreError> {
        let mut statement = self.sql.prepare_cached(RECORDS)?;
        let mut rows = statement.query([journal::stream(id)])?;
        let mut incident = None;
        while let Some(row) = rows.next()? {
            let record = journal::record(row)?;
            if !known(&record) {
                break;
            }
            incident = Some(evolve(incident, &record));
        }
        Ok(incident)
    }

    /// The first and the last moment that anything is stored of.
    fn ends(&self) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        let mut statement = self.sql.prepare_cached(FIRST_LAST)?;
        let ends = statement.query_row([], |row| {
            let at = |column| spelling::moment_or_null(row, column);
            let first = [at(0)?, at(1)?].into_iter().flatten().min();
            let last = [at(2)?, at(3)?].into_iter().flatten().max();
            Ok(first.zip(last))
        });
        Ok(ends.optional()?.flatten())
    }
}

fn row(pack: &str, clause: &Clause, found: Outcome, listed: usize) -> ClauseRow {
    let (finding, why, mut found) = match found {
        // All that there is still runs: nothing was found of it.
        Ok(found) if found.cases == 0 => (Finding::Unmeasured, Some(WhyNot::NothingHappened), found),
        Ok(found) => (Finding::of(clause.mark, found.is_kept()), None, found),
        Err(why) => (Finding::Unmeasured, Some(why), Measured::default()),
    };
    let failed = found.failed();
    found.failures.truncate(listed);
    let figure = match why {
        Some(_) => String::new(),
        None => found.figure.clone().unwrap_or_else(|| found.share()),
    };
    ClauseRow {
        pack: pack.to_owned(),
        clause: clause.id.clone(),
        mark: clause.mark,
        text: clause.text.en.clone(),
        text_zh: clause.text.zh.clone(),
        finding,
        why,
        measures: clause.measures(Lang::En),
        measures_zh: clause.measures(Lang::Zh),
        target: clause.target(),
        figure,
        cases: found.cases,
        failed,
        open: found.open,
        failures: found.failures,
    }
}
