//! Digits of a telephone line: what is written reads back the same, and what is read is written the same again.
#![allow(clippy::unwrap_used, reason = "a test stops where its digits do not read")]

use contactid::cesa::CesaMessage;
use contactid::cid::text::{
    BracketReport, CsvChecksum, CsvReport, EldesCheck, EldesReport, SerialPrefix, SerialReport, TextForm, TextSplitter,
};
use contactid::cid::{
    AdemcoReport, ChannelForm, ChannelReport, CidReport, ExpressCode, ExpressReport, MessageType, check_digit,
};
use contactid::dtmf::Digit;
use contactid::line::pulse::{PulseLayout, PulseReport};
use contactid::robofon::{BlockCheck, ParityBit, RobofonFrame};
use contactid::scancom::ScancomReport;
use contactid::{AccountNumber, CidMessage, EventCode, Qualifier, Strictness};
use proptest::prelude::*;

fn digit() -> impl Strategy<Value = Digit> {
    (0u8..16).prop_filter_map("no digit of the format", |number| Digit::new(number).filter(|_| number != 10))
}

fn account(pattern: &'static str) -> impl Strategy<Value = AccountNumber> {
    pattern.prop_map(|text| text.parse().unwrap())
}

fn message() -> impl Strategy<Value = CidMessage> {
    let qualifier = prop_oneof![Just(Qualifier::New), Just(Qualifier::Restore), Just(Qualifier::Status)];
    (qualifier, 0..1000u16, 0..100u16, 0..1000u16).prop_map(|(qualifier, code, group, number)| {
        CidMessage::new(qualifier, EventCode::new(code).unwrap(), group, number).unwrap()
    })
}

fn report() -> impl Strategy<Value = CidReport> {
    let message_type = prop_oneof![Just(MessageType::Preferred), Just(MessageType::Optional)];
    (account("[0-9B-F]{4}"), message(), message_type)
        .prop_map(|(account, message, message_type)| CidReport::new(account, message).unwrap().with_type(message_type))
}

fn ademco() -> impl Strategy<Value = AdemcoReport> {
    let code = prop_oneof![
        digit().prop_map(ExpressCode::One),
        (digit(), digit()).prop_map(|(first, second)| ExpressCode::Two([first, second])),
    ];
    let form = prop_oneof![Just(ChannelForm::HighSpeed), Just(ChannelForm::SuperFast)];
    let channels = proptest::array::uniform8(digit());
    prop_oneof![
        report().prop_map(AdemcoReport::ContactId),
        (account("[0-9B-F]{4}"), code)
            .prop_map(|(account, code)| AdemcoReport::Express(ExpressReport::new(account, code).unwrap())),
        (form, account("[0-9B-F]{4}"), channels, digit()).prop_map(|(form, account, channels, status)| {
            AdemcoReport::Channels(ChannelReport::new(form, account, channels, status).unwrap())
        }),
    ]
}

fn scancom() -> impl Strategy<Value = ScancomReport> {
    let channels = (1..=3usize).prop_flat_map(|eights| proptest::collection::vec(digit(), eights * 8));
    (account("[0-9B-F]{4,6}"), channels, digit())
        .prop_map(|(account, channels, status)| ScancomReport::new(account, &channels, status).unwrap())
}

fn pulse() -> impl Strategy<Value = PulseReport> {
    let of = |layout, pattern, zoned: bool| {
        (account(pattern), digit(), digit()).prop_map(move |(account, event, zone)| {
            PulseReport::new(layout, account, event, zoned.then_some(zone)).unwrap()
        })
    };
    prop_oneof![
        of(PulseLayout::ThreeOne, "[0-9B-F]{3}", false),
        of(PulseLayout::FourOne, "[0-9B-F]{4}", false),
        of(PulseLayout::FourTwo, "[0-9B-F]{4}", true),
        of(PulseLayout::ExtendedThreeOne, "[0-9B-F]{3}", true),
    ]
}

/// The same for digits as a tone decoder gives them.
fn dialled(heard: &[Digit]) -> Vec<Vec<Digit>> {
    const AS_IT_COMES: Strictness = Strictness::Tolerant;
    let written = [
        AdemcoReport::from_digits(heard, AS_IT_COMES).ok().map(|read| read.digits()),
        ScancomReport::from_digits(heard, AS_IT_COMES).ok().map(|read| read.digits().to_vec()),
        PulseReport::from_round(heard).ok().map(|read| read.rounds().concat()),
    ];
    written.into_iter().flatten().collect()
}

