//! The panel's end of a call.

use alloc::{collections::VecDeque, vec::Vec};

use super::keyed::{ECHO_MS, KeyedFormat, KeyedMessage, Sign};
use super::report::LineMessage;
use super::timing::{Sound, TransmitterTiming};
use crate::cid::AdemcoReport;

/// A message that waits.
#[derive(Clone, Copy, Debug)]
enum Outgoing {
    Ademco(AdemcoReport),
    Keyed(KeyedMessage),
}

impl Outgoing {
    /// What it is to the receiver.
    const fn as_heard(self) -> LineMessage {
        match self {
            Self::Ademco(report) => LineMessage::Ademco(report),
            Self::Keyed(message) => LineMessage::Keyed(message),
        }
    }
}

/// What happens to a transmitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransmitterInput {
    /// A message to be delivered, behind those that wait already.
    Send(AdemcoReport),
    /// The same of a format of characters. A receiver takes what its handshake asks for, so that messages for one number are
    /// best of one format.
    SendKeyed(KeyedMessage),
    /// The number that was dialled has answered.
    Connected,
    /// A single tone of about this frequency, in Hz, begins. A tone decoder that cannot tell may leave this out: see
    /// [`TransmitterTiming::kissoff_wait_ms`].
    ToneBegins(u16),
    /// A single tone was heard, and is over.
    Tone {
        /// Its frequency, in Hz.
        hz: u16,
        /// When it began.
        start_ms: u64,
        /// When it ended.
        end_ms: u64,
    },
    /// A receiver of a format of characters was heard to say this, now.
    Sign(Sign),
    /// The other end is gone, or was never reached.
    HungUp,
    /// The audio behind a listen-in message is over.
    Release,
    /// Nothing happened, but it is that late.
    Time,
}

/// What a transmitter wants done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransmitterOutput {
    /// Dial the receiver's number; calls are counted from 1.
    Dial(u8),
    /// Put this on the line, behind what was put there before.
    Sound(Sound),
    /// The message of this number was acknowledged. Messages are counted from 1 as they were sent.
    Delivered(u32),
    /// The message of this number was given up: no call brought it through.
    GaveUp(u32),
    /// The message of this number announced audio, and nothing else waits: open the voice path.
    Talk(u32),
    /// Let go of the line.
    HangUp,
}

/// The panel's end of a line: delivers messages of Ademco or [keyed](super::keyed) formats in their order, several in a call.
///
/// ```text
///        Send            Connected             handshake             kissoff
///  idle ─────▶ dialling ──────────▶ waiting ────────────▶ sending ───────────▶ next message, or HangUp
///                 ▲                    │ none                │ none: again, up to 4 times
///                 └──── redialling ◀───┴─────────────────────┘ then hang up and dial again
/// ```
///
/// Call [`handle`](Self::handle) with everything that happens and the time of it, then [`poll`](Self::poll) until it gives
/// `None`, then again at [`deadline`](Self::deadline) if nothing happened before. Times must not go back.
///
/// ```
/// use contactid::{Strictness, cid::AdemcoReport};
/// use contactid::line::{Transmitter, TransmitterInput, TransmitterOutput, TransmitterTiming};
///
/// let mut panel = Transmitter::new(TransmitterTiming::default());
/// let message = AdemcoReport::parse(b"1234181131010158", Strictness::Strict)?;
/// panel.handle(0, TransmitterInput::Send(message));
/// assert_eq!(panel.poll(), Some(TransmitterOutput::Dial(1)));
/// panel.handle(5000, TransmitterInput::Connected);
/// panel.handle(6100, TransmitterInput::Tone { hz: 1400, start_ms: 6000, end_ms: 6100 });
/// panel.handle(6300, TransmitterInput::Tone { hz: 2300, start_ms: 6200, end_ms: 6300 });
/// let sounds = std::iter::from_fn(|| panel.poll()).count();
/// assert_eq!(sounds, 1 + 16); // a pause and the digits
/// panel.handle(9300, TransmitterInput::Tone { hz: 1400, start_ms: 8450, end_ms: 9300 });
/// assert_eq!(panel.poll(), Some(TransmitterOutput::Delivered(1)));
/// assert_eq!(panel.poll(), Some(TransmitterOutput::HangUp));
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Transmitter {
    timing: TransmitterTiming,
    queue: VecDeque<Outgoing>,
    /// The number of the message at the front.
    number: u32,
    calls: u8,
    /// The message of this call that announced audio.
    audio: Option<u32>,
    phase: Phase,
    deadline: Option<u64>,
    outputs: VecDeque<TransmitterOutput>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// On the hook, with nothing to send.
    Idle,
    /// On the hook until it is time to dial again.
    Redialling,
    /// Off the hook until somebody answers.
    Dialling,
    /// The line is up, and a handshake is to come. The first tone of it ended then.
    Waiting(Option<u64>),
    /// The message at the front is on the line until then, for the nth time; a kissoff is to come.
    Sending { until_ms: u64, tries: u8 },
    /// Everything was acknowledged, and audio was announced.
    Talking,
}

