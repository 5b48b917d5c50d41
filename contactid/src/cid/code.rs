//! Contact ID event codes: an open enumeration, and what the lists say of the codes they know.

use core::fmt;

use super::table;
use crate::class::{Class, Lang, NumberIs, Source};

/// A three-digit Contact ID event code, listed or not: 000 to 999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventCode(u16);

impl EventCode {
    /// The code of this number; `None` above 999.
    pub const fn new(number: u16) -> Option<Self> {
        if number <= 999 { Some(Self(number)) } else { None }
    }

    /// Reads exactly three ASCII digits.
    pub const fn from_digits(digits: [u8; 3]) -> Option<Self> {
        let [a, b, c] = digits;
        if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit() {
            Some(Self((a - b'0') as u16 * 100 + (b - b'0') as u16 * 10 + (c - b'0') as u16))
        } else {
            None
        }
    }

    /// The code as a number, 0 to 999.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// What the lists say of this code; `None` if none of them has it.
    pub fn entry(self) -> Option<&'static CidEntry> {
        table::find(self)
    }
}

impl fmt::Display for EventCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

/// One line of the Contact ID code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CidEntry {
    /// The code that this line explains.
    pub code: EventCode,
    /// The kind of event.
    pub class: Class,
    /// What the three-digit number beside the code counts.
    pub number_is: NumberIs,
    /// English name of the event when it is new.
    pub name_en: &'static str,
    /// Chinese name of the event when it is new.
    pub name_zh: &'static str,
    /// English name under the restore qualifier, where "… restored" would not say it: "armed by user".
    pub restore_en: Option<&'static str>,
    /// Chinese name under the restore qualifier, present exactly when `restore_en` is.
    pub restore_zh: Option<&'static str>,
    /// Where the meaning comes from.
    pub source: Source,
}

impl CidEntry {
    /// The name of the event when it is new.
    pub const fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.name_en,
            Lang::Zh => self.name_zh,
        }
    }

    /// The name of its own that the event has under the restore qualifier, if it has one.
    pub const fn restore_name(&self, lang: Lang) -> Option<&'static str> {
        match lang {
            Lang::En => self.restore_en,
            Lang::Zh => self.restore_zh,
        }
    }
}
