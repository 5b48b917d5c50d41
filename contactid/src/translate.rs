//! Events said in the codes of another format, and what is lost by it.
//!
//! Formats do not say the same things. What one has no word or no place for is left out, and [`Lost`] names it; nothing is
//! left out in silence.
//!
//! | from \ to | Contact ID | SIA | Sur-Gard basic |
//! |---|---|---|---|
//! | Contact ID | – | meaning, number's kind, status | meaning, status, number's kind, spelling |
//! | SIA | meaning, number's kind, group or number too large, user, device, text, time, spelling | – | the same |
//! | codes of other formats | meaning, and the places that Contact ID has not | meaning, status | meaning, status, and places |
//!
//! ```
//! use contactid::{Code, Qualifier, Signal, translate::{Lost, Table, Target}};
//! let burglary = Signal { group: Some(1), number: Some(5), ..Signal::new("130".parse::<Code>()?, Qualifier::New) };
//! let said = Table::DEFAULT.translate(&burglary, Target::Sia).unwrap();
//! assert_eq!((said.signal.code.to_string(), said.signal.number, said.lost), ("BA".into(), Some(5), Lost::NOTHING));
//! let back = Table::DEFAULT.translate(&said.signal, Target::ContactId).unwrap();
//! assert_eq!(back.signal, burglary);
//! # Ok::<(), contactid::CodeError>(())
//! ```

mod meaning;
mod table;

use core::fmt;

use crate::{Code, EventCode, NumberIs, OwnCode, OwnList, Qualifier, SiaCode, Signal};

/// Which codes an event is to be said in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The three digits of Contact ID.
    ContactId,
    /// The two letters of SIA.
    Sia,
    /// The single letters of Sur-Gard basic records.
    SurgardBasic,
}

/// A Contact ID code, and how SIA says its beginning and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    /// The Contact ID code.
    pub cid: EventCode,
    /// SIA's code for a new event, or an opening.
    pub event: SiaCode,
    /// SIA's code for its restore, or a closing; `None` if it has none.
    pub restore: Option<SiaCode>,
}

impl Row {
    /// The row of these codes, as a table in the source has them.
    const fn of(cid: u16, event: &[u8; 2], restore: Option<&[u8; 2]>) -> Self {
        let restore = match restore {
            Some(letters) => Some(sia(letters)),
            None => None,
        };
        match EventCode::new(cid) {
            Some(cid) => Self { cid, event: sia(event), restore },
            None => panic!("a Contact ID code has three digits"),
        }
    }
}

const fn sia(letters: &[u8; 2]) -> SiaCode {
    match SiaCode::new(*letters) {
        Some(code) => code,
        None => panic!("a SIA code has two letters"),
    }
}

/// What a translation leaves out.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Lost(u16);

macro_rules! lost {
    ($($(#[$doc:meta])* $name:ident $bit:literal $word:literal,)*) => {
        impl Lost {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)*
            const WORDS: &'static [(Self, &'static str)] = &[$((Self::$name, $word)),*];
        }
    };
}

lost! {
    /// No code says the same: the nearest of its kind stands for it.
    MEANING 0 "meaning",
    /// The number counts another thing than the new code says.
    NUMBER_KIND 1 "number-kind",
    /// The number does not fit its place, and was left out.
    NUMBER 2 "number",
    /// The group does not fit its place, and was left out.
    GROUP 3 "group",
    /// That the event was reported before and still is.
    STATUS 4 "status",
    /// Who did it, beside the number.
    USER 5 "user",
    /// Which device reported it.
    PERIPHERAL 6 "peripheral",
    /// When it happened by the panel's clock.
    TIME 7 "time",
    /// The text with it.
    TEXT 8 "text",
    /// How the panel wrote the number: leading zeros, ranges, letters.
    SPELLING 9 "spelling",
}

impl Lost {
    /// Nothing.
    pub const NOTHING: Self = Self(0);

    /// Whether everything of `other` is lost.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The stable words of what is lost.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().filter(move |(one, _)| self.contains(*one)).map(|&(_, word)| word)
    }

    fn note(&mut self, other: Self, happens: bool) {
        if happens {
            self.0 |= other.0;
        }
    }
}

impl fmt::Debug for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// An event in other codes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Translated {
    /// The event.
    pub signal: Signal,
    /// What it no longer says.
    pub lost: Lost,
}

/// The pairs of codes that a translation goes by: rows of a user's own, then the default ones.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    own: &'a [Row],
}

impl Table<'static> {
    /// The default pairs alone.
    pub const DEFAULT: Self = Self { own: &[] };
}

impl<'a> Table<'a> {
    /// These rows before the default ones: each takes the place of what the default says of its codes.
    pub const fn with(own: &'a [Row]) -> Self {
        Self { own }
    }

