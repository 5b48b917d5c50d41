//! What both ends of a VdS link do alike: frames cut from a stream, keys, counters, and why a frame is not taken.

use alloc::vec::Vec;

use super::{FRAME_MAX, Kind, Purpose, SHORTEST, VdsFrame, VdsRecord, record};
use crate::frame::cipher::BLOCK;
use crate::{Blame, Fault, Key, RecordError, Strictness};

/// The times of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VdsTiming {
    /// How often an idle link is polled, in milliseconds: 5 000 to 8 000 (notes 4.13).
    pub poll_ms: u64,
    /// How long an answer may take, in milliseconds: a second more than [`poll_ms`](Self::poll_ms) (notes 4.13).
    pub answer_ms: u64,
    /// How often a frame is sent again before the link counts as down: 3 (notes 4.13).
    pub repeats: u8,
    /// How long a panel hears nothing before the link counts as down, in milliseconds. Our choice: one poll, and what all
    /// tries of it may take.
    pub silence_ms: u64,
}

impl VdsTiming {
    /// The times of a link that is polled so often, in milliseconds.
    pub const fn polled_every(poll_ms: u64) -> Self {
        let answer_ms = poll_ms.saturating_add(1_000);
        let silence_ms = poll_ms.saturating_add(answer_ms.saturating_mul(4));
        Self { poll_ms, answer_ms, repeats: 3, silence_ms }
    }
}

impl Default for VdsTiming {
    /// Polled every 5 s. Our choice among 5 to 8.
    fn default() -> Self {
        Self::polled_every(5_000)
    }
}

/// A key and the number under which frames name it.
#[derive(Clone, Debug)]
pub struct VdsKey {
    number: u16,
    key: Key,
}

impl VdsKey {
    /// A key of this number; `None` for 0, which says that a frame is plain. Its size is 128 bits by the notes; of others
    /// nothing is known.
    pub fn new(number: u16, key: Key) -> Option<Self> {
        (number != 0).then_some(Self { number, key })
    }

    /// The number.
    pub const fn number(&self) -> u16 {
        self.number
    }
}

/// Why a frame of the other end was not taken, or what it says against ours. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VdsFault {
    /// It does not read: its check value, its length, or its key.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// It is plain, and the link is under a key.
    #[error("key: a plain frame on a link under a key")]
    Plain,
    /// It is under another key than the frames before it.
    #[error("key: the link is under number {expected}, the frame under {found}")]
    KeyNumber {
        /// The number of the link's key.
        expected: u16,
        /// The number in the frame.
        found: u16,
    },
    /// Its counters do not go on where the link stands: it is old, or of another link.
    #[error("counter: {expected} goes on, the frame says {found}")]
    Counter {
        /// The next RC, or the next TC.
        expected: u32,
        /// What the frame says.
        found: u32,
    },
    /// It is for nothing that this end knows. It was answered with IK 5.
    #[error("format: IK {} is nothing for this end", .0.0)]
    Purpose(Purpose),
    /// Its records are in another protocol than 1. It was answered with IK 6.
    #[error("format: PK 1 is known, not {0}")]
    Protocol(u8),
    /// The other end says that it does not know the purpose (IK 5) or the protocol (IK 6) of a frame of ours.
    #[error("format: the other end answers IK {}", .0.0)]
    NotUnderstood(Purpose),
    /// Too many frames wait to be stored.
    #[error("store: {0} frames wait already")]
    Full(usize),
}

impl VdsFault {
    /// Who has to act.
    pub const fn blame(self) -> Blame {
        match self {
            Self::Record(error) => Fault::Record(error).blame(),
            Self::Plain | Self::KeyNumber { .. } => Blame::Key,
            Self::Counter { .. } => Blame::Line,
            Self::Purpose(_) | Self::Protocol(_) | Self::NotUnderstood(_) | Self::Full(_) => Blame::Sender,
        }
    }
}

/// One end's half of a connection: what is read of the other end, and what this one writes.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// All keys that the other end may use; none for a plain link.
    keys: Vec<VdsKey>,
    /// What this end writes under.
    under: Option<VdsKey>,
    /// Whether the other end has settled the key.
    settled: bool,
    held: Vec<u8>,
    /// This end's next counter.
    next: u32,
    /// The lowest counter that the other end may expect of this one.
    since: u32,
}

impl Line {
    pub(super) const fn new(keys: Vec<VdsKey>, under: Option<VdsKey>, counter: u32) -> Self {
        Self { keys, under, settled: false, held: Vec::new(), next: counter, since: counter }
    }

    /// Forgets the beginning of a frame that a connection took with it.
    pub(super) fn reconnect(&mut self) {
        self.held.clear();
    }

