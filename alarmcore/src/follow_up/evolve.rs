//! Event to follow-up: changes, and never refuses.

use super::{FollowUp, FollowUpEvent, FollowUpRecord};

/// Adds one record to a follow-up. The first record of a stream makes it; `None` for a first record that makes nothing,
/// which [`decide_follow_up`](super::decide_follow_up) never writes.
pub fn evolve_follow_up(follow_up: Option<FollowUp>, record: &FollowUpRecord) -> Option<FollowUp> {
    let Some(mut follow_up) = follow_up else { return made(record) };
    follow_up.version = record.version;
    match &record.event {
        // A second beginning is in no stream that the desk wrote.
        FollowUpEvent::Created { .. } => {}
        FollowUpEvent::Rang {} => {
            follow_up.rang_at = Some(record.at);
            follow_up.undone_since = Some(record.at);
        }
        FollowUpEvent::Escalated { to } => follow_up.called = Some((*to, record.at)),
        FollowUpEvent::Reassigned { to, due_at, .. } => {
            follow_up.to = *to;
            // Whoever has it now has the whole time for it.
            follow_up.called = None;
            follow_up.undone_since = follow_up.rang_at.map(|_| record.at);
            if follow_up.due_at != *due_at {
                follow_up.due_at = *due_at;
                follow_up.rang_at = None;
                follow_up.undone_since = None;
            }
        }
        FollowUpEvent::Done { .. } => {
            follow_up.done_at = Some(record.at);
            follow_up.done_by = record.by;
        }
    }
    Some(follow_up)
}

fn made(record: &FollowUpRecord) -> Option<FollowUp> {
    let FollowUpEvent::Created { subject, to, due_at, reason, said, priority, .. } = record.event else { return None };
    Some(FollowUp {
        id: record.follow_up,
        version: record.version,
        subject,
        to,
        due_at,
        rang_at: None,
        by: record.by,
        reason,
        said,
        priority,
        undone_since: None,
        called: None,
        made_at: record.at,
        done_at: None,
        done_by: None,
    })
}
