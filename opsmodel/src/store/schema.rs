//! Both files' tables, as numbered steps that are only ever added to.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// The steps of one file. Step `n` (from 1) is `sql/<file>/000n_*.sql`, and is never edited once released.
#[derive(Debug)]
pub(super) struct Schema {
    /// Name of the file in the store's folder.
    pub(super) file: &'static str,
    steps: &'static [&'static str],
}

pub(super) const SIGNALS: Schema = Schema { file: "signals.db", steps: &[include_str!("sql/signals/0001_log.sql")] };
pub(super) const CENTRE: Schema = Schema {
    file: "centre.db",
    steps: &[
        include_str!("sql/centre/0001_centre.sql"),
        include_str!("sql/centre/0002_test_session.sql"),
        include_str!("sql/centre/0003_restore_due.sql"),
        include_str!("sql/centre/0004_overridden.sql"),
        include_str!("sql/centre/0005_pending.sql"),
        include_str!("sql/centre/0006_false_calls.sql"),
        include_str!("sql/centre/0007_follow_up.sql"),
        include_str!("sql/centre/0008_dead_number.sql"),
        include_str!("sql/centre/0009_followed.sql"),
        include_str!("sql/centre/0010_standing.sql"),
        include_str!("sql/centre/0011_storm.sql"),
        include_str!("sql/centre/0012_outside.sql"),
        include_str!("sql/centre/0013_handed.sql"),
        include_str!("sql/centre/0014_lowered.sql"),
        include_str!("sql/centre/0015_attention.sql"),
        include_str!("sql/centre/0016_fed.sql"),
        include_str!("sql/centre/0017_kept.sql"),
        include_str!("sql/centre/0018_source_told.sql"),
        include_str!("sql/centre/0019_unweighed.sql"),
        include_str!("sql/centre/0020_restart.sql"),
        include_str!("sql/centre/0021_unseen.sql"),
        include_str!("sql/centre/0022_override_warned.sql"),
        include_str!("sql/centre/0023_refusals.sql"),
        include_str!("sql/centre/0024_hidden.sql"),
        include_str!("sql/centre/0025_session.sql"),
        include_str!("sql/centre/0026_generation.sql"),
    ],
};

impl Schema {
    /// Brings the file to the newest schema: all missing steps or none, and nothing where none is missing.
    pub(super) fn apply(&self, sql: &mut Connection) -> Result<(), StoreError> {
        if self.missing(sql, "main")?.is_empty() {
            return Ok(());
        }
        let tx = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Asked again under the lock: another process may have been first.
        for step in self.missing(&tx, "main")? {
            tx.execute_batch(step)?;
        }
        tx.pragma_update(None, "user_version", self.known())?;
        Ok(tx.commit()?)
    }

    /// Refuses a file that this program's statements do not fit. `database` is its name on this connection.
    pub(super) fn check(&self, sql: &Connection, database: &str) -> Result<(), StoreError> {
        match self.missing(sql, database)? {
            [] => Ok(()),
            steps => Err(StoreError::Older { file: self.file.to_owned(), found: self.known() - steps.len() as u32 }),
        }
    }

    fn missing(&self, sql: &Connection, database: &str) -> Result<&'static [&'static str], StoreError> {
        let found: u32 = sql.pragma_query_value(Some(database), "user_version", |row| row.get(0))?;
        self.steps.get(found as usize..).ok_or_else(|| StoreError::Newer {
            file: self.file.to_owned(),
            found,
            known: self.known(),
        })
    }

    fn known(&self) -> u32 {
        self.steps.len() as u32
    }
}
