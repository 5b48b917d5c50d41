//! Action plans: who gets which, what their steps do, and the days on which they are followed.

use alarmcore::{Incident, Kind, Plans, Policy};

use crate::chaos::plans::FORCED;
use crate::script::play;

/// The file that documents every key is sound, and every kind of incident gets its plan from it.
#[test]
fn the_standard_plans() {
    let plans = Plans::from_toml(Plans::DOCUMENTED).unwrap();
    assert_eq!(*Policy::default().plans, plans);
    let of: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| format!("{kind}: {}", plans.choose(*kind, None, None, false, None).unwrap().id))
        .collect();
    insta::assert_snapshot!("the_standard_plans", of.join("\n"));
}

/// One plan with these steps, which begin at line 5.
fn plan(steps: &str) -> String {
    format!("[[plan]]\nid = \"p\"\nen = \"P\"\nzh = \"P\"\n{steps}")
}

/// A step, one line.
fn step(id: &str, act: &str, rest: &str) -> String {
    let rest = if rest.is_empty() { String::new() } else { format!(", {rest}") };
    format!("{{ id = \"{id}\", en = \"e\", zh = \"z\", act = \"{act}\"{rest} }},\n")
}

/// Every fault has its line, and says what is wrong.
#[test]
fn a_fault_of_a_plan_has_its_line() {
    let steps = |steps: &[String]| plan(&format!("step = [\n{}]\n", steps.concat()));
    let close = step("end", "close", "");
    let ask = |question: &str, on: &str| step("a", "take", &format!("ask = \"{question}\", on = {{ {on} }}"));
    let cases = [
        (steps(&[]), 2, "plan `p` has no step", None),
        (
            steps(&[step("a", "take", "next = \"ennd\""), close.clone()]),
            6,
            "there is no step `ennd` in this plan",
            Some("end"),
        ),
        (
            steps(&[step("a", "take", "next = \"end\""), step("b", "call", "next = \"end\""), close.clone()]),
            7,
            "nothing leads to step `b`: it is dead",
            None,
        ),
        (
            steps(&[step("a", "take", "next = \"b\""), step("b", "call", "next = \"a\"")]),
            6,
            "from step `a` on the plan goes in circles: no way leads to an end",
            None,
        ),
        (
            steps(&[step("a", "take", "")]),
            6,
            "`take` ends nothing: the last step of a way must be one of `hand-off`, `escalate`, `verify-false`, `settle`, `close`",
            None,
        ),
        (
            steps(&[step("a", "ask-customer", "next = \"end\""), close.clone()]),
            6,
            "`ask-customer` is on no way where nobody was asked: `ask = \"customer\"`, and say the step for each answer",
            None,
        ),
        (
            steps(&[step("a", "close", "next = \"end\""), close.clone()]),
            6,
            "`close` closes the incident: nothing can follow it",
            None,
        ),
        (
            steps(&[ask("armed", "open = \"end\""), close.clone()]),
            6,
            "`armed` can also be `part`, `closed`, `unknown`: name it, or say `else`",
            None,
        ),
        (
            steps(&[ask("reached", "reached = \"end\", not-reached = \"end\", else = \"end\""), close.clone()]),
            6,
            "every answer is named: `else` is dead",
            None,
        ),
        (
            steps(&[ask("codeword", "rihgt = \"end\", else = \"end\""), close.clone()]),
            6,
            "`rihgt` is no answer to `codeword`: `right`, `wrong`, `duress`, `none`, `else`",
            Some("right"),
        ),
        (
            steps(&[
                ask("time", "else = \"b\""),
                step("b", "call", "ask = \"time\", on = { else = \"end\" }"),
                close.clone(),
            ]),
            7,
            "`time` is answered already on the way from step `a`",
            None,
        ),
        (steps(&[step("a", "hand-off", "")]), 6, "`hand-off` needs `to`: police, fire, ambulance or insurer", None),
        (
            steps(&[step("a", "take", "to = \"police\", next = \"end\""), close.clone()]),
            6,
            "`to` belongs to `hand-off`",
            None,
        ),
        (steps(&[step("a", "take", "tries = 2, next = \"end\""), close.clone()]), 6, "`tries` belongs to `call`", None),
        (
            steps(&[step("a", "call", "tries = 0, next = \"end\""), close.clone()]),
            6,
            "at least 1 contact is tried",
            None,
        ),
        (
            steps(&[step("a", "take", "forced = true, next = \"end\""), close.clone()]),
            6,
            "`forced` needs `before`: the acts that are refused until the step is done",
            None,
        ),
        (
            steps(&[step("a", "hand-off", "to = \"police\", before = [\"hand-off\"], next = \"end\""), close.clone()]),
            6,
            "`a` would stand before itself: `hand-off` fulfils it",
            None,
        ),
        (
            steps(&[step("a", "take", "ask = \"time\""), close.clone()]),
            6,
            "`ask` needs `on`: the step for each answer",
            None,
        ),
        (
            steps(&[step("a", "take", "on = { else = \"end\" }"), close.clone()]),
            6,
            "`on` needs `ask`: the question that it answers",
            None,
        ),
        (steps(&[close.clone(), close.clone()]), 7, "step `end` stands in this plan twice", None),
        (
            steps(&[step("a", "tick", "before = [\"hand-off\"], forced = true, next = \"end\""), close.clone()]),
            6,
            "`a` holds up `hand-off`, and fire is life safety: only a warning may stand before it",
            None,
        ),
        (steps(&[step("a", "settle", "")]), 6, "fire does not end by `settle`", None),
        (steps(&[step("a", "dance", "next = \"end\"")]), 6, "unknown variant `dance`, expected one of `", None),
        (plan(&format!("kinds = [\"fire\"]\nstep = [\n{close}]\n")), 1, "no plan for hold-up, duress, ", None),
        (
            plan(&format!("kinds = [\"fir\"]\nstep = [\n{close}]\n")),
            5,
            "unknown variant `fir`, expected one of `",
            Some("fire"),
        ),
        (
            plan(&format!("at = \"night\"\nstep = [\n{}{close}]\n", ask("time", "else = \"end\""))),
            7,
            "the plan is for `night` only: another answer is dead",
            None,
        ),
        (format!("night = \"22 to 6\"\n{}", steps(std::slice::from_ref(&close))), 1, "character ", None),
        (
            steps(std::slice::from_ref(&close)) + &steps(std::slice::from_ref(&close)).replace("\"p\"", "\"q\""),
            9,
            "plan `p` is for the same incidents: make one of them narrower",
            None,
        ),
        (steps(std::slice::from_ref(&close)).repeat(2), 9, "plan `p` stands here twice", None),
    ];
    for (text, line, why, nearest) in cases {
        let error = Plans::from_toml(&text).unwrap_err();
        let fault = match why.ends_with(['`', ' ']) {
            true => error.fault.chars().take(why.chars().count()).collect(),
            false => error.fault.clone(),
        };
        let nearest_matters = nearest.is_some();
        assert_eq!((error.line, fault.as_str()), (line, why), "{text}");
        assert!(!nearest_matters || error.nearest.as_deref() == nearest, "{text}: {:?}", error.nearest);
    }
}

