//! AES-CBC of the part behind the opening bracket: keys with their schedule kept, and the pad before the data.

#[cfg(feature = "aes")]
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "aes")]
use {
    aes::{Aes128, Aes192, Aes256, Block},
    cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit},
};

/// One AES block, in bytes: cipher text comes in whole ones.
pub(crate) const BLOCK: usize = 16;

/// An AES key of 128, 192 or 256 bits.
///
/// The bytes are expanded once, wiped on drop, and never shown. Without the feature `aes` no key can be made, and every
/// encrypted message answers [`KeyFault::Missing`](crate::KeyFault::Missing).
#[derive(Clone)]
pub struct Key {
    #[cfg(feature = "aes")]
    schedule: Box<Schedule>,
    #[cfg(not(feature = "aes"))]
    never: core::convert::Infallible,
}

#[cfg(feature = "aes")]
#[derive(Clone)]
enum Schedule {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not 16, 24 or 32 bytes.
    #[error("a key has 16, 24 or 32 bytes, not {length}")]
    Length {
        /// How many bytes there are.
        length: usize,
    },
    /// Not a hexadecimal digit.
    #[error("a hexadecimal key has an even number of digits 0-9 and A-F; character {at} is none")]
    Digit {
        /// Where it stands, counted from 0.
        at: usize,
    },
}

#[cfg(feature = "aes")]
impl Key {
    /// A key of 16, 24 or 32 bytes. A key that is typed as so many ASCII characters is its own bytes.
    ///
    /// # Errors
    /// [`KeyError::Length`].
    pub fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        let length = KeyError::Length { length: bytes.len() };
        let schedule = match bytes.len() {
            16 => Schedule::Aes128(Aes128::new_from_slice(bytes).map_err(|_| length)?),
            24 => Schedule::Aes192(Aes192::new_from_slice(bytes).map_err(|_| length)?),
            32 => Schedule::Aes256(Aes256::new_from_slice(bytes).map_err(|_| length)?),
            _ => return Err(length),
        };
        Ok(Self { schedule: Box::new(schedule) })
    }

    /// A key written as 32, 48 or 64 hexadecimal digits. Thirty-two characters may also be an ASCII key of 256 bits: only
    /// the user knows which, so there is no guessing here.
    ///
    /// # Errors
    /// [`KeyError`] says which digit is none, or that the length fits no key.
    pub fn from_hex(digits: &str) -> Result<Self, KeyError> {
        let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(digits.len() / 2));
        unhex(digits.as_bytes(), &mut bytes).map_err(|at| KeyError::Digit { at })?;
        Self::new(&bytes)
    }

    /// Decrypts whole blocks in place, from the zero vector (2007, 5.4.5).
    pub(crate) fn decrypt(&self, bytes: &mut [u8]) {
        let (blocks, _) = Block::slice_as_chunks_mut(bytes);
        let zero = Block::default();
        match &*self.schedule {
            Schedule::Aes128(aes) => cbc::Decryptor::inner_iv_init(aes, &zero).decrypt_blocks(blocks),
            Schedule::Aes192(aes) => cbc::Decryptor::inner_iv_init(aes, &zero).decrypt_blocks(blocks),
            Schedule::Aes256(aes) => cbc::Decryptor::inner_iv_init(aes, &zero).decrypt_blocks(blocks),
        }
    }

    /// Encrypts whole blocks in place, from the zero vector.
    pub(crate) fn encrypt(&self, bytes: &mut [u8]) {
        let (blocks, _) = Block::slice_as_chunks_mut(bytes);
        let zero = Block::default();
        match &*self.schedule {
            Schedule::Aes128(aes) => cbc::Encryptor::inner_iv_init(aes, &zero).encrypt_blocks(blocks),
            Schedule::Aes192(aes) => cbc::Encryptor::inner_iv_init(aes, &zero).encrypt_blocks(blocks),
            Schedule::Aes256(aes) => cbc::Encryptor::inner_iv_init(aes, &zero).encrypt_blocks(blocks),
        }
    }

    const fn name(&self) -> &'static str {
        match *self.schedule {
            Schedule::Aes128(_) => "AES-128",
            Schedule::Aes192(_) => "AES-192",
            Schedule::Aes256(_) => "AES-256",
        }
    }
}

#[cfg(not(feature = "aes"))]
impl Key {
    pub(crate) fn decrypt(&self, _: &mut [u8]) {
        match self.never {}
    }

    pub(crate) fn encrypt(&self, _: &mut [u8]) {
        match self.never {}
    }

    const fn name(&self) -> &'static str {
        match self.never {}
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.name())
    }
}

/// The bytes before encrypted data, which alone make two equal messages look different: hand in random ones.
///
/// Fewer bytes than needed are repeated, and `[`, `|` and `]`, which would end the pad, are replaced.
#[derive(Clone, Copy)]
pub enum Pad<'a> {
    /// One to sixteen bytes, as many as fill the last block (2013 and 2021).
    Short(&'a [u8]),
    /// Sixteen to thirty-one bytes, so that the whole first block is random (2026, 5.4.4.3).
    Long(&'a [u8]),
}

impl fmt::Debug for Pad<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Short(_) => "Pad::Short",
            Self::Long(_) => "Pad::Long",
        })
    }
}

impl Pad<'_> {
    /// Writes the pad for `rest` bytes that follow it.
    pub(crate) fn write(self, rest: usize, out: &mut Vec<u8>) {
        let fill = BLOCK - rest % BLOCK;
        let (random, length) = match self {
            Self::Short(random) => (random, fill),
            Self::Long(random) => (random, if fill == BLOCK { BLOCK } else { BLOCK + fill }),
        };
        let random = if random.is_empty() { b"0" } else { random };
        out.extend(random.iter().cycle().take(length).map(|&byte| match byte {
            b'[' | b'|' | b']' => byte ^ 0x20,
            _ => byte,
        }));
    }
}

/// Appends what hexadecimal digits say, in either case; the place of the first character that is none, or the length if
/// one is missing.
pub(crate) fn unhex(digits: &[u8], out: &mut Vec<u8>) -> Result<(), usize> {
    let (pairs, odd) = digits.as_chunks::<2>();
    for (place, &[high, low]) in pairs.iter().enumerate() {
        match (NIBBLE[usize::from(high)], NIBBLE[usize::from(low)]) {
            (high @ 0..=15, low @ 0..=15) => out.push(high << 4 | low),
            (0..=15, _) => return Err(2 * place + 1),
            _ => return Err(2 * place),
        }
    }
    if odd.is_empty() { Ok(()) } else { Err(digits.len()) }
}

/// Appends upper-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(2 * bytes.len());
    for byte in bytes {
        out.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

/// The hexadecimal digits that frames are written with.
pub(crate) const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The value of a hexadecimal digit of either case; 16 for every other byte.
pub(crate) const NIBBLE: [u8; 256] = {
    let mut values = [16; 256];
    let mut value = 0;
    while value < 16 {
        values[HEX[value] as usize] = value as u8;
        values[HEX[value].to_ascii_lowercase() as usize] = value as u8;
        value += 1;
    }
    values
};
