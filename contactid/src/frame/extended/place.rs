//! Where an event happened: coordinates as the exact decimals that the panel wrote.

use core::fmt;

/// A number with decimal places, exact: `23.456` is 23456 in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: u32,
    places: u8,
}

impl Decimal {
    /// The most decimal places.
    pub const PLACES: u8 = 6;

    /// `digits` divided by ten to the power of `places`; `None` for more than [`Decimal::PLACES`] places or nine digits.
    pub const fn new(digits: u32, places: u8) -> Option<Self> {
        if places <= Self::PLACES && digits <= 999_999_999 { Some(Self { digits, places }) } else { None }
    }

    /// The number without its point.
    pub const fn digits(self) -> u32 {
        self.digits
    }

    /// How many of the digits stand behind the point.
    pub const fn places(self) -> u8 {
        self.places
    }

    /// The part before the point.
    pub const fn whole(self) -> u32 {
        self.digits / self.scale()
    }

    const fn scale(self) -> u32 {
        10u32.pow(self.places as u32)
    }

    /// Reads `23.456` or `23`.
    fn read(text: &str) -> Option<Self> {
        let (whole, behind) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, behind)) => (whole, behind),
            None => (text, ""),
        };
        if whole.is_empty() || whole.len() + behind.len() > 9 {
            return None;
        }
        let digits = whole
            .bytes()
            .chain(behind.bytes())
            .try_fold(0u32, |digits, byte| byte.is_ascii_digit().then(|| digits * 10 + u32::from(byte - b'0')))?;
        Self::new(digits, u8::try_from(behind.len()).ok()?)
    }

    /// Writes it with at least `width` digits before the point.
    fn write(self, width: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.whole())?;
        match usize::from(self.places) {
            0 => Ok(()),
            places => write!(f, ".{:0places$}", self.digits % self.scale()),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(1, f)
    }
}

/// An angle as DC-09 writes it: degrees, hemisphere, minutes. `093W23.456`, `45N23.456`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Angle {
    degrees: u8,
    minutes: Decimal,
    negative: bool,
}

impl Angle {
    /// West and south are negative. `None` for more than 180 degrees, or 60 minutes and more.
    pub const fn new(degrees: u8, minutes: Decimal, negative: bool) -> Option<Self> {
        if degrees <= 180 && minutes.whole() < 60 { Some(Self { degrees, minutes, negative }) } else { None }
    }

    /// Whole degrees.
    pub const fn degrees(self) -> u8 {
        self.degrees
    }

    /// Minutes of arc.
    pub const fn minutes(self) -> Decimal {
        self.minutes
    }

    /// Whether it lies west or south.
    pub const fn is_negative(self) -> bool {
        self.negative
    }
}

/// Degrees east or west: `093W23.456`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Longitude(pub Angle);

/// Degrees north or south: `45N23.456`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Latitude(Angle);

impl Latitude {
    /// `None` for more than 90 degrees.
    pub const fn new(angle: Angle) -> Option<Self> {
        if angle.degrees <= 90 { Some(Self(angle)) } else { None }
    }

    /// The angle north; negative is south.
    pub const fn angle(self) -> Angle {
        self.0
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        Self::new(angle(text, b'N', b'S')?)
    }
}

impl Longitude {
    pub(super) fn read(text: &str) -> Option<Self> {
        angle(text, b'E', b'W').map(Self)
    }
}

fn angle(text: &str, positive: u8, negative: u8) -> Option<Angle> {
    let at = text.bytes().position(|byte| byte == positive || byte == negative)?;
    let (degrees, behind) = (text.get(..at)?, text.get(at + 1..)?);
    let degrees = Some(degrees).filter(|degrees| degrees.bytes().all(|byte| byte.is_ascii_digit()))?;
    Angle::new(degrees.parse().ok()?, Decimal::read(behind)?, text.as_bytes().get(at) == Some(&negative))
}

impl fmt::Display for Longitude {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}{}", self.0.degrees, if self.0.negative { 'W' } else { 'E' })?;
        self.0.minutes.write(2, f)
    }
}

impl fmt::Display for Latitude {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{}", self.0.degrees, if self.0.negative { 'S' } else { 'N' })?;
        self.0.minutes.write(2, f)
    }
}

/// Metres above the sea: `123.2M`. That `M` means metres, and that a place below the sea is written with `-`, is unverified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Altitude {
    /// How far from the sea's level.
    pub metres: Decimal,
    /// Whether it lies below.
    pub below: bool,
}

impl Altitude {
    pub(super) fn read(text: &str) -> Option<Self> {
        let number = text.strip_suffix('M')?;
        let (number, below) = number.strip_prefix('-').map_or((number, false), |number| (number, true));
        Some(Self { metres: Decimal::read(number)?, below })
    }
}

impl fmt::Display for Altitude {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}M", if self.below { "-" } else { "" }, self.metres)
    }
}
