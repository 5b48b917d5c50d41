//! What a unit found on the scene, as its machine says it: the fields of a scene report.

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

impl SceneFound {
    /// Was somebody met, or did somebody go in or try to?
    pub(super) fn shows_somebody(&self) -> bool {
        let touched = |what: Check| matches!(what, Check::Open | Check::Damaged);
        self.persons > 0 || self.entry_signs || touched(self.doors) || touched(self.windows)
    }

    /// The report that it is, as a person would have written it.
    pub(super) fn reported(&self, unit: UnitId) -> IncidentEvent {
        let Self { doors, windows, entry_signs, persons, photos, note } = self.clone();
        IncidentEvent::SceneReported { unit, doors, windows, entry_signs, persons, photos, note: super::written(&note) }
    }
}
