//! Explain says of each key that decided who set it: a clause of a pack, an override, the policy file, or nobody.

use std::fmt::Write as _;

use alarmcore::{Desk, Policy, Rulebook, SignalId};
use contactid::Lang;
use contactid::Qualifier::New;
use opsmodel::crm::AccountCard;
use opsmodel::store::query::Reader;

use crate::room::{Room, change, says};
use crate::sample::account;

const S: i64 = 1000;

/// A centre with two packs, of which the later says otherwise of the zones; a mall that says so, too; a pack of one district; and a file
/// that goes over a clause of it.
const FILE: &str = "packs = ['es-2011', 'house.toml']
classes = { tamper = { action = 'show', priority = 2 } }
[[override]]
site_type = 'mall'
confirm = { zones = 2 }
[[override]]
district = 'Shanghai'
packs = ['cn-sh-2010']
confirm = { path_fault = true }
";

/// A pack in a file of its own, which this program does not know.
const HOUSE: &str = "id = 'house'
version = 7
title = { en = 'House rules', zh = '本中心规则' }
source = { en = 'us', zh = '自定' }
[[clause]]
id = 'mains'
mark = 'U'
en = 'A mains loss is shown at once.'
zh = '交流断电立即显示。'
sets = { classes = { mains-power = { action = 'show', priority = 6 } } }
[[clause]]
id = 'four'
mark = 'S'
en = 'Four zones confirm.'
zh = '四个防区方为确认。'
sets = { confirm = { zones = 4 } }
";

fn room(policy: Policy) -> Room {
    let mut room = Room::new();
    room.centre.put_policy(&policy, &change(0, "start")).unwrap();
    let mut put = |n: u32, change_card: &dyn Fn(AccountCard) -> AccountCard| {
        let card = room.centre.account(account(n)).unwrap().unwrap();
        room.centre.put_account(&change_card(card), &change(0, "where it is")).unwrap();
    };
    put(1, &|card| AccountCard { district: Some("Shanghai".into()), ..card });
    put(2, &|card| AccountCard { site_type: Some("mall".into()), ..card });
    room.desk = Desk::restore(policy, room.centre.snapshot().unwrap());
    room
}

/// What is said of the keys of a signal, in both languages.
fn keys(room: &Room, id: u64) -> String {
    let explained = Reader::open(&room.dir).unwrap().explain(SignalId::new(id)).unwrap().unwrap();
    let mut text = String::new();
    for lang in [Lang::En, Lang::Zh] {
        for line in explained.lines(lang) {
            if matches!(line.about.as_str(), "decision" | "key" | "clause" | "confirmed") {
                writeln!(text, "{}: {}", line.about.label(lang), line.says).unwrap();
            }
        }
    }
    text
}

#[test]
fn explain_names_the_clause_of_each_key() {
    let house = |_: &str| Ok(HOUSE.to_owned());
    let mut room = room(Rulebook::read(FILE, &house).unwrap().policy);
    // 1001 is in Shanghai, 1002 is a mall, 1003 is neither.
    let of = |s: i64, n: u32, zone: u32| says(3_600_000 + s * S, n, "130", New, zone);
    room.receive(&[of(0, 1, 1), of(10, 1, 2), of(20, 2, 1), of(30, 2, 2)]);
    room.receive(&[of(40, 3, 1), of(50, 3, 2), of(60, 3, 3), of(70, 3, 4)]);
    room.receive(&[says(3_700_000, 3, "301", New, 0)]);
    room.receive(&[says(3_800_000, 4, "137", New, 0)]);
    insta::assert_snapshot!(
        "clause_of_each_key",
        [1, 4, 8, 9, 10].map(|id| format!("{id}\n{}", keys(&room, id))).join("\n")
    );
}

/// A policy that an older program wrote down does not say of its clauses which keys they set.
#[test]
fn an_older_policy_does_not_tell_its_packs_from_its_file() {
    let policy = Policy { clauses: Vec::new(), ..Policy::from_toml("packs = ['es-2011']").unwrap() };
    let mut room = room(policy);
    let of = |s: i64, zone: u32| says(3_600_000 + s * S, 3, "130", New, zone);
    room.receive(&[of(0, 1), of(1, 2), of(2, 3)]);
    let said = keys(&room, 3);
    assert!(said.contains("confirm.zones = 3: the policy file or its rule packs.\n"), "{said}");
}
