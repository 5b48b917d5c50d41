//! `Lowered`: what lowers the protection of an account by agreement, and whose each row of its board is.
//!
//! A suspension, a log-only agreement and a recurring test stand on the account's card ([`Lowering`]), each with its end. They
//! decide by their times alone; what this keeps is that they began, that somebody was warned, that they are over, and which of a
//! recurring test's hours came last. The first two can say nothing of life safety: there are no words for it.

mod closing;
mod command;
mod event;
mod evolve;
mod lead;
mod lowering;
mod recurring;
mod runaway;

use std::collections::BTreeMap;

use contactid::{AccountNumber, Code};
use serde::{Deserialize, Serialize};

pub(crate) use closing::{Answered, answered};
pub use closing::{ClosingAnswer, ClosingEnd, ClosingStage, LateClosing};
pub(crate) use command::decide;
pub use command::{LoweredCommand, LoweredRefusal};
pub use event::{LoweredEvent, LoweredEventKind, LoweredRecord};
pub use evolve::evolve_lowered;
pub use lowering::{Listed, Lowering, Lowers};
pub use recurring::{RecurringFault, RecurringTest};
pub use runaway::Runaway;

use crate::account::AccountCard;
use crate::follow_up::Assignee;
use crate::id::OperatorId;
use crate::policy::LoweredRules;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What lowers the protection of an account.
    LoweredKind {
        /// The centre has it on test: what it covers is logged and calls nobody.
        OnTest "on-test" "On test by the centre" "中心设置测试",
        /// Its line is silent: no heartbeat comes.
        Silent "silent" "Line silent" "线路失联",
        /// The panel says that it is being tested.
        TestMode "test-mode" "Test mode at the panel" "主机处于测试模式",
        /// A zone is bypassed.
        Bypassed "bypassed" "Bypassed zone" "防区旁路",
        /// Its test report has not come in time.
        LateTest "late-test" "Test report late" "测试报告逾期",
        /// A path has failed, as the panel says.
        PathFailed "path-failed" "Path failed" "通信路径故障",
        /// Its card was changed, and nobody else has reviewed that.
        Unreviewed "unreviewed" "Change not reviewed" "档案修改待复核",
        /// A telephone number on its card turned out dead.
        DeadNumber "dead-number" "Dead telephone number" "电话号码失效",
        /// The account is suspended.
        Suspended "suspended" "Suspended" "暂停服务",
        /// By agreement with the subscriber something is only logged.
        LogOnly "log-only" "Log only by agreement" "约定只记录",
        /// By agreement with the subscriber it is put on test again and again. While it is, that is a row; this is none.
        RecurringTest "recurring-test" "Recurring test" "定期测试",
        /// It was not closed in time, and its people were asked: nobody calls an operator meanwhile.
        LateClosing "late-closing" "Late to close, customer asked" "逾时未布防,已询问用户",
        /// It was not closed in time, and is open still: whatever became of the report.
        NotClosed "not-closed" "Open after its hours" "逾时仍未布防",
        /// Its panel runs away: what it says is logged only, life safety excepted, until it is silent.
        Runaway "runaway" "Panel runs away" "主机频繁上报",
        /// An override of the policy logs or holds what the centre shows.
        Overridden "overridden" "Logged or held by an override" "例外规则只记录或等待",
    }
}

/// One row of the board: the same account may have several of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoweredThing {
    /// What lowers the protection.
    pub kind: LoweredKind,
    /// The code that reported it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Which zone, telephone number or entry of the card, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Since when: what begins anew is another row.
    pub since: Timestamp,
}

/// Whose a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Which row.
    pub thing: LoweredThing,
    /// Whose.
    pub to: Assignee,
    /// Who gave it to them; `None` only in a damaged journal.
    pub by: Option<OperatorId>,
    /// When.
    pub at: Timestamp,
}

words! {
    /// How far a suspension, log-only agreement or recurring test has come.
    LoweringStage {
        /// It is in force.
        Began "began" "In force" "生效中",
        /// It ends soon, and that was said.
        Warned "warned" "Ends soon" "即将到期",
        /// It is over.
        Ended "ended" "Over" "已结束",
    }
}

