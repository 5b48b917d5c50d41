//! What an installer sets: once for the receiver, and for each account.

use crate::{Edition, Key, Strictness, Window};

/// What holds for a whole receiver.
///
/// It bounds the memory: at most `links` times twice [`FRAME_MAX`](crate::FRAME_MAX) and what is handed in at once, `pending`
/// frames, and `accounts` times `repeats` contents of messages, each no longer than its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How much departure from the standard is borne.
    pub strictness: Strictness,
    /// The most connections at a time. Our choice: 1024.
    pub links: usize,
    /// The most reports that may wait to be stored. Beyond it frames are left unanswered, and the panel repeats them. Our
    /// choice: 1024.
    pub pending: usize,
    /// The most accounts that are remembered: those under supervision, and those heard within the retry span. Of an
    /// account beyond it repeats are reported again, and its silence is not noticed. Our choice: 65 536.
    pub accounts: usize,
    /// The most messages of an account that are remembered to know their repeats. Our choice: 8.
    pub repeats: usize,
    /// How many bytes a connection may bring that belong to no intact frame, since the last intact one, before it is
    /// closed. Our choice: two frames of the longest kind.
    pub noise: usize,
    /// How long a connection may live before its first intact frame, and how long a frame may wait for its answer where
    /// the answer closes the connection, in milliseconds. ioBroker waits 30 s.
    pub first_frame_ms: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            strictness: Strictness::Tolerant,
            links: 1024,
            pending: 1024,
            accounts: 65_536,
            repeats: 8,
            noise: 2 * crate::FRAME_MAX,
            first_frame_ms: 30_000,
        }
    }
}

/// What holds for an account: its key and its policy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms<'k> {
    /// The key of its encrypted messages, if it has one.
    pub key: Option<&'k Key>,
    /// A key that was handed to the panel in an answer, and that it has not used yet. The answer may be lost: so both keys
    /// open, the one that did seals the answer, and [`Output::KeyTaken`](super::Output::KeyTaken) says that this one did.
    pub offered: Option<&'k Key>,
    /// What the installer set for it.
    pub policy: Policy,
}

/// How an account is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The window for the clock of encrypted messages; `None` takes any. DC-09: 20 s ahead, 40 s behind.
    pub window: Option<Window>,
    /// The same for plain messages that carry a time. Off: panels in the field send local time, or have dead clocks.
    pub plain_window: Option<Window>,
    /// Acknowledge content that cannot be read, instead of DUH, which many panels take for a broken line.
    pub acknowledge_unread: bool,
    /// How long after a message the same number with the same content is its repeat, in milliseconds, counted from the
    /// last time it came. Our choice: 60 s. The notes of this crate establish no number; transmitters wait 1 to 5 s.
    pub retry_span_ms: u64,
    /// When its TCP connection is closed.
    pub closing: Closing,
    /// Whether a plain message of an account that has a key keeps the account alive. If not, nobody without the key can
    /// hide its silence.
    pub plain_counts: bool,
    /// When its silence is an alarm.
    pub supervision: Option<Supervision>,
    /// Which pad its encrypted answers get. Readers take either.
    pub edition: Edition,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            window: Some(Window::STANDARD),
            plain_window: None,
            acknowledge_unread: false,
            retry_span_ms: 60_000,
            closing: Closing::Idle { idle_ms: 30_000 },
            plain_counts: true,
            supervision: None,
            edition: Edition::E2013,
        }
    }
}

/// When a receiver closes a TCP connection. Some panels wait for it, some close themselves, some keep the connection
/// (2013 made closing after ACK optional).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// So long after an answer, in milliseconds; 0 for at once (2007). node-red waits 700 ms.
    Answered {
        /// How long the panel has for another frame.
        linger_ms: u64,
    },
    /// When no frame came for so long, in milliseconds. ioBroker waits 30 s.
    Idle {
        /// How long.
        idle_ms: u64,
    },
    /// Never: the panel does (Home Assistant).
    ByPanel,
}

/// How often a panel must be heard (2013, 5.5.2). The interval is the panel's; any message restarts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supervision {
    /// The panel's interval, in milliseconds: Ajax 1 min, DSC 135 s, UL 180 to 300 s, EN 50136 dual path 90 s or 890 s.
    pub interval_ms: u64,
    /// What may be added to it before the panel counts as lost.
    pub tolerance_ms: u64,
}
