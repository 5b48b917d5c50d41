//! Event to test session: changes, and never refuses.

use super::{TestEnd, TestEvent, TestRecord, TestSession};

/// Adds one record to a test session. The first record of a stream opens it; `None` for a first record that opens nothing,
/// which [`decide_test`](super::decide_test) never makes.
pub fn evolve_test(session: Option<TestSession>, record: &TestRecord) -> Option<TestSession> {
    let Some(mut session) = session else { return opened(record) };
    session.version = record.version;
    match &record.event {
        // A second beginning is in no stream that the desk wrote.
        TestEvent::Started { .. } => {}
        TestEvent::Extended { until, warn_at, danger, .. } => {
            session.danger = *danger;
            session.until = *until;
            session.warn_at = *warn_at;
            session.warned_at = None;
        }
        TestEvent::Warned {} => session.warned_at = Some(record.at),
        TestEvent::Ended { signals, .. } => session.end(record, TestEnd::ByPerson, *signals),
        TestEvent::Expired { signals } => session.end(record, TestEnd::AtLimit, *signals),
    }
    Some(session)
}

fn opened(record: &TestRecord) -> Option<TestSession> {
    let TestEvent::Started {
        account,
        scope,
        until,
        warn_at,
        reason,
        contact,
        proved,
        policy,
        second,
        agreed,
        before_s,
        danger,
        ..
    } = &record.event
    else {
        return None;
    };
    Some(TestSession {
        id: record.test,
        account: *account,
        version: record.version,
        scope: scope.clone(),
        reason: *reason,
        contact: *contact,
        proved: *proved,
        second: *second,
        agreed: *agreed,
        before_s: *before_s,
        danger: *danger,
        by: record.by,
        started_at: record.at,
        until: *until,
        warn_at: *warn_at,
        warned_at: None,
        ended_at: None,
        ending: None,
        signals: None,
        policy: *policy,
    })
}

impl TestSession {
    fn end(&mut self, record: &TestRecord, ending: TestEnd, signals: u64) {
        self.signals = Some(signals);
        self.ended_at = Some(record.at);
        self.ending = Some(ending);
    }
}
