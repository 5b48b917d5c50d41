//! Walks every chain, and names the first record that is not as it was written (requirement H4).

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::chain::{self, CARD_HISTORY, Chain, DISPOSITION, Digest, JOURNAL, SIGNAL};
use super::{Broken, CardKind, Fault, StoreError, cards, centre, clip_file, connection, journal, schema};
use crate::crm::{AccountCard, AccountKey, OperatorCard, UnitCard};

/// How many records were found as they were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Signals.
    pub signals: u64,
    /// Journal entries, with their notes.
    pub journal: u64,
    /// Dispositions.
    pub dispositions: u64,
    /// Versions of cards.
    pub card_history: u64,
    /// Cards, keys and passwords that are what their history says.
    pub cards: u64,
    /// Files of clips that are what the journal says.
    pub clips: u64,
}

/// Checks the store in `dir`, beside whoever writes it. A folder with a signal log and no `centre.db` (the spool of a
/// receiver on its own) is checked as far as it goes.
///
/// # Errors
/// [`StoreError::Broken`] names the first record that was altered, moved, removed or slipped in; other errors mean that
/// the check could not be made.
pub fn verify(dir: &Path) -> Result<Verified, StoreError> {
    let (verified, spoilt) = check(dir)?;
    spoilt.into_iter().next().map_or(Ok(verified), |broken| Err(StoreError::Broken(broken)))
}

/// The same, but a file of a clip that is missing or altered is named beside what was found: what is recorded is sound without it.
fn check(dir: &Path) -> Result<(Verified, Vec<Broken>), StoreError> {
    let mut verified = Verified::default();
    let mut centre = None;
    if dir.join(schema::CENTRE.file).exists() {
        let sql = connection::open_reader(dir, &schema::CENTRE)?;
        // One state of the file for all that follows. It is older than the log's below, so no signal that the desk has
        // seen may be missing from that.
        sql.execute_batch("BEGIN")?;
        centre = Some((centre::cursor(&sql)?.get(), sql));
    }
    let log = connection::open_reader(dir, &schema::SIGNALS)?;
    log.execute_batch("BEGIN")?;
    verified.signals = walk(&log, &SIGNAL)?;
    let Some((cursor, sql)) = centre else { return Ok((verified, Vec::new())) };
    if verified.signals < cursor {
        return Err(broken(&SIGNAL, verified.signals + 1, Fault::Missing));
    }
    verified.journal = walk(&sql, &JOURNAL)?;
    check_notes(&sql)?;
    verified.dispositions = walk(&sql, &DISPOSITION)?;
    verified.card_history = walk(&sql, &CARD_HISTORY)?;
    for table in CARDS {
        verified.cards += table.check(&sql)?;
    }
    let spoilt = check_clips(dir, &sql, &mut verified.clips)?;
    Ok((verified, spoilt))
}

/// The same, and first whether every page and index of both files is as SQLite wrote it.
///
/// # Errors
/// [`StoreError::Damaged`] names the file; the others are those of [`verify`].
pub fn inspect(dir: &Path) -> Result<Verified, StoreError> {
    check_pages(dir)?;
    verify(dir)
}

/// Inspects a copy, and names each clip that is not in it as it was kept.
pub(super) fn inspect_copy(dir: &Path) -> Result<(Verified, Vec<Broken>), StoreError> {
    check_pages(dir)?;
    check(dir)
}

