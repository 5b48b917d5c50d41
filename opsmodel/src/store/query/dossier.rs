//! The dossier of an incident (requirement G3): what the store holds of it as one document, with the links of the chains by which
//! whoever gets it can see that nothing of it was changed.

mod check;
mod site;

use std::collections::BTreeMap;

use alarmcore::{Incident, IncidentId, SignalId, Timestamp};
use contactid::{AccountNumber, Class};
use rusqlite::types::ValueRef;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{ClipMoment, IncidentRow, Moment, Reader, SignalFilter, SignalRow, spelling};
use crate::store::StoreError;
use crate::store::chain::{CARD_HISTORY, Chain, DISPOSITION, JOURNAL, SIGNAL};

pub use check::{DossierChecked, DossierFault, check_dossier};
#[cfg(test)]
pub(super) use site::VERSIONS;
pub use site::{DossierSite, Said, SitePart};

/// The form of the document; counted up with every change that a reader could stumble over.
const FORM: u32 = 2;
/// What it names by what cards say when it is made, because events hold numbers only: the names of those who did something.
const AS_NOW: [&str; 3] = ["by_name", "owner_name", "offered_name"];
const PAGE: usize = 500;

/// Everything that the store holds of one incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dossier {
    /// The form of this document.
    pub form: u32,
    /// The incident.
    pub incident: IncidentId,
    /// The last journal entry that it knows of.
    pub as_of: u64,
    /// The names that are those of the cards when it was made, by the fields that hold them.
    pub as_now: [&'static str; 3],
    /// The incident as lists show it; the name of its account is that of its site.
    pub row: IncidentRow,
    /// The incident as the desk sees it: calls, dispatches, hand-offs, sums of the losses.
    pub state: Incident,
    /// Where it was by the card of then, where there is a card.
    pub site: Option<DossierSite>,
    /// The opening or closing before its first signal: was the site armed? `None` where none was ever received.
    pub armed: Option<SignalRow>,
    /// Its signals with their frames as received, oldest first.
    pub signals: Vec<SignalRow>,
    /// Its time line with every act and free text, oldest first.
    pub moments: Vec<Moment>,
    /// What happened to its clips of sound and video, with the digest of each file, oldest first.
    pub clips: Vec<ClipMoment>,
    /// The chained records that all of this was read from.
    pub records: Vec<Sealed>,
    /// Free texts as they are digested, by the number of their journal entry; erased ones are not there.
    pub notes: BTreeMap<u64, String>,
    /// Where the chains ended when it was made.
    pub heads: Vec<Head>,
}

/// A record of a chained table, so that its digest can be taken anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// The table.
    pub chain: &'static str,
    /// Its number in it.
    pub seq: u64,
    /// Every column that is digested: numbers, texts, nulls, and bytes as `{"hex": "..."}`.
    pub columns: Map<String, Value>,
    /// The digest of the record before it.
    pub previous: String,
    /// Its own.
    pub digest: String,
}

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The table.
    pub chain: &'static str,
    /// The number of its last record.
    pub seq: u64,
    /// Its digest.
    pub digest: String,
}

/// The dossier as it leaves the centre: `{"dossier": ..., "seal": ...}`. The seal is the SHA-256 of the dossier as JSON without
/// blanks and with sorted names.
///
/// # Errors
/// It cannot be written as JSON.
pub fn seal(dossier: &Dossier) -> Result<Value, StoreError> {
    let dossier = serde_json::to_value(dossier)?;
    let seal = seal_of(&dossier);
    Ok(json!({ "dossier": dossier, "seal": seal }))
}

fn seal_of(dossier: &Value) -> String {
    spelling::hex(&Sha256::digest(dossier.to_string().as_bytes()))
}

