//! What the desk's rules remember survives: a centre opened again stands where the desk stood, and every row can be made anew.

use alarmcore::{Command, Desk, Input, Kind, Lang, Policy, RaiseReason, Rule, Settlement, SignalId, UnrestoredLimits};
use contactid::Qualifier::{New, Restore};
use opsmodel::crm::AccountCard;
use opsmodel::store::query::Reader;
use opsmodel::store::{NewSignal, StoreError, verify};

use crate::rebuild::PROJECTED;
use crate::room::{Room, change, drain, says};
use crate::sample::{account, at};

/// The stored centre is the desk, and its rows are those that its truth gives.
fn stands(room: &mut Room) {
    assert_eq!(room.centre.snapshot().unwrap(), room.desk.snapshot());
    let live = PROJECTED.map(|table| room.table("centre.db", table));
    room.centre.rebuild().unwrap();
    assert_eq!(PROJECTED.map(|table| room.table("centre.db", table)), live);
}

/// How many signals a rule decided.
fn ruled(room: &Room, rule: &str) -> u32 {
    let sql = rusqlite::Connection::open(room.dir.join("centre.db")).unwrap();
    sql.query_row("SELECT count(*) FROM signal_row WHERE rule = ?1", [rule], |row| row.get(0)).unwrap()
}

