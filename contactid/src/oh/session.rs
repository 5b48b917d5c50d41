//! An OH connection from either end: the key, then lines under it.

use alloc::vec::Vec;

use super::cipher::begins_a_line;
use super::{OhKey, masked_key};
use crate::link::{Profile, Sender, SenderInput, SenderOutput, Taker, TakerInput, TakerOutput};
use crate::{KeyFault, RecordError};

const BLOCK: usize = 8;
const KEY: usize = 24;

/// Whole blocks, taken from a stream as they become whole.
#[derive(Clone, Debug, Default)]
struct Blocks(Vec<u8>);

impl Blocks {
    /// The plain text of all blocks that are whole now.
    fn open(&mut self, key: &OhKey, bytes: &[u8]) -> Vec<u8> {
        self.0.extend_from_slice(bytes);
        let whole = self.0.len() / BLOCK * BLOCK;
        let plain = key.open(&self.0[..whole]).unwrap_or_default();
        self.0.drain(..whole);
        plain
    }
}

/// The centre's end of one connection: it hands out a key, reads lines, and acknowledges what is stored.
///
/// ```
/// use contactid::oh::{OhCentre, OhPanel};
/// use contactid::link::{SenderInput, SenderOutput, TakerInput, TakerOutput};
/// let line = b"\n01010053\"SIA-DCS\"0007R0075L0001[#001465|NRP000*'DECKERS'NM]7C9677F21948CC12|#001465";
///
/// let mut centre = OhCentre::new(b"24 bytes of randomness!!", 0);
/// let Some(TakerOutput::Send(key)) = centre.poll() else { panic!("a key") };
/// let mut panel = OhPanel::new(Vec::new(), 0);
/// panel.queue(line.to_vec());
/// panel.handle(5, SenderInput::Bytes(&key));
/// let Some(SenderOutput::Send(sealed)) = panel.poll() else { panic!("a line") };
///
/// centre.handle(10, TakerInput::Bytes(&sealed));
/// let Some(TakerOutput::Record(arrival)) = centre.poll() else { panic!("a line") };
/// assert_eq!(arrival.record, line);
/// // Here it is stored. Then, and only then:
/// centre.handle(20, TakerInput::Stored(arrival.ticket));
/// let Some(TakerOutput::Send(answer)) = centre.poll() else { panic!("an answer") };
/// panel.handle(25, SenderInput::Bytes(&answer));
/// assert_eq!(panel.poll(), Some(SenderOutput::Delivered(1)));
/// ```
#[derive(Clone, Debug)]
pub struct OhCentre {
    key: OhKey,
    masked: Option<[u8; KEY]>,
    blocks: Blocks,
    /// Whether a whole block came.
    begun: bool,
    /// That the first block is none of a line.
    wrong_key: bool,
    taker: Taker,
}

impl OhCentre {
    /// A connection that was just made, under a key of these random bytes, which nobody may have seen before.
    pub fn new(random: &[u8; KEY], now_ms: u64) -> Self {
        let (key, masked) = (OhKey::new(random), Some(masked_key(*random)));
        let (blocks, taker) = (Blocks::default(), Taker::new(Profile::oh(), now_ms));
        Self { key, masked, blocks, begun: false, wrong_key: false, taker }
    }

    /// Takes what happened: as [`Taker::handle`].
    pub fn handle(&mut self, now_ms: u64, input: TakerInput<'_>) {
        match input {
            TakerInput::Bytes(bytes) => {
                let plain = self.blocks.open(&self.key, bytes);
                if !plain.is_empty() && !self.begun {
                    (self.begun, self.wrong_key) = (true, !begins_a_line(&plain));
                }
                self.taker.handle(now_ms, TakerInput::Bytes(&plain));
            }
            other => self.taker.handle(now_ms, other),
        }
    }

    /// What is to be done next: the key first, then as [`Taker::poll`]. Records are deciphered, what is to be sent is not.
    /// A panel that begins with what is no line under the key is told of once, as [`KeyFault::Wrong`]: it never took the key,
    /// or sends plain text.
    pub fn poll(&mut self) -> Option<TakerOutput> {
        if let Some(masked) = self.masked.take() {
            return Some(TakerOutput::Send(masked.to_vec()));
        }
        if core::mem::take(&mut self.wrong_key) {
            return Some(TakerOutput::Refused(RecordError::Key(KeyFault::Wrong)));
        }
        self.taker.poll().map(|output| match output {
            TakerOutput::Send(plain) => TakerOutput::Send(self.key.seal(&plain)),
            other => other,
        })
    }

    /// As [`Taker::deadline`].
    pub const fn deadline(&self) -> Option<u64> {
        self.taker.deadline()
    }

    /// As [`Taker::noise`], of the deciphered bytes.
    pub const fn noise(&self) -> u64 {
        self.taker.noise()
    }
}

/// The panel's end of one connection: it waits for the key, then sends lines until they are acknowledged.
#[derive(Clone, Debug)]
pub struct OhPanel {
    key: Option<OhKey>,
    begun: Vec<u8>,
    blocks: Blocks,
    sender: Sender,
}

impl OhPanel {
    /// A connection that was just made; `heartbeat` is the panel's own line of life, or empty.
    pub fn new(heartbeat: Vec<u8>, now_ms: u64) -> Self {
        let sender = Sender::new(Profile { heartbeat, ..Profile::oh() }, now_ms);
        Self { key: None, begun: Vec::new(), blocks: Blocks::default(), sender }
    }

    /// Puts a line at the end of the queue: as [`Sender::queue`].
    pub fn queue(&mut self, line: Vec<u8>) -> Option<u64> {
        self.sender.queue(line)
    }

    /// How many lines wait for an answer.
    pub fn waiting(&self) -> usize {
        self.sender.waiting()
    }

    /// Takes what happened: as [`Sender::handle`]. The first 24 bytes are the key; nothing is sent before.
    pub fn handle(&mut self, now_ms: u64, input: SenderInput<'_>) {
        let (key, bytes) = match (&self.key, input) {
            (_, SenderInput::Time) => {
                if self.key.is_some() {
                    self.sender.handle(now_ms, SenderInput::Time);
                }
                return;
            }
            (Some(key), SenderInput::Bytes(bytes)) => (key, bytes),
            (None, SenderInput::Bytes(bytes)) => {
                let (begin, rest) = bytes.split_at(bytes.len().min(KEY - self.begun.len()));
                self.begun.extend_from_slice(begin);
                let Ok(masked) = <[u8; KEY]>::try_from(&self.begun[..]) else { return };
                let key = self.key.insert(OhKey::new(&masked_key(masked)));
                self.sender.handle(now_ms, SenderInput::Time);
                (&*key, rest)
            }
        };
        let plain = self.blocks.open(key, bytes);
        if !plain.is_empty() {
            self.sender.handle(now_ms, SenderInput::Bytes(&plain));
        }
    }

    /// What is to be done next: as [`Sender::poll`], enciphered.
    pub fn poll(&mut self) -> Option<SenderOutput> {
        let key = self.key.as_ref()?;
        self.sender.poll().map(|output| match output {
            SenderOutput::Send(plain) => SenderOutput::Send(key.seal(&plain)),
            other => other,
        })
    }

    /// As [`Sender::deadline`]; `None` while there is no key.
    pub fn deadline(&self) -> Option<u64> {
        self.key.as_ref().map(|_| self.sender.deadline())
    }
}
