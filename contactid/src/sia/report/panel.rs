//! The panel's side of a report.

use alloc::{collections::VecDeque, vec::Vec};

use super::{Outgoing, Tonal};
use crate::AccountNumber;
use crate::sia::{Block, BlockSplitter, Function};

/// What a panel is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PanelOptions {
    /// The level of DC-03 that it speaks, 1 to 4; by default 3. From 2 it says so in a configuration block (`AL3`) behind its
    /// first account block, and opens the reverse channel; below 3 it leaves out texts. The exact split between the levels is
    /// unverified.
    pub level: u8,
    /// How long it waits for an answer: 2500 ms (AN93, 8.1).
    pub answer_ms: u32,
    /// How often it sends a block before it gives up: 4 times.
    pub tries: u8,
    /// For how long it hears nothing behind an answer to what it sent more than once, so that the second answer is not taken
    /// for one to the next block: blocks have no numbers. 1000 ms (inferred); it has to be longer than a way there and back.
    pub settle_ms: u32,
    /// Whether the blocks of a report go out as groups, of which only the last block asks for an answer. By default not.
    pub grouped: bool,
}

impl Default for PanelOptions {
    fn default() -> Self {
        Self { level: 3, answer_ms: 2500, tries: 4, settle_ms: 1000, grouped: false }
    }
}

/// What happens to a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelInput<'a> {
    /// A report to be delivered, behind those that wait already.
    Send(Outgoing),
    /// The link is up.
    Connected,
    /// These bytes were read.
    Bytes(&'a [u8]),
    /// The receiver answered by the states of its modem.
    Tone(Tonal),
    /// The other end is gone, or was never reached. Not said of a link that the panel closed itself.
    Closed,
    /// Nothing happened, but it is that late.
    Time,
}

/// What a panel wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelOutput {
    /// Open a link to the receiver.
    Connect,
    /// Write these bytes.
    Send(Vec<u8>),
    /// The report of this number is acknowledged. Reports are counted from 1 as they were sent.
    Delivered(u32),
    /// The report of this number was given up. Some of its blocks may have been taken.
    GaveUp(u32, Failure),
    /// The receiver has something to say on the reverse channel.
    ReverseChannel,
    /// Close the link.
    Close,
}

/// Why reports were given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// A block was sent as often as it may be, and the last time nothing came back.
    NoAnswer,
    /// A block was sent as often as it may be, and the last time it was refused.
    Refused,
    /// The receiver aborted.
    Aborted,
    /// The link was closed, or never came up.
    Closed,
}

/// The panel's side of a DC-03 link: delivers reports in their order, several over one link, each block acknowledged before
/// the next is sent.
///
/// ```text
///        Send              Connected           acknowledged            nothing left         acknowledged, or closed
///  idle ─────▶ connecting ──────────▶ # account ────────▶ N, A … blocks ────────▶ 0 end of data ────────▶ Close, idle
///                                         │ refused or unanswered 4 times: 2 abort, GaveUp, Close, idle
/// ```
///
/// Whatever waits when a link fails is given up: send it again when it is time to.
///
/// ```
/// use contactid::sia::{Function, report::{Outgoing, Panel, PanelInput as In, PanelOptions, PanelOutput as Out}};
///
/// let mut panel = Panel::new(PanelOptions { level: 1, ..PanelOptions::default() });
/// let report = Outgoing::new("1234".parse().unwrap()).with_block(Function::NEW_EVENT, b"BA005")?;
/// panel.handle(0, In::Send(report));
/// assert_eq!(panel.poll(), Some(Out::Connect));
/// panel.handle(800, In::Connected);
/// assert_eq!(panel.poll(), Some(Out::Send(b"\x44#1234\x9C".to_vec())));
/// panel.handle(900, In::Bytes(b"\x00\x38\xC7"));
/// assert_eq!(panel.poll(), Some(Out::Send(b"\x45NBA005\xC2".to_vec())));
/// panel.handle(990, In::Bytes(b"\x00\x38\xC7"));
/// assert_eq!(panel.poll(), Some(Out::Delivered(1)));
/// assert_eq!(panel.poll(), Some(Out::Send(b"\x40\x30\x8F".to_vec())));
/// panel.handle(1080, In::Bytes(b"\x00\x38\xC7"));
/// assert_eq!((panel.poll(), panel.poll()), (Some(Out::Close), None));
/// # Ok::<(), contactid::EncodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Panel {
    options: PanelOptions,
    queue: VecDeque<Outgoing>,
    /// The number of the report at the front.
    number: u32,
    splitter: BlockSplitter,
    phase: Phase,
    /// The account in force on this link, and whether the configuration was sent.
    account: Option<AccountNumber>,
    configured: bool,
    /// How many blocks of the report at the front are acknowledged, and how many the step on the line holds.
    done: usize,
    held: usize,
    /// The receiver wants the link closed behind what it acknowledged.
    disconnect: bool,
    deadline: Option<u64>,
    outputs: VecDeque<PanelOutput>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No link, and nothing to send.
    Idle,
    /// The link is to come up.
    Connecting,
    /// A step was sent for the nth time, and is to be answered.
    Asking { step: Step, tries: u8 },
    /// A late answer may be on its way.
    Settling,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Account,
    Blocks,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Taken,
    TakenAndDisconnect,
    Refused,
    Wait,
    Abort,
}