fn with(plans: &str) -> Policy {
    Policy { plans: Plans::from_toml(plans).unwrap().into(), ..Policy::default() }
}

/// "plan compiled and checked: no dead step, each leaf closes or escalates" (the tests above); here an operator follows one:
/// the next step by what the telephone says, a step passed over that is recorded, another plan when the kind changes, steps
/// that are done already ticked from the facts.
#[test]
fn row_2_5_action_plan() {
    let day = play(
        Policy::default(),
        "
        account 1001
        unit 7
        21:00:00 signal 1001 R401 g1 n2
        22:14:03 signal 1001 E130 g1 n5
        show plan 1
        22:14:09 op1 inc1 take
        22:14:20 op1 inc1 call contact=3 result=no-answer
        show plan 1
        22:14:50 op1 inc1 call contact=4 result=no-answer
        show plan 1
        22:15:00 op1 inc1 tick-step step=send
        22:15:01 op1 inc1 tick-step step=codeword
        22:15:02 op1 inc1 tick-step step=dance
        22:15:10 op1 inc1 pre-process unit=7
        22:15:20 op1 inc1 tick-step step=shift-lead note=\"told Li\"
        show plan 1
        22:15:21 op1 inc1 tick-step step=shift-lead
        22:15:25 op1 inc1 skip-step step=scene
        22:15:26 op1 inc1 skip-step step=scene note=\"the radio is dead\"
        22:16:00 signal 1001 E110 g1 n9
        show plan 1
        22:16:10 op1 inc1 hand-off to=fire
        show plan 1
    ",
    );
    insta::assert_snapshot!("row_2_5_action_plan", day);
}

