//! The transmitter session, exchange by exchange.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]
#![cfg(feature = "aes")]

use contactid::session::Moment;
use contactid::session::transmitter::{
    Content, Delivery, Event, Input, Output, Path, QueueError, Setup, Supervision, Transmitter,
};
use contactid::{Edition, EncodeError, Encoder, Extended, Frame, Key, Pad, Reply, Response, Stamp, Strictness, Token};

const NOW: Stamp = Stamp::from_unix(1_741_350_896);

struct Panel(Transmitter);

impl Panel {
    fn new(setup: Setup) -> Self {
        Self(Transmitter::new(setup, 0).unwrap())
    }

    fn told(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        let utc = Stamp::from_unix(NOW.unix() + (now_ms / 1000) as i64);
        self.0.handle(input, Moment { now_ms, utc, random: b"pad" });
        std::iter::from_fn(|| self.0.poll()).collect()
    }

    fn tick(&mut self, now_ms: u64) -> Vec<Output> {
        self.told(now_ms, Input::Tick)
    }

    fn hears(&mut self, now_ms: u64, path: usize, bytes: &[u8]) -> Vec<Output> {
        self.told(now_ms, Input::Received { path, bytes })
    }

    fn queue(&mut self, zone: u16) -> Event {
        self.0.queue(alarm(zone), Vec::new()).unwrap()
    }
}

fn alarm(zone: u16) -> Content {
    Content::report(Token::AdmCid, "1234", format_args!("1130 01 {zone:03}"))
}

fn frame(sequence: u16, zone: u16) -> Vec<u8> {
    let data = format!("#1234|1130 01 {zone:03}");
    Encoder { account: Some("1234"), data: data.as_bytes(), ..Encoder::new(Token::AdmCid, sequence) }.encode().unwrap()
}

fn null(sequence: u16) -> Vec<u8> {
    Encoder { account: Some("1234"), ..Encoder::new(Token::Null, sequence) }.encode().unwrap()
}

fn answer(reply: Reply, bytes: &[u8]) -> Vec<u8> {
    reply.encode(&Frame::parse(bytes, Strictness::Strict).unwrap(), NOW, None, Pad::Short(b""))
}

fn send(path: usize, bytes: Vec<u8>) -> Output {
    Output::Send { path, bytes }
}

fn delivery(event: Event, sequence: u16, sent: u32, path: usize) -> Delivery {
    Delivery { event, content: 0, sequence, sent, path }
}

#[test]
fn one_event_after_the_other_over_udp() {
    let mut panel = Panel::new(Setup::new("1234", Path::udp()));
    assert_eq!(panel.0.deadline(), None);
    let (first, second) = (panel.queue(1), panel.queue(2));
    assert_eq!(panel.0.deadline(), Some(0));
    assert_eq!(panel.tick(0), [send(0, frame(1, 1))]);
    assert_eq!(panel.tick(999), []);
    assert_eq!(panel.tick(1_000), [send(0, frame(1, 1))]);
    // What is not the answer to it says nothing.
    for stray in [answer(Reply::Ack, &frame(2, 1)), frame(1, 1), b"noise".to_vec(), Vec::new()] {
        assert_eq!(panel.hears(1_100, 0, &stray), []);
    }
    let other = Encoder { account: Some("9999"), ..Encoder::new(Token::Ack, 1) }.encode().unwrap();
    assert_eq!(panel.hears(1_100, 0, &other), []);
    let ack = answer(Reply::Ack, &frame(1, 1));
    assert_eq!(panel.hears(1_200, 0, &ack), [Output::Delivered(delivery(first, 1, 2, 0)), send(0, frame(2, 2))]);
    // A second answer comes late.
    assert_eq!(panel.hears(1_300, 0, &ack), []);
    let ack = answer(Reply::Ack, &frame(2, 2));
    assert_eq!(panel.hears(1_400, 0, &ack), [Output::Delivered(delivery(second, 2, 1, 0))]);
    assert_eq!((panel.0.deadline(), panel.0.waiting(), panel.0.sequence()), (None, 0, 2));
}

