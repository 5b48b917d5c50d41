//! The receiver's end of a call.

use alloc::{collections::VecDeque, vec::Vec};

use super::keyed::{Copies, ECHO_MS, KeyedFormat, Sign};
use super::pulse::PulseReader;
use super::report::{LineMessage, Report};
use super::timing::{Handshake, ReceiverOptions, ReceiverTiming, Sound};
use crate::RecordError;
use crate::dtmf::Digit;
use crate::scancom::ScancomReport;

/// What happens to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiverInput<'a> {
    /// The line was taken up: a call begins.
    Answered,
    /// A tone pair was heard; the time is when it ended.
    Digit(Digit),
    /// A pulse of a round was heard: the round takes its time, and the receiver waits for it.
    Pulse,
    /// A round of a pulse format was heard to its end, so many pulses a digit.
    Round(&'a [Digit]),
    /// A character of a [keyed format](super::keyed) was heard to its end, with its parity bit where there is one. It counts
    /// behind the handshake of such a format only.
    Character(u8),
    /// One without a stop bit.
    Garbled,
    /// The message of this number is durable: now, and only now, is it acknowledged.
    Stored(u32),
    /// The other end is gone.
    HungUp,
    /// The caller wants the line: the audio behind a listen-in message is over, or it shuts down.
    Release,
    /// Nothing happened, but it is that late.
    Time,
}

/// What a receiver wants done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiverOutput {
    /// Put this on the line, behind what was put there before.
    Sound(Sound),
    /// A message: store it, then say [`ReceiverInput::Stored`].
    Report(Report),
    /// A message that could not be read, and will be sent again. For the log.
    Refused(RecordError),
    /// The message of this number announced audio: open the voice path when the sounds before are out. The line stays up
    /// until either end is done with it; messages are still taken, and digits that are none are passed over.
    ListenIn(u32),
    /// The call is over: let go of the line.
    HangUp(Ending),
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The panel had nothing more to say.
    Silent,
    /// No handshake was answered.
    NoMessage,
    /// Too many messages in a row could not be read.
    Unreadable,
    /// The other end hung up.
    HungUp,
    /// The caller wanted the line.
    Released,
}

/// The receiver's end of a line: one call after the other.
///
/// ```text
///          Answered            digit               pause: a message
///   idle ───────────▶ handshake ─────▶ listening ────────────────────▶ Report, until Stored
///    ▲                 │ next one,        ▲ ▲  │ unreadable: Refused       │
///    └─── HangUp ◀─────┘ or silence       │ └──┘                           │
///                                         └───────────── kissoff ◀─────────┘
/// ```
///
/// Call [`handle`](Self::handle) with everything that happens and the time of it, then [`poll`](Self::poll) until it gives
/// `None`, then again at [`deadline`](Self::deadline) if nothing happened before. Times must not go back.
///
/// ```
/// use contactid::dtmf::Digit;
/// use contactid::line::{Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Sound};
///
/// let mut receiver = Receiver::new(ReceiverOptions::default());
/// receiver.handle(0, ReceiverInput::Answered);
/// assert_eq!(receiver.poll(), Some(ReceiverOutput::Sound(Sound::Silence { ms: 1000 })));
/// while receiver.poll().is_some() {} // 1400 Hz, a pause, 2300 Hz
///
/// let mut now_ms = 1600;
/// for digit in "1234181131010158".chars().filter_map(Digit::from_char) {
///     receiver.handle(now_ms, ReceiverInput::Digit(digit));
///     now_ms += 100;
/// }
/// receiver.handle(receiver.deadline().unwrap(), ReceiverInput::Time);
/// let Some(ReceiverOutput::Report(report)) = receiver.poll() else { panic!("a message") };
/// // Here the report is stored. Then, and only then:
/// receiver.handle(now_ms + 150, ReceiverInput::Stored(report.number));
/// assert_eq!(receiver.poll(), Some(ReceiverOutput::Sound(Sound::Silence { ms: 200 })));
/// assert_eq!(receiver.poll(), Some(ReceiverOutput::Sound(Sound::Tone { hz: 1400, ms: 850 })));
/// ```
#[derive(Clone, Debug)]
pub struct Receiver {
    options: ReceiverOptions,
    call: Option<Call>,
    outputs: VecDeque<ReceiverOutput>,
}

/// A call that goes on.
#[derive(Clone, Debug)]
struct Call {
    /// How many handshakes were offered.
    offered: usize,
    handshake: Handshake,
    /// One place more than any message has digits: that many are too many.
    heard: [Digit; ScancomReport::MAX + 1],
    count: usize,
    pulses: PulseReader,
    /// What came of a message of characters; `None` while no handshake asks for one.
    copies: Option<Copies>,
    /// When the last sound of ours is out.
    quiet_ms: u64,
    /// How many messages were reported.
    reported: u32,
    /// The last message that was reported.
    last: Option<Report>,
    state: State,
    /// Whether a message announced audio. Then the line is up as long as either end wants it.
    audio: bool,
    unreadable: u8,
    deadline: Option<u64>,
}

