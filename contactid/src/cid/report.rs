//! The sixteen digits of Contact ID, as a panel dials them.

use super::{CidMessage, digits};
use crate::dtmf::Digit;
use crate::{AccountNumber, EncodeError, Quirks, RecordError, Signal, Strictness};

/// The two digits behind the account that tell Contact ID from its sister formats.
///
/// Sur-Gard receivers also write `58`, before an account of ten digits; sixteen digits have no room for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MessageType {
    /// `18`: what every receiver takes.
    #[default]
    Preferred,
    /// `98`: the same for receivers that answer to it only.
    Optional,
}

impl MessageType {
    /// The type written so, if it is one.
    pub(crate) const fn read(written: [u8; 2]) -> Option<Self> {
        match &written {
            b"18" => Some(Self::Preferred),
            b"98" => Some(Self::Optional),
            _ => None,
        }
    }

    /// As on the wire: `18` or `98`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preferred => "18",
            Self::Optional => "98",
        }
    }
}

/// One report of Contact ID: sixteen digits (DC-05).
///
/// ```text
/// 1234 18 1 131 01 015 8
/// │    │  │  │  │  │   └─ check digit: all sixteen sum up to a multiple of 15
/// │    │  └──┴──┴──┴───── message()
/// │    └───────────────── message_type()
/// └────────────────────── account(): 0 to 9, B to F
/// ```
///
/// ```
/// use contactid::{Class, Strictness, cid::CidReport};
/// let report = CidReport::parse(b"1234181131010158", Strictness::Strict)?;
/// assert_eq!(report.account().map(|account| account.to_string()), Some("1234".into()));
/// let signal = report.signal();
/// assert_eq!((signal.class(), signal.group, signal.number), (Class::Burglary, Some(1), Some(15)));
/// assert_eq!(report.encode(), *b"1234181131010158");
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CidReport {
    account: [Digit; 4],
    message_type: MessageType,
    // Digits only: whoever makes a report sees to it.
    message: CidMessage,
    quirks: Quirks,
}

impl CidReport {
    /// How many digits a report has.
    pub const LEN: usize = 16;

    /// A report of type 18. Of the quirks that the message was read with remain those that digits show.
    ///
    /// # Errors
    /// [`EncodeError`] if the account has not four digits up to `F`, or group or number hold a letter beyond.
    pub fn new(account: AccountNumber, message: CidMessage) -> Result<Self, EncodeError> {
        let account = digits::of_account(account)?;
        let (message, letters) = message.dialled()?;
        let quirks = message.quirks().with(letters).with(digits::quirks(&account));
        Ok(Self { account, message_type: MessageType::Preferred, message, quirks })
    }

    /// The same report under another type.
    #[must_use]
    pub const fn with_type(mut self, message_type: MessageType) -> Self {
        self.message_type = message_type;
        self
    }

    /// Reads sixteen digits written `0` to `9` and `B` to `F`, with nothing around them.
    ///
    /// The pair that stands for no digit is read, and named, wherever its value makes no difference: in the account, the
    /// group, the number, and as check digit.
    ///
    /// # Errors
    /// [`RecordError::Length`]; [`RecordError::Check`] if the line mangled a digit; [`RecordError::Form`] if a digit
    /// stands where the format has no such digit.
    pub fn parse(written: &[u8], strictness: Strictness) -> Result<Self, RecordError> {
        let mut read = [Digit::ZERO; Self::LEN];
        let quirks = digits::read(written, &mut read)?;
        Self::read(&read, quirks, strictness)
    }

    /// Reads sixteen digits as a tone decoder gives them.
    ///
    /// # Errors
    /// As [`CidReport::parse`].
    pub fn from_digits(heard: &[Digit], strictness: Strictness) -> Result<Self, RecordError> {
        Self::read(heard, Quirks::NONE, strictness)
    }

    pub(super) fn read(heard: &[Digit], quirks: Quirks, strictness: Strictness) -> Result<Self, RecordError> {
        let wrong = RecordError::Length { expected: Self::LEN, found: heard.len() };
        let heard: &[Digit; Self::LEN] = heard.try_into().map_err(|_| wrong)?;
        digits::verify_check_digit(heard)?;
        let [before @ .., check] = heard;
        let report = Self::of_digits(before, 0, quirks.with(digits::quirks(&[*check])))?;
        digits::allowed(report, report.quirks, strictness)
    }

    /// Reads fifteen digits of a form that has no check digit, or one that is not known to be one. The first digit stands
    /// at `from`.
    pub(super) fn unchecked(from: usize, written: &[u8]) -> Result<Self, RecordError> {
        let mut read = [Digit::ZERO; 15];
        let quirks = digits::read_from(from, written, &mut read)?;
        Self::of_digits(&read, from, quirks)
    }

    fn of_digits(heard: &[Digit; 15], from: usize, quirks: Quirks) -> Result<Self, RecordError> {
        let [a, b, c, d, high, low, message @ ..] = *heard;
        let type_written = digits::written([high, low]);
        let message_type = MessageType::read(type_written).ok_or(RecordError::Form {
            expected: "message type 18 or 98",
            at: from + 4,
            found: type_written[0],
        })?;
        let message = CidMessage::packed(digits::written(message), from + 6)?;
        let quirks = quirks.with(digits::quirks(heard)).with(message.quirks());
        Ok(Self { account: [a, b, c, d], message_type, message, quirks })
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        digits::account(self.account)
    }

    /// Which of the two types it was sent under.
    pub const fn message_type(&self) -> MessageType {
        self.message_type
    }

    /// What it says.
    pub const fn message(&self) -> &CidMessage {
        &self.message
    }

    /// The check digit.
    pub fn check_digit(&self) -> Digit {
        let [.., check] = self.digits();
        check
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The report as an event.
    pub fn signal(&self) -> Signal {
        self.message.signal()
    }

    /// The sixteen digits to be dialled.
    pub fn digits(&self) -> [Digit; 16] {
        let mut dialled = [Digit::ZERO; Self::LEN];
        let behind = self.message_type.as_str().bytes().chain(self.message.pack());
        let behind = behind.map(|byte| Digit::from_char(char::from(byte)).unwrap_or(Digit::ZERO));
        let [before @ .., check] = &mut dialled;
        for (place, digit) in before.iter_mut().zip(self.account.into_iter().chain(behind)) {
            *place = digit;
        }
        *check = digits::check_digit(before);
        dialled
    }

    /// The sixteen digits as ASCII characters.
    pub fn encode(&self) -> [u8; 16] {
        digits::written(self.digits())
    }
}
