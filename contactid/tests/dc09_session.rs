//! The receiver session, exchange by exchange.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]
#![cfg(feature = "aes")]

#[path = "support/centre.rs"]
mod centre;

use centre::{Centre, NOW, TCP, UDP, account, alarm, answer, frame, send};
use contactid::session::Moment;
use contactid::session::receiver::{
    Closing, Input, Link, Options, Output, Policy, Receiver, Report, Supervision, Terms, Why,
};
use contactid::{
    AccountNumber, CidMessage, ContentFault, Damage, Encoder, Extended, Fault, Frame, FrameError, Key, KeyFault,
    MessageError, Pad, Quirks, Reply, Response, Stamp, Strictness, Token, Window,
};

#[test]
fn a_report_is_acknowledged_when_it_is_stored() {
    let mut centre = Centre::new(Policy::default());
    let bytes = alarm(7);
    let outputs = centre.datagram(0, &bytes);
    let [Output::Report(report)] = &outputs[..] else { panic!("{outputs:?}") };
    let expected = Report {
        ticket: report.ticket,
        link: UDP,
        account: Some(account("1234")),
        signals: vec![CidMessage::parse(b"1130 01 005").unwrap().signal()],
        unread: None,
        stamp: None,
        encrypted: false,
        quirks: Quirks::NONE,
        frame: bytes.clone(),
    };
    assert_eq!((report, report.ticket.number()), (&expected, 1));
    assert_eq!(centre.stored(1, report.ticket), [send(UDP, answer(Reply::Ack, &bytes))]);
    assert_eq!(centre.stored(2, report.ticket), []);
}

#[test]
fn a_repeat_is_acknowledged_again_and_not_reported_again() {
    let mut centre = Centre::new(Policy { retry_span_ms: 10_000, ..Policy::default() });
    let (bytes, repeated) = (alarm(7), Output::Repeated { link: UDP, account: Some(account("1234")) });
    let ticket = centre.reported(0, UDP, &bytes);
    // The disk is slow: the repeat waits with the first.
    assert_eq!(centre.datagram(1_000, &bytes), std::slice::from_ref(&repeated));
    assert_eq!(centre.stored(2_000, ticket), [send(UDP, answer(Reply::Ack, &bytes))]);
    let again = [repeated, send(UDP, answer(Reply::Ack, &bytes))];
    assert_eq!(centre.datagram(3_000, &bytes), again);
    // Its span begins anew with each.
    assert_eq!(centre.datagram(12_999, &bytes), again);
    // Another number, other content, or the same after the span is another message.
    centre.reported(13_000, UDP, &alarm(8));
    centre.reported(13_000, UDP, &frame(Token::AdmCid, 7, "#1234|1130 01 006"));
    assert_eq!(centre.receiver.deadline(), Some(22_999));
    centre.reported(22_999, UDP, &bytes);
}

#[test]
fn the_answer_goes_where_the_panel_asked_last() {
    let mut centre = Centre::new(Policy::default());
    let bytes = alarm(7);
    assert_eq!(centre.told(0, Input::Opened(TCP)), []);
    let ticket = centre.reported(0, TCP, &bytes);
    assert_eq!(centre.told(1, Input::Closed(TCP)), []);
    assert_eq!(centre.told(2, Input::Opened(Link(2))), []);
    let repeat = centre.told(3, Input::Bytes { link: Link(2), bytes: &bytes });
    assert_eq!(repeat, [Output::Repeated { link: Link(2), account: Some(account("1234")) }]);
    assert_eq!(centre.stored(4, ticket), [send(Link(2), answer(Reply::Ack, &bytes))]);
}

#[test]
fn what_could_not_be_stored_is_reported_again() {
    let mut centre = Centre::new(Policy::default());
    let first = centre.reported(0, UDP, &alarm(7));
    assert_eq!(centre.told(1, Input::NotStored(first)), []);
    let second = centre.reported(2, UDP, &alarm(7));
    assert_eq!(centre.stored(3, second), [send(UDP, answer(Reply::Ack, &alarm(7)))]);
    assert_eq!(centre.stored(4, first), []);
}

