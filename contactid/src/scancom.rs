//! The Scancom fast format of the United Kingdom: the state of eight, sixteen or twenty-four channels, dialled in tones.
//!
//! ```
//! use contactid::{Class, Lang, Strictness};
//! use contactid::scancom::{Channels, ScancomReport};
//!
//! let report = ScancomReport::parse(b"1234551555557", Strictness::Strict)?;
//! let signal = report.signals(Channels::Agreed).next().unwrap();
//! assert_eq!((signal.code.to_string(), signal.number), ("scancom:1".into(), Some(3)));
//! // If the installer kept the usual order, channel 3 says more.
//! let signal = report.signals(Channels::Usual).next().unwrap();
//! assert_eq!((signal.class(), signal.name(Lang::En)), (Class::Burglary, "intruder".into()));
//! # Ok::<(), contactid::RecordError>(())
//! ```

use alloc::vec::Vec;

use crate::cid::{channels, digits};
use crate::dtmf::Digit;
use crate::{AccountNumber, Code, EncodeError, OwnCode, OwnList, Quirks, RecordError, Signal, Strictness};

/// What a receiver takes the channels of an account for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Channels {
    /// Whatever was agreed for the account: the code is the state, `scancom:1`, and the number is the channel.
    #[default]
    Agreed,
    /// The usual order: 1 fire, 2 personal attack, 3 intruder, 4 open and close, 5 cancel, 6 technical or emergency, 7
    /// second (confirmed) alarm, 8 trouble. The code is the channel, `scancom:C3`, and the qualifier is its state.
    /// Openings, closings and channels from 9 up stay as they are agreed.
    Usual,
}

/// One report in the Scancom fast format.
///
/// ```text
/// 1234 55155555 7
/// │    │        └─ status: 1 duress, 2 opening, 3 bypass, 4 closing, 5 zone trouble, 6 system trouble, 7 quiet,
/// │    │           8 low battery, 9 test
/// │    └────────── each channel: 1 alarm, 2 open, 3 restore, 4 close, 5 quiet, 6 reported before, 0 new trouble
/// └─────────────── account of 4, 5 or 6 digits
/// ```
///
/// The length alone tells how many digits the account has and how many channels there are. There is no check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScancomReport {
    digits: [Digit; Self::MAX],
    account: usize,
    channels: usize,
    quirks: Quirks,
}

impl ScancomReport {
    /// The most digits that a report has: an account of 6, 24 channels and the status.
    pub const MAX: usize = 31;

    /// A report of these channels, 8, 16 or 24 of them, under an account of 4 to 6 digits.
    ///
    /// # Errors
    /// [`EncodeError`] if the account or the channels are others.
    pub fn new(account: AccountNumber, channels: &[Digit], status: Digit) -> Result<Self, EncodeError> {
        let text = account.as_str();
        if !(4..=6).contains(&text.len()) {
            return Err(EncodeError::Width { field: "account", expected: 4, found: text.len() });
        }
        if !matches!(channels.len(), 8 | 16 | 24) {
            return Err(EncodeError::Width { field: "channels", expected: 8, found: channels.len() });
        }
        let mut digits = [Digit::ZERO; Self::MAX];
        for (place, byte) in digits.iter_mut().zip(text.bytes()) {
            *place = digits::of_byte("account", byte)?;
        }
        for (place, &digit) in digits.iter_mut().skip(text.len()).zip(channels.iter().chain([&status])) {
            *place = digit;
        }
        let quirks = digits::quirks(&digits);
        Ok(Self { digits, account: text.len(), channels: channels.len(), quirks })
    }

    /// Reads digits written as text.
    ///
    /// # Errors
    /// [`RecordError::Length`] unless they are 13 to 15, 21 to 23 or 29 to 31; [`RecordError::Form`] at anything else
    /// than a digit.
    pub fn parse(written: &[u8], strictness: Strictness) -> Result<Self, RecordError> {
        let mut read = [Digit::ZERO; Self::MAX];
        let wrong = RecordError::Length { expected: Self::MAX, found: written.len() };
        let read = read.get_mut(..written.len()).ok_or(wrong)?;
        let quirks = digits::read(written, read)?;
        Self::read(read, quirks, strictness)
    }

    /// Reads digits as a tone decoder gives them.
    ///
    /// # Errors
    /// As [`ScancomReport::parse`].
    pub fn from_digits(heard: &[Digit], strictness: Strictness) -> Result<Self, RecordError> {
        Self::read(heard, Quirks::NONE, strictness)
    }

    fn read(heard: &[Digit], quirks: Quirks, strictness: Strictness) -> Result<Self, RecordError> {
        let (channels, expected) = match heard.len() {
            13..=15 => (8, 13),
            21..=23 => (16, 21),
            29..=31 => (24, 29),
            found => return Err(RecordError::Length { expected: 13, found }),
        };
        let mut digits = [Digit::ZERO; Self::MAX];
        for (place, &digit) in digits.iter_mut().zip(heard) {
            *place = digit;
        }
        let quirks = quirks.with(digits::quirks(heard));
        digits::allowed(Self { digits, account: 4 + heard.len() - expected, channels, quirks }, quirks, strictness)
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        AccountNumber::new(digits::written(self.digits).get(..self.account)?).ok()
    }

    /// The state of the channels, from channel 1 on.
    pub fn channels(&self) -> &[Digit] {
        self.part(self.account, self.channels)
    }

    /// The state of the panel.
    pub fn status(&self) -> Digit {
        self.part(self.account + self.channels, 1).first().copied().unwrap_or(Digit::ZERO)
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// One event for each channel that is not quiet, then one for the status unless that is quiet, too. A report in which
    /// everything is quiet says so in one event.
    pub fn signals(&self, named: Channels) -> impl Iterator<Item = Signal> + '_ {
        channels::signals(OwnList::Scancom, self.channels().iter().copied(), self.status()).map(move |signal| {
            let usual = match named {
                Channels::Usual => self.usual(&signal),
                Channels::Agreed => None,
            };
            Signal { code: usual.unwrap_or(signal.code), ..signal }
        })
    }

    /// The code of the channel of a signal, where it has a usual meaning.
    fn usual(&self, signal: &Signal) -> Option<Code> {
        let channel = usize::try_from(signal.number?).ok()?;
        let state = self.channels().get(channel.checked_sub(1)?)?.number();
        let channel = Digit::new(u8::try_from(channel).ok()?)?;
        let own = OwnCode::lettered(OwnList::Scancom, 'C', channel);
        (matches!(state, 0 | 1 | 3 | 6) && own.entry().is_some()).then_some(Code::Own(own))
    }

    /// The digits to be dialled.
    pub fn digits(&self) -> &[Digit] {
        self.part(0, self.account + self.channels + 1)
    }

    /// The digits as ASCII characters.
    pub fn encode(&self) -> Vec<u8> {
        digits::text(self.digits())
    }

    fn part(&self, from: usize, count: usize) -> &[Digit] {
        self.digits.get(from..from + count).unwrap_or_default()
    }
}
