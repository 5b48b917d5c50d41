//! The centre's side of Galaxy's remote control (level 4): login, then commands, each answered before the next.
//!
//! As others have seen it on one line of panels; what the standard says of it was not at hand.

use alloc::{collections::VecDeque, vec::Vec};

use crate::sia::{Block, BlockSplitter, Function, config};
use crate::{Check, EncodeError, RecordError};

/// What a remote control is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RemoteOptions {
    /// How long it waits for an answer: 2500 ms (openGalaxy).
    pub answer_ms: u32,
    /// How often it sends a block before it gives up: 4 times (openGalaxy).
    pub tries: u8,
}

impl Default for RemoteOptions {
    fn default() -> Self {
        Self { answer_ms: 2500, tries: 4 }
    }
}

/// What happens to a remote control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoteInput<'a> {
    /// These bytes were read.
    Bytes(&'a [u8]),
    /// The other end is gone.
    Closed,
    /// Nothing happened, but it is that late.
    Time,
}

/// What a remote control wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteOutput {
    /// Write these bytes.
    Send(Vec<u8>),
    /// The panel took the login, and names its level.
    LoggedIn {
        /// 1 to 4; `None` if its configuration says nothing of it.
        level: Option<u8>,
    },
    /// What the panel answered to the command at the front: the data of a control block (`C`) or of an extended one (`X`).
    Answered(Function, Vec<u8>),
    /// The panel refused the login or the command at the front.
    Refused,
    /// Nothing came back, or the link is gone: this and everything that waited is given up.
    GaveUp,
    /// A block was damaged; what it answers will be asked for again.
    Damaged(RecordError),
}

/// The centre's side of a remote control.
///
/// An answer does not name its command. So one that comes after its command was given up for lost and sent again can be taken
/// for the answer to the next: ask for the state afterwards where it matters.
///
/// Call [`handle`](Self::handle) with what happens, [`poll`](Self::poll) until it gives `None`, and handle time again at
/// [`deadline`](Self::deadline). Times are milliseconds from any origin and must not go back.
///
/// ```
/// use contactid::galaxy::remote::{Remote, RemoteInput, RemoteOptions, RemoteOutput};
/// use contactid::sia::Function;
/// let mut remote = Remote::new(RemoteOptions::default());
/// remote.login(0, b"543210")?;
/// remote.command(0, b"SA1*1")?; // arm area 1
/// assert_eq!(remote.poll(), Some(RemoteOutput::Send(b"\x46?543210\x87".to_vec())));
/// remote.handle(300, RemoteInput::Bytes(b"\x05@AL4B1\xF0"));
/// assert_eq!(remote.poll(), Some(RemoteOutput::LoggedIn { level: Some(4) }));
/// assert_eq!(remote.poll(), Some(RemoteOutput::Send(b"\x45CSA1*1\xC1".to_vec())));
/// remote.handle(600, RemoteInput::Bytes(b"\x05CSA1*1\x81"));
/// assert_eq!(remote.poll(), Some(RemoteOutput::Answered(Function::CONTROL, b"SA1*1".to_vec())));
/// # Ok::<(), contactid::EncodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Remote {
    options: RemoteOptions,
    splitter: BlockSplitter,
    /// What is to be sent, the one on the line first: function, data.
    queue: VecDeque<(Function, Vec<u8>)>,
    tries: u8,
    deadline: Option<u64>,
    outputs: VecDeque<RemoteOutput>,
}

impl Remote {
    /// A remote control at the start of a link.
    pub const fn new(options: RemoteOptions) -> Self {
        Self {
            options,
            splitter: BlockSplitter::new(),
            queue: VecDeque::new(),
            tries: 0,
            deadline: None,
            outputs: VecDeque::new(),
        }
    }

    /// Sends the remote code, behind what waits.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond [`Block::DATA_MAX`] bytes.
    pub fn login(&mut self, now_ms: u64, code: &[u8]) -> Result<(), EncodeError> {
        self.enqueue(now_ms, Function::LOGIN, code)
    }

    /// Sends a command, as [`Control`](crate::sia::Control) prints it, behind what waits.
    ///
    /// # Errors
    /// As [`login`](Self::login).
    pub fn command(&mut self, now_ms: u64, control: &[u8]) -> Result<(), EncodeError> {
        self.enqueue(now_ms, Function::CONTROL, control)
    }

    /// Takes in what happened at this time.
    pub fn handle(&mut self, now_ms: u64, input: RemoteInput<'_>) {
        if self.deadline.is_some_and(|deadline| deadline <= now_ms) {
            self.splitter.quiet();
            self.again(now_ms);
        }
        match input {
            RemoteInput::Bytes(bytes) => {
                for part in bytes.chunks(Block::MAX) {
                    self.splitter.push(part);
                    self.take_blocks(now_ms);
                }
            }
            RemoteInput::Closed => self.give_up(),
            RemoteInput::Time => {}
        }
    }

    /// What is to be done next; `None` if nothing is left.
    #[must_use]
    pub fn poll(&mut self) -> Option<RemoteOutput> {
        self.outputs.pop_front()
    }

    /// When to call again with [`RemoteInput::Time`], in ms; `None` if nothing is waited for.
    pub const fn deadline(&self) -> Option<u64> {
        self.deadline
    }

    fn enqueue(&mut self, now_ms: u64, function: Function, written: &[u8]) -> Result<(), EncodeError> {
        Block::new(function, written)?;
        self.queue.push_back((function, written.to_vec()));
        if self.queue.len() == 1 {
            self.send(now_ms, 1);
        }
        Ok(())
    }

    fn take_blocks(&mut self, now_ms: u64) {
        // Taken out, so that a block can be read from it while the rest changes.
        let mut splitter = core::mem::take(&mut self.splitter);
        while let Some(read) = splitter.pop() {
            let asked = self.queue.front().map(|(function, _)| *function);
            let told = match (asked, read) {
                (Some(_), Err(error @ RecordError::Check { check: Check::Parity, .. })) => {
                    self.outputs.push_back(RemoteOutput::Damaged(error));
                    continue;
                }
                (Some(Function::LOGIN), Ok(block)) if block.function() == Function::CONFIGURATION => {
                    RemoteOutput::LoggedIn { level: config::level(block.data()) }
                }
                (Some(Function::CONTROL), Ok(block))
                    if matches!(block.function(), Function::CONTROL | Function::EXTENDED) =>
                {
                    RemoteOutput::Answered(block.function(), block.data().to_vec())
                }
                (Some(_), Ok(block)) if block.function().canonical() == Function::REJECT => RemoteOutput::Refused,
                // An acknowledgement alone answers nothing, and a report belongs to another session.
                _ => continue,
            };
            self.outputs.push_back(told);
            self.queue.pop_front();
            self.send(now_ms, 1);
        }
        self.splitter = splitter;
    }

    /// Sends what is at the front, for the nth time.
    fn send(&mut self, now_ms: u64, tries: u8) {
        self.tries = tries;
        self.deadline = None;
        if let Some((function, written)) = self.queue.front()
            && let Ok(block) = Block::new(*function, written)
        {
            self.outputs.push_back(RemoteOutput::Send(block.encode()));
            self.deadline = Some(now_ms.saturating_add(self.options.answer_ms.into()));
        }
    }

    fn again(&mut self, now_ms: u64) {
        if self.tries < self.options.tries {
            self.send(now_ms, self.tries + 1);
        } else {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        self.deadline = None;
        if !self.queue.is_empty() {
            self.queue.clear();
            self.outputs.push_back(RemoteOutput::GaveUp);
        }
    }
}