#[test]
fn numbers_go_round() {
    let mut panel = Panel(Transmitter::new(Setup::new("1234", Path::udp()), 9_998).unwrap());
    for (sequence, zone) in [(9_999, 1), (1, 2)] {
        let event = panel.queue(zone);
        assert_eq!(panel.tick(0), [send(0, frame(sequence, zone))]);
        let delivered = panel.hears(0, 0, &answer(Reply::Ack, &frame(sequence, zone)));
        assert_eq!(delivered, [Output::Delivered(delivery(event, sequence, 1, 0))]);
    }
}

#[test]
fn a_connection_is_made_kept_and_made_again() {
    let mut panel = Panel::new(Setup::new("1234", Path::tcp()));
    let first = panel.queue(1);
    assert_eq!(panel.tick(0), [Output::Connect { path: 0 }]);
    assert_eq!(panel.told(100, Input::Connected { path: 0 }), [send(0, frame(1, 1))]);
    let ack = answer(Reply::Ack, &frame(1, 1));
    let (one, rest) = ack.split_at(7);
    assert_eq!(panel.hears(200, 0, one), []);
    assert_eq!(panel.hears(201, 0, rest), [Output::Delivered(delivery(first, 1, 1, 0))]);
    // It stands for the next.
    let second = panel.queue(2);
    assert_eq!(panel.tick(300), [send(0, frame(2, 2))]);
    assert_eq!(panel.told(301, Input::Broken { path: 0 }), [Output::Connect { path: 0 }]);
    // The connection takes too long: another is made.
    assert_eq!(panel.tick(5_301), [Output::Close { path: 0 }, Output::Connect { path: 0 }]);
    assert_eq!(panel.told(5_400, Input::Connected { path: 0 }), [send(0, frame(2, 2))]);
    // So does the answer.
    assert_eq!(panel.tick(10_400), [Output::Close { path: 0 }, Output::Connect { path: 0 }]);
    // What the old connection brings is not for the new one.
    assert_eq!(panel.hears(10_401, 0, &answer(Reply::Ack, &frame(2, 2))), []);
    assert_eq!(panel.told(10_402, Input::Connected { path: 0 }), [send(0, frame(2, 2))]);
    let ack = answer(Reply::Ack, &frame(2, 2));
    assert_eq!(panel.hears(10_403, 0, &ack), [Output::Delivered(delivery(second, 2, 3, 0))]);
    // The receiver closes: nothing waits, nothing is done.
    assert_eq!((panel.told(10_500, Input::Broken { path: 0 }), panel.0.deadline()), (vec![], None));
    assert_eq!(panel.told(10_600, Input::Connected { path: 0 }), [Output::Close { path: 0 }]);
}

#[test]
fn a_connection_is_closed_when_nothing_waits() {
    let mut panel = Panel::new(Setup::new("1234", Path { close: true, ..Path::tcp() }));
    let (first, second) = (panel.queue(1), panel.queue(2));
    panel.tick(0);
    panel.told(0, Input::Connected { path: 0 });
    let acked = panel.hears(0, 0, &answer(Reply::Ack, &frame(1, 1)));
    assert_eq!(acked, [Output::Delivered(delivery(first, 1, 1, 0)), send(0, frame(2, 2))]);
    let acked = panel.hears(0, 0, &answer(Reply::Ack, &frame(2, 2)));
    assert_eq!(acked, [Output::Delivered(delivery(second, 2, 1, 0)), Output::Close { path: 0 }]);
}

#[test]
fn the_next_path_then_a_rest_and_back_to_the_first() {
    let path = Path { tries: 2, ..Path::udp() };
    let setup = Setup { paths: vec![path, path], ..Setup::new("1234", path) };
    let mut panel = Panel::new(setup);
    let first = panel.queue(1);
    let bytes = frame(1, 1);
    assert_eq!(panel.tick(0), [send(0, bytes.clone())]);
    assert_eq!(panel.tick(1_000), [send(0, bytes.clone())]);
    assert_eq!(panel.tick(2_000), [Output::PathFailed { path: 0 }, send(1, bytes.clone())]);
    assert_eq!(panel.tick(3_000), [send(1, bytes.clone())]);
    assert_eq!(panel.tick(4_000), [Output::PathFailed { path: 1 }, Output::Unreachable]);
    assert_eq!((panel.0.deadline(), panel.0.waiting()), (Some(14_000), 1));
    // The rest is over: the same number, from the first path on.
    assert_eq!(panel.tick(14_000), [send(0, bytes.clone())]);
    assert_eq!(panel.tick(15_000), [send(0, bytes.clone())]);
    assert_eq!(panel.tick(16_000), [Output::PathFailed { path: 0 }, send(1, bytes.clone())]);
    let acked = panel.hears(16_100, 1, &answer(Reply::Ack, &bytes));
    assert_eq!(acked, [Output::Delivered(delivery(first, 1, 7, 1))]);
    // The path that works stays, until the first is due again.
    let second = panel.queue(2);
    assert_eq!(panel.tick(20_000), [send(1, frame(2, 2))]);
    let acked = panel.hears(20_001, 1, &answer(Reply::Ack, &frame(2, 2)));
    assert_eq!(acked, [Output::Delivered(delivery(second, 2, 1, 1))]);
    panel.queue(3);
    assert_eq!(panel.tick(316_000), [send(0, frame(3, 3))]);
}

