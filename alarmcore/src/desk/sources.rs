//! Where signals come from: what the card of their account does not list is a security event beside whatever the signal is.

use contactid::{AccountNumber, Class, Qualifier, Signal};

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
        (strange, weighs): (bool, bool),
        decided: (Outcome, Rule),
    ) -> (Outcome, Rule) {
        let report = &received.report;
        if report.marks.contains(Marks::SUPERVISION) || report.marks.contains(Marks::MANUAL) {
            return decided;
        }
        let rules = self.rules.centre().source;
        // Where the line does not say it, nothing is known of the next one either. What weighs nothing is not the last of the panel.
        let before = if rules.changed && weighs { self.last_sources.remove(&number) } else { None };
        let (at, Some(source)) = (report.received_at, report.source) else { return decided };
        if rules.changed && weighs {
            self.last_sources.insert(number, source);
        }
        let rule = match before {
            _ if strange => Rule::StrangeSource,
            Some(before) if before != source && !self.lists_sources(number) => Rule::ChangedSource,
            Some(_) | None => return decided,
        };
        if self.told_sources.get(&number).is_some_and(|told| !told.is_due(source, at, rules.span_s())) {
            // What it says would have been taken note of, had it come from elsewhere.
            let by_itself = matches!(decided.1, Rule::ClassLogged | Rule::CodeLogged) || decided.1.is_of_schedule();
            let noted = decided.0 == Outcome::Logged && by_itself;
            return if noted && !weighs { (Outcome::Logged, Rule::NotWeighed) } else { decided };
        }
        let shown = self.show(Some(number), received, at, Kind::Security, self.rules.centre().security, rule);
        if decided.0 == Outcome::Logged { (shown, rule) } else { decided }
    }

    /// A restore that weighs nothing ends nothing that stands, and settles nothing that waits: it is shown beside what it speaks of.
    pub(super) fn end_nothing(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        let ends =
            signal.qualifier == Qualifier::Restore && !matches!(signal.class(), Class::OpenClose | Class::Cancel);
        let (key, rule) = (Some(number), Rule::NotWeighed);
        if !ends || self.policy_of(key).handling(signal).1 == Rule::UnknownCode {
            return None;
        }
        let beside = self.begun_by(key, signal).map(|id| self.join(id, received, received.report.received_at, rule));
        Some((beside.unwrap_or(Outcome::Logged), rule))
    }

    fn lists_sources(&self, number: AccountNumber) -> bool {
        let card = self.accounts.get(&Some(number)).and_then(|account| account.card.as_ref());
        card.is_some_and(|card| card.sources.is_some())
    }
}