impl Call {
    /// Whether nothing of a message is there that has not come to its end.
    fn is_quiet(&self) -> bool {
        self.count == 0 && self.copies.as_ref().is_none_or(Copies::is_empty)
    }

    /// How long a panel may be silent behind what it said.
    const fn patience_ms(&self, timing: &ReceiverTiming) -> u32 {
        if self.copies.is_some() { timing.next_character_ms } else { timing.next_message_ms }
    }

    /// Waits for something to be heard, unless audio is on the line.
    fn wait(&mut self, from_ms: u64, wait_ms: u32) {
        self.deadline = (!self.audio).then(|| from_ms.saturating_add(wait_ms.into()));
    }
}

/// What became of the last message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Its acknowledgement is out, or there is none yet.
    Settled,
    /// The caller has not stored it yet.
    Unstored,
    /// It is stored, but while it was, the panel had begun to repeat it.
    Stored,
}

impl Receiver {
    /// A receiver on a line that is on the hook.
    pub const fn new(options: ReceiverOptions) -> Self {
        Self { options, call: None, outputs: VecDeque::new() }
    }

    /// Takes in what happened at this time.
    pub fn handle(&mut self, now_ms: u64, input: ReceiverInput<'_>) {
        if matches!(input, ReceiverInput::Answered) {
            self.begin(now_ms);
            return;
        }
        // What is due comes before what comes late.
        if self.deadline().is_some_and(|deadline| deadline <= now_ms) {
            self.due(now_ms);
        }
        let Some(call) = &mut self.call else { return };
        match input {
            ReceiverInput::Digit(digit) => {
                if let Some(place) = call.heard.get_mut(call.count) {
                    *place = digit;
                    call.count += 1;
                }
                call.deadline = Some(now_ms.saturating_add(self.options.timing.between_digits_ms.into()));
            }
            ReceiverInput::Pulse if call.count == 0 => call.wait(now_ms, self.options.timing.between_pulses_ms),
            ReceiverInput::Round(round) => {
                call.wait(now_ms, self.options.timing.between_pulses_ms);
                match call.pulses.round(round) {
                    Ok(None) => {}
                    Ok(Some(report)) => self.reported(now_ms, LineMessage::Pulse(report)),
                    Err(error) => self.refused(now_ms, error),
                }
            }
            ReceiverInput::Character(byte) => self.character(now_ms, Some(byte)),
            ReceiverInput::Garbled => self.character(now_ms, None),
            ReceiverInput::Stored(number) => {
                if call.state == State::Unstored && call.last.is_some_and(|last| last.number == number) {
                    call.state = State::Stored;
                    if call.is_quiet() {
                        self.kiss_off(now_ms);
                    }
                }
            }
            ReceiverInput::HungUp => self.end(Ending::HungUp),
            ReceiverInput::Release => self.end(Ending::Released),
            ReceiverInput::Answered | ReceiverInput::Pulse | ReceiverInput::Time => {}
        }
    }

    /// What is to be done next; `None` if nothing is left.
    #[must_use]
    pub fn poll(&mut self) -> Option<ReceiverOutput> {
        self.outputs.pop_front()
    }

    /// When to call again with [`ReceiverInput::Time`], in ms; `None` if nothing is waited for.
    pub fn deadline(&self) -> Option<u64> {
        self.call.as_ref().and_then(|call| call.deadline)
    }

    /// Whether a call goes on.
    pub const fn is_busy(&self) -> bool {
        self.call.is_some()
    }

    fn begin(&mut self, now_ms: u64) {
        self.outputs.clear();
        let options = &self.options;
        let Some(&handshake) = options.handshakes.first() else {
            self.outputs.push_back(ReceiverOutput::HangUp(Ending::NoMessage));
            return;
        };
        self.call = Some(Call {
            offered: 0,
            handshake,
            heard: [Digit::ZERO; ScancomReport::MAX + 1],
            count: 0,
            pulses: PulseReader::new(options.pulse_check, options.parity).with_extended(options.extended),
            copies: None,
            quiet_ms: now_ms,
            reported: 0,
            last: None,
            state: State::Settled,
            audio: false,
            unreadable: 0,
            deadline: None,
        });
        let silence = Sound::Silence { ms: options.timing.before_handshake_ms };
        self.outputs.push_back(ReceiverOutput::Sound(silence));
        self.offer(now_ms.saturating_add(silence.ms()));
    }

    /// Offers the next handshake, or gives up.
    fn offer(&mut self, from_ms: u64) {
        let Some(call) = &mut self.call else { return };
        let ReceiverOptions { handshakes, rounds, timing, .. } = &self.options;
        let list = (0..(*rounds).max(1)).flat_map(|_| handshakes).copied().enumerate();
        // CESA's handshake said again would acknowledge a message that was not heard.
        let cesa = Handshake::Keyed(KeyedFormat::Cesa);
        let once = handshakes.iter().position(|&handshake| handshake == cesa);
        let mut left = list.filter(|&(place, handshake)| handshake != cesa || Some(place) == once);
        let Some((_, handshake)) = left.nth(call.offered) else {
            self.end(Ending::NoMessage);
            return;
        };
        call.handshake = handshake;
        call.offered += 1;
        call.copies = handshake.keyed().map(Copies::of);
        let sounds = handshake.offer(timing);
        let wait_ms = if call.copies.is_some() { timing.next_character_ms } else { timing.first_digit_ms };
        self.say(from_ms, sounds, wait_ms);
    }

