//! What the receiver hands over: one event of one stored frame, with everything the centre saw of its journey.

use core::fmt;

use contactid::{AccountNumber, Class, Code, EventCode, Lang, NumberIs, Qualifier, Signal};
use serde::{Deserialize, Serialize};

use crate::id::SignalId;
use crate::source::SignalSource;
use crate::time::Timestamp;
use crate::words::words;

/// What was remarkable about a frame, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks(u32);

impl Marks {
    /// Nothing remarkable.
    pub const NONE: Self = Self(0);
    /// The frame came encrypted and was opened.
    pub const ENCRYPTED: Self = Self(1);
    /// A plain frame of an account that has a key: somebody may be pretending.
    pub const PLAIN_DESPITE_KEY: Self = Self(1 << 1);
    /// Encrypted, and the key is missing or wrong.
    pub const UNDECIPHERED: Self = Self(1 << 2);
    /// Encrypted, and its clock is outside the accepted window: late, or replayed.
    pub const STALE_CLOCK: Self = Self(1 << 3);
    /// Plain, and its clock is far off.
    pub const CLOCK_OFF: Self = Self(1 << 4);
    /// Intact, and nothing in it was understood.
    pub const UNREAD: Self = Self(1 << 5);
    /// Made by the centre's own supervision of the line, not by the panel.
    pub const SUPERVISION: Self = Self(1 << 6);
    /// Typed in by a person.
    pub const MANUAL: Self = Self(1 << 7);

    const NAMES: [(Self, &'static str); 8] = [
        (Self::ENCRYPTED, "encrypted"),
        (Self::PLAIN_DESPITE_KEY, "plain-despite-key"),
        (Self::UNDECIPHERED, "undeciphered"),
        (Self::STALE_CLOCK, "stale-clock"),
        (Self::CLOCK_OFF, "clock-off"),
        (Self::UNREAD, "unread"),
        (Self::SUPERVISION, "supervision"),
        (Self::MANUAL, "manual"),
    ];

    /// The set with these bits, as a database column holds it. Bits without a name are kept.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The bits, for a database column.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Is every mark of `other` in this set?
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Could anybody have sent it who has heard the panel before, or knows its number: is it plain despite a key, not to be deciphered,
    /// or late or replayed?
    pub const fn is_doubtful(self) -> bool {
        let doubtful = Self::PLAIN_DESPITE_KEY.with(Self::UNDECIPHERED).with(Self::STALE_CLOCK);
        self.0 & doubtful.0 != 0
    }

    /// Is nothing marked?
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The stable words of the marks in the set, in the order of the bits.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(mark, _)| self.contains(*mark)).map(|(_, word)| word)
    }
}

/// The words, joined with `+`; `-` for none.
impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.words().next().is_none() {
            return f.write_str("-");
        }
        for (place, word) in self.words().enumerate() {
            if place > 0 {
                f.write_str("+")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

words! {
    /// How a person told the centre of an alarm.
    Told {
        /// They called.
        Telephone "telephone" "By telephone" "电话",
        /// They stood in the room, or at the counter.
        InPerson "in-person" "In person" "当面",
        /// By a guard's radio.
        Radio "radio" "By radio" "电台",
        /// In writing.
        Message "message" "By message" "短信",
    }
}

/// Why a person cannot report a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReportable {
    /// No list explains it.
    #[error("{0}: no list explains this code")]
    Unknown(EventCode),
    /// It tells of no alarm and no trouble: an opening, a cancel or a test is what only a panel can say.
    #[error("{0}: only an alarm or a trouble can be reported by a person, not what a panel says of itself")]
    NoAlarm(EventCode),
    /// A zone beside a code that counts users.
    #[error("{0}: this code counts users, and has no zone")]
    NoZone(EventCode),
}

impl NotReportable {
    /// The same in a language.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (_, Lang::En) => self.to_string(),
            (Self::Unknown(code), Lang::Zh) => format!("{code}：代码表中没有该代码"),
            (Self::NoAlarm(code), Lang::Zh) => {
                format!("{code}：人员只能报告报警或故障，撤布防、取消、测试等只能由主机上报")
            }
            (Self::NoZone(code), Lang::Zh) => format!("{code}：该代码后为用户编号，不能填写防区"),
        }
    }
}