    /// Takes in what was read, and reads all frames that are whole now. Less than one frame is kept, and no memory is asked
    /// for that only a length promises. What no frame can begin with is passed over; of bytes that do not read only the
    /// first is, because a frame may begin within them.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Vec<Result<VdsFrame<'static>, VdsFault>> {
        let mut held = core::mem::take(&mut self.held);
        held.extend_from_slice(bytes);
        let (mut frames, mut at) = (Vec::new(), 0);
        while let Some(length) = held.get(at..).and_then(VdsFrame::length) {
            if !(4 + SHORTEST..=FRAME_MAX).contains(&length) || !(length - 4).is_multiple_of(BLOCK) {
                at += 1;
                continue;
            }
            let Some(frame) = held.get(at..at + length) else { break };
            let read = self.open(frame);
            at += if matches!(read, Err(VdsFault::Record(_))) { 1 } else { length };
            frames.push(read);
        }
        held.drain(..at);
        self.held = held;
        frames
    }

    /// Reads a frame, and settles the key by the first that fits. On a link under a key a request of synchronization may be
    /// plain, because who sends it cannot know the key yet; nothing else may.
    fn open(&mut self, bytes: &[u8]) -> Result<VdsFrame<'static>, VdsFault> {
        let number = VdsFrame::key_number(bytes).unwrap_or(0);
        if let Some(under) = self.under.as_ref().filter(|under| self.settled && number != 0 && under.number != number) {
            return Err(VdsFault::KeyNumber { expected: under.number, found: number });
        }
        let known = self.keys.iter().find(|key| key.number == number);
        let key = known.map(|known| &known.key);
        let frame = VdsFrame::parse(bytes, key, Strictness::Tolerant)?.into_owned();
        match known {
            Some(known) if !self.settled => (self.under, self.settled) = (Some(known.clone()), true),
            None if !self.keys.is_empty() && frame.purpose != Purpose::SYNC_REQUEST => return Err(VdsFault::Plain),
            Some(_) | None => {}
        }
        Ok(frame)
    }

    /// The bytes of a new frame, and its counter. More than 255 bytes of records are checked before.
    pub(super) fn write(&mut self, purpose: Purpose, received: u32, records: &[u8]) -> (u32, Vec<u8>) {
        let sent = self.next;
        self.next = sent.wrapping_add(1);
        let frame = VdsFrame::new(purpose, sent, received, records);
        let under = self.under.as_ref();
        let bytes = frame
            .and_then(|frame| frame.under(under.map_or(0, VdsKey::number)).encode(under.map(|under| &under.key)).ok());
        (sent, bytes.unwrap_or_default())
    }

    /// From this counter of ours on, the other end is in step.
    pub(super) const fn in_step_since(&mut self, sent: u32) {
        self.since = sent.wrapping_add(1);
    }

    /// That the other end expects a frame of ours that is not older than the last synchronization.
    pub(super) const fn in_step(&self, received: u32) -> Result<(), VdsFault> {
        if received.wrapping_sub(self.since) <= self.next.wrapping_sub(self.since) {
            return Ok(());
        }
        Err(VdsFault::Counter { expected: self.next, found: received })
    }
}

/// That a frame is for something that its reader knows; else the purpose of the answer, and why.
pub(super) fn understood(frame: &VdsFrame<'_>, known: &[Purpose]) -> Result<(), (Purpose, VdsFault)> {
    if frame.protocol != 1 {
        return Err((Purpose::UNKNOWN_PROTOCOL, VdsFault::Protocol(frame.protocol)));
    }
    if !known.contains(&frame.purpose) {
        return Err((Purpose::UNKNOWN_PURPOSE, VdsFault::Purpose(frame.purpose)));
    }
    Ok(())
}

/// Whether the first counter comes after the second.
pub(super) const fn is_after(counter: u32, other: u32) -> bool {
    matches!(counter.wrapping_sub(other), 1..=0x7FFF_FFFF)
}

/// The records that answer a frame: an acknowledgement for each message that wants one, and an answer to a test. What the
/// answer to a test carries is not established: nothing, unless there is one among the `more` records that are to follow.
pub(super) fn answers(records: &[u8], more: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let told = record::all(more).any(|record| record.kind == Kind::TEST_ANSWER);
    for record in record::all(records) {
        let test = record.kind == Kind::TEST && !told;
        let answer = test.then_some(VdsRecord { kind: Kind::TEST_ANSWER, bytes: &[] });
        if let Some(answer) = record.acknowledgement().or(answer) {
            answer.encode_into(&mut out);
        }
    }
    out
}
