//! SIA events: the blocks of SIA DC-03 as DC-09 carries them.

mod block;
pub mod code;
pub mod config;
mod control;
mod day;
mod function;
mod page;
mod parse;
pub mod report;
mod splitter;
pub mod table;
mod units;

use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::fmt;

pub use block::{Block, blocks, content};
pub use control::{Control, controls};
pub use day::{Day, DayError};
pub use function::Function;
pub use page::TextPage;
pub use parse::SiaEvents;
pub use splitter::BlockSplitter;
pub use units::{Unit, Units, UnitsError};

use crate::{Code, ContentFault, OwnCode, OwnList, Qualifier, Quirks, SiaCode, Signal, text};

/// The content of a `SIA-DCS` message: blocks between `|`, packets between `/`.
///
/// ```text
/// Nti12:05/id7/ri1/BA005/BA006|AFront door
/// ││       │   │   │    │     └─ A block: text for the events before it
/// ││       │   │   └────┴─────── events: code and address
/// │└───────┴───┴──────────────── modifiers: act on the events behind them in the same block
/// └───────────────────────────── N: new event, O: old event, E: environment, I: video
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiaMessage<'a> {
    /// The events, in the order in which they were sent.
    pub events: Vec<SiaEvent<'a>>,
    quirks: Quirks,
}

impl<'a> SiaMessage<'a> {
    /// Reads blocks. Packets without `/` between them are read greedily; what cannot be read is passed over and named
    /// [`Quirks::UNREAD_PART`]. [`SiaEvents`] reads the same without a list.
    ///
    /// # Errors
    /// [`ContentFault::Sia`] if there is content, and no event in it.
    pub fn parse(content: &'a [u8]) -> Result<Self, ContentFault> {
        let mut events = SiaEvents::new(content);
        let message = Self { events: events.by_ref().collect(), quirks: events.quirks() };
        if message.events.is_empty() && !content.is_empty() {
            return Err(ContentFault::Sia { length: content.len() });
        }
        Ok(message)
    }

    /// The departures from the standard in the blocks.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }
}

/// One event of a SIA message, with what acts on it, each as the panel wrote it.
///
/// It prints as a block of its own that reads back as the same event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiaEvent<'a> {
    /// The block it came in: `N` new, `O` reported before or sent late, `E` environment, `I` video.
    pub block: char,
    /// What happened.
    pub code: SiaCode,
    /// Where: what it counts stands in the code's entry. Hexadecimal by DC-03, decimal from most panels; may be a range
    /// `1-5` or a list `1:3`. Empty if there is none.
    pub address: &'a str,
    /// A measured value behind `*`, with its unit.
    pub units: Option<&'a str>,
    /// The modifiers before it in its block.
    pub modifiers: Modifiers<'a>,
    /// Text between carets behind the event, or of the `A` block behind it, or else behind the last modifier.
    pub text: Option<Cow<'a, str>>,
}

/// How the numbers of an address are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddressRadix {
    /// As Galaxy and most IP panels write them.
    Decimal,
    /// As DC-03 has them.
    Hexadecimal,
}

impl AddressRadix {
    fn read(self, digits: &str) -> Option<u32> {
        match self {
            Self::Decimal => text::decimal(digits),
            Self::Hexadecimal => text::hexadecimal(digits.as_bytes()),
        }
    }
}

/// One list of the modifiers, so that reading and writing cannot differ.
macro_rules! modifiers {
    ($($(#[$doc:meta])* $name:ident $letters:literal,)*) => {
        /// The modifiers that act on an event, each as the panel wrote it.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Modifiers<'a> {
            $($(#[$doc])* pub $name: Option<&'a str>,)*
        }

        impl<'a> Modifiers<'a> {
            /// None of them.
            pub const NONE: Self = Self { $($name: None),* };

            /// Where the value of these two letters goes; `None` if DC-03 has no such modifier.
            fn place(&mut self, letters: [u8; 2]) -> Option<&mut Option<&'a str>> {
                $(if letters == *$letters { return Some(&mut self.$name); })*
                None
            }
        }

        impl fmt::Display for Modifiers<'_> {
            /// Writes each with a `/` behind it.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $(if let Some(value) = self.$name {
                    let [first, second] = $letters.map(char::from);
                    write!(f, "{first}{second}{value}/")?;
                })*
                Ok(())
            }
        }
    };
}

