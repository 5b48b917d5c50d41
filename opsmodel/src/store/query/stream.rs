//! One stream of the journal from its beginning, with the free text of its entries where that has not been erased.

use alarmcore::FreeText;
use rusqlite::Row;

use super::{Reader, spelling};
use crate::store::StoreError;

pub(super) const STREAM: &str = "SELECT j.seq, j.stream, j.version, j.kind, j.shape, j.at, j.by_id, j.body, n.body, o.name \
    FROM journal AS j INDEXED BY journal_stream LEFT JOIN note AS n ON n.seq = j.seq \
    LEFT JOIN operator AS o ON o.id = j.by_id WHERE j.stream = ?1 ORDER BY j.version";

/// One entry of a stream.
pub(super) struct Entry<R> {
    /// Its place in the journal.
    pub(super) seq: u64,
    /// The name of whoever did it.
    pub(super) by_name: Option<String>,
    /// What happened, with its text.
    pub(super) record: R,
}

impl Reader {
    /// The entries of a stream, oldest first: each read by `read`, its text put into it by `put`.
    pub(super) fn stream<R>(
        &self,
        name: &str,
        read: impl Fn(&Row<'_>) -> Result<R, StoreError>,
        put: impl Fn(&mut R, FreeText),
    ) -> Result<Vec<Entry<R>>, StoreError> {
        let mut statement = self.sql.prepare_cached(STREAM)?;
        let mut rows = statement.query([name])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let mut record = read(row)?;
            if let Some(text) = spelling::json_or_null(row, 8)? {
                put(&mut record, text);
            }
            entries.push(Entry { seq: spelling::natural(row, 0)?, by_name: row.get(9)?, record });
        }
        Ok(entries)
    }
}