#[test]
fn a_new_event_ends_the_rest() {
    let mut panel = Panel::new(Setup::new("1234", Path { tries: 1, ..Path::udp() }));
    panel.queue(1);
    assert_eq!(panel.tick(0), [send(0, frame(1, 1))]);
    assert_eq!(panel.tick(1_000), [Output::PathFailed { path: 0 }, Output::Unreachable]);
    panel.queue(2);
    assert_eq!(panel.tick(1_001), [send(0, frame(1, 1))]);
}

#[test]
fn the_receiver_sets_the_clock() {
    let key = Key::new(b"0123456789abcdef").unwrap();
    let mut panel =
        Panel::new(Setup { key: Some(key.clone()), edition: Edition::E2026, ..Setup::new("1234", Path::udp()) });
    let event = panel.queue(1);
    let stamp = |outputs: &[Output]| {
        let Some(Output::Send { bytes, .. }) = outputs.last() else { panic!("{outputs:?}") };
        let frame = Frame::parse(bytes, Strictness::Strict).unwrap();
        (bytes.clone(), frame.sequence(), frame.open(Some(&key)).unwrap().stamp().unwrap())
    };
    let (sent, sequence, at) = stamp(&panel.tick(0));
    assert_eq!((sequence, at), (Some(1), NOW));
    let centre = Stamp::from_unix(NOW.unix() + 3_600);
    let sent = Frame::parse(&sent, Strictness::Strict).unwrap();
    let outputs = panel.hears(0, 0, &Reply::Nak.encode(&sent, centre, None, Pad::Short(b"")));
    assert_eq!(outputs[0], Output::ClockSet { ahead_secs: 3_600 });
    let (again, sequence, at) = stamp(&outputs);
    assert_eq!((sequence, at), (Some(1), centre));

    // A plain acknowledgement, or one under another key, is believed by nobody who encrypts.
    let again = Frame::parse(&again, Strictness::Strict).unwrap();
    let plain = Encoder { account: Some("1234"), ..Encoder::new(Token::Ack, 1) }.encode().unwrap();
    let other = Key::new(b"another key here").unwrap();
    let forged = Reply::Ack.encode(&again, centre, Some(&other), Pad::Short(b"x"));
    assert_eq!((panel.hears(1, 0, &plain), panel.hears(1, 0, &forged)), (vec![], vec![]));
    let ack = Reply::Ack.encode(&again, centre, Some(&key), Pad::Short(b"x"));
    assert_eq!(panel.hears(2, 0, &ack), [Output::Delivered(delivery(event, 1, 2, 0))]);
}

#[test]
fn a_receiver_that_only_refuses_the_time_is_left() {
    let path = Path { tries: 2, ..Path::udp() };
    let mut panel = Panel::new(Setup { paths: vec![path, path], ..Setup::new("1234", path) });
    panel.queue(1);
    panel.tick(0);
    let nak = answer(Reply::Nak, &frame(1, 1));
    let set = Output::ClockSet { ahead_secs: 0 };
    assert_eq!(panel.hears(0, 0, &nak), [set.clone(), send(0, frame(1, 1))]);
    assert_eq!(panel.hears(0, 0, &nak), [set, Output::PathFailed { path: 0 }, send(1, frame(1, 1))]);
}

