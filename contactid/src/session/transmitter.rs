//! The transmitting side of DC-09, for panels: a queue of events, each sent until a receiver answers it.
//!
//! ```text
//!          event queued,                   TCP: Connected
//!        interval is over   ┌────────────┐  UDP: at once   ┌─────────┐ ACK, RSP: Delivered
//!   idle ──────────────────▶│ connecting │────────────────▶│ waiting │ DUH: next content, or Refused
//!    ▲ ▲                    └────────────┘                 └─────────┘────────────┐
//!    │ │                          ▲  │ broken, too long     │  │   ▲              │
//!    │ │                          │  ▼                      │  └───┘ NAK:         │
//!    │ │                          try again ◀───────────────┘  clock set,         │
//!    │ │                          │ tries are over             send again         │
//!    │ │                          ▼                                               │
//!    │ └─ rest over, new event ── next path; after the last: Unreachable, rest    │
//!    └────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! One message waits at a time. All its tries have the same number, on every path, by which the receiver knows repeats and
//! the panel its answer. An event leaves the queue only with [`Output::Delivered`] or [`Output::Refused`]: as long as no
//! receiver answers, it stays, and the paths are tried again and again. Supervision goes over the path in use; a panel that
//! must keep two paths supervised at once runs a transmitter for each.
//!
//! # Contract
//! After [`Transmitter::queue`] hand in [`Input::Tick`]. After every [`Transmitter::handle`] call [`Transmitter::poll`] until it
//! gives `None`, and do what it says in that order. When [`Transmitter::deadline`] has come, hand in [`Input::Tick`]. The
//! queue lives in memory: what must survive a restart the panel stores itself, and forgets with the last output for it.
//!
//! ```
//! use contactid::session::{Moment, transmitter::{Content, Input, Output, Path, Setup, Transmitter}};
//! use contactid::{CidMessage, EventCode, Qualifier, Stamp, Token};
//!
//! let mut panel = Transmitter::new(Setup::new("1234", Path::udp()), 41)?;
//! let moment = |now_ms| Moment { now_ms, utc: Stamp::from_unix(1_741_350_896), random: &[] };
//! let alarm = CidMessage::parse(b"3130 01 005")?;
//! let event = panel.queue(Content::report(Token::AdmCid, "1234", alarm), Vec::new())?;
//!
//! panel.handle(Input::Tick, moment(0));
//! let bytes = b"\nFE1A0027\"ADM-CID\"0042L0#1234[#1234|3130 01 005]\r".to_vec();
//! assert_eq!(panel.poll(), Some(Output::Send { path: 0, bytes: bytes.clone() }));
//! assert_eq!((panel.poll(), panel.deadline()), (None, Some(1000)));
//!
//! // Nobody answers: the same again.
//! panel.handle(Input::Tick, moment(1000));
//! assert_eq!(panel.poll(), Some(Output::Send { path: 0, bytes }));
//!
//! panel.handle(Input::Received { path: 0, bytes: b"\n24240012\"ACK\"0042L0#1234[]\r" }, moment(1200));
//! let Some(Output::Delivered(delivery)) = panel.poll() else { panic!("delivered") };
//! assert_eq!((delivery.event, delivery.sequence, delivery.sent), (event, 42, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod output;
mod setup;

use alloc::{collections::VecDeque, vec::Vec};

use super::Moment;
use crate::{Deframer, EncodeError, Frame, Key, Stamp, Token};

pub use output::{Delivery, Event, Output};
pub use setup::{Content, Path, Setup, Supervision, Transport};

/// What a transmitter is told.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The connection of this path stands.
    Connected {
        /// Which path.
        path: usize,
    },
    /// Bytes came: of a connection what was read, or one datagram.
    Received {
        /// On which path.
        path: usize,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// The connection of this path ended, or could not be made.
    Broken {
        /// Which path.
        path: usize,
    },
    /// Nothing, but time passed or an event was queued.
    Tick,
}

/// Why an event was not queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueueError {
    /// As many events wait as may.
    #[error("the queue is full")]
    Full,
    /// A content of it cannot be written, or the edition does not have it.
    #[error(transparent)]
    Content(#[from] EncodeError),
}

/// An event and its contents: the first, and what is sent in its place if the receiver does not understand it.
#[derive(Debug)]
struct Queued {
    event: Event,
    contents: VecDeque<Content>,
    /// How many contents were refused.
    refused: usize,
}

