//! What makes a plan sound: no dead step, no way without an end, every end closes or passes on, nothing holds up aid.

use std::collections::BTreeSet;

use super::{Answer, Doing, Plan, PlanScope, Plans, Question, Step, Then};
use crate::incident::{Family, Kind};

/// What is wrong, and at which word of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Defect {
    pub(super) place: Place,
    pub(super) why: String,
}

/// A word of a plan, for whoever knows where it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The step's.
    Step(usize),
    /// The step's act.
    Act(usize),
    /// The question of its branch.
    Ask(usize),
    /// What it stands before.
    Before(usize),
}

/// The first thing that is wrong with a plan that is for these kinds.
pub(super) fn check(plan: &Plan, kinds: &BTreeSet<Kind>) -> Result<(), Defect> {
    for (place, step) in plan.steps.iter().enumerate() {
        check_step(plan, place, step, kinds)?;
    }
    check_ways(plan)?;
    check_asked_once(plan)
}

fn check_step(plan: &Plan, place: usize, step: &Step, kinds: &BTreeSet<Kind>) -> Result<(), Defect> {
    let defect = |place, why| Err(Defect { place, why });
    let (doing, ends) = (step.doing, step.then == Then::End);
    if doing.closes() && !ends {
        return defect(Place::Act(place), format!("`{doing}` closes the incident: nothing can follow it"));
    }
    if ends && !doing.closes() && !doing.escalates() {
        let ends: Vec<String> = Doing::ALL
            .iter()
            .filter(|doing| doing.closes() || doing.escalates())
            .map(|one| format!("`{one}`"))
            .collect();
        let why = format!("`{doing}` ends nothing: the last step of a way must be one of {}", ends.join(", "));
        return defect(Place::Act(place), why);
    }
    if doing == Doing::AskCustomer && asked(step) != Question::Customer {
        let why = format!(
            "`{doing}` is on no way where nobody was asked: `ask = \"customer\"`, and say the step for each answer"
        );
        return defect(Place::Act(place), why);
    }
    let misfit = |unfit: fn(Family) -> bool| kinds.iter().find(|kind| unfit(kind.family()));
    let misfit = match doing {
        Doing::Settle => misfit(|family| family != Family::Service),
        Doing::VerifyFalse => misfit(|family| family == Family::Service),
        _ => None,
    };
    if let Some(kind) = misfit {
        return defect(Place::Act(place), format!("{kind} does not end by `{doing}`"));
    }
    let urgent = kinds.iter().find(|kind| kind.family() == Family::LifeSafety);
    let aid = step.before.iter().find(|act| step.forced && act.brings_aid());
    if let (Some(kind), Some(act)) = (urgent, aid) {
        let why =
            format!("`{}` holds up `{act}`, and {kind} is life safety: only a warning may stand before it", step.id);
        return defect(Place::Before(place), why);
    }
    let own = step.before.iter().find(|act| act.as_str() == doing.as_str());
    if let Some(act) = own {
        return defect(Place::Before(place), format!("`{}` would stand before itself: `{act}` fulfils it", step.id));
    }
    if let (Question::Time | Question::Hours, Some(at)) = (asked(step), plan.scope.at)
        && at.answers() == asked(step)
    {
        return defect(Place::Ask(place), format!("the plan is for `{at}` only: another answer is dead"));
    }
    Ok(())
}

/// What a step asks; of one that asks nothing, a question that nothing is fixed about.
fn asked(step: &Step) -> Question {
    match step.then {
        Then::Ask(question, _) => question,
        Then::End | Then::Next(_) => Question::Verdict,
    }
}

/// Every step is reached from the first, and reaches an end.
fn check_ways(plan: &Plan) -> Result<(), Defect> {
    let reached = reached(plan, [0]);
    if let Some(dead) = (0..plan.steps.len()).find(|place| !reached.contains(place)) {
        let why = format!("nothing leads to step `{}`: it is dead", plan.steps[dead].id);
        return Err(Defect { place: Place::Step(dead), why });
    }
    let mut ending: BTreeSet<usize> = BTreeSet::new();
    loop {
        let more: Vec<usize> = (0..plan.steps.len())
            .filter(|place| !ending.contains(place))
            .filter(|&place| {
                let step = &plan.steps[place];
                step.then == Then::End || step.targets().any(|target| ending.contains(&target))
            })
            .collect();
        if more.is_empty() {
            break;
        }
        ending.extend(more);
    }
    match (0..plan.steps.len()).find(|place| !ending.contains(place)) {
        None => Ok(()),
        Some(endless) => {
            let why =
                format!("from step `{}` on the plan goes in circles: no way leads to an end", plan.steps[endless].id);
            Err(Defect { place: Place::Step(endless), why })
        }
    }
}

/// How the site stood when the alarm came is asked once on any way: a second time only one answer would be alive.
fn check_asked_once(plan: &Plan) -> Result<(), Defect> {
    for (place, step) in plan.steps.iter().enumerate().filter(|(_, step)| asked(step).is_fixed()) {
        let question = asked(step);
        let again = reached(plan, step.targets()).into_iter().find(|&other| asked(&plan.steps[other]) == question);
        if let Some(again) = again {
            let why = format!("`{question}` is answered already on the way from step `{}`", plan.steps[place].id);
            return Err(Defect { place: Place::Ask(again), why });
        }
    }
    Ok(())
}

/// The steps that are reached from these, these included.
fn reached(plan: &Plan, from: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<usize> = from.into_iter().collect();
    while let Some(place) = open.pop() {
        if reached.insert(place) {
            open.extend(plan.steps.get(place).into_iter().flat_map(Step::targets));
        }
    }
    reached
}

/// The answers that a branch leaves out.
pub(super) fn left_out(question: Question, on: &[(Answer, usize)]) -> Vec<Answer> {
    let missing = |answer: &Answer| !on.iter().any(|(said, _)| said == answer);
    question.answers().iter().copied().filter(missing).collect()
}

impl Plans {
    /// The kinds that a plan can be given to: those it names, or those that no plan of all accounts names.
    pub(super) fn kinds_of(&self, scope: &PlanScope) -> BTreeSet<Kind> {
        if !scope.kinds.is_empty() {
            return scope.kinds.clone();
        }
        if scope.narrowness() != [false; 4] {
            return Kind::ALL.iter().copied().collect();
        }
        Kind::ALL.iter().copied().filter(|kind| !self.is_named(*kind)).collect()
    }

    fn is_named(&self, kind: Kind) -> bool {
        self.plans
            .iter()
            .any(|plan| plan.scope.narrowness() == [false, false, true, false] && plan.scope.kinds.contains(&kind))
    }

    /// The kinds that some incident could have without getting any plan.
    pub(super) fn without_plan(&self) -> Vec<Kind> {
        let general = self.plans.iter().any(|plan| plan.scope == PlanScope::default());
        Kind::ALL.iter().copied().filter(|kind| !general && !self.is_named(*kind)).collect()
    }

    /// An earlier plan that one incident could get as well as the plan at this place.
    pub(super) fn rival(&self, place: usize) -> Option<&Plan> {
        let scope = &self.plans.get(place)?.scope;
        fn meet<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
            one.is_empty() || !one.is_disjoint(other)
        }
        self.plans.iter().take(place).find(|other| {
            let other = &other.scope;
            let apart = scope.at.zip(other.at).is_some_and(|(one, two)| one != two && one.answers() == two.answers());
            scope.narrowness() == other.narrowness()
                && meet(&scope.kinds, &other.kinds)
                && meet(&scope.accounts, &other.accounts)
                && meet(&scope.zones, &other.zones)
                && !apart
        })
    }
}
