//! Which unit is sent: every unit's cost in seconds with its parts, the cheapest first, and why others are not sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use contactid::Lang;
use serde::{Deserialize, Serialize};

use super::UnitCard;
use crate::account::AccountCard;
use crate::id::UnitId;
use crate::policy::UnitRules;
use crate::words::words;

words! {
    /// Who chose the unit of an offer.
    ChosenBy {
        /// The cost: the cheapest was asked for.
        Cost "cost" "Cheapest unit" "费用最低",
        /// The cost again, by itself: the unit before it does not go.
        Next "next" "Next unit, by itself" "自动通知下一单位",
        /// A person, who named it.
        Person "person" "Named by a person" "人工指定",
    }
}

words! {
    /// What the seconds of travel are taken from.
    TravelBasis {
        /// The unit's card says how long it takes to the account's district.
        Stated "stated" "stated for the district" "按区域设定",
        /// The straight line between two positions, at the speed of the policy.
        Line "line" "straight line" "按直线距离",
        /// One of the two is not known: the policy's number stands for it.
        Unknown "unknown" "position unknown" "位置未知",
    }
}

words! {
    /// Why a unit is not sent, whatever it would cost.
    NotSent {
        /// It is off duty.
        OffDuty "off-duty" "off duty" "不在岗",
        /// It has another incident, or this one.
        Busy "busy" "has a job" "正在处理警情",
        /// It lacks a skill that the policy asks for.
        Skill "skill" "skill missing" "缺少所需技能",
        /// It still owes the papers of its last visit here.
        Owes "owes" "owes its record" "未完成上次登记",
        /// It was asked in this round already.
        Asked "asked" "asked already" "本轮已通知",
    }
}

/// A unit and what it would cost to send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The unit.
    pub unit: UnitId,
    /// Seconds of travel.
    pub travel_s: u32,
    /// What they are taken from.
    pub basis: TravelBasis,
    /// How many jobs it has in hand: those its card says, and visits of which it owes the papers.
    pub jobs: u32,
    /// Seconds for them.
    pub jobs_s: u32,
    /// Seconds because the account is not in a district that it is contracted for.
    pub area_s: u32,
    /// Why it is not sent; `None` for one that could be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<NotSent>,
}

impl Candidate {
    /// The whole cost, in seconds.
    pub fn cost_s(&self) -> u64 {
        u64::from(self.travel_s) + u64::from(self.jobs_s) + u64::from(self.area_s)
    }

    /// The cost with its parts, as a person reads it.
    pub fn label(&self, lang: Lang) -> String {
        let Self { travel_s, jobs, jobs_s, area_s, .. } = self;
        let (cost, basis) = (self.cost_s(), self.basis.label(lang));
        match (lang, self.out) {
            (Lang::En, out) => {
                let out = out.map(|out| format!(", not sent: {}", out.label(lang))).unwrap_or_default();
                format!("{cost} s = {travel_s} travel ({basis}) + {jobs_s} for {jobs} jobs + {area_s} other area{out}")
            }
            (Lang::Zh, out) => {
                let out = out.map(|out| format!(",不派:{}", out.label(lang))).unwrap_or_default();
                format!("{cost} 秒 = 路程 {travel_s}({basis})+ 在手任务 {jobs} 项 {jobs_s} + 跨区 {area_s}{out}")
            }
        }
    }
}

/// How the unit of an offer was chosen: kept with the offer, so that it can be asked later why this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Who chose.
    pub by: ChosenBy,
    /// The version of the policy whose cost it is.
    pub policy: u32,
    /// The skills that were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Arc<str>>,
    /// The list of units was at its end and begins anew with this one.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub anew: bool,
    /// The units, those that could be sent first, the cheapest first; at most [`Choice::KEPT`].
    pub order: Vec<Candidate>,
    /// How many there were besides.
    #[serde(default, skip_serializing_if = "crate::incident::is_nought")]
    pub more: u32,
}

impl Choice {
    /// How many units of the order are kept.
    pub const KEPT: usize = 24;

    /// The first so many of the order are kept, and the unit that was chosen, wherever it stands.
    pub(crate) fn of(by: ChosenBy, policy: u32, asked: Asked<'_>, chosen: UnitId, order: Vec<Candidate>) -> Self {
        let all = order.len();
        let kept = |place: usize, unit: UnitId| place < Self::KEPT || unit == chosen;
        let order: Vec<Candidate> =
            order.into_iter().enumerate().filter(|(place, one)| kept(*place, one.unit)).map(|(_, one)| one).collect();
        let more = u32::try_from(all - order.len()).unwrap_or(u32::MAX);
        let skills = asked.skills.into_iter().cloned().collect();
        Self { by, policy, skills, anew: asked.anew, order, more }
    }

    /// The cost of the unit that was chosen.
    pub fn cost_of(&self, unit: UnitId) -> Option<&Candidate> {
        self.order.iter().find(|candidate| candidate.unit == unit)
    }
}

/// What is asked of the units.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// The account that they are to go to; `None` for one without a card.
    pub account: Option<&'a AccountCard>,
    /// What they must be able to do.
    pub skills: BTreeSet<&'a Arc<str>>,
    /// Does the list begin anew?
    pub anew: bool,
}

/// Every unit with its cost: those that can be sent first, the cheapest first, then the lower number. `stands` says how many
/// papers a unit owes, and why it is not free.
pub(crate) fn ranked<'a>(
    units: impl Iterator<Item = &'a UnitCard>,
    asked: &Asked<'_>,
    rules: &UnitRules,
    stands: impl Fn(UnitId) -> (u32, Option<NotSent>),
) -> Vec<Candidate> {
    let candidate = |card: &UnitCard| {
        let (papers, taken) = stands(card.unit);
        let (travel_s, basis) = travel(card, asked.account, rules);
        let jobs = card.jobs.saturating_add(papers);
        let district = district(asked.account);
        let abroad = !card.districts.is_empty() && district.is_some_and(|name| !card.districts.contains(name));
        let able = asked.skills.iter().all(|skill| card.skills.contains(*skill));
        let out = match (card.on_duty, able) {
            (false, _) => Some(NotSent::OffDuty),
            (true, false) => Some(NotSent::Skill),
            (true, true) => taken,
        };
        Candidate {
            unit: card.unit,
            travel_s,
            basis,
            jobs,
            jobs_s: jobs.saturating_mul(rules.per_job_s),
            area_s: if abroad { rules.another_area_s } else { 0 },
            out,
        }
    };
    let mut order: Vec<Candidate> = units.map(candidate).collect();
    order.sort_by_key(|one| (one.out.is_some(), one.cost_s(), one.unit));
    order
}

fn district(account: Option<&AccountCard>) -> Option<&Arc<str>> {
    account?.areas.names()?.district.as_ref()
}

fn travel(card: &UnitCard, account: Option<&AccountCard>, rules: &UnitRules) -> (u32, TravelBasis) {
    if let Some(seconds) = district(account).and_then(|name| card.travel_s.get(name)) {
        return (*seconds, TravelBasis::Stated);
    }
    match card.position.zip(account.and_then(|account| account.position)) {
        Some((from, to)) => {
            let seconds = (from.metres_to(to) * 3600).div_ceil(u64::from(rules.speed_kmh.get()) * 1000);
            (u32::try_from(seconds).unwrap_or(u32::MAX), TravelBasis::Line)
        }
        None => (rules.unknown_travel_s, TravelBasis::Unknown),
    }
}