/// The message in hand: the front of the queue, or a supervision message.
#[derive(Clone, Copy, Debug)]
struct Message {
    supervision: bool,
    sequence: u16,
    /// How often it was sent.
    sent: u32,
    /// Tries on this path.
    tries: u32,
    /// Paths that failed in this round.
    failed: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Idle,
    Connecting { until_ms: u64 },
    Waiting { until_ms: u64 },
    Resting { until_ms: u64 },
}

/// An answer to the message in hand.
enum Answer {
    Taken,
    Unread,
    /// The receiver's time.
    Clock(Stamp),
}

/// A panel's sending side: see the [module](self).
#[derive(Debug)]
pub struct Transmitter {
    setup: Setup,
    queue: VecDeque<Queued>,
    last_event: u64,
    sequence: u16,
    ahead_secs: i64,
    stage: Stage,
    message: Option<Message>,
    path: usize,
    /// When the first path is to be tried again, if another is in use.
    return_ms: Option<u64>,
    /// The path whose connection stands.
    connected: Option<usize>,
    deframer: Deframer,
    /// When the last message was sent.
    sent_ms: Option<u64>,
    /// An answer with content came: what it says holds before the next message is written.
    responded: bool,
    outputs: VecDeque<Output>,
}

impl Transmitter {
    /// A transmitter that goes on behind this sequence number; 0 to begin with 1.
    ///
    /// # Errors
    /// [`EncodeError`] if account, receiver, line or supervision message cannot be sent to a receiver of the edition.
    pub fn new(setup: Setup, last_sequence: u16) -> Result<Self, EncodeError> {
        let null = Content::null();
        let content = setup.supervision.as_ref().map_or(&null, |supervision| &supervision.content);
        setup.frame(content, 1, Stamp::from_unix(0), &[])?;
        Ok(Self {
            setup,
            queue: VecDeque::new(),
            last_event: 0,
            sequence: last_sequence,
            ahead_secs: 0,
            stage: Stage::Idle,
            message: None,
            path: 0,
            return_ms: None,
            connected: None,
            deframer: Deframer::new(),
            sent_ms: None,
            responded: false,
            outputs: VecDeque::new(),
        })
    }

    /// Puts an event at the end of the queue. `others` are sent in its place, one after the other, if the receiver does not
    /// understand it: DUH. Hand in [`Input::Tick`] next.
    ///
    /// # Errors
    /// [`QueueError`] if there is no room, or a content cannot be sent to a receiver of the edition.
    pub fn queue(&mut self, content: Content, others: Vec<Content>) -> Result<Event, QueueError> {
        if self.queue.len() >= self.setup.queue {
            return Err(QueueError::Full);
        }
        let mut contents: VecDeque<_> = others.into();
        contents.push_front(content);
        for content in &contents {
            self.setup.frame(content, 1, Stamp::from_unix(0), &[])?;
        }
        self.last_event += 1;
        let event = Event(self.last_event);
        self.queue.push_back(Queued { event, contents, refused: 0 });
        if matches!(self.stage, Stage::Resting { .. }) {
            self.stage = Stage::Resting { until_ms: 0 };
        }
        Ok(event)
    }

    /// How many events wait for an answer.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// The sequence number that was used last: to be kept over a restart.
    pub const fn sequence(&self) -> u16 {
        self.sequence
    }

    /// Takes another key, or none, from the next frame on: after key exchange, of which an [`Output::Response`] may be part.
    /// Behind that output nothing is sent before the next [`Input`], so that a key set at once holds for the next message.
    pub fn set_key(&mut self, key: Option<Key>) {
        self.setup.key = key;
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input<'_>, moment: Moment<'_>) {
        match input {
            Input::Connected { path } => match self.stage {
                Stage::Connecting { .. } if path == self.path => {
                    (self.connected, self.deframer) = (Some(path), Deframer::new());
                    self.send(moment);
                }
                _ if self.connected != Some(path) => self.outputs.push_back(Output::Close { path }),
                _ => {}
            },
            Input::Received { path, bytes } => self.received(path, bytes, moment),
            Input::Broken { path } => {
                if self.connected == Some(path) {
                    self.connected = None;
                }
                let busy = matches!(self.stage, Stage::Connecting { .. } | Stage::Waiting { .. });
                if busy && path == self.path && self.is_tcp(path) {
                    self.attempt(moment);
                }
            }
            Input::Tick => {}
        }
        match self.stage {
            Stage::Connecting { until_ms } | Stage::Waiting { until_ms } if until_ms <= moment.now_ms => {
                self.close();
                self.attempt(moment);
            }
            Stage::Resting { until_ms } if until_ms <= moment.now_ms => self.stage = Stage::Idle,
            _ => {}
        }
        if core::mem::take(&mut self.responded) {
            return;
        }
        // A message that turns out to be too long leaves the hand free again.
        while self.begin(moment) && self.stage == Stage::Idle {}
    }

