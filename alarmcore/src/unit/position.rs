//! A place on the earth in whole numbers, and how far two of them are apart: the same on every machine.

use core::fmt;
use core::num::NonZeroU64;
use core::str::FromStr;

use contactid::Lang;
use serde::{Deserialize, Serialize};

/// Metres of a degree of latitude.
const METRES_A_DEGREE: i64 = 111_195;
/// A degree in millionths.
const DEGREE: i64 = 1_000_000;

/// Latitude and longitude in millionths of a degree (about 11 cm), as text `31.230400,121.473700`: north and east are
/// positive. In the room of a pointer, because every account may have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Position(NonZeroU64);

/// The text is no position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Lang::En))]
pub struct NotAPosition(pub String);

impl NotAPosition {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        let Self(found) = self;
        match lang {
            Lang::En => {
                format!("{found:?} is no position: write latitude and longitude in degrees, as in 31.2304,121.4737")
            }
            Lang::Zh => format!("{found:?} 不是经纬度：请以度为单位写纬度和经度，如 31.2304,121.4737"),
        }
    }
}

impl Position {
    /// The position at so many millionths of a degree; `None` beyond 90° north or south, or 180° east or west.
    pub fn new(latitude: i32, longitude: i32) -> Option<Self> {
        let inside =
            (-90_000_000..=90_000_000).contains(&latitude) && (-180_000_000..=180_000_000).contains(&longitude);
        // Counted from the corner, and from 1, so that no position is nought.
        let (lat, lon) = (i64::from(latitude) + 90_000_001, i64::from(longitude) + 180_000_001);
        let packed = (lat.cast_unsigned() << 32) | lon.cast_unsigned();
        NonZeroU64::new(packed).filter(|_| inside).map(Self)
    }

    /// Millionths of a degree north of the equator.
    pub const fn latitude(self) -> i64 {
        (self.0.get() >> 32).cast_signed() - 90_000_001
    }

    /// Millionths of a degree east of Greenwich.
    pub const fn longitude(self) -> i64 {
        (self.0.get() & 0xffff_ffff).cast_signed() - 180_000_001
    }

    /// How far it is in a straight line, in whole metres: within half a percent for some hundred kilometres, up to 70° of
    /// latitude. Whole numbers only, because a choice of units is played again byte for byte.
    pub fn metres_to(self, other: Self) -> u64 {
        let north = (self.latitude() - other.latitude()).abs();
        let around = (self.longitude() - other.longitude()).abs();
        let east = around.min(360 * DEGREE - around);
        // Bhaskara's cosine of the latitude between them: (32400 - 4d²) / (32400 + d²), d in degrees.
        let d = i128::from(self.latitude() + other.latitude()) / 2;
        let square = d * d / i128::from(DEGREE);
        let (above, below) = (32_400 * i128::from(DEGREE) - 4 * square, 32_400 * i128::from(DEGREE) + square);
        let metres = |part: i128| part * i128::from(METRES_A_DEGREE) / i128::from(DEGREE);
        let (north, east) = (metres(i128::from(north)), metres(i128::from(east) * above.max(0) / below));
        (north * north + east * east).cast_unsigned().isqrt().try_into().unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let degrees = |f: &mut fmt::Formatter<'_>, millionths: i64| {
            let (sign, size) = (if millionths < 0 { "-" } else { "" }, millionths.abs());
            write!(f, "{sign}{}.{:06}", size / DEGREE, size % DEGREE)
        };
        degrees(f, self.latitude())?;
        f.write_str(",")?;
        degrees(f, self.longitude())
    }
}

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let read = || {
            let (latitude, longitude) = text.split_once([',', '，', ';'])?;
            Self::new(millionths(latitude.trim())?, millionths(longitude.trim())?)
        };
        read().ok_or_else(|| NotAPosition(text.to_owned()))
    }
}

/// Degrees with up to six places, in millionths; more places are left out.
fn millionths(text: &str) -> Option<i32> {
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
    let (whole, places) = size.split_once('.').unwrap_or((size, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || !digits(whole) || !digits(places) {
        return None;
    }
    let places: String = places.chars().chain("000000".chars()).take(6).collect();
    Some(sign * (whole.parse::<i32>().ok()? * 1_000_000 + places.parse::<i32>().ok()?))
}

impl TryFrom<String> for Position {
    type Error = NotAPosition;

    fn try_from(text: String) -> Result<Self, NotAPosition> {
        text.parse()
    }
}

impl From<Position> for String {
    fn from(position: Position) -> Self {
        position.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_and_written() {
        for (text, written) in [
            ("31.2304,121.4737", "31.230400,121.473700"),
            ("-33.8, 151", "-33.800000,151.000000"),
            ("0,-0.0000019", "0.000000,-0.000001"),
            ("90,180", "90.000000,180.000000"),
        ] {
            assert_eq!(text.parse::<Position>().unwrap().to_string(), written);
        }
        for wrong in ["", "31", "91,0", "0,180.5", "a,b", "1e3,4", "31,121,5", "+1,2"] {
            assert_eq!(wrong.parse::<Position>(), Err(NotAPosition(wrong.into())));
        }
    }

    /// Distances of great circles, as tables give them.
    #[test]
    fn distances_are_right_within_half_a_percent() {
        for (one, other, metres) in [
            ("31.2304,121.4737", "31.2304,121.4737", 0),
            ("31.2304,121.4737", "31.1443,121.8083", 33_214),
            ("52.5200,13.4050", "52.3906,13.0645", 27_187),
            ("0,179.9", "0,-179.9", 22_239),
            ("64.1466,-21.9426", "63.9850,-22.6056", 36_982),
        ] {
            let (one, other): (Position, Position) = (one.parse().unwrap(), other.parse().unwrap());
            let found = one.metres_to(other);
            assert_eq!(found, other.metres_to(one));
            assert!(found.abs_diff(metres) * 200 <= metres, "{one} to {other}: {found} m, not {metres}");
        }
    }
}
