//! What a replay cannot follow: the sections of a policy that act by what is not kept, or on what a replay does not look at.

use serde::Serialize;

use super::Past;
use super::anew::makes;
use crate::expect::{ExpectationRules, Expected};
use crate::pack::{ClauseRule, PackRule};
use crate::policy::{Changes, Covers, Overrides, Policy};
use crate::report::{Marks, Received};
use crate::self_watch::SelfWatchLimits;
use crate::words::words;

words! {
    /// A section of the policy that differs, and that a replay cannot follow, or not wholly. Its label says why.
    Unreplayed {
        /// The queues.
        Queue "queue"
            "which queue an incident is in is compared, but not who may take it: that depends on who sat where"
            "已比较警情所在队列,但不比较谁可接警:这取决于当时谁在席",
        /// The auto-feed.
        Feed "feed"
            "offers to operators depend on who sat where, which is not kept"
            "派单取决于当时谁在席,对此没有留存",
        /// When an owner counts as gone.
        Ownership "ownership"
            "owners are gone when they were: the last signs of life of a screen are not kept"
            "接警员按当时记录离席:屏幕最后的活动没有留存",
        /// After how many heartbeats a line is lost, and for how long after its own start the centre waits. The rest of what accounts are
        /// expected to send is followed.
        Expect "expect"
            "lines are silent when they were reported silent: heartbeats are not kept, only that they were missing; nor is when the centre was started, so that restart_grace_s does nothing"
            "线路中断按中心当时的报告重放:心跳本身没有留存,只留存其缺失;中心的启动时间也没有留存,restart_grace_s 不起作用",
        /// How long an account may be on test.
        OnTest "on_test"
            "tests begin, are extended and end as people did it then, warnings included"
            "测试按当时人员的操作开始、延长和结束,提醒亦然",
        /// What people are asked whose site is not closed in time.
        LateClose "late_close"
            "answers are heard where the same question stands; what nobody was asked then, nobody answers"
            "同一问题存在时才采用当时的答复;当时没有问过的,没有答复",
        /// Who is called when a follow-up is not done.
        FollowUp "follow_up"
            "follow-ups are not compared: nothing that is decided of an incident depends on who is called for one"
            "不比较待办:警情的任何决定都不取决于为待办呼叫谁",
        /// What the centre reports of itself.
        SelfWatch "self_watch"
            "what the centre reported of itself is heard as it was reported: what it measured is not kept"
            "中心自身的报告按当时重放:其测量值没有留存",
        /// Who sees to lowered protection, and by when.
        Lowered "lowered"
            "the board of lowered protection is not compared; only the warnings that something on it ends soon are counted"
            "不比较防护降低清单;只统计即将结束的提醒",
        /// When what waits changes its colour.
        Ageing "ageing"
            "colours decide nothing, and are not compared"
            "颜色不影响任何决定,不作比较",
        /// What a panel hears that sends plain despite its key.
        PlainDespiteKey "plain_despite_key"
            "panels were answered as they were"
            "主机已按当时得到应答",
        /// How long panels run on their batteries.
        BatteryHours "battery_hours"
            "nothing that a desk decides depends on it"
            "接警处理的任何决定都不取决于它",
        /// The currency of amounts without one.
        Currency "currency"
            "amounts keep the currency that they were written down in"
            "金额保持当时登记的币种",
        /// What rule packs measure.
        Rules "rules"
            "what a clause measures over a period is not compared: `report pack` measures it"
            "不比较条款按时段统计的内容:由 `report pack` 统计",
    }
}

/// A section that differs and is not replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NotReplayed {
    /// The section.
    pub section: Unreplayed,
    /// How many things of the period were heard as they are recorded because of it; `None` where what it decides leaves nothing
    /// to be heard.
    pub heard: Option<u64>,
}

impl Unreplayed {
    /// The section that decided at the time whether and when this happened, where it is one of them.
    pub(super) fn of(past: &Past) -> Option<Self> {
        match past {
            Past::Signal(received, _) => by_centre(received),
            Past::Test(..) => Some(Self::OnTest),
            Past::Gone(..) => Some(Self::Ownership),
            Past::Closing(_) => Some(Self::LateClose),
            Past::Act(_)
            | Past::FalseCalls(_)
            | Past::Storm(..)
            | Past::Account(_)
            | Past::AccountClosed(_)
            | Past::Unit(_)
            | Past::Time(_) => None,
        }
    }

    /// Does what it decides leave something that a replay hears?
    pub(super) const fn is_heard(self) -> bool {
        matches!(self, Self::Expect | Self::OnTest | Self::Ownership | Self::LateClose | Self::SelfWatch)
    }