    /// What is to be done next; `None` when nothing is left.
    #[must_use]
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to hand in [`Input::Tick`], if nothing happens before; in milliseconds, as [`Moment::now_ms`].
    pub fn deadline(&self) -> Option<u64> {
        match self.stage {
            Stage::Connecting { until_ms } | Stage::Waiting { until_ms } | Stage::Resting { until_ms } => {
                Some(until_ms)
            }
            Stage::Idle if !self.queue.is_empty() => Some(0),
            Stage::Idle => self.supervision_ms(),
        }
    }

    /// When the next supervision message is due: at once if nothing was sent yet.
    fn supervision_ms(&self) -> Option<u64> {
        let supervision = self.setup.supervision.as_ref()?;
        Some(self.sent_ms.map_or(0, |sent_ms| sent_ms.saturating_add(supervision.interval_ms.max(1))))
    }

    fn is_tcp(&self, path: usize) -> bool {
        self.setup.paths.get(path).is_some_and(|path| path.transport == Transport::Tcp)
    }

    /// Takes the next message in hand, if there is one and the hand is free.
    fn begin(&mut self, moment: Moment<'_>) -> bool {
        if self.stage != Stage::Idle {
            return false;
        }
        let supervision = self.queue.is_empty();
        if supervision && self.supervision_ms().is_none_or(|due_ms| due_ms > moment.now_ms) {
            return false;
        }
        if self.return_ms.is_some_and(|at| at <= moment.now_ms) {
            self.move_to(0, moment.now_ms);
        }
        // A message that was put aside for a rest keeps its number. A supervision message is not put aside.
        let kept = self.message.filter(|message| !message.supervision && !supervision);
        let sequence = match kept {
            Some(message) => message.sequence,
            None if supervision && self.setup.zero_supervision => 0,
            None => {
                self.sequence = self.sequence % 9999 + 1;
                self.sequence
            }
        };
        let sent = kept.map_or(0, |message| message.sent);
        self.message = Some(Message { supervision, sequence, sent, tries: 0, failed: 0 });
        self.attempt(moment);
        true
    }

    /// Makes the next try: on this path, on the next one if its tries are over, or after a rest.
    fn attempt(&mut self, moment: Moment<'_>) {
        let Some(message) = &mut self.message else {
            self.stage = Stage::Idle;
            return;
        };
        let path = self.setup.paths.get(self.path).copied();
        if let Some(path) = path.filter(|path| message.tries < path.tries) {
            message.tries += 1;
            if path.transport == Transport::Tcp && self.connected != Some(self.path) {
                self.stage = Stage::Connecting { until_ms: moment.now_ms.saturating_add(path.wait_ms) };
                return self.outputs.push_back(Output::Connect { path: self.path });
            }
            return self.send(moment);
        }
        (message.tries, message.failed) = (0, message.failed + 1);
        let over = message.failed >= self.setup.paths.len();
        self.outputs.push_back(Output::PathFailed { path: self.path });
        let next = if over { 0 } else { (self.path + 1) % self.setup.paths.len() };
        self.move_to(next, moment.now_ms);
        if over {
            self.outputs.push_back(Output::Unreachable);
            self.stage = Stage::Resting { until_ms: moment.now_ms.saturating_add(self.setup.rest_ms) };
        } else {
            self.attempt(moment);
        }
    }

    fn send(&mut self, moment: Moment<'_>) {
        let content = match (self.message, &self.setup.supervision) {
            (Some(Message { supervision: true, .. }), Some(supervision)) => Some(&supervision.content),
            _ => self.queue.front().and_then(|queued| queued.contents.front()),
        };
        let now = Stamp::from_unix(moment.utc.unix().saturating_add(self.ahead_secs));
        let (Some(content), Some(message)) = (content, &mut self.message) else { return };
        self.sent_ms = Some(moment.now_ms);
        // It was written once before it was queued; only a key that came later can make it too long.
        let Ok(bytes) = self.setup.frame(content, message.sequence, now, moment.random) else {
            return self.settle(false, self.path);
        };
        self.outputs.push_back(Output::Send { path: self.path, bytes });
        message.sent = message.sent.saturating_add(1);
        let wait_ms = self.setup.paths.get(self.path).map_or(0, |path| path.wait_ms);
        self.stage = Stage::Waiting { until_ms: moment.now_ms.saturating_add(wait_ms) };
    }

