//! Control and program blocks: what a receiver asks a panel to do, and what it tells of it (DC-03, functions `C` and `P`).

use alloc::borrow::Cow;
use core::fmt;

use crate::{Lang, SiaCode, text};

/// One command of a control or program block: code, object, value.
///
/// ```text
/// SA1*1
/// │ │ └─ value: 1 armed. Without it, a query
/// │ └─── object: area 1
/// └───── code: area
/// ```
///
/// The same two letters mean something else in an event block: `SA` is a sprinkler alarm there.
///
/// ```
/// use contactid::{Lang, sia::Control};
/// let arm = Control::parse(b"SA1*1").unwrap();
/// assert_eq!((arm.control_name(Lang::En), arm.object, arm.value), (Some("area"), "1", Some("1")));
/// assert_eq!(arm.to_string(), "SA1*1");
/// assert!(Control::parse(b"SA91").unwrap().is_query());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Control<'a> {
    /// What it is about.
    pub code: SiaCode,
    /// Which of them; empty for none.
    pub object: &'a str,
    /// The state that it is to take, or has.
    pub value: Option<&'a str>,
    /// Text between carets.
    pub text: Option<Cow<'a, str>>,
}

impl<'a> Control<'a> {
    /// Reads one packet; `None` unless two upper-case letters begin it, then printable characters.
    pub fn parse(packet: &'a [u8]) -> Option<Self> {
        let (&[first, second], behind) = packet.split_first_chunk()?;
        let code = SiaCode::new([first, second])?;
        let caret = memchr::memchr(b'^', behind).unwrap_or(behind.len());
        let (written, words) = behind.split_at(caret);
        let written = text::ascii(written)?;
        let (object, value) = match written.split_once('*') {
            Some((object, value)) => (object, Some(value)),
            None => (written, None),
        };
        let words = words.strip_prefix(b"^").map(|words| words.strip_suffix(b"^").unwrap_or(words));
        Some(Self { code, object, value, text: words.map(text::decode) })
    }

    /// Whether it asks for a state and sets none.
    pub const fn is_query(&self) -> bool {
        self.value.is_none()
    }

    /// What the code is about in a control block (`C`); `None` for one that is not listed.
    pub fn control_name(&self, lang: Lang) -> Option<&'static str> {
        name(CONTROLS, self.code, lang)
    }

    /// What the code is about in a program block (`P`); `None` for one that is not listed.
    pub fn program_name(&self, lang: Lang) -> Option<&'static str> {
        name(PROGRAMS, self.code, lang)
    }
}

impl fmt::Display for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.code, self.object)?;
        if let Some(value) = self.value {
            write!(f, "*{value}")?;
        }
        match &self.text {
            Some(text) => write!(f, "^{text}^"),
            None => Ok(()),
        }
    }
}

/// The commands of a control or program block; what cannot be read is passed over.
///
/// ```
/// use contactid::sia;
/// let read: Vec<_> = sia::controls(b"SA1*1/SB1012*0").map(|command| command.to_string()).collect();
/// assert_eq!(read, ["SA1*1", "SB1012*0"]);
/// ```
pub fn controls(written: &[u8]) -> impl Iterator<Item = Control<'_>> {
    written.split(|&byte| byte == b'/').filter_map(Control::parse)
}

type Named = (&'static [u8; 2], &'static str, &'static str);

fn name(list: &[Named], code: SiaCode, lang: Lang) -> Option<&'static str> {
    let (_, en, zh) = list.iter().find(|(letters, ..)| **letters == code.letters())?;
    Some(match lang {
        Lang::En => en,
        Lang::Zh => zh,
    })
}

/// The list of DC-03, and `ZS`, which Galaxy panels have beside it.
const CONTROLS: &[Named] = &[
    (b"SA", "area", "分区"),
    (b"SB", "bypass", "旁路"),
    (b"OP", "pulse output", "脉冲输出"),
    (b"OR", "output", "输出"),
    (b"SS", "sounder", "警号"),
    (b"SW", "warning", "警告"),
    (b"LN", "listen-in on", "开始监听"),
    (b"LK", "listen-in off", "结束监听"),
    (b"TP", "trap account for programming", "截留账号以编程"),
    (b"TC", "cancel the trap", "取消截留"),
    (b"ZS", "zone states", "防区状态"),
];

/// The list of DC-03. What parts the codes of one kind from each other is not established.
const PROGRAMS: &[Named] = &[
    (b"AA", "schedule", "时间表"),
    (b"AD", "schedule", "时间表"),
    (b"CA", "schedule", "时间表"),
    (b"CB", "schedule", "时间表"),
    (b"CX", "schedule", "时间表"),
    (b"OA", "schedule", "时间表"),
    (b"OB", "schedule", "时间表"),
    (b"OX", "schedule", "时间表"),
    (b"DS", "time", "时间"),
    (b"RO", "time", "时间"),
    (b"RT", "time", "时间"),
    (b"EI", "delay", "延时"),
    (b"EO", "delay", "延时"),
    (b"PH", "station", "中心"),
    (b"TI", "station", "中心"),
    (b"TT", "station", "中心"),
    (b"UC", "code", "密码"),
    (b"UX", "code", "密码"),
];