#[test]
fn without_an_account_every_message_is_reported() {
    let mut centre = Centre::new(Policy::default());
    let bytes = Encoder { data: b"|1130 01 005", ..Encoder::new(Token::AdmCid, 6) }.encode().unwrap();
    assert_ne!(centre.reported(0, UDP, &bytes), centre.reported(1, UDP, &bytes));
}

#[test]
fn the_terms_are_those_of_the_account_that_reports() {
    let asked = std::cell::RefCell::new(Vec::new());
    let terms = |account: Option<AccountNumber>| {
        asked.borrow_mut().push(account);
        Terms::default()
    };
    let mut receiver = Receiver::new(Options::default());
    let moment = Moment { now_ms: 0, utc: NOW, random: b"pad" };
    let inner = Encoder { data: b"#1234|1130 01 005", ..Encoder::new(Token::AdmCid, 6) }.encode().unwrap();
    receiver.handle(Input::Datagram { link: UDP, bytes: &alarm(1) }, moment, &terms);
    receiver.handle(Input::Datagram { link: UDP, bytes: &inner }, moment, &terms);
    let (named, inside) = (Some(account("1234")), [None, Some(account("1234"))]);
    assert_eq!(asked.into_inner(), [&[named, named], &inside[..]].concat());
}

#[test]
fn a_frame_that_names_no_account_is_answered_under_the_key_that_opened_it() {
    let (shared, own) = (Key::new(b"0123456789abcdef").unwrap(), Key::new(b"another key here").unwrap());
    let terms = |account: Option<AccountNumber>| Terms {
        key: Some(if account.is_none() { &shared } else { &own }),
        ..Terms::default()
    };
    let encoder = Encoder { data: b"#1234|1130 01 005", stamp: Some(NOW), ..Encoder::new(Token::AdmCid, 6) };
    let bytes = encoder.encrypt(&shared, Pad::Long(b"pad")).unwrap();
    let mut receiver = Receiver::new(Options::default());
    let moment = Moment { now_ms: 0, utc: NOW, random: b"pad" };
    receiver.handle(Input::Datagram { link: UDP, bytes: &bytes }, moment, &terms);
    let Some(Output::Report(report)) = receiver.poll() else { panic!("a report") };
    assert_eq!((report.account, report.encrypted), (Some(account("1234")), true));
    receiver.handle(Input::Stored { ticket: report.ticket, response: None }, moment, &terms);
    let Some(Output::Send { bytes, .. }) = receiver.poll() else { panic!("an answer") };
    let answer = Frame::parse(&bytes, Strictness::Tolerant).unwrap();
    assert_eq!((answer.token(), answer.open(Some(&shared)).unwrap().stamp()), (Token::Ack, Some(NOW)));
}

#[test]
fn a_plain_message_does_not_keep_the_encrypted_one_away() {
    let mut centre = Centre::new(Policy::default());
    let key = Key::new(b"0123456789abcdef").unwrap();
    centre.key = Some(key.clone());
    let forged = centre.reported(0, UDP, &alarm(7));
    centre.stored(0, forged);
    let encoder = Encoder {
        account: Some("1234"),
        data: b"#1234|1130 01 005",
        stamp: Some(NOW),
        ..Encoder::new(Token::AdmCid, 7)
    };
    centre.reported(1, UDP, &encoder.encrypt(&key, Pad::Long(b"pad")).unwrap());
}

