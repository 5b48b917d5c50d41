//! Sur-Gard records: MLR2-DG, MLR2E, MLR2000 and System I to III to automation (output protocol R161).
//!
//! ```
//! use contactid::{Class, Lang, Strictness, automation::surgard::{Form, SurgardRecord}};
//! let record = SurgardRecord::parse(b"5011 181234E12101001\x14", Strictness::Strict)?;
//! assert_eq!((record.form(), record.receiver(), record.line()), (Form::ContactId, "01", "1"));
//! assert_eq!(record.account().unwrap().as_str(), "1234");
//! let signal = record.signals().pop().unwrap();
//! assert_eq!((signal.class(), signal.number), (Class::Duress, Some(1)));
//!
//! let written = Form::ContactId.write("01", "1", &[('A', "1234"), ('Q', "E"), ('X', "121"), ('G', "01"), ('C', "001")])?;
//! assert_eq!(written, b"5011 181234E12101001\x14");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod b32;
mod form;
mod meaning;

use alloc::vec::Vec;

pub use b32::{B32_ACK, B32_HEADER, b32_read, b32_write};
pub use form::Form;
pub(super) use meaning::{contact_id, own, qualifier_digit};

use super::layout::Layout;
use crate::cid::digits::allowed;
use crate::{AccountNumber, Quirks, RecordError, Signal, Strictness, text};

/// What ends every record: DC4.
pub const END: u8 = 0x14;
/// What automation answers to a record that it stored: ACK.
pub const ACK: u8 = 0x06;
/// What automation answers to a record that it could not read: NAK.
pub const NAK: u8 = 0x15;

/// How long the first record is of bytes that end with the only DC4 in them: all of them, unless it lacks its own DC4 and the
/// next stands directly behind it, as some sources repeat a record.
pub(crate) fn first_length(bytes: &[u8]) -> usize {
    // Halves of records that were cut off add up to whole layouts, too: they have something in the blanks, or no event.
    let whole_by_itself = |record: SurgardRecord<'_>| {
        Quirks::NO_DC4.contains(record.quirks()) && (record.form() == Form::Heartbeat || !record.signals().is_empty())
    };
    let read = |bytes| SurgardRecord::parse(bytes, Strictness::Tolerant);
    let reads = |bytes| read(bytes).is_ok_and(whole_by_itself);
    let whole = bytes.len();
    if bytes.first() != Some(&b'S') && read(bytes).is_ok() {
        return whole;
    }
    let mut cuts = cuts(bytes).filter(|&cut| cut + 1 < whole && reads(&bytes[..cut]));
    let next = |&cut: &usize| {
        let rest = &bytes[cut..];
        reads(rest) || self::cuts(rest).any(|cut| rest.get(..cut).is_some_and(reads))
    };
    cuts.find(next).unwrap_or(whole)
}

/// Where a record may end that lacks its DC4: behind its bracket, or as its layouts say.
fn cuts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let kind = bytes.first().copied().unwrap_or_default();
    let close = memchr::memchr(b']', bytes).filter(|_| kind == b'S').map(|close| close + 1);
    close.into_iter().chain(Form::lengths(kind))
}

/// One record of a Sur-Gard receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SurgardRecord<'a> {
    form: Form,
    /// The first character, and what follows it up to DC4.
    kind: u8,
    bytes: &'a [u8],
    /// How many characters name the line.
    line_width: usize,
    quirks: Quirks,
}

