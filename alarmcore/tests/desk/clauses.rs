//! What clauses of rule packs ask for and when it is done; false calls, and where the police do not come any more.

use alarmcore::{Authority, Claim, FalseCallRule, Incident, Lang, Pack, PackRule, Policy, Refusal, owed};
use serde_json::json;

use crate::script::play;

/// A centre with these rules of its own, each under the name `house.a`, `house.b` and so on.
pub(crate) fn house(rules: &[&str]) -> Policy {
    let rule = |(place, rule): (usize, &&str)| {
        let name = char::from(b'a' + place as u8);
        format!("[[rules]]\nclause = 'house.{name}'\nmark = 'S'\nrule = {{ {rule} }}\n")
    };
    Policy::from_toml(&rules.iter().enumerate().map(rule).collect::<String>()).unwrap()
}

/// What the desk says of this day that has one of these words in it, without the text beside.
pub(crate) fn said_of(policy: &Policy, day: &str, words: &[&str]) -> Vec<String> {
    let said = play(policy.clone(), &format!("account 1001\nunit 7\nunit 8\n{day}"));
    said.lines().map(str::trim).filter(|line| words.iter().any(|word| line.contains(word))).map(str::to_owned).collect()
}

/// A panic, which may be handed off before anybody says that it is real; then a witness does, at 10:01.
fn witnessed(acts: &[&str]) -> String {
    let acts = acts.iter().map(|act| format!("10:00:20 {act}\n"));
    "10:00:00 signal 1001 E120 n1\n10:00:10 op1 inc1 take\n".to_owned()
        + &acts.collect::<String>()
        + "10:01:00 op1 inc1 confirm-real basis=witness\n"
}

/// What was done before a clause asks for it is not due: a hand-off to the same authority that is not rejected, a call on which
/// somebody was spoken to, a unit that has accepted and still comes.
#[test]
fn what_was_done_before_is_not_due() {
    let police =
        house(&["kind = 'due', act = 'hand-off', to = 'police', within_s = 60, when = { any = ['real-by-witness'] }"]);
    let due = |policy: &Policy, acts: &[&str]| said_of(policy, &witnessed(acts), &["act-due"]);
    let asked = [
        r#"10:01:00 inc1 v4 - act-due {"act":"hand-off","clause":"house.a","to":"police","until":"10:02:00"}"#,
        r#"10:01:00 inc1 v5 - act-due {"act":"hand-off","clause":"house.a","to":"police","until":"10:02:00"}"#,
        r#"10:01:00 inc1 v7 - act-due {"act":"hand-off","clause":"house.a","to":"police","until":"10:02:00"}"#,
    ];
    assert_eq!(due(&police, &[]), [asked[0]]);
    let to = |who: &str| format!("op1 inc1 hand-off to={who}");
    let answered = |accepted: bool| format!("op1 inc1 answer-hand-off number=1 accepted={accepted}");
    assert_eq!(due(&police, &[&to("police")]), [""; 0]);
    assert_eq!(due(&police, &[&to("police"), &answered(true)]), [""; 0]);
    assert_eq!(due(&police, &[&to("police"), &answered(false)]), [asked[2]]);
    assert_eq!(due(&police, &[&to("fire")]), [asked[1]]);
    let call = house(&["kind = 'due', act = 'call', within_s = 60, when = { any = ['real-by-witness'] }"]);
    let to_call = r#"10:01:00 inc1 v4 - act-due {"act":"call","clause":"house.a","to":null,"until":"10:02:00"}"#;
    assert_eq!(due(&call, &[]), [to_call]);
    assert_eq!(due(&call, &["op1 inc1 call contact=1 result=answered"]), [""; 0]);
    let asks = |policy: &Policy, acts: &[&str]| due(policy, acts).len();
    for vain in ["no-answer", "busy", "machine", "wrong-number", "disconnected", "bad-number"] {
        assert_eq!(asks(&call, &[&format!("op1 inc1 call contact=0 result={vain}")]), 1, "{vain}");
    }
    let site = house(&["kind = 'due', act = 'call-site', within_s = 60, when = { any = ['real-by-witness'] }"]);
    assert_eq!(asks(&site, &["op1 inc1 call contact=1 result=answered"]), 1);
    assert_eq!(asks(&site, &["op1 inc1 call contact=0 result=wrong-number"]), 1);
    for spoken_to in ["code-ok", "wrong-code", "duress-code", "answered", "refused"] {
        assert_eq!(asks(&site, &[&format!("op1 inc1 call contact=0 result={spoken_to}")]), 0, "{spoken_to}");
    }
    let send = house(&["kind = 'due', act = 'send', within_s = 60, when = { any = ['real-by-witness'] }"]);
    let (offered, accepts) = ("op1 inc1 pre-process unit=7", "op1 inc1 accept unit=7");
    assert_eq!(asks(&send, &[offered]), 1);
    assert_eq!(asks(&send, &[offered, "op1 inc1 decline unit=7"]), 1);
    assert_eq!(asks(&send, &[offered, accepts]), 0);
    assert_eq!(asks(&send, &[offered, accepts, "op1 inc1 withdraw unit=7"]), 1);
}

