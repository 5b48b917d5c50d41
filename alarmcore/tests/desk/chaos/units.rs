//! The cards of units in chaos: here or there, able or not, and off duty now and then, on their way too.

use alarmcore::{Timestamp, UnitCard, UnitId};

use super::Dice;

/// The card of one of the three units as it is from now on.
pub(super) fn card(dice: &mut Dice, now: Timestamp) -> UnitCard {
    let on_duty = dice.maybe(85);
    let place = dice.roll(4).checked_sub(1).map(|place| format!("31.{place}2,121.4").parse().unwrap());
    UnitCard {
        on_duty,
        off_duty_since: Some(now).filter(|_| !on_duty && dice.maybe(80)),
        position: place,
        travel_s: dice.maybe(30).then(|| ("East".into(), 60 * dice.roll(9) as u32)).into_iter().collect(),
        districts: dice.maybe(40).then(|| "West".into()).into_iter().collect(),
        skills: dice.maybe(85).then(|| "armed".into()).into_iter().collect(),
        jobs: dice.roll(3) as u32,
        ..UnitCard::new(UnitId::new(1 + dice.roll(3) as u32))
    }
}
