//! 3DES of the lines, and the key that a receiver hands out.

use alloc::{boxed::Box, vec::Vec};
use core::fmt;

use des::TdesEde3;
use des::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

use crate::{KeyFault, RecordError};

const BLOCK: usize = 8;

/// What a key is hidden under on its way to the panel. Whoever reads this can uncover it: the encryption keeps no secret
/// from somebody who hears the beginning of a connection.
const MASK: [u8; 24] = [
    0x55, 0x2D, 0x6A, 0x05, 0x23, 0x49, 0x39, 0xA8, 0x45, 0x29, 0xD3, 0xE9, 0x94, 0xC2, 0xB5, 0x88, 0x45, 0xA3, 0x50,
    0x8A, 0x44, 0xAA, 0x69, 0x54,
];

/// The 24 bytes that a receiver sends first, for this random key; and, since the mask is its own inverse, the key of the
/// 24 bytes that a panel received.
pub fn masked_key(bytes: [u8; 24]) -> [u8; 24] {
    let mut masked = bytes;
    for (byte, mask) in masked.iter_mut().zip(MASK) {
        *byte ^= mask;
    }
    masked
}

/// The key of one connection. Wiped on drop, and never shown.
#[derive(Clone)]
pub struct OhKey {
    schedule: Box<TdesEde3>,
}

impl OhKey {
    /// The key of these 24 bytes: random ones that the caller drew.
    pub fn new(bytes: &[u8; 24]) -> Self {
        Self { schedule: Box::new(TdesEde3::new(&Array::from(*bytes))) }
    }

    /// Deciphers whole blocks of eight bytes.
    ///
    /// # Errors
    /// [`RecordError::Length`] if they are not whole blocks.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, RecordError> {
        let (blocks, rest) = sealed.as_chunks::<BLOCK>();
        if !rest.is_empty() || blocks.is_empty() {
            return Err(RecordError::Length { expected: (blocks.len() + 1) * BLOCK, found: sealed.len() });
        }
        let mut plain = Vec::with_capacity(sealed.len());
        for block in blocks {
            let mut block = Array::from(*block);
            self.schedule.decrypt_block(&mut block);
            plain.extend_from_slice(&block);
        }
        Ok(plain)
    }

    /// Deciphers a line, and makes sure that the key fits it.
    ///
    /// # Errors
    /// As [`OhKey::open`]; [`RecordError::Key`] if what comes out begins as no line does.
    pub fn open_line(&self, sealed: &[u8]) -> Result<Vec<u8>, RecordError> {
        let plain = self.open(sealed)?;
        if begins_a_line(&plain) || plain.starts_with(b"ACK") {
            Ok(plain)
        } else {
            Err(RecordError::Key(KeyFault::Wrong))
        }
    }

    /// Fills the last block with zeros and enciphers.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(plain.len() + BLOCK);
        for part in plain.chunks(BLOCK) {
            let mut block = [0; BLOCK];
            for (place, byte) in block.iter_mut().zip(part) {
                *place = *byte;
            }
            let mut block = Array::from(block);
            self.schedule.encrypt_block(&mut block);
            sealed.extend_from_slice(&block);
        }
        sealed
    }
}

/// Whether a panel's line begins so: what a wrong key opens does not.
pub(super) fn begins_a_line(plain: &[u8]) -> bool {
    plain.starts_with(b"\n0101") || plain.starts_with(b"SR")
}

impl fmt::Debug for OhKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OhKey(3DES)")
    }
}