/// Of several things that are due, an act does its own: a hand-off to the police none to the fire brigade, a call no sending.
#[test]
fn an_act_does_what_it_is() {
    let policy = house(&[
        "kind = 'due', act = 'hand-off', to = 'police', within_s = 60, when = { kinds = ['hold-up'] }",
        "kind = 'due', act = 'hand-off', to = 'fire', within_s = 60, when = { kinds = ['hold-up'] }",
        "kind = 'due', act = 'call', within_s = 60, when = { kinds = ['hold-up'] }",
        "kind = 'due', act = 'send', within_s = 60, when = { kinds = ['hold-up'] }",
    ]);
    let day = |act: &str| {
        format!("10:00:00 signal 1001 E120 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 {act}\n10:01:00 time")
    };
    let over = |act: &str| -> Vec<String> {
        let said = said_of(&policy, &day(act), &[" act-overdue "]);
        said.iter().map(|line| line.split('"').nth(3).unwrap().to_owned()).collect()
    };
    assert_eq!(over("note note=x"), ["house.a", "house.b", "house.c", "house.d"]);
    assert_eq!(over("hand-off to=police"), ["house.b", "house.c", "house.d"]);
    assert_eq!(over("hand-off to=fire"), ["house.a", "house.c", "house.d"]);
    assert_eq!(over("call contact=1 result=code-ok"), ["house.a", "house.b", "house.d"]);
    assert_eq!(over("call contact=1 result=no-answer"), ["house.a", "house.b", "house.c", "house.d"]);
    assert_eq!(over("pre-process unit=7"), ["house.a", "house.b", "house.c", "house.d"]);
    let accepted = "pre-process unit=7\n10:00:30 op1 inc1 accept unit=7";
    assert_eq!(over(accepted), ["house.a", "house.b", "house.c"]);
    let declined = "pre-process unit=7\n10:00:30 op1 inc1 decline unit=7";
    assert_eq!(over(declined), ["house.a", "house.b", "house.c", "house.d"]);
}

