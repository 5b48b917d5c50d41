//! On test (§2.2): what is covered and what is not, the limits of a test, its end, and what comes back then.

use alarmcore::{
    Input, OperatorId, Output, Policy, Proof, ProofFor, Scope, TestAct, TestCommand, TestLimits, TestReason,
    TestRefusal, TestStart, Timestamp, Zones, decide_test,
};
use contactid::{Class, Code};

use crate::script::{at, play, rules, signal};
use crate::witness::Witness;

/// The whole account: logged while it lasts, ended by hand, and everything goes its normal way again.
#[test]
fn row_2_2_on_test_whole() {
    let script = "
        account 1001
        09:00:00 op1 test1001 start reason=repair asked_by=\"Wang of Safe Ltd\" minutes=60
        09:05:00 signal 1001 E130 g1 n5
        09:05:20 signal 1001 R130 g1 n5
        09:06:00 signal 1001 E301
        09:07:00 signal 1001 R301
        09:08:00 signal 1001 E401 n1
        09:09:00 signal 1001 E130 g1 n5 plain-despite-key
        09:09:10 signal 1001 R130 g1 n5
        09:10:00 signal 1001 E110 g1 n2
        09:20:00 op2 test1001 end note=\"back in order\"
        09:21:00 signal 1001 E130 g1 n5
        09:22:00 op2 test1001 end
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Listed zones, and all but listed ones: what names no zone is not of a list, and what hides its zone might be excepted.
#[test]
fn row_2_2_on_test_zones() {
    let script = "
        account 1001
        account 1002
        09:00:00 op1 test1001 start reason=inspection contact=2 proof=right only=[3,4]
        09:00:00 op1 test1002 start reason=works asked_by=Li except=[7]
        09:01:00 signal 1001 E130 n3
        09:01:10 signal 1001 E130 n5
        09:01:20 signal 1001 E302
        09:02:00 signal 1002 E130 n3
        09:02:10 signal 1002 E302
        09:02:20 signal 1002 E130 n7
        09:02:30 signal 1002 E130
        09:03:00 signal 1001 R130 n3
        09:03:10 signal 1002 R130 n3
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// A frame of life safety that came during a test, and comes once more when that is over: an alarm is open, but not of that.
#[test]
fn life_safety_sent_again_after_its_test_is_no_repeat() {
    let script = "
        account 1001
        09:00:00 signal 1001 E130 n5
        09:01:00 op1 test1001 start reason=inspection asked_by=Li life_safety=[\"fire\"] second=op9
        09:03:00 signal 1001 E110 n2 s7
        09:03:05 signal 1001 R110 n2 s8
        09:03:10 op1 test1001 end
        09:03:20 signal 1001 E110 n2 s7
        09:03:30 signal 1001 E110 n2 s7
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Categories: a test of burglary leaves tamper alone. Life safety is tested only where it is named, and elsewhere alarms.
#[test]
fn on_test_categories_and_life_safety() {
    let script = "
        account 1001
        account 1002
        09:00:00 op1 test1001 start reason=inspection asked_by=Li classes=[\"burglary\"]
        09:01:00 signal 1001 E130 n3
        09:01:10 signal 1001 E137 n3
        09:01:20 signal 1001 E110 n3
        09:02:00 op1 test1002 start reason=inspection asked_by=Li life_safety=[\"fire\"] except=[9] second=op9
        09:03:00 signal 1002 E110 n2
        09:03:10 signal 1002 R110 n2
        09:03:20 signal 1002 E110 n9
        09:03:30 signal 1002 E121 n1
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// A limit by role, from the beginning, whatever is extended; a warning first; the end by itself, to the second.
#[test]
fn row_2_2_on_test_limit() {
    let script = "
        account 1001
        09:00:00 op1 test1001 start reason=repair asked_by=Wang minutes=481
        09:00:00 op1 test1001 start reason=repair asked_by=Wang minutes=0
        09:00:00 op1 test1001 start reason=repair asked_by=Wang minutes=60
        09:44:59 time
        09:45:00 time
        09:50:00 op1 test1001 extend minutes=10
        09:50:00 op1 test1001 extend minutes=431
        09:50:00 op1 test1001 extend minutes=430 note=\"a lot to do\"
        16:44:59 signal 1001 E130 n5
        16:45:00 signal 1001 R130 n5
        16:50:00 op1 test1001 extend minutes=11
        16:50:00 sup2 test1001 extend minutes=20
        17:10:00 signal 1001 E130 n6
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// What the test hid and is still so comes back as if it came now: alarms, troubles without their wait, a silent line. Not
/// what was there before, and not what nobody would have been shown.
#[test]
fn row_2_2_on_test_over() {
    let script = "
        account 1001
        08:00:00 signal 1001 E384 n4
        08:00:10 op1 inc1 take
        08:00:20 op1 inc1 settle settlement=repair-ordered
        08:30:00 signal 1001 E130 n1
        08:30:10 op1 inc2 take
        08:30:20 op1 inc2 verify-false cause=animal
        09:00:00 op1 test1001 start reason=repair asked_by=Wang life_safety=[\"fire\"] second=op9
        09:10:00 signal 1001 E130 g1 n5
        09:10:10 signal 1001 E130 g1 n6
        09:10:20 signal 1001 R130 g1 n6
        09:10:30 signal 1001 E130 n1
        09:11:00 signal 1001 E110 g1 n2
        09:12:00 signal 1001 E301
        09:13:00 signal 1001 E570 n8
        09:14:00 signal 1001 E350 supervision
        11:00:00 time
        show queue
        11:00:30 op1 inc3 take
        11:01:00 signal 1001 R130 g1 n5
        11:02:00 signal 1001 R350 supervision
        show incident 3
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Whoever tests makes a panel say much: that is no runaway, and none of one that comes after it.
#[test]
fn on_test_is_no_runaway() {
    let script = "
        account 1001
        09:00:00 signal 1001 E130 n1
        09:00:30 op1 test1001 start reason=inspection asked_by=Li only=[3] second=op9
        09:01:00 signal 1001 E130 n3
        09:01:10 signal 1001 R130 n3
        09:01:20 signal 1001 E131 n3
        09:01:30 signal 1001 R131 n3
        09:01:40 signal 1001 E137 n4
        09:02:00 op1 test1001 end
        09:02:10 signal 1001 E137 n6
        09:02:20 signal 1001 E137 n7
        09:02:30 signal 1001 E137 n8
        09:02:40 signal 1001 E137 n9
    ";
    insta::assert_snapshot!(play(rules(r#"{"runaway": {"signals": 3}}"#), script));
}

/// Nor is it a swinger: the first alarms of the zone after the test are shown.
#[test]
fn on_test_is_no_swinger() {
    let script = "
        account 1001
        08:00:00 signal 1001 R401 n1
        09:00:00 op1 test1001 start reason=inspection asked_by=Li
        09:01:00 signal 1001 E130 n3
        09:01:10 signal 1001 R130 n3
        09:02:00 signal 1001 E130 n3
        09:02:10 signal 1001 R130 n3
        09:03:00 signal 1001 E130 n3
        09:03:10 signal 1001 R130 n3
        09:04:00 op1 test1001 end
        09:10:00 signal 1001 E130 n3
        09:10:10 signal 1001 R130 n3
        09:11:00 signal 1001 E130 n3
        09:12:00 signal 1001 E130 n3
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Who may not put what on test.
#[test]
fn on_test_refused() {
    let script = "
        account 1001
        09:00:00 op1 test1001 end
        09:00:00 op1 test1001 extend minutes=5
        09:00:00 op1 test9999 start reason=repair asked_by=Wang
        09:00:00 op1 test1001 start asked_by=Wang
        09:00:00 op1 test1001 start reason=repair asked_by=\" \"
        09:00:00 op1 test1001 start reason=repair contact=2 proof=wrong
        09:00:00 op1 test1001 start reason=repair contact=2 proof=duress
        09:00:00 op1 test1001 start reason=repair contact=2 only=[1] except=[2]
        09:00:00 op1 test1001 start reason=repair contact=2 life_safety=[\"burglary\"]
        09:00:00 op1 test1001 start reason=repair contact=2
        09:00:00 op1 test1001 start reason=repair contact=2
        09:30:00 signal 1001 E130 n5
        closed 1001
        11:00:00 time
        09:00:00 op1 test1001 start reason=repair contact=2
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

fn start(minutes: Option<u32>) -> TestCommand {
    TestCommand::Start(TestStart { minutes, ..begin() })
}

pub(crate) fn begin() -> TestStart {
    TestStart { reason: Some(TestReason::Repair), asked_by: Some("Wang".to_owned()), ..TestStart::default() }
}

fn until(policy: &Policy, supervisor: bool, minutes: Option<u32>) -> Result<(Timestamp, Timestamp), TestRefusal> {
    let account = "1001".parse().unwrap();
    let mut witness = Witness::new(policy.clone());
    let _ = witness.handle(Input::Account(alarmcore::AccountCard::new(account)));
    let (at, by) = (at("09:00:00"), OperatorId::new(1));
    let said = witness.handle(Input::Test { at, by, supervisor, account, command: start(minutes), second: None });
    match said.into_iter().next() {
        Some(Output::RefuseTest(refusal)) => Err(refusal),
        _ => Ok(witness.desk().test(account).map(|test| (test.until, test.warn_at)).unwrap()),
    }
}

/// The default is within the limit of whoever acts, and a short test is warned of halfway.
#[test]
fn on_test_limits_by_role() {
    let limits = TestLimits {
        default_s: 7200,
        operator_max_s: 3600,
        supervisor_max_s: 10_800,
        warn_before_s: 900,
        ..TestLimits::default()
    };
    let policy = Policy { on_test: limits, ..Policy::default() };
    let over = |minutes, at_most| Err(TestRefusal::OverLimit { minutes, at_most });
    assert_eq!(until(&policy, false, None), Ok((at("10:00:00"), at("09:45:00"))));
    assert_eq!(until(&policy, true, None), Ok((at("11:00:00"), at("10:45:00"))));
    assert_eq!(until(&policy, false, Some(60)), Ok((at("10:00:00"), at("09:45:00"))));
    assert_eq!(until(&policy, false, Some(61)), over(61, 60));
    assert_eq!(until(&policy, true, Some(180)), Ok((at("12:00:00"), at("11:45:00"))));
    assert_eq!(until(&policy, true, Some(181)), over(181, 180));
    assert_eq!(until(&policy, true, Some(0)), over(0, 180));
    assert_eq!(until(&policy, true, Some(u32::MAX)), over(u32::MAX, 180));
    assert_eq!(until(&policy, false, Some(10)), Ok((at("09:10:00"), at("09:05:00"))));
    let none = TestLimits { operator_max_s: 0, ..limits };
    assert_eq!(until(&Policy { on_test: none, ..policy }, false, Some(1)), over(1, 0));
}

/// "A test cannot outlive its limit": who ends it and begins it again within the hour has what is left of its time, and so has whoever
/// extends it; a supervisor may give more, and after an hour without a test all of it is there again.
#[test]
fn row_2_2_on_test_again_goes_on() {
    let policy = rules(r#"{"on_test": {"operator_max_s": 7200, "supervisor_max_s": 14400}}"#);
    let mut witness = Witness::new(policy);
    let account = "1001".parse().unwrap();
    let _ = witness.handle(Input::Account(alarmcore::AccountCard::new(account)));
    let mut act = |clock: &str, supervisor: bool, command: TestCommand| {
        let (at, by) = (at(clock), OperatorId::new(1));
        let said = witness.handle(Input::Test { at, by, supervisor, account, command, second: None });
        let refused = said.into_iter().find_map(|said| match said {
            Output::RefuseTest(refusal) => Some(refusal),
            _ => None,
        });
        refused.map_or_else(|| Ok(witness.desk().test(account).map(|test| (test.until, test.before_s))), Err)
    };
    let end = || TestCommand::End { note: None };
    let extend = |minutes| TestCommand::Extend { minutes, contact: None, proof: None, note: None };
    let before = |minutes, at_most| Err(TestRefusal::TestedBefore { minutes, at_most });
    assert_eq!(act("08:00:00", false, start(Some(120))), Ok(Some((at("10:00:00"), 0))));
    assert_eq!(act("09:30:00", false, end()), Ok(None));
    assert_eq!(act("09:30:00", false, start(Some(31))), before(90, 30));
    assert_eq!(act("10:29:59", false, start(Some(20))), Ok(Some((at("10:49:59"), 5400))));
    assert_eq!(act("10:39:59", false, extend(21)), before(90, 20));
    assert_eq!(act("10:39:59", false, extend(20)), Ok(Some((at("10:59:59"), 5400))));
    assert_eq!(act("10:59:59", false, start(None)), before(120, 0));
    assert_eq!(act("10:59:59", false, start(Some(1))), before(120, 0));
    assert_eq!(act("10:59:59", true, start(Some(121))), before(120, 120));
    assert_eq!(act("10:59:59", true, start(Some(60))), Ok(Some((at("11:59:59"), 7200))));
    assert_eq!(act("12:59:58", false, start(Some(1))), before(180, 0));
    assert_eq!(act("12:59:59", false, start(Some(120))), Ok(Some((at("14:59:59"), 0))));
}

/// Life safety is put on test only by whoever proved to be who they are, or where a second person agrees: not with a note, not with
/// the same person twice, and a wrong word or a duress word is none. What is tested then is hidden, and the rest alarms.
#[test]
fn row_2_2_on_test_proof() {
    let script = "
        account 1001
        account 1002
        account 1003
        09:00:00 op1 test1001 start reason=inspection contact=2 life_safety=[\"fire\"]
        09:00:01 sup1 test1001 start reason=inspection asked_by=Li life_safety=[\"fire\"] only=[2] note=\"known to us\"
        09:00:02 op1 test1001 start reason=inspection asked_by=Li life_safety=[\"fire\"] second=op1
        09:00:03 op1 test1001 start reason=inspection contact=2 life_safety=[\"fire\"] proof=wrong second=op9
        09:00:04 op1 test1001 start reason=inspection contact=2 life_safety=[\"fire\"] proof=duress second=op9
        09:01:00 op1 test1001 start reason=inspection contact=2 life_safety=[\"fire\"] proof=right
        09:01:00 op1 test1002 start reason=inspection asked_by=Li life_safety=[\"fire\",\"hold-up\"] second=op9
        09:01:00 op1 test1003 start reason=inspection asked_by=Li
        09:02:00 signal 1001 E110 n2
        09:02:10 signal 1002 E120 n2
        09:02:20 signal 1001 E120 n3
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// For which tests a proof is asked is the policy's.
#[test]
fn on_test_proof_is_for_what_the_policy_says() {
    let (at, account) = (at("09:00:00"), "1001".parse().unwrap());
    let fire = || TestStart { life_safety: [Class::Fire].into(), ..begin() };
    let asked = |proof: ProofFor, wanted: TestStart, second: Option<u32>| {
        let policy = Policy { on_test: TestLimits { proof, ..TestLimits::default() }, ..Policy::default() };
        let (command, second) = (TestCommand::Start(wanted), second.map(OperatorId::new));
        let by = OperatorId::new(1);
        let act = TestAct {
            at,
            by,
            supervisor: true,
            second,
            account,
            signals: 0,
            before_s: 0,
            danger: None,
            intrusion: None,
            command: &command,
        };
        decide_test(None, &policy, &act).map(|events| events.len())
    };
    let proved = || TestStart { proof: Some(Proof::Right), ..begin() };
    let missing = Err(TestRefusal::ProofMissing);
    // A right word that nobody has reviewed is none, and says why.
    let unreviewed = |wanted: TestStart| TestStart { proof: Some(Proof::Unreviewed), ..wanted };
    assert_eq!(asked(ProofFor::LifeSafety, unreviewed(fire()), None), Err(TestRefusal::ProofUnreviewed));
    assert_eq!(asked(ProofFor::LifeSafety, unreviewed(fire()), Some(2)), Ok(1));
    assert_eq!(asked(ProofFor::LifeSafety, unreviewed(begin()), None), Ok(1));
    assert_eq!(asked(ProofFor::Nothing, fire(), None), Ok(1));
    assert_eq!(asked(ProofFor::LifeSafety, begin(), None), Ok(1));
    assert_eq!(asked(ProofFor::LifeSafety, fire(), None), missing);
    assert_eq!(asked(ProofFor::LifeSafety, fire(), Some(2)), Ok(1));
    assert_eq!(asked(ProofFor::LifeSafety, fire(), Some(1)), missing);
    assert_eq!(asked(ProofFor::Everything, begin(), None), missing);
    assert_eq!(asked(ProofFor::Everything, begin(), Some(2)), Ok(1));
    assert_eq!(asked(ProofFor::Everything, proved(), None), Ok(1));
}

/// Each kind of scope against each kind of signal.
#[test]
fn on_test_scope() {
    let code = |text: &str| -> Code { text.parse().unwrap() };
    let whole = Scope::default();
    let listed =
        Scope { zones: Zones::Listed([3].into()), life_safety: [Class::Fire, Class::HoldUp].into(), ..whole.clone() };
    let except = Scope { zones: Zones::AllExcept([3].into()), ..whole.clone() };
    let burglary = Scope { classes: [Class::Burglary.try_into().unwrap()].into(), ..whole.clone() };
    let cases = [
        (&whole, "130", Some(3), true),
        (&whole, "301", None, true),
        (&whole, "110", Some(3), false),
        (&whole, "999", Some(3), true),
        (&listed, "130", Some(3), true),
        (&listed, "130", Some(4), false),
        (&listed, "130", None, false),
        (&listed, "301", None, false),
        (&listed, "110", Some(3), true),
        // User 3 is not zone 3.
        (&listed, "121", Some(3), false),
        (&listed, "401", Some(3), false),
        (&except, "130", Some(3), false),
        (&except, "130", Some(4), true),
        (&except, "130", Some(0), false),
        (&except, "130", None, false),
        (&except, "401", Some(3), true),
        (&burglary, "130", Some(3), true),
        (&burglary, "137", Some(3), false),
        (&burglary, "110", Some(3), false),
        (&whole, "BA", Some(3), true),
        (&whole, "FA", Some(3), false),
    ];
    for (scope, text, number, covered) in cases {
        assert_eq!(scope.covers(code(text), number), covered, "{scope:?} {text} {number:?}");
    }
}

/// A desk that slept through warning and limit says both at their own moments, before the signal that wakes it.
#[test]
fn on_test_over_a_night_without_a_desk() {
    let account = "1001".parse().unwrap();
    let mut witness = Witness::new(Policy::default());
    let _ = witness.handle(Input::Account(alarmcore::AccountCard::new(account)));
    let (by, supervisor) = (OperatorId::new(1), false);
    let (at_nine, command) = (at("09:00:00"), start(Some(30)));
    let _ = witness.handle(Input::Test { at: at_nine, by, supervisor, account, command, second: None });
    let said = witness.handle_after_restart(Input::Signal(signal(1, at("20:00:00"), "1001", &["E130", "n5"])));
    let told: Vec<String> = said
        .iter()
        .filter_map(|output| match output {
            Output::TestRecord(record) => {
                Some(format!("{} {}", record.at.secs_since(at("09:00:00")), record.event.kind()))
            }
            Output::Dispose(disposition) => Some(disposition.rule.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["900 warned", "1800 expired", "class.shown"]);
}

/// A proof is a word, and an unknown one is no proof.
#[test]
fn on_test_is_read_as_it_is_written() {
    let text = r#"{"act":"start","only":[3],"reason":"repair","contact":2,"proof":"right","minutes":60}"#;
    let TestCommand::Start(read) = serde_json::from_str(text).unwrap() else { panic!("{text}") };
    let wanted = TestStart {
        only: [3].into(),
        reason: Some(TestReason::Repair),
        contact: Some(alarmcore::ContactId::new(2)),
        proof: Some(Proof::Right),
        minutes: Some(60),
        ..TestStart::default()
    };
    assert_eq!(read, wanted);
    assert!(serde_json::from_str::<TestCommand>(r#"{"act":"start","proof":"perhaps"}"#).is_err());
    assert!(serde_json::from_str::<TestCommand>(r#"{"act":"start","classes":["fire"]}"#).is_err());
}

/// The desk names the tests that are not over, by account, and no others.
#[test]
fn the_tests_that_are_not_over() {
    let mut desk = alarmcore::Desk::new(alarmcore::Policy::default());
    let drain = |desk: &mut alarmcore::Desk| while !matches!(desk.poll(), alarmcore::Output::Wait(_)) {};
    let act = |desk: &mut alarmcore::Desk, account: &str, json: &str| {
        desk.handle(alarmcore::Input::Test {
            at: crate::script::MIDNIGHT,
            by: alarmcore::OperatorId::new(1),
            supervisor: true,
            account: account.parse().unwrap(),
            command: serde_json::from_str(json).unwrap(),
            second: None,
        });
        drain(desk);
    };
    for account in ["1001", "1002", "1003"] {
        desk.handle(alarmcore::Input::Account(alarmcore::AccountCard::new(account.parse().unwrap())));
        drain(&mut desk);
        act(&mut desk, account, r#"{"act": "start", "minutes": 30, "reason": "repair", "asked_by": "Wang"}"#);
    }
    act(&mut desk, "1002", r#"{"act": "end"}"#);
    let open: Vec<String> = desk.tests().map(|test| test.account.to_string()).collect();
    assert_eq!(open, ["1001", "1003"]);
}
