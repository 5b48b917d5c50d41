//! The form of Eldes RF and RS: sixteen digits behind a `3`.

use crate::cid::{CidReport, digits};
use crate::dtmf::Digit;
use crate::{AccountNumber, Check, Quirks, RecordError, Signal, Strictness};

/// What the last digit of the Eldes form is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EldesCheck {
    /// Unknown: any digit is taken.
    #[default]
    Ignored,
    /// The check digit of Contact ID over the fifteen digits before it. Unverified: the one description of the form names
    /// the digit and not its rule.
    ContactId,
}

/// One report of the form `3AAAA18QEEEPPZZZC`. What its sender wants to hear was not established.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EldesReport {
    report: CidReport,
    check: Digit,
    quirks: Quirks,
}

impl EldesReport {
    /// A report as it is sent, with this last digit: [`CidReport::check_digit`], if that is the rule.
    pub const fn new(report: CidReport, check: Digit) -> Self {
        Self { report, check, quirks: report.quirks() }
    }

    /// Reads one report, with nothing around it.
    ///
    /// # Errors
    /// [`RecordError`]: not seventeen characters, no `3` before them, a digit out of place, or, with
    /// [`EldesCheck::ContactId`], a check digit that does not hold.
    pub fn parse(bytes: &[u8], rule: EldesCheck, strictness: Strictness) -> Result<Self, RecordError> {
        let &[b'3', ref written @ .., last] = bytes else {
            return Err(RecordError::Foreign { expected: "a report of the form 3AAAA18QEEEPPZZZC" });
        };
        if bytes.len() != 17 {
            return Err(RecordError::Length { expected: 17, found: bytes.len() });
        }
        let report = CidReport::unchecked(1, written)?;
        let mut check = [Digit::ZERO];
        let quirks = digits::read_from(16, &[last], &mut check)?.with(report.quirks());
        let ([check], expected) = (check, report.check_digit());
        if rule == EldesCheck::ContactId && expected.value() != check.value() {
            let [expected, found] = [expected, check].map(|digit| u32::from(digit.number()));
            return Err(RecordError::Check { check: Check::Checksum, expected, found });
        }
        digits::allowed(Self { report, check, quirks }, quirks, strictness)
    }

    /// Account, message type and message.
    pub const fn report(&self) -> &CidReport {
        &self.report
    }

    /// The last digit.
    pub const fn check(&self) -> Digit {
        self.check
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        self.report.account()
    }

    /// The departures from the form that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The report as an event.
    pub fn signal(&self) -> Signal {
        self.report.signal()
    }

    /// The seventeen characters.
    pub fn encode(&self) -> [u8; 17] {
        let [digits @ .., _] = self.report.encode();
        let mut written = [b'3'; 17];
        let [_, places @ .., check] = &mut written;
        *places = digits;
        *check = self.check.to_char() as u8;
        written
    }
}
