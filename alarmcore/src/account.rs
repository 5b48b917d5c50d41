//! An account as the desk sees it: its card, and the state that all its signals add up to.

mod apply;
mod copies;
mod hidden;
mod pace;
mod paths;
mod right;
mod seen;
mod trips;
mod unseen;
mod wanted;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use contactid::{AccountNumber, Class, Code, Qualifier, Signal};
use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

pub use hidden::{Hidden, Logged};
pub use pace::Pace;
pub(crate) use paths::Technology;
pub use right::UserRight;
pub use seen::{Seen, Turned};
pub use trips::Trips;
pub(crate) use trips::{is_confirmed_by_panel, is_intrusion};
pub use unseen::UnseenTrips;
pub use wanted::Wanted;

use crate::expect::Expected;
use crate::expectation::Expectation;
use crate::id::{ContactId, SignalId};
use crate::lowered::Lowering;
use crate::pack::Features;
use crate::report::{Marks, Received, Report};
use crate::restore::Place;
use crate::schedule::Schedule;
use crate::source::Sources;
use crate::storm::Areas;
use crate::time::Timestamp;
use crate::unit::Position;

/// What the desk needs of an account's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCard {
    /// The number it reports under.
    pub account: AccountNumber,
    /// How often its line is heard at least, in seconds; `None` for a line that is not supervised.
    pub heartbeat_s: Option<u32>,
    /// How often its panel reports a test, in seconds; `None` for a panel of which none is expected.
    #[serde(default)]
    pub test_interval_s: Option<u32>,
    /// When its people come and go; `None` when it has no hours. Shared, so that a card is cheap to clone.
    #[serde(default)]
    pub schedule: Option<Arc<Schedule>>,
    /// How long a mains loss waits for its restore, in seconds, where it differs from the policy.
    pub mains_wait_s: Option<u32>,
    /// The site that it belongs to, by name: several accounts may be of one, and share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<Arc<String>>,
    /// What the site has that rules ask for.
    #[serde(default, skip_serializing_if = "Features::is_empty")]
    pub features: Features,
    /// The users of its panel who may cancel an alarm; `None` when no such list is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_users: Option<Arc<BTreeSet<u32>>>,
    /// The users of its panel, with what each may do; empty where no list is kept.
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub user_rights: ThinVec<UserRight>,
    /// From where its signals may come; `None` when no such list is kept. Shared, as its hours are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Arc<Sources>>,
    /// Who of its call list may say that it is closed later than its hours; where nobody may, nobody is asked.
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub late_closers: ThinVec<ContactId>,
    /// What else is expected of it: rounds of guards, people who come and go, people who are alone. Shared, as its hours are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectations: Option<Arc<Vec<Expectation>>>,
    /// Where the site is, where that is known: units travel to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Since when its address is what it is, where it was ever said or changed: whoever was sent before that drives elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_since: Option<Timestamp>,
    /// What lowers its protection by agreement, as two people have said; those that are over may be among them.
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub lowerings: ThinVec<Lowering>,
    /// The district, the carrier and the kind of site, which it shares with other accounts.
    #[serde(flatten)]
    pub areas: Areas,
}

impl AccountCard {
    /// A card that differs in nothing from the policy and is not supervised.
    pub fn new(account: AccountNumber) -> Self {
        Self {
            account,
            heartbeat_s: None,
            test_interval_s: None,
            schedule: None,
            mains_wait_s: None,
            site: None,
            features: Features::NONE,
            cancel_users: None,
            user_rights: ThinVec::new(),
            sources: None,
            late_closers: ThinVec::new(),
            expectations: None,
            position: None,
            address_since: None,
            lowerings: ThinVec::new(),
            areas: Areas::NONE,
        }
    }
}

/// How an account stands: the fold of all its signals, and nothing else but [what its card looks for](AccountState::look_for). Its lists are empty most of the time, so they are
/// of a kind that takes the room of a pointer then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountState {
    /// The account.
    pub account: AccountNumber,
    /// Armed or disarmed, by group, in the order of the groups.
    pub areas: Vec<AreaState>,
    /// Zones in alarm, oldest first.
    pub alarms: ThinVec<Standing>,
    /// Zones left out of protection, oldest first.
    pub bypassed: ThinVec<Standing>,
    /// Troubles, oldest first.
    pub troubles: ThinVec<Standing>,
    /// Since when a test of the installation has been running.
    pub test_mode_since: Option<Timestamp>,
    /// Since when its line has been silent: the centre's own supervision says so.
    pub silent_since: Option<Timestamp>,
    /// What else was expected of it and has not come, oldest first: the centre's own reports of it.
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub missed: ThinVec<Standing>,
    /// The signal by which the centre's supervision said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_signal: Option<SignalId>,
    /// The last signal of any kind that the panel sent.
    pub last_signal: Option<Heard>,
    /// The last test report.
    pub last_test: Option<Heard>,
    /// The last frames, by which one sent again is recognised. At most [`AccountState::RECENT`].
    pub recent: VecDeque<Recent>,
    /// How many signals it ever sent; frames sent again do not count.
    #[serde(default)]
    pub signals: u64,
    /// How fast its signals follow one another; frames sent again do not count.
    #[serde(default, skip_serializing_if = "Pace::is_empty")]
    pub pace: Pace,
    /// The zones set off since their area was last opened or closed, the last one last. At most [`AccountState::TRIPS`].
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub trips: ThinVec<Trips>,
    /// When a path last failed, as the panel or the centre's own supervision says; it may be back since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_failed_at: Option<Timestamp>,
    /// When each of its other events was heard last. At most [`AccountState::SEEN`].
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub seen: ThinVec<Seen>,
    /// What the expectations of its card look for, and when each was heard last. At most three for each of
    /// [`Expectation::MAX`](crate::Expectation::MAX).
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub wanted: ThinVec<Wanted>,
}

