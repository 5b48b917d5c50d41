//! A believable day of a protected shop, school or home: mostly openings, closings and tests, sometimes trouble, seldom an
//! alarm; every day another, and the same again for the same seed.

use std::time::Duration;

use contactid::{EventCode, Qualifier};

use super::dice::Dice;
use super::event::Event;
use super::script::{Act, Script};

const HOUR: u32 = 3600;

/// What a day is made of, by Contact ID code.
const DISARM_ARM: EventCode = code(401);
const PERIODIC_TEST: EventCode = code(602);
const MAINS: EventCode = code(301);
const BATTERY: EventCode = code(302);
const TAMPER: EventCode = code(137);
const BURGLARY: EventCode = code(130);
const FIRE: EventCode = code(110);
const HOLD_UP: EventCode = code(122);
const MEDICAL: EventCode = code(100);
const CANCEL: EventCode = code(406);

const fn code(number: u16) -> EventCode {
    match EventCode::new(number) {
        Some(code) => code,
        None => panic!("a code has three digits"),
    }
}

/// The plan of one day, in seconds since midnight.
#[derive(Debug)]
struct Plan {
    acts: Vec<(u32, Act)>,
}

impl Plan {
    fn note(&mut self, at: u32, qualifier: Qualifier, code: EventCode, number: u16) {
        self.acts.push((at, Act::Report(Event::Cid { qualifier, code, group: 1, number })));
    }

    /// Something that begins and ends again.
    fn episode(&mut self, from: u32, to: u32, code: EventCode, number: u16) {
        self.note(from, Qualifier::New, code, number);
        self.note(to, Qualifier::Restore, code, number);
    }
}

/// The day of this seed. About one panel in three has an alarm on it, one in three some trouble.
#[must_use]
pub fn script(seed: u64) -> Script {
    let mut dice = Dice::new(seed);
    let mut plan = Plan { acts: Vec::new() };
    let (open, close) = (dice.between(6 * HOUR, 9 * HOUR), dice.between(18 * HOUR, 22 * HOUR));
    let user = dice.between(1, 6) as u16;
    plan.note(open, Qualifier::New, DISARM_ARM, user);
    plan.note(close, Qualifier::Restore, DISARM_ARM, user);
    plan.note(dice.between(1, 5 * HOUR), Qualifier::New, PERIODIC_TEST, 0);

    let zone = dice.between(1, 9) as u16;
    let by_day = dice.between(open, close);
    let by_night = dice.between(close + 600, 24 * HOUR - 1200);
    match dice.between(0, 24) {
        // The alarm that nobody wants, and the one that nobody meant.
        0..3 => plan.episode(by_night, by_night + dice.between(40, 400), BURGLARY, zone),
        3..5 => {
            plan.episode(open - 90, open - 30, BURGLARY, zone);
            plan.note(open + 20, Qualifier::New, CANCEL, user);
        }
        5 => plan.episode(by_day, by_day + dice.between(300, 900), FIRE, zone),
        6 => plan.note(by_day, Qualifier::New, HOLD_UP, zone),
        7 => plan.note(by_day, Qualifier::New, MEDICAL, zone),
        8..12 => plan.episode(by_day, by_day + dice.between(600, 2 * HOUR), MAINS, 0),
        12..14 => plan.episode(by_day, by_day + dice.between(HOUR, 2 * HOUR), BATTERY, 0),
        14 => plan.episode(by_day, by_day + dice.between(60, 600), TAMPER, zone),
        _ => {}
    }
    plan.acts.sort_by_key(|(at, _)| *at);
    Script { acts: plan.acts.into_iter().map(|(at, act)| (Duration::from_secs(at.into()), act)).collect() }
}
