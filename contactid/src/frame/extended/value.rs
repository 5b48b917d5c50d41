//! What an extended field says, by its letter.

use alloc::{borrow::Cow, string::ToString};
use core::fmt;

use super::place::{Altitude, Latitude, Longitude};
use super::{Extended, ExtendedId};
use crate::{Edition, EncodeError, Stamp, text};

/// The value of an extended field, read by its letter.
///
/// A letter that no list has, and a value that is not in the form of its letter, stays as it came: [`Value::Other`].
///
/// ```
/// use contactid::{Edition, Extended, extended::Value};
/// let field = Extended::new('X', "093W23.456");
/// let Value::Longitude(longitude) = field.read() else { panic!("a longitude") };
/// assert_eq!((longitude.0.degrees(), longitude.0.minutes().digits()), (93, 23_456));
/// assert_eq!(&*Value::Longitude(longitude).bytes(Edition::E2013)?, field.value);
/// # Ok::<(), contactid::EncodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `A`: authentication hash, hexadecimal digits.
    Authentication(&'a str),
    /// `C`: supervision category.
    Category(Cow<'a, str>),
    /// `G`, or one digit in `J`: the network path that the message took.
    Path(u8),
    /// `H`: when the event happened.
    Time(Stamp),
    /// `I`: alarm text.
    AlarmText(Cow<'a, str>),
    /// `J`: a JSON object, as text. Its braces and quotes pair; nothing else is checked.
    Json(&'a str),
    /// `K`: an encryption key.
    Key(KeyDigits<'a>),
    /// `L`: location.
    Location(Cow<'a, str>),
    /// `M`: MAC address.
    Mac([u8; 6]),
    /// `N`: network address, hexadecimal digits.
    Address(&'a str),
    /// `O`: building.
    Building(Cow<'a, str>),
    /// `P`: programming; bytes whose text is Windows-1252.
    Programming(&'a [u8]),
    /// `R`: room.
    Room(Cow<'a, str>),
    /// `S`: site.
    Site(Cow<'a, str>),
    /// `T`: what set the alarm off.
    Trigger(Trigger),
    /// `V`: addresses of pictures and sound; [`Value::links`] parts them.
    Verification(Cow<'a, str>),
    /// `X`: longitude.
    Longitude(Longitude),
    /// `Y`: latitude.
    Latitude(Latitude),
    /// `Z`: altitude.
    Altitude(Altitude),
    /// Any other field, as it came.
    Other(Extended<'a>),
}

/// What set the alarm off: the field `T`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// `F`: fire or smoke.
    Fire,
    /// `G`: gas.
    Gas,
    /// `W`: water.
    Water,
    /// `S`: a sensor.
    Sensor,
    /// `C`: a contact.
    Contact,
    /// `M`: a hand.
    Manual,
}

impl Trigger {
    /// Every trigger.
    pub const ALL: [Self; 6] = [Self::Fire, Self::Gas, Self::Water, Self::Sensor, Self::Contact, Self::Manual];

    /// Its letter.
    pub const fn letter(self) -> char {
        match self {
            Self::Fire => 'F',
            Self::Gas => 'G',
            Self::Water => 'W',
            Self::Sensor => 'S',
            Self::Contact => 'C',
            Self::Manual => 'M',
        }
    }
}

/// A key as key exchange writes it: 32, 48 or 64 hexadecimal digits. They are not shown by `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyDigits<'a>(&'a str);

impl<'a> KeyDigits<'a> {
    /// `None` unless there are 32, 48 or 64 hexadecimal digits.
    pub fn new(digits: &'a str) -> Option<Self> {
        (matches!(digits.len(), 32 | 48 | 64) && is_hex(digits)).then_some(Self(digits))
    }

    /// The digits.
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// The key itself.
    #[cfg(feature = "aes")]
    pub fn key(self) -> Option<crate::Key> {
        crate::Key::from_hex(self.0).ok()
    }
}

impl fmt::Debug for KeyDigits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyDigits({})", self.0.len())
    }
}

impl<'a> Extended<'a> {
    /// Reads the value by its letter.
    pub fn read(&self) -> Value<'a> {
        self.known().unwrap_or(Value::Other(*self))
    }

    fn known(&self) -> Option<Value<'a>> {
        let words = || text::decode(self.value);
        let plain = || core::str::from_utf8(self.value).ok();
        let digits = || plain().filter(|digits| is_hex(digits));
        Some(match ExtendedId::new(self.id)? {
            ExtendedId::Authentication => Value::Authentication(digits()?),
            ExtendedId::Category => Value::Category(words()),
            ExtendedId::Path => Value::Path(number(plain()?)?),
            ExtendedId::Time => Value::Time(Stamp::read(self.value)?),
            ExtendedId::AlarmText => Value::AlarmText(words()),
            ExtendedId::PathOrJson => match plain()? {
                json if is_object(json) => Value::Json(json),
                path if path.len() == 1 => Value::Path(number(path)?),
                _ => return None,
            },
            ExtendedId::Key => Value::Key(KeyDigits::new(plain()?)?),
            ExtendedId::Location => Value::Location(words()),
            ExtendedId::Mac => {
                let mut mac = [0; 6];
                let digits = digits().filter(|digits| digits.len() == 12)?;
                for (at, byte) in mac.iter_mut().enumerate() {
                    *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
                }
                Value::Mac(mac)
            }
            ExtendedId::Address => Value::Address(digits()?),
            ExtendedId::Building => Value::Building(words()),
            ExtendedId::Programming => Value::Programming(self.value),
            ExtendedId::Room => Value::Room(words()),
            ExtendedId::Site => Value::Site(words()),
            ExtendedId::Trigger => {
                let letter = plain()?;
                Value::Trigger(Trigger::ALL.into_iter().find(|trigger| letter == trigger.letter().to_string())?)
            }
            ExtendedId::Verification => Value::Verification(words()),
            ExtendedId::Longitude => Value::Longitude(Longitude::read(plain()?)?),
            ExtendedId::Latitude => Value::Latitude(Latitude::read(plain()?)?),
            ExtendedId::Altitude => Value::Altitude(Altitude::read(plain()?)?),
        })
    }
}

impl Value<'_> {
    /// The letter under which `edition` has it.
    pub const fn letter(&self, edition: Edition) -> char {
        match self {
            Self::Authentication(_) => 'A',
            Self::Category(_) => 'C',
            Self::Path(_) => match edition {
                Edition::E2026 => 'G',
                _ => 'J',
            },
            Self::Time(_) => 'H',
            Self::AlarmText(_) => 'I',
            Self::Json(_) => 'J',
            Self::Key(_) => 'K',
            Self::Location(_) => 'L',
            Self::Mac(_) => 'M',
            Self::Address(_) => 'N',
            Self::Building(_) => 'O',
            Self::Programming(_) => 'P',
            Self::Room(_) => 'R',
            Self::Site(_) => 'S',
            Self::Trigger(_) => 'T',
            Self::Verification(_) => 'V',
            Self::Longitude(_) => 'X',
            Self::Latitude(_) => 'Y',
            Self::Altitude(_) => 'Z',
            Self::Other(field) => field.id,
        }
    }

    /// The bytes behind the letter, as `edition` writes them: text in its own character set.
    ///
    /// Whether the edition has such a field at all, and whether the value is short enough and in its form, is told by
    /// [`Edition::encode`].
    ///
    /// # Errors
    /// [`EncodeError::Text`] if the edition has no byte for a character.
    pub fn bytes(&self, edition: Edition) -> Result<Cow<'_, [u8]>, EncodeError> {
        let spelt = |text: &dyn ToString| Ok(Cow::Owned(text.to_string().into_bytes()));
        match self {
            Self::Category(words)
            | Self::AlarmText(words)
            | Self::Location(words)
            | Self::Building(words)
            | Self::Room(words)
            | Self::Site(words)
            | Self::Verification(words) => edition.text(words),
            Self::Authentication(digits) | Self::Address(digits) | Self::Json(digits) => {
                Ok(Cow::Borrowed(digits.as_bytes()))
            }
            Self::Key(digits) => Ok(Cow::Borrowed(digits.0.as_bytes())),
            Self::Programming(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::Other(field) => Ok(Cow::Borrowed(field.value)),
            Self::Path(path) => spelt(path),
            Self::Time(stamp) => spelt(stamp),
            Self::Trigger(trigger) => spelt(&trigger.letter()),
            Self::Longitude(longitude) => spelt(longitude),
            Self::Latitude(latitude) => spelt(latitude),
            Self::Altitude(altitude) => spelt(altitude),
            Self::Mac(mac) => {
                let mut digits = alloc::vec::Vec::with_capacity(12);
                crate::frame::cipher::hex(mac, &mut digits);
                Ok(Cow::Owned(digits))
            }
        }
    }

    /// The addresses of [`Value::Verification`]; nothing for every other value.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let list = match self {
            Self::Verification(list) => list,
            _ => "",
        };
        list.split(',').map(str::trim).filter(|link| !link.is_empty())
    }
}

fn is_hex(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A number without needless zeros, so that it is written as it was read.
fn number(text: &str) -> Option<u8> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

/// Whether the text has the outward shape of a JSON object without lists: braces that pair outside of strings, the last
/// one at the end.
fn is_object(text: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0u32, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b']' => return false,
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if depth > 0 => quoted = !quoted,
            b'{' if !quoted && (depth > 0 || at == 0) => depth += 1,
            b'}' if !quoted && depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return at + 1 == text.len();
                }
            }
            _ if depth == 0 => return false,
            _ => {}
        }
    }
    false
}
