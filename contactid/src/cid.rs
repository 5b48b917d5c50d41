//! Contact ID (SIA DC-05): the event message, the sixteen digits, and the other formats of the same family.

mod ademco;
pub(crate) mod channels;
pub mod code;
pub(crate) mod digits;
mod express;
mod report;
pub mod table;
pub mod text;

use core::fmt;

use crate::text::{ascii, decimal};
use crate::{Code, ContentFault, EncodeError, EventCode, Quirks, RecordError, Signal};

pub use ademco::AdemcoReport;
pub use channels::{ChannelForm, ChannelReport};
pub use digits::{check_digit, verify_check_digit};
pub use express::{ExpressCode, ExpressReport};
pub use report::{CidReport, MessageType};

/// What an event says of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum Qualifier {
    /// A new event, or an opening: digit 1.
    New,
    /// A restoral, or a closing: digit 3.
    Restore,
    /// Reported before and still present: digit 6.
    Status,
}

impl Qualifier {
    /// The digit that stands for it in Contact ID: 1, 3 or 6.
    pub const fn digit(self) -> u8 {
        match self {
            Self::New => 1,
            Self::Restore => 3,
            Self::Status => 6,
        }
    }
}

/// The qualifier written so. A restore written as 2 is read, and named.
fn qualifier(written: u8, quirks: &mut Quirks) -> Option<Qualifier> {
    Some(match written {
        b'1' => Qualifier::New,
        b'2' => {
            quirks.add(Quirks::RESTORE_AS_2);
            Qualifier::Restore
        }
        b'3' => Qualifier::Restore,
        b'6' => Qualifier::Status,
        _ => return None,
    })
}

/// A Contact ID message: `1110 00 129`.
///
/// ```text
/// 1 110 00 129
/// │  │  │   └─ zone or user, by the code's entry
/// │  │  └───── group, also called partition; 00 is none
/// │  └──────── event code
/// └─────────── qualifier: 1 new or open, 3 restore or close, 6 still so
/// ```
///
/// It prints as DC-09 wants it, so that [`parse`](Self::parse) gives the same message back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CidMessage {
    /// Whether the event began, ended or still is.
    pub qualifier: Qualifier,
    /// What happened.
    pub code: EventCode,
    group: [u8; 2],
    number: [u8; 3],
    quirks: Quirks,
}

impl CidMessage {
    /// A message with a group of 0 to 99 and a number of 0 to 999, both 0 for none; `None` beyond that.
    pub const fn new(qualifier: Qualifier, code: EventCode, group: u16, number: u16) -> Option<Self> {
        if group > 99 || number > 999 {
            return None;
        }
        Some(Self {
            qualifier,
            code,
            group: [b'0' + (group / 10) as u8, b'0' + (group % 10) as u8],
            number: [b'0' + (number / 100) as u8, b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8],
            quirks: Quirks::NONE,
        })
    }

    /// Reads `QXYZ GG CCC`, with or without the spaces. Allocates nothing.
    ///
    /// # Errors
    /// [`ContentFault::Cid`] if the bytes have not that form, [`ContentFault::Qualifier`] if only Q is wrong.
    #[inline(always)]
    pub fn parse(content: &[u8]) -> Result<Self, ContentFault> {
        let malformed = ContentFault::Cid { length: content.len() };
        let mut quirks = Quirks::NONE;
        let (digits, behind) = match content {
            [q, x, y, z, b' ', g, h, b' ', a, b, c, behind @ ..] => ([*q, *x, *y, *z, *g, *h, *a, *b, *c], behind),
            _ => {
                quirks.add(Quirks::MISSING_SPACES);
                let mut digits = [0; 9];
                let mut rest = content;
                for digit in &mut digits {
                    rest = rest.trim_ascii_start();
                    let (&first, behind) = rest.split_first().ok_or(malformed)?;
                    (*digit, rest) = (first, behind);
                }
                (digits, rest)
            }
        };
        let [q, x, y, z, g, h, a, b, c] = digits;
        let code = EventCode::from_digits([x, y, z]).ok_or(malformed)?;
        let (group, number) = ([g, h], [a, b, c]);
        if !group.iter().chain(&number).all(u8::is_ascii_alphanumeric) {
            return Err(malformed);
        }
        let qualifier = qualifier(q, &mut quirks).ok_or(ContentFault::Qualifier { found: q })?;
        if !group.iter().chain(&number).all(u8::is_ascii_digit) {
            quirks.add(Quirks::ODD_DIGITS);
        }
        if !behind.trim_ascii().is_empty() {
            quirks.add(Quirks::UNREAD_PART);
        }
        Ok(Self { qualifier, code, group, number, quirks })
    }

