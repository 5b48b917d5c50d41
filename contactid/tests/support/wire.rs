//! A telephone wire without samples: what each end says, ms by ms, and what a modem without flaws makes of it.
#![allow(dead_code, reason = "shared by tests that use parts of it")]

use std::collections::VecDeque;

use contactid::line::Sound;
use contactid::line::keyed::{KeyedFormat, KeyedMessage, Sign};
use contactid::line::{
    Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Transmitter, TransmitterInput, TransmitterOutput,
    TransmitterTiming,
};
use contactid::robofon::ParityBit;

/// What is on a wire for a ms: a tone in Hz, or nothing.
type Tone = Option<u16>;

/// What one end says.
#[derive(Default)]
struct Mouth(VecDeque<(Tone, u32)>);

impl Mouth {
    fn say(&mut self, sound: Sound) {
        self.0.push_back(match sound {
            Sound::Silence { ms } => (None, ms),
            Sound::Tone { hz, ms } => (Some(hz), ms),
            Sound::Digit { on_ms, off_ms, .. } => (None, on_ms + off_ms),
        });
    }

    fn next(&mut self) -> Tone {
        while let Some((tone, left)) = self.0.front_mut() {
            if *left > 0 {
                *left -= 1;
                return *tone;
            }
            self.0.pop_front();
        }
        None
    }
}

/// Reads characters, ms by ms: `Err` without a stop bit.
struct Ear {
    zero: Tone,
    bit_ms: u32,
    /// Since when a character goes on, and its bits.
    begun: Option<(u32, u32)>,
    before: bool,
}

impl Ear {
    fn new(format: KeyedFormat) -> Self {
        let (zero, bit_ms) = match format {
            KeyedFormat::Robofon => (Some(1000), 20),
            KeyedFormat::Cesa => (Some(1180), 5),
        };
        Self { zero, bit_ms, begun: None, before: true }
    }

    fn hear(&mut self, tone: Tone) -> Option<Result<u8, ()>> {
        let one = tone != self.zero;
        let before = std::mem::replace(&mut self.before, one);
        let Some((ms, bits)) = &mut self.begun else {
            self.begun = (before && !one).then_some((1, 0));
            return None;
        };
        let (place, within) = (*ms / self.bit_ms, *ms % self.bit_ms);
        *ms += 1;
        if within != self.bit_ms / 2 {
            return None;
        }
        *bits |= u32::from(one) << place;
        let bits = *bits;
        if place < 9 {
            return None;
        }
        self.begun = None;
        Some(if one { Ok((bits >> 1) as u8) } else { Err(()) })
    }
}

/// Hears CESA's two tones in turn for long enough, when they are over.
#[derive(Default)]
struct Warble(u32);

impl Warble {
    fn hear(&mut self, tone: Tone) -> bool {
        if matches!(tone, Some(1850 | 1650)) {
            self.0 += 1;
            return false;
        }
        std::mem::take(&mut self.0) >= 900
    }
}

/// What happens to the wire from one ms up to another.
#[derive(Clone, Copy, Debug)]
pub struct Damage {
    /// Whether it is what the panel says that is damaged, or what the receiver does.
    pub up: bool,
    /// From when on, in ms.
    pub from_ms: u64,
    /// Up to when.
    pub until_ms: u64,
    /// What is heard instead.
    pub tone: Tone,
}

/// What either end wants done that is no sound, and when it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Receiver(ReceiverOutput),
    Panel(TransmitterOutput),
}

/// A call as it is set up.
pub struct Setup {
    pub format: KeyedFormat,
    pub options: ReceiverOptions,
    pub timing: TransmitterTiming,
    pub messages: Vec<KeyedMessage>,
    pub damage: Vec<Damage>,
    /// How long the store takes, in ms.
    pub store_ms: u64,
    /// How long either end is watched.
    pub until_ms: u64,
}

/// Runs a call: each end hears the other one, and itself where that one is silent.
pub fn call(setup: &Setup) -> Vec<(u64, Event)> {
    let (mut receiver, mut panel) = (Receiver::new(setup.options.clone()), Transmitter::new(setup.timing));
    let (mut down, mut up) = (Mouth::default(), Mouth::default());
    let (mut ear, mut panel_ear, mut warble) = (Ear::new(setup.format), Ear::new(setup.format), Warble::default());
    let (mut log, mut storing) = (Vec::new(), VecDeque::new());
    for &message in &setup.messages {
        panel.handle(0, TransmitterInput::SendKeyed(message));
    }
    for now_ms in 0..setup.until_ms {
        let [said, sent] = [(false, &mut down), (true, &mut up)].map(|(way, mouth)| {
            let said = mouth.next();
            let hit = |damage: &&Damage| damage.up == way && (damage.from_ms..damage.until_ms).contains(&now_ms);
            setup.damage.iter().find(hit).map_or(said, |damage| damage.tone)
        });
        match ear.hear(sent.or(said)) {
            Some(Ok(byte)) => receiver.handle(now_ms, ReceiverInput::Character(byte)),
            Some(Err(())) => receiver.handle(now_ms, ReceiverInput::Garbled),
            None => {}
        }
        if storing.front().is_some_and(|&(due_ms, _)| due_ms <= now_ms)
            && let Some((_, number)) = storing.pop_front()
        {
            receiver.handle(now_ms, ReceiverInput::Stored(number));
        }
        let heard = said.or(sent);
        let sign = match setup.format {
            KeyedFormat::Robofon => panel_ear.hear(heard).and_then(|byte| Sign::of(byte.ok()?, ParityBit::Odd)),
            KeyedFormat::Cesa => warble.hear(heard).then_some(Sign::Handshake),
        };
        if let Some(sign) = sign {
            panel.handle(now_ms, TransmitterInput::Sign(sign));
        }
        if receiver.deadline().is_some_and(|deadline| deadline <= now_ms) {
            receiver.handle(now_ms, ReceiverInput::Time);
        }
        if panel.deadline().is_some_and(|deadline| deadline <= now_ms) {
            panel.handle(now_ms, TransmitterInput::Time);
        }
        loop {
            if let Some(output) = panel.poll() {
                match output {
                    TransmitterOutput::Sound(sound) => up.say(sound),
                    output => log.push((now_ms, Event::Panel(output))),
                }
                match output {
                    TransmitterOutput::Dial(_) => {
                        panel.handle(now_ms, TransmitterInput::Connected);
                        receiver.handle(now_ms, ReceiverInput::Answered);
                    }
                    TransmitterOutput::HangUp => receiver.handle(now_ms, ReceiverInput::HungUp),
                    _ => {}
                }
            } else if let Some(output) = receiver.poll() {
                match output {
                    ReceiverOutput::Sound(sound) => down.say(sound),
                    output => log.push((now_ms, Event::Receiver(output))),
                }
                match output {
                    ReceiverOutput::Report(report) => storing.push_back((now_ms + setup.store_ms, report.number)),
                    ReceiverOutput::HangUp(_) => panel.handle(now_ms, TransmitterInput::HungUp),
                    _ => {}
                }
            } else {
                break;
            }
        }
    }
    log
}
