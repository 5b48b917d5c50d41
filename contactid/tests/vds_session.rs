//! VdS 2465-S2 over TCP: exchanges byte by byte, and both ends over a bad line.
#![allow(clippy::unwrap_used, reason = "a test stops where a link does not answer")]
#![cfg(feature = "aes")]

use contactid::vds::{
    Purpose, VdsArrival, VdsCentre, VdsCentreInput as ToCentre, VdsCentreOutput as Centre, VdsCentreSetup, VdsFault,
    VdsFrame, VdsKey, VdsPanel, VdsPanelInput as ToPanel, VdsPanelOutput as Panel, VdsPanelSetup, VdsTiming,
};
use contactid::{Blame, Check, Key, KeyFault, RecordError, Strictness};

/// The centre's first counter in A63, and the panel's in the frame before A64.
const CENTRE: u32 = 0x0102_0304;
const PANEL: u32 = 9;

const BURGLARY: [u8; 21] = [3, 0x56, 0x21, 0x43, 0x65, 5, 2, 0x11, 5, 0, 1, 34, 7, 0x50, 25, 20, 7, 3, 12, 34, 56];
const ACKNOWLEDGED: [u8; 7] = [5, 3, 0x11, 5, 0, 1, 34];
const STATUS: [u8; 7] = [5, 0x20, 0x10, 0, 0, 1, 97];

fn bytes(hex: &str) -> Vec<u8> {
    hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

fn a63() -> Vec<u8> {
    bytes(&format!("00 00 00 30 01 02 03 04 f9 f7 00 00 00 00 01 01 01 01{}", " 00".repeat(34)))
}

fn a64() -> Vec<u8> {
    let head = "00 00 00 30 00 00 00 0a 87 f0 01 02 03 05 04 01 15 03 56 21 43 65 05 02 11 05 00 01 22";
    bytes(&format!("{head} 07 50 19 14 07 03 0c 22 38{}", " 00".repeat(14)))
}

fn owned(purpose: Purpose, sent: u32, received: u32, records: &[u8]) -> VdsFrame<'static> {
    VdsFrame::new(purpose, sent, received, records).unwrap().into_owned()
}

fn wire(purpose: Purpose, sent: u32, received: u32, records: &[u8]) -> Vec<u8> {
    owned(purpose, sent, received, records).encode(None).unwrap()
}

fn key(number: u16, byte: u8) -> (VdsKey, Key) {
    let key = Key::new(&[byte; 16]).unwrap();
    (VdsKey::new(number, key.clone()).unwrap(), key)
}

fn centre(centre: &mut VdsCentre, now_ms: u64, input: ToCentre<'_>) -> Vec<Centre> {
    centre.handle(now_ms, input);
    std::iter::from_fn(|| centre.poll()).collect()
}

fn panel(panel: &mut VdsPanel, now_ms: u64, input: ToPanel<'_>) -> Vec<Panel> {
    panel.handle(now_ms, input);
    std::iter::from_fn(|| panel.poll()).collect()
}

const fn stored(ticket: u64) -> ToCentre<'static> {
    ToCentre::Stored { ticket, records: &[] }
}

fn record(ticket: u64, sent: u32, received: u32, records: &[u8], repeats: Option<u64>) -> Centre {
    Centre::Record(VdsArrival { ticket, frame: owned(Purpose::DATA, sent, received, records), repeats })
}

/// A plain centre whose panel has answered its request at 0 ms.
fn synchronized() -> VdsCentre {
    let mut end = VdsCentre::new(VdsCentreSetup::default(), CENTRE, 0);
    assert_eq!(end.poll(), Some(Centre::Send(a63())));
    let response = wire(Purpose::SYNC_RESPONSE, PANEL, CENTRE + 1, &[1]);
    assert_eq!(centre(&mut end, 0, ToCentre::Bytes(&response)), [Centre::Up]);
    end
}

/// A plain panel that was synchronized at 0 ms.
fn joined() -> VdsPanel {
    let mut end = VdsPanel::new(VdsPanelSetup::default(), PANEL, 0);
    let response = wire(Purpose::SYNC_RESPONSE, PANEL, CENTRE + 1, &[1]);
    assert_eq!(panel(&mut end, 0, ToPanel::Bytes(&a63())), [Panel::Send(response), Panel::Up]);
    end
}