impl Reader {
    /// The dossier of an incident; `None` when there is no such incident.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn dossier(&self, id: IncidentId) -> Result<Option<Dossier>, StoreError> {
        // Each answer is of one state of the files; a record that comes in between is not of this dossier.
        let as_of = self.journal_end()?;
        let Some(page) = self.incident(id)? else { return Ok(None) };
        let _snapshot = self.snapshot()?;
        let moments: Vec<Moment> = page.moments.into_iter().filter(|moment| moment.seq <= as_of).collect();
        let signals = self.all_of_incident(id)?;
        let armed = match page.row.account {
            Some(account) => self.armed_before(account, page.row.received_at)?,
            None => None,
        };
        let (mut records, mut notes) = (Vec::new(), BTreeMap::new());
        for signal in &signals {
            records.extend(self.sealed("log.", &SIGNAL, signal.id.get())?);
        }
        let clips: Vec<ClipMoment> = self.clip_moments(id)?.into_iter().filter(|moment| moment.seq <= as_of).collect();
        let mut told: Vec<u64> = moments.iter().map(|moment| moment.seq).collect();
        told.extend(clips.iter().map(|moment| moment.seq));
        told.sort_unstable();
        for seq in told {
            records.extend(self.sealed("", &JOURNAL, seq)?);
            if let Some(note) = self.note(seq)? {
                notes.insert(seq, note);
            }
        }
        for seq in self.dispositions_of(&signals)? {
            records.extend(self.sealed("", &DISPOSITION, seq)?);
        }
        let heads = [self.head("log.", &SIGNAL)?, self.head("", &JOURNAL)?, self.head("", &DISPOSITION)?];
        let mut row = page.row;
        let site = match row.account {
            Some(account) => self.dossier_site(account, (row.opened_at, None), &moments)?,
            None => None,
        };
        row.account_name = site.as_ref().map(|site| site.name.clone());
        let (form, incident, as_now, state) = (FORM, id, AS_NOW, page.incident);
        let heads = heads.into();
        Ok(Some(Dossier {
            form,
            incident,
            as_of,
            as_now,
            row,
            state,
            site,
            armed,
            signals,
            moments,
            clips,
            records,
            notes,
            heads,
        }))
    }

    /// Is this record of a dossier the one that the store holds?
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn holds(&self, chain: &str, seq: u64, digest: &str) -> Result<bool, StoreError> {
        let found = match chain {
            "signal" => self.digest("log.", &SIGNAL, seq)?,
            "journal" => self.digest("", &JOURNAL, seq)?,
            "disposition" => self.digest("", &DISPOSITION, seq)?,
            "card_history" => self.digest("", &CARD_HISTORY, seq)?,
            _ => None,
        };
        Ok(found.is_some_and(|found| found == digest))
    }

    fn all_of_incident(&self, id: IncidentId) -> Result<Vec<SignalRow>, StoreError> {
        let filter = SignalFilter { incident: Some(id), ..SignalFilter::default() };
        let mut signals: Vec<SignalRow> = Vec::new();
        loop {
            let older = signals.last().map(|row| row.id);
            let page = self.signals(&filter, older, PAGE)?.rows;
            let ended = page.len() < PAGE;
            signals.extend(page);
            if ended {
                signals.reverse();
                return Ok(signals);
            }
        }
    }

    fn armed_before(&self, account: AccountNumber, at: Timestamp) -> Result<Option<SignalRow>, StoreError> {
        let of =
            SignalFilter { account: Some(account), class: Some(Class::OpenClose), to: Some(at), ..Default::default() };
        Ok(self.signals(&of, None, 1)?.rows.pop())
    }

    fn dispositions_of(&self, signals: &[SignalRow]) -> Result<Vec<u64>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT seq FROM disposition WHERE signal = ?1 ORDER BY step")?;
        let mut found = Vec::new();
        for id in signals.iter().map(|row: &SignalRow| SignalId::get(row.id)) {
            let rows = statement.query_map([spelling::bigint(id)], |row| spelling::natural(row, 0))?;
            found.extend(rows.collect::<Result<Vec<_>, _>>()?);
        }
        found.sort_unstable();
        Ok(found)
    }

    fn note(&self, seq: u64) -> Result<Option<String>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT body FROM note WHERE seq = ?1")?;
        let mut rows = statement.query([spelling::bigint(seq)])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.flatten())
    }

    fn sealed(&self, schema: &str, chain: &Chain, seq: u64) -> Result<Option<Sealed>, StoreError> {
        let number = chain.columns[0];
        let text =
            format!("SELECT {}, digest FROM {schema}{} WHERE {number} = ?1", chain.columns.join(", "), chain.table);
        let mut statement = self.sql.prepare_cached(&text)?;
        let mut rows = statement.query([spelling::bigint(seq)])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let mut columns = Map::new();
        for (place, name) in chain.columns.iter().enumerate() {
            columns.insert((*name).to_owned(), value(row.get_ref(place)?));
        }
        let digest: Vec<u8> = row.get(chain.columns.len())?;
        let before = if seq > 1 { self.digest(schema, chain, seq - 1)? } else { None };
        let previous = before.unwrap_or_else(|| spelling::hex(&[0; 32]));
        Ok(Some(Sealed { chain: chain.table, seq, columns, previous, digest: spelling::hex(&digest) }))
    }

    fn digest(&self, schema: &str, chain: &Chain, seq: u64) -> Result<Option<String>, StoreError> {
        let text = format!("SELECT digest FROM {schema}{} WHERE {} = ?1", chain.table, chain.columns[0]);
        let mut statement = self.sql.prepare_cached(&text)?;
        let mut rows = statement.query([spelling::bigint(seq)])?;
        let digest: Option<Vec<u8>> = rows.next()?.map(|row| row.get(0)).transpose()?;
        Ok(digest.map(|digest| spelling::hex(&digest)))
    }

    fn head(&self, schema: &str, chain: &Chain) -> Result<Head, StoreError> {
        let text = format!("SELECT seq, digest FROM {schema}chain_head WHERE chain = ?1");
        let mut statement = self.sql.prepare_cached(&text)?;
        let mut rows = statement.query([chain.table])?;
        let (seq, digest) = match rows.next()? {
            Some(row) => (spelling::natural(row, 0)?, row.get(1)?),
            None => (0, vec![0; 32]),
        };
        Ok(Head { chain: chain.table, seq, digest: spelling::hex(&digest) })
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        // No writer of the store makes one: shown as it is, its digest does not fit.
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => json!({ "hex": spelling::hex(bytes) }),
    }
}
