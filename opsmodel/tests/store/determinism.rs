//! Same inputs, same outputs, byte for byte: twice in memory, and on a store that is opened again and rebuilt on the way.

use alarmcore::{
    Command, Desk, IncidentId, Input, OperatorId, Output, Policy, Presence, Received, Snapshot, TestCommand,
};
use contactid::Qualifier::{New, Restore};
use opsmodel::store::NewSignal;

use crate::rebuild::PROJECTED;
use crate::room::{ANNA, Room, says};
use crate::sample::{account, at};

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.roll(of.len() as u64) as usize]
    }
}

/// What happens at a centre.
enum Happens {
    Signal(NewSignal),
    Said(Input),
    /// The process ends without a word, and another starts.
    Restart,
    /// The same, and every row is made anew in between.
    Rebuild,
}

const CODES: [&str; 12] = ["130", "130", "131", "110", "120", "301", "302", "350", "401", "401", "570", "602"];
const ACTS: [&str; 18] = [
    r#"{"act": "take"}"#,
    r#"{"act": "take"}"#,
    r#"{"act": "call", "contact": 1, "result": "no-answer"}"#,
    r#"{"act": "call", "contact": 2, "result": "code-ok"}"#,
    r#"{"act": "verify-false", "cause": "animal"}"#,
    r#"{"act": "pre-process", "unit": 7}"#,
    r#"{"act": "offer", "unit": 7}"#,
    r#"{"act": "accept", "unit": 7}"#,
    r#"{"act": "arrive", "unit": 7}"#,
    r#"{"act": "report-scene", "unit": 7, "doors": "intact", "windows": "open"}"#,
    r#"{"act": "scene-false", "cause": "animal", "note": "a cat"}"#,
    r#"{"act": "leave", "unit": 7}"#,
    r#"{"act": "record-dispatch", "unit": 7, "people": "Wang", "findings": "a cat", "signed_by": "Wang"}"#,
    r#"{"act": "confirm-real", "basis": "contact"}"#,
    r#"{"act": "hand-off", "to": "police"}"#,
    r#"{"act": "settle", "settlement": "restored"}"#,
    r#"{"act": "release"}"#,
    r#"{"act": "close"}"#,
];

