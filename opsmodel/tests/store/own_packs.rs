//! What a pack asks for that is in force for some accounts only, measured of those.

use alarmcore::{Desk, Pack, Policy};
use contactid::Qualifier::New;
use opsmodel::crm::AccountCard;
use opsmodel::store::query::{ClauseRow, PackReport, Reader};

use crate::room::{Room, change, says};
use crate::sample::{account, at};

const S: i64 = 1000;
const HOUR: i64 = 3_600_000;

/// Account 1001 is in Shanghai, 1002 is a mall whose line is supervised, 1003 one whose line is not; each of the five has an alarm that
/// nobody is sent to.
fn city() -> Room {
    let mut room = Room::new();
    let text = "[[override]]\ndistrict = 'Shanghai'\npacks = ['cn-sh-2010']\n\
                [[override]]\nsite_type = 'mall'\npacks = ['gb50440']\n";
    let policy = Policy::from_toml(text).unwrap();
    room.centre.put_policy(&policy, &change(0, "start")).unwrap();
    let mut put = |n: u32, change_card: &dyn Fn(AccountCard) -> AccountCard| {
        let card = room.centre.account(account(n)).unwrap().unwrap();
        room.centre.put_account(&change_card(card), &change(0, "where it is")).unwrap();
    };
    put(1, &|card| AccountCard { district: Some("Shanghai".into()), ..card });
    put(2, &|card| AccountCard { site_type: Some("mall".into()), heartbeat_s: Some(60), ..card });
    put(3, &|card| AccountCard { site_type: Some("mall".into()), heartbeat_s: None, ..card });
    room.desk = Desk::restore(policy, room.centre.snapshot().unwrap());
    for n in 0..5 {
        room.receive(&[says(HOUR + i64::from(n) * S, n, "130", New, 5)]);
    }
    room.time(HOUR + 300 * S);
    room
}

fn measured(room: &Room, pack: &str) -> PackReport {
    let pack = Pack::from_toml(Pack::built_in(pack).unwrap()).unwrap();
    let reader = Reader::open(&room.dir).unwrap();
    reader.pack(&pack, (at(-8 * HOUR), at(1000 * HOUR)), None, 20).unwrap()
}

/// What was asked of whom: how many cases, and whose the failures are.
fn of(report: &PackReport, clause: &str) -> (u64, Vec<String>) {
    let row: &ClauseRow = report.clauses.iter().find(|row| row.clause.as_str() == clause).unwrap();
    (row.cases, row.failures.iter().filter_map(|failure| Some(failure.account?.to_string())).collect())
}

/// The poll clause counts the accounts that the pack is in force for; so do acts, targets and ends. A pack that is in force for nobody is
/// measured of everybody.
#[test]
fn a_pack_of_some_is_measured_of_them() {
    let mut room = city();
    let (fire, shanghai) = (measured(&room, "gb50440"), measured(&room, "cn-sh-2010"));
    assert_eq!(
        (fire.whose.as_slice(), shanghai.whose.as_slice()),
        (&["site-type mall".to_owned()][..], &["district Shanghai".to_owned()][..])
    );
    assert_eq!(of(&fire, "gb50440.poll"), (2, vec!["1003".to_owned()]));
    let asked: Vec<_> =
        shanghai.clauses.iter().filter(|row| row.cases > 0).map(|row| (row.clause.to_string(), row.cases)).collect();
    insta::assert_debug_snapshot!(asked);
    let whole = measured(&room, "en-50518");
    assert_eq!((whole.whose.len(), whole.clauses.iter().map(|row| row.cases).max() > Some(1)), (0, true));
    // Whoever leaves the kind of site is not counted any more; what was asked of an incident stays with the card of its time.
    let card = room.centre.account(account(3)).unwrap().unwrap();
    room.centre.put_account(&AccountCard { site_type: None, ..card }, &change(2 * HOUR, "closed")).unwrap();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    room.centre.put_account(&AccountCard { district: None, ..card }, &change(2 * HOUR, "moved")).unwrap();
    room.receive(&[says(3 * HOUR, 0, "602", New, 0)]);
    assert_eq!(of(&measured(&room, "gb50440"), "gb50440.poll"), (1, vec![]));
    let later: Vec<_> = measured(&room, "cn-sh-2010").clauses.into_iter().map(|row| row.cases).collect();
    assert_eq!(later, shanghai.clauses.iter().map(|row| row.cases).collect::<Vec<_>>());
}

/// Explain names the packs that were in force for the account, and by which override.
#[test]
fn explain_names_the_packs_of_the_account() {
    let room = city();
    let reader = Reader::open(&room.dir).unwrap();
    let packs = |id| {
        let remarks = reader.explain(alarmcore::SignalId::new(id)).unwrap().unwrap().remarks;
        let packs = remarks.into_iter().filter(|remark| matches!(remark.about.as_str(), "packs" | "override"));
        packs.filter_map(|remark| remark.en.split('@').next().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(packs(1), Vec::<String>::new());
    assert_eq!(
        packs(2),
        [
            "Rules of its own, by the override for the district Shanghai: confirm, packs, rules.",
            "Rule packs in force: cn-sh-2010"
        ]
    );
    assert_eq!(packs(3)[1], "Rule packs in force: gb50440");
}
