//! What people agree on a chaotic day: suspensions, log-only agreements, their early ends, and whose the rows of the board are.

use alarmcore::{
    AccountCard, ClosingAnswer, ClosingStage, ContactId, Desk, Input, Listed, LoweredCommand, LoweredKind,
    LoweredThing, Lowering, Lowers, OperatorId, Rank, RecurringTest, Scope, SignalId, TestReason, Timestamp, Zones,
};

use super::{Class, Dice};

/// The card with what was agreed on it before, and one more agreement or an end of one.
pub(super) fn agreed(dice: &mut Dice, desk: &Desk, card: AccountCard, at: Timestamp) -> AccountCard {
    let known = desk.snapshot().accounts.into_iter().find(|known| known.account == card.account);
    let mut lowerings = known.map(|known| known.lowerings).unwrap_or_default();
    match dice.roll(6) {
        0 | 1 => {}
        2 => {
            let running = lowerings.iter_mut().find(|one| one.holds(at));
            running.into_iter().for_each(|one| one.until = at);
        }
        what => {
            let zones = match dice.roll(3) {
                0 => Zones::Whole,
                1 => Zones::Listed([1].into()),
                _ => Zones::AllExcept([2].into()),
            };
            let classes = [Class::Burglary, Class::Tamper, Class::MainsPower];
            let classes = classes.into_iter().filter(|_| dice.maybe(50)).filter_map(|class| class.try_into().ok());
            let listed = Listed { zones, classes: classes.collect() };
            let from = at.plus_secs(dice.roll(300) as u32);
            let until = from.plus_secs(60 + dice.roll(4000) as u32);
            let lowers = match what {
                3 => Lowers::LogOnly(listed),
                4 => Lowers::RecurringTest(recurring(dice, listed)),
                _ => Lowers::Suspension,
            };
            let number = lowerings.iter().map(|one| one.number).max().unwrap_or(0) + 1;
            let agreed_at = Some(at).filter(|at| *at < from);
            lowerings.push(Lowering { number, lowers, from, until, agreed_at });
        }
    }
    AccountCard { lowerings, ..card }
}

/// A test in some hours of the day, and in some of the next: some of them touch, some have begun.
fn recurring(dice: &mut Dice, listed: Listed) -> RecurringTest {
    let Listed { zones, classes } = listed;
    let life_safety = if dice.maybe(30) { [Class::Fire].into() } else { Default::default() };
    let hours = dice.pick(&[
        "zone UTC; Mon-Sun 00:00-00:20, 00:20-01:00, 02:00-05:00, 09:00-09:05, 12:00-12:30",
        "zone UTC; Mon-Sun 00:05-00:10, 00:30-04:00, 10:00-10:10, 23:50-00:10",
        "zone Europe/Berlin; Mon-Sun 01:30-02:30, 03:00-03:10, 10:00-10:45; closed 2026-11-23",
    ]);
    let scope = Scope { zones, classes, life_safety };
    RecurringTest { hours: hours.parse().unwrap(), scope, test_reason: dice.pick(TestReason::ALL) }
}

/// Somebody gives a row of the board to somebody, or takes it back.
pub(super) fn act(dice: &mut Dice, at: Timestamp) -> Input {
    let since = Timestamp::from_millis(dice.roll(2) as i64);
    let kind = dice.pick(&[LoweredKind::Silent, LoweredKind::Bypassed]);
    let thing = LoweredThing { kind, code: None, number: None, since };
    let note = dice.maybe(50).then(|| "a word".to_owned());
    let command = if dice.maybe(60) {
        LoweredCommand::Assign {
            thing,
            operator: dice.maybe(60).then(|| OperatorId::new(1 + dice.roll(3) as u32)),
            rank: dice.maybe(40).then(|| dice.pick(Rank::ALL)),
            note,
        }
    } else {
        LoweredCommand::Unassign { thing, note }
    };
    let account = dice.pick(&["1001", "1003", "9002"]).parse().unwrap();
    Input::Lowered { at, by: OperatorId::new(1 + dice.roll(3) as u32), account, command }
}

/// Somebody answers about a late closing, if there is one: by machine or over the telephone, sometimes twice, sometimes too much.
pub(super) fn answer(dice: &mut Dice, desk: &Desk, at: Timestamp) -> Input {
    let kept = desk.snapshot().lowered;
    let late = kept.iter().flat_map(|one| one.closings.iter().map(|late| (one.account, late.signal, late.stage)));
    let late: Vec<_> = late.collect();
    let nobody = ("1001".parse().unwrap(), SignalId::new(1), ClosingStage::Asked);
    let (account, signal, stage) = if late.is_empty() || dice.maybe(3) { nobody } else { dice.pick(&late) };
    let by = if dice.maybe(70) { OperatorId::OUTSIDE } else { OperatorId::new(1 + dice.roll(3) as u32) };
    let note = dice.maybe(50).then(|| "a word".to_owned());
    let command = if dice.maybe(10) {
        LoweredCommand::FailClosing { signal, note }
    } else {
        let answer = if stage == ClosingStage::NotToday && dice.maybe(30) {
            ClosingAnswer::NotToday
        } else if dice.maybe(60) {
            ClosingAnswer::Extend
        } else {
            dice.pick(ClosingAnswer::ALL)
        };
        let minutes = dice.maybe(90).then(|| 1 + dice.roll(16) as u32);
        let contact = ContactId::new(if dice.maybe(10) { 3 } else { 1 });
        let message = dice.maybe(60).then(|| format!("M-{}", dice.roll(12)));
        LoweredCommand::AnswerClosing { signal, answer, minutes, contact, message, note }
    };
    Input::Lowered { at, by, account, command }
}