/// A day by chance: the same for the same seed.
fn day(seed: u64) -> Vec<Happens> {
    let mut dice = Dice(seed);
    let mut millis = 0;
    (0..120)
        .map(|_| {
            millis += dice.roll(90_000) as i64;
            let by = OperatorId::new(1 + dice.roll(2) as u32);
            match dice.roll(20) {
                0..8 => {
                    let qualifier = if dice.roll(3) == 0 { Restore } else { New };
                    let (of, number) = (dice.roll(6) as u32, dice.roll(3) as u32);
                    Happens::Signal(says(millis, of, dice.pick(&CODES), qualifier, number))
                }
                8..16 => {
                    let command: Command = serde_json::from_str(dice.pick(&ACTS)).unwrap();
                    let incident = IncidentId::new(1 + dice.roll(12));
                    Happens::Said(Input::Act { at: at(millis), by, incident, command, second: None })
                }
                16 => {
                    let start = r#"{"act": "start", "reason": "repair", "asked_by": "Wang", "minutes": 20}"#;
                    let command: TestCommand =
                        serde_json::from_str(dice.pick(&[start, start, r#"{"act": "end"}"#])).unwrap();
                    let of = account(dice.roll(5) as u32);
                    Happens::Said(Input::Test {
                        at: at(millis),
                        by: ANNA,
                        supervisor: true,
                        account: of,
                        command,
                        second: None,
                    })
                }
                17 => Happens::Said(Input::Time(at(millis))),
                18 => Happens::Restart,
                _ => Happens::Rebuild,
            }
        })
        .collect()
}

/// On every other day incidents are offered to whoever is there.
fn rules(seed: u64) -> Policy {
    let mut policy = Policy::default();
    policy.feed.enabled = !seed.is_multiple_of(2);
    policy.feed.supervisors = true;
    // When somebody has rested for long enough is the desk's to remember: a store that it is restored from tells it anew.
    policy.feed.rest_s = 86_400.try_into().unwrap();
    policy
}

/// The desk under the rules of the day, with two people at it.
fn begin(desk: &Desk, seed: u64) -> Desk {
    let mut desk = Desk::restore(rules(seed), desk.snapshot());
    for operator in [1, 2].map(OperatorId::new) {
        let card = alarmcore::OperatorCard::new(operator);
        let _ = tell(&mut desk, Input::Person { at: at(0), card });
        let _ = tell(&mut desk, Input::Operator { at: at(0), operator, presence: Presence::Here });
    }
    desk
}

fn tell(desk: &mut Desk, input: Input) -> Vec<Output> {
    desk.handle(input);
    let mut said = Vec::new();
    loop {
        match desk.poll() {
            Output::Wait(_) => return said,
            output => said.push(output),
        }
    }
}

/// Lives through a day with a store beneath, and gives everything that the desk said, and how it stands at the end.
fn stored(seed: u64) -> (String, Room) {
    let mut room = Room::new();
    room.desk = begin(&room.desk, seed);
    let mut said = String::new();
    for happens in day(seed) {
        let (received, input) = match happens {
            Happens::Signal(signal) => {
                drop(room.log.append(std::slice::from_ref(&signal), &[]).unwrap());
                let cursor = room.centre.cursor().unwrap();
                let received: Vec<Received> =
                    room.reader.after(cursor, 1).unwrap().into_iter().map(|logged| logged.received).collect();
                let input = Input::Signal(received[0].clone());
                (received, input)
            }
            Happens::Said(input) => (Vec::new(), input),
            rebuilds @ (Happens::Restart | Happens::Rebuild) => {
                if matches!(rebuilds, Happens::Rebuild) {
                    room.centre.rebuild().unwrap();
                }
                let stood = room.desk.snapshot();
                // Who is there is told by whoever sees them.
                let snapshot =
                    Snapshot { present: stood.present, operators: stood.operators, ..room.centre.snapshot().unwrap() };
                // The store knows of troubles for longer than the desk's rules on storms look back.
                let restored = Desk::restore(rules(seed), snapshot);
                assert_eq!(restored.snapshot(), room.desk.snapshot(), "seed {seed}: the store stands elsewhere");
                room.desk = restored;
                continue;
            }
        };
        let outputs = tell(&mut room.desk, input);
        outputs.iter().for_each(|output| said += &format!("{output:?}\n"));
        let kept: Vec<Output> =
            outputs.into_iter().filter(|output| !matches!(output, Output::Refuse(_) | Output::RefuseTest(_))).collect();
        let cursor = received.last().map_or_else(|| room.centre.cursor().unwrap(), |last| last.id);
        room.commit(cursor, &received, &kept).unwrap();
    }
    (said, room)
}

/// The same day, of a desk that is never stopped and has no store.
fn unstored(seed: u64, start: &Desk) -> (String, Desk) {
    let (mut desk, mut said, mut signals) = (begin(start, seed), String::new(), 0);
    for happens in day(seed) {
        let input = match happens {
            Happens::Signal(signal) => {
                signals += 1;
                Input::Signal(Received { id: alarmcore::SignalId::new(signals), report: signal.report })
            }
            Happens::Said(input) => input,
            Happens::Restart | Happens::Rebuild => continue,
        };
        tell(&mut desk, input).iter().for_each(|output| said += &format!("{output:?}\n"));
    }
    (said, desk)
}

#[test]
fn same_inputs_same_bytes_also_on_a_rebuilt_store() {
    for seed in 0..16 {
        let start = Room::new().desk;
        let (never_stopped, desk) = unstored(seed, &start);
        let (said, mut room) = stored(seed);
        assert_eq!(said.contains("Fed {"), rules(seed).feed.enabled, "seed {seed}");
        assert!(said.lines().count() > 100, "seed {seed}: a day on which little happened");
        assert_eq!(said, never_stopped, "seed {seed}");
        assert_eq!(room.desk.snapshot(), desk.snapshot(), "seed {seed}");
        let live = PROJECTED.map(|table| room.table("centre.db", table));
        room.centre.rebuild().unwrap();
        for (table, live) in PROJECTED.iter().zip(live) {
            assert_eq!(room.table("centre.db", table), live, "seed {seed}: {table}");
        }
        // Another store that lives through the same day holds the same bytes.
        if seed > 2 {
            continue;
        }
        let (again, other) = stored(seed);
        assert_eq!(said, again, "seed {seed}");
        for table in ["journal", "disposition"].iter().chain(&PROJECTED) {
            assert_eq!(room.table("centre.db", table), other.table("centre.db", table), "seed {seed}: {table}");
        }
    }
}
