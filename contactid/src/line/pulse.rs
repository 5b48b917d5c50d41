//! Pulse formats: an account and an event as so many pulses a digit, in rounds.
//!
//! ```
//! use contactid::line::pulse::{PulseCheck, PulseReader, Parity};
//! use contactid::dtmf::Digit;
//!
//! let digits = |counts: &[u8]| -> Vec<Digit> { counts.iter().filter_map(|&count| Digit::new(count)).collect() };
//! let mut reader = PulseReader::new(PulseCheck::Twice, Parity::Ignored);
//! assert_eq!(reader.round(&digits(&[1, 10, 3, 4, 3])), Ok(None));
//! let report = reader.round(&digits(&[1, 10, 3, 4, 3]))?.unwrap();
//! assert_eq!(report.account().map(|account| account.to_string()), Some("1034".into()));
//! assert_eq!(report.signal().code.to_string(), "pulse:3");
//! assert_eq!(report.encode(), b"1A343");
//! # Ok::<(), contactid::RecordError>(())
//! ```

use alloc::{vec, vec::Vec};

use crate::cid::{digits, verify_check_digit};
use crate::dtmf::Digit;
use crate::{
    AccountNumber, Check, Code, EncodeError, OwnCode, OwnList, Qualifier, Quirks, RecordError, Signal, Strictness,
};

/// How a receiver knows that it counted rightly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PulseCheck {
    /// Every round is sent twice, and both must agree.
    Twice,
    /// One round with a parity digit behind it.
    Parity,
}

/// How the parity digit of a round is made. The sources say which formats have one, and not how it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Parity {
    /// Unknown: any digit is taken.
    #[default]
    Ignored,
    /// As the check digit of Ademco formats. Unverified.
    Ademco,
}

/// A pulse format of the line card: what it answers with, and how its digits come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PulseFormat {
    /// Its names.
    pub name: &'static str,
    /// The handshake tones that its panels wait for, in Hz. The kissoff is the one that was sent.
    pub handshakes_hz: &'static [u16],
    /// The tone that the pulses are made of, in Hz; `None` where no source says.
    pub tone_hz: Option<u16>,
    /// Pulses in a second.
    pub rates: &'static [u8],
    /// How its rounds are checked.
    pub check: PulseCheck,
}

/// Ademco slow, Silent Knight slow.
pub const ADEMCO_SLOW: PulseFormat = PulseFormat {
    name: "Ademco slow, Silent Knight slow",
    handshakes_hz: &[1400],
    tone_hz: Some(1900),
    rates: &[10],
    check: PulseCheck::Twice,
};

/// Silent Knight fast, Adcor.
pub const SILENT_KNIGHT_FAST: PulseFormat = PulseFormat {
    name: "Silent Knight fast, Adcor",
    handshakes_hz: &[1400],
    tone_hz: None,
    rates: &[20],
    check: PulseCheck::Twice,
};

/// Sescoa, Franklin, DCI, Vertex.
pub const SESCOA: PulseFormat = PulseFormat {
    name: "Sescoa, Franklin, DCI, Vertex",
    handshakes_hz: &[2300],
    tone_hz: Some(1800),
    rates: &[20],
    check: PulseCheck::Parity,
};

/// Radionics.
pub const RADIONICS: PulseFormat = PulseFormat {
    name: "Radionics",
    handshakes_hz: &[1400, 2300],
    tone_hz: None,
    rates: &[20, 40],
    check: PulseCheck::Parity,
};

/// Every pulse format that the sources describe.
pub const FORMATS: [PulseFormat; 4] = [ADEMCO_SLOW, SILENT_KNIGHT_FAST, SESCOA, RADIONICS];

/// How the digits of a round are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PulseLayout {
    /// 3/1: account of three digits, event.
    ThreeOne,
    /// 4/1: account of four digits, event. No source: what lies between the other two.
    FourOne,
    /// 4/2: account of four digits, event, zone.
    FourTwo,
    /// Extended 3/1: a round `AAAE`, then a round `EEEZ` that repeats the event. Unverified.
    ExtendedThreeOne,
}

impl PulseLayout {
    /// The digits of account, event and zone together.
    const fn digits(self) -> usize {
        match self {
            Self::ThreeOne => 4,
            Self::FourOne | Self::ExtendedThreeOne => 5,
            Self::FourTwo => 6,
        }
    }

    const fn account(self) -> usize {
        match self {
            Self::ThreeOne | Self::ExtendedThreeOne => 3,
            Self::FourOne | Self::FourTwo => 4,
        }
    }
}