/// A63, A64: both ends, every byte of them.
#[test]
fn a_report_from_connection_to_acknowledgement() {
    let mut receiver = synchronized();
    let mut sender = joined();
    assert_eq!(sender.queue(BURGLARY.to_vec()), Some(1));
    assert_eq!(sender.deadline(), Some(0));
    assert_eq!(panel(&mut sender, 10, ToPanel::Time), [Panel::Send(a64())]);
    assert_eq!((sender.deadline(), sender.waiting()), (Some(6_010), 1));

    // In pieces, as TCP may cut it.
    assert_eq!(centre(&mut receiver, 20, ToCentre::Bytes(&a64()[..3])), []);
    assert_eq!(centre(&mut receiver, 20, ToCentre::Bytes(&a64()[3..40])), []);
    assert_eq!(centre(&mut receiver, 20, ToCentre::Bytes(&a64()[40..])), [record(1, 10, CENTRE + 1, &BURGLARY, None)]);
    // While it is stored there is no poll, which would say that it came.
    assert_eq!(receiver.deadline(), None);
    assert_eq!(centre(&mut receiver, 90_000, ToCentre::Time), []);
    let answer =
        bytes(&format!("00 00 00 30 01 02 03 05 e7 b4 00 00 00 0b 04 01 07 05 03 11 05 00 01 22{}", " 00".repeat(28)));
    assert_eq!(wire(Purpose::DATA, CENTRE + 1, 11, &ACKNOWLEDGED), answer);
    assert_eq!(centre(&mut receiver, 90_010, stored(1)), [Centre::Send(answer.clone())]);
    assert_eq!(centre(&mut receiver, 90_020, stored(1)), []);

    assert_eq!(panel(&mut sender, 30, ToPanel::Bytes(&answer)), [Panel::Delivered(1)]);
    assert_eq!((sender.waiting(), sender.deadline()), (0, Some(29_030)));
}

#[test]
fn polls_are_answered_and_unanswered_ones_take_the_link_down_and_up_again() {
    let mut end = synchronized();
    assert_eq!(end.deadline(), Some(5_000));
    let poll = wire(Purpose::POLL, CENTRE + 1, PANEL + 1, &[]);
    assert_eq!(centre(&mut end, 5_000, ToCentre::Time), [Centre::Send(poll.clone())]);

    let mut other = joined();
    let answer = wire(Purpose::POLL, PANEL + 1, CENTRE + 2, &[]);
    assert_eq!(panel(&mut other, 5_010, ToPanel::Bytes(&poll)), [Panel::Send(answer.clone())]);
    assert_eq!(centre(&mut end, 5_020, ToCentre::Bytes(&answer)), []);

    let poll = wire(Purpose::POLL, CENTRE + 2, PANEL + 2, &[]);
    for at in [10_020, 16_020, 22_020, 28_020] {
        assert_eq!(end.deadline(), Some(at));
        assert_eq!(centre(&mut end, at - 1, ToCentre::Time), []);
        assert_eq!(centre(&mut end, at, ToCentre::Time), [Centre::Send(poll.clone())]);
    }
    assert_eq!(centre(&mut end, 34_020, ToCentre::Time), [Centre::Down]);
    // From here on it synchronizes, once every poll.
    let first = wire(Purpose::SYNC_REQUEST, CENTRE + 3, 0, &[1]);
    assert_eq!(centre(&mut end, 39_020, ToCentre::Time), [Centre::Send(first)]);
    assert_eq!(centre(&mut end, 45_020, ToCentre::Time), []);
    let second = wire(Purpose::SYNC_REQUEST, CENTRE + 4, 0, &[1]);
    assert_eq!(centre(&mut end, 50_020, ToCentre::Time), [Centre::Send(second)]);
    let response = wire(Purpose::SYNC_RESPONSE, 70, CENTRE + 5, &[1]);
    assert_eq!(centre(&mut end, 50_030, ToCentre::Bytes(&response)), [Centre::Up]);
    assert_eq!(end.deadline(), Some(55_030));
}

