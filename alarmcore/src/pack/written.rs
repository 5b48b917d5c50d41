//! A rule as a file writes it: flat, so that whatever reads it knows the place of each key, and then checked.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::rule::{
    AlwaysRule, Claim, Counts, DueRule, FalseCallRule, Invariant, Measure, PackRule, PollRule, ProofNeed, Register,
    RegisterRule, Span, TargetRule,
};
use super::when::{Sign, When};
use super::window::Window;
use crate::incident::{Authority, Kind};

/// Every key that a rule can have; which of them go together is checked afterwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    kind: Word,
    act: Option<Claim>,
    to: Option<Authority>,
    within_s: Option<u32>,
    when: Option<When>,
    counts: Option<Counts>,
    kinds: Option<BTreeSet<Kind>>,
    window: Option<Window>,
    after: Option<u32>,
    then: Option<Measure>,
    within_h: Option<u32>,
    clean_months: Option<u32>,
    proof: Option<ProofNeed>,
    unless: Option<BTreeSet<Sign>>,
    span: Option<Span>,
    others: Option<bool>,
    per_mille: Option<u32>,
    register: Option<Register>,
    every_h: Option<u32>,
    holds: Option<Invariant>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Due,
    FalseCalls,
    Target,
    Register,
    Poll,
    Always,
}

/// The keys do not go together.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    #[error("a rule of kind `{0}` needs `{1}`")]
    Missing(&'static str, &'static str),
    #[error("a rule of kind `{0}` has no `{1}`")]
    Foreign(&'static str, &'static str),
    #[error("`{0}` must be {1} to {2}")]
    Range(&'static str, u32, u32),
    #[error("a hand-off needs `to`, and nothing else has one")]
    ToWhom,
    #[error("only what is `forwarded` has a `to`")]
    NotForwarded,
    #[error("only `then = \"remedy\"` has `within_h`, only `then = \"withdraw\"` has `clean_months` and `unless`")]
    NotOfThisMeasure,
    #[error("a remedy stands until it is proved: its `proof` is \"needed\" or \"clears\"")]
    RemedyWithoutProof,
    #[error("a withdrawal is lifted after `clean_months`, by `proof`, or both: say which")]
    NeverWithdrawn,
}

impl Written {
    /// The name and keys of each kind.
    const fn keys(kind: Word) -> (&'static str, &'static [&'static str]) {
        match kind {
            Word::Due => ("due", &["act", "to", "within_s", "when"]),
            Word::FalseCalls => (
                "false-calls",
                &["counts", "kinds", "window", "after", "then", "within_h", "clean_months", "proof", "unless"],
            ),
            Word::Target => ("target", &["span", "kinds", "others", "to", "within_s", "per_mille"]),
            Word::Register => ("register", &["register", "every_h"]),
            Word::Poll => ("poll", &["within_s"]),
            Word::Always => ("always", &["holds"]),
        }
    }

    fn given(&self) -> [(&'static str, bool); 19] {
        [
            ("act", self.act.is_some()),
            ("to", self.to.is_some()),
            ("within_s", self.within_s.is_some()),
            ("when", self.when.is_some()),
            ("counts", self.counts.is_some()),
            ("kinds", self.kinds.is_some()),
            ("window", self.window.is_some()),
            ("after", self.after.is_some()),
            ("then", self.then.is_some()),
            ("within_h", self.within_h.is_some()),
            ("clean_months", self.clean_months.is_some()),
            ("proof", self.proof.is_some()),
            ("unless", self.unless.is_some()),
            ("span", self.span.is_some()),
            ("others", self.others.is_some()),
            ("per_mille", self.per_mille.is_some()),
            ("register", self.register.is_some()),
            ("every_h", self.every_h.is_some()),
            ("holds", self.holds.is_some()),
        ]
    }
}

/// A number in its range, or of a rule that needs it nothing at all.
fn within(kind: &'static str, key: &'static str, number: Option<u32>, least: u32, most: u32) -> Result<u32, Unfit> {
    let number = number.ok_or(Unfit::Missing(kind, key))?;
    if (least..=most).contains(&number) { Ok(number) } else { Err(Unfit::Range(key, least, most)) }
}

impl TryFrom<Written> for PackRule {
    type Error = Unfit;

    fn try_from(written: Written) -> Result<Self, Unfit> {
        let (kind, keys) = Written::keys(written.kind);
        if let Some((key, _)) = written.given().into_iter().find(|(key, given)| *given && !keys.contains(key)) {
            return Err(Unfit::Foreign(kind, key));
        }
        let missing = |key| Unfit::Missing(kind, key);
        Ok(match written.kind {
            Word::Due => {
                let act = written.act.ok_or(missing("act"))?;
                if (act == Claim::HandOff) != written.to.is_some() {
                    return Err(Unfit::ToWhom);
                }
                let within_s = within(kind, "within_s", written.within_s, 1, 86_400)?;
                Self::Due(DueRule { act, to: written.to, within_s, when: written.when.unwrap_or_default() })
            }
            Word::FalseCalls => Self::FalseCalls(false_calls(written)?),
            Word::Target if written.to.is_some() && written.span != Some(Span::Forwarded) => {
                return Err(Unfit::NotForwarded);
            }
            Word::Target => Self::Target(TargetRule {
                span: written.span.ok_or(missing("span"))?,
                kinds: written.kinds.unwrap_or_default(),
                others: written.others.unwrap_or_default(),
                to: written.to,
                within_s: within(kind, "within_s", written.within_s, 1, 86_400)?,
                per_mille: within(kind, "per_mille", Some(written.per_mille.unwrap_or(1000)), 1, 1000)?,
            }),
            Word::Register => Self::Register(RegisterRule {
                register: written.register.ok_or(missing("register"))?,
                every_h: within(kind, "every_h", written.every_h, 1, 8784)?,
            }),
            Word::Poll => Self::Poll(PollRule { within_s: within(kind, "within_s", written.within_s, 1, 86_400)? }),
            Word::Always => Self::Always(AlwaysRule { holds: written.holds.ok_or(missing("holds"))? }),
        })
    }
}

fn false_calls(written: Written) -> Result<FalseCallRule, Unfit> {
    let kind = "false-calls";
    let then = written.then.ok_or(Unfit::Missing(kind, "then"))?;
    let foreign = match then {
        Measure::Warn => written.within_h.is_some() || written.clean_months.is_some() || written.unless.is_some(),
        Measure::Remedy => written.clean_months.is_some() || written.unless.is_some(),
        Measure::Withdraw => written.within_h.is_some(),
    };
    if foreign {
        return Err(Unfit::NotOfThisMeasure);
    }
    let proof = written.proof.unwrap_or(ProofNeed::None);
    if then == Measure::Remedy && proof == ProofNeed::None {
        return Err(Unfit::RemedyWithoutProof);
    }
    if then == Measure::Withdraw && proof == ProofNeed::None && written.clean_months.is_none_or(|months| months == 0) {
        return Err(Unfit::NeverWithdrawn);
    }
    Ok(FalseCallRule {
        counts: written.counts.ok_or(Unfit::Missing(kind, "counts"))?,
        kinds: written.kinds.unwrap_or_default(),
        window: written.window.ok_or(Unfit::Missing(kind, "window"))?,
        after: within(kind, "after", written.after, 1, 64)?,
        then,
        within_h: written.within_h.map(|hours| within(kind, "within_h", Some(hours), 1, 8784)).transpose()?,
        clean_months: within(kind, "clean_months", Some(written.clean_months.unwrap_or(0)), 0, 12)?,
        proof,
        unless: written.unless.unwrap_or_default(),
    })
}
