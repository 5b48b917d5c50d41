//! What rules of the policy hid, and what of it is shown when they hold no longer: they ended, the policy is another one, or the card
//! of the account has left them.

use std::sync::Arc;

use contactid::{AccountNumber, Code, Qualifier, Signal};

use super::Desk;
use crate::account::{AccountState, Hidden, Logged, Standing, is_intrusion};
use crate::disposition::{Disposition, Outcome, Rule};
use crate::id::SignalId;
use crate::incident::{Incident, IncidentEvent, Kind, Record};
use crate::lowered::{LoweredEvent, Lowering};
use crate::policy::Handling;
use crate::restore::Place;
use crate::test_session::TestSession;
use crate::time::Timestamp;

/// What hid something is called so where it was no override.
const CENTRE: &str = "centre";

impl Desk {
    /// Takes what is hidden from a snapshot. Where the centre was started since, the rules may be others: what these show is shown.
    pub(super) fn keep_hidden(&mut self, hidden: Vec<Hidden>) {
        for one in hidden {
            if self.started.is_some() {
                self.unsettled.insert(one.account);
            }
            self.hidden.entry(one.account).or_default().push(one);
        }
    }

    /// A signal was decided: remembers it where it tells of something that stands and nobody was shown, and forgets what stands no more. A
    /// frame that was sent again changes nothing.
    pub(super) fn hide(&mut self, number: AccountNumber, decided: &Disposition) {
        let hides = decided.outcome == Outcome::Logged && Logged::is_by(decided.rule);
        if !hides && !self.hidden.contains_key(&number) {
            return;
        }
        let state = self.accounts.get(&Some(number)).and_then(|account| account.state.as_ref());
        let Some(state) = state else { return };
        let told = state.standing().find(|standing| standing.last().signal == decided.signal);
        if told.is_none() && !self.hidden.contains_key(&number) {
            return;
        }
        let all = self.hidden.entry(number).or_default();
        match told {
            Some(_) if matches!(decided.outcome, Outcome::Repeat { .. }) => {}
            Some(standing) => {
                all.retain(|one| one.place() != standing.place());
                let Disposition { signal, rule, overridden, .. } = decided.clone();
                all.extend(hides.then(|| Hidden::new(number, &standing, Logged { signal, rule, overridden })));
            }
            None => all.retain(|one| stands(state, one)),
        }
        // The state lets go of what stands longest where there is no room for all.
        if all.len() > AccountState::STANDING {
            all.retain(|one| stands(state, one));
        }
        if all.is_empty() {
            self.hidden.remove(&number);
        }
    }

    /// What is hidden, in the order in which it stands.
    pub(super) fn all_hidden(&self) -> Vec<Hidden> {
        let of = |(number, all): (&AccountNumber, &Vec<Hidden>)| -> Vec<Hidden> {
            let standing = self.account(number).into_iter().flat_map(AccountState::standing);
            standing.filter_map(|standing| all.iter().find(|one| one.place() == standing.place()).cloned()).collect()
        };
        self.hidden.iter().flat_map(of).collect()
    }

    /// An incident shows this signal: it is hidden no more.
    pub(super) fn shows(&mut self, incident: &Incident, record: &Record) {
        let (IncidentEvent::Opened { evidence, .. } | IncidentEvent::SignalJoined { evidence, .. }) = &record.event
        else {
            return;
        };
        if let Some(account) = incident.account {
            self.unhide(account, |one| one.logged.signal == evidence.signal);
        }
    }

    /// It is hidden no more.
    pub(super) fn unhide(&mut self, account: AccountNumber, is: impl Fn(&Hidden) -> bool) {
        let Some(all) = self.hidden.get_mut(&account) else { return };
        all.retain(|one| !is(one));
        if all.is_empty() {
            self.hidden.remove(&account);
        }
    }

    fn hidden_at(&self, account: AccountNumber, place: &Place) -> Option<&Logged> {
        let all = self.hidden.get(&account)?;
        all.iter().find(|one| one.place() == *place).map(|one| &one.logged)
    }

