//! Lowered by agreement (§2.5 four eyes, issue line 7): suspended accounts and log-only agreements, their ends, and whose the
//! rows of the board are.

use alarmcore::{
    AccountCard, Input, Listed, Lowering, Lowers, Output, Policy, Rule, SignalId, Timestamp, Zones, is_life_safety,
};
use contactid::{Class, Code};

use crate::script::{at, play, rules, signal};
use crate::witness::Witness;

/// A suspended account calls nobody, life safety excepted; it warns before its end, ends by itself, and what is still so then is
/// shown. What was open goes on: its restore joins.
#[test]
fn row_2_5_four_eyes_suspended() {
    let script = r#"
        account 1001
        08:59:00 signal 1001 E130 g1 n4
        account 1001 lowerings=[{"number":1,"lowers":"suspension","from":"09:00:00","until":"12:00:00"}]
        09:00:30 signal 1001 R130 g1 n4
        09:05:00 signal 1001 E130 g1 n5
        09:05:20 signal 1001 R130 g1 n5
        09:06:00 signal 1001 E301
        09:07:00 signal 1001 E130 g1 n6
        09:08:00 signal 1001 E110 g1 n2
        09:08:10 signal 1001 E406 n1
        09:09:00 signal 1001 E130 g1 n7 plain-despite-key
        11:00:00 time
        12:00:00 time
        12:01:00 signal 1001 E130 g1 n5
        show queue
    "#;
    let policy = rules(r#"{"lowered": {"warn_before_s": 3600}}"#);
    insta::assert_snapshot!(play(policy, script));
}

/// What was agreed to before and begins by itself while an intrusion is open covers no further intrusion: nobody knew of it. What two
/// agreed to beside it covers all, as does what began before it; and once it is over, what was agreed to before covers again.
#[test]
fn row_2_5_four_eyes_suspended_beside_an_intrusion() {
    let script = r#"
        account 1001 lowerings=[{"number":1,"lowers":"suspension","from":"09:00:00","until":"12:00:00","agreed_at":"08:00:00"}]
        account 1002 lowerings=[{"number":1,"lowers":"log-only","zones":{"which":"listed","zones":[5]},"from":"09:00:00","until":"12:00:00","agreed_at":"08:00:00"}]
        account 1003 lowerings=[{"number":1,"lowers":"suspension","from":"09:00:00","until":"12:00:00","agreed_at":"08:58:30"}]
        account 1004
        08:58:00 signal 1003 E130 g1 n4
        08:58:10 signal 1004 E130 g1 n4
        08:58:20 op3 inc1 take
        account 1004 lowerings=[{"number":1,"lowers":"suspension","from":"08:58:30","until":"12:00:00"}]
        08:59:00 signal 1001 E130 g1 n4
        08:59:10 signal 1002 E137 g1 n4
        09:00:10 signal 1001 E301
        09:00:20 signal 1001 E130 g1 n5
        09:00:30 signal 1001 R130 g1 n5
        09:01:00 signal 1002 E130 g1 n5
        09:01:10 signal 1002 E130 g1 n6
        09:02:00 signal 1003 E130 g1 n5
        09:03:00 signal 1004 E130 g1 n5
        09:04:00 op1 inc3 take
        09:04:05 op1 inc3 call contact=1 result=code-ok
        09:04:10 op1 inc3 verify-false cause=user-error
        09:05:00 signal 1001 E130 g1 n7
        show queue
        12:00:00 time
    "#;
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Nor does it keep back what a test hid of an intrusion there, when the test ends: nothing but the test covers that.
#[test]
fn row_2_5_four_eyes_suspended_beside_an_intrusion_covers_no_end_of_a_test() {
    let script = r#"
        account 1001 lowerings=[{"number":1,"lowers":"suspension","from":"09:00:00","until":"12:00:00","agreed_at":"08:00:00"}]
        08:59:00 signal 1001 E130 g1 n4
        08:59:30 op1 test1001 start reason=repair contact=1 proof=right minutes=30
        09:10:00 signal 1001 E130 g1 n5
        09:10:10 signal 1001 E301
        09:20:00 op1 test1001 end
        show queue
    "#;
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// What is listed is only logged while the agreement runs: two zones, or a class, or a class in a zone. Fire in a listed zone is
/// shown: no list can name it.
#[test]
fn row_2_5_four_eyes_log_only() {
    let script = r#"
        account 1001 lowerings=[{"number":1,"lowers":"log-only","zones":{"which":"listed","zones":[4,5]},"from":"00:00:01","until":"12:00:00"}]
        account 1002 lowerings=[{"number":7,"lowers":"log-only","classes":["tamper"],"from":"00:00:01","until":"12:00:00"}]
        09:00:00 signal 1001 E130 g1 n4
        09:00:10 signal 1001 E130 g1 n6
        09:00:20 signal 1001 E110 g1 n4
        09:00:30 signal 1001 E301
        09:01:00 signal 1002 E137 g1 n4
        09:01:10 signal 1002 E130 g1 n4
        09:01:20 signal 1002 R137 g1 n4
        12:00:00 time
        12:00:10 signal 1002 E137 g1 n4
        show queue
    "#;
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Ended early it ends at that moment; one that begins later waits; what two hide is shown when the last of them is over, and
/// what a test hid beside them too.
#[test]
fn ends_of_what_overlaps() {
    let script = r#"
        account 1001 lowerings=[{"number":1,"lowers":"suspension","from":"09:00:00","until":"15:00:00"},{"number":2,"lowers":"log-only","zones":{"which":"listed","zones":[5]},"from":"09:30:00","until":"11:00:00"}]
        09:05:00 op1 test1001 start reason=repair asked_by=Li minutes=60
        09:40:00 signal 1001 E130 g1 n5
        09:41:00 signal 1001 E130 g1 n6
        10:05:00 time
        10:30:00 time
        account 1001 lowerings=[{"number":1,"lowers":"suspension","from":"09:00:00","until":"10:30:00"},{"number":2,"lowers":"log-only","zones":{"which":"listed","zones":[5]},"from":"09:30:00","until":"11:00:00"}]
        10:30:01 time
        11:00:00 time
        show queue
    "#;
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// A row is given to a person or a rank, to another, and taken back; each with who and when. What is refused says why.
#[test]
fn rows_of_the_board_are_assigned() {
    let script = r#"
        account 1001
        09:00:00 op1 lowered1001 assign kind=bypassed code=570 number=3 since=1795305600000 operator=2 note="go and see"
        09:01:00 op1 lowered1001 assign kind=bypassed code=570 number=3 since=1795305600000 operator=2
        09:02:00 op1 lowered1001 assign kind=bypassed code=570 number=3 since=1795305600000 rank=supervisor
        09:03:00 op1 lowered1001 assign kind=silent since=1795305600000 operator=2 rank=supervisor
        09:04:00 op2 lowered1001 unassign kind=bypassed code=570 number=3 since=1795305600000 note="done"
        09:05:00 op2 lowered1001 unassign kind=bypassed code=570 number=3 since=1795305600000
        09:06:00 op2 lowered1009 assign kind=silent since=1795305600000 rank=manager
    "#;
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Nobody could have answered what a test, a suspension, an agreement or an override hid: the response clock starts at its end. That of
/// what was held, or is shown as it comes, starts when it was received.
#[test]
fn the_response_clock_starts_at_the_end_of_what_hid_it() {
    let until = at("12:00:00");
    let lowering =
        |lowers| [Lowering { number: 1, lowers, from: at("08:00:00"), until, agreed_at: None }].into_iter().collect();
    let hides =
        "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2026-11-22T12:00:00Z'\nclasses = { tamper = ";
    let over = |handling| Policy::from_toml(&format!("{hides}{handling} }}\n")).unwrap();
    let number = "1001".parse().unwrap();
    let plain = AccountCard::new(number);
    let card = |lowers| AccountCard { lowerings: lowering(lowers), ..plain.clone() };
    let test = Input::Test {
        at: at("08:00:00"),
        by: alarmcore::OperatorId::new(1),
        supervisor: false,
        account: number,
        command: serde_json::from_str(r#"{"act": "start", "reason": "repair", "asked_by": "Li", "minutes": 240}"#)
            .unwrap(),
        second: None,
    };
    let shown = |policy: Policy, before: Vec<Input>| {
        let mut witness = Witness::new(policy);
        before.into_iter().for_each(|input| drop(witness.handle(input)));
        witness.handle(Input::Signal(signal(1, at("09:00:00"), "1001", &["E137", "n1"])));
        witness.handle(Input::Time(until));
        let desk = witness.desk();
        let shown = desk.queue().first().map(|incident| (incident.rule, incident.opened_at, incident.received_at));
        shown.unwrap()
    };
    let usual = Policy::default;
    let suspended = vec![Input::Account(card(Lowers::Suspension))];
    let logged = vec![Input::Account(card(Lowers::LogOnly(Listed::default())))];
    let account = || vec![Input::Account(plain.clone())];
    let held = "{ action = 'hold', priority = 3, seconds = 600 }";
    let tested = [account(), vec![test]].concat();
    assert_eq!(shown(usual(), tested), (Rule::OnTestOver, until, until));
    assert_eq!(shown(usual(), suspended), (Rule::SuspendedOver, until, until));
    assert_eq!(shown(usual(), logged), (Rule::LogOnlyOver, until, until));
    assert_eq!(shown(over("{ action = 'log' }"), account()), (Rule::OverrideOver, until, until));
    assert_eq!(shown(over(held), account()), (Rule::CancelWaitOver, at("09:10:00"), at("09:00:00")));
    assert_eq!(shown(usual(), account()), (Rule::ClassShown, at("09:00:00"), at("09:00:00")));
}

/// Neither a suspension nor the widest agreement covers one code of life safety.
#[test]
fn no_agreement_covers_life_safety() {
    let whole = |lowers| Lowering { number: 1, lowers, from: at("00:00:01"), until: at("23:00:00"), agreed_at: None };
    let all = [Lowers::Suspension, Lowers::LogOnly(Listed::default())].map(whole);
    for code in (100..=999).map(|code: u32| code.to_string().parse::<Code>().unwrap()) {
        let expected = !is_life_safety(code.class());
        assert_eq!(all.clone().map(|one| one.covers(code, Some(1))), [expected, expected], "{code}");
    }
    // And the desk shows each, marked, while the account is suspended.
    let mut witness = Witness::new(Policy::default());
    let card =
        AccountCard { lowerings: all.into_iter().take(1).collect(), ..AccountCard::new("1001".parse().unwrap()) };
    witness.handle(Input::Account(card));
    for (id, event) in ["E110", "E120", "E121", "E100", "E151"].into_iter().enumerate() {
        let moment = Timestamp::from_millis(at("09:00:00").millis() + id as i64 * 1000);
        let said = witness.handle(Input::Signal(signal(id as u64 + 1, moment, "1001", &[event, "g1", "n1"])));
        let shown = said.iter().find_map(|output| match output {
            Output::Dispose(one) => Some((one.signal, one.rule, one.outcome.incident().is_some())),
            _ => None,
        });
        assert_eq!(shown, Some((SignalId::new(id as u64 + 1), Rule::SuspendedLifeSafety, true)), "{event}");
    }
}

/// No word of an agreement can name life safety, and what lists no zone and no class would be a suspension.
#[test]
fn what_a_list_can_say() {
    for class in Class::ALL.iter().copied().filter(|class| is_life_safety(*class)) {
        let text = format!(r#"{{"classes": ["{}"]}}"#, class.as_str());
        assert!(serde_json::from_str::<Listed>(&text).is_err(), "{text} is read");
    }
    let zone = Listed { zones: Zones::Listed([4].into()), ..Listed::default() };
    assert_eq!((Listed::default().is_all(), zone.is_all()), (true, false));
}
