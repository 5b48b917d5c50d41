//! What was found of a clause over a period, and why nothing was: words that no report can mistake for a promise.

use contactid::Lang;

use super::rule::{FalseCallRule, PackRule};
use super::{Clause, Mark, Measure};
use crate::words::words;

words! {
    /// What was found of a clause over a period. A clause that is not verified is a parameter: it is never passed.
    Finding {
        /// Everything that was measured is as the clause asks.
        Pass "pass" "pass" "达标",
        /// Something is not.
        Fail "fail" "fail" "未达标",
        /// The same as a pass, of a parameter that nobody has verified: says nothing of a standard.
        WithinParameter "within-parameter" "within the unverified parameter" "在未经核实的参数之内",
        /// The same as a fail, of such a parameter.
        BeyondParameter "beyond-parameter" "beyond the unverified parameter" "超出未经核实的参数",
        /// Nothing was measured.
        Unmeasured "unmeasured" "not measurable here" "此处无法测量",
    }
}

impl Finding {
    /// What is found of a clause with this mark, when all that was measured is as it asks, or not.
    pub const fn of(mark: Mark, kept: bool) -> Self {
        match (mark, kept) {
            (Mark::Unverified, true) => Self::WithinParameter,
            (Mark::Unverified, false) => Self::BeyondParameter,
            (Mark::Verified | Mark::SecondHand, true) => Self::Pass,
            (Mark::Verified | Mark::SecondHand, false) => Self::Fail,
        }
    }
}

words! {
    /// Why nothing is measured of a clause.
    WhyNot {
        /// It speaks of what happens at the panel, or between the trip and the centre.
        AtThePanel "at-the-panel" "happens at the panel, not here" "发生在主机侧,不在中心",
        /// It speaks of rooms, seats, staff or equipment, which are not recorded.
        Premises "premises" "rooms, seats, staff and equipment are not recorded here" "场所、座席、人员与设备不在此登记",
        /// It is set account by account on the cards.
        OnCards "on-cards" "set on each account's card, not measured" "在用户档案中逐户设定,不作测量",
        /// It speaks of recordings, which are not kept here.
        Recordings "recordings" "recordings are not kept here" "录音录像不在此保存",
        /// It says what words mean; another clause of the pack asks for something.
        Meaning "meaning" "says what words mean; another clause asks" "仅为释义,由其他条款要求",
        /// This program does it otherwise, as the clause's own words say.
        DoneOtherwise "done-otherwise" "done otherwise here, as the clause says" "本程序另行处理,见条款说明",
        /// Its source could not be read in whole.
        NotRead "not-read" "its source could not be read" "来源文本残缺",
        /// The pack does not say.
        NotSaid "not-said" "the pack names no measure" "规则包未给出测量方法",
        /// Its rule was not in force at any time of the period: nobody was asked for it.
        NotInForce "not-in-force" "was not in force in this period" "该期间未启用",
        /// Nothing happened in the period that it speaks of.
        NothingHappened "nothing-happened" "nothing of the kind in this period" "该期间无此类情况",
        /// The period holds no whole stretch in which something is to be written down.
        TooShort "too-short" "the period is too short" "期间过短",
    }
}

impl WhyNot {
    /// Can a pack say so of a clause? The others are found over a period.
    pub const fn is_said_by_packs(self) -> bool {
        !matches!(self, Self::NotSaid | Self::NotInForce | Self::NothingHappened | Self::TooShort)
    }
}

impl Clause {
    /// What is measured, in words; nothing of a clause without a rule.
    pub fn measures(&self, lang: Lang) -> String {
        let Some(rule) = &self.rule else { return String::new() };
        let of = |what: &str| format!("{}: {what}", rule.label(lang));
        match rule {
            PackRule::Due(due) => match due.to {
                Some(to) => of(&format!("{} → {}", due.act.label(lang), to.label(lang))),
                None => of(due.act.label(lang)),
            },
            PackRule::FalseCalls(false_calls) => {
                of(&format!("{} → {}", false_calls.counts.label(lang), false_calls.then.label(lang)))
            }
            PackRule::Target(target) => of(target.span.label(lang)),
            PackRule::Register(register) => of(register.register.label(lang)),
            PackRule::Poll(_) => rule.label(lang).to_owned(),
            PackRule::Always(always) => of(always.holds.label(lang)),
        }
    }

    /// What it asks for, in figures: `98.5 % ≤ 60 s`, `< 3 / 12 months`, `1 / 24 h`.
    pub fn target(&self) -> String {
        match &self.rule {
            None => String::new(),
            Some(PackRule::Due(due)) => format!("100 % ≤ {} s", due.within_s),
            Some(PackRule::FalseCalls(rule)) => rule.target(),
            Some(PackRule::Target(target)) => format!("{} ≤ {} s", percent(target.per_mille), target.within_s),
            Some(PackRule::Register(register)) => format!("1 / {} h", register.every_h),
            Some(PackRule::Poll(poll)) => format!("100 % ≤ {} s", poll.within_s),
            Some(PackRule::Always(_)) => "100 %".into(),
        }
    }
}

impl FalseCallRule {
    fn target(&self) -> String {
        match (self.then, self.within_h) {
            (Measure::Remedy, Some(hours)) => format!("100 % ≤ {hours} h"),
            (Measure::Remedy, None) => "100 %".into(),
            (Measure::Warn | Measure::Withdraw, _) => format!("< {} / {}", self.after, self.window),
        }
    }
}

/// Thousandths as per cent: `98.5 %`, `80 %`.
pub fn percent(per_mille: u32) -> String {
    match per_mille % 10 {
        0 => format!("{} %", per_mille / 10),
        tenth => format!("{}.{tenth} %", per_mille / 10),
    }
}
