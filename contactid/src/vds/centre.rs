//! The centre's end of a VdS link: it synchronizes, polls, hands out what panels report, and acknowledges what is stored.

use alloc::{collections::VecDeque, vec::Vec};

use super::line::{self, Line, VdsFault, VdsKey, VdsTiming};
use super::{Purpose, VdsFrame, record};

/// What a centre decides of a link.
#[derive(Clone, Debug)]
pub struct VdsCentreSetup {
    /// The keys of the panels that may connect: the first frame that fits one settles it for the connection. With any key,
    /// here or in [`sync_key`](Self::sync_key), no plain frame is taken.
    pub keys: Vec<VdsKey>,
    /// The key of the first request of synchronization; `None` sends it plain. The notes do not say which it is when a panel
    /// has not told its number yet.
    pub sync_key: Option<VdsKey>,
    /// The byte in a request of synchronization. The only value seen is 1; it is read as one unanswered frame at a time.
    pub window: u8,
    /// The times.
    pub timing: VdsTiming,
}

impl Default for VdsCentreSetup {
    fn default() -> Self {
        Self { keys: Vec::new(), sync_key: None, window: 1, timing: VdsTiming::default() }
    }
}

/// What happens to the centre's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VdsCentreInput<'a> {
    /// Bytes came from the panel.
    Bytes(&'a [u8]),
    /// The frame of this ticket is durable: now, and only now, is it acknowledged.
    Stored {
        /// The ticket.
        ticket: u64,
        /// Records behind the acknowledgements, each with its length and type before it: the time after a test, what a query
        /// asks for. Left out if they are not whole or do not fit into the frame; [`VdsCentre::ask`] takes them, too.
        records: &'a [u8],
    },
    /// It could not be stored: the panel hears nothing and repeats it.
    NotStored(u64),
    /// Nothing, but it is that late, or records were queued.
    Time,
}

/// A frame of records to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VdsArrival {
    /// By which [`VdsCentreInput::Stored`] names it.
    pub ticket: u64,
    /// The frame, deciphered.
    pub frame: VdsFrame<'static>,
    /// The ticket of the frame before it, if that one held the same, was acknowledged, and a synchronization lies between,
    /// after which a panel sends again what it takes for unanswered: this may be its repeat.
    pub repeats: Option<u64>,
}

/// What the centre's end wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VdsCentreOutput {
    /// Send these bytes.
    Send(Vec<u8>),
    /// Records: store them, then say [`VdsCentreInput::Stored`].
    Record(VdsArrival),
    /// The frame of this ticket came again. If it is stored it is acknowledged again, else once it is.
    Repeated(u64),
    /// The panel has got the records of this number: see [`VdsCentre::ask`].
    Answered(u64),
    /// What was not taken, or what the panel did not take.
    Refused(VdsFault),
    /// The panel sent IK 7: it closes the connection, or wants the synchronization that is asked for now.
    Closing,
    /// Panel and centre are in step.
    Up,
    /// All tries went unanswered: the panel or the line is gone. Synchronization is tried on, once every poll.
    Down,
}

