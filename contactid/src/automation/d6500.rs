//! Radionics D6500 records: 22 bytes from a blank or LF to DC4.
//!
//! ```
//! use contactid::{Strictness, automation::d6500::{D6500Record, Form}};
//! let record = D6500Record::parse(b" a011 123418E13001004\x14", Strictness::Strict)?;
//! assert_eq!((record.form(), record.receiver(), record.line()), (Form::ContactId, "01", "1"));
//! assert_eq!((record.signals()[0].code.to_string(), record.signals()[0].number), ("130".into(), Some(4)));
//! assert_eq!(record.encode(), b" a011 123418E13001004\x14");
//! # Ok::<(), contactid::RecordError>(())
//! ```

use alloc::vec::Vec;

use super::surgard::{END, contact_id, own};
use super::{iti, layout::Layout};
use crate::cid::digits::allowed;
use crate::{
    AccountNumber, CidMessage, EncodeError, OwnList, Quirks, RecordError, SiaMessage, Signal, Strictness, text,
};

/// Which layout a record has. Behind header and type, `R` is the receiver, `L` the line, `A` the account, `s` a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `1`: the line lives.
    Heartbeat,
    /// `1`: `X` two characters of event, `Y` four of zone.
    Plain,
    /// `a`: Contact ID; `Q` is a digit, or E, R, P as VisorAlarm writes it.
    ContactId,
    /// `S`: SIA packets in brackets.
    Sia,
    /// `j`: Robofon, `X` event.
    Robofon,
    /// `I`: ITI, `T` panel, `G` group, `I`, `Z` zone, `E` condition, `W`, `N`.
    Iti,
    /// Another type, kept as it came.
    Other,
}

const LAYOUTS: [(Form, u8, &str); 6] = [
    (Form::Heartbeat, b'1', "RRLsssssssssss@ssss"),
    (Form::Plain, b'1', "RRLAAAAAAAAAAXXYYYY"),
    (Form::ContactId, b'a', "RRLsAAAA18QXXXGGCCC"),
    // The notes count the blanks of a Robofon record so that it has 21 bytes; the family has 22. Both are read.
    (Form::Robofon, b'j', "RRLssssAAAAAAXXssss"),
    (Form::Robofon, b'j', "RRLsssAAAAAAXXssss"),
    (Form::Iti, b'I', "RRLsssATAAAAGIZZEWN"),
];

/// One record of a D6500, or of a receiver that emulates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct D6500Record<'a> {
    header: u8,
    kind: u8,
    form: Form,
    layout: &'static str,
    bytes: &'a [u8],
    quirks: Quirks,
}

impl<'a> D6500Record<'a> {
    /// Reads one record.
    ///
    /// # Errors
    /// [`RecordError::Form`] or [`RecordError::Length`] if it has not the layout of its type. A letter or digit that names no
    /// known type is no error: the record, up to its DC4, is kept as [`Form::Other`].
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, RecordError> {
        let mut quirks = Quirks::NONE;
        let line = bytes.strip_suffix(&[END]).unwrap_or_else(|| {
            quirks.add(Quirks::NO_DC4);
            bytes
        });
        let [header, kind, body @ ..] = line else {
            return Err(RecordError::Length { expected: 22, found: bytes.len() });
        };
        let (&header, &kind) = (header, kind);
        if !matches!(header, b'\n' | b' ') {
            return Err(RecordError::Foreign { expected: "d6500" });
        }
        let of_kind = || LAYOUTS.iter().filter(|(_, known, _)| *known == kind);
        let same_length = |layout: &str| layout.len() == body.len();
        let marked = |layout: &str| layout.find('@').is_none_or(|mark| body.get(mark) == Some(&b'@'));
        let found = of_kind().find(|(_, _, layout)| same_length(layout) && marked(layout));
        let (form, layout) = match (found, kind) {
            (Some(&(form, _, layout)), _) => (form, layout),
            (None, b'S') if body.get(3..5) == Some(b"[#") => (Form::Sia, ""),
            (None, b'S') => {
                return Err(RecordError::Form { expected: "[#", at: 5, found: body.get(3).copied().unwrap_or(0) });
            }
            (None, _) if of_kind().next().is_some() => {
                return Err(RecordError::Length { expected: 22, found: bytes.len() });
            }
            (None, _) if !kind.is_ascii_alphanumeric() => {
                return Err(RecordError::Form { expected: "the letter or digit of a type", at: 1, found: kind });
            }
            // Neither layout nor end: any bytes would do.
            (None, _) if quirks.contains(Quirks::NO_DC4) => {
                let found = body.last().copied().unwrap_or(kind);
                return Err(RecordError::Form { expected: "DC4", at: bytes.len() - 1, found });
            }
            (None, _) => (Form::Other, ""),
        };
        if !layout.is_empty() {
            Layout(layout).check(body, 2, &mut quirks)?;
        }
        let record = Self { header, kind, form, layout, bytes: body, quirks };
        if form == Form::ContactId && record.contact_id().is_none() {
            let found = body.get(10).copied().unwrap_or_default();
            return Err(RecordError::Form { expected: "a Contact ID event", at: 12, found });
        }
        allowed(record, quirks, strictness)
    }