impl Panel {
    /// A panel without a link and with nothing to send.
    pub const fn new(options: PanelOptions) -> Self {
        Self {
            options,
            queue: VecDeque::new(),
            number: 1,
            splitter: BlockSplitter::new(),
            phase: Phase::Idle,
            account: None,
            configured: false,
            done: 0,
            held: 0,
            disconnect: false,
            deadline: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at this time.
    pub fn handle(&mut self, now_ms: u64, input: PanelInput<'_>) {
        // What is due comes before what comes late.
        if self.deadline.is_some_and(|deadline| deadline <= now_ms) {
            self.due(now_ms);
        }
        match input {
            PanelInput::Send(report) => {
                self.queue.push_back(report);
                self.connect();
            }
            PanelInput::Connected if self.phase == Phase::Connecting => self.next(now_ms),
            PanelInput::Bytes(bytes) => self.heard(now_ms, bytes),
            PanelInput::Tone(Tonal::Refuse) => self.answered(now_ms, Answer::Refused),
            PanelInput::Tone(tone) => {
                let asking = matches!(self.phase, Phase::Asking { .. });
                if asking && tone == Tonal::AcknowledgeAndReverse {
                    self.outputs.push_back(PanelOutput::ReverseChannel);
                }
                self.answered(now_ms, Answer::Taken);
            }
            PanelInput::Closed => match self.phase {
                Phase::Idle => {}
                // A receiver that closes behind the end of the data has taken it.
                Phase::Asking { step: Step::End, .. } => self.over(),
                _ => self.fail(Failure::Closed),
            },
            PanelInput::Connected | PanelInput::Time => {}
        }
    }

    /// What is to be done next; `None` if nothing is left.
    #[must_use]
    pub fn poll(&mut self) -> Option<PanelOutput> {
        self.outputs.pop_front()
    }

    /// When to call again with [`PanelInput::Time`], in ms; `None` if nothing is waited for.
    pub const fn deadline(&self) -> Option<u64> {
        self.deadline
    }

    /// How many reports wait, the one on the line included.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Opens a link if there is none and something waits.
    fn connect(&mut self) {
        if self.phase == Phase::Idle && !self.queue.is_empty() {
            self.phase = Phase::Connecting;
            self.outputs.push_back(PanelOutput::Connect);
        }
    }

    fn heard(&mut self, now_ms: u64, bytes: &[u8]) {
        for part in bytes.chunks(Block::MAX) {
            self.splitter.push(part);
            while let Some(read) = self.splitter.pop() {
                // What is damaged is no answer.
                let answer = read.ok().and_then(|block| match block.function().canonical() {
                    Function::ACKNOWLEDGE | Function::ACKNOWLEDGE_AND_STAND_BY => Some(Answer::Taken),
                    Function::ACKNOWLEDGE_AND_DISCONNECT => Some(Answer::TakenAndDisconnect),
                    Function::REJECT => Some(Answer::Refused),
                    Function::WAIT => Some(Answer::Wait),
                    Function::ABORT => Some(Answer::Abort),
                    _ => None,
                });
                if let Some(answer) = answer {
                    self.answered(now_ms, answer);
                }
            }
        }
    }

    fn answered(&mut self, now_ms: u64, answer: Answer) {
        let Phase::Asking { step, tries } = self.phase else { return };
        match answer {
            Answer::Refused if tries >= self.options.tries => self.abort(Failure::Refused),
            Answer::Refused => self.send(now_ms, step, tries + 1),
            Answer::Wait => self.deadline = Some(now_ms.saturating_add(self.options.answer_ms.into())),
            Answer::Abort => {
                self.outputs.push_back(PanelOutput::Close);
                self.fail(Failure::Aborted);
            }
            Answer::Taken | Answer::TakenAndDisconnect => {
                self.disconnect |= answer == Answer::TakenAndDisconnect;
                self.taken(step);
                if step == Step::End || self.disconnect {
                    self.outputs.push_back(PanelOutput::Close);
                    self.over();
                } else if tries > 1 {
                    self.phase = Phase::Settling;
                    self.deadline = Some(now_ms.saturating_add(self.options.settle_ms.into()));
                } else {
                    self.next(now_ms);
                }
            }
        }
    }

    /// Notes what an acknowledgement is for.
    fn taken(&mut self, step: Step) {
        match step {
            Step::Account => self.account = self.queue.front().map(Outgoing::account),
            Step::Blocks => {
                self.done += self.held;
                self.configured = true;
            }
            Step::End => {}
        }
        let left = self.queue.front().is_some_and(|report| self.left(report).next().is_some());
        if step != Step::End && !left {
            self.queue.pop_front();
            self.outputs.push_back(PanelOutput::Delivered(self.number));
            self.number = self.number.wrapping_add(1);
            self.done = 0;
        }
    }

    /// The blocks of a report that are not acknowledged, as far as this level has them.
    fn left<'a>(&self, report: &'a Outgoing) -> impl Iterator<Item = (Function, &'a [u8])> {
        let texts = self.options.level >= 3;
        report.blocks().filter(move |(function, _)| texts || *function != Function::TEXT).skip(self.done)
    }

    /// Sends what comes next.
    fn next(&mut self, now_ms: u64) {
        let step = match self.queue.front() {
            None => Step::End,
            Some(report) if self.account != Some(report.account()) => Step::Account,
            // Of what has nothing to say, the account is said.
            Some(report) if self.left(report).next().is_none() => Step::Account,
            Some(_) => Step::Blocks,
        };
        self.send(now_ms, step, 1);
    }

    fn send(&mut self, now_ms: u64, step: Step, tries: u8) {
        let reverse = self.options.level >= 2;
        let mut out = Vec::new();
        let mut write = |function, written: &[u8], asks| {
            // Whoever makes a report sees to it that what it holds fits a block.
            if let Ok(block) = Block::new(function, written) {
                block.with_flags(asks, reverse).encode_into(&mut out);
            }
        };
        match (step, self.queue.front()) {
            (Step::Account, Some(report)) => write(Function::ACCOUNT, report.account().as_str().as_bytes(), true),
            (Step::Blocks, Some(report)) => {
                // Nobody acknowledges it: it goes ahead of a block that asks.
                if reverse && !self.configured {
                    write(Function::CONFIGURATION, &[b'A', b'L', b'0' + self.options.level.min(4)], false);
                }
                let mut room = Block::PANEL_GROUP_MAX;
                let most = if self.options.grouped { usize::MAX } else { 1 };
                let fits = |(_, written): &(Function, &[u8])| {
                    let fits = room.checked_sub(written.len());
                    room = fits.unwrap_or(0);
                    fits.is_some()
                };
                let group: Vec<_> = self.left(report).take(most).take_while(fits).collect();
                for (place, (function, written)) in group.iter().enumerate() {
                    write(*function, written, place + 1 == group.len());
                }
                self.held = group.len();
            }
            _ => write(Function::END_OF_DATA, &[], true),
        }
        self.phase = Phase::Asking { step, tries };
        self.deadline = Some(now_ms.saturating_add(self.options.answer_ms.into()));
        self.outputs.push_back(PanelOutput::Send(out));
    }

    /// Waited in vain, or long enough.
    fn due(&mut self, now_ms: u64) {
        // What waits for the rest of a block was none.
        self.splitter = BlockSplitter::new();
        match self.phase {
            Phase::Asking { step, tries } if tries < self.options.tries => self.send(now_ms, step, tries + 1),
            Phase::Asking { .. } => self.abort(Failure::NoAnswer),
            Phase::Settling => self.next(now_ms),
            Phase::Idle | Phase::Connecting => self.deadline = None,
        }
    }

    fn abort(&mut self, failure: Failure) {
        if let Ok(block) = Block::new(Function::ABORT, &[]) {
            self.outputs.push_back(PanelOutput::Send(block.with_flags(false, false).encode()));
        }
        self.outputs.push_back(PanelOutput::Close);
        self.fail(failure);
    }

    fn fail(&mut self, failure: Failure) {
        // What came while the end of the data was said has not been tried yet.
        if !matches!(self.phase, Phase::Asking { step: Step::End, .. }) {
            for _ in self.queue.drain(..) {
                self.outputs.push_back(PanelOutput::GaveUp(self.number, failure));
                self.number = self.number.wrapping_add(1);
            }
        }
        self.over();
    }

    /// Without a link again.
    fn over(&mut self) {
        (self.phase, self.deadline, self.splitter) = (Phase::Idle, None, BlockSplitter::new());
        (self.account, self.configured, self.disconnect, self.done, self.held) = (None, false, false, 0, 0);
        self.connect();
    }
}
