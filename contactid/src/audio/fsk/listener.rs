//! From samples to bytes.

use super::Modem;
use crate::audio::RATE_HZ;
use crate::audio::correlate::{Block, Complex, Correlator, power_of_db, shift, whole};
use crate::audio::framer::{Character, Framer, LOOKS};
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
    /// Samples of carrier behind which it is listened to without any rest.
    patience: f32,
    framer: Framer,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Silent,
    /// Samples of carrier so far.
    Waiting(f32),
    /// Characters are read.
    Listening,
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
            patience: RATE_HZ as f32,
            framer: Framer::new(look, bit),
            state: State::Silent,
        })
    }

    /// The same listener, which reads behind so many ms of carrier, whatever the carrier was; by default behind 1000. CESA
    /// has 800 to 1000 ms of carrier, and how much of that is rest is not established.
    #[must_use]
    pub fn with_patience_ms(mut self, ms: u16) -> Self {
        self.patience = f32::from(ms) * RATE_HZ as f32 / 1000.0;
        self
    }

    /// Takes the next sample of the line, at 8 kHz. A byte is told in the middle of its stop bit.
    pub fn hear(&mut self, sample: i16) -> Option<FskHeard> {
        shift(&mut self.window, self.correlator.push(sample)?);
        let Block { sums, energy } = whole(&self.window);
        let [mark, space] = sums.map(Complex::norm);
        let share =
            if energy >= self.min_energy { mark.max(space) * 2.0 / (self.look * LOOKS as f32 * energy) } else { 0.0 };
        // Over four bits.
        self.share += (share - self.share) / (4 * LOOKS) as f32;
        self.rest = if mark > space && share >= CARRIER[1] { self.rest + self.look } else { 0.0 };
        let both = mark + space;
        let balance = if both > 0.0 { (mark - space) / both } else { 0.0 };
        self.step(balance)
    }

    /// One look further: by so much mark is stronger, -1 to 1.
    fn step(&mut self, balance: f32) -> Option<FskHeard> {
        let [begins, ends] = CARRIER;
        if let State::Listening = self.state
            && self.share >= ends
        {
            return self.framer.step(balance).map(|character| match character {
                Character::Byte(byte) => FskHeard::Byte(byte),
                Character::Garbled => FskHeard::Garbled,
            });
        }
        self.framer.pass(balance);
        match &mut self.state {
            State::Silent => {
                if self.share >= begins {
                    self.state = State::Waiting(0.0);
                }
                None
            }
            State::Listening => {
                self.state = State::Silent;
                Some(FskHeard::Over)
            }
            State::Waiting(_) if self.share < ends => {
                self.state = State::Silent;
                None
            }
            State::Waiting(carrier) => {
                *carrier += self.look;
                let ready = self.rest > 12.0 * self.bit || *carrier >= self.patience;
                ready.then(|| {
                    self.state = State::Listening;
                    FskHeard::Begins
                })
            }
        }
    }
}
