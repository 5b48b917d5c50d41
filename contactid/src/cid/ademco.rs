//! Every Ademco format that is dialled in tones, told apart by its length and its message type.

use alloc::vec::Vec;

use super::{ChannelForm, ChannelReport, CidReport, ExpressCode, ExpressReport, digits};
use crate::dtmf::Digit;
use crate::{AccountNumber, Format, Quirks, RecordError, Signal, Strictness};

/// One report of a line card for Ademco formats.
///
/// | digits | message type | |
/// |---|---|---|
/// | 8 | 17 | Express 4+1 |
/// | 9 | 27 | Express 4+2 |
/// | 15 | 56 | Super Fast |
/// | 16 | 18, 98 | Contact ID |
/// | 16 | 55 | High Speed |
///
/// ```
/// use contactid::{Format, Strictness, cid::AdemcoReport};
/// let report = AdemcoReport::parse(b"1234181131010158", Strictness::Strict)?;
/// assert_eq!(report.format(), Format::ContactId);
/// let report = AdemcoReport::parse(b"123456155555557", Strictness::Strict)?;
/// assert_eq!(report.format(), Format::SuperFast);
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AdemcoReport {
    /// Contact ID.
    ContactId(CidReport),
    /// Express.
    Express(ExpressReport),
    /// High Speed or Super Fast.
    Channels(ChannelReport),
}

impl AdemcoReport {
    /// The most digits that a report has.
    pub const MAX: usize = 16;

    /// Reads digits written as text.
    ///
    /// # Errors
    /// [`RecordError::Length`] if no format has so many digits, else as the format that has.
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
    /// As [`AdemcoReport::parse`].
    pub fn from_digits(heard: &[Digit], strictness: Strictness) -> Result<Self, RecordError> {
        Self::read(heard, Quirks::NONE, strictness)
    }

    fn read(heard: &[Digit], quirks: Quirks, strictness: Strictness) -> Result<Self, RecordError> {
        const HIGH_SPEED: [Digit; 2] = digits::fixed(b"55");
        match (heard.len(), heard.get(4..6)) {
            (8 | 9, _) => ExpressReport::read(heard, quirks, strictness).map(Self::Express),
            (15, _) => ChannelReport::read(heard, quirks, strictness).map(Self::Channels),
            (16, Some(message_type)) if *message_type == HIGH_SPEED => {
                ChannelReport::read(heard, quirks, strictness).map(Self::Channels)
            }
            _ => CidReport::read(heard, quirks, strictness).map(Self::ContactId),
        }
    }

    /// Which format it is of.
    pub const fn format(&self) -> Format {
        match self {
            Self::ContactId(_) => Format::ContactId,
            Self::Express(report) => match report.code() {
                ExpressCode::One(_) => Format::Express41,
                ExpressCode::Two(_) => Format::Express42,
            },
            Self::Channels(report) => match report.form {
                ChannelForm::HighSpeed => Format::HighSpeed,
                ChannelForm::SuperFast => Format::SuperFast,
            },
        }
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        match self {
            Self::ContactId(report) => report.account(),
            Self::Express(report) => report.account(),
            Self::Channels(report) => report.account(),
        }
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        match self {
            Self::ContactId(report) => report.quirks(),
            Self::Express(report) => report.quirks(),
            Self::Channels(report) => report.quirks(),
        }
    }

    /// The events in it, at least one.
    pub fn signals(&self) -> impl Iterator<Item = Signal> + use<> {
        let (one, several) = match self {
            Self::ContactId(report) => (Some(report.signal()), None),
            Self::Express(report) => (Some(report.signal()), None),
            Self::Channels(report) => (None, Some(report.signals())),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }

    /// The digits to be dialled.
    pub fn digits(&self) -> Vec<Digit> {
        match self {
            Self::ContactId(report) => report.digits().to_vec(),
            Self::Express(report) => report.digits(),
            Self::Channels(report) => report.digits(),
        }
    }

    /// The digits as ASCII characters.
    pub fn encode(&self) -> Vec<u8> {
        digits::text(&self.digits())
    }
}
