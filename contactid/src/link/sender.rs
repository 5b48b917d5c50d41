//! The receiver's end of a link: a queue of records, each sent until it is acknowledged.

use alloc::{collections::VecDeque, vec::Vec};

use super::Profile;
use super::profile::ANSWER_MAX;

/// What happens to the receiver's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderInput<'a> {
    /// Bytes came from automation.
    Bytes(&'a [u8]),
    /// Nothing, but it is that late, or a record was queued.
    Time,
}

/// What the receiver's end wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SenderOutput {
    /// Send these bytes.
    Send(Vec<u8>),
    /// The record of this number is acknowledged and has left the queue.
    Delivered(u64),
    /// All tries went unanswered: the link is down. The queue stays; heartbeats go on.
    Down,
    /// An answer came again.
    Up,
}

/// The receiver's end of a link.
///
/// ```text
///         queue                answer: ACK
///  idle ────────▶ waiting ────────────────▶ Delivered; the next, or idle,
///   │ heartbeat_ms  │                          after settle_ms if answers to earlier tries may come
///   │               │ NAK or no answer: again, `tries` times
///   └──▶ waiting    └──▶ Down ──heartbeat_ms──▶ waiting for the answer to a heartbeat ──ACK──▶ Up
/// ```
///
/// ```
/// use contactid::link::{Profile, Sender, SenderInput, SenderOutput};
/// let mut sender = Sender::new(Profile::surgard(), 0);
/// let number = sender.queue(b"5011 181234E12101001\x14".to_vec()).unwrap();
/// sender.handle(10, SenderInput::Time);
/// assert_eq!(sender.poll(), Some(SenderOutput::Send(b"5011 181234E12101001\x14".to_vec())));
/// sender.handle(50, SenderInput::Bytes(b"\x06"));
/// assert_eq!(sender.poll(), Some(SenderOutput::Delivered(number)));
/// assert_eq!((sender.poll(), sender.deadline()), (None, 30_050));
/// ```
#[derive(Clone, Debug)]
pub struct Sender {
    profile: Profile,
    queue: VecDeque<(u64, Vec<u8>)>,
    last: u64,
    stage: Stage,
    /// What was sent last, and is to be answered.
    sent: Vec<u8>,
    /// What came since and may be the beginning of an answer.
    heard: Vec<u8>,
    down: bool,
    outputs: VecDeque<SenderOutput>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing is under way until then.
    Idle { until_ms: u64 },
    /// An answer is due by then; so often was it sent, and so many of these tries have no answer yet.
    Waiting { until_ms: u64, sent: u8, unanswered: u8, heartbeat: bool },
    /// Answers to earlier tries may come until then; they must not count for the next record.
    Settling { until_ms: u64 },
}

impl Sender {
    /// An idle link, which sends its first heartbeat at once.
    pub const fn new(profile: Profile, now_ms: u64) -> Self {
        let stage = Stage::Idle { until_ms: now_ms };
        Self {
            profile,
            queue: VecDeque::new(),
            last: 0,
            stage,
            sent: Vec::new(),
            heard: Vec::new(),
            down: false,
            outputs: VecDeque::new(),
        }
    }

    /// Puts a record at the end of the queue, and says by which number it will be told of; `None` for no bytes. Then hand
    /// in [`SenderInput::Time`].
    pub fn queue(&mut self, record: Vec<u8>) -> Option<u64> {
        if record.is_empty() {
            return None;
        }
        self.last += 1;
        self.queue.push_back((self.last, record));
        Some(self.last)
    }

    /// How many records wait for an answer.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Whether the link is down.
    pub const fn is_down(&self) -> bool {
        self.down
    }