/// One event as it was received: a frame that carries three events makes three reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// When the centre had the whole frame, by the centre's clock.
    pub received_at: Timestamp,
    /// The way it came, such as `dc09-tcp`.
    pub line: String,
    /// The account it names; `None` when the frame names none that can be read.
    pub account: Option<AccountNumber>,
    /// The frame's token, such as `ADM-CID`.
    pub token: String,
    /// The transmitter's sequence number.
    pub sequence: Option<u16>,
    /// Which event of the frame this is, counted from 0.
    pub part: u16,
    /// How many events the frame carries, at least 1.
    pub parts: u16,
    /// What was remarkable about the frame.
    pub marks: Marks,
    /// Digest of token and content, by which a frame sent again is recognised; 0 when there is none.
    pub content: u64,
    /// What the event says; `None` when nothing was understood.
    pub signal: Option<Signal>,
    /// Where the frame came from; `None` for what the centre itself or a person reports, and where the line does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SignalSource>,
}

impl Report {
    /// What a person heard and reports of an account, as the same thing reported by its panel would be: a code of Contact ID.
    pub fn by_person(received_at: Timestamp, account: AccountNumber, code: EventCode, text: String) -> Self {
        Self {
            received_at,
            line: "operator".into(),
            account: Some(account),
            token: "MANUAL".into(),
            sequence: None,
            part: 0,
            parts: 1,
            marks: Marks::MANUAL,
            content: 0,
            source: None,
            signal: Some(Signal { text: Some(text), ..Signal::new(Code::Cid(code), Qualifier::New) }),
        }
    }

    /// An alarm or a trouble that a person tells of, at this zone where they know it.
    ///
    /// # Errors
    /// [`NotReportable`] for what lowers or ends something, or is no alarm: nobody cancels, opens or tests by telephone.
    pub fn told_by_person(
        received_at: Timestamp,
        account: AccountNumber,
        (code, zone): (EventCode, Option<u32>),
        text: String,
    ) -> Result<Self, NotReportable> {
        if code.entry().is_none() {
            return Err(NotReportable::Unknown(code));
        }
        if !is_reportable(Code::Cid(code).class()) {
            return Err(NotReportable::NoAlarm(code));
        }
        if zone.is_some() && Code::Cid(code).number_is() == NumberIs::User {
            return Err(NotReportable::NoZone(code));
        }
        let mut report = Self::by_person(received_at, account, code, text);
        report.signal.iter_mut().for_each(|signal| signal.number = zone);
        Ok(report)
    }

    /// Did a person say so, and no panel?
    pub(crate) const fn is_by_person(&self) -> bool {
        self.marks.contains(Marks::MANUAL)
    }
}

/// Can a person tell of it who sees, hears or smells it?
const fn is_reportable(class: Class) -> bool {
    match class {
        Class::Medical
        | Class::Fire
        | Class::HoldUp
        | Class::Duress
        | Class::Burglary
        | Class::Gas
        | Class::Environment
        | Class::General
        | Class::Tamper
        | Class::MainsPower
        | Class::Battery
        | Class::System
        | Class::Sounder
        | Class::Peripheral
        | Class::Communication
        | Class::Sensor
        | Class::FireSupervisory => true,
        Class::OpenClose
        | Class::Cancel
        | Class::RemoteAccess
        | Class::Access
        | Class::Disable
        | Class::Bypass
        | Class::Test
        | Class::TestMode
        | Class::Schedule
        | Class::Personnel
        | Class::Log
        | Class::Program
        | Class::Vendor
        | Class::Other => false,
    }
}

/// A report that is durable in the signal log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Its place in the log.
    pub id: SignalId,
    /// What was received.
    pub report: Report,
}
