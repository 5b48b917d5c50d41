//! The ranges of Contact ID codes beside the classes of the codes that are listed.

use std::collections::BTreeMap;

use contactid::cid::table::ENTRIES;
use contactid::{EventCode, Lang};

/// A listed code has the class of its range, or one that says more. Each departure stands here.
#[test]
fn a_class_is_the_range_or_finer() {
    let mut finer = BTreeMap::<_, Vec<_>>::new();
    for entry in ENTRIES.iter().filter(|entry| entry.class != entry.code.category()) {
        let pair = (entry.code.category().to_string(), entry.class.to_string());
        finer.entry(pair).or_default().push(entry.code.to_string());
    }
    let lines: Vec<String> =
        finer.iter().map(|((range, class), codes)| format!("{range} > {class}: {}", codes.join(" "))).collect();
    let expected = [
        "burglary > tamper: 137",
        "communication > log: 799",
        "communication > program: 365 366",
        "disable > communication: 554 555",
        "disable > log: 550",
        "disable > program: 531 532 533",
        "environment > burglary: 155",
        "environment > gas: 151 162",
        "environment > log: 160",
        "environment > sensor: 156",
        "general > burglary: 146",
        "general > tamper: 144 145",
        "hold-up > duress: 121 124 125",
        "log > access: 921 929",
        "log > bypass: 910 911 923 925",
        "log > communication: 954",
        "log > fire-supervisory: 922",
        "log > mains-power: 926",
        "log > other: 651 652 653",
        "log > program: 625 627 628 655",
        "log > schedule: 654",
        "log > sensor: 924",
        "log > sounder: 927",
        "log > system: 626 920 961 962",
        "log > test-mode: 913 914 915 916 917 918 919",
        "open-close > access: 461 462",
        "open-close > burglary: 457 459",
        "open-close > cancel: 406 465",
        "open-close > personnel: 466",
        "open-close > schedule: 405 453 454 455 464",
        "other > access: 701",
        "other > bypass: 470 471 473",
        "other > cancel: 711",
        "other > communication: 700",
        "other > hold-up: 709",
        "other > log: 730 731 999",
        "other > peripheral: 485",
        "other > program: 712 713",
        "other > sensor: 702",
        "other > system: 835",
        "other > test-mode: 704",
        "other > vendor: 703",
        "peripheral > communication: 344 345",
        "peripheral > tamper: 341",
        "program > remote-access: 900 901 902",
        "remote-access > cancel: 418",
        "remote-access > general: 419",
        "sensor > tamper: 383",
        "system > battery: 302 309 311",
        "system > mains-power: 301",
        "system > program: 306",
        "system > tamper: 316 317",
        "test > log: 605 606 609",
        "test > system: 616",
        "test > test-mode: 604 607",
    ];
    assert_eq!(lines, expected);
    assert_eq!(ENTRIES.len(), 349);
}

/// The kind of event of every number, as ranges of ten.
#[test]
fn every_range_has_its_class() {
    let mut ranges = BTreeMap::<_, Vec<u16>>::new();
    for code in (0..1000).filter_map(EventCode::new) {
        let tens = ranges.entry(code.category().as_str()).or_default();
        if tens.last() != Some(&(code.number() / 10)) {
            tens.push(code.number() / 10);
        }
    }
    let other = ranges.remove("other").unwrap_or_default();
    let expected: [(&str, &[u16]); 23] = [
        ("access", &[42, 43]),
        ("burglary", &[13]),
        ("bypass", &[57]),
        ("communication", &[35, 36, 79]),
        ("disable", &[50, 51, 52, 53, 54, 55, 56]),
        ("environment", &[15, 16]),
        ("fire", &[11]),
        ("fire-supervisory", &[20, 21]),
        ("general", &[14]),
        ("hold-up", &[12]),
        ("log", &[62, 65, 91, 92, 95, 96]),
        ("medical", &[10]),
        ("open-close", &[40, 44, 45, 46]),
        ("peripheral", &[33, 34]),
        ("personnel", &[64]),
        ("program", &[90]),
        ("remote-access", &[41]),
        ("schedule", &[63]),
        ("sensor", &[37, 38, 39]),
        ("sounder", &[32]),
        ("system", &[30, 31]),
        ("test", &[60, 61]),
        ("vendor", &[75, 76, 77, 78]),
    ];
    assert_eq!(ranges, expected.map(|(class, tens)| (class, tens.to_vec())).into());
    let named: usize = expected.iter().map(|(_, tens)| tens.len()).sum();
    assert_eq!(other.len(), 100 - named);
}

/// Codes whose end is something of its own, not what the code says with "restored" behind it.
#[test]
fn codes_whose_two_qualifiers_have_names_of_their_own() {
    for number in [345, 358, 466, 901, 903, 913, 914, 915, 916, 917, 918, 954, 961] {
        let entry = EventCode::new(number).and_then(EventCode::entry).expect("the list has it");
        for lang in [Lang::En, Lang::Zh] {
            let restored = entry.restore_name(lang).unwrap_or_default();
            assert!(!restored.is_empty() && restored != entry.name(lang), "{number}: {restored}");
        }
    }
}
