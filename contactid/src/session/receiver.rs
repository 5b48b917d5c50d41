//! The receiving side of DC-09: bytes in, reports and answers out, and nothing acknowledged that is not stored.
//!
//! ```text
//!            damaged, foreign: silence          clock off: NAK     no key, wrong key: DUH
//!                   ▲                                ▲                   ▲
//! Bytes ─▶ cut ─▶ frame ─▶ ask terms ─▶ open ─▶ window ─▶ supervision? ──▶ ACK, Alive
//!                                                              │
//!                                                              ▼
//!                      ACK again, Repeated ◀─stored── same number and content before?
//!                      nothing: it waits   ◀─pending─          │ no
//!                                                              ▼
//!      ACK, or DUH if unread ◀── Input::Stored ◀── the caller ◀── Output::Report
//!              nothing       ◀── Input::NotStored ◀──┘
//!
//! account:  unknown ──frame, Expect──▶ heard ──interval + tolerance──▶ lost: Output::Lost
//!              ▲                        │ ▲                             │
//!              └──unwatched, span over──┘ └──next frame: Output::Restored┘
//! ```
//!
//! # Contract
//! After every [`Receiver::handle`] call [`Receiver::poll`] until it gives `None`, and do what it says in that order. When
//! [`Receiver::deadline`] has come, hand in [`Input::Tick`]. A report is acknowledged only by [`Input::Stored`]: hand that in
//! when the report is durable, and not before. Bytes that a connection brings after it was told to close are ignored.
//!
//! ```
//! use contactid::session::{Moment, receiver::{Input, Link, Options, Output, Receiver, Terms}};
//! use contactid::Stamp;
//!
//! let mut receiver = Receiver::new(Options::default());
//! let terms = |_account: Option<_>| Terms::default(); // no key, no supervision: look the account up here
//! let moment = Moment { now_ms: 0, utc: Stamp::from_unix(1_741_350_896), random: &[] };
//!
//! receiver.handle(Input::Opened(Link(1)), moment, &terms);
//! let bytes = b"\nFE1A0027\"ADM-CID\"0042L0#1234[#1234|3130 01 005]\r";
//! receiver.handle(Input::Bytes { link: Link(1), bytes }, moment, &terms);
//! let Some(Output::Report(report)) = receiver.poll() else { panic!("a report") };
//! assert_eq!(report.signals[0].number, Some(5));
//! assert_eq!(receiver.poll(), None); // not acknowledged yet
//!
//! // Here the report is stored.
//! receiver.handle(Input::Stored { ticket: report.ticket, response: None }, moment, &terms);
//! let answer = b"\n24240012\"ACK\"0042L0#1234[]\r".to_vec();
//! assert_eq!(receiver.poll(), Some(Output::Send { link: Link(1), bytes: answer }));
//!
//! // The answer was lost, and the panel sends again: acknowledged again, and not reported again.
//! receiver.handle(Input::Bytes { link: Link(1), bytes }, moment, &terms);
//! assert!(matches!(receiver.poll(), Some(Output::Repeated { .. })));
//! assert!(matches!(receiver.poll(), Some(Output::Send { .. })));
//! ```

mod account;
mod line;
mod output;
mod terms;

use alloc::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    vec::Vec,
};

use super::Moment;
use crate::{
    AccountNumber, Fault, Foreign, Frame, FrameError, Key, Message, MessageError, Reply, Response, Strictness, Token,
};
use account::{Account, Fate, identity};
use line::Line;

pub use output::{Link, Output, Report, Ticket, Why};
pub use terms::{Closing, Options, Policy, Supervision, Terms};

/// What a receiver is told.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A panel connected over TCP.
    Opened(Link),
    /// A connection brought bytes.
    Bytes {
        /// Which.
        link: Link,
        /// What was read.
        bytes: &'a [u8],
    },
    /// A datagram came.
    Datagram {
        /// The caller's name for its source, address and port: the answer goes there.
        link: Link,
        /// All of it.
        bytes: &'a [u8],
    },
    /// A connection ended.
    Closed(Link),
    /// The report of this ticket is durable: answer it.
    Stored {
        /// Which.
        ticket: Ticket,
        /// An answer with content, in place of ACK. A repeat of the message hears ACK.
        response: Option<Response<'a>>,
    },
    /// The report of this ticket could not be stored: leave it unanswered, and report its repeat.
    NotStored(Ticket),
    /// Watch this account from now on, though it was not heard yet.
    Expect(AccountNumber),
    /// Forget this account: it is watched no more.
    Forget(AccountNumber),
    /// Nothing, but time passed.
    Tick,
}

/// Who waits for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    Link(Link),
    Account(AccountNumber),
}