/// What is kept of the lowered protection of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lowered {
    /// The account.
    pub account: AccountNumber,
    /// The version of its last record.
    pub version: u32,
    /// How far those on its card have come, by their numbers there. Those that have not begun are not among them.
    #[serde(default)]
    pub stages: BTreeMap<u32, LoweringStage>,
    /// When the hours of a recurring test came last, by its number on the card: at these nothing begins again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub recurred: BTreeMap<u32, Timestamp>,
    /// The rows that are somebody's own, oldest first: at most [`Lowered::ASSIGNED`].
    #[serde(default)]
    pub assigned: Vec<Assigned>,
    /// The groups that are late to close and of which somebody was asked, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closings: Vec<LateClosing>,
    /// How its panel ran away last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runaway: Option<Runaway>,
    /// When rules of the policy ended last that had hidden something: an end before this moment is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_until: Option<Timestamp>,
}

impl Lowered {
    /// How many rows of one account are remembered as assigned: beyond it the oldest goes.
    pub const ASSIGNED: usize = 64;

    pub(crate) const fn new(account: AccountNumber) -> Self {
        Self {
            account,
            version: 0,
            stages: BTreeMap::new(),
            recurred: BTreeMap::new(),
            assigned: Vec::new(),
            closings: Vec::new(),
            runaway: None,
            shown_until: None,
        }
    }

    /// What was to be kept of an account at a moment, as its card alone says: of one that was not followed from the beginning.
    pub fn stood(card: &AccountCard, at: Timestamp) -> Option<Self> {
        let stage = |one: &Lowering| match (one.from < at, one.until < at) {
            (_, true) => Some((one.number, LoweringStage::Ended)),
            (true, false) => Some((one.number, LoweringStage::Began)),
            (false, false) => None,
        };
        let stages: BTreeMap<_, _> = card.lowerings.iter().filter_map(stage).collect();
        // Whatever is being tested at that moment is a test like others: its hours are past.
        let recurs =
            |one: &&Lowering| matches!(one.lowers, Lowers::RecurringTest(_)) && stages.contains_key(&one.number);
        let recurred = card.lowerings.iter().filter(recurs).map(|one| (one.number, at)).collect();
        (!stages.is_empty()).then_some(Self { stages, recurred, ..Self::new(card.account) })
    }

    /// Whose a row is, where it was given to somebody.
    pub fn assigned(&self, thing: &LoweredThing) -> Option<&Assigned> {
        self.assigned.iter().find(|assigned| assigned.thing == *thing)
    }

    /// Its panel's running away, while it runs.
    pub fn running(&self) -> Option<&Runaway> {
        self.runaway.as_ref().filter(|runaway| runaway.runs())
    }

    /// What happens next by the time alone to one that stands on the card.
    fn next_of(&self, one: &Lowering, rules: &LoweredRules) -> Option<(Timestamp, LoweredEvent)> {
        let warns_at = rules.warn_at(Some(one.from), one.until);
        let stage = match self.stages.get(&one.number) {
            None => {
                // When it was agreed to stands on the card.
                let lowering = Lowering { agreed_at: None, ..one.clone() };
                return Some((one.from, LoweredEvent::Began { lowering }));
            }
            Some(LoweringStage::Ended) => return None,
            Some(LoweringStage::Began) => {
                let warned = |at| (at, LoweredEvent::Warned { number: one.number, until: one.until });
                warns_at.map_or((one.until, LoweredEvent::Ended { number: one.number }), warned)
            }
            Some(LoweringStage::Warned) => (one.until, LoweredEvent::Ended { number: one.number }),
        };
        let test = self.next_test(one).filter(|(at, _)| *at < one.until);
        Some(test.filter(|(at, _)| *at <= stage.0).unwrap_or(stage))
    }

    /// What happens next by the time alone, and when.
    pub(crate) fn next(&self, card: &AccountCard, rules: &LoweredRules) -> Option<(Timestamp, LoweredEvent)> {
        let all = card.lowerings.iter().filter_map(|one| self.next_of(one, rules));
        all.min_by_key(|(at, _)| *at)
    }
}
