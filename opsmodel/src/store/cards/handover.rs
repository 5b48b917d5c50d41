//! Signed hand-overs: they live in the chained history and nowhere else.

use super::{CardKind, remember, to_json};
use crate::crm::{CardError, Change, SignedHandover};
use crate::store::{Centre, StoreError};

impl Centre {
    /// Stores a hand-over that both have signed, and returns it with its number.
    ///
    /// # Errors
    /// [`StoreError::Card`] when one person signed for both.
    pub fn put_handover(&mut self, handover: &SignedHandover, change: &Change) -> Result<SignedHandover, StoreError> {
        if handover.from == handover.to {
            return Err(StoreError::Card(CardError::OnePersonForBoth));
        }
        self.write(|sql| {
            let stored: u32 = sql
                .prepare_cached("SELECT count(*) FROM card_history WHERE card = ?1")?
                .query_row([CardKind::Handover.word()], |row| row.get(0))?;
            let handover = SignedHandover { number: stored + 1, ..handover.clone() };
            let key = handover.number.to_string();
            remember(sql, (CardKind::Handover, &key, 1), None, &to_json(&handover)?, change)?;
            Ok(handover)
        })
    }
}

#[cfg(test)]
mod tests {
    use alarmcore::{OperatorId, Timestamp};

    use super::*;
    use crate::store::query::Reader;
    use crate::store::{SignalLog, verify};

    #[test]
    fn both_sign_and_the_chain_holds_it() {
        let dir = tempfile::tempdir().unwrap();
        drop(SignalLog::open(dir.path()).unwrap());
        let mut centre = Centre::open(dir.path()).unwrap();
        let at = Timestamp::from_millis(1_795_478_400_000);
        let change = Change { by: Some(OperatorId::new(1)), at, origin: "console".into(), reason: "hand-over".into() };
        let asked = SignedHandover {
            number: 0,
            at,
            from: OperatorId::new(1),
            to: OperatorId::new(2),
            as_of: 102,
            list: "5e884898".into(),
            text: "incident 3 taken 1\n".into(),
            since: "+ incident 4 new\n".into(),
            open: 3,
            note: "1017 停电，电池供电".into(),
        };
        let one = centre.put_handover(&asked, &change).unwrap();
        let two = centre.put_handover(&asked, &change).unwrap();
        assert_eq!((one.number, two.number), (1, 2));
        let alone = SignedHandover { to: asked.from, ..asked };
        assert!(matches!(centre.put_handover(&alone, &change), Err(StoreError::Card(CardError::OnePersonForBoth))));
        drop(centre);
        assert_eq!(Reader::open(dir.path()).unwrap().signed_handovers(5).unwrap(), [two, one]);
        assert_eq!(verify(dir.path()).unwrap().card_history, 2);
    }
}
