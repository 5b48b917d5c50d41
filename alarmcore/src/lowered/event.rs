//! What happened to the lowered protection of an account: the facts its journal keeps for ever.

use std::sync::Arc;

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use super::{ClosingAnswer, ClosingEnd, LoweredThing, Lowering};
use crate::event::events;
use crate::follow_up::Assignee;
use crate::id::{ContactId, FollowUpId, IncidentId, OperatorId, SignalId};
use crate::time::Timestamp;

/// One line of the journal of an account's lowered protection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoweredRecord {
    /// The account: one stream of the journal.
    pub account: AccountNumber,
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` when the time did.
    pub by: Option<OperatorId>,
    /// What happened.
    pub event: LoweredEvent,
}

events! {
    enum LoweredEventKind of LoweredEvent: "What happened to the lowered protection of an account.";
    /// A suspension, log-only agreement or recurring test is in force from now on.
    Began "began" "In force" "开始生效" {
        /// Which, as the card says it.
        lowering: Lowering,
    }
    /// It ends soon.
    Warned "warned" "Ends soon" "即将到期" {
        /// Its number on the card.
        number: u32,
        /// When.
        until: Timestamp,
    }
    /// It is over.
    Ended "ended" "Over" "到期结束" {
        /// Its number on the card.
        number: u32,
    }
    /// The hours of a recurring test have come: it is put on test.
    Recurred "recurred" "Recurring test begins" "定期测试开始" {
        /// Its number on the card.
        number: u32,
        /// When its hours are over.
        until: Timestamp,
    }
    /// The hours of a recurring test have come, and it is on test already: this time there is none of its own.
    PassedOver "passed-over" "Recurring test passed over, on test already" "已在测试中,本次定期测试略过" {
        /// Its number on the card.
        number: u32,
        /// When its hours are over.
        until: Timestamp,
    }
    /// A row of the board was given to somebody.
    Assigned "assigned" "Assigned" "指派" {
        /// Which row.
        thing: LoweredThing,
        /// To whom.
        to: Assignee,
        ;
        /// What is to be done.
        note,
    }
    /// It is nobody's own any more.
    Unassigned "unassigned" "No longer assigned" "撤销指派" {
        /// Which row.
        thing: LoweredThing,
        ;
        /// Why.
        note,
    }
    /// A group was not closed in time, and its people are asked.
    ClosingAsked "closing-asked" "Asked about the late closing" "询问逾时未布防" {
        /// The signal by which it was missed.
        signal: SignalId,
        /// Which group.
        group: Option<u16>,
        /// Since when the closing is missing.
        since: Timestamp,
        /// By when they are to answer.
        until: Timestamp,
    }
    /// Somebody answered who may.
    ClosingAnswered "closing-answered" "Answered about the late closing" "用户答复逾时未布防" {
        /// The signal by which it was missed.
        signal: SignalId,
        /// What was said.
        answer: ClosingAnswer,
        /// By whom.
        contact: ContactId,
        /// Until when nobody waits for the closing.
        until: Option<Timestamp>,
        /// The number of the message that it came by.
        message: Option<String>,
        ;
        /// Their words.
        note,
    }
    /// The waiting for a late closing is over.
    ClosingOver "closing-over" "No longer waiting for the late closing" "结束等待逾时布防" {
        /// The signal by which it was missed.
        signal: SignalId,
        /// What ended it.
        end: ClosingEnd,
        /// Who answered and may not.
        contact: Option<ContactId>,
        /// The number of the message that it came by.
        message: Option<String>,
        ;
        /// Their words, or why it could not be sent.
        note,
    }
    /// Its panel has said too much, or runs on though people have closed the incident of that.
    RanAway "ran-away" "Panel runs away" "主机频繁上报" {
        /// The incident that tells of it.
        incident: IncidentId,
        /// The repair order that came of it.
        order: Option<FollowUpId>,
    }
    /// Rules of the policy hold no longer that logged or held what still stood then: that is shown.
    OverrideOver "override-over" "Rules that hid something hold no longer" "隐藏信号的规则已失效" {
        /// The override, by [its name](crate::Override::name); `centre` for the centre's own rules.
        name: Arc<str>,
        /// When they ended: what was reported before is shown once.
        until: Timestamp,
    }
    /// It is silent again, or on test.
    RunOver "run-over" "Panel runs away no more" "主机不再频繁上报" {}
}
