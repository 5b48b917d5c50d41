//! Why a signal was shown, or why it was not: every decision on it with its rule and policy version, what the account's
//! card and its open incidents had to do with it, what else decided along, and what would have shown it.

pub(super) mod behind;
mod keys;
mod offers;
mod remark;

use std::borrow::Cow;

use alarmcore::{Incident, IncidentId, Rule, SignalId, Timestamp};
use contactid::{AccountNumber, Lang, Qualifier};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

pub use remark::{About, Line, Remark};

use super::{Fate, Reader, SignalRow, spelling};
use crate::crm::AccountCard;
use crate::store::StoreError;

/// One signal and the whole answer to "why?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The signal, with the last word on it.
    pub signal: SignalRow,
    /// Has an operator been shown it?
    pub shown: bool,
    /// The decisions on it, in their order: one, or two of a signal that was held.
    pub steps: Vec<Step>,
    /// What else had to do with it.
    pub remarks: Vec<Remark>,
    /// What its incident holds, oldest first, this signal among it: empty when it belongs to none.
    pub evidence: Vec<Evidence>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// What became of it.
    pub outcome: Fate,
    /// The incident that it opened or joined.
    pub incident: Option<IncidentId>,
    /// Until when it was held.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub until: Option<Timestamp>,
    /// The signal that it repeats.
    pub of: Option<SignalId>,
    /// The rule.
    pub rule: String,
    /// The rule as a sentence, in English; the word itself of a rule that this version does not know.
    pub rule_en: String,
    /// The same in Chinese.
    pub rule_zh: String,
    /// The version of the policy that was in force.
    pub policy: u32,
    /// Whose override of it decided: `account`, `site` and its name, or `site-type` and the kind; `None` for the rules of the centre.
    pub overridden: Option<String>,
    /// Did it come from a strange source, and therefore lower, end and satisfy nothing?
    pub unweighed: bool,
}

/// One signal of an incident, and the rule that made it part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The signal.
    pub signal: SignalRow,
    /// The rule as a sentence, in English.
    pub rule_en: String,
    /// The same in Chinese.
    pub rule_zh: String,
}

/// The card that counted at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CardThen {
    version: u32,
    at: Timestamp,
    card: AccountCard,
}

/// What is known of the moment of the decision; what is made of it is [`remark`]'s.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Circumstances {
    /// The account's card as it then was.
    card: Option<CardThen>,
    /// The account's incidents that were open before.
    open: Vec<IncidentId>,
    /// The signal that decided along: the first of a repeat, the restore of a held one, the held one of a restore.
    other: Option<SignalRow>,
}

/// How many signals of an incident are listed as evidence.
const EVIDENCE: usize = 500;
/// How many incidents that were open before are named.
const OPEN: usize = 16;
/// How far back a held signal is looked for, in milliseconds: 31 days. No wait of a sane policy is longer.
const HELD_MS: i64 = 31 * 86_400_000;

pub(super) const IN_ORDER: &str = "SELECT signal FROM incident_signal WHERE incident = ?1 ORDER BY signal LIMIT ?2";
pub(super) const BODY: &str = "SELECT body FROM incident WHERE id = ?1";
pub(super) const STEPS: &str = "SELECT at, outcome, incident, until, of, rule, policy, overridden, unweighed \
    FROM disposition \
    INDEXED BY disposition_signal WHERE signal = ?1 ORDER BY step";
pub(super) const CARD: &str = "SELECT version, at, after FROM card_history INDEXED BY card_history_card \
    WHERE card = 'account' AND key = ?1 AND at <= ?2 ORDER BY version DESC LIMIT 1";
pub(super) const OPEN_THEN: &str = "SELECT id FROM incident INDEXED BY incident_account \
    WHERE account = ?1 AND opened_at <= ?2 AND (closed_at IS NULL OR closed_at > ?2) AND first_signal <> ?3 \
    ORDER BY opened_at DESC LIMIT ?4";
/// The restore that settled a held signal.
pub(super) const RESTORE: &str = "SELECT signal FROM signal_row \
    WHERE account = ?1 AND received_at = ?2 AND signal > ?3 AND rule = 'restore-wait.restored' ORDER BY signal LIMIT 1";
/// A signal that was held before another came.
pub(super) const HELD_BEFORE: &str = "SELECT s.signal FROM signal_row s JOIN disposition d INDEXED BY disposition_signal \
    ON d.signal = s.signal AND d.step = 1 \
    WHERE s.account = ?1 AND s.received_at >= ?2 AND s.received_at <= ?3 AND s.signal < ?4 AND s.number IS ?5 \
    AND (s.code = ?6 OR ?6 IS NULL) AND s.qualifier = ?7 AND d.outcome = 'held' ORDER BY s.received_at DESC, s.signal DESC LIMIT 1";