    fn is_hidden(&self, account: AccountNumber, standing: &Standing) -> bool {
        self.hidden_at(account, &standing.place()).is_some()
    }

    /// The rules of an account may be others, and what they show now of what was hidden is to be shown.
    pub(super) fn settle_later(&mut self, account: AccountNumber) {
        if self.hidden.contains_key(&account) {
            self.unsettled.insert(account);
        }
    }

    /// Nothing is due any more at this moment: what rules hid that hold no longer is shown. Nothing happens before the centre was started.
    pub(super) fn settle_hidden(&mut self, at: Timestamp) {
        if self.unsettled.is_empty() || self.started.is_some_and(|started| at < started) {
            return;
        }
        for account in std::mem::take(&mut self.unsettled) {
            let hidden = self.hidden_now(account, at);
            let by = hidden.iter().find_map(|one| self.hidden_at(account, &one.place())?.overridden.clone());
            self.show_standing(account, &by.unwrap_or_else(|| CENTRE.into()), &hidden, at);
        }
    }

    /// What is hidden of an account though its rules show it: without what something else hides, the end of which shows it.
    fn hidden_now(&self, account: AccountNumber, at: Timestamp) -> Vec<Standing> {
        // Of an account that is not served nothing is shown, and nothing is forgotten: it may be served again.
        let known = self.accounts.get(&Some(account)).filter(|known| known.card.is_some());
        let hidden = known.and_then(|known| known.state.as_ref()).filter(|_| self.hidden.contains_key(&account));
        let Some(state) = hidden else { return Vec::new() };
        let is_seen = |one: &Standing| !matches!(self.handling_of(account, one), Handling::Log {});
        let all = state.standing().filter(|one| self.is_hidden(account, one) && is_seen(one));
        all.filter(|one| !self.is_covered(account, one, at)).collect()
    }

    /// What was reported of an account before `at`, still stands and was never shown, and what its rules do with each: without what they
    /// show, and what something else hides. What was held or came in a run is shown once, also where the desk starts anew after the end.
    pub(super) fn hidden_until(&self, account: AccountNumber, at: Timestamp) -> Vec<(Standing, Handling)> {
        let Some(state) = self.account(&account) else { return Vec::new() };
        let lowered = self.lowered.get(&account);
        // Of two ends at one moment each shows what it hid.
        let once = lowered.and_then(|lowered| lowered.shown_until).is_none_or(|since| since <= at);
        // What a run logged under these rules came back by its end only where they show it.
        let run = lowered.and_then(|lowered| lowered.runaway);
        let in_run = |one: &Standing| {
            let last = one.last().at;
            run.is_some_and(|run| run.since <= last && run.over.is_none_or(|over| last <= over))
        };
        let hides = |one: &Standing| {
            let hidden = self.is_hidden(account, one) && !self.is_covered(account, one, at);
            hidden || once && (self.held.contains_key(&one.signal) || in_run(one))
        };
        let before = state.standing().filter(|one| one.last().at < at && hides(one));
        let with = before.map(|one| (one, self.handling_of(account, &one)));
        with.filter(|(_, handling)| !matches!(handling, Handling::Show { .. })).collect()
    }

    pub(super) fn handling_of(&self, account: AccountNumber, standing: &Standing) -> Handling {
        self.policy_of(Some(account)).handling(&Signal::new(standing.code, Qualifier::New)).0
    }

    /// An override is over, and the rules that lay under it hold: what it hid of what these show, or hold, is shown; once, also where the
    /// desk starts anew after the end.
    pub(super) fn show_hidden(
        &mut self,
        account: AccountNumber,
        name: &Arc<str>,
        hidden: Vec<(Standing, Handling)>,
        at: Timestamp,
    ) {
        let more = |(one, before): &(Standing, Handling)| before.hides_more_than(self.handling_of(account, one));
        let hid: Vec<Standing> = hidden.into_iter().filter(more).map(|(one, _)| one).collect();
        self.show_standing(account, name, &hid, at);
    }

