//! Where signals come from: what the card of their account does not list is a security event beside whatever the signal is.

use contactid::AccountNumber;

use super::Desk;
use crate::disposition::{Outcome, Rule};
use crate::incident::Kind;
use crate::report::{Marks, Received};

impl Desk {
    /// A signal that was handled as always, and came from where its card does not allow, or from elsewhere than the one before: an
    /// operator is told once in a while, and what would only have been logged is shown by that.
    pub(super) fn check_source(
        &mut self,
        number: AccountNumber,
        received: &Received,
        strange: bool,
        decided: (Outcome, Rule),
    ) -> (Outcome, Rule) {
        let report = &received.report;
        if report.marks.contains(Marks::SUPERVISION) || report.marks.contains(Marks::MANUAL) {
            return decided;
        }
        let rules = self.rules.centre().source;
        // Where the line does not say it, nothing is known of the next one either.
        let before = if rules.changed { self.last_sources.remove(&number) } else { None };
        let (at, Some(source)) = (report.received_at, report.source) else { return decided };
        if rules.changed {
            self.last_sources.insert(number, source);
        }
        let rule = match before {
            _ if strange => Rule::StrangeSource,
            Some(before) if before != source && !self.lists_sources(number) => Rule::ChangedSource,
            Some(_) | None => return decided,
        };
        if self.told_sources.get(&number).is_some_and(|told| !told.is_due(source, at, rules.span_s())) {
            return decided;
        }
        let shown = self.show(Some(number), received, at, Kind::Security, self.rules.centre().security, rule);
        if decided.0 == Outcome::Logged { (shown, rule) } else { decided }
    }

    fn lists_sources(&self, number: AccountNumber) -> bool {
        let card = self.accounts.get(&Some(number)).and_then(|account| account.card.as_ref());
        card.is_some_and(|card| card.sources.is_some())
    }
}
