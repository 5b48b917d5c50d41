//! Tests of accounts in words, and what the form on an account's page offers.

use std::fmt::Write;

use alarmcore::{Handling, Policy, Proof, ProofFor, Scope, TestReason, Timestamp, Zones, is_life_safety};
use contactid::Class;
use opsmodel::crm::Role;
use opsmodel::store::query::TestRow;

use crate::i18n::Words;

/// A test as pages show it.
pub(super) struct Test {
    pub(super) row: TestRow,
    /// What it covers.
    pub(super) scope: String,
    /// Why.
    pub(super) reason: &'static str,
    /// Who asked for it, whether a codeword proved that, and who else agreed.
    pub(super) asked_by: String,
    /// How it ended.
    pub(super) ending: &'static str,
    /// For how many minutes the account has been on test, where this one goes on from another.
    pub(super) in_all: Option<u32>,
}

impl Test {
    pub(super) fn of(row: TestRow, w: &Words, now: Timestamp) -> Self {
        let agreed = row.agreed.map(|number| w.n("test-agreed-n", number));
        let mut asked_by = row.asked_by.clone().or(agreed).unwrap_or_else(|| w.t("unknown"));
        if row.proved {
            let _ = write!(asked_by, " · {}", Proof::Right.label(w.lang));
        }
        if let Some(second) = &row.second_name {
            let _ = write!(asked_by, " · {}", w.n("test-second-n", second));
        }
        let gone_s = row.ended_at.unwrap_or(now).secs_since(row.started_at);
        let in_all = u32::try_from(gone_s).unwrap_or(0).saturating_add(row.before_s) / 60;
        Self {
            in_all: (row.before_s > 0).then_some(in_all),
            scope: scope(&row.scope, w),
            reason: row.reason.label(w.lang),
            asked_by,
            ending: row.ending.map_or("", |ending| ending.label(w.lang)),
            row,
        }
    }
}

/// What a test covers, in words.
pub(super) fn scope(scope: &Scope, w: &Words) -> String {
    let numbers = || {
        let all: Vec<String> = scope.zones.named().into_iter().flatten().map(u32::to_string).collect();
        all.join(", ")
    };
    let zones = match &scope.zones {
        Zones::Whole => w.t("test-whole"),
        Zones::Listed(_) => w.n("test-only-n", numbers()),
        Zones::AllExcept(_) => w.n("test-except-n", numbers()),
    };
    let classes = scope.classes.iter().map(|class| Class::from(*class)).chain(scope.life_safety.iter().copied());
    let words: Vec<String> =
        std::iter::once(zones).chain(classes.map(|class| class.label(w.lang).to_owned())).collect();
    words.join(" · ")
}

/// What the form offers.
pub(super) struct TestForm {
    pub(super) reasons: Vec<(&'static str, &'static str)>,
    /// Classes of signal that would be shown, by word and label.
    pub(super) classes: Vec<(&'static str, &'static str)>,
    pub(super) life_safety: Vec<(&'static str, &'static str)>,
    /// For how many minutes when nothing is said.
    pub(super) minutes: u32,
    /// For how many at most.
    pub(super) at_most: u32,
    /// For what the policy asks for a proof; empty for nothing.
    pub(super) proof: &'static str,
}

impl TestForm {
    pub(super) fn of(policy: &Policy, role: Role, w: &Words) -> Self {
        let listed = |wanted: &dyn Fn(Class) -> bool| {
            let classes = Class::ALL.iter().copied().filter(|class| wanted(*class));
            classes.map(|class| (class.as_str(), class.label(w.lang))).collect()
        };
        let at_most = policy.on_test.max_s(role.is_supervisor());
        Self {
            reasons: TestReason::ALL.iter().map(|reason| (reason.as_str(), reason.label(w.lang))).collect(),
            classes: listed(&|class| !is_life_safety(class) && Policy::standard(class) != Handling::Log {}),
            life_safety: listed(&is_life_safety),
            minutes: policy.on_test.default_s.min(at_most) / 60,
            at_most: at_most / 60,
            proof: match policy.on_test.proof {
                ProofFor::Nothing => "",
                asked @ (ProofFor::LifeSafety | ProofFor::Everything) => asked.label(w.lang),
            },
        }
    }
}
