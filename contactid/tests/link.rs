//! The link between a receiver and its automation: exchanges, and both ends over a bad line.
#![allow(clippy::unwrap_used, reason = "a test stops where a link does not answer")]

use std::collections::BTreeMap;

use contactid::automation::ademco685::Dialect;
use contactid::automation::dc07::{Dc07Frame, Kind};
use contactid::automation::native::{Maker, VByte};
use contactid::automation::surgard::b32_write;
use contactid::cid::CidReport;
use contactid::isecnet::{self, Channel, IsecnetFrame};
use contactid::link::{
    Arrival, Framing, LinkTiming, Profile, RecordSplitter, Sender, SenderInput, SenderOutput, Taker, TakerInput,
    TakerOutput,
};
use contactid::oh::write_report;
use contactid::{Check, CidMessage, EventCode, Qualifier, RecordError};
use proptest::prelude::*;

const ALARM: &[u8] = b"5011 181234E12101001\x14";
const HEARTBEAT: &[u8] = b"1011           @    \x14";

fn sent(sender: &mut Sender, now_ms: u64, input: SenderInput<'_>) -> Vec<SenderOutput> {
    sender.handle(now_ms, input);
    std::iter::from_fn(|| sender.poll()).collect()
}

fn taken(taker: &mut Taker, now_ms: u64, input: TakerInput<'_>) -> Vec<TakerOutput> {
    taker.handle(now_ms, input);
    std::iter::from_fn(|| taker.poll()).collect()
}

fn record(ticket: u64, record: &[u8], repeats: Option<u64>) -> TakerOutput {
    TakerOutput::Record(Arrival { ticket, record: record.to_vec(), repeats })
}

/// R161: an answer within 4 s, else again, three times; then the link is down, and heartbeats try it every 30 s.
#[test]
fn four_tries_and_down_and_up_again() {
    let mut sender = Sender::new(Profile::surgard(), 0);
    assert_eq!(sender.queue(ALARM.to_vec()), Some(1));
    let once = vec![SenderOutput::Send(ALARM.to_vec())];
    let beat = vec![SenderOutput::Send(HEARTBEAT.to_vec())];
    assert_eq!(sent(&mut sender, 0, SenderInput::Time), once);
    assert_eq!(sender.deadline(), 4_000);
    assert_eq!(sent(&mut sender, 4_000, SenderInput::Time), once);
    // A refusal is answered at once, and counts as a try.
    assert_eq!(sent(&mut sender, 5_000, SenderInput::Bytes(b"\x15")), once);
    assert_eq!(sent(&mut sender, 9_000, SenderInput::Time), once);
    assert_eq!(sent(&mut sender, 13_000, SenderInput::Time), [SenderOutput::Down]);
    assert_eq!((sender.is_down(), sender.waiting(), sender.deadline()), (true, 1, 43_000));
    assert_eq!(sent(&mut sender, 43_000, SenderInput::Time), beat);
    assert_eq!(sent(&mut sender, 47_000, SenderInput::Time), []);
    assert_eq!(sender.deadline(), 77_000);
    assert_eq!(sent(&mut sender, 77_000, SenderInput::Time), beat);
    assert_eq!(
        sent(&mut sender, 77_500, SenderInput::Bytes(b"\x06")),
        [SenderOutput::Up, SenderOutput::Send(ALARM.to_vec())]
    );
    assert_eq!(sent(&mut sender, 77_600, SenderInput::Bytes(b"?\x06")), [SenderOutput::Delivered(1)]);
    assert_eq!((sender.is_down(), sender.waiting(), sender.deadline()), (false, 0, 107_600));
}