#[test]
fn too_much_waits() {
    let mut centre = Centre::new(Policy::default());
    centre.receiver = Receiver::new(Options { pending: 1, accounts: 0, links: 1, ..Options::default() });
    let ticket = centre.reported(0, UDP, &alarm(1));
    let overloaded = Output::Overloaded { link: UDP, account: Some(account("1234")) };
    assert_eq!(centre.datagram(0, &alarm(2)), [overloaded]);
    centre.stored(1, ticket);
    // No account is remembered, so that a repeat is not known.
    centre.reported(2, UDP, &alarm(1));
    assert_eq!(centre.told(3, Input::Opened(TCP)), []);
    assert_eq!(centre.told(3, Input::Opened(Link(2))), [Output::Close { link: Link(2), why: Why::Full }]);
}

#[test]
fn content_that_cannot_be_read_is_stored_and_then_refused_or_not() {
    let bytes = frame(Token::AdmCid, 4, "#1234|hello");
    for (acknowledge_unread, reply) in [(false, Reply::Duh), (true, Reply::Ack)] {
        let mut centre = Centre::new(Policy { acknowledge_unread, ..Policy::default() });
        let outputs = centre.datagram(0, &bytes);
        let [Output::Report(report)] = &outputs[..] else { panic!("{outputs:?}") };
        assert_eq!(report.unread, Some(MessageError::Content(ContentFault::Cid { length: 5 })));
        assert_eq!(report.signals, []);
        assert_eq!(centre.stored(1, report.ticket), [send(UDP, answer(reply, &bytes))]);
        assert_eq!(centre.datagram(2, &bytes)[1..], [send(UDP, answer(reply, &bytes))]);
    }
}

#[test]
fn faults_are_told_and_answered_each_in_its_way() {
    let mut centre = Centre::new(Policy::default());
    let damaged = b"\nCE120032\"SIA-DCS\"9876R579BDFL789ABC#12345A[#12345A|NFA129]\r";
    let fault = Fault::Frame(FrameError::Damaged(Damage::Crc { expected: 0xCE11, found: 0xCE12 }));
    assert_eq!(centre.datagram(0, damaged), [Output::Fault { link: UDP, account: None, fault, frame: None }]);
    // An answer is not answered.
    assert_eq!(centre.datagram(0, &answer(Reply::Ack, &alarm(1))), []);

    let key = Key::new(b"0123456789abcdef").unwrap();
    let sealed = |secs: i64| {
        let stamp = Some(Stamp::from_unix(NOW.unix() + secs));
        let encoder =
            Encoder { account: Some("1234"), data: b"#1234|1130 01 005", stamp, ..Encoder::new(Token::AdmCid, 9) };
        encoder.encrypt(&key, Pad::Long(b"pad")).unwrap()
    };
    // What may be an alarm is handed on, whatever is wrong with its key or clock.
    let fault = |error, frame: Vec<u8>| Output::Fault {
        link: UDP,
        account: Some(account("1234")),
        fault: Fault::Message(error),
        frame: Some(frame),
    };
    let duh = send(UDP, answer(Reply::Duh, &alarm(9)));
    assert_eq!(centre.datagram(0, &sealed(0)), [fault(MessageError::Key(KeyFault::Missing), sealed(0)), duh.clone()]);
    centre.key = Some(Key::new(b"another key here").unwrap());
    assert_eq!(centre.datagram(0, &sealed(0)), [fault(MessageError::Key(KeyFault::Wrong), sealed(0)), duh]);
    centre.key = Some(key.clone());
    let late = MessageError::Clock { skew_secs: Some(-41) };
    assert_eq!(centre.datagram(0, &sealed(-41)), [fault(late, sealed(-41)), send(UDP, answer(Reply::Nak, &alarm(9)))]);

    // The same within the window: acknowledged under the key.
    let ticket = centre.reported(0, UDP, &sealed(-40));
    let outputs = centre.stored(0, ticket);
    let [Output::Send { bytes, .. }] = &outputs[..] else { panic!("{outputs:?}") };
    let ack = Frame::parse(bytes, Strictness::Strict).unwrap();
    assert_eq!((ack.token(), ack.is_encrypted(), ack.open(Some(&key)).unwrap().stamp()), (Token::Ack, true, Some(NOW)));
    // A repeat with a new time and another pad is still a repeat.
    assert!(matches!(centre.datagram(1_000, &sealed(1))[..], [Output::Repeated { .. }, Output::Send { .. }]));
}