/// The centre's end of one connection.
///
/// ```
/// use contactid::vds::{Purpose, VdsCentre, VdsCentreInput, VdsCentreOutput, VdsCentreSetup, VdsFrame};
/// let mut centre = VdsCentre::new(VdsCentreSetup::default(), 0x0102_0304, 0);
/// let sync = VdsFrame::new(Purpose::SYNC_REQUEST, 0x0102_0304, 0, &[1]).unwrap().encode(None)?;
/// assert_eq!(centre.poll(), Some(VdsCentreOutput::Send(sync)));
/// let response = VdsFrame::new(Purpose::SYNC_RESPONSE, 9, 0x0102_0305, &[1]).unwrap().encode(None)?;
/// centre.handle(10, VdsCentreInput::Bytes(&response));
/// assert_eq!(centre.poll(), Some(VdsCentreOutput::Up));
///
/// let burglary = [5, 0x02, 0x11, 5, 0, 1, 34];
/// centre.handle(20, VdsCentreInput::Bytes(&VdsFrame::data(10, 0x0102_0305, &burglary).unwrap().encode(None)?));
/// let Some(VdsCentreOutput::Record(arrival)) = centre.poll() else { panic!("records") };
/// assert_eq!((arrival.frame.record_bytes(), centre.poll()), (&burglary[..], None));
/// // Here it is stored. Then, and only then:
/// centre.handle(30, VdsCentreInput::Stored { ticket: arrival.ticket, records: &[] });
/// let answer = VdsFrame::data(0x0102_0305, 11, &[5, 0x03, 0x11, 5, 0, 1, 34]).unwrap().encode(None)?;
/// assert_eq!(centre.poll(), Some(VdsCentreOutput::Send(answer)));
/// assert_eq!(centre.deadline(), Some(5_030));
/// # Ok::<(), contactid::EncodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct VdsCentre {
    line: Line,
    window: u8,
    timing: VdsTiming,
    /// What the panel is to answer.
    request: Option<Request>,
    /// When the next request is due.
    idle_ms: u64,
    in_step: bool,
    up: Option<bool>,
    /// The counter that the panel sends next, as far as is known.
    seen: u32,
    /// The counter of a frame that could not be stored: no frame of ours may say that it came.
    owed: Option<u32>,
    /// What is being stored, and what was stored last, so that a repeat of it is known.
    taken: VecDeque<Taken>,
    tickets: u64,
    asks: VecDeque<(u64, Vec<u8>)>,
    asked: u64,
    outputs: VecDeque<VdsCentreOutput>,
}

#[derive(Clone, Debug)]
struct Request {
    purpose: Purpose,
    counter: u32,
    bytes: Vec<u8>,
    until_ms: u64,
    sent: u8,
}

#[derive(Clone, Debug)]
struct Taken {
    ticket: u64,
    /// `None` once a synchronization lies between: it cannot be acknowledged any more.
    counter: Option<u32>,
    records: Vec<u8>,
    answer: Vec<u8>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unstored,
    Stored,
    Answered,
}

/// A panel waits for an answer before it sends the next frame; one that does not must not be lost. Our choice.
const TAKEN_MAX: usize = 16;

const KNOWN: [Purpose; 3] = [Purpose::SYNC_RESPONSE, Purpose::POLL, Purpose::DATA];

impl VdsCentre {
    /// A connection that was just made: its first output is the request of synchronization. `counter` is its TC. Let it be
    /// random: then frames of another connection that somebody plays again are not in step.
    pub fn new(setup: VdsCentreSetup, counter: u32, now_ms: u64) -> Self {
        let VdsCentreSetup { mut keys, sync_key, window, timing } = setup;
        keys.extend(sync_key.clone());
        let mut centre = Self {
            line: Line::new(keys, sync_key, counter),
            window,
            timing,
            request: None,
            idle_ms: now_ms,
            in_step: false,
            up: None,
            seen: 0,
            owed: None,
            taken: VecDeque::new(),
            tickets: 0,
            asks: VecDeque::new(),
            asked: 0,
            outputs: VecDeque::new(),
        };
        centre.go_on(now_ms);
        centre
    }

    /// Queues records for the panel, each with its length and type before it, such as a query; says by which number it will
    /// be told that the panel got them. `None` for none, for more than 255 bytes, and for a record that runs beyond the
    /// end. Then hand in [`VdsCentreInput::Time`].
    pub fn ask(&mut self, records: Vec<u8>) -> Option<u64> {
        if !record::are_sendable(&records) {
            return None;
        }
        self.asked += 1;
        self.asks.push_back((self.asked, records));
        Some(self.asked)
    }

    /// Takes what happened.
    pub fn handle(&mut self, now_ms: u64, input: VdsCentreInput<'_>) {
        match input {
            VdsCentreInput::Bytes(bytes) => {
                for read in self.line.read(bytes) {
                    match read {
                        Ok(frame) => self.take(now_ms, frame),
                        Err(fault) => self.outputs.push_back(VdsCentreOutput::Refused(fault)),
                    }
                }
            }
            VdsCentreInput::Stored { ticket, records } => self.stored(now_ms, ticket, records),
            VdsCentreInput::NotStored(ticket) => {
                if let Some(at) = self.unstored(ticket)
                    && let Some(taken) = self.taken.remove(at)
                {
                    // The repeat that follows is the first of it to be stored.
                    self.owed = self.owed.or(taken.counter);
                    self.idle_ms = now_ms.saturating_add(self.timing.poll_ms);
                }
            }
            VdsCentreInput::Time => {}
        }
        self.go_on(now_ms);
    }