#[test]
fn nothing_is_acknowledged_before_it_is_stored() {
    let mut taker = Taker::new(Profile::surgard(), 0);
    assert_eq!(taken(&mut taker, 0, TakerInput::Bytes(ALARM)), [record(1, ALARM, None)]);
    // The store is slow, and the receiver repeats: one answer for both.
    assert_eq!(taken(&mut taker, 4_000, TakerInput::Bytes(ALARM)), []);
    assert_eq!(taken(&mut taker, 5_000, TakerInput::Stored(1)), [TakerOutput::Send(b"\x06".to_vec())]);
    // The answer was lost: what comes again is reported with what it may repeat.
    assert_eq!(taken(&mut taker, 9_000, TakerInput::Bytes(ALARM)), [record(2, ALARM, Some(1))]);
    assert_eq!(taken(&mut taker, 9_100, TakerInput::Stored(2)), [TakerOutput::Send(b"\x06".to_vec())]);
    // Much later it is another event.
    assert_eq!(taken(&mut taker, 60_000, TakerInput::Bytes(ALARM)), [record(3, ALARM, None)]);
    // Not stored: silence, and the repeat is the first.
    assert_eq!(taken(&mut taker, 60_100, TakerInput::NotStored(3)), []);
    assert_eq!(taken(&mut taker, 64_000, TakerInput::Bytes(ALARM)), [record(4, ALARM, None)]);
    // However long the store takes, one record has one answer: a second would acknowledge the record behind it.
    assert_eq!(taken(&mut taker, 100_000, TakerInput::Bytes(ALARM)), []);
    assert_eq!(taken(&mut taker, 100_001, TakerInput::Stored(4)), [TakerOutput::Send(b"\x06".to_vec())]);
}

#[test]
fn what_is_damaged_is_refused_and_what_is_silent_is_down() {
    let mut taker = Taker::new(Profile::surgard(), 0);
    assert_eq!(
        taken(&mut taker, 0, TakerInput::Bytes(b"5011 181234E1210\x14")),
        [TakerOutput::Send(b"\x15".to_vec()), TakerOutput::Refused(RecordError::Length { expected: 20, found: 16 })]
    );
    assert_eq!(taken(&mut taker, 10, TakerInput::Bytes(HEARTBEAT)), [TakerOutput::Send(b"\x06".to_vec())]);
    assert_eq!(taker.deadline(), Some(76_010));
    assert_eq!(taken(&mut taker, 76_009, TakerInput::Time), []);
    assert_eq!(taken(&mut taker, 76_010, TakerInput::Time), [TakerOutput::Down]);
    assert_eq!((taker.deadline(), taken(&mut taker, 99_000, TakerInput::Time)), (None, vec![]));
    assert_eq!(
        taken(&mut taker, 99_000, TakerInput::Bytes(HEARTBEAT)),
        [TakerOutput::Up, TakerOutput::Send(b"\x06".to_vec())]
    );
}

/// The length header goes both ways.
#[test]
fn b32() {
    let alarm = b32_write(ALARM).unwrap();
    let mut sender = Sender::new(Profile::b32(), 0);
    sender.queue(alarm.clone());
    assert_eq!(sent(&mut sender, 0, SenderInput::Time), [SenderOutput::Send(alarm.clone())]);
    let mut taker = Taker::new(Profile::b32(), 0);
    assert_eq!(taken(&mut taker, 0, TakerInput::Bytes(&alarm)), [record(1, &alarm, None)]);
    let answer = vec![0, 0, 0, 5, 6];
    assert_eq!(taken(&mut taker, 0, TakerInput::Stored(1)), [TakerOutput::Send(answer.clone())]);
    assert_eq!(sent(&mut sender, 9, SenderInput::Bytes(&answer)), [SenderOutput::Delivered(1)]);
}

/// A record that lacks its DC4 ends where the next begins, a repeat of it or another.
#[test]
fn records_without_dc4() {
    let sia = b"S011[#1234|Nri1BA01]";
    let wide = b"501100 181234E12101001";
    for one in [&ALARM[..20], sia, wide, b"1011      0012 C1128"] {
        let stream = [one, one, one, b"\x14", HEARTBEAT, one, HEARTBEAT].concat();
        let mut splitter = RecordSplitter::new(Framing::Surgard);
        splitter.push(&stream);
        let mut records = Vec::new();
        while let Some(record) = splitter.pop() {
            records.push(record.to_vec());
        }
        let ended = [one, b"\x14"].concat();
        assert_eq!(records, [one, one, &ended, HEARTBEAT, one, HEARTBEAT]);
        assert_eq!((splitter.noise(), splitter.pending()), (0, 0));
    }
}

