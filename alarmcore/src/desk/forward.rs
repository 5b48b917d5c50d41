//! What another centre gets, too: every signal that the policy names, whatever became of it here.

use std::collections::BTreeSet;

use super::Desk;
use crate::disposition::Outcome;
use crate::effect::Effect;
use crate::output::Output;
use crate::report::Received;

impl Desk {
    /// Owes a signal to the centres that are to have it. The same frame once more is nothing new for them either; and what was
    /// not understood here cannot be said there.
    pub(super) fn forward(&mut self, received: &Received, outcome: Outcome) {
        let rules = &self.rules.centre().forward;
        if rules.is_empty() || matches!(outcome, Outcome::Repeat { .. }) {
            return;
        }
        let report = &received.report;
        let (Some(account), Some(signal)) = (report.account, &report.signal) else { return };
        let card = self.accounts.get(&Some(account)).and_then(|account| account.card.as_ref());
        let to: BTreeSet<_> =
            rules.iter().filter(|rule| rule.holds(account, card, signal.class())).map(|rule| rule.to.clone()).collect();
        let (signal, at) = (received.id, report.received_at);
        let forwards = to.into_iter().map(|to| Output::Perform(Effect::Forward { account, signal, at, to }));
        self.outputs.extend(forwards);
    }
}
