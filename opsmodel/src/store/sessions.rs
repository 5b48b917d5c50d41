//! Who is signed in, over a restart: kept by a digest from which no token can be told.

use alarmcore::{Lang, OperatorId, Timestamp};
use rusqlite::params;

use super::{Centre, StoreError};

/// A session, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptSession {
    /// The digest of the token that stands for it in a cookie.
    pub digest: [u8; 32],
    /// Whose it is.
    pub operator: OperatorId,
    /// The version of the password that it was opened with.
    pub password: u32,
    /// The language that it is spoken to in.
    pub lang: Lang,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was last used, as far as that is kept.
    pub used_at: Timestamp,
}

impl Centre {
    /// Keeps a session, in place of what was kept of it, and forgets those that were opened before `oldest`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_session(&mut self, kept: &KeptSession, oldest: Timestamp) -> Result<(), StoreError> {
        let KeptSession { digest, operator, password, lang, opened_at, used_at } = kept;
        let lang = if *lang == Lang::Zh { "zh" } else { "en" };
        self.write(|sql| {
            let mut keep = sql.prepare_cached(
                "INSERT INTO session (digest, operator, password, lang, opened_at, used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (digest) DO UPDATE SET lang = excluded.lang, used_at = excluded.used_at",
            )?;
            keep.execute(params![digest, operator.get(), password, lang, opened_at.millis(), used_at.millis()])?;
            sql.prepare_cached("DELETE FROM session WHERE opened_at < ?1")?.execute([oldest.millis()])?;
            Ok(())
        })
    }

    /// Forgets the sessions with these digests.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_sessions(&mut self, digests: &[[u8; 32]]) -> Result<(), StoreError> {
        self.write(|sql| {
            let mut forget = sql.prepare_cached("DELETE FROM session WHERE digest = ?1")?;
            digests.iter().try_for_each(|digest| forget.execute([digest]).map(drop))?;
            Ok(())
        })
    }
}
