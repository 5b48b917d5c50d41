//! The account number: who reports, as one small value that can be compared, hashed and printed.

use core::{fmt, str::FromStr};

/// The number or name a panel reports under: 1 to 16 ASCII letters and digits, held in upper case.
///
/// DC-09 allows 3 to 16 hexadecimal digits (2013, 5.5.1.5); panels in the field also send letters beyond F. Leading zeros
/// count: `008312` and `8312` are two accounts.
///
/// ```
/// use contactid::AccountNumber;
/// let account: AccountNumber = "12345a".parse()?;
/// assert_eq!(account.as_str(), "12345A");
/// # Ok::<(), contactid::AccountError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountNumber {
    // Unused places are zero, below every letter and digit, so that the derived order is the order of the texts.
    text: [u8; AccountNumber::MAX],
}

/// Why a text is no account number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// Empty, or longer than sixteen characters.
    #[error("an account number has 1 to 16 characters, not {length}")]
    Length {
        /// How many bytes the text has.
        length: usize,
    },
    /// A byte that is neither an ASCII letter nor a digit.
    #[error("an account number consists of ASCII letters and digits; byte {at} is {found:#04x}")]
    Character {
        /// Where it stands, counted from 0.
        at: usize,
        /// What stands there.
        found: u8,
    },
}

impl AccountNumber {
    /// The longest account number, in characters.
    pub const MAX: usize = 16;

    /// Reads an account number as it stands on the wire, without its `#`.
    ///
    /// # Errors
    /// [`AccountError`] says which byte, or that the length is out of range.
    #[inline(always)]
    pub const fn new(text: &[u8]) -> Result<Self, AccountError> {
        if text.is_empty() || text.len() > Self::MAX {
            return Err(AccountError::Length { length: text.len() });
        }
        let middle = if text.len() < 8 { text.len() } else { 8 };
        let (low, high) = text.split_at(middle);
        match (word(low), word(high)) {
            (Ok(low), Ok(high)) => Ok(Self { text: (low as u128 | (high as u128) << 64).to_le_bytes() }),
            (Err(at), _) => Err(AccountError::Character { at, found: low[at] }),
            (_, Err(at)) => Err(AccountError::Character { at: 8 + at, found: high[at] }),
        }
    }

    /// The number as text, in upper case.
    pub fn as_str(&self) -> &str {
        let end = self.text.iter().position(|&byte| byte == 0).unwrap_or(Self::MAX);
        core::str::from_utf8(&self.text[..end]).unwrap_or_default()
    }
}

/// Up to eight letters and digits in upper case, the first at the bottom; the place of the first that is neither.
///
/// They are put together in a register: bytes that are written one by one cannot be copied at once.
#[inline]
const fn word(text: &[u8]) -> Result<u64, usize> {
    let (mut word, mut wrong, mut at) = (0, None, text.len());
    while at > 0 {
        at -= 1;
        let upper = text[at].to_ascii_uppercase();
        if !upper.is_ascii_alphanumeric() {
            wrong = Some(at);
        }
        word = word << 8 | upper as u64;
    }
    match wrong {
        Some(at) => Err(at),
        None => Ok(word),
    }
}

impl FromStr for AccountNumber {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, AccountError> {
        Self::new(text.as_bytes())
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountNumber({})", self.as_str())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for AccountNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for AccountNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = alloc::string::String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
