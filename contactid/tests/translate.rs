//! Events said in other codes: there, back, and what is lost on the way.
#![allow(clippy::unwrap_used, reason = "a test stops where its codes do not exist")]

use contactid::translate::{Lost, Row, Table, Target};
use contactid::{Code, EventCode, OwnCode, OwnList, Qualifier, Signal, cid, sia};

const TABLE: Table<'static> = Table::DEFAULT;

/// Everything that a signal can say.
fn full(code: Code, qualifier: Qualifier) -> Signal {
    Signal {
        group: Some(300),
        number: Some(4711),
        address: Some("4711".into()),
        user: Some(7),
        peripheral: Some(3),
        device_time: Some("12:05".into()),
        text: Some("Front door".into()),
        ..Signal::new(code, qualifier)
    }
}

fn cid_codes() -> impl Iterator<Item = Code> {
    cid::table::ENTRIES.iter().map(|entry| Code::Cid(entry.code))
}

fn sia_codes() -> impl Iterator<Item = Code> {
    sia::table::ENTRIES.iter().map(|entry| Code::Sia(entry.code))
}

fn vds_codes() -> impl Iterator<Item = Code> {
    (1..128u8).filter_map(|number| OwnCode::new(OwnList::Vds, number.to_string().as_bytes())).map(Code::Own)
}

const QUALIFIERS: [Qualifier; 3] = [Qualifier::New, Qualifier::Restore, Qualifier::Status];

fn lost(codes: impl Iterator<Item = Code>, target: Target) -> Vec<&'static str> {
    let signals = codes.flat_map(|code| QUALIFIERS.map(|qualifier| full(code, qualifier)));
    let said = signals.filter_map(|signal| TABLE.translate(&signal, target));
    said.fold(Lost::NOTHING, |all, said| all.with(said.lost)).names().collect()
}

/// The table in the documentation of the module.
#[test]
fn what_each_direction_may_lose() {
    assert_eq!(lost(cid_codes(), Target::Sia), ["meaning", "number-kind", "status"]);
    let places = ["number", "group", "user", "peripheral", "time", "text", "spelling"];
    let all = ["meaning", "number-kind", "number", "group", "status", "user", "peripheral", "time", "text", "spelling"];
    let without_status: Vec<_> = all.into_iter().filter(|word| *word != "status").collect();
    assert!(places.iter().all(|place| without_status.contains(place)));
    assert_eq!(lost(sia_codes(), Target::ContactId), all);
    assert_eq!(lost(sia_codes(), Target::SurgardBasic), all);
    assert_eq!(lost(cid_codes(), Target::SurgardBasic), all);
    assert_eq!(lost(vds_codes(), Target::ContactId), without_status);
    assert_eq!(lost(vds_codes(), Target::Sia), ["meaning", "number-kind", "status"]);
}

#[test]
fn the_codes_of_the_default_pairs_are_listed() {
    for row in TABLE.rows() {
        assert!(row.cid.entry().is_some(), "{row:?}");
        assert!(row.event.entry().is_some(), "{row:?}");
        assert!(row.restore.is_none_or(|restore| restore.entry().is_some()), "{row:?}");
    }
    let codes: Vec<_> = TABLE.rows().map(|row| row.cid).collect();
    assert!(codes.is_sorted_by(|one, next| one < next));
}

/// Said in SIA and back again, an event is of the same kind, and has lost nothing without a word.
#[test]
fn there_and_back() {
    for code in cid_codes() {
        for qualifier in [Qualifier::New, Qualifier::Restore] {
            let signal = Signal { group: Some(1), number: Some(5), ..Signal::new(code, qualifier) };
            let Some(there) = TABLE.translate(&signal, Target::Sia) else { continue };
            let back = TABLE.translate(&there.signal, Target::ContactId).unwrap();
            if there.lost == Lost::NOTHING && back.lost == Lost::NOTHING && back.signal.code == code {
                assert_eq!((back.signal.group, back.signal.number), (signal.group, signal.number), "{code}");
            }
            // A code that several share comes back as one of those that share it.
            if !there.lost.contains(Lost::MEANING) && !back.lost.contains(Lost::MEANING) {
                let again = TABLE.translate(&back.signal, Target::Sia).unwrap();
                assert_eq!(again.signal.code, there.signal.code, "{code} {qualifier:?}");
            }
        }
    }
}

#[test]
fn a_code_without_a_pair_gives_way_to_the_nearest_of_its_kind_and_says_so() {
    for code in cid_codes().chain(vds_codes().filter(|code| code.name(contactid::Lang::En).is_some())) {
        let signal = Signal::new(code, Qualifier::New);
        match TABLE.translate(&signal, Target::Sia) {
            Some(said) => {
                let listed = matches!(code, Code::Cid(code) if TABLE.rows().any(|row| row.cid == code));
                assert_eq!(said.lost.contains(Lost::MEANING), !listed, "{code}");
            }
            None => assert!(
                matches!(code.class(), contactid::Class::Vendor | contactid::Class::Other),
                "{code} has a class and no translation"
            ),
        }
    }
}

fn said(code: &str, qualifier: Qualifier, target: Target) -> Option<(String, Qualifier, Vec<&'static str>)> {
    let signal = Signal::new(code.parse().unwrap(), qualifier);
    let said = TABLE.translate(&signal, target)?;
    Some((said.signal.code.to_string(), said.signal.qualifier, said.lost.names().collect()))
}

