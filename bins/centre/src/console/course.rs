//! The course of an incident: the stepper that shows the three branches, and how far this one has come.

use alarmcore::{Dispatch, Family, HandOff, Incident};

use crate::i18n::Words;

/// What the stepper shows.
pub(super) struct Course {
    pub(super) trunk: Vec<Step>,
    pub(super) branches: Vec<Branch>,
}

/// One of the three branches, or the single way in which a trouble ends.
pub(super) struct Branch {
    pub(super) label: String,
    /// The incident is on it.
    pub(super) on: bool,
    pub(super) steps: Vec<Step>,
}

/// A step on the way.
pub(super) struct Step {
    pub(super) label: String,
    /// `done`, `now` or nothing.
    pub(super) state: &'static str,
}

impl Course {
    /// Whether the incident is on one of its branches yet.
    pub(super) fn has_branch(&self) -> bool {
        self.branches.iter().any(|branch| branch.on)
    }

    /// The course of this incident.
    pub(super) fn of(incident: &Incident, w: &Words) -> Self {
        let called = !incident.calls.is_empty() || incident.verdict.is_some() || incident.dispatched_at.is_some();
        let taken = incident.taken_at.is_some();
        let closed = incident.is_closed();
        if incident.kind.family() == Family::Service {
            let settled = incident.settlement.is_some();
            let mut trunk = steps(w, &[("step-received", true), ("step-taken", taken)]);
            let mut branch = steps(w, &[("step-settled", settled), ("step-closed", closed)]);
            mark_next([&mut trunk, &mut branch]);
            return Self { trunk, branches: vec![Branch { label: w.t("branch-service"), on: taken, steps: branch }] };
        }
        let went = !incident.dispatches.is_empty();
        let accepted = incident.dispatches.iter().any(Dispatch::is_sent);
        let recorded = incident.dispatches.iter().any(|dispatch| dispatch.recorded_at.is_some());
        let (real, false_alarm) = (incident.is_real(), incident.is_false());
        let handed = incident.hand_offs.iter().any(HandOff::is_held);
        let mut trunk = steps(w, &[("step-received", true), ("step-taken", taken), ("step-verified", called)]);
        let mut one =
            steps(w, &[("step-false", false_alarm && !went), ("step-closed", closed && false_alarm && !went)]);
        let mut two = steps(
            w,
            &[
                ("step-preprocessed", went),
                ("step-accepted", accepted),
                ("step-on-scene", incident.arrived_at.is_some()),
                ("step-scene-false", false_alarm && went),
                ("step-recorded", recorded),
                ("step-closed", closed && false_alarm && went),
            ],
        );
        let mut three = steps(
            w,
            &[
                ("step-real", real),
                ("step-owner", incident.owner_notified_at.is_some()),
                ("step-handed", handed),
                ("step-losses", incident.losses_signed_at.is_some()),
                ("step-case", incident.case_recorded_at.is_some()),
                ("step-closed", closed && real),
            ],
        );
        match (real, went, false_alarm) {
            (true, ..) => mark_next([&mut three]),
            (false, true, _) => mark_next([&mut two]),
            (false, false, true) => mark_next([&mut one]),
            (false, false, false) => mark_next([&mut trunk]),
        }
        let branch = |id, on, steps| Branch { label: w.t(id), on, steps };
        let branches = vec![
            branch("branch-false", false_alarm && !went, one),
            branch("branch-undetermined", went, two),
            branch("branch-real", real, three),
        ];
        Self { trunk, branches }
    }
}

fn steps(w: &Words, steps: &[(&str, bool)]) -> Vec<Step> {
    steps.iter().map(|(id, done)| Step { label: w.t(id), state: if *done { "done" } else { "" } }).collect()
}

/// The first step that is not done is where the incident stands.
fn mark_next<const N: usize>(ways: [&mut Vec<Step>; N]) {
    if let Some(next) = ways.into_iter().flatten().find(|step| step.state.is_empty()) {
        next.state = "now";
    }
}
