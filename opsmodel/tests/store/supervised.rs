//! What the centre itself reported of tests that did not come, under another tolerance: from a real store.

use alarmcore::{ExpectationRules, IncidentId, Input, MadeAnew, Policy, Timestamp};
use contactid::Qualifier::New;
use opsmodel::crm::AccountCard;
use opsmodel::store::query::Reader;
use opsmodel::store::{Answer, NewSignal};

use crate::room::{Room, change, says};
use crate::sample::{account, at};

const S: i64 = 1000;

/// 1001 promises a test each hour and sends nothing more after the first; what the centre recorded of it is made earlier under a smaller
/// tolerance, and goes by its recorded number.
#[test]
fn a_smaller_tolerance_reports_earlier() {
    let mut room = Room::new();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    let card = AccountCard { test_interval_s: Some(3600), ..card };
    room.centre.put_account(&card, &change(0, "tests each hour")).unwrap();
    room.desk.handle(Input::Account(card.desk_card()));
    while !matches!(room.desk.poll(), alarmcore::Output::Wait(_)) {}
    room.receive(&[says(1000 * S, 1, "602", New, 0)]);
    let now = at(1000 * S);
    let edges = room.desk.expected(&account(1), now);
    for edge in edges {
        let (report, answer) = (edge.report(), Answer::None);
        assert_eq!(report.received_at, at((1000 + 7200) * S));
        room.receive(&[NewSignal { report, peer: "centre".into(), answer, raw: Vec::new() }]);
    }
    room.receive(&[says(9000 * S, 2, "130", New, 4)]);
    let reader = Reader::open(&room.dir).unwrap();
    let policy = |test_tolerance_s| Policy {
        expect: ExpectationRules { test_tolerance_s, ..ExpectationRules::default() },
        ..Policy::default()
    };
    let period = (at(500 * S), Timestamp::from_millis(i64::MAX));
    let asked = |tolerance| reader.what_if(period, (policy(3600), policy(tolerance)), &mut |_| {}).unwrap();
    let earlier = asked(600);
    assert_eq!(earlier.differences.anew, Some(MadeAnew { recorded: 1, made: 1 }));
    assert_eq!((earlier.differences.signals, earlier.differences.agree), (3, 3));
    let named: Vec<_> = earlier
        .differences
        .incidents
        .iter()
        .zip(&earlier.numbers)
        .flat_map(|(one, number)| one.differences.iter().map(move |found| (one.opening.signal.get(), *number, found)))
        .map(|(signal, number, found)| format!("{signal} {number:?} {}: {} | {}", found.aspect, found.old, found.new))
        .collect();
    let shown = format!("shown: shown {} | shown {}", at(8200 * S), at(5200 * S));
    assert_eq!(named[0], format!("2 {:?} {shown}", Some(IncidentId::new(1))));
    let never = asked(3600);
    assert_eq!((never.differences.anew, never.differences.incidents.len()), (None, 0));
}
