//! What a panel hears, and what is kept of it: order, repeats, clocks, keys, heartbeats.

use alarmcore::Marks;
use contactid::{Code, Frame, Key, Qualifier, Signal, Stamp, Strictness, Token};
use opsmodel::store::Answer;
use receiver::PlainAnswer;

use crate::world::{Expected, KEY, World, account, answer, burglary, cid, now, plain, row, sealed};

/// The answer as its own panel reads it: token, number, time.
fn opened(text: &str, key: &str) -> (String, Option<u16>, Option<Stamp>) {
    let frame = Frame::parse(text.as_bytes(), Strictness::Tolerant).unwrap();
    let message = frame.open(Some(&Key::from_hex(key).unwrap())).unwrap();
    assert_eq!(message.data(), b"");
    let token = format!("{}{}", if frame.is_encrypted() { "*" } else { "" }, frame.token());
    (token, frame.sequence(), message.stamp())
}

#[test]
fn frames_of_one_segment_are_answered_in_their_order() {
    let world = World::new();
    let mut peer = world.connect();
    let frames: Vec<_> = (1..=40_u16)
        .map(|sequence| match sequence % 4 {
            0 => plain(Token::Null, "1234", sequence, ""),
            _ => burglary("1234", sequence, sequence.into()),
        })
        .collect();
    peer.say(&frames.concat());
    for sequence in 1..=40 {
        assert_eq!(peer.hear(), answer(Token::Ack, "1234", sequence));
    }
    // The same in pieces of three bytes.
    for piece in frames.concat().chunks(3) {
        peer.say(piece);
    }
    for sequence in 1..=40 {
        assert_eq!(peer.hear(), answer(Token::Ack, "1234", sequence));
    }
    let spool = world.end();
    let once = (1..=40_u16).filter(|sequence| sequence % 4 != 0);
    let expected: Vec<_> = once
        .clone()
        .chain(once)
        .zip(1..)
        .map(|(sequence, id)| {
            let event = Some(("130", sequence.into()));
            row(id, &frames[usize::from(sequence) - 1], Answer::Ack, Marks::NONE, cid("1234", sequence, event))
        })
        .collect();
    assert_eq!(spool.rows(), expected);
    assert_eq!(spool.sum("dc09-tcp"), [80, 60, 20, 0, 0]);
}

#[test]
fn a_panel_that_sends_and_falls_silent_is_answered() {
    let world = World::new();
    let mut peer = world.connect();
    peer.say(&burglary("1234", 1, 5));
    peer.fall_silent();
    assert_eq!(String::from_utf8(peer.hear_the_end()).unwrap(), answer(Token::Ack, "1234", 1));
}

#[test]
fn the_same_frame_twice_is_acknowledged_twice_and_known_by_its_content() {
    let world = World::new();
    let mut peer = world.connect();
    let frame = burglary("1234", 1, 5);
    for _ in 0..2 {
        assert_eq!(peer.ask(&frame), answer(Token::Ack, "1234", 1));
    }
    assert_eq!(peer.ask(&burglary("1234", 1, 6)), answer(Token::Ack, "1234", 1));
    let spool = world.end();
    let content: Vec<_> = spool.signals.iter().map(|signal| signal.received.report.content).collect();
    assert_eq!(content.len(), 3);
    assert_eq!(content[0], content[1]);
    assert_ne!(content[0], content[2]);
}

#[test]
fn a_frame_with_several_events_is_one_row_for_each() {
    let world = World::new();
    let frame = plain(Token::SiaDcs, "1234", 1, "#1234|Nri1/BA005/BA006|NCL7");
    assert_eq!(world.connect().ask(&frame), answer(Token::Ack, "1234", 1));
    let event = |part, code: &str, qualifier, group, number, address: &str| Expected {
        token: "SIA-DCS",
        part,
        parts: 3,
        signal: Some(Signal {
            group,
            number: Some(number),
            address: Some(address.to_owned()),
            ..Signal::new(code.parse::<Code>().unwrap(), qualifier)
        }),
        ..cid("1234", 1, None)
    };
    let spool = world.end();
    assert_eq!(
        spool.rows(),
        [
            row(1, &frame, Answer::Ack, Marks::NONE, event(0, "BA", Qualifier::New, Some(1), 5, "005")),
            row(2, b"", Answer::Ack, Marks::NONE, event(1, "BA", Qualifier::New, Some(1), 6, "006")),
            row(3, b"", Answer::Ack, Marks::NONE, event(2, "CL", Qualifier::Restore, None, 7, "7")),
        ]
    );
    assert_eq!(spool.sum("dc09-tcp"), [1, 1, 0, 0, 0], "frames are counted, not events");
}

#[test]
fn an_encrypted_report_is_acknowledged_encrypted_and_with_the_time() {
    let world = World::new();
    let frame = sealed(KEY, "5678", 1, 5, now());
    let mut peer = world.connect();
    let (token, sequence, stamp) = opened(&peer.ask(&frame), KEY);
    assert_eq!((token.as_str(), sequence), ("*ACK", Some(1)));
    assert!(stamp.unwrap().skew_secs(now()).abs() <= 2);
    assert!(world.last_seen.get(account("5678")).is_some());
    // Within the window nobody can tell a repeat from a replay: it is acknowledged, and known by its content.
    let (token, sequence, _) = opened(&peer.ask(&sealed(KEY, "5678", 1, 5, now())), KEY);
    assert_eq!((token.as_str(), sequence), ("*ACK", Some(1)));
    let spool = world.end();
    let content: Vec<_> = spool.signals.iter().map(|signal| signal.received.report.content).collect();
    assert_eq!(content[0], content[1], "although the bytes differ");
    assert_eq!(spool.rows()[0], row(1, &frame, Answer::Ack, Marks::ENCRYPTED, cid("5678", 1, Some(("130", 5)))));
}

