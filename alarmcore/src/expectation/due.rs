//! When an expectation is due, and when what was missing has come: worked out from the account's state each time anew.

use super::{Begins, Expectation, Raised};
use crate::account::{AccountCard, AccountState, Standing};
use crate::expect::{Edge, Expected};
use crate::lowered::Lowering;
use crate::schedule::{Around, Open, Span};
use crate::test_session::Scope;
use crate::time::Timestamp;

/// The tests of an account, as far as expectations are paused by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    /// What the test covers that is not over.
    pub now: Option<Scope>,
    /// What the last one covered that is over, and when it was over.
    pub last: Option<(Scope, Timestamp)>,
}

impl Tested {
    /// Is this expectation paused?
    pub fn pauses(&self, expectation: &Expectation) -> bool {
        self.now.as_ref().is_some_and(|scope| expectation.is_covered(scope))
    }

    /// When it began to run again.
    fn resumed(&self, expectation: &Expectation) -> Option<Timestamp> {
        let covered = self.last.as_ref().filter(|(scope, _)| expectation.is_covered(scope));
        covered.map(|(_, at)| *at)
    }
}

/// When a suspension or an agreement that paused this expectation was over, the last that was.
fn raised_again(one: &Expectation, lowerings: &[Lowering], now: Timestamp) -> Option<Timestamp> {
    let over = lowerings.iter().filter(|lowering| lowering.until <= now && one.is_lowered_by(lowering));
    over.map(|lowering| lowering.until).max()
}

/// What the centre reports next of each expectation of a card: that it is missing, that it is still missing, or that it has come
/// after all. What was missing and is on the card no more has come, too.
pub(crate) fn edges(
    card: &AccountCard,
    all: &[Expectation],
    state: &AccountState,
    tested: &Tested,
    now: Timestamp,
    edges: &mut Vec<Edge>,
) {
    let edge = |raised, group, missing, at| Edge {
        at,
        account: card.account,
        expected: Expected::Event,
        group,
        missing,
        raised: Some(raised),
    };
    for one in all {
        let missed = one.missed_since(state);
        if let Some(at) = missed.and_then(|missed| one.over(state, missed)) {
            edges.push(edge(one.raised(), one.event.area, false, at));
        } else if !tested.pauses(one) && !card.lowerings.iter().any(|low| low.holds(now) && one.is_lowered_by(low)) {
            let resumed = tested.resumed(one).max(raised_again(one, &card.lowerings, now));
            let due = one.due(state, missed, resumed, now);
            let again = missed.zip(one.again_s).map(|(missed, again_s)| missed.plus_secs(again_s));
            edges.extend(due.into_iter().chain(again).min().map(|at| edge(one.raised(), one.event.area, true, at)));
        }
    }
    let is_gone = |missed: &&Standing| {
        Expected::of(missed.code).is_none() && Expectation::reported(all, &missed.place()).is_none()
    };
    edges.extend(state.missed.iter().filter(is_gone).map(|gone| {
        let raised = Raised { code: gone.code, number: gone.number, name: "".into() };
        edge(raised, gone.group, false, gone.since)
    }));
}

impl Expectation {
    /// When what was missing came after all, or was not to come any more.
    fn over(&self, state: &AccountState, missed: Timestamp) -> Option<Timestamp> {
        let came = state.last_heard(&self.event);
        let ended = self.until.as_ref().and_then(|until| state.last_heard(until));
        came.into_iter().chain(ended).filter(|at| *at >= missed).min()
    }

    /// When it is missing next, unless it comes; what was missed before then is not said again.
    fn due(
        &self,
        state: &AccountState,
        missed: Option<Timestamp>,
        resumed: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let came = state.last_heard(&self.event);
        let ended = self.until.as_ref().and_then(|until| state.last_heard(until));
        let from = resumed.map_or(self.since, |resumed| resumed.max(self.since));
        let after = |begun: Timestamp| begun.plus_secs(self.within_s).plus_secs(self.late_s());
        let due_of = |begun: Timestamp| after(begun.max(from));
        let is_new = |begun: Timestamp| missed.is_none_or(|missed| missed < after(begun));
        match (&self.begins, &self.hours) {
            (Begins::After(event), hours) => {
                let begun = state.last_heard(event).filter(|begun| *begun >= self.since)?;
                let over = came.into_iter().chain(ended).any(|at| at >= begun);
                let counts = hours.as_ref().is_none_or(|hours| hours.open_at(begun) == Open::Now);
                (!over && counts && is_new(begun)).then(|| due_of(begun))
            }
            (Begins::Itself, None) => {
                let begun = came?;
                (ended.is_none_or(|ended| ended < begun) && is_new(begun)).then(|| due_of(begun))
            }
            // Somebody who is alone is so until the last of hours that touch is over.
            (Begins::Itself, Some(hours)) => spans(hours.around(None, now)?).find_map(|span| {
                let begun = came.map_or(span.opens, |came| came.max(span.opens));
                let due = due_of(begun);
                // Whoever would have to come after the end of the hours need not come any more.
                let in_hours = due <= span.closes.plus_secs(self.late_s());
                (in_hours && ended.is_none_or(|ended| ended < begun) && is_new(begun)).then_some(due)
            }),
            (Begins::Hours, hours) => hours.as_ref()?.rounds(now).find_map(|(earliest, span)| {
                let came = came.is_some_and(|came| came >= earliest);
                let ended = ended.is_some_and(|ended| ended >= span.opens);
                // Hours that began before it held, or were over before it went on, are not held against anybody.
                let counts = span.opens >= self.since && resumed.is_none_or(|resumed| resumed < span.closes);
                (counts && !came && !ended && is_new(span.opens)).then(|| due_of(span.opens))
            }),
        }
    }

    fn late_s(&self) -> u32 {
        u32::from(self.tolerance_min) * 60
    }
}

fn spans(Around { last, current, next }: Around) -> impl Iterator<Item = Span> {
    [last, current, next].into_iter().flatten()
}
