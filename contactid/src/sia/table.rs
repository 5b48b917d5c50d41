//! The SIA code list, one line a code, and its index.
//!
//! A family shares its last letters: `A` alarm, `H` alarm over, `T` trouble, `J` trouble over, `B` bypass, `U` bypass removed,
//! `S` supervisory, `R` zone normal whatever it was. `R` has the class of the family's alarm. Arming of a single point
//! (`CZ`, `OZ`) moves no area, and so counts as bypass.

use super::code::{SiaCode, SiaEntry};
use crate::rows::joined;

/// Turns list lines into entries: code, class, qualifier, what the address counts, English and Chinese name; then, where
/// they apply, `->` the code of its restoral, and the source mark (`by` a vendor).
macro_rules! sia_codes {
    ($($code:literal $class:ident $qualifier:ident $number:ident $en:literal $zh:literal
        $(-> $restore:literal)? $(; by $vendor:literal)?)*) => {
        pub(super) const ROWS: &[super::super::code::SiaEntry] = &[$(super::super::code::SiaEntry {
            code: super::code_of($code),
            class: crate::class::Class::$class,
            qualifier: crate::Qualifier::$qualifier,
            number_is: crate::class::NumberIs::$number,
            restore: sia_codes!(@restore $($restore)?),
            name_en: $en,
            name_zh: $zh,
            source: sia_codes!(@source $($vendor)?),
        }),*];
    };
    (@restore) => { None };
    (@restore $code:literal) => { Some(super::code_of($code)) };
    (@source) => { crate::class::Source::Standard };
    (@source $vendor:literal) => { crate::class::Source::Vendor($vendor) };
}

mod a_to_f;
mod g_to_n;
mod o_to_s;
mod t_to_z;

/// The list's parts, in the order of their codes.
const PARTS: [&[SiaEntry]; 4] = [a_to_f::ROWS, g_to_n::ROWS, o_to_s::ROWS, t_to_z::ROWS];

const COUNT: usize = PARTS[0].len() + PARTS[1].len() + PARTS[2].len() + PARTS[3].len();

/// Every code that a list explains, in alphabetical order.
pub static ENTRIES: [SiaEntry; COUNT] = joined(&PARTS);

/// Position of each code in [`ENTRIES`], plus one; zero for codes that no list explains.
static INDEX: [u16; 26 * 26] = {
    let mut index = [0; 26 * 26];
    let mut at = 0;
    while at < COUNT {
        let slot = slot(ENTRIES[at].code);
        assert!(index[slot] == 0, "a code is listed twice");
        at += 1;
        index[slot] = at as u16;
    }
    index
};

const fn slot(code: SiaCode) -> usize {
    let [first, second] = code.letters();
    (first - b'A') as usize * 26 + (second - b'A') as usize
}

/// Evaluated while compiling only: a misspelt line of the list does not build.
const fn code_of(text: &str) -> SiaCode {
    match text.as_bytes() {
        [first, second] => match SiaCode::new([*first, *second]) {
            Some(code) => code,
            None => panic!("a SIA code has upper-case letters"),
        },
        _ => panic!("a SIA code has two letters"),
    }
}

pub(super) fn find(code: SiaCode) -> Option<&'static SiaEntry> {
    let position = *INDEX.get(slot(code))?;
    ENTRIES.get(usize::from(position).checked_sub(1)?)
}