/// What is due holds the closing: a unit that declined is not sent. A call that nobody answers is tried, and holds nothing; it is
/// overdue all the same.
#[test]
fn who_does_not_answer_keeps_no_incident_open() {
    let policy = house(&[
        "kind = 'due', act = 'call-site', within_s = 60, when = { kinds = ['burglary'] }",
        "kind = 'due', act = 'send', within_s = 60, when = { kinds = ['burglary'] }",
    ]);
    let owed_under = |policy: &Policy, acts: &str| -> Vec<Claim> {
        let day = format!(
            "account 1001\nunit 7\n10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\n{acts}\n10:05:00 time\nshow incident 1"
        );
        let said = play(policy.clone(), &day);
        let incident: Incident = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
        assert!(incident.claims.iter().all(|claim| claim.done_at.is_some() || claim.overdue_at.is_some()));
        let act = |refusal| match refusal {
            Refusal::ActDue { act, .. } => Some(act),
            _ => None,
        };
        owed(&incident, policy).into_iter().filter_map(act).collect()
    };
    let owes = |acts: &str| owed_under(&policy, acts);
    assert_eq!(owes(""), [Claim::CallSite, Claim::Send]);
    assert_eq!(owes("10:00:20 op1 inc1 call contact=1 result=code-ok"), [Claim::CallSite, Claim::Send]);
    assert_eq!(owes("10:00:20 op1 inc1 call contact=0 result=no-answer"), [Claim::Send]);
    let offered = "10:00:20 op1 inc1 pre-process unit=7\n10:00:30 op1 inc1 ";
    assert_eq!(owes(&format!("{offered}decline unit=7")), [Claim::CallSite, Claim::Send]);
    assert_eq!(owes(&format!("{offered}accept unit=7")), [Claim::CallSite]);
    let call = house(&["kind = 'due', act = 'call', within_s = 60, when = { kinds = ['burglary'] }"]);
    assert_eq!(owed_under(&call, ""), [Claim::Call]);
    assert_eq!(owed_under(&call, "10:00:20 op1 inc1 call contact=1 result=no-answer"), []);
}

/// Of what turned out false nothing is due any more, also before it is closed.
#[test]
fn nothing_is_due_of_what_was_false() {
    let policy = house(&["kind = 'due', act = 'send', within_s = 60, when = { any = ['user-unreached'] }"]);
    let day = |between: &str| {
        format!(
            "10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 confirm-real basis=witness\n{between}
            10:00:40 op1 inc1 call contact=1 result=no-answer"
        )
    };
    let words = ["act-due", "call ", "refused"];
    let due = said_of(&policy, &day(""), &words[..1]);
    assert_eq!(due.len(), 1, "{due:?}");
    let overturned = said_of(&policy, &day("10:00:30 op1 inc1 overturn cause=user-error second=op2"), &words);
    assert!(!overturned.iter().any(|line| line.contains("act-due")), "{overturned:?}");
}

