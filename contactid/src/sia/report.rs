//! DC-03 reports as sessions without IO: the receiver's side, which takes blocks and owes acknowledgements, and the panel's,
//! which sends them and repeats.
//!
//! ```text
//! panel                                            receiver
//!   │ # account ─────────────────────────────────▶ │ acknowledged: there is nothing to store
//!   │ N events, A text … ────────────────────────▶ │ Report: stored, then acknowledged
//!   │ 0 end of data ─────────────────────────────▶ │ acknowledged, and over
//! ```
//!
//! A block has no number. So what a panel has no answer to it sends again, and a receiver that has the same block twice in a
//! short time acknowledges it twice and reports it once. In a group only the last block asks for an answer, and a block that
//! is lost whole leaves no trace: a receiver that sees one damaged in a group refuses the last of it.
//!
//! Both sides take what happens with `handle`, and say what is to be done with `poll`, which is called until it gives `None`;
//! then they want to be called again at `deadline`. Times are milliseconds from any origin and must not go back.

mod outgoing;
mod panel;
mod receiver;

use crate::sia::Block;

pub use outgoing::Outgoing;
pub use panel::{Failure, Panel, PanelInput, PanelOptions, PanelOutput};
pub use receiver::{Ending, Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Report};

/// What a line of 300 baud carries instead of an acknowledging block (AN93, 8.1): the space or mark of the modem, held.
///
/// ```
/// use contactid::sia::report::{ModemState, Tonal};
/// assert_eq!(Tonal::AcknowledgeAndReverse.states(), [(ModemState::Space, 600), (ModemState::Mark, 180)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tonal {
    /// Space for 600 ms.
    Acknowledge,
    /// Space for 600 ms, then mark for 180 ms: the receiver has something to say.
    AcknowledgeAndReverse,
    /// Mark for 600 ms.
    Refuse,
}

/// One of the two states of a modem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModemState {
    /// The state of a 1, and of rest.
    Mark,
    /// The state of a 0.
    Space,
}

impl Tonal {
    /// The states to hold, each for so many ms.
    pub const fn states(self) -> &'static [(ModemState, u32)] {
        match self {
            Self::Acknowledge => &[(ModemState::Space, 600)],
            Self::AcknowledgeAndReverse => &[(ModemState::Space, 600), (ModemState::Mark, 180)],
            Self::Refuse => &[(ModemState::Mark, 600)],
        }
    }
}

/// How a receiver answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Answering {
    /// Blocks of header 00: `00 38 C7`, as on serial lines.
    #[default]
    Serial,
    /// Blocks of header 40: `40 38 87`, as over TCP.
    Network,
    /// Tones of a modem: [`Tonal`].
    Tonal,
    /// Tones for panels of level 1, and blocks of header 00 once a panel has said that its level is higher (`AL2` and up in
    /// a configuration block). Unverified: no text of the standard was at hand for what the levels differ in.
    ByLevel,
}

impl Answering {
    /// The block that says this; `None` if tones say it.
    fn block(self, level: Option<u8>, taken: bool) -> Option<Block<'static>> {
        match (self, taken) {
            (Self::Tonal, _) => None,
            (Self::ByLevel, _) if level.is_none_or(|level| level < 2) => None,
            (Self::Network, true) => Some(Block::NETWORK_ACKNOWLEDGEMENT),
            (Self::Network, false) => Some(Block::REFUSAL.with_flags(true, false)),
            (Self::Serial | Self::ByLevel, true) => Some(Block::ACKNOWLEDGEMENT),
            (Self::Serial | Self::ByLevel, false) => Some(Block::REFUSAL),
        }
    }
}
