//! Records of Sur-Gard, Ademco 685, D6500 and DC-07: what is written reads back the same, and what is read is written the
//! same again, whatever happened to it.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::automation::ademco685::{self, Ademco685Record, Dialect, caps_digits};
use contactid::automation::d6500::{self, D6500Record};
use contactid::automation::dc07::{Dc07Frame, Kind};
use contactid::automation::surgard::{Form, SurgardRecord, b32_read, b32_write};
use contactid::{AccountNumber, Strictness};
use proptest::prelude::*;

/// The letters of a layout with the texts for their places, from a supply of random characters.
fn filled(layout: &str, supply: &[u8]) -> Vec<(char, String)> {
    let mut supply = supply.iter().cycle().copied();
    let mut fields: Vec<(char, String)> = Vec::new();
    for letter in layout.chars().filter(char::is_ascii_uppercase) {
        let byte = supply.next().unwrap();
        let digit = char::from(b'0' + byte % 10);
        let written = match letter {
            'Q' => ['E', 'R', 'P'][usize::from(byte % 3)],
            'F' => ['C', 'U'][usize::from(byte % 2)],
            // Contact ID has digits here, and its layouts alone have three places of `X`.
            'X' | 'G' | 'C' if layout.contains('Q') => digit,
            'R' | 'L' | 'A' => digit,
            _ => char::from(byte),
        };
        match fields.iter_mut().find(|(known, _)| *known == letter) {
            Some((_, text)) => text.push(written),
            None => fields.push((letter, written.to_string())),
        }
    }
    fields
}

fn borrowed(fields: &[(char, String)]) -> Vec<(char, &str)> {
    fields.iter().map(|(letter, text)| (*letter, text.as_str())).collect()
}

fn of(fields: &[(char, String)], letter: char) -> String {
    fields.iter().find(|(known, _)| *known == letter).map(|(_, text)| text.clone()).unwrap_or_default()
}

/// Characters for the places of a layout; `@` marks heartbeats.
fn supply() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec((b'!'..=b'~').prop_filter("a heartbeat's mark", |byte| *byte != b'@'), 16)
}

/// Whatever bytes are read, they are written again where they have no quirk, and else as something that reads the same.
fn stable(bytes: &[u8]) {
    let (tolerant, strict) = (Strictness::Tolerant, Strictness::Strict);
    if let Ok(record) = SurgardRecord::parse(bytes, tolerant) {
        let written = record.encode();
        assert!(written == bytes || !record.quirks().is_empty());
        let again = SurgardRecord::parse(&written, tolerant).unwrap();
        assert_eq!((again.form(), again.body(), again.signals()), (record.form(), record.body(), record.signals()));
    }
    for dialect in [Dialect::Ademco685, Dialect::Caps, Dialect::CP220, Dialect::Fe100] {
        if let Ok(record) = Ademco685Record::parse(bytes, dialect, tolerant) {
            assert_eq!(record.encode(), bytes);
        }
    }
    if let Ok(record) = D6500Record::parse(bytes, tolerant) {
        let written = record.encode();
        assert!(written == bytes || !record.quirks().is_empty());
        let again = D6500Record::parse(&written, tolerant).unwrap();
        assert_eq!((again.form(), again.body(), again.signals()), (record.form(), record.body(), record.signals()));
    }
    if let Ok(frame) = Dc07Frame::parse(bytes, tolerant)
        && let Ok(written) = frame.encode()
    {
        assert!(written == bytes || !frame.quirks().is_empty());
        let again = Dc07Frame::parse(&written, strict).unwrap();
        assert_eq!((again.kind(), again.account(), again.data()), (frame.kind(), frame.account(), frame.data()));
    }
}

fn mutated(mut bytes: Vec<u8>, changes: &[(usize, u8)]) {
    for &(place, byte) in changes {
        let at = place % bytes.len();
        bytes[at] = byte;
        stable(&bytes);
    }
    for length in 0..bytes.len() {
        stable(&bytes[..length]);
    }
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8)>> {
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(&b" \r\n\x14@#|[]0AERPSa"[..])];
    proptest::collection::vec((any::<usize>(), byte), 1..6)
}