/// An answer to another number is none.
#[test]
fn dc07_answers_carry_the_number() {
    let profile = Profile::dc07(Kind(b'A'), Kind(b'N'));
    let frame = Dc07Frame::new(Kind::SIA, 104, 1, 1, Some("4444".parse().unwrap()), b"NOP").unwrap();
    let bytes = frame.encode().unwrap();
    let mut taker = Taker::new(profile.clone(), 0);
    assert_eq!(taken(&mut taker, 0, TakerInput::Bytes(&bytes)), [record(1, &bytes, None)]);
    let [TakerOutput::Send(answer)] = &taken(&mut taker, 0, TakerInput::Stored(1))[..] else { panic!("an answer") };
    let of_another = Dc07Frame::new(Kind(b'A'), 105, 0, 0, None, b"").unwrap().encode().unwrap();
    let mut sender = Sender::new(profile, 0);
    sender.queue(bytes);
    sent(&mut sender, 0, SenderInput::Time);
    assert_eq!(sent(&mut sender, 10, SenderInput::Bytes(&of_another)), []);
    assert_eq!(sent(&mut sender, 20, SenderInput::Bytes(answer)), [SenderOutput::Delivered(1)]);
    // The answer in single bytes, as a serial line brings it.
    let of_next = Dc07Frame::new(Kind::SIA, 105, 1, 1, None, b"NOP").unwrap().encode().unwrap();
    sender.queue(of_next.clone());
    sent(&mut sender, 25, SenderInput::Time);
    let told: Vec<_> = of_another.iter().flat_map(|&byte| sent(&mut sender, 26, SenderInput::Bytes(&[byte]))).collect();
    assert_eq!(told, [SenderOutput::Delivered(2)]);
    let damaged = [&b"\n0000"[..], &answer[5..]].concat();
    assert!(matches!(
        &taken(&mut taker, 30, TakerInput::Bytes(&damaged))[..],
        [TakerOutput::Refused(RecordError::Check { check: Check::Crc, .. })]
    ));
}

fn burglary(number: usize) -> CidMessage {
    CidMessage::new(Qualifier::New, EventCode::new(130).unwrap(), 1, number as u16).unwrap()
}

/// Records of each kind, all different.
fn alarms(profile: &Profile, count: usize) -> Vec<Vec<u8>> {
    let one = |number: usize| match profile.framing {
        Framing::Surgard => format!("5011 181234E13001{number:03}\x14").into_bytes(),
        Framing::B32 => b32_write(format!("5011 181234E13001{number:03}\x14").as_bytes()).unwrap(),
        Framing::Ademco685(_) => format!("\n11 1234 18 E130 01 C{number:03} \r").into_bytes(),
        Framing::D6500 => format!(" a011 123418E13001{number:03}\x14").into_bytes(),
        Framing::Dc07 => {
            let data = format!("NBA{number:03}");
            let frame = Dc07Frame::new(Kind::SIA, number as u16 + 1, 1, 1, None, data.as_bytes());
            frame.unwrap().encode().unwrap()
        }
        Framing::Native(..) => format!("&112426\"134501\"01\"{number:04}\"00407\x051234\"BA01@\r").into_bytes(),
        Framing::Texecom => {
            let report = CidReport::new("1234".parse().unwrap(), burglary(number)).unwrap();
            [b"2", &report.encode()[..], b"\r\n"].concat()
        }
        Framing::Isecnet => {
            let message = burglary(number);
            let content =
                isecnet::Content::Event { channel: Channel(0x11), account: [1, 2, 3, 4], message, photo: None };
            IsecnetFrame::new(content).encode()
        }
        Framing::Oh => write_report(number as u16, "0075", "0001", "001465", b"NBA", b"").unwrap(),
        Framing::Iti | Framing::ItiComputer => {
            format!("\n1B1j2345{:01}b{:02}A\r", number / 100, number % 100).into_bytes()
        }
    };
    (0..count).map(one).collect()
}

fn profiles() -> impl Strategy<Value = Profile> {
    prop_oneof![
        Just(Profile::surgard()),
        Just(Profile::b32()),
        Just(Profile::ademco685(Dialect::Ademco685)),
        Just(Profile::d6500()),
        Just(Profile::dc07(Kind(b'A'), Kind(b'N'))),
        Just(Profile::native(Maker::Mx8000, VByte::Ignored)),
        Just(Profile::iti()),
        Just(Profile::texecom(1)),
        Just(Profile::isecnet()),
        Just(Profile::oh()),
    ]
    .prop_map(|profile| {
        // All tries of a record end before the line is good again, or after.
        Profile { timing: LinkTiming { repeat_ms: u64::MAX, ..profile.timing }, ..profile }
    })
}

