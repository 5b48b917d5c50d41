//! The fold: what one signal does to the state of its account. No policy has a say in it.

use contactid::{Class, Code, NumberIs, Qualifier, Signal};

use thin_vec::ThinVec;

use super::copies::Copied;
use super::{AccountState, AreaState, Arming, Heard, Standing, Turned};
use crate::expect::{EXPECTATION, Expected};
use crate::report::{Marks, Received};
use crate::restore::Place;
use crate::time::Timestamp;

impl AccountState {
    /// Adds one signal. The state at any past moment is the fold of the signals up to it, with [`AccountState::apply_strange`] for
    /// those of strange sources.
    pub fn apply(&mut self, received: &Received) {
        let report = &received.report;
        let at = report.received_at;
        if report.marks.contains(Marks::SUPERVISION) {
            return self.miss(received);
        }
        // What a person reports is no sign of life of the panel, and no word of it: it makes nothing of the panel a copy, brings no zone
        // nearer to swinging, satisfies nothing that is expected of it, and the panel will never restore it.
        if report.is_by_person() {
            self.signals += 1;
            return;
        }
        let before = self.last_signal.replace(Heard { signal: received.id, at });
        let copied = self.remember(received.id, report);
        // What a second path says as well is known: it may even have ended since.
        if copied == Copied::Duplicate {
            return;
        }
        let again = copied == Copied::Repeat;
        self.signals += u64::from(!again);
        if let Some(before) = before.filter(|_| !again) {
            self.pace.follow(at.millis() - before.at.millis());
        }
        if let Some(signal) = &report.signal {
            if !again {
                self.trip(received.id, signal, at);
                self.see(signal, at);
                self.hear(signal, at);
            }
            self.fold(&Standing::began(signal, received), signal, at);
        }
    }

    /// Adds one signal that came from where the card does not list. What begins stands as if the panel had said it. Nothing ends,
    /// opens, closes or is heard by it, it makes no other frame a repeat or a copy, and where there is no room it takes nobody's.
    pub fn apply_strange(&mut self, received: &Received) {
        let report = &received.report;
        let full = [&self.alarms, &self.bypassed, &self.troubles].iter().any(|list| list.len() >= Self::STANDING);
        let Some(signal) = report.signal.as_ref().filter(|_| !full && self.duplicate_of(report).is_none()) else {
            return;
        };
        let at = report.received_at;
        if self.repeat_of(report, Self::REPEATING_S).is_none() {
            self.trip_strangely(received.id, signal, at);
        }
        let moves = matches!(signal.class(), Class::OpenClose | Class::Test | Class::TestMode);
        if signal.qualifier != Qualifier::Restore && !moves {
            self.fold(&Standing::began(signal, received), signal, at);
        }
    }

    /// The centre itself says that something is missing, or has come after all.
    fn miss(&mut self, received: &Received) {
        let signal = received.report.signal.as_ref();
        let missing = signal.is_some_and(|signal| signal.qualifier != Qualifier::Restore);
        let is_of_card = received.report.token == EXPECTATION;
        let expected = |code| if is_of_card { Some(Expected::Event) } else { Expected::of(code) };
        match signal.and_then(|signal| Some((signal, expected(signal.code)?))) {
            None | Some((_, Expected::Heartbeat)) => {
                let at = received.report.received_at;
                self.silent_signal = missing.then_some(self.silent_signal.unwrap_or(received.id));
                self.silent_since = missing.then_some(self.silent_since.unwrap_or(at));
                self.path_failed_at = if missing { Some(at) } else { self.path_failed_at };
            }
            // The newest report counts: what was missed once and again is missed since the last time.
            Some((signal, Expected::Test | Expected::Closing | Expected::Opening | Expected::Event)) => {
                self.missed.retain(|missed| missed.place() != Place::of(signal));
                if missing {
                    keep(&mut self.missed, &Standing::began(signal, received));
                }
            }
        }
    }

