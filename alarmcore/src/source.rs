//! Where a signal came from: the address of whoever sent it, or the number that called; and what an account's card allows of it.

mod told;

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::str::FromStr;

use contactid::Lang;
use serde::{Deserialize, Serialize};

pub use told::{ToldSources, source_told};

/// Where a signal came from. Written as an address, or as digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SignalSource {
    /// The address of whoever sent it; the port says nothing of who that is.
    Address(IpAddr),
    /// The number that called.
    Caller(Caller),
}

impl SignalSource {
    /// Who a peer is, as lines name their peers: an address with or without a port, or the digits of a number. `None` for whatever
    /// else a line may write there: of that nothing can be said.
    ///
    /// ```
    /// use alarmcore::SignalSource;
    ///
    /// let told = |peer| SignalSource::of_peer(peer).map(|source| source.to_string());
    /// assert_eq!(told("192.0.2.7:40112").as_deref(), Some("192.0.2.7"));
    /// assert_eq!(told("[::ffff:192.0.2.7]:40112").as_deref(), Some("192.0.2.7"));
    /// assert_eq!(told("+86 571 5550123").as_deref(), Some("865715550123"));
    /// assert_eq!(told("operator"), None);
    /// ```
    pub fn of_peer(peer: &str) -> Option<Self> {
        let address = || peer.parse::<SocketAddr>().map(|socket| socket.ip()).or_else(|_| peer.parse::<IpAddr>());
        // Numbers have neither points nor colons: most peers need no second look.
        match peer.bytes().any(|byte| matches!(byte, b'.' | b':')) {
            true => address().ok().map(|address| Self::Address(address.to_canonical())),
            false => Caller::read(peer).map(Self::Caller),
        }
    }
}

impl fmt::Display for SignalSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Caller(caller) => caller.fmt(f),
        }
    }
}

/// A text that names no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address nor a telephone number")]
pub struct NotASource(pub String);

impl TryFrom<String> for SignalSource {
    type Error = NotASource;

    fn try_from(text: String) -> Result<Self, NotASource> {
        Self::of_peer(&text).ok_or(NotASource(text))
    }
}

impl From<SignalSource> for String {
    fn from(source: SignalSource) -> Self {
        source.to_string()
    }
}

/// The number that called, by its digits without leading zeros: how much of country and area a line says differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Caller(u64);

impl Caller {
    /// The most digits that a number has: E.164.
    const DIGITS: usize = 15;
    /// Numbers are the same when one ends with the other, and that has so many digits: with or without country and area.
    const ENOUGH: u32 = 7;

    /// The number of these digits; blanks, hyphens and a plus before them are passed over.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix('+').unwrap_or(text);
        let digits: String = digits.chars().filter(|sign| !matches!(sign, ' ' | '-')).collect();
        let digits = digits.trim_start_matches('0');
        let is_number =
            !digits.is_empty() && digits.len() <= Self::DIGITS && digits.bytes().all(|d| d.is_ascii_digit());
        is_number.then(|| digits.parse().ok().map(Self)).flatten()
    }

    /// Is it the same number, with more or less of country and area?
    pub fn is(self, other: Self) -> bool {
        let (long, short) = (self.0.max(other.0), self.0.min(other.0));
        let digits = short.checked_ilog10().map_or(1, |log| log + 1);
        long == short || digits >= Self::ENOUGH && long % 10_u64.pow(digits) == short
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// From where the signals of an account may come: addresses, networks and numbers that call. Whatever is not among them is strange.
///
/// ```
/// use alarmcore::{SignalSource, Sources};
///
/// let sources: Sources = "192.0.2.0/24; 2001:db8::7, 13900000001".parse()?;
/// assert_eq!(sources.to_string(), "192.0.2.0/24, 2001:db8::7, 13900000001");
/// let allowed = |peer| sources.allows(SignalSource::of_peer(peer).unwrap());
/// assert!(allowed("192.0.2.7:40112") && allowed("[2001:db8::7]:1") && allowed("+8613900000001"));
/// assert!(!allowed("198.51.100.1:40112") && !allowed("13900000002"));
/// # Ok::<(), alarmcore::SourcesError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sources(Vec<Allowed>);

/// What a list allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowed {
    /// The addresses whose first bits are those.
    Network(IpAddr, u8),
    /// This number.
    Caller(Caller),
}

/// Why a text is no list of sources.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Lang::En))]
pub enum SourcesError {
    /// Not an address, a network or a number.
    SignalSource(String),
    /// Not how many bits a network has, or bits beyond them.
    Bits {
        /// What was found.
        found: String,
        /// How many bits an address of this kind has.
        max: u8,
    },
    /// No entry.
    Empty,
    /// More than a card takes.
    TooMany(usize),
}

