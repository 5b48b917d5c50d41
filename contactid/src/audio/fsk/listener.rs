//! From samples to bytes.

use super::Modem;
use crate::audio::RATE_HZ;
use crate::audio::correlate::{Block, Complex, Correlator, power_of_db};
use crate::audio::setting::{SettingError, carried, within};

/// What is heard of a modem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FskHeard {
    /// A carrier is there, and was at rest for long enough: from now on bytes are read.
    Begins,
    /// A byte.
    Byte(u8),
    /// A character without a stop bit.
    Garbled,
    /// The carrier is gone. Told once for each beginning: a carrier that goes while its rest is waited for is not told of.
    Over,
}

/// Looks at the line so many times a bit.
const LOOKS: usize = 9;
/// A carrier is there from this share of the energy on, averaged over some bits, and until it falls below the second. White
/// noise comes to about 0.1 by chance.
const CARRIER: [f32; 2] = [0.35, 0.2];
/// The weakest carrier, in dB below a sine of full scale.
const LEVEL_DB: f32 = -50.0;

/// Hears the bytes of a modem, sample by sample.
///
/// ```text
///           carrier                12 bits of mark, or 1 s                start bit
///   silent ─────────▶ waiting ──────────────────────────────▶ listening ───────────▶ a character
///     ▲                  │                                     ▲   │                     │
///     └──── Over ◀───────┴─────────────────────────────────────┼───┘     Byte, Garbled   │
///                                                              └─────────────────────────┘
/// ```
#[derive(Clone, Debug)]
pub struct FskListener {
    correlator: Correlator<2>,
    window: [Block<2>; LOOKS],
    /// Samples of a look, and of a bit.
    look: f32,
    bit: f32,
    min_energy: f32,
    /// The share of mark and space in the energy, averaged.
    share: f32,
    /// Samples of mark at the end of what was heard. They count from before the average says that it is a carrier.
    rest: f32,
    /// By how much mark was stronger at the last look, -1 to 1.
    before: f32,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Silent,
    /// Samples of carrier so far.
    Waiting(f32),
    /// Between characters.
    Listening,
    /// In a character: samples until it is judged again, how often it was, and the bits so far.
    Character {
        wait: f32,
        place: u8,
        byte: u8,
    },
}

impl FskListener {
    /// A listener at the beginning of a line.
    ///
    /// # Errors
    /// [`SettingError`]: a tone beyond 300 to 3400, or a rate beyond 45 to 600.
    pub fn new(modem: Modem) -> Result<Self, SettingError> {
        carried("mark_hz", modem.mark_hz)?;
        carried("space_hz", modem.space_hz)?;
        within("baud", modem.baud.into(), 45.0, 600.0)?;
        let bit = RATE_HZ as f32 / f32::from(modem.baud);
        let look = libm::roundf(bit / LOOKS as f32);
        let samples = look * LOOKS as f32;
        Ok(Self {
            correlator: Correlator::new([modem.mark_hz, modem.space_hz], look as u16),
            window: [Block::EMPTY; LOOKS],
            look,
            bit,
            min_energy: power_of_db(LEVEL_DB) * samples / 2.0,
            share: 0.0,
            rest: 0.0,
            before: 0.0,
            state: State::Silent,
        })
    }

    /// Takes the next sample of the line, at 8 kHz. A byte is told in the middle of its stop bit.
    pub fn hear(&mut self, sample: i16) -> Option<FskHeard> {
        let block = self.correlator.push(sample)?;
        self.window.rotate_left(1);
        if let Some(last) = self.window.last_mut() {
            *last = block;
        }
        let (mut sums, mut energy) = ([Complex::default(); 2], 0.0);
        for block in &self.window {
            for (whole, &sum) in sums.iter_mut().zip(&block.sums) {
                *whole = whole.plus(sum);
            }
            energy += block.energy;
        }
        let [mark, space] = sums.map(Complex::norm);
        let share =
            if energy >= self.min_energy { mark.max(space) * 2.0 / (self.look * LOOKS as f32 * energy) } else { 0.0 };
        // Over four bits.
        self.share += (share - self.share) / (4 * LOOKS) as f32;
        self.rest = if mark > space && share >= CARRIER[1] { self.rest + self.look } else { 0.0 };
        let both = mark + space;
        let balance = if both > 0.0 { (mark - space) / both } else { 0.0 };
        let before = core::mem::replace(&mut self.before, balance);
        self.step(before)
    }

    /// One look further: `before` is what the look before found.
    fn step(&mut self, before: f32) -> Option<FskHeard> {
        let [begins, ends] = CARRIER;
        let mark = self.before > 0.0;
        let heard = match &mut self.state {
            State::Silent => {
                if self.share >= begins {
                    self.state = State::Waiting(0.0);
                }
                return None;
            }
            _ if self.share < ends => {
                let told = !matches!(self.state, State::Waiting(_));
                self.state = State::Silent;
                return told.then_some(FskHeard::Over);
            }
            State::Waiting(carrier) => {
                *carrier += self.look;
                let ready = self.rest > 12.0 * self.bit || *carrier >= RATE_HZ as f32;
                ready.then_some((State::Listening, FskHeard::Begins))
            }
            State::Listening => {
                if before > 0.0 && !mark {
                    // The window is one bit long: the edge was in its middle when both were alike, and half a bit later it
                    // holds the start bit and nothing else.
                    let since = self.look * self.before / (self.before - before);
                    self.state = State::Character { wait: self.bit / 2.0 - since, place: 0, byte: 0 };
                }
                return None;
            }
            State::Character { wait, place, byte } => {
                *wait -= self.look;
                if *wait > self.look / 2.0 {
                    return None;
                }
                // The start bit is looked at in its middle, and once more a quarter of a bit later: a jump in phase looks like
                // a space for up to half a bit, and then mark is clear. A first bit that is a mark is not so clear yet.
                let (pause, click) = match *place {
                    0 => (0.25, self.before > 0.0),
                    1 => (0.75, self.before > 0.2),
                    _ => (1.0, false),
                };
                *wait += pause * self.bit;
                *place += 1;
                match *place {
                    _ if click => {
                        self.state = State::Listening;
                        return None;
                    }
                    1 | 2 => return None,
                    3..=10 => {
                        *byte = *byte >> 1 | if mark { 0x80 } else { 0 };
                        return None;
                    }
                    _ => Some((State::Listening, if mark { FskHeard::Byte(*byte) } else { FskHeard::Garbled })),
                }
            }
        };
        let (state, heard) = heard?;
        self.state = state;
        Some(heard)
    }
}
