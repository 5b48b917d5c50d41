//! DC-03 and the links that carry it: what is written reads back the same, and what is read is written the same again.
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

use contactid::cid::CidReport;
use contactid::galaxy::{GalaxySms, LineCheck};
use contactid::sia::{self, Block, Control, Function, Unit, Units};
use contactid::texecom::{Content, PollFlags, TexecomMessage};
use contactid::{
    AccountNumber, CidMessage, EventCode, Modifiers, Qualifier, SiaCode, SiaEvent, SiaMessage, Strictness,
};
use proptest::prelude::*;

fn account(pattern: &'static str) -> impl Strategy<Value = AccountNumber> {
    pattern.prop_map(|text| text.parse().unwrap())
}

fn code() -> impl Strategy<Value = SiaCode> {
    "[A-Z]{2}".prop_map(|letters| SiaCode::new(letters.as_bytes().try_into().unwrap()).unwrap())
}

/// A block as raw parts: function, data, flags.
fn parts() -> impl Strategy<Value = (u8, Vec<u8>, bool, bool)> {
    (any::<u8>(), proptest::collection::vec(any::<u8>(), 0..=Block::DATA_MAX), any::<bool>(), any::<bool>())
}

fn units() -> impl Strategy<Value = Units> {
    let unit = proptest::option::of(proptest::sample::select(Unit::ALL));
    (0..1_000_000u32, unit).prop_map(|(value, unit)| Units { value, unit })
}

/// The values of the modifiers, in the order in which DC-03 lists them.
fn values() -> impl Strategy<Value = Vec<Option<String>>> {
    let number = || proptest::option::of("[0-9]{1,4}");
    (
        proptest::option::of("[0-9]{2}-[0-9]{2}-[0-9]{2}"),
        proptest::option::of("[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
        proptest::collection::vec(number(), 12),
    )
        .prop_map(|(date, time, rest)| [date, time].into_iter().chain(rest).collect())
}

fn modifiers(values: &[Option<String>]) -> Modifiers<'_> {
    let value = |place: usize| values[place].as_deref();
    Modifiers {
        date: value(0),
        time: value(1),
        user: value(2),
        area: value(3),
        peripheral: value(4),
        automatic: value(5),
        telephone: value(6),
        level: value(7),
        value: value(8),
        path: value(9),
        route_group: value(10),
        sub_subscriber: value(11),
        camera: value(12),
        pictures: value(13),
    }
}

const ADDRESS: &str = "([0-9A-F]{1,4}([:-][0-9A-F]{1,4}){0,2})?";

/// Bytes with one of them changed, left out or doubled.
fn mutated(mut bytes: Vec<u8>, place: usize, with: u8, how: u8) -> Vec<u8> {
    if bytes.is_empty() {
        return vec![with];
    }
    let place = place % bytes.len();
    match how % 3 {
        0 => bytes[place] = with,
        1 => drop(bytes.remove(place)),
        _ => bytes.insert(place, with),
    }
    bytes
}

