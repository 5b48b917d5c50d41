//! A DC-09 receiver under test: what it is told, and everything that it says to it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test crate takes what it needs")]

use contactid::session::Moment;
use contactid::session::receiver::{Input, Link, Options, Output, Policy, Receiver, Terms, Ticket};
use contactid::{AccountNumber, Encoder, Frame, Key, Pad, Reply, Stamp, Strictness, Token};

pub const NOW: Stamp = Stamp::from_unix(1_741_350_896);
pub const TCP: Link = Link(1);
pub const UDP: Link = Link(99);

/// A receiver, and what it was set up with.
pub struct Centre {
    pub receiver: Receiver,
    pub key: Option<Key>,
    pub policy: Policy,
}

impl Centre {
    pub fn new(policy: Policy) -> Self {
        Self { receiver: Receiver::new(Options::default()), key: None, policy }
    }

    pub fn told(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        let utc = Stamp::from_unix(NOW.unix() + (now_ms / 1000) as i64);
        let terms = |_: Option<AccountNumber>| Terms { key: self.key.as_ref(), policy: self.policy, offered: None };
        self.receiver.handle(input, Moment { now_ms, utc, random: b"pad" }, &terms);
        std::iter::from_fn(|| self.receiver.poll()).collect()
    }

    pub fn datagram(&mut self, now_ms: u64, bytes: &[u8]) -> Vec<Output> {
        self.told(now_ms, Input::Datagram { link: UDP, bytes })
    }

    pub fn bytes(&mut self, now_ms: u64, bytes: &[u8]) -> Vec<Output> {
        self.told(now_ms, Input::Bytes { link: TCP, bytes })
    }

    /// Hands a frame in that must be reported, and gives its ticket.
    pub fn reported(&mut self, now_ms: u64, link: Link, bytes: &[u8]) -> Ticket {
        let input = if link == UDP { Input::Datagram { link, bytes } } else { Input::Bytes { link, bytes } };
        match &self.told(now_ms, input)[..] {
            [Output::Report(report)] => report.ticket,
            other => panic!("{other:?}"),
        }
    }

    pub fn stored(&mut self, now_ms: u64, ticket: Ticket) -> Vec<Output> {
        self.told(now_ms, Input::Stored { ticket, response: None })
    }
}

pub fn account(text: &str) -> AccountNumber {
    text.parse().unwrap()
}

pub fn frame(token: Token<'_>, sequence: u16, data: &str) -> Vec<u8> {
    Encoder { account: Some("1234"), data: data.as_bytes(), ..Encoder::new(token, sequence) }.encode().unwrap()
}

pub fn alarm(sequence: u16) -> Vec<u8> {
    frame(Token::AdmCid, sequence, "#1234|1130 01 005")
}

pub fn answer(reply: Reply, bytes: &[u8]) -> Vec<u8> {
    reply.encode(&Frame::parse(bytes, Strictness::Tolerant).unwrap(), NOW, None, Pad::Short(b""))
}

pub fn send(link: Link, bytes: Vec<u8>) -> Output {
    Output::Send { link, bytes }
}
