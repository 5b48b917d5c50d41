//! Osborne-Hoffman, Texecom, Galaxy, ISECNet and VdS 2465: what is written reads back the same, and what is read is written
//! the same again, whatever happened to it.
#![cfg(feature = "aes")]
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

use contactid::cid::CidReport;
use contactid::galaxy::{GalaxySms, LineCheck};
use contactid::isecnet::{self, Channel, IsecnetFrame, Photo};
use contactid::oh::{self, OhKey, OhLine, masked_key};
use contactid::sia::{Block, Function};
use contactid::texecom::{self, PollFlags, TexecomMessage};
use contactid::vds::{self, Kind, Purpose, VdsFrame, VdsMessage, VdsRecord};
use contactid::{AccountNumber, CidMessage, EventCode, Key, Qualifier, Strictness};
use proptest::prelude::*;

const STRICT: Strictness = Strictness::Strict;
const TOLERANT: Strictness = Strictness::Tolerant;

fn message() -> impl Strategy<Value = CidMessage> {
    let qualifier = proptest::sample::select(&[Qualifier::New, Qualifier::Restore, Qualifier::Status][..]);
    (qualifier, 0..1000u16, 0..100u16, 0..1000u16).prop_map(|(qualifier, code, group, number)| {
        CidMessage::new(qualifier, EventCode::new(code).unwrap(), group, number).unwrap()
    })
}

fn account(pattern: &'static str) -> impl Strategy<Value = AccountNumber> {
    pattern.prop_map(|text| text.parse().unwrap())
}

/// Whatever bytes are read strictly, they are written again; others as something that reads the same.
fn stable(bytes: &[u8]) {
    if let Ok(message) = TexecomMessage::parse(bytes, TOLERANT) {
        let written = message.encode().unwrap();
        assert!(written == bytes || bytes == b"+++\r\n" || !message.quirks().is_empty());
        assert_eq!(TexecomMessage::parse(&written, TOLERANT).unwrap().signals(), message.signals());
    }
    // Zeros at the end filled the last block of the cipher.
    let plain = bytes.iter().rposition(|&byte| byte != 0).map_or(&[][..], |last| &bytes[..=last]);
    if let Ok(line) = OhLine::parse(plain, TOLERANT) {
        let written = line.encode();
        assert!(written == plain || !line.quirks().is_empty());
        let again = OhLine::parse(&written, TOLERANT).unwrap();
        assert_eq!((again.content, again.account(), again.signals()), (line.content, line.account(), line.signals()));
    }
    if let Ok(frame) = IsecnetFrame::parse(bytes, TOLERANT) {
        let written = frame.encode();
        assert!(written == bytes || !frame.quirks().is_empty());
        assert_eq!(IsecnetFrame::parse(&written, TOLERANT).unwrap().content, frame.content);
    }
    if let Ok(check) = LineCheck::parse(bytes) {
        assert_eq!(check.encode()[..], *bytes);
    }
    if let Ok(sms) = GalaxySms::parse(bytes) {
        assert_eq!(GalaxySms::parse(&sms.encode()), Ok(sms));
    }
    if let Ok(frame) = VdsFrame::parse(bytes, None, TOLERANT) {
        let written = frame.encode(None).unwrap();
        let again = VdsFrame::parse(&written, None, TOLERANT).unwrap();
        assert_eq!((again.record_bytes(), again.purpose), (frame.record_bytes(), frame.purpose));
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
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(&b" \r\n\0|[]#0Aaf+"[..])];
    proptest::collection::vec((any::<usize>(), byte), 1..6)
}

