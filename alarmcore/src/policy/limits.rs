//! The numbers of the rules that look at more than one signal: runaway panels, swingers,
//! confirmed intrusions, intrusions soon after a user came or went,
//! what does not restore.

use serde::{Deserialize, Serialize};

use crate::account::AccountState;
use crate::incident::Rank;
use crate::queue::Priority;
use crate::time::Timestamp;

/// When a panel runs away: what it says from then on is logged only, life safety excepted, until it has been silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunawayLimits {
    /// So many signals of one account without a silence make a runaway; 0 for never. Default 30.
    pub signals: u32,
    /// How long a silence is, in seconds, at most [`Pace::LONGEST_S`](crate::Pace::LONGEST_S): it ends a run. Default
    /// 1800.
    pub silence_s: u32,
    /// Priority of the incident. Default 3.
    pub priority: Priority,
    /// Within how many seconds somebody is to have it repaired: a follow-up, one of each run; 0 for none. Default 86400: a day (a
    /// number of our own).
    pub repair_within_s: u32,
    /// Who is to. Default a supervisor, who sends a technician.
    pub repair_by: Rank,
}

impl Default for RunawayLimits {
    fn default() -> Self {
        Self {
            signals: 30,
            silence_s: 30 * 60,
            priority: Priority::clamped(3),
            repair_within_s: 24 * 3600,
            repair_by: Rank::Supervisor,
        }
    }
}

/// When the alarms of a zone are logged only: too many trips since its area was armed. Opening or closing the area resets
/// it; hold-up, fire and other life-safety zones are exempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SwingerLimits {
    /// So many trips of one zone are shown; 0 for all. Default 2, which is said to be the default of panels made after CP-01
    /// (unverified).
    pub trips: u32,
    /// A zone that was quiet for so long is shown again, in seconds. Default 86400: a day (a number of our own).
    pub rest_s: u32,
}

impl Default for SwingerLimits {
    fn default() -> Self {
        Self { trips: 2, rest_s: 24 * 3600 }
    }
}

/// How many zones confirm an intrusion: 2 to 32, as many as are remembered of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "u8")]
pub struct ZoneCount(u8);

/// The number is not 2 to 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("2 to 32 zones confirm an intrusion, not {0}")]
pub struct NotAZoneCount(pub i64);

impl ZoneCount {
    /// The least: a second zone confirms the first.
    pub const TWO: Self = Self(2);

    /// The number, 2 to 32.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for ZoneCount {
    type Error = NotAZoneCount;

    fn try_from(number: i64) -> Result<Self, NotAZoneCount> {
        let most = AccountState::TRIPS;
        let fits = |count: &u8| *count >= Self::TWO.0 && usize::from(*count) <= most;
        u8::try_from(number).ok().filter(fits).map(Self).ok_or(NotAZoneCount(number))
    }
}

impl From<ZoneCount> for u8 {
    fn from(count: ZoneCount) -> Self {
        count.0
    }
}

/// What turns one alarm of an intrusion into a confirmed one: further zones, a second trip or a failing path within a time.
/// The times of standards are unverified; the panel's own word that an intrusion is confirmed always counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfirmLimits {
    /// Within how many seconds every further sign must come; 0 for never. Default 1800: the half hour of the Spanish rule.
    pub within_s: u32,
    /// So many different zones confirm. Default 2; the Spanish rule asks for three.
    pub zones: ZoneCount,
    /// Does the same zone count that restored and was set off again? Default no: so does a defective detector.
    pub two_trips: bool,
    /// Does the failing of a path count beside an alarm, before or after it? One that still fails does so however long ago it began;
    /// what a storm has cut never does. Default yes.
    pub path_fault: bool,
    /// Does a path count that failed in the set period of the alarm, since its area was closed, whatever the time? Where no opening or
    /// closing is known the time decides. Default no: the time.
    pub set_period: bool,
    /// Are two paths of different technologies that fail within the time an alarm by themselves, and a confirmed one? Not where
    /// all areas are known to be open, and not in a storm. Default no.
    pub two_paths: bool,
    /// More than so many seconds after a hold-up another signal of a hold-up confirms it; 0 for never. It is evidence: a hold-up is
    /// shown at once, and may be handed off at once, in any case. Default 0.
    pub hold_up_apart_s: u32,
    /// How urgent a confirmed intrusion is at least. Default 2, as burglary: life safety stays first.
    pub priority: Priority,
    /// How urgent an intrusion is at most until it is confirmed; nothing for as urgent as any. Default nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unconfirmed: Option<Priority>,
}

impl ConfirmLimits {
    /// Does what was so earlier count beside what is so now?
    pub(crate) fn counts(&self, earlier: Timestamp, at: Timestamp) -> bool {
        self.within_s > 0 && at.secs_since(earlier) <= i64::from(self.within_s)
    }
}

impl Default for ConfirmLimits {
    fn default() -> Self {
        Self {
            within_s: 30 * 60,
            zones: ZoneCount::TWO,
            two_trips: false,
            path_fault: true,
            set_period: false,
            two_paths: false,
            hold_up_apart_s: 0,
            priority: Priority::clamped(2),
            unconfirmed: None,
        }
    }
}

/// What is done with an intrusion soon after an opening or a closing, which is most likely a user's own doing. Life safety
/// is exempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecentLimits {
    /// For how long after an opening that names its user, in seconds; 0 for never. Default 300 (a number of our own).
    pub opening_s: u32,
    /// For how long after a closing, in seconds; 0 for never. Default 90: a panel's usual exit delay of 60 s and half a minute
    /// for its report (unverified).
    pub closing_s: u32,
    /// How long before a closing that names its user, in seconds; 0 for never. Default 90: a panel reports what is set off on the
    /// way out before it reports the closing (unverified). It has been shown by then, and is never logged.
    pub before_closing_s: u32,
    /// How urgent it is at most. Default 5.
    pub priority: Priority,
    /// Is it logged instead, unless an alarm of the account is open? Default no.
    pub log: bool,
}

impl Default for RecentLimits {
    fn default() -> Self {
        Self { opening_s: 300, closing_s: 90, before_closing_s: 90, priority: Priority::clamped(5), log: false }
    }
}

/// When the desk reminds an operator, once, of a zone or trouble that still stood when its incident was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnrestoredLimits {
    /// So many seconds after the closing; 0 for never. Default 0, because many panels report no restores: every alarm of
    /// theirs would come back.
    pub within_s: u32,
    /// Priority of the incident. Default 6.
    pub priority: Priority,
}

impl Default for UnrestoredLimits {
    fn default() -> Self {
        Self { within_s: 0, priority: Priority::clamped(6) }
    }
}

/// What a cancel at the panel does to an open alarm, where the account's card lists the users who may cancel. It is evidence:
/// it ends nothing, and life safety is exempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CancelLimits {
    /// For how many seconds after an alarm of an intrusion was received the cancel of a user on the list lowers it; 0 for
    /// never. Default 300: the cancel window of panels made after CP-01 is said to be five minutes at least (unverified).
    pub within_s: u32,
    /// How urgent it is then at most. Default 5.
    pub priority: Priority,
    /// How urgent an alarm is at least that somebody cancels who is not on the list. Default 1: somebody may be forced to.
    pub stranger: Priority,
}

impl Default for CancelLimits {
    fn default() -> Self {
        Self { within_s: 300, priority: Priority::clamped(5), stranger: Priority::LIFE_SAFETY }
    }
}