impl SourcesError {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::SignalSource(found), Lang::En) => format!(
                "expected an address such as 192.0.2.7, a network such as 192.0.2.0/24 or a telephone number, found {found:?}"
            ),
            (Self::SignalSource(found), Lang::Zh) => {
                format!("应为地址（如 192.0.2.7）、网段（如 192.0.2.0/24）或电话号码，现为 {found:?}")
            }
            (Self::Bits { found, max }, Lang::En) => {
                format!("{found:?}: expected 0 to {max} bits after the slash, and none of the address beyond them")
            }
            (Self::Bits { found, max }, Lang::Zh) => {
                format!("{found:?}：斜线后应为 0 至 {max}，且地址在该位数之后应全为零")
            }
            (Self::Empty, Lang::En) => "no entry".into(),
            (Self::Empty, Lang::Zh) => "没有任何条目".into(),
            (Self::TooMany(found), Lang::En) => format!("{found} entries: a card takes {}", Sources::MAX),
            (Self::TooMany(found), Lang::Zh) => format!("共 {found} 条，一份档案最多 {} 条", Sources::MAX),
        }
    }
}

impl Sources {
    /// How many entries a card takes.
    pub const MAX: usize = 64;

    /// May a signal come from there?
    pub fn allows(&self, source: SignalSource) -> bool {
        self.0.iter().any(|allowed| match (allowed, source) {
            (Allowed::Network(network, bits), SignalSource::Address(address)) => within(address, *network, *bits),
            (Allowed::Caller(number), SignalSource::Caller(caller)) => number.is(caller),
            (Allowed::Network(..), SignalSource::Caller(_)) | (Allowed::Caller(_), SignalSource::Address(_)) => false,
        })
    }
}

/// The address as a number, and how many bits it has.
fn bits_of(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

fn within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let ((address, width), (network, of)) = (bits_of(address), bits_of(network));
    let rest = |number: u128| number.checked_shr(u32::from(width - bits)).unwrap_or(0);
    width == of && rest(address) == rest(network)
}

fn read(entry: &str) -> Result<Allowed, SourcesError> {
    let wrong = || SourcesError::SignalSource(entry.to_owned());
    let (address, bits) = entry.split_once('/').map_or((entry, None), |(address, bits)| (address, Some(bits)));
    let Ok(network) = address.trim().parse::<IpAddr>() else {
        return Caller::read(entry).filter(|_| bits.is_none()).map(Allowed::Caller).ok_or_else(wrong);
    };
    // An address of version 4 within one of version 6 stands for itself; a network of such does not.
    let network = if bits.is_none() { network.to_canonical() } else { network };
    let (number, max) = bits_of(network);
    let fits = |bits: &u8| *bits <= max && number.checked_shl(u32::from(128 - max + *bits)).unwrap_or(0) == 0;
    let bits = bits.map_or(Some(max), |bits| bits.trim().parse::<u8>().ok().filter(fits));
    let bits = bits.ok_or_else(|| SourcesError::Bits { found: entry.to_owned(), max })?;
    Ok(Allowed::Network(network, bits))
}

impl FromStr for Sources {
    type Err = SourcesError;

    /// Entries parted by commas, semicolons or line ends.
    fn from_str(text: &str) -> Result<Self, SourcesError> {
        let entries = text.split([',', ';', '\n', '，', '；', '、']).map(str::trim).filter(|entry| !entry.is_empty());
        let all: Vec<Allowed> = entries.map(read).collect::<Result<_, _>>()?;
        match all.len() {
            0 => Err(SourcesError::Empty),
            found if found > Self::MAX => Err(SourcesError::TooMany(found)),
            _ => Ok(Self(all)),
        }
    }
}

/// The list that it is read from.
impl fmt::Display for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, allowed)| {
            f.write_str(if place == 0 { "" } else { ", " })?;
            match allowed {
                Allowed::Network(address, bits) if *bits == bits_of(*address).1 => address.fmt(f),
                Allowed::Network(address, bits) => write!(f, "{address}/{bits}"),
                Allowed::Caller(caller) => caller.fmt(f),
            }
        })
    }
}

impl TryFrom<String> for Sources {
    type Error = SourcesError;

    fn try_from(text: String) -> Result<Self, SourcesError> {
        text.parse()
    }
}

impl From<Sources> for String {
    fn from(sources: Sources) -> Self {
        sources.to_string()
    }
}
