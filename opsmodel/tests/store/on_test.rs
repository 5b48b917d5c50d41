//! Tests of accounts in the store: what the board of lowered protection shows, and what comes back when a test is over.

use alarmcore::{
    CallResult, Command, IncidentId, LoweredKind, LoweredRules, OperatorId, Policy, Rank, SignalId, TestCommand,
    TestEnd, TestId, TestReason, TestStart, Timestamp,
};
use contactid::Qualifier::{New, Restore};
use opsmodel::crm::AccountCard;
use opsmodel::store::query::{Reader, SignalFilter};
use opsmodel::store::verify;

use crate::room::{ANNA, Room, change, says};
use crate::sample::{account, at};

fn start(minutes: u32) -> TestCommand {
    let (reason, asked_by) = (Some(TestReason::Repair), Some("Wang of Safe Ltd".to_owned()));
    TestCommand::Start(TestStart { minutes: Some(minutes), reason, asked_by, ..TestStart::default() })
}

type Row = (String, LoweredKind, Option<u32>, Timestamp, Option<Timestamp>, Option<String>);

fn board(room: &Room) -> Vec<Row> {
    let rows = Reader::open(&room.dir).unwrap().lowered(&Policy::default()).unwrap();
    let brief = |row: opsmodel::store::query::LoweredRow| {
        (
            row.account.map(|account| account.to_string()).unwrap_or_default(),
            row.kind,
            row.number,
            row.since,
            row.until,
            row.asked_by,
        )
    };
    rows.into_iter().map(brief).collect()
}

#[test]
fn the_board_shows_all_that_lowers_protection() {
    let mut room = Room::new();
    assert_eq!(board(&room), []);
    let mut silent = says(3_000, 2, "350", New, 0);
    silent.report.marks = alarmcore::Marks::SUPERVISION;
    room.receive(&[
        says(1_000, 0, "570", New, 4),
        says(2_000, 1, "607", New, 0),
        silent,
        says(4_000, 3, "570", New, 9),
    ]);
    room.test(10_000, 4, start(60));
    room.test(20_000, 3, start(30));
    let (asked, none) = (Some("Wang of Safe Ltd".to_owned()), None::<Timestamp>);
    let row = |n: u32, kind, number, since, until, asked: Option<String>| {
        (account(n).to_string(), kind, number, at(since), until, asked)
    };
    let silent = row(2, LoweredKind::Silent, None, 3_000, none, None);
    let test_mode = row(1, LoweredKind::TestMode, None, 2_000, none, None);
    let bypassed = row(3, LoweredKind::Bypassed, Some(9), 4_000, none, None);
    let first = row(0, LoweredKind::Bypassed, Some(4), 1_000, none, None);
    assert_eq!(
        board(&room),
        [
            row(3, LoweredKind::OnTest, None, 20_000, Some(at(1_820_000)), asked.clone()),
            silent.clone(),
            row(4, LoweredKind::OnTest, None, 10_000, Some(at(3_610_000)), asked),
            test_mode,
            first,
            bypassed.clone(),
        ]
    );
    room.receive(&[says(30_000, 0, "570", Restore, 4), says(31_000, 1, "607", Restore, 0)]);
    room.time(3_610_000);
    assert_eq!(board(&room), [silent, bypassed]);
}

/// "One list with owner and deadline": a test is seen to by whoever began it until it ends, the rest by whom and within what the
/// policy says; the first due comes first, and what has no deadline last. A late test alone puts an account there.
#[test]
fn row_2_lowered_protection_has_owner_and_deadline() {
    let mut room = Room::new();
    let supervised = |millis, n, code| {
        let mut told = says(millis, n, code, New, 0);
        told.report.marks = alarmcore::Marks::SUPERVISION;
        told
    };
    room.receive(&[says(1_000, 0, "570", New, 4), supervised(2_000, 1, "358"), supervised(3_000, 2, "350")]);
    room.test(10_000, 4, start(60));
    type Seen = (LoweredKind, Rank, Option<OperatorId>, Option<Timestamp>);
    let seen = |rules: &LoweredRules| -> Vec<Seen> {
        let policy = Policy { lowered: *rules, ..Policy::default() };
        let rows = Reader::open(&room.dir).unwrap().lowered(&policy).unwrap();
        rows.into_iter().map(|row| (row.kind, row.owner_rank, row.owner, row.deadline)).collect()
    };
    let mut rules = LoweredRules::default();
    let silent = (LoweredKind::Silent, Rank::Operator, None, Some(at(3_603_000)));
    let on_test = (LoweredKind::OnTest, Rank::Operator, Some(ANNA), Some(at(3_610_000)));
    let bypassed = (LoweredKind::Bypassed, Rank::Operator, None, Some(at(86_401_000)));
    let late = (LoweredKind::LateTest, Rank::Supervisor, None, Some(at(86_402_000)));
    assert_eq!(seen(&rules), [silent, on_test, bypassed, late]);
    rules.within_s.silent = 0;
    rules.within_s.late_test = 60;
    rules.owner.silent = Rank::Manager;
    let silent = (LoweredKind::Silent, Rank::Manager, None, None);
    let late = (LoweredKind::LateTest, Rank::Supervisor, None, Some(at(62_000)));
    assert_eq!(seen(&rules), [late, on_test, bypassed, silent]);
    let row =
        Reader::open(&room.dir).unwrap().lowered(&Policy { lowered: rules, ..Policy::default() }).unwrap().remove(0);
    assert_eq!((row.overdue(at(61_999)), row.overdue(at(62_000))), (false, true));
}