    /// Takes this path from now on.
    fn move_to(&mut self, path: usize, now_ms: u64) {
        if path != self.path {
            self.close();
        }
        self.path = path;
        self.return_ms = match self.return_ms {
            _ if path == 0 => None,
            None => Some(now_ms.saturating_add(self.setup.return_ms)),
            set => set,
        };
    }

    /// Closes the connection of the path in use, made or in the making.
    fn close(&mut self) {
        let making = matches!(self.stage, Stage::Connecting { .. });
        if self.is_tcp(self.path) && (making || self.connected == Some(self.path)) {
            self.connected = None;
            self.outputs.push_back(Output::Close { path: self.path });
        }
    }

    fn received(&mut self, path: usize, bytes: &[u8], moment: Moment<'_>) {
        if !self.is_tcp(path) {
            return self.answered(path, bytes, moment);
        }
        if self.connected != Some(path) {
            return;
        }
        let mut deframer = core::mem::take(&mut self.deframer);
        // What is no frame is passed over; the wait for the answer has an end.
        let _ = deframer.push(bytes);
        while let Some(frame) = deframer.pop() {
            self.answered(path, frame, moment);
        }
        self.deframer = deframer;
    }

    fn answered(&mut self, path: usize, bytes: &[u8], moment: Moment<'_>) {
        let (Stage::Waiting { .. }, Some(message)) = (self.stage, self.message) else { return };
        match self.read(bytes, message.sequence) {
            Some(Answer::Clock(theirs)) => {
                self.ahead_secs = theirs.skew_secs(moment.utc);
                self.outputs.push_back(Output::ClockSet { ahead_secs: self.ahead_secs });
                self.attempt(moment);
            }
            Some(Answer::Taken) => self.settle(true, path),
            Some(Answer::Unread) => self.settle(false, path),
            None => {}
        }
    }

    /// Puts the message in hand down: taken, or not understood.
    fn settle(&mut self, taken: bool, path: usize) {
        self.stage = Stage::Idle;
        let Some(message) = self.message.take() else { return };
        if message.supervision {
            // Understood or not: the line lives.
            self.outputs.push_back(Output::Supervised { path });
        } else if let Some(queued) = self.queue.front_mut() {
            let Queued { event, refused, .. } = *queued;
            let Message { sequence, sent, .. } = message;
            let delivery = Delivery { event, content: refused, sequence, sent, path };
            if !taken && queued.contents.len() > 1 {
                queued.contents.pop_front();
                queued.refused += 1;
                return;
            }
            self.queue.pop_front();
            self.outputs.push_back(if taken { Output::Delivered(delivery) } else { Output::Refused(delivery) });
        }
        if self.queue.is_empty() && self.setup.paths.get(self.path).is_some_and(|path| path.close) {
            self.close();
        }
    }

    /// What an answer says; `None` for one that is damaged, belongs to another message, or does not have our key.
    fn read(&mut self, bytes: &[u8], sequence: u16) -> Option<Answer> {
        let frame = Frame::parse(bytes, self.setup.strictness).ok()?;
        if frame.token() == Token::Nak {
            return frame.open(None).ok()?.stamp().map(Answer::Clock);
        }
        let ours = frame.account().is_none_or(|account| account.eq_ignore_ascii_case(&self.setup.account));
        if !ours || frame.sequence() != Some(sequence) {
            return None;
        }
        match frame.token() {
            // DUH is never encrypted.
            Token::Duh => Some(Answer::Unread),
            // Who encrypts believes only an encrypted acknowledgement.
            Token::Ack | Token::Rsp if frame.is_encrypted() == self.setup.key.is_some() => {
                frame.open(self.setup.key.as_ref()).ok()?;
                if frame.token() == Token::Rsp {
                    self.responded = true;
                    self.outputs.push_back(Output::Response { frame: bytes.to_vec() });
                }
                Some(Answer::Taken)
            }
            _ => None,
        }
    }
}
