//! What rules of the policy hid and still stands is shown when they hold no longer, however they ended (lowered protection, issue
//! line 7): once, and only what nobody was ever shown.

use std::sync::Arc;

use alarmcore::{
    AccountCard, Command, Desk, IncidentEvent, Input, Logged, LoweredEvent, OperatorId, Output, Policy, Rule, SignalId,
    Snapshot,
};

use crate::script::{at, signal};

const MALL: &str = "[[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2026-11-22T20:00:00Z'\n\
                    classes = { burglary = { action = 'log' } }\n";

fn policy(text: &str) -> Policy {
    Policy::from_toml(text).unwrap()
}

/// What a desk brought back: when, and the signals.
type Back = Vec<(String, u64)>;

fn hear(desk: &mut Desk, input: Input) -> Back {
    desk.handle(input);
    let mut back = Back::new();
    loop {
        match desk.poll() {
            Output::Wait(_) => return back,
            Output::Refuse(refusal) => panic!("{refusal}"),
            Output::Record(record) => match record.event {
                IncidentEvent::Opened { evidence, rule: Rule::OverrideOver, .. }
                | IncidentEvent::SignalJoined { evidence, rule: Rule::OverrideOver } => {
                    back.push((record.at.to_string()[11..19].to_owned(), evidence.signal.get()));
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn card(site: Option<&str>) -> Input {
    let site = site.map(|site| Arc::new(site.to_owned()));
    Input::Account(AccountCard { site, ..AccountCard::new("1001".parse().unwrap()) })
}

fn says(desk: &mut Desk, id: u64, clock: &str, words: &str) {
    let words: Vec<&str> = words.split(' ').collect();
    assert_eq!(hear(desk, Input::Signal(signal(id, at(clock), "1001", &words))), []);
}

fn time(desk: &mut Desk, clock: &str) -> Back {
    hear(desk, Input::Time(at(clock)))
}

/// A shop of the mall: zone 1 is logged by the override, zone 2 too and has restored, and the tamper is shown.
fn mall() -> Desk {
    let mut desk = Desk::new(policy(MALL));
    hear(&mut desk, card(Some("mall")));
    says(&mut desk, 1, "09:00:00", "E130 n1");
    says(&mut desk, 2, "09:00:01", "E130 n2");
    says(&mut desk, 3, "09:00:02", "R130 n2");
    assert_eq!(desk.queue().len(), 0);
    desk
}

/// The desk of a centre that is started at this moment, under this policy.
fn started(desk: &Desk, clock: &str, text: &str) -> Desk {
    Desk::restore(policy(text), Snapshot { started: Some(at(clock)), ..desk.snapshot() })
}

fn back(clock: &str, signal: u64) -> Back {
    vec![(clock.to_owned(), signal)]
}

/// The card moves out of the mall: what the override hid is shown as soon as the desk hears what time it is, once, also where the same
/// card is told again or the desk starts anew; named by the override that hid it.
#[test]
fn what_an_override_hid_is_shown_when_the_card_leaves_it() {
    let mut desk = mall();
    assert_eq!(hear(&mut desk, card(Some("mall"))), []);
    assert_eq!(time(&mut desk, "09:30:00"), []);
    assert_eq!(hear(&mut desk, card(None)), []);
    desk.handle(Input::Time(at("10:00:00")));
    let named = std::iter::from_fn(|| match desk.poll() {
        Output::Wait(_) => None,
        output => Some(output),
    });
    let named: Vec<_> = named
        .filter_map(|output| match output {
            Output::LoweredRecord(record) => Some(record.event),
            _ => None,
        })
        .collect();
    assert_eq!(named, [LoweredEvent::OverrideOver { name: "site mall".into(), until: at("10:00:00") }]);
    let incident = desk.queue()[0].clone();
    assert_eq!((incident.first_signal, incident.opened_at), (SignalId::new(1), at("10:00:00")));
    assert_eq!(incident.rule, Rule::OverrideOver);

    hear(&mut desk, card(Some("mall")));
    hear(&mut desk, card(None));
    assert_eq!(time(&mut desk, "10:00:01"), []);
    assert_eq!(time(&mut started(&desk, "11:00:00", MALL), "11:00:01"), []);
}

/// A centre is started under a policy without the override, with one that hides something else, with one that has ended, or with rules of
/// its own that show the class: what was hidden and still stands is shown at the start, and nothing else ever after.
#[test]
fn what_an_override_hid_is_shown_by_a_start_without_it() {
    let cases = [
        String::new(),
        MALL.replace("burglary", "tamper"),
        MALL.replace("T20:00", "T09:59"),
        MALL.replace("site = 'mall'", "site = 'fair'"),
    ];
    for text in &cases {
        let desk = mall();
        let mut again = started(&desk, "10:00:00", text);
        assert_eq!(time(&mut again, "10:00:00").iter().map(|(_, id)| *id).collect::<Vec<_>>(), [1], "{text}");
        assert_eq!(time(&mut again, "11:00:00"), [], "{text}");
        assert_eq!(time(&mut started(&again, "12:00:00", text), "21:00:00"), [], "{text}");
    }
    // Under the same rules it stays hidden, until they end as they say.
    let mut same = started(&mall(), "10:00:00", MALL);
    assert_eq!(time(&mut same, "19:59:59"), []);
    assert_eq!(time(&mut same, "20:00:00"), back("20:00:00", 1));
    // The same of a class that the centre itself only logged.
    let (log, show) =
        ("[classes]\nburglary = { action = 'log' }\n", "[classes]\nburglary = { action = 'show', priority = 2 }\n");
    let mut desk = Desk::new(policy(log));
    hear(&mut desk, card(None));
    says(&mut desk, 1, "09:00:00", "E130 n1");
    assert_eq!(time(&mut started(&desk, "10:00:00", log), "10:00:01"), []);
    assert_eq!(time(&mut started(&desk, "10:00:00", show), "10:00:01"), back("10:00:01", 1));
}

/// What falls due before the start happens first, at its own moment: nothing is shown before the centre was started. Where no centre was,
/// a desk made from a snapshot stands where the other stood, and shows nothing.
#[test]
fn nothing_is_shown_before_the_start() {
    let mut again = started(&mall(), "10:00:00", "");
    assert_eq!(time(&mut again, "09:59:59"), []);
    assert_eq!(time(&mut again, "10:00:05"), back("10:00:05", 1));
    let mut copy = Desk::restore(policy(""), mall().snapshot());
    assert_eq!(time(&mut copy, "11:00:00"), []);
}

/// What operators were shown comes back by no change of the rules: neither what they dealt with before the override, nor what an open
/// incident holds. A trip of the same zone that the override hid does, with a frame that was sent again after it or without.
#[test]
fn what_operators_have_dealt_with_does_not_come_back() {
    let act = |clock: &str, text: &str| Input::Act {
        at: at(clock),
        by: OperatorId::new(1),
        incident: alarmcore::IncidentId::new(1),
        command: serde_json::from_str::<Command>(text).unwrap(),
        second: None,
    };
    let shown = || {
        let mut desk = Desk::new(policy(MALL));
        hear(&mut desk, card(None));
        says(&mut desk, 1, "09:00:00", "E130 n1 s1");
        desk
    };
    let dealt_with = || {
        let mut desk = shown();
        hear(&mut desk, act("09:01:00", r#"{"act": "take"}"#));
        hear(&mut desk, act("09:02:00", r#"{"act": "verify-false", "cause": "user-error"}"#));
        assert_eq!(desk.queue().len(), 0);
        hear(&mut desk, card(Some("mall")));
        desk
    };
    let leaves = |desk: &mut Desk| {
        hear(desk, card(None));
        let live = time(desk, "12:00:00");
        assert_eq!(time(&mut started(desk, "13:00:00", ""), "13:00:00"), []);
        live
    };
    assert_eq!(leaves(&mut dealt_with()), []);
    assert_eq!(time(&mut started(&dealt_with(), "12:00:00", ""), "12:00:00"), []);
    // At the end that the override itself says, too.
    assert_eq!(time(&mut dealt_with(), "20:00:00"), []);

    let hidden = |again: bool| {
        let mut desk = dealt_with();
        says(&mut desk, 2, "11:00:00", "E130 n1 s2");
        if again {
            says(&mut desk, 3, "11:00:01", "E130 n1 s2");
        }
        desk
    };
    assert_eq!(leaves(&mut hidden(false)), back("12:00:00", 2));
    assert_eq!(leaves(&mut hidden(true)), back("12:00:00", 3));
    assert_eq!(time(&mut started(&hidden(true), "12:00:00", ""), "12:00:00"), back("12:00:00", 3));

    // What came again of what an open incident holds becomes part of it, and does not come back when that is closed.
    let mut open = shown();
    hear(&mut open, card(Some("mall")));
    says(&mut open, 2, "09:10:00", "E130 n1 s2");
    hear(&mut open, card(None));
    assert_eq!(time(&mut open, "09:20:00"), back("09:20:00", 2));
    assert_eq!(open.queue().iter().map(|incident| incident.signals).collect::<Vec<_>>(), [2]);
    hear(&mut open, act("09:21:00", r#"{"act": "take"}"#));
    hear(&mut open, act("09:22:00", r#"{"act": "verify-false", "cause": "user-error"}"#));
    assert_eq!(time(&mut started(&open, "10:00:00", ""), "10:00:00"), []);
}

/// What a test hid whose end came under the override is shown when that is over; while the test goes on, by its end.
#[test]
fn what_a_test_hid_under_an_override_is_shown_after_it() {
    let test = |clock: &str, text: &str| Input::Test {
        at: at(clock),
        by: OperatorId::new(1),
        supervisor: true,
        account: "1001".parse().unwrap(),
        command: serde_json::from_str(text).unwrap(),
        second: None,
    };
    let on_test = || {
        let mut desk = Desk::new(policy(MALL));
        hear(&mut desk, card(Some("mall")));
        hear(&mut desk, test("08:00:00", r#"{"act": "start", "reason": "repair", "asked_by": "Li", "minutes": 120}"#));
        says(&mut desk, 1, "09:00:00", "E130 n1");
        desk
    };
    let mut desk = on_test();
    assert_eq!(time(&mut desk, "10:30:00"), []);
    assert_eq!(desk.queue().len(), 0);
    hear(&mut desk, card(None));
    assert_eq!(time(&mut desk, "10:40:00"), back("10:40:00", 1));

    let mut desk = on_test();
    hear(&mut desk, card(None));
    assert_eq!(time(&mut desk, "09:30:00"), []);
    time(&mut desk, "10:30:00");
    assert_eq!(desk.queue()[0].rule, Rule::OnTestOver);
    assert_eq!(time(&mut started(&desk, "11:00:00", ""), "11:00:00"), []);
}

/// An operator finds false what is open.
fn deal_with(desk: &mut Desk, clock: &str) {
    for command in [r#"{"act": "take"}"#, r#"{"act": "verify-false", "cause": "user-error"}"#] {
        let (incident, command) = (desk.queue()[0].id, serde_json::from_str(command).unwrap());
        hear(desk, Input::Act { at: at(clock), by: OperatorId::new(1), incident, command, second: None });
    }
    assert_eq!(desk.queue().len(), 0);
}

/// Each end of an override shows what it hid, whatever an earlier end has shown, or another one at the same moment; and so does a card
/// that leaves one, and a start under other rules.
#[test]
fn every_end_shows_what_it_hid_and_no_more() {
    let two = |until: &str| {
        let text = "[[override]]\naccounts = ['1001']\nowner = 'Li'\nclasses = { tamper = { action = 'log' } }\n";
        format!("{text}until = '2026-11-22T{until}Z'\n{MALL}")
    };
    let day = |until: &str| {
        let mut desk = Desk::new(policy(&two(until)));
        hear(&mut desk, card(Some("mall")));
        says(&mut desk, 1, "08:00:00", "E137 n1");
        says(&mut desk, 2, "08:01:00", "E130 n2");
        desk
    };
    let mut desk = day("09:00:00");
    assert_eq!(time(&mut desk, "10:00:00"), back("09:00:00", 1));
    let mut left = desk.clone();
    let mut again = started(&desk, "11:00:00", "");
    assert_eq!(time(&mut started(&desk, "11:00:00", &two("09:00:00")), "19:59:59"), []);
    assert_eq!(time(&mut desk, "20:00:00"), back("20:00:00", 2));
    assert_eq!(time(&mut started(&desk, "21:00:00", &two("09:00:00")), "21:00:00"), []);
    hear(&mut left, card(None));
    assert_eq!(time(&mut left, "11:00:00"), back("11:00:00", 2));
    assert_eq!(time(&mut again, "11:00:00"), back("11:00:00", 2));
    let both = vec![("20:00:00".to_owned(), 1), ("20:00:00".to_owned(), 2)];
    assert_eq!(time(&mut day("20:00:00"), "20:00:00"), both);
}

/// What was shown and dealt with, and what restored while it was hidden and came again to be shown, is not hidden any more.
#[test]
fn what_was_shown_is_hidden_no_more() {
    let mut desk = mall();
    hear(&mut desk, card(None));
    assert_eq!(time(&mut desk, "10:00:00"), back("10:00:00", 1));
    deal_with(&mut desk, "10:01:00");
    hear(&mut desk, card(Some("mall")));
    hear(&mut desk, card(None));
    assert_eq!(time(&mut desk, "10:30:00"), []);
    assert_eq!(time(&mut started(&desk, "11:00:00", ""), "11:00:00"), []);

    let mut desk = mall();
    says(&mut desk, 4, "09:10:00", "R130 n1");
    hear(&mut desk, card(None));
    assert_eq!(time(&mut desk, "10:00:00"), []);
    says(&mut desk, 5, "10:10:00", "E130 n1");
    deal_with(&mut desk, "10:11:00");
    assert_eq!(time(&mut started(&desk, "11:00:00", ""), "11:00:00"), []);
}

/// A zone that trips too often is logged because it was shown often enough: a change of the rules brings nothing of it back.
#[test]
fn what_says_nothing_new_is_not_hidden() {
    let mut desk = Desk::new(policy(""));
    hear(&mut desk, card(None));
    says(&mut desk, 1, "08:59:00", "R401 g1 n1");
    for trip in 0..2 {
        says(&mut desk, 2 + 2 * trip, &format!("09:0{trip}:00"), "E130 g1 n1");
        says(&mut desk, 3 + 2 * trip, &format!("09:0{trip}:10"), "R130 g1 n1");
    }
    deal_with(&mut desk, "09:10:00");
    says(&mut desk, 6, "09:11:00", "E130 g1 n1");
    assert_eq!(desk.queue().len(), 0);
    hear(&mut desk, card(Some("mall")));
    assert_eq!(time(&mut desk, "09:12:00"), []);
}

/// What a run logged under an override is shown by the end of that, and neither what came before the run and was dealt with, nor, at a start
/// after it, anything twice.
#[test]
fn what_a_run_logged_under_an_override_is_shown_by_its_end() {
    let text = format!("[runaway]\nsignals = 4\nsilence_s = 600\n{MALL}");
    let mut desk = Desk::new(policy(&text));
    hear(&mut desk, card(None));
    says(&mut desk, 1, "08:00:00", "E130 n9");
    deal_with(&mut desk, "08:01:00");
    hear(&mut desk, card(Some("mall")));
    let signals = ["E130 n1", "E130 n2", "E130 n3", "E130 n4", "E130 n5", "R130 n1", "R130 n2", "R130 n3"];
    for (id, words) in (2..).zip(signals) {
        says(&mut desk, id, &format!("09:00:0{id}"), words);
    }
    assert_eq!(time(&mut desk, "19:59:59"), []);
    let shown = vec![("20:00:00".to_owned(), 5), ("20:00:00".to_owned(), 6)];
    assert_eq!(time(&mut desk, "20:00:00"), shown);
    assert_eq!(time(&mut started(&desk, "21:00:00", &text), "21:00:00"), []);
}

/// What a card that leaves an override shows is shown as soon as everything of a moment has happened, however late the desk looks.
#[test]
fn what_was_hidden_is_shown_after_all_of_a_moment() {
    let mut desk = Desk::new(policy(MALL));
    hear(&mut desk, card(Some("mall")));
    says(&mut desk, 1, "09:00:00", "E130 n1");
    for (id, clock, account) in [(2, "09:00:10", "1002"), (3, "09:00:10", "1003"), (4, "09:00:20", "1004")] {
        hear(&mut desk, Input::Account(AccountCard::new(account.parse().unwrap())));
        hear(&mut desk, Input::Signal(signal(id, at(clock), account, &["E301"])));
    }
    hear(&mut desk, card(None));
    assert_eq!(time(&mut desk, "10:00:00"), back("09:30:10", 1));
    let mut open: Vec<(u64, u64)> = desk.queue().iter().map(|one| (one.id.get(), one.first_signal.get())).collect();
    open.sort_unstable();
    assert_eq!(open, [(1, 2), (2, 3), (3, 1), (4, 4)]);
}

/// A store knows what is hidden from what stands and from what it remembers of the last signal of each.
#[test]
fn what_is_hidden_by_what_a_store_remembers() {
    let desk = mall();
    let state = desk.account(&"1001".parse().unwrap()).unwrap();
    let logged = Logged { signal: SignalId::new(1), rule: Rule::ClassLogged, overridden: Some("site mall".into()) };
    let of = |signal: SignalId| Ok::<_, ()>((signal == logged.signal).then(|| logged.clone()));
    assert_eq!(state.hidden(of), Ok(desk.snapshot().hidden));
    assert_eq!(desk.snapshot().hidden.iter().map(|one| one.number).collect::<Vec<_>>(), [Some(1)]);
    assert_eq!(state.hidden(|_| Err(())), Err(()));
}

/// What operators have dealt with does not come back beside what is hidden either: neither where the card leaves the override, nor at its
/// end.
#[test]
fn what_was_dealt_with_does_not_come_back_beside_what_is_hidden() {
    let mut desk = Desk::new(policy(MALL));
    hear(&mut desk, card(None));
    says(&mut desk, 1, "09:00:00", "E130 n1");
    deal_with(&mut desk, "09:01:00");
    hear(&mut desk, card(Some("mall")));
    says(&mut desk, 2, "09:10:00", "E130 n2");
    assert_eq!(time(&mut desk.clone(), "20:00:00"), back("20:00:00", 2));
    hear(&mut desk, card(None));
    assert_eq!(time(&mut desk, "10:00:00"), back("10:00:00", 2));
}

/// What a run logged is shown by the end of its own override, whatever an earlier end has shown; and once, also where people have dealt with
/// it before the desk starts anew.
#[test]
fn what_a_run_logged_is_shown_after_an_earlier_end() {
    let earlier = "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2026-11-22T08:30:00Z'\n\
                   classes = { tamper = { action = 'log' } }\n";
    let text = format!("[runaway]\nsignals = 4\nsilence_s = 600\n{earlier}{MALL}");
    let mut desk = Desk::new(policy(&text));
    hear(&mut desk, card(Some("mall")));
    says(&mut desk, 1, "08:00:00", "E137 n1");
    assert_eq!(time(&mut desk, "08:31:00"), back("08:30:00", 1));
    let signals = ["E130 n1", "E130 n2", "E130 n3", "E130 n4", "E130 n5", "R130 n1", "R130 n2", "R130 n3"];
    for (id, words) in (2..).zip(signals) {
        says(&mut desk, id, &format!("09:00:0{id}"), words);
    }
    let shown = vec![("20:00:00".to_owned(), 5), ("20:00:00".to_owned(), 6)];
    assert_eq!(time(&mut desk, "20:00:00"), shown);
}

/// Two ends of one moment show what each hid, whichever stands first: also of a run that a rule of the second logged.
#[test]
fn two_ends_of_one_moment_show_what_a_run_logged() {
    let tamper = "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2026-11-22T20:00:00Z'\n\
                  classes = { tamper = { action = 'log' } }\n";
    let shown = |overrides: String| {
        let mut desk = Desk::new(policy(&format!("[runaway]\nsignals = 4\nsilence_s = 600\n{overrides}")));
        hear(&mut desk, card(Some("mall")));
        says(&mut desk, 1, "08:00:00", "E137 n1");
        let signals = ["E130 n1", "E130 n2", "E130 n3", "E130 n4", "E130 n5", "R130 n1", "R130 n2", "R130 n3"];
        for (id, words) in (2..).zip(signals) {
            says(&mut desk, id, &format!("09:00:0{id}"), words);
        }
        let mut shown: Vec<u64> = time(&mut desk, "20:00:00").into_iter().map(|(_, id)| id).collect();
        shown.sort_unstable();
        shown
    };
    assert_eq!(shown(format!("{tamper}{MALL}")), [1, 5, 6]);
    assert_eq!(shown(format!("{MALL}{tamper}")), [1, 5, 6]);
}

/// The end of an override says and shows nothing of what the rules below it log as well.
#[test]
fn what_is_logged_without_the_override_stays_so() {
    let mut desk = Desk::new(policy(&format!("[classes]\nburglary = {{ action = 'log' }}\n{MALL}")));
    hear(&mut desk, card(Some("mall")));
    says(&mut desk, 1, "09:00:00", "E130 n1");
    desk.handle(Input::Time(at("21:00:00")));
    let said: Vec<Output> = std::iter::from_fn(|| match desk.poll() {
        Output::Wait(_) => None,
        output => Some(output),
    })
    .collect();
    assert!(!said.iter().any(|one| matches!(one, Output::Record(_) | Output::LoweredRecord(_))), "{said:?}");
}
