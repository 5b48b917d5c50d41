//! What no panel should send, and every open port hears.

use alarmcore::Marks;
use contactid::{Encoder, Stamp, Token};
use opsmodel::store::Answer;

use crate::world::{
    Expected, World, account, answer, ask_by_datagram, burglary, cid, enveloped, now, plain, row, sealed,
};

const WRONG_KEY: &str = "ffffffffffffffffffffffffffffffff";

/// After each of these a good frame on the same connection is stored and answered, and nothing else is.
#[test]
fn damaged_frames_hear_nothing_and_harm_nothing() {
    let good = burglary("1234", 7, 5);
    let mut bad_crc = burglary("1234", 1, 1);
    bad_crc[1] = if bad_crc[1] == b'0' { b'1' } else { b'0' };
    let mut bad_length = burglary("1234", 2, 2);
    bad_length[8] ^= 1;
    let mut long_length = burglary("1234", 3, 3);
    long_length[5..9].copy_from_slice(b"FFFF");
    let truncated = burglary("1234", 4, 4)[..30].to_vec();
    let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let galaxy = b"F#123456\x9f".to_vec();
    let answer_of_a_receiver = plain(Token::Ack, "1234", 5, "");
    for (name, bytes) in [
        ("bad CRC", &bad_crc),
        ("bad length", &bad_length),
        ("length beyond the bound", &long_length),
        ("truncated frame", &truncated),
        ("binary noise", &noise),
        ("another protocol", &galaxy),
        ("an answer", &answer_of_a_receiver),
    ] {
        let world = World::new();
        let mut peer = world.connect();
        peer.say(bytes);
        assert_eq!(peer.ask(&good), answer(Token::Ack, "1234", 7), "{name}");
        drop(peer);
        let spool = world.end();
        let stored = [row(1, &good, Answer::Ack, Marks::NONE, cid("1234", 7, Some(("130", 5))))];
        assert_eq!(spool.rows(), stored, "{name}");
        let [received, acknowledged, supervised, refused, noise] = spool.sum("dc09-tcp");
        assert_eq!([received, acknowledged, supervised, refused], [1, 1, 0, 0], "{name}");
        assert!(noise >= 1, "{name} is counted");
    }
}

#[test]
fn a_peer_that_never_ends_a_frame_or_never_begins_one_is_cut() {
    let endless_frame = [b"\n00000FFF\"ADM-CID\"".to_vec(), vec![b'x'; 9000]].concat();
    let long_line = vec![b'x'; 1 << 20];
    for (name, bytes) in [("no CR ever", endless_frame), ("a line of 1 MB", long_line)] {
        let world = World::new();
        let mut peer = world.connect();
        peer.say_in_vain(&bytes);
        assert_eq!(peer.hear_the_end(), b"", "{name}");
        assert_eq!(world.connect().ask(&burglary("1234", 1, 1)), answer(Token::Ack, "1234", 1), "{name}");
        let spool = world.end();
        assert_eq!(spool.signals.len(), 1, "{name}");
        assert!(spool.sum("dc09-tcp")[4] >= 1, "{name} is counted");
    }
}

#[test]
fn a_web_browser_hears_nothing_and_is_cut() {
    let world = World::with(|config| config.limits.patience = std::time::Duration::from_millis(300));
    let mut peer = world.connect();
    peer.say(b"GET / HTTP/1.1\r\nHost: 192.0.2.1:10500\r\nUser-Agent: curl/8\r\nAccept: */*\r\n\r\n");
    assert_eq!(peer.hear_the_end(), b"");
    let spool = world.end();
    assert_eq!(spool.signals, []);
    assert_eq!(spool.sum("dc09-tcp"), [0, 0, 0, 0, 1]);
}

#[test]
fn what_is_intact_is_stored_and_acknowledged_though_nobody_knows_it() {
    let world = World::new();
    let mut peer = world.connect();
    let stranger = burglary("9999", 1, 5);
    let unknown_code = plain(Token::AdmCid, "1234", 2, "#1234|1799 01 005");
    let unknown_token = plain(Token::Other("HENG-BO"), "1234", 3, "#1234|whatever 17");
    let no_event = plain(Token::AdmCid, "1234", 4, "#1234|hello");
    let no_data = plain(Token::SiaDcs, "1234", 5, "");
    let no_account = Encoder { data: b"|1130 01 005", ..Encoder::new(Token::AdmCid, 6) }.encode().unwrap();
    for (frame, expected) in [
        (&stranger, answer(Token::Ack, "9999", 1)),
        (&unknown_code, answer(Token::Ack, "1234", 2)),
        (&unknown_token, answer(Token::Ack, "1234", 3)),
        (&no_event, answer(Token::Ack, "1234", 4)),
        (&no_data, answer(Token::Ack, "1234", 5)),
        (&no_account, String::from_utf8(Encoder::new(Token::Ack, 6).encode().unwrap()).unwrap()),
    ] {
        assert_eq!(peer.ask(frame), expected);
    }
    assert_eq!(world.last_seen.get(account("9999")), None, "an account that nobody knows takes no memory");
    let spool = world.end();
    let unread = |token, sequence| Expected { token, ..cid("1234", sequence, None) };
    assert_eq!(
        spool.rows(),
        [
            row(1, &stranger, Answer::Ack, Marks::NONE, cid("9999", 1, Some(("130", 5)))),
            row(2, &unknown_code, Answer::Ack, Marks::NONE, cid("1234", 2, Some(("799", 5)))),
            row(3, &unknown_token, Answer::Ack, Marks::UNREAD, unread("HENG-BO", 3)),
            row(4, &no_event, Answer::Ack, Marks::UNREAD, unread("ADM-CID", 4)),
            row(5, &no_data, Answer::Ack, Marks::UNREAD, unread("SIA-DCS", 5)),
            row(
                6,
                &no_account,
                Answer::Ack,
                Marks::NONE,
                Expected { account: None, ..cid("1234", 6, Some(("130", 5))) }
            ),
        ]
    );
    assert_eq!(spool.sum("dc09-tcp"), [6, 6, 0, 0, 0]);
}