    /// Puts sounds on the line, and waits for something behind them.
    fn say(&mut self, from_ms: u64, sounds: Vec<Sound>, wait_ms: u32) {
        let Some(call) = &mut self.call else { return };
        call.quiet_ms = from_ms.saturating_add(sounds.iter().map(|sound| sound.ms()).sum());
        call.wait(call.quiet_ms, wait_ms);
        self.outputs.extend(sounds.into_iter().map(ReceiverOutput::Sound));
    }

    /// A character was heard, or one without a stop bit.
    fn character(&mut self, now_ms: u64, character: Option<u8>) {
        let Some(call) = &mut self.call else { return };
        // What comes so soon is an echo of our own.
        if now_ms < call.quiet_ms.saturating_add(ECHO_MS) {
            return;
        }
        if call.copies.as_mut().is_some_and(|copies| copies.push(character)) {
            call.deadline = Some(now_ms.saturating_add(self.options.timing.between_characters_ms.into()));
        }
    }

    /// Nothing came for as long as was waited.
    fn due(&mut self, now_ms: u64) {
        let Some(call) = &mut self.call else { return };
        if let Some(copies) = call.copies.as_mut().filter(|copies| !copies.is_empty()) {
            match copies.over(self.options.block_check, self.options.strictness) {
                Some(Ok(message)) => self.reported(now_ms, LineMessage::Keyed(message)),
                Some(Err(error)) => self.refused(now_ms, error),
                None => call.deadline = Some(now_ms.saturating_add(self.options.timing.second_copy_ms.into())),
            }
            return;
        }
        if call.count == 0 {
            return if call.reported > 0 { self.end(Ending::Silent) } else { self.offer(now_ms) };
        }
        let heard = call.heard;
        let heard = heard.get(..core::mem::take(&mut call.count)).unwrap_or_default();
        match LineMessage::read(heard, self.options.unchecked, self.options.strictness) {
            Ok(message) => self.reported(now_ms, message),
            Err(error) => self.refused(now_ms, error),
        }
    }

    fn reported(&mut self, now_ms: u64, message: LineMessage) {
        let Some(call) = &mut self.call else { return };
        call.unreadable = 0;
        call.wait(now_ms, call.patience_ms(&self.options.timing));
        let same = call.last.filter(|last| last.message == message);
        match (same, call.state) {
            // The panel did not wait for the kissoff that is still to come.
            (Some(_), State::Unstored) => {}
            (Some(_), State::Stored) => self.kiss_off(now_ms),
            (same, _) => {
                call.reported += 1;
                let report = Report { number: call.reported, message, repeats: same.map(|last| last.number) };
                call.last = Some(report);
                call.state = State::Unstored;
                self.outputs.push_back(ReceiverOutput::Report(report));
            }
        }
    }

    fn refused(&mut self, now_ms: u64, error: RecordError) {
        let timing = self.options.timing;
        let Some(call) = &mut self.call else { return };
        let wait_ms = call.patience_ms(&timing);
        call.wait(now_ms, wait_ms);
        // Speech sounds like digits now and then.
        if call.audio {
            return;
        }
        self.outputs.push_back(ReceiverOutput::Refused(error));
        call.unreadable += 1;
        if call.unreadable >= timing.tries {
            return self.end(Ending::Unreadable);
        }
        // Where nothing refuses, silence does.
        let refusal = call.handshake.keyed().map_or(Vec::new(), |format| format.sounds(Sign::Refuse));
        if !refusal.is_empty() {
            let pause = Sound::Silence { ms: timing.before_kissoff_ms };
            self.say(now_ms, [pause].into_iter().chain(refusal).collect(), wait_ms);
        }
    }

    fn kiss_off(&mut self, now_ms: u64) {
        let timing = self.options.timing;
        let Some(call) = &mut self.call else { return };
        let handshake = call.last.and_then(|last| last.message.handshake()).unwrap_or(call.handshake);
        let pause = Sound::Silence { ms: timing.before_kissoff_ms };
        let sounds = [pause].into_iter().chain(handshake.acknowledge(&timing)).collect();
        call.state = State::Settled;
        let announced = call.last.filter(|last| last.message.announces_audio());
        call.audio |= announced.is_some();
        let wait_ms = call.patience_ms(&timing);
        self.say(now_ms, sounds, wait_ms);
        self.outputs.extend(announced.map(|last| ReceiverOutput::ListenIn(last.number)));
    }

    fn end(&mut self, ending: Ending) {
        self.call = None;
        self.outputs.push_back(ReceiverOutput::HangUp(ending));
    }
}
