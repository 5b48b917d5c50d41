//! `[SUBSCRIBER 18QXYZGGCCCS…]`: Contact ID in brackets, over IP.

use alloc::{string::String, vec::Vec};

use crate::cid::{CidMessage, CidReport, MessageType, digits};
use crate::dtmf::Digit;
use crate::text;
use crate::{AccountNumber, EncodeError, Quirks, RecordError, Signal, Strictness};

/// One report in brackets.
///
/// ```text
/// [CID2 18 1 401 01 001 2 843]
///  │    │  │            │ └─ free text
///  │    │  │            └─── check digit
///  │    │  └──────────────── message
///  │    └─────────────────── message type
///  └──────────────────────── subscriber: any text without blanks
/// ```
///
/// ```
/// use contactid::{Strictness, cid::text::BracketReport};
/// let report = BracketReport::parse(b"[CID2 181401010012843]", Strictness::Strict)?;
/// assert_eq!((report.subscriber(), report.tail()), ("CID2", &b"843"[..]));
/// assert_eq!(report.check_holds(), None);
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BracketReport<'a> {
    subscriber: &'a str,
    message_type: MessageType,
    message: CidMessage,
    check: Digit,
    tail: &'a [u8],
    quirks: Quirks,
}

impl<'a> BracketReport<'a> {
    /// A report as it is sent.
    ///
    /// # Errors
    /// [`EncodeError::Byte`] if the subscriber has a blank, a bracket or anything that is not ASCII, or the text a bracket,
    /// or the message a letter beyond `F`; [`EncodeError::Width`] if there is no subscriber.
    pub fn new(
        subscriber: &'a str,
        message_type: MessageType,
        message: CidMessage,
        check: Digit,
        tail: &'a [u8],
    ) -> Result<Self, EncodeError> {
        if subscriber.is_empty() {
            return Err(EncodeError::Width { field: "subscriber", expected: 4, found: 0 });
        }
        if let Some(found) = subscriber.bytes().find(|&byte| !names(byte)) {
            return Err(EncodeError::Byte { field: "subscriber", found });
        }
        if let Some(&found) = tail.iter().find(|byte| b"[]".contains(byte)) {
            return Err(EncodeError::Byte { field: "tail", found });
        }
        let (message, letters) = message.dialled()?;
        let quirks = message.quirks().with(letters).with(digits::quirks(&[check]));
        Ok(Self { subscriber, message_type, message, check, tail, quirks })
    }

    /// Reads one report. What stands behind the closing bracket is passed over, and named.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] if it does not begin with a bracket, else what does not fit.
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, RecordError> {
        let within = bytes.strip_prefix(b"[").ok_or(RecordError::Foreign { expected: "a report in brackets" })?;
        let mut quirks = Quirks::NONE;
        let within = match within.iter().position(|&byte| byte == b']') {
            Some(end) => {
                if end + 1 < within.len() {
                    quirks.add(Quirks::STRAY_TAIL);
                }
                &within[..end]
            }
            None => {
                quirks.add(Quirks::UNCLOSED_BRACKET);
                within
            }
        };
        let short = RecordError::Length { expected: 16, found: bytes.len() };
        let blank = within.iter().position(|&byte| byte == b' ').ok_or(short)?;
        let (subscriber, digits_on) = within.split_at(blank);
        let from = 1 + blank + 1;
        let strange = |at: usize| RecordError::Form { expected: "a subscriber without blanks", at, found: bytes[at] };
        if let Some(at) = subscriber.iter().position(|&byte| !names(byte)) {
            return Err(strange(1 + at));
        }
        let subscriber = text::ascii(subscriber).filter(|text| !text.is_empty()).ok_or(strange(1))?;
        let (written, tail) = digits_on.get(1..).and_then(|rest| rest.split_at_checked(12)).ok_or(short)?;
        if let Some(at) = tail.iter().position(|&byte| byte == b'[') {
            return Err(RecordError::Form { expected: "text without brackets", at: from + 12 + at, found: b'[' });
        }
        let mut read = [Digit::ZERO; 12];
        quirks = quirks.with(digits::read_from(from, written, &mut read)?).with(digits::quirks(&read));
        let [high, low, message @ .., check] = read;
        let type_written = digits::written([high, low]);
        let message_type = MessageType::read(type_written).ok_or(RecordError::Form {
            expected: "message type 18 or 98",
            at: from,
            found: type_written[0],
        })?;
        let message = CidMessage::packed(digits::written(message), from + 2)?;
        quirks = quirks.with(message.quirks());
        digits::allowed(Self { subscriber, message_type, message, check, tail, quirks }, quirks, strictness)
    }

    /// Who reports, as received.
    pub const fn subscriber(&self) -> &'a str {
        self.subscriber
    }

    /// The subscriber, if it is an account number.
    pub fn account(&self) -> Option<AccountNumber> {
        AccountNumber::new(self.subscriber.as_bytes()).ok()
    }

    /// Which of the two types it was sent under.
    pub const fn message_type(&self) -> MessageType {
        self.message_type
    }

    /// What it says.
    pub const fn message(&self) -> &CidMessage {
        &self.message
    }

    /// The check digit as received: senders do not agree on what it is made of, and it is not verified.
    pub const fn check(&self) -> Digit {
        self.check
    }

    /// Whether the check digit is the one of Contact ID; `None` if the subscriber is not four digits, which alone have one.
    pub fn check_holds(&self) -> Option<bool> {
        let report = CidReport::new(self.account()?, self.message).ok()?.with_type(self.message_type);
        Some(report.check_digit().value() == self.check.value())
    }

    /// The free text, as received.
    pub const fn tail(&self) -> &'a [u8] {
        self.tail
    }

    /// The departures from the form that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The report as an event, with the free text.
    pub fn signal(&self) -> Signal {
        let text = (!self.tail.is_empty()).then(|| String::from(text::decode(self.tail)));
        Signal { text, ..self.message.signal() }
    }

    /// The report with its brackets.
    pub fn encode(&self) -> Vec<u8> {
        let check = [self.check.to_char() as u8];
        let message = self.message.pack();
        let parts: [&[u8]; 8] = [
            b"[",
            self.subscriber.as_bytes(),
            b" ",
            self.message_type.as_str().as_bytes(),
            &message,
            &check,
            self.tail,
            b"]",
        ];
        parts.concat()
    }
}

/// Whether a subscriber can hold this byte.
const fn names(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'[' | b']')
}