proptest! {
    #[test]
    fn osborne_hoffman(
        sequence in 0u16..10_000,
        (receiver, line) in ("[0-9A-F]{4}", "[0-9A-F]{4}"),
        told in "[0-9A-F]{1,16}",
        content in "N[A-Z]{2}[0-9]{0,4}(\\*'[A-Z a-z]{0,9}'NM)?",
        tail in "([0-9A-F]{16}\\|#[0-9]{6})?",
        changes in changes(),
    ) {
        let text = oh::write_report(sequence, &receiver, &line, &told, content.as_bytes(), tail.as_bytes()).unwrap();
        let read = OhLine::parse(&text, TOLERANT).unwrap();
        let (content, tail) = (content.as_bytes(), tail.as_bytes());
        prop_assert_eq!(read.content, oh::Content::Report { sequence, content, tail });
        prop_assert_eq!((read.receiver(), read.line(), read.account()), (&*receiver, &*line, Some(told.parse().unwrap())));
        prop_assert_eq!(read.encode(), &*text);
        // Under 3DES: zeros fill the last block.
        let key = OhKey::new(&masked_key([sequence as u8; 24]));
        let opened = key.open_line(&key.seal(&text)).unwrap();
        prop_assert_eq!(OhLine::parse(&opened, TOLERANT), Ok(read));
        mutated(text, &changes);
    }

    #[test]
    fn texecom(
        told in account("[1-9B-F][0-9B-F]{3}"),
        message in message(),
        flags in any::<u8>(),
        blocks in proptest::collection::vec((0x20u8..0x7F, proptest::collection::vec(any::<u8>(), 0..63)), 0..6),
        changes in changes(),
    ) {
        let report = CidReport::new(told, message).unwrap();
        // A message ends with the end of data, and has it nowhere else.
        let blocks = blocks.iter().map(|(function, inside)| (Function(*function), &inside[..]));
        let blocks = blocks.filter(|(function, _)| *function != Function::END_OF_DATA);
        let blocks = blocks.chain([(Function::END_OF_DATA, &[][..])]);
        let blocks: Vec<_> = blocks.map(|(function, inside)| Block::new(function, inside).unwrap()).collect();
        for content in [
            texecom::Content::Poll { account: told, flags: PollFlags(flags) },
            texecom::Content::ContactId(report),
            texecom::Content::Sia(blocks),
            texecom::Content::End,
        ] {
            let message = TexecomMessage::new(content);
            let bytes = message.encode().unwrap();
            prop_assert_eq!(TexecomMessage::parse(&bytes, STRICT), Ok(message.clone()));
            mutated(bytes, &changes);
        }
    }

    #[test]
    fn galaxy(
        told in account("[0-9A-F]{1,8}"),
        (time, interval_secs) in any::<(u32, u32)>(),
        content in "N[A-Z]{2}[0-9]{0,4}(/ti[0-9]{2}:[0-9]{2})?(/A[A-Z +.]{0,12}\\.)?",
        changes in changes(),
    ) {
        let check = LineCheck::new(told, time, interval_secs).unwrap();
        prop_assert_eq!(LineCheck::parse(&check.encode()), Ok(check));
        prop_assert_eq!(check.account(), Some(told));
        mutated(check.encode().to_vec(), &changes);
        let text = format!(">#{told} {content}");
        let sms = GalaxySms::parse(text.as_bytes()).unwrap();
        prop_assert_eq!((sms.account(), sms.content(), sms.encode()), (Some(told), content.as_bytes(), text.clone().into_bytes()));
        mutated(text.into_bytes(), &changes);
    }

    #[test]
    fn isecnet(
        (channel, digits, mac_tail) in any::<(u8, [u8; 4], [u8; 3])>(),
        message in message(),
        photo in proptest::option::of(any::<(u16, u8)>()),
        held in proptest::collection::vec(any::<u8>(), 0..246),
        kind in any::<u8>().prop_filter("a type that is known", |kind| ![0x80, 0x94, 0xB0, 0xB5].contains(kind)),
        changes in changes(),
    ) {
        let account = digits.map(|digit| digit % 15 + 1);
        for content in [
            isecnet::Content::Heartbeat,
            isecnet::Content::Identification { channel: Channel(channel), account: [digits[0], digits[1]], mac_tail },
            isecnet::Content::Event {
                channel: Channel(channel),
                account,
                message,
                photo: photo.map(|(index, count)| Photo { index, count }),
            },
            isecnet::Content::Time(&held),
            isecnet::Content::Other { kind, bytes: &held },
        ] {
            let frame = IsecnetFrame::new(content);
            let bytes = frame.encode();
            prop_assert_eq!(IsecnetFrame::parse(&bytes, STRICT), Ok(frame));
            prop_assert_eq!(IsecnetFrame::length(&bytes), Some(bytes.len()));
            mutated(bytes, &changes);
        }
    }

    #[test]
    fn vds(
        (sent, received, key_number) in any::<(u32, u32, u16)>(),
        purpose in any::<u8>(),
        records in proptest::collection::vec((any::<u8>(), proptest::collection::vec(any::<u8>(), 0..40)), 0..6),
        told in account("[0-9A-E]{1,16}"),
        (place, address, extra, kind, event) in any::<(u8, u8, u8, u8, u8)>(),
        changes in changes(),
    ) {
        let message = VdsMessage { device: place >> 4, area: place & 15, address, extra, kind, event };
        let ident = vds::ident_record(told).unwrap();
        prop_assert_eq!(vds::ident(&ident), Some(told));
        let mut all = vec![(Kind::IDENT, ident), (Kind::MESSAGE, message.encode().to_vec())];
        all.extend(records.into_iter().map(|(kind, bytes)| (Kind(kind), bytes)));
        let all: Vec<VdsRecord<'_>> = all.iter().map(|(kind, bytes)| VdsRecord { kind: *kind, bytes }).collect();
        let mut written = Vec::new();
        all.iter().for_each(|record| record.encode_into(&mut written));
        let key = Key::new(&[purpose; 16]).unwrap();
        for purpose in [Purpose(purpose), Purpose::DATA] {
            let frame = VdsFrame::new(purpose, sent, received, &written).unwrap().under(key_number);
            let bytes = frame.encode(Some(&key)).unwrap();
            let read = VdsFrame::parse(&bytes, Some(&key), STRICT).unwrap();
            prop_assert_eq!(&read, &frame);
            prop_assert_eq!(read.records().collect::<Vec<_>>(), &*all);
            prop_assert_eq!((read.account(), all[1].message()), (Some(told), Some(message)));
            mutated(frame.under(0).encode(None).unwrap(), &changes);
        }
    }
}
