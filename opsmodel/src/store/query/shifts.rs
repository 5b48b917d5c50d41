//! The hand-overs that were signed.

use super::{Reader, spelling};
use crate::crm::SignedHandover;
use crate::store::StoreError;

pub(super) const SIGNED: &str = "SELECT after FROM card_history INDEXED BY card_history_card \
    WHERE card = 'handover'";

impl Reader {
    /// The last hand-overs, newest first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn signed_handovers(&self, limit: usize) -> Result<Vec<SignedHandover>, StoreError> {
        let mut statement = self.sql.prepare_cached(SIGNED)?;
        let rows = statement.query_map([], |row| spelling::json(row, 0))?;
        let mut all: Vec<SignedHandover> = rows.collect::<Result<_, _>>()?;
        // Keys are text, and "10" stands before "9": three a day are put in order here.
        all.sort_by_key(|handover| std::cmp::Reverse(handover.number));
        all.truncate(limit);
        Ok(all)
    }
}
