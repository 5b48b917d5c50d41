//! What people leave for later on a chaotic day.

use alarmcore::{Desk, FollowUpCommand, FollowUpId, IncidentId, Input, OperatorId, Rank, Timestamp};

use super::Dice;

/// Somebody makes a follow-up, or acts on one.
pub(super) fn act(dice: &mut Dice, desk: &Desk, at: Timestamp) -> Input {
    let some = |dice: &mut Dice, percent| dice.maybe(percent).then(|| 1 + dice.roll(3));
    let operator = some(dice, 60).map(|id| OperatorId::new(id as u32));
    let rank = dice.maybe(50).then(|| dice.pick(Rank::ALL));
    let note = dice.maybe(80).then(|| "a word".to_owned());
    let command = match dice.roll(4) {
        0 | 1 => FollowUpCommand::Create {
            incident: some(dice, 60).map(IncidentId::new),
            account: dice.maybe(40).then(|| dice.pick(&["1001", "9002"]).parse().unwrap()),
            operator,
            rank,
            minutes: dice.roll(10) as u32,
            note,
        },
        2 => FollowUpCommand::Reassign { operator, rank, minutes: some(dice, 50).map(|one| one as u32), note },
        _ => FollowUpCommand::Done { note },
    };
    let any = some(dice, 90).map(FollowUpId::new);
    let open = desk.follow_ups().next().map(|open| open.id).filter(|_| dice.maybe(60));
    let follow_up = open.or(any);
    let by = OperatorId::new(1 + dice.roll(3) as u32);
    Input::FollowUp { at, by, follow_up, command }
}
