//! What the centre reports of itself: the same signals, by the same way, as a panel's, and of no account.

use contactid::{Code, EventCode, Qualifier, Signal};
use serde::{Deserialize, Serialize};

use crate::expect::code;
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
}

impl Default for SelfWatchLimits {
    fn default() -> Self {
        Self { priority: Priority::clamped(2), disk_free_mb: 1024, clock_step_s: 2 }
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
        let code = match self {
            Self::Storage => const { code(623) },
            Self::Clock => const { code(626) },
        };
        own(at, code, if fails { Qualifier::New } else { Qualifier::Restore }, text)
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
        signal: Some(Signal { text: Some(text), ..Signal::new(Code::Cid(code), qualifier) }),
    }
}
