//! Guard units, as far as the desk needs to know them.

use serde::{Deserialize, Serialize};

use crate::id::UnitId;

/// A guard unit: may it be sent at all? Whether it is free, the desk knows from its incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCard {
    /// Which unit.
    pub unit: UnitId,
    /// Is it on duty?
    pub on_duty: bool,
}
