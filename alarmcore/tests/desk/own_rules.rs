//! What overrides say of the work at the desk (issue 4, item 9): cancels, questions to a site, calls, wishes, holds, the chain,
//! hand-offs and what is expected.

use alarmcore::{AccountCard, AreaNames, Desk, ExpectationRules, Input, Output, Policy};

use crate::script::{MIDNIGHT, play, play_whole, rules};

/// A bank is asked about more, and sooner.
const BANK: &str = r#"
    without_wish = { burglary = ["insurer"] }
    hand_off = { fire_within_s = 0 }
    [[override]]
    site_type = "bank"
    verify = { police = { calls = 2, numbers = 1, exempt = [] } }
    without_wish = { burglary = ["police"] }
    hold = { alarm_s = 120 }
    hand_off = { fire_within_s = 90, answer_s = { police = 60 } }
    escalation = [ { missing = "take", after_s = 20, to = "supervisor" }, { missing = "act", after_s = 240, to = "manager" } ]
    cancel = { within_s = 60, stranger = 3 }
    late_close = { answer_within_s = 300 }
    expect = { heartbeats_missed = 1, test_by = "test" }
"#;

fn bank() -> Policy {
    Policy::from_toml(BANK).unwrap()
}

/// The same alarm in a bank and in a shop: what must be called before the police, whose wish is asked, how long it may lie, and
/// by when the police answer, is said of the bank by its override and of the shop by the centre.
#[test]
fn a_bank_has_its_own_calls_wishes_holds_and_answers() {
    let day = "
        account 1001 site_type=bank
        account 1002
        09:00:00 signal 1001 E130 g1 n5
        09:00:01 signal 1002 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:06 op2 inc2 take
        09:00:10 op1 inc1 confirm-real basis=witness
        09:00:11 op2 inc2 confirm-real basis=witness
        09:00:12 op1 inc1 hand-off to=police
        09:00:13 op2 inc2 hand-off to=police
        09:00:20 op1 inc1 call contact=1 result=NA number=1 numbers=3
        09:00:30 op1 inc1 call contact=1 result=NA number=1 numbers=3
        09:00:31 op1 inc1 hand-off to=police
        09:00:32 op1 inc1 hand-off to=insurer
        09:00:33 op2 inc2 hand-off to=insurer
        09:00:40 op1 inc1 hold reason=at-work minutes=3
        09:00:41 op2 inc2 hold reason=at-work minutes=3
        09:00:42 op1 inc1 hold reason=at-work minutes=2
        09:01:30 time
        09:01:31 time
        show queue
    ";
    insta::assert_snapshot!(play(bank(), day));
}

/// The chain of the bank takes the place of the centre's; a card that becomes one of a bank, or stops being one, has its open
/// incidents followed by the chain that it has from then on, and what that would have called for already is called for at once.
#[test]
fn the_chain_follows_the_card() {
    let day = "
        account 1001 site_type=bank
        account 1002
        09:00:00 signal 1001 E130 g1 n5
        09:00:01 signal 1002 E130 g1 n5
        09:00:19 time
        09:00:20 time
        09:01:00 op1 inc2 note note=looked
        account 1002 site_type=bank
        account 1001
        09:01:10 time
        09:01:29 time
        09:01:30 time
        10:00:00 time
    ";
    insta::assert_snapshot!(play_whole(bank(), day));
}

/// A fire of the bank that nobody hands off calls again, where the centre asks for nothing; after the card has moved it does not.
#[test]
fn a_fire_of_the_bank_calls_again() {
    let day = "
        account 1001 site_type=bank
        account 1002
        account 1003 site_type=bank
        09:00:00 signal 1001 E110 n5
        09:00:01 signal 1002 E110 n5
        09:00:02 signal 1003 E110 n5
        09:00:05 op1 inc1 take
        09:00:06 op2 inc2 take
        09:00:07 op3 inc3 take
        account 1003
        account 1002 site_type=bank
        09:01:29 time
        09:01:30 time
        09:01:31 time
        09:05:00 time
    ";
    insta::assert_snapshot!(play(bank(), day));
}

/// Who cancels at a panel, who is asked about a late closing, and after how much silence a line is lost; the disposition names the
/// override where it decided.
#[test]
fn panels_of_the_bank_are_heard_by_their_own_rules() {
    let hours = r#"late_closers=[1] schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00""#;
    let day = format!(
        "
        account 1001 site_type=bank cancel_users=[3] heartbeat_s=60
        account 1002 cancel_users=[3] heartbeat_s=60
        account 1003 site_type=bank {hours}
        account 1004 {hours}
        08:30:00 signal 1001 E401 g1 n3
        08:30:00 signal 1002 E401 g1 n3
        08:30:00 signal 1003 E401 g1 n3
        08:30:00 signal 1004 E401 g1 n3
        08:30:59 watch
        08:31:00 watch
        08:32:59 watch
        08:33:00 watch
        09:00:00 signal 1001 E130 g1 n5
        09:00:01 signal 1002 E130 g1 n5
        09:02:00 signal 1001 E406 n3
        09:02:01 signal 1002 E406 n3
        09:02:02 signal 1001 E406 n9
        09:02:03 signal 1002 E406 n9
        18:00:00 watch
        18:04:59 time
        18:05:00 time
        show queue
    "
    );
    insta::assert_snapshot!(play(bank(), &day));
}

