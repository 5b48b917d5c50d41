//! Signals that came from where the card of their account did not allow, as it then was.

use std::collections::BTreeMap;

use alarmcore::{SignalId, SignalSource, Sources, Timestamp};
use contactid::AccountNumber;
use rusqlite::params;
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::{StoreError, project};

/// Signals that are read at once.
const STRETCH: u64 = 4096;

/// A source that the card of an account did not list when signals came from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StrangeSourceRow {
    /// The account.
    pub account: AccountNumber,
    /// Where they came from.
    pub source: SignalSource,
    /// How many.
    pub signals: u64,
    /// When the first of them was received.
    #[serde(serialize_with = "spelling::time")]
    pub first_at: Timestamp,
    /// When the last was.
    #[serde(serialize_with = "spelling::time")]
    pub last_at: Timestamp,
    /// The last of them: what to ask `explain` about.
    pub last: SignalId,
    /// What the card then listed.
    pub allowed: String,
    /// When an operator was told of it last, within the last week.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub told_at: Option<Timestamp>,
}

/// What each version of a card listed, and since when.
pub(super) const LISTED: &str = "SELECT at, json_extract(after, '$.sources') FROM card_history \
    INDEXED BY card_history_card WHERE card = 'account' AND key = ?1 ORDER BY version";

/// What the versions of one card listed.
type Listed = Vec<(Timestamp, Option<Sources>)>;

impl Reader {
    /// The sources of signals that were received from `from` on and before `to`, which the card of their account did not list then:
    /// by account and source.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn strange_sources(&self, from: Timestamp, to: Timestamp) -> Result<Vec<StrangeSourceRow>, StoreError> {
        let ids = self.stretch_of(from, to)?;
        let told = project::told_sources(&self.sql)?;
        let mut cards: BTreeMap<AccountNumber, Listed> = BTreeMap::new();
        let mut rows: BTreeMap<(AccountNumber, SignalSource), StrangeSourceRow> = BTreeMap::new();
        let mut first = ids.start;
        while first < ids.end {
            let next = ids.end.min(first + STRETCH);
            for (received, _) in self.judged(first..next)? {
                let at = received.report.received_at;
                let (Some(account), Some(source)) = (received.report.account, received.report.source) else { continue };
                if !(from <= at && at < to) {
                    continue;
                }
                let listed = match cards.get(&account) {
                    Some(listed) => listed,
                    None => cards.entry(account).or_insert(self.listed(account)?),
                };
                let then = listed.iter().rfind(|(since, _)| *since <= at).and_then(|(_, sources)| sources.as_ref());
                let Some(sources) = then.filter(|sources| !sources.allows(source)) else { continue };
                let told_at = told.get(&account).and_then(|told| told.iter().find(|(known, _)| *known == source));
                let row = rows.entry((account, source)).or_insert_with(|| StrangeSourceRow {
                    account,
                    source,
                    signals: 0,
                    first_at: at,
                    last_at: at,
                    last: received.id,
                    allowed: String::new(),
                    told_at: told_at.map(|(_, at)| at),
                });
                row.signals += 1;
                (row.last_at, row.last, row.allowed) = (at, received.id, sources.to_string());
            }
            first = next;
        }
        Ok(rows.into_values().collect())
    }

    fn listed(&self, account: AccountNumber) -> Result<Listed, StoreError> {
        let mut statement = self.sql.prepare_cached(LISTED)?;
        let rows = statement.query_map(params![account.as_str()], |row| {
            let sources: Option<String> = row.get(1)?;
            Ok((spelling::moment(row, 0)?, sources.and_then(|sources| sources.parse().ok())))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
