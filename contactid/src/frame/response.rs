//! `RSP`: an answer that carries content, and the key exchange that is the one use of it known.

use alloc::vec::Vec;

use super::encode::{self, EncodeError};
use super::extended::{Extended, KeyDigits, Value};
use crate::{Frame, Key, Message, Pad, Quirks, Reply, Stamp, Token, reply};

/// A receiver's answer that carries content: `"RSP"0042L0#1234[][K…]`. It takes the place of ACK.
///
/// That such an answer exists, and that a key may be handed over in `[K…]`, is all that could be established: **unverified**
/// are the place of the key behind empty data, and what a panel does with it. Commands for panels inside DC-09 were not
/// found.
///
/// ```
/// # #[cfg(feature = "aes")] {
/// use contactid::{Extended, Frame, Key, Pad, Response, Stamp, Strictness};
/// let frame = Frame::parse(b"\nD3440015\"NULL\"0000L0#008312[]\r", Strictness::Strict)?;
/// let key = [Extended::new('K', "000102030405060708090A0B0C0D0E0F")];
/// let answer = Response { data: b"", extended: &key }.encode(&frame, Stamp::from_unix(0), None, Pad::Short(b""))?;
///
/// // The panel's side.
/// let answer = Frame::parse(&answer, Strictness::Strict)?;
/// let message = answer.open(None)?;
/// assert!(message.offered_key().and_then(|digits| digits.key()).is_some());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Response<'a> {
    /// Everything between the first brackets.
    pub data: &'a [u8],
    /// Extended fields behind them.
    pub extended: &'a [Extended<'a>],
}

impl Response<'_> {
    /// The bytes of this answer to `frame`. Header fields are echoed, and an encrypted frame is answered encrypted, as
    /// [`Reply::encode`] does; without a key the answer is DUH then. To a plain frame it goes in the clear, a key too.
    ///
    /// # Errors
    /// [`EncodeError`] if the content cannot be written as it is.
    pub fn encode(
        &self,
        frame: &Frame<'_>,
        now: Stamp,
        key: Option<&Key>,
        pad: Pad<'_>,
    ) -> Result<Vec<u8>, EncodeError> {
        encode::content(self.data, self.extended)?;
        if frame.is_encrypted() && key.is_none() {
            return Ok(Reply::Duh.encode(frame, now, None, pad));
        }
        let mut out = Vec::new();
        let seal = key.filter(|_| frame.is_encrypted()).map(|key| (key, pad));
        reply::echo(Token::Rsp, frame, now, seal, &mut out, |inside| {
            encode::inside(self.data, self.extended, inside);
        });
        // LF, header and CR are not counted.
        let around = if frame.quirks().contains(Quirks::BINARY_CRC) { 8 } else { 10 };
        match out.len() - around {
            length if length > 0xFFF => Err(EncodeError::TooLong { length }),
            _ => Ok(out),
        }
    }
}

impl Message<'_> {
    /// The key that a message offers in `[K…]`: in an extended field, or in the place of the data.
    pub fn offered_key(&self) -> Option<KeyDigits<'_>> {
        let data = self.data().split_first().map(|(&id, value)| Extended { id: char::from(id), value });
        self.extended().chain(data).find_map(|field| match field.read() {
            Value::Key(digits) => Some(digits),
            _ => None,
        })
    }
}