#[test]
fn a_panel_repeats_three_times_then_asks_for_synchronization() {
    let mut end = joined();
    end.queue(BURGLARY.to_vec()).unwrap();
    for at in [0, 6_000, 12_000, 18_000] {
        assert_eq!(panel(&mut end, at, ToPanel::Time), [Panel::Send(a64())]);
        assert_eq!(end.deadline(), Some(at + 6_000));
    }
    let close = |sent| Panel::Send(wire(Purpose::CLOSE, sent, CENTRE + 1, &[]));
    assert_eq!(panel(&mut end, 24_000, ToPanel::Time), [Panel::Down, close(11)]);
    assert_eq!(panel(&mut end, 29_000, ToPanel::Time), [close(12)]);
    // The records go on under a new counter.
    let sync = wire(Purpose::SYNC_REQUEST, 0x55, 0, &[1]);
    assert_eq!(
        panel(&mut end, 29_500, ToPanel::Bytes(&sync)),
        [
            Panel::Send(wire(Purpose::SYNC_RESPONSE, 13, 0x56, &[1])),
            Panel::Up,
            Panel::Send(wire(Purpose::DATA, 14, 0x56, &BURGLARY)),
        ]
    );
    // The same request again: the same response, and nothing begins anew.
    let again = [Panel::Send(wire(Purpose::SYNC_RESPONSE, 13, 0x56, &[1]))];
    assert_eq!(panel(&mut end, 30_000, ToPanel::Bytes(&sync)), again);
    let answer = wire(Purpose::DATA, 0x56, 15, &ACKNOWLEDGED);
    assert_eq!(panel(&mut end, 30_010, ToPanel::Bytes(&answer)), [Panel::Delivered(1)]);
}

#[test]
fn a_silent_centre_is_down_for_the_panel() {
    let mut end = joined();
    assert_eq!(end.deadline(), Some(29_000));
    let close = Panel::Send(wire(Purpose::CLOSE, PANEL + 1, CENTRE + 1, &[]));
    assert_eq!(panel(&mut end, 29_000, ToPanel::Time), [Panel::Down, close.clone()]);
    // A new connection: whatever began on the old one is gone, what is queued is not.
    end.queue(STATUS.to_vec()).unwrap();
    assert_eq!(panel(&mut end, 30_000, ToPanel::Bytes(&a63()[..20])), []);
    assert_eq!(panel(&mut end, 31_000, ToPanel::Connected), []);
    assert_eq!(
        panel(&mut end, 31_010, ToPanel::Bytes(&a63())),
        [
            Panel::Send(wire(Purpose::SYNC_RESPONSE, PANEL + 2, CENTRE + 1, &[1])),
            Panel::Up,
            Panel::Send(wire(Purpose::DATA, PANEL + 3, CENTRE + 1, &STATUS)),
        ]
    );
    // Status wants no record: IK 3 is enough.
    let answer = wire(Purpose::POLL, CENTRE + 1, PANEL + 4, &[]);
    assert_eq!(panel(&mut end, 31_020, ToPanel::Bytes(&answer)), [Panel::Delivered(1)]);
    let close = Panel::Send(wire(Purpose::CLOSE, PANEL + 4, CENTRE + 2, &[]));
    assert_eq!(panel(&mut end, 31_030, ToPanel::Close), [close, Panel::Close]);
    assert_eq!(end.deadline(), None);
    assert_eq!(panel(&mut end, 31_040, ToPanel::Bytes(&a63())), []);
}

