//! The clauses of the packs in force, as the policy keeps them beside what they set: so that it can be told of a key which clause it
//! comes from, in the words of the pack as it then was.

use contactid::Lang;
use serde::{Deserialize, Serialize};

use super::{ClauseId, Mark};
use crate::policy::{Override, Policy};

/// Words in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Said {
    /// In this language.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A clause of a pack in force that sets or switches on something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseInForce {
    /// Its name.
    pub clause: ClauseId,
    /// Its pack with the version, as `uk-npcc@1`.
    pub pack: String,
    /// How well it is established what it asks.
    pub mark: Mark,
    /// What it asks, in the pack's words.
    pub text: Said,
    /// The place, counted from 0, of the override whose pack it is; `None` for a pack of the whole centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
    /// What it sets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<KeySet>,
}

/// A key that a clause sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySet {
    /// The key, as `confirm.within_s`.
    pub key: String,
    /// What the clause sets it to.
    pub set: String,
    /// What it is instead: a later clause, or the file itself, says otherwise. Empty where nothing of the kind is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

impl ClauseInForce {
    /// The override whose pack it is; `None` for a pack of the whole centre.
    pub fn of_some<'a>(&self, policy: &'a Policy) -> Option<&'a Override> {
        policy.overrides.get(usize::try_from(self.place?).ok()?)
    }

    /// What it sets this key to.
    pub fn sets(&self, key: &str) -> Option<&KeySet> {
        self.sets.iter().find(|set| set.key == key)
    }
}
