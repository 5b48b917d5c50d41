//! One hand-off to an authority: what was asked, how they answered, and the one end it comes to.
//!
//! The states follow the Automated Secure Alarm Protocol (APCO/TMA 2.101.3), in words of our own:
//!
//! ```text
//! asked ──▶ delivered ──▶ accepted ──▶ dispatched ──▶ on scene
//!   │           │             │             │             │
//!   └─▶ failed  └─▶ rejected ─┴─ cancelled ─┴─ closed ────┴─ left with them
//! ```
//!
//! What could not be delivered as far as we know they may have all the same: whoever answers has it.
//!
//! An answer that moves on may leave steps out, because the ones between may be lost. One that would move back, or comes after
//! the end, is written down and changes nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::words::Authority;
use super::{Incident, IncidentEvent, Standing};
use crate::follow_up::FollowUpReason;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// Where a hand-off stands.
    HandOffState {
        /// Asked for; whether they have it is not known.
        Asked "asked" "Asked" "已发出",
        /// They have it, and have not answered.
        Delivered "delivered" "Delivered, not answered" "已送达,未答复",
        /// They take it.
        Accepted "accepted" "Accepted" "已受理",
        /// They have sent somebody.
        Dispatched "dispatched" "Dispatched" "已派警",
        /// Somebody of theirs is on the scene.
        OnScene "on-scene" "On scene" "已到场",
        /// They do not take it. An end.
        Rejected "rejected" "Rejected" "被拒绝",
        /// It could not be delivered. An end.
        Failed "failed" "Not delivered" "无法送达",
        /// Withdrawn by us, and they agree. An end.
        Cancelled "cancelled" "Cancelled" "已撤销",
        /// They have closed it. An end.
        Closed "closed" "Closed by them" "对方已结案",
        /// Our incident is over and they have it; nothing more is expected. An end.
        Left "left" "Left with them" "已交由对方",
    }
}

impl HandOffState {
    /// Is it an end?
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Rejected | Self::Failed | Self::Cancelled | Self::Closed | Self::Left)
    }
}

words! {
    /// What an authority says to a hand-off.
    Answer {
        /// They take it.
        Accepted "accepted" "Accepted" "受理",
        /// They do not take it.
        Rejected "rejected" "Rejected" "拒绝",
        /// They have sent somebody.
        Dispatched "dispatched" "Dispatched" "已派警",
        /// Somebody of theirs is on the scene.
        OnScene "on-scene" "On scene" "已到场",
        /// When they expect to arrive.
        Eta "eta" "Expected arrival" "预计到达",
        /// A text.
        Told "told" "Message" "来讯",
        /// They agree that it is cancelled.
        Cancelled "cancelled" "Cancelled" "已撤销",
        /// They go on although we asked to cancel.
        CancelRefused "cancel-refused" "Cancel refused" "拒绝撤销",
        /// They have closed it.
        Closed "closed" "Closed" "已结案",
    }
}

words! {
    /// Why an authority does not take a hand-off.
    Rejection {
        /// The address is unknown to them or not theirs.
        BadAddress "bad-address" "Address not usable" "地址有误",
        /// They do not serve this kind of event.
        EventType "event-type" "Kind of event not served" "不受理该类警情",
        /// The event is too old.
        TooOld "too-old" "Too old" "已过时效",
        /// Anything else; the text says what.
        Other "other" "Other" "其他",
    }
}

words! {
    /// What an authority closed a hand-off with.
    TheirOutcome {
        /// It was real.
        Real "real" "Real" "属实",
        /// A false alarm.
        FalseAlarm "false-alarm" "False alarm" "误报",
        /// Nothing was found.
        NothingFound "nothing-found" "Nothing found" "未发现异常",
        /// A report or a claim was taken.
        ReportTaken "report-taken" "Report taken" "已立案登记",
        /// Anything else; the text says what.
        Other "other" "Other" "其他",
    }
}

words! {
    /// What an authority is told after the hand-off itself.
    Telling {
        /// A further alarm of the same site.
        FurtherAlarm "further-alarm" "Further alarm" "新增报警",
        /// The level of AVS-01 has changed.
        Level "level" "Alarm level" "警情等级",
        /// Where it is: the address has changed since.
        Site "site" "Where it is" "地址更正",
        /// Who has the keys.
        KeyHolder "key-holder" "Key holder" "钥匙持有人",
        /// A text.
        Note "note" "Message" "补充说明",
        /// It is asked when they arrive.
        AskEta "ask-eta" "When will you arrive?" "询问到达时间",
        /// They are asked not to come.
        Cancel "cancel" "Cancel request" "请求撤销",
    }
}

