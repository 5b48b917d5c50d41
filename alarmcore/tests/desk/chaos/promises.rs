//! What the known accounts promise on the days of chaos, and what must hold of whatever is said to be missing.

use std::collections::BTreeMap;

use alarmcore::{
    AccountCard, AccountNumber, ContactId, Desk, Edge, Expectation, Expected, Raised, Schedule, Timestamp, UserRight,
};

use crate::script::MIDNIGHT;

const HOURS: &str =
    "zone UTC; tolerance 2m; Mon-Sun 00:05-00:15, 00:30-01:00, 02:00-02:20, 04:00-04:30; user 1 Mon-Sun 00:00-00:40";
/// Somebody who is alone, a way in, and a round.
const EXPECTS: &str = "name alone; expect E698; after itself; until closing; within 5m; tolerance 1m; again 10m
    name way in; expect opening user 1; after E570; within 45s; raise 641; priority 3
    name round; expect closing; zone UTC; Mon-Sun 00:05-00:30, 00:30-01:20; within 15m; raise 646; again 20m
    name key; expect E698; after opening user 1; within 20m; raise 653; priority 5";

pub(super) fn promising(card: AccountCard) -> AccountCard {
    let expectations = Expectation::dated(&Expectation::read_all(EXPECTS).unwrap(), &[], MIDNIGHT);
    AccountCard {
        test_interval_s: Some(900),
        schedule: Some(HOURS.parse::<Schedule>().unwrap().into()),
        expectations: Some(expectations.into()),
        // One may close late; the time of the other is over at 03:00.
        user_rights: [(0, true, None), (1, false, Some(MIDNIGHT.plus_secs(3 * 3600)))]
            .into_iter()
            .map(|(user, closes_late, until)| UserRight { user, closes_late, until })
            .collect(),
        late_closers: [1, 2].into_iter().map(ContactId::new).collect(),
        ..card
    }
}

/// Of each account, kind, group and line of the card: what the centre said last, missing or come, and when.
#[derive(Default)]
pub(super) struct Told(BTreeMap<What, (bool, Timestamp)>);

type What = (AccountNumber, Expected, Option<u16>, Option<(contactid::Code, Option<u32>)>);

impl Told {
    /// Nothing comes that was not missing, and what is missing is said again only of a later time; what a test pauses is not
    /// missing.
    pub(super) fn check(&mut self, desk: &Desk, edge: &Edge) {
        let raised = edge.raised.as_ref().map(|Raised { code, number, .. }| (*code, *number));
        let what = (edge.account, edge.expected, edge.group, raised);
        match self.0.insert(what, (edge.missing, edge.at)) {
            Some((true, before)) => {
                let again = edge.expected != Expected::Test && before < edge.at;
                assert!(!edge.missing || again, "{edge:?} after {before}");
            }
            None | Some((false, _)) => assert!(edge.missing, "{edge:?} was not missing"),
        }
        let (Some((code, number)), Some(test)) = (raised, desk.test(edge.account)) else { return };
        // What was due when the hours of a recurring test came was due before it.
        let paused = test.started_at < edge.at && test.until > edge.at && test.scope.covers(code, number);
        assert!(!edge.missing || !paused, "{edge:?} is missed on test {test:?}");
    }
}
