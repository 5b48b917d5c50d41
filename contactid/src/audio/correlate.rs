//! How much of some frequencies is in a signal: the one measurement behind every listener.

use core::f32::consts::TAU;

use super::RATE_HZ;

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Complex {
    pub(super) re: f32,
    pub(super) im: f32,
}

impl Complex {
    fn turn(angle: f32) -> Self {
        Self { re: libm::cosf(angle), im: libm::sinf(angle) }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    fn times(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }

    fn conjugate(self) -> Self {
        Self { im: -self.im, ..self }
    }

    fn scaled(self, factor: f32) -> Self {
        Self { re: self.re * factor, im: self.im * factor }
    }

    pub(super) fn norm(self) -> f32 {
        self.re * self.re + self.im * self.im
    }

    pub(super) fn angle(self) -> f32 {
        libm::atan2f(self.im, self.re)
    }
}

/// What a stretch of samples holds of each of `N` frequencies, and its whole energy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<const N: usize> {
    pub(super) sums: [Complex; N],
    pub(super) energy: f32,
}

impl<const N: usize> Block<N> {
    pub(super) const EMPTY: Self = Self { sums: [Complex { re: 0.0, im: 0.0 }; N], energy: 0.0 };
}

/// Puts the newest behind the others, of which the oldest goes.
pub(super) fn shift<T: Copy, const K: usize>(window: &mut [T; K], newest: T) {
    window.rotate_left(1);
    if let Some(last) = window.last_mut() {
        *last = newest;
    }
}

/// All blocks as one.
pub(super) fn whole<const N: usize, const K: usize>(blocks: &[Block<N>; K]) -> Block<N> {
    let mut whole = Block::EMPTY;
    for block in blocks {
        for (sum, &part) in whole.sums.iter_mut().zip(&block.sums) {
            *sum = sum.plus(part);
        }
        whole.energy += block.energy;
    }
    whole
}

/// Mixes a signal down by `N` frequencies and sums over blocks of so many samples.
///
/// The oscillators run on from block to block, so that the sums of neighbouring blocks can be added to the sum of a longer
/// stretch, and the angle between them says how far the signal is off.
#[derive(Clone, Debug)]
pub(super) struct Correlator<const N: usize> {
    branches: [Branch; N],
    filter: HighPass,
    energy: f32,
    length: u16,
    count: u16,
}

#[derive(Clone, Copy, Debug)]
struct Branch {
    oscillator: Complex,
    step: Complex,
    sum: Complex,
}

impl<const N: usize> Correlator<N> {
    pub(super) fn new(hz: [u16; N], length: u16) -> Self {
        let branch = |hz: u16| Branch {
            oscillator: Complex { re: 1.0, im: 0.0 },
            step: Complex::turn(-TAU * f32::from(hz) / RATE_HZ as f32),
            sum: Complex::default(),
        };
        Self { branches: hz.map(branch), filter: HighPass::new(), energy: 0.0, length: length.max(1), count: 0 }
    }

    /// Takes the next sample; gives a block when it is full.
    pub(super) fn push(&mut self, sample: i16) -> Option<Block<N>> {
        let sample = self.filter.push(f32::from(sample) / 32_768.0);
        self.energy += sample * sample;
        for branch in &mut self.branches {
            branch.sum = branch.sum.plus(branch.oscillator.scaled(sample));
            branch.oscillator = branch.oscillator.times(branch.step);
        }
        self.count += 1;
        (self.count >= self.length).then(|| self.full())
    }

    fn full(&mut self) -> Block<N> {
        self.count = 0;
        self.filter.settle();
        let energy = core::mem::take(&mut self.energy);
        let sums = self.branches.each_mut().map(|branch| {
            // Rounding lets an oscillator grow or shrink: one step of Newton's method brings it back to length one.
            let length = branch.oscillator.norm();
            branch.oscillator = branch.oscillator.scaled(1.5 - 0.5 * length);
            core::mem::take(&mut branch.sum)
        });
        Block { sums, energy }
    }
}

