//! Hash chains: each row keeps a digest over the digest before it and its own columns, so that nothing can be changed,
//! removed or moved without every later digest being wrong.
//!
//! The digest is SHA-256 over the previous digest (32 zero bytes before the first row) and the columns in the order of
//! [`Chain::columns`], each as one tag byte and its value: `0` null; `1` an integer, 8 bytes big-endian; `2` text and
//! `3` a blob, each as 4 bytes big-endian length and the bytes. Where a chain ends is kept in `chain_head`, so that its
//! last rows cannot vanish unseen either.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use sha2::{Digest as _, Sha256};

/// SHA-256 of a row and all before it.
pub(super) type Digest = [u8; 32];

/// One column's value: all that a table of the store can hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl<'a> Field<'a> {
    pub(super) fn int(value: Option<impl Into<i64>>) -> Self {
        value.map_or(Self::Null, |value| Self::Int(value.into()))
    }

    pub(super) fn text(value: Option<&'a str>) -> Self {
        value.map_or(Self::Null, Self::Text)
    }

    fn value(self) -> ValueRef<'a> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }
    }
}

/// A chained table: its first column is its number (1, 2, 3 ...), its last is the digest.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) table: &'static str,
    /// Every column but the digest, in the order in which they are digested.
    pub(super) columns: &'static [&'static str],
    /// How many of them there were in the first schema. One that came later is digested only where it holds something: what was
    /// written before it still has its digest, and adding or taking away a value is seen all the same.
    pub(super) first: usize,
}

impl Chain {
    /// Adds the value of one column, counted from 0, to the bytes that a row's digest is taken over.
    pub(super) fn write(&self, bytes: &mut Vec<u8>, column: usize, value: ValueRef<'_>) {
        if column < self.first || value != ValueRef::Null {
            write_value(bytes, value);
        }
    }
}

pub(super) const SIGNAL: Chain = Chain {
    table: "signal",
    columns: &[
        "id",
        "received_at",
        "line",
        "peer",
        "answer",
        "account",
        "token",
        "sequence",
        "part",
        "parts",
        "marks",
        "content",
        "code",
        "qualifier",
        "grp",
        "number",
        "address",
        "user_number",
        "peripheral",
        "device_time",
        "message",
        "raw",
    ],
    first: 22,
};
pub(super) const JOURNAL: Chain = Chain {
    table: "journal",
    columns: &["seq", "stream", "version", "kind", "shape", "at", "by_id", "body", "note"],
    first: 9,
};
pub(super) const DISPOSITION: Chain = Chain {
    table: "disposition",
    columns: &[
        "seq",
        "signal",
        "step",
        "at",
        "outcome",
        "incident",
        "until",
        "of",
        "rule",
        "policy",
        "overridden",
        "unweighed",
        "counted",
        "unseen",
    ],
    first: 10,
};
pub(super) const CARD_HISTORY: Chain = Chain {
    table: "card_history",
    columns: &["seq", "card", "key", "version", "at", "by_id", "origin", "before", "after", "reason"],
    first: 10,
};

/// Adds a value to the bytes that a row's digest is taken over.
fn write_value(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    let (tag, value) = match value {
        ValueRef::Null => return bytes.push(0),
        ValueRef::Integer(number) => {
            bytes.push(1);
            return bytes.extend_from_slice(&number.to_be_bytes());
        }
        ValueRef::Text(text) => (2, text),
        ValueRef::Blob(blob) => (3, blob),
        // No writer of the store makes one: a row that holds one was altered, and any bytes but its own show it.
        ValueRef::Real(_) => return bytes.push(4),
    };
    bytes.push(tag);
    // SQLite holds no value of 4 GiB: the length always fits.
    bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
    bytes.extend_from_slice(value);
}

/// The digest of a row whose columns are in `bytes`.
pub(super) fn link(previous: &Digest, bytes: &[u8]) -> Digest {
    Sha256::new_with_prefix(previous).chain_update(bytes).finalize().into()
}

/// Where a chain ends: its last number and digest.
pub(super) fn head(sql: &Connection, chain: &Chain) -> rusqlite::Result<(i64, Digest)> {
    let row = sql
        .prepare_cached("SELECT seq, digest FROM chain_head WHERE chain = ?1")?
        .query_row([chain.table], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.unwrap_or((0, [0; 32])))
}

/// The writing end of a chain, inside a transaction.
pub(super) struct Tail<'c> {
    sql: &'c Connection,
    chain: &'static Chain,
    insert: CachedStatement<'c>,
    seq: i64,
    digest: Digest,
    bytes: Vec<u8>,
}

impl<'c> Tail<'c> {
    /// The end of `chain`. The caller holds the write lock, so that nobody else continues from the same row.
    pub(super) fn open(sql: &'c Connection, chain: &'static Chain) -> rusqlite::Result<Self> {
        let (seq, digest) = head(sql, chain)?;
        let places = (1..=chain.columns.len() + 1).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let text = format!("INSERT INTO {} ({}, digest) VALUES ({places})", chain.table, chain.columns.join(", "));
        Ok(Self { sql, chain, insert: sql.prepare_cached(&text)?, seq, digest, bytes: Vec::with_capacity(512) })
    }

    /// The number that the next row will have.
    pub(super) const fn next(&self) -> i64 {
        self.seq + 1
    }

    /// Appends a row: every column but its number and the digest. Returns its number.
    pub(super) fn append(&mut self, fields: &[Field<'_>]) -> rusqlite::Result<i64> {
        self.seq += 1;
        self.bytes.clear();
        self.column(1, Field::Int(self.seq))?;
        for (index, field) in fields.iter().enumerate() {
            self.column(index + 2, *field)?;
        }
        self.digest = link(&self.digest, &self.bytes);
        self.insert.raw_bind_parameter(self.chain.columns.len() + 1, self.digest.as_slice())?;
        self.insert.raw_execute()?;
        Ok(self.seq)
    }

    fn column(&mut self, place: usize, field: Field<'_>) -> rusqlite::Result<()> {
        let value = field.value();
        self.chain.write(&mut self.bytes, place - 1, value);
        self.insert.raw_bind_parameter(place, ToSqlOutput::Borrowed(value))
    }

    /// Writes down where the chain now ends. Returns the number of its last row.
    pub(super) fn close(self) -> rusqlite::Result<i64> {
        self.sql
            .prepare_cached(
                "INSERT INTO chain_head (chain, seq, digest) VALUES (?1, ?2, ?3)
                 ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, digest = excluded.digest",
            )?
            .execute(params![self.chain.table, self.seq, self.digest])?;
        Ok(self.seq)
    }
}
