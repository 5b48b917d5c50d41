//! DC-09 sessions, under any sequence of operations.

use std::collections::BTreeSet;

use contactid::session::Moment;
use contactid::session::receiver::{
    Closing, Input, Link, Options, Output, Policy, Receiver, Supervision, Terms, Ticket,
};
use contactid::session::transmitter::{self, Content, Event, Path, Setup, Transmitter};
use contactid::{
    AccountNumber, Edition, Encoder, Extended, Fault, Frame, Key, Pad, Reply, Response, Stamp, Strictness, Token,
};

const START: i64 = 1_741_350_896;

fn key() -> Key {
    Key::new(b"0123456789abcdef").expect("sixteen bytes")
}

fn moment(now_ms: u64) -> Moment<'static> {
    Moment { now_ms, utc: Stamp::from_unix(START + (now_ms / 1000) as i64), random: b"0123456789" }
}

/// Bytes taken off the front as numbers and texts; zeros when they are used up.
struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    fn byte(&mut self) -> u8 {
        let (&first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        first
    }

    fn text(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        text
    }

    /// A step in time: mostly short, sometimes minutes.
    fn wait(&mut self) -> u64 {
        let byte = u64::from(self.byte());
        if byte < 128 { byte * 20 } else { (byte - 128) * 4_000 }
    }

    /// A frame of a panel: intact, so that the session is reached; encrypted or not.
    fn frame(&mut self, now_ms: u64) -> Vec<u8> {
        let shape = self.byte();
        let token = [Token::AdmCid, Token::SiaDcs, Token::Null, Token::Xnm, Token::Ack, Token::Other("X")]
            [usize::from(shape & 7) % 6];
        let account = ["1234", "5678", "9ABC", "DEF0"][usize::from(shape >> 3 & 3)];
        let sequence = u16::from(self.byte() & 3);
        let data: Vec<u8> = self.text().iter().copied().filter(|byte| !b"\n\r[]".contains(byte)).collect();
        let stamp = Stamp::from_unix(START + (now_ms / 1000) as i64 + i64::from(self.byte() as i8));
        let encoder =
            Encoder { account: Some(account), data: &data, stamp: Some(stamp), ..Encoder::new(token, sequence) };
        if shape & 0x80 == 0 { encoder.encode() } else { encoder.encrypt(&key(), Pad::Short(b"x")) }
            .expect("nothing in it that ends a field")
    }
}

/// A receiver of small bounds: nothing is acknowledged that was not stored, no ticket comes twice, no deadline stays.
fn receiver(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let setting = choices.byte();
    let options = Options { links: 2, pending: 3, accounts: 3, repeats: 2, noise: 300, ..Options::default() };
    let policy = Policy {
        acknowledge_unread: setting & 1 != 0,
        plain_counts: setting & 2 != 0,
        closing: [Closing::Answered { linger_ms: 0 }, Closing::Idle { idle_ms: 3_000 }, Closing::ByPanel]
            [usize::from(setting >> 2 & 3) % 3],
        supervision: (setting & 16 != 0).then_some(Supervision { interval_ms: 5_000, tolerance_ms: 100 }),
        retry_span_ms: 2_000,
        ..Policy::default()
    };
    let key = key();
    let terms = |account: Option<AccountNumber>| Terms {
        key: (account.is_some_and(|account| account.as_str() != "5678")).then_some(&key),
        // Of an account without a key, so that it is taken from the first encrypted frame on.
        offered: account.is_some_and(|account| account.as_str() == "5678" && setting & 64 != 0).then_some(&key),
        policy,
    };
    let mut receiver = Receiver::new(options);
    let (mut now_ms, mut waiting): (u64, Vec<Ticket>) = (0, Vec::new());
    let (mut last, offered) = (0, [Extended::new('K', "00")]);
    while !choices.0.is_empty() {
        let operation = choices.byte();
        let link = Link(u64::from(operation >> 4 & 3));
        let frame;
        let mut settled = None;
        let input = match operation & 15 {
            0 => Input::Opened(link),
            1 => Input::Closed(link),
            2 => Input::Bytes { link, bytes: choices.text() },
            3 => Input::Datagram { link, bytes: choices.text() },
            4..=6 => {
                frame = choices.frame(now_ms);
                Input::Bytes { link, bytes: &frame }
            }
            7..=9 => {
                frame = choices.frame(now_ms);
                Input::Datagram { link, bytes: &frame }
            }
            10 | 11 if !waiting.is_empty() => {
                let ticket = waiting.swap_remove(usize::from(choices.byte()) % waiting.len());
                settled = Some(ticket);
                let response = Response { data: b"x", extended: &offered };
                Input::Stored { ticket, response: (operation & 1 != 0).then_some(response) }
            }
            12 if !waiting.is_empty() => Input::NotStored(waiting.swap_remove(0)),
            13 => Input::Expect(AccountNumber::new(b"5678").expect("an account")),
            14 => Input::Forget(AccountNumber::new(b"5678").expect("an account")),
            _ => {
                now_ms += choices.wait();
                Input::Tick
            }
        };
        let frames = matches!(input, Input::Bytes { .. } | Input::Datagram { .. });
        receiver.handle(input, moment(now_ms), &terms);
        assert!(receiver.deadline().is_none_or(|at| at > now_ms));
        let mut sent = 0;
        while let Some(output) = receiver.poll() {
            match output {
                Output::Report(report) => {
                    assert!(frames && report.ticket.number() > last);
                    last = report.ticket.number();
                    assert!(Frame::parse(&report.frame, Strictness::Tolerant).is_ok());
                    waiting.push(report.ticket);
                }
                Output::Send { bytes, .. } => {
                    let answer = Frame::parse(&bytes, Strictness::Tolerant).expect("our own answer reads");
                    assert!(answer.token().is_answer() && (frames || settled.is_some()));
                    sent += 1;
                }
                Output::Close { .. } | Output::Lost { .. } | Output::Restored { .. } => {}
                Output::Fault { fault, frame, .. } => {
                    assert!(frames && frame.is_some() == matches!(fault, Fault::Message(_)));
                }
                Output::KeyTaken { account, .. } => {
                    assert!(frames && account.is_some_and(|account| account.as_str() == "5678"));
                }
                Output::Alive { .. } | Output::Repeated { .. } | Output::Overloaded { .. } => assert!(frames),
            }
        }
        assert!(settled.is_none() || sent == 1, "one answer for one report");
        assert!(waiting.len() <= 3);
    }
}

