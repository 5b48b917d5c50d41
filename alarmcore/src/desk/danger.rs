//! While people are in danger, or an intrusion is open, what else is heard of their site, and what is hidden of it.

use contactid::{AccountNumber, Code, Signal};

use super::Desk;
use super::confirm::begins_intrusion;
use crate::account::is_intrusion;
use crate::disposition::{Outcome, Rule};
use crate::id::IncidentId;
use crate::incident::{Family, Incident, Kind, RaiseReason, raise};
use crate::lowered::Lowering;
use crate::queue::Priority;
use crate::report::Received;
use crate::restore::Place;
use crate::test_session::TestSession;
use crate::time::Timestamp;

impl Desk {
    /// The newest open incident of an account in which people are in danger, as far as is known.
    pub(super) fn danger_of(&self, account: AccountNumber) -> Option<IncidentId> {
        self.newest(Some(account), |incident| incident.kind.family() == Family::LifeSafety)
    }

    /// The newest open incident of an account that is about an intrusion and was not found false or left as it is.
    pub(super) fn intrusion_of(&self, account: AccountNumber) -> Option<IncidentId> {
        self.intrusion_opened(account, |_| true)
    }

    /// The newest that was opened at such a moment.
    fn intrusion_opened(&self, account: AccountNumber, suits: impl Fn(Timestamp) -> bool) -> Option<IncidentId> {
        self.newest(Some(account), |incident| {
            let kind = matches!(incident.kind, Kind::Burglary | Kind::Tamper | Kind::General);
            kind && !incident.is_false() && incident.scene_end().is_none() && suits(incident.opened_at)
        })
    }

    /// Are people in danger of whom nobody knew who agreed to this test? Then it covers nothing.
    pub(super) fn stands_back(&self, number: AccountNumber, test: &TestSession) -> bool {
        self.danger_of(number).is_some_and(|danger| test.danger != Some(danger))
    }

    /// Did this test begin by itself while an intrusion was open, so that nobody agreed to it knowing of that? Whoever begins one is asked.
    pub(super) fn began_beside(&self, number: AccountNumber, test: &TestSession) -> bool {
        test.agreed.is_some() && self.intrusion_opened(number, |opened_at| opened_at <= test.started_at).is_some()
    }

    /// The same of a suspension or an agreement.
    pub(super) fn lowered_beside(&self, number: AccountNumber, one: &Lowering) -> bool {
        self.intrusion_opened(number, |opened_at| one.began_beside(opened_at)).is_some()
    }

    /// Somebody at this site said the duress word in one incident: every other alarm of it is as serious, and nobody finds it false alone.
    pub(super) fn threaten_others(&mut self, number: AccountNumber, said_in: IncidentId, at: Timestamp) {
        let open = self.accounts.get(&Some(number)).map(|account| account.open.clone()).unwrap_or_default();
        for id in open.into_iter().filter(|id| *id != said_in) {
            let others = |one: &&Incident| one.kind.family() != Family::Service && !one.is_threatened();
            let Some(other) = self.incidents.get(&id).filter(others) else { continue };
            let event = raise(other, RaiseReason::DuressCode, Kind::HoldUp, Priority::LIFE_SAFETY);
            self.record(id, at, None, vec![event]);
        }
    }

    /// What a test logged of an account, still stands, and no incident has shown since.
    pub(super) fn logged_by_test(&self, number: AccountNumber) -> Vec<(Code, Option<u32>)> {
        let hidden = self.hidden.get(&number).into_iter().flatten();
        hidden.filter(|one| one.logged.rule == Rule::OnTest).map(|one| (one.code, one.number)).collect()
    }

    /// Whoever is threatened may have been forced to ask for a test: what it logged of an intrusion, and still stands, is shown.
    pub(super) fn show_tested(&mut self, number: AccountNumber, at: Timestamp) {
        let Some(since) =
            self.tests.get(&number).filter(|test| self.stands_back(number, test)).map(|test| test.started_at)
        else {
            return;
        };
        let mut places = self.logged_by_test(number);
        places.retain(|(code, _)| is_intrusion(code.class()));
        self.bring_back(number, since, |code, of| places.contains(&(code, of)), at, Rule::BesideDanger);
    }

    /// An intrusion that would only be logged joins the open danger of its account where nothing was known of its place: it says where
    /// somebody is, and whoever agreed to log it did not know of the danger. A test that was begun knowing of it logs it all the same.
    pub(super) fn beside_danger(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
        judged: (Outcome, Rule),
    ) -> (Outcome, Rule) {
        let (outcome, rule) = judged;
        if outcome != Outcome::Logged || rule == Rule::OnTest || !begins_intrusion(signal) {
            return judged;
        }
        let place = Place::of(signal);
        let news = |incident: &&Incident| {
            let danger = incident.kind.family() == Family::LifeSafety;
            danger && incident.is_news(&place) && incident.origins.len() < Incident::ORIGINS
        };
        // Any kind of life safety finds it.
        let open = self.target(Some(number), Kind::HoldUp).and_then(|id| self.incidents.get(&id));
        let Some(id) = open.filter(news).map(|incident| incident.id) else { return judged };
        (self.join(id, received, received.report.received_at, Rule::BesideDanger), Rule::BesideDanger)
    }
}