    /// Which of them differ between two policies. Every key of a policy is either followed or named here.
    pub(super) fn between(old: &Policy, new: &Policy) -> Vec<Self> {
        let Policy {
            queues,
            feed,
            ownership,
            expect,
            on_test,
            late_close,
            follow_up,
            self_watch,
            lowered,
            ageing,
            plain_despite_key,
            battery_hours,
            currency,
            rules,
            overrides,
            // What is followed, or says nothing by itself.
            version: _,
            packs: _,
            clauses: _,
            classes: _,
            codes: _,
            unknown_account: _,
            unknown_accounts_shown: _,
            unknown_code: _,
            security: _,
            escalated: _,
            repeat_window_s: _,
            runaway: _,
            swinger: _,
            confirm: _,
            recent: _,
            cancel: _,
            unrestored: _,
            storm: _,
            hold: _,
            escalation: _,
            offer_accept_s: _,
            units: _,
            arrival: _,
            rest: _,
            schedule: _,
            source: _,
            verify: _,
            calls: _,
            avs: _,
            without_wish: _,
            hand_off: _,
            forward: _,
            plans: _,
        } = new;
        let (one, other) = (overrides, &old.overrides);
        let differs = [
            (Self::Queue, *queues != old.queues),
            (Self::Feed, *feed != old.feed),
            (Self::Ownership, *ownership != old.ownership),
            (
                Self::Expect,
                heard(expect) != heard(&old.expect) || differ(one, other, |changes| &changes.expect.heartbeats_missed),
            ),
            (Self::OnTest, *on_test != old.on_test || differ(one, other, |changes| &changes.on_test)),
            (Self::LateClose, *late_close != old.late_close || differ(one, other, |changes| &changes.late_close)),
            (Self::FollowUp, *follow_up != old.follow_up),
            (Self::SelfWatch, measured(self_watch) != measured(&old.self_watch)),
            (Self::Lowered, *lowered != old.lowered),
            (Self::Ageing, *ageing != old.ageing),
            (Self::PlainDespiteKey, *plain_despite_key != old.plain_despite_key),
            (Self::BatteryHours, *battery_hours != old.battery_hours),
            (Self::Currency, *currency != old.currency),
            (Self::Rules, periods(rules).ne(periods(&old.rules)) || measures(one) != measures(other)),
        ];
        differs.into_iter().filter_map(|(section, differs)| differs.then_some(section)).collect()
    }
}

/// A report of the centre's own that a replay cannot make: of itself, and of lines that fell silent.
fn by_centre(Received { report, .. }: &Received) -> Option<Unreplayed> {
    let signal = report.signal.as_ref().filter(|_| report.marks.contains(Marks::SUPERVISION))?;
    match (report.account, Expected::of(signal.code)) {
        (None, _) => Some(Unreplayed::SelfWatch),
        (Some(_), Some(Expected::Heartbeat)) => Some(Unreplayed::Expect),
        (Some(_), _) => None,
    }
}

/// Without what is followed: tests, and what is late to open or close.
fn heard(rules: &ExpectationRules) -> ExpectationRules {
    let ExpectationRules { heartbeats_missed, restart_grace_s, .. } = *rules;
    ExpectationRules { heartbeats_missed, restart_grace_s, ..ExpectationRules::default() }
}

/// Do tests, openings and closings count as missed at another time, for all accounts or for some?
pub(super) fn expects_otherwise(old: &Policy, new: &Policy) -> bool {
    let (one, other) = (&new.overrides, &old.overrides);
    makes(&new.expect) != makes(&old.expect)
        || differ(one, other, |changes| &changes.expect.test_by)
        || differ(one, other, |changes| &changes.expect.test_tolerance_s)
        || differ(one, other, |changes| &changes.expect.late_again_s)
        || differ(one, other, |changes| &changes.expect.outside_close_s)
}

/// Do they say something else of one section, or to others?
fn differ<'a, T: Default + PartialEq + 'a>(
    one: &'a Overrides,
    other: &'a Overrides,
    part: impl Fn(&'a Changes) -> &'a T,
) -> bool {
    let said = |overrides: &'a Overrides| -> Vec<(&'a Covers, &'a T)> {
        let all = overrides.iter().map(|one| (&one.covers, part(&one.changes)));
        all.filter(|(_, part)| **part != T::default()).collect()
    };
    said(one) != said(other)
}

/// Without what is followed: how urgent it is, and when the shift lead is called.
fn measured(limits: &SelfWatchLimits) -> SelfWatchLimits {
    let SelfWatchLimits { priority, lead_after_s, .. } = SelfWatchLimits::default();
    SelfWatchLimits { priority, lead_after_s, ..*limits }
}

/// What overrides measure over a period, by whom they cover.
fn measures(overrides: &Overrides) -> Vec<(&Covers, Vec<&ClauseRule>)> {
    let all = overrides.iter().map(|one| (&one.covers, periods(&one.changes.rules).collect::<Vec<_>>()));
    all.filter(|(_, rules)| !rules.is_empty()).collect()
}

/// The rules that are measured over a period.
fn periods(rules: &[ClauseRule]) -> impl Iterator<Item = &ClauseRule> {
    rules.iter().filter(|rule| match rule.rule {
        PackRule::Target(_) | PackRule::Register(_) | PackRule::Poll(_) | PackRule::Always(_) => true,
        PackRule::Due(_) | PackRule::FalseCalls(_) => false,
    })
}
