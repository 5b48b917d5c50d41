//! The Contact ID code list, one line a code, and its index.

use super::code::{CidEntry, EventCode};
use crate::rows::joined;

/// Turns list lines into entries: code, class, what the number counts, English and Chinese name; then, where they apply,
/// the two names under the restore qualifier, and the source mark (`by` a vendor alone, `also` by a vendor).
macro_rules! cid_codes {
    ($($code:literal $class:ident $number:ident $en:literal $zh:literal
        $(, $restore_en:literal $restore_zh:literal)? $(; $mark:ident $vendor:literal)?)*) => {
        pub(super) const ROWS: &[super::super::code::CidEntry] = &[$(super::super::code::CidEntry {
            code: match super::super::code::EventCode::new($code) {
                Some(code) => code,
                None => panic!("a Contact ID code has three digits"),
            },
            class: crate::class::Class::$class,
            number_is: crate::class::NumberIs::$number,
            name_en: $en,
            name_zh: $zh,
            restore_en: cid_codes!(@option $($restore_en)?),
            restore_zh: cid_codes!(@option $($restore_zh)?),
            source: cid_codes!(@source $($mark $vendor)?),
        }),*];
    };
    (@option) => { None };
    (@option $text:literal) => { Some($text) };
    (@source) => { crate::class::Source::Standard };
    (@source by $vendor:literal) => { crate::class::Source::Vendor($vendor) };
    (@source also $vendor:literal) => { crate::class::Source::Shared($vendor) };
}

mod alarm;
mod status;
mod test;
mod trouble;

/// The list's parts, in the order of their codes.
const PARTS: [&[CidEntry]; 4] = [alarm::ROWS, trouble::ROWS, status::ROWS, test::ROWS];

const COUNT: usize = PARTS[0].len() + PARTS[1].len() + PARTS[2].len() + PARTS[3].len();

/// Every code that a list explains, in ascending order.
pub static ENTRIES: [CidEntry; COUNT] = joined(&PARTS);

/// Position of each code in [`ENTRIES`], plus one; zero for codes that no list explains.
static INDEX: [u16; 1000] = {
    let mut index = [0; 1000];
    let mut at = 0;
    while at < COUNT {
        let code = ENTRIES[at].code.number() as usize;
        assert!(index[code] == 0, "a code is listed twice");
        at += 1;
        index[code] = at as u16;
    }
    index
};

pub(super) fn find(code: EventCode) -> Option<&'static CidEntry> {
    let position = *INDEX.get(usize::from(code.number()))?;
    ENTRIES.get(usize::from(position).checked_sub(1)?)
}