/// The police were called to a false alarm that was handed to them and that they did not reject: neither one of which only the fire
/// brigade was told, nor one that they did not take.
#[test]
fn to_what_the_police_were_called() {
    let policy = house(&["kind = 'false-calls', counts = 'police', window = '1 months', after = 9, then = 'warn'"]);
    let counted = |code: &str, acts: &str| -> Vec<String> {
        let day = format!(
            "10:00:00 signal 1001 {code} n1\n10:00:01 op1 inc1 take\n{acts}
            10:00:50 op1 inc1 overturn cause=user-error second=op2\n10:01:00 op1 inc1 close"
        );
        let said = said_of(&policy, &day, &["counted"]);
        said.iter().map(|line| line.split_once(r#""police":"#).unwrap().1.split(',').next().unwrap().into()).collect()
    };
    let to = |who: &str, accepted: bool| {
        format!(
            "10:00:02 op1 inc1 confirm-real basis=witness\n10:00:03 op1 inc1 record-wish police=true insurer=true
            10:00:04 op1 inc1 hand-off to={who}\n10:00:05 op1 inc1 answer-hand-off number=1 accepted={accepted}
            10:00:06 op1 inc1 tell-authority number=1 telling=cancel"
        )
    };
    assert_eq!(counted("E130", &to("police", true)), ["true"]);
    assert_eq!(counted("E130", &to("police", false)), ["false"]);
    assert_eq!(counted("E130", &to("insurer", true)), ["false"]);
}

/// A year turns at midnight of the time zone that its clause names: in Shanghai at 16:00 UTC of 31 December. The third call seconds
/// before is the third of its year, and at midnight it is the first of the next, when those before count no more.
#[test]
fn a_year_of_false_calls_turns_at_local_midnight() {
    let said = |zone: &str, third: &str| {
        let window =
            format!("kind = 'false-calls', counts = 'all', window = 'year from 01-01{zone}', after = 3, then = 'warn'");
        let calls = ["2026-12-30/09:00:00", "2026-12-30/10:00:00", third].map(|at| format!("{at} false-call 1001\n"));
        let day = calls.concat() + "2027-01-01/00:00:01 time";
        let said = said_of(&house(&[&window]), &day, &["imposed", "lifted"]);
        let word = |line: String| {
            let found = ["imposed", "lifted"].into_iter().find(|word| line.contains(word));
            format!("{} {}", line.split(' ').next().unwrap_or_default(), found.unwrap_or_default())
        };
        said.into_iter().map(word).collect::<Vec<_>>()
    };
    let here = " in Asia/Shanghai";
    assert_eq!(said(here, "2026-12-31/15:59:52"), ["2026-12-31/15:59:59 imposed", "2026-12-31/16:00:00 lifted"]);
    assert_eq!(said(here, "2026-12-31/16:00:00"), [""; 0]);
    assert_eq!(said("", "2026-12-31/16:00:00"), ["2026-12-31/16:00:07 imposed", "2027-01-01/00:00:00 lifted"]);
}

/// Days and months go by the clocks of their time zone, also over the nights when these are set.
#[test]
fn windows_go_by_local_clocks() {
    let ends = |window: &str, call: &str| {
        let window: alarmcore::Window = window.parse().unwrap();
        let call = alarmcore::Timestamp::from_rfc3339(call).unwrap();
        (window.to_string(), window.ends(call).to_string())
    };
    for (window, call, end) in [
        ("1 days in Europe/London", "2027-03-27T12:00:00Z", "2027-03-28T11:00:00.000Z"),
        ("1 days in Europe/London", "2027-03-27T01:30:00.250Z", "2027-03-28T01:00:00.000Z"),
        ("1 days in Europe/London", "2026-10-24T00:30:00.250Z", "2026-10-25T00:30:00.250Z"),
        ("12 months in Asia/Shanghai", "2027-02-28T16:30:00Z", "2028-02-29T16:30:00.000Z"),
        ("12 months", "2027-02-28T16:30:00Z", "2028-02-28T16:30:00.000Z"),
        ("year from 07-01 in America/Los_Angeles", "2027-07-01T06:59:59Z", "2027-07-01T07:00:00.000Z"),
        ("year from 07-01 in America/Los_Angeles", "2027-07-01T07:00:00Z", "2028-07-01T07:00:00.000Z"),
    ] {
        assert_eq!(ends(window, call), (window.to_owned(), end.to_owned()), "{window} {call}");
    }
    for wrong in [
        "1 days in",
        "1 days in Shanghai City",
        "1 days Asia/Shanghai",
        "in Asia/Shanghai",
        "13 months in Asia/Shanghai",
    ] {
        let fault = wrong.parse::<alarmcore::Window>().map_err(|fault| fault.to_string());
        assert!(fault.is_err_and(|fault| fault.starts_with("a window is `1 months`")), "{wrong}");
    }
}

pub(crate) fn rule_of(text: &str) -> FalseCallRule {
    match house(&[text]).rules.remove(0).rule {
        PackRule::FalseCalls(rule) => rule,
        other => panic!("{other:?}"),
    }
}

/// Where the police do not come to an incident, nothing to them is owed: neither by a clause nor by the owner's wish. What is owed
/// to others is.
#[test]
fn what_is_owed_where_the_police_do_not_come() {
    let policy = house(&[
        "kind = 'false-calls', counts = 'all', window = '1 months', after = 1, then = 'withdraw', clean_months = 3",
    ]);
    let day = "account 1001
        10:00:00 signal 1001 E130 n1
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 confirm-real basis=witness
        10:00:30 op1 inc1 record-wish police=true insurer=true
        show incident 1";
    let said = play(policy.clone(), day);
    let mut value: serde_json::Value =
        serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
    let claim = |clause: &str, act: &str, to: Option<&str>| json!({"clause": clause, "act": act, "to": to, "since": 0, "until": 0, "done_at": null, "overdue_at": null});
    value["claims"] = json!([
        claim("house.x", "hand-off", Some("police")),
        claim("house.y", "hand-off", Some("fire")),
        claim("house.z", "send", None)
    ]);
    let comes: Incident = serde_json::from_value(value).unwrap();
    let outside = |incident: &Incident| -> Vec<Refusal> {
        let is_outside = |one: &Refusal| matches!(one, Refusal::HandOffMissing { .. } | Refusal::ActDue { .. });
        owed(incident, &policy).into_iter().filter(is_outside).collect()
    };
    let missing = |to| Refusal::HandOffMissing { to };
    let due = |clause: &str, act, to| Refusal::ActDue { clause: clause.parse().unwrap(), act, to };
    let (police, insurer) = (missing(Authority::Police), missing(Authority::Insurer));
    let x = due("house.x", Claim::HandOff, Some(Authority::Police));
    let y = due("house.y", Claim::HandOff, Some(Authority::Fire));
    let z = due("house.z", Claim::Send, None);
    assert_eq!(outside(&comes), [police, insurer.clone(), x, y.clone(), z.clone()]);
    let refused = Incident { withdrawn: Some("house.a".parse().unwrap()), ..comes };
    assert_eq!(outside(&refused), [insurer, y, z]);
}

/// Where a hand-off was rejected, could not be delivered or was cancelled, the authority that the owner wishes for does not have it.
#[test]
fn a_hand_off_that_failed_is_owed_again() {
    let owes = |acts: &str| -> bool {
        let said = play(
            Policy::default(),
            &format!(
                "account 1001
                10:00:00 signal 1001 E130 n1
                10:00:10 op1 inc1 take
                10:00:20 op1 inc1 confirm-real basis=witness
                10:00:30 op1 inc1 record-wish police=true insurer=false
                10:00:40 op1 inc1 hand-off to=police
                {acts}
                show incident 1"
            ),
        );
        let incident: Incident = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
        assert_eq!(incident.hand_offs.len(), 1);
        owed(&incident, &Policy::default()).contains(&Refusal::HandOffMissing { to: Authority::Police })
    };
    assert!(!owes(""));
    assert!(!owes("10:01:00 op1 inc1 record-answer number=1 answer=accepted"));
    assert!(owes("10:01:00 op1 inc1 record-answer number=1 answer=rejected"));
    assert!(owes("10:01:00 outside inc1 fail-delivery number=1 sequence=1"));
}

/// A hand-off that fails or is rejected was none, and a unit that turns back was not sent: what was due is due again by its first
/// time, and overdue at once where that is over. What is cancelled had been heard, and a second hand-off does what the first did not.
#[test]
fn what_came_to_nothing_is_due_again() {
    let policy = house(&[
        "kind = 'due', act = 'hand-off', to = 'police', within_s = 60, when = { kinds = ['hold-up'] }",
        "kind = 'due', act = 'send', within_s = 60, when = { kinds = ['hold-up'] }",
    ]);
    let over = |clause: &str, acts: &str| -> Vec<String> {
        let day = format!("10:00:00 signal 1001 E120 n1\n10:00:10 op1 inc1 take\n{acts}\n10:05:00 time");
        let said = said_of(&policy, &day, &[" act-overdue "]);
        let of = said.iter().filter(|line| line.contains(clause));
        of.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    let police = |acts: &str| over("house.a", &format!("10:00:20 op1 inc1 hand-off to=police\n{acts}"));
    let fails = |at: &str, number: u16| format!("{at} outside inc1 fail-delivery number={number} sequence=1\n");
    assert_eq!(police(""), [""; 0]);
    assert_eq!(police(&fails("10:00:40", 1)), ["10:01:00"]);
    assert_eq!(police(&fails("10:01:30", 1)), ["10:01:30"]);
    let says = |answer: &str| format!("10:00:40 op1 inc1 record-answer number=1 answer={answer}\n");
    assert_eq!(police(&says("rejected")), ["10:01:00"]);
    assert_eq!(police("10:00:40 op1 inc1 answer-hand-off number=1 accepted=false"), ["10:01:00"]);
    assert_eq!(police(&(says("accepted") + "10:02:00 op1 inc1 record-answer number=1 answer=rejected")), ["10:02:00"]);
    let again = |at: &str| format!("{}{at} op1 inc1 hand-off to=police\n", fails("10:00:40", 1));
    assert_eq!(police(&again("10:00:50")), [""; 0]);
    assert_eq!(police(&(again("10:00:50") + &fails("10:02:00", 2))), ["10:02:00"]);
    assert_eq!(police(&again("10:02:00")), ["10:01:00"]);
    let cancelled = says("accepted")
        + "10:00:50 op1 inc1 tell-authority number=1 telling=cancel second=op9\n10:00:55 op1 inc1 record-answer number=1 answer=cancelled";
    assert_eq!(police(&cancelled), [""; 0]);
    // Whom we asked to cancel is not coming to what is real after all, nor to what came since, and is due again.
    let asked = says("accepted") + "10:00:50 op1 inc1 tell-authority number=1 telling=cancel second=op9\n";
    let real = "10:02:00 op1 inc1 confirm-real basis=witness\n";
    assert_eq!(police(&asked), [""; 0]);
    assert_eq!(police(&format!("{asked}{real}")), ["10:02:00"]);
    assert_eq!(police(&format!("{cancelled}\n{real}")), ["10:02:00"]);
    assert_eq!(police(&format!("{asked}10:03:00 signal 1001 E120 n2")), ["10:03:00"]);
    assert_eq!(police(&format!("{asked}10:03:00 signal 1001 E130 n2")), ["10:03:00"]);
    let refused = "10:01:30 op1 inc1 record-answer number=1 answer=cancel-refused\n";
    assert_eq!(police(&format!("{asked}{refused}{real}")), [""; 0]);
    assert_eq!(
        police(&format!("{}10:02:00 op1 inc1 record-answer number=1 answer=cancelled", says("accepted"))),
        ["10:02:00"]
    );
    let unit = |acts: &str| over("house.b", &format!("10:00:20 op1 inc1 pre-process unit=7\n{acts}"));
    let accepts = "10:00:30 op1 inc1 accept unit=7\n";
    assert_eq!(unit(accepts), [""; 0]);
    assert_eq!(unit(&format!("{accepts}10:00:40 op1 inc1 decline unit=7")), ["10:01:00"]);
    assert_eq!(unit(&format!("{accepts}10:03:00 op1 inc1 withdraw unit=7")), ["10:03:00"]);
    let other = "10:00:50 op1 inc1 offer unit=8\n10:00:55 op1 inc1 accept unit=8";
    assert_eq!(unit(&format!("{accepts}10:00:40 op1 inc1 decline unit=7\n{other}")), [""; 0]);
}

/// A plan asks whether a unit accepted: one that has turned back since is none.
#[test]
fn a_unit_that_turned_back_has_not_accepted() {
    let answers = |acts: &str| -> bool {
        let day = format!(
            "10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 call contact=1 result=wrong-code
            10:00:21 op1 inc1 pre-process unit=7\n10:00:30 op1 inc1 accept unit=7\n{acts}\nshow plan 1"
        );
        let said = said_of(&Policy::default(), &day, &["(accepted: "]);
        said.last().unwrap().contains("(accepted: yes)")
    };
    assert!(answers(""));
    assert!(!answers("10:00:40 op1 inc1 decline unit=7"));
    assert!(answers(
        "10:00:40 op1 inc1 decline unit=7\n10:00:50 op1 inc1 offer unit=8\n10:00:55 op1 inc1 accept unit=8"
    ));
}

/// An incident ends as handed to the police only where they still have it: not by a hand-off that they cancelled or that failed.
#[test]
fn police_who_cancelled_do_not_have_it() {
    let ends = |acts: &str| -> bool {
        let day = format!(
            "10:00:00 signal 1001 E120 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 pre-process unit=7
            10:00:30 op1 inc1 accept unit=7\n10:01:00 op1 inc1 arrive unit=7
            10:02:00 op1 inc1 report-scene unit=7 doors=intact windows=intact\n10:03:00 op1 inc1 hand-off to=police\n{acts}
            10:06:00 op1 inc1 end-undetermined end=handed-to-police"
        );
        said_of(&Policy::default(), &day, &["ended-undetermined"]).len() == 1
    };
    let accepted = "10:04:00 op1 inc1 record-answer number=1 answer=accepted\n";
    assert!(ends(accepted));
    let cancelled = "10:04:30 op1 inc1 tell-authority number=1 telling=cancel second=op9\n10:05:00 op1 inc1 record-answer number=1 answer=cancelled";
    assert!(!ends(&format!("{accepted}{cancelled}")));
    assert!(!ends("10:04:00 outside inc1 fail-delivery number=1 sequence=1"));
}

/// A unit that does not go while another does leaves the incident with the other; and one that goes back after the verdict leaves it
/// where it was.
#[test]
fn who_does_not_go_is_missed_only_where_nobody_does() {
    let stage = |acts: &str| -> String {
        let day = format!(
            "10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 pre-process unit=7
            10:00:30 op1 inc1 accept unit=7\n{acts}\nshow queue"
        );
        let said = said_of(&Policy::default(), &day, &["| inc1 "]);
        said.last().unwrap().split(' ').nth(4).unwrap().into()
    };
    assert_eq!(stage(""), "dispatched");
    assert_eq!(stage("10:00:40 op1 inc1 offer unit=8\n10:00:50 op1 inc1 decline unit=8"), "dispatched");
    assert_eq!(stage("10:00:40 op1 inc1 withdraw unit=7"), "pre-processed");
    assert_eq!(
        stage("10:00:40 op1 inc1 confirm-real basis=contact\n10:00:50 op1 inc1 withdraw unit=7"),
        stage("10:00:40 op1 inc1 confirm-real basis=contact")
    );
}

/// Which keys go with which measure, and which pack a name with a version means.
#[test]
fn keys_of_rules_on_false_calls() {
    let read = |rest: &str| {
        let rule = format!("kind = 'false-calls', counts = 'all', window = '1 months', after = 2, {rest}");
        let text = format!("[[rules]]\nclause = 'house.a'\nmark = 'S'\nrule = {{ {rule} }}\n");
        Policy::from_toml(&text).map(drop).map_err(|error| error.fault)
    };
    let foreign =
        Err("only `then = \"remedy\"` has `within_h`, only `then = \"withdraw\"` has `clean_months` and `unless`"
            .to_owned());
    assert_eq!(read("then = 'warn'"), Ok(()));
    for key in ["within_h = 3", "clean_months = 3", "unless = ['confirmed']"] {
        assert_eq!(read(&format!("then = 'warn', {key}")), foreign, "{key}");
    }
    assert_eq!(read("then = 'remedy', proof = 'needed', within_h = 3"), Ok(()));
    for key in ["clean_months = 3", "unless = ['confirmed']"] {
        assert_eq!(read(&format!("then = 'remedy', proof = 'needed', {key}")), foreign, "{key}");
    }
    assert_eq!(read("then = 'withdraw', clean_months = 3, within_h = 3"), foreign);
    assert_eq!(read("then = 'withdraw', clean_months = 3, unless = ['confirmed']"), Ok(()));
    assert_eq!(read("then = 'withdraw', proof = 'needed'"), Ok(()));
    let never = Err("a withdrawal is lifted after `clean_months`, by `proof`, or both: say which".to_owned());
    assert_eq!(read("then = 'withdraw'"), never);
    assert_eq!(read("then = 'withdraw', clean_months = 0"), never);
    assert_eq!(Policy::from_toml("packs = ['uk-npcc@4']").unwrap().packs, ["uk-npcc@4"]);
}

/// What packs and their rules are called, in both languages.
#[test]
fn names_of_packs_and_rules() {
    let pack = Pack::from_toml(Pack::built_in("cn-sh-2010").unwrap()).unwrap();
    assert_eq!(pack.title.label(Lang::En), "Shanghai: notice of 2010 on alarm response");
    assert_eq!(pack.title.label(Lang::Zh), "上海:2010 年报警响应通知");
    let rule = pack.clauses[0].rule.as_ref().unwrap();
    assert_eq!([rule.label(Lang::En), rule.label(Lang::Zh)], ["act due", "处置时限"]);
}
