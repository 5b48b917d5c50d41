//! Automation's end of a link: records are reported, stored by the caller, and then acknowledged.

use alloc::{collections::VecDeque, vec::Vec};

use super::profile::Seen;
use super::{Profile, RecordSplitter};
use crate::{Blame, Fault, RecordError};

/// What happens to automation's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakerInput<'a> {
    /// Bytes came from the receiver.
    Bytes(&'a [u8]),
    /// The record of this ticket is durable: now, and only now, is it acknowledged.
    Stored(u64),
    /// It could not be stored: the receiver hears nothing and repeats it.
    NotStored(u64),
    /// Nothing, but it is that late.
    Time,
}

/// A record to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// By which [`TakerInput::Stored`] names it.
    pub ticket: u64,
    /// The record as it came, B32 header and all.
    pub record: Vec<u8>,
    /// The ticket of the record before it, if that one is equal and so short ago that this may be its repeat.
    pub repeats: Option<u64>,
}

/// What automation's end wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakerOutput {
    /// A record: store it, then say [`TakerInput::Stored`].
    Record(Arrival),
    /// A record that wants something else than to be stored: ISECNet asks for the time, Texecom ends the session.
    Other(Vec<u8>),
    /// What could not be read. It was refused, unless it is nobody's of ours. For the log.
    Refused(RecordError),
    /// Send these bytes.
    Send(Vec<u8>),
    /// Nothing came for too long: the receiver or the line is gone.
    Down,
    /// Something came again.
    Up,
}

/// Automation's end of a link.
///
/// ```
/// use contactid::link::{Profile, Taker, TakerInput, TakerOutput};
/// let mut taker = Taker::new(Profile::surgard(), 0);
/// taker.handle(10, TakerInput::Bytes(b"5011 181234E12101001\x14"));
/// let Some(TakerOutput::Record(arrival)) = taker.poll() else { panic!("a record") };
/// assert_eq!((arrival.record.len(), taker.poll()), (21, None));
/// // Here it is stored. Then, and only then:
/// taker.handle(20, TakerInput::Stored(arrival.ticket));
/// assert_eq!(taker.poll(), Some(TakerOutput::Send(b"\x06".to_vec())));
/// assert_eq!(taker.deadline(), Some(76_010));
/// ```
#[derive(Clone, Debug)]
pub struct Taker {
    profile: Profile,
    splitter: RecordSplitter,
    tickets: u64,
    /// The records that are being stored.
    unstored: VecDeque<Unstored>,
    last: Option<Last>,
    silent_ms: Option<u64>,
    outputs: VecDeque<TakerOutput>,
}

/// A receiver waits for an answer before it sends the next record; some do not. Our choice.
const UNSTORED_MAX: usize = 16;

#[derive(Clone, Debug)]
struct Unstored {
    ticket: u64,
    record: Vec<u8>,
    answer: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Last {
    ticket: u64,
    record: Vec<u8>,
    until_ms: u64,
}

impl Taker {
    /// A link on which nothing came yet.
    pub const fn new(profile: Profile, now_ms: u64) -> Self {
        let splitter = RecordSplitter::new(profile.framing);
        let silent_ms = Some(now_ms.saturating_add(profile.timing.silence_ms));
        Self {
            profile,
            splitter,
            tickets: 0,
            unstored: VecDeque::new(),
            last: None,
            silent_ms,
            outputs: VecDeque::new(),
        }
    }

    /// Takes what happened.
    pub fn handle(&mut self, now_ms: u64, input: TakerInput<'_>) {
        match input {
            TakerInput::Bytes(bytes) => {
                if !bytes.is_empty() {
                    if self.silent_ms.is_none() {
                        self.outputs.push_back(TakerOutput::Up);
                    }
                    self.silent_ms = Some(now_ms.saturating_add(self.profile.timing.silence_ms.max(1)));
                }
                self.splitter.push(bytes);
                while let Some(record) = self.splitter.pop().map(<[u8]>::to_vec) {
                    self.take(now_ms, record);
                }
            }
            TakerInput::Stored(ticket) => {
                if let Some(answer) = self.settle(ticket) {
                    self.send(answer);
                }
            }
            TakerInput::NotStored(ticket) => {
                // The repeat that follows is the first of it to be stored.
                if self.settle(ticket).is_some() && self.last.as_ref().is_some_and(|last| last.ticket == ticket) {
                    self.last = None;
                }
            }
            TakerInput::Time => {
                if self.silent_ms.take_if(|silent_ms| *silent_ms <= now_ms).is_some() {
                    self.outputs.push_back(TakerOutput::Down);
                }
            }
        }
    }

    fn take(&mut self, now_ms: u64, record: Vec<u8>) {
        let seen = match self.profile.framing.see(&record) {
            Ok(seen) => seen,
            Err(error) => {
                if Fault::Record(error).blame() != Blame::Stranger {
                    self.send(self.profile.answer.write(false, &record));
                }
                return self.outputs.push_back(TakerOutput::Refused(error));
            }
        };
        let answer = self.profile.answer.write(true, &record);
        match seen {
            Seen::Heartbeat => return self.send(answer),
            Seen::Other => return self.outputs.push_back(TakerOutput::Other(record)),
            Seen::Report => {}
        }
        if self.unstored.len() >= UNSTORED_MAX || self.unstored.iter().any(|unstored| unstored.record == record) {
            // An answer that is still to come will answer this repeat, too, however long the store takes: a second one would
            // acknowledge the record behind it. Beyond the bound the receiver repeats.
            return;
        }
        let same = self.last.as_ref().filter(|last| last.record == record && last.until_ms > now_ms);
        let repeats = same.map(|last| last.ticket);
        self.tickets += 1;
        let ticket = self.tickets;
        self.unstored.push_back(Unstored { ticket, record: record.clone(), answer });
        let until_ms = now_ms.saturating_add(self.profile.timing.repeat_ms);
        self.last = Some(Last { ticket, record: record.clone(), until_ms });
        self.outputs.push_back(TakerOutput::Record(Arrival { ticket, record, repeats }));
    }

    fn settle(&mut self, ticket: u64) -> Option<Vec<u8>> {
        let at = self.unstored.iter().position(|unstored| unstored.ticket == ticket)?;
        self.unstored.remove(at).map(|unstored| unstored.answer)
    }

    fn send(&mut self, answer: Vec<u8>) {
        if !answer.is_empty() {
            self.outputs.push_back(TakerOutput::Send(answer));
        }
    }

    /// What is to be done next; `None` for nothing more.
    pub fn poll(&mut self) -> Option<TakerOutput> {
        self.outputs.pop_front()
    }

    /// When [`TakerInput::Time`] is due; `None` while the link is down.
    pub const fn deadline(&self) -> Option<u64> {
        self.silent_ms
    }

    /// How many bytes belonged to no record.
    pub const fn noise(&self) -> u64 {
        self.splitter.noise()
    }
}