#[test]
fn plain_messages_have_a_window_only_if_one_is_set() {
    let stamped = Encoder { account: Some("1234"), stamp: Some(Stamp::from_unix(0)), ..Encoder::new(Token::Null, 1) };
    let stamped = stamped.encode().unwrap();
    let alive = Output::Alive { link: UDP, account: Some(account("1234")), frame: stamped.clone() };
    let mut centre = Centre::new(Policy::default());
    assert_eq!(centre.datagram(0, &stamped), [alive, send(UDP, answer(Reply::Ack, &stamped))]);
    centre.policy.plain_window = Some(Window::STANDARD);
    let fault = Fault::Message(MessageError::Clock { skew_secs: Some(-NOW.unix()) });
    let refused = Output::Fault { link: UDP, account: Some(account("1234")), fault, frame: Some(stamped.clone()) };
    assert_eq!(centre.datagram(0, &stamped), [refused, send(UDP, answer(Reply::Nak, &stamped))]);
}

#[test]
fn silence_is_lost_and_the_next_frame_restores() {
    let supervision = Some(Supervision { interval_ms: 60_000, tolerance_ms: 5_000 });
    let mut centre = Centre::new(Policy { supervision, ..Policy::default() });
    let (name, null) = (account("1234"), frame(Token::Null, 1, ""));
    let alive = Output::Alive { link: UDP, account: Some(name), frame: null.clone() };
    let heard = [alive, send(UDP, answer(Reply::Ack, &null))];
    assert_eq!(centre.told(0, Input::Expect(name)), []);
    assert_eq!(centre.receiver.deadline(), Some(65_001));
    assert_eq!(centre.datagram(60_000, &null), heard);
    assert_eq!(centre.told(125_000, Input::Tick), []);
    assert_eq!(centre.told(125_001, Input::Tick), [Output::Lost { account: name, silent_ms: 65_001 }]);
    // Said once.
    assert_eq!((centre.told(900_000, Input::Tick), centre.receiver.deadline()), (vec![], None));
    assert_eq!(centre.told(900_000, Input::Expect(name)), []);
    assert_eq!(centre.datagram(900_001, &null), [&[Output::Restored { account: name }], &heard[..]].concat());

    // Who lacks the key cannot speak for the account, if that is set.
    centre.key = Some(Key::new(b"0123456789abcdef").unwrap());
    centre.policy.plain_counts = false;
    assert_eq!(centre.datagram(960_000, &null), heard);
    let lost = [Output::Lost { account: name, silent_ms: 65_001 }];
    assert_eq!(centre.told(965_002, Input::Tick), lost);
    assert_eq!(centre.told(965_002, Input::Forget(name)), []);
    centre.policy.plain_counts = true;
    assert_eq!(centre.datagram(965_003, &null), heard);
    assert_eq!(centre.told(965_004, Input::Forget(name)), []);
    assert_eq!(centre.receiver.deadline(), None);
}

#[test]
fn a_connection_ends_as_its_account_wants() {
    let close = Output::Close { link: TCP, why: Why::Silent };
    let null = frame(Token::Null, 1, "");
    for (closing, at) in [
        (Closing::Answered { linger_ms: 0 }, Some(100)),
        (Closing::Answered { linger_ms: 700 }, Some(800)),
        (Closing::Idle { idle_ms: 30_000 }, Some(30_100)),
        (Closing::ByPanel, None),
    ] {
        let mut centre = Centre::new(Policy { closing, ..Policy::default() });
        assert_eq!(centre.told(0, Input::Opened(TCP)), []);
        assert_eq!(centre.receiver.deadline(), Some(30_000));
        let outputs = centre.bytes(100, &null);
        assert_eq!(outputs.contains(&close), at == Some(100));
        assert_eq!(centre.receiver.deadline(), at.filter(|&at| at > 100));
        if let Some(at) = at.filter(|&at| at > 100) {
            assert_eq!(centre.told(at, Input::Tick), std::slice::from_ref(&close));
            assert_eq!(centre.bytes(at + 1, &null), []);
        }
    }
    // Nothing said at all.
    let mut centre = Centre::new(Policy::default());
    centre.told(0, Input::Opened(TCP));
    assert_eq!(centre.told(30_000, Input::Tick), [close]);
}

