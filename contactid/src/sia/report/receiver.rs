//! The receiver's side of a report.

use alloc::{collections::VecDeque, string::String, vec::Vec};

use super::{Answering, Tonal};
use crate::sia::block::ACK_REQUEST;
use crate::sia::config::level;
use crate::sia::{Block, BlockSplitter, Function, SiaMessage, TextPage};
use crate::{AccountNumber, RecordError, Signal, galaxy, text};

/// How many reports may wait for the store: more are kept of no link.
const UNSTORED_MAX: usize = 16;

/// What a receiver is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiverOptions {
    /// How it answers. By default blocks of header 00.
    pub answering: Answering,
    /// The longest time between two blocks of a group: 4000 ms.
    pub gap_ms: u32,
    /// The longest time between two bytes of a block: 1000 ms (inferred). It has to be shorter than what a panel waits for an
    /// answer, or the repetition completes what was cut off.
    pub silence_ms: u32,
    /// For how long after an answer the same block again is a repetition, which is answered and not reported. A Galaxy
    /// repeats every 50 to 100 ms, a modem after 2500 ms without an answer; by default 4000 (inferred).
    pub repeat_ms: u32,
    /// Whether the link is closed behind the end of the data, as on a Galaxy's. By default it is.
    pub close_at_end: bool,
    /// In which character set the panel writes its texts.
    pub page: TextPage,
}

impl Default for ReceiverOptions {
    fn default() -> Self {
        Self {
            answering: Answering::default(),
            gap_ms: Block::GROUP_GAP_MS,
            silence_ms: 1000,
            repeat_ms: 4000,
            close_at_end: true,
            page: TextPage::default(),
        }
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
    /// Whether the panel sends groups, and whether a block of the group that comes may be lost.
    groups: bool,
    broken: bool,
    /// The last block that asked for an answer, the content of the group that it ended, and when it was answered.
    asked: Vec<u8>,
    asked_group: Vec<u8>,
    answered_ms: Option<u64>,
    /// When an unfinished block is none, and when a group that goes on no more is told.
    silent_ms: Option<u64>,
    stale_ms: Option<u64>,
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
            groups: false,
            broken: false,
            asked: Vec::new(),
            asked_group: Vec::new(),
            answered_ms: None,
            silent_ms: None,
            stale_ms: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at this time.
    pub fn handle(&mut self, now_ms: u64, input: ReceiverInput<'_>) {
        if self.over {
            return;
        }
        if self.silent_ms.take_if(|due_ms| *due_ms <= now_ms).is_some() {
            self.splitter.quiet();
        }
        if self.stale_ms.take_if(|due_ms| *due_ms <= now_ms).is_some() {
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
                let due = |waits, after_ms: u32| (waits && !self.over).then(|| now_ms.saturating_add(after_ms.into()));
                self.silent_ms = due(self.splitter.pending() > 0, self.options.silence_ms);
                self.stale_ms = due(self.group_data > 0, self.options.gap_ms);
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
    pub fn deadline(&self) -> Option<u64> {
        [self.silent_ms, self.stale_ms].into_iter().flatten().min()
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
            && let Some(read) = splitter.pop_behind()
        {
            match read {
                Ok((block, passed)) => self.block(now_ms, &block, passed),
                Err(error) => self.refuse(error),
            }
        }
        self.splitter = splitter;
    }

    /// Takes a block, and the first byte that was passed over before it.
    fn block(&mut self, now_ms: u64, block: &Block<'_>, passed: Option<u8>) {
        let owed = block.is_owed_answer();
        if self.unstored.len() >= UNSTORED_MAX {
            // A panel that does not wait for its answers gets none until the store has caught up.
            self.broken = true;
            return;
        }
        self.broken |= passed.is_some_and(|header| self.may_be_of_group(header, block));
        if owed && core::mem::take(&mut self.broken) {
            // What can be read is told; what cannot comes again with all of its group.
            self.report();
            self.group_data = 0;
            self.refuse(RecordError::Form { expected: "a whole group", at: 1, found: block.function().0 });
            return;
        }
        if owed && self.is_repeated(now_ms, block) {
            self.group.clear();
            self.group_data = 0;
            return;
        }
        let before = if owed { self.group.clone() } else { Vec::new() };
        self.groups |= !block.asks_for_answer() && block.function().may_be_acknowledged();
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
                    self.refuse_block(owed, RecordError::Form { expected: "an account number", at: 2, found });
                    return;
                }
            },
            function => {
                self.group_data += block.data().len();
                if self.account.is_none() {
                    let found = function.0;
                    self.refuse_block(owed, RecordError::Form { expected: "an account block", at: 1, found });
                    return;
                }
                if self.group_data > Block::PANEL_GROUP_MAX {
                    // What came before is not lost for it.
                    self.report();
                    let (expected, found) = (Block::PANEL_GROUP_MAX, self.group_data);
                    self.group_data = 0;
                    self.refuse_block(owed, RecordError::Length { expected, found });
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
            self.asked_group = before;
            self.answered_ms = None;
            self.answer_asked(now_ms);
        }
    }

    /// Whether bytes that begin with this header, passed over before this block, may have been a block of the same group.
    fn may_be_of_group(&self, header: u8, block: &Block<'_>) -> bool {
        let asked = header & ACK_REQUEST != 0;
        self.groups || !self.group.is_empty() || !asked && block.function() != Function::ACCOUNT
    }

    /// Whether this block and the group before it came before: then it is answered again, if it was answered at all, and nothing else.
    fn is_repeated(&mut self, now_ms: u64, block: &Block<'_>) -> bool {
        if self.asked != block.encode() || self.asked_group != self.group {
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
        let read = self.options.page.utf8(&content);
        let message = SiaMessage::parse(&read).unwrap_or_default();
        let signals: Vec<Signal> = message.events.iter().map(|event| event.signal()).collect();
        let words = read.strip_prefix(b"A").filter(|_| signals.is_empty());
        let text = words.map(|words| text::decode(words).into_owned());
        drop(read);
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

    /// Refuses a good block that cannot be taken; one that does not ask for an answer, with the last of its group.
    fn refuse_block(&mut self, owed: bool, error: RecordError) {
        if owed {
            self.refuse(error);
        } else {
            self.broken = true;
            self.outputs.push_back(ReceiverOutput::Refused(error));
        }
    }

    fn refuse(&mut self, error: RecordError) {
        self.outputs.push_back(ReceiverOutput::Refused(error));
        self.answer(false);
    }

    fn close(&mut self, ending: Ending) {
        self.over = true;
        (self.silent_ms, self.stale_ms) = (None, None);
        self.outputs.push_back(ReceiverOutput::Close(ending));
    }
}