/// The last opening or closing before a signal, of its group where both name one. What weighed nothing opened and closed nothing.
pub(super) const CHANGED_BEFORE: &str = "SELECT signal FROM signal_row s \
    WHERE account = ?1 AND received_at >= ?2 AND received_at <= ?3 AND signal < ?4 AND class = 'open-close' \
    AND qualifier <> 6 AND (grp = ?5 OR grp IS NULL OR ?5 IS NULL) \
    AND NOT EXISTS (SELECT 1 FROM disposition d INDEXED BY disposition_signal WHERE d.signal = s.signal AND d.unweighed = 1) \
    ORDER BY received_at DESC, signal DESC LIMIT 1";

impl Reader {
    /// Why this signal was shown, or was not; `None` when there is no such signal.
    ///
    /// # Errors
    /// When the files cannot be read, or a row holds what no writer wrote.
    pub fn explain(&self, id: SignalId) -> Result<Option<Explanation>, StoreError> {
        let Some(mut explained) = self.explain_alone(id)? else { return Ok(None) };
        if let Some(incident) = explained.signal.incident {
            let signals = self.held_by(incident)?;
            explained.evidence = signals.into_iter().map(Evidence::of).collect();
        }
        Ok(Some(explained))
    }

    /// The same of every signal of an incident, oldest first; each without the evidence, which is the others. Empty when
    /// there is no such incident.
    ///
    /// # Errors
    /// When the files cannot be read, or a row holds what no writer wrote.
    pub fn explain_incident(&self, incident: IncidentId) -> Result<Vec<Explanation>, StoreError> {
        let mut explained = Vec::new();
        for signal in self.held_by(incident)? {
            explained.extend(self.explain_alone(signal.id)?);
        }
        Ok(explained)
    }

    fn explain_alone(&self, id: SignalId) -> Result<Option<Explanation>, StoreError> {
        let Some(signal) = self.signal(id)? else { return Ok(None) };
        let steps = if self.has_desk() { self.steps(id)? } else { Vec::new() };
        let circumstances = match steps.first() {
            Some(first) => self.circumstances(&signal, &steps, first.at)?,
            None => Circumstances::default(),
        };
        let mut remarks = remark::remarks(&signal, &steps, &circumstances);
        let rule = steps.last().and_then(|last| Some((Rule::from_word(&last.rule)?, last.at)));
        if let Some((rule, at)) = rule.filter(|_| signal.incident.is_none()) {
            remarks.extend(self.behind(rule, &signal, at)?);
        }
        let incident = match signal.incident.filter(|_| self.has_desk()) {
            Some(incident) => self.incident_of(incident)?,
            None => None,
        };
        let opened = incident.as_ref().filter(|incident| incident.first_signal == id);
        let decided_at = steps.last().map(|last| last.at);
        let confirmed_it = |incident: &&Incident| incident.confirmed.is_some_and(|sign| Some(sign.at) == decided_at);
        let concerned = opened.or_else(|| incident.as_ref().filter(confirmed_it));
        remarks.extend(concerned.and_then(remark::of_confirmed));
        remarks.extend(opened.map(remark::of_incident).unwrap_or_default());
        let in_force = steps.last().map(|last| self.policy_at(last.at)).transpose()?.flatten();
        if let (Some(policy), Some(last)) = (in_force, steps.last()) {
            let card = circumstances.card.map(|then| then.card.desk_card());
            remarks.extend(card.iter().flat_map(|card| remark::of_own_rules(&policy.overrides_of(card, last.at))));
            let shown_at = opened.filter(|opened| opened.rule == Rule::OverrideOver).map(|opened| opened.opened_at);
            if let (Some(until), Some(card)) = (shown_at, &card) {
                remarks.extend(remark::of_ended(&self.policy_at(until)?.unwrap_or_default(), card, until));
            }
            let own = card.as_ref().map_or(Cow::Borrowed(&policy), |card| policy.of(card, last.at));
            remarks.extend(remark::of_packs(&own.packs));
            let overrides = card.as_ref().map(|card| policy.overrides_of(card, last.at)).unwrap_or_default();
            let origins = keys::Origins::new(&policy, &own, &overrides)?;
            remarks.extend(origins.remarks(&keys::used(&own, &signal, &steps, concerned)));
            remarks.extend(opened.map(|opened| origins.asked_for(opened)).unwrap_or_default());
        }
        let shown = signal.incident.is_some();
        Ok(Some(Explanation { signal, shown, steps, remarks, evidence: Vec::new() }))
    }

    fn incident_of(&self, id: IncidentId) -> Result<Option<Incident>, StoreError> {
        let mut statement = self.sql.prepare_cached(BODY)?;
        let found = statement.query_row([spelling::bigint(id.get())], |row| spelling::json::<Incident>(row, 0));
        Ok(found.optional()?)
    }

    fn steps(&self, id: SignalId) -> Result<Vec<Step>, StoreError> {
        let mut statement = self.sql.prepare_cached(STEPS)?;
        let steps = statement.query_map([spelling::bigint(id.get())], |row| {
            let rule: String = row.get(5)?;
            let (rule_en, rule_zh) = sentences(&rule);
            Ok(Step {
                at: spelling::moment(row, 0)?,
                outcome: spelling::word(row, 1, Fate::from_word)?,
                incident: spelling::natural_or_null(row, 2)?.map(IncidentId::new),
                until: spelling::moment_or_null(row, 3)?,
                of: spelling::natural_or_null(row, 4)?.map(SignalId::new),
                rule,
                rule_en,
                rule_zh,
                policy: row.get(6)?,
                overridden: row.get(7)?,
                unweighed: row.get::<_, Option<i64>>(8)?.is_some(),
            })
        })?;
        Ok(steps.collect::<Result<_, _>>()?)
    }

