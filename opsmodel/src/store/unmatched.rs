//! What came from outside and has no place at the desk: kept until a person has seen it, and after.

use alarmcore::{OperatorId, Timestamp};
use rusqlite::params;

use super::{Centre, StoreError};

/// An answer to nothing, too late, or that cannot be read; or a delivery that failed when nobody was at work on it any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The way that it came.
    pub way: String,
    /// What a second coming is recognised by: the number that its sender gave it, or its digest.
    pub message: String,
    /// When it came.
    pub at: Timestamp,
    /// As it came.
    pub body: String,
    /// Why it has no place, as a word.
    pub code: String,
    /// The same in English.
    pub why_en: String,
    /// The same in Chinese.
    pub why_zh: String,
}

impl Centre {
    /// Keeps what has no place at the desk; `false` when it was kept before.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_unmatched(&mut self, kept: &Unmatched) -> Result<bool, StoreError> {
        let Unmatched { way, message, at, body, code, why_en, why_zh } = kept;
        self.write(|sql| {
            let mut keep = sql.prepare_cached(
                "INSERT INTO unmatched (way, message, at, body, code, why_en, why_zh) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (way, message) DO NOTHING",
            )?;
            Ok(keep.execute(params![way, message, at.millis(), body, code, why_en, why_zh])? > 0)
        })
    }

    /// A person has seen it, and says what was done about it; `false` when there is none of that number, or somebody has seen it
    /// before.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn see_unmatched(
        &mut self,
        id: u64,
        by: OperatorId,
        at: Timestamp,
        note: Option<&str>,
    ) -> Result<bool, StoreError> {
        self.write(|sql| {
            let mut see = sql.prepare_cached(
                "UPDATE unmatched SET seen_at = ?2, seen_by = ?3, note = ?4 WHERE id = ?1 AND seen_at IS NULL",
            )?;
            Ok(see.execute(params![id.cast_signed(), at.millis(), by.get(), note])? > 0)
        })
    }
}
