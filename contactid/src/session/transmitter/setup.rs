//! What an installer sets on a panel, and what the panel reports.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use crate::{Edition, EncodeError, Encoder, Extended, Key, Stamp, Strictness, Token};

/// The protocol below DC-09.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// A connection, on which frames stand back to back.
    Tcp,
    /// One frame in each datagram.
    Udp,
}

/// A way to a receiver. Address and port are the caller's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// How frames are carried.
    pub transport: Transport,
    /// How long an answer, or a connection, is waited for, in milliseconds.
    pub wait_ms: u64,
    /// How often a message is tried before the next path is taken.
    pub tries: u32,
    /// Whether a TCP connection is closed when nothing waits any more.
    pub close: bool,
}

impl Path {
    /// TCP: 5 s for an answer (dc09-spt), and the connection is kept. The number of tries is not established; 5 as on UDP.
    pub const fn tcp() -> Self {
        Self { transport: Transport::Tcp, wait_ms: 5_000, tries: 5, close: false }
    }

    /// UDP: 5 tries of 1 s (dc09-spt).
    pub const fn udp() -> Self {
        Self { transport: Transport::Udp, wait_ms: 1_000, tries: 5, close: false }
    }
}

/// How a panel is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The account it reports under, without `#`.
    pub account: String,
    /// The receiver number it sends, if any.
    pub receiver: Option<String>,
    /// The line number it sends.
    pub line: String,
    /// Its key; `None` to report in the clear.
    pub key: Option<Key>,
    /// To which edition its receiver was built.
    pub edition: Edition,
    /// Whether plain messages carry the time too.
    pub stamped: bool,
    /// Whether supervision messages are numbered 0000, as many panels do.
    pub zero_supervision: bool,
    /// How much departure from the standard is borne in answers.
    pub strictness: Strictness,
    /// The ways to receivers, the one to be preferred first. Without any, events wait for ever.
    pub paths: Vec<Path>,
    /// How often it says that it lives, if at all.
    pub supervision: Option<Supervision>,
    /// How long it rests when no path answered, before it begins again with the first, in milliseconds. A new event ends the
    /// rest. Our choice: 10 s.
    pub rest_ms: u64,
    /// How long after leaving the first path it is tried again, in milliseconds. Our choice: 5 min.
    pub return_ms: u64,
    /// How many events may wait. Our choice: 1000.
    pub queue: usize,
}

/// How a panel says that it lives when it has nothing else to say (2013, 5.5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supervision {
    /// How long after the last message it does, in milliseconds: Ajax 1 min, DSC 135 s.
    pub interval_ms: u64,
    /// The message: [`Content::null`], or one of [`Token::Xnm`] for 2021 and later.
    pub content: Content,
}

impl Setup {
    /// A panel that reports in the clear under this account, over this path, to a receiver of 2013, unsupervised.
    pub fn new(account: &str, path: Path) -> Self {
        Self {
            account: account.into(),
            receiver: None,
            line: "0".into(),
            key: None,
            edition: Edition::E2013,
            stamped: false,
            zero_supervision: false,
            strictness: Strictness::Tolerant,
            paths: alloc::vec![path],
            supervision: None,
            rest_ms: 10_000,
            return_ms: 300_000,
            queue: 1000,
        }
    }

    /// The frame that carries this content under this number.
    pub(super) fn frame(
        &self,
        content: &Content,
        sequence: u16,
        now: Stamp,
        random: &[u8],
    ) -> Result<Vec<u8>, EncodeError> {
        let extended: Vec<_> = content.extended.iter().map(|(id, value)| Extended { id: *id, value }).collect();
        let encoder = Encoder {
            receiver: self.receiver.as_deref(),
            line: Some(&self.line),
            account: Some(&self.account),
            data: &content.data,
            extended: &extended,
            stamp: (self.stamped || self.key.is_some()).then_some(now),
            ..Encoder::new(content.token, sequence)
        };
        match &self.key {
            Some(key) => self.edition.encrypt(&encoder, key, random),
            None => self.edition.encode(&encoder),
        }
    }
}

/// What a message carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What kind of message it is.
    pub token: Token<'static>,
    /// Everything between the first brackets, with the inner account.
    pub data: Vec<u8>,
    /// Extended fields: letter and value, the text of which [`Edition::text`] and
    /// [`Value::bytes`](crate::extended::Value::bytes) write.
    pub extended: Vec<(char, Vec<u8>)>,
}

impl Content {
    /// A message of nothing.
    pub const fn null() -> Self {
        Self { token: Token::Null, data: Vec::new(), extended: Vec::new() }
    }

    /// A report of this account: `#account|content`, where `content` prints as its token has it, such as
    /// [`CidMessage`](crate::CidMessage) and [`SiaEvent`](crate::SiaEvent).
    pub fn report(token: Token<'static>, account: &str, content: impl fmt::Display) -> Self {
        let data = format!("#{account}|{content}").into_bytes();
        Self { token, data, extended: Vec::new() }
    }
}