/// The line of the bank is lost after one heartbeat that does not come, and anybody else's after three.
#[test]
fn silence_is_as_long_as_the_rules_of_the_account_say() {
    let mut desk = Desk::new(bank());
    let account = |number: &str| number.parse().unwrap();
    let areas = AreaNames { site_type: Some("bank".into()), ..AreaNames::default() };
    desk.handle(Input::Account(AccountCard { areas: areas.into(), ..AccountCard::new(account("1001")) }));
    desk.handle(Input::Account(AccountCard::new(account("1002"))));
    while !matches!(desk.poll(), Output::Wait(_)) {}
    assert_eq!(["1001", "1002"].map(|number| desk.silence_s(account(number), 60)), [60, 180]);
}

/// A hold-up waits for no call and no wish, whatever an override asks; nor is a fire laid aside before somebody has acted.
#[test]
fn life_safety_waits_for_nothing_under_every_override() {
    let policy = Policy::from_toml(
        "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2027-03-31'\nverify = { police = { calls = 9, numbers = 9, exempt = [] } }\n\
         without_wish = { hold-up = [], burglary = [] }\nhold = { life_safety_s = 600 }\nescalation = []\n",
    );
    let day = "
        account 1001
        09:00:00 signal 1001 E120 n5
        09:00:05 op1 inc1 take
        09:00:06 op1 inc1 hold reason=at-work minutes=1
        09:00:07 op1 inc1 hand-off to=police
        09:00:08 op1 inc1 hold reason=at-work minutes=10
        show queue
    ";
    insta::assert_snapshot!(play_whole(policy.unwrap(), day));
}

/// What the account's rules come to as one policy: part of a table by part, the chain and the authorities of a kind as a whole.
#[test]
fn parts_of_tables_lie_over_what_is_less_specific() {
    let text = format!(
        "{BANK}\n[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2027-03-31'\nhand_off = {{ answer_s = {{ fire = 30 }} }}\n\
         escalation = []\n"
    );
    let policy = Policy::from_toml(&text).unwrap();
    let areas = AreaNames { site_type: Some("bank".into()), ..AreaNames::default() };
    let card = AccountCard { areas: areas.into(), ..AccountCard::new("1001".parse().unwrap()) };
    let own = policy.of(&card, MIDNIGHT);
    let answer_s = own.hand_off.answer_s;
    assert_eq!((own.hand_off.fire_within_s, own.hand_off.follow_s), (90, 604_800));
    assert_eq!((answer_s.police, answer_s.fire, answer_s.ambulance), (60, 30, 60));
    assert_eq!((own.escalation.len(), policy.escalation.len()), (0, 12));
    assert_eq!((own.hold.alarm_s, own.hold.life_safety_s), (120, 120));
    assert_eq!(own.expect.silence_s(60), 60);
    assert_eq!(ExpectationRules::default().silence_s(60), 180);
    assert_eq!(serde_json::to_value(&own.without_wish).unwrap(), serde_json::json!({"burglary": ["police"]}));
    let said: Vec<_> =
        policy.overrides_of(&card, MIDNIGHT).iter().map(|one| (one.name(), one.changes.keys().join(" "))).collect();
    let of_bank = "cancel expect late_close hold escalation verify without_wish hand_off";
    assert_eq!(said, [("account".into(), "escalation hand_off".into()), ("site-type bank".into(), of_bank.to_owned())]);
    let stored = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
    assert_eq!(rules(&stored), policy);
}

/// What is the centre's alone, or is no such word, is a fault with its place.
#[test]
fn what_cannot_differ_is_told_with_its_line() {
    let faults = [
        ("expect = { restart_grace_s = 1 }", (3, 12), "unknown field `restart_grace_s`, expected one of"),
        ("escalation = [ { missing = 'takes', after_s = 1, to = 'manager' } ]", (3, 28), "unknown variant `takes`"),
        ("without_wish = { burglary = ['army'] }", (3, 30), "unknown variant `army`"),
        ("verify = { fire = { calls = 1 } }", (3, 12), "unknown field `fire`, expected `police`"),
        ("verify = { police = { exempt = ['all'] } }", (3, 33), "unknown variant `all`"),
        ("hand_off = { answer_s = { army = 1 } }", (3, 27), "unknown field `army`"),
        ("hold = { alarm_s = -1 }", (3, 20), "invalid value: integer `-1`"),
        ("late_close = { answer_s = 1 }", (3, 16), "unknown field `answer_s`"),
        ("cancel = { stranger = 11 }", (3, 23), "a priority is 1 to 10"),
        ("storm = { accounts = 2 }", (3, 1), "unknown field `storm`"),
    ];
    for (bad, place, why) in faults {
        let error = Policy::from_toml(&format!("[[override]]\nsite = 'b'\n{bad}\n")).unwrap_err();
        assert_eq!((error.line, error.column), place, "{bad}: {error}");
        assert!(error.fault.starts_with(why), "{bad}: {error}");
    }
}
