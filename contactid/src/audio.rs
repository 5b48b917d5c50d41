//! A receiver without hardware: tones of a telephone line in samples, and back.

mod correlate;
pub mod dtmf;
pub mod fsk;
pub mod g711;
pub mod pulse;
mod runs;
mod samples;
pub mod tone;

pub use dtmf::{DtmfListener, DtmfOptions, HeardDigit};
pub use fsk::{BlockReader, FskHeard, FskListener, FskSamples, Modem};
pub use pulse::{PulseHeard, PulseListener, PulseOptions, PulseRound};
pub use samples::{Samples, Volume, samples};
pub use tone::{HeardTone, ToneListener, ToneOptions};

/// Samples in a second, of everything in this module.
pub const RATE_HZ: u32 = 8000;

/// A number of samples in ms.
const fn ms_of(samples: u64) -> u64 {
    samples * 1000 / RATE_HZ as u64
}