    /// Which layout it has.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The character that names the type.
    pub const fn kind(&self) -> char {
        self.kind as char
    }

    /// The receiver, two characters.
    pub fn receiver(&self) -> &'a str {
        text::printable(self.bytes.get(..2).unwrap_or_default()).unwrap_or_default()
    }

    /// The line, one character.
    pub fn line(&self) -> &'a str {
        text::printable(self.bytes.get(2..3).unwrap_or_default()).unwrap_or_default()
    }

    /// Everything between the type and DC4.
    pub const fn body(&self) -> &'a [u8] {
        self.bytes
    }

    /// Who reports; `None` for a heartbeat and a type that is not known.
    pub fn account(&self) -> Option<AccountNumber> {
        match self.form {
            Form::Heartbeat | Form::Other => None,
            Form::Sia => AccountNumber::new(self.bracket()?.0).ok(),
            _ => Layout(self.layout).account(self.bytes),
        }
    }

    fn bracket(&self) -> Option<(&'a [u8], &'a [u8])> {
        let inside = self.bytes.get(3..)?.strip_prefix(b"[#")?;
        let inside = inside.strip_suffix(b"]").unwrap_or(inside);
        let bar = memchr::memchr(b'|', inside)?;
        Some((&inside[..bar], &inside[bar + 1..]))
    }

    /// The Contact ID message, if it is one.
    pub fn contact_id(&self) -> Option<CidMessage> {
        (self.form == Form::ContactId).then(|| contact_id(Layout(self.layout), self.bytes)).flatten()
    }

    /// The departures from the layout that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// What it reports; nothing for a heartbeat and a type that is not known.
    pub fn signals(&self) -> Vec<Signal> {
        let layout = Layout(self.layout);
        let event: [u8; 2] = layout.array(self.bytes, b'X');
        let single = match self.form {
            Form::Heartbeat | Form::Other => None,
            Form::ContactId => self.contact_id().map(|message| message.signal()),
            Form::Plain => own(OwnList::Other, event.trim_ascii())
                .map(|signal| Signal { number: layout.number(self.bytes, b'Y'), ..signal }),
            Form::Robofon => own(OwnList::Robofon, event.trim_ascii()),
            Form::Iti => iti::signal(layout, self.bytes),
            Form::Sia => {
                let content = self.bracket().map_or(&[][..], |(_, content)| content);
                let message = SiaMessage::parse(content).unwrap_or_default();
                return message.events.iter().map(|event| event.signal()).collect();
            }
        };
        single.into_iter().collect()
    }

    /// The bytes of the record, with DC4.
    pub fn encode(&self) -> Vec<u8> {
        [&[self.header, self.kind], self.bytes, &[END]].concat()
    }
}

/// Writes a record by the letters of its layout, with a blank as header. For [`Form::Sia`] the fields are `A` and `N`, the
/// packets.
///
/// # Errors
/// [`EncodeError`] if a field does not fit its place; [`Form::Other`] has no layout to write.
pub fn write(form: Form, fields: &[(char, &str)]) -> Result<Vec<u8>, EncodeError> {
    let mut out = alloc::vec![b' '];
    if form == Form::Sia {
        let of = |letter| fields.iter().find(|(known, _)| *known == letter).map_or("", |(_, text)| *text);
        for (field, letter, expected) in [("receiver", 'R', 2), ("line", 'L', 1)] {
            let found = of(letter).len();
            if found != expected {
                return Err(EncodeError::Width { field, expected, found });
            }
        }
        let parts = [of('R'), of('L'), "[#", of('A'), "|", of('N'), "]"];
        if let Some(found) = parts.iter().flat_map(|part| part.bytes()).find(|byte| *byte == END) {
            return Err(EncodeError::Byte { field: "record", found });
        }
        out.push(b'S');
        out.extend(parts.iter().flat_map(|part| part.bytes()));
    } else {
        let none = EncodeError::Width { field: "record", expected: 0, found: fields.len() };
        let &(_, kind, layout) = LAYOUTS.iter().find(|(known, ..)| *known == form).ok_or(none)?;
        out.push(kind);
        Layout(layout).write(fields, &mut out)?;
    }
    out.push(END);
    Ok(out)
}