    /// What was held waits no longer where the rules show it now. What an open incident holds is shown already; a trip of the same zone
    /// that nobody was shown becomes part of it.
    fn show_standing(&mut self, account: AccountNumber, name: &Arc<str>, hid: &[Standing], at: Timestamp) {
        let Some(since) = hid.iter().map(|one| one.last().at).min() else { return };
        self.record_lowered(account, at, None, LoweredEvent::OverrideOver { name: name.clone(), until: at });
        for one in hid {
            if matches!(self.handling_of(account, one), Handling::Show { .. }) {
                self.show_held(one.signal, at, Rule::OverrideOver);
            }
        }
        let mut back = self.unseen(account, hid.iter().copied());
        let hidden = |one: &&Standing| !self.held.contains_key(&one.signal) && self.is_hidden(account, one);
        back.extend(hid.iter().filter(hidden).map(|one| (one.code, one.number)));
        self.bring_back(account, since, |code, number| back.contains(&(code, number)), at, Rule::OverrideOver);
    }

    /// Those of them that neither an open incident nor a wait holds.
    pub(super) fn unseen(
        &self,
        account: AccountNumber,
        standing: impl Iterator<Item = Standing>,
    ) -> Vec<(Code, Option<u32>)> {
        let known = self.accounts.get(&Some(account));
        let held: Vec<SignalId> = known.into_iter().flat_map(|known| &known.held).copied().collect();
        let open = known.into_iter().flat_map(|known| &known.open).filter_map(|id| self.incidents.get(id));
        let stands = open.flat_map(|one| &one.origins).filter(|origin| !origin.restored);
        let shown: Vec<Place> = stands.map(|origin| origin.place()).collect();
        let unseen = |one: &Standing| !shown.contains(&one.place()) && !held.contains(&one.signal);
        standing.filter(unseen).map(|one| (one.code, one.number)).collect()
    }

    /// Does a test or an agreement hide this, and will show it at its end? No intrusion, where it began by itself beside an open one.
    fn is_covered(&self, number: AccountNumber, standing: &Standing, at: Timestamp) -> bool {
        let (code, of, last) = (standing.code, standing.number, standing.last().at);
        let intrusion = is_intrusion(standing.class);
        let tests = |test: &TestSession| !(intrusion && self.began_beside(number, test));
        let test = self.tests.get(&number).filter(|test| tests(test));
        let lowers = |one: &Lowering| !(intrusion && self.lowered_beside(number, one));
        test.is_some_and(|test| test.started_at <= last && test.scope.covers(code, of))
            || self
                .lowerings(number)
                .any(|one| one.from <= last && one.holds(at) && one.covers(code, of) && lowers(one))
    }

    /// What something hid that is over now, and what is still so, is shown as if it came now; unless something else hid it
    /// too and still does: then the end of that shows it.
    pub(super) fn bring_back(
        &mut self,
        number: AccountNumber,
        since: Timestamp,
        hid: impl Fn(Code, Option<u32>) -> bool,
        at: Timestamp,
        rule: Rule,
    ) {
        let key = Some(number);
        let account = self.accounts.get(&key).filter(|account| account.card.is_some());
        let Some(state) = account.and_then(|account| account.state.as_ref()) else { return };
        for standing in state.standing_since(since) {
            // Beside danger nothing else hides it: see `beside_danger`.
            let covered = rule != Rule::BesideDanger && self.is_covered(number, &standing, at);
            if covered || !hid(standing.code, standing.number) {
                continue;
            }
            let received = standing.received(number);
            let Some(signal) = &received.report.signal else { continue };
            let (Handling::Show { priority } | Handling::Hold { priority, .. }) =
                self.policy_of(key).handling(signal).0
            else {
                continue;
            };
            self.show(key, &received, at, Kind::of(standing.class), priority, rule);
            self.unhide(number, |one| one.place() == standing.place());
        }
    }
}

/// Does this stand still?
fn stands(state: &AccountState, hidden: &Hidden) -> bool {
    state.standing().any(|standing| standing.place() == hidden.place())
}
