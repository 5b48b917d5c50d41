//! The closed vocabularies of a storm.

use crate::words::words;

words! {
    /// Where a storm stands.
    StormState {
        /// A rule declared it: it groups, and waits for a person to say that this is right.
        Declared "declared" "Declared by a rule, to be confirmed" "规则触发,待确认",
        /// A person confirmed or declared it, and it goes on.
        Confirmed "confirmed" "Confirmed" "已确认",
        /// It groups no more; what it grouped is being caught up on.
        Calm "calm" "Catching up" "善后中",
        /// A person dismissed it.
        Dismissed "dismissed" "Dismissed" "已否决",
        /// It ended.
        Ended "ended" "Ended" "已结束",
    }
}

words! {
    /// What somebody who was called in says.
    StaffAnswer {
        /// They come.
        Coming "coming" "Coming" "前来",
        /// They do not.
        NotComing "not-coming" "Not coming" "不能前来",
        /// The call did not reach them.
        Unreached "unreached" "Not reached" "未能通知",
    }
}

words! {
    /// How a line of the ledger was caught up on.
    CaughtUp {
        /// It restored.
        Restored "restored" "Restored" "已恢复",
        /// A repair is ordered.
        Ordered "ordered" "Repair ordered" "已报修",
        /// A person looked at it and accepts it.
        Accepted "accepted" "Accepted by a person" "人工确认",
        /// The storm was dismissed, and an incident of its own shows it.
        Shown "shown" "Shown by itself" "已单独显示",
    }
}