/// A panel: every event leaves the queue once, and only when an answer was heard; no deadline stays.
fn transmitter(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let setting = choices.byte();
    let secret = (setting & 1 != 0).then(key);
    let path = |bit: u8| Path {
        close: setting & 2 != 0,
        tries: u32::from(setting >> 6),
        ..if setting & bit == 0 { Path::udp() } else { Path::tcp() }
    };
    let supervision = transmitter::Supervision { interval_ms: 4_000, content: Content::null() };
    let setup = Setup {
        key: secret.clone(),
        edition: Edition::E2026,
        zero_supervision: setting & 4 != 0,
        paths: vec![path(8), path(16)],
        supervision: (setting & 32 != 0).then_some(supervision),
        queue: 4,
        ..Setup::new("1234", Path::udp())
    };
    let mut panel = Transmitter::new(setup, 9_997).expect("a set-up that can be sent");
    let (mut now_ms, mut queued, mut left) = (0, 0, BTreeSet::<Event>::new());
    let mut asked: Vec<u8> = Vec::new();
    while !choices.0.is_empty() {
        let operation = choices.byte();
        let path = usize::from(operation >> 4 & 1);
        let mut answer = Vec::new();
        let input = match operation & 15 {
            0..=2 => {
                let content = Content::report(Token::AdmCid, "1234", format_args!("1130 01 {:03}", operation));
                let others = if operation & 32 == 0 { Vec::new() } else { vec![Content::null()] };
                queued += usize::from(panel.queue(content, others).is_ok());
                transmitter::Input::Tick
            }
            3 | 4 => transmitter::Input::Connected { path },
            5 => transmitter::Input::Broken { path },
            6 => transmitter::Input::Received { path, bytes: choices.text() },
            7..=12 => {
                if let Ok(frame) = Frame::parse(&asked, Strictness::Strict) {
                    let shift = i64::from(choices.byte() as i8) * 60;
                    let now = Stamp::from_unix(START + (now_ms / 1000) as i64 + shift);
                    let pad = Pad::Long(b"y");
                    answer = match operation & 15 {
                        7..=9 => Reply::Ack.encode(&frame, now, secret.as_ref(), pad),
                        10 => Reply::Nak.encode(&frame, now, None, pad),
                        11 => Reply::Duh.encode(&frame, now, None, pad),
                        _ => Response { data: b"x", extended: &[] }
                            .encode(&frame, now, secret.as_ref(), pad)
                            .expect("content that can be written"),
                    };
                }
                transmitter::Input::Received { path, bytes: &answer }
            }
            _ => {
                now_ms += choices.wait();
                transmitter::Input::Tick
            }
        };
        let heard = matches!(input, transmitter::Input::Received { .. });
        panel.handle(input, moment(now_ms));
        let mut deadline = panel.deadline();
        while let Some(output) = panel.poll() {
            match output {
                // Room for a key, which the next message then has.
                transmitter::Output::Response { .. } => {
                    panel.set_key(secret.clone());
                    panel.handle(transmitter::Input::Tick, moment(now_ms));
                    deadline = panel.deadline();
                }
                transmitter::Output::Delivered(delivery) | transmitter::Output::Refused(delivery) => {
                    assert!(heard && delivery.sent > 0 && left.insert(delivery.event));
                }
                transmitter::Output::Send { bytes, .. } => {
                    let frame = Frame::parse(&bytes, Strictness::Strict).expect("our own frame reads");
                    assert_eq!(frame.is_encrypted(), secret.is_some());
                    asked = bytes;
                }
                _ => {}
            }
        }
        assert!(deadline.is_none_or(|at| at > now_ms), "{deadline:?} at {now_ms}");
        assert_eq!(panel.waiting() + left.len(), queued);
    }
}

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[("dc09-receiver", receiver), ("dc09-transmitter", transmitter)];
