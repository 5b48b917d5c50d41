//! What lowers the protection of an account by agreement: suspended, something only logged, or tested again and again. It stands on
//! the card, and is nothing until a second person has agreed to it (§2.5, four eyes).

use alarmcore::{Lang, Lowering, Lowers, OperatorId, Policy, ProofFor, RecurringFault, Timestamp, Zones};
use contactid::Class;
use serde::{Deserialize, Serialize};

use super::{AccountCard, CardError};

/// A suspension, a log-only agreement or a recurring test as the card keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Its number on this card; never used again.
    pub number: u32,
    /// What it lowers.
    #[serde(flatten)]
    pub lowers: Lowers,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// The written agreement with the subscriber: which paper, signed by whom. Mandatory for what is only logged, and for
    /// tests of life safety.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agreement: String,
    /// Who proposed it; `None` where it was done on the machine itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OperatorId>,
    /// Who else agreed, and when; `None` while nobody has: it is not in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approved>,
    /// Who ended it early; its end is then `until`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// The second person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// Who.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// An early end. It raises protection, so that one person can do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Who; `None` where it was done on the machine itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OperatorId>,
    /// Why.
    pub reason: String,
}

/// What somebody proposes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// What it lowers.
    pub lowers: Lowers,
    /// From when; at once when nothing is said.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Until when; mandatory.
    pub until: Timestamp,
    /// Why; mandatory.
    pub reason: String,
    /// The written agreement with the subscriber; mandatory for what is only logged, and for tests of life safety.
    #[serde(default)]
    pub agreement: String,
}

/// Why protection cannot be lowered so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgreedError {
    /// No reason.
    #[error("say why")]
    NoReason,
    /// No paper.
    #[error("name the written agreement with the subscriber: what is only logged needs one, and a test of life safety")]
    NoAgreement,
    /// Nothing is listed.
    #[error("list zones or classes: what covers the whole account is a suspension, not a log-only agreement")]
    ListsNothing,
    /// It ends before it begins, or in the past.
    #[error("until: expected a time after {after}, found {found}")]
    EndsTooEarly {
        /// The moment that it must be after.
        after: Timestamp,
        /// What was found.
        found: Timestamp,
    },
    /// Longer than the policy allows.
    #[error("until: expected at most {} after its beginning, found {}: agree on it anew then", length(i64::from(*.at_most_s), Lang::En), length(*.found_s, Lang::En))]
    TooLong {
        /// How long it may last, in seconds.
        at_most_s: u32,
        /// How long it would.
        found_s: i64,
    },
    /// No test can recur so.
    #[error(transparent)]
    Recurring(#[from] RecurringFault),
    /// There is none of this number that could be ended.
    #[error("the card has no suspension, log-only agreement or recurring test {0} that is not over")]
    NoneSuch(u32),
    /// Too many at once.
    #[error("the card has {max} already that are not over", max = AccountCard::AGREED_MAX)]
    TooMany,
}

impl AgreedError {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, error) => error.to_string(),
            (Lang::Zh, Self::NoReason) => "请填写原因".into(),
            (Lang::Zh, Self::NoAgreement) => "请注明与用户的书面约定:只记录和涉及人身安全的测试须有书面约定".into(),
            (Lang::Zh, Self::ListsNothing) => "请列出防区或类别:涵盖全部即为暂停服务".into(),
            (Lang::Zh, Self::EndsTooEarly { after, found }) => format!("截止时间应晚于 {after},现为 {found}"),
            (lang @ Lang::Zh, Self::TooLong { at_most_s, found_s }) => {
                let (at_most, found) = (length(i64::from(*at_most_s), lang), length(*found_s, lang));
                format!("最长 {at_most},现为 {found}:到期后可重新约定")
            }
            (lang, Self::Recurring(fault)) => fault.label(lang),
            (Lang::Zh, Self::NoneSuch(number)) => format!("档案中没有未结束的暂停、只记录约定或定期测试 {number}"),
            (Lang::Zh, Self::TooMany) => "档案中未结束的暂停或约定过多".into(),
        }
    }
}