/// One report of a pulse format.
///
/// ```text
/// 123 3      3/1
/// 1234 3     4/1
/// 1234 3 1   4/2
/// ```
///
/// A digit is as many pulses; a zero is ten of them, and panels are programmed with `A` for it. So `A` is what a round is
/// written with, and `0` is what the account and the event show. A digit that a panel is programmed with as `0` is not sent
/// at all: 4/2 with such a zone arrives as 4/1.
///
/// The line cards know more formats, of which no source describes the digits: Silent Knight FSK 1, 2 and 80, Radionics BFSK,
/// and in tone pairs FBI and Acron Super Fast. None of these is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PulseReport {
    layout: PulseLayout,
    digits: [Digit; 6],
    quirks: Quirks,
}

impl PulseReport {
    /// The most digits that a round has, its parity digit aside.
    pub const MAX: usize = 6;

    /// A report of an account, an event, and a zone where the layout has one.
    ///
    /// # Errors
    /// [`EncodeError::Width`] if account or zone are not as long as the layout has them.
    pub fn new(
        layout: PulseLayout,
        account: AccountNumber,
        event: Digit,
        zone: Option<Digit>,
    ) -> Result<Self, EncodeError> {
        let (text, width) = (account.as_str(), layout.account());
        if text.len() != width {
            return Err(EncodeError::Width { field: "account", expected: width, found: text.len() });
        }
        let (expected, found) = (layout.digits() - width - 1, usize::from(zone.is_some()));
        if expected != found {
            return Err(EncodeError::Width { field: "zone", expected, found });
        }
        let mut digits = [Digit::UNUSED; Self::MAX];
        for (place, byte) in digits.iter_mut().zip(text.bytes()) {
            *place = ten(digits::of_byte("account", byte)?);
        }
        for (place, digit) in digits.iter_mut().skip(width).zip([event].into_iter().chain(zone)) {
            *place = ten(digit);
        }
        Ok(Self { layout, digits, quirks: Quirks::NONE })
    }

    /// Reads one round written as text: four, five or six digits, `A` for ten pulses. `0` is read as that, and named.
    ///
    /// # Errors
    /// [`RecordError::Length`], or [`RecordError::Form`] at anything else than a digit.
    pub fn parse(written: &[u8], strictness: Strictness) -> Result<Self, RecordError> {
        let mut read = [Digit::ZERO; Self::MAX];
        let wrong = RecordError::Length { expected: 4, found: written.len() };
        let read = read.get_mut(..written.len()).ok_or(wrong)?;
        let mut quirks = digits::read(written, read)?;
        if read.contains(&Digit::ZERO) {
            quirks.add(Quirks::ZERO_FOR_TEN_PULSES);
        }
        let report = Self { quirks, ..Self::from_round(read)? };
        digits::allowed(report, quirks, strictness)
    }

    /// Reads one round as a pulse counter gives it: 3/1, 4/1 or 4/2 by its number of digits.
    ///
    /// # Errors
    /// [`RecordError::Length`] unless it has four, five or six digits.
    pub fn from_round(round: &[Digit]) -> Result<Self, RecordError> {
        let layout = match round.len() {
            4 => PulseLayout::ThreeOne,
            5 => PulseLayout::FourOne,
            6 => PulseLayout::FourTwo,
            found => return Err(RecordError::Length { expected: 4, found }),
        };
        let mut digits = [Digit::UNUSED; Self::MAX];
        for (place, &digit) in digits.iter_mut().zip(round) {
            *place = ten(digit);
        }
        Ok(Self { layout, digits, quirks: Quirks::NONE })
    }

    /// Reads the two rounds of extended 3/1, `AAAE` and `EEEZ`, each already found to agree with its repetition.
    ///
    /// Unverified: that the second round stands so comes from memory of the format, not from a document.
    ///
    /// # Errors
    /// [`RecordError::Length`] unless both have four digits; [`RecordError::Check`] if the second does not repeat the event
    /// of the first.
    pub fn from_extended(first: &[Digit], second: &[Digit]) -> Result<Self, RecordError> {
        let length = |round: &[Digit]| RecordError::Length { expected: 4, found: round.len() };
        let &[a, b, c, event] = first else { return Err(length(first)) };
        let &[d, e, f, zone] = second else { return Err(length(second)) };
        if let Some(found) = [d, e, f].iter().find(|digit| digit.value() != event.value()) {
            let [expected, found] = [event, *found].map(|digit| u32::from(digit.value()));
            return Err(RecordError::Check { check: Check::Checksum, expected, found });
        }
        let digits = [a, b, c, event, zone, Digit::UNUSED].map(ten);
        Ok(Self { layout: PulseLayout::ExtendedThreeOne, digits, quirks: Quirks::NONE })
    }