    fn take(&mut self, now_ms: u64, frame: VdsFrame<'static>) {
        match frame.purpose {
            Purpose::CLOSE => {
                self.outputs.push_back(VdsCentreOutput::Closing);
                return self.synchronize(now_ms);
            }
            Purpose::UNKNOWN_PURPOSE | Purpose::UNKNOWN_PROTOCOL => {
                return self.outputs.push_back(VdsCentreOutput::Refused(VdsFault::NotUnderstood(frame.purpose)));
            }
            _ => {}
        }
        if let Err(fault) = self.line.in_step(frame.received) {
            return self.out_of_step(now_ms, fault);
        }
        if let Err((answer, fault)) = line::understood(&frame, &KNOWN) {
            self.outputs.push_back(VdsCentreOutput::Refused(fault));
            return self.send(answer, frame.sent.wrapping_add(1), &[]);
        }
        let next = frame.sent.wrapping_add(1);
        if !self.in_step || line::is_after(next, self.seen) {
            self.seen = next;
        }
        let answered = |request: &mut Request| request.counter.wrapping_add(1) == frame.received;
        if let Some(request) = self.request.take_if(answered) {
            self.in_step |= request.purpose == Purpose::SYNC_REQUEST;
            if request.purpose == Purpose::DATA
                && let Some((number, _)) = self.asks.pop_front()
            {
                self.outputs.push_back(VdsCentreOutput::Answered(number));
            }
        }
        self.idle_ms = now_ms.saturating_add(self.timing.poll_ms.max(1));
        self.tell(true);
        if frame.purpose == Purpose::DATA {
            self.records(now_ms, frame);
        }
    }

    fn records(&mut self, now_ms: u64, frame: VdsFrame<'static>) {
        let equal = |taken: &Taken| taken.records == frame.record_bytes();
        // What came before a synchronization and was never answered, the panel sends again, under a new counter.
        let again = |taken: &Taken| match taken.counter {
            Some(counter) => counter == frame.sent,
            None => taken.state != State::Answered,
        };
        if let Some(taken) = self.taken.iter_mut().find(|taken| equal(taken) && again(taken)) {
            taken.counter = Some(frame.sent);
            self.outputs.push_back(VdsCentreOutput::Repeated(taken.ticket));
            if taken.state != State::Unstored {
                taken.state = State::Answered;
                let answer = taken.answer.clone();
                self.acknowledge(frame.sent, &answer);
            }
            return;
        }
        let repeats = match self.taken.back() {
            Some(Taken { counter: Some(newest), .. }) if !line::is_after(frame.sent, *newest) => {
                let fault = VdsFault::Counter { expected: newest.wrapping_add(1), found: frame.sent };
                return self.out_of_step(now_ms, fault);
            }
            Some(taken @ Taken { counter: None, .. }) if equal(taken) => Some(taken.ticket),
            Some(_) | None => None,
        };
        if self.taken.iter().filter(|taken| taken.state == State::Unstored).count() >= TAKEN_MAX {
            return self.outputs.push_back(VdsCentreOutput::Refused(VdsFault::Full(TAKEN_MAX)));
        }
        self.tickets += 1;
        let ticket = self.tickets;
        let (records, answer) = (frame.record_bytes().to_vec(), Vec::new());
        self.taken.push_back(Taken { ticket, counter: Some(frame.sent), records, answer, state: State::Unstored });
        if self.taken.len() > TAKEN_MAX
            && let Some(at) = self.taken.iter().position(|taken| taken.state != State::Unstored)
        {
            self.taken.remove(at);
        }
        self.outputs.push_back(VdsCentreOutput::Record(VdsArrival { ticket, frame, repeats }));
    }

    fn unstored(&self, ticket: u64) -> Option<usize> {
        self.taken.iter().position(|taken| taken.ticket == ticket && taken.state == State::Unstored)
    }

