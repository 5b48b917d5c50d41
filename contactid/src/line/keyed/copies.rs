//! From characters to a message: one copy of it, or two that have to agree.

use alloc::vec::Vec;

use super::{KeyedFormat, KeyedMessage};
use crate::cesa::CesaMessage;
use crate::robofon::{BlockCheck, RobofonFrame};
use crate::{RecordError, Strictness};

/// What was heard of a message.
#[derive(Clone, Debug)]
pub(in crate::line) struct Copies {
    format: KeyedFormat,
    /// The characters that came, one more than a copy has at most: that many are too many.
    bytes: Vec<u8>,
    /// The place of the first character without a stop bit.
    garbled: Option<usize>,
    /// The copy before this one.
    first: Option<Result<Vec<u8>, RecordError>>,
}

impl Copies {
    pub(in crate::line) const fn of(format: KeyedFormat) -> Self {
        Self { format, bytes: Vec::new(), garbled: None, first: None }
    }

    /// Whether nothing of a message is there.
    pub(in crate::line) const fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.first.is_none()
    }

    /// Takes the next character; `None` for one without a stop bit. Between copies that is noise. Says whether a copy goes on.
    pub(in crate::line) fn push(&mut self, character: Option<u8>) -> bool {
        let length = self.format.length();
        match character {
            Some(byte) if self.bytes.len() <= length => self.bytes.push(byte),
            None if (1..length).contains(&self.bytes.len()) => {
                self.garbled.get_or_insert(self.bytes.len());
            }
            Some(_) | None => {}
        }
        !self.bytes.is_empty()
    }

    /// Nothing more came: the message, or what is wrong with it, and `None` while another copy is to come.
    pub(in crate::line) fn over(
        &mut self,
        check: BlockCheck,
        strictness: Strictness,
    ) -> Option<Result<KeyedMessage, RecordError>> {
        let bytes = core::mem::take(&mut self.bytes);
        let stop = |at| RecordError::Form { expected: "a stop bit", at, found: 0 };
        let (copy, came) = (self.garbled.take().map_or(Ok(()), |at| Err(stop(at))).map(|()| bytes), self.first.take());
        let length = self.format.length();
        match (self.format, copy, came) {
            (KeyedFormat::Robofon, Ok(bytes), _) => {
                Some(RobofonFrame::parse(&bytes, check, strictness).map(KeyedMessage::Robofon))
            }
            (KeyedFormat::Cesa, Ok(bytes), Some(Ok(first))) if !bytes.is_empty() => {
                Some(CesaMessage::agreed(&first, &bytes, strictness).map(KeyedMessage::Cesa))
            }
            // There was no other copy.
            (KeyedFormat::Cesa, Ok(_), Some(Ok(first))) => {
                Some(Err(RecordError::Length { expected: 2 * length, found: first.len() }))
            }
            (KeyedFormat::Cesa, copy, None) => {
                self.first = Some(copy);
                None
            }
            (KeyedFormat::Robofon, Err(error), _) | (KeyedFormat::Cesa, _, Some(Err(error))) => Some(Err(error)),
            (KeyedFormat::Cesa, Err(error), Some(Ok(_))) => Some(Err(error)),
        }
    }
}
