//! Guard units, as far as the desk needs to know them: where each is, what it can do, and whether it may be sent.

mod choice;
mod position;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use choice::{Asked, ranked};
pub use choice::{Candidate, Choice, ChosenBy, NotSent, TravelBasis};
pub use position::{NotAPosition, Position};

use crate::id::UnitId;
use crate::time::Timestamp;

/// A guard unit: may it be sent at all, and what does it cost? Whether it is free, the desk knows from its incidents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCard {
    /// Which unit.
    pub unit: UnitId,
    /// Is it on duty?
    pub on_duty: bool,
    /// Since when it is off duty, where that is known. One that goes off duty on its way is replaced from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_duty_since: Option<Timestamp>,
    /// Where it was last known to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// How many seconds it takes to a district, by the district's name on the accounts' cards; it goes before the straight line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub travel_s: BTreeMap<Arc<str>, u32>,
    /// The districts that it is contracted for; all where none is named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub districts: BTreeSet<Arc<str>>,
    /// What it can do that the policy may ask for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<Arc<str>>,
    /// How many other jobs it has in hand that are no incidents: rounds, transports, keys.
    #[serde(default, skip_serializing_if = "crate::incident::is_nought")]
    pub jobs: u32,
}

impl UnitCard {
    /// A unit that is on duty, and of which nothing else is known.
    pub const fn new(unit: UnitId) -> Self {
        Self {
            unit,
            on_duty: true,
            off_duty_since: None,
            position: None,
            travel_s: BTreeMap::new(),
            districts: BTreeSet::new(),
            skills: BTreeSet::new(),
            jobs: 0,
        }
    }
}
