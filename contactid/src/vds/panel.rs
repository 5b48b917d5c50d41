//! The panel's end of a VdS link: it answers synchronization and polls, and sends each list of records until it is
//! acknowledged.

use alloc::{collections::VecDeque, vec::Vec};

use super::line::{self, Line, VdsFault, VdsKey, VdsTiming};
use super::{Kind, Purpose, VdsFrame, record};

/// What a panel decides of its link.
#[derive(Clone, Debug)]
pub struct VdsPanelSetup {
    /// The key of all frames; `None` for a plain link. Of the centre a request of synchronization may be plain all the same,
    /// because the centre cannot know yet who connected.
    pub key: Option<VdsKey>,
    /// The byte in a response to synchronization; `None` for none. The notes name one in the request only.
    pub window: Option<u8>,
    /// The times.
    pub timing: VdsTiming,
}

impl Default for VdsPanelSetup {
    fn default() -> Self {
        Self { key: None, window: Some(1), timing: VdsTiming::default() }
    }
}

/// What happens to the panel's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VdsPanelInput<'a> {
    /// A new connection was made. What is queued stays queued.
    Connected,
    /// Bytes came from the centre.
    Bytes(&'a [u8]),
    /// The panel wants to end the connection. What is queued waits for the next.
    Close,
    /// Nothing, but it is that late, or records were queued.
    Time,
}

/// What the panel's end wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VdsPanelOutput {
    /// Send these bytes.
    Send(Vec<u8>),
    /// The records of this number are acknowledged and have left the queue.
    Delivered(u64),
    /// The centre sent records that are more than acknowledgements: a query, an answer to a test, the time. They are
    /// acknowledged already.
    Received(VdsFrame<'static>),
    /// What was not taken, or what the centre did not take.
    Refused(VdsFault),
    /// The centre sent IK 7: it closes the connection, or will ask for synchronization.
    Closing,
    /// Close the connection.
    Close,
    /// Centre and panel are in step.
    Up,
    /// All tries went unanswered, or the centre was silent for too long. The queue stays; synchronization is asked for with
    /// IK 7 once every poll (our choice), and the caller may make a new connection.
    Down,
}

/// The panel's end of a link, over any number of connections.
///
/// ```
/// use contactid::vds::{Purpose, VdsFrame, VdsPanel, VdsPanelInput, VdsPanelOutput, VdsPanelSetup};
/// let mut panel = VdsPanel::new(VdsPanelSetup::default(), 9, 0);
/// let number = panel.queue(vec![5, 0x02, 0x11, 5, 0, 1, 34]).unwrap();
/// let sync = VdsFrame::new(Purpose::SYNC_REQUEST, 0x0102_0304, 0, &[1]).unwrap().encode(None)?;
/// panel.handle(10, VdsPanelInput::Bytes(&sync));
/// let response = VdsFrame::new(Purpose::SYNC_RESPONSE, 9, 0x0102_0305, &[1]).unwrap().encode(None)?;
/// let report = VdsFrame::data(10, 0x0102_0305, &[5, 0x02, 0x11, 5, 0, 1, 34]).unwrap().encode(None)?;
/// assert_eq!(panel.poll(), Some(VdsPanelOutput::Send(response)));
/// assert_eq!(panel.poll(), Some(VdsPanelOutput::Up));
/// assert_eq!(panel.poll(), Some(VdsPanelOutput::Send(report)));
///
/// let answer = VdsFrame::data(0x0102_0305, 11, &[5, 0x03, 0x11, 5, 0, 1, 34]).unwrap().encode(None)?;
/// panel.handle(90, VdsPanelInput::Bytes(&answer));
/// assert_eq!(panel.poll(), Some(VdsPanelOutput::Delivered(number)));
/// assert_eq!((panel.poll(), panel.waiting()), (None, 0));
/// # Ok::<(), contactid::EncodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct VdsPanel {
    line: Line,
    window: Option<u8>,
    timing: VdsTiming,
    queue: VecDeque<(u64, Vec<u8>)>,
    queued: u64,
    /// The request of synchronization that holds, and the response to it; `None` while the panel is out of step.
    sync: Option<(u32, Vec<u8>)>,
    /// The counter that the centre sends next, as far as is known; 0 before it sent any.
    seen: u32,
    /// The counter of the records that the centre sent last of its own accord.
    asked: Option<u32>,
    /// The first of the queue, while it is under way.
    sent: Option<Sent>,
    /// When the centre was silent for too long; `None` once the connection is given up.
    silent_ms: Option<u64>,
    up: Option<bool>,
    outputs: VecDeque<VdsPanelOutput>,
}

