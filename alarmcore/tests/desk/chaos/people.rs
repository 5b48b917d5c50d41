//! What people at a chaotic desk can do: it changes now and then, and so does who is there.

use alarmcore::{OperatorCard, OperatorId};

use super::Dice;

/// The card of this person as it is from now on. The third is the supervisor.
pub(super) fn card(dice: &mut Dice, operator: u32) -> OperatorCard {
    let skills = ["alarms", "east"].into_iter().filter(|_| dice.maybe(60)).map(Into::into).collect();
    let paused = dice.maybe(20);
    OperatorCard { supervisor: operator == 3, skills, paused, ..OperatorCard::new(OperatorId::new(operator)) }
}
