//! Who is signed in, as it was kept.

use alarmcore::{Lang, OperatorId};
use rusqlite::Row;

use super::{Reader, spelling};
use crate::store::{KeptSession, StoreError};

pub(super) const SESSIONS: &str =
    "SELECT digest, operator, password, lang, opened_at, used_at FROM session ORDER BY opened_at, digest";

impl Reader {
    /// Every session that is kept, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sessions(&self) -> Result<Vec<KeptSession>, StoreError> {
        let mut statement = self.sql.prepare_cached(SESSIONS)?;
        Ok(statement.query_map([], kept)?.collect::<Result<_, _>>()?)
    }
}

fn kept(row: &Row<'_>) -> rusqlite::Result<KeptSession> {
    Ok(KeptSession {
        digest: row.get(0)?,
        operator: OperatorId::new(row.get(1)?),
        password: row.get(2)?,
        lang: if row.get::<_, String>(3)? == "zh" { Lang::Zh } else { Lang::En },
        opened_at: spelling::moment(row, 4)?,
        used_at: spelling::moment(row, 5)?,
    })
}
