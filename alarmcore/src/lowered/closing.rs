//! `LateClosing`: a group that was not closed in time, what its people were asked about it, and what they answered.

use serde::{Deserialize, Serialize};

use super::{Lowered, LoweredEvent, LoweredRefusal};
use crate::account::AccountCard;
use crate::id::{ContactId, OperatorId, SignalId};
use crate::incident::written;
use crate::policy::LateCloseRules;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What whoever was asked answers about a site that is not closed in time.
    ClosingAnswer {
        /// It is closed later.
        Extend "extend" "Closes later" "延后布防",
        /// It is not closed before its next hours, nor asked about for as long as the rules let this hold.
        NotToday "not-today" "Does not close today" "今日不布防",
        /// The centre is to arm it: an operator sees to it.
        Arm "arm" "Asks the centre to arm" "请中心代为布防",
    }
}

words! {
    /// How far the question about a late closing has come.
    ClosingStage {
        /// Somebody was asked.
        Asked "asked" "Customer asked" "已询问用户",
        /// It is to be closed later.
        Extended "extended" "Closes later, as the customer says" "用户答复延后布防",
        /// It is not closed before its next hours.
        NotToday "not-today" "Does not close today, as the customer says" "用户答复今日不布防",
    }
}

words! {
    /// What ended the waiting for a late closing.
    ClosingEnd {
        /// It was closed.
        Closed "closed" "Closed" "已布防",
        /// Nobody answered in time.
        Unanswered "unanswered" "No answer in time" "超时未答复",
        /// It was still open when the time was over that it was extended to, and nobody is asked once more.
        StillOpen "still-open" "Still open after the extended time" "延后时间已到仍未布防",
        /// Somebody answered who may not.
        Stranger "stranger" "Answered by somebody who may not" "答复人无权答复",
        /// The question could not be sent.
        Unsent "unsent" "The question could not be sent" "询问未能发出",
        /// Its next hours have begun.
        NextHours "next-hours" "The next hours have begun" "下一营业时段已开始",
    }
}

/// A group that is late to close, from the question to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateClosing {
    /// The signal by which the centre missed the closing: what the question is known by.
    pub signal: SignalId,
    /// Which group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u16>,
    /// Since when the closing is missing.
    pub since: Timestamp,
    /// How far it has come.
    pub stage: ClosingStage,
    /// Until when the answer, the closing, or the next hours are awaited.
    pub until: Timestamp,
    /// How often it was extended.
    #[serde(default)]
    pub extended: u32,
    /// The numbers of the answers that were heard; at most [`LateClosing::HEARD`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<String>,
}

impl LateClosing {
    /// How many numbers of answers are remembered; beyond it the oldest goes.
    pub const HEARD: usize = 16;

    /// What is recorded when its time is over while its signal waits: it is asked once more, an operator sees it, or hours that have
    /// begun ask nobody to close.
    pub(crate) fn over(&self, rules: &LateCloseRules, in_hours: bool, at: Timestamp) -> LoweredEvent {
        let &Self { signal, group, since, .. } = self;
        let end = match self.stage {
            ClosingStage::NotToday if in_hours => ClosingEnd::NextHours,
            ClosingStage::Extended if self.extended >= rules.extensions => ClosingEnd::StillOpen,
            ClosingStage::Extended | ClosingStage::NotToday => {
                let until = at.plus_secs(rules.answer_within_s.max(1));
                return LoweredEvent::ClosingAsked { signal, group, since, until };
            }
            ClosingStage::Asked => ClosingEnd::Unanswered,
        };
        LoweredEvent::ClosingOver { signal, end, contact: None, message: None, note: None }
    }
}

impl Lowered {
    /// The late closing that this signal reported, where it is not over.
    pub fn closing(&self, signal: SignalId) -> Option<&LateClosing> {
        self.closings.iter().find(|closing| closing.signal == signal)
    }
}

/// What was said to a question about a late closing.
pub(crate) struct Answered<'a> {
    pub(crate) at: Timestamp,
    pub(crate) by: OperatorId,
    pub(crate) signal: SignalId,
    pub(crate) answer: ClosingAnswer,
    pub(crate) minutes: Option<u32>,
    pub(crate) contact: ContactId,
    pub(crate) message: &'a Option<String>,
    pub(crate) note: &'a Option<String>,
}

/// What an answer makes of a late closing. By machine, the answer of somebody who may not answer ends the waiting, and an
/// operator sees it; a person at the desk is told instead.
pub(crate) fn answered(
    lowered: Option<&Lowered>,
    card: &AccountCard,
    rules: &LateCloseRules,
    said: &Answered<'_>,
) -> Result<LoweredEvent, LoweredRefusal> {
    let &Answered { at, by, signal, answer, minutes, contact, message, note } = said;
    let closing = lowered.and_then(|lowered| lowered.closing(signal));
    let closing = closing.ok_or(LoweredRefusal::NotAsked { signal })?;
    if message.as_ref().is_some_and(|message| closing.heard.contains(message)) {
        return Err(LoweredRefusal::AlreadyHeard);
    }
    // Whoever thinks better of it is heard: what else they may say makes the site safer.
    if closing.stage == ClosingStage::NotToday && answer == ClosingAnswer::NotToday {
        return Err(LoweredRefusal::AlreadyAnswered);
    }
    let (message, note) = (message.clone(), written(note));
    if !card.late_closers.contains(&contact) {
        if by != OperatorId::OUTSIDE {
            return Err(LoweredRefusal::MayNotAnswer { contact });
        }
        let end = ClosingEnd::Stranger;
        return Ok(LoweredEvent::ClosingOver { signal, end, contact: Some(contact), message, note });
    }
    let until = match answer {
        ClosingAnswer::Extend => {
            let most = rules.extend_max_s / 60;
            if closing.extended >= rules.extensions {
                return Err(LoweredRefusal::NoMoreExtensions { most: rules.extensions });
            }
            let minutes = minutes.filter(|minutes| (1..=most).contains(minutes));
            Some(at.plus_secs(minutes.ok_or(LoweredRefusal::NotSoLong { most })?.saturating_mul(60)))
        }
        ClosingAnswer::NotToday => {
            let most = at.plus_secs(rules.not_today_s.max(1));
            Some(next_hours_of(card, closing.group, at).map_or(most, |next| next.min(most)))
        }
        ClosingAnswer::Arm => None,
    };
    Ok(LoweredEvent::ClosingAnswered { signal, answer, contact, until, message, note })
}

/// When the next hours of a group begin, where any are known.
fn next_hours_of(card: &AccountCard, group: Option<u16>, at: Timestamp) -> Option<Timestamp> {
    let around = card.schedule.as_ref().and_then(|schedule| schedule.around(group, at));
    around.and_then(|around| around.next).map(|next| next.opens)
}
