//! Codes of formats that have neither Contact ID's nor SIA's list: kept as they came, and named where their format names
//! them.

mod table;

use core::{fmt, str::FromStr};

use crate::Qualifier;
use crate::class::{Class, Lang, NumberIs, Source};
use crate::dtmf::Digit;

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident $word:literal,)*) => {
        /// Whose code it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OwnList {
            $($(#[$doc])* $name,)*
        }

        impl OwnList {
            /// Every list, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable word before the colon of a code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Every code that the list explains; empty for a list that leaves every meaning open.
            pub fn entries(self) -> &'static [OwnEntry] {
                table::rows(self)
            }
        }
    };
}

lists! {
    /// Event digits of pulse formats (3/1, 4/1, 4/2, extended) and of Express and Ademco 685 records of them: what a digit
    /// means is agreed for each account.
    Pulse "pulse",
    /// Channel states of Ademco High Speed and Super Fast: `1` alarm to `6` reported before, and the status digit behind an
    /// `S`.
    HighSpeed "hs",
    /// Channel states of the Scancom fast format: as High Speed, and `C` with the channel where its usual meaning is taken.
    Scancom "scancom",
    /// Event letters of Sur-Gard basic records.
    Surgard "surgard",
    /// Conditions of ITI panels.
    Iti "iti",
    /// Event codes of Robofon diallers.
    Robofon "robofon",
    /// Event digits of CESA diallers.
    Cesa "cesa",
    /// Event letters of Telenot panels.
    Telenot "telenot",
    /// Event numbers of VdS 2465 messages.
    Vds "vds",
    /// What an MX8000 tells of itself: the byte of its system code as two hexadecimal digits.
    Mx8000 "mx8000",
    /// Measurements of DC-03 environmental blocks.
    Environment "environment",
    /// Event characters of other formats of a Sur-Gard or Bosch receiver, as they came.
    Other "other",
}

/// A code of a format with a list of its own, or none: one to four printable ASCII characters.
///
/// It prints with its list before it, `vds:34`, and reads back so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnCode {
    list: OwnList,
    // Unused places are zero, so that the derived order is the order of the texts.
    text: [u8; OwnCode::MAX],
}

impl OwnCode {
    /// The longest code, in characters.
    pub const MAX: usize = 4;

    /// The code written so in this list; `None` unless it is one to four printable ASCII characters.
    pub const fn new(list: OwnList, text: &[u8]) -> Option<Self> {
        if text.is_empty() || text.len() > Self::MAX {
            return None;
        }
        let mut held = [0; Self::MAX];
        let mut at = 0;
        while at < text.len() {
            if !text[at].is_ascii_graphic() {
                return None;
            }
            held[at] = text[at];
            at += 1;
        }
        Some(Self { list, text: held })
    }

    /// The code that these digits are.
    pub(crate) fn of_digits<const N: usize>(list: OwnList, digits: [Digit; N]) -> Self {
        const { assert!(N > 0 && N <= Self::MAX) };
        let mut text = [0; Self::MAX];
        for (place, digit) in text.iter_mut().zip(digits) {
            *place = digit.to_char() as u8;
        }
        Self { list, text }
    }

    /// The code that this digit is behind this letter.
    pub(crate) fn lettered(list: OwnList, letter: char, digit: Digit) -> Self {
        debug_assert!(letter.is_ascii_graphic());
        Self { list, text: [letter as u8, digit.to_char() as u8, 0, 0] }
    }

    /// Whose code it is.
    pub const fn list(self) -> OwnList {
        self.list
    }

    /// The code as its format writes it.
    pub fn as_str(&self) -> &str {
        let end = self.text.iter().position(|&byte| byte == 0).unwrap_or(Self::MAX);
        core::str::from_utf8(&self.text[..end]).unwrap_or_default()
    }

    /// Whether the code itself says that something began or ended, so that its name needs no qualifier beside it.
    pub const fn tells_qualifier(self) -> bool {
        match self.list {
            OwnList::HighSpeed
            | OwnList::Surgard
            | OwnList::Iti
            | OwnList::Cesa
            | OwnList::Telenot
            | OwnList::Mx8000
            // A measured value neither begins nor ends.
            | OwnList::Environment => true,
            // A state of any channel tells; a channel known by its use (`C1`) has its state beside it.
            OwnList::Scancom => self.text[0] != b'C',
            OwnList::Pulse | OwnList::Robofon | OwnList::Vds | OwnList::Other => false,
        }
    }

    /// Whether the code itself says that something began, ended or still is; new for a code that no list explains.
    pub fn qualifier(self) -> Qualifier {
        self.entry().map_or(Qualifier::New, |entry| entry.qualifier)
    }

    /// What its format says of this code; `None` if it leaves the meaning open.
    pub fn entry(self) -> Option<&'static OwnEntry> {
        table::find(self)
    }
}

impl fmt::Display for OwnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.list.as_str(), self.as_str())
    }
}

impl fmt::Debug for OwnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnCode({self})")
    }
}

impl FromStr for OwnCode {
    type Err = crate::CodeError;

    fn from_str(text: &str) -> Result<Self, crate::CodeError> {
        let (word, code) = text.split_once(':').ok_or(crate::CodeError)?;
        let list = OwnList::ALL.iter().find(|list| list.as_str() == word).ok_or(crate::CodeError)?;
        Self::new(*list, code.as_bytes()).ok_or(crate::CodeError)
    }
}

/// One line of a format's own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnEntry {
    /// The code that this line explains.
    pub code: OwnCode,
    /// The kind of event.
    pub class: Class,
    /// Whether the code says that something began, ended or still is. Of [`Class::OpenClose`], openings are new and closings
    /// are restore, as in Contact ID. A list that writes the qualifier elsewhere has new in every line.
    pub qualifier: Qualifier,
    /// What the number beside the code counts.
    pub number_is: NumberIs,
    /// The code that reports the end of what this one reports: `R` for `A`. `None` where there is no such code.
    pub restore: Option<OwnCode>,
    /// English name of the event.
    pub name_en: &'static str,
    /// Chinese name of the event.
    pub name_zh: &'static str,
    /// Whose list or manual it is; no standard has these codes.
    pub source: Source,
}

impl OwnEntry {
    /// The name of the event.
    pub const fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.name_en,
            Lang::Zh => self.name_zh,
        }
    }
}