#[derive(Clone, Debug)]
struct Sent {
    counter: u32,
    bytes: Vec<u8>,
    until_ms: u64,
    times: u8,
}

const KNOWN: [Purpose; 2] = [Purpose::POLL, Purpose::DATA];

impl VdsPanel {
    /// A connection that was just made. `counter` is the panel's first TC. Let it be random: then frames of another
    /// connection that somebody plays again are not in step.
    pub fn new(setup: VdsPanelSetup, counter: u32, now_ms: u64) -> Self {
        let VdsPanelSetup { key, window, timing } = setup;
        Self {
            line: Line::new(key.iter().cloned().collect(), key, counter),
            window,
            timing,
            queue: VecDeque::new(),
            queued: 0,
            sync: None,
            seen: 0,
            asked: None,
            sent: None,
            silent_ms: Some(now_ms.saturating_add(timing.silence_ms.max(1))),
            up: None,
            outputs: VecDeque::new(),
        }
    }

    /// Puts records at the end of the queue, each with its length and type before it, and says by which number they will be
    /// told of; `None` for none, for more than 255 bytes, and for a record that runs beyond the end. Then hand in
    /// [`VdsPanelInput::Time`].
    pub fn queue(&mut self, records: Vec<u8>) -> Option<u64> {
        if !record::are_sendable(&records) {
            return None;
        }
        self.queued += 1;
        self.queue.push_back((self.queued, records));
        Some(self.queued)
    }

    /// How many lists of records wait for an acknowledgement.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Takes what happened.
    pub fn handle(&mut self, now_ms: u64, input: VdsPanelInput<'_>) {
        match input {
            VdsPanelInput::Connected => {
                self.line.reconnect();
                (self.sync, self.sent) = (None, None);
                if self.up == Some(true) {
                    self.tell(false);
                }
                self.listen(now_ms);
            }
            VdsPanelInput::Bytes(bytes) if self.silent_ms.is_some() => {
                for read in self.line.read(bytes) {
                    match read {
                        Ok(frame) => self.take(now_ms, frame),
                        Err(fault) => self.outputs.push_back(VdsPanelOutput::Refused(fault)),
                    }
                }
            }
            VdsPanelInput::Close if self.silent_ms.is_some() => {
                self.step_out();
                self.silent_ms = None;
                self.outputs.push_back(VdsPanelOutput::Close);
            }
            VdsPanelInput::Time => self.time(now_ms),
            VdsPanelInput::Bytes(_) | VdsPanelInput::Close => {}
        }
        self.go_on(now_ms);
    }

    fn take(&mut self, now_ms: u64, frame: VdsFrame<'static>) {
        match frame.purpose {
            Purpose::SYNC_REQUEST => return self.synchronize(now_ms, &frame),
            Purpose::CLOSE => {
                (self.sync, self.sent) = (None, None);
                return self.outputs.push_back(VdsPanelOutput::Closing);
            }
            Purpose::UNKNOWN_PURPOSE | Purpose::UNKNOWN_PROTOCOL => {
                return self.outputs.push_back(VdsPanelOutput::Refused(VdsFault::NotUnderstood(frame.purpose)));
            }
            _ => {}
        }
        if let Err(fault) = self.line.in_step(frame.received) {
            self.outputs.push_back(VdsPanelOutput::Refused(fault));
            if self.sync.is_some() {
                self.step_out();
            }
            return;
        }
        if let Err((answer, fault)) = line::understood(&frame, &KNOWN) {
            self.outputs.push_back(VdsPanelOutput::Refused(fault));
            return self.send(answer, frame.sent.wrapping_add(1), &[]);
        }
        let next = frame.sent.wrapping_add(1);
        if line::is_after(next, self.seen) {
            self.seen = next;
        }
        if self.sync.is_some() {
            self.listen(now_ms);
            self.tell(true);
        }
        let acknowledged = self.acknowledged(&frame);
        if acknowledged {
            self.sent = None;
            if let Some((number, _)) = self.queue.pop_front() {
                self.outputs.push_back(VdsPanelOutput::Delivered(number));
            }
        }
        let answers = line::answers(frame.record_bytes(), &[]);
        if frame.records().any(|record| record.kind != Kind::ACKNOWLEDGEMENT) {
            let again = !acknowledged && self.asked.replace(frame.sent) == Some(frame.sent);
            if !again {
                self.outputs.push_back(VdsPanelOutput::Received(frame));
            }
        }
        // An acknowledgement wants none.
        if !acknowledged {
            let purpose = if answers.is_empty() { Purpose::POLL } else { Purpose::DATA };
            self.send(purpose, next, &answers);
        }
    }

