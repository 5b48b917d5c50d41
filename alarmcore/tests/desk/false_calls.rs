//! What counts as a false call, up to when, and what it means for the alarms that are open.

use alarmcore::{
    AccountCard, Desk, FalseCalls, FalseCallsEvent, IncidentId, Input, OperatorId, Output, Snapshot, Timestamp,
};
use serde_json::json;

use crate::clauses::{house, rule_of, said_of};
use crate::script::{at, signal};

/// A call in the very second up to which calls were cleared, or a remedy was proved, does not count; one after it does.
#[test]
fn calls_count_after_what_cleared_them() {
    let rule = rule_of(
        "kind = 'false-calls', counts = 'all', window = '1 months', after = 2, then = 'remedy', proof = 'clears'",
    );
    let call = |at: Timestamp| json!({"incident": 1, "at": at, "kind": "burglary", "police": true});
    let calls: FalseCalls = serde_json::from_value(json!({
        "account": "1001", "version": 1, "standing": {}, "cleared_at": null, "proved_at": null, "reference": null,
        "calls": [call(at("10:00:00")), call(at("10:00:01"))],
    }))
    .unwrap();
    let counted = |calls: &FalseCalls| calls.counted(&rule, at("11:00:00")).map(|call| call.at).collect::<Vec<_>>();
    let both = [at("10:00:00"), at("10:00:01")];
    assert_eq!(counted(&calls), both);
    assert_eq!(counted(&FalseCalls { cleared_at: Some(both[0]), ..calls.clone() }), both[1..]);
    assert_eq!(counted(&FalseCalls { proved_at: Some(both[0]), ..calls.clone() }), both[1..]);
    assert_eq!(counted(&FalseCalls { cleared_at: Some(both[1]), ..calls.clone() }), []);
    // Opened before the remedy was proved, and the police were called to it afterwards; its window goes by the opening.
    let mut later = FalseCalls { proved_at: Some(both[1]), ..calls };
    later.calls[0].called_at = Some(at("10:00:02"));
    assert_eq!(counted(&later), both[..1]);
    later.calls[0].called_at = Some(both[1]);
    assert_eq!(counted(&later), []);
}

/// The last call to the police counts, where it was made after the proof, though the incident was opened before it.
#[test]
fn police_called_after_the_proof_come_for_nothing_once_more() {
    let policy = house(&[
        "kind = 'false-calls', counts = 'police', window = '1 months', after = 1, then = 'withdraw', proof = 'clears'",
    ]);
    let day = "
        09:00:00 signal 1001 E130 g1 n1
        09:00:05 op1 inc1 take
        09:00:06 op1 inc1 confirm-real basis=witness
        09:00:07 op1 inc1 record-wish police=true insurer=false
        09:00:10 op1 inc1 hand-off to=police
        09:00:20 op1 inc1 record-answer number=1 answer=on-scene
        09:00:30 op1 inc1 overturn cause=user-error second=op2
        09:00:40 op1 inc1 close
        10:00:00 signal 1001 E130 g1 n6
        10:00:05 op1 inc2 take
        10:00:06 op1 inc2 confirm-real basis=witness
        10:01:00 op1 calls1001 prove reference=WO-7
        10:01:10 op1 inc2 record-wish police=true insurer=false
        10:02:00 op1 inc2 hand-off to=police
        10:02:10 op1 inc2 record-answer number=1 answer=on-scene
        10:02:20 op1 inc2 overturn cause=user-error second=op2
        10:02:30 op1 inc2 close";
    let said = said_of(&policy, day, &["imposed", "lifted"]);
    let brief: Vec<&str> = said.iter().filter_map(|line| line.split(" {").next()).collect();
    assert_eq!(brief, ["09:00:40 calls1001 - imposed", "10:01:00 calls1001 - lifted", "10:02:30 calls1001 - imposed"]);
}

/// Where the police come no more, alarms say so when they are opened, and service incidents do not; when the withdrawal is lifted an
/// open alarm says that, once.
#[test]
fn open_alarms_are_told_whether_the_police_come() {
    let policy = house(&[
        "kind = 'false-calls', counts = 'all', window = '1 months', after = 1, then = 'withdraw', proof = 'clears'",
    ]);
    let day = "
        09:00:00 false-alarm 1001
        10:00:00 signal 1001 E302
        10:01:00 signal 1001 E130 g1 n6
        10:02:00 op1 calls1001 prove reference=WO-7
        10:03:00 signal 1001 E130 g1 n7";
    let said = said_of(&policy, day, &["police-response", "imposed", "lifted"]);
    assert_eq!(
        said,
        [
            r#"09:00:02 calls1001 - imposed {"calls":1,"clause":"house.a","measure":"withdraw","policy":1,"until":null}"#,
            r#"10:01:00 inc3 v2 - police-response {"withdrawn":"house.a"}"#,
            r#"10:02:00 calls1001 - lifted {"clause":"house.a","clears":true}"#,
            r#"10:02:00 inc3 v3 - police-response {"withdrawn":null}"#,
        ]
    );
}

/// Neither a test of the equipment nor what an account without a card sends counts as a false alarm, whoever answers for it.
#[test]
fn what_is_no_false_alarm_is_not_counted() {
    let policy = house(&["kind = 'false-calls', counts = 'all', window = '1 months', after = 9, then = 'warn'"]);
    let counted = |account: &str, cause: &str| {
        let day = format!(
            "10:00:00 signal {account} E120 n1\n10:00:01 op1 inc1 take\n10:00:02 op1 inc1 call contact=1 result=code-ok
            10:00:03 op1 inc1 verify-false cause={cause} second=op9\n10:01:00 op1 inc1 close"
        );
        said_of(&policy, &day, &[" counted "]).len()
    };
    assert_eq!(["user-error", "test"].map(|cause| counted("1001", cause)), [1, 0]);
    assert_eq!(counted("9999", "user-error"), 0);
}

