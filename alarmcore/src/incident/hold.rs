//! On hold: an incident that its owner lays aside for a while, with a reason and a time at which it calls again.
//!
//! A hold stops no clock: not the response clock, and not the chain that waits for a first act. It only stops the calling,
//! and only until its time is over, something raises the incident, or somebody does something about it.

use serde::{Deserialize, Serialize};

use super::{Family, Field, Incident, IncidentEvent, Refusal, written};
use crate::policy::HoldLimits;
use crate::queue::Priority;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// Why an incident is on hold.
    HoldReason {
        /// A keyholder or the owner is on the way.
        KeyholderComing "keyholder-coming" "Keyholder on the way" "等待用户或钥匙保管人到场",
        /// Somebody will call back.
        CallBack "call-back" "Call-back expected" "等待回电",
        /// It is to restore by itself.
        Restore "restore" "Restore expected" "等待恢复",
        /// A technician has been asked.
        Technician "technician" "Technician asked for" "等待维修人员",
        /// A unit or an authority is at work.
        AtWork "at-work" "Unit or authority at work" "出警处置中",
        /// Something else, which the note says.
        Other "other" "Other, see note" "其他(见备注)",
    }
}

/// An incident on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// Since when.
    pub since: Timestamp,
    /// When it calls again.
    pub until: Timestamp,
}

impl HoldLimits {
    /// For how many seconds this incident may be on hold at most. What is most urgent counts as life safety, whatever it is.
    pub fn of(&self, incident: &Incident) -> u32 {
        match incident.kind.family() {
            Family::LifeSafety => self.life_safety_s,
            Family::Alarm | Family::Service if incident.priority == Priority::LIFE_SAFETY => self.life_safety_s,
            Family::Alarm => self.alarm_s,
            Family::Service => self.service_s,
        }
    }
}

/// What the owner's wish to hold comes to.
pub(super) fn hold(
    incident: &Incident,
    limits: &HoldLimits,
    reason: Option<HoldReason>,
    minutes: u32,
    note: &Option<String>,
) -> Result<Vec<IncidentEvent>, Refusal> {
    if let Some(Hold { until, .. }) = incident.hold {
        return Err(Refusal::AlreadyOnHold { until });
    }
    // Whoever lays aside what calls has not answered it.
    if incident.calling_since.is_some() {
        return Err(Refusal::NotTaken);
    }
    let at_most_s = limits.of(incident);
    let urgent = incident.kind.family() == Family::LifeSafety || incident.priority == Priority::LIFE_SAFETY;
    if urgent && incident.unacted_since.is_some() {
        return Err(Refusal::HoldNeedsAct);
    }
    let reason = reason.ok_or(Refusal::HoldReasonMissing)?;
    let note = written(note);
    if reason == HoldReason::Other && note.is_none() {
        return Err(Refusal::FieldMissing { field: Field::Note });
    }
    if minutes == 0 || minutes.saturating_mul(60) > at_most_s {
        return Err(Refusal::HoldTooLong { minutes, at_most: at_most_s / 60 });
    }
    Ok(vec![IncidentEvent::PutOnHold { reason, minutes, note }])
}

impl Incident {
    pub(super) fn put_on_hold(&mut self, at: Timestamp, reason: HoldReason, minutes: u32) {
        self.hold = Some(Hold { reason, since: at, until: at.plus_secs(minutes.saturating_mul(60)) });
        self.holds = self.holds.saturating_add(1);
    }

    /// It is not on hold any more; for how long it was, is kept. A clock that was set back takes nothing off.
    pub(super) fn end_hold(&mut self, at: Timestamp) {
        if let Some(hold) = self.hold.take() {
            let held = at.millis().saturating_sub(hold.since.millis());
            self.held_ms = self.held_ms.saturating_add(u64::try_from(held).unwrap_or(0));
        }
    }
}
