//! `Codeword`: what a person must say on the telephone, kept so that nobody can read it off a card.

use core::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

/// How often the digest is taken over again: guessing words from a stolen file costs that much more.
const ROUNDS: u32 = 10_000;

/// The Chinese numerals of each digit, the first being how it is usually written. Whoever hears one cannot hear which was meant.
const NUMERALS: [&str; 10] = ["零〇", "一壹幺", "二贰两兩", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"];

/// The salted digest of a codeword. The word itself is not kept.
///
/// The word is spoken, and nobody hears how it is written: only letters and digits count, and neither their case nor their width nor how
/// an accent is composed; a Chinese numeral from 〇 to 九 is its digit.
///
/// ```
/// use opsmodel::crm::Codeword;
/// let codeword = Codeword::new("Blue Heron 7", [7; 16]);
/// assert!(codeword.is("blueheron７"));
/// assert!(codeword.is("blue-heron 七."));
/// assert!(!codeword.is("grey heron 7"));
/// assert_eq!(format!("{codeword:?}"), "Codeword(..)");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codeword {
    salt: [u8; 16],
    digest: [u8; 32],
}

impl Codeword {
    /// Keeps the digest of `word`. `salt` is drawn at random by the caller, anew for every codeword.
    pub fn new(word: &str, salt: [u8; 16]) -> Self {
        Self { salt, digest: digest(&folded(word), &salt) }
    }

    /// How many letters and digits of a word count.
    pub fn letters(word: &str) -> usize {
        folded(word).chars().count()
    }

    /// Which setting of a word this is, in four signs that are drawn anew with each: it says nothing about the word, and whoever reviews a
    /// card sees by it that another was set.
    pub fn mark(&self) -> String {
        format!("{:02x}{:02x}", self.salt[0], self.salt[1])
    }

    /// Whether somebody who says `spoken` said the codeword.
    pub fn is(&self, spoken: &str) -> bool {
        forms(spoken).iter().fold(false, |said, form| self.is_of(form) | said)
    }

    /// Whether it is the digest of this word as digests are taken now. Digests that are older know fewer writings of the same word.
    pub(super) fn keeps(&self, word: &str) -> bool {
        self.is_of(&folded(word))
    }

    fn is_of(&self, form: &str) -> bool {
        // Every byte is compared, so that the time it takes says nothing about where they differ.
        let said = digest(form, &self.salt);
        said.iter().zip(&self.digest).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }
}

/// The writings by which a word is compared: as digests are taken now, and as they once were, of the word as it was typed: any character but
/// blanks counted, and a numeral was no digit.
fn forms(spoken: &str) -> Vec<String> {
    let typed = spoken.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let plain: String = plain(spoken).collect();
    let in_numerals = plain.chars().map(numeral).collect();
    let mut forms = vec![plain.chars().map(digit).collect(), typed, plain, in_numerals];
    forms.sort_unstable();
    forms.dedup();
    // What no letter is in is no word.
    forms.retain(|form: &String| !form.is_empty());
    forms
}

/// What is heard of a word.
fn folded(word: &str) -> String {
    plain(word).map(digit).collect()
}

/// Its letters and digits, of one width and composition. Both cases, since some letters have two small forms.
fn plain(word: &str) -> impl Iterator<Item = char> {
    let one_case = word.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    one_case.filter(|c| c.is_alphanumeric())
}

fn digit(c: char) -> char {
    let value = NUMERALS.iter().position(|numerals| numerals.contains(c));
    value.and_then(|value| char::from_digit(value as u32, 10)).unwrap_or(c)
}

fn numeral(c: char) -> char {
    let numerals = c.to_digit(10).and_then(|value| NUMERALS.get(value as usize));
    numerals.and_then(|numerals| numerals.chars().next()).unwrap_or(c)
}

fn digest(word: &str, salt: &[u8; 16]) -> [u8; 32] {
    let first: [u8; 32] = Sha256::new_with_prefix(salt).chain_update(word).finalize().into();
    (1..ROUNDS).fold(first, |digest, _| Sha256::new_with_prefix(salt).chain_update(digest).finalize().into())
}

impl fmt::Debug for Codeword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Codeword(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_heard_however_it_is_written() {
        let alike = [
            (
                "grey heron 7",
                &[
                    "grey heron ７",
                    "ｇｒｅｙ　ｈｅｒｏｎ 7",
                    "grey-heron 7",
                    "Grey Heron 7.",
                    "GREY HERON 7\u{200b}",
                    "grey heron 七",
                ][..],
            ),
            ("灰鹭八号", &["灰鹭8号", "灰鹭８号", "灰鹭 捌号。"]),
            ("Élan vert", &["E\u{301}lan vert", "élan, vert"]),
            ("119两次", &["幺幺九2次", "一一九二次"]),
            ("οδός", &["ΟΔΌΣ"]),
        ];
        for (word, writings) in alike {
            let codeword = Codeword::new(word, [7; 16]);
            for said in writings.iter().chain([&word]) {
                assert!(codeword.is(said), "{word}: {said}");
            }
            for other in ["grey heron", "灰鹭九号", "elan vert", "118两次", "οδος", ""] {
                assert!(!codeword.is(other), "{word}: {other}");
            }
        }
        let counts = [("", 0), ("- . \u{200b}\0", 0), ("a b-c", 3), ("八号", 2), ("ﷺ", 15)];
        assert_eq!(counts.map(|(word, _)| (word, Codeword::letters(word))), counts);
    }

    /// A digest as it was taken before: of the word without blanks, in small letters.
    #[test]
    fn a_word_that_was_kept_before_is_heard() {
        let before = |word: &str| {
            let typed: String = word.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            Codeword { salt: [7; 16], digest: digest(&typed, &[7; 16]) }
        };
        for (word, said) in [
            ("Blue Heron", "blue heron"),
            ("Blue Heron", "ｂｌｕｅ-heron."),
            ("grey-heron", "Grey-Heron"),
            ("灰鹭八号", "灰鹭八号"),
            ("灰鹭八号", "灰鹭８号"),
            ("灰鹭8号", "灰鹭八号"),
            ("E\u{301}lan", "e\u{301}lan"),
            ("Straße", "straße"),
        ] {
            assert!(before(word).is(said), "{word}: {said}");
        }
        assert!(!before("grey-heron").is("grey heron"), "what counted then counts in its digest");
        assert!(before("Blue Heron").keeps("blue-heron") && !before("grey-heron").keeps("grey-heron"));
        assert!(!before("\u{200b}\u{200b}").is("--"), "nothing is no word");
    }
}
