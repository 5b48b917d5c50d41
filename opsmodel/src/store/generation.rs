//! Which copy of a store this is. A centre that is started on a copy goes on with the numbers of that copy: what it then sends out must not
//! be taken for what went out under the same numbers before, of which the copy knows nothing.

use std::path::Path;
use std::time::UNIX_EPOCH;

use alarmcore::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Centre, StoreError, schema};

/// What begins the generation in a number of the outbox.
const MARK: &str = ".r";
/// So many digits it has: all of one length, so that numbers of one stream stay in their order.
const DIGITS: usize = 11;

impl Centre {
    /// A centre is started on the file in `dir`. Where that is another file than the last time, it was restored from a copy: what comes to be
    /// owed from now on has this moment in its number. Says whether it is so.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn settle(&mut self, dir: &Path, at: Timestamp) -> Result<bool, StoreError> {
        let path = dir.join(schema::CENTRE.file);
        let home = home(&path).map_err(|source| StoreError::Folder { path, source })?;
        let known = self
            .sql
            .prepare_cached("SELECT since, home FROM generation ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
            .optional()?;
        let since = match known {
            Some((_, known)) if known == home => return Ok(false),
            Some((since, _)) => at.millis().max(since + 1),
            None => 0,
        };
        self.write(|sql| {
            sql.execute("INSERT INTO generation (since, home) VALUES (?1, ?2)", params![since, home])?;
            Ok(since > 0)
        })
    }
}

/// What tells a file from its copies: not its name, and nothing that changes when it is written.
fn home(file: &Path) -> std::io::Result<String> {
    let about = file.metadata()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&about);
    #[cfg(not(unix))]
    let number = 0;
    // Not every file system knows it; a number may be given again, but not at the same moment.
    let made = about.created().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Ok(format!("{number} {}", made.map_or(0, |since| since.as_micros())))
}

/// A copy is no centre's file until one is started on it.
pub(super) fn unsettle(copy: &Connection) -> Result<(), StoreError> {
    copy.execute("UPDATE generation SET home = ''", [])?;
    Ok(())
}

/// A number of the outbox as it is from this generation on.
pub(super) fn numbered(sql: &Connection, id: &str) -> Result<String, StoreError> {
    let since: Option<i64> = sql
        .prepare_cached("SELECT since FROM generation ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(match since {
        Some(since) if since > 0 => format!("{id}{MARK}{since:0DIGITS$x}"),
        Some(_) | None => id.to_owned(),
    })
}

/// The generation in a number of the outbox; `None` of what came to be owed before the first start on a copy.
pub fn generation_of(id: &str) -> Option<&str> {
    let (_, digits) = id.rsplit_once(MARK)?;
    let is_one = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then(|| &id[id.len() - DIGITS - 1..])
}