proptest! {
    /// Every layout of R161, with a line of one character and of three, plain and under B32.
    #[test]
    fn surgard(form in proptest::sample::select(Form::ALL), wide in any::<bool>(), supply in supply(), changes in changes()) {
        let Some(layout) = form.layout_text(if wide { 3 } else { 1 }) else { return Ok(()) };
        let fields = filled(layout, &supply);
        let rest: Vec<(char, &str)> =
            borrowed(&fields).into_iter().filter(|(letter, _)| !matches!(letter, 'R' | 'L')).collect();
        let (receiver, line) = (of(&fields, 'R'), of(&fields, 'L'));
        let bytes = form.write(&receiver, &line, &rest).unwrap();
        let record = SurgardRecord::parse(&bytes, Strictness::Strict).unwrap();
        prop_assert_eq!((record.form(), record.receiver(), record.line()), (form, &*receiver, &*line));
        for (letter, text) in &rest {
            prop_assert_eq!(&record.field(*letter), text);
        }
        let told: Option<AccountNumber> = rest.iter().find(|(letter, _)| *letter == 'A').map(|(_, text)| text.parse().unwrap());
        prop_assert_eq!(record.account(), told.filter(|_| form != Form::CallerId));
        prop_assert_eq!(record.encode(), &*bytes);
        let wrapped = b32_write(&bytes).unwrap();
        prop_assert_eq!(b32_read(&wrapped), Ok(&*bytes));
        mutated(bytes, &changes);
    }

    /// SIA in brackets, of Sur-Gard and of D6500.
    #[test]
    fn packets(told in "[0-9A-F]{1,16}", content in "[A-Z0-9/^* |]{0,40}", wide in any::<bool>(), changes in changes()) {
        let fields = [('A', &*told), ('N', &*content)];
        let line = if wide { "123" } else { "1" };
        let bytes = Form::Sia.write("01", line, &fields).unwrap();
        let record = SurgardRecord::parse(&bytes, Strictness::Strict).unwrap();
        prop_assert_eq!((record.form(), record.line()), (Form::Sia, line));
        prop_assert_eq!((record.account(), record.content()), (Some(told.parse().unwrap()), Some(content.as_bytes())));
        mutated(bytes, &changes);
        let bytes = d6500::write(d6500::Form::Sia, &[&[('R', "01"), ('L', "1")], &fields[..]].concat()).unwrap();
        let record = D6500Record::parse(&bytes, Strictness::Strict).unwrap();
        prop_assert_eq!((record.form(), record.account(), record.encode()), (d6500::Form::Sia, Some(told.parse().unwrap()), bytes.clone()));
        mutated(bytes, &changes);
    }

    #[test]
    fn d6500(
        (form, layout) in proptest::sample::select(&[
            (d6500::Form::Heartbeat, "RRL"),
            (d6500::Form::Plain, "RRLAAAAAAAAAAXXYYYY"),
            (d6500::Form::ContactId, "RRLAAAAQXXXGGCCC"),
            (d6500::Form::Robofon, "RRLAAAAAAXX"),
            (d6500::Form::Iti, "RRLATAAAAGIZZEWN"),
        ][..]),
        supply in supply(),
        changes in changes(),
    ) {
        let fields = filled(layout, &supply);
        let bytes = d6500::write(form, &borrowed(&fields)).unwrap();
        let record = D6500Record::parse(&bytes, Strictness::Strict).unwrap();
        let told: Option<AccountNumber> = fields.iter().find(|(letter, _)| *letter == 'A').map(|(_, text)| text.parse().unwrap());
        prop_assert_eq!((record.form(), record.account()), (form, told));
        prop_assert_eq!((record.receiver(), record.line()), (&*of(&fields, 'R'), &*of(&fields, 'L')));
        prop_assert_eq!(record.encode(), &*bytes);
        mutated(bytes, &changes);
    }

    #[test]
    fn ademco(
        (dialect, form, layout) in proptest::sample::select(&[
            (Dialect::Ademco685, ademco685::Form::Heartbeat, "RL"),
            (Dialect::Ademco685, ademco685::Form::FourOne, "RLAAAAE"),
            (Dialect::Ademco685, ademco685::Form::FourTwo, "RLAAAAEZ"),
            (Dialect::Ademco685, ademco685::Form::HighSpeed, "RLAAAACCCCCCCCC"),
            (Dialect::Ademco685, ademco685::Form::ContactId, "RLAAAAQXXXGGFCCC"),
            (Dialect::Caps, ademco685::Form::ContactId, "RLAAAAQXXXGGFCCC"),
            (Dialect::CP220, ademco685::Form::Fast, "RLAAAAXXX"),
            (Dialect::CP220, ademco685::Form::ContactId, "RLAAAAQXXXGGFCCC"),
            (Dialect::Fe100, ademco685::Form::ContactId, "AAAAQXXXFCCC"),
        ][..]),
        supply in supply(),
        changes in changes(),
    ) {
        let fields = filled(layout, &supply);
        let bytes = ademco685::write(dialect, form, &borrowed(&fields)).unwrap();
        let record = Ademco685Record::parse(&bytes, dialect, Strictness::Strict).unwrap();
        let told: Option<AccountNumber> = fields.iter().find(|(letter, _)| *letter == 'A').map(|(_, text)| text.parse().unwrap());
        prop_assert_eq!((record.form(), record.account()), (form, told));
        prop_assert_eq!((record.receiver(), record.line()), (&*of(&fields, 'R'), &*of(&fields, 'L')));
        prop_assert_eq!(record.encode(), &*bytes);
        mutated(bytes, &changes);
    }

    /// 4/2 as CAPS writes it: sixteen times the event plus the zone.
    #[test]
    fn caps(event in 1u8..16, zone in 0u8..16, told in "[0-9]{4}") {
        let [x, y, z] = caps_digits(event, zone).unwrap().map(String::from);
        let fields = [('R', "1"), ('L', "2"), ('A', &*told), ('X', &*x), ('Y', &*y), ('Z', &*z)];
        let bytes = ademco685::write(Dialect::Caps, ademco685::Form::Split, &fields).unwrap();
        let record = Ademco685Record::parse(&bytes, Dialect::Caps, Strictness::Strict).unwrap();
        prop_assert_eq!((record.account(), record.encode()), (Some(told.parse().unwrap()), bytes.clone()));
        let signals: Vec<_> = record.signals().iter().map(|signal| signal.number).collect();
        prop_assert_eq!(signals, [Some(u32::from(zone))]);
    }

    #[test]
    fn dc07(
        kind in any::<u8>(),
        sequence in 1u16..=9999,
        (receiver, line) in (0u8..100, 0u8..100),
        told in proptest::option::of("[0-9A-Z]{1,16}"),
        content in "[ -\\\\^-~]{0,100}",
        changes in changes(),
    ) {
        let told: Option<AccountNumber> = told.map(|told| told.parse().unwrap());
        let frame = Dc07Frame::new(Kind(kind), sequence, receiver, line, told, content.as_bytes()).unwrap();
        match frame.encode() {
            Ok(bytes) => {
                prop_assert_eq!(Dc07Frame::parse(&bytes, Strictness::Strict), Ok(frame));
                mutated(bytes, &changes);
            }
            // Only what would be read as an account cannot be written.
            Err(_) => prop_assert!(told.is_none() && content.starts_with('#')),
        }
    }
}