impl Transmitter {
    /// A transmitter that is on the hook and has nothing to send.
    pub const fn new(timing: TransmitterTiming) -> Self {
        Self {
            timing,
            queue: VecDeque::new(),
            number: 1,
            calls: 0,
            audio: None,
            phase: Phase::Idle,
            deadline: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at this time.
    pub fn handle(&mut self, now_ms: u64, input: TransmitterInput) {
        // What is due comes before what comes late.
        if self.deadline.is_some_and(|deadline| deadline <= now_ms) {
            self.due(now_ms);
        }
        match (input, self.phase) {
            (TransmitterInput::Send(report), _) => self.queue(now_ms, Outgoing::Ademco(report)),
            (TransmitterInput::SendKeyed(message), _) => self.queue(now_ms, Outgoing::Keyed(message)),
            (TransmitterInput::Sign(sign), phase) => self.told(now_ms, phase, sign),
            (TransmitterInput::Connected, Phase::Dialling) => {
                self.phase = Phase::Waiting(None);
                self.deadline = Some(now_ms.saturating_add(self.timing.handshake_ms.into()));
            }
            (TransmitterInput::ToneBegins(hz), Phase::Sending { until_ms, .. })
                if self.keyed().is_none() && self.is(hz, KISSOFF_HZ) && self.can_begin(until_ms, now_ms) =>
            {
                let longest = u64::from(self.timing.kissoff_max_ms) + u64::from(self.timing.slack_ms);
                self.deadline = Some(now_ms.saturating_add(longest));
            }
            (TransmitterInput::Tone { hz, start_ms, end_ms }, phase) => self.heard(now_ms, phase, hz, start_ms, end_ms),
            (TransmitterInput::HungUp, Phase::Dialling | Phase::Waiting(_) | Phase::Sending { .. }) => {
                self.hang_up(now_ms);
            }
            (TransmitterInput::HungUp | TransmitterInput::Release, Phase::Talking) => self.hang_up(now_ms),
            _ => {}
        }
    }

    /// What is to be done next; `None` if nothing is left.
    #[must_use]
    pub fn poll(&mut self) -> Option<TransmitterOutput> {
        self.outputs.pop_front()
    }

    /// When to call again with [`TransmitterInput::Time`], in ms; `None` if nothing is waited for.
    pub const fn deadline(&self) -> Option<u64> {
        self.deadline
    }

    /// How many messages wait, the one on the line included.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    fn queue(&mut self, now_ms: u64, message: Outgoing) {
        self.queue.push_back(message);
        match self.phase {
            Phase::Idle => self.dial(),
            Phase::Talking => self.send(now_ms, 1),
            Phase::Redialling | Phase::Dialling | Phase::Waiting(_) | Phase::Sending { .. } => {}
        }
    }

    /// The format of the message at the front, if it is one of characters.
    fn keyed(&self) -> Option<KeyedFormat> {
        match self.queue.front() {
            Some(Outgoing::Keyed(message)) => Some(message.format()),
            Some(Outgoing::Ademco(_)) | None => None,
        }
    }

    fn dial(&mut self) {
        self.calls = self.calls.saturating_add(1);
        self.phase = Phase::Dialling;
        self.deadline = None;
        self.outputs.push_back(TransmitterOutput::Dial(self.calls));
    }

    /// Waited in vain.
    fn due(&mut self, now_ms: u64) {
        match self.phase {
            Phase::Redialling => self.dial(),
            Phase::Sending { tries, .. } if tries < self.timing.tries => self.send(now_ms, tries + 1),
            Phase::Waiting(_) | Phase::Sending { .. } => self.hang_up(now_ms),
            Phase::Idle | Phase::Dialling | Phase::Talking => self.deadline = None,
        }
    }

    /// A receiver of a format of characters said something.
    fn told(&mut self, now_ms: u64, phase: Phase, sign: Sign) {
        let Some(format) = self.keyed() else { return };
        match (phase, sign, format) {
            (Phase::Waiting(_), Sign::Handshake, _) => self.send(now_ms, 1),
            // What comes so soon is an echo of our own.
            (Phase::Sending { until_ms, .. }, ..) if now_ms < until_ms.saturating_add(ECHO_MS) => {}
            (Phase::Sending { .. }, Sign::Acknowledge, _)
            | (Phase::Sending { .. }, Sign::Handshake, KeyedFormat::Cesa) => self.delivered(now_ms),
            (Phase::Sending { .. }, Sign::Refuse, _) => self.due(now_ms),
            _ => {}
        }
    }

    fn heard(&mut self, now_ms: u64, phase: Phase, hz: u16, start_ms: u64, end_ms: u64) {
        if self.keyed().is_some() {
            return;
        }
        let timing = self.timing;
        let length_ms = end_ms.saturating_sub(start_ms);
        let near = |ms: u64| ms.abs_diff(HANDSHAKE_MS) <= u64::from(timing.slack_ms);
        match phase {
            Phase::Waiting(first) if near(length_ms) => {
                let gap_fits = first.is_some_and(|first_end_ms| near(start_ms.saturating_sub(first_end_ms)));
                if self.is(hz, 1400) {
                    self.phase = Phase::Waiting(Some(end_ms));
                } else if self.is(hz, 2300) && gap_fits {
                    self.send(now_ms, 1);
                }
            }
            // A tone that began before the last digit was out belongs to something else.
            Phase::Sending { until_ms, .. } if self.is(hz, KISSOFF_HZ) && start_ms >= until_ms => {
                let lengths = u64::from(timing.kissoff_min_ms)..=u64::from(timing.kissoff_max_ms);
                if lengths.contains(&length_ms) {
                    self.delivered(now_ms);
                }
            }
            _ => {}
        }
    }

    fn delivered(&mut self, now_ms: u64) {
        let number = self.number;
        if self.queue.pop_front().is_some_and(|message| message.as_heard().announces_audio()) {
            self.audio = Some(number);
        }
        self.number = number.wrapping_add(1);
        self.calls = 1;
        self.outputs.push_back(TransmitterOutput::Delivered(number));
        match self.audio {
            _ if !self.queue.is_empty() => self.send(now_ms, 1),
            Some(announced) => {
                self.phase = Phase::Talking;
                self.deadline = None;
                self.outputs.push_back(TransmitterOutput::Talk(announced));
            }
            None => self.hang_up(now_ms),
        }
    }

    /// Puts the message at the front on the line.
    fn send(&mut self, now_ms: u64, tries: u8) {
        let Some(message) = self.queue.front() else {
            self.hang_up(now_ms);
            return;
        };
        let TransmitterTiming { pause_ms, digit_on_ms: on_ms, digit_off_ms: off_ms, kissoff_wait_ms, keyed, .. } =
            self.timing;
        let digit = |digit| Sound::Digit { digit, on_ms, off_ms };
        let (pause_ms, sounds, wait_ms): (_, Vec<Sound>, _) = match message {
            Outgoing::Ademco(report) => (pause_ms, report.digits().into_iter().map(digit).collect(), kissoff_wait_ms),
            Outgoing::Keyed(message) => (keyed.pause_ms, message.sounds(&keyed), keyed.answer_ms),
        };
        let mut until_ms = now_ms;
        for sound in [Sound::Silence { ms: pause_ms }].into_iter().chain(sounds) {
            until_ms = until_ms.saturating_add(sound.ms());
            self.outputs.push_back(TransmitterOutput::Sound(sound));
        }
        self.phase = Phase::Sending { until_ms, tries };
        self.deadline = Some(until_ms.saturating_add(wait_ms.into()));
    }

    /// Lets go of the line, and dials again later if there is something left and calls are left.
    fn hang_up(&mut self, now_ms: u64) {
        self.audio = None;
        self.outputs.push_back(TransmitterOutput::HangUp);
        if !self.queue.is_empty() && self.calls < self.timing.calls {
            self.phase = Phase::Redialling;
            self.deadline = Some(now_ms.saturating_add(self.timing.redial_ms.into()));
            return;
        }
        for _ in self.queue.drain(..) {
            self.outputs.push_back(TransmitterOutput::GaveUp(self.number));
            self.number = self.number.wrapping_add(1);
        }
        self.calls = 0;
        self.phase = Phase::Idle;
        self.deadline = None;
    }

    /// Whether a kissoff can begin now, behind digits that are out by then: however many tones begin, only one that does in
    /// time is waited for.
    const fn can_begin(&self, until_ms: u64, now_ms: u64) -> bool {
        let wait_ms = self.timing.kissoff_wait_ms as u64;
        until_ms <= now_ms && now_ms <= until_ms.saturating_add(wait_ms)
    }

    /// Whether a tone is near enough to the one that is meant.
    fn is(&self, hz: u16, meant: u16) -> bool {
        u32::from(hz.abs_diff(meant)) * 1000 <= u32::from(meant) * u32::from(self.timing.tolerance_permille)
    }
}

/// The kissoff of the formats that begin with the pair of tones, in Hz.
const KISSOFF_HZ: u16 = 1400;
/// Each tone of the handshake, and the gap between them, in ms (AN93).
const HANDSHAKE_MS: u64 = 100;
