//! The account's state as a fold (A12), repeats, and the supervision of lines.

use alarmcore::{
    AccountState, Edge, ExpectationRules, Expected, Input, Marks, Output, Received, SignalId, Supervision, Timestamp,
};
use contactid::{AccountNumber, Lang, Qualifier};

use crate::script::{MIDNIGHT, at, signal};
use crate::witness::Witness;

const EVENTS: [&str; 12] =
    ["E401", "R401", "E130", "R130", "E570", "R570", "E301", "R301", "E302", "E602", "E607", "R607"];

/// At any past moment the state is the fold of the log up to it, and it is what the desk showed.
#[test]
fn the_state_is_the_fold_of_the_log() {
    let account = "1001".parse().unwrap();
    let mut witness = Witness::new(alarmcore::Policy::default());
    let _ = witness.handle(Input::Account(alarmcore::AccountCard::new(account)));
    let mut folded = AccountState::new(account);
    for id in 1..=200_u64 {
        let event = EVENTS[(id * 7 % 12) as usize];
        let (group, number) = (format!("g{}", id % 3), format!("n{}", id % 4));
        let received = signal(id, MIDNIGHT.plus_secs(id as u32 * 20), "1001", &[event, &group, &number]);
        let said = witness.handle(Input::Signal(received.clone()));
        assert!(said.contains(&Output::Touched(account)));
        folded.apply(&received);
        assert_eq!(witness.desk().account(&account), Some(&folded));
    }
}

/// A2: on battery since the loss, and until when.
#[test]
fn on_battery_until() {
    let mut state = AccountState::new("1001".parse().unwrap());
    state.apply(&signal(1, at("10:00:00"), "1001", &["E301"]));
    state.apply(&signal(2, at("10:10:00"), "1001", &["E301"]));
    assert_eq!(state.on_battery_since(), Some(at("10:00:00")));
    assert_eq!(state.battery_until(8), Some(at("18:00:00")));
    state.apply(&signal(3, at("10:20:00"), "1001", &["R301"]));
    state.apply(&signal(4, at("10:30:00"), "1001", &["E302"]));
    assert_eq!((state.on_battery_since(), state.battery_until(8)), (None, None));
    assert_eq!(state.battery_low_since(), Some(at("10:30:00")));
}

/// What a panel can make an account keep is bounded, whatever it sends.
#[test]
fn the_state_is_bounded() {
    let mut state = AccountState::new("1001".parse().unwrap());
    for id in 1..=2000_u64 {
        let number = format!("n{id}");
        for event in ["E130", "E570", "E321"] {
            state.apply(&signal(id, at("10:00:00"), "1001", &[event, &number, &format!("g{id}")]));
        }
        state.apply(&signal(id, at("10:00:00"), "1001", &["R401", &format!("g{id}")]));
    }
    assert_eq!(state.alarms.len(), AccountState::STANDING);
    assert_eq!(state.bypassed.len(), AccountState::STANDING);
    assert_eq!(state.troubles.len(), AccountState::STANDING);
    assert_eq!(state.areas.len(), AccountState::STANDING);
    assert_eq!(state.recent.len(), AccountState::RECENT);
    assert_eq!(state.alarms.last().unwrap().number, Some(2000));
}

/// A frame is the same only with the same sequence number, part and content, and only for a while.
#[test]
fn what_is_a_repeat() {
    let first = signal(1, at("10:00:00"), "1001", &["E130", "n5", "s9"]);
    let mut state = AccountState::new("1001".parse().unwrap());
    state.apply(&first);
    let same = |change: fn(&mut alarmcore::Report), at: Timestamp| {
        let mut report = first.report.clone();
        report.received_at = at;
        change(&mut report);
        state.repeat_of(&report, 60)
    };
    assert_eq!(same(|_| {}, at("10:01:00")), Some(SignalId::new(1)));
    assert_eq!(same(|_| {}, at("10:01:01")), None);
    assert_eq!(same(|report| report.sequence = Some(10), at("10:00:01")), None);
    assert_eq!(same(|report| report.part = 1, at("10:00:01")), None);
    assert_eq!(same(|report| report.content = 1, at("10:00:01")), None);
    assert_eq!(same(|report| report.content = 0, at("10:00:01")), None);
    assert_eq!(same(|report| report.sequence = None, at("10:00:01")), None);
}

fn line(account: AccountNumber, missing: bool, clock: &str) -> Edge {
    Edge { at: at(clock), account, expected: Expected::Heartbeat, group: None, missing, raised: None }
}

/// Lines fall silent at the third missed interval, once, and are heard again at the first frame.
#[test]
fn supervision_says_edges_only() {
    let (shop, bank) = ("1001".parse().unwrap(), "1002".parse().unwrap());
    let mut supervision = Supervision::new(&ExpectationRules::default(), MIDNIGHT);
    supervision.expect(shop, 180, at("10:00:00"), false);
    supervision.expect(bank, 270, at("10:00:00"), false);
    supervision.seen(&shop, at("10:02:00"));
    assert_eq!(supervision.next(), Some(at("10:03:00")));
    assert_eq!(supervision.poll(at("10:04:00")), []);
    let lost = line(bank, true, "10:04:30");
    assert_eq!(supervision.poll(at("10:04:59")), [lost]);
    supervision.seen(&bank, at("10:20:00"));
    let silent = line(shop, true, "10:05:00");
    let heard = line(bank, false, "10:20:00");
    assert_eq!(supervision.poll(at("10:20:01")), [silent, heard]);
    assert_eq!(supervision.poll(at("10:21:00")), []);
    supervision.forget(&bank);
    assert_eq!((supervision.poll(at("23:00:00")), supervision.next()), (vec![], None));
}

