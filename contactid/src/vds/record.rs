//! The records inside a frame.

use alloc::{format, string::String, vec::Vec};

use crate::{AccountNumber, Code, Lang, OwnCode, OwnList, Qualifier, Signal};

/// What a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u8);

macro_rules! kinds {
    ($($name:ident $number:literal $en:literal $zh:literal,)*) => {
        impl Kind {
            $(#[doc = concat!($en, ".")] pub const $name: Self = Self($number);)*

            /// What it is called; `None` for a number that is not listed.
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
    PRIORITY 0x01 "priority" "优先级",
    MESSAGE_ACKNOWLEDGED 0x02 "message, to be acknowledged" "需确认的报文",
    ACKNOWLEDGEMENT 0x03 "acknowledgement" "确认",
    MESSAGE 0x04 "message, not acknowledged" "无需确认的报文",
    QUERY 0x10 "query" "查询",
    ERROR 0x11 "error" "错误",
    STATUS 0x20 "status" "状态",
    BLOCK_STATUS_24 0x24 "block status" "成组状态",
    BLOCK_STATUS_25 0x25 "block status" "成组状态",
    BLOCK_STATUS_26 0x26 "block status" "成组状态",
    MEASURED 0x30 "measured value" "测量值",
    GPS 0x35 "position" "位置",
    TEST 0x40 "test" "测试",
    TEST_ANSWER 0x41 "test answer" "测试应答",
    SECURITY_CODE 0x42 "security code" "安全码",
    TIME 0x50 "date and time" "日期时间",
    MANUFACTURER 0x51 "manufacturer" "制造商",
    TEXT 0x54 "text" "文本",
    SUPPORTED 0x55 "supported record types" "支持的记录类型",
    IDENT 0x56 "ident" "识别号",
    FEATURES 0x59 "features" "设备特征",
    NETWORK 0x60 "network state" "网络状态",
    TRANSPORT 0x61 "transport" "传输通道",
    COUNTER 0x73 "telegram counter" "报文计数",
    DONE 0xFF "connection done" "连接结束",
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VdsRecord<'a> {
    /// What it says.
    pub kind: Kind,
    /// What it carries, at most 255 bytes.
    pub bytes: &'a [u8],
}

/// The records in these bytes, each with its length and type before it.
pub(super) fn all(bytes: &[u8]) -> impl Iterator<Item = VdsRecord<'_>> {
    let mut left = bytes;
    core::iter::from_fn(move || {
        let [length, kind, rest @ ..] = left else { return None };
        let (bytes, behind) = rest.split_at_checked(usize::from(*length))?;
        left = behind;
        Some(VdsRecord { kind: Kind(*kind), bytes })
    })
}

/// Whether these bytes are records to the end.
pub(super) fn are_whole(bytes: &[u8]) -> bool {
    all(bytes).map(|record| 2 + record.bytes.len()).sum::<usize>() == bytes.len()
}

/// Whether these bytes are a list of records that a frame can carry: whole, at least one, at most 255 bytes.
pub(super) fn are_sendable(bytes: &[u8]) -> bool {
    (1..=255).contains(&bytes.len()) && are_whole(bytes)
}

impl<'a> VdsRecord<'a> {
    /// Appends the record with its length and type; beyond 255 bytes, what goes beyond is left out.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        let bytes = self.bytes.get(..255).unwrap_or(self.bytes);
        out.extend_from_slice(&[bytes.len() as u8, self.kind.0]);
        out.extend_from_slice(bytes);
    }

    /// The record that acknowledges this message: the same bytes under type 03. `None` if it asks for none.
    pub fn acknowledgement(&self) -> Option<VdsRecord<'a>> {
        (self.kind == Kind::MESSAGE_ACKNOWLEDGED).then_some(VdsRecord { kind: Kind::ACKNOWLEDGEMENT, ..*self })
    }

    /// The message in a record of type 02, 03, 04 or 20; `None` for other types and fewer than five bytes.
    pub fn message(&self) -> Option<VdsMessage> {
        let carries = matches!(self.kind, Kind::MESSAGE_ACKNOWLEDGED | Kind::MESSAGE | Kind::STATUS);
        let [place, address, extra, kind, event] = *self.bytes.get(..5).filter(|_| carries)? else { return None };
        Some(VdsMessage { device: place >> 4, area: place & 15, address, extra, kind, event })
    }

    /// The ident in a record of type 56.
    pub fn ident(&self) -> Option<AccountNumber> {
        (self.kind == Kind::IDENT).then(|| ident(self.bytes)).flatten()
    }

    /// The text in a record of type 54 or 51: ISO 8859-1, in which every byte is its own character.
    pub fn text(&self) -> Option<String> {
        let carries = matches!(self.kind, Kind::TEXT | Kind::MANUFACTURER);
        carries.then(|| self.bytes.iter().map(|&byte| char::from(byte)).collect())
    }

    /// The moment in a record of type 50, `2025-07-03 12:34:56`, by the panel's clock. It need be none of the calendar.
    pub fn time(&self) -> Option<String> {
        let [year, century, month, day, hour, minute, second] = *self.bytes else { return None };
        let told = format!("{century:02}{year:02}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
        (self.kind == Kind::TIME).then_some(told)
    }

    /// Why the other side refuses, in a record of type 11: the last byte (unverified that it is the last).
    pub fn error(&self) -> Option<VdsError> {
        self.bytes.last().copied().map(VdsError).filter(|_| self.kind == Kind::ERROR)
    }

    /// The transport in a record of type 61: `10` is an analogue fixed line, `80` mobile, `90` TCP/IP, in hexadecimal.
    pub fn transport(&self) -> Option<u8> {
        self.bytes.first().copied().filter(|_| self.kind == Kind::TRANSPORT)
    }
}

/// An ident's digits: two a byte, the lower half first, F where there is none.
pub fn ident(bytes: &[u8]) -> Option<AccountNumber> {
    let digits: Vec<u8> = bytes
        .iter()
        .take(AccountNumber::MAX / 2)
        .flat_map(|byte| [byte & 15, byte >> 4])
        .filter(|&digit| digit != 15)
        .map(|digit| if digit < 10 { b'0' + digit } else { b'A' + digit - 10 })
        .collect();
    AccountNumber::new(&digits).ok()
}

/// The bytes of an ident; `None` for an account with anything else than digits 0 to 9 and A to E.
pub fn ident_record(account: AccountNumber) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = account
        .as_str()
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).filter(|&digit| digit < 15))
        .collect();
    Some(digits?.chunks(2).map(|pair| pair[0] | pair.get(1).copied().unwrap_or(15) << 4).collect())
}

