//! What is read, reported, stored and remembered in small: calls before the police, queues, answers, codes, words and lists.

use alarmcore::{
    AnswerTimes, Area, Assignee, Authority, CaughtUp, Edge, Expectation, Expected, Family, Feature, Features, HandOff,
    InQueue, Incident, IncidentId, Input, Kind, Lowered, LoweredEvent, LoweredRecord, LoweredThing, OperatorCard,
    OperatorId, Outage, Part, Plans, Policy, Position, Raised, Refusal, Settled, SignalId, Storm, StormEvent, StormId,
    StormRecord, UnitCard, UnitId, evolve_lowered, evolve_storm, owed,
};
use contactid::{Class, Code, Lang, OwnList, Qualifier, Signal};
use serde_json::{Value, json};

use crate::script::{at, play, rules, signal};
use crate::witness::Witness;

/// The first incident of this day as it stands at its end.
fn incident_of(policy: &Policy, day: &str) -> Incident {
    let said = play(policy.clone(), &format!("account 1001\n{day}\nshow incident 1"));
    serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap()
}

/// Where only a witness makes calls before the police needless, a camera that shows people does not, and a person who saw them does.
#[test]
fn who_saw_it_is_told_apart() {
    let needs_calls = |exempt: &str, source: &str| {
        let policy = rules(&format!(r#"{{"verify": {{"police": {{"calls": 2, "exempt": ["{exempt}"]}}}}}}"#));
        let day = format!(
            "10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\n10:00:15 op1 inc1 confirm-real basis=contact
            10:00:20 op1 inc1 observe source={source} saw=people
            10:00:30 op1 inc1 record-wish police=true insurer=false"
        );
        owed(&incident_of(&policy, &day), &policy).iter().any(|one| matches!(one, Refusal::CallsMissing { .. }))
    };
    assert_eq!(["video", "audio", "person"].map(|source| needs_calls("witness", source)), [true, true, false]);
    assert_eq!(["video", "audio", "person"].map(|source| needs_calls("video", source)), [false, false, true]);
}

/// Whoever names no language speaks all; whoever names some, those. A queue without one asks for none.
#[test]
fn languages_of_a_queue() {
    let speaks = |languages: &[&str], queue: Value| {
        let card = OperatorCard {
            languages: languages.iter().map(|name| (*name).into()).collect(),
            ..OperatorCard::new(OperatorId::new(1))
        };
        card.serves(&serde_json::from_value::<InQueue>(queue).unwrap())
    };
    let zh = json!({"name": "q", "language": "zh"});
    assert_eq!(
        [&["zh"][..], &["en"], &["en", "zh"], &[]].map(|known| speaks(known, zh.clone())),
        [true, false, true, true]
    );
    assert_eq!([&["zh"][..], &[]].map(|known| speaks(known, json!({"name": "q"}))), [true, true]);
}

/// An authority that is given no time to answer may take any; one that is given a second has that.
#[test]
fn how_long_an_authority_may_take() {
    let times = AnswerTimes { police: 0, fire: 1, ambulance: 60, insurer: 0 };
    assert_eq!(
        Authority::ALL.iter().filter_map(|to| Some((*to, times.of(*to)?))).collect::<Vec<_>>(),
        [(Authority::Fire, 1), (Authority::Ambulance, 60)]
    );
}

/// What is shown after a storm is settled by its incident.
#[test]
fn a_line_that_was_shown_names_its_incident() {
    let record = |version, event| StormRecord { storm: StormId::new(1), version, at: at("10:00:00"), by: None, event };
    let outage = Outage { account: "1001".parse().unwrap(), kind: Kind::Communication };
    let area: Area = serde_json::from_value(json!({"of": "district", "name": "East"})).unwrap();
    let declared =
        StormEvent::Declared { area, until: at("11:00:00"), counted: Default::default(), policy: 1, note: None };
    let grouped = StormEvent::Grouped { outage, signal: SignalId::new(4), since: at("09:59:00") };
    let shown = StormEvent::Shown { outage, incident: IncidentId::new(7) };
    let storm = [declared, grouped, shown]
        .into_iter()
        .zip(1..)
        .fold(None, |storm: Option<Storm>, (event, version)| evolve_storm(storm, &record(version, event)));
    let line = storm.unwrap().ledger.line(outage).unwrap().settled.clone();
    let settled = Settled {
        how: CaughtUp::Shown,
        at: at("10:00:00"),
        by: None,
        signal: None,
        incident: Some(IncidentId::new(7)),
        reference: None,
    };
    assert_eq!(line, Some(settled));
}

/// What is empty or nought is not stored; what is not, is, and is read back.
#[test]
fn nothing_is_not_stored() {
    let has = |value: Value, key: &str| value.as_object().unwrap().contains_key(key);
    let card = |jobs| serde_json::to_value(UnitCard { jobs, ..UnitCard::new(UnitId::new(7)) }).unwrap();
    assert_eq!((has(card(0), "jobs"), has(card(2), "jobs")), (false, true));
    let day = "10:00:00 signal 1001 E120 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 hand-off to=police";
    let hand_off = incident_of(&Policy::default(), day).hand_offs.remove(0);
    let stored = |sent| serde_json::to_value(HandOff { sent, ..hand_off.clone() }).unwrap();
    assert_eq!((has(stored(0), "sent"), has(stored(1), "sent")), (false, true));
    let account = |features: Features| {
        serde_json::to_value(alarmcore::AccountCard {
            features,
            ..alarmcore::AccountCard::new("1001".parse().unwrap())
        })
        .unwrap()
    };
    assert!(!has(account(Features::NONE), "features"));
    // Whatever is named twice is there once.
    let twice: Features = vec![Feature::Video, Feature::Guarded, Feature::Video].into();
    assert_eq!(account(twice)["features"], json!(["video", "guarded"]));
    let mut witness = Witness::new(rules(r#"{"storm": {"accounts": 3}}"#));
    let _ =
        witness.handle(Input::Account(serde_json::from_value(json!({"account": "1001", "district": "East"})).unwrap()));
    let command = serde_json::from_value(json!({"act": "declare", "area": "district", "name": "East"})).unwrap();
    let (at, by) = (at("10:00:00"), OperatorId::new(1));
    let _ = witness.handle(Input::Storm { at, by, supervisor: true, storm: None, command, second: None });
    let storm = |witness: &Witness| serde_json::to_value(witness.desk().storms().next().unwrap()).unwrap();
    assert!(!has(storm(&witness), "ledger"));
    let _ = witness.handle(Input::Signal(signal(1, at.plus_secs(1), "1001", &["E350"])));
    assert!(has(storm(&witness), "ledger"));
    witness.close();
}

/// What the centre reports of an expectation has its name as text, where it has one; and what it reports of itself says what is wrong.
#[test]
fn texts_of_the_centres_own_reports() {
    let text = |name: &str| {
        let raised = Raised { code: "641".parse().unwrap(), number: None, name: name.into() };
        let account = "1001".parse().unwrap();
        let edge = Edge {
            at: at("10:00:00"),
            account,
            expected: Expected::Event,
            group: None,
            missing: true,
            raised: Some(raised),
        };
        edge.report().signal.unwrap().text
    };
    assert_eq!((text("East gate"), text("")), (Some("East gate".to_owned()), None));
    let clock = Part::Clock.report(at("10:00:00"), true, "set forward by 61 s".into());
    assert_eq!(clock.signal.unwrap().text.as_deref(), Some("set forward by 61 s"));
}

/// A position is two numbers of degrees with digits before the point, at most three, and none but digits after it.
#[test]
fn positions_that_are_read() {
    let read = |text: &str| text.parse::<Position>().map(|position| position.to_string()).ok();
    assert_eq!(read("31.2304,121.4737").as_deref(), Some("31.230400,121.473700"));
    for wrong in [".5,1", "0031.2,1", "+31.2,1", "31.2x,1", "3x.2,1", "31.+2,1", ",1", "1.2"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
    let fault = "1.2".parse::<Position>().unwrap_err();
    let en = r#""1.2" is no position: write latitude and longitude in degrees, as in 31.2304,121.4737"#;
    let zh = r#""1.2" 不是经纬度：请以度为单位写纬度和经度，如 31.2304,121.4737"#;
    assert_eq!([fault.label(Lang::En), fault.label(Lang::Zh)], [en, zh]);
}

/// A fault names the word that was meant, where no more than a third of its letters differ.
#[test]
fn the_word_that_was_meant() {
    let meant = |word: &str| Policy::from_toml(&format!("swinger = {{ {word} = 3 }}")).unwrap_err().nearest;
    for near in ["trps", "trripss", "abctrips", "tripsabc", "trixxxps"] {
        assert_eq!(meant(near).as_deref(), Some("trips"), "{near}");
    }
    for far in ["abcdtrips", "tripsabcd", "trixxxxps", "t", "s", "tp"] {
        assert_eq!(meant(far), None, "{far}");
    }
}

/// What is missing in an entry of a line is said at the end of that entry; and a code has three digits after its letter.
#[test]
fn places_in_lines_of_expectations() {
    let fault = |text: &str| text.parse::<Expectation>().unwrap_err().to_string();
    let rest = "; after E421; within 5m; raise 641";
    let place = |text: &str| fault(text).split(':').next().unwrap().to_owned();
    assert_eq!(place("name r; expect E422; after E421; within; raise 641"), "character 40");
    assert_eq!(place("name r; expect; after E421; within 5m; raise 641"), "character 15");
    for wrong in ["E42", "E4222", "EABC", "E4x2"] {
        let said = fault(&format!("name r; expect {wrong}{rest}"));
        assert!(said.starts_with("character 16: expected an event such as E422"), "{wrong}: {said}");
    }
}

/// A code of a maker's own list is ended by the restore of the same code, and by no other.
#[test]
fn codes_of_makers_are_ended_by_themselves() {
    let mut fires = OwnList::Vds.entries().iter().filter(|entry| entry.class == Class::Fire);
    let [one, other] = [(); 2].map(|()| Code::Own(fires.next().unwrap().code));
    let stands = |restored: Code| {
        let mut witness = Witness::new(Policy::default());
        let account = "1001".parse().unwrap();
        let _ = witness.handle(Input::Account(alarmcore::AccountCard::new(account)));
        for (id, code, qualifier) in [(1, one, Qualifier::New), (2, restored, Qualifier::Restore)] {
            let mut received = signal(id, at("10:00:00").plus_secs(id as u32), "1001", &["E130"]);
            received.report.signal = Some(Signal { number: Some(5), ..Signal::new(code, qualifier) });
            received.report.content = id;
            let _ = witness.handle(Input::Signal(received));
        }
        let state = witness.desk().account(&account).unwrap().clone();
        witness.close();
        state.alarms.len() + state.troubles.len()
    };
    assert_eq!((stands(one), stands(other)), (0, 1));
}

/// A step of a plan is done by a hand-off to the one it names that was not rejected; and whoever said any codeword was reached.
#[test]
fn steps_that_are_done_by_what_they_name() {
    let plan = r#"
        [[plan]]
        id = "p"
        en = "P"
        zh = "P"
        [[plan.step]]
        id = "call"
        en = "c"
        zh = "c"
        act = "codeword"
        ask = "reached"
        on = { reached = "police", else = "close" }
        [[plan.step]]
        id = "police"
        en = "p"
        zh = "p"
        act = "hand-off"
        to = "police"
        next = "close"
        [[plan.step]]
        id = "close"
        en = "e"
        zh = "z"
        act = "close"
    "#;
    let policy = Policy { plans: Plans::from_toml(plan).unwrap().into(), ..Policy::default() };
    let shown = |acts: &[&str]| -> Vec<String> {
        let acts = acts.iter().map(|act| format!("10:00:20 op1 inc1 {act}\n")).collect::<String>();
        let day = format!("account 1001\n10:00:00 signal 1001 E120 n1\n10:00:10 op1 inc1 take\n{acts}show plan 1");
        let said = play(policy.clone(), &day);
        let line = |line: &str| {
            line.split([' ', ',', '|']).filter(|word| !word.is_empty()).take(2).collect::<Vec<_>>().join(" ")
        };
        said.lines().filter(|line| line.starts_with("  | ")).skip(1).map(line).collect()
    };
    for said in ["code-ok", "wrong-code", "duress-code"] {
        let call = format!("call contact=1 result={said}");
        assert_eq!(shown(&[&call]), ["done call", "next police", "open close"], "{said}");
    }
    let call = "call contact=1 result=code-ok";
    let answer = |accepted: bool| format!("answer-hand-off number=1 accepted={accepted}");
    assert_eq!(shown(&[call, "hand-off to=police"])[1], "done police");
    assert_eq!(shown(&[call, "hand-off to=police", &answer(true)])[1], "done police");
    assert_eq!(shown(&[call, "hand-off to=police", &answer(false)])[1], "next police");
    assert_eq!(shown(&[call, "hand-off to=fire", &answer(true)])[1], "next police");
}

/// A row that is given to somebody else is theirs alone; beyond so many rows the oldest goes, and no other.
#[test]
fn rows_that_are_somebodys() {
    let thing = |number: u32| -> LoweredThing {
        serde_json::from_value(json!({"kind": "bypassed", "number": number, "since": 0})).unwrap()
    };
    let give = |lowered: Option<Lowered>, version: u32, number: u32, to: u64| {
        let to = Assignee::Operator(OperatorId::new(to as _));
        let event = LoweredEvent::Assigned { thing: thing(number), to, note: None };
        let account = "1001".parse().unwrap();
        Some(evolve_lowered(lowered, &LoweredRecord { account, version, at: at("10:00:00"), by: None, event }))
    };
    let rows = |lowered: &Option<Lowered>| -> Vec<(u32, Assignee)> {
        lowered.as_ref().unwrap().assigned.iter().map(|row| (row.thing.number.unwrap(), row.to)).collect()
    };
    let of = |number: u32, to: u64| (number, Assignee::Operator(OperatorId::new(to as _)));
    let two = give(give(None, 1, 1, 1), 2, 2, 1);
    assert_eq!(rows(&give(two, 3, 1, 2)), [of(2, 1), of(1, 2)]);
    let most = Lowered::ASSIGNED as u32;
    let full = (1..=most).fold(None, |lowered, number| give(lowered, number, number, 1));
    let all: Vec<_> = (1..=most).map(|number| of(number, 1)).collect();
    assert_eq!(rows(&full), all);
    let beyond: Vec<_> = (2..=most + 1).map(|number| of(number, 1)).collect();
    assert_eq!(rows(&give(full, most + 1, most + 1, 1)), beyond);
}

/// A plan of everybody is given only to the kinds that no other of everybody names, and its last step need fit only those; one of
/// some accounts goes before both, and has to fit all.
#[test]
fn kinds_that_a_plan_is_given_to() {
    let plan = |id: &str, rest: &str, act: &str| {
        let step = format!("step = [{{ id = \"end\", en = \"e\", zh = \"z\", act = \"{act}\" }}]");
        format!("[[plan]]\nid = \"{id}\"\nen = \"P\"\nzh = \"P\"\n{rest}\n{step}\n")
    };
    let services: Vec<String> =
        Kind::ALL.iter().filter(|kind| kind.family() == Family::Service).map(|kind| format!("\"{kind}\"")).collect();
    let service = plan("service", &format!("kinds = [{}]", services.join(", ")), "settle");
    let read =
        |plans: &[&String]| Plans::from_toml(&plans.iter().map(|plan| plan.as_str()).collect::<String>()).is_ok();
    let (all, own) = (plan("all", "", "verify-false"), plan("own", "accounts = [\"1001\"]", "verify-false"));
    assert!(!read(&[&all]));
    assert!(read(&[&service, &all]));
    assert!(!read(&[&service, &all, &own]));
    assert!(read(&[&service, &all, &own.replace("verify-false", "close")]));
}