    fn fold(&mut self, standing: &Standing, signal: &Signal, at: Timestamp) {
        let ends = signal.qualifier == Qualifier::Restore;
        if standing.class == Class::Communication && signal.qualifier == Qualifier::New {
            self.path_failed_at = Some(at);
        }
        match standing.class {
            Class::OpenClose => self.arm(signal, at),
            Class::Test => self.last_test = Some(Heard { signal: standing.signal, at }),
            Class::TestMode => self.test_mode_since = (!ends).then_some(self.test_mode_since.unwrap_or(at)),
            // One restore may end an alarm and a trouble of the same zone.
            _ if ends => {
                let place = Place::of(signal);
                for list in [&mut self.alarms, &mut self.bypassed, &mut self.troubles] {
                    list.retain(|began| !place.ends(&began.place()));
                }
            }
            Class::Medical
            | Class::Fire
            | Class::HoldUp
            | Class::Duress
            | Class::Gas
            | Class::Burglary
            | Class::Tamper
            | Class::Environment
            | Class::General => stand(&mut self.alarms, standing, signal),
            Class::Bypass => stand(&mut self.bypassed, standing, signal),
            Class::MainsPower
            | Class::Battery
            | Class::System
            | Class::Sounder
            | Class::Peripheral
            | Class::Communication
            | Class::Sensor
            | Class::FireSupervisory
            | Class::Disable => stand(&mut self.troubles, standing, signal),
            Class::Cancel
            | Class::RemoteAccess
            | Class::Access
            | Class::Schedule
            | Class::Personnel
            | Class::Log
            | Class::Program
            | Class::Vendor
            | Class::Other => {}
        }
    }

    fn arm(&mut self, signal: &Signal, at: Timestamp) {
        let Some(area) = AreaState::after(signal, at) else { return };
        self.reset_trips(&area);
        match self.areas.binary_search_by_key(&area.group, |area| area.group) {
            Ok(place) => {
                let last = self.areas[place];
                let turned = (last.arming == Arming::Disarmed) != (area.arming == Arming::Disarmed);
                let before = if turned { Some(Turned { at: last.since, by: last.by }) } else { last.before };
                self.areas[place] = AreaState { before, ..area };
            }
            Err(place) if self.areas.len() < Self::STANDING => {
                // Most accounts have one area, and there may be a million of them.
                self.areas.reserve_exact(1);
                self.areas.insert(place, area);
            }
            Err(_) => {}
        }
    }
}

impl AreaState {
    /// How a group stands after this opening or closing; `None` for a signal that is neither.
    pub(crate) fn after(signal: &Signal, at: Timestamp) -> Option<Self> {
        if signal.class() != Class::OpenClose {
            return None;
        }
        let by = signal.named_user();
        let group = match signal.number_is() {
            NumberIs::Area => signal.number.and_then(|area| u16::try_from(area).ok()).or(signal.group),
            _ => signal.group,
        };
        Some(Self { group, arming: arming(signal)?, by, since: at, before: None })
    }
}

/// Disarmed, armed or armed in part; `None` for a status report, which moves nothing.
fn arming(signal: &Signal) -> Option<Arming> {
    let in_part = match signal.code {
        Code::Cid(code) => matches!(code.number(), 441 | 442 | 444 | 456),
        Code::Sia(code) => matches!(&code.letters(), b"CB" | b"CG" | b"NB" | b"NF" | b"NL" | b"NM" | b"OG"),
        Code::Own(_) => false,
    };
    // "Partly disarmed" leaves a part armed.
    let partly_open = match signal.code {
        Code::Cid(code) => code.number() == 456,
        Code::Sia(code) => &code.letters() == b"OG",
        Code::Own(_) => false,
    };
    match signal.qualifier {
        Qualifier::New if partly_open => Some(Arming::Part),
        Qualifier::New => Some(Arming::Disarmed),
        Qualifier::Restore if in_part => Some(Arming::Part),
        Qualifier::Restore => Some(Arming::Armed),
        Qualifier::Status => None,
    }
}

/// Adds what began to its list; what stands there already was reported again.
fn stand(list: &mut ThinVec<Standing>, standing: &Standing, signal: &Signal) {
    if !lasts(signal) {
        return;
    }
    if let Some(began) = list.iter_mut().find(|began| began.place() == standing.place()) {
        began.again = Some(Heard { signal: standing.signal, at: standing.since });
        return;
    }
    keep(list, standing);
}

fn keep(list: &mut ThinVec<Standing>, standing: &Standing) {
    if list.len() == AccountState::STANDING {
        list.remove(0);
    }
    list.push(*standing);
}

/// Is this something that goes on until it is restored? A restart or a request is over when it is said.
fn lasts(signal: &Signal) -> bool {
    match signal.code {
        Code::Cid(code) => !matches!(code.number(), 305 | 313 | 616 | 626 | 920),
        Code::Sia(code) => code.entry().is_some_and(|entry| entry.restore.is_some()),
        Code::Own(_) => true,
    }
}

impl Standing {
    fn began(signal: &Signal, received: &Received) -> Self {
        let user = signal.number.filter(|_| signal.number_is() == NumberIs::User);
        Self {
            code: signal.code,
            class: signal.class(),
            group: signal.group,
            number: signal.number,
            by: signal.user.or(user),
            since: received.report.received_at,
            signal: received.id,
            again: None,
        }
    }
}
