//! When a rule asks for an act: what the incident is about, what the site has, and what is known.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::incident::{Basis, Incident, Kind, Source, Verdict};
use crate::words::words;

words! {
    /// What a site has that rules ask for; stands on its account's card.
    Feature {
        /// Pictures of the site can be looked at from the centre.
        Video "video" "Video" "视频监控",
        /// Its panic buttons also report to the police directly.
        PoliceLinked "police-linked" "Linked to the police" "与110联网",
        /// A guard or watchman is on the site.
        Guarded "guarded" "Guard on site" "有人值守",
    }
}

/// The features of a site, in a byte: a million quiet accounts have a card each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Feature>", into = "Vec<Feature>")]
pub struct Features(u8);

impl Features {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// Has it this one?
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u8) != 0
    }

    /// Has it none?
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<T: IntoIterator<Item = Feature>>(features: T) -> Self {
        Self(features.into_iter().fold(0, |bits, feature| bits | 1 << feature as u8))
    }
}

impl From<Vec<Feature>> for Features {
    fn from(features: Vec<Feature>) -> Self {
        features.into_iter().collect()
    }
}

impl From<Features> for Vec<Feature> {
    fn from(features: Features) -> Self {
        Feature::ALL.iter().copied().filter(|feature| features.has(*feature)).collect()
    }
}

words! {
    /// What is known of an incident.
    Sign {
        /// A further sign confirmed the intrusion: enough zones, a second trip, failing paths, or the panel's own word.
        Confirmed "confirmed" "confirmed by a second sign" "经第二信号确认",
        /// Guards or a unit on the scene say that it is real.
        RealByScene "real-by-scene" "confirmed on the scene" "现场人员确认",
        /// The user, or staff on the telephone, says so.
        RealByContact "real-by-contact" "confirmed by the user" "用户确认",
        /// Pictures or sound show it.
        RealByVideo "real-by-video" "seen on video" "视频发现",
        /// A witness or the police say so.
        RealByWitness "real-by-witness" "confirmed by a witness" "目击者确认",
        /// The duress word was said on a call: the user is in danger, and cannot say so.
        DuressWord "duress-word" "the duress word was said" "用户使用胁迫口令",
        /// Pictures show people on the scene, or what they do.
        SuspectsOnVideo "suspects-on-video" "suspects seen on video" "视频中发现可疑人员",
        /// Contacts were called, and none of them was reached: nobody answered, or whoever did is not known to be the user.
        UserUnreached "user-unreached" "the user cannot be reached" "联系不上用户",
    }
}

/// All of it must be so; what is left empty asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// What it is about, or what else stands in it and has not restored: one of these. A hold-up within a fire is both.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<Kind>,
    /// What the site has: all of these.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub with: BTreeSet<Feature>,
    /// What the site has not: none of these.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub without: BTreeSet<Feature>,
    /// What is known: at least one of these.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub any: BTreeSet<Sign>,
}

impl When {
    /// Is it so?
    pub fn holds(&self, incident: &Incident, features: Features) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.iter().any(|kind| incident.is_of(*kind));
        let site = self.with.iter().all(|with| features.has(*with))
            && !self.without.iter().any(|without| features.has(*without));
        kind && site && shows(incident, &self.any)
    }
}

/// Is one of these known of it? Nothing is asked by none.
pub(crate) fn shows(incident: &Incident, any: &BTreeSet<Sign>) -> bool {
    any.is_empty() || any.iter().any(|sign| sign.is_known(incident))
}

impl Sign {
    fn is_known(self, incident: &Incident) -> bool {
        let real_by = |basis| incident.verdict == Some(Verdict::Real { basis });
        match self {
            Self::Confirmed => incident.confirmed.is_some(),
            Self::RealByScene => real_by(Basis::Scene),
            Self::RealByContact => real_by(Basis::Contact),
            Self::RealByVideo => real_by(Basis::Video),
            Self::RealByWitness => real_by(Basis::Witness),
            Self::UserUnreached => {
                !incident.calls.is_empty() && !incident.calls.iter().any(|call| call.result.reaches_user())
            }
            Self::DuressWord => incident.is_under_duress(),
            Self::SuspectsOnVideo => incident.has_seen(Source::Video),
        }
    }
}