/// One hand-off to an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOff {
    /// Which hand-off of this incident, counted from 1.
    pub number: u16,
    /// To whom.
    pub to: Authority,
    /// When it was handed off.
    pub at: Timestamp,
    /// Do they take it? `None` while they have said neither.
    pub accepted: Option<bool>,
    /// When they said so.
    pub answered_at: Option<Timestamp>,
    /// Their reference number.
    pub reference: Option<String>,
    /// When they took charge.
    pub charge_taken_at: Option<Timestamp>,
    /// Their case number.
    pub case_number: Option<String>,
    /// Until when they are to answer; `None` once they did, once somebody was called because they did not, and where no time is
    /// set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Timestamp>,
    /// When it was known that they have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// Did a machine deliver it? Then it can be told more without anybody telephoning.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub by_machine: bool,
    /// How many messages they were sent, the hand-off itself included; 0 of hand-offs that were made before they were counted.
    #[serde(default, skip_serializing_if = "super::is_nought")]
    pub sent: u32,
    /// Which of these are neither delivered nor given up.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub on_the_way: BTreeSet<u32>,
    /// When they were last told where it is, after the hand-off itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_told_at: Option<Timestamp>,
    /// The numbers of their messages that were heard.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub heard: BTreeSet<String>,
    /// Why they do not take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejection: Option<Rejection>,
    /// When they sent somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched_at: Option<Timestamp>,
    /// When somebody of theirs was on the scene.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_scene_at: Option<Timestamp>,
    /// When they expect to arrive: the last they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eta: Option<Timestamp>,
    /// When somebody was called because they were not there as they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_at: Option<Timestamp>,
    /// When somebody at the desk acted after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_seen_at: Option<Timestamp>,
    /// When they were asked to cancel; `None` again when they refused or have cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_asked_at: Option<Timestamp>,
    /// Which message asked them to cancel, the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_sent: Option<u32>,
    /// Until when they are to answer the cancel request, which their machine has; `None` where no time is set, and once somebody was called
    /// because they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_answer_by: Option<Timestamp>,
    /// How many seconds they have for an answer; `None` where no time is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_within_s: Option<u32>,
    /// When they refused to cancel: they come all the same, and are not asked by us again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_refused_at: Option<Timestamp>,
    /// Since when somebody is to come after all, though they were asked to cancel, have cancelled or closed it: danger came, or it was
    /// found real.
    /// `None` again when they refuse to cancel, and when they are asked once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_since: Option<Timestamp>,
    /// When it ended, and as what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<HandOffEnd>,
    /// What they closed it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<TheirOutcome>,
}

/// The end of a hand-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOffEnd {
    /// When.
    pub at: Timestamp,
    /// Which; [`HandOffState::is_end`].
    pub state: HandOffState,
}

impl HandOff {
    /// One that was just asked for.
    pub(crate) fn asked(number: u16, to: Authority, at: Timestamp, answer_by: Option<Timestamp>) -> Self {
        Self {
            number,
            to,
            at,
            accepted: None,
            answered_at: None,
            reference: None,
            charge_taken_at: None,
            case_number: None,
            answer_by,
            delivered_at: None,
            by_machine: false,
            sent: 1,
            on_the_way: [1].into(),
            address_told_at: None,
            heard: BTreeSet::new(),
            rejection: None,
            dispatched_at: None,
            on_scene_at: None,
            eta: None,
            late_at: None,
            late_seen_at: None,
            cancel_asked_at: None,
            cancel_sent: None,
            cancel_answer_by: None,
            answer_within_s: answer_by.and_then(|by| u32::try_from(by.secs_since(at)).ok()),
            cancel_refused_at: None,
            needed_since: None,
            end: None,
            outcome: None,
        }
    }

