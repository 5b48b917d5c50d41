//! `Signal`: what one event of a report says, whatever protocol carried it.

use alloc::{borrow::Cow, format, string::String};
use core::{fmt, str::FromStr};

use crate::{Class, EventCode, Lang, NumberIs, OwnCode, Qualifier, SiaCode};

/// An event code of one of the two lists, or of a format with codes of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Three digits of Contact ID (SIA DC-05).
    Cid(EventCode),
    /// Two letters of SIA (SIA DC-03).
    Sia(SiaCode),
    /// A code of another format, as it came.
    Own(OwnCode),
}

/// The text is neither three digits, nor two upper-case letters, nor a list and its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event code is three digits (130), two upper-case letters (BA), or a list with its code (vds:34)")]
pub struct CodeError;

impl Code {
    /// The kind of event; [`Class::Other`] for a code that no list explains.
    pub fn class(self) -> Class {
        match self {
            Self::Cid(code) => code.entry().map_or(Class::Other, |entry| entry.class),
            Self::Sia(code) => code.entry().map_or(Class::Other, |entry| entry.class),
            Self::Own(code) => code.entry().map_or(Class::Other, |entry| entry.class),
        }
    }

    /// What the number beside the code counts; a zone for a code that no list explains.
    pub fn number_is(self) -> NumberIs {
        match self {
            Self::Cid(code) => code.entry().map_or(NumberIs::Zone, |entry| entry.number_is),
            Self::Sia(code) => code.entry().map_or(NumberIs::Zone, |entry| entry.number_is),
            Self::Own(code) => code.entry().map_or(NumberIs::Zone, |entry| entry.number_is),
        }
    }

    /// The name of the code itself, as of a new event; `None` for a code that no list explains.
    pub fn name(self, lang: Lang) -> Option<&'static str> {
        match self {
            Self::Cid(code) => code.entry().map(|entry| entry.name(lang)),
            Self::Sia(code) => code.entry().map(|entry| entry.name(lang)),
            Self::Own(code) => code.entry().map(|entry| entry.name(lang)),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cid(code) => code.fmt(f),
            Self::Sia(code) => code.fmt(f),
            Self::Own(code) => code.fmt(f),
        }
    }
}

impl FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        match *text.as_bytes() {
            [a, b, c] => EventCode::from_digits([a, b, c]).map(Self::Cid),
            [a, b] => SiaCode::new([a, b]).map(Self::Sia),
            _ => text.parse().ok().map(Self::Own),
        }
        .ok_or(CodeError)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One event of a report.
///
/// A report of Contact ID carries one, a report of SIA may carry several. Fields that the panel did not send are `None`,
/// and so are a Contact ID group 00 and number 000, which mean "none" (DC-05).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Signal {
    /// What happened.
    pub code: Code,
    /// Whether it began, ended or still is. For [`Class::OpenClose`], new is opening and restore is closing.
    pub qualifier: Qualifier,
    /// Group, partition or area.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub group: Option<u16>,
    /// Zone, user or whatever [`Signal::number_is`] says, read as a decimal number.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub number: Option<u32>,
    /// The number as the panel wrote it, where that says more than its decimal reading: a SIA address (hexadecimal by
    /// DC-03, ranges, leading zeros), or Contact ID digits beyond 9.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub address: Option<String>,
    /// The user that SIA names beside the event (modifier `id`).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub user: Option<u32>,
    /// The peripheral device that SIA names beside the event (modifier `pi`).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub peripheral: Option<u32>,
    /// When it happened by the panel's clock, as the panel wrote it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub device_time: Option<String>,
    /// Text that the panel sent with the event.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub text: Option<String>,
}

impl Signal {
    /// A signal that says no more than what happened.
    pub const fn new(code: Code, qualifier: Qualifier) -> Self {
        Self {
            code,
            qualifier,
            group: None,
            number: None,
            address: None,
            user: None,
            peripheral: None,
            device_time: None,
            text: None,
        }
    }

    /// The kind of event; [`Class::Other`] for a code that no list explains.
    pub fn class(&self) -> Class {
        self.code.class()
    }

    /// What the number counts.
    pub fn number_is(&self) -> NumberIs {
        self.code.number_is()
    }

    /// The user that it names: in a field of its own, or by its number where that counts users; `None` where it names none.
    ///
    /// ```
    /// use contactid::{Code, EventCode, Qualifier, Signal};
    ///
    /// let closed = Code::Cid(EventCode::new(401).unwrap());
    /// let signal = Signal { number: Some(3), ..Signal::new(closed, Qualifier::Restore) };
    /// assert_eq!(signal.named_user(), Some(3));
    /// ```
    pub fn named_user(&self) -> Option<u32> {
        self.user.or(self.number.filter(|_| self.number_is() == NumberIs::User))
    }

    /// The group as the wire spells it: `01`, and `00` for none, in Contact ID; `1`, and nothing for none, elsewhere.
    pub fn group_text(&self) -> String {
        match (self.code, self.group) {
            (Code::Cid(_), group) => format!("{:02}", group.unwrap_or(0)),
            (Code::Sia(_) | Code::Own(_), Some(group)) => format!("{group}"),
            (Code::Sia(_) | Code::Own(_), None) => String::new(),
        }
    }

    /// The number as the wire spells it: `015`, and `000` for none, in Contact ID; the address as written elsewhere.
    pub fn number_text(&self) -> String {
        match (self.code, &self.address, self.number) {
            (_, Some(address), _) => address.clone(),
            (Code::Cid(_), None, number) => format!("{:03}", number.unwrap_or(0)),
            (Code::Sia(_) | Code::Own(_), None, Some(number)) => format!("{number}"),
            (Code::Sia(_) | Code::Own(_), None, None) => String::new(),
        }
    }

    /// What a person reads: the code's name, and what the qualifier makes of it.
    pub fn name(&self, lang: Lang) -> Cow<'static, str> {
        let Some(name) = self.code.name(lang) else {
            return Cow::Owned(match lang {
                Lang::En => format!("unknown code {}", self.code),
                Lang::Zh => format!("未知代码 {}", self.code),
            });
        };
        // A SIA code says by itself whether something began or ended, and so do most codes of other lists.
        let restored = match self.code {
            Code::Own(code) if code.tells_qualifier() => return Cow::Borrowed(name),
            Code::Sia(_) => return Cow::Borrowed(name),
            Code::Cid(code) => code.entry().and_then(|entry| entry.restore_name(lang)),
            Code::Own(_) => None,
        };
        match self.qualifier {
            Qualifier::New => Cow::Borrowed(name),
            Qualifier::Restore => match restored {
                Some(restored) => Cow::Borrowed(restored),
                None => Cow::Owned(match lang {
                    Lang::En => format!("{name} restored"),
                    Lang::Zh => format!("{name}恢复"),
                }),
            },
            Qualifier::Status => Cow::Owned(match lang {
                Lang::En => format!("{name} still present"),
                Lang::Zh => format!("{name}仍存在"),
            }),
        }
    }
}
