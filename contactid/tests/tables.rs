//! Both code lists against the published lists of codes: same codes, same meaning of the number, same source, whole names.

use std::collections::{BTreeMap, BTreeSet};

use contactid::cid::table::ENTRIES as CID;
use contactid::sia::table::ENTRIES as SIA;
use contactid::{Class, EventCode, NumberIs, OwnCode, OwnList, Qualifier, SiaCode, Source};

/// Per code, in list order: what the number counts and which lists have the code.
type Published = BTreeMap<String, Vec<(String, bool)>>;

fn published(tsv: &str, standard: &str) -> Published {
    let mut codes = Published::new();
    for line in tsv.lines().skip(1) {
        let [code, number, source] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        codes.entry(code.to_owned()).or_default().push((number.to_owned(), source == standard));
    }
    codes
}

fn cid_published() -> Published {
    published(include_str!("data/cid_codes.tsv"), "DC-05-2016")
}

fn sia_published() -> Published {
    published(include_str!("data/sia_codes.tsv"), "DC-03-2017")
}

/// How a table says what the published list says with one row a source.
fn as_published(number: NumberIs, source: Source) -> Vec<(String, bool)> {
    let number = number.as_str().to_owned();
    match source {
        Source::Standard => vec![(number, true)],
        Source::Vendor(vendor) => {
            assert!(!vendor.is_empty());
            vec![(number, false)]
        }
        Source::Shared(vendor) => {
            assert!(!vendor.is_empty());
            vec![(number.clone(), true), (number, false)]
        }
    }
}

#[test]
fn contact_id_lists_the_published_codes() {
    let listed: Published =
        CID.iter().map(|entry| (entry.code.to_string(), as_published(entry.number_is, entry.source))).collect();
    assert_eq!(listed, cid_published());
    assert_eq!(CID.len(), 349, "352 rows, three of them a second meaning of a listed code");
}

#[test]
fn sia_lists_the_published_codes() {
    let listed: Published =
        SIA.iter().map(|entry| (entry.code.to_string(), as_published(entry.number_is, entry.source))).collect();
    assert_eq!(listed, sia_published());
    assert_eq!(SIA.len(), 338);
}

#[test]
fn look_up_agrees_with_the_list_for_every_possible_code() {
    for number in 0..=999 {
        let code = EventCode::new(number).unwrap();
        assert_eq!(code.entry(), CID.iter().find(|entry| entry.code == code), "{code}");
    }
    assert_eq!(EventCode::new(1000), None);
    for first in b'A'..=b'Z' {
        for second in b'A'..=b'Z' {
            let code = SiaCode::new([first, second]).unwrap();
            assert_eq!(code.entry(), SIA.iter().find(|entry| entry.code == code), "{code}");
        }
    }
    assert_eq!((SiaCode::new(*b"B1"), SiaCode::new(*b"ba")), (None, None));
    assert!(CID.windows(2).all(|pair| pair[0].code < pair[1].code));
    assert!(SIA.windows(2).all(|pair| pair[0].code < pair[1].code));
}

fn is_cjk(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

/// Two codes of one list under one name would be one line on an operator's screen.
#[track_caller]
fn assert_names<'a>(names: impl Iterator<Item = (&'a str, &'a str)>) {
    let (mut english, mut chinese) = (BTreeSet::new(), BTreeSet::new());
    for (en, zh) in names {
        assert!(!en.trim().is_empty() && en.trim() == en && en.is_ascii(), "{en:?}");
        assert!(is_cjk(zh) && zh.trim() == zh, "{en}: {zh:?}");
        assert!(english.insert(en), "{en}: the name of two codes");
        assert!(chinese.insert(zh), "{zh}: the name of two codes");
    }
}

#[test]
fn every_name_is_whole_and_its_own() {
    assert_names(CID.iter().flat_map(|entry| {
        let restored = entry.restore_en.zip(entry.restore_zh);
        assert_eq!(entry.restore_en.is_some(), entry.restore_zh.is_some(), "{}", entry.code);
        [Some((entry.name_en, entry.name_zh)), restored].into_iter().flatten()
    }));
    assert_names(SIA.iter().map(|entry| (entry.name_en, entry.name_zh)));
    for class in Class::ALL {
        assert!(is_cjk(class.label(contactid::Lang::Zh)) && class.label(contactid::Lang::En).is_ascii(), "{class}");
    }
}

