//! On test while people are in danger (§2.2): what begins a test and extends it then, and what it covers.

use alarmcore::{
    AccountCard, Input, Marks, OperatorId, Output, Policy, Proof, Received, Report, Rule, SignalId, TestCommand,
    TestStart,
};
use contactid::Class;

use crate::on_test::begin;
use crate::script::{at, play};
use crate::witness::Witness;

/// While people are in danger no word proves anything: whoever is threatened says the duress word first and the right one at the second
/// blow. A supervisor may sign; and once the incident is closed it is as before.
#[test]
fn row_2_2_on_test_in_danger() {
    let script = "
        account 1001
        account 1002
        09:00:00 signal 1001 E121 g1 n1
        09:00:10 signal 1002 E130 g1 n1
        09:00:20 op1 test1001 start reason=repair contact=1 proof=right life_safety=[\"fire\"]
        09:00:21 op1 test1001 start reason=repair contact=1 proof=right
        09:00:22 op1 test1001 start reason=repair contact=1 second=op1
        09:00:23 op1 test1002 start reason=repair contact=1 proof=right
        09:00:24 op1 test1001 start reason=repair contact=1 minutes=10 second=op9
        09:00:30 signal 1001 E130 g1 n2
        09:00:40 op1 test1001 end
        09:00:50 op1 inc1 take
        09:00:55 op1 inc1 confirm-real basis=contact
        09:01:00 op1 inc1 overturn cause=user-error second=op2
        09:01:10 op1 inc1 close
        09:01:20 op1 test1001 start reason=repair contact=1 proof=right";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// A test is extended only by what begins one: whoever asks for longer proves who they are once more, and while people are in danger a
/// supervisor signs.
#[test]
fn row_2_2_on_test_extended_as_it_began() {
    let script = "
        account 1001
        09:00:00 op1 test1001 start reason=inspection contact=1 proof=right life_safety=[\"fire\"] minutes=30
        09:10:00 op1 test1001 extend minutes=60
        09:10:01 op1 test1001 extend minutes=60 contact=1 proof=wrong second=op9
        09:10:02 op1 test1001 extend minutes=60 contact=1 proof=duress
        09:10:03 op1 test1001 extend minutes=60 second=op1
        09:10:04 op1 test1001 extend minutes=60 contact=1 proof=right
        09:20:00 signal 1001 E120 n4
        09:20:10 op1 test1001 extend minutes=90 contact=1 proof=right
        09:20:20 op1 test1001 extend minutes=90 second=op9
        09:20:30 signal 1001 E110 n3
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// While people are in danger that nobody knew of who agreed to the test, it covers nothing: what else happens there joins their
/// incident. Once that is closed, it covers again.
#[test]
fn row_2_2_on_test_stands_back_while_people_are_in_danger() {
    let script = "
        account 1001
        09:00:00 op1 test1001 start reason=repair contact=1
        09:01:00 signal 1001 E130 g1 n2
        09:02:00 signal 1001 E121 g1 n1
        09:03:00 signal 1001 E130 g1 n3
        09:03:10 signal 1001 R130 g1 n3
        09:04:00 op1 inc1 take
        09:04:05 op1 inc1 confirm-real basis=contact
        09:04:10 op1 inc1 overturn cause=user-error second=op2
        09:04:20 op1 inc1 close
        09:05:00 signal 1001 E130 g1 n3
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// While an intrusion is open a test takes the right codeword, or a second person: whoever answers the telephone there may be the one who
/// is in. What they agree to knowing of it covers as ever; and it is asked again for a longer one. But once somebody is threatened in that
/// incident, of which nobody knew who agreed, what the test logged is shown, and it covers nothing.
#[test]
fn row_2_2_on_test_beside_an_intrusion_takes_a_word() {
    let script = "
        account 1001
        account 1002
        09:00:00 signal 1001 E130 g1 n1
        09:00:05 op1 inc1 take
        09:00:20 op1 test1001 start reason=repair contact=1
        09:00:21 op1 test1001 start reason=repair contact=1 proof=unreviewed
        09:00:22 op1 test1001 start reason=repair contact=1 second=op1
        09:00:30 signal 1001 E130 g1 n2
        09:00:40 op1 test1001 start reason=repair contact=1 proof=right minutes=30
        09:00:50 signal 1001 E130 g1 n3
        09:01:00 op1 test1001 extend minutes=60
        09:01:10 op1 test1001 extend minutes=60 second=op9
        09:01:20 signal 1001 E130 g1 n4
        09:01:30 op1 inc1 call contact=1 result=duress-code
        09:01:40 signal 1001 E130 g1 n5
        09:02:00 op1 test1002 start reason=repair contact=1
        09:02:10 signal 1002 E130 g1 n1
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Whoever says the duress word after an account was put on test may have been forced to ask for that: what it logged of an intrusion, and
/// still stands, is shown at once; and every other alarm of the site is as serious, so that two find it false.
#[test]
fn row_2_2_on_test_a_threat_shows_what_was_logged() {
    let script = "
        account 1001
        account 1002
        09:00:00 op1 test1001 start reason=repair contact=1
        09:01:00 signal 1001 E130 g1 n2
        09:01:10 signal 1001 E130 g1 n3
        09:01:20 signal 1001 R130 g1 n3
        09:01:30 signal 1001 E301
        09:02:00 signal 1001 E121 g1 n1
        09:10:00 op1 test1001 end
        09:20:00 signal 1002 E130 g1 n1
        09:20:05 op2 inc2 take
        09:20:06 op2 inc3 take
        09:20:10 signal 1002 E321
        09:20:15 op3 inc4 take
        09:20:20 op3 inc4 call contact=1 result=duress-code
        09:20:30 op2 inc3 verify-false cause=animal
        09:20:40 op2 inc3 take
        09:20:50 op2 inc3 verify-false cause=animal
        09:21:00 op2 inc3 verify-false cause=animal second=op9
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// What a person reports is no test, whatever is tested: the duress word that somebody said is not logged away.
#[test]
fn what_a_person_reports_is_no_test() {
    let mut witness = Witness::new(Policy::default());
    let account = "1001".parse().unwrap();
    let _ = witness.handle(Input::Account(AccountCard::new(account)));
    let wanted = TestStart { life_safety: [Class::Duress, Class::HoldUp].into(), proof: Some(Proof::Right), ..begin() };
    let (command, by) = (TestCommand::Start(wanted), OperatorId::new(1));
    let _ = witness.handle(Input::Test { at: at("09:00:00"), by, supervisor: false, account, command, second: None });
    let duress = Proof::Duress.reported().unwrap();
    let mut rule = |id: u64, clock: &str, by_person: bool| {
        let mut report = Report::by_person(at(clock), account, duress, "contact 1".into());
        if !by_person {
            report.marks = Marks::NONE;
        }
        let said = witness.handle(Input::Signal(Received { id: SignalId::new(id), report }));
        said.iter().find_map(|said| match said {
            Output::Dispose(disposition) => Some(disposition.rule),
            _ => None,
        })
    };
    assert_eq!(rule(1, "09:01:00", false), Some(Rule::OnTest));
    assert_eq!(rule(2, "09:02:00", true), Some(Rule::LifeSafety));
}

/// A threat makes an alarm of the site as serious that was not; a trouble it leaves as it is, and what is threatened already calls no more.
#[test]
fn row_2_2_on_test_a_threat_leaves_troubles_alone() {
    let script = "
        account 1001
        09:00:00 signal 1001 E321
        09:00:10 signal 1001 E130 g1 n1
        09:00:15 op2 inc2 take
        09:00:20 op2 inc2 verify-false cause=animal
        09:00:30 signal 1001 E130 g1 n2
        09:00:35 op2 inc3 take
        09:00:40 op2 inc3 call contact=1 result=duress-code
        09:00:45 op1 inc1 take
        09:00:50 op1 inc1 call contact=1 result=duress-code
    ";
    let said = play(Policy::default(), script);
    let raised = said.lines().filter(|line| line.contains("duress-code") && line.contains(" raised "));
    let raised: Vec<&str> = raised.map(|line| &line[..13]).collect();
    assert_eq!(raised, ["09:00:40 inc3", "09:00:50 inc1"], "{said}");
}