/// So many seconds in the largest unit that leaves none over: what was typed as days is told in days.
fn length(seconds: i64, lang: Lang) -> String {
    let units = [(86_400, "days", "天"), (3600, "hours", "小时"), (60, "minutes", "分钟"), (1, "seconds", "秒")];
    let whole = units.into_iter().find(|(unit, ..)| seconds % unit == 0).unwrap_or(units[3]);
    match (lang, whole) {
        (Lang::En, (unit, name, _)) if seconds == unit => format!("1 {}", name.trim_end_matches('s')),
        (Lang::En, (unit, name, _)) => format!("{} {name}", seconds / unit),
        (Lang::Zh, (unit, _, name)) => format!("{} {name}", seconds / unit),
    }
}

impl Agreed {
    /// What the desk is to know of it: from when the second person agreed, and nothing before; and that it begins by itself, where they
    /// agreed before.
    pub fn desk_lowering(&self) -> Option<Lowering> {
        let agreed_at = self.approved?.at;
        let from = self.from.max(agreed_at);
        let Self { number, lowers, until, .. } = self.clone();
        let agreed_at = Some(agreed_at).filter(|agreed_at| *agreed_at < from);
        (from < until).then_some(Lowering { number, lowers, from, until, agreed_at })
    }

    /// What it lowers, in words.
    pub fn what(&self, lang: Lang) -> String {
        let (zones, classes): (&Zones, Vec<Class>) = match &self.lowers {
            Lowers::Suspension => {
                return match lang {
                    Lang::En => "all but life safety".into(),
                    Lang::Zh => "除人身安全外全部".into(),
                };
            }
            Lowers::LogOnly(listed) => (&listed.zones, listed.classes.iter().copied().map(Class::from).collect()),
            Lowers::RecurringTest(test) => {
                let classes = test.scope.classes.iter().copied().map(Class::from);
                (&test.scope.zones, classes.chain(test.scope.life_safety.iter().copied()).collect())
            }
        };
        let test = match &self.lowers {
            Lowers::RecurringTest(test) => Some(format!("{}: {}", test.test_reason.label(lang), test.hours)),
            Lowers::Suspension | Lowers::LogOnly(_) => None,
        };
        let (listed, except) = match lang {
            Lang::En => ("zones", "all zones but"),
            Lang::Zh => ("防区", "除以下防区外:"),
        };
        let numbers = zones.named().into_iter().flatten().map(u32::to_string).collect::<Vec<_>>().join(" ");
        let zones = match zones {
            Zones::Whole => None,
            Zones::Listed(_) => Some(format!("{listed} {numbers}")),
            Zones::AllExcept(_) => Some(format!("{except} {numbers}")),
        };
        let classes = classes.iter().map(|class| class.label(lang).to_owned());
        test.into_iter().chain(zones).chain(classes).collect::<Vec<_>>().join(" · ")
    }
}

impl AccountCard {
    /// How many suspensions and agreements a card holds at most that are not over.
    pub const AGREED_MAX: usize = 16;
    /// For how long those that are over stay on the card, in milliseconds: thirty days. The history of the card keeps them.
    const KEPT_MS: i64 = 30 * 24 * 3600 * 1000;

    /// The suspensions, log-only agreements and recurring tests.
    pub fn agreed(&self) -> &[Agreed] {
        self.agreed.as_deref().map_or(&[], |agreed| agreed.as_slice())
    }

    /// Does one wait that must not be agreed to by anybody, but by a supervisor: a test that needs such a proof?
    pub fn awaits_supervisor(&self, proof: ProofFor) -> bool {
        let tests = |one: &&Agreed| match &one.lowers {
            Lowers::RecurringTest(test) => test.scope.needs_proof(proof),
            Lowers::Suspension | Lowers::LogOnly(_) => false,
        };
        self.agreed().iter().filter(|one| one.approved.is_none()).any(|one| tests(&one))
    }

    /// Does a suspension or a log-only agreement wait, by which alarms are not shown from then on?
    pub fn proposes_to_hide(&self) -> bool {
        let hides = |one: &Agreed| matches!(one.lowers, Lowers::Suspension | Lowers::LogOnly(_));
        self.agreed().iter().any(|one| one.approved.is_none() && hides(one))
    }

    /// Does one wait for the second person?
    pub(super) fn has_unapproved(&self) -> bool {
        self.agreed().iter().any(|one| one.approved.is_none())
    }

