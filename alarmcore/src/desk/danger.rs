//! While people are in danger, what else is heard of their site.

use contactid::{AccountNumber, Signal};

use super::Desk;
use super::confirm::begins_intrusion;
use crate::disposition::{Outcome, Rule};
use crate::incident::{Family, Incident, Kind};
use crate::report::Received;
use crate::restore::Place;

impl Desk {
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
