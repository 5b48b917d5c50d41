//! Random plans: what the checker accepts is what a plain search finds sound, and there every walk comes to an end.

use std::collections::BTreeMap;
use std::fmt::Write;

use alarmcore::{Doing, Plan, Plans, Question, Then};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

const ACTS: [&str; 6] = ["take", "call", "tick", "close", "escalate", "hand-off\"\nto = \"police"];
const QUESTIONS: [Question; 4] = [Question::Reached, Question::Codeword, Question::Time, Question::Verdict];

/// What one step of a random plan is made of; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
struct Drawn {
    act: usize,
    follow: u8,
    question: usize,
    targets: Vec<usize>,
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let step = (0..ACTS.len(), 0..10_u8, 0..QUESTIONS.len(), prop::collection::vec(0..64_usize, 4));
    let step = step.prop_map(|(act, follow, question, targets)| Drawn { act, follow, question, targets });
    prop::collection::vec(step, 1..7)
}

/// The step that follows: mostly a later one, now and then any.
fn target(drawn: usize, from: usize, steps: usize) -> usize {
    let later = steps - from - 1;
    if drawn.is_multiple_of(8) || later == 0 { drawn / 8 % steps } else { from + 1 + drawn / 8 % later }
}

fn text(drawn: &[Drawn]) -> String {
    let mut text = "[[plan]]\nid = \"p\"\nen = \"P\"\nzh = \"P\"\n".to_owned();
    let steps = drawn.len();
    for (place, step) in drawn.iter().enumerate() {
        let to = |drawn: usize| format!("s{}", target(drawn, place, steps));
        // The last steps of a plan mostly end it.
        let ends = step.follow == 0 || (place + 1 == steps && step.follow < 8);
        let act = if ends && step.act < 3 && step.follow.is_multiple_of(2) { "close" } else { ACTS[step.act] };
        writeln!(text, "[[plan.step]]\nid = \"s{place}\"\nen = \"e\"\nzh = \"z\"\nact = \"{act}\"").unwrap();
        if ends {
            continue;
        }
        if step.follow < 5 {
            writeln!(text, "next = \"{}\"", to(step.targets[0])).unwrap();
            continue;
        }
        let question = QUESTIONS[step.question];
        let on = question.answers().iter().zip(&step.targets);
        let on: Vec<String> = on.map(|(answer, drawn)| format!("{answer} = \"{}\"", to(*drawn))).collect();
        writeln!(text, "ask = \"{question}\"\non = {{ {} }}", on.join(", ")).unwrap();
    }
    text
}

/// The same plan, judged by walking every way to a depth that meets every pair of steps.
fn is_sound(drawn: &[Drawn]) -> bool {
    let steps = drawn.len();
    let ends = |place: usize| drawn[place].follow == 0 || (place + 1 == steps && drawn[place].follow < 8);
    let act = |place: usize| {
        let step = &drawn[place];
        if ends(place) && step.act < 3 && step.follow.is_multiple_of(2) { "close" } else { ACTS[step.act] }
    };
    let closes = |place: usize| act(place) == "close";
    let leaves = |place: usize| closes(place) || act(place) == "escalate" || act(place).starts_with("hand-off");
    let asked = |place: usize| (!ends(place) && drawn[place].follow >= 5).then(|| QUESTIONS[drawn[place].question]);
    let next = |place: usize| -> Vec<usize> {
        let many = match asked(place) {
            _ if ends(place) => 0,
            None => 1,
            Some(question) => question.answers().len(),
        };
        drawn[place].targets.iter().take(many).map(|drawn| target(*drawn, place, steps)).collect()
    };
    // Which steps can be reached from which, one step or more away: Warshall's way, unlike the checker's.
    let mut far = vec![vec![false; steps]; steps];
    for (from, row) in far.iter_mut().enumerate() {
        next(from).into_iter().for_each(|to| row[to] = true);
    }
    for via in 0..steps {
        for from in 0..steps {
            for to in 0..steps {
                far[from][to] |= far[from][via] && far[via][to];
            }
        }
    }
    (0..steps).all(|place| {
        let alive = place == 0 || far[0][place];
        let over = ends(place) || (0..steps).any(|end| far[place][end] && ends(end));
        let fit = if ends(place) { leaves(place) } else { !closes(place) };
        let fixed = asked(place).filter(|question| question.is_fixed());
        let once = fixed.is_none() || (0..steps).all(|other| !far[place][other] || asked(other) != fixed);
        alive && over && fit && once
    })
}

/// Walks a plan whose branches answer in turn, beginning with the answer `first`: the last step. Such a walk visits every
/// step that it does not leave for good again and again by every answer, so it ends exactly where some way leads out.
fn walk(plan: &Plan, first: usize) -> Option<&Doing> {
    let mut turns: BTreeMap<usize, usize> = BTreeMap::new();
    let mut place = 0;
    for _ in 0..10_000 {
        let step = &plan.steps[place];
        place = match &step.then {
            Then::End => return Some(&step.doing),
            Then::Next(next) => *next,
            Then::Ask(_, on) => {
                let turn = turns.entry(place).or_insert(first);
                *turn += 1;
                on[*turn % on.len()].1
            }
        };
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_plan_is_accepted_when_every_walk_ends(drawn in drawn()) {
        let text = text(&drawn);
        let read = Plans::from_toml(&text);
        prop_assert_eq!(read.is_ok(), is_sound(&drawn), "{}\n{:?}", text, read.err());
        let Ok(plans) = Plans::from_toml(&text) else { return Ok(()) };
        for first in 0..4 {
            let last = walk(plans.get("p").unwrap(), first);
            prop_assert!(last.is_some_and(|doing| doing.closes() || doing.escalates()), "{text}");
        }
    }
}

/// Chance that finds no sound plan, or only straight ones, proves nothing.
#[test]
fn chance_finds_sound_plans_with_circles() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut sound, mut circles) = (0, 0);
    for _ in 0..3000 {
        let drawn = drawn().new_tree(&mut runner).unwrap().current();
        if !is_sound(&drawn) {
            continue;
        }
        sound += 1;
        let back = |(place, step): (usize, &Drawn)| {
            (5..10).contains(&step.follow)
                && place + 1 < drawn.len()
                && step.targets.iter().any(|to| target(*to, place, drawn.len()) <= place)
        };
        circles += usize::from(drawn.iter().enumerate().any(back));
    }
    assert!(sound > 150 && circles > 10, "{sound} sound plans, {circles} of them with circles");
}