enum Event {
    ToTaker(Vec<u8>),
    ToSender(Vec<u8>),
    Stored(u64),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// What a bad line loses, in either direction, comes again: every record is stored, and stored before it is delivered.
    #[test]
    fn nothing_is_lost(
        profile in profiles(),
        faults in proptest::collection::vec(0u8..6, 0..60),
        count in 1usize..12,
        store_ms in 0u64..3_900,
    ) {
        let (alarms, framing) = (alarms(&profile, count), profile.framing);
        let (mut sender, mut taker) = (Sender::new(profile.clone(), 0), Taker::new(profile, 0));
        let mut events: BTreeMap<(u64, u64), Event> = BTreeMap::new();
        // A line may be slow; it does not change the order.
        let (mut now_ms, mut order, mut line_ms) = (0u64, 0u64, 0u64);
        let mut faults = faults.into_iter();
        let (mut arrived, mut stored, mut delivered) = (BTreeMap::new(), Vec::new(), Vec::new());
        for alarm in &alarms {
            sender.queue(alarm.clone());
        }
        while delivered.len() < count {
            sender.handle(now_ms, SenderInput::Time);
            taker.handle(now_ms, TakerInput::Time);
            let mut soon = |delay_ms: u64, event| {
                order += 1;
                events.insert((now_ms + delay_ms, order), event);
            };
            while let Some(output) = sender.poll() {
                match output {
                    SenderOutput::Send(mut bytes) => {
                        let fault = faults.next();
                        // TCP loses a connection, but no half of a frame.
                        let whole = matches!(framing, Framing::Isecnet | Framing::Oh);
                        if fault == Some(1) && !whole {
                            bytes.truncate(bytes.len() / 2);
                        }
                        if fault != Some(0) {
                            line_ms = line_ms.max(now_ms + if fault == Some(2) { 2_000 } else { 20 });
                            soon(line_ms - now_ms, Event::ToTaker(bytes));
                        }
                    }
                    SenderOutput::Delivered(number) => {
                        prop_assert!(stored.contains(&alarms[number as usize - 1]), "delivered before it was stored");
                        delivered.push(number);
                    }
                    SenderOutput::Down | SenderOutput::Up => {}
                }
            }
            while let Some(output) = taker.poll() {
                match output {
                    TakerOutput::Record(arrival) => {
                        if arrival.repeats.is_none() {
                            prop_assert!(!stored.contains(&arrival.record), "a repeat that is not named");
                        }
                        soon(store_ms, Event::Stored(arrival.ticket));
                        arrived.insert(arrival.ticket, arrival.record);
                    }
                    TakerOutput::Send(bytes) => {
                        // An answer may come in pieces.
                        let split = faults.next();
                        let (begin, rest) = bytes.split_at(if split == Some(3) { bytes.len() / 2 } else { 0 });
                        if split != Some(0) {
                            soon(20, Event::ToSender(begin.to_vec()));
                            soon(20, Event::ToSender(rest.to_vec()));
                        }
                    }
                    TakerOutput::Other(_) | TakerOutput::Refused(_) | TakerOutput::Down | TakerOutput::Up => {}
                }
            }
            let next = events.first_key_value().map(|(&(at, _), _)| at);
            let next = [next, Some(sender.deadline()), taker.deadline()].into_iter().flatten().min().unwrap();
            now_ms = now_ms.max(next);
            while let Some(entry) = events.first_entry() {
                if entry.key().0 > now_ms {
                    break;
                }
                match entry.remove() {
                    Event::ToTaker(bytes) => taker.handle(now_ms, TakerInput::Bytes(&bytes)),
                    Event::ToSender(bytes) => sender.handle(now_ms, SenderInput::Bytes(&bytes)),
                    Event::Stored(ticket) => {
                        stored.push(arrived[&ticket].clone());
                        taker.handle(now_ms, TakerInput::Stored(ticket));
                    }
                }
            }
            prop_assert!(now_ms < 10_000_000, "stuck with {} of {count} delivered", delivered.len());
        }
        prop_assert_eq!(delivered, (1..=count as u64).collect::<Vec<_>>());
        prop_assert!(alarms.iter().all(|alarm| stored.contains(alarm)));
    }
}
