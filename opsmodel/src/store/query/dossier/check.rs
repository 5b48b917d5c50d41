//! Whether a dossier is as it left the centre: for whoever has the document and nothing else.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use serde_json::{Map, Value};
use thiserror::Error;

use super::seal_of;
use crate::store::chain::{self, Chain, DISPOSITION, JOURNAL, SIGNAL};
use crate::store::journal::note_digest;
use crate::store::query::spelling;

/// A dossier in which everything fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DossierChecked {
    /// The seal, to be compared with the one that the centre told by another way.
    pub seal: String,
    /// How many records of each chain fit, by chain.
    pub records: BTreeMap<String, u64>,
    /// Chain, number and digest of every record, of where the chains ended, and of the version of the card that the site is from: to
    /// be compared with the centre's store.
    pub digests: Vec<(String, u64, String)>,
}

/// What is wrong with a dossier: the first thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DossierFault {
    /// It is no dossier.
    #[error("this is no dossier: {0} is missing or of another kind")]
    Form(&'static str),
    /// Something in it was changed after it was sealed.
    #[error("the seal does not fit: the dossier was changed after it was made")]
    Seal,
    /// A record is not the one that the chain holds.
    #[error("{chain} {seq} was altered: its digest does not fit")]
    Record {
        /// The chain.
        chain: String,
        /// The number of the record.
        seq: u64,
    },
    /// Two records that follow each other do not.
    #[error("{chain} {seq} does not follow the record before it")]
    Link {
        /// The chain.
        chain: String,
        /// The number of the record.
        seq: u64,
    },
    /// A free text is not the one that its record knows the digest of.
    #[error("the free text of journal {seq} was altered")]
    Note {
        /// The number of the journal entry.
        seq: u64,
    },
    /// What the time line says is not what its record says.
    #[error("the time line says something else than journal {seq}")]
    Moment {
        /// The number of the journal entry.
        seq: u64,
    },
    /// What the list of signals says is not what its record says.
    #[error("the list of signals says something else than signal {seq}")]
    Signal {
        /// The number of the signal.
        seq: u64,
    },
}

/// Checks a sealed dossier by itself: the seal, the digest of every record, that those which follow each other are linked, and that
/// time line and list of signals say what their records say.
///
/// # Errors
/// The first thing that does not fit.
pub fn check_dossier(sealed: &Value) -> Result<DossierChecked, DossierFault> {
    use DossierFault as F;
    let dossier = sealed.get("dossier").ok_or(F::Form("dossier"))?;
    let seal = sealed["seal"].as_str().ok_or(F::Form("seal"))?;
    if seal_of(dossier) != seal {
        return Err(F::Seal);
    }
    let mut checked = DossierChecked { seal: seal.to_owned(), ..DossierChecked::default() };
    let mut known: BTreeMap<(String, u64), (&Value, String)> = BTreeMap::new();
    for record in dossier["records"].as_array().ok_or(F::Form("records"))? {
        let (chain, seq) = (record["chain"].as_str().ok_or(F::Form("chain"))?, number(record, "seq")?);
        let table = [&SIGNAL, &JOURNAL, &DISPOSITION].into_iter().find(|table| table.table == chain);
        let columns = record["columns"].as_object().ok_or(F::Form("columns"))?;
        let digest = table.and_then(|table| relink(table, columns, record["previous"].as_str()?));
        let numbered = table.and_then(|table| columns.get(table.columns[0])?.as_u64()) == Some(seq);
        let (Some(digest), true) = (digest.filter(|digest| record["digest"] == **digest), numbered) else {
            return Err(F::Record { chain: chain.to_owned(), seq });
        };
        let before = seq.checked_sub(1).and_then(|before| known.get(&(chain.to_owned(), before)));
        if before.is_some_and(|(_, before)| record["previous"] != **before) {
            return Err(F::Link { chain: chain.to_owned(), seq });
        }
        known.insert((chain.to_owned(), seq), (&record["columns"], digest.clone()));
        *checked.records.entry(chain.to_owned()).or_default() += 1;
        checked.digests.push((chain.to_owned(), seq, digest));
    }
    for (chain, seq, head) in heads(dossier)? {
        if known.get(&(chain.clone(), seq)).is_some_and(|(_, digest)| *digest != head) {
            return Err(F::Record { chain, seq });
        }
        checked.digests.push((chain, seq, head));
    }
    // A dossier of the first form names no version of the card.
    let record = &dossier["site"]["record"];
    if !record.is_null() {
        let (chain, seq, digest) = head(record).ok_or(F::Form("site"))?;
        checked.digests.push((chain, seq, digest));
    }
    // A dossier of before has no clips.
    let clips = dossier["clips"].as_array().into_iter().flatten();
    for moment in dossier["moments"].as_array().ok_or(F::Form("moments"))?.iter().chain(clips) {
        let seq = number(moment, "seq")?;
        let (columns, _) = known.get(&("journal".to_owned(), seq)).ok_or(F::Moment { seq })?;
        says_the_same(moment, columns, &dossier["notes"][seq.to_string()], seq)?;
    }
    for signal in dossier["signals"].as_array().ok_or(F::Form("signals"))? {
        let seq = number(signal, "id")?;
        let (columns, _) = known.get(&("signal".to_owned(), seq)).ok_or(F::Signal { seq })?;
        if columns["raw"]["hex"] != signal["raw_hex"] || !is_at(&signal["received_at"], &columns["received_at"]) {
            return Err(F::Signal { seq });
        }
    }
    Ok(checked)
}

