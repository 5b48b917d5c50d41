//! Trips: how often each zone has been set off since its area was last opened or closed.

use contactid::{Class, Code, NumberIs, Qualifier, Signal};
use serde::{Deserialize, Serialize};

use super::{AccountState, AreaState};
use crate::id::SignalId;
use crate::restore::Place;
use crate::time::Timestamp;

/// A zone that was set off since its area was last opened or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trips {
    /// The code that reported it.
    pub code: Code,
    /// The group.
    pub group: Option<u16>,
    /// The zone.
    pub zone: u32,
    /// How often.
    pub count: u32,
    /// The signal that said so first.
    #[serde(default = "unknown")]
    pub first: SignalId,
    /// The last time.
    pub last: Timestamp,
    /// The time before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Timestamp>,
    /// The last time that a strange source said so: it confirms as any trip does, and brings no zone nearer to swinging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strange: Option<Timestamp>,
}

/// Before every signal: of trips that were kept before it was.
const fn unknown() -> SignalId {
    SignalId::new(0)
}

/// Is this a class by which a panel says that somebody is where nobody should be?
pub(crate) const fn is_intrusion(class: Class) -> bool {
    matches!(class, Class::Burglary | Class::Tamper | Class::General)
}

/// Does the panel itself say that an intrusion is confirmed?
pub(crate) fn is_confirmed_by_panel(code: Code) -> bool {
    match code {
        Code::Cid(code) => code.number() == 139,
        Code::Sia(code) => &code.letters() == b"BV",
        Code::Own(_) => false,
    }
}

/// Is it the near miss of a detector, which is no trip?
fn is_pre_alarm(code: Code) -> bool {
    matches!(code, Code::Cid(code) if code.number() == 138)
}

impl Trips {
    pub(crate) const fn place(&self) -> Place {
        Place { code: self.code, group: self.group, number: Some(self.zone) }
    }

    /// Has the panel never said so, but a strange source only?
    const fn is_hearsay(&self) -> bool {
        self.count == 0
    }

    /// The last time that it was set off, whoever said so.
    pub(crate) fn last_told(&self) -> Timestamp {
        self.strange.map_or(self.last, |strange| strange.max(self.last))
    }

    /// When it was set off before the trip of `at`, which is one of these.
    pub(crate) fn earlier(&self, at: Timestamp) -> impl Iterator<Item = Timestamp> {
        let others = [Some(self.last), self.strange].into_iter().flatten().filter(move |told| *told < at);
        self.before.into_iter().chain(others)
    }
}

impl AreaState {
    /// Does this area hold the group of a signal? A group that one of the two leaves out is no difference: panels often do.
    pub(crate) fn holds(&self, group: Option<u16>) -> bool {
        self.group == group || self.group.is_none() || group.is_none()
    }
}

impl AccountState {
    /// How many zones' trips are kept; beyond it the one that has been quiet longest goes.
    pub const TRIPS: usize = 32;

    /// The trips of the zone that this signal is an alarm of, if it is one.
    pub(crate) fn trips_of(&self, signal: &Signal) -> Option<&Trips> {
        let place = place(signal)?;
        self.trips.iter().find(|trips| trips.place() == place)
    }

    pub(super) fn trip(&mut self, id: SignalId, signal: &Signal, at: Timestamp) {
        let Some(place @ Place { code, group, number: Some(zone) }) = place(signal) else { return };
        let earlier = self.trips.iter().position(|trips| trips.place() == place).map(|old| self.trips.remove(old));
        let count = earlier.map_or(0, |trips| trips.count).saturating_add(1);
        if self.trips.len() == Self::TRIPS {
            let hearsay = self.trips.iter().position(Trips::is_hearsay);
            self.trips.remove(hearsay.unwrap_or(0));
        }
        let first = earlier.filter(|trips| !trips.is_hearsay()).map_or(id, |trips| trips.first);
        let before = earlier.filter(|trips| !trips.is_hearsay()).map(|trips| trips.last);
        let strange = earlier.and_then(|trips| trips.strange);
        self.trips.push(Trips { code, group, zone, count, first, last: at, before, strange });
    }

    /// A strange source says that a zone was set off.
    pub(super) fn trip_strangely(&mut self, id: SignalId, signal: &Signal, at: Timestamp) {
        let Some(place @ Place { code, group, number: Some(zone) }) = place(signal) else { return };
        if let Some(trips) = self.trips.iter_mut().find(|trips| trips.place() == place) {
            trips.strange = Some(at);
        } else if self.trips.len() < Self::TRIPS {
            self.trips.push(Trips {
                code,
                group,
                zone,
                count: 0,
                first: id,
                last: at,
                before: None,
                strange: Some(at),
            });
        }
    }

    /// An area was opened or closed: its zones begin anew.
    pub(super) fn reset_trips(&mut self, area: &AreaState) {
        self.trips.retain(|trips| !area.holds(trips.group));
    }
}

fn place(signal: &Signal) -> Option<Place> {
    let trips = signal.qualifier == Qualifier::New
        && is_intrusion(signal.class())
        && signal.number_is() == NumberIs::Zone
        && signal.number.is_some()
        && !is_confirmed_by_panel(signal.code)
        && !is_pre_alarm(signal.code);
    trips.then(|| Place::of(signal))
}