/// "Number that fails once → correction task with deadline": it is on the board until the card says another one.
#[test]
fn a_dead_number_is_on_the_board_until_it_is_corrected() {
    let mut room = Room::new();
    let card = room.centre.account(account(0)).unwrap().unwrap();
    let phone = |phone: &str, card: AccountCard| AccountCard { phone: phone.into(), ..card };
    let card = room.centre.put_account(&phone("010-100", card), &change(0, "telephone")).unwrap();
    room.receive(&[says(1_000, 0, "130", New, 3)]);
    room.act(2_000, 1, Command::Take);
    let call = r#"{"act": "call", "contact": 0, "number": 1, "result": "bad-number"}"#;
    room.act(3_000, 1, serde_json::from_str(call).unwrap());
    let board = |room: &Room| Reader::open(&room.dir).unwrap().lowered(&Policy::default()).unwrap();
    let found = board(&room).remove(0);
    assert_eq!((found.account, found.kind, found.number), (Some(account(0)), LoweredKind::DeadNumber, Some(1)));
    assert_eq!((found.owner_rank, found.deadline), (Rank::Operator, Some(at(86_403_000))));
    assert_eq!((found.result, found.incident), (Some(CallResult::BadNumber), Some(IncidentId::new(1))));
    room.centre.edit_account(&phone("010-200", card), &change(4_000, "corrected")).unwrap();
    let kinds: Vec<LoweredKind> = board(&room).iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [LoweredKind::Unreviewed]);
}

/// The desk that starts from the store ends the test at its limit, and the incident holds the signal that the test hid.
#[test]
fn a_test_that_ends_after_a_restart_brings_back_what_it_hid() {
    let mut room = Room::new();
    room.test(0, 1, start(60));
    room.receive(&[says(1_000, 1, "130", New, 5), says(2_000, 1, "130", New, 6), says(3_000, 1, "130", Restore, 6)]);
    assert_eq!(room.desk.queue().len(), 0);
    room.desk = Room::open(&room.dir).desk;
    room.time(10 * 3_600_000);
    assert_eq!(room.centre.snapshot().unwrap(), room.desk.snapshot());
    let records = room.centre.test_records(TestId::new(1)).unwrap();
    let told: Vec<_> = records.iter().map(|record| (record.at, record.by, record.event.kind().as_str())).collect();
    assert_eq!(
        told,
        [(at(0), Some(ANNA), "started"), (at(2_700_000), None, "warned"), (at(3_600_000), None, "expired")]
    );
    let reader = Reader::open(&room.dir).unwrap();
    let page = reader.incident(IncidentId::new(1)).unwrap().unwrap();
    assert_eq!((page.row.received_at, page.row.opened_at), (at(3_600_000), at(3_600_000)));
    let ids: Vec<SignalId> = page.signals.iter().map(|signal| signal.id).collect();
    assert_eq!(ids, [SignalId::new(1)], "the incident shows the signal that the test hid");
    let filter = SignalFilter { account: Some(account(1)), ..SignalFilter::default() };
    let rules: Vec<_> = reader.signals(&filter, None, 9).unwrap().rows.into_iter().map(|row| row.rule).collect();
    assert_eq!(rules, ["on-test", "on-test", "on-test"].map(|rule| Some(rule.to_owned())));
    let tests = reader.account(account(1)).unwrap().unwrap().tests;
    assert_eq!((tests.len(), tests[0].ended_at, tests[0].ending), (1, Some(at(3_600_000)), Some(TestEnd::AtLimit)));
    verify(&room.dir).unwrap();
}