#[test]
fn a_restore_partner_restores_something_of_its_kind() {
    for entry in SIA.iter() {
        let Some(partner) = entry.restore else { continue };
        let partner = partner.entry().unwrap_or_else(|| panic!("{}: {partner} is not listed", entry.code));
        assert_eq!((entry.qualifier, partner.qualifier), (Qualifier::New, Qualifier::Restore), "{}", entry.code);
    }
    let untyped: Vec<String> = SIA
        .iter()
        .filter(|entry| entry.restore.and_then(SiaCode::entry).is_some_and(|partner| partner.class != entry.class))
        .map(|entry| entry.code.to_string())
        .collect();
    // Their families end with `R`, "normal whatever it was", which is of the alarm's class.
    let expected = ["BS", "BZ", "GS", "HS", "KS", "MS", "PS", "QS", "SS", "US", "WS", "ZS"];
    assert_eq!(untyped, expected);
}

#[test]
fn opening_is_new_and_closing_is_restore() {
    let of = |qualifier| {
        let openings = SIA.iter().filter(move |entry| entry.class == Class::OpenClose && entry.qualifier == qualifier);
        openings.map(|entry| entry.code.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of(Qualifier::New), "NO NP OA OB OG OH OJ OK OL OP OQ OR OS");
    assert_eq!(of(Qualifier::Restore), "CA CB CF CG CJ CK CL CP CQ CS CW NB NF NL NM");
    let unpaired: Vec<_> = CID
        .iter()
        .filter(|entry| entry.class == Class::OpenClose && entry.restore_en.is_none())
        .map(|entry| entry.code.number())
        .collect();
    assert_eq!(unpaired, [458], "458 is an opening only");
}

#[test]
fn alarms_have_the_class_that_their_handling_needs() {
    let cid = |number| EventCode::new(number).and_then(EventCode::entry).map(|entry| entry.class);
    let sia = |letters| SiaCode::new(letters).and_then(SiaCode::entry).map(|entry| entry.class);
    let expected = [
        (100, b"MA", Class::Medical),
        (110, b"FA", Class::Fire),
        (114, b"KA", Class::Fire),
        (122, b"HA", Class::HoldUp),
        (120, b"PA", Class::HoldUp),
        (130, b"BA", Class::Burglary),
        (144, b"TA", Class::Tamper),
        (151, b"GA", Class::Gas),
        (154, b"WA", Class::Environment),
        (301, b"AT", Class::MainsPower),
        (302, b"YT", Class::Battery),
        (321, b"YA", Class::Sounder),
        (333, b"ET", Class::Peripheral),
        (351, b"LT", Class::Communication),
        (384, b"XT", Class::Sensor),
        (401, b"OP", Class::OpenClose),
        (406, b"OC", Class::Cancel),
        (454, b"OT", Class::Schedule),
        (570, b"BB", Class::Bypass),
        (602, b"RP", Class::Test),
        (627, b"LB", Class::Program),
        (654, b"CD", Class::Schedule),
    ];
    for (number, letters, class) in expected {
        assert_eq!((cid(number), sia(*letters)), (Some(class), Some(class)), "{number}");
    }
    assert_eq!((cid(121), sia(*b"ND")), (Some(Class::Duress), Some(Class::Duress)));
}

/// Lists of other formats: every code once, found by its index, with names and a partner that ends it.
#[test]
fn own_lists_are_whole() {
    let mut count = 0;
    for list in OwnList::ALL {
        let mut codes = BTreeSet::new();
        for entry in list.entries() {
            assert!(codes.insert(entry.code), "{} is listed twice", entry.code);
            assert_eq!((entry.code.list(), entry.code.entry()), (*list, Some(entry)));
            assert!(!entry.name_en.is_empty() && is_cjk(entry.name_zh), "{}", entry.code);
            if let Some(partner) = entry.restore {
                let partner = partner.entry().unwrap();
                let begins = if entry.qualifier == Qualifier::Status { Qualifier::Status } else { Qualifier::New };
                assert_eq!((entry.qualifier, partner.qualifier), (begins, Qualifier::Restore), "{}", entry.code);
                assert_eq!(entry.class == Class::OpenClose, partner.class == Class::OpenClose, "{}", entry.code);
            }
        }
        count += codes.len();
        // Every code of one and of two characters: found if it is listed, and else not.
        let graphic = || (b'!'..=b'~').map(|byte| vec![byte]);
        let two = graphic().flat_map(|first| graphic().map(move |second| [first.clone(), second].concat()));
        for text in graphic().chain(two) {
            let code = OwnCode::new(*list, &text).unwrap();
            assert_eq!(code.entry().map(|entry| entry.code), codes.get(&code).copied(), "{code}");
        }
    }
    assert_eq!(count, 165);
}