impl<'a> SurgardRecord<'a> {
    /// Reads one record. Whether the line has one character or, as System III writes it, three, is told by the length; in
    /// the form `S` by the place of the bracket.
    ///
    /// # Errors
    /// [`RecordError::Length`] or [`RecordError::Form`] if the record has not the layout of its first character. A letter or
    /// digit that R161 does not explain is no error: the record, up to its DC4, is kept as it is, as [`Form::Other`].
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, RecordError> {
        let mut quirks = Quirks::NONE;
        let line = bytes.strip_suffix(&[END]).unwrap_or_else(|| {
            quirks.add(Quirks::NO_DC4);
            bytes
        });
        let (&kind, body) = line.split_first().ok_or(RecordError::Length { expected: 20, found: 0 })?;
        if !kind.is_ascii_alphanumeric() {
            return Err(RecordError::Form { expected: "the first character of a Sur-Gard record", at: 0, found: kind });
        }
        let (form, line_width) = Form::of(kind, body)?;
        if form == Form::Other && quirks.contains(Quirks::NO_DC4) {
            // Neither layout nor end: any bytes would do.
            return Err(RecordError::Form {
                expected: "DC4",
                at: bytes.len() - 1,
                found: line.last().copied().unwrap_or(kind),
            });
        }
        if let Some(layout) = form.layout(line_width) {
            layout.check(body, 1, &mut quirks)?;
        }
        let record = Self { form, kind, bytes: body, line_width, quirks };
        if form == Form::ContactId || form == Form::LongContactId {
            // Refused here, so that whoever holds a record can rely on its digits.
            record.contact_id().ok_or(RecordError::Form {
                expected: "a Contact ID event",
                at: 1 + 2 + line_width,
                found: body.get(2 + line_width).copied().unwrap_or_default(),
            })?;
        }
        allowed(record, quirks, strictness)
    }

    /// Which layout it has.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The first character, which names the layout.
    pub const fn kind(&self) -> char {
        self.kind as char
    }

    /// The receiver, two characters; empty in a record too short for one.
    pub fn receiver(&self) -> &'a str {
        text::printable(self.bytes.get(..2).unwrap_or_default()).unwrap_or_default()
    }

    /// The line, one or three characters; empty in a record of a form that is not known.
    pub fn line(&self) -> &'a str {
        text::printable(self.bytes.get(2..2 + self.line_width).unwrap_or_default()).unwrap_or_default()
    }

    /// Everything between the first character and DC4.
    pub const fn body(&self) -> &'a [u8] {
        self.bytes
    }

    /// The field of this letter, as the layout of its form names it ([`Form::layout_text`]), blanks included; empty if
    /// the form has no such field.
    pub fn field(&self, letter: char) -> alloc::string::String {
        let layout = self.layout();
        u8::try_from(letter).map_or_else(
            |_| alloc::string::String::new(),
            |letter| layout.field(self.bytes, letter).map(char::from).collect(),
        )
    }

    /// Who reports; `None` for a heartbeat, a record of the receiver itself, and one that is not known.
    pub fn account(&self) -> Option<AccountNumber> {
        match self.form {
            Form::Sia => AccountNumber::new(self.bracket()?.0).ok(),
            Form::CallerId | Form::Heartbeat | Form::Other => None,
            _ => self.layout().account(self.bytes),
        }
    }

    /// The departures from the layout that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The bytes of the record, with DC4.
    pub fn encode(&self) -> Vec<u8> {
        [&[self.kind], self.bytes, &[END]].concat()
    }

    /// What it reports; nothing for a heartbeat, a caller's number and a record that is not known.
    pub fn signals(&self) -> Vec<Signal> {
        meaning::signals(self)
    }

    fn layout(&self) -> Layout {
        self.form.layout(self.line_width).unwrap_or(Layout(""))
    }

    /// Account and content of a record in the form `S`.
    fn bracket(&self) -> Option<(&'a [u8], &'a [u8])> {
        let inside = self.bytes.get(2 + self.line_width..)?.strip_prefix(b"[#")?;
        let inside = inside.strip_suffix(b"]").unwrap_or(inside);
        let bar = memchr::memchr(b'|', inside)?;
        Some((&inside[..bar], &inside[bar + 1..]))
    }

    /// The SIA content of a record in the form `S`.
    pub fn content(&self) -> Option<&'a [u8]> {
        (self.form == Form::Sia).then(|| self.bracket()).flatten().map(|(_, content)| content)
    }

    /// The Contact ID message in the forms `5` and `Q`.
    pub fn contact_id(&self) -> Option<crate::CidMessage> {
        let carries = matches!(self.form, Form::ContactId | Form::LongContactId);
        carries.then(|| meaning::contact_id(self.layout(), self.bytes)).flatten()
    }
}
