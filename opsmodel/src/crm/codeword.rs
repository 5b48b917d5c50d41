//! `Codeword`: what a person must say on the telephone, kept so that nobody can read it off a card.

use core::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How often the digest is taken over again: guessing words from a stolen file costs that much more.
const ROUNDS: u32 = 10_000;

/// The salted digest of a codeword. The word itself is not kept.
///
/// Letters' case and spaces do not matter: the word is spoken.
///
/// ```
/// use opsmodel::crm::Codeword;
/// let codeword = Codeword::new("Blue Heron", [7; 16]);
/// assert!(codeword.is("blueheron"));
/// assert!(!codeword.is("grey heron"));
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
        Self { salt, digest: digest(word, &salt) }
    }

    /// Which setting of a word this is, in four signs that are drawn anew with each: it says nothing about the word, and whoever reviews a
    /// card sees by it that another was set.
    pub fn mark(&self) -> String {
        format!("{:02x}{:02x}", self.salt[0], self.salt[1])
    }

    /// Whether somebody who says `spoken` said the codeword.
    pub fn is(&self, spoken: &str) -> bool {
        // Every byte is compared, so that the time it takes says nothing about where they differ.
        let said = digest(spoken, &self.salt);
        said.iter().zip(&self.digest).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }
}

fn digest(word: &str, salt: &[u8; 16]) -> [u8; 32] {
    let plain: String = word.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let first: [u8; 32] = Sha256::new_with_prefix(salt).chain_update(plain).finalize().into();
    (1..ROUNDS).fold(first, |digest, _| Sha256::new_with_prefix(salt).chain_update(digest).finalize().into())
}

impl fmt::Debug for Codeword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Codeword(..)")
    }
}
