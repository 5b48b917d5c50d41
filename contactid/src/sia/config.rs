//! Configuration blocks: what a panel says of itself in a block of function `@`.

use crate::{Lang, text};

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident $letter:literal $en:literal $zh:literal,)*) => {
        /// What an item of a configuration block is about (DC-03).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Setting {
            $($(#[$doc])* $name,)*
        }

        impl Setting {
            /// Every item, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The letter that stands for it.
            pub const fn letter(self) -> u8 {
                match self { $(Self::$name => $letter,)* }
            }

            /// What a person reads.
            pub const fn name(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$name, Lang::En) => $en, (Self::$name, Lang::Zh) => $zh,)* }
            }
        }
    };
}

settings! {
    /// The panel asks for acknowledgements of what it sends.
    AcknowledgmentRequest b'A' "acknowledgement request" "数据确认请求",
    /// The level of DC-03 that it speaks, 1 to 4.
    Level b'L' "level" "级别",
    /// Its dealer.
    Dealer b'D' "dealer" "经销商",
    /// Its maker.
    Manufacturer b'M' "manufacturer" "制造商",
    /// Its product.
    Product b'P' "product" "产品",
    /// The version of its program.
    RomVersion b'R' "ROM version" "固件版本",
    /// Its time zone.
    TimeZone b'T' "time zone" "时区",
    /// It does not keep daylight saving time.
    NoDaylightSaving b'U' "no daylight saving" "不使用夏令时",
    /// The largest block that it takes.
    LargestBlock b'B' "largest block" "最大数据块",
    /// The largest group of blocks that it takes.
    LargestGroup b'G' "largest group" "最大数据组",
}

/// The items of a configuration block, each with what is written behind its letter: digits, or nothing.
///
/// How a value of other characters is written is not established: what belongs to no listed letter is passed over.
///
/// ```
/// use contactid::sia::config::{self, Setting};
/// let items: Vec<_> = config::items(b"AL4B1").collect();
/// assert_eq!(items, [
///     (Setting::AcknowledgmentRequest, ""), (Setting::Level, "4"), (Setting::LargestBlock, "1"),
/// ]);
/// ```
pub fn items(mut left: &[u8]) -> impl Iterator<Item = (Setting, &str)> {
    core::iter::from_fn(move || {
        while let Some((&letter, behind)) = left.split_first() {
            let digits = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (value, rest) = behind.split_at(digits);
            left = rest;
            if let Some(&setting) = Setting::ALL.iter().find(|setting| setting.letter() == letter) {
                return Some((setting, core::str::from_utf8(value).unwrap_or_default()));
            }
        }
        None
    })
}

/// The level that a configuration block names: `AL4B1` is level 4.
pub fn level(block: &[u8]) -> Option<u8> {
    let (_, value) = items(block).find(|(setting, _)| *setting == Setting::Level)?;
    text::decimal(value).and_then(|level| u8::try_from(level).ok())
}