/// Takes hum and direct current out: Butterworth, second order, 300 Hz, where the telephone band begins.
#[derive(Clone, Copy, Debug)]
struct HighPass {
    gain: f32,
    a: [f32; 2],
    state: [f32; 2],
}

impl HighPass {
    fn new() -> Self {
        let k = libm::tanf(TAU / 2.0 * 300.0 / RATE_HZ as f32);
        let gain = 1.0 / (1.0 + core::f32::consts::SQRT_2 * k + k * k);
        let a = [2.0 * (k * k - 1.0) * gain, (1.0 - core::f32::consts::SQRT_2 * k + k * k) * gain];
        Self { gain, a, state: [0.0; 2] }
    }

    fn push(&mut self, sample: f32) -> f32 {
        let out = self.gain * sample + self.state[0];
        self.state[0] = -2.0 * self.gain * sample - self.a[0] * out + self.state[1];
        self.state[1] = self.gain * sample - self.a[1] * out;
        out
    }

    /// Behind a sound the state fades for ever; numbers too small for the processor's fast path would make silence slow.
    fn settle(&mut self) {
        if self.state.iter().all(|state| state.abs() < 1e-9) {
            self.state = [0.0; 2];
        }
    }
}

/// How well one frequency explains a stretch of blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// The share of the energy that it explains, 0 to 1.
    pub(super) share: f32,
    /// The power of the tone, where 1 is a sine of full scale.
    pub(super) power: f32,
    /// How far the signal turns from block to block against the frequency that was asked for: the sum of all turns.
    pub(super) turn: Complex,
}

/// Fits one frequency to a stretch of blocks of `length` samples, wherever near that frequency the tone really is.
pub(super) fn fit<const N: usize, const K: usize>(blocks: &[Block<N>; K], tone: usize, length: u16) -> Option<Fit> {
    let mut energy = 0.0;
    let mut turn = Complex::default();
    let mut before = Complex::default();
    for block in blocks {
        let sum = *block.sums.get(tone)?;
        turn = turn.plus(sum.times(before.conjugate()));
        energy += block.energy;
        before = sum;
    }
    let size = libm::sqrtf(turn.norm());
    let back = if size > 0.0 { turn.conjugate().scaled(1.0 / size) } else { Complex { re: 1.0, im: 0.0 } };
    let (mut whole, mut spin) = (Complex::default(), Complex { re: 1.0, im: 0.0 });
    for block in blocks {
        whole = whole.plus(block.sums.get(tone)?.times(spin));
        spin = spin.times(back);
    }
    // A tone that is off turns within each block, too, and its sum is the shorter for it.
    let half = turn.angle() / 2.0;
    let loss = if half.abs() < 1e-3 { 1.0 } else { libm::sinf(half) / half };
    let samples = f32::from(length) * K as f32;
    let power = whole.norm() / (loss * loss) * 4.0 / (samples * samples);
    let share = if energy > 0.0 { (power * samples / (2.0 * energy)).min(1.0) } else { 0.0 };
    Some(Fit { share, power, turn })
}

/// How far a tone is off in Hz, from its turn over blocks of so many samples.
pub(super) fn offset_hz(turn: Complex, length: u16) -> f32 {
    turn.angle() / TAU * RATE_HZ as f32 / f32::from(length)
}

/// The power of a level in dB below a sine of full scale.
pub(super) fn power_of_db(db: f32) -> f32 {
    libm::powf(10.0, db / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oscillators_keep_their_length_through_a_long_call() {
        let mut correlator = Correlator::new([697, 1400, 2300, 3399], 40);
        for _ in 0..RATE_HZ * 300 {
            let _ = correlator.push(0);
        }
        for branch in correlator.branches {
            assert!((branch.oscillator.norm() - 1.0).abs() < 1e-4, "{branch:?}");
        }
    }
}
