//! The receiver's side of a report.

use alloc::{collections::VecDeque, string::String, vec::Vec};

use super::{Answering, Tonal};
use crate::sia::config::level;
use crate::sia::{Block, BlockSplitter, Function, SiaMessage};
use crate::{AccountNumber, RecordError, Signal, galaxy, text};

/// What a receiver is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiverOptions {
    /// How it answers. By default blocks of header 00.
    pub answering: Answering,
    /// The longest time between two blocks of a group, and between two bytes of a block: 4000 ms.
    pub gap_ms: u32,
    /// For how long after an answer the same block again is a repetition, which is answered and not reported. A Galaxy
    /// repeats every 50 to 100 ms, a modem after 2500 ms without an answer; by default 4000 (inferred).
    pub repeat_ms: u32,
    /// Whether the link is closed behind the end of the data, as on a Galaxy's. By default it is.
    pub close_at_end: bool,
}

impl Default for ReceiverOptions {
    fn default() -> Self {
        Self { answering: Answering::default(), gap_ms: Block::GROUP_GAP_MS, repeat_ms: 4000, close_at_end: true }
    }
}

/// What happens to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiverInput<'a> {
    /// These bytes were read.
    Bytes(&'a [u8]),
    /// The report of this number is durable. When all that a block asked for are, and not before, it is acknowledged.
    Stored(u32),
    /// The other end is gone.
    Closed,
    /// Nothing happened, but it is that late.
    Time,
}

/// What a receiver wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiverOutput {
    /// Write these bytes.
    Send(Vec<u8>),
    /// Hold the modem in these states, see [`Tonal::states`].
    Tone(Tonal),
    /// Store this, then say [`ReceiverInput::Stored`].
    Report(Report),
    /// A block was not taken. For the log; the panel hears it if it is to.
    Refused(RecordError),
    /// The session is over: close the link.
    Close(Ending),
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The panel ended its data, and everything is acknowledged.
    EndOfData,
    /// The panel gave up.
    Aborted,
    /// The other end closed the link.
    Closed,
    /// The panel speaks the encrypted Galaxy link, whose keys are not public: its encryption has to be switched off.
    EncryptedGalaxy,
}

/// What one group of blocks reports: the blocks up to one that asks for an answer, of one account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Report {
    /// Counts the reports of the session, from 1.
    pub number: u32,
    /// Who reports.
    pub account: AccountNumber,
    /// The blocks as a `SIA-DCS` message writes them, function and data, `|` between; what no list knows is in here.
    pub content: Vec<u8>,
    /// The events, each with the text that came in the same group.
    pub signals: Vec<Signal>,
    /// A text that came without events: it belongs to those of the report before. Panels of level 3 and up send it in a block
    /// of its own, and each block is stored before it is acknowledged.
    pub text: Option<String>,
}

/// The receiver's side of a DC-03 link, for one connection or call.
///
/// ```
/// use contactid::sia::report::{Ending, Receiver, ReceiverInput as In, ReceiverOptions, ReceiverOutput as Out};
///
/// let mut receiver = Receiver::new(ReceiverOptions::default());
/// receiver.handle(0, In::Bytes(b"\x46#023499\x9F"));
/// assert_eq!(receiver.poll(), Some(Out::Send(b"\x00\x38\xC7".to_vec())));
/// receiver.handle(100, In::Bytes(b"\x56Nti11:45/id001/pi010/CL\xF5"));
/// let Some(Out::Report(report)) = receiver.poll() else { panic!("a report") };
/// assert_eq!((report.account.as_str(), report.signals[0].user), ("023499", Some(1)));
/// assert_eq!(receiver.poll(), None);
/// // Here the report is stored. Then, and only then:
/// receiver.handle(120, In::Stored(report.number));
/// assert_eq!(receiver.poll(), Some(Out::Send(b"\x00\x38\xC7".to_vec())));
/// receiver.handle(200, In::Bytes(b"\x40\x30\x8F"));
/// assert_eq!(receiver.poll(), Some(Out::Send(b"\x00\x38\xC7".to_vec())));
/// assert_eq!(receiver.poll(), Some(Out::Close(Ending::EndOfData)));
/// ```
#[derive(Clone, Debug)]
pub struct Receiver {
    options: ReceiverOptions,
    splitter: BlockSplitter,
    /// Nothing was read yet.
    fresh: bool,
    over: bool,
    account: Option<AccountNumber>,
    level: Option<u8>,
    /// The content of the group that is not reported yet, and how much data all its blocks have.
    group: Vec<u8>,
    group_data: usize,
    /// How many reports went out, and which are not stored.
    reported: u32,
    unstored: Vec<u32>,
    /// The last block that asked for an answer, and when it was answered.
    asked: Vec<u8>,
    answered_ms: Option<u64>,
    deadline: Option<u64>,
    outputs: VecDeque<ReceiverOutput>,
}

