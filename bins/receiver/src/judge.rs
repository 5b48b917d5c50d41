//! What becomes of a frame: stored or not, with which marks, and what its panel hears. Decides; sends nothing.

use alarmcore::{Marks, Report, SignalSource, Timestamp};
use contactid::{AccountNumber, Frame, Key, Message, MessageError, Pad, Reply, Signal, Stamp, Strictness, Token};
use opsmodel::store::{Answer, NewSignal};

use crate::clock;
use crate::config::PlainAnswer;
use crate::counts::Line;
use crate::random;
use crate::server::Shared;

/// What is to be done with some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Store these signals, then send the answer.
    Store {
        /// One for each event, at least one.
        signals: Vec<NewSignal>,
        /// Is the answer an acknowledgement?
        acknowledged: bool,
        /// Empty for silence.
        answer: Vec<u8>,
    },
    /// An authentic heartbeat: send the answer, store nothing. Any other is stored, and an operator is told of it.
    Heartbeat {
        /// The acknowledgement.
        answer: Vec<u8>,
    },
    /// Nothing that anybody may trust, not even the account in it: no answer.
    Noise,
}

/// Judges one frame, or what came instead of one.
pub(crate) fn judge(bytes: &[u8], line: Line, peer: &str, now: Timestamp, shared: &Shared) -> Verdict {
    let frame = match Frame::parse(bytes, Strictness::Tolerant) {
        // Two receivers that answered each other's answers would never stop.
        Ok(frame) if frame.token().is_answer() => return Verdict::Noise,
        Ok(frame) => frame,
        Err(error) => {
            tracing::debug!("{peer}: {error}");
            return Verdict::Noise;
        }
    };
    let directory = shared.directory.load();
    let policy = &shared.config.policy;
    let key = frame.account_number().and_then(|account| directory.key(account));
    // The clocks of panels are right, whatever ours was set to before.
    let stamp = Stamp::from_unix(clock::machine().secs());

    let message = match frame.open(key) {
        Ok(message) => message,
        Err(error) => {
            // Encrypted, and not with the key we have. The DUH says so without confirming anything.
            tracing::debug!("{peer}: {error}");
            let reading = Reading::sealed(&frame);
            return reading.store(bytes, line, peer, now, Answer::Duh, answer(Reply::Duh, &frame, stamp, key));
        }
    };
    let account = message.account_number();
    let known = account.is_some_and(|account| directory.knows(account));
    let has_key = account.is_some_and(|account| directory.key(account).is_some());
    let mut reading = Reading::opened(&frame, &message);
    let reply = if frame.is_encrypted() {
        match message.check_clock(stamp, policy.window) {
            Ok(()) => Reply::Ack,
            Err(late) => {
                reading.marks = reading.marks.with(Marks::STALE_CLOCK);
                late.reply()
            }
        }
    } else {
        let skew = message.stamp().map_or(0, |panel| panel.skew_secs(stamp));
        if skew.unsigned_abs() > policy.clock_off_secs.into() {
            reading.marks = reading.marks.with(Marks::CLOCK_OFF);
        }
        if has_key {
            reading.marks = reading.marks.with(Marks::PLAIN_DESPITE_KEY);
            policy.plain_despite_key.reply()
        } else {
            Reply::Ack
        }
    };
    // Who has a key shows it, and comes from where the card says: a stranger could otherwise keep a cut line looking alive.
    let from_home = account.is_none_or(|account| directory.allows(account, peer));
    let authentic = reply == Reply::Ack && !reading.marks.contains(Marks::PLAIN_DESPITE_KEY) && from_home;
    if let Some(account) = account.filter(|_| known && authentic) {
        shared.last_seen.note(account, now);
    }
    let answer = answer(reply, &frame, stamp, key);
    if authentic && frame.token().is_supervision() {
        return Verdict::Heartbeat { answer };
    }
    reading.store(bytes, line, peer, now, word(reply), answer)
}

/// What was read of a frame.
struct Reading<'a> {
    account: Option<AccountNumber>,
    token: Token<'a>,
    sequence: Option<u16>,
    marks: Marks,
    content: u64,
    events: Vec<Signal>,
}

impl<'a> Reading<'a> {
    fn opened(frame: &Frame<'a>, message: &Message<'_>) -> Self {
        let events = message.events().unwrap_or_else(|unread: MessageError| {
            tracing::debug!("{}: {unread}", frame.account().unwrap_or("?"));
            Vec::new()
        });
        let mut marks = if frame.is_encrypted() { Marks::ENCRYPTED } else { Marks::NONE };
        if events.is_empty() && !frame.token().is_supervision() {
            marks = marks.with(Marks::UNREAD);
        }
        Self {
            account: message.account_number(),
            token: frame.token(),
            sequence: frame.sequence(),
            marks,
            content: digest(frame.token(), message.data()),
            events,
        }
    }

    fn sealed(frame: &Frame<'a>) -> Self {
        Self {
            account: frame.account_number(),
            token: frame.token(),
            sequence: frame.sequence(),
            marks: Marks::UNDECIPHERED,
            content: digest(frame.token(), frame.body()),
            events: Vec::new(),
        }
    }

    fn store(
        self,
        raw: &[u8],
        line: Line,
        peer: &str,
        received_at: Timestamp,
        word: Answer,
        answer: Vec<u8>,
    ) -> Verdict {
        let parts = u16::try_from(self.events.len().max(1)).unwrap_or(u16::MAX);
        let signal = |part: u16, signal| NewSignal {
            report: Report {
                received_at,
                line: line.name().to_owned(),
                account: self.account,
                token: self.token.as_str().to_owned(),
                sequence: self.sequence,
                part,
                parts,
                marks: self.marks,
                content: self.content,
                source: SignalSource::of_peer(peer),
                signal,
            },
            peer: peer.to_owned(),
            answer: word,
            raw: if part == 0 { raw.to_owned() } else { Vec::new() },
        };
        let signals = if self.events.is_empty() {
            vec![signal(0, None)]
        } else {
            (0..).zip(self.events).map(|(part, event)| signal(part, Some(event))).collect()
        };
        Verdict::Store { signals, acknowledged: word == Answer::Ack, answer }
    }
}

impl PlainAnswer {
    const fn reply(self) -> Reply {
        match self {
            Self::Ack => Reply::Ack,
            Self::Duh => Reply::Duh,
            Self::Silence => Reply::Silence,
        }
    }
}

const fn word(reply: Reply) -> Answer {
    match reply {
        Reply::Ack => Answer::Ack,
        Reply::Nak => Answer::Nak,
        Reply::Duh => Answer::Duh,
        Reply::Silence => Answer::None,
    }
}

fn answer(reply: Reply, frame: &Frame<'_>, now: Stamp, key: Option<&Key>) -> Vec<u8> {
    let mut pad = [0; 16];
    if frame.is_encrypted() && key.is_some() {
        random::fill(&mut pad);
    }
    reply.encode(frame, now, key, Pad::Short(&pad))
}

/// FNV-1a over token and data: the same report sent again has the same digest, however it was encrypted. Never 0.
fn digest(token: Token<'_>, data: &[u8]) -> u64 {
    let bytes = token.as_str().bytes().chain([0]).chain(data.iter().copied());
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)).max(1)
}
