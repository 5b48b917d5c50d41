//! What the centre reports of itself: the same signals, by the same way, as a panel's, and of no account.

use contactid::{Code, EventCode, Qualifier, Signal};
use serde::{Deserialize, Serialize};

use crate::expect::code;
use crate::incident::{Family, Missing, Rank};
use crate::policy::EscalationStep;
use crate::queue::Priority;
use crate::report::{Marks, Report};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// A part of the centre that is watched.
    Part {
        /// The room on the disk that holds its files.
        Storage "storage" "Disk space" "磁盘空间",
        /// The clock by which it dates what it receives.
        Clock "clock" "Clock" "时钟",
        /// The newest copy of its files.
        Backup "backup" "Backup" "备份",
        /// The certificates that its console shows, and that the other ends of its ways out show.
        Certificate "certificate" "Certificates" "证书",
        /// The ways out to authorities, customers and staff.
        Way "way" "Ways out" "对外通道",
        /// The desk itself, which decides what is stored.
        Desk "desk" "Desk" "接警处理",
        /// The door for panels: whom it turns away cannot report.
        Reception "reception" "Reception" "信号接收",
        /// The records in its files, as they were written.
        Store "store" "Stored records" "存储记录",
    }
}

/// When the centre reports a fault of its own, and how urgent that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SelfWatchLimits {
    /// Priority of the incident. Default 2: while it stands, alarms may be lost.
    pub priority: Priority,
    /// Less free room than so many megabytes is a fault; 0 for never. Default 1024 (a number of our own).
    pub disk_free_mb: u32,
    /// A clock that is set by more than so many seconds is a fault; 0 for never. Default 2 (a number of our own).
    pub clock_step_s: u32,
    /// A newest copy of the files that is older than so many hours is a fault, where the centre is told where its copies are;
    /// 0 for never. Default 26: a day, and time to make it (a number of our own).
    pub backup_age_h: u32,
    /// A certificate that is valid for less than so many days is a fault; 0 for never. Default 14 (a number of our own).
    pub certificate_days: u32,
    /// So many attempts of a way out that failed in a row are a fault; 0 for never. Default 3 (a number of our own).
    pub way_failures: u32,
    /// A message that is owed to a way out for more than so many seconds is a fault; 0 for never. Default 300 (a number of our
    /// own).
    pub way_owed_s: u32,
    /// A stored signal that is not disposed of after so many seconds is a fault of the desk, and so is a desk that does nothing
    /// for so long; 0 for never. Default 30 (a number of our own).
    pub undecided_s: u32,
    /// The files are inspected at the start and so many hours after the last time; 0 for never. Default 24.
    pub inspect_every_h: u32,
    /// The shift lead is called when nobody takes the incident for so many seconds. Default 0: at once.
    pub lead_after_s: u32,
}

impl Default for SelfWatchLimits {
    fn default() -> Self {
        Self {
            priority: Priority::clamped(2),
            disk_free_mb: 1024,
            clock_step_s: 2,
            backup_age_h: 26,
            certificate_days: 14,
            way_failures: 3,
            way_owed_s: 300,
            undecided_s: 30,
            inspect_every_h: 24,
            lead_after_s: 0,
        }
    }
}

impl SelfWatchLimits {
    /// When the shift lead is called to an incident of the centre's own.
    pub(crate) const fn lead(&self) -> EscalationStep {
        EscalationStep::new(Family::Service, Missing::Take, self.lead_after_s, Rank::Supervisor)
    }
}

impl Part {
    /// The report that this part fails, or that it works again: the codes of Contact ID for what is alike in a panel.
    ///
    /// ```
    /// use alarmcore::{Part, Timestamp};
    ///
    /// let report = Part::Clock.report(Timestamp::default(), true, "set forward by 61 s".into());
    /// assert_eq!(report.signal.unwrap().code.to_string(), "626");
    /// ```
    pub fn report(self, at: Timestamp, fails: bool, text: String) -> Report {
        own(at, self.code(), if fails { Qualifier::New } else { Qualifier::Restore }, text)
    }

    const fn code(self) -> EventCode {
        match self {
            Self::Storage => const { code(623) },
            Self::Clock => const { code(626) },
            Self::Backup => const { code(330) },
            Self::Certificate => const { code(616) },
            Self::Way => const { code(354) },
            Self::Desk => const { code(300) },
            Self::Reception => const { code(350) },
            Self::Store => const { code(307) },
        }
    }

    /// The part that a report of the centre's own is about; `None` for the daily look.
    ///
    /// ```
    /// use alarmcore::{Part, Timestamp};
    ///
    /// let report = Part::Desk.report(Timestamp::default(), true, "stands".into());
    /// assert_eq!(Part::of(&report.signal.unwrap().code), Some(Part::Desk));
    /// ```
    pub fn of(reported: &Code) -> Option<Self> {
        let Code::Cid(reported) = reported else { return None };
        Self::ALL.iter().copied().find(|part| part.code() == *reported)
    }

    /// The report that the centre has looked at itself, as it does once a day (the daily test and clock check of GB 50440):
    /// logged, and nobody is called.
    pub fn checked(at: Timestamp, text: String) -> Report {
        own(at, const { code(602) }, Qualifier::New, text)
    }
}

fn own(received_at: Timestamp, code: EventCode, qualifier: Qualifier, text: String) -> Report {
    Report {
        received_at,
        line: "centre".into(),
        account: None,
        token: "SUPERVISION".into(),
        sequence: None,
        part: 0,
        parts: 1,
        marks: Marks::SUPERVISION,
        content: 0,
        source: None,
        signal: Some(Signal { text: Some(text), ..Signal::new(Code::Cid(code), qualifier) }),
    }
}
