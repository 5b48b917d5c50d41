//! What people do about storms on a chaotic day: sensible, senseless, and in any order.

use alarmcore::{
    AreaNames, AreaOf, Areas, Desk, Input, Kind, OperatorId, Outage, StaffAnswer, Storm, StormCommand, StormId,
    StormStart, Timestamp,
};

use super::Dice;

/// What comes more often in a storm.
pub(super) const FAILS: [&str; 11] =
    ["E301", "E301", "E350", "E302", "R301", "R350", "R302", "E130", "E139", "E110", "E120"];

/// What an account shares with others.
pub(super) fn areas(account: &str) -> Areas {
    let district = Some(if account == "1003" { "West".into() } else { "East".into() });
    let carrier = Some("Unicom".into()).filter(|_| account != "1001");
    let feeder = Some("East".into()).filter(|_| account != "1002");
    // The kinds of site that overrides speak of.
    let site_type = match account {
        "1002" => Some("school".into()),
        "1003" => Some("bank".into()),
        _ => None,
    };
    AreaNames { district, feeder, carrier, site_type, ..AreaNames::default() }.into()
}

/// Somebody declares a storm, or acts on one of those that go on.
pub(super) fn act(dice: &mut Dice, desk: &Desk, at: Timestamp) -> Input {
    let storms: Vec<&Storm> = desk.storms().collect();
    let storm = storms.get(dice.roll(storms.len().max(1) as u64) as usize);
    let lines: Vec<Outage> = storm.iter().flat_map(|storm| storm.ledger.lines()).map(|line| line.outage).collect();
    let nowhere = Outage { account: "1001".parse().unwrap(), kind: Kind::Battery };
    let Outage { account, kind } = if lines.is_empty() { nowhere } else { dice.pick(&lines) };
    let minutes = dice.roll(30) as u32 * 60;
    let note = dice.maybe(80).then(|| "a word".to_owned());
    let command = match dice.roll(17) {
        0 | 1 => StormCommand::Declare(StormStart {
            area: dice.pick(AreaOf::ALL),
            name: dice.maybe(80).then(|| dice.pick(&["East", "West", "Unicom", "Nowhere"]).to_owned()),
            minutes: dice.maybe(70).then_some(minutes),
            call_in: dice.maybe(50),
            note,
        }),
        2..5 => StormCommand::Confirm { minutes: dice.maybe(50).then_some(minutes), call_in: dice.maybe(50), note },
        5 => StormCommand::Dismiss { note },
        6 => StormCommand::Extend { minutes, note },
        7 => StormCommand::CallIn { note },
        8..11 => StormCommand::Order { account, kind, reference: note },
        11..14 => StormCommand::Accept { account, kind, note },
        14 => {
            let message = dice.maybe(60).then(|| dice.pick(&["A-1", "A-2"]).to_owned());
            StormCommand::AnswerCallIn { answer: dice.pick(StaffAnswer::ALL), message, note }
        }
        _ => StormCommand::End { note },
    };
    let unknown = dice.maybe(6).then(|| StormId::new(dice.pick(&[1, 77])));
    let storm = unknown.or(storm.map(|storm| storm.id));
    let (by, supervisor) = (OperatorId::new(1 + dice.roll(3) as u32), dice.maybe(80));
    let second = dice.maybe(70).then(|| OperatorId::new(1 + dice.roll(3) as u32));
    Input::Storm { at, by, supervisor, storm, command, second }
}
