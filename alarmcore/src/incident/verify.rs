//! Enhanced call verification: what must have been tried before the police are asked for.

use std::collections::BTreeSet;

use super::{Authority, Basis, Family, Incident, Refusal, Sight, Source, Verdict};
use crate::policy::{Exemption, Policy};

/// The calls that this incident still lacks before it may be handed to the police; `None` when it lacks none, or needs none.
/// Life safety needs none, whatever the policy says.
pub fn calls_missing(incident: &Incident, policy: &Policy) -> Option<Refusal> {
    let rules = &policy.verify.police;
    // What a clause of a rule pack wants to be handed over at once waits for no call either.
    let at_once = incident.kind.family() == Family::LifeSafety || incident.is_claimed(Authority::Police);
    if at_once || rules.exempt.iter().any(|&reason| incident.is_exempt(reason)) {
        return None;
    }
    let dialled = || incident.calls.iter().filter(|call| call.is_dialled());
    let made = u32::try_from(dialled().count()).unwrap_or(u32::MAX);
    // A call of before numbers were told apart counts as its contact's own.
    let tried: BTreeSet<_> = dialled().map(|call| call.number.ok_or(call.contact)).collect();
    let tried = u32::try_from(tried.len()).unwrap_or(u32::MAX);
    let known = incident.calls.iter().filter_map(|call| call.numbers).max().map_or(u32::MAX, u32::from);
    let calls = rules.calls.saturating_sub(made);
    let numbers = rules.numbers.min(known).saturating_sub(tried);
    (calls > 0 || numbers > 0).then_some(Refusal::CallsMissing { calls, numbers })
}

impl Incident {
    fn is_exempt(&self, reason: Exemption) -> bool {
        let real = |wanted: Basis| matches!(self.verdict, Some(Verdict::Real { basis }) if basis == wanted);
        match reason {
            Exemption::Confirmed => self.confirmed.is_some(),
            Exemption::Contact => real(Basis::Contact),
            Exemption::Scene => real(Basis::Scene),
            Exemption::Video => real(Basis::Video) || self.has_seen(Source::Video) || self.has_seen(Source::Audio),
            Exemption::Witness => real(Basis::Witness) || self.has_seen(Source::Person),
        }
    }
    /// Was somebody, or what they do, observed on the scene by this?
    pub(crate) fn has_seen(&self, source: Source) -> bool {
        self.observed.iter().any(|seen| seen.source == source && seen.saw != Sight::Nobody)
    }
}