    /// Every row, a user's own first.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.own.iter().chain(table::DEFAULT)
    }

    /// The event in the codes of `target`; as it is, if it stands in them already. `None` if its code is one that no list
    /// explains, so that nothing is known of its meaning.
    pub fn translate(&self, signal: &Signal, target: Target) -> Option<Translated> {
        let mut lost = Lost::NOTHING;
        let (code, qualifier) = match (signal.code, target) {
            (Code::Cid(_), Target::ContactId) | (Code::Sia(_), Target::Sia) => {
                return Some(Translated { signal: signal.clone(), lost });
            }
            (Code::Own(own), Target::SurgardBasic) if own.list() == OwnList::Surgard => {
                return Some(Translated { signal: signal.clone(), lost });
            }
            (Code::Cid(code), Target::Sia) => self.sia_of(code, signal.qualifier, &mut lost)?,
            (Code::Sia(code), Target::ContactId) => self.cid_of(code, &mut lost)?,
            (Code::Own(_), Target::Sia) => {
                lost.note(Lost::MEANING, true);
                meaning::sia(signal.code.class(), signal.qualifier)?
            }
            (Code::Own(_), Target::ContactId) => {
                lost.note(Lost::MEANING, true);
                (Code::Cid(meaning::cid(signal.code.class())?), signal.qualifier)
            }
            (Code::Cid(_) | Code::Sia(_) | Code::Own(_), Target::SurgardBasic) => {
                lost.note(Lost::MEANING, true);
                let (letter, qualifier) = meaning::surgard(signal.code.class(), signal.qualifier)?;
                (Code::Own(OwnCode::new(OwnList::Surgard, &[letter])?), qualifier)
            }
        };
        lost.note(Lost::STATUS, signal.qualifier == Qualifier::Status && qualifier != Qualifier::Status);
        Some(places(signal, code, qualifier, target, lost))
    }

    fn sia_of(&self, code: EventCode, qualifier: Qualifier, lost: &mut Lost) -> Option<(Code, Qualifier)> {
        let ended = qualifier == Qualifier::Restore;
        let row = self.rows().find(|row| row.cid == code);
        if let Some(said) = row.and_then(|row| if ended { row.restore } else { Some(row.event) }) {
            return Some((Code::Sia(said), said.entry().map_or(qualifier, |entry| entry.qualifier)));
        }
        lost.note(Lost::MEANING, true);
        meaning::sia(Code::Cid(code).class(), qualifier)
    }

    /// Where several Contact ID codes go to one SIA code: the first of a user's own rows, else the one whose number counts
    /// the same thing, else the lowest.
    fn cid_of(&self, code: SiaCode, lost: &mut Lost) -> Option<(Code, Qualifier)> {
        let says = |row: &Row| row.event == code || row.restore == Some(code);
        let kind = Code::Sia(code).number_is();
        let same_kind = |row: &&Row| Code::Cid(row.cid).number_is() == kind;
        let default =
            || table::DEFAULT.iter().filter(|row| says(row) && !self.own.iter().any(|own| own.cid == row.cid));
        let row =
            self.own.iter().find(|row| says(row)).or_else(|| default().find(same_kind)).or_else(|| default().next());
        let own_qualifier = code.entry().map_or(Qualifier::New, |entry| entry.qualifier);
        if let Some(row) = row {
            let qualifier = match (row.event == code, row.restore == Some(code)) {
                (true, false) => Qualifier::New,
                (false, _) => Qualifier::Restore,
                (true, true) => own_qualifier,
            };
            return Some((Code::Cid(row.cid), qualifier));
        }
        lost.note(Lost::MEANING, true);
        Some((Code::Cid(meaning::cid(Code::Sia(code).class())?), own_qualifier))
    }
}

/// The event under its new code, with what the target has places for.
fn places(signal: &Signal, code: Code, qualifier: Qualifier, target: Target, mut lost: Lost) -> Translated {
    let mut said = Signal { code, qualifier, ..signal.clone() };
    if target != Target::Sia {
        lost.note(Lost::TEXT, said.text.take().is_some());
        lost.note(Lost::TIME, said.device_time.take().is_some());
        lost.note(Lost::PERIPHERAL, said.peripheral.take().is_some());
        // Where the code counts users and there is no number, the user is it.
        if said.number.is_none() && code.number_is() == NumberIs::User {
            said.number = said.user.take();
        }
        lost.note(Lost::USER, said.user.take().is_some());
        let most = match target {
            Target::ContactId => 99,
            Target::SurgardBasic | Target::Sia => 9,
        };
        if said.group.is_some_and(|group| group > most) {
            (said.group, lost) = (None, lost.with(Lost::GROUP));
        }
        if said.number.is_some_and(|number| number > 999) {
            (said.number, lost) = (None, lost.with(Lost::NUMBER));
        }
        let plain = said.number.map(|number| alloc::format!("{number}"));
        lost.note(Lost::SPELLING, said.address.take().is_some_and(|address| Some(address) != plain));
    }
    let kinds = (signal.number_is(), said.number_is());
    let counted = signal.number.is_some() || signal.address.is_some();
    lost.note(Lost::NUMBER_KIND, counted && kinds.0 != kinds.1);
    Translated { signal: said, lost }
}