/// A message: what happened where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VdsMessage {
    /// The device, 0 to 15.
    pub device: u8,
    /// The area, 0 to 15.
    pub area: u8,
    /// The address within it.
    pub address: u8,
    /// What the address goes on with.
    pub extra: u8,
    /// 1 input, 2 output, 10 (hexadecimal) fault.
    pub kind: u8,
    /// The event; 128 and more say that the event of the number less 128 is over.
    pub event: u8,
}

impl VdsMessage {
    /// The word for the kind of address; `None` for a number that is not listed.
    pub const fn kind_name(&self) -> Option<&'static str> {
        match self.kind {
            1 => Some("input"),
            2 => Some("output"),
            0x10 => Some("fault"),
            _ => None,
        }
    }

    /// Whether it began or is over.
    pub const fn qualifier(&self) -> Qualifier {
        if self.event < 128 { Qualifier::New } else { Qualifier::Restore }
    }

    /// The bytes of the message.
    pub const fn encode(&self) -> [u8; 5] {
        [self.device << 4 | self.area & 15, self.address, self.extra, self.kind, self.event]
    }

    /// The message as an event.
    pub fn signal(&self) -> Option<Signal> {
        let code = OwnCode::new(OwnList::Vds, format!("{}", self.event & 127).as_bytes())?;
        Some(Signal {
            group: Some(u16::from(self.area)).filter(|&area| area > 0),
            number: Some(u32::from(self.address)).filter(|&address| address > 0),
            peripheral: Some(u32::from(self.device)).filter(|&device| device > 0),
            ..Signal::new(Code::Own(code), self.qualifier())
        })
    }
}

/// Why a record was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VdsError(pub u8);

impl VdsError {
    /// What the number says; `None` for one that is not listed.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0x01 => "unknown",
            0x02 => "cannot be done",
            0x03 => "negative",
            0x04 => "wrong code",
            0x10 => "address",
            0x18 => "function",
            0x20 => "range",
            0x80 => "checksum",
            _ => return None,
        })
    }
}