    /// Where it stands.
    pub const fn state(&self) -> HandOffState {
        match self {
            Self { end: Some(end), .. } => end.state,
            // Written before ends were.
            Self { accepted: Some(false), .. } => HandOffState::Rejected,
            Self { on_scene_at: Some(_), .. } => HandOffState::OnScene,
            Self { dispatched_at: Some(_), .. } => HandOffState::Dispatched,
            Self { accepted: Some(true), .. } => HandOffState::Accepted,
            Self { delivered_at: Some(_), .. } => HandOffState::Delivered,
            Self { .. } => HandOffState::Asked,
        }
    }

    /// Has nothing been said to it yet?
    pub const fn is_open(&self) -> bool {
        matches!(self.state(), HandOffState::Asked | HandOffState::Delivered)
    }

    /// Have they taken it, and have not ended it?
    pub const fn is_running(&self) -> bool {
        matches!(self.state(), HandOffState::Accepted | HandOffState::Dispatched | HandOffState::OnScene)
    }

    /// Are they coming, as far as we know, and were not asked to cancel? Who is on the scene sees for himself.
    pub(crate) const fn wants_cancel(&self) -> bool {
        matches!(self.state(), HandOffState::Accepted | HandOffState::Dispatched)
            && self.cancel_asked_at.is_none()
            && self.cancel_refused_at.is_none()
    }

    /// Is a machine of theirs told what happens, because it has this and they may be coming?
    pub(crate) const fn is_told(&self) -> bool {
        self.by_machine && !self.state().is_end() && !self.is_called_off()
    }

    /// Have they taken it, and neither rejected nor cancelled it since?
    pub const fn is_held(&self) -> bool {
        matches!(self.accepted, Some(true)) && self.is_placed()
    }

    /// Is it theirs, or can it still become theirs? Not where it was rejected, failed or cancelled, not where they were asked to
    /// cancel, and not where danger came after they had closed it.
    pub const fn is_placed(&self) -> bool {
        let over = matches!(self.state(), HandOffState::Closed) && self.needed_since.is_some();
        !matches!(self.state(), HandOffState::Rejected | HandOffState::Failed | HandOffState::Cancelled)
            && !self.is_called_off()
            && !over
    }

    /// Were they asked to cancel, and have not refused? Then they are not coming, whatever they say besides.
    pub const fn is_called_off(&self) -> bool {
        self.cancel_asked_at.is_some()
    }

    /// Were they called by it: do they have it, have they had it, or can they still get it? Not where it failed, for then they
    /// never heard of it, and not where it was rejected. One that was cancelled was made: they had heard.
    pub const fn is_made(&self) -> bool {
        !matches!(self.state(), HandOffState::Rejected | HandOffState::Failed)
    }

    /// Do they have by this answer what could not be delivered, as far as we know? A mere text does not say that they take it.
    pub(crate) const fn is_had(&self, answer: Answer) -> bool {
        let takes = matches!(answer, Answer::Accepted | Answer::Dispatched | Answer::OnScene | Answer::Eta);
        matches!(self.state(), HandOffState::Failed) && takes
    }

    /// Is nothing to be waited for where it is false: do they have it, and were they asked to cancel?
    pub(crate) const fn is_settled(&self) -> bool {
        self.is_called_off() && self.delivered_at.is_some()
    }

    /// It ends; the first end is the one that stays.
    pub(crate) fn close(&mut self, at: Timestamp, state: HandOffState) {
        self.end.get_or_insert(HandOffEnd { at, state });
        self.answer_by = None;
        // Who closes what we called off, and was not there, has done nothing about it.
        let undone = state == HandOffState::Closed && (self.on_scene_at.is_none() || self.needed_since.is_some());
        self.cancel_asked_at = self.cancel_asked_at.filter(|_| undone);
    }

    /// They have said whether they take it.
    pub(crate) fn answered(&mut self, accepted: bool, at: Timestamp) {
        self.accepted = Some(accepted);
        self.answered_at.get_or_insert(at);
        self.answer_by = None;
        self.has_it(at);
        if !accepted {
            self.close(at, HandOffState::Rejected);
        }
    }

    /// Whoever answers has it.
    fn has_it(&mut self, at: Timestamp) {
        self.delivered_at.get_or_insert(at);
        self.on_the_way.remove(&1);
    }

    /// A message of ours has arrived.
    pub(crate) fn delivered(&mut self, sequence: u32, at: Timestamp, by_machine: bool) {
        self.on_the_way.remove(&sequence);
        if sequence == 1 {
            self.delivered_at.get_or_insert(at);
        }
        self.by_machine |= by_machine;
        // Whoever telephones has the answer at once.
        if by_machine && self.cancel_sent == Some(sequence) {
            self.cancel_answer_by = self.answer_within_s.map(|seconds| at.plus_secs(seconds));
        }
    }