/// Two false alarms of one month are two, though the second was found false when the first was a month old: nobody puts a measure off by
/// closing late. Two that are a month apart are not, and a warning that comes too late to warn of anything is not given.
#[test]
fn a_false_alarm_counts_with_those_of_its_window_however_late_it_is_closed() {
    let imposed = |then: &str, second: &str| {
        let rule = format!(
            "kind = 'false-calls', counts = 'all', window = '1 months', after = 2, then = '{then}', proof = 'clears'"
        );
        let day = format!(
            "2027-01-10/09:00:00 false-alarm 1001
            {second} signal 1001 E130 g1 n6
            2027-02-10/10:00:00 op1 inc2 take
            2027-02-10/10:00:05 op1 inc2 call contact=1 result=code-ok
            2027-02-10/10:00:10 op1 inc2 verify-false cause=user-error
            2027-02-10/10:01:00 op1 inc2 close
            2027-02-11/10:00:00 op1 calls1001 prove reference=WO-7
            2027-02-12/10:00:00 time"
        );
        let said = said_of(&house(&[&rule]), &day, &["imposed", "lifted"]);
        said.iter().filter_map(|line| Some(line.split_once(" {")?.0.to_owned())).collect::<Vec<_>>()
    };
    let remedy = ["2027-02-10/10:00:10 calls1001 - imposed", "2027-02-11/10:00:00 calls1001 - lifted"];
    assert_eq!(imposed("remedy", "2027-02-10/08:59:59"), remedy);
    assert_eq!(imposed("withdraw", "2027-02-10/08:59:59"), remedy);
    assert_eq!(imposed("remedy", "2027-02-10/09:00:00"), [""; 0]);
    assert_eq!(imposed("warn", "2027-02-10/08:59:59"), [""; 0]);
}

/// Of two calls of the police to one incident the last is kept: that is when they came for nothing.
#[test]
fn the_last_call_to_the_police_is_kept() {
    let policy = house(&["kind = 'false-calls', counts = 'police', window = '1 months', after = 9, then = 'warn'"]);
    let day = "
        09:00:00 signal 1001 E120 g1 n1
        09:00:05 op1 inc1 take
        09:00:10 op1 inc1 hand-off to=police
        09:00:20 op1 inc1 record-answer number=1 answer=on-scene
        09:00:25 op1 inc1 record-answer number=1 answer=closed
        09:10:00 op1 inc1 hand-off to=police
        09:10:10 op1 inc1 record-answer number=2 answer=on-scene
        09:10:20 op1 inc1 hand-off to=ambulance
        09:10:25 op1 inc1 record-answer number=3 answer=on-scene
        09:10:30 op1 inc1 verify-false cause=user-error second=op9";
    let said = said_of(&policy, day, &[" counted "]);
    let called = said[0].split_once(r#""called_at":"#).unwrap().1.split_once(',').unwrap().0;
    assert_eq!(called, at("09:10:00").millis().to_string());
}

/// A false alarm counts with those of its own window: that two of long ago were together is no reason for anything now, where the rule was
/// not in force then.
#[test]
fn a_false_alarm_counts_with_those_of_its_own_window() {
    let rule =
        "kind = 'false-calls', counts = 'all', window = '1 months', after = 2, then = 'remedy', proof = 'clears'";
    let imposed = |earlier: [&str; 2]| {
        let call = |(incident, opened): (usize, &str)| json!({"incident": 900 + incident, "at": at(opened), "kind": "burglary", "police": true});
        let calls = json!({
            "account": "1001", "version": 2, "standing": {}, "cleared_at": null, "proved_at": null, "reference": null,
            "calls": earlier.into_iter().enumerate().map(call).collect::<Vec<_>>(),
        });
        let mut desk = Desk::new(house(&[rule]));
        desk.handle(Input::Account(AccountCard::new("1001".parse().unwrap())));
        let snapshot = Snapshot { false_calls: vec![serde_json::from_value(calls).unwrap()], ..desk.snapshot() };
        let mut desk = Desk::restore(house(&[rule]), snapshot);
        desk.handle(Input::Signal(signal(1, at("2027-06-01/09:00:00"), "1001", &["E130", "n1"])));
        for act in [json!({"act": "take"}), json!({"act": "verify-false", "cause": "user-error"})] {
            desk.handle(Input::Act {
                at: at("2027-06-01/09:01:00"),
                by: OperatorId::new(1),
                incident: IncidentId::new(1),
                command: serde_json::from_value(act).unwrap(),
                second: None,
            });
        }
        let said = std::iter::from_fn(|| match desk.poll() {
            Output::Wait(_) => None,
            output => Some(output),
        });
        said.filter(|output| matches!(output, Output::FalseCallsRecord(record) if matches!(record.event, FalseCallsEvent::Imposed { .. })))
            .count()
    };
    assert_eq!(imposed(["2027-01-10/09:00:00", "2027-01-11/09:00:00"]), 0);
    assert_eq!(imposed(["2027-01-10/09:00:00", "2027-05-11/09:00:00"]), 1);
}
