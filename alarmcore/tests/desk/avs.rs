//! AVS-01: the sixty sequences of evidence of the pack, with the level after each step; and the level by hand, in a day.

use alarmcore::{
    AccountCard, AvsLevel, Evidence, IncidentEvent, IncidentId, Input, Marks, Output, Pack, Policy, Record, Rule,
    evolve,
};
use serde_json::{Value, json};

use crate::script::{MIDNIGHT, at, play, rules, signal};
use crate::witness::Witness;

/// One step of a sequence as the event that it stands for.
fn event(step: &str) -> IncidentEvent {
    let words: Vec<&str> = step.split(' ').collect();
    let evidence = |code: &str| {
        let received = signal(7, MIDNIGHT, "1001", &[code, "n5"]);
        serde_json::to_value(Evidence { marks: Marks::NONE, ..Evidence::of(&received) }).unwrap()
    };
    let body: Value = match words.as_slice() {
        ["open", kind] => json!({"event": "opened", "account": "1001", "kind": kind, "priority": 2, "policy": 1,
            "rule": Rule::ClassShown, "evidence": evidence("E130")}),
        ["signal", code] => json!({"event": "signal-joined", "rule": Rule::ClassShown, "evidence": evidence(code)}),
        ["raised", reason] => json!({"event": "raised", "reason": reason, "kind": "burglary", "priority": 2}),
        ["call", "site", result] => json!({"event": "called", "contact": 0, "result": result}),
        ["call", "keyholder", result] => json!({"event": "called", "contact": 3, "result": result}),
        [source @ ("video" | "audio" | "person"), saw] => json!({"event": "observed", "source": source, "saw": saw}),
        ["scene", persons, entry] => json!({"event": "scene-reported", "unit": 7, "doors": "intact",
            "windows": "intact", "entry_signs": *entry == "entry", "photos": [],
            "persons": persons.strip_suffix("-persons").unwrap().parse::<u16>().unwrap()}),
        ["real", basis] => json!({"event": "confirmed-real", "basis": basis}),
        ["verified-false"] => json!({"event": "verified-false", "cause": "user-error"}),
        ["scene-false"] => json!({"event": "scene-false", "cause": "unexplained"}),
        ["overturned"] => json!({"event": "overturned", "cause": "user-error", "second": 2}),
        ["by-hand", level] => json!({"event": "level-set", "level": level.parse::<u8>().unwrap()}),
        ["taken"] => json!({"event": "taken"}),
        ["pre-processed"] => json!({"event": "pre-processed"}),
        _ => panic!("not a step: {step}"),
    };
    serde_json::from_value(body).unwrap()
}

/// §2.2, AVS-01 score: "vectors; level only rises by listed evidence, manual change needs reason".
#[test]
fn row_2_2_avs_01_sixty_sequences() {
    let pack = Pack::from_toml(Pack::built_in("avs-01").unwrap()).unwrap();
    let sequences = pack.clauses.iter().flat_map(|clause| clause.sequences.iter().map(move |line| (&clause.id, line)));
    let mut count = 0;
    for (clause, line) in sequences {
        count += 1;
        assert_eq!(clause.as_str().strip_prefix("avs-01.level-"), line.rsplit(' ').next(), "{line}");
        let mut incident = None;
        for (place, part) in line.split(" | ").enumerate() {
            let (step, expected) = part.rsplit_once(" = ").unwrap();
            let version = place as u32 + 1;
            let (id, event) = (IncidentId::new(1), event(step.trim()));
            let record = Record { incident: id, version, at: MIDNIGHT.plus_secs(version), by: None, event };
            let after = evolve(incident, &record);
            assert_eq!(after.avs_level().to_string(), expected, "after `{step}` in: {line}");
            // Every change has its time, its reason and the record that it rests on, and changes something.
            let levels: Vec<AvsLevel> =
                [AvsLevel::NO_REQUEST].into_iter().chain(after.avs.iter().map(|change| change.level)).collect();
            assert!(levels.windows(2).all(|pair| pair[0] != pair[1]), "{line}");
            assert!(after.avs.iter().all(|change| change.at == MIDNIGHT.plus_secs(change.version)), "{line}");
            incident = Some(after);
        }
    }
    assert_eq!(count, 60);
}

/// The level over a whole incident: with its reasons, by hand only with a reason, and told to the police.
#[test]
fn row_2_2_avs_01() {
    let script = "
        account 1001
        22:14:00 signal 1001 E130 g1 n5
        22:14:05 op1 inc1 take
        22:14:20 op1 inc1 call contact=0 result=RF number=1 numbers=2
        22:14:40 op1 inc1 set-level level=2 note=\"so it is\"
        22:14:50 op1 inc1 set-level level=1
        22:15:00 op1 inc1 set-level level=1 note=\"a cleaner without a word\"
        22:15:10 op1 inc1 observe source=video saw=nobody
        22:15:20 op1 inc1 observe source=video saw=property note=\"the till is open\"
        22:15:30 op1 inc1 confirm-real basis=video
        22:15:40 op1 inc1 record-wish police=true insurer=false
        22:15:50 op1 inc1 hand-off to=police
        show incident 1
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
    // A level that does not exist is no command at all.
    assert!(serde_json::from_str::<alarmcore::Command>(r#"{"act": "set-level", "level": 5, "note": "x"}"#).is_err());
}

/// A centre that does not use the standard tells nobody a level.
#[test]
fn avs_01_can_be_left_out() {
    let mut witness = Witness::new(rules(r#"{"avs": {"enabled": false}}"#));
    witness.handle(Input::Account(AccountCard::new("1001".parse().unwrap())));
    witness.handle(Input::Signal(signal(1, at("22:14:00"), "1001", &["E120", "n4"])));
    let act = |body: Value| Input::Act {
        at: at("22:14:10"),
        by: "1".parse().unwrap(),
        incident: IncidentId::new(1),
        command: serde_json::from_value(body).unwrap(),
        second: None,
    };
    witness.handle(act(json!({"act": "take"})));
    let said = witness.handle(act(json!({"act": "hand-off", "to": "police"})));
    let told = said.iter().find_map(|output| match output {
        Output::Record(Record { event: IncidentEvent::HandedOff { avs, .. }, .. }) => Some(*avs),
        _ => None,
    });
    assert_eq!(told, Some(None));
}
