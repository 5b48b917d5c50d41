//! How likely people, and a threat by them, are on the scene: the level of an incident after ANSI/TMA AVS-01, and why.
//!
//! The meaning of the levels is the standard's, in our own words. Which evidence makes which level is this desk's own
//! mapping:
//!
//! | evidence | level |
//! |---|---|
//! | an intrusion, tamper, general or forced-door alarm; two failing paths | 1 |
//! | a hold-up or duress signal; further zones, a failing path or the panel's word that it is confirmed | 2 |
//! | whoever answers at the site itself does not know the codeword; somebody is seen, heard or met | 2 |
//! | signs of entry; damage or theft that somebody sees; confirmed real | 3 |
//! | weapons or violence that somebody sees; the duress code on a call; a hold-up confirmed real | 4 |
//! | found false | 0 |

use contactid::{Lang, Qualifier};
use serde::{Deserialize, Serialize};

use super::{CallResult, Incident, IncidentEvent, Kind, RaiseReason, Record};
use crate::id::{ContactId, OperatorId};
use crate::time::Timestamp;
use crate::words::words;

/// A level of AVS-01: 0 to 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct AvsLevel(u8);

/// A number that is no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no level of AVS-01: 0 to 4")]
pub struct NotALevel(pub u8);

impl AvsLevel {
    /// No request to send the police.
    pub const NO_REQUEST: Self = Self(0);
    /// A request with little or nothing beside the signal.
    pub const SIGNAL_ONLY: Self = Self(1);
    /// People are there or very likely there; what they want is unknown.
    pub const PEOPLE: Self = Self(2);
    /// A threat to property is confirmed.
    pub const PROPERTY: Self = Self(3);
    /// A threat to life is confirmed.
    pub const LIFE: Self = Self(4);
    /// All levels, the lowest first.
    pub const ALL: [Self; 5] = [Self::NO_REQUEST, Self::SIGNAL_ONLY, Self::PEOPLE, Self::PROPERTY, Self::LIFE];

    /// The number.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// What it means, as a person reads it.
    pub const fn label(self, lang: Lang) -> &'static str {
        match (self.0, lang) {
            (0, Lang::En) => "No request for police",
            (0, Lang::Zh) => "不请求出警",
            (1, Lang::En) => "Little beside the signal",
            (1, Lang::Zh) => "仅有报警信号",
            (2, Lang::En) => "People there, intent unknown",
            (2, Lang::Zh) => "现场有人,意图不明",
            (3, Lang::En) => "Threat to property",
            (3, Lang::Zh) => "财产受威胁",
            (_, Lang::En) => "Threat to life",
            (_, Lang::Zh) => "生命受威胁",
        }
    }
}

impl TryFrom<u8> for AvsLevel {
    type Error = NotALevel;

    fn try_from(level: u8) -> Result<Self, NotALevel> {
        if level <= Self::LIFE.0 { Ok(Self(level)) } else { Err(NotALevel(level)) }
    }
}

impl From<AvsLevel> for u8 {
    fn from(level: AvsLevel) -> Self {
        level.0
    }
}

impl core::fmt::Display for AvsLevel {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.0, f)
    }
}

words! {
    /// What changed the level of an incident.
    AvsReason {
        /// The alarm alone.
        Alarm "alarm" "Alarm signal" "报警信号",
        /// A button was pressed or a code entered that only people press or enter.
        HoldUp "hold-up" "Hold-up or duress signal" "紧急或胁迫信号",
        /// A second sign confirmed the intrusion.
        Confirmed "confirmed" "Intrusion confirmed" "入侵已确认",
        /// Somebody answers at the site who does not know the codeword.
        Stranger "stranger" "Stranger answers at the site" "现场接听者身份不明",
        /// The duress code on a call.
        DuressCode "duress-code" "Duress code on the call" "通话中使用胁迫口令",
        /// Pictures, sound or somebody on the spot.
        Observed "observed" "Seen or heard" "目击或音视频",
        /// The unit on the scene.
        Scene "scene" "Scene report" "现场勘查报告",
        /// Confirmed real.
        Real "real" "Confirmed real" "确认真实警情",
        /// Found false.
        FoundFalse "found-false" "Found false" "确认误报",
        /// An operator, who wrote down why.
        ByHand "by-hand" "Set by hand" "人工设定",
    }
}