proptest! {
    #[test]
    fn blocks((function, written, asks, reverse) in parts()) {
        let block = Block::new(Function(function), &written).unwrap().with_flags(asks, reverse);
        let bytes = block.encode();
        let read = Block::parse(&bytes, Strictness::Tolerant).unwrap();
        prop_assert_eq!((read.function(), read.data()), (block.function(), block.data()));
        prop_assert_eq!((read.asks_for_answer(), read.opens_reverse_channel()), (asks, reverse));
        prop_assert_eq!(read.encode(), &bytes[..]);
        prop_assert_eq!(bytes.iter().fold(0, |sum, byte| sum ^ byte), 0xFF);
    }

    #[test]
    fn blocks_one_behind_the_other(all in proptest::collection::vec(parts(), 0..6)) {
        let made: Vec<Block<'_>> = all
            .iter()
            .map(|(function, written, asks, reverse)| {
                Block::new(Function(*function), written).unwrap().with_flags(*asks, *reverse)
            })
            .collect();
        let bytes: Vec<u8> = made.iter().flat_map(Block::encode).collect();
        let read: Vec<_> = sia::blocks(&bytes, Strictness::Tolerant).map(|block| block.unwrap().encode()).collect();
        prop_assert_eq!(read, made.iter().map(Block::encode).collect::<Vec<_>>());
    }

    #[test]
    fn mutated_blocks(parts in parts(), place: usize, with: u8, how: u8) {
        let (function, written, asks, reverse) = parts;
        let bytes = Block::new(Function(function), &written).unwrap().with_flags(asks, reverse).encode();
        let bytes = mutated(bytes, place, with, how);
        if let Ok(block) = Block::parse(&bytes, Strictness::Tolerant) {
            prop_assert_eq!(block.encode(), bytes);
        }
    }

    #[test]
    fn events(
        block in proptest::sample::select(vec!['N', 'O', 'E', 'I']),
        code in code(),
        address in ADDRESS,
        units in proptest::option::of(units()),
        values in values(),
        text in proptest::option::of("[ -\\]_-{}~é]{0,20}"),
    ) {
        let units = units.map(|units| units.to_string());
        let event = SiaEvent {
            block,
            code,
            address: &address,
            units: units.as_deref(),
            modifiers: modifiers(&values),
            text: text.as_deref().map(Into::into),
        };
        let written = event.to_string();
        let read = SiaMessage::parse(written.as_bytes()).unwrap();
        prop_assert!(read.quirks().is_empty());
        prop_assert_eq!(read.events, [event]);
    }

    #[test]
    fn mutated_events(
        code in code(),
        address in ADDRESS,
        values in values(),
        place: usize,
        with: u8,
        how: u8,
    ) {
        let event = SiaEvent { address: &address, modifiers: modifiers(&values), ..SiaEvent::new(code) };
        let bytes = mutated(event.to_string().into_bytes(), place, with, how);
        let read = SiaMessage::parse(&bytes).unwrap_or_default();
        for event in read.events.iter().filter(|event| event.units.is_none() && event.text.is_none()) {
            let written = event.to_string();
            let again = SiaMessage::parse(written.as_bytes()).unwrap();
            prop_assert_eq!(&again.events[..], std::slice::from_ref(event), "{}", written);
        }
    }

    #[test]
    fn measured_values(units in units()) {
        prop_assert_eq!(units.to_string().parse(), Ok(units));
    }

    #[test]
    fn commands(
        code in code(),
        object in "[0-9A-F]{0,6}",
        value in proptest::option::of("[0-9]{0,4}"),
        text in proptest::option::of("[ -.0-\\]_~]{0,10}"),
    ) {
        let control =
            Control { code, object: &object, value: value.as_deref(), text: text.as_deref().map(Into::into) };
        let written = control.to_string();
        prop_assert_eq!(Control::parse(written.as_bytes()), Some(control));
    }

    #[test]
    fn texecom_polls(account in account("[0-9A-F]{3,6}"), flags: u8) {
        stays(TexecomMessage::new(Content::Poll { account, flags: PollFlags(flags) }));
    }

    #[test]
    fn texecom_contact_id(
        account in account("[0-9B-F]{4}"),
        event in 0..1000u16,
        group in 0..100u16,
        number in 0..1000u16,
    ) {
        let message = CidMessage::new(Qualifier::Restore, EventCode::new(event).unwrap(), group, number).unwrap();
        stays(TexecomMessage::new(Content::ContactId(CidReport::new(account, message).unwrap())));
    }

    #[test]
    fn texecom_blocks(texts in proptest::collection::vec("[ -~]{0,30}", 0..5)) {
        let mut blocks: Vec<Block<'_>> = texts
            .iter()
            .map(|text| Block::new(Function::TEXT, text.as_bytes()).unwrap().with_flags(true, true))
            .collect();
        blocks.push(Block::new(Function::END_OF_DATA, b"").unwrap());
        stays(TexecomMessage::new(Content::Sia(blocks)));
    }

    #[test]
    fn mutated_texecom(which in 0..3usize, place: usize, with: u8, how: u8) {
        let whole = [
            &b"21AAA18113001004F\r\n"[..],
            b"POLL1000#\0\0\0\0\r\n",
            b"3\xC4#1000\x19\xC8Nri1CL001m\xC3ABob2@0\x8F\r\n",
        ];
        let bytes = mutated(whole[which].to_vec(), place, with, how);
        if let Ok(message) = TexecomMessage::parse(&bytes, Strictness::Tolerant) {
            let written = message.encode().unwrap();
            let again = TexecomMessage::parse(&written, Strictness::Tolerant).unwrap();
            prop_assert_eq!((again.account(), again.signals()), (message.account(), message.signals()));
            prop_assert_eq!(again.encode().unwrap(), &written[..]);
        }
    }

    #[test]
    fn galaxy_line_checks(account in account("[0-9A-F]{3,8}"), time: u32, interval: u32, tail: [u8; 2]) {
        let mut check = LineCheck::new(account, time, interval).unwrap();
        check.tail = tail;
        prop_assert_eq!(LineCheck::parse(&check.encode()), Ok(check));
        prop_assert_eq!(check.account(), Some(account));
    }

    #[test]
    fn galaxy_texts(account in account("[0-9A-F]{3,8}"), content in proptest::collection::vec(any::<u8>(), 3..60)) {
        let sms = GalaxySms::new(account, &content).unwrap();
        let bytes = sms.encode();
        prop_assert_eq!(GalaxySms::parse(&bytes), Ok(sms));
    }
}

/// Written, and read back strictly, it is the same.
fn stays(message: TexecomMessage<'_>) {
    let bytes = message.encode().unwrap();
    assert_eq!(TexecomMessage::parse(&bytes, Strictness::Strict), Ok(message));
}
