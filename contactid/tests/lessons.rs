//! What users of other receivers complained of, issue by issue, and that a receiver made of this crate cannot do it: whoever
//! breaks one of these brings the complaint back.
//!
//! What concerns single frames is in `lessons_frames.rs`. The complaints of analogue lines (scudre/alarm-central-station-receiver
//! 41, 51, 52: no handshake, missed digits, pulse formats) are held by `line.rs`, `audio_call.rs` and `audio_pulse.rs`.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]
#![cfg(feature = "aes")]

#[path = "support/centre.rs"]
mod centre;

use centre::{Centre, NOW, TCP, UDP, account, alarm, answer, frame, send};
use contactid::session::Moment;
use contactid::session::receiver::{Closing, Input, Link, Options, Output, Policy, Receiver, Supervision, Terms, Why};
use contactid::session::transmitter::{self, Content, Path, Setup, Transmitter};
use contactid::sia::report;
use contactid::{
    AccountNumber, Blame, Encoder, Fault, Frame, Key, KeyError, KeyFault, MessageError, Pad, Reply, Stamp, Strictness,
    Token, Window,
};

fn alive(link: Link, bytes: &[u8]) -> [Output; 2] {
    let alive = Output::Alive { link, account: Some(account("1234")), frame: bytes.to_vec() };
    [alive, send(link, answer(Reply::Ack, bytes))]
}

fn sealed(key: &Key, stamp: Stamp) -> Vec<u8> {
    let data = b"#1234|1130 01 005";
    let encoder = Encoder { account: Some("1234"), data, stamp: Some(stamp), ..Encoder::new(Token::AdmCid, 9) };
    encoder.encrypt(key, Pad::Long(b"pad")).unwrap()
}

fn later(secs: i64) -> Stamp {
    Stamp::from_unix(NOW.unix() + secs)
}

/// "Unavailable", because the receiver's interval was not the panel's (home-assistant/core 54504, 65504, 84450, 108771,
/// eavanvalkenburg/sia 24, pysiaalarm 59), and one panel down with nobody told, because there was one timer for all
/// (node-red-contrib-sia-ultimate).
#[test]
fn each_account_has_an_interval_of_its_own() {
    let mut receiver = Receiver::new(Options::default());
    let terms = |account: Option<AccountNumber>| {
        let interval_ms = if account.is_some_and(|account| account.as_str() == "1234") { 60_000 } else { 900_000 };
        let supervision = Some(Supervision { interval_ms, tolerance_ms: 0 });
        Terms { policy: Policy { supervision, ..Policy::default() }, ..Terms::default() }
    };
    let mut told = |now_ms, input: Input<'_>| {
        receiver.handle(input, Moment { now_ms, utc: NOW, random: b"" }, &terms);
        std::iter::from_fn(|| receiver.poll())
            .filter(|output| matches!(output, Output::Lost { .. } | Output::Restored { .. }))
            .collect::<Vec<_>>()
    };
    let (quick, slow) = (account("1234"), account("5678"));
    told(0, Input::Expect(quick));
    told(0, Input::Expect(slow));
    // Whatever the one says keeps only itself alive, and an event counts as much as a NULL.
    assert_eq!(told(60_000, Input::Datagram { link: UDP, bytes: &alarm(1) }), []);
    assert_eq!(told(120_001, Input::Tick), [Output::Lost { account: quick, silent_ms: 60_001 }]);
    assert_eq!(told(900_001, Input::Tick), [Output::Lost { account: slow, silent_ms: 900_001 }]);
    let null = frame(Token::Null, 1, "");
    assert_eq!(told(900_002, Input::Datagram { link: UDP, bytes: &null }), [Output::Restored { account: quick }]);
}

/// NULL messages refused: schmupu/ioBroker.sia 63 (Chiron IRIS-4) and 11; NULL with content: eavanvalkenburg/sia 17 (Hikvision).
#[test]
fn every_null_is_acknowledged() {
    let mut centre = Centre::new(Policy::default());
    for bytes in [frame(Token::Null, 0, ""), frame(Token::Null, 7, "#0000|0000 00 000")] {
        assert_eq!(centre.datagram(0, &bytes), alive(UDP, &bytes));
    }
}

