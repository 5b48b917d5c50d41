//! Parts of the rules: any of the keys of one table of the policy, in place of what the centre says.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::expect::{ExpectationRules, TestBy};
use crate::incident::Rank;
use crate::policy::{
    AnswerTimes, ArrivalLimits, AvsRules, CancelLimits, ConfirmLimits, Exemption, HandOffLimits, HoldLimits,
    LateCloseRules, PoliceCalls, RecentLimits, RestLimits, RunawayLimits, SwingerLimits, UnrestoredLimits, VerifyRules,
    ZoneCount,
};
use crate::queue::Priority;
use crate::schedule::{Irregular, ScheduleRules};
use crate::test_session::TestLimits;

/// After the keys of a table, those that are tables themselves: of these, too, any of the keys.
macro_rules! parts {
    ($($part:ident of $whole:ident { $($key:ident: $kind:ty,)* $(; $($table:ident: $inner:ident,)*)? })*) => {$(
        #[doc = concat!("Any of [`", stringify!($whole), "`].")]
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $part {
            $(
                #[doc = concat!("In place of [`", stringify!($whole), "::", stringify!($key), "`].")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $key: Option<$kind>,
            )*
            $($(
                #[doc = concat!("Of [`", stringify!($whole), "::", stringify!($table), "`].")]
                #[serde(skip_serializing_if = "is_default")]
                pub $table: $inner,
            )*)?
        }

        impl $part {
            pub(super) fn apply(&self, whole: &mut $whole) {
                $(if let Some(value) = &self.$key { whole.$key = Clone::clone(value).into(); })*
                $($(self.$table.apply(&mut whole.$table);)*)?
            }
        }
    )*};
}

parts! {
    RunawayPart of RunawayLimits {
        signals: u32, silence_s: u32, priority: Priority, repair_within_s: u32, repair_by: Rank,
    }
    SwingerPart of SwingerLimits { trips: u32, rest_s: u32, }
    ConfirmPart of ConfirmLimits {
        within_s: u32, zones: ZoneCount, two_trips: bool, path_fault: bool, set_period: bool, two_paths: bool,
        hold_up_apart_s: u32, priority: Priority, unconfirmed: Priority,
    }
    RecentPart of RecentLimits {
        opening_s: u32, closing_s: u32, before_closing_s: u32, priority: Priority, log: bool,
    }
    CancelPart of CancelLimits { within_s: u32, priority: Priority, stranger: Priority, }
    UnrestoredPart of UnrestoredLimits { within_s: u32, priority: Priority, }
    HoldPart of HoldLimits { life_safety_s: u32, alarm_s: u32, service_s: u32, }
    TestPart of TestLimits { default_s: u32, operator_max_s: u32, supervisor_max_s: u32, warn_before_s: u32, }
    ExpectPart of ExpectationRules { heartbeats_missed: u32, test_by: TestBy, test_tolerance_s: u32, late_again_s: u32, outside_close_s: u32, }
    SchedulePart of ScheduleRules {
        unexpected_open: Irregular, user_open: Irregular, expired_user: Irregular, unlisted_user: Irregular,
        open_again: Irregular, early_open: Irregular, early_open_s: u32, late_open: Irregular, early_close: Irregular, late_close: Irregular,
    }
    LateClosePart of LateCloseRules { answer_within_s: u32, extend_max_s: u32, extensions: u32, not_today_s: u32, }
    PoliceCallsPart of PoliceCalls { calls: u32, numbers: u32, exempt: BTreeSet<Exemption>, }
    VerifyPart of VerifyRules { ; police: PoliceCallsPart, }
    AnswerPart of AnswerTimes { police: u32, fire: u32, ambulance: u32, insurer: u32, }
    ArrivalPart of ArrivalLimits { within_s: u32, margin_s: u32, on_scene_s: u32, guard_s: u32, }
    RestPart of RestLimits { life_safety_s: u32, alarm_s: u32, service_s: u32, settled_s: u32, }
    AvsPart of AvsRules { enabled: bool, }
    HandOffPart of HandOffLimits { fire_within_s: u32, follow_s: u32, ; answer_s: AnswerPart, }
}
