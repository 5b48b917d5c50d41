//! How an account stands, in words: armed, in alarm, bypassed, on mains or on its battery.

use alarmcore::{Arming, Timestamp};
use contactid::{Class, NumberIs};
use opsmodel::crm::Zone;
use opsmodel::store::query::AccountSheet;

use super::frame::Frame;

/// What the panel `part/state.html` shows.
pub(super) struct State {
    /// Nothing has been heard yet: nothing is known.
    pub(super) silent: bool,
    pub(super) areas: Vec<Area>,
    pub(super) alarms: Vec<Mark>,
    pub(super) bypassed: Vec<Mark>,
    pub(super) troubles: Vec<Mark>,
    pub(super) on_battery_since: Option<Timestamp>,
    pub(super) battery_low_since: Option<Timestamp>,
    pub(super) testing_since: Option<Timestamp>,
    pub(super) last_signal_at: Option<Timestamp>,
}

/// A group of zones that is armed as one.
pub(super) struct Area {
    pub(super) name: String,
    pub(super) arming: &'static str,
    pub(super) label: &'static str,
    /// Who did it, where the panel says.
    pub(super) by: Option<String>,
    pub(super) since: Timestamp,
}

/// Something that began and has not ended.
pub(super) struct Mark {
    pub(super) text: String,
    pub(super) since: Timestamp,
}

impl State {
    /// The standing of the account on this sheet.
    pub(super) fn of(sheet: &AccountSheet, f: &Frame) -> Self {
        let Some(state) = &sheet.state else {
            return Self {
                silent: true,
                areas: Vec::new(),
                alarms: Vec::new(),
                bypassed: Vec::new(),
                troubles: Vec::new(),
                on_battery_since: None,
                battery_low_since: None,
                testing_since: None,
                last_signal_at: None,
            };
        };
        let mark =
            |standing: &alarmcore::Standing| Mark { text: text(standing, &sheet.zones, f), since: standing.since };
        let power = |class| matches!(class, Class::MainsPower | Class::Battery);
        let named = sheet.area_users.iter().map(Option::as_deref).chain(std::iter::repeat(None));
        let areas = state.areas.iter().zip(named).map(|(area, name)| Area {
            name: area.group.map_or_else(|| f.w.t("area-whole"), |group| f.w.n("area-n", group)),
            arming: match area.arming {
                Arming::Disarmed => "disarmed",
                Arming::Part => "part",
                Arming::Armed => "armed",
            },
            label: area.arming.label(f.w.lang),
            by: area.by.map(|user| f.w.user(user, name)),
            since: area.since,
        });
        Self {
            silent: false,
            areas: areas.collect(),
            alarms: state.alarms.iter().map(mark).collect(),
            bypassed: state.bypassed.iter().map(mark).collect(),
            troubles: state.troubles.iter().filter(|trouble| !power(trouble.class)).map(mark).collect(),
            on_battery_since: state.on_battery_since(),
            battery_low_since: state.battery_low_since(),
            testing_since: state.test_mode_since,
            last_signal_at: state.last_signal.map(|heard| heard.at),
        }
    }
}

fn text(standing: &alarmcore::Standing, zones: &[Zone], f: &Frame) -> String {
    let name = standing.code.name(f.w.lang).map_or_else(|| standing.code.to_string(), str::to_owned);
    let counts = standing.code.number_is();
    let zone = zones.iter().find(|zone| counts == NumberIs::Zone && Some(zone.number) == standing.number);
    match (standing.number, zone) {
        (Some(number), Some(zone)) => format!("{} {number} {}", counts.label(f.w.lang), zone.name),
        (Some(number), None) => format!("{} {number} · {name}", counts.label(f.w.lang)),
        (None, _) => name,
    }
}
