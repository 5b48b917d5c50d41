//! The centre's side of a Texecom link.

use alloc::{collections::VecDeque, vec::Vec};

use super::{Answer, Content, Direction, PollFlags, TexecomMessage, TexecomSplitter};
use crate::{AccountNumber, RecordError, Signal, Strictness};

/// What happens to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiverInput<'a> {
    /// These bytes were read.
    Bytes(&'a [u8]),
    /// The report of this number is durable. Then, and not before, it is acknowledged.
    Stored(u32),
}

/// What a receiver wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiverOutput {
    /// Write these bytes.
    Send(Vec<u8>),
    /// Store this, then say [`ReceiverInput::Stored`].
    Report(Report),
    /// The panel is there. It is answered already.
    Polled {
        /// Who polls.
        account: AccountNumber,
        /// What it says of itself.
        flags: PollFlags,
    },
    /// A message was not taken. For the log: how a centre refuses is not established, so the panel hears nothing, and is
    /// expected to send again.
    Refused(RecordError),
    /// The panel ended the session: close the link.
    Close,
}

/// What a message reports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Report {
    /// Counts the reports of the link, from 1.
    pub number: u32,
    /// Who reports; `None` if blocks came without an account block.
    pub account: Option<AccountNumber>,
    /// The message as it came.
    pub message: Vec<u8>,
    /// The events in it; what no list knows is in the message.
    pub signals: Vec<Signal>,
}

/// The centre's side of a Texecom link, for one connection. It has no deadlines: how long a panel waits is not established.
///
/// Call [`handle`](Self::handle) with what happens, then [`poll`](Self::poll) until it gives `None`.
///
/// ```
/// use contactid::texecom::{Receiver, ReceiverInput, ReceiverOutput};
/// let mut receiver = Receiver::new(5);
/// receiver.handle(ReceiverInput::Bytes(b"21AAA18113001004F\r\n"));
/// let Some(ReceiverOutput::Report(report)) = receiver.poll() else { panic!("a report") };
/// assert_eq!((report.account.unwrap().as_str(), report.signals[0].number), ("1000", Some(4)));
/// assert_eq!(receiver.poll(), None);
/// // Here the report is stored. Then, and only then:
/// receiver.handle(ReceiverInput::Stored(report.number));
/// assert_eq!(receiver.poll(), Some(ReceiverOutput::Send(b"2\x06\r\n".to_vec())));
/// ```
#[derive(Clone, Debug)]
pub struct Receiver {
    poll_minutes: u8,
    splitter: TexecomSplitter,
    reported: u32,
    /// The message that is not stored yet.
    unstored: Option<Unstored>,
    over: bool,
    outputs: VecDeque<ReceiverOutput>,
}

#[derive(Clone, Debug)]
struct Unstored {
    message: Vec<u8>,
    answer: Answer,
    /// Another message came behind it, which would take the answer for its own.
    overtaken: bool,
}

impl Receiver {
    /// A receiver at the start of a connection, which tells panels to poll again after so many minutes.
    pub const fn new(poll_minutes: u8) -> Self {
        Self {
            poll_minutes,
            splitter: TexecomSplitter::new(Direction::FromPanel),
            reported: 0,
            unstored: None,
            over: false,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: ReceiverInput<'_>) {
        match input {
            ReceiverInput::Bytes(bytes) => {
                // Taken out, so that a message can be read from it while the rest of the session changes.
                let mut splitter = core::mem::replace(&mut self.splitter, TexecomSplitter::new(Direction::FromPanel));
                splitter.push(bytes);
                while !self.over
                    && let Some(message) = splitter.pop()
                {
                    self.message(message);
                }
                self.splitter = splitter;
            }
            ReceiverInput::Stored(number) if number == self.reported && !self.over => {
                if let Some(unstored) = self.unstored.take().filter(|unstored| !unstored.overtaken) {
                    self.outputs.push_back(ReceiverOutput::Send(unstored.answer.encode()));
                }
            }
            ReceiverInput::Stored(_) => {}
        }
    }

    /// What is to be done next; `None` if nothing is left.
    #[must_use]
    pub fn poll(&mut self) -> Option<ReceiverOutput> {
        self.outputs.pop_front()
    }

    fn message(&mut self, bytes: &[u8]) {
        let message = match TexecomMessage::parse(bytes, Strictness::Tolerant) {
            Ok(message) => message,
            Err(error) => return self.outputs.push_back(ReceiverOutput::Refused(error)),
        };
        let Some(answer) = message.answer(self.poll_minutes) else {
            self.over = true;
            return self.outputs.push_back(ReceiverOutput::Close);
        };
        if let Content::Poll { account, flags } = message.content {
            self.outputs.push_back(ReceiverOutput::Polled { account, flags });
            return self.outputs.push_back(ReceiverOutput::Send(answer.encode()));
        }
        // Before the store is done a panel may send the same again, which is no second event. An answer does not name its
        // message: once another one came, there is none, and both come again.
        if let Some(unstored) = &mut self.unstored {
            unstored.overtaken |= unstored.message != bytes;
            return;
        }
        self.reported = self.reported.wrapping_add(1);
        self.unstored = Some(Unstored { message: bytes.to_vec(), answer, overtaken: false });
        self.outputs.push_back(ReceiverOutput::Report(Report {
            number: self.reported,
            account: message.account(),
            message: bytes.to_vec(),
            signals: message.signals(),
        }));
    }
}
