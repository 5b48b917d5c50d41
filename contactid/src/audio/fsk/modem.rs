//! What a modem is, and what it sends.

use crate::audio::samples::{Oscillator, sample_of};
use crate::audio::{RATE_HZ, Volume};
use crate::line::Sound;
use crate::{Reply, cesa};

/// A modem that shifts a tone between two frequencies.
///
/// Characters have a start bit, eight data bits from the lowest up, and stop bits. The sources name the modem of SIA DC-03,
/// and not its frequencies nor who uses which band: those are what Bell 103 modems do, where the end that calls has the lower
/// band. DC-03 needs all eight bits, and how many stop bits it has is not established; one is what everybody can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Modem {
    /// The tone of a 1, and of a line at rest, in Hz.
    pub mark_hz: u16,
    /// The tone of a 0, in Hz.
    pub space_hz: u16,
    /// Bits in a second, 45 to 600.
    pub baud: u16,
    /// Stop bits that are sent; one is enough for a listener.
    pub stop_bits: u8,
}

impl Modem {
    /// Bell 103 at 300 baud, the end that calls: a panel of SIA DC-03.
    pub const BELL_103_CALLING: Self = Self { mark_hz: 1270, space_hz: 1070, baud: 300, stop_bits: 1 };
    /// Bell 103 at 300 baud, the end that answers: a receiver of SIA DC-03.
    pub const BELL_103_ANSWERING: Self = Self { mark_hz: 2225, space_hz: 2025, ..Self::BELL_103_CALLING };
    /// CESA: 200 baud, two stop bits.
    pub const CESA: Self = Self { mark_hz: cesa::MARK_HZ, space_hz: cesa::SPACE_HZ, baud: cesa::BAUD, stop_bits: 2 };

    /// The same modem at 110 baud with two stop bits, as old panels of DC-03 may be. Unverified.
    #[must_use]
    pub const fn slow(self) -> Self {
        Self { baud: 110, stop_bits: 2, ..self }
    }

    /// Bytes as samples: mark for so many ms, the bytes, and ten bits of mark.
    ///
    /// A receiver of DC-03 wants more than 12 bits of mark first, which are 40 ms at 300 baud and 110 at 110 (AN93). A baud
    /// rate of zero gives nothing.
    pub fn samples(self, bytes: &[u8], lead_ms: u32, volume: Volume) -> FskSamples<'_> {
        let lead_bits = (u64::from(lead_ms) * u64::from(self.baud)).div_ceil(1000);
        let character = 9 + u64::from(self.stop_bits.max(1));
        let bits = lead_bits + bytes.len() as u64 * character + 10;
        FskSamples {
            modem: self,
            bytes,
            lead_bits,
            character,
            left: (bits * u64::from(RATE_HZ)).checked_div(self.baud.into()).unwrap_or_default(),
            at: 0,
            amplitude: volume.amplitude(),
            oscillator: Oscillator::default(),
        }
    }

    /// The tones that answer a block of DC-03 when tones do (level 1): 600 ms of space for [`Reply::Ack`], 600 ms of mark for
    /// [`Reply::Nak`] and [`Reply::Duh`], nothing for [`Reply::Silence`], which counts as a refusal after 2.5 s. With
    /// `reverse_channel`, 180 ms of mark follow the acknowledgement (AN93). `self` is the modem of the end that answers; that
    /// it answers in its own band is unverified.
    pub fn answer(self, reply: Reply, reverse_channel: bool) -> impl Iterator<Item = Sound> {
        let (mark, space) = (self.mark_hz, self.space_hz);
        let sounds = match reply {
            Reply::Ack => [Some((space, 600)), reverse_channel.then_some((mark, 180))],
            Reply::Nak | Reply::Duh => [Some((mark, 600)), None],
            Reply::Silence => [None, None],
        };
        sounds.into_iter().flatten().map(|(hz, ms)| Sound::Tone { hz, ms })
    }
}

/// The samples of bytes, at 8 kHz.
#[derive(Clone, Debug)]
pub struct FskSamples<'a> {
    modem: Modem,
    bytes: &'a [u8],
    lead_bits: u64,
    /// Bits of a character.
    character: u64,
    left: u64,
    at: u64,
    amplitude: f32,
    oscillator: Oscillator,
}

impl FskSamples<'_> {
    /// The bit of this number, the lead counted.
    fn bit(&self, number: u64) -> bool {
        let Some(number) = number.checked_sub(self.lead_bits) else { return true };
        let byte = usize::try_from(number / self.character).ok().and_then(|place| self.bytes.get(place));
        match (byte, number % self.character) {
            (Some(_), 0) => false,
            (Some(byte), place @ 1..=8) => byte >> (place - 1) & 1 == 1,
            _ => true,
        }
    }
}

impl Iterator for FskSamples<'_> {
    type Item = i16;

    fn next(&mut self) -> Option<i16> {
        self.left = self.left.checked_sub(1)?;
        let mark = self.bit(self.at * u64::from(self.modem.baud) / u64::from(RATE_HZ));
        self.at += 1;
        let hz = if mark { self.modem.mark_hz } else { self.modem.space_hz };
        Some(sample_of(self.amplitude * self.oscillator.next(hz.into())))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.left).ok();
        (left.unwrap_or(usize::MAX), left)
    }
}