    /// Whether the frame acknowledges what is under way: it names its counter, and holds the same in a record 03 for each of
    /// its records 02.
    fn acknowledged(&self, frame: &VdsFrame<'_>) -> bool {
        let named = self.sent.as_ref().is_some_and(|sent| sent.counter.wrapping_add(1) == frame.received);
        let records = self.queue.front().map(|(_, records)| records.as_slice()).unwrap_or_default();
        named
            && record::all(records)
                .filter_map(|record| record.acknowledgement())
                .all(|wanted| frame.records().any(|record| record == wanted))
    }

    fn synchronize(&mut self, now_ms: u64, frame: &VdsFrame<'_>) {
        self.listen(now_ms);
        if let Some((counter, response)) = &self.sync
            && *counter == frame.sent
        {
            return self.outputs.push_back(VdsPanelOutput::Send(response.clone()));
        }
        self.seen = frame.sent.wrapping_add(1);
        let window = self.window;
        let (counter, response) = self.line.write(Purpose::SYNC_RESPONSE, self.seen, window.as_slice());
        self.line.in_step_since(counter);
        self.outputs.push_back(VdsPanelOutput::Send(response.clone()));
        self.sync = Some((frame.sent, response));
        (self.asked, self.sent) = (None, None);
        self.tell(true);
    }

    fn time(&mut self, now_ms: u64) {
        let late = self.sent.take_if(|sent| sent.until_ms <= now_ms);
        if let Some(sent) = late {
            if sent.times <= self.timing.repeats {
                self.outputs.push_back(VdsPanelOutput::Send(sent.bytes.clone()));
                self.sent =
                    Some(Sent { until_ms: self.answer_by(now_ms), times: sent.times.saturating_add(1), ..sent });
            } else {
                return self.lose(now_ms);
            }
        }
        if self.silent_ms.is_some_and(|silent_ms| silent_ms <= now_ms) {
            self.lose(now_ms);
        }
    }

    fn lose(&mut self, now_ms: u64) {
        self.tell(false);
        self.step_out();
        self.silent_ms = Some(now_ms.saturating_add(self.timing.poll_ms.max(1)));
    }

    /// Leaves what was agreed, and tells the centre so.
    fn step_out(&mut self) {
        (self.sync, self.sent) = (None, None);
        self.send(Purpose::CLOSE, self.seen, &[]);
    }

    /// Sends the first of the queue if nothing is under way.
    fn go_on(&mut self, now_ms: u64) {
        if let Some((_, records)) = self.queue.front()
            && self.is_free()
        {
            let (counter, bytes) = self.line.write(Purpose::DATA, self.seen, records);
            self.outputs.push_back(VdsPanelOutput::Send(bytes.clone()));
            self.sent = Some(Sent { counter, bytes, until_ms: self.answer_by(now_ms), times: 1 });
        }
    }

    const fn is_free(&self) -> bool {
        self.sync.is_some() && self.sent.is_none()
    }

    fn answer_by(&self, now_ms: u64) -> u64 {
        now_ms.saturating_add(self.timing.answer_ms.max(1))
    }

    fn listen(&mut self, now_ms: u64) {
        self.silent_ms = Some(now_ms.saturating_add(self.timing.silence_ms.max(1)));
    }

    fn send(&mut self, purpose: Purpose, received: u32, records: &[u8]) {
        let (_, bytes) = self.line.write(purpose, received, records);
        self.outputs.push_back(VdsPanelOutput::Send(bytes));
    }

    fn tell(&mut self, up: bool) {
        if self.up.replace(up) != Some(up) {
            self.outputs.push_back(if up { VdsPanelOutput::Up } else { VdsPanelOutput::Down });
        }
    }

    /// What is to be done next; `None` for nothing more.
    pub fn poll(&mut self) -> Option<VdsPanelOutput> {
        self.outputs.pop_front()
    }

    /// When [`VdsPanelInput::Time`] is due; `None` once the connection is given up.
    pub fn deadline(&self) -> Option<u64> {
        if self.is_free() && !self.queue.is_empty() {
            return Some(0);
        }
        let late = self.sent.as_ref().map(|sent| sent.until_ms);
        [late, self.silent_ms].into_iter().flatten().min()
    }
}
