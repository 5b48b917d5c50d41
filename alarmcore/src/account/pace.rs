//! `Pace`: how fast signals follow one another, kept so that "how many since the last silence?" has an exact answer for any
//! silence a policy may name, in a few bytes.

use serde::{Deserialize, Serialize};

/// The pauses between an account's signals, newest last; what a longer pause after it makes worthless is merged into that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pace(Vec<Pause>);

/// So many pauses in a row. The last of them is the longest, and so long, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pause(u32, u32);

impl Pace {
    /// The longest silence that can be asked for, in seconds: six hours. A longer pause forgets everything before it, so that
    /// an account that says little keeps nothing.
    pub const LONGEST_S: u32 = 6 * 3600;
    /// How many pauses of falling length are kept; beyond it the longest goes, and a run may be counted too short.
    const DEPTH: usize = 16;

    /// One more signal, so many milliseconds after the last.
    pub(super) fn follow(&mut self, pause_ms: i64) {
        let longest = Self::LONGEST_S * 1000;
        let pause = u32::try_from(pause_ms.max(0)).unwrap_or(u32::MAX);
        if pause >= longest {
            self.0.clear();
            return;
        }
        let mut row: u32 = 1;
        while let Some(Pause(_, merged)) = self.0.pop_if(|Pause(before, _)| *before <= pause) {
            row = row.saturating_add(merged);
        }
        if self.0.len() == Self::DEPTH {
            self.0.remove(0);
        }
        self.0.push(Pause(pause, row));
    }

    /// How many signals have come, the last one included, without a silence of so many seconds (at most
    /// [`Pace::LONGEST_S`]) between them. At least 1.
    pub fn run(&self, silence_s: u32) -> u32 {
        let silence = silence_s.min(Self::LONGEST_S) * 1000;
        let shorter = self.0.iter().rev().take_while(|Pause(longest, _)| *longest < silence);
        shorter.fold(1, |run: u32, Pause(_, row)| run.saturating_add(*row))
    }

    /// Is nothing remembered? So it is after a long silence.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