impl Receiver {
    /// A receiver at the start of a connection.
    pub const fn new(options: ReceiverOptions) -> Self {
        Self {
            options,
            splitter: BlockSplitter::new(),
            fresh: true,
            over: false,
            account: None,
            level: None,
            group: Vec::new(),
            group_data: 0,
            reported: 0,
            unstored: Vec::new(),
            asked: Vec::new(),
            answered_ms: None,
            deadline: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at this time.
    pub fn handle(&mut self, now_ms: u64, input: ReceiverInput<'_>) {
        if self.over {
            return;
        }
        if self.deadline.is_some_and(|deadline| deadline <= now_ms) {
            self.deadline = None;
            self.splitter.quiet();
            self.take_blocks(now_ms);
            self.report();
            self.group_data = 0;
        }
        match input {
            ReceiverInput::Bytes([]) | ReceiverInput::Time => {}
            ReceiverInput::Bytes(bytes) => {
                // A whole block of header 05 has eight bytes, and its function is none of the list.
                if core::mem::take(&mut self.fresh) && galaxy::is_encrypted_link(bytes) {
                    self.close(Ending::EncryptedGalaxy);
                    return;
                }
                for part in bytes.chunks(Block::MAX) {
                    self.splitter.push(part);
                    self.take_blocks(now_ms);
                }
                let waits = self.splitter.pending() > 0 || self.group_data > 0;
                self.deadline = waits.then(|| now_ms.saturating_add(self.options.gap_ms.into()));
            }
            ReceiverInput::Stored(number) => {
                self.unstored.retain(|&waiting| waiting != number);
                self.answer_asked(now_ms);
            }
            ReceiverInput::Closed => {
                self.report();
                self.close(Ending::Closed);
            }
        }
    }

    /// What is to be done next; `None` if nothing is left.
    #[must_use]
    pub fn poll(&mut self) -> Option<ReceiverOutput> {
        self.outputs.pop_front()
    }

    /// When to call again with [`ReceiverInput::Time`], in ms; `None` if nothing is waited for.
    pub const fn deadline(&self) -> Option<u64> {
        self.deadline
    }

    /// The account in force.
    pub const fn account(&self) -> Option<AccountNumber> {
        self.account
    }

    /// The level that the panel named in a configuration block (`AL3`).
    pub const fn level(&self) -> Option<u8> {
        self.level
    }

    fn take_blocks(&mut self, now_ms: u64) {
        // Taken out, so that a block can be read from it while the rest of the session changes.
        let mut splitter = core::mem::take(&mut self.splitter);
        while !self.over
            && let Some(read) = splitter.pop()
        {
            match read {
                Ok(block) => self.block(now_ms, &block),
                Err(error) => self.refuse(error),
            }
        }
        self.splitter = splitter;
    }

    fn block(&mut self, now_ms: u64, block: &Block<'_>) {
        let owed = block.is_owed_answer();
        if owed && self.is_repeated(now_ms, block) {
            return;
        }
        match block.function() {
            Function::END_OF_DATA => self.report(),
            Function::ABORT => {
                self.report();
                self.close(Ending::Aborted);
                return;
            }
            Function::CONFIGURATION => self.level = level(block.data()).or(self.level),
            function if function.is_system() => {}
            Function::ACCOUNT => match AccountNumber::new(block.data().trim_ascii()) {
                Ok(account) => {
                    self.report();
                    self.account = Some(account);
                }
                Err(_) => {
                    let found = block.data().first().copied().unwrap_or_default();
                    self.refuse(RecordError::Form { expected: "an account number", at: 2, found });
                    return;
                }
            },
            function => {
                self.group_data += block.data().len();
                if self.account.is_none() {
                    self.refuse(RecordError::Form { expected: "an account block", at: 1, found: function.0 });
                    return;
                }
                if self.group_data > Block::PANEL_GROUP_MAX {
                    // What came before is not lost for it.
                    self.report();
                    let (expected, found) = (Block::PANEL_GROUP_MAX, self.group_data);
                    self.group_data = 0;
                    self.refuse(RecordError::Length { expected, found });
                    return;
                }
                if !self.group.is_empty() {
                    self.group.push(b'|');
                }
                self.group.push(function.0);
                self.group.extend_from_slice(block.data());
            }
        }
        if owed {
            self.report();
            self.group_data = 0;
            self.asked = block.encode();
            self.answered_ms = None;
            self.answer_asked(now_ms);
        }
    }

    /// Whether this block came before: then it is answered again, if it was answered at all, and nothing else.
    fn is_repeated(&mut self, now_ms: u64, block: &Block<'_>) -> bool {
        if self.asked != block.encode() {
            return false;
        }
        let Some(answered_ms) = self.answered_ms else { return true };
        let repeated = now_ms.saturating_sub(answered_ms) < self.options.repeat_ms.into();
        if repeated {
            self.answered_ms = Some(now_ms);
            self.answer(true);
        }
        repeated
    }

    /// Reports the group as far as it came: an event that was read is told, be its group whole or not.
    fn report(&mut self) {
        let content = core::mem::take(&mut self.group);
        let (Some(account), false) = (self.account, content.is_empty()) else { return };
        self.reported = self.reported.wrapping_add(1);
        let message = SiaMessage::parse(&content).unwrap_or_default();
        let signals: Vec<Signal> = message.events.iter().map(|event| event.signal()).collect();
        let words = content.strip_prefix(b"A").filter(|_| signals.is_empty());
        let text = words.map(|words| text::decode(words).into_owned());
        let number = self.reported;
        self.unstored.push(number);
        self.outputs.push_back(ReceiverOutput::Report(Report { number, account, signals, text, content }));
    }

    /// Answers the last block that asked, once everything is stored.
    fn answer_asked(&mut self, now_ms: u64) {
        if self.asked.is_empty() || self.answered_ms.is_some() || !self.unstored.is_empty() {
            return;
        }
        self.answered_ms = Some(now_ms);
        self.answer(true);
        let ended = self.asked.get(1) == Some(&Function::END_OF_DATA.0);
        if ended && self.options.close_at_end {
            self.close(Ending::EndOfData);
        }
    }

    fn answer(&mut self, taken: bool) {
        self.outputs.push_back(match self.options.answering.block(self.level, taken) {
            Some(block) => ReceiverOutput::Send(block.encode()),
            None if taken => ReceiverOutput::Tone(Tonal::Acknowledge),
            None => ReceiverOutput::Tone(Tonal::Refuse),
        });
    }

    fn refuse(&mut self, error: RecordError) {
        self.outputs.push_back(ReceiverOutput::Refused(error));
        self.answer(false);
    }

    fn close(&mut self, ending: Ending) {
        self.over = true;
        self.deadline = None;
        self.outputs.push_back(ReceiverOutput::Close(ending));
    }
}