    /// How its digits are shared out.
    pub const fn layout(&self) -> PulseLayout {
        self.layout
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        let text = digits::written(self.digits.map(zero));
        AccountNumber::new(text.get(..self.layout.account())?).ok()
    }

    /// The event digit, `0` for ten pulses: what it means is agreed for each account.
    pub fn event(&self) -> Digit {
        self.digits.get(self.layout.account()).copied().map_or(Digit::ZERO, zero)
    }

    /// The zone digit, `0` for ten pulses.
    pub fn zone(&self) -> Option<Digit> {
        let place = self.layout.account() + 1;
        self.digits.get(place).copied().filter(|_| place < self.layout.digits()).map(zero)
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The report as an event, always new. The zone counts its pulses: ten for `0`, eleven for `B`.
    pub fn signal(&self) -> Signal {
        let code = Code::Own(OwnCode::of_digits(OwnList::Pulse, [self.event()]));
        let zone = self.zone();
        Signal {
            number: zone.map(|zone| u32::from(zone.value())),
            address: zone.filter(|zone| zone.value() > 9).map(|zone| zone.to_char().into()),
            ..Signal::new(code, Qualifier::New)
        }
    }

    /// The digits of each round in their order: one round, or two for extended 3/1. A zero is [`Digit::UNUSED`], which
    /// counts ten, as the pulses do.
    pub fn rounds(&self) -> Vec<Vec<Digit>> {
        let [a, b, c, event, zone, _] = self.digits;
        match self.layout {
            PulseLayout::ExtendedThreeOne => vec![vec![a, b, c, event], vec![event, event, event, zone]],
            PulseLayout::ThreeOne | PulseLayout::FourOne | PulseLayout::FourTwo => vec![self.said().to_vec()],
        }
    }

    /// The digits of account, event and zone.
    fn said(&self) -> &[Digit] {
        self.digits.get(..self.layout.digits()).unwrap_or_default()
    }

    /// The rounds as ASCII characters.
    pub fn encode(&self) -> Vec<u8> {
        digits::text(&self.rounds().concat())
    }
}

/// Ten pulses are written `A`.
fn ten(digit: Digit) -> Digit {
    if digit == Digit::ZERO { Digit::UNUSED } else { digit }
}

/// Ten pulses mean `0`.
fn zero(digit: Digit) -> Digit {
    if digit == Digit::UNUSED { Digit::ZERO } else { digit }
}

/// Puts the rounds of a call together to reports.
///
/// A round of a format that sends twice is believed when the one right before it was the same. What comes between is
/// forgotten: nothing is kept but the last round.
#[derive(Clone, Copy, Debug)]
pub struct PulseReader {
    check: PulseCheck,
    parity: Parity,
    extended: bool,
    last: Option<PulseReport>,
    /// The first round of extended 3/1, already checked.
    first: Option<PulseReport>,
}

impl PulseReader {
    /// A reader of formats that check their rounds so. `parity` matters for [`PulseCheck::Parity`] alone.
    pub const fn new(check: PulseCheck, parity: Parity) -> Self {
        Self { check, parity, extended: false, last: None, first: None }
    }

    /// The same reader, for panels of extended 3/1: two rounds of four digits, each checked, are one report, and one alone
    /// is none. Unverified, as [`PulseReport::from_extended`] is.
    #[must_use]
    pub const fn with_extended(mut self, extended: bool) -> Self {
        self.extended = extended;
        self
    }

    /// Takes the next round; `None` means that its repetition is still to come, or the second round of extended 3/1.
    ///
    /// # Errors
    /// [`RecordError::Length`] for a round of no layout; [`RecordError::Check`] if its parity digit does not hold, or if the
    /// second round of extended 3/1 does not repeat the event.
    pub fn round(&mut self, round: &[Digit]) -> Result<Option<PulseReport>, RecordError> {
        match self.checked(round)? {
            Some(report) if self.extended && report.layout == PulseLayout::ThreeOne => match self.first.take() {
                Some(first) => PulseReport::from_extended(first.said(), report.said()).map(Some),
                None => {
                    self.first = Some(report);
                    Ok(None)
                }
            },
            other => Ok(other),
        }
    }

    fn checked(&mut self, round: &[Digit]) -> Result<Option<PulseReport>, RecordError> {
        match self.check {
            PulseCheck::Parity => {
                if self.parity == Parity::Ademco {
                    verify_check_digit(round)?;
                }
                let (_, said) = round.split_last().ok_or(RecordError::Length { expected: 5, found: 0 })?;
                PulseReport::from_round(said).map(Some)
            }
            PulseCheck::Twice => {
                let before = self.last.take();
                let report = PulseReport::from_round(round)?;
                if before == Some(report) {
                    return Ok(before);
                }
                self.last = Some(report);
                Ok(None)
            }
        }
    }
}