#[test]
fn a_repeat_is_acknowledged_again_and_told() {
    let mut end = synchronized();
    assert_eq!(centre(&mut end, 0, ToCentre::Bytes(&a64())), [record(1, 10, CENTRE + 1, &BURGLARY, None)]);
    // The store is slow: one answer for both.
    assert_eq!(centre(&mut end, 6_000, ToCentre::Bytes(&a64())), [Centre::Repeated(1)]);
    let answer = |sent| Centre::Send(wire(Purpose::DATA, sent, 11, &ACKNOWLEDGED));
    assert_eq!(centre(&mut end, 6_100, stored(1)), [answer(CENTRE + 1)]);
    // That was lost.
    assert_eq!(centre(&mut end, 12_000, ToCentre::Bytes(&a64())), [Centre::Repeated(1), answer(CENTRE + 2)]);
    // The same event, under another counter, is another event.
    let second = wire(Purpose::DATA, 11, CENTRE + 3, &BURGLARY);
    assert_eq!(centre(&mut end, 12_100, ToCentre::Bytes(&second)), [record(2, 11, CENTRE + 3, &BURGLARY, None)]);
    // Not stored: silence, nothing says that it came, and the repeat is the first of it.
    assert_eq!(centre(&mut end, 12_200, ToCentre::NotStored(2)), []);
    let poll = wire(Purpose::POLL, CENTRE + 3, 11, &[]);
    assert_eq!(centre(&mut end, 17_200, ToCentre::Time), [Centre::Send(poll)]);
    assert_eq!(centre(&mut end, 18_100, ToCentre::Bytes(&second)), [record(3, 11, CENTRE + 3, &BURGLARY, None)]);
    let answer = Centre::Send(wire(Purpose::DATA, CENTRE + 4, 12, &ACKNOWLEDGED));
    assert_eq!(centre(&mut end, 18_200, stored(3)), [answer]);
}

/// After a synchronization a panel sends again what it has no answer for.
#[test]
fn what_comes_again_after_a_synchronization() {
    let mut end = synchronized();
    centre(&mut end, 0, ToCentre::Bytes(&a64()));
    let close = wire(Purpose::CLOSE, 11, CENTRE + 1, &[]);
    let sync = Centre::Send(wire(Purpose::SYNC_REQUEST, CENTRE + 1, 0, &[1]));
    assert_eq!(centre(&mut end, 10, ToCentre::Bytes(&close)), [Centre::Closing, sync]);
    // An answer to the old counter would mean nothing to the panel.
    assert_eq!(centre(&mut end, 20, stored(1)), []);
    let response = wire(Purpose::SYNC_RESPONSE, 12, CENTRE + 2, &[1]);
    assert_eq!(centre(&mut end, 30, ToCentre::Bytes(&response)), []);
    // It was never answered, so this is that one.
    let again = wire(Purpose::DATA, 13, CENTRE + 2, &BURGLARY);
    let answer = Centre::Send(wire(Purpose::DATA, CENTRE + 2, 14, &ACKNOWLEDGED));
    assert_eq!(centre(&mut end, 40, ToCentre::Bytes(&again)), [Centre::Repeated(1), answer]);

    // Now it was answered: nobody can know, and the caller is told.
    centre(&mut end, 50, ToCentre::Bytes(&wire(Purpose::CLOSE, 14, CENTRE + 3, &[])));
    centre(&mut end, 60, ToCentre::Bytes(&wire(Purpose::SYNC_RESPONSE, 15, CENTRE + 4, &[1])));
    let again = wire(Purpose::DATA, 16, CENTRE + 4, &BURGLARY);
    assert_eq!(centre(&mut end, 70, ToCentre::Bytes(&again)), [record(2, 16, CENTRE + 4, &BURGLARY, Some(1))]);
}