/// A fire that comes to a burglary in hand is measured from when it came to what was done first after that, and not by what was done about
/// the burglary.
#[test]
fn the_response_is_measured_from_the_gravest_danger() {
    let mut room = Room::new();
    let call = || serde_json::from_str(r#"{"act": "call", "contact": 1, "result": "no-answer"}"#).unwrap();
    let measured = |room: &Room| {
        let row = Reader::open(&room.dir).unwrap().response(at(0), at(90_000)).unwrap().rows.remove(0);
        (row.kind, row.received_at, row.taken_at, row.first_act_at, row.taken_ms, row.first_act_ms)
    };
    room.receive(&[says(1_000, 0, "130", New, 5)]);
    room.act(2_000, 1, Command::Take);
    room.act(3_000, 1, call());
    let burglary = (Kind::Burglary, at(1_000), Some(at(2_000)), Some(at(3_000)), Some(1_000), Some(2_000));
    assert_eq!(measured(&room), burglary);
    room.receive(&[says(60_000, 0, "110", New, 6)]);
    assert_eq!(measured(&room), (Kind::Fire, at(60_000), None, None, None, None));
    room.act(63_000, 1, Command::Take);
    room.act(70_000, 1, call());
    let fire = (Kind::Fire, at(60_000), Some(at(63_000)), Some(at(70_000)), Some(3_000), Some(10_000));
    assert_eq!(measured(&room), fire);
    stands(&mut room);
    assert_eq!(measured(&room), fire);
}

/// An override that ended is over for a desk that starts anew, before it hears anything; one whose end nobody has come to is not.
#[test]
fn an_override_that_ended_is_over_after_a_restart() {
    let mut room = Room::new();
    let until = at(10_000);
    let text = format!("[[override]]\naccounts = ['{}']\nuntil = '{until}'\nswinger = {{ trips = 7 }}\n", account(1));
    room.desk = Desk::restore(Policy::from_toml(&text).unwrap(), room.centre.snapshot().unwrap());
    let trips = |room: &Room| room.desk.policy_of(Some(account(1))).swinger.trips;
    room.time(9_999);
    room.start_again();
    assert_eq!((trips(&room), room.desk.snapshot().ended), (7, [].into()));
    room.time(20_000);
    stands(&mut room);
    room.start_again();
    assert_eq!((trips(&room), room.desk.snapshot().ended), (Policy::default().swinger.trips, [until].into()));
}

/// Whoever was warned that an override ends is not warned again: not after a restart, and not on files made anew. What is owed is
/// known by the number of the warning.
#[test]
fn an_end_of_an_override_is_said_once_after_a_restart_and_a_rebuild() {
    let mut room = Room::new();
    let until = at(10_000);
    let text = format!(
        "[lowered]\nwarn_before_s = 5\n[[override]]\naccounts = ['{}']\nuntil = '{until}'\nswinger = {{ trips = 7 }}\n\
         [[override]]\nsite = 'mall'\nuntil = '{until}'\nswinger = {{ trips = 7 }}\n",
        account(1)
    );
    room.desk = Desk::restore(Policy::from_toml(&text).unwrap(), room.centre.snapshot().unwrap());
    room.time(4_999);
    stands(&mut room);
    room.start_again();
    let owed = |room: &mut Room| {
        let owed = room.centre.claim(at(9_000), at(9_000), 10).unwrap();
        owed.into_iter().map(|owed| (owed.id, owed.at, owed.effect.ends_at())).collect::<Vec<_>>()
    };
    assert_eq!(owed(&mut room), []);
    room.time(5_000);
    stands(&mut room);
    let both = ["override-1", "override-2"].map(|id| (id.to_owned(), at(5_000), Some(until)));
    assert_eq!(owed(&mut room), both);
    room.start_again();
    room.time(6_000);
    room.centre.rebuild().unwrap();
    room.start_again();
    room.time(7_000);
    assert_eq!(owed(&mut room), both);
}

/// What came before a restart still counts after it: the last of these signals is the one that the rule decides.
fn survives(signals: &[NewSignal], rule: &str, decides: u32) {
    let (last, before) = signals.split_last().unwrap();
    let mut room = Room::new();
    room.receive(before);
    stands(&mut room);
    let mut again = Room::open(&room.dir);
    again.receive(std::slice::from_ref(last));
    assert_eq!(ruled(&again, rule), decides);
    stands(&mut again);
}

#[test]
fn a_runaway_panel_is_still_one() {
    let flaps = |second: i64| says(second * 1000, 0, "130", if second % 2 == 0 { New } else { Restore }, 7);
    survives(&(0..41).map(flaps).collect::<Vec<_>>(), "runaway.logged", 11);
}

#[test]
fn a_swinger_is_still_one() {
    let armed = says(0, 0, "401", Restore, 1);
    let trips = (1..4).map(|second| says(second * 1000, 0, "130", New, 7));
    survives(&std::iter::once(armed).chain(trips).collect::<Vec<_>>(), "swinger.logged", 1);
}

/// Trips that a test hid do not count after a restart either, until the area is opened or closed.
#[test]
fn a_trip_that_nobody_saw_is_still_none() {
    let command = |json: &str| serde_json::from_str(json).unwrap();
    let trip = |second: i64| says((600 + second) * 1000, 0, "130", New, 7);
    let mut room = Room::new();
    room.receive(&[says(0, 0, "401", Restore, 1), trip(1)]);
    let start = command(r#"{"act": "start", "reason": "repair", "asked_by": "Li", "minutes": 5}"#);
    room.signed_test(602_000, 0, start, Some(alarmcore::OperatorId::new(2)));
    room.receive(&[trip(3), trip(4), trip(5)]);
    room.test(606_000, 0, command(r#"{"act": "end"}"#));
    stands(&mut room);
    let hidden: Vec<u32> = room.desk.snapshot().unseen.iter().map(|unseen| unseen.count).collect();
    assert_eq!(hidden, [3]);
    let mut again = Room::open(&room.dir);
    again.receive(&[trip(10)]);
    assert_eq!((ruled(&again, "class.shown"), ruled(&again, "swinger.logged")), (2, 0));
    again.receive(&[trip(11)]);
    assert_eq!((ruled(&again, "class.shown"), ruled(&again, "swinger.logged")), (2, 1));
    again.receive(&[says(612_000, 0, "401", New, 1)]);
    assert_eq!(again.desk.snapshot().unseen, []);
    stands(&mut again);
}

/// Two zones of one incident, on both sides of a restart.
#[test]
fn a_second_zone_still_confirms() {
    let mut room = Room::new();
    room.receive(&[says(0, 0, "130", New, 7)]);
    stands(&mut room);
    let mut again = Room::open(&room.dir);
    again.receive(&[says(60_000, 0, "131", New, 8)]);
    stands(&mut again);
    let reason = again.desk.queue()[0].confirmed.map(|confirmed| confirmed.reason);
    assert_eq!(reason, Some(RaiseReason::CrossZone));
}

/// A closing on one side of a restart and an alarm on the other: the user is in the evidence.
#[test]
fn a_closing_still_is_recent() {
    survives(&[says(0, 0, "401", Restore, 4), says(60_000, 0, "130", New, 7)], "recent-closing", 1);
}

/// Whose override decided stands in the chain and in the explanation; a row of before the column was there still verifies, and one
/// that loses its value does not.
#[test]
fn whose_override_decided_is_kept_and_explained() {
    let policy = "version = 3\n[[override]]\nsite = 'North Mall'\nowner = 'Li'\nuntil = '2027-03-31'\nclasses = { burglary = { action = 'log' } }\n\
                  [[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2027-03-31'\nclasses = { battery = { action = 'log' } }";
    let mut room = Room::new();
    for n in 0..2 {
        let card = room.centre.account(account(n)).unwrap().unwrap();
        let card = AccountCard { site: "North Mall".into(), ..card };
        room.centre.put_account(&card, &change(0, "a site")).unwrap();
    }
    room.desk = Desk::restore(Policy::from_toml(policy).unwrap(), room.centre.snapshot().unwrap());
    room.receive(&[says(1000, 0, "130", New, 7), says(2000, 1, "302", New, 0), says(3000, 2, "130", New, 7)]);
    stands(&mut room);
    let reader = Reader::open(&room.dir).unwrap();
    let explained = |id| reader.explain(SignalId::new(id)).unwrap().unwrap();
    let names = [1, 2, 3].map(|id| explained(id).steps[0].overridden.clone());
    assert_eq!(names, [Some("site North Mall".to_owned()), Some("account".to_owned()), None]);
    let said: Vec<String> = explained(1).lines(Lang::En).into_iter().map(|line| line.says).collect();
    let whose = "The override of the policy for the site North Mall decided, not the rules of the centre.";
    assert!(said.iter().any(|line| line == whose), "{said:?}");
    verify(&room.dir).unwrap();
    let sql = rusqlite::Connection::open(room.dir.join("centre.db")).unwrap();
    sql.execute("UPDATE disposition SET overridden = NULL WHERE signal = 1", []).unwrap();
    assert!(matches!(verify(&room.dir), Err(StoreError::Broken(broken)) if broken.record == "disposition 1"));
}

/// The rules that an account has of its own are named, the most specific first, by the policy and the card that counted then; also
/// where they decided nothing of the signal. Whoever has none is told of none.
#[test]
fn explain_names_the_rules_of_its_own() {
    let policy = "[[override]]\nsite = 'North Mall'\nowner = 'Li'\nuntil = '2027-03-31'\n\
                  verify = { police = { calls = 2 } }\nescalation = []\n\
                  [[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2027-03-31'\nhold = { alarm_s = 60 }\nswinger = { trips = 1 }";
    let mut room = Room::new();
    let policy = Policy::from_toml(policy).unwrap();
    room.centre.put_policy(&policy, &change(0, "start")).unwrap();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    room.centre.put_account(&AccountCard { site: "North Mall".into(), ..card }, &change(0, "a site")).unwrap();
    room.desk = Desk::restore(policy, room.centre.snapshot().unwrap());
    room.receive(&[says(1000, 1, "130", New, 7), says(2000, 2, "130", New, 7)]);
    let card = room.centre.account(account(1)).unwrap().unwrap();
    room.centre.put_account(&AccountCard { site: String::new(), ..card }, &change(3000, "no site")).unwrap();
    room.desk = Desk::restore(room.desk.policy().clone(), room.centre.snapshot().unwrap());
    room.receive(&[says(4000, 1, "602", New, 0)]);
    let reader = Reader::open(&room.dir).unwrap();
    let own = |id, lang| {
        let all = reader.explain(SignalId::new(id)).unwrap().unwrap().remarks;
        let own = all.into_iter().filter(|remark| remark.about.as_str() == "override");
        own.map(|remark| if lang == Lang::En { remark.en } else { remark.zh }).collect::<Vec<_>>()
    };
    let account = "Rules of its own, by the override for this account: swinger, hold; Li answers for it; until \
                   2027-04-01T00:00:00.000Z.";
    let site = "Rules of its own, by the override for the site North Mall: escalation, verify; Li answers for it; until \
                2027-04-01T00:00:00.000Z.";
    assert_eq!(own(1, Lang::En), [account, site]);
    let zh = "自有规则(站点“North Mall”的例外规则):escalation, verify;负责人:Li;至 2027-04-01T00:00:00.000Z。";
    assert_eq!(own(1, Lang::Zh)[1], zh);
    assert_eq!((own(2, Lang::En).as_slice(), own(3, Lang::En)), (&[][..], vec![account.to_owned()]));
}

/// A battery that is still low an hour after its incident was closed, with a restart in between: a reminder, once.
#[test]
fn what_has_not_restored_is_still_awaited() {
    let limits = UnrestoredLimits { within_s: 3600, ..UnrestoredLimits::default() };
    let policy = Policy { unrestored: limits, ..Policy::default() };
    let restart = |room: &Room| Desk::restore(policy.clone(), room.centre.snapshot().unwrap());
    let mut room = Room::new();
    room.desk = restart(&room);
    room.receive(&[says(0, 0, "302", New, 0)]);
    room.act(1000, 1, Command::Take);
    room.act(2000, 1, Command::Settle { settlement: Some(Settlement::RepairOrdered), note: None });
    assert_eq!(room.desk.snapshot().awaited.len(), 1);
    stands(&mut room);
    room.desk = restart(&room);
    room.time(3_601_999);
    assert!(room.desk.queue().is_empty());
    room.time(3_602_000);
    stands(&mut room);
    room.desk = restart(&room);
    room.time(9_000_000);
    let kinds: Vec<Kind> = room.desk.queue().iter().map(|incident| incident.kind).collect();
    assert_eq!(kinds, [Kind::Unrestored]);
}

/// A desk that is started anew while a panel runs away shows at the end of the run what the other would have shown; also where the end
/// came while no desk ran.
#[test]
fn row_2_2_runaway_over_after_a_restart() {
    let text = "[runaway]\nsignals = 5\nsilence_s = 8\nrepair_within_s = 0";
    let mut room = Room::new();
    let policy = Policy::from_toml(text).unwrap();
    room.centre.put_policy(&policy, &change(0, "start")).unwrap();
    let restart = |room: &Room| Desk::restore(policy.clone(), room.centre.snapshot().unwrap());
    room.desk = restart(&room);
    let run: Vec<_> = (1..=5).map(|n| says(n * 1000, 0, "602", New, 0)).collect();
    room.receive(&run);
    room.receive(&[says(6_000, 0, "130", New, 9), says(7_000, 0, "131", New, 8), says(8_000, 0, "131", Restore, 8)]);
    assert_eq!(room.desk.queue().len(), 1);
    stands(&mut room);
    let told = drain(&mut restart(&room), vec![Input::Time(at(16_000))]);
    assert_eq!(drain(&mut room.desk, vec![Input::Time(at(16_000))]), told);
    room.desk = restart(&room);
    room.time(20_000);
    stands(&mut room);
    let shown = room.desk.queue().into_iter().find(|incident| incident.rule == Rule::RunawayOver).unwrap();
    assert_eq!((shown.signals, shown.received_at, shown.origins[0].number), (1, at(16_000), Some(9)));
    let explained = Reader::open(&room.dir).unwrap().explain_incident(shown.id).unwrap();
    let told: Vec<_> = explained.iter().map(|one| (one.signal.id.get(), one.steps[0].rule.as_str())).collect();
    assert_eq!(told, [(6, "runaway.logged")]);
}