    /// Reads `QXYZGGCCC` where the format has no spaces: nine digits up to `F`, the first of which stands at `at`.
    pub(crate) fn packed(digits: [u8; 9], at: usize) -> Result<Self, RecordError> {
        let mut quirks = Quirks::NONE;
        let [q, x, y, z, group @ .., a, b, c] = digits;
        let form = |expected, place, found| RecordError::Form { expected, at: at + place, found };
        let qualifier = qualifier(q, &mut quirks).ok_or(form("a qualifier of 1, 3 or 6", 0, q))?;
        let code = EventCode::from_digits([x, y, z]).ok_or_else(|| {
            let place = [x, y, z].iter().position(|digit| !digit.is_ascii_digit()).unwrap_or_default();
            form("a decimal digit of an event code", 1 + place, [x, y, z][place])
        })?;
        let number = [a, b, c];
        for (place, &digit) in group.iter().chain(&number).enumerate() {
            if !digit.is_ascii_hexdigit() {
                return Err(form("a digit of a group or number", 4 + place, digit));
            }
            if !digit.is_ascii_digit() {
                quirks.add(Quirks::ODD_DIGITS);
            }
        }
        Ok(Self { qualifier, code, group, number, quirks })
    }

    /// `QXYZGGCCC`.
    pub(crate) fn pack(&self) -> [u8; 9] {
        let number = self.code.number();
        let [g, h] = self.group;
        let [a, b, c] = self.number;
        let digit = |value: u16| b'0' + (value % 10) as u8;
        [b'0' + self.qualifier.digit(), digit(number / 100), digit(number / 10), digit(number), g, h, a, b, c]
    }

    /// The message as digits say it, and what is odd about those: how its text was written is gone.
    pub(crate) fn dialled(mut self) -> Result<(Self, Quirks), EncodeError> {
        self.quirks = Quirks::NONE;
        let mut odd = Quirks::NONE;
        for written in self.group.iter_mut().chain(&mut self.number) {
            let digit = digits::of_byte("message", *written)?;
            [*written] = digits::written([digit]);
            if !written.is_ascii_digit() {
                self.quirks.add(Quirks::ODD_DIGITS);
            }
            odd = odd.with(digits::quirks(&[digit]));
        }
        Ok((self, odd))
    }

    /// The group, 1 to 99; `None` for 00, which means none, and for digits beyond 9.
    pub fn group(&self) -> Option<u16> {
        decimal(self.group_text()).and_then(|group| u16::try_from(group).ok()).filter(|&group| group > 0)
    }

    /// Zone or user, 1 to 999; `None` for 000, which means none, and for digits beyond 9.
    pub fn number(&self) -> Option<u32> {
        decimal(self.number_text()).filter(|&number| number > 0)
    }

    /// The two digits of the group as received.
    pub fn group_text(&self) -> &str {
        ascii(&self.group).unwrap_or_default()
    }

    /// The three digits of the number as received.
    pub fn number_text(&self) -> &str {
        ascii(&self.number).unwrap_or_default()
    }

    /// The departures from the standard in the message.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The message as an event.
    pub fn signal(&self) -> Signal {
        let spelt = decimal(self.number_text()).is_none();
        Signal {
            group: self.group(),
            number: self.number(),
            address: spelt.then(|| self.number_text().into()),
            ..Signal::new(Code::Cid(self.code), self.qualifier)
        }
    }
}

impl fmt::Display for CidMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} {} {}", self.qualifier.digit(), self.code, self.group_text(), self.number_text())
    }
}
