//! Openings and closings of accounts that have a schedule.

use contactid::{AccountNumber, Qualifier};

use super::Desk;
use crate::account::AreaState;
use crate::disposition::Rule;
use crate::policy::Handling;
use crate::report::Report;
use crate::schedule::Irregular;

impl Desk {
    /// What is out of order about an opening or closing that the account's state does not know of yet.
    pub(super) fn out_of_hours(&self, report: &Report) -> Option<(Irregular, Rule)> {
        let account = self.accounts.get(&report.account)?;
        let card = account.card.as_ref().filter(|card| card.schedule.is_some() || !card.user_rights.is_empty())?;
        let signal = report.signal.as_ref()?;
        let after = AreaState::after(signal, report.received_at)?;
        let (rules, opening) = (&self.policy_of(report.account).schedule, signal.qualifier == Qualifier::New);
        if opening && card.is_over(after.by, after.since) {
            return Some((rules.expired_user, Rule::ExpiredUser));
        }
        let areas = account.state.as_ref().map(|state| state.areas.as_slice()).unwrap_or_default();
        let before = areas.iter().find(|area| area.group == after.group);
        let judged = card.schedule.as_ref().and_then(|schedule| rules.judge(schedule, opening, before, &after));
        if opening && !card.lists(after.by) {
            return Some(rules.unlisted(judged));
        }
        let judged = judged?;
        Some(match judged.1 {
            Rule::LateClose if card.closes_late(after.by, after.since) => (Irregular::Log {}, Rule::LateCloseAllowed),
            _ => judged,
        })
    }

    /// Was this group opened in the hours of its account, or of its user, and by somebody whom the card admits? Always, where the
    /// card says nothing of either.
    pub(super) fn allows(&self, number: AccountNumber, opened: &AreaState) -> bool {
        let card = self.accounts.get(&Some(number)).and_then(|account| account.card.as_ref());
        card.is_none_or(|card| {
            let in_hours = card.schedule.as_ref().is_none_or(|schedule| schedule.allows(opened));
            in_hours && card.admits(opened.by, opened.since)
        })
    }

    /// Did somebody close it whom the card lists, where it lists users, and whose time is not over?
    pub(super) fn admits(&self, number: AccountNumber, closed: &AreaState) -> bool {
        let card = self.accounts.get(&Some(number)).and_then(|account| account.card.as_ref());
        card.is_none_or(|card| card.admits(closed.by, closed.since))
    }
}

/// The schedule's rule goes before that of code and class where it shows a signal, and names what is only logged.
pub(super) fn with_hours(ordinary: (Handling, Rule), irregular: Option<(Irregular, Rule)>) -> (Handling, Rule) {
    match (irregular, ordinary) {
        (Some((irregular @ Irregular::Show { .. }, rule)), _)
        | (Some((irregular @ Irregular::Log {}, rule)), (Handling::Log {}, _)) => (irregular.into(), rule),
        (Some((Irregular::Log {}, _)) | None, ordinary) => ordinary,
    }
}