/// The socket closed after the answer, so that the panel shows the centre offline: ioBroker.sia 20 (Ajax); "write after end"
/// at the second message of a connection: ioBroker.sia 63.
#[test]
fn a_connection_carries_more_than_one_message() {
    for closing in [Policy::default().closing, Closing::ByPanel] {
        let mut centre = Centre::new(Policy { closing, ..Policy::default() });
        centre.told(0, Input::Opened(TCP));
        for at in 1..=100 {
            let null = frame(Token::Null, at, "");
            assert_eq!(centre.bytes(u64::from(at) * 20_000, &null), alive(TCP, &null));
        }
    }
}

/// The window too narrow for the panel (pysiaalarm 14), refusals though the time was to be ignored (home-assistant.io 21253),
/// local time in place of UTC (pysiaalarm 27 and 40).
#[test]
fn the_window_is_the_installers() {
    let key = Key::new(b"0123456789abcdef").unwrap();
    let wide = Some(Window { ahead_secs: 14 * 3_600, behind_secs: 14 * 3_600 });
    for (window, secs) in [(wide, 8 * 3_600), (wide, -14 * 3_600), (None, -10 * 365 * 86_400)] {
        let mut centre = Centre::new(Policy { window, ..Policy::default() });
        centre.key = Some(key.clone());
        let ticket = centre.reported(0, UDP, &sealed(&key, later(secs)));
        assert!(matches!(centre.stored(0, ticket)[..], [Output::Send { .. }]));
    }
    // Plain messages are taken at any time, if nobody wants it otherwise.
    let mut centre = Centre::new(Policy::default());
    let stamp = Some(later(8 * 3_600));
    let null = Encoder { account: Some("1234"), stamp, ..Encoder::new(Token::Null, 1) }.encode().unwrap();
    assert_eq!(centre.datagram(0, &null), alive(UDP, &null));
}

/// A panel a day ahead that was refused for ever, and its alarms with it: eavanvalkenburg/sia 28. A panel that takes its clock
/// from the refusal, which never came: node-red-contrib-sia-ultimate 10; one that came without a time: pysiaalarm 14.
#[test]
fn a_refusal_names_the_time_and_loses_no_alarm() {
    let key = Key::new(b"0123456789abcdef").unwrap();
    let mut centre = Centre::new(Policy::default());
    centre.key = Some(key.clone());
    let ahead = sealed(&key, later(86_400));
    let fault = Fault::Message(MessageError::Clock { skew_secs: Some(86_400) });
    let kept = Output::Fault { link: UDP, account: Some(account("1234")), fault, frame: Some(ahead.clone()) };
    let nak = send(UDP, b"\nDB610025\"NAK\"0000R0L0A0[]_12:34:56,03-07-2025\r".to_vec());
    for _ in 0..3 {
        assert_eq!(centre.datagram(0, &ahead), [kept.clone(), nak.clone()]);
    }
    // What was handed on reads to the end.
    let read = Frame::parse(&ahead, Strictness::Strict).unwrap();
    assert_eq!(read.open(Some(&key)).unwrap().events().unwrap()[0].number, Some(5));

    // Our own panel takes the time from it.
    let setup = Setup { key: Some(key), ..Setup::new("1234", Path::udp()) };
    let mut panel = Transmitter::new(setup, 0).unwrap();
    panel.queue(Content::report(Token::AdmCid, "1234", "1130 01 005"), Vec::new()).unwrap();
    let moment = Moment { now_ms: 0, utc: later(86_400), random: b"pad" };
    panel.handle(transmitter::Input::Tick, moment);
    let Output::Send { bytes, .. } = nak else { panic!() };
    panel.handle(transmitter::Input::Received { path: 0, bytes: &bytes }, moment);
    let last = std::iter::from_fn(|| panel.poll()).last();
    let Some(transmitter::Output::Send { bytes, .. }) = last else { panic!("{last:?}") };
    centre.reported(0, UDP, &bytes);
}

