//! `AccountKey`: the AES key that a panel encrypts with.

use core::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A panel's key: 16, 24 or 32 bytes. It never prints; only [`AccountKey::fingerprint`] may be shown or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountKey(Zeroizing<Vec<u8>>);

/// The text or the bytes are no AES key. What they were is not repeated here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is 16, 24 or 32 bytes: 32, 48 or 64 hexadecimal digits")]
pub struct KeyError;

impl AccountKey {
    /// The key with these bytes.
    ///
    /// # Errors
    /// When they are not 16, 24 or 32 bytes.
    pub fn new(bytes: Vec<u8>) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(bytes);
        if matches!(bytes.len(), 16 | 24 | 32) { Ok(Self(bytes)) } else { Err(KeyError) }
    }

    /// The key written in hexadecimal digits.
    ///
    /// # Errors
    /// When it is not 32, 48 or 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(KeyError);
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if !rest.is_empty() {
            return Err(KeyError);
        }
        let bytes: Result<Vec<u8>, KeyError> =
            pairs.iter().map(|&[high, low]| Ok((digit(high)? << 4 | digit(low)?) as u8)).collect();
        Self::new(bytes?)
    }

    /// The secret itself, for the cipher and the key table only.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Sixteen hexadecimal digits by which people and histories tell keys apart.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new_with_prefix(b"account key").chain_update(&*self.0).finalize();
        digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountKey({})", self.fingerprint())
    }
}