#[test]
fn a_late_or_replayed_report_hears_our_time_and_its_repeat_is_acknowledged() {
    let world = World::new();
    let mut peer = world.connect();
    let replayed = sealed(KEY, "5678", 1, 5, Stamp::from_unix(now().unix() - 3600));
    let years_off = sealed(KEY, "5678", 2, 5, Stamp::from_unix(0));
    let ahead = sealed(KEY, "5678", 3, 5, Stamp::from_unix(now().unix() + 30));
    for frame in [&replayed, &years_off, &ahead] {
        let nak = peer.ask(frame);
        assert!(nak.contains("\"NAK\"0000R0L0A0[]_"), "{nak}");
        let (_, _, stamp) = opened(&nak, KEY);
        assert!(stamp.unwrap().skew_secs(now()).abs() <= 2);
    }
    assert_eq!(world.last_seen.get(account("5678")), None, "a replay keeps no line looking alive");
    let corrected = sealed(KEY, "5678", 3, 5, now());
    assert_eq!(opened(&peer.ask(&corrected), KEY).0, "*ACK");
    let stale = Marks::ENCRYPTED.with(Marks::STALE_CLOCK);
    let event = |sequence| cid("5678", sequence, Some(("130", 5)));
    let spool = world.end();
    assert_eq!(
        spool.rows(),
        [
            row(1, &replayed, Answer::Nak, stale, event(1)),
            row(2, &years_off, Answer::Nak, stale, event(2)),
            row(3, &ahead, Answer::Nak, stale, event(3)),
            row(4, &corrected, Answer::Ack, Marks::ENCRYPTED, event(3)),
        ]
    );
    assert_eq!(spool.sum("dc09-tcp"), [4, 1, 0, 3, 0]);
}

#[test]
fn a_plain_frame_of_an_account_that_has_a_key_is_stored_marked_and_answered_by_policy() {
    for (policy, token, word) in [
        (PlainAnswer::Ack, Some(Token::Ack), Answer::Ack),
        (PlainAnswer::Duh, Some(Token::Duh), Answer::Duh),
        (PlainAnswer::Silence, None, Answer::None),
    ] {
        let world = World::with(|config| config.policy.plain_despite_key = policy);
        let mut peer = world.connect();
        let report = burglary("5678", 1, 5);
        let heartbeat = plain(Token::Null, "5678", 2, "");
        peer.say(&report);
        peer.say(&heartbeat);
        peer.fall_silent();
        let heard = String::from_utf8(peer.hear_the_end()).unwrap();
        let expected = token.map(|token| answer(token, "5678", 1) + &answer(token, "5678", 2));
        assert_eq!(heard, expected.unwrap_or_default());
        assert_eq!(world.last_seen.get(account("5678")), None, "a stranger keeps no line looking alive");
        let spool = world.end();
        let null = Expected { token: "NULL", ..cid("5678", 2, None) };
        assert_eq!(
            spool.rows(),
            [
                row(1, &report, word, Marks::PLAIN_DESPITE_KEY, cid("5678", 1, Some(("130", 5)))),
                row(2, &heartbeat, word, Marks::PLAIN_DESPITE_KEY, null),
            ]
        );
        let acknowledged = if word == Answer::Ack { 2 } else { 0 };
        assert_eq!(spool.sum("dc09-tcp"), [2, acknowledged, 0, 2 - acknowledged, 0]);
    }
}

#[test]
fn heartbeats_are_acknowledged_counted_and_not_stored() {
    let world = World::new();
    let mut peer = world.connect();
    for sequence in [0, 1] {
        assert_eq!(peer.ask(&plain(Token::Null, "1234", sequence, "")), answer(Token::Ack, "1234", sequence));
    }
    // Hikvision puts data into it.
    let with_data = plain(Token::Null, "1234", 2, "#0000|0000 00 000");
    assert_eq!(peer.ask(&with_data), answer(Token::Ack, "1234", 2));
    let seen = world.last_seen.get(account("1234")).unwrap();
    assert_eq!(world.last_seen.take_fresh(), [(account("1234"), seen)]);
    assert_eq!(world.last_seen.take_fresh(), []);
    assert_eq!(world.last_seen.get(account("1234")), Some(seen));
    let spool = world.end();
    assert_eq!(spool.signals, []);
    assert_eq!(spool.sum("dc09-tcp"), [3, 0, 3, 0, 0]);
}

/// From where the card does not list, a heartbeat is acknowledged and is no sign of life: it is stored, so that an operator learns of it.
#[test]
fn a_heartbeat_from_a_strange_source_keeps_no_line_looking_alive() {
    let world = World::new();
    let mut peer = world.connect();
    let (strange, listed) = (plain(Token::Null, "2468", 1, ""), plain(Token::Null, "2469", 1, ""));
    assert_eq!(peer.ask(&strange), answer(Token::Ack, "2468", 1));
    assert_eq!(peer.ask(&listed), answer(Token::Ack, "2469", 1));
    assert_eq!(world.last_seen.get(account("2468")), None, "a stranger keeps no line looking alive");
    assert!(world.last_seen.get(account("2469")).is_some());
    let spool = world.end();
    let null = Expected { token: "NULL", ..cid("2468", 1, None) };
    assert_eq!(spool.rows(), [row(1, &strange, Answer::Ack, Marks::NONE, null)]);
}