#[test]
fn words_of_one_format_in_another() {
    use Qualifier::{New, Restore, Status};
    let exact = |code: &str, qualifier| Some((code.to_owned(), qualifier, vec![]));
    let nearest = |code: &str, qualifier| Some((code.to_owned(), qualifier, vec!["meaning"]));
    assert_eq!(said("130", New, Target::Sia), exact("BA", New));
    assert_eq!(said("130", Restore, Target::Sia), exact("BH", Restore));
    assert_eq!(said("130", Status, Target::Sia), Some(("BA".into(), New, vec!["status"])));
    assert_eq!(said("401", Restore, Target::Sia), exact("CL", Restore));
    assert_eq!(said("602", New, Target::Sia), exact("RP", New));
    assert_eq!(said("384", New, Target::Sia), nearest("UT", New));
    assert_eq!(said("OP", New, Target::ContactId), exact("400", New));
    assert_eq!(said("CL", Restore, Target::ContactId), exact("400", Restore));
    assert_eq!(said("CG", Restore, Target::ContactId), exact("441", Restore));
    assert_eq!(said("BH", Restore, Target::ContactId), exact("130", Restore));
    assert_eq!(said("130", New, Target::SurgardBasic), nearest("surgard:A", New));
    assert_eq!(said("130", Restore, Target::SurgardBasic), nearest("surgard:R", Restore));
    assert_eq!(said("surgard:O", New, Target::ContactId), nearest("400", New));
    assert_eq!(said("vds:34", Restore, Target::Sia), nearest("BH", Restore));
    assert_eq!(said("pulse:3", New, Target::Sia), None);
    assert_eq!(said("130", Status, Target::ContactId), exact("130", Status));
}

#[test]
fn a_user_of_the_table_overrides_it() {
    let own = [Row {
        cid: EventCode::new(113).unwrap(),
        event: contactid::SiaCode::new(*b"SA").unwrap(),
        restore: contactid::SiaCode::new(*b"SH"),
    }];
    let table = Table::with(&own);
    let sprinkler = Signal::new("113".parse().unwrap(), Qualifier::New);
    let code =
        |table: &Table<'_>, signal: &Signal, target| table.translate(signal, target).unwrap().signal.code.to_string();
    assert_eq!(code(&TABLE, &sprinkler, Target::Sia), "WA");
    assert_eq!(code(&table, &sprinkler, Target::Sia), "SA");
    assert_eq!(code(&table, &Signal::new("SA".parse().unwrap(), Qualifier::New), Target::ContactId), "113");
    // What the default said of 113 no longer holds in the other direction either.
    assert_eq!(code(&TABLE, &Signal::new("WA".parse().unwrap(), Qualifier::New), Target::ContactId), "113");
    assert_ne!(code(&table, &Signal::new("WA".parse().unwrap(), Qualifier::New), Target::ContactId), "113");
}

/// The default pairs as their source lists them: Contact ID codes and ranges, SIA's event, and SIA's restore if there is one.
const PUBLISHED: &str = "100 MA/MH; 101 QA/QH; 110-112,117 FA/FH; 113 WA/WH; 114,158 KA/KH; 120 PA/PH; 121,122,124,125,146 HA/HH; \
130-136,138-140 BA/BH; 137,144 TA/TR; 143,333,337-339,341-343 ET/ER; 150 UA/UH; 151,162 GA/GH; 159 ZA/ZH; \
300,303,304,306-308,310,321,322,330-332,334,380,393 YX/YZ; 301 AT/AR; 302,309 YT/YR; 305 YW/YZ; 311 YM/YR; 312 YP/YQ; \
320,323-325 RC/RO; 335 VO/VI; 336 VT/VR; 344,350,353-358,381,382 YC/YK; 351,352 LT/LR; 373 FT/FJ; 374 EA/BH; 375 PT/PJ; \
376 HT/HR; 400,401,408 OP/CL; 402 OB/CB; 403 OA/CA; 406 OC/OC; 407 OQ/CQ; 409 OS/CS; 421,461 DD/DD; 423 DF/DF; 441 CG/CG; \
453 OI/OI; 454 CI/CI; 456 CG/OG; 457 EE/EE; 570 BB/BU; 601 RX; 602 RP; 604 FX/FK; 608 TX; 622,623 JL; 624 JO; 625 JT; \
626 JD; 627 LB; 628 LX; 632 JS; 654 NA; 900 RR";

#[test]
fn every_published_pair_and_no_other_is_a_default() {
    let mut published: Vec<(u16, &str, Option<&str>)> = Vec::new();
    for entry in PUBLISHED.split("; ") {
        let (codes, letters) = entry.split_once(' ').unwrap();
        let (event, restore) =
            letters.split_once('/').map_or((letters, None), |(event, restore)| (event, Some(restore)));
        for code in codes.split(',') {
            let (first, last) = code.split_once('-').unwrap_or((code, code));
            let range = first.parse::<u16>().unwrap()..=last.parse().unwrap();
            published.extend(range.map(|code| (code, event, restore)));
        }
    }
    published.sort_unstable();
    assert_eq!(published.len(), 113);
    let rows: Vec<_> = TABLE
        .rows()
        .map(|row| (row.cid.number(), row.event.to_string(), row.restore.map(|restore| restore.to_string())))
        .collect();
    let owned =
        |&(code, event, restore): &(u16, &str, Option<&str>)| (code, event.to_owned(), restore.map(str::to_owned));
    assert_eq!(rows, published.iter().map(owned).collect::<Vec<_>>());
    for (code, event, restore) in published {
        let said = |qualifier| {
            let signal = Signal::new(Code::Cid(EventCode::new(code).unwrap()), qualifier);
            let said = TABLE.translate(&signal, Target::Sia).unwrap();
            (said.signal.code.to_string(), said.lost.contains(Lost::MEANING))
        };
        assert_eq!(said(Qualifier::New), (event.to_owned(), false), "{code}");
        if let Some(restore) = restore {
            assert_eq!(said(Qualifier::Restore), (restore.to_owned(), false), "{code}");
        }
    }
}