/// Whether a group is armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaState {
    /// The group; `None` where the panel names none.
    pub group: Option<u16>,
    /// How it stands.
    pub arming: Arming,
    /// The user who did it, where the panel says.
    pub by: Option<u32>,
    /// Since when.
    pub since: Timestamp,
    /// The last time that it was turned the other way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Turned>,
}

crate::words::words! {
    /// How a group is armed.
    Arming {
        /// Disarmed, open.
        Disarmed "disarmed" "Disarmed" "撤防",
        /// Armed in part: somebody stays inside.
        Part "part" "Armed in part" "留守布防",
        /// Armed, closed.
        Armed "armed" "Armed" "布防",
    }
}

/// Something that began and has not ended: an alarm, a bypass, a trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The code that reported it.
    pub code: Code,
    /// Its class.
    pub class: Class,
    /// The group.
    pub group: Option<u16>,
    /// The zone, or whatever the code's number counts.
    pub number: Option<u32>,
    /// The user behind it, where the panel says.
    pub by: Option<u32>,
    /// Since when.
    pub since: Timestamp,
    /// The signal that reported it first.
    pub signal: SignalId,
    /// The last that reported it again; `None` while there was one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Heard>,
}

impl Standing {
    pub(crate) const fn place(&self) -> Place {
        Place { code: self.code, group: self.group, number: self.number }
    }

    /// The last signal that reported it, as far as it is known here.
    pub(crate) fn received(&self, account: AccountNumber) -> Received {
        let Heard { signal: id, at } = self.last();
        let (group, number) = (self.group, self.number);
        let signal = Signal { group, number, ..Signal::new(self.code, Qualifier::New) };
        let (line, token) = ("centre".into(), String::new());
        let report = Report {
            received_at: at,
            line,
            account: Some(account),
            token,
            sequence: None,
            part: 0,
            parts: 1,
            marks: Marks::NONE,
            content: 0,
            source: None,
            signal: Some(signal),
        };
        Received { id, report }
    }

    pub(crate) fn last(&self) -> Heard {
        self.again.unwrap_or(Heard { signal: self.signal, at: self.since })
    }
}

/// A signal, and when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The signal.
    pub signal: SignalId,
    /// When it was received.
    pub at: Timestamp,
}

/// A frame that was seen lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Digest of its token and content.
    pub content: u64,
    /// Its sequence number.
    pub sequence: u16,
    /// Which event of the frame.
    pub part: u16,
    /// The signal that it was first.
    pub signal: SignalId,
    /// When it was last seen.
    pub at: Timestamp,
    /// How long before that it was seen first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gone_ms: u32,
    /// Digest of what it says, whichever path it came; 0 when it says nothing.
    #[serde(default)]
    pub event: u32,
    /// Digest of its line.
    #[serde(default)]
    pub line: u16,
    /// It has a copy from a second path, or is one.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub copied: bool,
}

const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl AccountCard {
    /// What it expects besides tests and hours.
    pub(crate) fn expectations(&self) -> &[Expectation] {
        self.expectations.as_ref().map(|all| all.as_slice()).unwrap_or_default()
    }
}

impl AccountState {
    /// How many alarms, bypasses or troubles are kept each; beyond it the oldest goes.
    pub const STANDING: usize = 256;

    /// An account that has never been heard.
    pub fn new(account: AccountNumber) -> Self {
        Self {
            account,
            areas: Vec::new(),
            alarms: ThinVec::new(),
            bypassed: ThinVec::new(),
            troubles: ThinVec::new(),
            test_mode_since: None,
            silent_since: None,
            missed: ThinVec::new(),
            silent_signal: None,
            last_signal: None,
            last_test: None,
            recent: VecDeque::new(),
            signals: 0,
            pace: Pace::default(),
            trips: ThinVec::new(),
            path_failed_at: None,
            seen: ThinVec::new(),
            wanted: ThinVec::new(),
        }
    }

    /// What was reported from this moment on and has not ended: alarms, then troubles, then
    /// what the centre itself misses.
    pub(crate) fn standing_since(&self, from: Timestamp) -> Vec<Standing> {
        self.standing().filter(|standing| standing.last().at >= from).collect()
    }

    /// The same, whenever it was reported.
    pub(crate) fn standing(&self) -> impl Iterator<Item = Standing> {
        let silent = Code::Cid(Expected::SILENT);
        let silent = self.silent_signal.zip(self.silent_since).map(|(signal, since)| Standing {
            code: silent,
            class: silent.class(),
            group: None,
            number: None,
            by: None,
            since,
            signal,
            again: None,
        });
        self.alarms.iter().chain(&self.troubles).chain(&self.missed).copied().chain(silent)
    }

    /// Since when the panel has been running on its battery.
    pub fn on_battery_since(&self) -> Option<Timestamp> {
        self.troubles.iter().find(|trouble| trouble.class == Class::MainsPower).map(|trouble| trouble.since)
    }

    /// Since when a battery has been low.
    pub fn battery_low_since(&self) -> Option<Timestamp> {
        self.troubles.iter().find(|trouble| trouble.class == Class::Battery).map(|trouble| trouble.since)
    }

    /// When a battery that lasts so many hours will be empty; `None` on mains.
    pub fn battery_until(&self, hours: u32) -> Option<Timestamp> {
        self.on_battery_since().map(|since| since.plus_secs(hours.saturating_mul(3600)))
    }
}
