//! What formats say of their own codes, one line a code, and the index of each list.

use super::{OwnCode, OwnEntry, OwnList};

/// Turns lines into entries: code, class, qualifier, what the number counts, English and Chinese name, and the code that
/// reports the end; under the name of their list and of who published it.
macro_rules! own_codes {
    ($list:ident $by:literal: $($code:literal $class:ident $qualifier:ident $number:ident $en:literal $zh:literal
        $(-> $restore:literal)?)*) => {
        &[$(crate::own::OwnEntry {
            code: super::code_of(crate::own::OwnList::$list, $code),
            class: crate::class::Class::$class,
            qualifier: crate::Qualifier::$qualifier,
            number_is: crate::class::NumberIs::$number,
            restore: own_codes!(@restore $list $($restore)?),
            name_en: $en,
            name_zh: $zh,
            source: crate::class::Source::Vendor($by),
        }),*]
    };
    (@restore $list:ident) => { None };
    (@restore $list:ident $code:literal) => { Some(super::code_of(crate::own::OwnList::$list, $code)) };
}

mod channels;
mod environment;
mod receivers;
mod surgard;
mod vds;

type Rows = &'static [OwnEntry];

/// The code of a line; another than one to four printable characters does not compile.
const fn code_of(list: OwnList, text: &str) -> OwnCode {
    match OwnCode::new(list, text.as_bytes()) {
        Some(code) => code,
        None => panic!("a code has one to four printable characters"),
    }
}

/// A list, and in which row each of its codes stands: a table of hashes that is filled when the crate is compiled.
struct Table {
    rows: Rows,
    /// Row plus one at the hash of its code or behind it; zero where no code is.
    places: [u8; Table::PLACES],
}

impl Table {
    const BITS: u32 = 7;
    const PLACES: usize = 1 << Self::BITS;

    const fn new(rows: Rows) -> Self {
        assert!(rows.len() <= Self::PLACES / 2, "half of the places stay free, so that every search ends soon");
        let mut places = [0; Self::PLACES];
        let mut row = 0;
        while row < rows.len() {
            let mut at = Self::hash(rows[row].code);
            while places[at] != 0 {
                at = (at + 1) % Self::PLACES;
            }
            row += 1;
            places[at] = row as u8;
        }
        Self { rows, places }
    }

    /// The upper bits of the code's characters times the golden ratio: near texts fall far apart.
    const fn hash(code: OwnCode) -> usize {
        (u32::from_le_bytes(code.text).wrapping_mul(0x9E37_79B9) >> (32 - Self::BITS)) as usize
    }

    fn find(&self, code: OwnCode) -> Option<&'static OwnEntry> {
        let mut at = Self::hash(code);
        loop {
            let row = usize::from(*self.places.get(at)?).checked_sub(1)?;
            let entry = self.rows.get(row)?;
            if entry.code == code {
                return Some(entry);
            }
            at = (at + 1) % Self::PLACES;
        }
    }
}

static SURGARD: Table = Table::new(surgard::SURGARD);
static TELENOT: Table = Table::new(surgard::TELENOT);
static ITI: Table = Table::new(surgard::ITI);
static HIGH_SPEED: Table = Table::new(channels::HIGH_SPEED);
static SCANCOM: Table = Table::new(channels::SCANCOM);
static CESA: Table = Table::new(channels::CESA);
static VDS: Table = Table::new(vds::VDS);
static MX8000: Table = Table::new(receivers::MX8000);
static ENVIRONMENT: Table = Table::new(environment::ENVIRONMENT);

/// The list's table; `None` for a list that leaves every meaning open.
const fn of(list: OwnList) -> Option<&'static Table> {
    match list {
        OwnList::Surgard => Some(&SURGARD),
        OwnList::Telenot => Some(&TELENOT),
        OwnList::Iti => Some(&ITI),
        OwnList::HighSpeed => Some(&HIGH_SPEED),
        OwnList::Scancom => Some(&SCANCOM),
        OwnList::Cesa => Some(&CESA),
        OwnList::Vds => Some(&VDS),
        OwnList::Mx8000 => Some(&MX8000),
        OwnList::Environment => Some(&ENVIRONMENT),
        OwnList::Pulse | OwnList::Robofon | OwnList::Other => None,
    }
}

pub(super) fn rows(list: OwnList) -> Rows {
    of(list).map_or(&[], |table| table.rows)
}

pub(super) fn find(code: OwnCode) -> Option<&'static OwnEntry> {
    of(code.list())?.find(code)
}
