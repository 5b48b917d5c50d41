//! A TCP connection, as the receiver sees it.

use super::Closing;
use crate::Deframer;

/// A connection and when it ends.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) deframer: Deframer,
    /// Bytes since the last intact frame that belong to none.
    bad: u64,
    /// How much noise the deframer had counted when we last looked.
    counted: u64,
    /// When it is closed.
    pub(super) due_ms: Option<u64>,
    pub(super) closing: Option<Closing>,
}

impl Line {
    /// How many bytes were no frame since the last intact one: those that the deframer passed over, and these. What came
    /// together with an intact frame is forgiven.
    pub(super) fn noise(&mut self, intact: bool, foreign: usize) -> u64 {
        let noise = self.deframer.noise();
        let fresh = if intact { 0 } else { self.bad + noise - self.counted };
        (self.bad, self.counted) = (fresh + foreign as u64, noise);
        self.bad
    }

    /// An intact frame came. Until it is answered only silence closes the connection.
    pub(super) fn heard(&mut self, now_ms: u64, closing: Closing, silence_ms: u64) {
        self.closing = Some(closing);
        self.due_ms = match closing {
            Closing::Answered { .. } => Some(now_ms.saturating_add(silence_ms)),
            Closing::Idle { idle_ms } => Some(now_ms.saturating_add(idle_ms)),
            Closing::ByPanel => None,
        };
    }

    /// An answer goes out.
    pub(super) fn answered(&mut self, now_ms: u64) {
        if let Some(Closing::Answered { linger_ms: wait_ms } | Closing::Idle { idle_ms: wait_ms }) = self.closing {
            self.due_ms = Some(now_ms.saturating_add(wait_ms));
        }
    }
}