#[test]
fn what_is_not_in_step_is_refused_and_synchronized() {
    let mut end = synchronized();
    let stale = wire(Purpose::DATA, 10, CENTRE, &BURGLARY);
    let fault = VdsFault::Counter { expected: CENTRE + 1, found: CENTRE };
    let sync = Centre::Send(wire(Purpose::SYNC_REQUEST, CENTRE + 1, 0, &[1]));
    assert_eq!(centre(&mut end, 10, ToCentre::Bytes(&stale)), [Centre::Refused(fault), sync]);
    assert_eq!(
        (fault.blame(), fault.to_string()),
        (Blame::Line, "counter: 16909061 goes on, the frame says 16909060".into())
    );
    let fault = VdsFault::Counter { expected: CENTRE + 2, found: CENTRE };
    assert_eq!(centre(&mut end, 20, ToCentre::Bytes(&stale)), [Centre::Refused(fault)]);
    centre(&mut end, 30, ToCentre::Bytes(&wire(Purpose::SYNC_RESPONSE, 12, CENTRE + 2, &[1])));
    centre(&mut end, 40, ToCentre::Bytes(&wire(Purpose::DATA, 13, CENTRE + 2, &STATUS)));
    assert_eq!(centre(&mut end, 50, stored(1)), [Centre::Send(wire(Purpose::POLL, CENTRE + 2, 14, &[]))]);
    // A counter that went back.
    let fault = VdsFault::Counter { expected: 14, found: 12 };
    let sync = Centre::Send(wire(Purpose::SYNC_REQUEST, CENTRE + 3, 0, &[1]));
    let back = wire(Purpose::DATA, 12, CENTRE + 2, &BURGLARY);
    assert_eq!(centre(&mut end, 60, ToCentre::Bytes(&back)), [Centre::Refused(fault), sync]);

    let mut end = joined();
    let fault = VdsFault::Counter { expected: PANEL + 1, found: 77 };
    let close = Panel::Send(wire(Purpose::CLOSE, PANEL + 1, CENTRE + 1, &[]));
    let poll = wire(Purpose::POLL, CENTRE + 1, 77, &[]);
    assert_eq!(panel(&mut end, 10, ToPanel::Bytes(&poll)), [Panel::Refused(fault), close]);
}

#[test]
fn what_does_not_read_is_logged_and_not_answered() {
    let mut end = synchronized();
    let mut mangled = a64();
    mangled[20] ^= 1;
    let check = RecordError::Check { check: Check::Checksum, expected: 0x88F0, found: 0x87F0 };
    let refused = |fault: VdsFault| [Centre::Refused(fault)];
    assert_eq!(centre(&mut end, 10, ToCentre::Bytes(&mangled)), refused(check.into()));
    // What begins no frame is passed over: the one behind it reads.
    let noisy = [&[0xFF; 5_000][..], &a64()].concat();
    assert_eq!(centre(&mut end, 20, ToCentre::Bytes(&noisy)), [record(1, 10, CENTRE + 1, &BURGLARY, None)]);
    let (_, secret) = key(3, 7);
    let sealed = owned(Purpose::POLL, 11, CENTRE + 1, &[]).under(3).encode(Some(&secret)).unwrap();
    let missing = VdsFault::Record(RecordError::Key(KeyFault::Missing));
    assert_eq!(centre(&mut end, 30, ToCentre::Bytes(&sealed)), refused(missing));
    assert_eq!((missing.blame(), VdsFault::from(check).blame()), (Blame::Key, Blame::Line));

    let odd = wire(Purpose(9), 11, CENTRE + 1, &[]);
    let unknown = Centre::Send(wire(Purpose::UNKNOWN_PURPOSE, CENTRE + 1, 12, &[]));
    assert_eq!(centre(&mut end, 40, ToCentre::Bytes(&odd)), [Centre::Refused(VdsFault::Purpose(Purpose(9))), unknown]);
    let mut odd = owned(Purpose::POLL, 12, CENTRE + 2, &[]);
    odd.protocol = 2;
    let odd = odd.encode(None).unwrap();
    let unknown = Centre::Send(wire(Purpose::UNKNOWN_PROTOCOL, CENTRE + 2, 13, &[]));
    assert_eq!(centre(&mut end, 50, ToCentre::Bytes(&odd)), [Centre::Refused(VdsFault::Protocol(2)), unknown]);
    let told = wire(Purpose::UNKNOWN_PURPOSE, 13, CENTRE + 3, &[]);
    let fault = VdsFault::NotUnderstood(Purpose::UNKNOWN_PURPOSE);
    assert_eq!(centre(&mut end, 60, ToCentre::Bytes(&told)), refused(fault));
}

