//! Parts of the rules: any of the keys of one table of the policy, in place of what the centre says.

use serde::{Deserialize, Serialize};

use crate::policy::{ConfirmLimits, RecentLimits, RunawayLimits, SwingerLimits, UnrestoredLimits, ZoneCount};
use crate::queue::Priority;
use crate::schedule::{Irregular, ScheduleRules};
use crate::test_session::TestLimits;

macro_rules! parts {
    ($($part:ident of $whole:ident { $($key:ident: $kind:ty,)* })*) => {$(
        #[doc = concat!("Any of [`", stringify!($whole), "`].")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $part {
            $(
                #[doc = concat!("In place of [`", stringify!($whole), "::", stringify!($key), "`].")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $key: Option<$kind>,
            )*
        }

        impl $part {
            pub(super) fn is_empty(&self) -> bool {
                *self == Self::default()
            }

            pub(super) fn apply(self, whole: &mut $whole) {
                $(if let Some(value) = self.$key { whole.$key = value.into(); })*
            }
        }
    )*};
}

parts! {
    RunawayPart of RunawayLimits { signals: u32, silence_s: u32, priority: Priority, }
    SwingerPart of SwingerLimits { trips: u32, rest_s: u32, }
    ConfirmPart of ConfirmLimits {
        within_s: u32, zones: ZoneCount, two_trips: bool, path_fault: bool, two_paths: bool, hold_up_apart_s: u32,
        priority: Priority, unconfirmed: Priority,
    }
    RecentPart of RecentLimits {
        opening_s: u32, closing_s: u32, before_closing_s: u32, priority: Priority, log: bool,
    }
    UnrestoredPart of UnrestoredLimits { within_s: u32, priority: Priority, }
    SchedulePart of ScheduleRules {
        unexpected_open: Irregular, user_open: Irregular, open_again: Irregular, early_open: Irregular, early_open_s: u32,
        late_open: Irregular, early_close: Irregular, late_close: Irregular,
    }
    TestPart of TestLimits { default_s: u32, operator_max_s: u32, supervisor_max_s: u32, warn_before_s: u32, }
}