/// Does a moment of the time line say what its record says, and is its free text the one that the record knows?
fn says_the_same(moment: &Value, columns: &Value, note: &Value, seq: u64) -> Result<(), DossierFault> {
    if let (Some(known), Some(note)) = (columns["note"].as_str(), note.as_str())
        && note_digest(seq.cast_signed(), note.as_bytes()) != known
    {
        return Err(DossierFault::Note { seq });
    }
    let body: Value = serde_json::from_str(columns["body"].as_str().unwrap_or_default()).unwrap_or_default();
    let note: Value = serde_json::from_str(note.as_str().unwrap_or("{}")).unwrap_or_default();
    let told = &moment["event"];
    let holds = |fields: &Value| fields.as_object().is_none_or(|all| all.iter().all(|(name, one)| told[name] == *one));
    // What is erased, or was never written, nobody may have slipped in.
    let told_fields = told.as_object().ok_or(DossierFault::Form("event"))?;
    let written = |name: &String| !body[name].is_null() || !note[name].is_null();
    let nothing_more = told_fields.iter().all(|(name, one)| !one.is_string() || written(name));
    let facts = [("kind", "kind"), ("by", "by_id"), ("version", "version")];
    let same = facts.iter().all(|(told, known)| moment[*told] == columns[*known]);
    if same && is_at(&moment["at"], &columns["at"]) && holds(&body) && holds(&note) && nothing_more {
        return Ok(());
    }
    Err(DossierFault::Moment { seq })
}

fn is_at(told: &Value, millis: &Value) -> bool {
    let told = told.as_str().and_then(alarmcore::Timestamp::from_rfc3339);
    told.is_some_and(|told| Some(told.millis()) == millis.as_i64())
}

fn number(of: &Value, name: &'static str) -> Result<u64, DossierFault> {
    of[name].as_u64().ok_or(DossierFault::Form(name))
}

fn heads(dossier: &Value) -> Result<Vec<(String, u64, String)>, DossierFault> {
    let heads = dossier["heads"].as_array().ok_or(DossierFault::Form("heads"))?;
    heads.iter().map(|one| head(one).ok_or(DossierFault::Form("heads"))).collect()
}

fn head(head: &Value) -> Option<(String, u64, String)> {
    Some((head["chain"].as_str()?.to_owned(), head["seq"].as_u64()?, head["digest"].as_str()?.to_owned()))
}

/// The digest of a record, taken anew; `None` where a column is missing or of a kind that no record has.
fn relink(chain: &Chain, columns: &Map<String, Value>, previous: &str) -> Option<String> {
    let mut bytes = Vec::new();
    for (place, name) in chain.columns.iter().enumerate() {
        let blob;
        // A dossier that was made before a column was added does not name it.
        let later = (place >= chain.first).then_some(&Value::Null);
        let value = match columns.get(*name).or(later)? {
            Value::Null => ValueRef::Null,
            Value::Number(number) => ValueRef::Integer(number.as_i64()?),
            Value::String(text) => ValueRef::Text(text.as_bytes()),
            Value::Object(fields) => {
                blob = unhex(fields.get("hex")?.as_str()?)?;
                ValueRef::Blob(&blob)
            }
            Value::Bool(_) | Value::Array(_) => return None,
        };
        chain.write(&mut bytes, place, value);
    }
    let previous = unhex(previous)?.try_into().ok()?;
    Some(spelling::hex(&chain::link(&previous, &bytes)))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}