/// A line that was silent before a restart is not reported twice.
#[test]
fn supervision_after_a_restart() {
    let shop = "1001".parse().unwrap();
    let rules = ExpectationRules { heartbeats_missed: 2, ..ExpectationRules::default() };
    let mut supervision = Supervision::new(&rules, MIDNIGHT);
    supervision.expect(shop, rules.silence_s(60), at("10:00:00"), true);
    assert_eq!(supervision.poll(at("11:00:00")), []);
    supervision.seen(&shop, at("11:00:05"));
    assert_eq!(supervision.poll(at("11:00:06")), [line(shop, false, "11:00:05")]);
    assert_eq!(supervision.poll(at("11:02:05")), [line(shop, true, "11:02:05")]);
}

/// A supervision edge becomes a signal like any other: it opens a communication incident, and its restore joins it.
#[test]
fn an_edge_is_a_signal() {
    let account = "1001".parse().unwrap();
    let mut witness = Witness::new(alarmcore::Policy::default());
    let _ = witness.handle(Input::Account(alarmcore::AccountCard::new(account)));
    let lost = Received { id: SignalId::new(1), report: line(account, true, "10:00:00").report() };
    let signal = lost.report.signal.clone().unwrap();
    assert_eq!((signal.qualifier, signal.name(Lang::En).as_ref()), (Qualifier::New, "communication trouble"));
    assert_eq!(lost.report.marks, Marks::SUPERVISION);
    let _ = witness.handle(Input::Signal(lost));
    let state = witness.desk().account(&account).unwrap();
    assert_eq!((state.silent_since, state.last_signal), (Some(at("10:00:00")), None));
    let heard = Received { id: SignalId::new(2), report: line(account, false, "10:30:00").report() };
    let _ = witness.handle(Input::Signal(heard));
    assert_eq!(witness.desk().account(&account).unwrap().silent_since, None);
    let queue = witness.desk().queue();
    let brief: Vec<_> =
        queue.iter().map(|incident| (incident.kind, incident.signals, incident.origins[0].restored)).collect();
    assert_eq!(brief, [(alarmcore::Kind::Communication, 2, true)]);
    witness.close();
}

/// A frame is remembered for six hours after its last sight, to the second: until then it is a repeat where the policy wants that.
#[test]
fn frames_are_remembered_for_six_hours() {
    let mut state = AccountState::new("1001".parse().unwrap());
    let first = signal(1, at("00:00:00"), "1001", &["E130", "n1", "s10"]);
    state.apply(&first);
    let later = |id, clock: &str, zone: &str| signal(id, at(clock), "1001", &["E130", zone, "s11"]);
    let remembered = |state: &AccountState| state.recent.iter().map(|recent| recent.signal.get()).collect::<Vec<_>>();
    state.apply(&later(2, "06:00:00", "n2"));
    assert_eq!(remembered(&state), [1, 2]);
    let again = alarmcore::Report { received_at: at("06:00:00"), ..first.report.clone() };
    assert_eq!(state.repeat_of(&again, 6 * 3600), Some(SignalId::new(1)));
    assert_eq!(state.repeat_of(&again, 6 * 3600 - 1), None);
    state.apply(&later(3, "06:00:01", "n3"));
    assert_eq!(remembered(&state), [2, 3]);
}

/// The window counts from the first frame, and the next from its end: a transmitter that sends the same frame for ever is heard once in
/// each. For the state of the account a window is ten minutes.
#[test]
fn a_chain_of_repeats_does_not_go_on_for_ever() {
    let mut state = AccountState::new("1001".parse().unwrap());
    let first = signal(1, at("00:00:00"), "1001", &["E130", "n1", "s10"]);
    let mut heard = Vec::new();
    for minute in 0..=65_u32 {
        let report = alarmcore::Report { received_at: at("00:00:00").plus_secs(minute * 60), ..first.report.clone() };
        if state.repeat_of(&report, 1200).is_none() {
            heard.push(minute);
        }
        state.apply(&alarmcore::Received { id: SignalId::new(u64::from(minute) + 1), report });
    }
    assert_eq!(heard, [0, 21, 41, 61]);
    assert_eq!(state.trips.iter().map(|trips| trips.count).collect::<Vec<_>>(), [7]);
    // Whoever is heard again long after is the first again.
    let later = alarmcore::Report { received_at: at("12:00:00"), ..first.report.clone() };
    assert_eq!(state.repeat_of(&later, 6 * 3600), None);
    state.apply(&alarmcore::Received { id: SignalId::new(90), report: later.clone() });
    let again = alarmcore::Report { received_at: at("12:10:00"), ..first.report };
    assert_eq!(state.repeat_of(&again, 600), Some(SignalId::new(90)));
    assert_eq!(state.repeat_of(&again, 599), None);
}

/// What a person reports of an account is counted, and is no sign of life of its panel.
#[test]
fn what_a_person_reports_is_no_sign_of_life() {
    let account = "1001".parse().unwrap();
    let code = alarmcore::Proof::Wrong.reported().unwrap();
    let report = alarmcore::Report::by_person(MIDNIGHT, account, code, "contact 1".into());
    let mut state = AccountState::new(account);
    state.apply(&Received { id: SignalId::new(1), report });
    assert_eq!((state.last_signal, state.signals), (None, 1));
    state.apply(&signal(2, MIDNIGHT.plus_secs(1), "1001", &["E602"]));
    assert_eq!((state.last_signal.map(|heard| heard.signal), state.signals), (Some(SignalId::new(2)), 2));
}
