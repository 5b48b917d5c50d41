//! Rule packs: what a standard, an authority or a programme asks of a centre, clause by clause, as one data file each.
//!
//! A clause says in our own words what is asked, how well that is established (its [`Mark`]), what it sets of the policy,
//! which rule of the closed list ([`PackRule`]) it switches on, and the cases that show it. A clause whose mark is
//! [`Mark::Unverified`] is a parameter: nothing that is printed says that it is complied with.

#[cfg(feature = "toml")]
mod book;
#[cfg(feature = "toml")]
mod file;
#[cfg(feature = "toml")]
mod finding;
mod in_force;
mod rule;
mod when;
mod window;
mod written;

#[cfg(feature = "toml")]
pub use book::{Deviation, Rulebook};
#[cfg(feature = "toml")]
pub use file::{Case, Clause, Pack};
#[cfg(feature = "toml")]
pub use finding::{Finding, WhyNot, percent};
pub use in_force::{ClauseInForce, KeySet, Said};
pub use rule::{
    AlwaysRule, Claim, ClauseRule, Counts, DueRule, FalseCallRule, Invariant, Measure, PackRule, PollRule, ProofNeed,
    Register, RegisterRule, Span, TargetRule,
};
pub(crate) use when::shows;
pub use when::{Feature, Features, Sign, When};
pub use window::Window;

use core::fmt;
use core::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// How well it is established what a clause asks.
    Mark {
        /// Seen in a published source.
        Verified "V" "seen in a published source" "已见公开来源",
        /// Second-hand, or a vendor's claim.
        SecondHand "S" "second-hand" "二手来源",
        /// Not verified: a parameter, never a promise.
        Unverified "U" "parameter, unverified" "参数,未经核实",
    }
}

/// A clause, as `PACK.CLAUSE`: lower-case letters, digits and hyphens around one dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClauseId(Arc<str>);

impl ClauseId {
    /// The pack's part.
    pub fn pack(&self) -> &str {
        self.0.split_once('.').map_or(&self.0, |(pack, _)| pack)
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not the name of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a clause is named `pack.clause`: lower-case letters, digits and hyphens around one dot")]
pub struct NotAClause;

impl FromStr for ClauseId {
    type Err = NotAClause;

    fn from_str(text: &str) -> Result<Self, NotAClause> {
        let named = text.split_once('.').is_some_and(|(pack, clause)| is_name(pack) && is_name(clause));
        if named { Ok(Self(text.into())) } else { Err(NotAClause) }
    }
}

impl TryFrom<String> for ClauseId {
    type Error = NotAClause;

    fn try_from(text: String) -> Result<Self, NotAClause> {
        text.parse()
    }
}

impl From<ClauseId> for String {
    fn from(clause: ClauseId) -> Self {
        String::from(&*clause.0)
    }
}

impl fmt::Display for ClauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

fn is_name(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    !text.is_empty() && text.chars().all(fits)
}