    /// Takes what happened.
    pub fn handle(&mut self, now_ms: u64, input: SenderInput<'_>) {
        match (input, self.stage) {
            (SenderInput::Bytes(bytes), Stage::Waiting { sent, unanswered, heartbeat, .. }) => {
                // An answer of several bytes may come in pieces.
                self.heard.extend_from_slice(bytes);
                let answer = self.profile.answer.read(&self.heard, &self.sent);
                let kept = if answer.is_some() { 0 } else { ANSWER_MAX - 1 };
                self.heard.drain(..self.heard.len().saturating_sub(kept));
                match answer {
                    Some(true) => self.answered(now_ms, unanswered - 1, heartbeat),
                    Some(false) => self.refused(now_ms, sent, unanswered - 1, heartbeat),
                    None => {}
                }
            }
            (SenderInput::Time, Stage::Waiting { until_ms, sent, unanswered, heartbeat, .. }) if until_ms <= now_ms => {
                self.refused(now_ms, sent, unanswered, heartbeat);
            }
            (SenderInput::Time, Stage::Settling { until_ms }) if until_ms <= now_ms => {
                self.rest(now_ms);
                self.handle(now_ms, SenderInput::Time);
            }
            (SenderInput::Time, Stage::Idle { until_ms }) => {
                if !self.down && !self.queue.is_empty() {
                    self.send(now_ms, 0, 0, false);
                } else if until_ms <= now_ms {
                    self.send(now_ms, 0, 0, true);
                }
            }
            (SenderInput::Bytes(_), Stage::Idle { .. } | Stage::Settling { .. })
            | (SenderInput::Time, Stage::Waiting { .. } | Stage::Settling { .. }) => {}
        }
    }

    fn answered(&mut self, now_ms: u64, unanswered: u8, heartbeat: bool) {
        if self.down {
            self.down = false;
            self.outputs.push_back(SenderOutput::Up);
        }
        if !heartbeat && let Some((number, _)) = self.queue.pop_front() {
            self.outputs.push_back(SenderOutput::Delivered(number));
        }
        if unanswered > 0 && !self.profile.answer.names_its_record() {
            let until_ms = now_ms.saturating_add(self.profile.timing.settle_ms);
            self.stage = Stage::Settling { until_ms };
        } else {
            self.rest(now_ms);
        }
        self.handle(now_ms, SenderInput::Time);
    }

    /// A try came to nothing.
    fn refused(&mut self, now_ms: u64, sent: u8, unanswered: u8, heartbeat: bool) {
        if sent < self.profile.timing.tries && !self.down {
            return self.send(now_ms, sent, unanswered, heartbeat);
        }
        if !self.down {
            self.down = true;
            self.outputs.push_back(SenderOutput::Down);
        }
        self.rest(now_ms);
    }

    fn rest(&mut self, now_ms: u64) {
        self.stage = Stage::Idle { until_ms: now_ms.saturating_add(self.profile.timing.heartbeat_ms.max(1)) };
    }

    fn send(&mut self, now_ms: u64, sent: u8, unanswered: u8, heartbeat: bool) {
        // Without heartbeats what waits is tried instead, so that such a link comes up again, too.
        let heartbeat = heartbeat && !self.profile.heartbeat.is_empty();
        let record = match self.queue.front() {
            Some((_, record)) if !heartbeat => record.clone(),
            _ if heartbeat => self.profile.heartbeat.clone(),
            _ => return self.rest(now_ms),
        };
        self.sent.clone_from(&record);
        let until_ms = now_ms.saturating_add(self.profile.timing.answer_ms.max(1));
        let (sent, unanswered) = (sent.saturating_add(1), unanswered.saturating_add(1));
        self.stage = Stage::Waiting { until_ms, sent, unanswered, heartbeat };
        self.outputs.push_back(SenderOutput::Send(record));
    }

    /// What is to be done next; `None` for nothing more.
    pub fn poll(&mut self) -> Option<SenderOutput> {
        self.outputs.pop_front()
    }

    /// When [`SenderInput::Time`] is due.
    pub fn deadline(&self) -> u64 {
        match self.stage {
            Stage::Idle { .. } if !self.down && !self.queue.is_empty() => 0,
            Stage::Idle { until_ms } | Stage::Waiting { until_ms, .. } | Stage::Settling { until_ms } => until_ms,
        }
    }
}
