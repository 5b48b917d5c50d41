//! Examples of what happens to a storm.

use alarmcore::{
    Area, AreaOf, IncidentId, Kind, OperatorId, Outage, SignalId, StaffAnswer, StormCounted, StormEvent, Timestamp,
};

/// One full event of a storm, of every kind.
pub(super) fn storm_examples() -> Vec<StormEvent> {
    let text = |text: &str| Some(text.to_owned());
    let until = Timestamp::from_millis(1_795_392_843_500);
    let outage = Outage { account: "1001".parse().unwrap(), kind: Kind::Power };
    let signal = SignalId::new(41);
    vec![
        StormEvent::Declared {
            area: Area { of: AreaOf::District, name: "East".into() },
            until,
            counted: StormCounted { signals: 12, accounts: 10 },
            policy: 3,
            note: text("thunder over the east"),
        },
        StormEvent::Confirmed { until, note: text("power is out") },
        StormEvent::Dismissed { note: text("works on one line") },
        StormEvent::Extended { until, note: text("more to come") },
        StormEvent::Lapsed {},
        StormEvent::CalledIn { note: text("come in") },
        StormEvent::StaffAnswered {
            answer: StaffAnswer::Coming,
            message: text("SMS-9"),
            note: text("Li, in 20 minutes"),
        },
        StormEvent::Grouped { outage, signal, since: Timestamp::from_millis(1_795_385_643_250) },
        StormEvent::Restored { outage, signal },
        StormEvent::Ordered { outage, reference: "R-2026-118".into() },
        StormEvent::Accepted { outage, note: text("shop is closed for good") },
        StormEvent::Shown { outage, incident: IncidentId::new(12) },
        StormEvent::Ended { second: OperatorId::new(2), note: text("all is back") },
    ]
}
