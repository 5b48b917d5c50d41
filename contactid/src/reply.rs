//! What a receiver answers, built from the fields it received.

use alloc::vec::Vec;

use crate::frame::encode;
use crate::{Frame, Key, Pad, Quirks, Stamp, Token};

/// An answer to a frame (DC-09-2013, 5.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    /// Taken: send it only when the report is durable.
    Ack,
    /// The panel's clock is off; carries the receiver's time.
    Nak,
    /// Intact, but the content is not understood.
    Duh,
    /// Nothing: the panel times out and sends again.
    Silence,
}

impl Reply {
    /// The bytes of this answer to `frame`, from LF to CR; empty for [`Reply::Silence`].
    ///
    /// Sequence, receiver, line and account are echoed as they came, and so is a binary CRC. An encrypted frame is
    /// acknowledged encrypted: `now` and `pad` go into that, and without a key the answer is DUH, because a plain
    /// acknowledgement would confirm what no key has confirmed. NAK has its fixed form and names `now`.
    pub fn encode(self, frame: &Frame<'_>, now: Stamp, key: Option<&Key>, pad: Pad<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode_into(frame, now, key, pad, &mut out);
        out
    }

    /// Appends what [`Reply::encode`] returns.
    pub fn encode_into(self, frame: &Frame<'_>, now: Stamp, key: Option<&Key>, pad: Pad<'_>, out: &mut Vec<u8>) {
        let token = match (self, frame.is_encrypted(), key) {
            (Self::Silence, ..) => return,
            (Self::Nak, ..) => Token::Nak,
            (Self::Ack, true, None) | (Self::Duh, ..) => Token::Duh,
            (Self::Ack, ..) => Token::Ack,
        };
        if token == Token::Nak {
            let begun = encode::Begun::new(frame.quirks().contains(Quirks::BINARY_CRC), out);
            out.extend_from_slice(b"\"NAK\"0000R0L0A0[]");
            encode::stamp(now, out);
            begun.end(out);
        } else {
            let key = key.filter(|_| token == Token::Ack && frame.is_encrypted());
            echo(token, frame, now, key.map(|key| (key, pad)), out, |inside| inside.push(b']'));
        }
    }
}

/// Writes an answer that echoes what it answers: sequence, receiver, line, account and a binary CRC as they came.
/// `content` writes everything behind the opening bracket but the time stamp, which only a sealed answer has.
pub(crate) fn echo(
    token: Token<'_>,
    frame: &Frame<'_>,
    now: Stamp,
    seal: Option<(&Key, Pad<'_>)>,
    out: &mut Vec<u8>,
    content: impl FnOnce(&mut Vec<u8>),
) {
    let begun = encode::Begun::new(frame.quirks().contains(Quirks::BINARY_CRC), out);
    encode::token(token, seal.is_some(), out);
    out.extend_from_slice(frame.sequence);
    encode::fields(frame.receiver, frame.line, frame.account, out);
    match seal {
        Some((key, pad)) => encode::sealed(key, pad, out, |plain| {
            content(plain);
            encode::stamp(now, plain);
        }),
        None => {
            out.push(b'[');
            content(out);
        }
    }
    begun.end(out);
}
