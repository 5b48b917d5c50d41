//! Whoever has an incident sees what of it restored, in whichever other incidents the same zone stands.

use alarmcore::{AccountCard, Command, Desk, IncidentId, Input, Kind, OperatorId, Outcome, Output, Policy, SignalId};

use crate::script::{at, rules, signal};

/// A desk, and what became of its last signal.
struct Room {
    desk: Desk,
    signals: u64,
    last: Option<Outcome>,
}

impl Room {
    fn new(policy: Policy) -> Self {
        let mut room = Self { desk: Desk::new(policy), signals: 0, last: None };
        room.hear(Input::Account(AccountCard {
            sources: Some(std::sync::Arc::new("192.0.2.0/24".parse().unwrap())),
            ..AccountCard::new("1001".parse().unwrap())
        }));
        room
    }

    fn hear(&mut self, input: Input) {
        self.desk.handle(input);
        loop {
            match self.desk.poll() {
                Output::Wait(_) => return,
                Output::Dispose(one) if one.signal == SignalId::new(self.signals) => self.last = Some(one.outcome),
                Output::Refuse(refusal) => panic!("{refusal}"),
                _ => {}
            }
        }
    }

    fn says(&mut self, clock: &str, words: &str) -> &mut Self {
        self.signals += 1;
        let words: Vec<&str> = words.split(' ').collect();
        self.hear(Input::Signal(signal(self.signals, at(clock), "1001", &words)));
        self
    }

    /// The open incidents, the oldest first: the zones of each, and which of them restored.
    fn zones(&self) -> Vec<(Kind, Vec<(u32, bool)>)> {
        let mut open = self.desk.queue();
        open.sort_by_key(|incident| incident.id);
        let zones = |incident: &alarmcore::Incident| {
            incident.origins.iter().filter_map(|origin| Some((origin.number?, origin.restored))).collect()
        };
        open.into_iter().map(|incident| (incident.kind, zones(incident))).collect()
    }
}

/// The signal that makes a panel run away is a fire: the incident of the run names no zone, and the restores of that zone go to the
/// fire.
#[test]
fn what_runs_away_is_the_panel() {
    let mut room = Room::new(rules(r#"{"runaway": {"signals": 4}}"#));
    room.says("09:00:00", "E110 n1").says("09:00:01", "R110 n1").says("09:00:02", "E602").says("09:00:03", "E110 n1");
    assert_eq!(room.zones(), [(Kind::Fire, vec![(1, false)]), (Kind::Runaway, vec![])]);
    assert_eq!(room.last, Some(Outcome::Joined { incident: IncidentId::new(1) }));
    room.says("09:00:04", "R110 n1");
    assert_eq!(room.zones(), [(Kind::Fire, vec![(1, true)]), (Kind::Runaway, vec![])]);
    assert_eq!(room.last, Some(Outcome::Joined { incident: IncidentId::new(1) }));
}

/// A fire from an address that the card does not list, or in a plain frame despite a key, opens a security incident beside it, and the
/// restore comes in order: both show the zone as restored, and the signal is said to be of the fire. Its next alarm is of the fire.
#[test]
fn a_restore_ends_the_zone_wherever_it_stands() {
    for suspect in ["E110 n1 @198.51.100.9:5000", "E110 n1 plain-despite-key", "E130 n1 plain-despite-key"] {
        let kind = if suspect.starts_with("E110") { Kind::Fire } else { Kind::Burglary };
        let mut room = Room::new(Policy::default());
        room.says("09:00:00", suspect);
        assert_eq!(room.zones(), [(kind, vec![(1, false)]), (Kind::Security, vec![(1, false)])], "{suspect}");
        room.says("09:00:05", &format!("R{} n1 @192.0.2.7:1", &suspect[1..4]));
        assert_eq!(room.zones(), [(kind, vec![(1, true)]), (Kind::Security, vec![(1, true)])], "{suspect}");
        assert_eq!(room.last, Some(Outcome::Joined { incident: IncidentId::new(1) }), "{suspect}");
        room.says("09:00:09", &format!("E{} n1 @192.0.2.7:1", &suspect[1..4]));
        assert_eq!(room.zones(), [(kind, vec![(1, false)]), (Kind::Security, vec![(1, true)])], "{suspect}");
    }
}

/// A restore that weighs nothing ends the zone nowhere. One in order, of a zone that stands in no incident any more, goes where it is
/// told of, once.
#[test]
fn what_ends_nothing_ends_nothing_anywhere() {
    let mut room = Room::new(Policy::default());
    room.says("09:00:00", "E110 n1 @198.51.100.9:5000").says("09:00:01", "R110 n1 @198.51.100.9:5000");
    assert_eq!(room.zones(), [(Kind::Fire, vec![(1, false)]), (Kind::Security, vec![(1, false)])]);
    room.says("09:00:02", "R110 n1").says("09:00:10", "R110 n1");
    let signals: Vec<u32> = room.desk.queue().iter().map(|incident| incident.signals).collect();
    assert_eq!(
        signals,
        [4, 2],
        "the fire has its alarm and all restores, the other its alarm and the one that ended it"
    );
}

/// A reminder that a zone has not restored stands open beside the next alarm of that zone: both see the restore, and it is said to be of
/// the alarm.
#[test]
fn a_reminder_and_an_alarm_of_one_zone_restore_together() {
    let mut room = Room::new(rules(r#"{"unrestored": {"within_s": 60}}"#));
    let act = |clock: &str, text: &str| Input::Act {
        at: at(clock),
        by: OperatorId::new(1),
        incident: IncidentId::new(1),
        command: serde_json::from_str::<Command>(text).unwrap(),
        second: None,
    };
    room.says("09:00:00", "E130 n1");
    room.hear(act("09:00:10", r#"{"act": "take"}"#));
    room.hear(act("09:00:20", r#"{"act": "verify-false", "cause": "user-error"}"#));
    room.says("09:10:00", "E130 n1");
    let both = |restored| [Kind::Unrestored, Kind::Burglary].map(|kind| (kind, vec![(1, restored)]));
    assert_eq!(room.zones(), both(false));
    room.says("09:10:05", "R130 n1");
    assert_eq!(room.zones(), both(true));
    assert_eq!(room.last, Some(Outcome::Joined { incident: IncidentId::new(3) }));
}
