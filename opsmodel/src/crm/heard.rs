//! A word that somebody says on the telephone, judged by the card.

use alarmcore::{CallResult, ContactId, Proof};

use super::{AccountCard, Codeword, Contact};

/// What a word was that somebody said.
///
/// Whatever sounds like a threat is one: a duress word counts while it waits for a review, and as long as nobody else has agreed that
/// it goes. A codeword counts on the telephone as it stands on the card now. That a test of life safety may begin it proves
/// only as it was reviewed: otherwise whoever sets a word alone proves anything by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// It is a duress word.
    duress: bool,
    /// It is the codeword of now.
    word: bool,
    /// It is the codeword that somebody else than its setter has looked at.
    reviewed: bool,
}

impl Judged {
    /// How a call went in which it was said.
    pub const fn result(self) -> CallResult {
        match self {
            Self { duress: true, .. } => CallResult::DuressCode,
            Self { word: true, .. } => CallResult::CodeOk,
            Self { .. } => CallResult::WrongCode,
        }
    }

    /// What it proves of whoever asks for a test.
    pub const fn proof(self) -> Proof {
        match self {
            Self { duress: true, .. } => Proof::Duress,
            Self { reviewed: true, .. } => Proof::Right,
            Self { word: true, .. } => Proof::Unreviewed,
            Self { .. } => Proof::Wrong,
        }
    }
}

impl AccountCard {
    /// What the word `spoken` is, of whoever says that they are this contact. `reviewed` is the card as it was before what waits of its
    /// call list for a review, where something does.
    ///
    /// Said by nobody whom the card knows, it is nobody's but a duress word: nothing then, if it is none.
    pub fn judge(&self, reviewed: Option<&Self>, contact: Option<ContactId>, spoken: &str) -> Option<Judged> {
        let says = |word: &Option<Codeword>| word.as_ref().is_some_and(|word| word.is(spoken));
        let of = |people: &'_ [Contact]| people.iter().find(|known| Some(known.id) == contact).cloned();
        let before = reviewed.map_or(&self.contacts, |card| &card.contacts);
        let Some(now) = of(&self.contacts) else {
            let duress = self.contacts.iter().chain(before).any(|known| says(&known.duress));
            return duress.then_some(Judged { duress, word: false, reviewed: false });
        };
        let word = says(&now.codeword);
        let (duress, reviewed) = match reviewed.map(|_| of(before)) {
            None => (says(&now.duress), word),
            Some(None) => (says(&now.duress), false),
            Some(Some(before)) => (says(&now.duress) || says(&before.duress), says(&before.codeword)),
        };
        Some(Judged { duress, word, reviewed })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use alarmcore::Timestamp;

    use super::super::{CardField, Pending, Words};
    use super::*;

    fn card(people: &str, words: &str) -> AccountCard {
        let card = AccountCard::new("1001".parse().unwrap(), "Shop").calling(Contact::read_all(people).unwrap());
        let mut salt = 0;
        let salts = || {
            salt += 1;
            Ok::<_, super::super::WordLineError>([salt; 16])
        };
        card.saying(&Words::read_all(words).unwrap(), salts).unwrap()
    }

    /// Who says what, as a call and as a proof.
    fn heard(card: &AccountCard, before: Option<&AccountCard>, who: u32, said: &str) -> Option<(CallResult, Proof)> {
        let judged = card.judge(before, Some(ContactId::new(who)), said)?;
        Some((judged.result(), judged.proof()))
    }

    #[test]
    fn a_word_is_right_wrong_or_a_threat() {
        let card = card("1 Wang; phone 1 | 2 Li; phone 2", "1 codeword blue heron; duress grey heron");
        for (who, said, is) in [
            (1, "Blue-Heron", Some((CallResult::CodeOk, Proof::Right))),
            (1, "grey heron.", Some((CallResult::DuressCode, Proof::Duress))),
            (1, "red heron", Some((CallResult::WrongCode, Proof::Wrong))),
            // Whoever has no word says a wrong one; whoever is nobody says nothing but a threat.
            (2, "grey heron", Some((CallResult::WrongCode, Proof::Wrong))),
            (9, "grey heron", Some((CallResult::DuressCode, Proof::Duress))),
            (9, "blue heron", None),
        ] {
            assert_eq!(heard(&card, None, who, said), is, "{who} says {said}");
        }
        assert_eq!(card.judge(None, None, "grey heron").map(Judged::proof), Some(Proof::Duress));
        assert_eq!(card.judge(None, None, "blue heron"), None);
    }

    /// What waits for a review proves nothing, and threatens all the same.
    #[test]
    fn a_word_that_waits_for_a_review_proves_nothing() {
        let people = "1 Wang; phone 1 | 2 Li; phone 2";
        let before = card(people, "1 codeword blue heron; duress grey heron | 2 codeword kingfisher; duress osprey");
        let now = card(
            "1 Wang; phone 1 | 3 Zhao; phone 3",
            "1 codeword my own; duress not me | 3 codeword my own too; duress nor me",
        );
        let fields = BTreeSet::from([CardField::Contacts]);
        let pending = Pending { base: 1, since: Timestamp::default(), by: BTreeSet::new(), fields, cancels: None };
        let now = AccountCard { pending: Some(pending), ..now };
        for (who, said, is) in [
            (1, "my own", Some((CallResult::CodeOk, Proof::Unreviewed))),
            (3, "my own too", Some((CallResult::CodeOk, Proof::Unreviewed))),
            (1, "blue heron", Some((CallResult::WrongCode, Proof::Right))),
            (1, "grey heron", Some((CallResult::DuressCode, Proof::Duress))),
            (1, "not me", Some((CallResult::DuressCode, Proof::Duress))),
            (3, "nor me", Some((CallResult::DuressCode, Proof::Duress))),
            (3, "kingfisher", Some((CallResult::WrongCode, Proof::Wrong))),
            // Taken off the list, and not yet by two.
            (2, "osprey", Some((CallResult::DuressCode, Proof::Duress))),
            (2, "kingfisher", None),
        ] {
            assert_eq!(heard(&now, Some(&before), who, said), is, "{who} says {said}");
        }
    }
}
