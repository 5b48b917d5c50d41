//! What formats say of their own codes, one line a code.

use super::{OwnCode, OwnEntry, OwnList};

/// Turns lines into entries: code, class, what the number counts, English and Chinese name, under the name of their list.
macro_rules! own_codes {
    ($list:ident: $($code:literal $class:ident $number:ident $en:literal $zh:literal)*) => {
        &[$(OwnEntry {
            code: match OwnCode::new(OwnList::$list, $code.as_bytes()) {
                Some(code) => code,
                None => panic!("a code has one to four printable characters"),
            },
            class: crate::class::Class::$class,
            number_is: crate::class::NumberIs::$number,
            name_en: $en,
            name_zh: $zh,
        }),*]
    };
}

mod channels;
mod surgard;
mod vds;

pub(super) fn find(code: OwnCode) -> Option<&'static OwnEntry> {
    let list = match code.list() {
        OwnList::Surgard => surgard::SURGARD,
        OwnList::Vds => vds::VDS,
        OwnList::Telenot => surgard::TELENOT,
        OwnList::Iti => surgard::ITI,
        OwnList::HighSpeed => channels::HIGH_SPEED,
        OwnList::Scancom => channels::SCANCOM,
        OwnList::Cesa => channels::CESA,
        _ => &[],
    };
    list.iter().find(|entry| entry.code == code)
}
