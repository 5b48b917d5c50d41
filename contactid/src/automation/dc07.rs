//! SIA DC-07 as Bosch D6600 and D6100 receivers speak it to automation ("SIA mode").
//!
//! ```
//! use contactid::{Strictness, automation::dc07::{Dc07Frame, Kind}};
//! let frame = Dc07Frame::parse(b"\n3E6714E01040101[#4444|NOP]\r", Strictness::Strict)?;
//! assert_eq!((frame.kind(), frame.sequence(), frame.data()), (Kind(b'E'), 104, &b"NOP"[..]));
//! assert_eq!(frame.encode()?, b"\n3E6714E01040101[#4444|NOP]\r");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{format, vec::Vec};

use super::{iti, layout::Layout};
use crate::cid::digits::allowed;
use crate::cursor::Cursor;
use crate::{
    AccountNumber, Check, CidMessage, Code, EncodeError, Lang, OwnCode, OwnList, Qualifier, Quirks, RecordError,
    SiaMessage, Signal, Strictness, crc16_arc, text,
};

/// The letter that says what format the panel reported in; listed or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u8);

macro_rules! kinds {
    ($($name:ident $letter:literal $en:literal $zh:literal,)*) => {
        impl Kind {
            $(#[doc = concat!($en, ".")] pub const $name: Self = Self($letter);)*

            /// What the manual calls it; `None` for a letter that it does not list.
            pub const fn name(self, lang: Lang) -> Option<&'static str> {
                match (self, lang) {
                    $((Self::$name, Lang::En) => Some($en), (Self::$name, Lang::Zh) => Some($zh),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    INTERNAL b'\t' "SIA, internal and link test" "内部事件与链路测试",
    CONTACT_ID b'a' "Contact ID" "Contact ID",
    ADEMCO_4_1 b'b' "Ademco 4-1 express" "Ademco 4-1 快速",
    ADEMCO_4_2 b'c' "Ademco 4-2 express" "Ademco 4-2 快速",
    DSC_4_3 b'd' "DSC 4-3" "DSC 4-3",
    CALLER b'e' "caller ID" "来电号码",
    FSK0 b'E' "Silent Knight FSK0, FSK80" "Silent Knight FSK0、FSK80",
    HIGH_SPEED b'f' "Ademco High Speed, Scancom 4-8-1" "Ademco 高速、Scancom 4-8-1",
    FBI b'F' "FBI Super Fast" "FBI 超快速",
    SCANCOM_16 b'g' "Scancom 4-16-1" "Scancom 4-16-1",
    ITI b'I' "ITI" "ITI",
    CFSK b'i' "CFSK" "CFSK",
    ROBOFON b'j' "Robofon" "Robofon",
    SERIEE_FSK b'k' "Seriee FSK" "Seriee FSK",
    SERIEE_DTMF b'l' "Seriee DTMF" "Seriee DTMF",
    FSK1 b'm' "Silent Knight FSK1, FSK2" "Silent Knight FSK1、FSK2",
    TELIM b'n' "Telim" "Telim",
    DNIS b'N' "DNIS, ANI" "DNIS、ANI",
    SAFECOM b'p' "SafeCom" "SafeCom",
    SIA b'S' "SIA" "SIA",
    VONK b'V' "VONK" "VONK",
    VARITECH b'v' "Varitech" "Varitech",
    SESCOA b'7' "Sescoa" "Sescoa",
    ACRON b'9' "Acron Super Fast" "Acron 超快速",
}

/// One frame of DC-07.
///
/// ```text
/// LF 3E67 14 E 0104 01 01 [#4444|NOP] CR
///    │    │  │ │    │  │   │     └─ data()
///    │    │  │ │    │  │   └─────── account(), blanks before it where it is shorter than four
///    │    │  │ │    │  └─────────── line()
///    │    │  │ │    └────────────── receiver()
///    │    │  │ └─────────────────── sequence(), decimal, 1 to 9999
///    │    │  └───────────────────── kind()
///    │    └──────────────────────── length in bytes and
///    └───────────────────────────── CRC of everything from the kind to the closing bracket
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dc07Frame<'a> {
    kind: Kind,
    sequence: u16,
    receiver: [u8; 2],
    line: [u8; 2],
    account: Option<AccountNumber>,
    data: &'a [u8],
    quirks: Quirks,
}

impl<'a> Dc07Frame<'a> {
    /// A frame to be sent. Receiver and line are numbers of two digits, 0 to 99; `None` beyond, and for a sequence number
    /// that is not 1 to 9999.
    pub const fn new(
        kind: Kind,
        sequence: u16,
        receiver: u8,
        line: u8,
        account: Option<AccountNumber>,
        data: &'a [u8],
    ) -> Option<Self> {
        if sequence == 0 || sequence > 9999 || receiver > 99 || line > 99 {
            return None;
        }
        let receiver = [b'0' + receiver / 10, b'0' + receiver % 10];
        let line = [b'0' + line / 10, b'0' + line % 10];
        Some(Self { kind, sequence, receiver, line, account, data, quirks: Quirks::NONE })
    }

    /// Reads one frame, from LF to CR.
    ///
    /// # Errors
    /// [`RecordError::Check`] if CRC or length do not fit the bytes, [`RecordError::Form`] or [`RecordError::Length`] if
    /// they fit and yet there is no frame, [`RecordError::Foreign`] without LF, CR and hexadecimal digits around it.
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, RecordError> {
        let foreign = RecordError::Foreign { expected: "dc07" };
        let inside = bytes.strip_prefix(b"\n").and_then(|rest| rest.strip_suffix(b"\r")).ok_or(foreign)?;
        let (head, body) = inside.split_at_checked(6).ok_or(foreign)?;
        let (found_crc, found_length) =
            (text::hexadecimal(&head[..4]).ok_or(foreign)?, text::hexadecimal(&head[4..]).ok_or(foreign)?);
        let expected = u32::from(crc16_arc(body));
        if expected != found_crc {
            return Err(RecordError::Check { check: Check::Crc, expected, found: found_crc });
        }
        let expected = u32::try_from(body.len()).unwrap_or(u32::MAX);
        if expected != found_length {
            return Err(RecordError::Check { check: Check::Length, expected, found: found_length });
        }
        let mut quirks = Quirks::NONE;
        if head.iter().any(u8::is_ascii_lowercase) {
            quirks.add(Quirks::LOWER_CASE_HEADER);
        }
        let mut cursor = Cursor::new(bytes);
        cursor.take(7)?;
        let kind = Kind(cursor.byte()?);
        let sequence = cursor.decimal(4, "four decimal digits of sequence")?;
        let receiver = cursor.array()?;
        let line = cursor.array()?;
        cursor.fixed(b"[", "[")?;
        let inside = cursor.rest();
        let inside = inside.strip_suffix(b"\r").unwrap_or(inside);
        let inside = inside.strip_suffix(b"]").ok_or(RecordError::Form {
            expected: "]",
            at: bytes.len() - 2,
            found: inside.last().copied().unwrap_or_default(),
        })?;
        let (account, data) = match account(inside) {
            Some((account, data, usual)) => {
                if !usual {
                    quirks.add(Quirks::ODD_ACCOUNT);
                }
                (Some(account), data)
            }
            None => (None, inside),
        };
        let sequence = u16::try_from(sequence).unwrap_or_default();
        let frame = Self { kind, sequence, receiver, line, account, data, quirks };
        allowed(frame, quirks, strictness)
    }

    /// What format the panel reported in.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The receiver's running number, 1 to 9999. The host's answer carries the same.
    pub const fn sequence(&self) -> u16 {
        self.sequence
    }

    /// The receiver, two characters.
    pub fn receiver(&self) -> &str {
        text::ascii(&self.receiver).unwrap_or_default()
    }

    /// The line, two characters.
    pub fn line(&self) -> &str {
        text::ascii(&self.line).unwrap_or_default()
    }

    /// Who reports; `None` for the receiver itself.
    pub const fn account(&self) -> Option<AccountNumber> {
        self.account
    }

    /// What stands behind the account; everything between the brackets where there is none.
    pub const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Whether it only says that the link lives: the internal kind with nothing in it.
    pub const fn is_link_test(&self) -> bool {
        self.kind.0 == Kind::INTERNAL.0 && self.account.is_none() && self.data.is_empty()
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The Contact ID message of the kind `a`: `18QXYZGGCCC`.
    pub fn contact_id(&self) -> Option<CidMessage> {
        let packed = self.data.strip_prefix(b"18").filter(|_| self.kind == Kind::CONTACT_ID)?;
        CidMessage::packed(packed.trim_ascii().try_into().ok()?, 0).ok()
    }

    /// What it reports. Kinds whose content the notes do not lay out give their text as a code of no list, if it has at
    /// most four characters.
    pub fn signals(&self) -> Vec<Signal> {
        match self.kind {
            Kind::SIA | Kind::INTERNAL => {
                let message = SiaMessage::parse(self.data).unwrap_or_default();
                message.events.iter().map(|event| event.signal()).collect()
            }
            Kind::CONTACT_ID => self.contact_id().map(|message| message.signal()).into_iter().collect(),
            Kind::CALLER | Kind::DNIS => Vec::new(),
            Kind::ITI => iti::signal(Layout("GIZZEWN"), self.data).into_iter().collect(),
            Kind::ROBOFON => self.own(OwnList::Robofon),
            Kind::ADEMCO_4_1 | Kind::ADEMCO_4_2 => self.own(OwnList::Pulse),
            _ => self.own(OwnList::Other),
        }
    }

    fn own(&self, list: OwnList) -> Vec<Signal> {
        let code = OwnCode::new(list, self.data.trim_ascii());
        code.map(|code| Signal::new(Code::Own(code), Qualifier::New)).into_iter().collect()
    }

    /// The bytes of the frame, from LF to CR.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond 255 bytes, [`EncodeError::Byte`] for a byte that would end it.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        if let Some(&found) = self.data.iter().find(|byte| matches!(byte, b'\n' | b'\r' | b']')) {
            return Err(EncodeError::Byte { field: "data", found });
        }
        // Without an account, what would be read as one cannot begin the content.
        if self.account.is_none() && account(self.data).is_some() {
            return Err(EncodeError::Byte { field: "data", found: b'#' });
        }
        let mut body = Vec::with_capacity(20 + self.data.len());
        body.push(self.kind.0);
        body.extend_from_slice(format!("{:04}", self.sequence).as_bytes());
        body.extend_from_slice(&self.receiver);
        body.extend_from_slice(&self.line);
        body.push(b'[');
        if let Some(account) = self.account {
            body.extend_from_slice(format!("#{account:>4}|").as_bytes());
        }
        body.extend_from_slice(self.data);
        body.push(b']');
        if body.len() > 0xFF {
            return Err(EncodeError::TooLong { length: body.len() });
        }
        let head = format!("\n{:04X}{:02X}", crc16_arc(&body), body.len());
        Ok([head.as_bytes(), &body, b"\r"].concat())
    }
}

/// The account at the start of what stands in brackets, what stands behind it, and whether it is written as usual: in upper
/// case, blanks before it up to four characters, a bar behind it. `None` without a mark, or if it is no account.
fn account(inside: &[u8]) -> Option<(AccountNumber, &[u8], bool)> {
    let told = inside.strip_prefix(b"#")?;
    let bar = memchr::memchr(b'|', told).unwrap_or(told.len());
    let (written, rest) = told.split_at_checked(bar)?;
    let account = AccountNumber::new(written.trim_ascii()).ok()?;
    let blanks = written.len().checked_sub(account.as_str().len())?;
    let usual = blanks == 4usize.saturating_sub(account.as_str().len())
        && written.ends_with(account.as_str().as_bytes())
        && !rest.is_empty();
    Some((account, rest.get(1..).unwrap_or_default(), usual))
}

/// What a host tells a D6600.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HostCommand {
    /// `[CSThhmm]`: set the time.
    Time {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
    /// `[CSDmmddyy]`: set the date.
    Date {
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
        /// The last two digits of the year.
        year: u8,
    },
    /// `[CLKnn]`.
    Clock {
        /// 0 to 99.
        number: u8,
    },
    /// `!Thhmm` CR: set the time, outside a frame.
    ShortTime {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
}

impl HostCommand {
    /// The bytes of the command. A number of more than two digits is cut to its last two.
    pub fn encode(self) -> Vec<u8> {
        let text = match self {
            Self::Time { hour, minute } => format!("[CST{:02}{:02}]", hour % 100, minute % 100),
            Self::Date { month, day, year } => format!("[CSD{:02}{:02}{:02}]", month % 100, day % 100, year % 100),
            Self::Clock { number } => format!("[CLK{:02}]", number % 100),
            Self::ShortTime { hour, minute } => format!("!T{:02}{:02}\r", hour % 100, minute % 100),
        };
        text.into_bytes()
    }

    /// Reads a command.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] if it is none of the four, [`RecordError::Form`] at what is no digit.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let foreign = RecordError::Foreign { expected: "a host command of DC-07" };
        let inside = |start: &[u8], end: &[u8]| bytes.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
        let two = |cursor: &mut Cursor<'_>| cursor.decimal(2, "two decimal digits").map(|number| number as u8);
        if let Some(told) = inside(b"[CST", b"]") {
            let mut cursor = Cursor::new(told);
            let (hour, minute) = (two(&mut cursor)?, two(&mut cursor)?);
            cursor.end().map(|()| Self::Time { hour, minute })
        } else if let Some(told) = inside(b"[CSD", b"]") {
            let mut cursor = Cursor::new(told);
            let (month, day, year) = (two(&mut cursor)?, two(&mut cursor)?, two(&mut cursor)?);
            cursor.end().map(|()| Self::Date { month, day, year })
        } else if let Some(told) = inside(b"[CLK", b"]") {
            let mut cursor = Cursor::new(told);
            let number = two(&mut cursor)?;
            cursor.end().map(|()| Self::Clock { number })
        } else if let Some(told) = inside(b"!T", b"\r") {
            let mut cursor = Cursor::new(told);
            let (hour, minute) = (two(&mut cursor)?, two(&mut cursor)?);
            cursor.end().map(|()| Self::ShortTime { hour, minute })
        } else {
            Err(foreign)
        }
    }
}