    fn stored(&mut self, now_ms: u64, ticket: u64, more: &[u8]) {
        let Some(taken) = self.unstored(ticket).and_then(|at| self.taken.get_mut(at)) else { return };
        let mut answer = line::answers(&taken.records, more);
        if answer.len() + more.len() <= 255 && record::are_whole(more) {
            answer.extend_from_slice(more);
        }
        taken.answer.clone_from(&answer);
        taken.state = if taken.counter.is_some() { State::Answered } else { State::Stored };
        self.idle_ms = now_ms.saturating_add(self.timing.poll_ms.max(1));
        if let Some(counter) = taken.counter {
            self.acknowledge(counter, &answer);
        }
    }

    /// Answers the frame of this counter.
    fn acknowledge(&mut self, counter: u32, records: &[u8]) {
        self.owed = None;
        let purpose = if records.is_empty() { Purpose::POLL } else { Purpose::DATA };
        self.send(purpose, counter.wrapping_add(1), records);
    }

    fn send(&mut self, purpose: Purpose, received: u32, records: &[u8]) {
        let (_, bytes) = self.line.write(purpose, received, records);
        self.outputs.push_back(VdsCentreOutput::Send(bytes));
    }

    fn out_of_step(&mut self, now_ms: u64, fault: VdsFault) {
        self.outputs.push_back(VdsCentreOutput::Refused(fault));
        self.synchronize(now_ms);
    }

    /// Asks for synchronization, unless that is under way.
    fn synchronize(&mut self, now_ms: u64) {
        if self.request.as_ref().is_some_and(|request| request.purpose == Purpose::SYNC_REQUEST) {
            return;
        }
        self.in_step = false;
        self.owed = None;
        for taken in &mut self.taken {
            taken.counter = None;
        }
        let window = [self.window];
        // A63: nothing was received yet.
        self.request(now_ms, Purpose::SYNC_REQUEST, 0, &window);
    }

    fn request(&mut self, now_ms: u64, purpose: Purpose, received: u32, records: &[u8]) {
        let (counter, bytes) = self.line.write(purpose, received, records);
        if purpose == Purpose::SYNC_REQUEST {
            self.line.in_step_since(counter);
        }
        self.outputs.push_back(VdsCentreOutput::Send(bytes.clone()));
        let until_ms = now_ms.saturating_add(self.timing.answer_ms.max(1));
        self.request = Some(Request { purpose, counter, bytes, until_ms, sent: 1 });
    }

    /// Sends what is due.
    fn go_on(&mut self, now_ms: u64) {
        if let Some(request) = &mut self.request {
            if request.until_ms > now_ms {
                return;
            }
            if request.sent <= self.timing.repeats && self.up != Some(false) {
                request.sent = request.sent.saturating_add(1);
                request.until_ms = now_ms.saturating_add(self.timing.answer_ms.max(1));
                return self.outputs.push_back(VdsCentreOutput::Send(request.bytes.clone()));
            }
            self.request = None;
            self.in_step = false;
            self.idle_ms = now_ms.saturating_add(self.timing.poll_ms.max(1));
            return self.tell(false);
        }
        let due = self.idle_ms <= now_ms;
        // While the panel waits for its answer, nothing else of ours may look like one.
        if !self.in_step {
            if due {
                self.synchronize(now_ms);
            }
        } else if !self.storing() {
            let received = self.owed.unwrap_or(self.seen);
            if let Some((_, records)) = self.asks.front() {
                let records = records.clone();
                self.request(now_ms, Purpose::DATA, received, &records);
            } else if due {
                self.request(now_ms, Purpose::POLL, received, &[]);
            }
        }
    }

    fn storing(&self) -> bool {
        self.taken.iter().any(|taken| taken.state == State::Unstored)
    }

    fn tell(&mut self, up: bool) {
        if self.up.replace(up) != Some(up) {
            self.outputs.push_back(if up { VdsCentreOutput::Up } else { VdsCentreOutput::Down });
        }
    }

    /// What is to be done next; `None` for nothing more.
    pub fn poll(&mut self) -> Option<VdsCentreOutput> {
        self.outputs.pop_front()
    }

    /// When [`VdsCentreInput::Time`] is due; `None` while nothing is waited for but [`VdsCentreInput::Stored`].
    pub fn deadline(&self) -> Option<u64> {
        match &self.request {
            Some(request) => Some(request.until_ms),
            None if self.in_step && self.storing() => None,
            None if self.in_step && !self.asks.is_empty() => Some(0),
            None => Some(self.idle_ms),
        }
    }
}