    /// A message of ours could not be delivered, here by a machine or not; without the first they do not have it.
    pub(crate) fn failed(&mut self, sequence: u32, at: Timestamp, by_machine: bool) {
        self.on_the_way.remove(&sequence);
        self.by_machine |= by_machine;
        if sequence == 1 {
            self.close(at, HandOffState::Failed);
        }
    }

    /// An answer that counts, to what is false or is not.
    pub(crate) fn hear(&mut self, answer: Answer, is_false: bool, at: Timestamp) {
        if self.is_had(answer) {
            self.end = None;
        }
        self.has_it(at);
        match answer {
            Answer::Accepted => self.answered(true, at),
            Answer::Rejected => self.answered(false, at),
            Answer::Dispatched => {
                self.answered(true, at);
                self.dispatched_at = Some(at);
            }
            Answer::OnScene => {
                self.answered(true, at);
                self.on_scene_at = Some(at);
            }
            Answer::Eta | Answer::Told => {}
            Answer::Cancelled => {
                if !is_false && !self.is_called_off() && self.to != Authority::Insurer {
                    self.needed_since.get_or_insert(at);
                }
                self.close(at, HandOffState::Cancelled);
            }
            Answer::CancelRefused => {
                (self.cancel_asked_at, self.cancel_refused_at) = (None, Some(at));
                self.needed_since = None;
            }
            Answer::Closed => {
                self.answered(true, at);
                self.close(at, HandOffState::Closed);
            }
        }
    }
}

impl Incident {
    /// Hand-offs that the authority has or may have, and that nothing more is expected of.
    pub(super) fn leave_hand_offs(&mut self, at: Timestamp, which: impl Fn(&HandOff) -> bool) {
        for hand_off in self.hand_offs.iter_mut().filter(|hand_off| !hand_off.state().is_end() && which(hand_off)) {
            hand_off.close(at, HandOffState::Left);
        }
    }

    /// Why people have to know of what came of a hand-off after the closing; `None` where it needs nobody: the closing looks wrong,
    /// somebody comes who does not know that it is false, or nobody comes to what is not.
    pub(crate) fn is_to_be_known(&self, event: &IncidentEvent) -> Option<FollowUpReason> {
        let asked = |number| {
            let is_it = |one: &HandOff| one.number == number && one.is_called_off() && !one.state().is_end();
            self.hand_offs.iter().any(is_it)
        };
        let comes = |number| {
            let unknown = |one: &HandOff| matches!(one.state(), HandOffState::Failed | HandOffState::Rejected);
            self.hand_offs.iter().any(|one| one.number == number && (unknown(one) || one.wants_cancel()))
        };
        match event {
            IncidentEvent::HandOffFailed { number, .. } if asked(*number) => Some(FollowUpReason::CancelFailed),
            IncidentEvent::HandOffFailed { .. } if !self.is_false() => Some(FollowUpReason::TellingFailed),
            IncidentEvent::AuthorityAnswered {
                standing: standing @ (Standing::Taken | Standing::Late | Standing::Unread),
                number,
                answer,
                outcome,
                ..
            } => {
                let tells = *standing == Standing::Unread
                    || match answer {
                        Answer::Told => true,
                        Answer::CancelRefused => !self.is_real(),
                        Answer::Closed => !self.is_real() && *outcome == Some(TheirOutcome::Real),
                        // Nobody needs to come for what is false.
                        Answer::Rejected => !self.is_false(),
                        Answer::Cancelled => !self.is_false() && *standing == Standing::Taken && !asked(*number),
                        // Somebody comes for nothing who, as far as was known, had nothing to come for.
                        Answer::Accepted | Answer::Dispatched | Answer::OnScene | Answer::Eta => {
                            self.is_false() && comes(*number)
                        }
                    };
                tells.then_some(FollowUpReason::LateWord)
            }
            _ => None,
        }
    }

    /// Does this authority have it, or can it still get it?
    pub(super) fn is_with(&self, to: Authority) -> bool {
        self.hand_offs.iter().any(|hand_off| hand_off.to == to && hand_off.is_placed())
    }
}