/// What every format does to bytes: reads them, if it can, and writes them again.
fn again(bytes: &[u8]) -> Vec<Vec<u8>> {
    const AS_IT_COMES: Strictness = Strictness::Tolerant;
    let written = [
        AdemcoReport::parse(bytes, AS_IT_COMES).ok().map(|read| read.encode()),
        ScancomReport::parse(bytes, AS_IT_COMES).ok().map(|read| read.encode()),
        PulseReport::parse(bytes, AS_IT_COMES).ok().map(|read| read.encode()),
        SerialReport::parse(bytes, AS_IT_COMES).ok().map(|read| read.encode()),
        BracketReport::parse(bytes, AS_IT_COMES).ok().map(|read| read.encode()),
        CsvReport::parse(bytes, CsvChecksum::Absent, AS_IT_COMES).ok().map(|read| read.encode()),
        CsvReport::parse(bytes, CsvChecksum::LastField, AS_IT_COMES).ok().map(|read| read.encode()),
        EldesReport::parse(bytes, EldesCheck::Ignored, AS_IT_COMES).ok().map(|read| read.encode().to_vec()),
        RobofonFrame::parse(bytes, BlockCheck::Ignored, AS_IT_COMES).ok().map(|read| read.encode().to_vec()),
        CesaMessage::parse(bytes, AS_IT_COMES).ok().map(|read| read.encode().to_vec()),
    ];
    written.into_iter().flatten().collect()
}

#[test]
fn every_code_in_sixteen_digits() {
    for code in (0..1000).filter_map(EventCode::new) {
        for qualifier in [Qualifier::New, Qualifier::Restore, Qualifier::Status] {
            let said = CidMessage::new(qualifier, code, 0, 0).unwrap();
            let report = CidReport::new("1234".parse().unwrap(), said).unwrap();
            assert_eq!(CidReport::parse(&report.encode(), Strictness::Strict), Ok(report));
            assert_eq!((*report.message(), report.signal()), (said, said.signal()));
        }
    }
}

