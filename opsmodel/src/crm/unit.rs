//! The card of a guard unit that can be sent to a site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alarmcore::{Position, Timestamp, UnitId};
use serde::{Deserialize, Serialize};

use super::CardError;
use super::name::check_name;

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
    /// Since when it is off duty; set by whoever stores the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_duty_since: Option<Timestamp>,
    /// Where it was last known to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// How many seconds it takes to a district, by the district's name on the accounts' cards.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub travel_s: BTreeMap<Arc<str>, u32>,
    /// The districts that it is contracted for; all where none is named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub districts: BTreeSet<Arc<str>>,
    /// What it can do that the policy may ask for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<Arc<str>>,
    /// How many other jobs it has in hand that are no incidents.
    #[serde(default, skip_serializing_if = "super::is_nought")]
    pub jobs: u32,
}

impl UnitCard {
    /// A new unit that is on duty, and of which nothing else is known.
    pub fn new(id: UnitId, name: impl Into<String>) -> Self {
        Self {
            id,
            version: 0,
            closed_at: None,
            name: name.into(),
            phone: String::new(),
            on_duty: true,
            off_duty_since: None,
            position: None,
            travel_s: BTreeMap::new(),
            districts: BTreeSet::new(),
            skills: BTreeSet::new(),
            jobs: 0,
        }
    }

    /// What the desk needs of the card: a disbanded unit is never on duty.
    pub fn desk_card(&self) -> alarmcore::UnitCard {
        alarmcore::UnitCard {
            unit: self.id,
            on_duty: self.on_duty && self.closed_at.is_none(),
            off_duty_since: self.off_duty_since.or(self.closed_at),
            position: self.position,
            travel_s: self.travel_s.clone(),
            districts: self.districts.clone(),
            skills: self.skills.clone(),
            jobs: self.jobs,
        }
    }

    /// Whether the card can be stored.
    ///
    /// # Errors
    /// When it has no name.
    pub fn check(&self) -> Result<(), CardError> {
        check_name(&self.name)
    }

    /// The card as the next one after `before`, at this moment: since when it is off duty.
    #[must_use]
    pub fn since(self, before: Option<&Self>, at: Timestamp) -> Self {
        let since = before.filter(|before| !before.on_duty).and_then(|before| before.off_duty_since);
        Self { off_duty_since: (!self.on_duty).then(|| since.unwrap_or(at)), ..self }
    }

    /// Its travel to districts, as [`UnitCard::read_travel`] reads it: `East=300, West=900`.
    pub fn travel(&self) -> String {
        let each = self.travel_s.iter().map(|(name, seconds)| format!("{name}={seconds}"));
        each.collect::<Vec<_>>().join(", ")
    }

    /// Seconds of travel by district, as a person writes them.
    ///
    /// # Errors
    /// The part that is not a name, an equals sign and seconds.
    pub fn read_travel(text: &str) -> Result<BTreeMap<Arc<str>, u32>, CardError> {
        let one = |part: &str| {
            let (name, seconds) = part.split_once(['=', '＝'])?;
            let seconds = seconds.trim().trim_end_matches(['s', 'S']).trim_end().parse().ok()?;
            let name = Some(name.trim()).filter(|name| !name.is_empty())?;
            Some((Arc::from(name), seconds))
        };
        parts(text).map(|part| one(part).ok_or_else(|| CardError::Travel(part.to_owned()))).collect()
    }
}

/// Names with commas between them, as a person writes them: `East, West`.
pub fn read_names(text: &str) -> BTreeSet<Arc<str>> {
    parts(text).map(Arc::from).collect()
}

/// The same names as a person reads them.
pub fn write_names(names: &BTreeSet<Arc<str>>) -> String {
    names.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，', '、', ';', '；']).map(str::trim).filter(|part| !part.is_empty())
}
