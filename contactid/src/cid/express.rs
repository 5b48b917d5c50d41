//! Ademco Express: an account and one or two digits of an agreed meaning.

use alloc::vec::Vec;

use super::digits;
use crate::dtmf::Digit;
use crate::{AccountNumber, Code, EncodeError, OwnCode, OwnList, Qualifier, Quirks, RecordError, Signal, Strictness};

/// The code of an Express report: what its digits mean is agreed for each account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExpressCode {
    /// Express 4+1: message type 17, one digit.
    One(Digit),
    /// Express 4+2: message type 27, two digits.
    Two([Digit; 2]),
}

impl ExpressCode {
    /// The digits themselves.
    pub const fn digits(&self) -> &[Digit] {
        match self {
            Self::One(digit) => core::slice::from_ref(digit),
            Self::Two(pair) => pair,
        }
    }

    const fn message_type(&self) -> [Digit; 2] {
        match self {
            Self::One(_) => const { digits::fixed(b"17") },
            Self::Two(_) => const { digits::fixed(b"27") },
        }
    }
}

/// One report of Ademco Express.
///
/// ```text
/// 1234 17 3 S     Express 4+1, eight digits
/// 1234 27 31 S    Express 4+2, nine digits
/// ```
///
/// ```
/// use contactid::{Strictness, cid::ExpressReport};
/// let report = ExpressReport::parse(b"12341739", Strictness::Strict)?;
/// assert_eq!(report.signal().code.to_string(), "pulse:3");
/// assert_eq!(report.encode(), b"12341739");
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExpressReport {
    account: [Digit; 4],
    code: ExpressCode,
    quirks: Quirks,
}

impl ExpressReport {
    /// A report of this code.
    ///
    /// # Errors
    /// [`EncodeError`] if the account has not four digits up to `F`.
    pub fn new(account: AccountNumber, code: ExpressCode) -> Result<Self, EncodeError> {
        let account = digits::of_account(account)?;
        Ok(Self { account, code, quirks: digits::quirks(&account).with(digits::quirks(code.digits())) })
    }

    /// Reads eight or nine digits written as text.
    ///
    /// # Errors
    /// [`RecordError`]: the wrong number of them, a wrong check digit, or another message type.
    pub fn parse(written: &[u8], strictness: Strictness) -> Result<Self, RecordError> {
        let mut read = [Digit::ZERO; 9];
        let expected = if written.len() < 9 { 8 } else { 9 };
        let quirks = digits::read(written, &mut read[..expected])?;
        Self::read(&read[..expected], quirks, strictness)
    }

    /// Reads eight or nine digits as a tone decoder gives them.
    ///
    /// # Errors
    /// As [`ExpressReport::parse`].
    pub fn from_digits(heard: &[Digit], strictness: Strictness) -> Result<Self, RecordError> {
        Self::read(heard, Quirks::NONE, strictness)
    }

    pub(super) fn read(heard: &[Digit], quirks: Quirks, strictness: Strictness) -> Result<Self, RecordError> {
        let (account, written, code) = match *heard {
            [a, b, c, d, high, low, code, _] => ([a, b, c, d], [high, low], ExpressCode::One(code)),
            [a, b, c, d, high, low, first, second, _] => ([a, b, c, d], [high, low], ExpressCode::Two([first, second])),
            _ => return Err(RecordError::Length { expected: 8, found: heard.len() }),
        };
        digits::verify_check_digit(heard)?;
        digits::of_type(written, code.message_type(), "message type 17 or 27")?;
        let report = Self { account, code, quirks: quirks.with(digits::quirks(heard)) };
        digits::allowed(report, report.quirks, strictness)
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        digits::account(self.account)
    }

    /// The one or two digits of the event.
    pub const fn code(&self) -> ExpressCode {
        self.code
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The report as an event, always new: whether a digit stands for a restore is agreed for each account.
    pub fn signal(&self) -> Signal {
        let code = match self.code {
            ExpressCode::One(digit) => OwnCode::of_digits(OwnList::Pulse, [digit]),
            ExpressCode::Two(pair) => OwnCode::of_digits(OwnList::Pulse, pair),
        };
        Signal::new(Code::Own(code), Qualifier::New)
    }

    /// The digits to be dialled.
    pub fn digits(&self) -> Vec<Digit> {
        digits::checked(&[&self.account, &self.code.message_type(), self.code.digits()])
    }

    /// The digits as ASCII characters.
    pub fn encode(&self) -> Vec<u8> {
        digits::text(&self.digits())
    }
}