#[test]
fn what_is_not_understood_gives_way_to_its_other_content() {
    let mut panel = Panel::new(Setup::new("1234", Path::udp()));
    let sia = Content { token: Token::SiaDcs, data: b"#1234|Nri1/BA005".to_vec(), extended: Vec::new() };
    let event = panel.0.queue(sia, vec![alarm(5), alarm(6)]).unwrap();
    let Some(Output::Send { bytes, .. }) = panel.tick(0).pop() else { panic!() };
    assert_eq!(panel.hears(0, 0, &answer(Reply::Duh, &bytes)), [send(0, frame(2, 5))]);
    let ack = answer(Reply::Ack, &frame(2, 5));
    let delivered = Delivery { content: 1, ..delivery(event, 2, 1, 0) };
    assert_eq!(panel.hears(0, 0, &ack), [Output::Delivered(delivered)]);

    let event = panel.0.queue(alarm(7), vec![alarm(8)]).unwrap();
    assert_eq!(panel.tick(1), [send(0, frame(3, 7))]);
    assert_eq!(panel.hears(1, 0, &answer(Reply::Duh, &frame(3, 7))), [send(0, frame(4, 8))]);
    let refused = Delivery { content: 1, ..delivery(event, 4, 1, 0) };
    assert_eq!(panel.hears(1, 0, &answer(Reply::Duh, &frame(4, 8))), [Output::Refused(refused)]);
    assert_eq!(panel.0.waiting(), 0);
}

#[test]
fn it_says_that_it_lives_when_it_has_nothing_else_to_say() {
    let supervision = Some(Supervision { interval_ms: 60_000, content: Content::null() });
    let setup = Setup { supervision, zero_supervision: true, ..Setup::new("1234", Path { tries: 1, ..Path::udp() }) };
    let mut panel = Panel::new(setup);
    assert_eq!(panel.0.deadline(), Some(0));
    assert_eq!(panel.tick(5), [send(0, null(0))]);
    assert_eq!(panel.hears(6, 0, &answer(Reply::Ack, &null(0))), [Output::Supervised { path: 0 }]);
    assert_eq!(panel.0.deadline(), Some(60_005));
    // Any message restarts the interval.
    let event = panel.queue(1);
    assert_eq!(panel.tick(50_000), [send(0, frame(1, 1))]);
    let acked = panel.hears(50_001, 0, &answer(Reply::Ack, &frame(1, 1)));
    assert_eq!(acked, [Output::Delivered(delivery(event, 1, 1, 0))]);
    assert_eq!(panel.0.deadline(), Some(110_000));
    assert_eq!(panel.tick(110_000), [send(0, null(0))]);
    // Nobody answers; an event that comes in the rest goes first, and with a number of its own.
    assert_eq!(panel.tick(111_000), [Output::PathFailed { path: 0 }, Output::Unreachable]);
    panel.queue(2);
    assert_eq!(panel.tick(111_001), [send(0, frame(2, 2))]);
}

#[test]
fn supervision_with_content_is_for_later_editions() {
    let content = Content { token: Token::Xnm, data: Vec::new(), extended: vec![('C', b"CDP".to_vec())] };
    let supervision = Some(Supervision { interval_ms: 60_000, content });
    let setup = Setup { supervision, ..Setup::new("1234", Path::udp()) };
    let refused = Transmitter::new(setup.clone(), 0).map(drop);
    assert_eq!(refused, Err(EncodeError::NoSuchToken { edition: Edition::E2013 }));
    let mut panel = Panel::new(Setup { edition: Edition::E2021, ..setup });
    let xnm = Encoder { account: Some("1234"), extended: &[Extended::new('C', "CDP")], ..Encoder::new(Token::Xnm, 1) };
    assert_eq!(panel.tick(0), [send(0, xnm.encode().unwrap())]);
}

#[test]
fn nothing_is_queued_that_could_not_be_sent() {
    let mut panel = Panel::new(Setup { queue: 1, ..Setup::new("1234", Path::udp()) });
    let bad = Content { data: b"#1234|]".to_vec(), ..alarm(1) };
    let refused = QueueError::Content(EncodeError::Byte { field: "data", found: b']' });
    assert_eq!(panel.0.queue(bad.clone(), Vec::new()), Err(refused));
    assert_eq!(panel.0.queue(alarm(1), vec![bad]), Err(refused));
    panel.queue(1);
    assert_eq!(panel.0.queue(alarm(2), Vec::new()), Err(QueueError::Full));
}

