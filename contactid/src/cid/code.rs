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

    /// The kind of event that the range of this code stands for (DC-05), be the code listed or not: what to make of a code
    /// that no list explains. [`CidEntry::class`] is finer: 121 is duress, and its range is panic.
    ///
    /// ```
    /// use contactid::{Class, EventCode};
    /// let unlisted = EventCode::new(128).unwrap();
    /// assert_eq!((unlisted.entry(), unlisted.category()), (None, Class::HoldUp));
    /// ```
    pub const fn category(self) -> Class {
        match self.0 / 10 {
            10 => Class::Medical,
            11 => Class::Fire,
            12 => Class::HoldUp,
            13 => Class::Burglary,
            14 => Class::General,
            15 | 16 => Class::Environment,
            20 | 21 => Class::FireSupervisory,
            30 | 31 => Class::System,
            32 => Class::Sounder,
            33 | 34 => Class::Peripheral,
            // 79x: the derived channel.
            35 | 36 | 79 => Class::Communication,
            // 39x has no class of its own, and is trouble all the same.
            37..=39 => Class::Sensor,
            // 46x has no class of its own: some of it is remote access.
            40 | 44..=46 => Class::OpenClose,
            41 => Class::RemoteAccess,
            42 | 43 => Class::Access,
            50..=56 => Class::Disable,
            57 => Class::Bypass,
            60 | 61 => Class::Test,
            62 | 65 | 91 | 92 | 95 | 96 => Class::Log,
            63 => Class::Schedule,
            64 => Class::Personnel,
            75..=78 => Class::Vendor,
            90 => Class::Program,
            _ => Class::Other,
        }
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
