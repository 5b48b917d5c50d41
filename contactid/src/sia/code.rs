//! SIA two-letter event codes: an open enumeration, and what the lists say of the codes they know.

use core::fmt;

use super::table;
use crate::Qualifier;
use crate::class::{Class, Lang, NumberIs, Source};

/// A SIA event code of two upper-case letters, listed or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiaCode([u8; 2]);

impl SiaCode {
    /// Reads exactly two upper-case ASCII letters.
    pub const fn new(letters: [u8; 2]) -> Option<Self> {
        if letters[0].is_ascii_uppercase() && letters[1].is_ascii_uppercase() { Some(Self(letters)) } else { None }
    }

    /// The two letters.
    pub const fn letters(self) -> [u8; 2] {
        self.0
    }

    /// What the lists say of this code; `None` if none of them has it.
    pub fn entry(self) -> Option<&'static SiaEntry> {
        table::find(self)
    }
}

impl fmt::Display for SiaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0[0] as char, self.0[1] as char)
    }
}

/// One line of the SIA code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiaEntry {
    /// The code that this line explains.
    pub code: SiaCode,
    /// The kind of event.
    pub class: Class,
    /// Whether the code says that something began or ended: `BA` is new, `BH` is restore. Of [`Class::OpenClose`], openings
    /// are new and closings are restore, as in Contact ID.
    pub qualifier: Qualifier,
    /// What the address behind the code counts.
    pub number_is: NumberIs,
    /// The code that reports the end of what this one reports: `BH` for `BA`. `None` where there is no such code.
    pub restore: Option<SiaCode>,
    /// English name.
    pub name_en: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// Where the meaning comes from.
    pub source: Source,
}

impl SiaEntry {
    /// The name of the event.
    pub const fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.name_en,
            Lang::Zh => self.name_zh,
        }
    }
}
