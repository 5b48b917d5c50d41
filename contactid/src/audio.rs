//! A receiver without hardware: tones of a telephone line in samples, and back.
//!
//! ```text
//!             ┌─▶ DtmfListener ──▶ digits ─────────▶┐                      ┌──▶ reports
//!   samples ──┼─▶ ToneListener ──▶ handshake,       │  line::Receiver      │
//!   of the    │                    kissoff ────────▶├─ line::Transmitter ──┤
//!   line      ├─▶ PulseListener ─▶ rounds ─────────▶│                      └──▶ Sound ── samples ──▶ samples
//!             ├─▶ KeyedListener ─▶ characters ─────▶│  (Robofon)
//!             ├─▶ WarbleListener ▶ handshake ──────▶│  (CESA)
//!             └─▶ FskListener ───▶ bytes ──────────▶┘
//!                                  └── BlockReader ──▶ sia::Block ── Modem::samples ──────────▶ of the line
//! ```
//!
//! Samples are 16 bits wide and come 8000 in a second, which is what telephone networks carry; [`g711`] is the form in which
//! VoIP legs carry them. Every listener takes one sample at a time and gives what is heard with it, if anything is; none
//! allocates, and none keeps more than a few hundred numbers. They do not know of each other: run those side by side whose
//! formats may call. A setting that no listener can work with is refused ([`SettingError`]). The other way, [`samples`] makes
//! sound of what a session wants on the line.
//!
//! # A message, from the samples to the session
//!
//! ```
//! use contactid::audio::{DtmfListener, DtmfOptions, Volume, samples};
//! use contactid::cid::AdemcoReport;
//! use contactid::line::{LineMessage, Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Sound};
//! use contactid::Strictness;
//!
//! // What a panel sends behind the handshake: it is 16 digits of 50 ms and as much silence.
//! let message = AdemcoReport::parse(b"1234181131010158", Strictness::Strict)?;
//! let digits = message.digits().into_iter().map(|digit| Sound::Digit { digit, on_ms: 50, off_ms: 50 });
//! let pause = |ms| [Sound::Silence { ms }];
//! let sounds = pause(1600).into_iter().chain(digits).chain(pause(300));
//! let line = sounds.flat_map(|sound| samples(sound, Volume::default()));
//!
//! let mut receiver = Receiver::new(ReceiverOptions::default());
//! let mut ear = DtmfListener::new(DtmfOptions::default())?;
//! receiver.handle(0, ReceiverInput::Answered);
//! let mut reports = Vec::new();
//! for (n, sample) in (0u64..).zip(line) {
//!     let now_ms = n * 1000 / u64::from(contactid::audio::RATE_HZ);
//!     if let Some(heard) = ear.hear(sample) {
//!         receiver.handle(now_ms, ReceiverInput::Digit(heard.digit));
//!     }
//!     if receiver.deadline().is_some_and(|deadline| deadline <= now_ms) {
//!         receiver.handle(now_ms, ReceiverInput::Time);
//!     }
//!     while let Some(output) = receiver.poll() {
//!         // Sounds would go out to the line here, by the function `samples`.
//!         if let ReceiverOutput::Report(report) = output {
//!             reports.push(report.message);
//!         }
//!     }
//! }
//! assert_eq!(reports, [LineMessage::Ademco(message)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Limits
//!
//! Signal to noise is the power of the wanted sound against that of white noise in 4 kHz. What the sources ask for is in the
//! options of each listener, and tests hold each limit from inside and from outside, over μ-law and A-law.
//!
//! | | frequency | length | level, dB below full scale | signal to noise |
//! |---|---|---|---|---|
//! | digits | 1.5 % taken, 3.5 % refused | 40 ms taken, 23 ms refused | 0 to -40, twist 8 dB either way | 6 dB |
//! | single tones | 5 % taken, 7 % refused | 60 ms taken, 30 ms refused | 0 to -40 | 6 dB |
//! | FSK | 15 Hz and 2 % of the rate taken | 12 bits of mark first, or 1 s | 0 to -40 | 8 dB |
//! | pulses | 50 Hz taken | 10 % of the rate taken | 0 to -40 | 10 dB |
//! | keyed tone | 15 Hz and 2 % of the rate taken | | 0 to -40 | 8 dB |
//! | two tones in turn | 1 % taken | pieces of 12 to 18 ms taken, half of all of them | 0 to -40 | 8 dB |
//!
//! A voice on the line is now and then two pure tones for as long as a digit is. Nothing in the sound tells these apart; the
//! check digit of a message does.

pub mod dtmf;
pub mod fsk;
pub mod g711;
pub mod keyed;
pub mod pulse;
pub mod tone;
pub mod warble;

mod correlate;
mod framer;
mod runs;
mod samples;
mod setting;

pub use dtmf::{DtmfListener, DtmfOptions, HeardDigit};
pub use framer::Character;
pub use fsk::{BlockReader, FskHeard, FskListener, FskSamples, Modem};
pub use keyed::KeyedListener;
pub use pulse::{PulseHeard, PulseListener, PulseOptions, PulseRound};
pub use samples::{Samples, Volume, samples};
pub use setting::SettingError;
pub use tone::{HeardTone, ToneListener, ToneOptions};
pub use warble::{HeardWarble, WarbleListener};

/// Samples in a second, of everything in this module.
pub const RATE_HZ: u32 = 8000;

/// A number of samples in ms.
const fn ms_of(samples: u64) -> u64 {
    samples * 1000 / RATE_HZ as u64
}
