//! §2.5 of the capabilities: which queue an incident is in, who sees and takes it, and when it is everybody's.

use alarmcore::{IncidentEvent, Input, OperatorCard, OperatorId, Output, Policy, Presence, Refusal};
use proptest::prelude::*;

use crate::script::{MIDNIGHT, play, rules, signal};
use crate::witness::Witness;

/// A queue for banks, one for whoever speaks Uyghur, and the rest.
const RULES: &str = r#"{"version": 4, "queue": [
    {"name": "banks", "for": {"site_types": ["bank"]}, "skills": ["banks"], "exclusive": true, "overflow_s": 20},
    {"name": "uyghur", "for": {"languages": ["ug"], "priority": 4}},
    {"name": "troubles", "for": {"families": ["service"]}, "skills": ["technician"], "exclusive": true}
]}"#;

day! {
    /// "priority, then age": the queue by name does not change the order; every incident says which rule of which policy put it
    /// into which queue, and what it becomes may put it into another.
    row_2_5_queue, rules(RULES), "
        account 1001 site_type=bank
        account 1002 language=ug
        account 1003
        operator 1 skills=[\"banks\"]
        operator 2 languages=[\"ug\",\"zh\"]
        operator 3 supervisor=true
        10:00:00 op1 here
        10:00:00 op2 here
        10:00:01 signal 1003 E130 g1 n5
        10:00:02 signal 1002 E130 g1 n5
        10:00:03 signal 1001 E130 g1 n5
        10:00:04 signal 1003 E350 g1 n1
        show queue
        10:00:10 op2 inc3 take
        10:00:11 op2 inc2 take
        10:00:12 op1 inc3 take
        10:00:20 signal 1003 E110 g1 n9
        show queue
    "
}

day! {
    /// "exclusive queues": only members take, and nothing waits unseen. The bank's burglary is everybody's after 20 s; its fire at
    /// once; what comes when no member is there at once, and what waits when the last one goes, too.
    row_2_5_assignment_exclusive_queues, rules(RULES), "
        account 1001 site_type=bank
        account 1002 site_type=bank
        account 1003 site_type=bank
        account 1004 site_type=bank
        operator 1 skills=[\"banks\"]
        operator 2
        operator 3 supervisor=true
        10:00:00 op1 here
        10:00:00 op2 here
        10:00:01 signal 1001 E130 g1 n5
        10:00:05 op2 inc1 take
        10:00:21 time
        10:00:22 op2 inc1 take
        10:01:00 signal 1002 E110 g1 n5
        10:01:01 op2 inc2 take
        10:02:00 signal 1003 E130 g1 n5
        10:02:05 op1 left
        10:02:10 op2 inc3 take
        10:03:00 signal 1004 E130 g1 n5
        10:03:05 op3 inc4 take
        show queue
    "
}

day! {
    /// "exclusive queues": what somebody is not shown they do not act on, whatever the act is and whoever tells them of it. In a
    /// member's hands everybody sees it; released it waits for members again. A fire that was put on hold, and whose owner is gone,
    /// is everybody's although it does not call.
    row_2_5_assignment_what_is_not_shown_is_not_acted_on, rules(RULES), "
        account 1001 site_type=bank
        account 1002 site_type=bank
        operator 1 skills=[\"banks\"]
        operator 2
        operator 4 skills=[\"banks\"]
        unit 1
        10:00:00 op1 here
        10:00:00 op2 here
        10:00:00 op4 here
        10:00:01 signal 1001 E130 g1 n5
        10:00:02 op2 inc1 note note=\"a neighbour telephones\"
        10:00:03 op2 inc1 call contact=1 result=no-answer
        10:00:04 op2 inc1 take-over
        10:00:05 op2 inc1 hand-off to=police
        10:00:06 op1 inc1 take
        10:00:07 op2 inc1 note note=\"a neighbour telephones\"
        10:00:08 op1 inc1 release
        10:00:09 op2 inc1 note note=\"once more\"
        10:00:28 time
        10:00:29 op2 inc1 note note=\"once more\"
        10:01:00 signal 1002 E130 g1 n5
        10:01:01 op1 inc2 take
        10:01:02 signal 1002 E110 g1 n6
        10:01:03 op1 inc2 take
        10:01:03 op1 inc2 call contact=1 result=no-answer
        10:01:03 op1 inc2 hold minutes=2 reason=keyholder-coming
        10:01:04 op1 left
        10:02:00 time
        show queue
    "
}

day! {
    /// "exclusive queues": a guard who calls for help in a member's incident is everybody's at once, also where members could take it:
    /// whoever is nearest to the telephone does.
    row_2_5_assignment_help_is_everybodys, rules(RULES), "
        account 1001 site_type=bank
        unit 7
        operator 1 skills=[\"banks\"]
        operator 2
        operator 3 skills=[\"banks\"]
        10:00:00 op1 here
        10:00:00 op2 here
        10:00:00 op3 here
        10:00:01 signal 1001 E130 g1 n5
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 pre-process unit=7
        10:00:15 outside inc1 record-unit-answer unit=7 offer=1 answer=accepted message=a
        10:05:00 outside inc1 record-unit-answer unit=7 offer=1 answer=on-site message=b
        10:05:30 op1 inc1 release note=x
        10:05:31 op2 inc1 take
        10:05:35 outside inc1 record-unit-answer unit=7 offer=1 answer=help message=c
        10:05:36 op2 inc1 take
        show queue
    "
}

proptest! {
    /// "order is a pure function of (priority, receive time, id)": whatever queues there are, and in whatever order it came.
    #[test]
    fn queues_do_not_change_the_order(events in prop::collection::vec(
        (prop::sample::select(vec!["1001", "1002", "1003"]), prop::sample::select(vec!["E130", "E110", "E301", "E350", "E137"])),
        1..20,
    )) {
        let order = |policy: Policy| {
            let mut witness = Witness::new(policy);
            for (number, site) in [("1001", "bank"), ("1002", "shop"), ("1003", "school")] {
                let text = format!(r#"{{"account": "{number}", "heartbeat_s": null, "mains_wait_s": null, "battery_hours": null,
                    "site_type": "{site}"}}"#);
                let _ = witness.handle(Input::Account(serde_json::from_str(&text).unwrap()));
            }
            for (id, (account, event)) in (1..).zip(&events) {
                let _ = witness.handle(Input::Signal(signal(id, MIDNIGHT.plus_secs(id as u32), account, &[event])));
            }
            witness.desk().queue().iter().map(|incident| incident.queue_key()).collect::<Vec<_>>()
        };
        let found = order(rules(RULES));
        prop_assert!(found.is_sorted());
        prop_assert_eq!(found, order(Policy::default()));
    }
}

/// Whoever is not known is not kept from anything, and a queue that the policy does not know any more keeps nothing.
#[test]
fn a_stranger_is_not_kept_from_anything() {
    let mut witness = Witness::new(rules(r#"{"queue": [{"name": "all", "skills": ["all"], "exclusive": true}]}"#));
    let (member, other) = (OperatorId::new(1), OperatorId::new(2));
    for operator in [member, other] {
        let skills = (operator == member).then(|| "all".into()).into_iter().collect();
        let _ = witness
            .handle(Input::Person { at: MIDNIGHT, card: OperatorCard { skills, ..OperatorCard::new(operator) } });
        let _ = witness.handle(Input::Operator { at: MIDNIGHT, operator, presence: Presence::Here });
    }
    let _ = witness.handle(Input::Signal(signal(1, MIDNIGHT, "1001", &["E130"])));
    let incident = witness.desk().queue()[0].id;
    let mut take = |seconds, by| {
        let (at, command) = (MIDNIGHT.plus_secs(seconds), alarmcore::Command::Take);
        let said = witness.handle(Input::Act { at, by, incident, command, second: None });
        said.into_iter().find_map(|output| match output {
            Output::Refuse(refusal) => Some(refusal),
            _ => None,
        })
    };
    assert_eq!(take(1, other), Some(Refusal::OtherQueue { queue: "all".into() }));
    assert_eq!(take(2, OperatorId::new(9)), None);
}

/// What a member of its queue has, others see and leave to them: they may do something about it, and not take it.
#[test]
fn what_a_member_has_nobody_else_takes() {
    let day = "
        account 1001 site_type=bank
        operator 1 skills=[\"banks\"]
        operator 2
        10:00:00 op1 here
        10:00:00 op2 here
        10:00:01 signal 1001 E130 g1 n5
        10:00:02 op1 inc1 take
        10:00:03 op2 inc1 note note=\"a neighbour telephones\"
        10:00:04 op2 inc1 take";
    let said = play(rules(RULES), day);
    let last: Vec<&str> = said.lines().rev().take(2).map(str::trim).collect();
    assert!(last[1].starts_with("10:00:03 inc1") && last[1].contains(" noted "), "{said}");
    assert!(last[0].starts_with("refused: ") && last[0].contains("banks"), "{said}");
}

/// Members are told by the skills that the queue asks for and by one of its languages; who names no language speaks all.
#[test]
fn a_member_has_all_skills_and_one_of_the_languages() {
    let policy: Policy = serde_json::from_str(
        r#"{"version": 1, "queue": [
            {"name": "vaults", "skills": ["vault", "night"]},
            {"name": "west", "for": {"languages": ["ug", "kk"]}}
        ]}"#,
    )
    .unwrap();
    let serves = |skills: &[&str], languages: &[&str]| {
        let names = |all: &[&str]| all.iter().map(|name| (*name).into()).collect();
        let card = OperatorCard::new(OperatorId::new(1));
        let card = OperatorCard { skills: names(skills), languages: names(languages), ..card };
        policy.queues.iter().filter(|rule| card.may_serve(rule)).map(|rule| rule.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(serves(&[], &[]), ["west"]);
    assert_eq!(serves(&["vault"], &["kk", "zh"]), ["west"]);
    assert_eq!(serves(&["night", "vault", "more"], &["zh"]), ["vaults"]);
}

/// An event with everything in it.
pub(crate) fn a_queued() -> IncidentEvent {
    let (queue, skills, language) = (Some("banks".into()), vec!["banks".into()], Some("zh".into()));
    IncidentEvent::Queued { queue, exclusive: true, skills, language, policy: 3 }
}
