//! Measured values: the number and the unit behind the `*` of an event (DC-03, unit types).

use core::{fmt, str::FromStr};

use crate::text;

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident $letters:literal $symbol:literal,)*) => {
        /// What a value is measured in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Unit {
            $($(#[$doc])* $name,)*
        }

        impl Unit {
            /// Every unit, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The letters that DC-03 writes for it: upper and lower case differ.
            pub const fn letters(self) -> &'static str {
                match self { $(Self::$name => $letters,)* }
            }

            /// The symbol that a person reads.
            pub const fn symbol(self) -> &'static str {
                match self { $(Self::$name => $symbol,)* }
            }
        }
    };
}

units! {
    /// Amperes.
    Ampere "A" "A",
    /// Milliamperes.
    Milliampere "MA" "mA",
    /// Volts.
    Volt "V" "V",
    /// Millivolts.
    Millivolt "MV" "mV",
    /// Degrees Celsius.
    Celsius "C" "°C",
    /// Degrees Fahrenheit.
    Fahrenheit "F" "°F",
    /// Percent.
    Percent "P" "%",
    /// Hours.
    Hour "H" "h",
    /// Minutes.
    Minute "M" "min",
    /// Metres.
    Metre "m" "m",
    /// Centimetres.
    Centimetre "Cm" "cm",
    /// Inches.
    Inch "I" "in",
    /// Feet per minute.
    FootPerMinute "FM" "ft/min",
    /// Inches per minute.
    InchPerMinute "IM" "in/min",
    /// Centimetres per minute.
    CentimetrePerMinute "cM" "cm/min",
    /// Metres per minute.
    MetrePerMinute "mM" "m/min",
    /// Grams.
    Gram "g" "g",
    /// Kilograms.
    Kilogram "Kg" "kg",
    /// Gallons per hour.
    GallonPerHour "GH" "gal/h",
    /// Gallons per minute.
    GallonPerMinute "GM" "gal/min",
}

/// A measured value: one to six decimal digits, and a unit or none.
///
/// ```
/// use contactid::sia::{Unit, Units};
/// let units: Units = "21C_".parse()?; // a unit of one letter may be filled up with an underscore
/// assert_eq!((units.value, units.unit), (21, Some(Unit::Celsius)));
/// assert_eq!((units.to_string(), units.unit.unwrap().symbol()), ("21C".into(), "°C"));
/// # Ok::<(), contactid::sia::UnitsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Units {
    /// How many, 0 to 999,999.
    pub value: u32,
    /// Of what.
    pub unit: Option<Unit>,
}

/// The text is not one to six digits with a listed unit or none behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a measured value is one to six digits, and a unit of DC-03 or none")]
pub struct UnitsError;

impl FromStr for Units {
    type Err = UnitsError;

    fn from_str(written: &str) -> Result<Self, UnitsError> {
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        let (number, letters) = written.split_at(digits);
        let value = text::decimal(number).filter(|_| (1..=6).contains(&digits)).ok_or(UnitsError)?;
        let letters = letters.strip_suffix('_').or(letters.strip_prefix('_')).unwrap_or(letters);
        let unit = match letters {
            "" => None,
            _ => Some(*Unit::ALL.iter().find(|unit| unit.letters() == letters).ok_or(UnitsError)?),
        };
        Ok(Self { value, unit })
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit.map_or("", Unit::letters))
    }
}