proptest! {
    #[test]
    fn ademco_formats(report in ademco()) {
        let written = report.encode();
        prop_assert_eq!(AdemcoReport::parse(&written, Strictness::Strict), Ok(report));
        prop_assert_eq!(AdemcoReport::from_digits(&report.digits(), Strictness::Strict), Ok(report));
        prop_assert!(report.signals().next().is_some());
    }

    /// A single digit that is changed shows, unless it counts the same.
    #[test]
    fn a_changed_digit_shows(report in report(), place in 0..16usize, to in 0..16u8) {
        let mut digits = report.digits();
        let to = Digit::new(to).unwrap();
        prop_assume!(digits[place].value() % 15 != to.value() % 15);
        digits[place] = to;
        prop_assert!(CidReport::from_digits(&digits, Strictness::Tolerant).is_err());
    }

    #[test]
    fn scancom_reports(report in scancom()) {
        prop_assert_eq!(ScancomReport::parse(&report.encode(), Strictness::Strict), Ok(report));
        prop_assert_eq!(ScancomReport::from_digits(report.digits(), Strictness::Strict), Ok(report));
    }

    #[test]
    fn pulse_reports(report in pulse()) {
        let rounds = report.rounds();
        let read = match rounds.as_slice() {
            [round] => PulseReport::from_round(round),
            rounds => PulseReport::from_extended(&rounds[0], &rounds[1]),
        };
        prop_assert_eq!(read, Ok(report));
        if rounds.len() == 1 {
            prop_assert_eq!(PulseReport::parse(&report.encode(), Strictness::Strict), Ok(report));
        }
    }

    #[test]
    fn texts(
        report in report(),
        check in digit(),
        subscriber in "[!-Z^-~]{1,20}",
        tail in "[^\\[\\]]{0,30}",
        fields in proptest::array::uniform4("[ -+\\--~]{0,20}"),
        checksum in proptest::option::of("[ -+\\--~]{0,8}"),
    ) {
        for prefix in [SerialPrefix::Long, SerialPrefix::Short] {
            let whole = SerialReport::new(prefix, report);
            prop_assert_eq!(SerialReport::parse(&whole.encode(), Strictness::Strict), Ok(whole));
        }
        let whole = EldesReport::new(report, check);
        prop_assert_eq!(EldesReport::parse(&whole.encode(), EldesCheck::Ignored, Strictness::Strict), Ok(whole));

        let (message_type, message) = (report.message_type(), *report.message());
        let whole = BracketReport::new(&subscriber, message_type, message, check, tail.as_bytes()).unwrap();
        let written = whole.encode();
        prop_assert_eq!(BracketReport::parse(&written, Strictness::Strict), Ok(whole));

        let [user, password, client, message] = &fields;
        let whole = CsvReport::new([user, password, client, message], checksum.as_deref()).unwrap();
        let (written, rule) = (whole.encode(), if checksum.is_some() { CsvChecksum::LastField } else { CsvChecksum::Absent });
        prop_assert_eq!(CsvReport::parse(&written, rule, Strictness::Strict), Ok(whole));
    }

    #[test]
    fn robofon_and_cesa(
        six in account("[0-9A-Z]{6}"),
        code in "[0-9A-Z]{2}",
        check in 0..128u8,
        stripped: bool,
        five in account("[0-9A-Z]{5}"),
        event in 0..10u8,
        zone in 0..100u8,
    ) {
        let parity = if stripped { ParityBit::Stripped } else { ParityBit::Odd };
        let frame = RobofonFrame::new(six, code.as_bytes().try_into().unwrap(), check).unwrap().with_parity(parity);
        prop_assert_eq!(RobofonFrame::parse(&frame.encode(), BlockCheck::Ignored, Strictness::Strict), Ok(frame));
        let message = CesaMessage::new(five, event, zone).unwrap();
        prop_assert_eq!(CesaMessage::parse(&message.encode(), Strictness::Strict), Ok(message));
    }

    /// Digits of any kind and number, most of them with a check digit that holds.
    #[test]
    fn any_digits_come_to_rest(
        before in proptest::collection::vec(0..16u8, 0..40),
        type_of in proptest::option::of(prop::sample::select(vec!["17", "18", "27", "55", "56", "98"])),
        summed in prop::bool::weighted(0.8),
    ) {
        let mut heard: Vec<Digit> = before.into_iter().filter_map(Digit::new).collect();
        for (place, written) in heard.iter_mut().skip(4).zip(type_of.unwrap_or_default().chars()) {
            *place = Digit::from_char(written).unwrap();
        }
        if let (true, Some((last, before))) = (summed, heard.split_last_mut()) {
            *last = check_digit(before);
        }
        for once in dialled(&heard) {
            prop_assert!(dialled(&once).contains(&once), "{once:?}");
        }
    }

    #[test]
    fn any_bytes_come_to_rest(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        for once in again(&bytes) {
            prop_assert!(again(&once).contains(&once), "{bytes:?}");
        }
        for form in [TextForm::Serial, TextForm::Bracket, TextForm::Bare, TextForm::Csv] {
            let mut splitter = TextSplitter::new(form);
            splitter.push(&bytes);
            while let Some(record) = splitter.pop() {
                prop_assert!(!record.is_empty() && record.len() <= bytes.len());
            }
        }
    }

    /// What could be read of mangled bytes is written once, and then stays as it is.
    #[test]
    fn mangled_bytes_come_to_rest(
        start in prop_oneof![
            ademco().prop_map(|report| report.encode()),
            scancom().prop_map(|report| report.encode()),
            pulse().prop_map(|report| report.encode()),
            report().prop_map(|report| SerialReport::new(SerialPrefix::Long, report).encode()),
            Just(b"[CID2 181401010012843]".to_vec()),
            Just(b"arc,secret,1234,1234181131010158".to_vec()),
            Just(b"31234181131010157".to_vec()),
            Just(b"U123456700\x03\x2E".to_vec()),
            Just(b"1234510700000000".to_vec()),
        ],
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let mut bytes = start;
        for (place, byte) in edits {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        for once in again(&bytes) {
            prop_assert!(again(&once).contains(&once), "{:?}", String::from_utf8_lossy(&once));
        }
    }
}