    /// This card with one more suspension, agreement or recurring test, that waits for a second person. How long it may last, and
    /// each of its tests, says the policy.
    ///
    /// # Errors
    /// What the proposal lacks, or says too much.
    pub fn propose(
        mut self,
        proposal: Proposal,
        by: Option<OperatorId>,
        now: Timestamp,
        policy: &Policy,
    ) -> Result<Self, CardError> {
        let Proposal { lowers, from, until, reason, agreement } = proposal;
        let (reason, agreement) = (reason.trim().to_owned(), agreement.trim().to_owned());
        let from = from.unwrap_or(now);
        let longest_s = policy.lowered.longest_s;
        let at_most_s = match &lowers {
            Lowers::Suspension => longest_s.suspended,
            Lowers::RecurringTest(test) => {
                test.check(policy.on_test.operator_max_s).map_err(AgreedError::from)?;
                if agreement.is_empty() && !test.scope.life_safety.is_empty() {
                    return Err(AgreedError::NoAgreement.into());
                }
                longest_s.recurring_test
            }
            Lowers::LogOnly(listed) if listed.is_all() => return Err(AgreedError::ListsNothing.into()),
            Lowers::LogOnly(_) if agreement.is_empty() => return Err(AgreedError::NoAgreement.into()),
            Lowers::LogOnly(_) => longest_s.log_only,
        };
        if reason.is_empty() {
            return Err(AgreedError::NoReason.into());
        }
        let after = from.max(now);
        if until <= after {
            return Err(AgreedError::EndsTooEarly { after, found: until }.into());
        }
        let found_s = until.secs_since(from);
        if found_s > i64::from(at_most_s) {
            return Err(AgreedError::TooLong { at_most_s, found_s }.into());
        }
        let mut agreed = self.agreed.take().map(|agreed| *agreed).unwrap_or_default();
        let number = agreed.iter().map(|one| one.number).max().unwrap_or(0).max(self.agreed_last) + 1;
        agreed.retain(|one| now.millis() - one.until.millis() < Self::KEPT_MS);
        if agreed.iter().filter(|one| one.until > now).count() >= Self::AGREED_MAX {
            return Err(AgreedError::TooMany.into());
        }
        agreed.push(Agreed { number, lowers, from, until, reason, agreement, by, approved: None, ended: None });
        Ok(Self { agreed: Some(Box::new(agreed)), agreed_last: number, ..self })
    }

    /// This card with one of them ended now. One that nobody had agreed to yet is withdrawn.
    ///
    /// # Errors
    /// When there is none of this number that is not over, or no reason is given.
    pub fn end_agreed(
        mut self,
        number: u32,
        by: Option<OperatorId>,
        now: Timestamp,
        reason: &str,
    ) -> Result<Self, CardError> {
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            return Err(AgreedError::NoReason.into());
        }
        let agreed = self.agreed.as_deref_mut().into_iter().flatten();
        let one = agreed.filter(|one| one.until > now).find(|one| one.number == number);
        let one = one.ok_or(AgreedError::NoneSuch(number))?;
        match one.approved {
            Some(_) => {
                one.until = now;
                one.ended = Some(Ended { by, reason });
            }
            None => self.keep_agreed(|one| one.number != number),
        }
        Ok(self)
    }

    /// The second person agrees to all that waits.
    pub(super) fn agree(&mut self, by: OperatorId, at: Timestamp) {
        for one in self.agreed.as_deref_mut().into_iter().flatten().filter(|one| one.approved.is_none()) {
            one.approved = Some(Approved { by, at });
        }
    }

    /// The second person does not: what waited is gone.
    pub(super) fn disagree(&mut self) {
        self.keep_agreed(|one| one.approved.is_some());
    }

    fn keep_agreed(&mut self, keep: impl FnMut(&Agreed) -> bool) {
        let mut agreed = self.agreed.take().map(|agreed| *agreed).unwrap_or_default();
        agreed.retain(keep);
        self.agreed = Some(Box::new(agreed)).filter(|agreed| !agreed.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_in_its_largest_whole_unit() {
        let told = [0, 1, 90, 60, 5400, 7200, 86_400, 7_776_000, 7_776_001].map(|seconds| length(seconds, Lang::En));
        let expected = ["0 days", "1 second", "90 seconds", "1 minute", "90 minutes", "2 hours", "1 day", "90 days"];
        assert_eq!(told[..8], expected);
        assert_eq!((told[8].as_str(), length(7200, Lang::Zh).as_str()), ("7776001 seconds", "2 小时"));
    }
}