fn check_pages(dir: &Path) -> Result<(), StoreError> {
    for schema in [&schema::CENTRE, &schema::SIGNALS] {
        if dir.join(schema.file).exists() {
            let found = connection::open_reader(dir, schema)
                .and_then(|sql| Ok(sql.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))?));
            match found {
                Ok(found) if found == "ok" => {}
                Ok(found) => return Err(StoreError::Damaged { file: schema.file, found }),
                Err(error) if error.is_damage() => {
                    return Err(StoreError::Damaged { file: schema.file, found: error.to_string() });
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

fn broken(chain: &Chain, seq: u64, fault: Fault) -> StoreError {
    StoreError::Broken(Broken { chain: chain.table, record: format!("{} {seq}", chain.table), fault })
}

/// Recomputes a chain from its first row to its head. Returns its length.
fn walk(sql: &Connection, chain: &Chain) -> Result<u64, StoreError> {
    let number = chain.columns[0];
    let text = format!("SELECT {}, digest FROM {} ORDER BY {number}", chain.columns.join(", "), chain.table);
    let mut statement = sql.prepare(&text)?;
    let mut rows = statement.query([])?;
    let (mut seq, mut digest, mut bytes) = (0_u64, [0_u8; 32], Vec::new());
    while let Some(row) = rows.next()? {
        seq += 1;
        let found: i64 = row.get(0)?;
        if found != seq.cast_signed() {
            let (at, fault) = if found < 1 { (found.cast_unsigned(), Fault::Foreign) } else { (seq, Fault::Missing) };
            return Err(broken(chain, at, fault));
        }
        digest = relink(row, chain, &digest, &mut bytes)?;
        if row.get_ref(chain.columns.len())? != ValueRef::Blob(&digest) {
            return Err(broken(chain, seq, Fault::Altered));
        }
    }
    let (end, end_digest) = chain::head(sql, chain)?;
    match seq.cmp(&end.cast_unsigned()) {
        std::cmp::Ordering::Less => Err(broken(chain, seq + 1, Fault::Missing)),
        std::cmp::Ordering::Greater => Err(broken(chain, end.cast_unsigned() + 1, Fault::Foreign)),
        std::cmp::Ordering::Equal if digest != end_digest => Err(broken(chain, seq, Fault::Altered)),
        std::cmp::Ordering::Equal => Ok(seq),
    }
}

fn relink(row: &Row<'_>, chain: &Chain, previous: &Digest, bytes: &mut Vec<u8>) -> rusqlite::Result<Digest> {
    bytes.clear();
    for column in 0..chain.columns.len() {
        chain.write(bytes, column, row.get_ref(column)?);
    }
    Ok(chain::link(previous, bytes))
}

/// Counts the clips whose file is the one that the journal knows the digest of. Returns the others.
fn check_clips(dir: &Path, sql: &Connection, sound: &mut u64) -> Result<Vec<Broken>, StoreError> {
    let mut spoilt = Vec::new();
    for (incident, number, sha256) in journal::kept_clips(sql)? {
        match clip_file(dir, &sha256)? {
            Ok(_) => *sound += 1,
            Err(fault) => {
                let record = format!("clip {number} of incident {incident}");
                spoilt.push(Broken { chain: "clip", record, fault });
            }
        }
    }
    Ok(spoilt)
}

/// Every free text is the one that its journal entry knows the digest of, or is erased.
fn check_notes(sql: &Connection) -> Result<(), StoreError> {
    let note =
        |seq: i64, fault| Err(StoreError::Broken(Broken { chain: "note", record: format!("note {seq}"), fault }));
    let mut statement = sql.prepare(
        "SELECT journal.seq, journal.note, note.seq, note.body FROM journal LEFT JOIN note ON note.seq = journal.seq
         WHERE journal.note IS NOT NULL ORDER BY journal.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut known = 0;
    while let Some(row) = rows.next()? {
        known += 1;
        let seq: i64 = row.get(0)?;
        if row.get_ref(2)? == ValueRef::Null {
            return note(seq, Fault::Missing);
        }
        let (digest, body): (String, Option<Vec<u8>>) = (row.get(1)?, text_bytes(row.get_ref(3)?));
        if body.is_some_and(|body| journal::note_digest(seq, &body) != digest) {
            return note(seq, Fault::Altered);
        }
    }
    let there: i64 = sql.query_row("SELECT count(*) FROM note", [], |row| row.get(0))?;
    if there == known {
        return Ok(());
    }
    let seq = sql.query_row(
        "SELECT min(note.seq) FROM note LEFT JOIN journal ON journal.seq = note.seq WHERE journal.note IS NULL",
        [],
        |row| row.get(0),
    )?;
    note(seq, Fault::Foreign)
}

/// The bytes of a text, readable or not; `None` for null.
fn text_bytes(value: ValueRef<'_>) -> Option<Vec<u8>> {
    match value {
        ValueRef::Null => None,
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes.to_vec()),
        ValueRef::Integer(number) => Some(number.to_string().into_bytes()),
        ValueRef::Real(number) => Some(number.to_string().into_bytes()),
    }
}

/// A table of cards: each row must be what the last version in its history says.
struct Cards {
    kind: CardKind,
    select: &'static str,
    /// What the history must hold for this row; `None` when the row contradicts itself.
    after: fn(&Row<'_>) -> Option<String>,
}

/// Each selects key and version first.
const CARDS: [Cards; 5] = [
    Cards {
        kind: CardKind::Account,
        select: "SELECT account, version, body, closed_at, name, address, phone FROM account",
        after: |row| {
            let body: String = row.get(2).ok()?;
            let card: AccountCard = serde_json::from_str(&body).ok()?;
            let columns = (row.get(3).ok()?, row.get(4).ok()?, row.get(5).ok()?, row.get(6).ok()?);
            let closed_at = card.closed_at.map(|at| at.millis());
            (columns == (closed_at, card.name, card.address, card.phone)).then_some(body)
        },
    },
    Cards {
        kind: CardKind::AccountKey,
        select: "SELECT account, version, secret, fingerprint FROM account_key",
        after: |row| {
            let fingerprint: String = row.get(3).ok()?;
            let key = AccountKey::new(row.get(2).ok()?).ok()?;
            (key.fingerprint() == fingerprint).then_some(fingerprint)
        },
    },
    Cards {
        kind: CardKind::Unit,
        select: "SELECT cast(id AS text), version, body, closed_at, name FROM unit",
        after: |row| {
            let body: String = row.get(2).ok()?;
            let card: UnitCard = serde_json::from_str(&body).ok()?;
            let columns = (row.get(3).ok()?, row.get(4).ok()?);
            (columns == (card.closed_at.map(|at| at.millis()), card.name)).then_some(body)
        },
    },
    Cards {
        kind: CardKind::Operator,
        select: "SELECT cast(id AS text), version, body, closed_at, login, name, role FROM operator",
        after: |row| {
            let body: String = row.get(2).ok()?;
            let card: OperatorCard = serde_json::from_str(&body).ok()?;
            let role: String = row.get(6).ok()?;
            let columns = (row.get(3).ok()?, row.get(4).ok()?, row.get(5).ok()?, role.as_str());
            (columns == (card.closed_at.map(|at| at.millis()), card.login, card.name, card.role.word())).then_some(body)
        },
    },
    Cards {
        kind: CardKind::Password,
        select: "SELECT cast(operator AS text), version, secret, fingerprint FROM operator_password",
        after: |row| {
            let (secret, fingerprint): (String, String) = (row.get(2).ok()?, row.get(3).ok()?);
            (cards::fingerprint(&secret) == fingerprint).then_some(fingerprint)
        },
    },
];

impl Cards {
    /// Compares the table with its history. Returns how many cards there are.
    fn check(&self, sql: &Connection) -> Result<u64, StoreError> {
        let word = self.kind.word();
        let fail =
            |key: &str, fault| Err(StoreError::Broken(Broken { chain: word, record: format!("{word} {key}"), fault }));
        let mut due = BTreeMap::new();
        let mut history = sql.prepare("SELECT key, version, after FROM card_history WHERE card = ?1 ORDER BY seq")?;
        let mut rows = history.query([word])?;
        while let Some(row) = rows.next()? {
            due.insert(row.get::<_, String>(0)?, (row.get::<_, i64>(1)?, row.get::<_, String>(2)?));
        }
        due.retain(|_, (_, after)| self.kind != CardKind::AccountKey || after != cards::NO_KEY);
        let mut table = sql.prepare(self.select)?;
        let mut rows = table.query([])?;
        let mut cards = 0;
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            let Some((version, after)) = due.remove(&key) else { return fail(&key, Fault::Foreign) };
            if row.get_ref(1)? != ValueRef::Integer(version) || (self.after)(row).as_ref() != Some(&after) {
                return fail(&key, Fault::Altered);
            }
            cards += 1;
        }
        match due.pop_first() {
            Some((key, _)) => fail(&key, Fault::Missing),
            None => Ok(cards),
        }
    }
}