/// DUH that makes hubs hang or drop the line until somebody restarts them: core 88675, 88474, eavanvalkenburg/sia 34.
#[test]
fn what_is_not_known_is_acknowledged() {
    let mut centre = Centre::new(Policy::default());
    for (token, data) in [
        (Token::SiaDcs, "#1234|NQQ99"),
        (Token::SiaDcs, "#1234|Nzz7/BA1"),
        (Token::AdmCid, "#1234|1999 01 005"),
        (Token::Other("HUB-9"), "#1234|?!"),
    ] {
        let bytes = frame(token, 7, data);
        let ticket = centre.reported(0, UDP, &bytes);
        assert_eq!(centre.stored(0, ticket), [send(UDP, answer(Reply::Ack, &bytes))], "{data}");
    }
    // What nobody can read at all hears DUH by the standard, or ACK if its panel cannot bear that.
    centre.policy.acknowledge_unread = true;
    let bytes = frame(Token::SiaDcs, 8, "#1234|hello");
    let ticket = centre.reported(0, UDP, &bytes);
    assert_eq!(centre.stored(0, ticket), [send(UDP, answer(Reply::Ack, &bytes))]);
}

/// Galaxy's blocks every 50 to 100 ms flood the log of a port that expects DC-09: pysiaalarm 41 and 75, ioBroker.sia 12 and
/// 28. Here they are said once, and let go; on a port of their own they are read and answered.
#[test]
fn a_galaxy_on_the_wrong_port_is_said_once() {
    let mut centre = Centre::new(Policy::default());
    centre.told(0, Input::Opened(TCP));
    let mut said = Vec::new();
    for at in 0..5_000 {
        said.extend(centre.bytes(at, b"\x46#123456\x9D"));
    }
    assert_eq!(said, [Output::Close { link: TCP, why: Why::Noise }]);

    let mut galaxy = report::Receiver::new(report::ReceiverOptions::default());
    let mut reports = 0;
    for at in 0..80 {
        let block = if at < 40 { &b"\x46#123456\x9D"[..] } else { b"\x44NBA12\xF5" };
        galaxy.handle(at * 50, report::ReceiverInput::Bytes(block));
        while let Some(output) = galaxy.poll() {
            assert!(!matches!(output, report::ReceiverOutput::Refused(_)), "{output:?}");
            reports += u32::from(matches!(output, report::ReceiverOutput::Report(_)));
        }
    }
    assert_eq!(reports, 1);
}

/// Thousands of parse warnings in a night, because a wrong key looked like a broken format: core 73316; keys that were typed in
/// the other way: core 136031, pysiaalarm 62 (Pyronix).
#[test]
fn a_wrong_key_says_that_it_is_the_key() {
    let key = Key::new(b"0123456789ABCDEF0123456789ABCDEF").unwrap();
    let as_digits = Key::from_hex("0123456789ABCDEF0123456789ABCDEF").unwrap();
    let mut centre = Centre::new(Policy::default());
    centre.key = Some(as_digits);
    for sequence in 1..=2_567 {
        let encoder = Encoder { account: Some("1234"), stamp: Some(NOW), ..Encoder::new(Token::Null, sequence) };
        let outputs = centre.datagram(0, &encoder.encrypt(&key, Pad::Long(&sequence.to_be_bytes())).unwrap());
        let [Output::Fault { fault, .. }, Output::Send { bytes, .. }] = &outputs[..] else { panic!("{outputs:?}") };
        assert_eq!((*fault, fault.blame()), (Fault::Message(MessageError::Key(KeyFault::Wrong)), Blame::Key));
        assert_ne!(Frame::parse(bytes, Strictness::Strict).unwrap().token(), Token::Ack);
    }
    let mistyped = Key::from_hex("0123456789ABCDEFG123456789ABCDEF").unwrap_err();
    assert_eq!(mistyped, KeyError::Digit { at: 16 });
}

/// Binary input that stops the whole receiver: eavanvalkenburg/sia 32, pysiaalarm 49.
#[test]
fn no_bytes_stop_the_receiver() {
    let mut centre = Centre::new(Policy::default());
    let mut bytes = [0u8; 200];
    for round in 0..200u8 {
        centre.told(0, Input::Opened(TCP));
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = byte.wrapping_mul(31).wrapping_add(round ^ at as u8);
        }
        assert!(centre.bytes(0, &bytes).iter().all(|output| !matches!(output, Output::Send { .. })));
        assert!(centre.datagram(0, &bytes).iter().all(|output| !matches!(output, Output::Send { .. })));
        let null = frame(Token::Null, 1, "");
        assert_eq!(centre.bytes(0, &[b"\r\n", &null[..]].concat()).last(), alive(TCP, &null).last());
    }
}