#[test]
fn two_frames_in_one_segment_are_both_answered_before_the_end() {
    let mut centre = Centre::new(Policy { closing: Closing::Answered { linger_ms: 0 }, ..Policy::default() });
    centre.told(0, Input::Opened(TCP));
    let outputs = centre.bytes(0, &[alarm(1), alarm(2)].concat());
    let [Output::Report(first), Output::Report(second)] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!(centre.stored(1, first.ticket), [send(TCP, answer(Reply::Ack, &alarm(1)))]);
    let last = [send(TCP, answer(Reply::Ack, &alarm(2))), Output::Close { link: TCP, why: Why::Silent }];
    assert_eq!(centre.stored(1, second.ticket), last);
}

#[test]
fn scanners_are_shown_out() {
    let mut centre = Centre::new(Policy::default());
    centre.receiver = Receiver::new(Options { noise: 100, ..Options::default() });
    centre.told(0, Input::Opened(TCP));
    assert_eq!(centre.bytes(0, &[b'x'; 90]), []);
    // An intact frame makes good for it.
    assert_eq!(centre.bytes(0, &frame(Token::Null, 1, "")).len(), 2);
    assert_eq!(centre.bytes(0, &[b'x'; 90]), []);
    assert_eq!(centre.bytes(0, &[b'x'; 11]), [Output::Close { link: TCP, why: Why::Noise }]);
    assert_eq!(centre.bytes(0, &alarm(1)), []);
    assert_eq!(centre.receiver.deadline(), None);
}

#[test]
fn an_answer_may_carry_a_key() {
    let mut centre = Centre::new(Policy::default());
    let bytes = frame(Token::Xnm, 3, "#1234|");
    let ticket = centre.reported(0, UDP, &bytes);
    let key = [Extended::new('K', "000102030405060708090A0B0C0D0E0F")];
    let response = Response { data: b"", extended: &key };
    let outputs = centre.told(1, Input::Stored { ticket, response: Some(response) });
    let read = Frame::parse(&bytes, Strictness::Tolerant).unwrap();
    assert_eq!(outputs, [send(UDP, response.encode(&read, NOW, None, Pad::Short(b"")).unwrap())]);
}

#[test]
fn the_end_of_time() {
    let supervision = Some(Supervision { interval_ms: u64::MAX, tolerance_ms: u64::MAX });
    let closing = Closing::Idle { idle_ms: u64::MAX };
    let mut centre = Centre::new(Policy { supervision, closing, retry_span_ms: u64::MAX, ..Policy::default() });
    let null = frame(Token::Null, 1, "");
    centre.told(0, Input::Opened(TCP));
    assert_eq!(centre.bytes(u64::MAX - 1, &null).len(), 2);
    let ticket = centre.reported(u64::MAX - 1, UDP, &alarm(1));
    assert_eq!(centre.receiver.deadline(), Some(u64::MAX));
    let lost = Output::Lost { account: account("1234"), silent_ms: 1 };
    assert_eq!(centre.told(u64::MAX, Input::Tick), [Output::Close { link: TCP, why: Why::Silent }, lost]);
    assert_eq!(centre.stored(u64::MAX, ticket), [send(UDP, answer(Reply::Ack, &alarm(1)))]);
    // A clock that goes back breaks the contract, and nothing else.
    let _ = centre.told(0, Input::Tick);
    let _ = centre.datagram(0, &null);
}