/// A panel that does not wait for answers is bounded, not lost: it has to send again.
#[test]
fn sixteen_frames_may_wait_to_be_stored() {
    let mut end = synchronized();
    for ticket in 1..=16 {
        let sent = 9 + u32::try_from(ticket).unwrap();
        let frame = wire(Purpose::DATA, sent, CENTRE + 1, &STATUS);
        assert_eq!(centre(&mut end, 0, ToCentre::Bytes(&frame)), [record(ticket, sent, CENTRE + 1, &STATUS, None)]);
    }
    let more = wire(Purpose::DATA, 26, CENTRE + 1, &STATUS);
    assert_eq!(centre(&mut end, 10, ToCentre::Bytes(&more)), [Centre::Refused(VdsFault::Full(16))]);
    assert_eq!(centre(&mut end, 20, stored(2)), [Centre::Send(wire(Purpose::POLL, CENTRE + 1, 12, &[]))]);
    assert_eq!(centre(&mut end, 30, ToCentre::Bytes(&more)), [record(17, 26, CENTRE + 1, &STATUS, None)]);
}

#[test]
fn tests_and_queries() {
    let (mut receiver, mut sender) = (synchronized(), joined());
    let (test, time) = ([0, 0x40], [7, 0x50, 25, 20, 7, 3, 12, 34, 56]);
    sender.queue(test.to_vec()).unwrap();
    let sent = wire(Purpose::DATA, 10, CENTRE + 1, &test);
    assert_eq!(panel(&mut sender, 0, ToPanel::Time), [Panel::Send(sent.clone())]);
    centre(&mut receiver, 0, ToCentre::Bytes(&sent));
    let answer = [&[0, 0x41][..], &time].concat();
    let wired = wire(Purpose::DATA, CENTRE + 1, 11, &answer);
    let told = ToCentre::Stored { ticket: 1, records: &time };
    assert_eq!(centre(&mut receiver, 10, told), [Centre::Send(wired.clone())]);
    let got = Panel::Received(owned(Purpose::DATA, CENTRE + 1, 11, &answer));
    assert_eq!(panel(&mut sender, 20, ToPanel::Bytes(&wired)), [Panel::Delivered(1), got]);

    let query = [1, 0x10, 0x20];
    assert_eq!(receiver.ask(query.to_vec()), Some(1));
    for none in [vec![], vec![0; 256], vec![2, 0x10, 0x20]] {
        assert_eq!((receiver.ask(none.clone()), sender.queue(none)), (None, None));
    }
    let asked = wire(Purpose::DATA, CENTRE + 2, 11, &query);
    assert_eq!(receiver.deadline(), Some(0));
    assert_eq!(centre(&mut receiver, 30, ToCentre::Time), [Centre::Send(asked.clone())]);
    let got = Panel::Received(owned(Purpose::DATA, CENTRE + 2, 11, &query));
    let answer = |sent| wire(Purpose::POLL, sent, CENTRE + 3, &[]);
    assert_eq!(panel(&mut sender, 40, ToPanel::Bytes(&asked)), [got, Panel::Send(answer(11))]);
    // The same again is answered, and is no second query.
    assert_eq!(panel(&mut sender, 50, ToPanel::Bytes(&asked)), [Panel::Send(answer(12))]);
    assert_eq!(centre(&mut receiver, 60, ToCentre::Bytes(&answer(11))), [Centre::Answered(1)]);
}

/// An acknowledgement without the record 03 is none for a record 02, and is answered like a poll.
#[test]
fn a_message_is_delivered_with_its_own_bytes_only() {
    let mut end = joined();
    end.queue(BURGLARY.to_vec()).unwrap();
    panel(&mut end, 0, ToPanel::Time);
    let empty = wire(Purpose::POLL, CENTRE + 1, 11, &[]);
    assert_eq!(panel(&mut end, 10, ToPanel::Bytes(&empty)), [Panel::Send(wire(Purpose::POLL, 11, CENTRE + 2, &[]))]);
    let other = wire(Purpose::DATA, CENTRE + 2, 11, &[5, 3, 0x11, 6, 0, 1, 34]);
    assert_eq!(panel(&mut end, 20, ToPanel::Bytes(&other)), [Panel::Send(wire(Purpose::POLL, 12, CENTRE + 3, &[]))]);
    let right = wire(Purpose::DATA, CENTRE + 3, 11, &ACKNOWLEDGED);
    assert_eq!(panel(&mut end, 30, ToPanel::Bytes(&right)), [Panel::Delivered(1)]);
}