#[test]
fn an_answer_with_content_is_handed_on() {
    let mut panel = Panel::new(Setup::new("1234", Path::udp()));
    let event = panel.queue(1);
    panel.tick(0);
    let bytes = frame(1, 1);
    let response = Response { data: b"#1234|x", extended: &[] };
    let asked = Frame::parse(&bytes, Strictness::Strict).unwrap();
    let frame = response.encode(&asked, NOW, None, Pad::Short(b"")).unwrap();
    let heard = panel.hears(0, 0, &frame);
    assert_eq!(heard, [Output::Response { frame }, Output::Delivered(delivery(event, 1, 1, 0))]);
}

#[test]
fn a_key_is_taken_from_the_next_frame_on() {
    let mut panel = Panel::new(Setup::new("1234", Path::udp()));
    let long = Content { data: vec![b'x'; 2_100], ..alarm(1) };
    let first = panel.0.queue(long, Vec::new()).unwrap();
    let second = panel.queue(2);
    let key = Key::new(b"0123456789abcdef").unwrap();
    panel.0.set_key(Some(key.clone()));
    // Written in hexadecimal it is twice as long, and that is too long.
    let outputs = panel.tick(0);
    let [Output::Refused(refused), Output::Send { bytes, .. }] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!(*refused, delivery(first, 1, 0, 0));
    let sent = Frame::parse(bytes, Strictness::Strict).unwrap();
    assert_eq!((sent.sequence(), sent.open(Some(&key)).unwrap().data()), (Some(2), &b"#1234|1130 01 002"[..]));
    let ack = Reply::Ack.encode(&sent, NOW, Some(&key), Pad::Short(b"x"));
    assert_eq!(panel.hears(0, 0, &ack), [Output::Delivered(delivery(second, 2, 1, 0))]);
}

#[test]
fn a_clock_that_never_converges_is_no_endless_loop() {
    let path = Path { tries: 3, ..Path::udp() };
    let mut panel = Panel::new(Setup { paths: vec![path, path], ..Setup::new("1234", path) });
    panel.queue(1);
    let mut sent = 0;
    // Whatever is sent, at any time of an hour, hears a refusal of another time.
    let mut now_ms = 0;
    while now_ms < 3_600_000 {
        let mut outputs = panel.tick(now_ms);
        let mut answered = 0;
        while let Some(output) = (!outputs.is_empty()).then(|| outputs.remove(0)) {
            if let Output::Send { path, bytes } = output {
                (sent, answered) = (sent + 1, answered + 1);
                let asked = Frame::parse(&bytes, Strictness::Strict).unwrap();
                let theirs = Stamp::from_unix(i64::from(sent) * 1_000_000);
                outputs.extend(panel.hears(now_ms, path, &Reply::Nak.encode(&asked, theirs, None, Pad::Short(b""))));
            }
        }
        assert!(answered <= 6, "{answered} refusals heard at once");
        now_ms = panel.0.deadline().unwrap();
    }
    // Three tries on each of two paths, then a rest of ten seconds: and the event is still there.
    assert_eq!((sent, panel.0.waiting()), (6 * 360, 1));
}

#[test]
fn the_end_of_time() {
    let supervision = Some(Supervision { interval_ms: u64::MAX, content: Content::null() });
    let path = Path { wait_ms: u64::MAX, ..Path::udp() };
    let setup = Setup { supervision, return_ms: u64::MAX, rest_ms: u64::MAX, ..Setup::new("1234", path) };
    let mut panel = Panel(Transmitter::new(setup, 9_999).unwrap());
    for now_ms in [0, u64::MAX - 1, u64::MAX, u64::MAX] {
        for secs in [i64::MIN, i64::MAX] {
            let _ = panel.0.queue(alarm(1), Vec::new());
            panel.0.handle(Input::Tick, Moment { now_ms, utc: Stamp::from_unix(secs), random: b"" });
            let nak = answer(Reply::Nak, &frame(1, 1));
            let received = Input::Received { path: 0, bytes: &nak };
            panel.0.handle(received, Moment { now_ms, utc: Stamp::from_unix(secs), random: b"" });
            while let Some(output) = panel.0.poll() {
                assert!(!matches!(output, Output::Delivered(_) | Output::Refused(_)));
            }
        }
    }
    assert_eq!(panel.0.waiting(), 8);
}