/// A warning lets the act pass, and it stands in the records that the step was passed over.
#[test]
fn row_2_5_action_plan_warns() {
    let day = play(
        Policy::default(),
        "
        account 1001
        22:14:03 signal 1001 E130 g1 n5
        22:14:09 op1 inc1 take
        22:14:20 op1 inc1 call contact=3 result=bad-number
        22:14:30 op1 inc1 call contact=4 result=no-answer
        22:15:00 op1 inc1 verify-false cause=animal
        22:20:00 signal 1001 E110 g1 n9
        22:20:10 op1 inc2 take
        22:20:20 op1 inc2 verify-false cause=detector
    ",
    );
    insta::assert_snapshot!("row_2_5_action_plan_warns", day);
}

/// A forced step refuses the acts that it stands before, is named, and is left out by two persons only.
#[test]
fn row_2_5_action_plan_forces() {
    let day = play(
        with(FORCED),
        "
        account 1001
        unit 7
        22:14:03 signal 1001 E130 g1 n5
        22:14:09 op1 inc1 take
        22:14:20 op1 inc1 verify-false cause=animal
        22:14:21 op1 inc1 pre-process unit=7
        22:14:22 op1 inc1 skip-step step=cameras note=\"no cameras there\"
        22:14:23 op1 inc1 skip-step step=cameras note=\"no cameras there\" second=op1
        22:14:24 op1 inc1 skip-step step=shift-lead note=later
        22:14:25 op1 inc1 skip-step step=cameras second=op2
        22:14:26 op1 inc1 skip-step step=cameras note=\"no cameras there\" second=op2
        show plan 1
        22:14:30 op1 inc1 verify-false cause=animal
        22:30:00 signal 1001 R401 g1 n2
        23:00:00 signal 1001 E130 g1 n5
        23:00:10 op1 inc2 take
        23:00:20 op1 inc2 tick-step step=cameras note=\"a cat\"
        show plan 2
        23:00:30 op1 inc2 verify-false cause=animal
        23:10:00 signal 1001 E110 g1 n9
        23:10:05 op1 inc3 take
        23:10:10 op1 inc3 pre-process unit=7
        show plan 3
    ",
    );
    insta::assert_snapshot!("row_2_5_action_plan_forces", day);
}

/// Global, kind, account, zone, time of day: the narrowest plan is taken.
#[test]
fn row_2_5_action_plan_levels() {
    let one = |id: &str, scope: &str| {
        let step = step("end", "close", "");
        format!("[[plan]]\nid = \"{id}\"\nen = \"e\"\nzh = \"z\"\n{scope}\nstep = [{step}]\n")
    };
    let text = [
        "night = \"zone UTC; tolerance 0m; Mon-Sun 22:00-06:00\"\n".to_owned(),
        one("any", ""),
        one("burglary", "kinds = [\"burglary\"]"),
        one("burglary-night", "kinds = [\"burglary\"]\nat = \"night\""),
        one("burglary-open", "kinds = [\"burglary\"]\naccounts = [\"1002\"]\nat = \"on-hours\""),
        one("bank", "accounts = [\"1001\"]"),
        one("vault", "accounts = [\"1001\"]\nzones = [7]"),
    ]
    .concat();
    let plans = Plans::from_toml(&text).unwrap();
    let account = |number: &str| Some(number.parse().unwrap());
    let chosen = |kind, number, zone, night, on_hours| {
        plans.choose(kind, account(number), Some(zone), night, on_hours).map(|plan| plan.id.as_str())
    };
    assert_eq!(chosen(Kind::Fire, "1003", 1, false, None), Some("any"));
    assert_eq!(chosen(Kind::Burglary, "1003", 1, false, None), Some("burglary"));
    assert_eq!(chosen(Kind::Burglary, "1003", 1, true, None), Some("burglary-night"));
    assert_eq!(chosen(Kind::Burglary, "1002", 1, true, Some(true)), Some("burglary-open"));
    assert_eq!(chosen(Kind::Burglary, "1002", 1, true, Some(false)), Some("burglary-night"));
    assert_eq!(chosen(Kind::Burglary, "1001", 1, true, None), Some("bank"));
    assert_eq!(chosen(Kind::Burglary, "1001", 7, true, None), Some("vault"));
    assert_eq!(plans.choose(Kind::Burglary, None, None, false, None).map(|plan| plan.id.as_str()), Some("burglary"));
    let day = play(
        with(&text),
        "
        account 1001
        account 1002 schedule=\"zone UTC; Mon-Sun 08:00-18:00\"
        09:00:00 signal 1002 E130 g1 n1
        show plan 1
        09:00:10 signal 1001 E130 g1 n7
        show plan 2
        22:30:00 signal 1003 E130 g1 n7
        show incident 1
    ",
    );
    insta::assert_snapshot!("row_2_5_action_plan_levels", day);
}