#[test]
fn a_wrong_key_is_stored_and_never_acknowledged() {
    let world = World::new();
    let wrong_key = sealed(WRONG_KEY, "5678", 1, 5, now());
    let no_key = sealed(WRONG_KEY, "1234", 2, 5, now());
    let no_cipher = enveloped("\"*ADM-CID\"0003L0#5678[ABC");
    let mut peer = world.connect();
    assert_eq!(peer.ask(&wrong_key), answer(Token::Duh, "5678", 1));
    assert_eq!(peer.ask(&no_key), answer(Token::Duh, "1234", 2));
    assert_eq!(peer.ask(&no_cipher), answer(Token::Duh, "5678", 3));
    assert_eq!(world.last_seen.get(account("5678")), None, "who has not the key is not the panel");
    let spool = world.end();
    assert_eq!(
        spool.rows(),
        [
            row(1, &wrong_key, Answer::Duh, Marks::UNDECIPHERED, cid("5678", 1, None)),
            row(2, &no_key, Answer::Duh, Marks::UNDECIPHERED, cid("1234", 2, None)),
            row(3, &no_cipher, Answer::Duh, Marks::UNDECIPHERED, cid("5678", 3, None)),
        ]
    );
    assert_eq!(spool.sum("dc09-tcp"), [3, 0, 0, 3, 0]);
}

#[test]
fn a_plain_clock_that_is_years_off_is_marked_and_acknowledged() {
    let world = World::new();
    let stamped = |sequence, stamp| {
        let data = b"#1234|1130 01 005";
        let stamp = Some(stamp);
        let encoder = Encoder { account: Some("1234"), data, stamp, ..Encoder::new(Token::AdmCid, sequence) };
        encoder.encode().unwrap()
    };
    let dead_clock = stamped(1, Stamp::from_unix(0));
    let local_time = stamped(2, Stamp::from_unix(now().unix() + 8 * 3600));
    let right = stamped(3, now());
    let mut peer = world.connect();
    for (frame, sequence) in [(&dead_clock, 1), (&local_time, 2), (&right, 3)] {
        assert_eq!(peer.ask(frame), answer(Token::Ack, "1234", sequence));
    }
    let event = |sequence| cid("1234", sequence, Some(("130", 5)));
    assert_eq!(
        world.end().rows(),
        [
            row(1, &dead_clock, Answer::Ack, Marks::CLOCK_OFF, event(1)),
            row(2, &local_time, Answer::Ack, Marks::CLOCK_OFF, event(2)),
            row(3, &right, Answer::Ack, Marks::NONE, event(3)),
        ]
    );
}

#[test]
fn datagrams_hear_the_same() {
    let world = World::new();
    let patience = std::time::Duration::from_millis(300);
    let good = burglary("1234", 1, 5);
    let mut bad_crc = burglary("1234", 2, 5);
    bad_crc[1] = if bad_crc[1] == b'0' { b'1' } else { b'0' };
    let wrong_key = sealed(WRONG_KEY, "5678", 3, 5, now());
    assert_eq!(ask_by_datagram(world.dc09, &good, patience * 20), Some(answer(Token::Ack, "1234", 1)));
    assert_eq!(ask_by_datagram(world.dc09, &bad_crc, patience), None);
    assert_eq!(ask_by_datagram(world.dc09, b"", patience), None);
    assert_eq!(ask_by_datagram(world.dc09, &[b'x'; 9000], patience), None);
    assert_eq!(ask_by_datagram(world.dc09, &wrong_key, patience * 20), Some(answer(Token::Duh, "5678", 3)));
    let heartbeat = plain(Token::Null, "1234", 4, "");
    assert_eq!(ask_by_datagram(world.dc09, &heartbeat, patience * 20), Some(answer(Token::Ack, "1234", 4)));
    let spool = world.end();
    let by_udp = |expected| Expected { line: "dc09-udp", ..expected };
    assert_eq!(
        spool.rows(),
        [
            row(1, &good, Answer::Ack, Marks::NONE, by_udp(cid("1234", 1, Some(("130", 5))))),
            row(2, &wrong_key, Answer::Duh, Marks::UNDECIPHERED, by_udp(cid("5678", 3, None))),
        ]
    );
    assert_eq!(spool.sum("dc09-udp"), [3, 1, 1, 1, 3]);
    assert_eq!(spool.sum("dc09-tcp"), [0; 5]);
}
