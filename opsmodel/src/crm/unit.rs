//! The card of a guard unit that can be sent to a site.

use alarmcore::{Timestamp, UnitId};
use serde::{Deserialize, Serialize};

use super::CardError;
use super::account::check_name;

/// What the centre knows of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCard {
    /// Number; what events name the unit by.
    pub id: UnitId,
    /// Version of the card that this is an edition of; 0 for a card that is not stored yet.
    pub version: u32,
    /// When the unit was disbanded; its card and history stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// Name: `North 1`.
    pub name: String,
    /// Telephone or radio call sign.
    #[serde(default)]
    pub phone: String,
    /// Whether it can be sent.
    pub on_duty: bool,
}

impl UnitCard {
    /// What the desk needs of the card: a disbanded unit is never on duty.
    pub const fn desk_card(&self) -> alarmcore::UnitCard {
        alarmcore::UnitCard { unit: self.id, on_duty: self.on_duty && self.closed_at.is_none() }
    }

    /// Whether the card can be stored.
    ///
    /// # Errors
    /// When it has no name.
    pub fn check(&self) -> Result<(), CardError> {
        check_name(&self.name)
    }
}
