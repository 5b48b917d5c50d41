//! An incident before its first record.

use super::{Incident, Kind, Stage};
use crate::disposition::Rule;
use crate::id::{IncidentId, SignalId};
use crate::queue::Priority;
use crate::report::Marks;
use crate::time::Timestamp;

/// What is known of an incident before its first record.
pub(super) fn blank(id: IncidentId, at: Timestamp) -> Incident {
    Incident {
        id,
        account: None,
        kind: Kind::Trouble,
        priority: Priority::LEAST,
        stage: Stage::New,
        owner: None,
        version: 0,
        rule: Rule::ClassShown,
        policy: 0,
        received_at: at,
        opened_at: at,
        calling_since: Some(at),
        taken_at: None,
        first_act_at: None,
        dispatched_at: None,
        arrived_at: None,
        closed_at: None,
        changed_at: at,
        signals: 0,
        first_signal: SignalId::new(0),
        last_signal: SignalId::new(0),
        origins: Vec::new(),
        marks: Marks::NONE,
        cancelled: None,
        confirmed: None,
        calls: Vec::new(),
        observed: Vec::new(),
        avs: Vec::new(),
        dispatches: Vec::new(),
        asked: Vec::new(),
        verdict: None,
        decided_at: None,
        guard: None,
        owner_notified_at: None,
        owner_arrived_at: None,
        wish: None,
        hand_offs: Vec::new(),
        fire_since: None,
        followed_until: None,
        loss_lines: 0,
        losses: Default::default(),
        losses_signed_at: None,
        case_recorded_at: None,
        settlement: None,
        resolution: None,
        plan: None,
        steps: Vec::new(),
        restore_due: None,
        hold: None,
        holds: 0,
        held_ms: 0,
        unacted_since: Some(at),
        escalated: Vec::new(),
        claims: Vec::new(),
        withdrawn: None,
        storm: None,
        first_contact: None,
        interrupted: None,
        queue: None,
        offered: None,
    }
}