modifiers! {
    /// Date as MM-DD-YY; [`Modifiers::day`] reads it.
    date b"da",
    /// Time as hh:mm or hh:mm:ss.
    time b"ti",
    /// User.
    user b"id",
    /// Area.
    area b"ri",
    /// Peripheral device.
    peripheral b"pi",
    /// Automatic function or timer.
    automatic b"ai",
    /// Index of the telephone number.
    telephone b"ph",
    /// Level.
    level b"lv",
    /// Value.
    value b"va",
    /// Communication path.
    path b"pt",
    /// Route group.
    route_group b"rg",
    /// Sub-subscriber, or user category.
    sub_subscriber b"ss",
    /// Camera, in a video block as Sur-Gard receivers print it.
    camera b"cn",
    /// Number of pictures, in a video block as Sur-Gard receivers print it.
    pictures b"ad",
}

impl Modifiers<'_> {
    /// The day that the date names: of the calendar or of the week; `None` if it names none.
    pub fn day(&self) -> Option<Day> {
        self.date.and_then(|date| date.parse().ok())
    }
}

impl<'a> SiaEvent<'a> {
    /// A new event (block `N`) of this code and nothing else.
    pub fn new(code: SiaCode) -> Self {
        Self { block: 'N', code, address: "", units: None, modifiers: Modifiers::default(), text: None }
    }

    /// The address as a decimal number, as most panels mean it.
    pub fn number(&self) -> Option<u32> {
        AddressRadix::Decimal.read(self.address)
    }

    /// The address as a hexadecimal number, as DC-03 means it.
    pub fn hex_number(&self) -> Option<u32> {
        AddressRadix::Hexadecimal.read(self.address)
    }

    /// The numbers of the address, a range or a list read as such, to this base. A single number is a range of itself; what is
    /// no number is left out.
    ///
    /// ```
    /// use contactid::{SiaMessage, sia::AddressRadix};
    /// let message = SiaMessage::parse(b"NBB1-5:9").unwrap();
    /// assert_eq!(message.events[0].ranges(AddressRadix::Decimal).collect::<Vec<_>>(), [1..=5, 9..=9]);
    /// ```
    pub fn ranges(&self, radix: AddressRadix) -> impl Iterator<Item = core::ops::RangeInclusive<u32>> {
        self.address.split(':').filter_map(move |part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            Some(radix.read(first)?..=radix.read(last)?)
        })
    }

    /// The measured value, if units stand behind the code and are such as DC-03 has them.
    pub fn measured(&self) -> Option<Units> {
        self.units.and_then(|units| units.parse().ok())
    }

    /// What happened: in an environmental block, the letters of a measurement are not those of an event.
    fn meant(&self) -> Code {
        let measured = OwnCode::new(OwnList::Environment, &self.code.letters());
        let measured = measured.filter(|code| self.block == 'E' && code.entry().is_some());
        measured.map_or(Code::Sia(self.code), Code::Own)
    }

    /// The event by itself.
    pub fn signal(&self) -> Signal {
        let device_time: Option<String> = match (self.modifiers.date, self.modifiers.time) {
            (Some(date), Some(time)) => Some(format!("{date} {time}")),
            (one, other) => one.or(other).map(String::from),
        };
        let code = self.meant();
        let qualifier = match code {
            Code::Sia(code) => code.entry().map_or(Qualifier::New, |entry| entry.qualifier),
            _ => Qualifier::Status,
        };
        Signal {
            group: self.modifiers.area.and_then(text::decimal).and_then(|area| u16::try_from(area).ok()),
            number: self.number(),
            address: (!self.address.is_empty()).then(|| self.address.into()),
            user: self.modifiers.user.and_then(text::decimal),
            peripheral: self.modifiers.peripheral.and_then(text::decimal),
            device_time,
            text: self.text.as_deref().map(String::from),
            ..Signal::new(code, qualifier)
        }
    }
}

impl fmt::Display for SiaEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}{}", self.block, self.modifiers, self.code, self.address)?;
        if let Some(units) = self.units {
            write!(f, "*{units}")?;
        }
        match &self.text {
            Some(text) => write!(f, "^{text}^"),
            None => Ok(()),
        }
    }
}