    fn circumstances(&self, signal: &SignalRow, steps: &[Step], at: Timestamp) -> Result<Circumstances, StoreError> {
        let other = self.other(signal, steps)?.map(|id| self.signal(id)).transpose()?.flatten();
        let Some(account) = signal.account else { return Ok(Circumstances { other, ..Circumstances::default() }) };
        let mut open = self.sql.prepare_cached(OPEN_THEN)?;
        let own = spelling::bigint(signal.id.get());
        let open = open.query_map(params![account.as_str(), at.millis(), own, spelling::limit(OPEN)], |row| {
            spelling::natural(row, 0).map(IncidentId::new)
        })?;
        Ok(Circumstances { card: self.card_then(account, at)?, open: open.collect::<Result<_, _>>()?, other })
    }

    /// The card of an account as it was at a moment; `None` when there was none, or it was closed.
    pub(super) fn card_as_it_was(
        &self,
        account: AccountNumber,
        at: Timestamp,
    ) -> Result<Option<AccountCard>, StoreError> {
        Ok(self.card_then(account, at)?.map(|then| then.card))
    }

    fn card_then(&self, account: AccountNumber, at: Timestamp) -> Result<Option<CardThen>, StoreError> {
        let found = self.sql.prepare_cached(CARD)?.query_row(params![account.as_str(), at.millis()], |row| {
            Ok(CardThen { version: row.get(0)?, at: spelling::moment(row, 1)?, card: spelling::json(row, 2)? })
        });
        Ok(found.optional()?.filter(|then| then.card.closed_at.is_none()))
    }

    /// The signal that decided along with this one.
    fn other(&self, signal: &SignalRow, steps: &[Step]) -> Result<Option<SignalId>, StoreError> {
        let (Some(last), Some(account)) = (steps.last(), signal.account) else { return Ok(None) };
        let key = (account.as_str(), spelling::bigint(signal.id.get()));
        let found = match Rule::from_word(&last.rule) {
            Some(Rule::Repeat | Rule::Duplicate) => return Ok(last.of),
            Some(Rule::RestoreWaitRestored) if steps.len() > 1 => {
                let mut statement = self.sql.prepare_cached(RESTORE)?;
                statement.query_row(params![key.0, last.at.millis(), key.1], |row| spelling::natural(row, 0))
            }
            Some(rule @ (Rule::RestoreWaitRestored | Rule::RestoreWaitAgain | Rule::CancelWaitRestore)) => {
                // A restore can be another code than what it ends; a signal said again is the same.
                let again = rule == Rule::RestoreWaitAgain;
                let code = signal.code.as_deref().filter(|_| again);
                let qualifier = signal.qualifier.filter(|_| again).unwrap_or(Qualifier::New.digit());
                let number: Option<u32> = signal.number.as_deref().and_then(|number| number.parse().ok());
                let (since, at) = (last.at.millis().saturating_sub(HELD_MS), last.at.millis());
                let mut statement = self.sql.prepare_cached(HELD_BEFORE)?;
                let number = number.filter(|number| *number > 0);
                statement.query_row(params![key.0, since, at, key.1, number, code, qualifier], |row| {
                    spelling::natural(row, 0)
                })
            }
            Some(rule) if rule.is_recent() => {
                let group: Option<u32> = signal.group.as_deref().and_then(|group| group.parse().ok());
                let (since, at) = (last.at.millis().saturating_sub(HELD_MS), last.at.millis());
                let mut statement = self.sql.prepare_cached(CHANGED_BEFORE)?;
                statement.query_row(params![key.0, since, at, key.1, group], |row| spelling::natural(row, 0))
            }
            _ => return Ok(None),
        };
        Ok(found.optional()?.map(SignalId::new))
    }

    fn held_by(&self, incident: IncidentId) -> Result<Vec<SignalRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(IN_ORDER)?;
        let ids = statement.query_map([spelling::bigint(incident.get()), spelling::limit(EVIDENCE)], |row| {
            spelling::natural(row, 0)
        })?;
        let mut rows = Vec::new();
        for id in ids {
            rows.extend(self.signal(SignalId::new(id?))?);
        }
        Ok(rows)
    }
}

impl Evidence {
    fn of(signal: SignalRow) -> Self {
        let (rule_en, rule_zh) = sentences(signal.rule.as_deref().unwrap_or_default());
        Self { signal, rule_en, rule_zh }
    }
}

/// A rule in both languages; its word where this version does not know it.
fn sentences(rule: &str) -> (String, String) {
    let label = |lang| Rule::from_word(rule).map_or(rule, |rule| rule.label(lang)).to_owned();
    (label(Lang::En), label(Lang::Zh))
}