/// A report that waits to be stored. The answer goes where the panel asked last.
#[derive(Debug)]
struct Pending {
    link: Link,
    account: Option<AccountNumber>,
    frame: Vec<u8>,
    unread: bool,
}

type Lookup<'f, 'k> = &'f dyn Fn(Option<AccountNumber>) -> Terms<'k>;

/// A receiver with all its connections and accounts: see the [module](self).
#[derive(Debug)]
pub struct Receiver {
    options: Options,
    lines: BTreeMap<Link, Line>,
    accounts: BTreeMap<AccountNumber, Account>,
    pending: BTreeMap<Ticket, Pending>,
    timers: BTreeSet<(u64, Timer)>,
    last_ticket: u64,
    outputs: VecDeque<Output>,
}

impl Receiver {
    /// A receiver that has heard nothing yet.
    pub const fn new(options: Options) -> Self {
        Self {
            options,
            lines: BTreeMap::new(),
            accounts: BTreeMap::new(),
            pending: BTreeMap::new(),
            timers: BTreeSet::new(),
            last_ticket: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened. `terms` gives the key and the policy of an account, or of frames that name none; it is asked
    /// for every frame, and so may change.
    pub fn handle<'k>(
        &mut self,
        input: Input<'_>,
        moment: Moment<'_>,
        terms: &dyn Fn(Option<AccountNumber>) -> Terms<'k>,
    ) {
        match input {
            Input::Opened(link) => self.open(link, moment.now_ms),
            Input::Bytes { link, bytes } => self.bytes(link, bytes, moment, terms),
            Input::Datagram { link, bytes } => {
                self.frame(link, bytes, moment, terms);
            }
            Input::Closed(link) => self.drop_line(link),
            Input::Stored { ticket, response } => self.stored(ticket, response, moment, terms),
            Input::NotStored(ticket) => {
                if let Some(pending) = self.pending.remove(&ticket) {
                    self.settle(ticket, pending.account, None);
                }
            }
            Input::Expect(account) => {
                let policy = terms(Some(account)).policy;
                self.with_account(account, |held| {
                    if held.due_ms.is_none() && !held.lost {
                        held.hear(moment.now_ms, &policy);
                    }
                });
            }
            Input::Forget(account) => {
                if let Some(held) = self.accounts.remove(&account) {
                    held.wake_ms.map(|at| self.timers.remove(&(at, Timer::Account(account))));
                }
            }
            Input::Tick => {}
        }
        self.wake(moment.now_ms);
    }

    /// What is to be done next; `None` when nothing is left.
    #[must_use]
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to hand in [`Input::Tick`], if nothing happens before; in milliseconds, as [`Moment::now_ms`].
    pub fn deadline(&self) -> Option<u64> {
        self.timers.first().map(|&(at, _)| at)
    }

    fn open(&mut self, link: Link, now_ms: u64) {
        if self.lines.len() >= self.options.links && !self.lines.contains_key(&link) {
            return self.outputs.push_back(Output::Close { link, why: Why::Full });
        }
        self.drop_line(link);
        self.lines.insert(link, Line::default());
        let first_frame_ms = self.options.first_frame_ms;
        self.with_line(link, |line| line.due_ms = Some(now_ms.saturating_add(first_frame_ms)));
    }

    fn bytes(&mut self, link: Link, bytes: &[u8], moment: Moment<'_>, terms: Lookup<'_, '_>) {
        // Taken out while its frames are worked on, and put back.
        let Some(mut deframer) = self.lines.get_mut(&link).map(|line| core::mem::take(&mut line.deframer)) else {
            return;
        };
        let overrun = deframer.push(bytes).is_err();
        let (mut intact, mut foreign) = (false, 0);
        while let Some(frame) = deframer.pop() {
            if self.frame(link, frame, moment, terms) {
                (intact, foreign) = (true, 0);
            } else {
                foreign += frame.len();
            }
        }
        if overrun {
            let fault = Fault::Frame(FrameError::Foreign(Foreign::TooLong { length: crate::FRAME_MAX }));
            self.outputs.push_back(Output::Fault { link, account: None, fault, frame: None });
        }
        if let Some(line) = self.lines.get_mut(&link) {
            line.deframer = deframer;
            if line.noise(intact, foreign) > self.options.noise as u64 {
                self.drop_line(link);
                self.outputs.push_back(Output::Close { link, why: Why::Noise });
            }
        }
    }

    /// Works on one frame. Whether it was intact.
    fn frame(&mut self, link: Link, bytes: &[u8], moment: Moment<'_>, terms: Lookup<'_, '_>) -> bool {
        let frame = match Frame::parse(bytes, self.options.strictness) {
            Ok(frame) => frame,
            Err(error) => {
                self.outputs.push_back(Output::Fault { link, account: None, fault: error.into(), frame: None });
                return false;
            }
        };
        // Nobody answers an answer.
        if !frame.token().is_answer() {
            let Opened { message: opened, key, taken } = Opened::new(&frame, terms);
            let account = opened.as_ref().map_or(frame.account_number(), Message::account_number);
            let agreed = agreed(&frame, account, key, terms);
            if taken {
                self.outputs.push_back(Output::KeyTaken { link, account });
            }
            let silence_ms = self.options.first_frame_ms;
            self.with_line(link, |line| line.heard(moment.now_ms, agreed.policy.closing, silence_ms));
            let accepted = opened.and_then(|message| {
                let Policy { window, plain_window, .. } = agreed.policy;
                match if frame.is_encrypted() { window } else { plain_window } {
                    Some(window) => message.check_clock(moment.utc, window).map(|()| message),
                    None => Ok(message),
                }
            });
            match accepted {
                Ok(message) => self.message(link, bytes, &frame, &message, account, moment, &agreed),
                Err(fault) => {
                    let fault = Fault::Message(fault);
                    self.outputs.push_back(Output::Fault { link, account, fault, frame: Some(bytes.to_vec()) });
                    self.answer(link, &frame, fault.reply(), moment, &agreed);
                }
            }
        }
        true
    }

    #[expect(clippy::too_many_arguments, reason = "one frame in all its readings")]
    fn message(
        &mut self,
        link: Link,
        bytes: &[u8],
        frame: &Frame<'_>,
        message: &Message<'_>,
        account: Option<AccountNumber>,
        moment: Moment<'_>,
        terms: &Terms<'_>,
    ) {
        let (now_ms, policy) = (moment.now_ms, &terms.policy);
        let trusted = frame.is_encrypted() || terms.key.is_none() || policy.plain_counts;
        if let Some(account) = account.filter(|_| trusted)
            && self.with_account(account, |held| held.hear(now_ms, policy)) == Some(true)
        {
            self.outputs.push_back(Output::Restored { account });
        }
        // Some panels put a Contact ID message of zeros into it.
        if frame.token() == Token::Null {
            self.outputs.push_back(Output::Alive { link, account, frame: bytes.to_vec() });
            return self.answer(link, frame, Reply::Ack, moment, terms);
        }
        let identity = identity(frame, message);
        let before =
            account.and_then(|account| self.with_account(account, |held| held.repeated(&identity, now_ms, policy)));
        match before.flatten() {
            Some(Fate::Answered(reply)) => {
                self.outputs.push_back(Output::Repeated { link, account });
                return self.answer(link, frame, reply, moment, terms);
            }
            // The panel is ahead of the disk. It may have come over another connection.
            Some(Fate::Pending(ticket)) => {
                if let Some(pending) = self.pending.get_mut(&ticket) {
                    (pending.link, pending.frame) = (link, bytes.to_vec());
                    return self.outputs.push_back(Output::Repeated { link, account });
                }
            }
            None => {}
        }
        if self.pending.len() >= self.options.pending {
            return self.outputs.push_back(Output::Overloaded { link, account });
        }
        self.last_ticket += 1;
        let (ticket, most) = (Ticket(self.last_ticket), self.options.repeats);
        if let Some(account) = account {
            self.with_account(account, |held| held.remember(identity, ticket, now_ms, policy, most));
        }
        let (signals, unread) = match message.events() {
            Ok(signals) => (signals, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let pending = Pending { link, account, frame: bytes.to_vec(), unread: unread.is_some() };
        self.pending.insert(ticket, pending);
        self.outputs.push_back(Output::Report(Report {
            ticket,
            link,
            account,
            signals,
            unread,
            stamp: message.stamp(),
            encrypted: frame.is_encrypted(),
            quirks: frame.quirks().with(message.quirks()),
            frame: bytes.to_vec(),
        }));
    }

    fn stored(&mut self, ticket: Ticket, response: Option<Response<'_>>, moment: Moment<'_>, terms: Lookup<'_, '_>) {
        let Some(Pending { link, account, frame, unread }) = self.pending.remove(&ticket) else { return };
        let Ok(frame) = Frame::parse(&frame, Strictness::Tolerant) else { return };
        let terms = agreed(&frame, account, Opened::new(&frame, terms).key, terms);
        let reply = if unread && !terms.policy.acknowledge_unread { Reply::Duh } else { Reply::Ack };
        self.settle(ticket, account, Some(reply));
        let pad = terms.policy.edition.pad(moment.random);
        match response.and_then(|response| response.encode(&frame, moment.utc, terms.key, pad).ok()) {
            Some(bytes) => self.send(link, bytes, moment.now_ms),
            None => self.answer(link, &frame, reply, moment, &terms),
        }
    }

    fn settle(&mut self, ticket: Ticket, account: Option<AccountNumber>, reply: Option<Reply>) {
        if let Some(held) = account.and_then(|account| self.accounts.get_mut(&account)) {
            held.settle(ticket, reply);
        }
    }

    fn answer(&mut self, link: Link, frame: &Frame<'_>, reply: Reply, moment: Moment<'_>, terms: &Terms<'_>) {
        let bytes = reply.encode(frame, moment.utc, terms.key, terms.policy.edition.pad(moment.random));
        if !bytes.is_empty() {
            self.send(link, bytes, moment.now_ms);
        }
    }

    fn send(&mut self, link: Link, bytes: Vec<u8>, now_ms: u64) {
        self.outputs.push_back(Output::Send { link, bytes });
        // While another frame of the connection waits to be stored, its answer is still to come.
        if !self.pending.values().any(|pending| pending.link == link) {
            self.with_line(link, |line| line.answered(now_ms));
        }
    }

    /// Everything whose time has come.
    fn wake(&mut self, now_ms: u64) {
        while let Some(&(at, timer)) = self.timers.first()
            && at <= now_ms
        {
            self.timers.remove(&(at, timer));
            match timer {
                Timer::Link(link) => {
                    self.lines.remove(&link);
                    self.outputs.push_back(Output::Close { link, why: Why::Silent });
                }
                Timer::Account(account) => {
                    let Some(held) = self.accounts.get_mut(&account) else { continue };
                    held.wake_ms = None;
                    let silent_ms = now_ms.saturating_sub(held.heard_ms);
                    if self.with_account(account, |held| held.wake(now_ms)) == Some(true) {
                        self.outputs.push_back(Output::Lost { account, silent_ms });
                    }
                }
            }
        }
    }

    /// Works on a connection, if it is one, and keeps its timer in step.
    fn with_line(&mut self, link: Link, work: impl FnOnce(&mut Line)) {
        let Some(line) = self.lines.get_mut(&link) else { return };
        let before = line.due_ms;
        work(line);
        let after = line.due_ms;
        before.map(|at| self.timers.remove(&(at, Timer::Link(link))));
        after.map(|at| self.timers.insert((at, Timer::Link(link))));
    }

    fn drop_line(&mut self, link: Link) {
        if let Some(due_ms) = self.lines.remove(&link).and_then(|line| line.due_ms) {
            self.timers.remove(&(due_ms, Timer::Link(link)));
        }
    }

    /// Works on an account, and keeps its timer in step; `None` if no more accounts can be remembered.
    fn with_account<T>(&mut self, account: AccountNumber, work: impl FnOnce(&mut Account) -> T) -> Option<T> {
        if self.accounts.len() >= self.options.accounts && !self.accounts.contains_key(&account) {
            return None;
        }
        let held = self.accounts.entry(account).or_default();
        let result = work(held);
        let (before, after, over) = (held.wake_ms, held.next_ms(), held.is_over());
        held.wake_ms = after;
        before.map(|at| self.timers.remove(&(at, Timer::Account(account))));
        after.map(|at| self.timers.insert((at, Timer::Account(account))));
        if over {
            self.accounts.remove(&account);
        }
        Some(result)
    }
}

/// A frame opened: under the account's key, or else under the one that was offered to it.
struct Opened<'f, 'k> {
    message: Result<Message<'f>, MessageError>,
    /// What seals the answer.
    key: Option<&'k Key>,
    /// Whether the offered key opened it, and the account's did not.
    taken: bool,
}

impl<'f, 'k> Opened<'f, 'k> {
    fn new(frame: &Frame<'f>, terms: Lookup<'_, 'k>) -> Self {
        let Terms { key, offered, .. } = terms(frame.account_number());
        let message = frame.open(key);
        if let (Err(MessageError::Key(_)), Some(offered)) = (&message, offered) {
            let message = frame.open(Some(offered));
            if !matches!(message, Err(MessageError::Key(_))) {
                return Self { message, key: Some(offered), taken: true };
            }
        }
        Self { message, key, taken: false }
    }
}

/// The terms of a frame of this account. What opened an encrypted frame seals its answer as well: where the account stands
/// inside the brackets only, that is the key of frames that name none.
fn agreed<'k>(
    frame: &Frame<'_>,
    account: Option<AccountNumber>,
    key: Option<&'k Key>,
    terms: Lookup<'_, 'k>,
) -> Terms<'k> {
    let own = terms(account);
    if frame.is_encrypted() { Terms { key, ..own } } else { own }
}