#[test]
fn a_link_under_a_key_takes_nothing_else() {
    let ((third, secret), (fourth, other)) = (key(3, 7), key(4, 8));
    let sealed = |purpose, sent, received, records: &[u8], number, key: &Key| {
        owned(purpose, sent, received, records).under(number).encode(Some(key)).unwrap()
    };
    let setup = VdsCentreSetup { keys: vec![third.clone(), fourth], ..VdsCentreSetup::default() };
    let mut receiver = VdsCentre::new(setup, CENTRE, 0);
    // Nobody knows yet which key it is: A63 as it stands.
    assert_eq!(receiver.poll(), Some(Centre::Send(a63())));
    let setup = VdsPanelSetup { key: Some(third), window: None, timing: VdsTiming::default() };
    let mut sender = VdsPanel::new(setup, PANEL, 0);
    sender.queue(BURGLARY.to_vec()).unwrap();
    let response = sealed(Purpose::SYNC_RESPONSE, PANEL, CENTRE + 1, &[], 3, &secret);
    let report = sealed(Purpose::DATA, 10, CENTRE + 1, &BURGLARY, 3, &secret);
    assert_eq!((&report[..4], report.len()), (&[0, 3, 0, 48][..], 52));
    assert_eq!(
        panel(&mut sender, 0, ToPanel::Bytes(&a63())),
        [Panel::Send(response.clone()), Panel::Up, Panel::Send(report.clone())]
    );

    let refused = |fault: VdsFault| [Centre::Refused(fault)];
    let wrong = sealed(Purpose::SYNC_RESPONSE, PANEL, CENTRE + 1, &[], 3, &other);
    let plain = wire(Purpose::SYNC_RESPONSE, PANEL, CENTRE + 1, &[]);
    let bad_key = VdsFault::Record(RecordError::Key(KeyFault::Wrong));
    assert_eq!(centre(&mut receiver, 10, ToCentre::Bytes(&wrong)), refused(bad_key));
    assert_eq!(centre(&mut receiver, 10, ToCentre::Bytes(&plain)), refused(VdsFault::Plain));
    assert_eq!(centre(&mut receiver, 10, ToCentre::Bytes(&response)), [Centre::Up]);
    // From the first frame on it is that key.
    let fourth = sealed(Purpose::DATA, 10, CENTRE + 1, &BURGLARY, 4, &other);
    let number = VdsFault::KeyNumber { expected: 3, found: 4 };
    assert_eq!(centre(&mut receiver, 20, ToCentre::Bytes(&fourth)), refused(number));
    let frame = owned(Purpose::DATA, 10, CENTRE + 1, &BURGLARY).under(3);
    assert_eq!(
        centre(&mut receiver, 20, ToCentre::Bytes(&report)),
        [Centre::Record(VdsArrival { ticket: 1, frame, repeats: None })]
    );
    let answer = sealed(Purpose::DATA, CENTRE + 1, 11, &ACKNOWLEDGED, 3, &secret);
    assert_eq!(centre(&mut receiver, 30, stored(1)), [Centre::Send(answer.clone())]);

    // No plain answer makes the panel take its report for delivered.
    let forged = wire(Purpose::DATA, CENTRE + 1, 11, &ACKNOWLEDGED);
    assert_eq!(panel(&mut sender, 40, ToPanel::Bytes(&forged)), [Panel::Refused(VdsFault::Plain)]);
    assert_eq!(panel(&mut sender, 40, ToPanel::Bytes(&answer)), [Panel::Delivered(1)]);

    let (only, secret) = key(5, 9);
    let setup = VdsCentreSetup { sync_key: Some(only), window: 2, ..VdsCentreSetup::default() };
    let mut receiver = VdsCentre::new(setup, CENTRE, 0);
    let request = sealed(Purpose::SYNC_REQUEST, CENTRE, 0, &[2], 5, &secret);
    assert_eq!(receiver.poll(), Some(Centre::Send(request)));
    assert_eq!(VdsFrame::parse(&a63(), None, Strictness::Strict).map(|frame| frame.key_number), Ok(0));
    assert_eq!(VdsKey::new(0, secret).map(|key| key.number()), None);
}
