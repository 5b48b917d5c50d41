//! What a unit found on the scene, as its machine says it: the fields of a scene report.

use contactid::Lang;
use serde::{Deserialize, Serialize};

use super::{Check, IncidentEvent};
use crate::id::UnitId;

/// What a unit found on the scene. Doors and windows must be said, and nothing that is not a field of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SceneFound {
    /// The doors.
    pub doors: Check,
    /// The windows.
    pub windows: Check,
    /// Are there signs that somebody went in?
    #[serde(default)]
    pub entry_signs: bool,
    /// How many persons were met.
    #[serde(default)]
    pub persons: u16,
    /// References of the pictures taken.
    #[serde(default)]
    pub photos: Vec<String>,
    /// What else was found.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a scene report says of whether somebody was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SceneTrace {
    /// Nobody, as far as was seen.
    #[default]
    Nobody,
    /// Somebody was met, or something stood open.
    Somebody,
    /// Somebody went in or tried to: there are signs of it, or something is damaged.
    Entry,
}

impl SceneTrace {
    pub(super) fn of(doors: Check, windows: Check, entry_signs: bool, persons: u16) -> Self {
        let is = |check| doors == check || windows == check;
        match () {
            () if entry_signs || is(Check::Damaged) => Self::Entry,
            () if persons > 0 || is(Check::Open) => Self::Somebody,
            () => Self::Nobody,
        }
    }

    pub(super) fn is_nobody(&self) -> bool {
        *self == Self::Nobody
    }
}

impl SceneFound {
    /// Was somebody met, or did somebody go in or try to?
    pub(super) fn shows_somebody(&self) -> bool {
        SceneTrace::of(self.doors, self.windows, self.entry_signs, self.persons) != SceneTrace::Nobody
    }

    /// The report that it is, as a person would have written it.
    pub(super) fn reported(&self, unit: UnitId) -> IncidentEvent {
        let Self { doors, windows, entry_signs, persons, photos, note } = self.clone();
        IncidentEvent::SceneReported { unit, doors, windows, entry_signs, persons, photos, note: super::written(&note) }
    }

    /// The same as a text beside `said`, where it is no report of anybody who was sent.
    pub fn beside(&self, said: &Option<String>) -> String {
        let Self { doors, windows, entry_signs, persons, photos, note } = self;
        let mut words = vec![
            format!("doors {} 门{}", doors.as_str(), doors.label(Lang::Zh)),
            format!("windows {} 窗{}", windows.as_str(), windows.label(Lang::Zh)),
        ];
        words.extend(entry_signs.then(|| "signs of entry 有侵入痕迹".to_owned()));
        words.extend((*persons > 0).then(|| format!("persons 人员 {persons}")));
        words.extend((!photos.is_empty()).then(|| format!("pictures 照片 {}", photos.join(" "))));
        let found = format!("[{}]", words.join(", "));
        let (said, note) = (super::written(said), super::written(note));
        [said.as_deref(), note.as_deref(), Some(&found)].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