/// By night an alarm gets the plan for the night. A clock that was set back to the day before does not make that day a night.
#[test]
fn a_clock_that_is_set_back_does_not_make_night_of_day() {
    let one = |id: &str, at: &str| {
        format!(
            "[[plan]]\nid = \"{id}\"\nen = \"x\"\nzh = \"x\"\nkinds = [\"burglary\"]\nat = \"{at}\"\n\
             step = [{{ id = \"end\", en = \"x\", zh = \"x\", act = \"close\" }}]\n"
        )
    };
    let any = one("any", "").replace("kinds = [\"burglary\"]\nat = \"\"\n", "");
    let night = "night = \"zone UTC; tolerance 0m; Mon-Sun 22:00-06:00\"\n".to_owned();
    let text = night + &any + &one("dark", "night") + &one("light", "day");
    let policy = Policy { plans: Plans::from_toml(&text).unwrap().into(), ..Policy::default() };
    let day = "
        account 1001
        account 1002
        account 1003
        23:00:00 signal 1001 E130 n1
        12:00:00 signal 1002 E130 n1
        13:00:00 signal 1003 E130 n1
        show incident 1
        show incident 2
        show incident 3";
    let said = play(policy, day);
    let shown = said.lines().filter_map(|line| serde_json::from_str::<Incident>(line.trim_start_matches("  | ")).ok());
    let given: Vec<_> = shown.map(|incident| incident.plan.map(|given| (given.plan, given.night))).collect();
    assert_eq!(
        given,
        [("dark", true), ("light", false), ("light", false)].map(|(plan, night)| Some((plan.into(), night)))
    );
}

/// A plan by itself is its own list, as it was in its version.
#[test]
fn one_plan_is_found_in_its_version() {
    let text = "version = 3\n[[plan]]\nid = \"any\"\nen = \"x\"\nzh = \"x\"\n\
                step = [{ id = \"end\", en = \"x\", zh = \"x\", act = \"close\" }]\n";
    let plans = Plans::from_toml(text).unwrap();
    assert_eq!(Plans::of_one(3, plans.get("any").unwrap().clone()), plans);
}

/// A step that a closing passes over is said to be passed, and closing is one act all the same.
#[test]
fn a_closing_passes_over_a_step_that_only_warns() {
    let plan = plan(&format!(
        "step = [\n{}]\n",
        [step("look", "tick", "before = [\"close\"], next = \"end\""), step("end", "close", "")].concat()
    ));
    let policy = Policy { plans: Plans::from_toml(&plan).unwrap().into(), ..Policy::default() };
    let day = "account 1001\n10:00:00 signal 1001 E130 n1\n10:00:01 op1 inc1 take\n10:00:02 op1 inc1 confirm-real basis=witness\n\
               10:00:03 op1 inc1 overturn cause=user-error second=op2\n10:00:04 op1 inc1 close";
    let said = play(policy, day);
    let last: Vec<&str> = said.lines().rev().take(2).collect();
    assert_eq!(
        last,
        [
            r#"10:00:04 inc1 v6 op1 closed {"resolution":"false-by-person"}"#,
            r#"10:00:04 inc1 v5 op1 step-skipped {"passed":"close","step":"look"}"#,
        ]
    );
}
