//! The ends of overrides of the policy: somebody is warned before, and then the rules hold that lay under them.

use super::{Desk, Due};
use crate::effect::Effect;
use crate::output::Output;
use crate::policy::{Override, OverrideEnd};
use crate::time::Timestamp;

impl Desk {
    /// Settles when somebody is warned that an override ends, where nobody was.
    pub(super) fn plan_override_warning(&mut self, place: usize) {
        let Some(end) = self.end_of(place).filter(|end| !self.warned.contains(end)) else { return };
        if let Some(at) = self.rules.centre().lowered.warn_at(None, end.until) {
            self.deadlines.insert((at, Due::OverrideEnding(place)));
        }
    }

    fn end_of(&self, place: usize) -> Option<OverrideEnd> {
        self.rules.centre().overrides.get(place).and_then(Override::end)
    }

    /// An override ends soon: whoever answers for it is told, once, also where the desk starts anew after it.
    pub(super) fn override_ending(&mut self, place: usize, at: Timestamp) {
        let Some(end) = self.end_of(place) else { return };
        if self.warned.insert(end.clone()) {
            self.outputs.push_back(Output::OverrideWarned(end.clone()));
            self.outputs.push_back(Output::Perform(Effect::OverrideEnding { at, end }));
        }
    }

    /// An override is over: whoever it covered has the rules that lay under it from now on.
    pub(super) fn override_over(&mut self, place: usize, at: Timestamp) {
        if self.ended.insert(at) {
            self.outputs.push_back(Output::OverridesOver(at));
        }
        let name = self.rules.centre().overrides.get(place).map(Override::name).unwrap_or_default();
        for account in self.rules.end(place) {
            let hid = self.hidden_until(account, at);
            self.settle_rules(account);
            self.runs_on(account);
            self.show_hidden(account, &name, hid, at);
            self.outputs.push_back(Output::Touched(account));
        }
    }
}
