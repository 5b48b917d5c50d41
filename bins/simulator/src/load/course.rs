//! What the connections of a run share: who speaks next, with which number, and the frame that says it.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use contactid::{Encoder, Key, Pad, Token};
use tokio::time::Instant;

use super::{Content, Load};
use crate::clock;
use crate::link::Transport;
use crate::panel::dice::Dice;

/// A day's traffic in small: mostly tests, openings and closings, few alarms. Contact ID beside the SIA code of the same.
const EVENTS: [(&str, &str); 16] = [
    ("1602", "RP"),
    ("1401", "OP"),
    ("1602", "RP"),
    ("3401", "CL"),
    ("1602", "RP"),
    ("1301", "AT"),
    ("1602", "RP"),
    ("3301", "AR"),
    ("1602", "RP"),
    ("1401", "OP"),
    ("1602", "RP"),
    ("3401", "CL"),
    ("1602", "RP"),
    ("1130", "BA"),
    ("1602", "RP"),
    ("3130", "BR"),
];

/// The plan of a run.
pub(super) struct Course {
    pub(super) dc09: SocketAddr,
    pub(super) transport: Transport,
    pub(super) end: Instant,
    pub(super) start: Instant,
    /// Between two frames of one connection; `None` for the next as soon as the last is answered.
    pub(super) interval: Option<Duration>,
    pub(super) connections: u32,
    content: Content,
    senders: Vec<Sender>,
}

/// One account.
struct Sender {
    account: String,
    key: Option<Key>,
    sent: AtomicU32,
}

/// What one connection writes its frames with.
pub(super) struct Pen {
    /// The frame written last, from LF to CR.
    pub(super) frame: Vec<u8>,
    data: Vec<u8>,
    dice: Dice,
}

impl Pen {
    pub(super) fn new(line: u32) -> Self {
        Self { frame: Vec::with_capacity(256), data: Vec::with_capacity(64), dice: Dice::new(line.into()) }
    }
}

impl Course {
    pub(super) fn new(load: &Load, start: Instant) -> Self {
        let encrypting = (f64::from(load.accounts.count()) * load.encrypted_share).round() as u32;
        let senders = (0..load.accounts.count()).map(|place| Sender {
            account: load.accounts.text(place),
            key: load.key.clone().filter(|_| place < encrypting),
            sent: AtomicU32::new(0),
        });
        Self {
            dc09: load.dc09,
            transport: load.transport,
            start,
            end: start + load.duration,
            interval: load.rate.map(|rate| Duration::from_secs_f64(f64::from(load.connections) / rate)),
            connections: load.connections,
            content: load.content,
            senders: senders.collect(),
        }
    }

    /// Writes the `turn`-th frame of a connection and gives its sequence number. The connections deal the accounts out
    /// among themselves; where there are fewer accounts than connections, some share one, never a number.
    pub(super) fn write(&self, line: u32, turn: u32, pen: &mut Pen) -> u16 {
        let count = self.senders.len() as u32;
        let share = (count.saturating_sub(line % count)).div_ceil(self.connections).max(1);
        let sender = &self.senders[((line % count) + (turn % share) * self.connections) as usize];
        let sent = sender.sent.fetch_add(1, Relaxed);
        let sequence = (sent % 9999 + 1) as u16;

        pen.data.clear();
        let (cid, sia) = EVENTS[(sent % 16) as usize];
        let number = sent / 16 % 999 + 1;
        let account = &sender.account;
        // Writing to memory does not fail.
        let (token, _) = match self.content {
            Content::Cid => (Token::AdmCid, write!(pen.data, "#{account}|{cid} 01 {number:03}")),
            Content::Sia => (Token::SiaDcs, write!(pen.data, "#{account}|Nri1/{sia}{number:03}")),
        };
        let encoder = Encoder { account: Some(account), data: &pen.data, ..Encoder::new(token, sequence) };
        put(encoder, sender.key.as_ref(), &mut pen.dice, &mut pen.frame);
        sequence
    }

    /// Writes a heartbeat of the connection's first account, by which a panel shows itself after connecting.
    pub(super) fn write_heartbeat(&self, line: u32, pen: &mut Pen) {
        let sender = &self.senders[line as usize % self.senders.len()];
        let encoder = Encoder { account: Some(&sender.account), ..Encoder::new(Token::Null, 0) };
        put(encoder, sender.key.as_ref(), &mut pen.dice, &mut pen.frame);
    }
}

fn put(encoder: Encoder<'_>, key: Option<&Key>, dice: &mut Dice, frame: &mut Vec<u8>) {
    frame.clear();
    let written = match key {
        None => encoder.encode_into(frame),
        Some(key) => {
            let mut random = [0; 32];
            dice.fill(&mut random);
            Encoder { stamp: Some(clock::stamp(0)), ..encoder }.encrypt_into(key, Pad::Short(&random), frame)
        }
    };
    debug_assert_eq!(written, Ok(()), "digits and capitals can be written");
}