/// One change of an incident's level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvsChange {
    /// When.
    pub at: Timestamp,
    /// The level from then on.
    pub level: AvsLevel,
    /// Why.
    pub reason: AvsReason,
    /// Who, where a person did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OperatorId>,
    /// The record that it rests on.
    pub version: u32,
}

impl Incident {
    /// Its level now.
    pub fn avs_level(&self) -> AvsLevel {
        self.avs.last().map_or(AvsLevel::NO_REQUEST, |change| change.level)
    }

    /// Takes the level to what this record is evidence of: up by evidence, down by a verdict or by hand only.
    pub(super) fn weigh(&mut self, record: &Record) {
        let now = self.avs_level();
        let Some((level, reason)) = evidence(self.kind, &record.event) else { return };
        let sets = matches!(reason, AvsReason::FoundFalse | AvsReason::ByHand);
        if level > now || sets && level != now {
            let Record { at, by, version, .. } = *record;
            self.avs.push(AvsChange { at, level, reason, by, version });
        }
    }
}

/// The level that an event alone is evidence of, for an incident of this kind.
fn evidence(kind: Kind, event: &IncidentEvent) -> Option<(AvsLevel, AvsReason)> {
    match event {
        IncidentEvent::Opened { kind, .. } => alarm(*kind),
        IncidentEvent::SignalJoined { evidence, .. } if evidence.qualifier != Some(Qualifier::Restore) => {
            alarm(Kind::of(evidence.code?.class()))
        }
        IncidentEvent::Raised { reason, .. } => match reason {
            RaiseReason::DuressCode => Some((AvsLevel::LIFE, AvsReason::DuressCode)),
            RaiseReason::CrossZone | RaiseReason::PathFault | RaiseReason::PanelConfirmed => {
                Some((AvsLevel::PEOPLE, AvsReason::Confirmed))
            }
            _ => None,
        },
        IncidentEvent::Called { contact, result, .. } => match result {
            CallResult::DuressCode => Some((AvsLevel::LIFE, AvsReason::DuressCode)),
            CallResult::WrongCode | CallResult::Refused if *contact == ContactId::SITE => {
                Some((AvsLevel::PEOPLE, AvsReason::Stranger))
            }
            _ => None,
        },
        IncidentEvent::Observed { saw, .. } => Some((saw.level()?, AvsReason::Observed)),
        IncidentEvent::SceneReported { entry_signs: true, .. } => Some((AvsLevel::PROPERTY, AvsReason::Scene)),
        IncidentEvent::SceneReported { persons, .. } if *persons > 0 => Some((AvsLevel::PEOPLE, AvsReason::Scene)),
        IncidentEvent::ConfirmedReal { .. } => match alarm(kind) {
            Some((AvsLevel::SIGNAL_ONLY, _)) => Some((AvsLevel::PROPERTY, AvsReason::Real)),
            Some(_) => Some((AvsLevel::LIFE, AvsReason::Real)),
            None => None,
        },
        IncidentEvent::VerifiedFalse { .. } | IncidentEvent::SceneFalse { .. } | IncidentEvent::Overturned { .. } => {
            Some((AvsLevel::NO_REQUEST, AvsReason::FoundFalse))
        }
        IncidentEvent::LevelSet { level, .. } => Some((*level, AvsReason::ByHand)),
        _ => None,
    }
}

/// What the signal alone says, of the kinds that the police are asked for.
const fn alarm(kind: Kind) -> Option<(AvsLevel, AvsReason)> {
    match kind {
        Kind::HoldUp | Kind::Duress => Some((AvsLevel::PEOPLE, AvsReason::HoldUp)),
        Kind::Burglary | Kind::Tamper | Kind::General | Kind::Access => Some((AvsLevel::SIGNAL_ONLY, AvsReason::Alarm)),
        _ => None,
    }
}
